//! What `evaluation` and `test` have in common: "The two are separate documents, from separate runs, on different data", with
//! the same fields.

use schemars::JsonSchema;
use serde::Deserialize;

use super::common::{Description, Digest, Name, ObjectId, Reference, SpecVersion, Timestamp};
use super::declaration::KindSignature;
use super::field::{List, Optional, Required};
use super::kind::{Kind, KindName};
use super::metric::Metric;
use super::roles::{DATASET, MODEL, RUN, ReferenceRole, RoledField, reference, reference_as};

/// Measured metrics of a model, with the data and time of the measurement.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Measured {
    /// Version of the MLSpec specification that the document follows.
    pub ml_spec_version: Required<SpecVersion>,
    /// The kind of the document: `evaluation` (lifecycle step 8) or `test` (step 9).
    pub kind: Required<KindName>,
    /// Identifies the document permanently; usually a UUID.
    pub id: Required<ObjectId>,
    /// Names the measurement.
    pub name: Required<Name>,
    /// A description of what was measured and why.
    pub description: Optional<Description>,
    /// The model, by name, `name@version` or id.
    pub model: Required<Reference>,
    /// Digest of the model file that was measured.
    pub model_digest: Optional<Digest>,
    /// The data that the model was measured on, by name, `name@version` or id. A test reads hold-back data, an evaluation never
    /// does.
    pub dataset: Required<Reference>,
    /// Digest of the data at the time of measurement.
    pub dataset_digest: Optional<Digest>,
    /// The run that performed the measurement, by id. Evaluation and test are separate runs.
    pub run: Optional<Reference>,
    /// When the measurement was made.
    pub performed_on: Required<Timestamp>,
    /// The measured metrics.
    pub metrics: Required<List<Metric>>,
    /// The objectives by which the metrics are judged, by name or id.
    pub objectives: Optional<Reference>,
}

/// How documents of both kinds are recognized.
pub(super) const SIGNATURE: KindSignature = KindSignature {
    own: &[],
    telling: &[&["model", "dataset", "performedOn", "metrics"]],
    everyday: &[&["model", "metrics[]"]],
};

/// The roles of the fields of both kinds.
pub(super) const FIELDS: &[RoledField] = &[
    reference(&["model"], MODEL),
    reference_as(&["dataset"], DATASET, ReferenceRole::MeasuredData),
    reference_as(&["run"], RUN, ReferenceRole::MeasuringRun),
    reference(&["objectives"], &[Kind::Objectives]),
    reference_as(&["metrics", "*", "dataset"], DATASET, ReferenceRole::MetricData),
];
