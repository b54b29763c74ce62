//! `objective/duplicate-id`

use rustc_hash::FxHashMap;

use crate::documents::Document;
use crate::documents::field::List;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// Each objective must have an id of its own.
    ///
    /// Waivers, policy tests and verdicts name objectives by their ids. If two have one id, a waiver that was granted for one of them silences
    /// both, and a verdict does not say which of them failed.
    ///
    /// ## Fails
    /// ```yaml
    /// mlSpecVersion: 0.1.0
    /// kind: objectives
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: credit-default-launch
    /// model: credit-default
    /// owner: risk-ml@contoso.com
    /// datasets:
    ///   holdback: {dataset: credit-holdback@1.0.0, stage: test}
    ///   live: {stage: monitoring}
    /// metrics:
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-floor
    ///     why: a fall in production shows that the applicants have changed
    ///     severity: advisory
    ///     expect: recall >= 60% on live
    /// tests:
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor]}
    /// rollback: {to: production-2026-05}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// mlSpecVersion: 0.1.0
    /// kind: objectives
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: credit-default-launch
    /// model: credit-default
    /// owner: risk-ml@contoso.com
    /// datasets:
    ///   holdback: {dataset: credit-holdback@1.0.0, stage: test}
    ///   live: {stage: monitoring}
    /// metrics:
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     severity: advisory
    ///     expect: recall >= 60% on live
    /// tests:
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor]}
    /// rollback: {to: production-2026-05}
    /// ```
    pub DUPLICATE_ID = {
        id: "objective/duplicate-id",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "spec/objectives.md: the semantics of mlspec-objectives/1",
        kinds: [Objectives],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Objectives(document) = document else { return };
    let mut seen = FxHashMap::default();
    for (_, objective) in document.objectives.get().map(List::iter).into_iter().flatten() {
        let Some((id, node)) = objective.id.located() else { continue };
        match seen.get(&**id) {
            None => drop(seen.insert(&**id, node)),
            Some(first) => {
                let message = format!("another objective has the id {}", cx.shown(node));
                let span = cx.tree.span(cx.tree.resolve(*first));
                out.push(cx.at_value(&DUPLICATE_ID, node, message).related(span, "the other one"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::changed;
    use crate::rules::testing::found as found_in;

    #[test]
    fn every_other_one_is_found() {
        let more = "  - {id: recall-floor, why: x, severity: advisory, expect: recall >= 1% on live}\n";
        let text = changed(&[("tests:", &format!("{more}{more}tests:"))]);
        let found = [("objective/duplicate-id", "recall-floor"), ("objective/duplicate-id", "recall-floor")];
        let found_here: Vec<_> =
            found_in(&text).into_iter().filter(|(rule, ..)| *rule == "objective/duplicate-id").collect();
        let short: Vec<_> = found_here.iter().map(|(rule, place, _)| (*rule, place.as_str())).collect();
        assert_eq!(short, found);
    }
}
