//! `objective/impossible`

use crate::objectives::diagnostic::DiagnosticKind;
use crate::rules::declare_rule;

declare_rule! {
    /// It must be possible to satisfy each claim.
    ///
    /// A claim that no value satisfies blocks every candidate, however good it is, and whoever wants to deploy is the first to find out.
    /// The possible values follow from the declared `range` of the metric and from how a value is computed: counts are not negative, `x /
    /// (x + y)` of counts lies between 0 and 1, a mean lies where the values lie, and a ratio of slices is at most 1. Of a
    /// quotient by 0, nothing is true. A claim is not
    /// reported unless this proves it impossible.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall > 100% on holdback with at least 1000 examples
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    /// ```
    pub IMPOSSIBLE = {
        id: "objective/impossible",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 1, “Detail the model outputs, possible errors and minimum success criteria in code”",
        kinds: [Objectives],
        check: Diagnostic(DiagnosticKind::Impossible),
    }
}
