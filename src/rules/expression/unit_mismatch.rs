//! `expression/unit-mismatch`

use crate::objectives::diagnostic::DiagnosticKind;
use crate::rules::declare_rule;

declare_rule! {
    /// Only numbers that measure the same quantity can be compared or added.
    ///
    /// A time is neither more nor less than an amount of data. If units do not fit, either the metric or its declared unit is wrong, and a
    /// gate that compared the bare numbers would decide by chance.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// metrics:
    ///   latency: {unit: ms, type: array, better: lower}
    /// objectives:
    ///   - id: fast-enough
    ///     why: the counter waits for the answer
    ///     expect: p95(latency) <= 2GB on holdback
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// metrics:
    ///   latency: {unit: ms, type: array, better: lower}
    /// objectives:
    ///   - id: fast-enough
    ///     why: the counter waits for the answer
    ///     expect: p95(latency) <= 2s on holdback
    /// ```
    pub UNIT_MISMATCH = {
        id: "expression/unit-mismatch",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "spec/objectives.md: the units of mlspec-objectives/1",
        kinds: [Objectives],
        check: Diagnostic(DiagnosticKind::UnitMismatch),
    }
}
