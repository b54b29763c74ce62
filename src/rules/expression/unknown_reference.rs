//! `expression/unknown-reference`

use crate::objectives::diagnostic::DiagnosticKind;
use crate::rules::declare_rule;

declare_rule! {
    /// What a change is measured against must be declared under `references`, with a value of the metric.
    ///
    /// The word after `vs` is `baseline`, `previous run`, `run '…'`, `median of last … runs`, or the name of one of the `references` of the
    /// document: a run, or values that somebody measured, such as people on the same task. Without a value of the metric there is nothing to
    /// compare with, and the objective stays unknown.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// mlSpecVersion: 0.2.0
    /// language: mlspec-objectives/2
    /// references:
    ///   human: {source: two underwriters on 500 cases, values: {recall: 0.71}, count: 500}
    /// objectives:
    ///   - id: not-below-people
    ///     why: the people who decided before found this many
    ///     expect: recall drops by at most 2pp vs humans on holdback
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// mlSpecVersion: 0.2.0
    /// language: mlspec-objectives/2
    /// references:
    ///   human: {source: two underwriters on 500 cases, values: {recall: 0.71}, count: 500}
    /// objectives:
    ///   - id: not-below-people
    ///     why: the people who decided before found this many
    ///     expect: recall drops by at most 2pp vs human on holdback
    /// ```
    ///
    /// ## Fix
    /// `--unsafe-fixes` writes the declared name that is most similar, if one is similar enough.
    pub UNKNOWN_REFERENCE = {
        id: "expression/unknown-reference",
        severity: Error,
        since: "0.1.0",
        fix: Unsafe,
        source: "spec/objectives.md: the semantics of mlspec-objectives/2",
        kinds: [Objectives],
        check: Diagnostic(DiagnosticKind::UnknownReference),
    }
}
