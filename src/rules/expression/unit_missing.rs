//! `expression/unit-missing`

use crate::objectives::fault::Check;
use crate::rules::declare_rule;

declare_rule! {
    /// A number that is compared with a time or an amount of data should have its unit.
    ///
    /// A bare number takes the unit that the metric is declared with. When that changes from `ms` to `s`, the same line demands a thousand
    /// times less, and no reviewer of either change sees it. With its unit the line means what it says.
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
    ///   latency: {unit: ms, type: array, better: lower}
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     severity: advisory
    ///     expect: recall >= 60% on live
    ///   - id: fast-enough
    ///     why: the counter waits for the answer
    ///     expect: p95(latency) <= 150 on holdback
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
    ///   latency: {unit: ms, type: array, better: lower}
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     severity: advisory
    ///     expect: recall >= 60% on live
    ///   - id: fast-enough
    ///     why: the counter waits for the answer
    ///     expect: p95(latency) <= 150ms on holdback
    /// tests:
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor]}
    /// rollback: {to: production-2026-05}
    /// ```
    ///
    /// ## Fix
    /// `--unsafe-fixes` writes the unit of the metric behind the number.
    pub UNIT_MISSING = {
        id: "expression/unit-missing",
        severity: Info,
        since: "0.1.0",
        fix: Unsafe,
        source: "spec/objectives.md: the units of mlspec-objectives/1",
        kinds: [Objectives],
        check: Diagnostic(Check::UnitMissing),
    }
}

#[cfg(test)]
mod tests {
    use crate::findings::Applicability;
    use crate::fix::fix_text;
    use crate::lint::Options;
    use crate::rules::objective::testing::{assert_expecting, expecting};
    use crate::rules::testing::assert_found;

    #[test]
    fn a_unit_is_written_where_it_belongs_to_the_whole_number() {
        for (bound, mended) in [("150", "<= 150ms on"), ("300 / 2", "<= 300 / 2 on"), ("1e2", "<= 1e2ms on")] {
            let text = expecting(&format!("p95(latency) <= {bound} on holdback"));
            let fixed = fix_text("a.yml", &text, &Options::default(), Applicability::Unsafe);
            assert_found(&text, &[("expression/unit-missing", bound)]);
            assert!(fixed.text.contains(mended), "{}", fixed.text);
        }
    }

    #[test]
    fn fractions_and_counts_need_no_unit() {
        assert_expecting("precision >= 0.4 on holdback", &[]);
        assert_expecting("count(latency) >= 100 on holdback", &[]);
    }
}
