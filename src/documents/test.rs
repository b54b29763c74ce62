//! `test`: the metrics of a model on hold-back data (lifecycle step 9).

use serde_json::json;

use super::declaration::{Declaration, Signature};
use super::kind::Kind;
use super::roles::{DATASET, MODEL, RUN, ReferenceRole, reference, reference_as};

/// The metrics of a model on hold-back data.
pub type Test = super::measurement::Measured;

/// What tells the kind, what its fields are, and what a first document has.
pub(super) const DECLARATION: Declaration = Declaration {
    since: "0.1.0",
    summary: "The metrics of a model on hold-back data (lifecycle step 9).",
    signature: Signature {
        own: &[],
        telling: &[&["model", "dataset", "performedOn", "metrics"]],
        everyday: &[&["model", "metrics[]"]],
    },
    fields: &[
        reference(&["model"], MODEL),
        reference_as(&["dataset"], DATASET, ReferenceRole::MeasuredData),
        reference_as(&["run"], RUN, ReferenceRole::MeasuringRun),
        reference(&["objectives"], &[Kind::Objectives]),
        reference_as(&["metrics", "*", "dataset"], DATASET, ReferenceRole::MetricData),
    ],
    seed: || json!({}),
};
