//! Conditions: "Kleene three-valued", in every branch and every slice, so that all faulty evidence is noticed.

use std::cell::{Cell, RefCell};

use jiff::Timestamp;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Outcome;
use super::dependencies::{MetricReads, Read};
use super::index::{CANDIDATE, Catalogue, Chosen, RecordIndex, SourceId, refuse_mixed_units};
use super::kleene::Kleene;
use super::reference::References;
use super::slices::{ALL_DATA, SliceChoice, SliceId, SliceTree};
use super::unknown::{Unknown, What};
use super::value::{DefinitionKey, Examples, KnownNumber, Scope};
use crate::objectives::as_of::{AsOf, MaxAge};
use crate::objectives::hir::{self, Condition, Sample, SmallSlices, Truth, TruthKind};
use crate::objectives::measurements::Evidence;
use crate::objectives::policy::Policy;

/// Judges conditions by evidence.
pub(super) struct Judge<'a> {
    pub(super) policy: &'a Policy,
    pub(super) slices: SliceTree<'a>,
    pub(super) indexes: Vec<RecordIndex<'a>>,
    pub(super) references: References,
    /// The end of windows.
    pub(super) end: Option<Timestamp>,
    /// Whether the date of the verdict was given. If not, the end is that of the newest record: the actual date is later, by an unknown
    /// time.
    pub(super) is_end_given: bool,
    /// The greatest age of evidence about the candidate, on any data.
    pub(super) max_age: Option<MaxAge>,
    /// The slices by one dimension that have its declared values, in the order of the slices; or the first value that no slice has.
    declared: FxHashMap<&'a str, Result<Vec<SliceId>, &'a str>>,
    /// The declared values of dimensions that declare any.
    declared_values: FxHashMap<&'a str, FxHashSet<&'a str>>,
    /// Combinations of values that are missing.
    pub(super) missing: RefCell<Vec<String>>,
    /// The values of definitions: each is computed once in each scope, however often it is named.
    pub(super) known: RefCell<FxHashMap<DefinitionKey<'a>, KnownNumber<'a>>>,
    pub(super) steps: Cell<u64>,
    /// The number of claims that were judged; a verdict reports each of them.
    pub(super) claims: Cell<u64>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(
        policy: &'a Policy,
        evidence: &'a Evidence<'a>,
        key_of: &dyn Fn(&str) -> String,
        as_of: Option<AsOf>,
        max_age: Option<MaxAge>,
    ) -> Self {
        let catalogue = Catalogue::of(policy, key_of);
        let sources = References::sources(evidence);
        let slices = SliceTree::of(sources.iter().flat_map(|measurements| &measurements.records));
        let mut indexes: Vec<_> =
            sources.iter().map(|measurements| RecordIndex::of(measurements, &catalogue, &slices)).collect();
        refuse_mixed_units(&mut indexes);
        Self {
            policy,
            declared: declared(policy, &slices),
            declared_values: policy
                .dimensions
                .iter()
                .filter(|own| !own.values.is_empty())
                .map(|own| (own.name.as_str(), own.values.iter().map(String::as_str).collect()))
                .collect(),
            missing: RefCell::default(),
            slices,
            indexes,
            references: References::of(evidence),
            end: as_of.and_then(AsOf::end),
            is_end_given: !matches!(as_of, Some(AsOf::Newest(_))),
            max_age,
            known: RefCell::default(),
            steps: Cell::new(0),
            claims: Cell::new(0),
        }
    }

    pub(super) fn start_anew(&self) {
        self.steps.set(0);
        self.known.borrow_mut().clear();
    }

    pub(super) fn steps(&self) -> u64 {
        self.steps.get()
    }

    pub(super) fn step(&self) {
        self.steps.set(self.steps.get().saturating_add(1));
    }

    pub(super) fn condition(&self, condition: &'a Condition) -> Outcome {
        let Some(slices) = &condition.for_each else { return self.truth(&condition.root, ALL_DATA) };
        let found = self.each_slice(condition, slices);
        if let Some(least) = condition.at_least {
            return self.in_enough_slices(condition, &found, least);
        }
        let mut outcome = Outcome::of(if found.gap.is_some() { Kleene::Unknown } else { Kleene::True });
        for (slice, size) in found.slices {
            let own = self.truth(&condition.root, slice);
            let truth = match size {
                Size::Enough => outcome.truth.and(own.truth),
                Size::LeftOut(_) => outcome.truth,
                Size::TooSmall(_) => outcome.truth.and(Kleene::Unknown),
            };
            outcome = outcome.with(own, truth);
        }
        outcome
    }

    /// Returns whether a condition holds in at least this number of slices. It may hold in a slice that is missing or small.
    fn in_enough_slices(&self, condition: &'a Condition, found: &EachSlice<'a>, least: u64) -> Outcome {
        let (mut met, mut open) = (0_u64, 0_u64);
        let mut outcome = Outcome::of(Kleene::True);
        for (slice, size) in &found.slices {
            let own = self.truth(&condition.root, *slice);
            outcome = outcome.with(own, outcome.truth);
            match (size, own.truth) {
                (Size::LeftOut(_), _) | (_, Kleene::False) => {}
                (Size::Enough, Kleene::True) => met += 1,
                (Size::Enough, Kleene::Unknown) | (Size::TooSmall(_), _) => open += 1,
            }
        }
        let truth = match found.gap {
            // An undeclared value may be a misspelled one, which would count twice.
            Some(What::UndeclaredValue(..)) => Kleene::Unknown,
            _ if met >= least => Kleene::True,
            Some(_) => Kleene::Unknown,
            None if met.saturating_add(open) >= least => Kleene::Unknown,
            None => Kleene::False,
        };
        Outcome { truth, ..outcome }
    }

    /// Returns the slices that a condition is judged in, in order.
    pub(super) fn each_slice(&self, condition: &'a Condition, slices: &'a hir::Slices) -> EachSlice<'a> {
        let reads = MetricReads::of_condition(self.policy, condition);
        let candidates = self.candidates(slices, ALL_DATA);
        let mut ids = Vec::new();
        self.observed(CANDIDATE, &reads.metrics, &candidates, &mut ids);
        // A slice that the reference reports, but not the candidate, is missing.
        for (reference, range) in &reads.references {
            let own = reads.metrics.get(range.clone()).unwrap_or_default();
            for source in self.references.find(reference).unwrap_or_default() {
                self.observed(*source, own, &candidates, &mut ids);
            }
        }
        self.retain_meant(slices, &mut ids);
        let sample = slices.sample.as_ref();
        let sized = |slice| (slice, self.size(slice, sample, self.examples_for(sample, &reads.metrics, slice)));
        self.sized(slices, ids.iter().map(|slice| sized(*slice)).collect(), 1)
    }

    /// Sorts slices, and removes duplicates and excluded slices.
    pub(super) fn retain_meant(&self, slices: &'a hir::Slices, ids: &mut Vec<SliceId>) {
        ids.sort_unstable();
        ids.dedup();
        if !slices.except.is_empty() {
            ids.retain(|slice| !slices.excepts(&self.label(*slice, slices)));
        }
    }

    /// Returns slices with their sizes, and what is missing among them; `needed` is the least number of slices that must be judged.
    pub(super) fn sized(&self, slices: &'a hir::Slices, found: Vec<(SliceId, Size<'a>)>, needed: u64) -> EachSlice<'a> {
        let judged = found.iter().filter(|(_, size)| !matches!(size, Size::LeftOut(_))).count() as u64;
        let gap = match self.unseen(slices, &found) {
            Some(unseen) => Some(unseen),
            None if judged >= needed => None,
            None if judged == 0 && !found.is_empty() => Some(What::AllLeftOut),
            None => Some(What::TooFewSlices(judged, needed)),
        };
        EachSlice { slices: found, gap }
    }

    /// Returns the slices by some dimensions within another slice.
    pub(super) fn candidates(&self, slices: &'a hir::Slices, surrounding: SliceId) -> SliceChoice {
        let names: Vec<_> = slices.dimensions.iter().map(String::as_str).collect();
        self.slices.within(&names, surrounding)
    }

    /// Adds the candidates in which any of the values read is reported.
    pub(super) fn observed(
        &self,
        source: SourceId,
        reads: &[Read<'a>],
        candidates: &SliceChoice,
        found: &mut Vec<SliceId>,
    ) {
        let Some(index) = self.indexes.get(source as usize) else { return };
        let bounds = candidates.bounds();
        for read in reads {
            let observed = index.observed((read.metric, read.dataset));
            let start = observed.partition_point(|id| *id < bounds.start);
            let own = observed.get(start..).unwrap_or_default().iter().copied();
            found.extend(own.take_while(|id| *id < bounds.end).filter(|id| candidates.contains(*id)));
        }
    }

    /// Returns the number of examples that determines whether a slice is small. If small slices are left out, it is that of the metric with
    /// the most, since a slice that is large enough for one metric is judged; otherwise that of the metric with the least.
    fn examples_for(&self, sample: Option<&Sample>, reads: &[Read<'a>], slice: SliceId) -> Examples {
        let least = self.examples(reads, slice);
        if sample.is_none_or(|sample| sample.small != SmallSlices::LeftOut) {
            return least;
        }
        let own = reads.iter().map(|read| self.examples(std::slice::from_ref(read), slice));
        let most = own.filter_map(|own| match own {
            Examples::Known(count) => Some(count),
            Examples::NoRecord | Examples::NotReported => None,
        });
        match (most.max(), sample) {
            (Some(most), Some(sample)) if most >= sample.examples => Examples::Known(most),
            _ => least,
        }
    }

    /// Returns the least number of examples of the candidate's records in a slice.
    pub(super) fn examples(&self, reads: &[Read<'a>], slice: SliceId) -> Examples {
        let Some(index) = self.indexes.first() else { return Examples::NoRecord };
        let of_read = |read: &Read<'a>| match index.cell((read.metric, read.dataset), slice)?.chosen {
            Chosen::Record(id) => index.record(id).map(|record| Examples::of(record.count)),
            // The ambiguity is reported with the value.
            Chosen::SeveralDatasets | Chosen::SeveralValues => None,
        };
        reads.iter().filter_map(of_read).fold(Examples::NoRecord, Examples::and)
    }

    /// Returns whether a slice has enough examples.
    pub(super) fn size(&self, slice: SliceId, sample: Option<&Sample>, examples: Examples) -> Size<'a> {
        let Some(sample) = sample else { return Size::Enough };
        let unknown = |what| Unknown { what, metric: None, field: None, source: CANDIDATE, dataset: None, slice };
        match examples {
            Examples::Known(count) if count >= sample.examples => Size::Enough,
            Examples::Known(count) if sample.small == SmallSlices::LeftOut => Size::LeftOut(count),
            Examples::Known(count) => Size::TooSmall(unknown(What::TooFewExamples(count, sample.examples))),
            Examples::NotReported => Size::TooSmall(unknown(What::NoCount(sample.examples))),
            // A missing record is reported with the value.
            Examples::NoRecord => Size::Enough,
        }
    }

    /// Returns a declared value that none of the slices has, or an undeclared value that one of them has.
    fn unseen(&self, slices: &'a hir::Slices, found: &[(SliceId, Size<'a>)]) -> Option<What<'a>> {
        for dimension in slices.dimensions.iter().map(String::as_str) {
            let Some(declared) = self.declared_values.get(dimension) else { continue };
            let values = found.iter().filter_map(|(slice, _)| self.value_of(*slice, dimension));
            if let Some(other) = values.filter(|value| !declared.contains(value)).min() {
                return Some(What::UndeclaredValue(dimension, other));
            }
        }
        let [dimension] = slices.dimensions.as_slice() else { return self.unseen_combination(slices, found) };
        match self.declared.get(dimension.as_str())? {
            Ok(ids) if are_among(ids, found) => return None,
            Err(value) if slices.except.is_empty() && self.policy.combinations.is_empty() => {
                return Some(What::UnseenValue(dimension, value));
            }
            _ => {}
        }
        let seen: FxHashSet<&str> = found.iter().filter_map(|(slice, _)| self.value_of(*slice, dimension)).collect();
        let declaration = self.policy.dimensions.iter().rev().find(|declared| declared.name == *dimension)?;
        let is_missing = |value: &&String| !seen.contains(value.as_str()) && !slices.excepts(value);
        let unseen = declaration.values.iter().find(is_missing);
        unseen.map(|value| What::UnseenValue(dimension, value))
    }

    /// Returns a combination of the declared values of several dimensions that none of the slices has. All combinations exist, unless the
    /// objectives list those that do.
    fn unseen_combination(&self, slices: &'a hir::Slices, found: &[(SliceId, Size<'a>)]) -> Option<What<'a>> {
        let declared: Vec<&'a super::super::policy::DimensionDeclaration> = slices
            .dimensions
            .iter()
            .filter_map(|name| self.policy.dimensions.iter().rev().find(|own| own.name == *name))
            .filter(|own| !own.values.is_empty())
            .collect();
        if declared.is_empty() {
            return None;
        }
        let of_slice = |(slice, _): &(SliceId, Size<'a>)| -> Vec<&str> {
            declared.iter().filter_map(|own| self.value_of(*slice, &own.name)).collect()
        };
        let seen: FxHashSet<Vec<&str>> = found.iter().map(of_slice).collect();
        let missing = match self.policy.combinations.is_empty() {
            true => self.first_missing(&declared, &seen, slices),
            false => self.policy.combinations.iter().find_map(|combination| {
                let value = |own: &&'a super::super::policy::DimensionDeclaration| {
                    combination.iter().find(|(name, _)| *name == own.name).map(|(_, value)| value.as_str())
                };
                let values: Vec<&str> = declared.iter().map(value).collect::<Option<_>>()?;
                (!seen.contains(&values) && !slices.excepts(&values.join(" by "))).then_some(values)
            }),
        }?;
        let mut all = self.missing.borrow_mut();
        all.push(missing.join(" by "));
        Some(What::UnseenCombination(all.len() - 1))
    }

    /// Returns the first combination that was not seen; it checks at most one more combination than were seen.
    fn first_missing<'d>(
        &self,
        declared: &[&'d super::super::policy::DimensionDeclaration],
        seen: &FxHashSet<Vec<&str>>,
        slices: &hir::Slices,
    ) -> Option<Vec<&'d str>> {
        let mut at = vec![0; declared.len()];
        loop {
            self.step();
            let values: Vec<&'d str> =
                declared.iter().zip(&at).filter_map(|(own, at)| own.values.get(*at)).map(String::as_str).collect();
            if !seen.contains(&values) && (slices.except.is_empty() || !slices.excepts(&values.join(" by "))) {
                return Some(values);
            }
            // The last dimension varies fastest, like the digits of a number.
            let next = (0..at.len()).rev().find(|place| {
                at.get(*place).zip(declared.get(*place)).is_some_and(|(at, own)| at + 1 < own.values.len())
            })?;
            at.iter_mut().skip(next + 1).for_each(|own| *own = 0);
            *at.get_mut(next)? += 1;
        }
    }

    /// Returns the value of a slice along a dimension.
    pub(super) fn value_of(&self, slice: SliceId, dimension: &str) -> Option<&'a str> {
        self.slices.get(slice).iter().find(|(name, _)| *name == dimension).map(|(_, value)| *value)
    }

    pub(super) fn truth(&self, truth: &'a Truth, slice: SliceId) -> Outcome {
        self.step();
        match &truth.kind {
            TruthKind::Claim(claim) => {
                self.claims.set(self.claims.get().saturating_add(1));
                let claim = self.claim(claim, Scope::of(slice));
                let is_impossible = claim.unknown.as_ref().is_some_and(Unknown::is_of_impossible_evidence);
                Outcome { truth: claim.truth, is_tainted: claim.is_tainted, is_impossible }
            }
            TruthKind::Not(inner) => {
                let inner = self.truth(inner, slice);
                Outcome { truth: inner.truth.not(), ..inner }
            }
            TruthKind::And(parts) => {
                let all = Outcome::of(Kleene::True);
                parts.iter().map(|part| self.truth(part, slice)).fold(all, |a, b| a.with(b, a.truth.and(b.truth)))
            }
            TruthKind::Or(parts) => {
                let none = Outcome::of(Kleene::False);
                parts.iter().map(|part| self.truth(part, slice)).fold(none, |a, b| a.with(b, a.truth.or(b.truth)))
            }
            TruthKind::Implies(premise, conclusion) => {
                let (a, b) = (self.truth(premise, slice), self.truth(conclusion, slice));
                a.with(b, a.truth.not().or(b.truth))
            }
        }
    }
}

