//! What `evaluation` and `test` have in common: "The two are separate documents, from separate runs, on different data", with
//! the same fields.

use schemars::JsonSchema;
use serde::Deserialize;

use super::common::{Description, Digest, Name, ObjectId, Reference, Share, SpecVersion, Text, Timestamp};
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
    /// Why the model answers as it does.
    #[schemars(extend("x-mlspec-since" = "0.2.0"))]
    pub explanations: Optional<List<Explanation>>,
    /// Where the errors of the model lie.
    #[schemars(extend("x-mlspec-since" = "0.2.0"))]
    pub error_analysis: Optional<List<ErrorGroup>>,
    /// What the gate decided.
    #[schemars(extend("x-mlspec-since" = "0.2.0"))]
    pub verdict: Optional<RecordedVerdict>,
}

/// Why a model answers as it does.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Explanation {
    /// How it was found out.
    pub technique: Required<ExplanationTechnique>,
    /// The file with the result.
    pub file: Required<Text>,
}

/// How it is found out why a model answers as it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum ExplanationTechnique {
    /// How much each feature contributes to answers in general.
    FeatureImportance,
    /// How answers change with one feature.
    PartialDependence,
    /// What would have to be otherwise for another answer.
    Counterfactual,
    /// How much each feature contributes to one answer, by Shapley values.
    Shap,
    /// How much each feature contributes to one answer, by a simpler model.
    Lime,
    /// Anything else; describe it with `x-` fields.
    Custom,
}

/// A group of examples, and how many of the errors lie in it. Groups may overlap.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct ErrorGroup {
    /// Names the group.
    pub tag: Required<Text>,
    /// The share of all errors that lie in it.
    pub share_of_errors: Required<Share>,
    /// The share of all examples that lie in it.
    pub share_of_data: Required<Share>,
    /// The share of its examples that the model gets wrong.
    pub error_rate: Optional<Share>,
}

/// What the gate decided about a model: never a bare word.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct RecordedVerdict {
    /// The signed verdict: a file, relative to the document.
    pub attestation: Required<Text>,
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
