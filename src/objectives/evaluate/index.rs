//! An index of records by metric, dataset and slice.

use rustc_hash::{FxHashMap, FxHashSet};

use super::slices::{SliceId, SliceTree};
use crate::documents::objectives::DataStage;
use crate::objectives::hir::{DatasetId, MetricId};
use crate::objectives::measurements::{MeasuredIn, Measurements, MetricRecord, Quantity};
use crate::objectives::number::Exact;
use crate::objectives::policy::Policy;
use crate::objectives::unit::{Dimension, MetricUnit};
use crate::objectives::wholes::surrounding;

/// The position of some measurements: the candidate's, the baseline's, then those of the history.
pub(super) type SourceId = u32;

/// The measurements of the candidate.
pub(super) const CANDIDATE: SourceId = 0;

/// The position of a record in its measurements.
pub(super) type RecordId = u32;

/// A metric on a dataset; if `None`, on any data.
type Series = (MetricId, Option<DatasetId>);

/// The metrics and datasets of a policy, by the names that records use.
pub(super) struct Catalogue<'a> {
    policy: &'a Policy,
    metrics: FxHashMap<&'a str, MetricId>,
    /// Datasets by the key of their reference.
    by_key: FxHashMap<String, Vec<DatasetId>>,
    /// Datasets by name, in lower case.
    by_name: FxHashMap<String, DatasetId>,
    /// Datasets that are declared only by the step that reads them.
    by_stage: [Vec<DatasetId>; 2],
}

impl<'a> Catalogue<'a> {
    pub(super) fn of(policy: &'a Policy, key_of: &dyn Fn(&str) -> String) -> Self {
        let mut by_key: FxHashMap<String, Vec<DatasetId>> = FxHashMap::default();
        let mut by_stage = [Vec::new(), Vec::new()];
        for (id, dataset) in policy.datasets.iter().enumerate() {
            match (&dataset.reference, dataset.stage.and_then(step)) {
                (Some((reference, _)), _) => by_key.entry(key_of(reference)).or_default().push(id),
                (None, Some(step)) => by_stage.get_mut(step).into_iter().for_each(|ids: &mut Vec<_>| ids.push(id)),
                (None, None) => {}
            }
        }
        Self {
            policy,
            metrics: policy.metrics.iter().enumerate().map(|(id, metric)| (metric.name.as_str(), id)).collect(),
            by_key,
            by_name: policy.datasets.iter().enumerate().map(|(id, data)| (data.name.to_lowercase(), id)).collect(),
            by_stage,
        }
    }

    /// Collects the datasets of the policy that a record is measured on into `found`.
    fn datasets(&self, record: &MetricRecord<'_>, stage: Option<DataStage>, found: &mut Vec<DatasetId>) {
        found.clear();
        if let Some(on) = &record.dataset {
            found.extend(self.by_key.get(&*on.key).into_iter().flatten());
            found.extend(self.by_name.get(&on.text.trim().to_lowercase()));
        }
        found.extend(stage.and_then(step).and_then(|step| self.by_stage.get(step)).into_iter().flatten());
        found.sort_unstable();
        found.dedup();
    }
}

/// Returns the index of a step in `by_stage`; `None` if no document is of it.
fn step(stage: DataStage) -> Option<usize> {
    match stage {
        DataStage::Evaluation => Some(0),
        DataStage::Test => Some(1),
        DataStage::Training | DataStage::Monitoring => None,
    }
}

/// The records of some measurements, by metric, dataset and slice.
pub(super) struct RecordIndex<'a> {
    pub measurements: &'a Measurements<'a>,
    cells: FxHashMap<(Series, SliceId), Cell>,
    /// The slices that are reported, in order.
    observed: FxHashMap<Series, Vec<SliceId>>,
    /// The records of all cells.
    records: Vec<RecordId>,
    /// The unit of each record, among `units`.
    unit_of: Vec<u32>,
    units: Vec<Scale>,
    /// The series in which slices have more examples than all of the data.
    overfull: FxHashSet<Series>,
    /// The last training step of any record of a metric of the policy.
    last_step: Option<i64>,
}

