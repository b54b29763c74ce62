//! `data-schema`: the expected properties of data (lifecycle step 5).

use rustc_hash::FxHashMap;
use schemars::{JsonSchema, Schema};
use serde::Deserialize;
use serde_json::json;

use super::common::{Description, Name, ObjectId, Reference, Share, SpecVersion, Status, Tags, Text, Version};
use super::datapath::Datapath;
use super::declaration::{Declaration, KindSignature};
use super::field::{Any, List, Optional, Required};
use super::kind::{Kind, KindName};
use super::roles::{DATASET, DATASTORE, ReferenceRole, range, reference, reference_as};

/// The expected properties of data, by which every new version of it is validated.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct DataSchema {
    /// Version of the MLSpec specification that the document follows.
    pub ml_spec_version: Required<SpecVersion>,
    /// The kind of the document: `data-schema` (lifecycle step 5).
    pub kind: Required<KindName>,
    /// Identifies the schema permanently; usually a UUID.
    pub id: Required<ObjectId>,
    /// Names the schema among those that are not archived.
    pub name: Required<Name>,
    /// Whether the schema may be used in new work.
    pub status: Optional<Status>,
    /// A description of the data.
    pub description: Optional<Description>,
    /// Semantic version of the schema. Any change of meaning needs a new one.
    pub version: Required<Version>,
    /// The schema that replaces this one.
    pub replaced_by: Optional<Reference>,
    /// Keys and values for finding the schema.
    pub tags: Optional<Tags>,
    /// The data that the schema was made for, by name, `name@version` or id.
    pub dataset: Optional<Reference>,
    /// What the first version was inferred from.
    pub inferred_from: Optional<InferredFrom>,
    /// How the fields of data must match those of the schema.
    pub fields_match: Optional<FieldsMatch>,
    /// The texts that stand for a missing value.
    pub missing_values: Optional<List<String>>,
    /// The fields that together identify an example.
    pub primary_key: Optional<List<Text>>,
    /// The places where data occurs, such as `training` and `serving`, in which it may have different fields.
    pub environments: Optional<List<Text>>,
    /// How many examples data must have.
    pub rows: Optional<CountRange>,
    /// The fields of the data.
    #[schemars(extend("minItems" = 1))]
    pub fields: Required<List<DataField>>,
}

/// What a schema was inferred from.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct InferredFrom {
    /// Where the examples were taken from: a datapath, usually with a query.
    pub source: Optional<Datapath>,
    /// The number of examples.
    #[schemars(extend("minimum" = 1))]
    pub num_examples: Required<u64>,
    /// Who has reviewed the result.
    pub reviewed_by: Optional<Text>,
}

/// How the fields of data must match those of a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum FieldsMatch {
    /// The same fields in the same order.
    Exact,
    /// The same fields.
    Equal,
    /// The data has no other fields.
    Subset,
    /// The data has all of the fields.
    Superset,
    /// The data has at least one of the fields.
    Partial,
}

/// CountRange of a number.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CountRange {
    /// The smallest number that is allowed.
    pub minimum: Optional<u64>,
    /// The greatest number that is allowed.
    pub maximum: Optional<u64>,
}

/// A field of the data.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct DataField {
    /// Names the field.
    pub name: Required<Text>,
    /// The type of its values.
    #[serde(rename = "type")]
    pub value_type: Required<ValueType>,
    /// The form of its values, such as `uuid` or `email`.
    pub format: Optional<Text>,
    /// A title for people.
    pub title: Optional<Text>,
    /// A description of the field.
    pub description: Optional<Description>,
    /// An example of a value.
    pub example: Optional<Any>,
    /// What models use the field for.
    pub role: Optional<DataFieldRole>,
    /// The unit of its values, such as `EUR`.
    pub unit: Optional<Text>,
    /// How confidential its values are.
    pub classification: Optional<Classification>,
    /// Whether models can treat people unfairly by it.
    pub sensitive: Optional<bool>,
    /// How finished the field is.
    pub lifecycle_stage: Optional<LifecycleStage>,
    /// All values that are allowed.
    #[schemars(extend("minItems" = 1, "uniqueItems" = true))]
    pub categories: Optional<List<Any>>,
    /// What each value must meet.
    pub constraints: Optional<FieldConstraints>,
    /// How often a value must be there.
    pub presence: Optional<Shares>,
    /// How often a value must be one of the categories.
    pub domain: Optional<Shares>,
    /// The environments in which the field occurs; without it, all.
    #[serde(rename = "in")]
    pub in_environments: Optional<List<Text>>,
    /// The environments in which the field does not occur.
    pub not_in: Optional<List<Text>>,
    /// By how much values may differ from those of the dataset that the schema was made for.
    pub drift: Optional<DistanceLimits>,
    /// By how much values may differ between environments.
    pub skew: Optional<DistanceLimits>,
}

