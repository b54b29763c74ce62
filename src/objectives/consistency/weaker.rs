//! Objectives that demand less than they did in another state of their document.
//!
//! Conditions are compared as constraints on numbers. There are no guesses: two conditions that say different things are not compared.

use rustc_hash::{FxHashMap, FxHashSet};

use super::implied::{Known, implies};
use super::inside;
use super::same_names::Names;
use crate::documents::field::{List, Map};
use crate::documents::objectives::{ObjectiveSeverity, Objectives};
use crate::objectives::hir::{
    ChangeDirection, ChangeReference, Claim, Comparison, Condition, Limit, Predicate, Slices, SmallSlices,
};
use crate::objectives::interval::normal::{Normal, SubjectConstraint};
use crate::objectives::interval::range::Ranges;
use crate::objectives::policy::{Demand, Policy};
use crate::yaml::NodeId;

/// An objective that demands less than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weakened {
    /// Its id.
    pub objective: String,
    /// In which way.
    pub how: Weakening,
    /// The node that is weaker now; `None` if the objective is gone, or a field of it.
    pub now: Option<NodeId>,
    /// The node in the earlier document.
    pub before: NodeId,
}

/// The ways in which an objective can demand less.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Weakening {
    /// There is no such objective.
    Removed,
    /// It was required, and is advisory.
    Advisory,
    /// More models meet its condition.
    Condition,
    /// A definition that its condition names computes something else; the name of the definition.
    Definition(String),
    /// Its condition is judged in fewer slices.
    Slices,
    /// It is required, and has a waiver that it had not.
    Waived,
}

/// A document of objectives, as it is written and as it is judged.
type Judged<'d> = (&'d Objectives, &'d Policy);

/// Returns the objectives that demand less now than before, in the order of the earlier document.
#[must_use]
pub fn weakened(now: Judged<'_>, before: Judged<'_>) -> Vec<Weakened> {
    let mut found = Vec::new();
    let ranges = (Ranges::of(now.0, now.1), Ranges::of(before.0, before.1));
    let former_names = Names::own(before.1);
    let names = Names::since(now.1, before.1, &former_names);
    let have_same_names = have_same_names((now.1, &names), (before.1, &former_names));
    let by_id: FxHashMap<&str, _> =
        now.1.objectives.iter().map(|objective| (objective.id.as_str(), objective)).collect();
    for old in before.1.objectives.iter().filter(|old| !old.id.is_empty()) {
        let weakened = |how, now, before| Weakened { objective: old.id.clone(), how, now, before };
        let Some(own) = by_id.get(old.id.as_str()) else {
            // An unreadable entry may be the objective.
            if now.1.unreadable == 0 {
                found.push(weakened(Weakening::Removed, None, old.node));
            }
            continue;
        };
        if old.severity == ObjectiveSeverity::Required && own.severity == ObjectiveSeverity::Advisory {
            let written = now.0.objectives.get().into_iter().flat_map(|list| list.iter());
            let severity = written.filter(|(node, _)| *node == own.node).find_map(|(_, own)| own.severity.node());
            found.push(weakened(Weakening::Advisory, severity.or(Some(own.node)), old.node));
        }
        let (Some(expect), Some(former)) = (&own.expect, &old.expect) else { continue };
        let own = Side { demand: expect, ranges: &ranges.0, policy: now.1, names: &names };
        let earlier = Side { demand: former, ranges: &ranges.1, policy: before.1, names: &former_names };
        if let Some(how) = weaker(own, earlier, have_same_names) {
            found.push(weakened(how, Some(expect.node), former.node));
        }
    }
    found.extend(waived(now, before));
    found
}

