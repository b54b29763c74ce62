//! Conditions as they are judged: names are resolved, types are checked, and numbers are in the unit of their dimension.
//!
//! A [`Condition`] is made from an [`Expression`](super::syntax::ast::Expression) by [`Policy::of`](super::policy::Policy::of), which
//! otherwise reports what is wrong with the expression.

use super::number::Exact;
pub use super::syntax::ast::{AcrossFunction, ChangeReference, Comparison, Limit, Operator, Sample, SmallSlices, Verb};
use super::unit::MetricUnit;
use crate::text::Span;

/// The position of a metric in [`Policy::metrics`](super::policy::Policy::metrics).
pub type MetricId = usize;
/// The position of a dataset in [`Policy::datasets`](super::policy::Policy::datasets).
pub type DatasetId = usize;
/// The position of a definition in [`Policy::definitions`](super::policy::Policy::definitions).
pub type DefinitionId = usize;

/// A condition that an objective demands.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The slices in each of which the condition must hold; if `None`, it is judged once.
    pub for_each: Option<Slices>,
    /// The number of slices in which it must hold; if `None`, all of them.
    pub at_least: Option<u64>,
    /// The condition.
    pub root: Truth,
}

/// Slices by one dimension, or by the intersections of several.
#[derive(Clone, Debug)]
pub struct Slices {
    /// The range of the text after `for each slice of`.
    pub span: Span,
    /// The names of the dimensions, in the order of the text.
    pub dimensions: Vec<String>,
    /// The excluded slices, in order: the values of the dimensions, joined by ` by `.
    pub except: Vec<String>,
    /// How slices with few examples are treated.
    pub sample: Option<Sample>,
}

impl Slices {
    /// Returns whether a slice is excluded.
    #[must_use]
    pub fn excepts(&self, slice: &str) -> bool {
        self.except.binary_search_by(|own| own.as_str().cmp(slice)).is_ok()
    }
}

/// A proposition that is true, false, or unknown.
#[derive(Clone, Debug)]
pub struct Truth {
    /// Its range in the text of the expression.
    pub span: Span,
    /// The kind of proposition.
    pub kind: TruthKind,
}

/// The kinds of propositions.
#[derive(Clone, Debug)]
pub enum TruthKind {
    /// A claim about a value.
    Claim(Box<Claim>),
    /// True if the operand is false.
    Not(Box<Truth>),
    /// True if all operands are; at least two.
    And(Vec<Truth>),
    /// True if one operand is; at least two.
    Or(Vec<Truth>),
    /// True if the first operand is false or the second is true.
    Implies(Box<Truth>, Box<Truth>),
}

/// A statement about a value.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The value: a number, or of any type if the claim is only that it is reported.
    pub value: Value,
    /// The statement about it.
    pub predicate: Predicate,
    /// The data that the value is measured on.
    pub dataset: Option<DatasetId>,
    /// The confidence at which the whole interval must agree.
    pub confidence: Option<Confidence>,
    /// The least number of examples.
    pub examples: Option<u64>,
    /// Only measurements of this many seconds before the date of the verdict count.
    pub window: Option<u64>,
}

/// The required confidence of a claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Confidence {
    /// The level of the two-sided interval that is compared, between 0 and 1.
    pub level: Exact,
    /// The level as it is written; if the bounds are one-sided, that of each of the two.
    pub written: Exact,
    /// Whether it is the level of one bound alone.
    pub is_one_sided: bool,
    /// Whether candidate and reference were measured on the same examples.
    pub is_paired: bool,
}

/// The statement that a claim makes about its value.
#[derive(Clone, Debug)]
pub enum Predicate {
    /// The comparison with a bound.
    Compare(Comparison, Value),
    /// The value is neither below the first nor above the second.
    Between(Value, Value),
    /// The value differs from the other by at most the amount.
    Within(Amount, Value),
    /// The change of the value from a reference.
    Change {
        /// The direction; for `improves` and `worsens`, it follows from `better` of the metric.
        direction: ChangeDirection,
        /// The word that was written.
        verb: Verb,
        /// Whether the amount is the least or the greatest permitted change.
        limit: Limit,
        /// The amount of change.
        amount: Amount,
        /// The reference that the change is measured against.
        reference: ChangeReference,
    },
    /// The value is reported; or, if this is true, it is not.
    Reported(bool),
}

