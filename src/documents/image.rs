//! References to container images, as registries read them.

/// An image: `[registry/]repository[:tag][@digest]`, by the grammar of the distribution specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageRef<'a> {
    /// Host and port of the registry; `None` means the default of the client.
    pub registry: Option<&'a str>,
    /// The path in the registry.
    pub repository: &'a str,
    /// The tag.
    pub tag: Option<&'a str>,
    /// The digest, with its algorithm.
    pub digest: Option<&'a str>,
}

impl<'a> ImageRef<'a> {
    /// Splits a reference into its parts; `None` if it is not valid. The scheme `docker://`, which is not part of it, may precede it.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let text = text.strip_prefix("docker://").unwrap_or(text);
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (text, None),
        };
        // The first component is a host if it looks like one; otherwise it is part of the path.
        let (registry, rest) = match rest.split_once('/') {
            Some((host, path)) if host.contains(['.', ':']) || host == "localhost" || has_upper_case(host) => {
                (Some(host), path)
            }
            _ => (None, rest),
        };
        let (repository, tag) = match rest.split_once(':') {
            Some((repository, tag)) => (repository, Some(tag)),
            None => (rest, None),
        };
        let is_valid = registry.is_none_or(is_host)
            && repository.split('/').all(is_component)
            && tag.is_none_or(is_tag)
            && digest.is_none_or(is_digest);
        is_valid.then_some(Self { registry, repository, tag, digest })
    }
}

fn has_upper_case(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_uppercase())
}

fn is_host(text: &str) -> bool {
    let (name, port) = match text.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, Some(port)),
        _ => (text, None),
    };
    let is_address = name
        .strip_prefix('[')
        .and_then(|name| name.strip_suffix(']'))
        .is_some_and(|inner| !inner.is_empty() && inner.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':'));
    let is_label = |label: &str| {
        let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !label.is_empty() && label.bytes().all(is_inner) && !label.starts_with('-') && !label.ends_with('-')
    };
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    (is_address || name.split('.').all(is_label)) && port.is_none_or(is_port)
}

/// Returns whether a text is lower-case letters and digits, with a single `.`, one or two `_`, or any number of `-` between them.
fn is_component(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_separator =
        |separator: &str| matches!(separator, "" | "." | "_" | "__") || separator.bytes().all(|byte| byte == b'-');
    let edge = |byte: Option<&u8>| byte.is_some_and(|byte| is_word(*byte));
    edge(text.as_bytes().first())
        && edge(text.as_bytes().last())
        && text.split(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit()).all(is_separator)
}

fn is_tag(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.len() <= 128
        && text.as_bytes().first().is_some_and(|first| is_word(*first))
        && text.bytes().all(|byte| is_word(byte) || matches!(byte, b'.' | b'-'))
}

fn is_digest(text: &str) -> bool {
    text.split_once(':').is_some_and(|(algorithm, hex)| {
        algorithm.as_bytes().first().is_some_and(u8::is_ascii_alphabetic)
            && algorithm.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.' | b'-' | b'_'))
            && hex.len() >= 32
            && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_taken_apart_as_registries_do() {
        let digest = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        let pinned = format!("registry.contoso.com:5000/credit/fit:2.1.0@{digest}");
        for (text, registry, repository, tag, own_digest) in [
            ("python", None, "python", None, None),
            ("python:3.11", None, "python", Some("3.11"), None),
            ("codait/max-ocr:latest", None, "codait/max-ocr", Some("latest"), None),
            ("quay.io/codait/max-ocr", Some("quay.io"), "codait/max-ocr", None, None),
            ("localhost/fit", Some("localhost"), "fit", None, None),
            ("localhost:5000/fit", Some("localhost:5000"), "fit", None, None),
            ("registry:5000/fit:1", Some("registry:5000"), "fit", Some("1"), None),
            ("[2001:db8::1]:5000/fit", Some("[2001:db8::1]:5000"), "fit", None, None),
            ("docker://a/b__c.d-e:V_1", None, "a/b__c.d-e", Some("V_1"), None),
            (&pinned, Some("registry.contoso.com:5000"), "credit/fit", Some("2.1.0"), Some(digest)),
        ] {
            assert_eq!(
                ImageRef::parse(text),
                Some(ImageRef { registry, repository, tag, digest: own_digest }),
                "{text}"
            );
        }
    }

    #[test]
    fn what_no_registry_would_accept_is_no_reference() {
        for text in [
            "",
            "https://quay.io/codait/max-ocr",
            "Max-OCR",
            "codait/Max:1",
            "a//b",
            "a/-b",
            "a:",
            "a:b:c",
            "a@sha256",
            "a@sha256:12",
            "a b",
            "${IMAGE}",
            "registry.contoso.com:x/fit",
            "a..b",
            "é",
        ] {
            assert_eq!(ImageRef::parse(text), None, "{text}");
        }
    }
}
