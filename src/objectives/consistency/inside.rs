//! One condition by itself: claims that are always or never true, and their effect on the others.

use rustc_hash::FxHashSet;

use super::among;
use crate::objectives::diagnostic::{DiagnosticKind, Fault};
use crate::objectives::hir::{Claim, Condition, Operator, Slices, Truth, TruthKind, Value, ValueKind};
use crate::objectives::interval::NumberRange;
use crate::objectives::interval::normal::{Claimed, Normal, SubjectKind, claimed};
use crate::objectives::interval::range::Ranges;
use crate::objectives::interval::set::Set;
use crate::objectives::number::Exact;
use crate::objectives::policy::Demand;
use crate::text::Span;

/// Returns the constraints of a condition, and its faults. The claims at the skipped places are treated as unknown.
pub(super) fn examine(
    demand: &Demand,
    condition: &Condition,
    skipped: &FxHashSet<Span>,
    ranges: &Ranges,
) -> (Normal, Vec<Fault>) {
    let examiner = Examiner { demand, for_each: condition.for_each.as_ref(), skipped, ranges };
    let examined = examiner.truth(&condition.root, false);
    // A condition that holds in some slices implies nothing for any single one of them.
    let normal = if condition.at_least.is_some() { Normal::unknown() } else { examined.normal };
    (normal, examined.faults)
}

struct Examiner<'a> {
    demand: &'a Demand,
    for_each: Option<&'a Slices>,
    skipped: &'a FxHashSet<Span>,
    ranges: &'a Ranges,
}

/// A part of a condition.
struct Examined {
    span: Span,
    /// Its constraints; or, under an odd number of `not`, those of its negation.
    normal: Normal,
    /// Its value, if it does not depend on the measurements.
    constant: Option<bool>,
    faults: Vec<Fault>,
}

