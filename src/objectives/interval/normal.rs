//! Claims and conditions as sets of numbers: `accuracy >= 85% on holdback` is [0.85, 1] for the accuracy on the holdback data.
//!
//! Conditions are three-valued. A condition is true only when each of its constraints holds; where it is exact, it is true whenever
//! they do and everything that they name is known.

use std::collections::BTreeMap;

use super::range::{Ranges, written};
use super::set::Set;
use super::{Cut, NumberRange};
use crate::objectives::hir::{
    Amount, ChangeDirection, Claim, Comparison, Limit, MetricId, Operator, Predicate, Slices, Value, ValueKind,
};
use crate::objectives::number::Exact;
use crate::objectives::unit::MetricUnit;
use crate::text::Span;

/// Sets of more intervals are not narrowed any further.
const MOST_INTERVALS: usize = 64;

/// A claim as a set.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// What is in the set, in words: the value, its data, slices, window and confidence.
    pub subject: String,
    /// What the claim allows.
    pub set: Set,
    /// What is possible at all.
    pub range: NumberRange,
    /// The value in the words of the expression.
    pub place: Span,
    /// What about the value it is.
    pub about: SubjectKind,
    /// The metric that the value is one number of.
    pub metric: Option<MetricId>,
    /// The unit in which people read it.
    pub unit: MetricUnit,
}

/// What a claim is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubjectKind {
    /// A value itself.
    Value,
    /// How far two values are apart.
    Difference,
    /// How far a value is from what it was.
    Change,
}

impl Claimed {
    /// Whether the claim is true of everything that is possible, or of nothing; otherwise nothing.
    #[must_use]
    pub fn constant(&self) -> Option<bool> {
        let possible = Set::from(&self.range);
        if self.set.intersection(&possible).is_empty() {
            return Some(false);
        }
        self.set.covers(&possible).then_some(true)
    }
}

/// A claim as a set; nothing when it is about what cannot be told from the text alone.
#[must_use]
pub fn claimed(claim: &Claim, for_each: Option<&Slices>, ranges: &Ranges) -> Option<Claimed> {
    let of = |value: &Value, set: Set| {
        let subject = subject(value, claim, for_each, claim.confidence.as_ref().map(|own| &own.level));
        let (range, unit, metric) = (ranges.value_on(value, claim.dataset), value.unit.clone(), value.metric());
        Claimed { subject, set, range, place: value.span, about: SubjectKind::Value, metric, unit }
    };
    let value = &claim.value;
    // x <= y says the same as x - y <= 0.
    let apart =
        |other: &Value, set: Set| Claimed { about: SubjectKind::Difference, ..of(&difference(value, other), set) };
    let constant = |value: &Value| ranges.value(value).single().cloned();
    match &claim.predicate {
        Predicate::Compare(comparison, bound) => Some(match (constant(value), constant(bound)) {
            (_, Some(bound)) => of(value, compared(*comparison, bound)),
            (Some(value), None) => of(bound, compared(turned(*comparison), value)),
            (None, None) => apart(bound, compared(*comparison, Exact::ZERO)),
        }),
        Predicate::Between(low, high) => {
            let set = Set::between(Cut::Below(constant(low)?), Cut::Above(constant(high)?));
            Some(of(value, set))
        }
        Predicate::Within(amount, other) => match (amount, constant(other)) {
            (Amount::Absolute(amount), Some(center)) => Some(of(value, around(&center, amount))),
            (Amount::Relative(share), Some(center)) => Some(of(value, around(&center, &(share * &center.abs())))),
            (Amount::Absolute(amount), None) => Some(apart(other, around(&Exact::ZERO, amount))),
            (Amount::Relative(_), None) => None,
        },
        Predicate::Change { direction, limit, amount, reference, .. } => {
            let (size, is_relative) = match amount {
                Amount::Absolute(size) => (size, false),
                Amount::Relative(size) => (size, true),
            };
            let own = of(value, changed(*direction, *limit, size));
            let subject = format!("{} {is_relative} vs {reference:?}", own.subject);
            let unit = if is_relative { percent() } else { own.unit };
            Some(Claimed { subject, range: ranges.change(value, amount), about: SubjectKind::Change, unit, ..own })
        }
        Predicate::Reported(_) => None,
    }
}

/// The value, its data, slices, window and confidence, in words that are the same only for what is the same number.
#[must_use]
pub fn subject(value: &Value, claim: &Claim, for_each: Option<&Slices>, confidence: Option<&Exact>) -> String {
    let sample = |slices: &Slices| slices.sample.as_ref().map(|sample| (sample.examples, sample.small));
    let scope = for_each.map(|slices| (&slices.dimensions, &slices.except, sample(slices)));
    format!("{} {:?}", written(value, claim.dataset), (scope, confidence, claim.window))
}

fn percent() -> MetricUnit {
    MetricUnit::named("percent")
}

fn difference(left: &Value, right: &Value) -> Value {
    let kind = ValueKind::Arithmetic(Operator::Subtract, Box::new(left.clone()), Box::new(right.clone()));
    Value { span: left.span.to(right.span), kind, unit: left.unit.clone() }
}

