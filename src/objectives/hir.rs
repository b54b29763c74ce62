//! Conditions with every name looked up, every type checked and every number in the unit of its dimension: what is judged.
//!
//! A [`Condition`] is made from an [`Expression`](super::syntax::ast::Expression) by [`Policy::of`](super::policy::Policy::of), which says what is wrong
//! with it where it cannot.

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

/// What an objective demands.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The slices in each of which the condition must hold; without, it is judged once.
    pub for_each: Option<Slices>,
    /// In how many of the slices it must hold; without, in all.
    pub at_least: Option<u64>,
    /// The condition.
    pub root: Truth,
}

/// Slices by one dimension, or by the intersections of several.
#[derive(Clone, Debug)]
pub struct Slices {
    /// The words after `for each slice of`.
    pub span: Span,
    /// The names of the dimensions, in the order of the text.
    pub dimensions: Vec<String>,
    /// Slices that are not meant, in order: the values of the dimensions, joined by ` by `.
    pub except: Vec<String>,
    /// What becomes of slices with few examples.
    pub sample: Option<Sample>,
}

impl Slices {
    /// Whether a slice is one of those that are not meant.
    #[must_use]
    pub fn excepts(&self, slice: &str) -> bool {
        self.except.binary_search_by(|own| own.as_str().cmp(slice)).is_ok()
    }
}

/// Something that is true, false, or unknown.
#[derive(Clone, Debug)]
pub struct Truth {
    /// Its place in the expression's text.
    pub span: Span,
    /// What it is.
    pub kind: TruthKind,
}

/// What may be true or false.
#[derive(Clone, Debug)]
pub enum TruthKind {
    /// A claim about a value.
    Claim(Box<Claim>),
    /// True when the other is false.
    Not(Box<Truth>),
    /// True when all are; at least two.
    And(Vec<Truth>),
    /// True when one is; at least two.
    Or(Vec<Truth>),
    /// True when the first is false or the second true.
    Implies(Box<Truth>, Box<Truth>),
}

/// A value and what is said of it.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The value: a number, or, when it is only said to be reported, anything.
    pub value: Value,
    /// What is said of it.
    pub predicate: Predicate,
    /// The data that the value is measured on.
    pub dataset: Option<DatasetId>,
    /// The confidence at which the whole interval must agree.
    pub confidence: Option<Confidence>,
    /// The least number of examples.
    pub examples: Option<u64>,
    /// Only what was measured in so many seconds up to the date of the judgement counts.
    pub window: Option<u64>,
}

/// How sure a claim must be.
#[derive(Clone, Debug, PartialEq)]
pub struct Confidence {
    /// The level of the two-sided interval that is looked at, between 0 and 1.
    pub level: Exact,
    /// The level as it is written: that of each of the two bounds, if they are one-sided.
    pub written: Exact,
    /// Whether that is the level of one bound alone.
    pub is_one_sided: bool,
    /// Whether candidate and reference were measured on the same examples.
    pub is_paired: bool,
}

/// What a claim says of its value.
#[derive(Clone, Debug)]
pub enum Predicate {
    /// How it compares to a bound.
    Compare(Comparison, Value),
    /// That it is neither below the first nor above the second.
    Between(Value, Value),
    /// That it is no further than the amount from the other.
    Within(Amount, Value),
    /// How far it is from what it was.
    Change {
        /// The direction; `improves` and `worsens` are told by `better` of the metric.
        direction: ChangeDirection,
        /// The word that was written.
        verb: Verb,
        /// Whether the amount is the least or the greatest change.
        limit: Limit,
        /// How much.
        amount: Amount,
        /// What it is measured against.
        reference: ChangeReference,
    },
    /// That it is reported; or, if this is true, that it is not.
    Reported(bool),
}

/// The direction of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeDirection {
    /// Candidate less reference.
    Up,
    /// Reference less candidate.
    Down,
    /// The greater of the two.
    Either,
}

/// How far two numbers may be apart.
#[derive(Clone, Debug, PartialEq)]
pub enum Amount {
    /// In the unit of the dimension.
    Absolute(Exact),
    /// As a share of the absolute value of the reference: `5%` is 1/20.
    Relative(Exact),
}

/// A number; or an array or object of which a function makes one.
#[derive(Clone, Debug)]
pub struct Value {
    /// Its place in the expression's text.
    pub span: Span,
    /// What it is.
    pub kind: ValueKind,
    /// The unit in which people read it. Values themselves are in the unit of its dimension.
    pub unit: MetricUnit,
}

