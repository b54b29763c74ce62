//! `objective/aim-not-stricter`

use crate::objectives::diagnostic::DiagnosticKind;
use crate::rules::declare_rule;

declare_rule! {
    /// `aim` must demand more than `expect`.
    ///
    /// `aim` is judged once `expect` is met, and only causes a warning. An aim that holds whenever `expect` does never warns, and one that
    /// allows values that `expect` refuses says that less would be better. Usually the two have been swapped. The rule compares claims
    /// about the same value on the same data, slices, period and confidence.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///     aim: recall >= 60% on holdback with at least 1000 examples
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///     aim: recall >= 70% on holdback with at least 1000 examples
    /// ```
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///     aim: recall >= 65% on holdback with 95% confidence
    /// ```
    pub AIM_NOT_STRICTER = {
        id: "objective/aim-not-stricter",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "spec/objectives.md, `aim`: “A stricter condition.”",
        kinds: [Objectives],
        check: Diagnostic(DiagnosticKind::AimNotStricter),
    }
}
