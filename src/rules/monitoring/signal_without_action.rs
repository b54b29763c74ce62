//! `monitoring/signal-without-action`

use crate::rules::declare_rule;

declare_rule! {
    /// A signal must say what is done about it.
    ///
    /// A signal without an action is a picture that somebody may look at. What is done when a value is out of its bounds must be decided
    /// before it is: to `alert` or `page` somebody, to `retrain`, to `rollback`, or to `stop` the model.
    ///
    /// ## Fails
    /// ```yaml base:credit-monitoring
    /// signals:
    ///   - {id: nulls, kind: input, field: income, measure: fraction_missing, threshold: 0.05}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-monitoring
    /// signals:
    ///   - {id: nulls, kind: input, field: income, measure: fraction_missing, threshold: 0.05, action: alert}
    /// ```
    pub SIGNAL_WITHOUT_ACTION = {
        id: "monitoring/signal-without-action",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 12, “ML-specific signals that need action”",
        kinds: [],
        check: Schema(None),
    }
}
