//! `history/name-taken-early`

use crate::rules::compared::relate;
use crate::rules::{ComparedDocument, Context, Findings, declare_rule};

declare_rule! {
    /// A name must be free before another object gets it.
    ///
    /// Whoever resolved the name at that revision got one of two objects, and nothing says which. A later change has archived or renamed
    /// the one that had it, so that the documents are right again, but what was done in between has to be looked at. Archive an object
    /// before, or together with, giving its name to another.
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
    /// ---
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 5b1d1f2e-9c7a-4e0d-8f63-2a7c9e4b6d35
    /// name: loans
    /// state: Active
    /// version: 1.0.0
    /// location: s3://credit-default/2026/09/loans.csv
    /// ```
    /// ```yaml after
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Archived
    /// version: 1.0.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// ---
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 5b1d1f2e-9c7a-4e0d-8f63-2a7c9e4b6d35
    /// name: loans
    /// state: Active
    /// version: 1.0.0
    /// location: s3://credit-default/2026/09/loans.csv
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
    /// ---
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 5b1d1f2e-9c7a-4e0d-8f63-2a7c9e4b6d35
    /// name: loans
    /// state: Active
    /// version: 1.0.1
    /// location: s3://credit-default/2026/09/loans.csv
    /// ```
    pub NAME_TAKEN_EARLY = {
        id: "history/name-taken-early",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "common/object.md, Name: “unique … at any moment”",
        kinds: [],
        check: History(check),
    }
}

fn check(cx: &Context<'_>, compared: &ComparedDocument<'_, '_>, out: &mut Findings<'_>) {
    let linked = compared.linked;
    let (Some(old), Some(node)) = (compared.before, linked.own.object.name) else { return };
    if linked.own.is_archived() {
        return;
    }
    let label = compared.revision.label();
    for other in compared.revision.namesakes(old) {
        let now = other.id().into_iter().flat_map(|id| linked.with_id(id)).filter_map(|id| linked.member(id));
        let Some(now) = now.filter(|now| now.kind == other.kind).find(|now| !now.is(linked.own)) else { continue };
        let what = match now.is_archived() {
            true => "archived",
            false if now.name() != other.name() => "renamed",
            false => continue,
        };
        let (kind, name) = (other.kind.name(), cx.shown(node));
        let message = format!("in {label}, {name} was also the name of another {kind}, which is {what} only now");
        let finding = cx.at_key(&NAME_TAKEN_EARLY, node, message);
        let finding = finding
            .help("look at what was done with the name meanwhile; archive an object before its name is used again");
        out.push(relate(finding, other, other.object.name, format!("the other {kind} in {label}")));
    }
}
