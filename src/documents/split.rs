//! `split`: how data was split (lifecycle step 6).

use schemars::{JsonSchema, Schema};
use serde::Deserialize;
use serde_json::json;

use super::common::{Description, Digest, Name, ObjectId, Period, Reference, Share, SpecVersion, Text, Timestamp};
use super::declaration::{Declaration, KindSignature};
use super::field::{List, Map, Optional, Required};
use super::kind::KindName;
use super::requirement::require;
use super::roles::{DATASET, RUN, ReferenceRole, range, reference, reference_as};

/// How data was split into sets for training, validation, test and debugging, and what is known about each of them.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(transform = complete)]
pub struct Split {
    /// Version of the MLSpec specification that the document follows.
    pub ml_spec_version: Required<SpecVersion>,
    /// The kind of the document: `split` (lifecycle step 6).
    pub kind: Required<KindName>,
    /// Identifies the document permanently; usually a UUID.
    pub id: Required<ObjectId>,
    /// Names the split.
    pub name: Required<Name>,
    /// A description of the split.
    pub description: Optional<Description>,
    /// The data that was split, by name, `name@version` or id.
    pub source: Required<Reference>,
    /// Digest of the data that was split.
    pub source_digest: Optional<Digest>,
    /// The run that performed the split, by id.
    pub run: Optional<Reference>,
    /// When the split was performed.
    pub performed_on: Optional<Timestamp>,
    /// How examples were assigned to sets.
    pub method: Required<SplitMethod>,
    /// The field that decides: that of the time, of the strata, or whose hash is taken.
    pub by: Optional<Text>,
    /// The field whose values are in one set each, such as `customer_id`.
    pub group_by: Optional<Text>,
    /// The seed of the random numbers.
    pub seed: Optional<i64>,
    /// The sets.
    pub sets: Required<SplitSets>,
    /// What was counted in two sets.
    pub overlap: Optional<List<Overlap>>,
}

/// "Random without a seed" cannot be repeated, nor can a split by nothing.
fn complete(schema: &mut Schema) {
    require(schema, "method", &["random", "stratified", "group"], "seed", "split/random-without-seed");
    require(schema, "method", &["time", "stratified", "hash"], "by", "split/method-incomplete");
    require(schema, "method", &["group"], "groupBy", "split/method-incomplete");
}

/// How examples are assigned to sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum SplitMethod {
    /// By chance.
    Random,
    /// By chance, with equal shares of each value of `by`.
    Stratified,
    /// By chance, all examples with one value of `groupBy` together.
    Group,
    /// By time: the sets follow each other.
    Time,
    /// By the hash of `by`.
    Hash,
    /// As whoever provides the data did it.
    Predefined,
}

/// The sets of a split.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SplitSets {
    /// What models are trained on.
    pub training: Required<SplitSet>,
    /// What models are chosen by: for tuning and evaluation.
    pub validation: Optional<SplitSet>,
    /// What models are tested on, if it is not held back.
    pub test: Optional<SplitSet>,
    /// What is held back for the test, and used for nothing else.
    pub holdback: Optional<SplitSet>,
    /// A few examples for debugging.
    pub debugging: Optional<SplitSet>,
}

impl SplitSets {
    /// Returns the sets that are there, each with its name.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &SplitSet)> {
        let optional = [
            ("validation", &self.validation),
            ("test", &self.test),
            ("holdback", &self.holdback),
            ("debugging", &self.debugging),
        ];
        let others = optional.into_iter().filter_map(|(name, set)| Some((name, set.get()?)));
        self.training.get().map(|set| ("training", set)).into_iter().chain(others)
    }
}

/// One set of a split.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(inline)]
pub struct SplitSet {
    /// The data, by name, `name@version` or id.
    pub dataset: Required<Reference>,
    /// Digest of the data.
    pub digest: Optional<Digest>,
    /// Its share of the examples, as a fraction.
    pub fraction: Optional<Share>,
    /// The number of examples.
    pub num_examples: Optional<u64>,
    /// The first and last day of its examples.
    pub range: Optional<Period>,
    /// The number of examples with each label.
    pub labels: Optional<Map<u64>>,
}

/// What was counted in two sets.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Overlap {
    /// The two sets.
    #[schemars(extend("minItems" = 2, "maxItems" = 2, "uniqueItems" = true))]
    pub between: Required<List<SetName>>,
    /// The field whose values were compared; without it, whole examples.
    pub by: Optional<Text>,
    /// How many values are in both.
    pub count: Required<u64>,
}

/// The name of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum SetName {
    /// The training set.
    Training,
    /// The validation set.
    Validation,
    /// The test set.
    Test,
    /// The hold-back set.
    Holdback,
    /// The debugging set.
    Debugging,
}

/// How the kind is recognized, the roles of its fields, and the seed of a new document.
pub(super) const DECLARATION: Declaration = Declaration {
    since: "0.2.0",
    summary: "How data was split into sets, and what is known about each (lifecycle step 6).",
    signature: KindSignature {
        own: &[],
        telling: &[&["sets.training.dataset", "method", "source"]],
        everyday: &[&["sets.training", "source"], &["sets.training", "overlap[].between"]],
    },
    fields: &[
        reference_as(&["source"], DATASET, ReferenceRole::RecordedData),
        reference_as(&["sets", "*", "dataset"], DATASET, ReferenceRole::SplitSet),
        reference(&["run"], RUN),
        range(&["sets", "*", "range"]),
    ],
    seed: || {
        json!({
            "source": "credit-default@1.0.0", "method": "random", "seed": 17,
            "sets": {
                "training": {"dataset": "credit-train@1.0.0", "fraction": 0.8},
                "holdback": {"dataset": "credit-holdback@1.0.0", "fraction": 0.2},
            },
        })
    },
};
