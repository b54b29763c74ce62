//! `reference/unknown-container-store`

use super::{CONTAINER_STORES, check_names};
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A container registry must be defined in the model package that names it.
    ///
    /// `container_store` says where the image is pulled from, and with which credentials: both are in the entry of `container_stores` with
    /// this name. Without it a private image cannot be pulled. A file that holds only sections of a model (no `name`, no `framework`, …)
    /// may leave `container_stores` to another file of the package.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// serve:
    ///   servable: true
    ///   serving_container_image:
    ///     container_image_url: registry.contoso.com/credit/serve:1.2.0@sha256:f0d9b00be8857027d3b3cea387a14f6b13a91c588304a886e68bc224ed2b13bd
    ///     container_store: contosso
    /// container_stores:
    ///   - name: contoso
    ///     connection:
    ///       container_registry: registry.contoso.com
    ///       container_registry_token: ${CONTOSO_REGISTRY_TOKEN}
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
    /// ```
    ///
    /// ## Fix
    /// `--unsafe-fixes` replaces the name with that of a defined registry that is at most two letters away, if there is only one such.
    pub UNKNOWN_CONTAINER_STORE = {
        id: "reference/unknown-container-store",
        severity: Error,
        since: "0.1.0",
        fix: Unsafe,
        source: "model_packaging/model_packaging.md, “container_store: (Optional) container_store for the custom training image”",
        kinds: [Model],
        check: Any(check),
    }
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    check_names(&CONTAINER_STORES, &UNKNOWN_CONTAINER_STORE, cx, out);
}