/// The records of one metric on a dataset in a slice.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    start: u32,
    end: u32,
    pub chosen: Chosen,
}

/// The record that is used.
#[derive(Clone, Copy, Debug)]
pub(super) enum Chosen {
    Record(RecordId),
    /// There are records of several datasets.
    SeveralDatasets,
    /// There are records that differ.
    SeveralValues,
}

/// The conversion from the unit of a record to that of its dimension.
#[derive(Clone, Debug)]
pub(super) struct Scale {
    metric: MetricId,
    pub unit: MetricUnit,
    pub is_one: bool,
    is_declared: bool,
    /// Whether the unit has another dimension than the declared one.
    pub is_wrong: bool,
}

/// A record, before it is grouped with others.
type IndexedRecord = (Series, SliceId, RecordId);

impl<'a> RecordIndex<'a> {
    pub(super) fn of(measurements: &'a Measurements<'a>, catalogue: &Catalogue<'a>, slices: &SliceTree<'a>) -> Self {
        let mut index = Self {
            measurements,
            cells: FxHashMap::default(),
            observed: FxHashMap::default(),
            records: Vec::new(),
            unit_of: vec![0; measurements.records.len()],
            units: Vec::new(),
            overfull: FxHashSet::default(),
            last_step: None,
        };
        // The first dataset of the policy that each record is measured on.
        let mut identities = vec![None; measurements.records.len()];
        let mut entries = index.entries(catalogue, slices, &mut identities);
        entries.sort_unstable();
        index.records = entries.iter().map(|(.., id)| *id).collect();
        let mut start = 0;
        for group in entries.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let Some((series, slice, _)) = group.first().copied() else { continue };
            let end = start + group.len();
            let ids = index.records.get(start..end).unwrap_or_default();
            let is_one = series.1.is_some() || index.is_of_one_dataset(ids, &identities);
            let chosen = if is_one { index.choose(ids) } else { Chosen::SeveralDatasets };
            index.cells.insert((series, slice), Cell { start: offset(start), end: offset(end), chosen });
            index.observed.entry(series).or_default().push(slice);
            start = end;
        }
        let all = index.observed.iter().filter(|(series, ids)| index.has_more_than_all(**series, ids, slices));
        index.overfull = all.map(|(series, _)| *series).collect();
        index.last_step = index.records.iter().filter_map(|id| index.record(*id)?.step).max();
        index
    }

    /// Returns whether the slices along some dimensions have more examples than the slice or data that they are parts of.
    fn has_more_than_all(&self, series: Series, ids: &[SliceId], slices: &SliceTree<'a>) -> bool {
        let count = |slice: SliceId| match self.cell(series, slice)?.chosen {
            Chosen::Record(id) => self.record(id)?.count,
            Chosen::SeveralDatasets | Chosen::SeveralValues => None,
        };
        let mut sums: FxHashMap<(SliceId, Vec<&str>), u64> = FxHashMap::default();
        ids.iter().any(|id| {
            let Some(own) = count(*id) else { return false };
            surrounding(slices.get(*id)).any(|(outer, along)| {
                let Some((outer, all)) = slices.id(&outer).and_then(|outer| Some((outer, count(outer)?))) else {
                    return false;
                };
                let sum = sums.entry((outer, along)).or_default();
                *sum = sum.saturating_add(own);
                *sum > all
            })
        })
    }

    /// The step of a record, and the last one of all, if that is another checkpoint of the model.
    pub(super) fn earlier_step(&self, id: RecordId) -> Option<(i64, i64)> {
        let (own, last) = self.record(id)?.step.zip(self.last_step)?;
        (own < last).then_some((own, last))
    }

    pub(super) fn is_overfull(&self, series: Series) -> bool {
        self.overfull.contains(&series)
    }

    /// Returns every record of a metric of the policy, once for any data and once for each of its datasets.
    fn entries(
        &mut self,
        catalogue: &Catalogue<'a>,
        slices: &SliceTree<'a>,
        identities: &mut [Option<DatasetId>],
    ) -> Vec<IndexedRecord> {
        let records = &self.measurements.records;
        let mut entries = Vec::with_capacity(2 * records.len());
        let mut units = FxHashMap::default();
        let mut datasets = Vec::new();
        let places = self.unit_of.iter_mut().zip(identities);
        for ((id, record), (unit_of, identity)) in (0..).zip(records).zip(places) {
            let Some(metric) = catalogue.metrics.get(record.metric).copied() else { continue };
            let Some(slice) = slices.id(&record.slice) else { continue };
            *unit_of = *units.entry((metric, record.unit)).or_insert_with(|| {
                self.units.push(Scale::of(catalogue.policy, metric, record.unit));
                offset(self.units.len() - 1)
            });
            let stage = self.measurements.origin(record).and_then(MeasuredIn::stage);
            catalogue.datasets(record, stage, &mut datasets);
            *identity = datasets.first().copied();
            entries.push(((metric, None), slice, id));
            entries.extend(datasets.iter().map(|dataset| ((metric, Some(*dataset)), slice, id)));
        }
        entries
    }

    fn is_of_one_dataset(&self, ids: &[RecordId], identities: &[Option<DatasetId>]) -> bool {
        let identity = |id: &RecordId| {
            let own = identities.get(*id as usize).copied().flatten();
            let key = self.record(*id).and_then(|record| record.dataset.as_ref()).map(|dataset| &*dataset.key);
            (own, key.filter(|_| own.is_none()))
        };
        ids.windows(2).all(|pair| pair.first().map(identity) == pair.last().map(identity))
    }

    /// Chooses one of several records of the same cell: in one document that of the last step; among several documents one of those that
    /// agree.
    fn choose(&self, ids: &[RecordId]) -> Chosen {
        let is_whole = |id: &RecordId| self.record(*id).is_some_and(|record| record.window.is_none());
        let ids: Vec<RecordId> = ids.iter().copied().filter(is_whole).collect();
        let mut chosen = None;
        for document in ids.chunk_by(|a, b| self.origin(*a) == self.origin(*b)) {
            let Some(own) = self.last_step(document) else { return Chosen::SeveralValues };
            chosen = match chosen {
                None => Some(own),
                Some(other) if self.is_same(own, other) => Some(self.fuller(other, own)),
                Some(_) => return Chosen::SeveralValues,
            };
        }
        chosen.map_or(Chosen::SeveralValues, Chosen::Record)
    }

    /// Returns the record of the last step in one document; `None` if the steps do not distinguish the records.
    pub(super) fn last_step(&self, ids: &[RecordId]) -> Option<RecordId> {
        if let [only] = ids {
            return Some(*only);
        }
        let step = |id: &RecordId| self.record(*id)?.step;
        let steps: Vec<i64> = ids.iter().map(step).collect::<Option<_>>()?;
        let last = *steps.iter().max()?;
        let mut of_last = ids.iter().zip(&steps).filter(|(_, step)| **step == last);
        let (id, _) = of_last.next()?;
        of_last.next().is_none().then_some(*id)
    }

    /// Returns whether two records hold the same value.
    pub(super) fn is_same(&self, a: RecordId, b: RecordId) -> bool {
        let (Some(left), Some(right), Some(m), Some(n)) =
            (self.record(a), self.record(b), self.scale(a), self.scale(b))
        else {
            return false;
        };
        if m.unit == n.unit {
            return left.value == right.value;
        }
        match (&left.value, &right.value) {
            (Quantity::Number(x), Quantity::Number(y)) => m.scaled(x) == n.scaled(y),
            _ => false,
        }
    }

    /// Returns the more complete of two records with the same value; if they are equally complete, the one with fewer examples.
    fn fuller(&self, a: RecordId, b: RecordId) -> RecordId {
        let rank = |id: RecordId| {
            let record = self.record(id)?;
            Some((record.interval.is_some(), record.count.is_some(), std::cmp::Reverse(record.count)))
        };
        if rank(b) > rank(a) { b } else { a }
    }

    pub(super) fn record(&self, id: RecordId) -> Option<&'a MetricRecord<'a>> {
        self.measurements.records.get(id as usize)
    }

    /// Returns whether a record was computed from logs.
    pub(super) fn is_of_log(&self, id: RecordId) -> bool {
        self.record(id).is_some_and(|record| record.is_of_log)
    }

    pub(super) fn scale(&self, id: RecordId) -> Option<&Scale> {
        self.units.get(*self.unit_of.get(id as usize)? as usize)
    }

    pub(super) fn origin(&self, id: RecordId) -> Option<usize> {
        Some(self.record(id)?.origin)
    }

    /// Returns the documents that measure a metric of the policy on a dataset; if `None`, on any data.
    pub(super) fn origins(&self, dataset: Option<DatasetId>) -> impl Iterator<Item = &'a MeasuredIn<'a>> {
        let cells = self.cells.iter().filter(move |((series, _), _)| series.1 == dataset).map(|(_, cell)| cell);
        let records = cells.flat_map(|cell| self.records(cell)).filter_map(|id| self.record(*id));
        let origins: std::collections::BTreeSet<usize> = records.map(|record| record.origin).collect();
        let documents: &'a [MeasuredIn<'a>] = &self.measurements.documents;
        origins.into_iter().filter_map(move |origin| documents.get(origin))
    }

    pub(super) fn cell(&self, series: Series, slice: SliceId) -> Option<&Cell> {
        self.cells.get(&(series, slice))
    }

    /// Returns the records of a cell.
    pub(super) fn records(&self, cell: &Cell) -> &[RecordId] {
        self.records.get(cell.start as usize..cell.end as usize).unwrap_or_default()
    }

    /// Returns the slices in which a metric is reported, in order.
    pub(super) fn observed(&self, series: Series) -> &[SliceId] {
        self.observed.get(&series).map_or(&[], Vec::as_slice)
    }
}

