//! `evaluation`: the metrics of a model on evaluation data (lifecycle step 8).

/// The metrics of a model on evaluation data.
pub type Evaluation = super::measurement::Measured;
