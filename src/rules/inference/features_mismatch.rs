//! `inference/features-mismatch`

use crate::rules::declare_rule;

declare_rule! {
    /// The input features must map names to strings.
    ///
    /// The values are kept as the application sent them, so that an inference can be repeated exactly: as a number,
    /// `0042` becomes 42 or 34, and a long id loses its last digits. Quote what looks like a number or boolean.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: inference-prediction
    /// mlSpecVersion: 0.1.0
    /// requestId: 0b7f9a53-93cf-4c0a-9c0e-6a4b7d1f2e90
    /// requestTimestamp: 2026-08-22T09:30:00Z
    /// modelId: credit-default/1.2.0
    /// inputFeatures:
    ///   income: 42000
    ///   employment: permanent
    /// prediction: 0.23
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: inference-prediction
    /// mlSpecVersion: 0.1.0
    /// requestId: 0b7f9a53-93cf-4c0a-9c0e-6a4b7d1f2e90
    /// requestTimestamp: 2026-08-22T09:30:00Z
    /// modelId: credit-default/1.2.0
    /// inputFeatures:
    ///   income: "42000"
    ///   employment: permanent
    /// prediction: 0.23
    /// ```
    ///
    /// ## Fix
    /// `--fix` quotes a number or boolean as it is written.
    pub FEATURES_MISMATCH = {
        id: "inference/features-mismatch",
        severity: Error,
        since: "0.1.0",
        fix: Safe,
        source: "monitoring_proto/README.md, “inputFeatures (dictionary, string:string)”",
        kinds: [InferenceLog, InferenceRequest, InferencePrediction],
        check: Schema(None),
    }
}
