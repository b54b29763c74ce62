//! `expression/needs-aggregate`

use crate::objectives::diagnostic::DiagnosticKind;
use crate::rules::declare_rule;

declare_rule! {
    /// A value must be one number where a number is expected, and a condition where one is expected.
    ///
    /// A list of latencies is neither above nor below 150 ms, but its 95th percentile is. A confusion matrix is not a number either, but
    /// each of its fields is. And a number alone demands nothing: only a comparison can be true or false.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// metrics:
    ///   latency: {unit: ms, type: array, better: lower}
    /// objectives:
    ///   - id: fast-enough
    ///     why: the counter waits for the answer
    ///     expect: latency <= 150ms on holdback
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// metrics:
    ///   latency: {unit: ms, type: array, better: lower}
    /// objectives:
    ///   - id: fast-enough
    ///     why: the counter waits for the answer
    ///     expect: p95(latency) <= 150ms on holdback
    /// ```
    pub NEEDS_AGGREGATE = {
        id: "expression/needs-aggregate",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "spec/objectives.md: the types of mlspec-objectives/1",
        kinds: [Objectives],
        check: Diagnostic(DiagnosticKind::NeedsAggregate),
    }
}
