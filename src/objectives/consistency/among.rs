//! Conditions compared with each other: those that follow from others, and those that no value satisfies together.

use rustc_hash::FxHashMap;

use super::{Demanded, ObjectiveDemands};
use crate::objectives::diagnostic::{DiagnosticKind, Fault};
use crate::objectives::interval::NumberRange;
use crate::objectives::interval::normal::{Normal, SubjectConstraint};
use crate::objectives::interval::set::Set;
use crate::objectives::policy::Demand;
use crate::text::Span;

/// Sets with more intervals are not narrowed any further.
const MOST_INTERVALS: usize = 64;

/// Compares all objectives. Returns the values of each subject that satisfy all required ones.
pub(super) fn compare(entries: &[ObjectiveDemands<'_>], faults: &mut Vec<Fault>) -> FxHashMap<String, Set> {
    let (together, contradicting) = contradictions(entries, faults);
    redundancies(entries, &contradicting, faults);
    faults.extend(entries.iter().filter_map(aim_not_stricter));
    together.into_iter().map(|(subject, together)| (subject.to_owned(), together.set)).collect()
}

/// Returns whether no value satisfies both.
pub(super) fn is_contradiction(one: &Normal, other: &Normal) -> bool {
    one.constraints.iter().any(|(subject, constraint)| {
        other.constraints.get(subject).is_some_and(|other| constraint.set.intersection(&other.set).is_empty())
    })
}

/// Returns the conditions that follow from others, by position, and those others; of equal ones, the later follows from the first. The
/// second element of each pair is whether other conditions may be derived from it.
pub(super) fn implied(conditions: &[(&Normal, bool)]) -> Vec<(usize, Vec<usize>)> {
    let mut by_subject: FxHashMap<&str, Vec<(usize, &SubjectConstraint, NumberRange)>> = FxHashMap::default();
    for (index, (normal, _)) in conditions.iter().enumerate() {
        for (subject, constraint) in &normal.constraints {
            if let Some(hull) = constraint.set.hull() {
                by_subject.entry(subject).or_default().push((index, constraint, hull));
            }
        }
    }
    let mut stronger: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
    for mut constraints in by_subject.into_values() {
        // A set within another does not begin lower. Of all such sets, if any is within it, the one that ends lowest is.
        constraints.sort_by(|(a, _, one), (b, _, other)| {
            other.low().cmp(one.low()).then_with(|| one.high().cmp(other.high())).then(a.cmp(b))
        });
        let mut lowest: Option<(usize, &SubjectConstraint, &NumberRange)> = None;
        for (index, constraint, hull) in &constraints {
            if let Some((other, ..)) = lowest.filter(|(_, narrow, _)| narrow.implies(constraint)) {
                stronger.entry(*index).or_default().push(other);
            }
            let is_binding = conditions.get(*index).is_some_and(|(_, is_binding)| *is_binding);
            if is_binding && lowest.is_none_or(|(.., narrow)| hull.high() < narrow.high()) {
                lowest = Some((*index, constraint, hull));
            }
        }
    }
    let is_implied = |(index, (normal, _)): (usize, &(&Normal, bool))| {
        let mut others = stronger.remove(&index)?;
        others.sort_unstable();
        let is_whole = normal.is_exact && others.len() == normal.constraints.len();
        others.dedup();
        is_whole.then_some((index, others))
    };
    conditions.iter().enumerate().filter_map(is_implied).collect()
}

/// The constraints of all required objectives on one subject.
struct Together<'e> {
    set: Set,
    /// The objective whose set begins highest, and the one whose set ends lowest.
    extremes: [(usize, &'e SubjectConstraint); 2],
}

/// Returns the constraints of required objectives on each subject, and the positions of objectives that contradict earlier ones.
fn contradictions<'e>(
    entries: &'e [ObjectiveDemands<'_>],
    faults: &mut Vec<Fault>,
) -> (FxHashMap<&'e str, Together<'e>>, Vec<usize>) {
    let mut together: FxHashMap<&str, Together<'_>> = FxHashMap::default();
    let mut contradicting = Vec::new();
    let required = entries.iter().enumerate().filter(|(_, entry)| entry.is_required());
    for (index, own) in required.filter_map(|(index, entry)| Some((index, sound(entry.expect.as_ref())?))) {
        let clash = own.normal.constraints.iter().find_map(|(subject, constraint)| {
            let others = together.get(subject.as_str())?;
            others.set.intersection(&constraint.set).is_empty().then_some((constraint, others))
        });
        if let Some((constraint, others)) = clash {
            faults.push(contradiction(own.demand, constraint, others, entries));
            contradicting.push(index);
            continue;
        }
        for (subject, constraint) in &own.normal.constraints {
            let held = together.entry(subject).or_insert_with(|| Together {
                set: constraint.set.clone(),
                extremes: [(index, constraint), (index, constraint)],
            });
            held.add(index, constraint);
        }
    }
    (together, contradicting)
}

impl<'e> Together<'e> {
    fn distinct(&self) -> Vec<&(usize, &'e SubjectConstraint)> {
        let [highest, lowest] = &self.extremes;
        if highest.0 == lowest.0 { vec![highest] } else { vec![highest, lowest] }
    }

