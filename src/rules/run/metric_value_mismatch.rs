//! `run/metric-value-mismatch`

use crate::rules::declare_rule;

declare_rule! {
    /// The value of a metric must be a number, a list of numbers, or a map of named numbers.
    ///
    /// A number in quotes is text: it sorts after `9` when it should not, it cannot be averaged, and no objective can
    /// compare it with a threshold. Words such as `good` measure nothing.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: evaluation
    /// mlSpecVersion: 0.1.0
    /// id: a4b4f0de-58b1-4cf2-9e0c-7d1f9a3c5b20
    /// name: credit-default-validation
    /// model: credit-default@1.2.0
    /// dataset: credit-validation@1.2.0
    /// performedOn: 2026-08-22T09:30:00Z
    /// metrics:
    ///   - key: accuracy
    ///     value: "0.87"
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: evaluation
    /// mlSpecVersion: 0.1.0
    /// id: a4b4f0de-58b1-4cf2-9e0c-7d1f9a3c5b20
    /// name: credit-default-validation
    /// model: credit-default@1.2.0
    /// dataset: credit-validation@1.2.0
    /// performedOn: 2026-08-22T09:30:00Z
    /// metrics:
    ///   - key: accuracy
    ///     value: 0.87
    /// ```
    ///
    /// ## Fix
    /// `--fix` removes the quotes of a number.
    pub METRIC_VALUE_MISMATCH = {
        id: "run/metric-value-mismatch",
        severity: Error,
        since: "0.1.0",
        fix: Safe,
        source: "experiment_tracking/run.md, “the numerical value associated with the metric”",
        kinds: [],
        check: Schema(None),
    }
}
