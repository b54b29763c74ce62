//! An expression as it is written: nothing is looked up, and no type is known yet.
//!
//! Numbers and conditions are one type of node, so that the parser needs no lookahead to tell them apart, and so that "this is a
//! number, a condition was expected" can be said of the very node.

mod claim;
mod walk;

use crate::objectives::number::Exact;
use crate::objectives::unit::{MetricUnit, Unit};
use crate::text::Span;
pub use claim::{
    Amount, Change, ChangeReference, Claim, Comparison, Confidence, Limit, Predicate, Qualifiers, StepOrder, Verb,
};
pub use walk::is_of_form;

/// The condition of an objective.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// `for each slice of …,` before the condition.
    pub for_each: Option<ForEach>,
    /// `for each metric of […],` before the condition.
    pub each_metric: Option<EachMetric>,
    /// The condition; or, in a definition, the value. Where it is said of several metrics, all of these conditions; of those that match, once
    /// they are known.
    pub root: Expr,
}

/// `for each metric of [precision, recall],`
#[derive(Clone, Debug, PartialEq)]
pub struct EachMetric {
    /// The metrics.
    pub metrics: Metrics,
    /// The condition as it is written, with `value` in the place of each metric.
    pub template: Expr,
}

/// Several metrics.
#[derive(Clone, Debug, PartialEq)]
pub enum Metrics {
    /// `of [precision, recall]`
    Listed(Vec<Name>),
    /// `matching 'acc_*'`: those that are declared, and whose name is of this form. `*` stands for any characters.
    Matching(Name),
}

/// What stands for each of several metrics.
pub const EACH: &str = "value";

/// `for each slice of gender by race with at least 100 examples,`
#[derive(Clone, Debug, PartialEq)]
pub struct ForEach {
    /// From `for` to before the comma.
    pub span: Span,
    /// The slices.
    pub slices: Slices,
    /// `at least 3 slices of … satisfy`: how many are enough. Without, the condition must hold in all.
    pub at_least: Option<u64>,
}

/// `gender by race with at least 100 examples`
#[derive(Clone, Debug, PartialEq)]
pub struct Slices {
    /// The dimensions; of several, the intersections.
    pub dimensions: Vec<Name>,
    /// `except 'Meet'`: slices that are not meant.
    pub except: Vec<Name>,
    /// What becomes of small slices.
    pub sample: Option<Sample>,
}

/// What becomes of slices with few examples.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The words.
    pub span: Span,
    /// The least number of examples.
    pub examples: u64,
    /// What becomes of slices with fewer.
    pub small: SmallSlices,
}

/// What becomes of slices with fewer examples than asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmallSlices {
    /// `with at least N examples`: the objective is unknown.
    Unknown,
    /// `ignoring slices under N examples`: they are left out, and listed.
    LeftOut,
}

/// A name and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name, without quotes.
    pub text: String,
    /// Its place, with quotes.
    pub span: Span,
}

/// A part of an expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// Its place in the expression's text.
    pub span: Span,
    /// What it is.
    pub kind: ExprKind,
}

/// What a part of an expression is.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `85%`
    Number(Literal),
    /// `confusion_matrix.true_positive`; a metric, one of its fields, or a definition.
    Path(Vec<Name>),
    /// `metric('val/acc@1')`
    Metric(Name),
    /// `p95(latency)`; the function may be unknown.
    Call(Name, Box<Expr>),
    /// `ratio(selection_rate across gender)`
    Across(Box<Across>),
    /// A bound for each value of a dimension, which stands in a mapping of its own.
    ByValue(Box<ByValue>),
    /// `evaluated`: how long ago.
    Age,
    /// `-x`
    Negative(Box<Expr>),
    /// `x + y`
    Arithmetic(Operator, Box<Expr>, Box<Expr>),
    /// `(accuracy on validation)`
    On(Box<Expr>, Name),
    /// `error_rate over last 1 hour`, in seconds.
    Over(Box<Expr>, u64),
    /// `(accuracy of baseline)`
    Of(Box<Expr>, ChangeReference),
    /// `(bad_rate where band = '2')`
    Where(Box<Expr>, Vec<(Name, Name)>),
    /// `accuracy >= 85% on holdback`
    Claim(Box<Claim>),
    /// `not c`
    Not(Box<Expr>),
    /// `c and d and e`
    And(Vec<Expr>),
    /// `c or d or e`
    Or(Vec<Expr>),
    /// `c implies d`
    Implies(Box<Expr>, Box<Expr>),
}

