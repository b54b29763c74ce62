//! `expression/syntax`

use crate::objectives::diagnostic::DiagnosticKind;
use crate::rules::declare_rule;

declare_rule! {
    /// An expression must follow the grammar of the objectives language.
    ///
    /// The gate decides on a deployment by these lines, and a line that cannot be read decides nothing. Metrics are compared with bounds,
    /// as in `recall >= 65% on holdback`, and comparisons are combined with `and`, `or`, `not` and `implies`. The finding says what was
    /// found in the line and what was expected instead.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall at least 65% on holdback
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback
    /// ```
    pub SYNTAX = {
        id: "expression/syntax",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "spec/objectives.md: the grammar of mlspec-objectives/1",
        kinds: [Objectives],
        check: Diagnostic(DiagnosticKind::Syntax),
    }
}
