//! `security/image-no-digest`

use super::image_mutable::is_moving;
use super::images;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// An image should be pinned by its digest, in addition to its version.
    ///
    /// A tag is a name that the owner of the registry can move, by mistake or on purpose; a digest is the content itself. Only with the
    /// digest can it be proved that the image that serves a model is the one that was tested. The tag may be kept before it, for people:
    /// `name:version@sha256:…`. Registries print the digest on every push and pull.
    ///
    /// Images whose tag moves get `security/image-mutable` instead.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// serve:
    ///   servable: true
    ///   serving_container_image:
    ///     container_image_url: registry.contoso.com/credit/serve:2.1.0
    /// ```
    ///
    /// ```yaml
    /// kind: module-version
    /// mlSpecVersion: 0.1.0
    /// id: 7771c7dc-1764-4ad6-98dd-e9ec58cf935b
    /// module: e855f1ae-3c56-4645-b15d-38b0d904bab2
    /// version: 1.4.0
    /// status: Active
    /// createdUtc: 2026-06-08T13:40:00Z
    /// snapshot_id: 238f76fcde1e4f7e3682c43f9dbda6432888c734
    /// snapshot_source: docker://registry.contoso.com/credit/fit:1.4.0
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// serve:
    ///   servable: true
    ///   serving_container_image:
    ///     container_image_url: registry.contoso.com/credit/serve:2.1.0@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ```
    pub IMAGE_NO_DIGEST = {
        id: "security/image-no-digest",
        severity: Info,
        since: "0.1.0",
        fix: None,
        source: "README.md, “Prove that the model you used was (a) not tampered with”",
        kinds: with [Image, DockerUrl],
        check: Any(check),
    }
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for (node, image) in images(cx) {
        if image.digest.is_none() && image.tag.is_some_and(|tag| !is_moving(tag)) {
            let message = format!("the image {} is not pinned by a digest", cx.shown(node));
            out.push(cx.at_value(&IMAGE_NO_DIGEST, node, message).help("add the digest behind the tag: @sha256:…"));
        }
    }
}
