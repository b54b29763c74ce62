//! Measurements compared with what objectives demand: for rules that check the evidence, and not the model.

use rustc_hash::FxHashSet;

use super::allowed::Allowed;
use super::claim::{ClaimJudgement, EstimatedInterval};
use super::condition::{Judge, Size};
use super::dependencies::{MetricReads, Read};
use super::index::{CANDIDATE, RecordIndex};
use super::interval::IntervalKind;
use super::kleene::Kleene;
use super::slices::{ALL_DATA, SliceId};
use super::value::{Examples, Scope};
use crate::objectives::hir::{
    Across, Aggregate, ChangeReference, Claim, Condition, DefinitionId, MetricId, Predicate, Slices, SmallSlices,
    Truth, TruthKind, Value, ValueKind,
};
use crate::objectives::measurements::{Evidence, MeasuredIn, MetricRecord, Quantity};
use crate::objectives::number::Exact;
use crate::objectives::policy::Policy;
use crate::objectives::verdict::Method;
use crate::text::Span;

/// A policy and its evidence, evaluated in the same way as by a gate.
pub struct Review<'a> {
    judge: Judge<'a>,
    policy: &'a Policy,
    budget: u64,
    /// The level of the intervals of claims.
    level: Exact,
}

/// A claim about a metric, in one slice in which it is judged.
pub struct ClaimInSlice<'a> {
    /// The claim.
    pub claim: &'a Claim,
    /// Its range in the text of the expression.
    pub span: Span,
    /// The metric.
    pub metric: MetricId,
    /// The values of the slice's dimensions, joined; empty for all data.
    pub slice: String,
    /// The value, in the unit of its dimension.
    pub value: Exact,
    /// The bounds that the value is compared with, including those derived from a reference.
    pub bounds: Vec<Exact>,
    /// The reference that a change is measured against.
    pub reference: Option<Exact>,
    /// Whether the claim holds; `None` if that is unknown.
    pub holds: Option<bool>,
    /// The record that holds the value.
    pub record: &'a MetricRecord<'a>,
    /// The document that the record is from.
    pub origin: &'a MeasuredIn<'a>,
    /// Whether the unit of the record is that of proportions.
    pub is_fraction: bool,
    /// The 95 % confidence interval of the value: the logged one or, for a fraction, Wilson's.
    pub interval: Option<ClaimInterval>,
}

/// A 95 % confidence interval.
pub struct ClaimInterval {
    /// The lower bound, in the unit of the dimension.
    pub lower: Exact,
    /// The upper bound, in the unit of the dimension.
    pub upper: Exact,
    /// Whether it was logged; otherwise it is Wilson's.
    pub is_logged: bool,
}

/// The slices that a condition, or a part of it, reads.
pub struct SlicesReview<'a> {
    /// The slices as they are written in the condition.
    pub slices: &'a Slices,
    /// The definition that contains them; `None` for the condition itself.
    pub definition: Option<DefinitionId>,
    /// The number of slices that are judged.
    pub judged: usize,
    /// The number of slices that are left out.
    pub left_out: usize,
    /// The number of examples in those that are left out.
    pub examples_left_out: u64,
    /// The number of all examples: that of the record of all data, or of all slices together, whichever is greater.
    pub examples: u64,
}

/// A quantile of a measured list.
pub struct QuantileReview<'a> {
    /// The expression.
    pub value: &'a Value,
    /// The definition that contains it; `None` for the condition itself.
    pub definition: Option<DefinitionId>,
    /// The order of the quantile, between 0 and 1.
    pub order: &'a Exact,
    /// The number of values.
    pub values: usize,
    /// The record.
    pub record: &'a MetricRecord<'a>,
    /// The document that the record is from.
    pub origin: &'a MeasuredIn<'a>,
}

/// The records of one metric that a change compares.
pub struct Compared<'a> {
    /// The metric.
    pub metric: MetricId,
    /// The records of the candidate.
    pub candidate: Vec<&'a MetricRecord<'a>>,
    /// The records of the baseline on the same data; if there are none, on any data.
    pub baseline: Vec<&'a MetricRecord<'a>>,
}

