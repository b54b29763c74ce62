//! `objective/vacuous-or`

use crate::objectives::diagnostic::DiagnosticKind;
use crate::rules::declare_rule;

declare_rule! {
    /// No branch of `or` must always be true.
    ///
    /// If one branch of `or` is always true, the others decide nothing, and the whole condition passes every candidate. The same is true of
    /// `implies` with a premise that is never true, or with a conclusion that always is. The possible values are determined as for
    /// `objective/impossible`.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// metrics:
    ///   precision: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: useful
    ///     why: one of the two must be good
    ///     expect: recall >= 80% on holdback or precision >= 0% on holdback
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// metrics:
    ///   precision: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: useful
    ///     why: one of the two must be good
    ///     expect: recall >= 80% on holdback or precision >= 70% on holdback
    /// ```
    pub VACUOUS_OR = {
        id: "objective/vacuous-or",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 1, “a simple DSL that can be used to verify success/failure programmatically for automated deployment”",
        kinds: [Objectives],
        check: Diagnostic(DiagnosticKind::VacuousOr),
    }
}
