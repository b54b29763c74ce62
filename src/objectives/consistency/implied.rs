//! Whether one condition of an objective follows from another one, by their form and the numbers in them.

use crate::objectives::hir::{Claim, Condition, Slices, Truth, TruthKind};
use crate::objectives::interval::normal::{SubjectKind, claimed};
use crate::objectives::interval::range::Ranges;

/// The maximum number of pairs of parts that are compared: more would be more than a person can read.
const MOST_COMPARED: usize = 2000;

/// A condition, and the possible values of what it names.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) condition: &'a Condition,
    pub(super) ranges: &'a Ranges,
}

/// Returns whether a condition is met whenever another one is. If it returns `false`, nothing is known.
pub(super) fn implies(own: Known<'_>, other: Known<'_>) -> bool {
    let scope = |condition: &Condition| {
        let of = |slices: &Slices| {
            let sample = slices.sample.as_ref().map(|sample| (sample.examples, sample.small));
            (slices.dimensions.clone(), slices.except.clone(), sample)
        };
        (condition.for_each.as_ref().map(of), condition.at_least)
    };
    let mut comparison = Comparison { own: own.ranges, other: other.ranges, left: MOST_COMPARED };
    scope(own.condition) == scope(other.condition) && comparison.implies(&own.condition.root, &other.condition.root)
}

struct Comparison<'a> {
    own: &'a Ranges,
    other: &'a Ranges,
    left: usize,
}

impl Comparison<'_> {
    /// Returns whether a part of the first condition implies one of the second.
    fn implies(&mut self, own: &Truth, other: &Truth) -> bool {
        let Some(left) = self.left.checked_sub(1) else { return false };
        self.left = left;
        match (&own.kind, &other.kind) {
            (_, TruthKind::And(parts)) => return parts.iter().all(|part| self.implies(own, part)),
            (TruthKind::Or(parts), _) => return parts.iter().all(|part| self.implies(part, other)),
            (TruthKind::Claim(own), TruthKind::Claim(other)) => return self.claim_implies(own, other),
            _ => {}
        }
        let from_a_part = match &own.kind {
            TruthKind::And(parts) => parts.iter().any(|part| self.implies(part, other)),
            _ => false,
        };
        from_a_part
            || match &other.kind {
                TruthKind::Or(parts) => parts.iter().any(|part| self.implies(own, part)),
                TruthKind::Implies(_, conclusion) => self.implies(own, conclusion),
                _ => false,
            }
    }

    /// Returns whether one claim implies another about the same value.
    fn claim_implies(&self, own: &Claim, other: &Claim) -> bool {
        // A whole interval that agrees contains the value that was measured, and a narrower one.
        let is_as_sure = match (&own.confidence, &other.confidence) {
            (_, None) => true,
            (Some(own), Some(other)) => own.is_paired == other.is_paired && own.level >= other.level,
            (None, Some(_)) => false,
        };
        let of_value = |claim: &Claim, ranges| claimed(&Claim { confidence: None, ..claim.clone() }, None, ranges);
        let (Some(set), Some(other_set)) = (of_value(own, self.own), of_value(other, self.other)) else { return false };
        let is_change = set.about == SubjectKind::Change;
        is_as_sure
            // The interval of a change is not around the change of the values alone.
            && (!is_change || own.confidence == other.confidence)
            && own.examples.unwrap_or(0) >= other.examples.unwrap_or(0)
            && set.subject == other_set.subject
            && other_set.set.covers(&set.set)
    }
}
