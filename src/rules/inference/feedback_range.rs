//! `inference/feedback-range`

use crate::rules::declare_rule;

declare_rule! {
    /// The feedback on a prediction must lie between 0 (useless) and 1 (useful).
    ///
    /// Feedback is averaged over many predictions. A few values on a scale of one to five, or in percent, move that average further than
    /// all the others together.
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
    /// predictionFeedback: 4
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
    /// predictionFeedback: 0.8
    /// ```
    pub FEEDBACK_RANGE = {
        id: "inference/feedback-range",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "monitoring_proto/README.md, “predictionFeedback (float, 0:1, how useful was it)”",
        kinds: [InferenceLog, InferenceRequest, InferencePrediction],
        check: Schema(None),
    }
}
