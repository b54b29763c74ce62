//! `inference/explanation-not-numeric`

use crate::rules::declare_rule;

declare_rule! {
    /// The explanation of a prediction must map each feature to a number.
    ///
    /// The number says how much the feature contributed to the prediction, and in which direction. Words such as `high`
    /// cannot be sorted, summed or compared with the explanation of the next prediction.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: inference-prediction
    /// mlSpecVersion: 0.1.0
    /// applicationId: credit-portal
    /// requestId: 0b7f9a53-93cf-4c0a-9c0e-6a4b7d1f2e90
    /// requestTimestamp: 2026-08-22T09:30:00Z
    /// modelId: credit-default/1.2.0
    /// prediction: 0.23
    /// predictionExplanation:
    ///   income: high
    ///   years_employed: -0.12
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: inference-prediction
    /// mlSpecVersion: 0.1.0
    /// applicationId: credit-portal
    /// requestId: 0b7f9a53-93cf-4c0a-9c0e-6a4b7d1f2e90
    /// requestTimestamp: 2026-08-22T09:30:00Z
    /// modelId: credit-default/1.2.0
    /// prediction: 0.23
    /// predictionExplanation:
    ///   income: 0.41
    ///   years_employed: -0.12
    /// ```
    ///
    /// ## Fix
    /// `--fix` removes the quotes of a number.
    pub EXPLANATION_NOT_NUMERIC = {
        id: "inference/explanation-not-numeric",
        severity: Error,
        since: "0.1.0",
        fix: Safe,
        source: "monitoring_proto/README.md, “predictionExplanation (dictionary, string:float)”",
        kinds: [InferenceLog, InferenceRequest, InferencePrediction],
        check: Schema(None),
    }
}
