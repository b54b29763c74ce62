//! `history/waiver-extended`

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use crate::documents::Document;
use crate::documents::field::List;
use crate::documents::objectives::Objectives;
use crate::rules::compared::relate;
use crate::rules::{ComparedDocument, Context, Findings, declare_rule};
use crate::workspace::day;
use crate::yaml::{NodeId, Tree};

declare_rule! {
    /// A waiver should end when it was said to end.
    ///
    /// A waiver is a decision for a limited time. If its end is moved each time that it comes near, the objective is not enforced at all,
    /// and nobody ever decided that. A new end needs a new decision: by whom, and why, stands beside it.
    ///
    /// ## Fails
    /// ```yaml before
    /// kind: objectives
    /// mlSpecVersion: 0.1.0
    /// id: 13185d5d-e34f-4d49-bc06-eaf198377340
    /// name: card-launch
    /// model: card-default
    /// owner: risk-ml@contoso.com
    /// datasets:
    ///   holdback: {dataset: card-holdback@1.0.0, stage: test}
    ///   live: {stage: monitoring}
    /// metrics:
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     expect: recall >= 60% on live
    /// waivers:
    ///   - objective: recall-live
    ///     until: 2027-03-31
    ///     by: jane@contoso.com
    ///     reason: there is no live traffic before the move
    /// rollback: {to: card-production-2026-04}
    /// ```
    /// ```yaml after
    /// kind: objectives
    /// mlSpecVersion: 0.1.0
    /// id: 13185d5d-e34f-4d49-bc06-eaf198377340
    /// name: card-launch
    /// model: card-default
    /// owner: risk-ml@contoso.com
    /// datasets:
    ///   holdback: {dataset: card-holdback@1.0.0, stage: test}
    ///   live: {stage: monitoring}
    /// metrics:
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     expect: recall >= 60% on live
    /// waivers:
    ///   - objective: recall-live
    ///     until: 2027-09-30
    ///     by: jane@contoso.com
    ///     reason: there is no live traffic before the move
    /// rollback: {to: card-production-2026-04}
    /// ```
    ///
    /// ## Passes
    /// ```yaml before
    /// kind: objectives
    /// mlSpecVersion: 0.1.0
    /// id: 13185d5d-e34f-4d49-bc06-eaf198377340
    /// name: card-launch
    /// model: card-default
    /// owner: risk-ml@contoso.com
    /// datasets:
    ///   holdback: {dataset: card-holdback@1.0.0, stage: test}
    ///   live: {stage: monitoring}
    /// metrics:
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     expect: recall >= 60% on live
    /// waivers:
    ///   - objective: recall-live
    ///     until: 2027-03-31
    ///     by: jane@contoso.com
    ///     reason: there is no live traffic before the move
    /// rollback: {to: card-production-2026-04}
    /// ```
    /// ```yaml after
    /// kind: objectives
    /// mlSpecVersion: 0.1.0
    /// id: 13185d5d-e34f-4d49-bc06-eaf198377340
    /// name: card-launch
    /// model: card-default
    /// owner: risk-ml@contoso.com
    /// datasets:
    ///   holdback: {dataset: card-holdback@1.0.0, stage: test}
    ///   live: {stage: monitoring}
    /// metrics:
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     expect: recall >= 60% on live
    /// waivers:
    ///   - objective: recall-live
    ///     until: 2027-01-31
    ///     by: jane@contoso.com
    ///     reason: there is no live traffic before the move
    /// rollback: {to: card-production-2026-04}
    /// ```
    pub WAIVER_EXTENDED = {
        id: "history/waiver-extended",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 1: codified objectives; governance",
        kinds: [Objectives],
        check: History(check),
    }
}

fn check(cx: &Context<'_>, compared: &ComparedDocument<'_, '_>, out: &mut Findings<'_>) {
    let (Some(old), Some(Document::Objectives(now))) = (compared.changed(), cx.typed()) else { return };
    let Some(Document::Objectives(before)) = old.typed() else { return };
    let label = compared.revision.label();
    let mut ends: FxHashMap<&str, (Date, NodeId)> = FxHashMap::default();
    for (objective, end, node) in waivers(before, &old.tree) {
        let known = ends.entry(objective).or_insert((end, node));
        if end > known.0 {
            *known = (end, node);
        }
    }
    for (objective, end, node) in waivers(now, cx.tree) {
        let Some((former, before)) = ends.get(objective).filter(|(former, _)| end > *former) else { continue };
        let message = format!("the waiver of objective '{objective}' is extended from {former} to {end}");
        let finding = cx.at_key(&WAIVER_EXTENDED, node, message);
        let finding = finding.help("meet the objective, or let its owner decide again and say why");
        out.push(relate(finding, old, Some(*before), format!("its end in {label}")));
    }
}

/// Returns the objective of each waiver, its last day, and the node of that.
fn waivers<'a>(document: &'a Objectives, tree: &'a Tree) -> impl Iterator<Item = (&'a str, Date, NodeId)> {
    let all = document.waivers.get().into_iter().flat_map(List::iter);
    all.filter_map(|(_, waiver)| {
        let node = waiver.until.node()?;
        Some((&**waiver.objective.get()?, day(tree.text(node)?)?, node))
    })
}
