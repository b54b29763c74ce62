//! `history/archived-changed`

use crate::rules::{ComparedDocument, Context, Findings, declare_rule};

declare_rule! {
    /// An archived dataset must stay as it was archived.
    ///
    /// An archived version is kept so that what was done with it can be explained. Nobody looks at it again, so nobody notices a change of
    /// it. Its state may change: a dataset version can be reactivated.
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
    /// description: Loans.
    /// ```
    /// ```yaml after
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Archived
    /// version: 1.0.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// description: Loans of August.
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
    /// state: Archived
    /// version: 1.0.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// description: The loans of August, without those that were withdrawn.
    /// ```
    pub ARCHIVED_CHANGED = {
        id: "history/archived-changed",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "data/dataset.md, “No further actions can be performed on archived Dataset versions”",
        kinds: [Dataset],
        check: History(check),
    }
}

fn check(cx: &Context<'_>, compared: &ComparedDocument<'_, '_>, out: &mut Findings<'_>) {
    if !compared.changed().is_some_and(|old| old.is_archived() && compared.linked.own.is_archived()) {
        return;
    }
    let is_frozen = |name: &str| !matches!(name, "mlSpecVersion" | "kind" | "state" | "isDeprecated");
    for (name, difference) in compared.differences(cx, is_frozen) {
        let message = format!("{name} changed, but the dataset is archived");
        let help = "restore it; to change the dataset, reactivate it, or add a new version";
        out.push(compared.at(&ARCHIVED_CHANGED, cx, difference, message).help(help));
    }
}
