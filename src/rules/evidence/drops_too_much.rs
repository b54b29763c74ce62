//! `evidence/drops-too-much`

use rustc_hash::FxHashSet;

use crate::objectives::evaluate::SlicesReview;
use crate::rules::expression::at;
use crate::rules::{Context, Findings, declare_rule};
use crate::rules::{Linked, Reviewed};

declare_rule! {
    /// The slices that an objective ignores as too small should not add up to much of the data.
    ///
    /// `ignoring slices under 1000 examples` is meant for a few outliers. If the data falls into many small slices, the same words exclude
    /// a tenth of it or more, and the objective does not notice how the model treats those people. The rule reports an objective that
    /// ignores slices with more than 10% of all examples of the newest measurement. The number of all examples is that of the record for
    /// the whole data or that of all slices together, whichever is larger.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch,credit-test
    /// objectives:
    ///   - id: same-for-all
    ///     why: fair lending policy, section 2
    ///     expect: for each slice of region ignoring slices under 1000 examples, recall >= 60% on holdback
    /// ---
    /// kind: test
    /// metrics:
    ///   - {key: recall, value: 0.7208, count: 4800}
    ///   - {key: recall, value: 0.72, count: 2400, slice: {region: north}}
    ///   - {key: recall, value: 0.73, count: 1500, slice: {region: south}}
    ///   - {key: recall, value: 0.71, count: 500, slice: {region: east}}
    ///   - {key: recall, value: 0.7, count: 400, slice: {region: west}}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch,credit-test
    /// objectives:
    ///   - id: same-for-all
    ///     why: fair lending policy, section 2
    ///     expect: for each slice of region ignoring slices under 100 examples, recall >= 60% on holdback
    /// ---
    /// kind: test
    /// metrics:
    ///   - {key: recall, value: 0.7208, count: 4800}
    ///   - {key: recall, value: 0.72, count: 2400, slice: {region: north}}
    ///   - {key: recall, value: 0.73, count: 2340, slice: {region: south}}
    ///   - {key: recall, value: 0.5, count: 60, slice: {region: abroad}}
    /// ```
    pub DROPS_TOO_MUCH = {
        id: "evidence/drops-too-much",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 8: evaluation on slices of the data",
        kinds: [Objectives],
        check: Evidence(check),
    }
}

/// The largest percentage of the examples that may be ignored.
const MOST_PERCENT: u128 = 10;

fn check((policy, review): Reviewed<'_, '_>, cx: &Context<'_>, _: &Linked<'_>, out: &mut Findings<'_>) {
    // A definition is reported once, regardless of how many objectives use it.
    let mut reported = FxHashSet::default();
    for (_, demand) in policy.demands() {
        let Some(condition) = &demand.condition else { continue };
        for slices in review.for_each(condition).into_iter().chain(review.across(condition)) {
            let Some(sample) = slices.slices.sample.as_ref().filter(|_| is_too_much(&slices)) else { continue };
            let definition = slices.definition.and_then(|id| policy.definitions.get(id));
            let node = definition.map_or(demand.node, |definition| definition.node);
            if !reported.insert((node, sample.span)) {
                continue;
            }
            let SlicesReview { left_out, examples_left_out, examples, .. } = slices;
            let message =
                format!("this ignores {left_out} slices that hold {examples_left_out} of {examples} examples");
            let help = "merge small slices, or lower the limit, so that nearly all of the data is judged";
            out.push(at(&DROPS_TOO_MUCH, node, sample.span, cx, message).help(help));
        }
    }
}

fn is_too_much(slices: &SlicesReview<'_>) -> bool {
    u128::from(slices.examples_left_out) * 100 > u128::from(slices.examples) * MOST_PERCENT
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::{changed, tested};
    use crate::rules::testing::found;

    #[track_caller]
    fn assert_dropped(expect: &str, records: &str, expected: &[&str]) {
        let expect = format!("expect: {expect}");
        let text = changed(&[("expect: recall >= 65% on holdback with at least 1000 examples", &expect)]);
        let found = found(&(text + &tested(records)));
        let own = found.iter().filter(|(rule, ..)| *rule == "evidence/drops-too-much");
        assert_eq!(own.map(|(_, place, _)| place.as_str()).collect::<Vec<_>>(), expected, "{found:#?}");
    }

    fn sliced(all: u64, slices: &[u64]) -> String {
        let of_slice = |(number, count): (usize, &u64)| {
            format!("  - {{key: recall, value: 0.9, count: {count}, slice: {{region: r{number}}}}}\n")
        };
        format!(
            "  - {{key: recall, value: 0.9, count: {all}}}\n{}",
            slices.iter().enumerate().map(of_slice).collect::<String>()
        )
    }

    #[test]
    fn a_tenth_may_be_left_out_and_no_more() {
        const EACH: &str = "for each slice of region ignoring slices under 100 examples, recall >= 50% on holdback";
        const WORDS: &str = "ignoring slices under 100 examples";
        assert_dropped(EACH, &sliced(1000, &[900, 99]), &[]);
        assert_dropped(EACH, &sliced(900, &[801, 99]), &[WORDS]);
        // The rest of the data has no region.
        assert_dropped(EACH, &sliced(2000, &[801, 99]), &[]);
        assert_dropped(&EACH.replace("ignoring slices under", "with at least"), &sliced(900, &[801, 99]), &[]);
    }

    #[test]
    fn slices_within_a_value_are_looked_at_too() {
        let across = "difference(recall across region ignoring slices under 100 examples) <= 50pp on holdback";
        assert_dropped(across, &sliced(900, &[400, 300, 99, 98]), &["ignoring slices under 100 examples"]);
        assert_dropped(across, &sliced(900, &[400, 300, 50]), &[]);
    }
}
