//! `inference-log`: a record of an inference.

/// What a serving application logs about an inference.
pub type InferenceLog = super::inference::Record;
