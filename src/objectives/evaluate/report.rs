//! Converts a judgement to the verdict that is stored.

use std::collections::BTreeMap;

use super::allowed::Allowed;
use super::claim;
use super::condition::{Judge, Size};
use super::index::CANDIDATE;
use super::kleene::Kleene;
use super::slices::{ALL_DATA, SliceId};
use super::unknown::Unknown;
use super::value::{Examples, Scope};
use super::wording::shown_unit;
use super::{Judgement, ObjectiveJudgement, trace};
use crate::documents::objectives::ObjectiveSeverity;
use crate::objectives::as_of::AsOf;
use crate::objectives::hir::{Claim, Comparison, Condition, Predicate, Truth, TruthKind, Value, ValueKind};
use crate::objectives::number::Exact;
use crate::objectives::policy::Demand;
use crate::objectives::unit::MetricUnit;
use crate::objectives::verdict::{self, Verdict};
use crate::text::LineCol;
use crate::yaml::{Tree, pointer};

/// The significant digits of numbers: more than a float has.
const DIGITS: u32 = 20;

/// The circumstances that a verdict reports.
#[derive(Clone, Debug)]
pub struct VerdictContext {
    /// Whether the verdict blocks.
    pub mode: verdict::GateMode,
    /// The files that were read.
    pub inputs: Vec<verdict::Input>,
    /// What was read of logs.
    pub log: Option<verdict::JudgedLog>,
    /// The artifacts to be deployed.
    pub subject: Vec<verdict::Subject>,
    /// Concerns about the evidence as a whole.
    pub concerns: Vec<verdict::Concern>,
}

impl Judgement<'_> {
    /// Returns the verdict with all its details; `tree` is the text of the objectives.
    #[must_use]
    pub fn verdict(&self, tree: &Tree, about: VerdictContext) -> Verdict {
        Verdict {
            version: verdict::VERSION,
            tool: verdict::VerdictTool::this(),
            language: self.judge.policy.language.name().to_owned(),
            mode: about.mode,
            verdict: if about.concerns.is_empty() { self.gate() } else { self.gate().max(verdict::GateVerdict::Warn) },
            as_of: self.as_of.map(|as_of| as_of.day().to_string()),
            instant: self.as_of.and_then(AsOf::instant).map(|instant| instant.to_string()),
            is_time_given: !matches!(self.as_of, None | Some(AsOf::Newest(_))),
            max_age: self.judge.max_age.map(|age| age.to_string()),
            counts: self.counts(),
            inputs: about.inputs,
            log: about.log,
            subject: about.subject,
            concerns: about.concerns,
            objectives: self.objectives.iter().map(|judged| self.judge.reported_objective(judged, tree)).collect(),
        }
    }
}

impl<'a> Judge<'a> {
    fn reported_objective(&self, judged: &ObjectiveJudgement<'a>, tree: &Tree) -> verdict::JudgedObjective {
        let objective = judged.objective;
        let (reason, message) = trace::of(self, judged);
        let expression = |demand: &Option<Demand>| Some(demand.as_ref()?.expression.as_ref()?.to_string());
        let mut claims = Vec::new();
        let mut left_out = BTreeMap::new();
        let aim = objective.aim.as_ref().filter(|_| judged.aim.is_some());
        for (part, demand) in
            [(verdict::ObjectivePart::Expect, objective.expect.as_ref()), (verdict::ObjectivePart::Aim, aim)]
        {
            let Some((demand, condition)) = demand.and_then(|own| Some((own, own.condition.as_ref()?))) else {
                continue;
            };
            for (slice, too_small) in self.judged_slices(condition, &mut left_out) {
                self.claims_of(&condition.root, &mut |truth, claim| {
                    self.left_out_of(claim, slice, &mut left_out);
                    let mut reported = self.reported_claim(part, demand, truth, claim, slice);
                    // A claim about too few examples is unknown, whatever its value.
                    if let Some(unknown) = too_small.as_ref().filter(|_| reported.truth != verdict::ClaimTruth::Unknown)
                    {
                        reported.truth = verdict::ClaimTruth::Unknown;
                        reported.reason = Some(unknown.reason());
                        reported.message = self.unknown_words(unknown);
                    }
                    claims.push(reported);
                });
            }
        }
        verdict::JudgedObjective {
            id: objective.id.clone(),
            severity: match objective.severity {
                ObjectiveSeverity::Required => verdict::JudgedSeverity::Required,
                ObjectiveSeverity::Advisory => verdict::JudgedSeverity::Advisory,
            },
            verdict: judged.verdict,
            tainted: judged.expect.is_tainted || judged.aim.is_some_and(|aim| aim.is_tainted),
            waiver: judged.waiver.map(|waiver| verdict::UsedWaiver {
                until: waiver.until.to_string(),
                by: waiver.by.to_owned(),
                reason: waiver.reason.to_owned(),
            }),
            source: source(tree, objective.expect.as_ref().map_or(objective.node, |demand| demand.node)),
            expression: expression(&objective.expect).unwrap_or_default(),
            aim: expression(&objective.aim),
            reason,
            message,
            claims,
            left_out: left_out
                .into_iter()
                .map(|(slice, count)| verdict::LeftOut { slice: self.slice_map(slice), count })
                .collect(),
        }
    }

