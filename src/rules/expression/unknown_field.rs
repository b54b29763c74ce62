//! `expression/unknown-field`

use crate::objectives::diagnostic::DiagnosticKind;
use crate::rules::declare_rule;

declare_rule! {
    /// A field of a metric must be one of its declared `fields`.
    ///
    /// A metric that is an object, such as a confusion matrix, declares the names of its numbers as `fields`. Runs log those and no others,
    /// so an objective about any other field always stays unknown.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// metrics:
    ///   confusion_matrix: {type: object, unit: count, fields: [true_positive, false_negative]}
    /// objectives:
    ///   - id: few-missed
    ///     why: each missed default is looked into by hand
    ///     expect: confusion_matrix.false_negatives <= 40 on holdback
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// metrics:
    ///   confusion_matrix: {type: object, unit: count, fields: [true_positive, false_negative]}
    /// objectives:
    ///   - id: few-missed
    ///     why: each missed default is looked into by hand
    ///     expect: confusion_matrix.false_negative <= 40 on holdback
    /// ```
    ///
    /// ## Fix
    /// `--unsafe-fixes` writes the declared field that is most similar, if one is similar enough.
    pub UNKNOWN_FIELD = {
        id: "expression/unknown-field",
        severity: Error,
        since: "0.1.0",
        fix: Unsafe,
        source: "spec/objectives.md: the semantics of mlspec-objectives/1",
        kinds: [Objectives],
        check: Diagnostic(DiagnosticKind::UnknownField),
    }
}
