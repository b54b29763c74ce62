//! `inference-prediction`: a record of an inference.

/// One prediction, its explanation and the feedback on it.
pub type InferencePrediction = super::inference::Record;