impl<'a> Review<'a> {
    /// Evaluates the evidence. `key_of` must be the function that it was read with. After `budget` parts of expressions, evaluation stops.
    #[must_use]
    pub fn of(policy: &'a Policy, evidence: &'a Evidence<'a>, key_of: &dyn Fn(&str) -> String, budget: u64) -> Self {
        let judge = Judge::new(policy, evidence, key_of, evidence.newest(), None);
        Self { judge, policy, budget, level: Exact::fraction(95, 100).unwrap_or(Exact::ONE) }
    }

    /// Grants the whole budget again, and forgets what was evaluated: what one rule finds does not depend on which others ran before it.
    pub fn start_anew(&self) {
        self.judge.start_anew();
    }

    /// Returns whether a condition is known to be false.
    #[must_use]
    pub fn is_false(&self, condition: &'a Condition) -> bool {
        self.may_go_on() && self.judge.condition(condition).truth == Kleene::False
    }

    /// Returns the claims of a condition that are about a metric and that could be judged, in each slice that is judged.
    #[must_use]
    pub fn claims(&self, condition: &'a Condition) -> Vec<ClaimInSlice<'a>> {
        let mut found = Vec::new();
        let mut claims = Vec::new();
        collect(&condition.root, &mut claims);
        let slices = if self.may_go_on() { self.judged_slices(condition) } else { Vec::new() };
        for (claim, span) in claims {
            let Some(metric) = self.plain_metric(&claim.value) else { continue };
            for slice in slices.iter().take_while(|_| self.may_go_on()) {
                found.extend(self.claim_in_slice(claim, span, metric, *slice));
            }
        }
        found
    }

    fn claim_in_slice(
        &self,
        claim: &'a Claim,
        span: Span,
        metric: MetricId,
        slice: SliceId,
    ) -> Option<ClaimInSlice<'a>> {
        let ClaimJudgement { truth, value, allowed, reference, record, .. } = self.judge.claim(claim, Scope::of(slice));
        let Allowed { low, high, .. } = allowed?;
        let index = self.judge.indexes.first()?;
        let id = record?;
        let record = index.record(id)?;
        let scope = Judge::scope(claim, Scope::of(slice));
        let interval =
            self.judge.interval(&self.judge.number(&claim.value, scope), &self.level, scope, IntervalKind::Many).ok();
        Some(ClaimInSlice {
            claim,
            span,
            metric,
            slice: self.slice_name(slice),
            value: value?,
            bounds: low.into_iter().chain(high).map(|(bound, _)| bound).collect(),
            reference,
            holds: match truth {
                Kleene::True => Some(true),
                Kleene::False => Some(false),
                Kleene::Unknown => None,
            },
            record,
            origin: index.measurements.origin(record)?,
            is_fraction: index.scale(id)?.unit.is_fraction(),
            interval: interval.map(|EstimatedInterval { lower, upper, method }| ClaimInterval {
                lower,
                upper,
                is_logged: method == Method::Logged,
            }),
        })
    }

    fn slice_name(&self, slice: SliceId) -> String {
        let values: Vec<_> = self.judge.slices.get(slice).iter().map(|(_, value)| *value).collect();
        values.join(" by ")
    }

    /// Returns the metric that a value is; `None` if it is anything else.
    fn plain_metric(&self, value: &Value) -> Option<MetricId> {
        match &value.kind {
            ValueKind::Metric(metric, None) => Some(*metric),
            ValueKind::On(inner, _) => self.plain_metric(inner),
            ValueKind::Definition(id) => self.plain_metric(self.policy.definitions.get(*id)?.value.as_ref()?),
            _ => None,
        }
    }

    /// Returns the slices in which a condition is judged, and which are large enough.
    fn judged_slices(&self, condition: &'a Condition) -> Vec<SliceId> {
        let Some(slices) = &condition.for_each else { return vec![ALL_DATA] };
        let found = self.judge.each_slice(condition, slices).slices;
        found.into_iter().filter(|(_, size)| matches!(size, Size::Enough)).map(|(slice, _)| slice).collect()
    }