    /// Returns the slices that a condition is judged in, and why one of them cannot be judged.
    fn judged_slices(
        &self,
        condition: &'a Condition,
        left_out: &mut BTreeMap<SliceId, u64>,
    ) -> Vec<(SliceId, Option<Unknown<'a>>)> {
        let Some(slices) = &condition.for_each else { return vec![(ALL_DATA, None)] };
        let mut judged = Vec::new();
        for (slice, size) in self.each_slice(condition, slices).slices {
            match size {
                Size::LeftOut(count) => drop(left_out.insert(slice, count)),
                Size::Enough => judged.push((slice, None)),
                Size::TooSmall(unknown) => judged.push((slice, Some(unknown))),
            }
        }
        judged
    }

    fn claims_of(&self, truth: &'a Truth, each: &mut dyn FnMut(&'a Truth, &'a Claim)) {
        match &truth.kind {
            TruthKind::Claim(claim) => each(truth, claim),
            TruthKind::Not(inner) => self.claims_of(inner, each),
            TruthKind::And(parts) | TruthKind::Or(parts) => parts.iter().for_each(|part| self.claims_of(part, each)),
            TruthKind::Implies(premise, conclusion) => {
                self.claims_of(premise, each);
                self.claims_of(conclusion, each);
            }
        }
    }

    /// Collects the slices that a claim leaves out within its values.
    fn left_out_of(&self, claim: &'a Claim, slice: SliceId, left_out: &mut BTreeMap<SliceId, u64>) {
        let scope = Self::scope(claim, Scope::of(slice));
        let mut values: Vec<(&'a Value, Scope<'a>)> = claim.values().map(|value| (value, scope)).collect();
        let mut seen = rustc_hash::FxHashSet::default();
        while let Some((value, scope)) = values.pop() {
            match &value.kind {
                ValueKind::Number(_) | ValueKind::Metric(..) | ValueKind::ByValue(_) | ValueKind::Age => {}
                ValueKind::Aggregate(_, inner) | ValueKind::Negative(inner) => values.push((inner, scope)),
                ValueKind::Arithmetic(_, left, right) => values.extend([(&**left, scope), (right, scope)]),
                ValueKind::Within(inner, place) => {
                    values.extend(self.placed(place, scope).ok().map(|scope| (&**inner, scope)));
                }
                ValueKind::On(inner, dataset) => values.push((inner, Scope { dataset: Some(*dataset), ..scope })),
                ValueKind::Definition(id) => {
                    let definition = self.policy.definitions.get(*id).and_then(|definition| definition.value.as_ref());
                    values.extend(definition.filter(|_| seen.insert((*id, scope))).map(|value| (value, scope)));
                }
                ValueKind::Across(across) => {
                    for (slice, size) in self.across_slices(across, scope).each.slices {
                        if let Size::LeftOut(count) = size {
                            left_out.insert(slice, count);
                        }
                    }
                }
            }
        }
    }

