//! The metrics, slices and references that a condition or a value reads.

use rustc_hash::FxHashSet;

use crate::objectives::hir::{
    ChangeReference, Claim, Condition, DatasetId, DefinitionId, MetricId, Predicate, Slices, Truth, TruthKind, Value,
    ValueKind, Within,
};
use crate::objectives::policy::Policy;

/// A metric that is read, and its data.
#[derive(Clone, Copy, Debug)]
pub(super) struct Read<'a> {
    pub metric: MetricId,
    pub field: Option<&'a str>,
    pub dataset: Option<DatasetId>,
    /// The slices that it is read in, if they are not the enclosing slice.
    pub across: Option<&'a Slices>,
    /// The part of the enclosing slice that it is read in: pairs of dimension and value.
    pub within: &'a [(String, String)],
}

/// The place where a value is read.
#[derive(Clone, Copy, Default)]
struct ReadPlace<'a> {
    dataset: Option<DatasetId>,
    across: Option<&'a Slices>,
    within: &'a [(String, String)],
}

/// A place by the identity of the slices.
type PlaceKey<'a> = (Option<DatasetId>, Option<*const Slices>, &'a [(String, String)]);

impl<'a> ReadPlace<'a> {
    fn key(self) -> PlaceKey<'a> {
        (self.dataset, self.across.map(std::ptr::from_ref), self.within)
    }
}

/// The metrics that are read, each place once, and the references of changes.
#[derive(Debug)]
pub(super) struct MetricReads<'a> {
    policy: &'a Policy,
    pub metrics: Vec<Read<'a>>,
    /// The references, each with the reads of its claim: a range of `metrics`.
    pub references: Vec<(&'a ChangeReference, std::ops::Range<usize>)>,
    /// The definitions that were visited: each is visited once, however often it is named.
    seen: FxHashSet<(DefinitionId, PlaceKey<'a>)>,
    known: FxHashSet<(MetricId, Option<&'a str>, PlaceKey<'a>)>,
}

impl<'a> MetricReads<'a> {
    fn new(policy: &'a Policy) -> Self {
        let (seen, known) = (FxHashSet::default(), FxHashSet::default());
        Self { policy, metrics: Vec::new(), references: Vec::new(), seen, known }
    }

    pub(super) fn of_condition(policy: &'a Policy, condition: &'a Condition) -> Self {
        let mut reads = Self::new(policy);
        reads.truth(&condition.root);
        reads
    }

    pub(super) fn of_value(policy: &'a Policy, value: &'a Value, dataset: Option<DatasetId>) -> Self {
        let mut reads = Self::new(policy);
        reads.value(value, ReadPlace { dataset, ..ReadPlace::default() });
        reads
    }

    fn truth(&mut self, truth: &'a Truth) {
        match &truth.kind {
            TruthKind::Claim(claim) => self.claim(claim),
            TruthKind::Not(inner) => self.truth(inner),
            TruthKind::And(parts) | TruthKind::Or(parts) => parts.iter().for_each(|part| self.truth(part)),
            TruthKind::Implies(premise, conclusion) => {
                self.truth(premise);
                self.truth(conclusion);
            }
        }
    }

    fn claim(&mut self, claim: &'a Claim) {
        let place = ReadPlace { dataset: claim.dataset, ..ReadPlace::default() };
        match &claim.predicate {
            Predicate::Change { reference, .. } => self.referred(reference, &claim.value, place),
            _ => claim.values().for_each(|value| self.value(value, place)),
        }
    }

    /// Collects the reads of a claim with a reference separately, so that they are complete even if another claim contains them.
    fn referred(&mut self, reference: &'a ChangeReference, value: &'a Value, place: ReadPlace<'a>) {
        let mut own = Self::new(self.policy);
        own.value(value, place);
        let start = self.metrics.len();
        self.metrics.append(&mut own.metrics);
        self.references.push((reference, start..self.metrics.len()));
    }

    fn value(&mut self, value: &'a Value, place: ReadPlace<'a>) {
        match &value.kind {
            ValueKind::Number(_) | ValueKind::Age => {}
            ValueKind::ByValue(own) => own.numbers().for_each(|value| self.value(value, place)),
            ValueKind::Metric(metric, field) => {
                let field = field.as_deref();
                if self.known.insert((*metric, field, place.key())) {
                    let ReadPlace { dataset, across, within } = place;
                    self.metrics.push(Read { metric: *metric, field, dataset, across, within });
                }
            }
            ValueKind::Aggregate(_, inner) | ValueKind::Negative(inner) => self.value(inner, place),
            ValueKind::Across(inner) => {
                let place = ReadPlace { across: Some(&inner.slices), ..place };
                self.value(&inner.value, place);
                inner.weighed_by().into_iter().for_each(|weight| self.value(weight, place));
            }
            ValueKind::Arithmetic(_, left, right) => {
                self.value(left, place);
                self.value(right, place);
            }
            ValueKind::On(inner, own) => self.value(inner, ReadPlace { dataset: Some(*own), ..place }),
            ValueKind::Within(inner, Within::Slice(within)) => self.value(inner, ReadPlace { within, ..place }),
            ValueKind::Within(inner, Within::Window(_)) => self.value(inner, place),
            ValueKind::Within(inner, Within::Reference(reference)) => self.referred(reference, inner, place),
            ValueKind::Definition(id) => {
                let definition = self.policy.definitions.get(*id).and_then(|definition| definition.value.as_ref());
                if let Some(definition) = definition
                    && self.seen.insert((*id, place.key()))
                {
                    self.value(definition, place);
                }
            }
        }
    }
}
