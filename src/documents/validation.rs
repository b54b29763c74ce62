//! `validation`: what validating data by its schema found (lifecycle step 5).

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::common::{Description, Digest, Name, ObjectId, Reference, SpecVersion, Text, Timestamp};
use super::declaration::{Declaration, KindSignature};
use super::field::{Any, List, Optional, Required};
use super::kind::{Kind, KindName};
use super::roles::{DATASET, RUN, ReferenceRole, data_field, reference, reference_as};

/// What validating data by its schema found.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Validation {
    /// Version of the MLSpec specification that the document follows.
    pub ml_spec_version: Required<SpecVersion>,
    /// The kind of the document: `validation` (lifecycle step 5).
    pub kind: Required<KindName>,
    /// Identifies the document permanently; usually a UUID.
    pub id: Required<ObjectId>,
    /// Names the validation.
    pub name: Required<Name>,
    /// A description of the validation.
    pub description: Optional<Description>,
    /// The schema, by name, `name@version` or id.
    pub schema: Required<Reference>,
    /// The data that was validated, by name, `name@version` or id.
    pub dataset: Required<Reference>,
    /// Digest of the data at the time.
    pub dataset_digest: Optional<Digest>,
    /// The statistics that the data was validated by, by name or id.
    pub profile: Optional<Reference>,
    /// The environment of the schema that the data is from, such as `training` or `serving`.
    pub environment: Optional<Text>,
    /// The run that validated the data, by id.
    pub run: Optional<Reference>,
    /// When the data was validated.
    pub performed_on: Required<Timestamp>,
    /// Whether the data may be used.
    pub result: Required<ValidationResult>,
    /// What in the data is not as the schema says.
    pub anomalies: Optional<List<Anomaly>>,
    /// How far fields are from those of earlier data.
    pub drift: Optional<List<MeasuredDistance>>,
    /// How far fields are from those of another environment.
    pub skew: Optional<List<MeasuredDistance>>,
}

/// Whether data may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum ValidationResult {
    /// It may.
    Passed,
    /// It may not.
    Failed,
}

/// Something in the data that is not as the schema says.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Anomaly {
    /// The field.
    pub field: Optional<Text>,
    /// What is wrong, such as `unexpected-value` or `missing-field`.
    #[serde(rename = "type")]
    pub anomaly_type: Required<Text>,
    /// The value.
    pub value: Optional<Any>,
    /// How many examples it concerns.
    pub count: Optional<u64>,
    /// Whether the data can be used nevertheless.
    pub severity: Required<AnomalySeverity>,
}

/// Whether data can be used in spite of an anomaly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum AnomalySeverity {
    /// It cannot.
    Error,
    /// It can, with care.
    Warning,
    /// It can.
    Info,
}

/// The distance between the distributions of a field in two sets of data.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct MeasuredDistance {
    /// The field.
    pub field: Required<Text>,
    /// The other data: a dataset, or a name for what was logged.
    pub against: Required<Text>,
    /// How the distance was measured.
    pub measure: Required<DistanceMeasure>,
    /// The distance.
    #[schemars(extend("minimum" = 0))]
    pub value: Required<f64>,
    /// The greatest distance that is allowed.
    #[schemars(extend("minimum" = 0))]
    pub threshold: Optional<f64>,
}

/// How the distance between two distributions is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(
    inline,
    extend("x-mlspec-aliases" = {"INFINITYNORM": "linf", "INFINITY_NORM": "linf", "JENSENSHANNONDIVERGENCE": "js_divergence", "JENSEN_SHANNON_DIVERGENCE": "js_divergence"})
)]
pub enum DistanceMeasure {
    /// The greatest difference of the shares of one value.
    Linf,
    /// The Jensen-Shannon divergence, in bits.
    JsDivergence,
    /// The square root of the Jensen-Shannon divergence.
    JsDistance,
    /// The population stability index.
    Psi,
    /// The Kolmogorov-Smirnov statistic.
    Ks,
    /// The Wasserstein distance, in the unit of the field.
    Wasserstein,
}

/// How the kind is recognized, the roles of its fields, and the seed of a new document.
pub(super) const DECLARATION: Declaration = Declaration {
    since: "0.2.0",
    summary: "What validating data by its schema found (lifecycle step 5).",
    signature: KindSignature {
        own: &[],
        telling: &[&["schema", "dataset", "performedOn", "result=passed,failed"]],
        everyday: &[&["dataset", "result", "anomalies[]|drift[]|skew[]"]],
    },
    fields: &[
        reference(&["schema"], &[Kind::DataSchema]),
        reference_as(&["dataset"], DATASET, ReferenceRole::RecordedData),
        reference(&["profile"], &[Kind::Profile]),
        reference(&["run"], RUN),
        data_field(&["anomalies", "*", "field"]),
        data_field(&["drift", "*", "field"]),
        data_field(&["skew", "*", "field"]),
    ],
    seed: || json!({"schema": "credit-default", "dataset": "credit-default@1.0.0", "result": "passed"}),
};
