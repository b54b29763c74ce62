//! `inference/missing-attribute`

use crate::rules::declare_rule;

declare_rule! {
    /// An inference record must say which request it is about and when that was made.
    ///
    /// The request id ties the log entry, the prediction and the feedback on it together, which often arrive from
    /// different services and days apart. Without it or without a time, none of them can be matched, and monitoring
    /// cannot tell when the model began to drift. Both may stand in `requestInfo` or at the top of the record.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: inference-log
    /// mlSpecVersion: 0.1.0
    /// requestInfo:
    ///   requestTimestamp: 2026-08-22T09:30:00Z
    /// modelInfo:
    ///   models: [credit-default/1.2.0]
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: inference-log
    /// mlSpecVersion: 0.1.0
    /// requestInfo:
    ///   requestId: 0b7f9a53-93cf-4c0a-9c0e-6a4b7d1f2e90
    ///   requestTimestamp: 2026-08-22T09:30:00Z
    /// modelInfo:
    ///   models: [credit-default/1.2.0]
    /// ```
    pub MISSING_ATTRIBUTE = {
        id: "inference/missing-attribute",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "monitoring_proto/README.md, the attributes of a request; README.md, “Timestamp, Request ID”",
        kinds: [InferenceLog, InferenceRequest, InferencePrediction],
        check: Schema(None),
    }
}
