//! `profile`: statistics of data at a point in time (lifecycle step 3).

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::common::{Description, Digest, Name, ObjectId, Period, Reference, Share, SpecVersion, Text, Timestamp};
use super::data_schema::ValueType;
use super::declaration::{Declaration, KindSignature};
use super::field::{Any, List, Map, Optional, Required};
use super::kind::{Kind, KindName};
use super::roles::{DATASET, RUN, ReferenceRole, data_field, range, reference, reference_as};

/// Statistics of data at a point in time: of each field, as a whole and by slice.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Profile {
    /// Version of the MLSpec specification that the document follows.
    pub ml_spec_version: Required<SpecVersion>,
    /// The kind of the document: `profile` (lifecycle step 3).
    pub kind: Required<KindName>,
    /// Identifies the document permanently; usually a UUID.
    pub id: Required<ObjectId>,
    /// Names the profile.
    pub name: Required<Name>,
    /// A description of what was found.
    pub description: Optional<Description>,
    /// The data, by name, `name@version` or id.
    pub dataset: Required<Reference>,
    /// Digest of the data at the time. Once the data has another one, the profile is out of date.
    pub dataset_digest: Optional<Digest>,
    /// The schema of the data, by name, `name@version` or id.
    pub schema: Optional<Reference>,
    /// The run that computed the statistics, by id.
    pub run: Optional<Reference>,
    /// The environment that the data is from, such as `training` or `serving`.
    pub environment: Optional<Text>,
    /// When the statistics were computed.
    pub performed_on: Required<Timestamp>,
    /// The first and the last day of the examples.
    pub span: Optional<Period>,
    /// The number of examples.
    pub rows: Required<u64>,
    /// The statistics: a map from the name of a field to those of its values.
    #[schemars(extend("minProperties" = 1))]
    pub fields: Required<Map<FieldProfile>>,
    /// Statistics of parts of the data.
    pub slices: Optional<List<SliceProfile>>,
}

/// The statistics of a field.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct FieldProfile {
    /// The type of the values.
    #[serde(rename = "type")]
    pub value_type: Optional<ValueType>,
    /// How many examples have no value.
    pub missing: Optional<u64>,
    /// How many values are not a number.
    pub nan: Optional<u64>,
    /// How many values are zero.
    pub zeros: Optional<u64>,
    /// The smallest value.
    pub minimum: Optional<f64>,
    /// The greatest value.
    pub maximum: Optional<f64>,
    /// The mean of the values.
    pub mean: Optional<f64>,
    /// The value that half of the values do not exceed.
    pub median: Optional<f64>,
    /// The standard deviation of the values.
    #[schemars(extend("minimum" = 0))]
    pub std: Optional<f64>,
    /// The number of different values.
    pub distinct: Optional<u64>,
    /// The most frequent values.
    pub top: Optional<List<TopValue>>,
    /// The outliers.
    pub outliers: Optional<Outliers>,
}

/// A frequent value.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TopValue {
    /// The value.
    pub value: Required<Any>,
    /// How many examples have it.
    pub count: Required<u64>,
}

/// The outliers of a field.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Outliers {
    /// How outliers were told from other values, such as `iqr` or `z_score`.
    pub method: Required<Text>,
    /// The factor of the method.
    pub factor: Optional<f64>,
    /// The number of outliers.
    pub count: Required<u64>,
    /// What was decided about them.
    pub treatment: Optional<OutlierTreatment>,
}

/// What was decided about outliers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum OutlierTreatment {
    /// They are real, and stay.
    Kept,
    /// The examples were removed.
    Eliminated,
    /// They were set to a limit.
    Capped,
}

/// The statistics of a part of the data.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SliceProfile {
    /// The part: a map from dimension to value, such as `gender: female`.
    #[schemars(extend("minProperties" = 1))]
    pub slice: Required<Map<Text>>,
    /// The number of examples.
    pub rows: Required<u64>,
    /// Their share of all examples, as a fraction.
    pub share: Optional<Share>,
    /// The statistics: a map from the name of a field to those of its values.
    pub fields: Optional<Map<FieldProfile>>,
}

/// How the kind is recognized, the roles of its fields, and the seed of a new document.
pub(super) const DECLARATION: Declaration = Declaration {
    since: "0.2.0",
    summary: "Statistics of data at a point in time, by field and by slice (lifecycle step 3).",
    signature: KindSignature {
        own: &[],
        telling: &[&["dataset", "performedOn", "rows", "fields{}"]],
        everyday: &[&["rows", "fields{}", "dataset"]],
    },
    fields: &[
        reference_as(&["dataset"], DATASET, ReferenceRole::RecordedData),
        reference(&["schema"], &[Kind::DataSchema]),
        reference(&["run"], RUN),
        data_field(&["fields", "*"]),
        data_field(&["slices", "*", "fields", "*"]),
        range(&["span"]),
        range(&["fields", "*"]),
        range(&["slices", "*", "fields", "*"]),
    ],
    seed: || json!({"dataset": "credit-default@1.0.0", "rows": 1000, "fields": {"income": {"type": "number", "missing": 0}}}),
};