/// The direction of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeDirection {
    /// Candidate minus reference.
    Up,
    /// Reference minus candidate.
    Down,
    /// The greater of the two.
    Either,
}

/// How much two numbers may differ.
#[derive(Clone, Debug, PartialEq)]
pub enum Amount {
    /// In the unit of the dimension.
    Absolute(Exact),
    /// As a share of the absolute value of the reference: `5%` is 1/20.
    Relative(Exact),
}

/// A number, or an array or object that a function reduces to one.
#[derive(Clone, Debug)]
pub struct Value {
    /// Its range in the text of the expression.
    pub span: Span,
    /// The kind of value.
    pub kind: ValueKind,
    /// The unit in which it is shown. Values themselves are in the unit of their dimension.
    pub unit: MetricUnit,
}

/// The kinds of values.
#[derive(Clone, Debug)]
pub enum ValueKind {
    /// A literal, in the unit of its dimension.
    Number(Exact),
    /// A metric, or a field of one that is an object.
    Metric(MetricId, Option<String>),
    /// One number from an array; for [`Aggregate::Abs`], from a number.
    Aggregate(Aggregate, Box<Value>),
    /// One number from the values of several slices.
    Across(Box<Across>),
    /// The negative of a number.
    Negative(Box<Value>),
    /// An arithmetic operation on two numbers.
    Arithmetic(Operator, Box<Value>, Box<Value>),
    /// A value measured on this dataset, regardless of the dataset of the enclosing claim.
    On(Box<Value>, DatasetId),
    /// A value of other measurements than those of the enclosing claim.
    Within(Box<Value>, Within),
    /// The value of a definition.
    Definition(DefinitionId),
    /// A value that depends on the slice in which it is evaluated.
    ByValue(Box<ByValue>),
    /// The time since the evidence about the candidate was measured: that of the oldest document on the dataset; for monitored data, that
    /// of the newest.
    Age,
}

/// Different numbers for the values of a dimension.
#[derive(Clone, Debug)]
pub struct ByValue {
    /// The dimension.
    pub dimension: String,
    /// Its values with their numbers, in order.
    pub cases: Vec<(String, Value)>,
    /// The number for all other values.
    pub otherwise: Option<Value>,
}

impl ByValue {
    /// Returns all numbers.
    pub fn numbers(&self) -> impl Iterator<Item = &Value> {
        self.cases.iter().map(|(_, value)| value).chain(&self.otherwise)
    }

    /// Returns the number for a value of the dimension.
    #[must_use]
    pub fn of(&self, name: &str) -> Option<&Value> {
        let found = self.cases.binary_search_by(|(own, _)| own.as_str().cmp(name));
        found.ok().and_then(|at| self.cases.get(at)).map(|(_, value)| value).or(self.otherwise.as_ref())
    }
}

/// The measurements that a value is taken from.
#[derive(Clone, Debug, PartialEq)]
pub enum Within {
    /// Those of a slice within the enclosing one: pairs of dimension and value.
    Slice(Vec<(String, String)>),
    /// Those of this many seconds before the date of the verdict.
    Window(u64),
    /// Those of another model than the candidate.
    Reference(ChangeReference),
}

/// One number from the values of slices.
#[derive(Clone, Debug)]
pub struct Across {
    /// The function that combines the values.
    pub function: AcrossFunction,
    /// The value that is taken from each slice.
    pub value: Value,
    /// The slices.
    pub slices: Slices,
    /// The slice that the others are compared with: the values of its dimensions, joined by ` by `.
    pub relative_to: Option<String>,
    /// The weights of the slices, for a weighted mean.
    pub weight: Option<Weight>,
    /// For [`AcrossFunction::Worst`] and [`AcrossFunction::Best`]: whether they select the greatest value, according to `better` of the
    /// metric.
    pub takes_greatest: bool,
}

