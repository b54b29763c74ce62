//! `expression/level-below-half`

use crate::objectives::diagnostic::DiagnosticKind;
use crate::rules::declare_rule;

declare_rule! {
    /// A confidence level must be at least 50%.
    ///
    /// The interval of a low level is so narrow that any value passes: at 0.95% it misses the true value 99 times out of 100. Whoever
    /// writes `0.95%` means the level 0.95, which is 95%.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with 0.95% confidence
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with 95% confidence
    /// ```
    ///
    /// ## Fix
    /// `--unsafe-fixes` writes the intended level, a hundred times the written one.
    pub LEVEL_BELOW_HALF = {
        id: "expression/level-below-half",
        severity: Error,
        since: "0.1.0",
        fix: Unsafe,
        source: "spec/objectives.md: the semantics of mlspec-objectives/1",
        kinds: [Objectives],
        check: Diagnostic(DiagnosticKind::LevelBelowHalf),
    }
}