/// The numbers that compare so to a bound.
fn compared(comparison: Comparison, bound: Exact) -> Set {
    match comparison {
        Comparison::AtLeast => Set::between(Cut::Below(bound), Cut::Top),
        Comparison::Above => Set::between(Cut::Above(bound), Cut::Top),
        Comparison::AtMost => Set::between(Cut::Bottom, Cut::Above(bound)),
        Comparison::Below => Set::between(Cut::Bottom, Cut::Below(bound)),
        Comparison::Equal => Set::between(Cut::Below(bound.clone()), Cut::Above(bound)),
        Comparison::NotEqual => compared(Comparison::Equal, bound).complement(),
    }
}

/// The comparison with its sides exchanged.
fn turned(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::AtLeast => Comparison::AtMost,
        Comparison::Above => Comparison::Below,
        Comparison::AtMost => Comparison::AtLeast,
        Comparison::Below => Comparison::Above,
        Comparison::Equal | Comparison::NotEqual => comparison,
    }
}

/// The numbers that are no further than a distance from another.
fn around(center: &Exact, distance: &Exact) -> Set {
    Set::between(Cut::Below(center - distance), Cut::Above(center + distance))
}

/// The changes, candidate less reference, of at least or at most a size.
fn changed(direction: ChangeDirection, limit: Limit, size: &Exact) -> Set {
    let at_least = match direction {
        ChangeDirection::Up => compared(Comparison::AtLeast, size.clone()),
        ChangeDirection::Down => compared(Comparison::AtMost, -size),
        ChangeDirection::Either => {
            compared(Comparison::AtLeast, size.clone()).union(&compared(Comparison::AtMost, -size))
        }
    };
    let at_most = match direction {
        ChangeDirection::Up => compared(Comparison::AtMost, size.clone()),
        ChangeDirection::Down => compared(Comparison::AtLeast, -size),
        ChangeDirection::Either => around(&Exact::ZERO, size),
    };
    match limit {
        Limit::AtLeast => at_least,
        Limit::AtMost => at_most,
    }
}

/// What must be so for a condition to be true.
#[derive(Clone, Debug, Default)]
pub struct Normal {
    /// By subject.
    pub constraints: BTreeMap<String, SubjectConstraint>,
    /// Whether the condition is true whenever the constraints hold.
    pub is_exact: bool,
}

/// What must be so for a condition to be true, of one subject.
#[derive(Clone, Debug)]
pub struct SubjectConstraint {
    /// The numbers that it can be.
    pub set: Set,
    /// What is possible at all.
    pub range: NumberRange,
    /// The least number of examples that it is measured on.
    pub examples: u64,
    /// Whether all of a confidence interval must be in the set, and not one number.
    pub is_of_interval: bool,
    /// The part of the expression that says so.
    pub span: Span,
}

impl SubjectConstraint {
    /// Whether what satisfies this one satisfies the other of the same subject, too.
    #[must_use]
    pub fn implies(&self, other: &Self) -> bool {
        self.examples >= other.examples && other.set.covers(&self.set)
    }

    /// Demands what another of the same subject demands, too; says whether that is all told.
    fn narrow(&mut self, other: &Self) -> bool {
        self.span = self.span.to(other.span);
        self.examples = self.examples.max(other.examples);
        let is_small = self.set.len() + other.set.len() <= MOST_INTERVALS;
        if is_small {
            self.set = self.set.intersection(&other.set);
        }
        is_small
    }
}

impl Normal {
    /// Of a condition of which nothing can be told.
    #[must_use]
    pub fn unknown() -> Self {
        Self::default()
    }

    /// Of a claim, or of its opposite.
    #[must_use]
    pub fn of(claimed: Claimed, claim: &Claim, span: Span, is_negated: bool) -> Self {
        let set = if is_negated { claimed.set.complement() } else { claimed.set };
        let is_of_interval = claim.confidence.is_some();
        // A confidence interval may reach beyond what is possible.
        let set = if is_of_interval { set } else { set.intersection(&Set::from(&claimed.range)) };
        let examples = claim.examples.unwrap_or(0);
        let constraint = SubjectConstraint { set, range: claimed.range, examples, is_of_interval, span };
        Self { constraints: BTreeMap::from([(claimed.subject, constraint)]), is_exact: true }
    }

    /// Of conditions that are all true.
    #[must_use]
    pub fn all(parts: Vec<Self>) -> Self {
        let mut whole = Self { constraints: BTreeMap::new(), is_exact: true };
        for part in parts {
            whole.is_exact &= part.is_exact;
            for (subject, constraint) in part.constraints {
                match whole.constraints.get_mut(&subject) {
                    Some(own) => whole.is_exact &= own.narrow(&constraint),
                    None => drop(whole.constraints.insert(subject, constraint)),
                }
            }
        }
        whole
    }

    /// Of conditions one of which is true.
    #[must_use]
    pub fn any(parts: Vec<Self>) -> Self {
        let mut parts = parts.into_iter();
        let mut whole = parts.next().unwrap_or_default();
        for part in parts {
            let are_of_one = whole.constraints.len() == 1 && part.constraints.len() == 1;
            whole.is_exact &= part.is_exact && are_of_one;
            let own = std::mem::take(&mut whole.constraints);
            for (subject, mut constraint) in own {
                let Some(other) = part.constraints.get(&subject) else {
                    whole.is_exact = false;
                    continue;
                };
                // An interval that lies across the border of the two sets makes neither condition true.
                whole.is_exact &= constraint.examples == other.examples && !constraint.is_of_interval;
                constraint.examples = constraint.examples.min(other.examples);
                constraint.set = constraint.set.union(&other.set);
                constraint.span = constraint.span.to(other.span);
                whole.constraints.insert(subject, constraint);
            }
        }
        whole
    }
}
