//! `expression/unknown-dataset`

use crate::objectives::diagnostic::DiagnosticKind;
use crate::rules::declare_rule;

declare_rule! {
    /// A dataset in an expression must be declared under `datasets`.
    ///
    /// The name after `on` says which data the model is judged by. If it is not declared under `datasets`, the objective has nothing to
    /// judge: neither the hold-back data nor any other.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on hold_back with at least 1000 examples
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    /// ```
    ///
    /// ## Fix
    /// `--unsafe-fixes` writes the declared name that is most similar, if one is similar enough.
    pub UNKNOWN_DATASET = {
        id: "expression/unknown-dataset",
        severity: Error,
        since: "0.1.0",
        fix: Unsafe,
        source: "spec/objectives.md: the semantics of mlspec-objectives/1",
        kinds: [Objectives],
        check: Diagnostic(DiagnosticKind::UnknownDataset),
    }
}
