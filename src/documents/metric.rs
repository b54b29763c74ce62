//! A metric: one measured value, as recorded by runs, evaluations and tests.

use schemars::{JsonSchema, Schema};
use serde::Deserialize;
use serde_json::{Map, json};

use super::common::{Reference, Text};
use super::field::{self, Any, Optional, Required};

/// One measured value.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(transform = of_its_type)]
pub struct Metric {
    /// Names the metric.
    pub key: Required<Text>,
    /// The value: a number, a list of numbers, or a map of named numbers such as a confusion matrix.
    #[schemars(extend(
        "type" = ["number", "array", "object"],
        "x-mlspec-rule" = {"type": "run/metric-value-mismatch"}
    ))]
    pub value: Required<Any>,
    /// The shape of the value.
    pub value_type: Optional<MetricType>,
    /// The data that the value was measured on, by name, `name@version` or id.
    pub dataset: Optional<Reference>,
    /// The part of the data that the value was measured on: a map from dimension to value, such as `gender: female`.
    pub slice: Optional<field::Map<Text>>,
    /// The number of examples that the value was measured on.
    #[schemars(extend("x-mlspec-rule" = {"minimum": "document/not-allowed-value"}))]
    pub count: Optional<u64>,
    /// The unit of the value, such as `ms` or `fraction`.
    pub unit: Optional<Text>,
    /// The confidence interval of the value.
    pub ci: Optional<ConfidenceInterval>,
    /// How many of the examples measured on both candidate and baseline each of them got right, as needed for a paired comparison.
    pub pairs: Optional<Pairs>,
    /// The training step at which the value was measured.
    #[schemars(range(min = 0))]
    pub step: Optional<i64>,
}

/// A value has the shape that its `value_type` declares. Each condition is the `else` of the previous one, so that a validator stops at
/// the one that holds: a workspace has many metrics.
fn of_its_type(schema: &mut Schema) {
    let shapes = [("object", "object"), ("array", "array"), ("scalar", "number")];
    let conditions = shapes.into_iter().fold(Map::new(), |other, (declared, wanted)| {
        let help = format!("value_type says {declared}; correct one or the other");
        let condition = json!({
            "if": {"required": ["value_type"], "properties": {"value_type": {"const": declared}}},
            "then": {
                "properties": {"value": {"type": wanted}},
                "x-mlspec-rule": {"type": "run/metric-value-mismatch"},
                "x-mlspec-help": help
            }
        });
        let otherwise = (!other.is_empty()).then(|| ("else".to_owned(), other.into()));
        condition.as_object().cloned().into_iter().flatten().chain(otherwise).collect()
    });
    conditions.into_iter().for_each(|(keyword, value)| {
        schema.insert(keyword, value);
    });
}

/// The same examples, judged with two models. For proportions other than accuracy, "right" means having the measured property.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Pairs {
    /// The number of examples that both models get right.
    pub both: Required<u64>,
    /// The number of examples that only the candidate gets right.
    pub only_candidate: Required<u64>,
    /// The number of examples that only the baseline gets right.
    pub only_baseline: Required<u64>,
    /// The number of examples that neither gets right.
    pub neither: Required<u64>,
}

/// The shape of a metric's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(
    inline,
    extend(
        "x-mlspec-rule" = {"enum": "run/metric-value-type"},
        "x-mlspec-aliases" = {"NUMBER": "scalar", "STRING": "scalar"}
    )
)]
pub enum MetricType {
    /// One number.
    Scalar,
    /// A list of numbers.
    Array,
    /// A map of named numbers.
    Object,
}

/// A confidence interval.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ConfidenceInterval {
    /// The confidence level as a fraction, such as 0.95.
    #[schemars(extend(
        "exclusiveMinimum" = 0,
        "exclusiveMaximum" = 1,
        "x-mlspec-rule" = {
            "exclusiveMinimum": "document/not-allowed-value",
            "exclusiveMaximum": "document/not-allowed-value"
        }
    ))]
    pub level: Required<f64>,
    /// The lower bound, in the unit of the metric.
    pub lower: Required<f64>,
    /// The upper bound, in the unit of the metric.
    pub upper: Required<f64>,
}
