//! `expression/notation`

use crate::objectives::diagnostic::DiagnosticKind;
use crate::rules::declare_rule;

declare_rule! {
    /// Operators, keywords and units must be spelled as the objectives language spells them.
    ///
    /// `=`, `≥`, `&&`, `AND` and `92 %` are understood, and their meaning is clear. There is still only one spelling, so that reviewers
    /// compare what is demanded and not how it is written, and so that a search for `>=` finds every floor.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall ≥ 65 % on holdback
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback
    /// ```
    ///
    /// ## Fix
    /// `--fix` writes the spelling of the language.
    pub NOTATION = {
        id: "expression/notation",
        severity: Error,
        since: "0.1.0",
        fix: Safe,
        source: "spec/objectives.md: the grammar of mlspec-objectives/1",
        kinds: [Objectives],
        check: Diagnostic(DiagnosticKind::Notation),
    }
}
