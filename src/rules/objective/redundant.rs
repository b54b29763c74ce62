//! `objective/redundant`

use crate::objectives::diagnostic::DiagnosticKind;
use crate::rules::declare_rule;

declare_rule! {
    /// An objective should not follow from another one.
    ///
    /// An objective that is met whenever another one is met decides nothing. Often two people set a bound at different times, and only one
    /// of them is adjusted later: then the other starts to decide, which nobody intended. A required objective follows only from required
    /// ones, and none follows from one that has a waiver. The rule does not compare `aim` and `expect` of one objective; see
    /// `objective/aim-not-stricter`.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: recall-minimum
    ///     why: agreed with the risk committee
    ///     expect: recall >= 60% on holdback
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: recall-with-confidence
    ///     why: agreed with the risk committee
    ///     expect: recall >= 60% on holdback with 95% confidence
    /// ```
    pub REDUNDANT = {
        id: "objective/redundant",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 1, “Detail the model outputs, possible errors and minimum success criteria in code”",
        kinds: [Objectives],
        check: Diagnostic(DiagnosticKind::Redundant),
    }
}