    /// Returns the slices of `for each slice`.
    #[must_use]
    pub fn for_each(&self, condition: &'a Condition) -> Option<SlicesReview<'a>> {
        let slices = condition.for_each.as_ref().filter(|_| self.may_go_on())?;
        let reads = MetricReads::of_condition(self.policy, condition);
        Some(self.slices_review(slices, None, &reads.metrics, ALL_DATA))
    }

    fn slices_review(
        &self,
        slices: &'a Slices,
        definition: Option<DefinitionId>,
        reads: &[Read<'a>],
        surrounding: SliceId,
    ) -> SlicesReview<'a> {
        let candidates = self.judge.candidates(slices, surrounding);
        let mut ids = Vec::new();
        self.judge.observed(CANDIDATE, reads, &candidates, &mut ids);
        self.judge.retain_meant(slices, &mut ids);
        let count = |slice| match self.judge.examples(reads, slice) {
            Examples::Known(count) => count,
            Examples::NoRecord | Examples::NotReported => 0,
        };
        let needed = slices.sample.as_ref().filter(|sample| sample.small == SmallSlices::LeftOut);
        let counts: Vec<u64> = ids.into_iter().map(count).collect();
        self.judge.steps.set(self.judge.steps().saturating_add(counts.len() as u64));
        // A slice of unknown size is never left out.
        let is_small = |count: &&u64| needed.is_some_and(|sample| **count > 0 && **count < sample.examples);
        let total =
            |counts: &mut dyn Iterator<Item = &u64>| counts.fold(0_u64, |sum, count| sum.saturating_add(*count));
        let left_out = counts.iter().filter(is_small).count();
        SlicesReview {
            slices,
            definition,
            judged: counts.len() - left_out,
            left_out,
            examples_left_out: total(&mut counts.iter().filter(is_small)),
            examples: total(&mut counts.iter()).max(count(surrounding)),
        }
    }

    /// Returns the slices of `ratio(… across …)` and similar functions.
    #[must_use]
    pub fn across(&self, condition: &'a Condition) -> Vec<SlicesReview<'a>> {
        let mut found = Vec::new();
        self.walk(condition, &mut |value, scope, definition| {
            if let ValueKind::Across(across) = &value.kind {
                let Across { value, slices, .. } = &**across;
                let reads = MetricReads::of_value(self.policy, value, scope.dataset);
                found.push(self.slices_review(slices, definition, &reads.metrics, scope.slice));
            }
        });
        found
    }

    /// Returns the quantiles of lists that a condition uses.
    #[must_use]
    pub fn quantiles(&self, condition: &'a Condition) -> Vec<QuantileReview<'a>> {
        let mut found = Vec::new();
        self.walk(condition, &mut |value, scope, definition| {
            let ValueKind::Aggregate(Aggregate::Quantile(order), list) = &value.kind else { return };
            let (mut list, mut scope) = (&**list, scope);
            loop {
                match &list.kind {
                    ValueKind::On(inner, dataset) => (list, scope.dataset) = (inner, Some(*dataset)),
                    ValueKind::Within(inner, place) => match self.judge.placed(place, scope) {
                        Ok(placed) => (list, scope) = (inner, placed),
                        Err(_) => return,
                    },
                    _ => break,
                }
            }
            let (ValueKind::Metric(metric, None), Some(index)) = (&list.kind, self.judge.indexes.first()) else {
                return;
            };
            let super::value::Found::One(id) = self.judge.find(index, *metric, scope) else { return };
            if let Some(record) = index.record(id)
                && let Quantity::Array(values) = &record.value
                && let Some(origin) = index.measurements.origin(record)
            {
                found.push(QuantileReview { value, definition, order, values: values.len(), record, origin });
            }
        });
        found
    }

    /// Calls `each` with every value of a condition, its scope, and the definition that it is in: for each slice that is judged, and for
    /// operands of functions across slices, for each of those.
    fn walk(&self, condition: &'a Condition, each: &mut dyn FnMut(&'a Value, Scope<'a>, Option<DefinitionId>)) {
        let slices = if self.may_go_on() { self.judged_slices(condition) } else { Vec::new() };
        let mut seen: FxHashSet<(DefinitionId, Scope<'a>)> = FxHashSet::default();
        let claims = condition.claims();
        for (slice, claim) in slices.iter().flat_map(|slice| claims.iter().map(move |claim| (*slice, *claim))) {
            let scope = Judge::scope(claim, Scope::of(slice));
            let mut open: Vec<_> = claim.values().map(|value| (value, scope, None)).collect();
            while let Some((value, scope, definition)) = open.pop().filter(|_| self.may_go_on()) {
                self.judge.step();
                each(value, scope, definition);
                match &value.kind {
                    ValueKind::Number(_) | ValueKind::Metric(..) | ValueKind::ByValue(_) | ValueKind::Age => {}
                    ValueKind::Aggregate(_, inner) | ValueKind::Negative(inner) => {
                        open.push((inner, scope, definition))
                    }
                    ValueKind::Arithmetic(_, left, right) => {
                        open.extend([(&**left, scope, definition), (right, scope, definition)]);
                    }
                    ValueKind::Within(inner, place) => {
                        let placed = self.judge.placed(place, scope).ok();
                        open.extend(placed.map(|scope| (&**inner, scope, definition)));
                    }
                    ValueKind::On(inner, dataset) => {
                        open.push((inner, Scope { dataset: Some(*dataset), ..scope }, definition));
                    }
                    ValueKind::Definition(id) => {
                        let named = self.policy.definitions.get(*id).and_then(|definition| definition.value.as_ref());
                        let named = named.filter(|_| seen.insert((*id, scope)));
                        open.extend(named.map(|value| (value, scope, Some(*id))));
                    }
                    ValueKind::Across(across) => {
                        let inner = self.judge.across_slices(across, scope).each.slices;
                        let large = inner.into_iter().filter(|(_, size)| matches!(size, Size::Enough));
                        open.extend(large.map(|(slice, _)| (&across.value, Scope { slice, ..scope }, definition)));
                    }
                }
            }
        }
    }

    /// Returns the records that the changes against the baseline compare.
    #[must_use]
    pub fn compared(&self, condition: &'a Condition) -> Vec<Compared<'a>> {
        let [candidate, baseline, ..] = self.judge.indexes.as_slice() else { return Vec::new() };
        let is_against_baseline = |claim: &&Claim| {
            matches!(&claim.predicate, Predicate::Change { reference: ChangeReference::Baseline, .. })
                && self.may_go_on()
        };
        let mut found = Vec::new();
        for claim in condition.claims().into_iter().filter(is_against_baseline) {
            for read in MetricReads::of_value(self.policy, &claim.value, claim.dataset).metrics {
                self.judge.step();
                let on_same = records(baseline, read.metric, read.dataset);
                let is_measured = !on_same.is_empty();
                found.push(Compared {
                    metric: read.metric,
                    candidate: records(candidate, read.metric, read.dataset),
                    baseline: if is_measured { on_same } else { records(baseline, read.metric, None) },
                });
            }
        }
        found
    }

    fn may_go_on(&self) -> bool {
        self.judge.steps() <= self.budget
    }
}

/// Collects the claims of a condition, each with its place.
fn collect<'a>(truth: &'a Truth, claims: &mut Vec<(&'a Claim, Span)>) {
    match &truth.kind {
        TruthKind::Claim(claim) => claims.push((claim, truth.span)),
        TruthKind::Not(inner) => collect(inner, claims),
        TruthKind::And(parts) | TruthKind::Or(parts) => parts.iter().for_each(|part| collect(part, claims)),
        TruthKind::Implies(premise, conclusion) => {
            collect(premise, claims);
            collect(conclusion, claims);
        }
    }
}

/// Returns the records of a metric on some data, in one slice: all of the data, if that is reported.
fn records<'a>(index: &RecordIndex<'a>, metric: MetricId, dataset: Option<usize>) -> Vec<&'a MetricRecord<'a>> {
    let series = (metric, dataset);
    let first = index.observed(series).first();
    let ids = first.and_then(|slice| index.cell(series, *slice)).map_or(&[][..], |cell| index.records(cell));
    ids.iter().filter_map(|id| index.record(*id)).collect()
}
