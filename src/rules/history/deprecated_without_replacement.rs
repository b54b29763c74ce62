//! `history/deprecated-without-replacement`

use crate::documents::common::Status;
use crate::rules::compared::relate;
use crate::rules::{ComparedDocument, Context, Findings, declare_rule};

declare_rule! {
    /// A dataset that becomes deprecated should name its replacement.
    ///
    /// Now is the moment at which somebody knows what replaces the dataset. Whoever uses it gets a warning from now on, and wants to know
    /// what to use instead.
    ///
    /// ## Fails
    /// ```yaml before
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Active
    /// version: 1.0.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// ```
    /// ```yaml after
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Deprecated
    /// version: 1.0.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// ```
    ///
    /// ## Passes
    /// ```yaml before
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Active
    /// version: 1.0.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// ```
    /// ```yaml after
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Deprecated
    /// version: 1.0.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// replacedBy: loans@2.0.0
    /// ```
    pub DEPRECATED_WITHOUT_REPLACEMENT = {
        id: "history/deprecated-without-replacement",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "data/dataset.md, “usage is no longer recommended and a replacement available”",
        kinds: [Dataset],
        check: History(check),
    }
}

fn check(cx: &Context<'_>, compared: &ComparedDocument<'_, '_>, out: &mut Findings<'_>) {
    let own = compared.linked.own;
    let is_now = own.object.status == Some(Status::Deprecated) && !own.has("replacedBy");
    let Some(old) = compared.changed().filter(|old| is_now && !old.is_archived()) else { return };
    if old.object.status == Some(Status::Deprecated) {
        return;
    }
    let label = compared.revision.label();
    let message = "the dataset becomes deprecated, but nothing says what replaces it";
    let finding = cx.at_key(&DEPRECATED_WITHOUT_REPLACEMENT, own.object.status_node.unwrap_or(cx.root), message);
    let finding = finding.help("name the dataset to use instead in replacedBy, as name@version");
    out.push(relate(finding, old, old.object.status_node, format!("what it was in {label}")));
}
