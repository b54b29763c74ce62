//! `inference-request`: a record of an inference.

/// One request for an inference and its result.
pub type InferenceRequest = super::inference::Record;