/// The type of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(
    inline,
    extend("x-mlspec-aliases" = {
        "BYTES": "string", "FLOAT": "number", "DOUBLE": "number", "INT": "integer", "BOOL": "boolean", "STR": "string"
    })
)]
pub enum ValueType {
    /// Text.
    String,
    /// Any number.
    Number,
    /// A whole number.
    Integer,
    /// True or false.
    Boolean,
    /// A day.
    Date,
    /// A day and a time.
    Datetime,
    /// A time.
    Time,
    /// A duration.
    Duration,
    /// A list.
    List,
    /// A mapping.
    Object,
    /// Anything.
    Any,
}

/// What models use a field for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum DataFieldRole {
    /// An input.
    Feature,
    /// What is predicted.
    Label,
    /// It identifies the example.
    Id,
    /// It weighs the example.
    Weight,
    /// It says when the example was made.
    Timestamp,
    /// It divides the examples into slices.
    Slice,
    /// Nothing.
    Ignore,
}

/// How confidential values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Classification {
    /// Everybody may know them.
    Public,
    /// For members of the organization.
    Internal,
    /// About a person.
    Personal,
    /// About health, origin, beliefs and the like.
    Sensitive,
}

/// How finished a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum LifecycleStage {
    /// Planned, not yet there.
    Planned,
    /// There, but not yet for models in production.
    Alpha,
    /// For a few models.
    Beta,
    /// For all models.
    Production,
    /// For no new model.
    Deprecated,
    /// For finding faults only.
    DebugOnly,
}

/// What each value of a field must meet.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct FieldConstraints {
    /// Whether a value must be there in every example.
    pub required: Optional<bool>,
    /// Whether no value occurs twice.
    pub unique: Optional<bool>,
    /// Whether numbers must be finite; they must, unless it says false.
    pub finite: Optional<bool>,
    /// The smallest number that is allowed.
    pub minimum: Optional<f64>,
    /// The greatest number that is allowed.
    pub maximum: Optional<f64>,
    /// All numbers must be greater.
    pub exclusive_minimum: Optional<f64>,
    /// All numbers must be smaller.
    pub exclusive_maximum: Optional<f64>,
    /// The least number of characters.
    pub min_length: Optional<u64>,
    /// The greatest number of characters.
    pub max_length: Optional<u64>,
    /// A regular expression that texts match.
    pub pattern: Optional<Text>,
}

/// CountRange of a share.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Shares {
    /// The smallest share that is allowed, as a fraction.
    pub minimum: Required<Share>,
}

/// Limits of the distance between two distributions.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(transform = one_limit)]
pub struct DistanceLimits {
    /// The greatest difference of the shares of one value.
    pub linf: Optional<Share>,
    /// The Jensen-Shannon divergence, in bits.
    pub js_divergence: Optional<Share>,
    /// The square root of the Jensen-Shannon divergence.
    pub js_distance: Optional<Share>,
    /// The population stability index.
    pub psi: Optional<f64>,
    /// The Kolmogorov-Smirnov statistic.
    pub ks: Optional<Share>,
    /// The Wasserstein distance, in the unit of the field.
    pub wasserstein: Optional<f64>,
}

fn one_limit(schema: &mut Schema) {
    schema.insert("minProperties".to_owned(), json!(1));
}

/// How the kind is recognized, the roles of its fields, and the seed of a new document.
impl DataSchema {
    /// Returns the fields by name. Of two with one name, the first counts.
    #[must_use]
    pub fn fields_by_name(&self) -> FxHashMap<&str, &DataField> {
        let mut by_name = FxHashMap::default();
        for (_, field) in self.fields.get().into_iter().flat_map(List::iter) {
            if let Some(name) = field.name.get() {
                by_name.entry(&**name).or_insert(field);
            }
        }
        by_name
    }
}

pub(super) const DECLARATION: Declaration = Declaration {
    since: "0.2.0",
    summary: "The expected properties of data, by which it is validated (lifecycle step 5).",
    signature: KindSignature {
        own: &[],
        telling: &[&["fields[].lifecycleStage|fields[].notIn", "fields[].constraints", "environments"]],
        everyday: &[&["fields[].name", "fields[].type", "fieldsMatch|primaryKey|environments|inferredFrom"]],
    },
    fields: &[
        reference(&["dataset"], DATASET),
        reference(&["inferredFrom", "source", "DataStore"], DATASTORE),
        reference_as(&["replacedBy"], &[Kind::DataSchema], ReferenceRole::Replacement),
        range(&["rows"]),
        range(&["fields", "*", "constraints"]),
    ],
    seed: || {
        json!({
            "status": "Active",
            "fields": [
                {"name": "income", "type": "number", "constraints": {"minimum": 0}},
                {"name": "defaulted", "type": "integer", "role": "label", "categories": [0, 1]},
            ],
        })
    },
};
