//! Expressions as they are written: names are not resolved, and types are not known yet.
//!
//! Numbers and conditions are the same type of node, so that the parser needs no lookahead to distinguish them, and so that "this is a
//! number, a condition was expected" can be reported at the node itself.

mod claim;
mod record;
mod walk;

use crate::objectives::number::Exact;
use crate::objectives::unit::{MetricUnit, Unit};
use crate::text::Span;
pub use claim::{
    Amount, Change, ChangeReference, Claim, Comparison, Confidence, Limit, Predicate, Qualifiers, StepOrder, Verb,
};
pub use record::{DISTANCES, RecordLiteral, RecordTest, RecordTestKind};
pub use walk::is_of_form;

/// The condition of an objective.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// `for each slice of …,` before the condition.
    pub for_each: Option<ForEach>,
    /// `for each metric of […],` before the condition.
    pub each_metric: Option<EachMetric>,
    /// The condition; or, in a definition, the value. For several metrics, the conjunction of their conditions; for a pattern of metrics,
    /// once the matching ones are known.
    pub root: Expr,
}

/// `for each metric of [precision, recall],`
#[derive(Clone, Debug, PartialEq)]
pub struct EachMetric {
    /// The metrics.
    pub metrics: Metrics,
    /// The condition as it is written, with `value` in place of each metric.
    pub template: Expr,
}

/// Several metrics.
#[derive(Clone, Debug, PartialEq)]
pub enum Metrics {
    /// `of [precision, recall]`
    Listed(Vec<Name>),
    /// `matching 'acc_*'`: the declared metrics whose name matches. `*` stands for any characters.
    Matching(Name),
}

/// The word that stands for each of several metrics.
pub const EACH: &str = "value";

/// `for each slice of gender by race with at least 100 examples,`
#[derive(Clone, Debug, PartialEq)]
pub struct ForEach {
    /// The range from `for` to before the comma.
    pub span: Span,
    /// The slices.
    pub slices: Slices,
    /// `at least 3 slices of … satisfy`: the number of slices that suffices. If `None`, the condition must hold in all.
    pub at_least: Option<u64>,
}

/// `gender by race with at least 100 examples`
#[derive(Clone, Debug, PartialEq)]
pub struct Slices {
    /// The dimensions; if there are several, their intersections.
    pub dimensions: Vec<Name>,
    /// `except 'Meet'`: the excluded slices.
    pub except: Vec<Name>,
    /// How small slices are treated.
    pub sample: Option<Sample>,
}

/// How slices with few examples are treated.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Its range in the text.
    pub span: Span,
    /// The least number of examples.
    pub examples: u64,
    /// How slices with fewer examples are treated.
    pub small: SmallSlices,
}

/// The treatments of slices with too few examples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmallSlices {
    /// `with at least N examples`: the objective is unknown.
    Unknown,
    /// `ignoring slices under N examples`: they are left out, and listed.
    LeftOut,
}

/// A name, and its range in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name, without quotes.
    pub text: String,
    /// Its range in the text, with quotes.
    pub span: Span,
}

/// A part of an expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// Its range in the text of the expression.
    pub span: Span,
    /// The kind of part.
    pub kind: ExprKind,
}

/// The kinds of parts of an expression.
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
    /// `share(resultCode >= 500)`: of the records of a log.
    Share(Box<RecordTest>),
    /// `js_divergence(income)`: the name of the distance, and the field.
    Distance(Name, Name),
    /// A bound for each value of a dimension, which is written as a mapping.
    ByValue(Box<ByValue>),
    /// `evaluated`: the age of the evidence.
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
    /// Its currency, instead of a unit: `EUR`.
    pub currency: Option<String>,
    /// `per 1000`: the number that it refers to.
    pub per: Option<u64>,
}

impl Literal {
    /// Returns a number without a unit.
    #[must_use]
    pub fn bare(number: Exact) -> Self {
        Self { number, unit: None, currency: None, per: None }
    }

    /// Returns whether the number has no unit, currency or divisor.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        self.unit.is_none() && self.currency.is_none() && self.per.is_none()
    }

    /// Returns the unit that it is written in: `EUR per 1000` is a thousandth of `EUR`.
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
    /// The values of the dimension, with the number for each.
    pub cases: Vec<(Name, Expr)>,
    /// The number for all other values.
    pub otherwise: Option<Expr>,
}

/// An arithmetic operator.
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
    /// Returns the symbol.
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
    /// The function that combines the values of the slices.
    pub function: AcrossFunction,
    /// The value that is taken from each slice.
    pub value: Expr,
    /// The slices.
    pub slices: Slices,
    /// The slice that the others are compared with.
    pub relative_to: Option<Name>,
    /// The weights of the slices, for a weighted mean.
    pub weight: Option<Name>,
}

/// A function of the values of slices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AcrossFunction {
    /// The least value divided by the greatest.
    Ratio,
    /// The greatest value minus the least.
    Difference,
    /// The worst value, by `better` of the metric.
    Worst,
    /// The best value.
    Best,
    /// The arithmetic mean.
    Mean,
    /// The mean, weighted by the number of examples or by a metric.
    WeightedMean,
    /// The least step up from one slice to the next, in the declared order: `rises along` claims that it is positive.
    LeastRise,
    /// The least step down.
    LeastFall,
}

impl AcrossFunction {
    /// The functions that lists do not have, with their names.
    pub const ALL: [(Self, &'static str); 4] =
        [(Self::Ratio, "ratio"), (Self::Difference, "difference"), (Self::Worst, "worst"), (Self::Best, "best")];

    /// Returns the function with this name; `None` for those that lists have as well, such as `mean`.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, own)| *own == name).map(|(function, _)| function)
    }

    /// Returns the name.
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
