//! `security/invalid-image`

use super::image_texts;
use crate::documents::image::ImageRef;
use crate::rules::naming::is_given_later;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// The name of an image must be one that a registry accepts.
    ///
    /// An image is `[registry/]repository[:tag][@digest]`. The repository is in lower case, a digest has all of its digits, and there is
    /// nothing else around them: no `https://`, no space, no `as builder`. Anything else is refused when the image is pulled, on the day of
    /// the deployment.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// serve:
    ///   servable: true
    ///   serving_container_image:
    ///     container_image_url: registry.contoso.com/Credit/serve:2.1.0
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
    pub INVALID_IMAGE = {
        id: "security/invalid-image",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "model_packaging/model_serving.yaml, container_image_url; the distribution specification of the OCI, “Pulling manifests”",
        kinds: with [Image, DockerUrl],
        check: Any(check),
    }
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for (node, text) in image_texts(cx) {
        // A tool may fill in the name before it pulls the image.
        if is_given_later(text) || cx.is_faulty(node) || ImageRef::parse(text).is_some() {
            continue;
        }
        let problem = problem(text);
        let finding =
            cx.at_value(&INVALID_IMAGE, node, format!("{} is not the name of an image: {problem}", cx.shown(node)));
        out.push(finding.help("write [registry/]repository[:tag][@sha256:…]"));
    }
}

/// Describes what is wrong with the name of an image.
fn problem(text: &str) -> String {
    let text = text.strip_prefix("docker://").unwrap_or(text);
    if let Some(space) = text.chars().find(|c| c.is_whitespace() || c.is_control()) {
        let what =
            if space == ' ' { "a space".to_owned() } else { format!("the character U+{:04X}", u32::from(space)) };
        return format!("there is {what} in it");
    }
    if let Some((scheme, _)) = text.split_once("://") {
        return format!("it begins with '{scheme}://'");
    }
    let (name, digest) = text.split_once('@').map_or((text, None), |(name, digest)| (name, Some(digest)));
    let (path, tag) = match name.rsplit_once(':') {
        Some((path, tag)) if !tag.contains('/') => (path, Some(tag)),
        _ => (name, None),
    };
    let repository = path.split_once('/').filter(|(host, _)| host.contains(['.', ':'])).map_or(path, |(_, rest)| rest);
    let is_usual = |c: &char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-' | '/');
    if let Some(upper) = repository.chars().find(|c| c.is_uppercase()) {
        format!("the repository is in lower case, and '{upper}' is not")
    } else if let Some(odd) = repository.chars().find(|c| !is_usual(c)) {
        format!("there is a '{}' in the repository", odd.escape_debug())
    } else if repository.is_empty() {
        "the repository is missing".to_owned()
    } else if tag.is_some_and(str::is_empty) {
        "nothing follows the ':'".to_owned()
    } else if digest.is_some_and(str::is_empty) {
        "nothing follows the '@'".to_owned()
    } else if let Some(digest) = digest.filter(|_| ImageRef::parse(name).is_some()) {
        match digest.split_once(':') {
            Some(("sha256", digits)) => format!("the digest has {} digits, and must have 64", digits.chars().count()),
            _ => "the digest is not of the form sha256:…".to_owned(),
        }
    } else if let Some(tag) = tag.filter(|_| ImageRef::parse(path).is_some()) {
        format!(
            "the tag '{}' has more than letters, digits, '.', '_' and '-', or more than 128 of them",
            tag.escape_debug()
        )
    } else {
        "each part of the repository begins and ends with a letter or digit".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::problem;

    #[test]
    fn what_is_wrong_is_named() {
        for (text, expected) in [
            ("Contoso/serve:1", "the repository is in lower case, and 'C' is not"),
            ("a/b:1 as builder", "there is a space in it"),
            ("a/b\u{a0}", "there is the character U+00A0 in it"),
            ("https://quay.io/a/b", "it begins with 'https://'"),
            ("a/b@sha256:6efc", "the digest has 4 digits, and must have 64"),
            ("a/b@md5", "the digest is not of the form sha256:…"),
            ("localhost:5000/a@", "nothing follows the '@'"),
            ("a/b:", "nothing follows the ':'"),
            ("a//b", "each part of the repository begins and ends with a letter or digit"),
        ] {
            assert_eq!(problem(text), expected, "{text}");
        }
    }
}
