//! `run/metric-value-type`

use crate::rules::declare_rule;

declare_rule! {
    /// The `value_type` of a metric must be scalar, array or object.
    ///
    /// It says how to draw and compare the value: one number, a list of numbers, or a map of named numbers such as a confusion matrix.
    /// Leave it out if it is clear from the value.
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
    ///     value: 0.87
    ///     value_type: NUMBER
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
    ///     value_type: scalar
    /// ```
    ///
    /// ## Fix
    /// `--fix` turns `NUMBER` into `scalar`, and corrects upper and lower case.
    pub METRIC_VALUE_TYPE = {
        id: "run/metric-value-type",
        severity: Error,
        since: "0.1.0",
        fix: Safe,
        source: "experiment_tracking/run.md, whose metrics are of type scalar, array and object; experiment_example.yml, “NUMBER”",
        kinds: [],
        check: Schema(None),
    }
}
