//! `expression/unknown-function`

use crate::objectives::fault::Check;
use crate::rules::declare_rule;

declare_rule! {
    /// A function in an objective must be one of the language.
    ///
    /// There are `min`, `max`, `mean`, `median`, `sum`, `count`, `std`, `first`, `last` and `abs`, percentiles such as `p95`, and `ratio`,
    /// `difference`, `worst` and `best` across slices. There are no others, and none can be added: a gate must mean the same everywhere.
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
    ///     expect: avg(latency) <= 150ms on holdback
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
    ///     expect: mean(latency) <= 150ms on holdback
    /// tests:
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor]}
    /// rollback: {to: production-2026-05}
    /// ```
    ///
    /// ## Fix
    /// `--unsafe-fixes` writes the function whose name is nearest, where one is near.
    pub UNKNOWN_FUNCTION = {
        id: "expression/unknown-function",
        severity: Error,
        since: "0.1.0",
        fix: Unsafe,
        source: "spec/objectives.md: the semantics of mlspec-objectives/1",
        kinds: [Objectives],
        check: Diagnostic(Check::UnknownFunction),
    }
}