/// A number with its unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Literal {
    /// The number as written, without its unit.
    pub number: Exact,
    /// Its unit.
    pub unit: Option<Unit>,
    /// Its currency, in the place of a unit: `EUR`.
    pub currency: Option<String>,
    /// `per 1000`: of how many it is.
    pub per: Option<u64>,
}

impl Literal {
    /// A number without a unit.
    #[must_use]
    pub fn bare(number: Exact) -> Self {
        Self { number, unit: None, currency: None, per: None }
    }

    /// Whether nothing is said of what it measures.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        self.unit.is_none() && self.currency.is_none() && self.per.is_none()
    }

    /// The unit that it is written in: `EUR per 1000` is a thousandth of `EUR`.
    #[must_use]
    pub fn measured_in(&self) -> MetricUnit {
        let unit = match (&self.currency, self.unit) {
            (Some(currency), _) => MetricUnit::named(currency),
            (None, Some(unit)) => MetricUnit::named(unit.symbol()),
            (None, None) => MetricUnit::named("one"),
        };
        let Some(per) = self.per else { return unit };
        let many = Exact::whole(i64::try_from(per).unwrap_or(i64::MAX));
        let symbol = format!("{} per {per}", unit.symbol).trim_start().to_owned();
        MetricUnit { factor: unit.factor.divided_by(&many).unwrap_or(Exact::ONE), symbol, ..unit }
    }
}

/// `{by: region, north: 0.9, else: 0.88}`
#[derive(Clone, Debug, PartialEq)]
pub struct ByValue {
    /// The dimension.
    pub dimension: Name,
    /// What holds for which of its values.
    pub cases: Vec<(Name, Expr)>,
    /// What holds for all others.
    pub otherwise: Option<Expr>,
}

/// An operator of arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

impl Operator {
    /// How it is written.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
        }
    }
}

/// `ratio(selection_rate across gender by race with at least 100 examples relative to 'white')`
#[derive(Clone, Debug, PartialEq)]
pub struct Across {
    /// What is made of the values of the slices.
    pub function: AcrossFunction,
    /// What is taken of each slice.
    pub value: Expr,
    /// The slices.
    pub slices: Slices,
    /// The slice that the others are measured against.
    pub relative_to: Option<Name>,
    /// By what the slices of a weighted mean count.
    pub weight: Option<Name>,
}

/// What is made of the values of slices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AcrossFunction {
    /// The least divided by the greatest.
    Ratio,
    /// The greatest less the least.
    Difference,
    /// The one that is worst, by `better` of the metric.
    Worst,
    /// The one that is best.
    Best,
    /// Their arithmetic mean.
    Mean,
    /// Their mean, weighted by the number of examples or by a metric.
    WeightedMean,
    /// The least step up from one to the next, in the declared order: `rises along` says that it is above 0.
    LeastRise,
    /// The least step down.
    LeastFall,
}

impl AcrossFunction {
    /// All, with their names.
    pub const ALL: [(Self, &'static str); 4] =
        [(Self::Ratio, "ratio"), (Self::Difference, "difference"), (Self::Worst, "worst"), (Self::Best, "best")];

    /// The function of this name, unless there is one of lists with the same.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, own)| *own == name).map(|(function, _)| function)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::WeightedMean => "weighted mean",
            Self::LeastRise => "least rise",
            Self::LeastFall => "least fall",
            _ => Self::ALL.into_iter().find(|(function, _)| *function == self).map_or("", |(_, name)| name),
        }
    }
}
