//! `test`: the metrics of a model on hold-back data (lifecycle step 9).

/// The metrics of a model on hold-back data.
pub type Test = super::measurement::Measured;