/// Returns the required objectives that have a waiver now, and had none.
fn waived(now: Judged<'_>, before: Judged<'_>) -> Vec<Weakened> {
    fn waivers(document: &Objectives) -> impl Iterator<Item = (&str, NodeId)> {
        let waivers = document.waivers.get().into_iter().flat_map(List::iter);
        waivers.filter_map(|(_, waiver)| waiver.objective.located().map(|(objective, node)| (&**objective, node)))
    }
    fn required(policy: &Policy) -> FxHashMap<&str, NodeId> {
        let required = policy.objectives.iter().filter(|own| own.severity == ObjectiveSeverity::Required);
        required.map(|own| (own.id.as_str(), own.node)).collect()
    }
    let (required_now, required_before) = (required(now.1), required(before.1));
    let mut known: FxHashSet<&str> = waivers(before.0).map(|(objective, _)| objective).collect();
    let mut found = Vec::new();
    for (objective, node) in waivers(now.0).filter(|(objective, _)| required_now.contains_key(objective)) {
        let Some(before) = required_before.get(objective).filter(|_| known.insert(objective)) else { continue };
        found.push(Weakened {
            objective: objective.to_owned(),
            how: Weakening::Waived,
            now: Some(node),
            before: *before,
        });
    }
    found
}

/// A value that an objective compares with, and by which it demands less than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeakenedReference {
    /// The id of the objective.
    pub objective: String,
    /// The reference.
    pub reference: String,
    /// The metric.
    pub metric: String,
    /// The value now.
    pub now: NodeId,
    /// The value in the earlier document.
    pub before: NodeId,
}

/// Returns the values of references by which objectives demand less now than before, in the order of the objectives.
#[must_use]
pub fn weakened_references(now: Judged<'_>, before: Judged<'_>) -> Vec<WeakenedReference> {
    let (own, former) = (values_of(now.0), values_of(before.0));
    let mut found: Vec<WeakenedReference> = Vec::new();
    let known: FxHashSet<&str> = before.1.objectives.iter().map(|objective| objective.id.as_str()).collect();
    for objective in now.1.objectives.iter().filter(|own| !own.id.is_empty() && known.contains(own.id.as_str())) {
        let condition = objective.expect.as_ref().and_then(|expect| expect.condition.as_ref());
        for claim in condition.into_iter().flat_map(Condition::claims) {
            let Some((reference, is_lower)) = compared_with(claim) else { continue };
            let Some(metric) = claim.value.metric().and_then(|id| now.1.metrics.get(id)) else { continue };
            let key = (reference, metric.name.as_str());
            let (Some((own, node)), Some((former, place))) = (own.get(&key), former.get(&key)) else { continue };
            let is_weaker = if is_lower { own < former } else { own > former };
            let weakened = WeakenedReference {
                objective: objective.id.clone(),
                reference: reference.to_owned(),
                metric: metric.name.clone(),
                now: *node,
                before: *place,
            };
            if is_weaker && !found.contains(&weakened) {
                found.push(weakened);
            }
        }
    }
    found
}

