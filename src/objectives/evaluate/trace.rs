//! Explains verdicts: the claims that decide, and how they were judged.

use super::claim::ClaimJudgement;
use super::condition::{EachSlice, Judge, Size};
use super::credibility::is_tainted;
use super::dependencies::{MetricReads, Read};
use super::index::{CANDIDATE, SourceId};
use super::kleene::Kleene;
use super::slices::{ALL_DATA, SliceId};
use super::unknown::{Unknown, What};
use super::value::Scope;
use super::wording::{show, shown_unit};
use super::{ObjectiveJudgement, Outcome};
use crate::objectives::hir::{self, AcrossFunction, Claim, Condition, Predicate, Truth, TruthKind, Value, ValueKind};
use crate::objectives::policy::Demand;
use crate::objectives::verdict::{ObjectiveVerdict, ReasonCode};

/// The number of slices or claims that a sentence lists at most.
const MOST_LISTED: usize = 8;

/// Returns why an objective does not pass, and the explanation of its verdict.
pub(super) fn of<'a>(judge: &Judge<'a>, judged: &ObjectiveJudgement<'a>) -> (Option<ReasonCode>, String) {
    let objective = judged.objective;
    let (mut reason, mut message) = judge.explained(objective.expect.as_ref(), judged.expect);
    if let Some(aim) = judged.aim.filter(|aim| aim.truth != Kleene::True || aim.is_tainted || aim.is_impossible) {
        let (of_aim, words) = judge.explained(objective.aim.as_ref(), aim);
        message = format!("{message}; aim {words}");
        reason = reason.or(of_aim);
    }
    if let Some(waiver) = judged.waiver {
        message = format!("{message}; waived until {} by {}: {}", waiver.until, waiver.by, waiver.reason);
        reason = Some(ReasonCode::Waived);
    }
    (reason.filter(|_| judged.verdict != ObjectiveVerdict::Pass), message)
}

/// Returns why a claim is not true.
pub(super) fn reason<'a>(judge: &Judge<'a>, claim: &'a Claim, judged: &ClaimJudgement<'a>) -> Option<ReasonCode> {
    match (judged.truth, &judged.unknown) {
        (Kleene::True, _) => None,
        (_, Some(unknown)) => Some(unknown.reason()),
        _ => Some(judge.violated(claim)),
    }
}

/// A claim that decides, with its slice.
struct Deciding<'a> {
    claim: &'a Claim,
    judged: ClaimJudgement<'a>,
    slice: SliceId,
}

impl<'a> Judge<'a> {
    fn explained(&self, demand: Option<&'a Demand>, outcome: Outcome) -> (Option<ReasonCode>, String) {
        let Some(condition) = demand.and_then(|demand| demand.condition.as_ref()) else { return (None, String::new()) };
        let (reason, words) = match &condition.for_each {
            Some(slices) => self.of_each_slice(condition, slices, outcome),
            None => self.of_all(&self.deciding(&condition.root, ALL_DATA).1),
        };
        // Impossible evidence may be explained already, by a claim that decides.
        if outcome.is_impossible
            && outcome.truth != Kleene::False
            && let Some(unknown) = self.impossible(condition)
            && reason != Some(unknown.reason())
        {
            let impossible = self.unknown_words(&unknown);
            return (Some(unknown.reason()), joined(&impossible, &words));
        }
        if outcome.truth != Kleene::True || !outcome.is_tainted {
            return (reason, words);
        }
        let taint = self.taint(condition).map(|unknown| self.unknown_words(&unknown));
        let taint = taint.unwrap_or_else(|| "something that is read is not a finite number".to_owned());
        (Some(ReasonCode::NotFinite), joined(&taint, &words))
    }

