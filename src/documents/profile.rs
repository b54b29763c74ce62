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
    /// The first and the last day, or moment, of the examples.
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
    /// Whether the values are about persons, or credentials: then none of them is shown.
    pub personal: Optional<bool>,
    /// How many values are of each form: a map from `integer`, `number`, `nan`, `infinite`, `boolean`, `date`, `datetime`, `string`, `list` or
    /// `object` to the number of values.
    pub forms: Optional<Map<u64>>,
    /// Quantiles of the values: a map from the share of values that do not exceed one, such as `0.05`, to it.
    pub quantiles: Optional<Map<f64>>,
    /// The standard error of `distinct`, as a fraction; without it, the number is exact.
    #[serde(rename = "distinctError")]
    pub distinct_error: Optional<Share>,
    /// How many numbers are in each cell: a map from the number of a cell. With them, profiles can be merged and compared.
    pub cells: Optional<Map<u64>>,
    /// The exact sums of the numbers and of their squares.
    pub sums: Optional<ExactSums>,
    /// How many texts have a length in each cell, in characters: as `cells`.
    pub lengths: Optional<Map<u64>>,
    /// How many texts are of ASCII alone.
    pub ascii: Optional<u64>,
    /// How many texts have each shape, in which 9 stands for a digit and a letter for a letter.
    pub shapes: Optional<Map<u64>>,
    /// How many values look like addresses of e-mail.
    pub emails: Optional<u64>,
    /// How many whole numbers are written with zeros in front.
    pub padded: Optional<u64>,
    /// The registers of the sketch that `distinct` was estimated from, in Base64.
    pub sketch: Optional<Text>,
}

/// Exact sums: hexadecimal digits, `p` and a power of two.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ExactSums {
    /// The sum of the numbers.
    pub numbers: Required<Text>,
    /// The sum of their squares; without it, one of them is too great.
    pub squares: Optional<Text>,
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
    /// The first and the last day, or moment, of the examples.
    pub span: Optional<Period>,
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
        range(&["slices", "*", "span"]),
        range(&["fields", "*"]),
        range(&["slices", "*", "fields", "*"]),
    ],
    seed: || json!({"dataset": "credit-default@1.0.0", "rows": 1000, "fields": {"income": {"type": "number", "missing": 0}}}),
};