/// The weight of a slice.
#[derive(Clone, Debug)]
pub enum Weight {
    /// The number of examples.
    Count,
    /// A metric.
    Metric(Value),
}

/// A function from many numbers to one.
#[derive(Clone, Debug, PartialEq)]
pub enum Aggregate {
    /// The minimum.
    Min,
    /// The maximum.
    Max,
    /// The arithmetic mean.
    Mean,
    /// The median; of an even number of values, the mean of the two in the middle.
    Median,
    /// The sum.
    Sum,
    /// The number of values.
    Count,
    /// The standard deviation of a sample (divided by n − 1).
    Std,
    /// The value that was logged first.
    First,
    /// The value that was logged last.
    Last,
    /// The absolute value of a single number.
    Abs,
    /// The quantile of this order between 0 and 1, by linear interpolation (Hyndman and Fan, type 7).
    Quantile(Exact),
}

impl Aggregate {
    /// The names of the functions, except the quantiles.
    pub const NAMES: [(&'static str, Self); 10] = [
        ("min", Self::Min),
        ("max", Self::Max),
        ("mean", Self::Mean),
        ("median", Self::Median),
        ("sum", Self::Sum),
        ("count", Self::Count),
        ("std", Self::Std),
        ("first", Self::First),
        ("last", Self::Last),
        ("abs", Self::Abs),
    ];

    /// Returns the function of this name; `p95` is the quantile 0.95, `p999` the quantile 0.999.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        if let Some((_, function)) = Self::NAMES.into_iter().find(|(own, _)| *own == name) {
            return Some(function);
        }
        let digits = name.strip_prefix('p')?;
        // `p100` would be the quantile 0.1, which nobody means.
        let is_order =
            (2..=9).contains(&digits.len()) && digits != "100" && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_order.then(|| Exact::parse(&format!("0.{digits}")).map(Self::Quantile)).flatten()
    }
}

impl Condition {
    /// Returns every claim, in the order of the text.
    #[must_use]
    pub fn claims(&self) -> Vec<&Claim> {
        let mut claims = Vec::new();
        self.root.collect(&mut claims);
        claims
    }
}

impl Truth {
    fn collect<'t>(&'t self, claims: &mut Vec<&'t Claim>) {
        match &self.kind {
            TruthKind::Claim(claim) => claims.push(claim),
            TruthKind::Not(negated) => negated.collect(claims),
            TruthKind::And(parts) | TruthKind::Or(parts) => parts.iter().for_each(|part| part.collect(claims)),
            TruthKind::Implies(premise, conclusion) => {
                premise.collect(claims);
                conclusion.collect(claims);
            }
        }
    }
}

impl Claim {
    /// Returns the value that the claim is about, and those that it is compared with.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        let (first, second) = match &self.predicate {
            Predicate::Compare(_, bound) | Predicate::Within(_, bound) => (Some(bound), None),
            Predicate::Between(low, high) => (Some(low), Some(high)),
            Predicate::Change { .. } | Predicate::Reported(_) => (None, None),
        };
        std::iter::once(&self.value).chain(first).chain(second)
    }
}

impl Across {
    /// Returns the metric that weights the slices.
    #[must_use]
    pub fn weighed_by(&self) -> Option<&Value> {
        match &self.weight {
            Some(Weight::Metric(metric)) => Some(metric),
            Some(Weight::Count) | None => None,
        }
    }
}

/// A bound that a reference gives: what it is a value of, and how far from it the bound is.
#[derive(Clone, Copy, Debug)]
pub struct ReferenceBound<'v> {
    /// The value that the reference has.
    pub value: &'v Value,
    /// The reference.
    pub reference: &'v ChangeReference,
    /// Whether the bound is a multiple of it; else it is so far above or below.
    pub is_multiple: bool,
}