/// Returns the reference of the document that a claim compares with, and whether a greater value of it demands more.
fn compared_with(claim: &Claim) -> Option<(&str, bool)> {
    match &claim.predicate {
        Predicate::Change { direction, limit, reference: ChangeReference::Named(name), .. } => match (direction, limit)
        {
            (ChangeDirection::Up, Limit::AtLeast) | (ChangeDirection::Down, Limit::AtMost) => Some((&name.text, true)),
            (ChangeDirection::Up, Limit::AtMost) | (ChangeDirection::Down, Limit::AtLeast) => Some((&name.text, false)),
            (ChangeDirection::Either, _) => None,
        },
        Predicate::Compare(comparison, bound) => {
            let ChangeReference::Named(name) = bound.reference_bound()?.reference else { return None };
            match comparison {
                Comparison::AtLeast | Comparison::Above => Some((&name.text, true)),
                Comparison::AtMost | Comparison::Below => Some((&name.text, false)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Returns the values that a document gives of what the model is compared with, by reference and metric.
fn values_of(document: &Objectives) -> FxHashMap<(&str, &str), (f64, NodeId)> {
    let references = document.references.get().into_iter().flat_map(Map::iter);
    let values = references.flat_map(|(reference, _, point)| {
        let values = point.values.get().into_iter().flat_map(Map::iter);
        values.map(move |(metric, node, value)| ((reference, metric), (*value, node)))
    });
    values.collect()
}

/// A condition, the possible values, and the names of what it is about.
#[derive(Clone, Copy)]
struct Side<'d> {
    demand: &'d Demand,
    ranges: &'d Ranges,
    policy: &'d Policy,
    names: &'d Names,
}

/// Returns whether the positions of metrics, data and definitions mean the same in both documents.
fn have_same_names(own: (&Policy, &Names), other: (&Policy, &Names)) -> bool {
    let metrics = |policy: &Policy| policy.metrics.iter().map(|metric| metric.name.clone()).collect::<Vec<_>>();
    metrics(own.0) == metrics(other.0) && own.1.datasets == other.1.datasets && own.1.definitions == other.1.definitions
}

/// Returns in which way a condition demands less than another one. `have_same_names`: whether the positions of metrics, data and definitions
/// mean the same in both.
fn weaker(now: Side<'_>, before: Side<'_>, have_same_names: bool) -> Option<Weakening> {
    let (own, former) = (now.demand.condition.as_ref()?, before.demand.condition.as_ref()?);
    if judges_fewer(own, former) {
        return Some(Weakening::Slices);
    }
    // What is computed otherwise cannot be compared, and the same text does not demand the same.
    if let Some(name) = now.names.redefined(before.names, (own, now.ranges), (former, before.ranges)) {
        return Some(Weakening::Definition(name.to_owned()));
    }
    if !judges_the_same(own, former) {
        return None;
    }
    if have_same_names {
        let own = Known { condition: own, ranges: now.ranges };
        let former = Known { condition: former, ranges: before.ranges };
        // A condition from which the former one follows demands no less, and one that follows from it no more.
        if implies(own, former) {
            return None;
        }
        if implies(former, own) {
            return Some(Weakening::Condition);
        }
    }
    let (is_exact, constraints) = constraints_of(now, own);
    let (_, demanded) = constraints_of(before, former);
    // What is not known of the condition now may be what it lacks.
    if !is_exact {
        return None;
    }
    let is_met = |(subject, former): (&String, &SubjectConstraint)| {
        constraints.get(subject).is_some_and(|own| own.implies(former))
    };
    (!demanded.iter().all(is_met)).then_some(Weakening::Condition)
}

/// Returns whether a condition is judged in fewer of the slices in which it was judged.
fn judges_fewer(now: &Condition, before: &Condition) -> bool {
    let Some(former) = &before.for_each else { return false };
    // A good average hides a group.
    let Some(own) = &now.for_each else { return true };
    if former.dimensions.iter().any(|dimension| !own.dimensions.contains(dimension)) {
        return true;
    }
    if own.dimensions.len() != former.dimensions.len() {
        return false;
    }
    let left_out = |slices: &Slices| match &slices.sample {
        Some(sample) if sample.small == SmallSlices::LeftOut => sample.examples,
        _ => 0,
    };
    let excepted: FxHashSet<&String> = former.except.iter().collect();
    let needed = |condition: &Condition| condition.at_least.unwrap_or(u64::MAX);
    left_out(own) > left_out(former)
        || own.except.iter().any(|slice| !excepted.contains(slice))
        || needed(now) < needed(before)
}

/// Returns whether two conditions are judged in the same slices.
fn judges_the_same(now: &Condition, before: &Condition) -> bool {
    let scope = |condition: &Condition| {
        condition.for_each.as_ref().map(|slices| {
            let sample = slices.sample.as_ref().map(|sample| (sample.examples, sample.small));
            (slices.dimensions.clone(), slices.except.clone(), sample)
        })
    };
    scope(now) == scope(before) && now.at_least == before.at_least
}

/// Returns the constraints of a condition by subjects that mean the same in every document.
fn constraints_of(side: Side<'_>, condition: &Condition) -> (bool, FxHashMap<String, SubjectConstraint>) {
    let Side { demand, ranges, policy, names } = side;
    let (normal, _) = inside::examine(demand, condition, &FxHashSet::default(), ranges);
    let Normal { constraints, is_exact } = normal;
    (is_exact, constraints.into_iter().map(|(subject, own)| (names.in_subject(&subject, policy), own)).collect())
}
