//! `history/reactivated`

use crate::rules::compared::relate;
use crate::rules::{ComparedDocument, Context, Findings, declare_rule};

declare_rule! {
    /// An object that is active again should be looked at.
    ///
    /// To reactivate an archived object is allowed. There was a reason to archive it, which whoever reviews the change may know and its
    /// author may not: a consent that was withdrawn, a fault in the data.
    ///
    /// ## Fails
    /// ```yaml before
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Archived
    /// version: 1.0.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// ```
    /// ```yaml after
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Active
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
    pub REACTIVATED = {
        id: "history/reactivated",
        severity: Info,
        since: "0.1.0",
        fix: None,
        source: "data/dataset.md, “Dataset versions can be reactivated”",
        kinds: [],
        check: History(check),
    }
}

fn check(cx: &Context<'_>, compared: &ComparedDocument<'_, '_>, out: &mut Findings<'_>) {
    let own = compared.linked.own;
    let Some(old) = compared.changed().filter(|old| old.is_archived() && !own.is_archived()) else { return };
    let label = compared.revision.label();
    let message = format!("the {} '{}' is active again: it was archived in {label}", own.kind.name(), own.label());
    let finding = cx.at_key(&REACTIVATED, own.object.status_node.unwrap_or(cx.root), message);
    out.push(relate(finding, old, old.object.status_node, format!("what it was in {label}")));
}