impl Value {
    /// The reference of a bound such as `(x of baseline) - 2pp` or `0.9 * (x of baseline)`: what is compared with it changes by so much.
    #[must_use]
    pub fn reference_bound(&self) -> Option<ReferenceBound<'_>> {
        let found = match &self.kind {
            ValueKind::Within(value, Within::Reference(reference)) => {
                return Some(ReferenceBound { value, reference, is_multiple: false });
            }
            ValueKind::Arithmetic(Operator::Add, left, right) if left.is_literal() => right.reference_bound()?,
            ValueKind::Arithmetic(Operator::Add | Operator::Subtract, left, right) if right.is_literal() => {
                left.reference_bound()?
            }
            ValueKind::Arithmetic(Operator::Multiply, left, right) if left.is_literal() => {
                ReferenceBound { is_multiple: true, ..right.reference_bound()? }
            }
            ValueKind::Arithmetic(Operator::Multiply, left, right) if right.is_literal() => {
                ReferenceBound { is_multiple: true, ..left.reference_bound()? }
            }
            _ => return None,
        };
        // A multiple of a sum, or a sum with a multiple, is neither.
        let is_plain = |part: &Value| matches!(part.kind, ValueKind::Within(..));
        let (ValueKind::Arithmetic(_, left, right), true) = (&self.kind, found.is_multiple) else { return Some(found) };
        (is_plain(left) || is_plain(right)).then_some(found)
    }

    /// Whether it is made of numbers alone.
    #[must_use]
    pub fn is_literal(&self) -> bool {
        match &self.kind {
            ValueKind::Number(_) => true,
            ValueKind::Negative(inner) => inner.is_literal(),
            ValueKind::Arithmetic(_, left, right) => left.is_literal() && right.is_literal(),
            _ => false,
        }
    }

    /// Returns the metric that the value is a number of.
    #[must_use]
    pub fn metric(&self) -> Option<MetricId> {
        match &self.kind {
            ValueKind::Metric(id, None) => Some(*id),
            ValueKind::On(inner, _) | ValueKind::Within(inner, _) => inner.metric(),
            // A mean or percentile of a metric is better if the metric is; a number of values or their spread is not.
            ValueKind::Aggregate(aggregate, inner)
                if !matches!(aggregate, Aggregate::Count | Aggregate::Std | Aggregate::Abs) =>
            {
                inner.metric()
            }
            ValueKind::Across(across)
                if matches!(
                    across.function,
                    AcrossFunction::Worst | AcrossFunction::Best | AcrossFunction::Mean | AcrossFunction::WeightedMean
                ) =>
            {
                across.value.metric()
            }
            _ => None,
        }
    }

    /// Returns this value and all its operands, in the order of the text. Definitions are not followed.
    #[must_use]
    pub fn parts(&self) -> Vec<&Self> {
        let mut parts = vec![self];
        let mut next = 0;
        while let Some(value) = parts.get(next).copied() {
            match &value.kind {
                ValueKind::Number(_) | ValueKind::Metric(..) | ValueKind::Definition(_) | ValueKind::Age => {}
                ValueKind::ByValue(own) => parts.extend(own.numbers()),
                ValueKind::Aggregate(_, inner)
                | ValueKind::Negative(inner)
                | ValueKind::On(inner, _)
                | ValueKind::Within(inner, _) => parts.push(inner),
                ValueKind::Across(across) => {
                    parts.push(&across.value);
                    parts.extend(across.weighed_by());
                }
                ValueKind::Arithmetic(_, left, right) => parts.extend([&**left, right]),
            }
            next += 1;
        }
        parts
    }

    /// Returns the depth of the value, including that of the definitions that it names; `definitions` holds theirs.
    #[must_use]
    pub fn depth(&self, definitions: &[usize]) -> usize {
        match &self.kind {
            ValueKind::Number(_) | ValueKind::Metric(..) | ValueKind::Age => 1,
            ValueKind::ByValue(own) => 1 + own.numbers().map(|value| value.depth(definitions)).max().unwrap_or(0),
            ValueKind::Definition(id) => 1 + definitions.get(*id).copied().unwrap_or(0),
            ValueKind::Aggregate(_, inner)
            | ValueKind::Negative(inner)
            | ValueKind::On(inner, _)
            | ValueKind::Within(inner, _) => 1 + inner.depth(definitions),
            ValueKind::Across(across) => 1 + across.value.depth(definitions),
            ValueKind::Arithmetic(_, left, right) => 1 + left.depth(definitions).max(right.depth(definitions)),
        }
    }
}
