//! `security/secret-in-url`

use super::{REFER, in_url};
use crate::rules::{Context, Findings, declare_rule};
use crate::secrets::find;

declare_rule! {
    /// A URL must not contain a credential.
    ///
    /// A URL is copied into logs, error messages, browser histories and run records by every tool that handles it, and its credentials with
    /// it: `user:password@`, `?access_token=…`, or the signature of a shared link (`sig=`, `X-Amz-Signature=`), which opens the data to
    /// whoever has the text until it expires.
    ///
    /// Placeholders and references are not reported, as in `security/plaintext-secret`. No report shows the credential.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans-2026-08
    /// state: Active
    /// version: 1.0.0
    /// location: "https://reader:tulip-7-basalt@data.contoso.com/loans/2026-08.csv"
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ```
    ///
    /// ```yaml
    /// kind: metadata
    /// mlSpecVersion: 0.1.0
    /// dataset:
    ///   - name: loans-2026-08
    ///   - source: https://data.contoso.com/loans/2026-08.csv?access_token=9f3c1a77d0b24e58
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans-2026-08
    /// state: Active
    /// version: 1.0.0
    /// location: https://${LAKE_USER}:${LAKE_PASSWORD}@data.contoso.com/loans/2026-08.csv
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ```
    pub SECRET_IN_URL = {
        id: "security/secret-in-url",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "data/datastore.md: a datastore holds the connection, a datapath only names it; RFC 3986, section 3.2.1",
        kinds: [],
        check: Any(check),
    }
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if !cx.may_hold_secret() {
        return;
    }
    for (node, text) in cx.strings() {
        let Some(found) = find(text).into_iter().find(|found| found.in_url) else { continue };
        if in_url(text).is_none() {
            let message = format!("the URL under '{}' carries {}", cx.key_name(node), found.what);
            out.push(cx.at_value(&SECRET_IN_URL, node, message).help(REFER));
        }
    }
}
