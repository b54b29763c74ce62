//! `objective/tautology`

use crate::objectives::diagnostic::DiagnosticKind;
use crate::rules::declare_rule;

declare_rule! {
    /// It must be possible to violate each claim.
    ///
    /// A claim that every value satisfies looks like a gate and is not one: it passes the worst candidate. The possible values follow from
    /// the declared `range` of the metric and from how a value is computed, as for `objective/impossible`. To demand only that a value
    /// exists, write `is reported`.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// metrics:
    ///   confusion_matrix: {type: object, unit: count, fields: [false_positive, true_negative]}
    /// definitions:
    ///   false_alarm_rate: confusion_matrix.false_positive / (confusion_matrix.false_positive + confusion_matrix.true_negative)
    /// objectives:
    ///   - id: false-alarms
    ///     why: every false alarm costs a client who would have paid
    ///     expect: false_alarm_rate <= 100% on holdback
    /// ```
    /// ```yaml base:credit-launch
    /// metrics:
    ///   precision: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: precise
    ///     why: every false alarm costs a client who would have paid
    ///     expect: precision >= 50% on holdback or precision < 60% on holdback
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// metrics:
    ///   confusion_matrix: {type: object, unit: count, fields: [false_positive, true_negative]}
    /// definitions:
    ///   false_alarm_rate: confusion_matrix.false_positive / (confusion_matrix.false_positive + confusion_matrix.true_negative)
    /// objectives:
    ///   - id: false-alarms
    ///     why: every false alarm costs a client who would have paid
    ///     expect: false_alarm_rate <= 18% on holdback
    /// ```
    pub TAUTOLOGY = {
        id: "objective/tautology",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 1, “a simple DSL that can be used to verify success/failure programmatically for automated deployment”",
        kinds: [Objectives],
        check: Diagnostic(DiagnosticKind::Tautology),
    }
}
