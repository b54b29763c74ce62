//! `security/image-mutable`

use super::images;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// An image must be named by a version or a digest, not by a tag that moves.
    ///
    /// `latest` is whatever was pushed last. The model that was tested ran in one image, the model that serves runs in another, and after a
    /// bad push nobody can say which one answered. An image without a tag is `latest`, too. Tags that move by convention are `stable`,
    /// `main`, `master`, `dev`, `nightly`, `edge` and the like, and those that begin or end with one of them, such as `latest-gpu`.
    ///
    /// A digest pins the image, whatever the tag. `security/image-no-digest` asks for one if there is a version.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// serve:
    ///   servable: true
    ///   serving_container_image: {container_image_url: "registry.contoso.com:5000/credit/serve:latest"}
    /// train:
    ///   trainable: false
    ///   training_container_image:
    ///     container_image_url: tensorflow/tensorflow
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// serve:
    ///   servable: true
    ///   serving_container_image:
    ///     container_image_url: registry.contoso.com:5000/credit/serve:2.1.0@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ```
    pub IMAGE_MUTABLE = {
        id: "security/image-mutable",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "model_packaging/model_packaging.yaml, “tensorflow:latest-gpu-py3”; README.md, “not tampered with”",
        kinds: with [Image, DockerUrl],
        check: Any(check),
    }
}

/// Tags, and first or last parts of tags, that move by convention.
const MOVING: &[&str] = &[
    "beta",
    "canary",
    "current",
    "dev",
    "devel",
    "develop",
    "edge",
    "head",
    "latest",
    "main",
    "master",
    "nightly",
    "prod",
    "production",
    "release",
    "rolling",
    "snapshot",
    "stable",
    "staging",
    "test",
    "trunk",
];

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for (node, image) in images(cx) {
        if image.digest.is_some() {
            continue;
        }
        let message = match image.tag {
            None => format!("the image {} has no tag, so 'latest' is pulled", cx.shown(node)),
            Some(tag) if is_moving(tag) => format!("the tag '{tag}' of the image {} moves", cx.shown(node)),
            Some(_) => continue,
        };
        let help = "name the version and its digest: name:version@sha256:…";
        out.push(cx.at_value(&IMAGE_MUTABLE, node, message).help(help));
    }
}

/// Whether a tag is one that moves, and does not name a version.
pub(super) fn is_moving(tag: &str) -> bool {
    let tag = tag.to_ascii_lowercase();
    let (first, last) = (tag.split(['-', '_']).next().unwrap_or(""), tag.rsplit(['-', '_']).next().unwrap_or(""));
    let always = |part: &str| matches!(part, "latest" | "nightly" | "snapshot");
    // `2.1.0-dev.20260822` and `main-3f0f3a0` are versions of their own; `latest-gpu-py3` and `1.0-SNAPSHOT` are not.
    MOVING.contains(&tag.as_str())
        || always(first) && !has_number(&tag, first)
        || last == "latest"
        || last == "snapshot"
}

/// Whether a version, a date or a commit follows the first part of a tag: `nightly-20260822`.
fn has_number(tag: &str, first: &str) -> bool {
    tag.strip_prefix(first).is_some_and(|rest| {
        rest.split(['-', '_']).any(|part| part.len() >= 6 && part.contains(|c: char| c.is_ascii_digit()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_that_move_are_told_from_versions() {
        for tag in [
            "latest",
            "Latest",
            "latest-gpu-py3",
            "stable",
            "main",
            "master",
            "nightly",
            "edge",
            "gpu-latest",
            "1.0-SNAPSHOT",
        ] {
            assert!(is_moving(tag), "{tag}");
        }
        for tag in
            ["1", "2.1.0", "v1.2-gpu", "nightly-20260822", "main-3f0f3a0", "latests", "3.11-slim", "2026-08-22", "dev1"]
        {
            assert!(!is_moving(tag), "{tag}");
        }
    }
}