    fn add(&mut self, index: usize, constraint: &'e SubjectConstraint) {
        // A set that is not narrowed permits too much, but whatever it excludes is excluded.
        if self.set.len() + constraint.set.len() <= MOST_INTERVALS {
            self.set = self.set.intersection(&constraint.set);
        }
        let [highest, lowest] = &mut self.extremes;
        let hulls = (constraint.set.hull(), highest.1.set.hull(), lowest.1.set.hull());
        if let (Some(own), Some(high), Some(low)) = hulls {
            if own.low() > high.low() {
                *highest = (index, constraint);
            }
            if own.high() < low.high() {
                *lowest = (index, constraint);
            }
        }
    }
}

fn contradiction(
    demand: &Demand,
    own: &SubjectConstraint,
    others: &Together<'_>,
    entries: &[ObjectiveDemands<'_>],
) -> Fault {
    let is_disjoint = |(_, other): &&(usize, &SubjectConstraint)| other.set.intersection(&own.set).is_empty();
    let partner = others.extremes.iter().find(is_disjoint);
    // If each two of them have values in common, as sets with gaps may, the contradiction is among more than two.
    let (related, whom) = match partner.and_then(|partner| Some((partner, entries.get(partner.0)?))) {
        Some((partner, entry)) => (vec![partner], format!("both this and objective '{}'", entry.objective.id)),
        None => (others.distinct(), "this together with the other required objectives".to_owned()),
    };
    let fault = Fault::new(DiagnosticKind::Contradiction, demand.node, own.span, format!("no value satisfies {whom}"));
    let fault = fault.help("all of them are required, so every candidate fails: correct one");
    related.into_iter().fold(fault, |fault, (index, constraint)| {
        match entries.get(*index).and_then(|entry| entry.expect.as_ref()) {
            Some(other) => fault.related(other.demand.node, constraint.span, "the other objective"),
            None => fault,
        }
    })
}

/// Returns the condition, unless it is inconsistent by itself.
fn sound<'e, 'p>(demanded: Option<&'e Demanded<'p>>) -> Option<&'e Demanded<'p>> {
    demanded.filter(|demanded| !demanded.is_faulty)
}

/// Reports objectives that follow from others. A required objective can only follow from required ones, and none from one that a waiver may
/// suspend.
fn redundancies(entries: &[ObjectiveDemands<'_>], contradicting: &[usize], faults: &mut Vec<Fault>) {
    let sound: Vec<(usize, &ObjectiveDemands<'_>, &Demanded<'_>)> = entries
        .iter()
        .enumerate()
        .filter(|(index, _)| contradicting.binary_search(index).is_err())
        .filter_map(|(index, entry)| Some((index, entry, sound(entry.expect.as_ref())?)))
        .collect();
    for must_be_required in [true, false] {
        let is_binding = |entry: &ObjectiveDemands<'_>| !entry.is_waived && (!must_be_required || entry.is_required());
        let conditions: Vec<_> = sound.iter().map(|(_, entry, own)| (&own.normal, is_binding(entry))).collect();
        for (weaker, stronger) in implied(&conditions) {
            let Some((_, entry, own)) =
                sound.get(weaker).filter(|(_, entry, _)| entry.is_required() == must_be_required)
            else {
                continue;
            };
            let others: Vec<_> = stronger.iter().filter_map(|index| sound.get(*index)).collect();
            let names: Vec<_> = others.iter().map(|(_, other, _)| format!("'{}'", other.objective.id)).collect();
            let message = format!("this follows from {}", names.join(" and "));
            let span = root(own.demand);
            let fault = Fault::new(DiagnosticKind::Redundant, own.demand.node, span, message);
            let fault = fault.help(format!("remove '{}', or say what else it is for", entry.objective.id));
            faults.push(others.iter().fold(fault, |fault, (_, _, other)| {
                fault.related(other.demand.node, root(other.demand), "the stricter objective")
            }));
        }
    }
}

/// Reports an aim that permits values which `expect` excludes, or that holds whenever `expect` does.
fn aim_not_stricter(entry: &ObjectiveDemands<'_>) -> Option<Fault> {
    let (expect, aim) = (sound(entry.expect.as_ref())?, sound(entry.aim.as_ref())?);
    if !aim.normal.is_exact {
        return None;
    }
    let pairs = aim.normal.constraints.iter();
    let pairs: Vec<_> = pairs.map(|(subject, own)| (own, expect.normal.constraints.get(subject))).collect();
    let is_implied = pairs.iter().all(|(own, expected)| expected.is_some_and(|expected| expected.implies(own)));
    let looser = pairs.iter().find_map(|(own, expected)| {
        let expected = (*expected)?;
        (own.examples <= expected.examples && !expected.set.covers(&own.set)).then_some((*own, expected))
    });
    let (span, place, message) = match (looser, is_implied) {
        (_, true) => (root(aim.demand), root(expect.demand), "the aim holds whenever 'expect' does"),
        (Some((own, expected)), _) => (own.span, expected.span, "the aim allows values that 'expect' refuses"),
        (None, false) => return None,
    };
    let fault = Fault::new(DiagnosticKind::AimNotStricter, aim.demand.node, span, message);
    let fault = fault.help("an aim is stricter than 'expect': it warns where 'expect' is met and 'aim' is not");
    Some(fault.related(expect.demand.node, place, "'expect'"))
}

fn root(demand: &Demand) -> Span {
    demand.expression.as_ref().map_or(Span::empty(0), |expression| expression.root.span)
}
