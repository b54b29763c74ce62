//! What a condition or a value reads.

use rustc_hash::FxHashSet;

use crate::objectives::hir::{
    Claim, Condition, DatasetId, DefinitionId, MetricId, Predicate, Reference, Slices, Truth, TruthKind, Value,
    ValueKind,
};
use crate::objectives::policy::Policy;

/// A metric that is read, on which data.
#[derive(Clone, Copy, Debug)]
pub(super) struct Read<'a> {
    pub metric: MetricId,
    pub field: Option<&'a str>,
    pub dataset: Option<DatasetId>,
    /// The slices that it is read in, if not in that of its surroundings.
    pub across: Option<&'a Slices>,
}

/// The data and the slices, by their identity.
type Place = (Option<DatasetId>, Option<*const Slices>);

/// The metrics that are read, each place once, and what changes are measured against.
#[derive(Debug)]
pub(super) struct Reads<'a> {
    policy: &'a Policy,
    pub metrics: Vec<Read<'a>>,
    /// References, each with the reads of its claim: a range of `metrics`.
    pub references: Vec<(&'a Reference, std::ops::Range<usize>)>,
    /// Definitions are looked into once, however often they are named.
    seen: FxHashSet<(DefinitionId, Place)>,
    known: FxHashSet<(MetricId, Option<&'a str>, Place)>,
}

impl<'a> Reads<'a> {
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
        reads.value(value, dataset, None);
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
        if let Predicate::Change { reference, .. } = &claim.predicate {
            // On their own, so that a claim's reads are known even where another claim had them before.
            let mut own = Self::of_value(self.policy, &claim.value, claim.dataset);
            let start = self.metrics.len();
            self.metrics.append(&mut own.metrics);
            self.references.push((reference, start..self.metrics.len()));
            return;
        }
        claim.values().for_each(|value| self.value(value, claim.dataset, None));
    }

    fn value(&mut self, value: &'a Value, dataset: Option<DatasetId>, across: Option<&'a Slices>) {
        match &value.kind {
            ValueKind::Number(_) => {}
            ValueKind::Metric(metric, field) => {
                let field = field.as_deref();
                if self.known.insert((*metric, field, (dataset, across.map(std::ptr::from_ref)))) {
                    self.metrics.push(Read { metric: *metric, field, dataset, across });
                }
            }
            ValueKind::Aggregate(_, inner) | ValueKind::Negative(inner) => self.value(inner, dataset, across),
            ValueKind::Across(inner) => self.value(&inner.value, dataset, Some(&inner.slices)),
            ValueKind::Arithmetic(_, left, right) => {
                self.value(left, dataset, across);
                self.value(right, dataset, across);
            }
            ValueKind::On(inner, own) => self.value(inner, Some(*own), across),
            ValueKind::Definition(id) => {
                let definition = self.policy.definitions.get(*id).and_then(|definition| definition.value.as_ref());
                if let Some(definition) = definition
                    && self.seen.insert((*id, (dataset, across.map(std::ptr::from_ref))))
                {
                    self.value(definition, dataset, across);
                }
            }
        }
    }
}
