//! `objective/contradiction`

use crate::objectives::fault::Check;
use crate::rules::declare_rule;

declare_rule! {
    /// Some value must satisfy all required objectives together.
    ///
    /// Two required objectives that exclude each other block every candidate: whichever one is met, the other is not. The same
    /// goes for the parts of one `and`. Compared are claims about the same value on the same data, slices, window and level of
    /// confidence; anything else is left alone. An advisory objective contradicts nothing, since it never fails the gate.
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
    /// metrics:
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: too-good
    ///     why: a model that finds nearly all has seen the answers
    ///     expect: recall between 40% and 60% on holdback
    ///   - id: recall-live
    ///     why: the model must keep what it promised
    ///     severity: advisory
    ///     expect: recall >= 60% on live
    /// tests:
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor]}
    /// rollback: {to: production-2026-05}
    /// ```
    ///
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
    /// metrics:
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    ///   precision: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: precise
    ///     why: every false alarm costs a client who would have paid
    ///     expect: precision >= 70% on holdback and precision < 60% on holdback
    ///   - id: recall-live
    ///     why: the model must keep what it promised
    ///     severity: advisory
    ///     expect: recall >= 60% on live
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
    /// metrics:
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: too-good
    ///     why: a model that finds nearly all has seen the answers
    ///     expect: recall between 40% and 95% on holdback
    ///   - id: recall-live
    ///     why: the model must keep what it promised
    ///     severity: advisory
    ///     expect: recall >= 60% on live
    /// tests:
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor]}
    /// rollback: {to: production-2026-05}
    /// ```
    pub CONTRADICTION = {
        id: "objective/contradiction",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 1, “a simple DSL that can be used to verify success/failure programmatically for automated deployment”",
        kinds: [Objectives],
        check: Diagnostic(Check::Contradiction),
    }
}