impl Scale {
    /// Returns the scale of a record: "Its `unit`, else the declared unit of the metric."
    fn of(policy: &Policy, metric: MetricId, own: Option<&str>) -> Self {
        let declared = policy.metrics.get(metric).map_or_else(MetricUnit::unknown, |metric| metric.unit.clone());
        let unit = own.map_or_else(|| declared.clone(), MetricUnit::named);
        Self {
            metric,
            is_one: unit.factor == Exact::ONE,
            is_declared: declared.dimension != Dimension::Unknown,
            is_wrong: !declared.dimension.fits(&unit.dimension),
            unit,
        }
    }

    /// Returns the metric of the record.
    pub(super) fn metric(&self) -> MetricId {
        self.metric
    }

    /// Returns a number of the record in the unit of the dimension.
    pub(super) fn scaled(&self, number: &Exact) -> Exact {
        if self.is_one { number.clone() } else { number * &self.unit.factor }
    }
}

/// Returns the dimension of a unit; numbers without a unit count as plain ones.
pub(super) fn measured(dimension: &Dimension) -> &Dimension {
    match dimension {
        Dimension::One | Dimension::Count | Dimension::Unknown => &Dimension::One,
        other => other,
    }
}

/// Rejects the records of metrics without a declared unit if the dimensions of their own units differ: `112` and `0.14 s` cannot be
/// compared.
pub(super) fn refuse_mixed_units(indexes: &mut [RecordIndex<'_>]) {
    let mut measures: FxHashMap<MetricId, Option<Dimension>> = FxHashMap::default();
    for scale in indexes.iter().flat_map(|index| &index.units).filter(|scale| !scale.is_declared) {
        let own = measured(&scale.unit.dimension);
        let known = measures.entry(scale.metric).or_insert_with(|| Some(own.clone()));
        if known.as_ref() != Some(own) {
            *known = None;
        }
    }
    for scale in indexes.iter_mut().flat_map(|index| &mut index.units) {
        scale.is_wrong |= measures.get(&scale.metric) == Some(&None);
    }
}

fn offset(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
