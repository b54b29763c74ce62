//! `expression/percent-or-fraction`

use crate::objectives::diagnostic::DiagnosticKind;
use crate::rules::declare_rule;

declare_rule! {
    /// A fraction must be compared with a fraction, or with a number that has a percent sign.
    ///
    /// A metric between 0 and 1 is never 92. `recall >= 92` fails every candidate, `recall <= 92` none, and both look right to a reviewer
    /// who thinks of 92%. The rule reports a number above 1 and up to 100 that is compared with a metric whose declared `range` lies within
    /// 0 and 1, or that has no range and the unit `fraction`, `probability` or `percent`. A share that is computed, such as `x / (x + y)`
    /// of counts, is treated the same.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65 on holdback with at least 1000 examples
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    /// ```
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 0.65 on holdback with at least 1000 examples
    /// ```
    ///
    /// ## Fix
    /// `--unsafe-fixes` adds the percent sign to the number, and `pp` to the amount of a change. Review it: the bound may have another
    /// meaning.
    pub PERCENT_OR_FRACTION = {
        id: "expression/percent-or-fraction",
        severity: Error,
        since: "0.1.0",
        fix: Unsafe,
        source: "README.md, step 1, “Detail the model outputs, possible errors and minimum success criteria in code”",
        kinds: [Objectives],
        check: Diagnostic(DiagnosticKind::PercentOrFraction),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::judged::{fixed, places};

    const ID: &str = "expression/percent-or-fraction";

    #[test]
    fn percentages_are_found_in_every_style_and_mended() {
        for (expect, place, mended) in [
            ("recall >= 92 on holdback", "92", "recall >= 92% on holdback"),
            ("'recall >= 92'", "92", "'recall >= 92%'"),
            ("\"recall >= 92.5\"", "92.5", "\"recall >= 92.5%\""),
            (">-\n      recall >= 92\n      on holdback", "92", ">-\n      recall >= 92%\n      on holdback"),
            ("recall between 80 and 92", "80 and 92", "recall between 80% and 92%"),
            ("recall drops by at most 2 vs baseline", "2", "recall drops by at most 2pp vs baseline"),
            (
                "confusion.tp / (confusion.tp + confusion.fn) >= 60",
                "60",
                "confusion.tp / (confusion.tp + confusion.fn) >= 60%",
            ),
            ("worst(recall across sex) >= 60", "60", "worst(recall across sex) >= 60%"),
        ] {
            assert_eq!(places(ID, expect), [place], "{expect}");
            assert_eq!(fixed(ID, expect), [mended], "{expect}");
        }
    }

    #[test]
    fn numbers_that_may_be_meant_are_left_alone() {
        for expect in [
            "recall >= 92%",
            "recall >= 1",
            "recall >= 920",
            "error_rate <= 5",
            "perplexity <= 20",
            "mcc >= 92",
            "log_likelihood >= 2",
            "confusion.tp >= 92",
            "count(latency) >= 92",
            "mean(latency) <= 92",
        ] {
            assert_eq!(places(ID, expect), [""; 0], "{expect}");
        }
    }
}
