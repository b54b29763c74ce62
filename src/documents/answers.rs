//! What a model answers, and with what else its answers are compared (lifecycle step 1).

use schemars::JsonSchema;
use serde::Deserialize;

use super::common::{Reference, Text};
use super::field::{Any, List, Map, Optional, Required};

/// An output of a model.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ModelOutput {
    /// The type of the answer.
    #[serde(rename = "type")]
    pub output_type: Required<OutputType>,
    /// The least and the greatest value.
    #[schemars(extend(
        "minItems" = 2,
        "maxItems" = 2,
        "x-mlspec-rule" = {"minItems": "document/invalid-format", "maxItems": "document/invalid-format"}
    ))]
    pub range: Optional<List<f64>>,
    /// The values, if there are only these.
    pub values: Optional<List<Any>>,
    /// The score from which on the other of two answers is given.
    pub threshold: Optional<f64>,
    /// The output whose value is compared with `threshold`.
    pub of: Optional<Text>,
}

/// The type of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum OutputType {
    /// A number.
    Float,
    /// A whole number.
    Integer,
    /// A text.
    String,
    /// Yes or no.
    Boolean,
    /// A list.
    Array,
    /// Several named values.
    Object,
}

/// Something that a model is compared with.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ReferencePoint {
    /// A run of another model, by name or id.
    pub run: Optional<Reference>,
    /// Where the values come from, if not from a run: a paper, or who answered what.
    pub source: Optional<Text>,
    /// The values: a map from the name of a metric to its value.
    pub values: Optional<Map<f64>>,
    /// The number of examples that the values were measured on.
    #[schemars(extend("minimum" = 1))]
    pub count: Optional<u64>,
}
