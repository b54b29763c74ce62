//! `objective/impossible`

use crate::objectives::fault::Check;
use crate::rules::declare_rule;

declare_rule! {
    /// Something must be able to satisfy each claim.
    ///
    /// A claim that no value satisfies blocks every candidate, however good it is, and the first to find out is whoever wants
    /// to deploy. What a value can be follows from the declared `range` of its metric: counts are not negative, `x / (x + y)` of
    /// counts lies between 0 and 1, a mean lies where the values lie, a ratio of slices is at most 1. What cannot be told so is
    /// not reported.
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
    ///     expect: recall > 100% on holdback with at least 1000 examples
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
    ///   - id: recall-live
    ///     why: the model must keep what it promised
    ///     severity: advisory
    ///     expect: recall >= 60% on live
    /// tests:
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor]}
    /// rollback: {to: production-2026-05}
    /// ```
    pub IMPOSSIBLE = {
        id: "objective/impossible",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 1, “Detail the model outputs, possible errors and minimum success criteria in code”",
        kinds: [Objectives],
        check: Diagnostic(Check::Impossible),
    }
}
