//! `security/insecure-url`

use std::net::IpAddr;

use super::is_command;
use crate::diagnostics::Fix;
use crate::rules::document::is_value_of_data;
use crate::rules::{Bytes, Context, Findings, declare_rule};
use crate::text::Words;
use crate::yaml::{NodeId, edit};

declare_rule! {
    /// A URL of another machine should be `https`, not `http`.
    ///
    /// Over plain HTTP anyone on the network path can read the data, and replace it: other training data, another model, another script,
    /// and nothing shows it. A digest would, but most downloads have none.
    ///
    /// The rule checks values that are a URL, and commands; not comments, licenses or descriptions. Addresses of your own machine or
    /// network are accepted: `localhost`, private addresses, names without a dot, and names that end in `.local`, `.internal` or `.svc`.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans-2026-08
    /// state: Active
    /// version: 1.0.0
    /// location: http://data.contoso.com/loans/2026-08.csv
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ```
    ///
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   fetch: {cmd: "curl -O http://data.contoso.com/loans/2026-08.csv"}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// # http://data.contoso.com moved in 2024
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans-2026-08
    /// state: Active
    /// version: 1.0.0
    /// location: https://data.contoso.com/loans/2026-08.csv
    /// preview: http://localhost:8888/loans.html
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ```
    ///
    /// ## Fix
    /// `--unsafe-fixes` writes `https`; check that the server answers there.
    pub INSECURE_URL = {
        id: "security/insecure-url",
        severity: Warning,
        since: "0.1.0",
        fix: Unsafe,
        source: "the library's datastore schema, endpoint: a URI; README.md, “not tampered with”",
        kinds: [],
        check: Any(check),
    }
}

const SCHEME: &str = "http://";

/// A filter: most documents have no such URL.
static HTTP: Words = Words::new(&[SCHEME]);

/// Hosts whose `http` URLs are names of vocabularies, which nobody fetches.
const VOCABULARIES: &[&str] = &["json-schema.org", "purl.org", "schema.org", "www.w3.org", "xmlns.com"];

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if !cx.may_have(&HTTP) {
        return;
    }
    for (node, text) in cx.strings_with(Bytes::COLON) {
        let is_url = text.starts_with(SCHEME) && !text.contains(char::is_whitespace);
        if !(is_url || is_command(cx, node))
            || cx.is_faulty(node)
            || is_value_of_data(cx, node)
            || matches!(cx.key_name(node), "license" | "description")
        {
            continue;
        }
        let mut hosts = text.match_indices(SCHEME).map(|(at, _)| host(text.get(at + SCHEME.len()..).unwrap_or("")));
        let Some(host) = hosts.find(|host| is_elsewhere(host)) else { continue };
        let message = format!("{host} is contacted over plain HTTP, which anyone on the way can read and change");
        out.push(
            cx.at_value(&INSECURE_URL, node, message).help("use https").fix(fix(cx, node, text).filter(|_| is_url)),
        );
    }
}

fn fix(cx: &Context<'_>, node: NodeId, url: &str) -> Option<Fix> {
    let secure = format!("https://{}", url.strip_prefix(SCHEME)?);
    Some(Fix::needs_review("use https", edit::replace_scalar(cx.tree, node, &secure)?))
}

/// Returns the host at the start of what follows a scheme.
fn host(rest: &str) -> &str {
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\'' | ')' | ';'));
    let authority = rest.get(..end.unwrap_or(rest.len())).unwrap_or("");
    let host = authority.rsplit('@').next().unwrap_or(authority);
    match host.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        Some((address, _)) => address,
        None => host.split(':').next().unwrap_or(host),
    }
}

/// Whether a host is neither this machine nor in the local network, judging by its name.
fn is_elsewhere(host: &str) -> bool {
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => {
            !(address.is_loopback() || address.is_private() || address.is_link_local() || address.is_unspecified())
        }
        Ok(IpAddr::V6(address)) => {
            !(address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local())
        }
        Err(_) => {
            const OWN: &[&str] =
                &[".home.arpa", ".internal", ".lan", ".local", ".localdomain", ".localhost", ".svc", ".test"];
            let host = host.trim_end_matches('.').to_ascii_lowercase();
            let is_name = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
            let has_dot = host.split('.').filter(|label| !label.is_empty()).count() >= 2;
            is_name && has_dot && !OWN.iter().any(|own| host.ends_with(own)) && !VOCABULARIES.contains(&host.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_the_own_network_are_told_from_others() {
        for url in
            ["example.com", "data.contoso.com:8080/x", "user@data.contoso.com?q", "8.8.8.8/", "[2001:4860::8888]:80"]
        {
            assert!(is_elsewhere(host(url)), "{url}");
        }
        for url in [
            "localhost:9000",
            "127.0.0.1",
            "10.1.2.3:80/x",
            "192.168.1.4",
            "[::1]:80",
            "minio:9000/bucket",
            "minio.ml.svc:9000",
            "mlflow.ml.svc.cluster.local",
            "vm.internal",
            "${HOST}.contoso.com",
            "<host>",
            "...",
            "",
        ] {
            assert!(!is_elsewhere(host(url)), "{url}");
        }
    }
}
