//! `evaluation`: the metrics of a model on evaluation data (lifecycle step 8).

use serde_json::json;

use super::declaration::Declaration;
use super::measurement;

/// The metrics of a model on evaluation data.
pub type Evaluation = measurement::Measured;

/// How the kind is recognized, the roles of its fields, and the seed of a new document.
pub(super) const DECLARATION: Declaration = Declaration {
    since: "0.1.0",
    summary: "The metrics of a model on evaluation data (lifecycle step 8).",
    signature: measurement::SIGNATURE,
    fields: measurement::FIELDS,
    seed: || json!({}),
};
