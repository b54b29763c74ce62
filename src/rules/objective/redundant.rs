//! `objective/redundant`

use crate::objectives::fault::Check;
use crate::rules::declare_rule;

declare_rule! {
    /// An objective should not follow from another one.
    ///
    /// An objective that is met whenever another one is decides nothing. Often two people set a bound at different times, and only
    /// one of them is looked at when the bound is moved: the other then starts to decide without anyone having thought of it.
    /// A required objective follows only from required ones, and none follows from one that a waiver names. `aim` and `expect` of
    /// one objective are not compared here; see `objective/aim-not-stricter`.
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
    ///   - id: recall-minimum
    ///     why: agreed with the risk committee
    ///     expect: recall >= 60% on holdback
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
    ///   - id: recall-with-confidence
    ///     why: agreed with the risk committee
    ///     expect: recall >= 60% on holdback with 95% confidence
    ///   - id: recall-live
    ///     why: the model must keep what it promised
    ///     severity: advisory
    ///     expect: recall >= 60% on live
    /// tests:
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor]}
    /// rollback: {to: production-2026-05}
    /// ```
    pub REDUNDANT = {
        id: "objective/redundant",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 1, “Detail the model outputs, possible errors and minimum success criteria in code”",
        kinds: [Objectives],
        check: Diagnostic(Check::Redundant),
    }
}
