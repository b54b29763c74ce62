//! `lifecycle/unknown-objective`

use rustc_hash::FxHashSet;

use crate::documents::Document;
use crate::documents::field::List;
use crate::rules::naming::is_given_later;
use crate::rules::{Context, Findings, declare_rule};
use crate::text::nearest;

declare_rule! {
    /// The objectives that a test of the gate expects to fail must be objectives of the document.
    ///
    /// A test under `tests` proves that the gate blocks what it should, and names the objectives that block it. A test that names an
    /// objective that does not exist proves nothing, and fails only when `gate --self-test` is next run.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// tests:
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-flour]}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// tests:
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor]}
    /// ```
    pub UNKNOWN_OBJECTIVE = {
        id: "lifecycle/unknown-objective",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "spec/objectives.md, `tests`: the objectives that are expected to fail",
        kinds: [Objectives],
        check: Typed(check),
    }
}

/// The maximum number of objectives whose names are compared, to bound the cost.
const MOST_COMPARED: usize = 200;

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Objectives(objectives) = document else { return };
    let ids = objectives.objectives.get().into_iter().flat_map(List::iter).map(|(_, own)| own.id.get());
    // An objective whose id cannot be read may be the one that is named.
    let Some(ids) = ids.map(|id| id.map(|id| &**id)).collect::<Option<FxHashSet<&str>>>() else { return };
    // `objective/empty-gate` reports a document without objectives.
    if ids.is_empty() {
        return;
    }
    let tests = objectives.tests.get().into_iter().flat_map(List::iter);
    for (node, id) in tests.filter_map(|(_, test)| test.fails.get()).flat_map(List::iter) {
        if ids.contains(&**id) || is_given_later(id) || cx.is_faulty(node) {
            continue;
        }
        let finding = cx.at_value(&UNKNOWN_OBJECTIVE, node, format!("there is no objective {}", cx.shown(node)));
        out.push(match nearest(id, ids.iter().copied().take(MOST_COMPARED)) {
            Some(near) => finding.help(format!("did you mean '{near}'?")),
            None => finding.help("name an objective of this document by its id"),
        });
    }
}
