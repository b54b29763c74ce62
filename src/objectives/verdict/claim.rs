//! What a verdict says of each claim, in each slice.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::ReasonCode;

/// A value, what is said of it, and whether that is so.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct JudgedClaim {
    /// Whether it belongs to `expect` or to `aim`.
    pub part: ObjectivePart,
    /// The slice that it was judged in: a map from dimension to value; empty for all the data.
    pub slice: BTreeMap<String, String>,
    /// The dataset that it names, as the objectives call it.
    pub dataset: Option<String>,
    /// The claim, as it is written.
    pub text: String,
    /// Whether it is so.
    pub truth: ClaimTruth,
    /// Whether something that it reads is not a finite number.
    pub tainted: bool,
    /// Why it is not true.
    pub reason: Option<ReasonCode>,
    /// The reason in words, or the values that make it true.
    pub message: String,
    /// The value, in `unit`, as a decimal number; rounded to 15 significant digits where it does not end.
    #[schemars(extend("pattern" = DECIMAL))]
    pub value: Option<String>,
    /// The unit of the numbers; empty for a fraction or a count.
    pub unit: String,
    /// What the value must be, to the threshold.
    pub comparison: Option<JudgedComparison>,
    /// The least or greatest value that is allowed, worked out from the reference where a change is limited; the lower one of two.
    #[schemars(extend("pattern" = DECIMAL))]
    pub threshold: Option<String>,
    /// The greater one of two thresholds.
    #[schemars(extend("pattern" = DECIMAL))]
    pub upper_threshold: Option<String>,
    /// How far the value is from the nearest threshold: positive on the side that is demanded, negative beyond it.
    #[schemars(extend("pattern" = DECIMAL))]
    pub margin: Option<String>,
    /// What a change is measured against.
    #[schemars(extend("pattern" = DECIMAL))]
    pub reference: Option<String>,
    /// The confidence interval that was judged.
    pub interval: Option<JudgedInterval>,
    /// The number of examples, the least of the records that were read.
    pub count: Option<u64>,
    /// The record that the value is from, where it is from one.
    pub place: Option<RecordPlace>,
}

/// A decimal number.
const DECIMAL: &str = "^-?[0-9]+(\\.[0-9]+)?$";

/// The condition that a claim belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ObjectivePart {
    /// What must hold.
    Expect,
    /// What should hold, too.
    Aim,
}

/// Whether a claim is so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ClaimTruth {
    /// It is.
    True,
    /// It is not.
    False,
    /// That is not known.
    Unknown,
}

/// What a value must be, to its threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum JudgedComparison {
    /// Not below it.
    #[serde(rename = ">=")]
    AtLeast,
    /// Not above it.
    #[serde(rename = "<=")]
    AtMost,
    /// Above it.
    #[serde(rename = ">")]
    Above,
    /// Below it.
    #[serde(rename = "<")]
    Below,
    /// Equal to it.
    #[serde(rename = "==")]
    Equal,
    /// Not equal to it.
    #[serde(rename = "!=")]
    NotEqual,
    /// Between the two, both included.
    #[serde(rename = "between")]
    Between,
    /// Not between the two, of which both are allowed.
    #[serde(rename = "outside")]
    Outside,
}

impl JudgedComparison {
    /// How people read it.
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
    /// The confidence level as a fraction, as it is demanded.
    #[schemars(extend("pattern" = DECIMAL))]
    pub level: String,
    /// Whether that is the level of the interval, or of each of its bounds by itself.
    pub sides: Sides,
    /// Where it is from.
    pub method: Method,
}

/// Where a confidence interval is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// The record.
    Logged,
    /// The number of examples, as the Wilson score interval.
    Wilson,
    /// The number of examples, as the exact interval of Clopper and Pearson, where Wilson's promises too much of few examples.
    Exact,
    /// The intervals of both values that are compared, as Newcombe's interval of their difference.
    Newcombe,
    /// The same examples judged with both models, as Newcombe's interval of a paired difference.
    Paired,
    /// The same examples judged with both models, as Tango's interval of a paired difference, where Newcombe's promises too much of few pairs.
    Tango,
    /// The intervals of all pairs of slices, which hold together: Newcombe's of their difference, or Donner and Zou's of their ratio.
    Slices,
}

/// What a confidence level is of.
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