/// The slices that are judged or left out, and what is missing among them.
pub(super) struct EachSlice<'a> {
    pub slices: Vec<(SliceId, Size<'a>)>,
    pub gap: Option<What<'a>>,
}

/// Whether a slice has enough examples.
#[derive(Clone, Copy, Debug)]
pub(super) enum Size<'a> {
    Enough,
    /// The slice is small, and small slices are left out; the number of examples.
    LeftOut(u64),
    /// The slice is small, or its size is unknown.
    TooSmall(Unknown<'a>),
}

/// Returns whether all of the slices are among those found; both are in order.
fn are_among(wanted: &[SliceId], found: &[(SliceId, Size<'_>)]) -> bool {
    let mut found = found.iter();
    wanted.iter().all(|wanted| found.any(|(id, _)| id == wanted))
}

fn declared<'a>(policy: &'a Policy, slices: &SliceTree<'a>) -> FxHashMap<&'a str, Result<Vec<SliceId>, &'a str>> {
    let ids = |dimension: &'a crate::objectives::policy::DimensionDeclaration| {
        let id = |value: &'a String| slices.id(&[(dimension.name.as_str(), value.as_str())]).ok_or(value.as_str());
        let mut ids = dimension.values.iter().map(id).collect::<Result<Vec<_>, _>>()?;
        ids.sort_unstable();
        Ok(ids)
    };
    policy.dimensions.iter().map(|dimension| (dimension.name.as_str(), ids(dimension))).collect()
}
