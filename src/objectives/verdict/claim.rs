//! The claims of a verdict, in each slice.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::ReasonCode;

/// A statement about a value, and whether it is true.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct JudgedClaim {
    /// Whether it belongs to `expect` or to `aim`.
    pub part: ObjectivePart,
    /// The slice that it was judged in: a map from dimension to value; empty for all of the data.
    pub slice: BTreeMap<String, String>,
    /// The dataset that it names, by its name in the objectives.
    pub dataset: Option<String>,
    /// The claim, as it is written.
    pub text: String,
    /// Whether it is true.
    pub truth: ClaimTruth,
    /// Whether a value that it reads is not a finite number.
    pub tainted: bool,
    /// Why it is not true.
    pub reason: Option<ReasonCode>,
    /// The reason in words, or the values that make it true.
    pub message: String,
    /// The value, in `unit`, as a decimal number; rounded to 15 significant digits if its expansion does not end.
    #[schemars(extend("pattern" = DECIMAL))]
    pub value: Option<String>,
    /// The unit of the numbers; empty for a fraction or a count.
    pub unit: String,
    /// The required relation of the value to the threshold.
    pub comparison: Option<JudgedComparison>,
    /// The least or greatest permitted value, computed from the reference if a change is limited; the lower one of two.
    #[schemars(extend("pattern" = DECIMAL))]
    pub threshold: Option<String>,
    /// The greater one of two thresholds.
    #[schemars(extend("pattern" = DECIMAL))]
    pub upper_threshold: Option<String>,
    /// The distance of the value from the nearest threshold: positive if the value is permitted, otherwise negative.
    #[schemars(extend("pattern" = DECIMAL))]
    pub margin: Option<String>,
    /// The reference that a change is measured against.
    #[schemars(extend("pattern" = DECIMAL))]
    pub reference: Option<String>,
    /// The confidence interval that was used.
    pub interval: Option<JudgedInterval>,
    /// The number of examples: the least of the records that were read.
    pub count: Option<u64>,
    /// The record of the value, if it is from a single one.
    pub place: Option<RecordPlace>,
}

/// A decimal number.
const DECIMAL: &str = "^-?[0-9]+(\\.[0-9]+)?$";

/// The condition that a claim belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ObjectivePart {
    /// The condition that must hold.
    Expect,
    /// The stricter condition that should also hold.
    Aim,
}

/// Whether a claim is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ClaimTruth {
    /// It is true.
    True,
    /// It is false.
    False,
    /// It is unknown.
    Unknown,
}

/// The required relation of a value to its threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum JudgedComparison {
    /// Not below the threshold.
    #[serde(rename = ">=")]
    AtLeast,
    /// Not above the threshold.
    #[serde(rename = "<=")]
    AtMost,
    /// Above the threshold.
    #[serde(rename = ">")]
    Above,
    /// Below the threshold.
    #[serde(rename = "<")]
    Below,
    /// Equal to the threshold.
    #[serde(rename = "==")]
    Equal,
    /// Not equal to the threshold.
    #[serde(rename = "!=")]
    NotEqual,
    /// Between the two thresholds, both included.
    #[serde(rename = "between")]
    Between,
    /// Not between the two thresholds, both of which are permitted.
    #[serde(rename = "outside")]
    Outside,
}

impl JudgedComparison {
    /// Returns the symbol that is shown.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::AtLeast => "≥",
            Self::AtMost => "≤",
            Self::Above => ">",
            Self::Below => "<",
            Self::Equal => "=",
            Self::NotEqual => "≠",
            Self::Between => "between",
            Self::Outside => "outside",
        }
    }
}

/// A confidence interval.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct JudgedInterval {
    /// The lower bound.
    #[schemars(extend("pattern" = DECIMAL))]
    pub lower: String,
    /// The upper bound.
    #[schemars(extend("pattern" = DECIMAL))]
    pub upper: String,
    /// The required confidence level, as a fraction.
    #[schemars(extend("pattern" = DECIMAL))]
    pub level: String,
    /// Whether that is the level of the interval, or of each of its bounds.
    pub sides: Sides,
    /// The method by which it was computed.
    pub method: Method,
}

/// The method by which a confidence interval was computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Logged in the record.
    Logged,
    /// The Wilson score interval, from the number of examples.
    Wilson,
    /// The exact interval of Clopper and Pearson, from the number of examples, if Wilson's is too narrow for few examples.
    Exact,
    /// Newcombe's interval of a difference, from the intervals of both values that are compared.
    Newcombe,
    /// Newcombe's interval of a paired difference, from the results of both models on the same examples.
    Paired,
    /// Tango's interval of a paired difference, from the results of both models on the same examples, if Newcombe's is too narrow for few
    /// pairs.
    Tango,
    /// The intervals of all pairs of slices, which hold together: Newcombe's of their difference, or Donner and Zou's of their ratio.
    Slices,
}

/// What a confidence level applies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Sides {
    /// The interval: the value may be beyond either bound.
    Two,
    /// One bound: the value may be beyond that one.
    One,
}

/// The place of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RecordPlace {
    /// The file, with `/` between folders.
    pub path: String,
    /// JSON Pointer (RFC 6901) of the value in its document.
    pub pointer: String,
    /// The line of the value, from 1.
    #[schemars(range(min = 1))]
    pub line: u32,
    /// Its column, in characters from 1.
    #[schemars(range(min = 1))]
    pub column: u32,
}

/// A slice that was left out because it is small.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LeftOut {
    /// The slice: a map from dimension to value.
    pub slice: BTreeMap<String, String>,
    /// Its number of examples.
    pub count: u64,
}
