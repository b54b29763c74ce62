//! `expression/unit-mismatch`

use crate::objectives::fault::Check;
use crate::rules::declare_rule;

declare_rule! {
    /// Only numbers that measure the same thing can be compared or added.
    ///
    /// A time is neither more nor less than an amount of data. Where units do not fit, either the wrong metric is meant or its unit is
    /// declared wrongly; a gate that compared the bare numbers would decide by chance.
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
    ///   latency: {unit: ms, type: array, better: lower}
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     severity: advisory
    ///     expect: recall >= 60% on live
    ///   - id: fast-enough
    ///     why: the counter waits for the answer
    ///     expect: p95(latency) <= 2GB on holdback
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
    ///   latency: {unit: ms, type: array, better: lower}
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     severity: advisory
    ///     expect: recall >= 60% on live
    ///   - id: fast-enough
    ///     why: the counter waits for the answer
    ///     expect: p95(latency) <= 2s on holdback
    /// tests:
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor]}
    /// rollback: {to: production-2026-05}
    /// ```
    pub UNIT_MISMATCH = {
        id: "expression/unit-mismatch",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "spec/objectives.md: the units of mlspec-objectives/1",
        kinds: [Objectives],
        check: Diagnostic(Check::UnitMismatch),
    }
}
