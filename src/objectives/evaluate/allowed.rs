//! The values that a claim permits.

use super::kleene::Kleene;
use crate::objectives::hir::{ChangeDirection, Comparison, Limit};
use crate::objectives::number::Exact;

/// A bound, and whether the bound itself is permitted.
pub(super) type Bound = Option<(Exact, bool)>;

/// The values that a claim permits: those between two bounds, or all others.
#[derive(Clone, Debug)]
pub(super) struct Allowed {
    pub low: Bound,
    pub high: Bound,
    pub is_outside: bool,
}

impl Allowed {
    pub(super) fn between(low: Bound, high: Bound) -> Self {
        Self { low, high, is_outside: false }
    }

    /// Returns the values that compare in this way to `bound`, which may be any number.
    pub(super) fn by_comparison(comparison: Comparison, bound: Exact) -> Self {
        let both = |bound: Exact| Self::between(Some((bound.clone(), true)), Some((bound, true)));
        match comparison {
            Comparison::AtLeast => Self::between(Some((bound, true)), None),
            Comparison::Above => Self::between(Some((bound, false)), None),
            Comparison::AtMost => Self::between(None, Some((bound, true))),
            Comparison::Below => Self::between(None, Some((bound, false))),
            Comparison::Equal => both(bound),
            Comparison::NotEqual => Self { is_outside: true, ..both(bound) },
        }
    }

    /// Returns the values within a change: "`drops by at most x vs R`: candidate ≥ R − x."
    pub(super) fn by_change(direction: ChangeDirection, limit: Limit, reference: &Exact, amount: &Exact) -> Self {
        let (below, above) = (reference - amount, reference + amount);
        match (direction, limit) {
            (ChangeDirection::Up, Limit::AtLeast) => Self::between(Some((above, true)), None),
            (ChangeDirection::Up, Limit::AtMost) => Self::between(None, Some((above, true))),
            (ChangeDirection::Down, Limit::AtLeast) => Self::between(None, Some((below, true))),
            (ChangeDirection::Down, Limit::AtMost) => Self::between(Some((below, true)), None),
            (ChangeDirection::Either, Limit::AtMost) => Self::between(Some((below, true)), Some((above, true))),
            (ChangeDirection::Either, Limit::AtLeast) => {
                Self { is_outside: true, ..Self::between(Some((below, false)), Some((above, false))) }
            }
        }
    }

    pub(super) fn holds(&self, value: &Exact) -> bool {
        self.is_inside(value) != self.is_outside
    }

    pub(super) fn is_inside(&self, value: &Exact) -> bool {
        let is_over = |(low, is_allowed): &(Exact, bool)| value > low || *is_allowed && value == low;
        let is_under = |(high, is_allowed): &(Exact, bool)| value < high || *is_allowed && value == high;
        self.low.as_ref().is_none_or(is_over) && self.high.as_ref().is_none_or(is_under)
    }

    /// Returns whether an interval is permitted: "All of it satisfies → pass; all of it violates → fail; else unknown."
    pub(super) fn holds_for(&self, lower: &Exact, upper: &Exact) -> Kleene {
        let is_below = |(low, is_allowed): &(Exact, bool)| upper < low || !is_allowed && upper == low;
        let is_above = |(high, is_allowed): &(Exact, bool)| lower > high || !is_allowed && lower == high;
        let inside = if self.is_inside(lower) && self.is_inside(upper) {
            Kleene::True
        } else if self.low.as_ref().is_some_and(is_below) || self.high.as_ref().is_some_and(is_above) {
            Kleene::False
        } else {
            Kleene::Unknown
        };
        if self.is_outside { inside.not() } else { inside }
    }

    /// Returns the permitted values of the difference to a number.
    pub(super) fn less(&self, number: &Exact) -> Self {
        let less = |bound: &Bound| bound.as_ref().map(|(bound, is_allowed)| (bound - number, *is_allowed));
        Self { low: less(&self.low), high: less(&self.high), is_outside: self.is_outside }
    }

    /// Returns the distance of a value from the nearest bound: positive if the value is permitted.
    pub(super) fn margin(&self, value: &Exact) -> Option<Exact> {
        let over = self.low.as_ref().map(|(low, _)| value - low);
        let under = self.high.as_ref().map(|(high, _)| high - value);
        let inside = over.into_iter().chain(under).min()?;
        Some(if self.is_outside { -&inside } else { inside })
    }
}
