//! `expression/unknown-dimension`

use crate::objectives::diagnostic::DiagnosticKind;
use crate::rules::declare_rule;

declare_rule! {
    /// A dimension in an expression must be declared, if the document declares any.
    ///
    /// A misspelled dimension has no slices, and a condition `for each slice` of it protects nobody. A document that declares its
    /// `dimensions` also says which values must have been observed, so that the gate notices a group that is missing from the data.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// dimensions:
    ///   age_group: {values: [under-30, 30-to-60, over-60]}
    /// objectives:
    ///   - id: same-for-all-ages
    ///     why: fair lending policy, section 2
    ///     expect: difference(recall across agegroup with at least 500 examples) <= 8pp on holdback
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// dimensions:
    ///   age_group: {values: [under-30, 30-to-60, over-60]}
    /// objectives:
    ///   - id: same-for-all-ages
    ///     why: fair lending policy, section 2
    ///     expect: difference(recall across age_group with at least 500 examples) <= 8pp on holdback
    /// ```
    ///
    /// ## Fix
    /// `--unsafe-fixes` writes the declared name that is most similar, if one is similar enough.
    pub UNKNOWN_DIMENSION = {
        id: "expression/unknown-dimension",
        severity: Error,
        since: "0.1.0",
        fix: Unsafe,
        source: "spec/objectives.md: the semantics of mlspec-objectives/1",
        kinds: [Objectives],
        check: Diagnostic(DiagnosticKind::UnknownDimension),
    }
}