    fn reported_claim(
        &self,
        part: verdict::ObjectivePart,
        demand: &Demand,
        truth: &Truth,
        claim: &'a Claim,
        slice: SliceId,
    ) -> verdict::JudgedClaim {
        let judged = self.claim(claim, Scope::of(slice));
        let unit = shown_unit(claim);
        let decimal = |number: &Exact| decimal(&unit, number);
        let allowed = judged.allowed.as_ref();
        let bound = |bound: Option<&(Exact, bool)>| bound.map(|(bound, _)| decimal(bound));
        let (low, high) = (allowed.and_then(|own| own.low.as_ref()), allowed.and_then(|own| own.high.as_ref()));
        let is_pair = matches!((low, high), (Some(low), Some(high)) if low.0 != high.0);
        verdict::JudgedClaim {
            part,
            slice: self.slice_map(slice),
            dataset: claim.dataset.and_then(|id| self.policy.datasets.get(id)).map(|dataset| dataset.name.clone()),
            text: demand.text.get(truth.span.range()).unwrap_or_default().to_owned(),
            truth: match judged.truth {
                Kleene::True => verdict::ClaimTruth::True,
                Kleene::False => verdict::ClaimTruth::False,
                Kleene::Unknown => verdict::ClaimTruth::Unknown,
            },
            tainted: judged.is_tainted,
            reason: trace::reason(self, claim, &judged),
            message: self.sentence(claim, &judged, slice),
            value: judged.value.as_ref().map(decimal),
            comparison: comparison(claim, allowed),
            threshold: bound(low.or(high)),
            upper_threshold: bound(high.filter(|_| is_pair)),
            margin: allowed.zip(judged.value.as_ref()).and_then(|(own, value)| own.margin(value)).as_ref().map(decimal),
            reference: judged.reference.as_ref().map(decimal),
            interval: judged.interval.as_ref().map(|interval| interval_of(claim, interval, &unit)),
            count: match judged.examples {
                Examples::Known(count) => Some(count),
                Examples::NotReported | Examples::NoRecord => None,
            },
            place: self.place_of(&judged),
            unit: unit.symbol.clone(),
        }
    }

    fn place_of(&self, judged: &claim::ClaimJudgement<'a>) -> Option<verdict::RecordPlace> {
        let index = self.indexes.get(CANDIDATE as usize)?;
        let record = index.record(judged.record?)?;
        let tree = index.measurements.origin(record)?.tree;
        let LineCol { line, column } = tree.source().line_col(tree.span(tree.resolve(record.node)).start);
        let path = tree.source().name().to_owned();
        Some(verdict::RecordPlace { path, pointer: pointer::of(tree, record.node), line, column })
    }

    fn slice_map(&self, slice: SliceId) -> BTreeMap<String, String> {
        self.slices.get(slice).iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }
}

fn interval_of(claim: &Claim, interval: &claim::EstimatedInterval, unit: &MetricUnit) -> verdict::JudgedInterval {
    verdict::JudgedInterval {
        lower: decimal(unit, &interval.lower),
        upper: decimal(unit, &interval.upper),
        level: claim.confidence.as_ref().map_or(Exact::ZERO, |own| own.written.clone()).to_decimal(DIGITS),
        sides: match claim.confidence.as_ref().is_some_and(|own| own.is_one_sided) {
            true => verdict::Sides::One,
            false => verdict::Sides::Two,
        },
        method: interval.method,
    }
}

fn comparison(claim: &Claim, allowed: Option<&Allowed>) -> Option<verdict::JudgedComparison> {
    if let Predicate::Compare(comparison, _) = &claim.predicate {
        return Some(match comparison {
            Comparison::AtLeast => verdict::JudgedComparison::AtLeast,
            Comparison::AtMost => verdict::JudgedComparison::AtMost,
            Comparison::Above => verdict::JudgedComparison::Above,
            Comparison::Below => verdict::JudgedComparison::Below,
            Comparison::Equal => verdict::JudgedComparison::Equal,
            Comparison::NotEqual => verdict::JudgedComparison::NotEqual,
        });
    }
    let allowed = allowed?;
    match (&allowed.low, &allowed.high) {
        (Some(_), Some(_)) if allowed.is_outside => Some(verdict::JudgedComparison::Outside),
        (Some(_), Some(_)) => Some(verdict::JudgedComparison::Between),
        (Some(_), None) => Some(verdict::JudgedComparison::AtLeast),
        (None, Some(_)) => Some(verdict::JudgedComparison::AtMost),
        (None, None) => None,
    }
}

fn decimal(unit: &MetricUnit, number: &Exact) -> String {
    number.divided_by(&unit.factor).unwrap_or_else(|| number.clone()).to_decimal(DIGITS)
}

fn source(tree: &Tree, node: crate::yaml::NodeId) -> verdict::ObjectivePlace {
    let span = tree.span(tree.resolve(node));
    let LineCol { line, column } = tree.source().line_col(span.start);
    verdict::ObjectivePlace { path: tree.source().name().to_owned(), line, column, start: span.start, end: span.end }
}
