//! `expression/no-direction`

use crate::objectives::diagnostic::DiagnosticKind;
use crate::rules::declare_rule;

declare_rule! {
    /// A metric must declare which values are better if an expression distinguishes better from worse.
    ///
    /// `improves`, `worsens`, `worst` and `best` mean one thing for recall and the opposite for latency. Only `better` of the metric says
    /// which, and a wrong guess would turn a floor into a ceiling. A value that is computed from several metrics has no direction.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// baseline: {run: production-2026-05}
    /// metrics:
    ///   recall: {unit: fraction, range: [0, 1]}
    /// objectives:
    ///   - id: a-step-forward
    ///     why: a change of models costs a week of work
    ///     expect: recall improves by at least 1pp vs baseline on holdback
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// baseline: {run: production-2026-05}
    /// metrics:
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: a-step-forward
    ///     why: a change of models costs a week of work
    ///     expect: recall improves by at least 1pp vs baseline on holdback
    /// ```
    pub NO_DIRECTION = {
        id: "expression/no-direction",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "spec/objectives.md: the semantics of mlspec-objectives/1",
        kinds: [Objectives],
        check: Diagnostic(DiagnosticKind::NoDirection),
    }
}
