//! `objective/contradiction`

use crate::objectives::diagnostic::DiagnosticKind;
use crate::rules::declare_rule;

declare_rule! {
    /// It must be possible to meet all required objectives at once.
    ///
    /// Two required objectives that exclude each other block every candidate: whichever one is met, the other is not. The same is true of
    /// the parts of one `and`. The rule compares claims about the same value on the same data, slices, period and confidence, and no
    /// others. An advisory objective contradicts nothing, since it never fails the gate.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: too-good
    ///     why: a model that finds nearly all has seen the answers
    ///     expect: recall between 40% and 60% on holdback
    /// ```
    /// ```yaml base:credit-launch
    /// metrics:
    ///   precision: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: precise
    ///     why: every false alarm costs a client who would have paid
    ///     expect: precision >= 70% on holdback and precision < 60% on holdback
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: too-good
    ///     why: a model that finds nearly all has seen the answers
    ///     expect: recall between 40% and 95% on holdback
    /// ```
    pub CONTRADICTION = {
        id: "objective/contradiction",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 1, “a simple DSL that can be used to verify success/failure programmatically for automated deployment”",
        kinds: [Objectives],
        check: Diagnostic(DiagnosticKind::Contradiction),
    }
}
