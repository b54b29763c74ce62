//! `objective/sensitive-dimension-unused`

use crate::documents::Document;
use crate::objectives::names_used::NamesUsed;
use crate::rules::objective::fully_read;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// Each sensitive dimension should be covered by an objective.
    ///
    /// Declaring a dimension as sensitive says that people must not be treated differently along it. A mean over everybody does not show
    /// whether they are; only an objective for each slice of the dimension, or one that compares its slices, does.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// dimensions:
    ///   age_group: {values: [under-30, 30-to-60, over-60], sensitive: true}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// dimensions:
    ///   age_group: {values: [under-30, 30-to-60, over-60], sensitive: true}
    /// objectives:
    ///   - id: same-for-all-ages
    ///     why: fair lending policy, section 2
    ///     expect: difference(recall across age_group with at least 500 examples) <= 8pp on holdback
    /// ```
    pub SENSITIVE_DIMENSION_UNUSED = {
        id: "objective/sensitive-dimension-unused",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 8: evaluation on slices of the data",
        kinds: [Objectives],
        check: Typed(check),
    }
}

fn check(_: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(policy) = fully_read(cx) else { return };
    if !policy.dimensions.iter().any(|dimension| dimension.is_sensitive) {
        return;
    }
    let uses = NamesUsed::of(policy.demands().filter_map(|(_, demand)| demand.expression.as_ref()), policy);
    let is_unused = |name: &str| !uses.dimensions.contains(name);
    for dimension in policy.dimensions.iter().filter(|own| own.is_sensitive && is_unused(&own.name)) {
        let message = format!("'{}' is sensitive, and no objective looks at its slices", dimension.name);
        let help = format!("add an objective `for each slice of {}`, or one that compares them", dimension.name);
        out.push(cx.at_key(&SENSITIVE_DIMENSION_UNUSED, dimension.node, message).help(help));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::changed;
    use crate::rules::testing::assert_found;

    #[test]
    fn intersections_and_definitions_look_at_it_too() {
        let dimensions = "dimensions: {sex: {sensitive: true}, race: {sensitive: true}, region: {}}\n";
        let gap = "definitions: {gap: difference(recall across sex by race with at least 100 examples)}\nobjectives:\n";
        assert_found(
            &changed(&[("objectives:\n", &format!("{dimensions}objectives:\n"))]),
            &[("objective/sensitive-dimension-unused", "sex"), ("objective/sensitive-dimension-unused", "race")],
        );
        let text = changed(&[
            ("objectives:\n", &format!("{dimensions}{gap}")),
            ("recall >= 60% on live", "recall >= 60% on live and gap <= 5pp on live"),
        ]);
        assert_found(&text, &[]);
    }
}
