//! Claims and conditions as sets of numbers: `accuracy >= 85% on holdback` is [0.85, 1] for the accuracy on the holdback data.
//!
//! Conditions are three-valued. A condition is true only if each of its constraints holds; if the normal form is exact, the condition is
//! true whenever they hold and everything that they name is known.

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

/// Sets with more intervals are not narrowed any further.
const MOST_INTERVALS: usize = 64;

/// A claim as a set.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// The text that identifies what is in the set: the value, its data, slices, window and confidence.
    pub subject: String,
    /// The values that the claim permits.
    pub set: Set,
    /// The possible values.
    pub range: NumberRange,
    /// The range of the value in the text of the expression.
    pub place: Span,
    /// The property of the value that is in the set.
    pub about: SubjectKind,
    /// The metric that the value is a number of.
    pub metric: Option<MetricId>,
    /// The unit in which it is shown.
    pub unit: MetricUnit,
}

/// The property of a value that a claim is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubjectKind {
    /// A value itself.
    Value,
    /// The difference between two values.
    Difference,
    /// The change of a value from a reference.
    Change,
}

impl Claimed {
    /// Returns whether the claim is true of all possible values, or of none; `None` if it depends on the value.
    #[must_use]
    pub fn constant(&self) -> Option<bool> {
        let possible = Set::from(&self.range);
        if self.set.intersection(&possible).is_empty() {
            return Some(false);
        }
        self.set.covers(&possible).then_some(true)
    }
}

/// Returns a claim as a set; `None` if it cannot be determined from the text alone.
#[must_use]
pub fn claimed(claim: &Claim, for_each: Option<&Slices>, ranges: &Ranges) -> Option<Claimed> {
    let of = |value: &Value, set: Set| {
        let subject = subject(value, claim, for_each, claim.confidence.as_ref().map(|own| &own.level));
        let (range, unit, metric) = (ranges.value_on(value, claim.dataset), value.unit.clone(), value.metric());
        Claimed { subject, set, range, place: value.span, about: SubjectKind::Value, metric, unit }
    };
    let value = &claim.value;
    // x <= y is equivalent to x - y <= 0.
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

/// Returns a text of the value, its data, slices, window and confidence that is the same only for equal numbers.
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

/// Returns the numbers that compare in this way to a bound.
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

/// Returns the comparison with its sides exchanged.
fn turned(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::AtLeast => Comparison::AtMost,
        Comparison::Above => Comparison::Below,
        Comparison::AtMost => Comparison::AtLeast,
        Comparison::Below => Comparison::Above,
        Comparison::Equal | Comparison::NotEqual => comparison,
    }
}

/// Returns the numbers within a distance from another.
fn around(center: &Exact, distance: &Exact) -> Set {
    Set::between(Cut::Below(center - distance), Cut::Above(center + distance))
}

/// Returns the changes (candidate minus reference) of at least or at most a size.
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

/// The constraints that must hold for a condition to be true.
#[derive(Clone, Debug, Default)]
pub struct Normal {
    /// The constraints by subject.
    pub constraints: BTreeMap<String, SubjectConstraint>,
    /// Whether the condition is true whenever the constraints hold.
    pub is_exact: bool,
}

/// A constraint on one subject.
#[derive(Clone, Debug)]
pub struct SubjectConstraint {
    /// The permitted numbers.
    pub set: Set,
    /// The possible numbers.
    pub range: NumberRange,
    /// The least number of examples.
    pub examples: u64,
    /// Whether a whole confidence interval must be in the set, and not one number.
    pub is_of_interval: bool,
    /// The part of the expression that contains the constraint.
    pub span: Span,
}

impl SubjectConstraint {
    /// Returns whether all numbers that satisfy this constraint also satisfy the other one on the same subject.
    #[must_use]
    pub fn implies(&self, other: &Self) -> bool {
        self.examples >= other.examples && other.set.covers(&self.set)
    }

    /// Adds another constraint on the same subject; returns whether the result is exact.
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
    /// Returns the normal form of a condition about which nothing is known.
    #[must_use]
    pub fn unknown() -> Self {
        Self::default()
    }

    /// Returns the normal form of a claim, or of its negation.
    #[must_use]
    pub fn of(claimed: Claimed, claim: &Claim, span: Span, is_negated: bool) -> Self {
        let set = if is_negated { claimed.set.complement() } else { claimed.set };
        let is_of_interval = claim.confidence.is_some();
        // A confidence interval may exceed the possible values.
        let set = if is_of_interval { set } else { set.intersection(&Set::from(&claimed.range)) };
        let examples = claim.examples.unwrap_or(0);
        let constraint = SubjectConstraint { set, range: claimed.range, examples, is_of_interval, span };
        Self { constraints: BTreeMap::from([(claimed.subject, constraint)]), is_exact: true }
    }

    /// Returns the normal form of a conjunction.
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

    /// Returns the normal form of a disjunction.
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
                // An interval across the border between the two sets satisfies neither condition.
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