    fn of_all(&self, deciding: &[Deciding<'a>]) -> (Option<ReasonCode>, String) {
        let reason = deciding.first().map(|own| match &own.judged.unknown {
            Some(unknown) => unknown.reason(),
            None => self.violated(own.claim),
        });
        (reason, listed(deciding.iter().map(|own| self.sentence(own.claim, &own.judged, own.slice)).collect(), "; "))
    }

    fn of_each_slice(
        &self,
        condition: &'a Condition,
        slices: &'a hir::Slices,
        outcome: Outcome,
    ) -> (Option<ReasonCode>, String) {
        let each = self.each_slice(condition, slices);
        let (reason, mut words) = match outcome.truth {
            truth if condition.at_least.is_some() => self.of_enough_slices(condition, slices, &each, truth),
            Kleene::True => (None, self.of_met_slices(condition, slices, &each)),
            Kleene::False => (Some(ReasonCode::Slice), self.of_failed_slices(condition, slices, &each)),
            Kleene::Unknown => self.of_unknown_slices(condition, slices, &each),
        };
        let left_out = each.slices.iter().filter_map(|(slice, size)| match size {
            Size::LeftOut(count) => Some(format!("{} left out ({count})", self.label(*slice, slices))),
            Size::Enough | Size::TooSmall(_) => None,
        });
        let left_out = listed(left_out.collect(), ", ");
        if !left_out.is_empty() {
            words = if words.is_empty() { left_out } else { format!("{words}; {left_out}") };
        }
        (reason, words)
    }

    /// Returns `2 of 4 slices, and 3 are needed: A 0.86, B 0.78, …`.
    fn of_enough_slices(
        &self,
        condition: &'a Condition,
        slices: &'a hir::Slices,
        each: &EachSlice<'a>,
        truth: Kleene,
    ) -> (Option<ReasonCode>, String) {
        let judged = || each.slices.iter().filter(|(_, size)| !matches!(size, Size::LeftOut(_)));
        let is_met = |(slice, size): &&(SliceId, Size<'a>)| {
            matches!(size, Size::Enough) && self.truth(&condition.root, *slice).truth == Kleene::True
        };
        let (met, all) = (judged().filter(is_met).count(), judged().count());
        let needed = condition.at_least.unwrap_or_default();
        let values = self.of_met_slices(condition, slices, each);
        let counted =
            format!("{met} of {all} slices, and {needed} {} needed: {values}", if needed == 1 { "is" } else { "are" });
        match truth {
            Kleene::True => (None, counted),
            Kleene::False => (Some(ReasonCode::Slice), counted),
            Kleene::Unknown => {
                let (reason, words) = self.of_unknown_slices(condition, slices, each);
                (reason, format!("{counted}; {words}"))
            }
        }
    }

    /// Returns `A 0.86, B 0.78`.
    fn of_met_slices(&self, condition: &'a Condition, slices: &'a hir::Slices, each: &EachSlice<'a>) -> String {
        let judged = each.slices.iter().filter(|(_, size)| !matches!(size, Size::LeftOut(_)));
        let words = judged.map(|(slice, _)| {
            let label = self.label(*slice, slices);
            match &condition.root.kind {
                TruthKind::Claim(claim) => {
                    let value = self.claim(claim, Scope::of(*slice)).value;
                    value.map_or_else(
                        || label.clone(),
                        |value| format!("{label} {}", show(&shown_unit(claim), &value, 3)),
                    )
                }
                _ => label,
            }
        });
        listed(words.collect(), ", ")
    }

    /// Returns `B 0.78 < 0.8`.
    fn of_failed_slices(&self, condition: &'a Condition, slices: &'a hir::Slices, each: &EachSlice<'a>) -> String {
        let mut words = Vec::new();
        for (slice, size) in &each.slices {
            let (truth, deciding) = self.deciding(&condition.root, *slice);
            if truth == Kleene::False && matches!(size, Size::Enough) {
                words.push(format!("{} {}", self.label(*slice, slices), self.of_all(&deciding).1));
            }
        }
        listed(words, "; ")
    }

    fn of_unknown_slices(
        &self,
        condition: &'a Condition,
        slices: &'a hir::Slices,
        each: &EachSlice<'a>,
    ) -> (Option<ReasonCode>, String) {
        let unknown =
            |what| Unknown { what, metric: None, field: None, source: CANDIDATE, dataset: None, slice: ALL_DATA };
        let mut found: Vec<(ReasonCode, String)> = Vec::new();
        if let Some(gap) = each.gap.map(unknown) {
            found.push((gap.reason(), self.unknown_words(&gap)));
        }
        for (slice, size) in &each.slices {
            match size {
                Size::LeftOut(_) => {}
                Size::TooSmall(small) => found.push((small.reason(), self.unknown_words(small))),
                Size::Enough => {
                    let (truth, deciding) = self.deciding(&condition.root, *slice);
                    if truth != Kleene::Unknown {
                        continue;
                    }
                    let (reason, words) = self.of_all(&deciding);
                    // Most explanations name the slice.
                    let label = self.label(*slice, slices);
                    let words = if words.contains(&label) { words } else { format!("{label} {words}") };
                    found.extend(reason.map(|reason| (reason, words)));
                }
            }
        }
        let reason = found.first().map(|(reason, _)| *reason);
        (reason, listed(found.into_iter().map(|(_, words)| words).collect(), "; "))
    }

    /// Returns the truth of a condition in a slice, and the claims that determine it.
    fn deciding(&self, truth: &'a Truth, slice: SliceId) -> (Kleene, Vec<Deciding<'a>>) {
        let chosen = |parts: Vec<(Kleene, Vec<Deciding<'a>>)>, wanted: Kleene| -> Vec<Deciding<'a>> {
            parts.into_iter().filter(|(own, _)| *own == wanted).flat_map(|(_, deciding)| deciding).collect()
        };
        match &truth.kind {
            TruthKind::Claim(claim) => {
                let judged = self.claim(claim, Scope::of(slice));
                (judged.truth, vec![Deciding { claim, judged, slice }])
            }
            TruthKind::Not(inner) => {
                let (truth, deciding) = self.deciding(inner, slice);
                (truth.not(), deciding)
            }
            // A false conjunction is determined by its false parts, and so on.
            TruthKind::And(parts) => {
                let parts: Vec<_> = parts.iter().map(|part| self.deciding(part, slice)).collect();
                let all = parts.iter().fold(Kleene::True, |all, (own, _)| all.and(*own));
                (all, chosen(parts, all))
            }
            TruthKind::Or(parts) => {
                let parts: Vec<_> = parts.iter().map(|part| self.deciding(part, slice)).collect();
                let any = parts.iter().fold(Kleene::False, |any, (own, _)| any.or(*own));
                (any, chosen(parts, any))
            }
            TruthKind::Implies(premise, conclusion) => {
                let (premise, conclusion) = (self.deciding(premise, slice), self.deciding(conclusion, slice));
                let own = premise.0.not().or(conclusion.0);
                let deciding = match own {
                    _ if conclusion.0 == own => conclusion.1,
                    _ => premise.1,
                };
                (own, deciding)
            }
        }
    }

    /// Returns the reason for a claim that is false or, within `not`, true.
    fn violated(&self, claim: &'a Claim) -> ReasonCode {
        match &claim.predicate {
            Predicate::Change { .. } => ReasonCode::Change,
            Predicate::Reported(false) => ReasonCode::MissingMetric,
            _ if is_step(&claim.value) => ReasonCode::Slice,
            _ if matches!(claim.value.kind, ValueKind::Age) => ReasonCode::TooOld,
            _ if self.is_across(&claim.value) => ReasonCode::Fairness,
            _ => ReasonCode::Threshold,
        }
    }

    fn is_across(&self, value: &'a Value) -> bool {
        match &value.kind {
            ValueKind::Across(_) => true,
            ValueKind::On(inner, _)
            | ValueKind::Within(inner, _)
            | ValueKind::Negative(inner)
            | ValueKind::Aggregate(_, inner) => self.is_across(inner),
            ValueKind::Definition(id) => {
                let value = self.policy.definitions.get(*id).and_then(|definition| definition.value.as_ref());
                value.is_some_and(|value| self.is_across(value))
            }
            ValueKind::Number(_)
            | ValueKind::Metric(..)
            | ValueKind::Arithmetic(..)
            | ValueKind::ByValue(_)
            | ValueKind::Age => false,
        }
    }

    /// Returns the slices that a condition reads, including those that are left out.
    fn slices_read(&self, condition: &'a Condition) -> Vec<SliceId> {
        match &condition.for_each {
            Some(slices) => self.each_slice(condition, slices).slices.into_iter().map(|(slice, _)| slice).collect(),
            None => vec![ALL_DATA],
        }
    }

    /// Returns the first impossible evidence that a condition reads.
    fn impossible(&self, condition: &'a Condition) -> Option<Unknown<'a>> {
        let slices = self.slices_read(condition);
        let in_slice = |claim: &'a Claim, slice| self.claim(claim, Scope::of(slice)).unknown;
        let mut unknowns = condition
            .claims()
            .into_iter()
            .flat_map(|claim| slices.iter().filter_map(move |slice| in_slice(claim, *slice)));
        unknowns.find(Unknown::is_of_impossible_evidence)
    }

    /// Returns the first value that a condition reads and that is not a finite number.
    fn taint(&self, condition: &'a Condition) -> Option<Unknown<'a>> {
        let slices = self.slices_read(condition);
        for claim in condition.claims() {
            let mut sources: Vec<SourceId> = vec![CANDIDATE];
            if let Predicate::Change { reference, .. } = &claim.predicate {
                sources.extend(self.references.find(reference).unwrap_or_default());
            }
            for value in claim.values() {
                let reads = MetricReads::of_value(self.policy, value, claim.dataset);
                let places = slices.iter().flat_map(|slice| sources.iter().map(move |source| (*slice, *source)));
                for (slice, source) in places {
                    let scope = Scope { source, ..Self::scope(claim, Scope::of(slice)) };
                    if let Some(found) = reads.metrics.iter().find_map(|read| self.taint_of(read, scope)) {
                        return Some(found);
                    }
                }
            }
        }
        None
    }

    fn taint_of(&self, read: &Read<'a>, scope: Scope<'a>) -> Option<Unknown<'a>> {
        let index = self.indexes.get(scope.source as usize)?;
        let slice = self.narrowed(scope.slice, read.within)?;
        let mut slices = vec![slice];
        if let Some(across) = read.across {
            slices.clear();
            self.observed(scope.source, std::slice::from_ref(read), &self.candidates(across, slice), &mut slices);
        }
        slices.into_iter().find_map(|slice| {
            let scope = Scope { slice, dataset: read.dataset, ..scope };
            let records = self.ids(index, read.metric, scope);
            let record = records.iter().filter_map(|id| index.record(*id)).find(|own| is_tainted(own, read.field))?;
            let in_interval =
                record.interval.as_ref().and_then(|own| own.lower.not_finite().or(own.upper.not_finite()));
            let what = What::NotFinite(record.value.not_finite().or(in_interval)?);
            Some(Unknown { metric: Some(read.metric), field: read.field, ..self.unknown(what, scope) })
        })
    }
}

/// Joins what is wrong with the evidence, and the explanation of the verdict.
fn joined(wrong: &str, words: &str) -> String {
    if words.is_empty() { wrong.to_owned() } else { format!("{wrong}; {words}") }
}

/// Returns whether a value is the least step along a dimension.
fn is_step(value: &Value) -> bool {
    match &value.kind {
        ValueKind::Within(inner, _) => is_step(inner),
        ValueKind::Across(across) => {
            matches!(across.function, AcrossFunction::LeastRise | AcrossFunction::LeastFall)
        }
        _ => false,
    }
}

/// Lists the first of some words, and the number of the others.
fn listed(words: Vec<String>, separator: &str) -> String {
    let count = words.len();
    let mut text = words.into_iter().take(MOST_LISTED).collect::<Vec<_>>().join(separator);
    if count > MOST_LISTED {
        text += &format!("{separator}and {} more", count - MOST_LISTED);
    }
    text
}
