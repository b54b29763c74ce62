//! `expression/no-direction`

use crate::objectives::fault::Check;
use crate::rules::declare_rule;

declare_rule! {
    /// Where better and worse are told apart, the metric must say which values are better.
    ///
    /// `improves`, `worsens`, `worst` and `best` mean one thing for recall and the opposite for latency. Nothing but `better` of the metric
    /// says which, and a guess would turn a floor into a ceiling. Of a value that is computed from several metrics no direction is known.
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
    /// baseline: {run: production-2026-05}
    /// metrics:
    ///   recall: {unit: fraction, range: [0, 1]}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     severity: advisory
    ///     expect: recall >= 60% on live
    ///   - id: a-step-forward
    ///     why: a change of models costs a week of work
    ///     expect: recall improves by at least 1pp vs baseline on holdback
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
    /// baseline: {run: production-2026-05}
    /// metrics:
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     severity: advisory
    ///     expect: recall >= 60% on live
    ///   - id: a-step-forward
    ///     why: a change of models costs a week of work
    ///     expect: recall improves by at least 1pp vs baseline on holdback
    /// tests:
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor]}
    /// rollback: {to: production-2026-05}
    /// ```
    pub NO_DIRECTION = {
        id: "expression/no-direction",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "spec/objectives.md: the semantics of mlspec-objectives/1",
        kinds: [Objectives],
        check: Diagnostic(Check::NoDirection),
    }
}
