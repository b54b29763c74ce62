//! `expression/too-large`

use crate::objectives::diagnostic::DiagnosticKind;
use crate::rules::declare_rule;

declare_rule! {
    /// An expression must be within the limits of the objectives language.
    ///
    /// Reviewers sign these lines, and the gate evaluates them for every candidate. Nobody reads an expression of more than 16 KiB, 512
    /// parts or 32 levels of parentheses, so the gate does not read it either. Definitions give names to parts that are needed often; their
    /// content counts as well, once it is nested more than 320 levels deep.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: (((((((((((((((((((((((((((((((((recall))))))))))))))))))))))))))))))))) >= 65% on holdback
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback
    /// ```
    pub TOO_LARGE = {
        id: "expression/too-large",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "spec/objectives.md: the limits of mlspec-objectives/1",
        kinds: [Objectives],
        check: Diagnostic(DiagnosticKind::TooLarge),
    }
}
