//! `expression/unknown-field`

use crate::objectives::fault::Check;
use crate::rules::declare_rule;

declare_rule! {
    /// A field of a metric must be one that it has.
    ///
    /// A metric that is an object, such as a confusion matrix, declares the names of its numbers as `fields`. Runs log those and no others,
    /// so that an objective about another one stays unknown for ever.
    ///
    /// ## Fails
    /// ```yaml
    /// mlSpecVersion: 0.1.0
    /// kind: objectives
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: credit-default-launch
    /// model: credit-default
    /// owner: risk-ml@contoso.com
    /// datasets:
    ///   holdback: {dataset: credit-holdback@1.0.0, stage: test}
    ///   live: {stage: monitoring}
    /// metrics:
    ///   confusion_matrix: {type: object, unit: count, fields: [true_positive, false_negative]}
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     severity: advisory
    ///     expect: recall >= 60% on live
    ///   - id: few-missed
    ///     why: each missed default is looked into by hand
    ///     expect: confusion_matrix.false_negatives <= 40 on holdback
    /// tests:
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor]}
    /// rollback: {to: production-2026-05}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// mlSpecVersion: 0.1.0
    /// kind: objectives
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: credit-default-launch
    /// model: credit-default
    /// owner: risk-ml@contoso.com
    /// datasets:
    ///   holdback: {dataset: credit-holdback@1.0.0, stage: test}
    ///   live: {stage: monitoring}
    /// metrics:
    ///   confusion_matrix: {type: object, unit: count, fields: [true_positive, false_negative]}
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     severity: advisory
    ///     expect: recall >= 60% on live
    ///   - id: few-missed
    ///     why: each missed default is looked into by hand
    ///     expect: confusion_matrix.false_negative <= 40 on holdback
    /// tests:
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor]}
    /// rollback: {to: production-2026-05}
    /// ```
    ///
    /// ## Fix
    /// `--unsafe-fixes` writes the field whose name is nearest, where one is near.
    pub UNKNOWN_FIELD = {
        id: "expression/unknown-field",
        severity: Error,
        since: "0.1.0",
        fix: Unsafe,
        source: "spec/objectives.md: the semantics of mlspec-objectives/1",
        kinds: [Objectives],
        check: Diagnostic(Check::UnknownField),
    }
}
