//! `split/set-not-validated`

use crate::documents::roles::ReferenceRole;
use crate::documents::{Document, Kind};
use crate::rules::{Context, Findings, Linked, declare_rule};

declare_rule! {
    /// Each set of a split should be validated.
    ///
    /// A split can go wrong in one set alone: a join that loses rows, a cast that fails for the older half. Once one of its sets was
    /// validated, the others should be, too. The debugging set needs none.
    ///
    /// ## Fails
    /// ```yaml base:credit-split,credit-validation
    /// kind: validation
    /// dataset: credit-train@1.2.0
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-split,credit-validation
    /// kind: split
    /// sets:
    ///   training: {dataset: credit-train@1.2.0}
    ///   validation: {dataset: credit-validation@1.2.0}
    ///   holdback: {dataset: credit-holdback@1.2.0}
    /// ---
    /// kind: validation
    /// dataset: credit-train@1.2.0
    /// ---
    /// kind: validation
    /// id: 0b6f3f8e-5f0b-4a0d-9a40-1c7c2e5d9a66
    /// dataset: credit-validation@1.2.0
    /// ---
    /// kind: validation
    /// id: 0b6f3f8e-5f0b-4a0d-9a40-1c7c2e5d9a67
    /// dataset: credit-holdback@1.2.0
    /// ```
    pub SET_NOT_VALIDATED = {
        id: "split/set-not-validated",
        severity: Info,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 6, “along with the results of validation for statistics of each set”",
        kinds: [Split],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some(Document::Split(split)) = cx.typed() else { return };
    let Some((sets, node)) = split.sets.located() else { return };
    if workspace.is_partial() || !workspace.has_kind(Kind::Validation) {
        return;
    }
    let is_validated = |node| {
        let own = workspace.own.references.iter().find(|reference| Some(reference.node) == node);
        own.is_none_or(|own| {
            let role = ReferenceRole::RecordedData;
            let is_unread = || {
                let name = cx.tree.text(own.node).unwrap_or("").split('@').next().unwrap_or("");
                workspace.unread_with_words(&format!("{} {name}", Kind::Validation.name())).is_some()
            };
            workspace.meaning_the_same(workspace.id, own, role, Kind::Validation).next().is_some() || is_unread()
        })
    };
    let meant = sets.iter().filter(|(name, _)| *name != "debugging");
    let (validated, missing): (Vec<_>, Vec<_>) = meant.partition(|(_, set)| is_validated(set.dataset.node()));
    if !validated.is_empty() && !missing.is_empty() {
        let missing: Vec<&str> = missing.into_iter().map(|(name, _)| name).collect();
        let message = format!("no validation is recorded of the data for {}", missing.join(", "));
        out.push(cx.at_key(&SET_NOT_VALIDATED, node, message));
    }
}
