//! `objective/no-sample-size`

use rustc_hash::FxHashSet;

use crate::documents::Document;
use crate::objectives::hir::{Condition, DefinitionId, Value, ValueKind};
use crate::objectives::policy::Policy;
use crate::rules::expression::at;
use crate::rules::{Context, Findings, declare_rule};
use crate::text::Span;

declare_rule! {
    /// An objective about slices should say how many examples a slice needs.
    ///
    /// In a slice of seven people, one more error is fourteen percentage points. Without a minimum number of examples, such slices block
    /// good models by chance, or make a group that hardly occurs in the data look well served. `with at least 100 examples` makes a smaller
    /// slice unknown; `ignoring slices under 100 examples` leaves it out and lists it.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// dimensions:
    ///   age_group: {values: [under-30, 30-to-60, over-60]}
    /// objectives:
    ///   - id: works-for-all-ages
    ///     why: fair lending policy, section 2
    ///     expect: for each slice of age_group, recall >= 55% on holdback
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// dimensions:
    ///   age_group: {values: [under-30, 30-to-60, over-60]}
    /// objectives:
    ///   - id: works-for-all-ages
    ///     why: fair lending policy, section 2
    ///     expect: for each slice of age_group with at least 500 examples, recall >= 55% on holdback
    /// ```
    pub NO_SAMPLE_SIZE = {
        id: "objective/no-sample-size",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 8: evaluation on slices of the data",
        kinds: [Objectives],
        check: Typed(check),
    }
}

const MESSAGE: &str = "these slices have no minimum number of examples";
const HELP: &str = "add `with at least 100 examples` or `ignoring slices under 100 examples`";

fn check(_: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(policy) = cx.policy() else { return };
    let mut seen = FxHashSet::default();
    for (_, demand) in policy.demands() {
        let Some(condition) = &demand.condition else { continue };
        let values = condition.claims().into_iter().filter(|claim| claim.examples.is_none());
        let mut spans: Vec<Span> = Vec::new();
        spans.extend(unlimited(condition));
        for value in values.flat_map(|claim| claim.values()) {
            spans.extend(compared(value));
            for id in definitions(value, policy, &mut seen) {
                let Some(definition) = policy.definitions.get(id) else { continue };
                let compared = definition.value.iter().flat_map(compared);
                let finding = |span| at(&NO_SAMPLE_SIZE, definition.node, span, cx, MESSAGE).help(HELP);
                out.extend(compared.map(finding));
            }
        }
        out.extend(spans.into_iter().map(|span| at(&NO_SAMPLE_SIZE, demand.node, span, cx, MESSAGE).help(HELP)));
    }
}

/// Returns the slices of `for each slice`, if neither they nor all claims say how many examples are needed.
fn unlimited(condition: &Condition) -> Option<Span> {
    let slices = condition.for_each.as_ref()?;
    let says = slices.sample.is_some() || condition.claims().iter().all(|claim| claim.examples.is_some());
    (!says).then_some(slices.span)
}

/// Returns the slices that a value compares without saying how many examples they need.
fn compared(value: &Value) -> Vec<Span> {
    let parts = value.parts().into_iter().filter_map(|part| match &part.kind {
        ValueKind::Across(across) if across.slices.sample.is_none() => Some(across.slices.span),
        _ => None,
    });
    parts.collect()
}

/// Returns the definitions that a value uses, directly or through others, except those in `seen`.
fn definitions(value: &Value, policy: &Policy, seen: &mut FxHashSet<DefinitionId>) -> Vec<DefinitionId> {
    let mut found = Vec::new();
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        for part in value.parts() {
            if let ValueKind::Definition(id) = part.kind
                && seen.insert(id)
            {
                found.push(id);
                open.extend(policy.definitions.get(id).and_then(|definition| definition.value.as_ref()));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::{assert_expecting, changed};
    use crate::rules::testing::assert_found;

    #[test]
    fn a_claim_may_say_it_too() {
        let slices = "for each slice of sex";
        for (expect, expected) in [
            (format!("{slices}, recall >= 1% on live"), Some(slices)),
            (format!("{slices}, recall >= 1% on live with at least 50 examples"), None),
            (format!("{slices} by race ignoring slices under 50 examples, recall >= 1% on live"), None),
            ("worst(recall across sex) >= 1% on live".to_owned(), Some("sex")),
            ("worst(recall across sex) >= 1% on live with at least 50 examples".to_owned(), None),
        ] {
            let found: Vec<_> = expected.into_iter().map(|place| ("objective/no-sample-size", place)).collect();
            assert_expecting(&format!("\"{expect}\""), &found);
        }
    }

    #[test]
    fn a_definition_is_found_once_where_it_stands() {
        let text = changed(&[
            ("objectives:\n", "definitions: {gap: difference(recall across sex)}\nobjectives:\n"),
            ("recall >= 60% on live", "gap <= 5pp on live and gap >= 1pp on live"),
        ]);
        assert_found(&text, &[("objective/no-sample-size", "sex")]);
        assert_found(
            &text
                .replace("on live and", "on live with at least 9 examples and")
                .replace("1pp on live", "1pp on live with at least 9 examples"),
            &[],
        );
    }
}
