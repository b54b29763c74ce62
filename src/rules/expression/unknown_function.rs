//! `expression/unknown-function`

use crate::objectives::diagnostic::DiagnosticKind;
use crate::rules::declare_rule;

declare_rule! {
    /// A function in an expression must be one of the objectives language.
    ///
    /// The functions are `min`, `max`, `mean`, `median`, `sum`, `count`, `std`, `first`, `last` and `abs`, percentiles such as `p95`, and
    /// `ratio`, `difference`, `worst` and `best` across slices. There are no others, and none can be added: a gate must mean the same
    /// everywhere.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// metrics:
    ///   latency: {unit: ms, type: array, better: lower}
    /// objectives:
    ///   - id: fast-enough
    ///     why: the counter waits for the answer
    ///     expect: avg(latency) <= 150ms on holdback
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// metrics:
    ///   latency: {unit: ms, type: array, better: lower}
    /// objectives:
    ///   - id: fast-enough
    ///     why: the counter waits for the answer
    ///     expect: mean(latency) <= 150ms on holdback
    /// ```
    ///
    /// ## Fix
    /// `--unsafe-fixes` writes the function whose name is most similar, if one is similar enough.
    pub UNKNOWN_FUNCTION = {
        id: "expression/unknown-function",
        severity: Error,
        since: "0.1.0",
        fix: Unsafe,
        source: "spec/objectives.md: the semantics of mlspec-objectives/1",
        kinds: [Objectives],
        check: Diagnostic(DiagnosticKind::UnknownFunction),
    }
}
