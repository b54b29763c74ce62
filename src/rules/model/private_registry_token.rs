//! `model/private-registry-token`

use crate::documents::Document;
use crate::documents::field::List;
use crate::rules::naming::is_given_later;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A private container registry should come with a reference to its token.
    ///
    /// Without a token a platform cannot pull the image: the pod waits in `ImagePullBackOff` long after everybody has gone home. Public
    /// registries (`docker.io`, `quay.io`, `ghcr.io`, …) need no token, and neither does a registry on the machine itself. Write a
    /// reference such as `${CONTOSO_REGISTRY_TOKEN}`, not the token.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// serve:
    ///   servable: true
    ///   serving_container_image:
    ///     container_image_url: registry.contoso.com/credit/serve:1.2.0@sha256:f0d9b00be8857027d3b3cea387a14f6b13a91c588304a886e68bc224ed2b13bd
    ///     container_store: contoso
    /// container_stores:
    ///   - name: contoso
    ///     connection:
    ///       container_registry: registry.contoso.com
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// serve:
    ///   servable: true
    ///   serving_container_image:
    ///     container_image_url: registry.contoso.com/credit/serve:1.2.0@sha256:f0d9b00be8857027d3b3cea387a14f6b13a91c588304a886e68bc224ed2b13bd
    ///     container_store: contoso
    /// container_stores:
    ///   - name: contoso
    ///     connection:
    ///       container_registry: registry.contoso.com
    ///       container_registry_token: ${CONTOSO_REGISTRY_TOKEN}
    ///   - {name: hub, connection: {container_registry: docker.io}}
    /// ```
    pub PRIVATE_REGISTRY_TOKEN = {
        id: "model/private-registry-token",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "model_packaging/model_packaging.md, “container_registry_token: (Required if container registry is private)”",
        kinds: [Model],
        check: Typed(check),
    }
}

/// Public registries.
const PUBLIC: &[&str] = &[
    "docker.io",
    "docker.com",
    "quay.io",
    "ghcr.io",
    "gcr.io",
    "k8s.io",
    "icr.io",
    "lscr.io",
    "nvcr.io",
    "mcr.microsoft.com",
    "public.ecr.aws",
    "registry.gitlab.com",
    "registry.access.redhat.com",
    "docker.elastic.co",
];

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Model(model) = document else { return };
    for (_, store) in model.container_stores.get().into_iter().flat_map(List::iter) {
        let Some(connection) = store.connection.get() else { continue };
        let Some((registry, node)) = connection.container_registry.located() else { continue };
        let has_token = connection.container_registry_token.get().is_some_and(|token| !token.is_empty());
        if has_token || is_given_later(registry) || cx.is_faulty(node) || !is_private(registry) {
            continue;
        }
        let message = format!("{} is not a public registry, and there is no container_registry_token", cx.shown(node));
        let help = "refer to the token, such as ${REGISTRY_TOKEN}; do not write the token itself";
        out.push(cx.at_value(&PRIVATE_REGISTRY_TOKEN, node, message).help(help));
    }
}

/// Whether the host of a registry is neither public nor the machine itself.
fn is_private(registry: &str) -> bool {
    let host = registry.split_once("://").map_or(registry, |(_, rest)| rest);
    let host = host.split(['/', ':']).next().unwrap_or("").to_ascii_lowercase();
    let is_public = |public: &&str| {
        host.strip_suffix(*public).is_some_and(|subdomain| subdomain.is_empty() || subdomain.ends_with('.'))
    };
    // A host name without a dot is at most a name of the local network.
    host.contains('.') && !host.starts_with("127.") && !PUBLIC.iter().any(is_public)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registries_are_private_unless_they_are_known_to_be_public() {
        for registry in ["registry.contoso.com", "https://contoso.azurecr.io/v2", "mydocker.io", "10.0.0.7:5000"] {
            assert!(is_private(registry), "{registry}");
        }
        for registry in
            ["docker.io", "https://index.docker.io/v1/", "Quay.io", "eu.gcr.io", "localhost:5000", "127.0.0.1:5000", ""]
        {
            assert!(!is_private(registry), "{registry}");
        }
    }
}