/// What a number comes from.
#[derive(Clone, Debug)]
pub enum ValueKind {
    /// It is written in the expression; in the unit of its dimension.
    Number(Exact),
    /// A metric, or a field of one that is an object.
    Metric(MetricId, Option<String>),
    /// One number from an array; from a number itself, for [`Aggregate::Abs`].
    Aggregate(Aggregate, Box<Value>),
    /// One number from those of several slices.
    Across(Box<Across>),
    /// The negative of a number.
    Negative(Box<Value>),
    /// Two numbers together.
    Arithmetic(Operator, Box<Value>, Box<Value>),
    /// A value measured on this data, whatever the surroundings say.
    On(Box<Value>, DatasetId),
    /// A value of other measurements than those of the surroundings.
    Within(Box<Value>, Within),
    /// What a name stands for.
    Definition(DefinitionId),
    /// What holds for the slice in which it is looked up.
    ByValue(Box<ByValue>),
    /// How long ago the evidence about the candidate was measured: the oldest document on the data; of monitored data, the newest.
    Age,
}

/// A number for each value of a dimension.
#[derive(Clone, Debug)]
pub struct ByValue {
    /// The dimension.
    pub dimension: String,
    /// Its values with their numbers, in order.
    pub cases: Vec<(String, Value)>,
    /// The number of all others.
    pub otherwise: Option<Value>,
}

impl ByValue {
    /// All numbers.
    pub fn numbers(&self) -> impl Iterator<Item = &Value> {
        self.cases.iter().map(|(_, value)| value).chain(&self.otherwise)
    }

    /// The number of a value of the dimension.
    #[must_use]
    pub fn of(&self, name: &str) -> Option<&Value> {
        let found = self.cases.binary_search_by(|(own, _)| own.as_str().cmp(name));
        found.ok().and_then(|at| self.cases.get(at)).map(|(_, value)| value).or(self.otherwise.as_ref())
    }
}

/// Which measurements a value is of.
#[derive(Clone, Debug, PartialEq)]
pub enum Within {
    /// Those of one slice of the surroundings: pairs of dimension and value.
    Slice(Vec<(String, String)>),
    /// Those of so many seconds up to the date of the judgement.
    Window(u64),
    /// Those of another model than the candidate.
    Reference(ChangeReference),
}

/// One number from the values of slices.
#[derive(Clone, Debug)]
pub struct Across {
    /// What is made of them.
    pub function: AcrossFunction,
    /// What is taken of each slice.
    pub value: Value,
    /// The slices.
    pub slices: Slices,
    /// The slice that the others are measured against: the values of its dimensions, joined by ` by `.
    pub relative_to: Option<String>,
    /// By what the slices of a weighted mean count.
    pub weight: Option<Weight>,
    /// For [`AcrossFunction::Worst`] and [`AcrossFunction::Best`]: whether the greatest value is meant, by `better` of the metric.
    pub takes_greatest: bool,
}

/// By what a slice counts.
#[derive(Clone, Debug)]
pub enum Weight {
    /// The number of examples.
    Count,
    /// A metric.
    Metric(Value),
}

/// One number from many.
#[derive(Clone, Debug, PartialEq)]
pub enum Aggregate {
    /// The least.
    Min,
    /// The greatest.
    Max,
    /// The arithmetic mean.
    Mean,
    /// The middle one; of an even number, the mean of the two in the middle.
    Median,
    /// All added.
    Sum,
    /// How many.
    Count,
    /// The standard deviation of a sample (divided by n − 1).
    Std,
    /// The one logged first.
    First,
    /// The one logged last.
    Last,
    /// The distance from 0, of a single number.
    Abs,
    /// The quantile of this order between 0 and 1, by linear interpolation (Hyndman and Fan, type 7).
    Quantile(Exact),
}

impl Aggregate {
    /// Names of functions, without the quantiles.
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

    /// The function of this name; `p95` is the quantile 0.95, `p999` the quantile 0.999.
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
    /// Every claim, in the order of the text.
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
    /// The value that the claim is about, and those that it is compared with.
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
    /// The metric by which the slices count.
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

    /// The metric that the value is one number of.
    #[must_use]
    pub fn metric(&self) -> Option<MetricId> {
        match &self.kind {
            ValueKind::Metric(id, None) => Some(*id),
            ValueKind::On(inner, _) | ValueKind::Within(inner, _) => inner.metric(),
            // A mean or percentile of a metric is better when the metric is; a number of values or their spread is not.
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

    /// This value and all those that it is made of, in the order of the text. Definitions are named, not followed.
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

    /// The number of levels of the value, with those of the definitions that it names; `definitions` holds theirs.
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
