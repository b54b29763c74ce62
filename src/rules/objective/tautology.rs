//! `objective/tautology`

use crate::objectives::fault::Check;
use crate::rules::declare_rule;

declare_rule! {
    /// Something must be able to violate each claim.
    ///
    /// A claim that every value satisfies looks like a gate and is none: it passes the worst candidate. What a value can be
    /// follows from the declared `range` of its metric and from how it is computed, as for `objective/impossible`. To demand only
    /// that a value is there, write `is reported`.
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
    ///   confusion_matrix: {type: object, unit: count, fields: [false_positive, true_negative]}
    /// definitions:
    ///   false_alarm_rate: confusion_matrix.false_positive / (confusion_matrix.false_positive + confusion_matrix.true_negative)
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: false-alarms
    ///     why: every false alarm costs a client who would have paid
    ///     expect: false_alarm_rate <= 100% on holdback
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
    ///     expect: precision >= 50% on holdback or precision < 60% on holdback
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
    ///   confusion_matrix: {type: object, unit: count, fields: [false_positive, true_negative]}
    /// definitions:
    ///   false_alarm_rate: confusion_matrix.false_positive / (confusion_matrix.false_positive + confusion_matrix.true_negative)
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: false-alarms
    ///     why: every false alarm costs a client who would have paid
    ///     expect: false_alarm_rate <= 18% on holdback
    ///   - id: recall-live
    ///     why: the model must keep what it promised
    ///     severity: advisory
    ///     expect: recall >= 60% on live
    /// tests:
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor]}
    /// rollback: {to: production-2026-05}
    /// ```
    pub TAUTOLOGY = {
        id: "objective/tautology",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 1, “a simple DSL that can be used to verify success/failure programmatically for automated deployment”",
        kinds: [Objectives],
        check: Diagnostic(Check::Tautology),
    }
}
