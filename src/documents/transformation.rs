//! `transformation`: how data was converted into features (lifecycle step 4).

use schemars::{JsonSchema, Schema};
use serde::Deserialize;
use serde_json::json;

use super::common::{
    Description, Digest, Name, ObjectId, Reference, SpecVersion, Status, Tags, Text, Timestamp, Version,
};
use super::declaration::{Declaration, KindSignature};
use super::field::{Any, List, Optional, Required};
use super::kind::{Kind, KindName};
use super::requirement::require_within;
use super::roles::{DATASET, RUN, ReferenceRole, data_field, reference, reference_as};
use super::run::Code;

/// How data was converted into features: each step with its parameters, and what was removed.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Transformation {
    /// Version of the MLSpec specification that the document follows.
    pub ml_spec_version: Required<SpecVersion>,
    /// The kind of the document: `transformation` (lifecycle step 4).
    pub kind: Required<KindName>,
    /// Identifies the transformation permanently; usually a UUID.
    pub id: Required<ObjectId>,
    /// Names the transformation among those that are not archived.
    pub name: Required<Name>,
    /// Whether the transformation may be used in new work.
    pub status: Optional<Status>,
    /// A description of the transformation.
    pub description: Optional<Description>,
    /// Semantic version of the transformation.
    pub version: Required<Version>,
    /// The transformation that replaces this one.
    pub replaced_by: Optional<Reference>,
    /// Keys and values for finding the transformation.
    pub tags: Optional<Tags>,
    /// The data that was converted, by name, `name@version` or id.
    pub inputs: Required<List<Reference>>,
    /// The schema of that data, by name, `name@version` or id.
    pub schema: Optional<Reference>,
    /// The data that came out, by name, `name@version` or id.
    pub output: Optional<Reference>,
    /// Digest of the data that came out.
    pub output_digest: Optional<Digest>,
    /// The data that means, vocabularies and the like were computed from: training data, and no other.
    pub fitted_on: Optional<Reference>,
    /// Digest of that data.
    pub fitted_on_digest: Optional<Digest>,
    /// The run that performed the transformation, by id.
    pub run: Optional<Reference>,
    /// When the transformation was performed.
    pub performed_on: Optional<Timestamp>,
    /// The code of the transformation.
    pub code: Optional<Code>,
    /// Digest of the fitted transformation, which serving loads.
    pub digest: Optional<Digest>,
    /// The steps, in their order.
    #[schemars(extend("minItems" = 1))]
    pub steps: Required<List<TransformStep>>,
    /// What was removed.
    pub eliminated: Optional<List<Eliminated>>,
    /// The number of examples that were read.
    pub num_read: Optional<u64>,
    /// The number of examples that were written.
    pub num_written: Optional<u64>,
}

/// A step of a transformation.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(transform = complete)]
pub struct TransformStep {
    /// The field that is converted; for several, `fields`.
    pub field: Optional<Text>,
    /// The fields that are converted together.
    pub fields: Optional<List<Text>>,
    /// How it is converted.
    pub method: Required<TransformMethod>,
    /// Names the feature that comes out.
    pub output: Required<Text>,
    /// The vocabulary: value number n becomes n.
    #[schemars(extend("minItems" = 1, "uniqueItems" = true))]
    pub values: Optional<List<Any>>,
    /// How many numbers there are for values outside of the vocabulary.
    pub oov_buckets: Optional<u64>,
    /// The mean that is subtracted.
    pub mean: Optional<f64>,
    /// The standard deviation that is divided by.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub std: Optional<f64>,
    /// The value that becomes 0.
    pub minimum: Optional<f64>,
    /// The value that becomes 1.
    pub maximum: Optional<f64>,
    /// The borders between buckets, ascending.
    #[schemars(extend("minItems" = 1))]
    pub boundaries: Optional<List<f64>>,
    /// The number of buckets of a hash.
    #[schemars(extend("minimum" = 1))]
    pub buckets: Optional<u64>,
    /// The value that replaces missing ones.
    pub value: Optional<Any>,
}

/// A method needs its parameters, without which serving cannot do the same as training.
fn complete(schema: &mut Schema) {
    let rule = "transformation/step-incomplete";
    for (method, needed) in [
        ("vocabulary", "values"),
        ("scale_to_z_score", "mean"),
        ("scale_to_z_score", "std"),
        ("scale_to_0_1", "minimum"),
        ("scale_to_0_1", "maximum"),
        ("bucketize", "boundaries"),
        ("hash", "buckets"),
        ("fill_missing", "value"),
    ] {
        require_within(schema, "method", &[method], needed, rule);
    }
}

/// How a field is converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum TransformMethod {
    /// Each value becomes its number in `values`.
    #[serde(rename = "vocabulary")]
    Vocabulary,
    /// Each value becomes a vector with a single 1.
    #[serde(rename = "one_hot")]
    OneHot,
    /// `mean` is subtracted, and the rest divided by `std`.
    #[serde(rename = "scale_to_z_score")]
    ScaleToZScore,
    /// `minimum` becomes 0, and `maximum` 1.
    #[serde(rename = "scale_to_0_1")]
    ScaleTo01,
    /// Each value becomes the number of its bucket between `boundaries`.
    #[serde(rename = "bucketize")]
    Bucketize,
    /// Each value becomes its hash, one of `buckets`.
    #[serde(rename = "hash")]
    Hash,
    /// Each value becomes its logarithm.
    #[serde(rename = "log")]
    Log,
    /// `value` replaces missing ones.
    #[serde(rename = "fill_missing")]
    FillMissing,
    /// The type changes.
    #[serde(rename = "cast")]
    Cast,
    /// Values of several fields become one.
    #[serde(rename = "cross")]
    Cross,
    /// Anything else that the code does.
    #[serde(rename = "custom")]
    Custom,
}

/// Examples that were removed.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Eliminated {
    /// Why they were removed.
    pub reason: Required<EliminationReason>,
    /// The condition that they met, such as `income > 45000`.
    pub rule: Optional<Text>,
    /// How many they were.
    pub count: Required<u64>,
}

/// Why examples were removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum EliminationReason {
    /// A value is far from the others.
    Outlier,
    /// They were there twice.
    Duplicate,
    /// A value is missing.
    Missing,
    /// A value is impossible.
    Invalid,
    /// Anything else; `rule` says what.
    Other,
}

/// How the kind is recognized, the roles of its fields, and the seed of a new document.
pub(super) const DECLARATION: Declaration = Declaration {
    since: "0.2.0",
    summary: "How data was converted into features, and what was removed (lifecycle step 4).",
    signature: KindSignature {
        own: &[],
        telling: &[&["fittedOn", "inputs", "steps[].method"]],
        everyday: &[&["inputs", "steps[].method", "steps[].output"], &["fittedOn", "steps[]"]],
    },
    fields: &[
        reference(&["inputs", "*"], DATASET),
        reference_as(&["output"], DATASET, ReferenceRole::RecordedData),
        reference_as(&["fittedOn"], DATASET, ReferenceRole::FittedOn),
        reference(&["schema"], &[Kind::DataSchema]),
        reference(&["run"], RUN),
        reference_as(&["replacedBy"], &[Kind::Transformation], ReferenceRole::Replacement),
        data_field(&["steps", "*", "field"]),
        data_field(&["steps", "*", "fields", "*"]),
    ],
    seed: || {
        json!({
            "status": "Active", "inputs": ["credit-default@1.0.0"], "fittedOn": "credit-train@1.0.0",
            "steps": [{"field": "income", "method": "scale_to_z_score", "output": "income_z", "mean": 3120.4, "std": 1490.1}],
        })
    },
};