impl Examiner<'_> {
    fn truth(&self, truth: &Truth, is_negated: bool) -> Examined {
        let span = truth.span;
        match &truth.kind {
            TruthKind::Claim(claim) => self.claim(claim, span, is_negated),
            TruthKind::Not(inner) => {
                let mut inner = self.truth(inner, !is_negated);
                // The constraint comes from the `not`, and not from its operand.
                inner.normal.constraints.values_mut().for_each(|constraint| constraint.span = span);
                Examined { span, constant: inner.constant.map(|constant| !constant), ..inner }
            }
            TruthKind::And(parts) => {
                let parts = parts.iter().map(|part| self.truth(part, is_negated)).collect();
                self.conjunction(span, parts, is_negated)
            }
            TruthKind::Or(parts) => {
                let parts = parts.iter().map(|part| self.truth(part, is_negated)).collect();
                self.disjunction(span, parts, false, is_negated)
            }
            TruthKind::Implies(premise, conclusion) => {
                let premise = self.truth(premise, !is_negated);
                let premise = Examined { constant: premise.constant.map(|constant| !constant), ..premise };
                self.disjunction(span, vec![premise, self.truth(conclusion, is_negated)], true, is_negated)
            }
        }
    }

    fn claim(&self, claim: &Claim, span: Span, is_negated: bool) -> Examined {
        if !self.skipped.contains(&span)
            && let Some(divisor) = self.zero_divisor(claim)
        {
            let message = format!("this is never true: it divides by '{}', which is 0", self.text(divisor));
            let fault = Fault::new(DiagnosticKind::Impossible, self.demand.node, span, message);
            let faults = vec![fault.help("divide by what can be another number")];
            // Its opposite is no more true.
            return Examined { span, normal: Normal::unknown(), constant: None, faults };
        }
        let known = || (!self.skipped.contains(&span)).then(|| claimed(claim, self.for_each, self.ranges)).flatten();
        let Some(known) = known() else {
            return Examined { span, normal: Normal::unknown(), constant: None, faults: Vec::new() };
        };
        let constant = known.constant();
        let faults = constant.map(|constant| self.constant_claim(&known, constant, span)).into_iter().collect();
        Examined { span, normal: Normal::of(known, claim, span, is_negated), constant, faults }
    }

    /// The place of a divisor that is always 0.
    fn zero_divisor(&self, claim: &Claim) -> Option<Span> {
        let mut parts = claim.values().flat_map(Value::parts);
        parts.find_map(|part| {
            let ValueKind::Arithmetic(Operator::Divide, _, divisor) = &part.kind else { return None };
            let is_zero = self.ranges.value_on(divisor, claim.dataset) == NumberRange::point(Exact::ZERO);
            is_zero.then_some(divisor.span)
        })
    }

    fn constant_claim(&self, claimed: &Claimed, constant: bool, span: Span) -> Fault {
        let what = match claimed.about {
            SubjectKind::Value => format!("'{}'", self.text(claimed.place)),
            SubjectKind::Difference => "the difference of the two sides".to_owned(),
            SubjectKind::Change => "the change".to_owned(),
        };
        let reason = match claimed.range.described(&claimed.unit) {
            _ if claimed.set.is_empty() => "no number is within both bounds".to_owned(),
            Some(range) => format!("{what} {range}"),
            None => format!("{what} can be any number"),
        };
        let (check, word, help) = match constant {
            true => (
                DiagnosticKind::Tautology,
                "always",
                "demand something that can fail; to demand only that a value exists, write 'is reported'",
            ),
            false => {
                (DiagnosticKind::Impossible, "never", "demand something that can be met, or correct the declared range")
            }
        };
        Fault::new(check, self.demand.node, span, format!("this is {word} true: {reason}")).help(help)
    }

    fn conjunction(&self, span: Span, parts: Vec<Examined>, is_negated: bool) -> Examined {
        let mut faults: Vec<_> = parts.iter().flat_map(|part| part.faults.iter().cloned()).collect();
        let mut constant = decided(&parts, false);
        let normals: Vec<Normal> = parts.iter().map(|part| part.normal.clone()).collect();
        if constant.is_none() && !is_negated {
            faults.extend(self.redundant_parts(&parts));
        }
        let normal = if is_negated { Normal::any(normals) } else { Normal::all(normals) };
        let is_contradiction = match is_negated {
            true => covers_all(&parts),
            false => normal.constraints.values().any(|constraint| constraint.set.is_empty()),
        };
        if constant.is_none() && is_contradiction {
            constant = Some(false);
            // Under `not`, only the constraints of the negated parts are known.
            faults = vec![self.contradiction(span, if is_negated { &[] } else { &parts })];
        }
        Examined { span, normal, constant, faults }
    }

    /// Examines conditions one of which must be true; for `implies`, the negated premise and the conclusion.
    fn disjunction(&self, span: Span, parts: Vec<Examined>, is_implication: bool, is_negated: bool) -> Examined {
        let mut constant = decided(&parts, true);
        let mut faults = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            match part.constant {
                Some(true) => faults.push(self.vacuous(span, part, is_implication && index == 0)),
                _ => faults.extend(part.faults.iter().cloned()),
            }
        }
        let normals: Vec<Normal> = parts.iter().map(|part| part.normal.clone()).collect();
        let normal = if is_negated { Normal::all(normals) } else { Normal::any(normals) };
        let is_tautology = match is_negated {
            true => normal.constraints.values().any(|constraint| constraint.set.is_empty()),
            false => covers_all(&parts),
        };
        if constant.is_none() && is_tautology {
            constant = Some(true);
            let message = "this is always true: what one part excludes, another allows";
            let fault = Fault::new(DiagnosticKind::Tautology, self.demand.node, span, message);
            faults.push(fault.help("demand something that can fail"));
        }
        Examined { span, normal, constant, faults }
    }

    fn contradiction(&self, span: Span, parts: &[Examined]) -> Fault {
        let pair = parts.iter().enumerate().find_map(|(index, later)| {
            let earlier =
                parts.iter().take(index).find(|earlier| among::is_contradiction(&earlier.normal, &later.normal))?;
            Some((earlier.span, later.span))
        });
        let node = self.demand.node;
        match pair {
            Some((earlier, later)) => {
                let message = format!("no value satisfies both this and '{}'", self.text(earlier));
                Fault::new(DiagnosticKind::Contradiction, node, later, message).related(
                    node,
                    earlier,
                    "the other condition",
                )
            }
            None => Fault::new(DiagnosticKind::Contradiction, node, span, "no value satisfies all of these conditions"),
        }
    }

    fn vacuous(&self, whole: Span, part: &Examined, is_premise: bool) -> Fault {
        let (span, node) = (part.span, self.demand.node);
        let word = if is_premise { "never" } else { "always" };
        // The reason of the claim itself, not that of a claim inside it.
        let own = part.faults.iter().find(|fault| fault.span == span);
        let reason = own.and_then(|fault| fault.message.split_once(": ")).map_or("", |(_, reason)| reason);
        let colon = if reason.is_empty() { "" } else { ": " };
        let message = format!("this is {word} true, and so the whole condition is always true{colon}{reason}");
        Fault::new(DiagnosticKind::VacuousOr, node, span, message).help("correct this part, or remove it").related(
            node,
            whole,
            "the condition that nothing can violate",
        )
    }

    fn redundant_parts(&self, parts: &[Examined]) -> Vec<Fault> {
        let entries: Vec<_> = parts.iter().map(|part| (&part.normal, true)).collect();
        let node = self.demand.node;
        let fault = |(weaker, stronger): (usize, Vec<usize>)| {
            let (own, other) = (parts.get(weaker)?.span, parts.get(*stronger.first()?)?.span);
            let message = format!("this follows from '{}'", self.text(other));
            let fault = Fault::new(DiagnosticKind::Redundant, node, own, message).help("remove this part");
            Some(fault.related(node, other, "the stricter condition"))
        };
        among::implied(&entries).into_iter().filter_map(fault).collect()
    }

    fn text(&self, span: Span) -> &str {
        self.demand.text.get(span.range()).unwrap_or_default()
    }
}

/// Combines parts some of which are constant. A part that is `winner` decides.
fn decided(parts: &[Examined], winner: bool) -> Option<bool> {
    if parts.iter().any(|part| part.constant == Some(winner)) {
        return Some(winner);
    }
    parts.iter().all(|part| part.constant.is_some()).then_some(!winner)
}

/// Returns whether one of the conditions is true for any measurement, considering only those about a single value.
fn covers_all(parts: &[Examined]) -> bool {
    let mut sets: std::collections::BTreeMap<&str, Set> = std::collections::BTreeMap::new();
    for part in parts.iter().filter(|part| part.normal.is_exact) {
        let mut constraints = part.normal.constraints.iter();
        let (Some((subject, constraint)), None) = (constraints.next(), constraints.next()) else { continue };
        let set = sets.entry(subject).or_insert(Set::EMPTY);
        *set = set.union(&constraint.set);
        if set.covers(&Set::from(&constraint.range)) {
            return true;
        }
    }
    false
}
