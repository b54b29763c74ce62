//! `expression/unit-missing`

use crate::objectives::diagnostic::DiagnosticKind;
use crate::rules::declare_rule;

declare_rule! {
    /// A number that is compared with a time or an amount of data should have a unit.
    ///
    /// A number without a unit takes the unit that is declared for the metric. When that changes from `ms` to `s`, the same line allows a
    /// thousand times more, and no reviewer of either change sees it. With a unit the line means what it says.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// metrics:
    ///   latency: {unit: ms, type: array, better: lower}
    /// objectives:
    ///   - id: fast-enough
    ///     why: the counter waits for the answer
    ///     expect: p95(latency) <= 150 on holdback
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// metrics:
    ///   latency: {unit: ms, type: array, better: lower}
    /// objectives:
    ///   - id: fast-enough
    ///     why: the counter waits for the answer
    ///     expect: p95(latency) <= 150ms on holdback
    /// ```
    ///
    /// ## Fix
    /// `--unsafe-fixes` adds the unit of the metric to the number.
    pub UNIT_MISSING = {
        id: "expression/unit-missing",
        severity: Info,
        since: "0.1.0",
        fix: Unsafe,
        source: "spec/objectives.md: the units of mlspec-objectives/1",
        kinds: [Objectives],
        check: Diagnostic(DiagnosticKind::UnitMissing),
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::Options;
    use crate::analysis::fix_text;
    use crate::diagnostics::Applicability;
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
