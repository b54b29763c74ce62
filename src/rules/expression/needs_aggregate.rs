//! `expression/needs-aggregate`

use crate::objectives::fault::Check;
use crate::rules::declare_rule;

declare_rule! {
    /// A number must stand where one is needed, and a condition where one is needed.
    ///
    /// A list of latencies is neither above nor below 150 ms: its 95th percentile is. A confusion matrix is no number either, but each of
    /// its fields is one. And a number alone demands nothing; only a comparison can be true or false.
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
    ///     expect: latency <= 150ms on holdback
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
    ///     expect: p95(latency) <= 150ms on holdback
    /// tests:
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor]}
    /// rollback: {to: production-2026-05}
    /// ```
    pub NEEDS_AGGREGATE = {
        id: "expression/needs-aggregate",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "spec/objectives.md: the types of mlspec-objectives/1",
        kinds: [Objectives],
        check: Diagnostic(Check::NeedsAggregate),
    }
}
