//! `objective/duplicate-id`

use rustc_hash::FxHashMap;

use crate::documents::Document;
use crate::documents::field::List;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// Each objective must have an id of its own.
    ///
    /// Waivers, policy tests and verdicts refer to objectives by id. If two objectives share an id, a waiver that was granted for one of
    /// them silences both, and a verdict does not say which of them failed.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-floor
    ///     why: agreed with the risk committee
    ///     expect: recall >= 60% on holdback with 95% confidence
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-with-confidence
    ///     why: agreed with the risk committee
    ///     expect: recall >= 60% on holdback with 95% confidence
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
                out.push(cx.at_value(&DUPLICATE_ID, node, message).related(span, "the first objective with this id"));
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
