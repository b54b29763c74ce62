//! `expression/bad-amount`

use crate::objectives::diagnostic::DiagnosticKind;
use crate::rules::declare_rule;

declare_rule! {
    /// An amount of change must not be negative, nor 0 where it limits a change.
    ///
    /// The word before an amount gives its direction: `drops by at most 2pp` is a floor, `rises by at least 2pp` a demand. A minus sign
    /// contradicts that word, and readers disagree on what is allowed. `within 0pp` and `changes by at most 0%` leave no margin for
    /// measured numbers.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// baseline: {run: production-2026-05}
    /// objectives:
    ///   - id: no-step-back
    ///     why: a new model must not find fewer defaults than the one it replaces
    ///     expect: recall drops by at most -2pp vs baseline on holdback
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// baseline: {run: production-2026-05}
    /// objectives:
    ///   - id: no-step-back
    ///     why: a new model must not find fewer defaults than the one it replaces
    ///     expect: recall drops by at most 2pp vs baseline on holdback
    /// ```
    pub BAD_AMOUNT = {
        id: "expression/bad-amount",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "spec/objectives.md: the semantics of mlspec-objectives/1",
        kinds: [Objectives],
        check: Diagnostic(DiagnosticKind::BadAmount),
    }
}
