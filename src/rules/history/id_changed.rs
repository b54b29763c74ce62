//! `history/id-changed`

use super::is_other_id;
use crate::rules::compared::relate;
use crate::rules::{ComparedDocument, Context, Findings, declare_rule};

declare_rule! {
    /// The id of an object must never change.
    ///
    /// All that refers to the object by its id, here or in a registry that knows the documents, loses it: a run its dataset, an artifact its
    /// run. An object is recognized in another revision by its id; this one stands in the same file, with the same name and version, under
    /// another id, and the former id is gone.
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
    /// id: 5b1d1f2e-9c7a-4e0d-8f63-2a7c9e4b6d35
    /// name: loans
    /// state: Active
    /// version: 1.0.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// ```
    ///
    /// ## Passes
    /// A new name is no new object:
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
    /// name: loans-2026-08
    /// state: Active
    /// version: 1.0.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// ```
    pub ID_CHANGED = {
        id: "history/id-changed",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "common/object.md, “Id”: unique and immutable",
        kinds: [],
        check: History(check),
    }
}

fn check(cx: &Context<'_>, compared: &ComparedDocument<'_, '_>, out: &mut Findings<'_>) {
    let own = compared.linked.own;
    let (None, Some(id), Some(node)) = (compared.before, own.id(), own.object.id) else { return };
    let Some(old) = compared.revision.namesake_in_file(own) else { return };
    let Some(former) =
        old.id().filter(|former| is_other_id(former, id) && compared.linked.may_hold(old) == Some(false))
    else {
        return;
    };
    let label = compared.revision.label();
    let message = format!("the id of the {} '{}' was '{former}' in {label}", own.kind.name(), own.label());
    let finding = cx.at_value(&ID_CHANGED, node, message);
    let finding =
        finding.help("restore the id; for another object, use a file and name of its own, and archive this one");
    out.push(relate(finding, old, old.object.id, format!("what it was in {label}")));
}
