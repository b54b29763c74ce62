//! Sets of numbers: unions of intervals.

use super::{Cut, NumberRange};
use crate::objectives::number::Exact;

/// A set of numbers that consists of intervals that do not touch each other, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set {
    /// The alternating starts and ends of the intervals.
    cuts: Vec<Cut>,
}

impl Set {
    /// The empty set.
    pub const EMPTY: Self = Self { cuts: Vec::new() };

    /// Returns the numbers between two cuts.
    #[must_use]
    pub fn between(low: Cut, high: Cut) -> Self {
        Self { cuts: if low < high { vec![low, high] } else { Vec::new() } }
    }

    /// Returns whether the set is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cuts.is_empty()
    }

    /// Returns the number of its intervals.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cuts.len() / 2
    }

    /// Returns whether a number is in the set, or at the end of one of its intervals.
    #[must_use]
    pub fn touches(&self, number: &Exact) -> bool {
        let (below, above) = (Cut::Below(number.clone()), Cut::Above(number.clone()));
        self.cuts.chunks_exact(2).any(|ends| matches!(ends, [low, high] if *low <= above && below <= *high))
    }

    /// Returns the narrowest interval that contains the set; `None` if it is empty.
    #[must_use]
    pub fn hull(&self) -> Option<NumberRange> {
        NumberRange::new(self.cuts.first()?.clone(), self.cuts.last()?.clone())
    }

    /// Returns all other numbers.
    #[must_use]
    pub fn complement(&self) -> Self {
        let mut cuts = Vec::with_capacity(self.cuts.len() + 2);
        if self.cuts.first() != Some(&Cut::Bottom) {
            cuts.push(Cut::Bottom);
        }
        cuts.extend(self.cuts.iter().filter(|cut| !matches!(cut, Cut::Bottom | Cut::Top)).cloned());
        if self.cuts.last() != Some(&Cut::Top) {
            cuts.push(Cut::Top);
        }
        Self { cuts }
    }

    /// Returns the numbers that are in both sets.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let mut cuts = Vec::new();
        let (mut own, mut others) = (self.cuts.chunks_exact(2).peekable(), other.cuts.chunks_exact(2).peekable());
        while let (Some([a, b]), Some([c, d])) = (own.peek(), others.peek()) {
            let (low, high) = (a.max(c), b.min(d));
            if low < high {
                cuts.extend([low.clone(), high.clone()]);
            }
            if b < d {
                own.next();
            } else {
                others.next();
            }
        }
        Self { cuts }
    }

    /// Returns the numbers that are in either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.complement().intersection(&other.complement()).complement()
    }

    /// Returns whether the set contains every number of the other.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        other.intersection(&self.complement()).is_empty()
    }
}

impl From<&NumberRange> for Set {
    fn from(interval: &NumberRange) -> Self {
        Self::between(interval.low.clone(), interval.high.clone())
    }
}
