//! The fields of a record that a line of an access log can carry.

/// A field of an inference record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineField {
    /// `applicationInfo.applicationId`
    ApplicationId,
    /// `applicationInfo.applicationEndpoint`
    ApplicationEndpoint,
    /// `requestInfo.requestId`
    RequestId,
    /// `requestInfo.requestTimestamp`
    RequestTimestamp,
    /// `requestInfo.requestLatencyMs`
    RequestLatencyMs,
    /// `requestInfo.inferenceLatencyMs`
    InferenceLatencyMs,
    /// `modelId`
    ModelId,
    /// `resultInfo.resultCode`
    ResultCode,
    /// `resultInfo.resultSizeInBytes`
    ResultSizeInBytes,
    /// `prediction`
    Prediction,
    /// `inferenceServiceId`
    InferenceServiceId,
    /// `userId`
    UserId,
    /// `provenance.pipeline`
    Pipeline,
    /// `provenance.pipelineVersion`
    PipelineVersion,
    /// `provenance.pipelineDigest`
    PipelineDigest,
    /// `provenance.datasetDigest`
    DatasetDigest,
    /// `provenance.featuresDigest`
    FeaturesDigest,
    /// `provenance.modelDigest`
    ModelDigest,
}

impl LineField {
    /// All fields, in the order in which a record is written: those of a section stand together.
    pub const ALL: [Self; 18] = [
        Self::ApplicationId,
        Self::ApplicationEndpoint,
        Self::RequestId,
        Self::RequestTimestamp,
        Self::RequestLatencyMs,
        Self::InferenceLatencyMs,
        Self::ModelId,
        Self::ResultCode,
        Self::ResultSizeInBytes,
        Self::Prediction,
        Self::InferenceServiceId,
        Self::UserId,
        Self::Pipeline,
        Self::PipelineVersion,
        Self::PipelineDigest,
        Self::DatasetDigest,
        Self::FeaturesDigest,
        Self::ModelDigest,
    ];

    /// What a record must say (`inference/missing-attribute`).
    pub const DEMANDED: [Self; 4] = [Self::RequestId, Self::RequestTimestamp, Self::ModelId, Self::ApplicationId];

    /// Returns its section, if it has one, and its key there.
    #[must_use]
    pub fn path(self) -> (Option<&'static str>, &'static str) {
        match self {
            Self::ApplicationId => (Some("applicationInfo"), "applicationId"),
            Self::ApplicationEndpoint => (Some("applicationInfo"), "applicationEndpoint"),
            Self::RequestId => (Some("requestInfo"), "requestId"),
            Self::RequestTimestamp => (Some("requestInfo"), "requestTimestamp"),
            Self::RequestLatencyMs => (Some("requestInfo"), "requestLatencyMs"),
            Self::InferenceLatencyMs => (Some("requestInfo"), "inferenceLatencyMs"),
            Self::ModelId => (None, "modelId"),
            Self::ResultCode => (Some("resultInfo"), "resultCode"),
            Self::ResultSizeInBytes => (Some("resultInfo"), "resultSizeInBytes"),
            Self::Prediction => (None, "prediction"),
            Self::InferenceServiceId => (None, "inferenceServiceId"),
            Self::UserId => (None, "userId"),
            Self::Pipeline => (Some("provenance"), "pipeline"),
            Self::PipelineVersion => (Some("provenance"), "pipelineVersion"),
            Self::PipelineDigest => (Some("provenance"), "pipelineDigest"),
            Self::DatasetDigest => (Some("provenance"), "datasetDigest"),
            Self::FeaturesDigest => (Some("provenance"), "featuresDigest"),
            Self::ModelDigest => (Some("provenance"), "modelDigest"),
        }
    }

    /// Whether it came with version 0.2.0 of the specification.
    #[must_use]
    pub fn is_newer(self) -> bool {
        matches!(self, Self::FeaturesDigest | Self::ModelDigest)
    }

    /// Whether no record can be matched with others without it.
    #[must_use]
    pub fn identifies(self) -> bool {
        matches!(self, Self::RequestId | Self::RequestTimestamp)
    }
}
