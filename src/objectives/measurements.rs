//! Measurements: the records of runs, evaluations and tests, with each number exactly as it is written.

use std::sync::Arc;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rustc_hash::FxHashMap;

use super::as_of::AsOf;
use super::log::{Enclosure, LogDoubt, LogSample, LogWindow};
use super::number::Exact;
use crate::documents::field::{Field, List, Map, Optional, Required};
use crate::documents::metric::{self, Metric};
use crate::documents::objectives::{DataStage, Objectives};
use crate::documents::{Document, Kind};
use crate::workspace::{timestamp, to_nanoseconds};
use crate::yaml::{NodeId, Number, ScalarType, Tree};

/// All evidence that objectives are judged by.
#[derive(Clone, Debug, Default)]
pub struct Evidence<'t> {
    /// The measurements of the model that is judged.
    pub candidate: Measurements<'t>,
    /// The measurements that changes are measured against; `None` if no baseline was given.
    pub baseline: Option<Measurements<'t>>,
    /// The measurements of other runs, one entry per run, in any order: for `previous run`, `run '…'` and `median of last … runs`.
    pub history: Vec<Measurements<'t>>,
    /// The values that the objectives themselves give of what the model is compared with, by name.
    pub points: Vec<(&'t str, Measurements<'t>)>,
}

impl Evidence<'_> {
    /// Returns the date of the newest measurement.
    #[must_use]
    pub fn newest(&self) -> Option<AsOf> {
        let all = std::iter::once(&self.candidate).chain(&self.baseline).chain(&self.history);
        let dates = all.flat_map(|measurements| &measurements.documents).filter_map(|document| document.date);
        dates.max().map(AsOf::Newest)
    }
}

/// The measurements of one model, from one or more documents.
#[derive(Clone, Debug, Default)]
pub struct Measurements<'t> {
    /// The documents.
    pub documents: Vec<MeasuredIn<'t>>,
    /// The records of all of them, in the order of the documents.
    pub records: Vec<MetricRecord<'t>>,
    /// The number of unreadable metrics, which lack a key or value, or are not mappings: values may be missing because of them.
    pub unreadable: usize,
}

/// A document that contains records.
#[derive(Clone, Copy, Debug)]
pub struct MeasuredIn<'t> {
    /// The caller's number for the file.
    pub source: usize,
    /// The text.
    pub tree: &'t Tree,
    /// The kind: a run, a pipeline run, an evaluation or a test.
    pub kind: Kind,
    /// The id of the document.
    pub id: Option<&'t str>,
    /// The name of the document.
    pub name: Option<&'t str>,
    /// The date on which a run was submitted, or a measurement made.
    pub date: Option<Timestamp>,
}

impl MeasuredIn<'_> {
    /// Returns the lifecycle step that the document belongs to; `None` for a run, which may be of any.
    #[must_use]
    pub fn stage(&self) -> Option<DataStage> {
        match self.kind {
            Kind::Evaluation => Some(DataStage::Evaluation),
            Kind::Test => Some(DataStage::Test),
            _ => None,
        }
    }
}

/// One measured value.
#[derive(Clone, Debug)]
pub struct MetricRecord<'t> {
    /// The name of the metric.
    pub metric: &'t str,
    /// The data that it was measured on; by default, that of its evaluation or test.
    pub dataset: Option<MeasuredOn<'t>>,
    /// The slice of the data, as pairs of dimension and value in the order of the dimensions; empty for all of the data.
    pub slice: Vec<(&'t str, &'t str)>,
    /// The value, in the unit of the record.
    pub value: Quantity<'t>,
    /// The unit of value and interval; if `None`, that of the metric's declaration.
    pub unit: Option<&'t str>,
    /// The number of examples.
    pub count: Option<u64>,
    /// The confidence interval that was logged.
    pub interval: Option<LoggedInterval<'t>>,
    /// How often candidate and baseline were right on the same examples.
    pub pairs: Option<PairedCounts>,
    /// The training step.
    pub step: Option<i64>,
    /// The window that it was computed for; `None` for all that its document is about.
    pub window: Option<LogWindow>,
    /// Whether it was computed from logs.
    pub is_of_log: bool,
    /// The position of the document in [`Measurements::documents`].
    pub origin: usize,
    /// The node of the value.
    pub node: NodeId,
}

/// The data that a record was measured on.
#[derive(Clone, Debug)]
pub struct MeasuredOn<'t> {
    /// The reference as it is written.
    pub text: &'t str,
    /// A key that is common to all references to one dataset.
    pub key: Arc<str>,
}

/// A value, read from its text without rounding to a float.
#[derive(Clone, Debug, PartialEq)]
pub enum Quantity<'t> {
    /// A number.
    Number(Exact),
    /// NaN, an infinity, a number beyond the limits of [`Exact::parse`], or not a number; as it is written.
    NotFinite(&'t str),
    /// A list.
    Array(Vec<Self>),
    /// A map from name to value, in the order of the text.
    Object(Vec<(&'t str, Self)>),
    /// What is known of the numbers of a log, in place of a list.
    Sample(&'t LogSample),
    /// A number of a log of which only the bounds are certain.
    Between(&'t Enclosure),
    /// A value of a log that cannot be believed.
    Doubtful(&'t LogDoubt),
}

impl<'t> Quantity<'t> {
    /// Returns the value of a node.
    #[must_use]
    pub fn of(tree: &'t Tree, node: NodeId) -> Self {
        if tree.is_sequence(node) {
            return Self::Array(tree.items(node).iter().map(|item| Self::of(tree, *item)).collect());
        }
        if tree.is_mapping(node) {
            let entries = tree.entries(node);
            return Self::Object(
                entries.map(|entry| (tree.key_name(entry.key), Self::of(tree, entry.value))).collect(),
            );
        }
        let text = tree.text(node).unwrap_or("");
        match exact(tree, node) {
            Some(number) => Self::Number(number),
            None => Self::NotFinite(if text.is_empty() { "null" } else { text }),
        }
    }

    /// Returns the first part that is not a finite number, as it is written.
    #[must_use]
    pub fn not_finite(&self) -> Option<&'t str> {
        match self {
            Self::Number(_) | Self::Sample(_) | Self::Between(_) | Self::Doubtful(_) => None,
            Self::NotFinite(text) => Some(text),
            Self::Array(items) => items.iter().find_map(Self::not_finite),
            Self::Object(fields) => fields.iter().find_map(|(_, value)| value.not_finite()),
        }
    }
}

/// The outcomes of two models on the same examples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PairedCounts {
    /// The numbers of examples on which both are right, only the candidate, only the baseline, and neither.
    pub table: [u64; 4],
}

/// The proportions of each of the two models.
#[derive(Clone, Debug)]
pub struct PairedShares {
    /// The number of examples.
    pub count: u64,
    /// The proportion that is right with the candidate.
    pub candidate: Exact,
    /// The proportion that is right with the baseline.
    pub reference: Exact,
}

impl PairedCounts {
    /// Those of a record; nothing when one of the numbers is missing.
    #[must_use]
    pub fn of(pairs: &metric::Pairs) -> Option<Self> {
        let number = |field: &Required<u64>| field.get().copied();
        let table = [&pairs.both, &pairs.only_candidate, &pairs.only_baseline, &pairs.neither].map(number);
        let [Some(both), Some(candidate), Some(baseline), Some(neither)] = table else { return None };
        Some(Self { table: [both, candidate, baseline, neither] })
    }

    /// Returns the number of examples; `None` if it does not fit.
    #[must_use]
    pub fn count(&self) -> Option<u64> {
        self.table.iter().try_fold(0_u64, |sum, own| sum.checked_add(*own))
    }

    /// Returns the proportions of both models; `None` without examples.
    #[must_use]
    pub fn shares(&self) -> Option<PairedShares> {
        let [both, candidate, baseline, _] = self.table;
        let count = self.count()?;
        let share = |own: u64| Exact::fraction(i64::try_from(both + own).ok()?, i64::try_from(count).ok()?);
        Some(PairedShares { count, candidate: share(candidate)?, reference: share(baseline)? })
    }

    /// Makes the candidate right on this proportion of the examples, and leaves the baseline unchanged.
    pub fn set_candidate(&mut self, share: &Exact) {
        let [both, _, baseline, _] = self.table;
        let all = self.table.iter().fold(0_u64, |sum, own| sum.saturating_add(*own));
        let right = (share * &Exact::whole(i64::try_from(all).unwrap_or(i64::MAX))).floor();
        let right = right.and_then(|right| u64::try_from(right).ok()).unwrap_or(0).min(all);
        let of_baseline = both.saturating_add(baseline);
        let both = right.min(of_baseline);
        let (candidate, baseline) = (right - both, of_baseline - both);
        let neither = all.saturating_sub(both).saturating_sub(candidate).saturating_sub(baseline);
        self.table = [both, candidate, baseline, neither];
    }

    /// Returns the correlation of both, corrected for continuity if it is positive (Newcombe 1998b).
    #[must_use]
    pub fn correlation(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "no number of examples needs more digits")]
        let [a, b, c, d] = self.table.map(|own| own as f64);
        let sides = (a + b) * (c + d) * (a + c) * (b + d);
        let product = a * d - b * c;
        let corrected = if product > 0.0 { (product - (a + b + c + d) / 2.0).max(0.0) } else { product };
        if sides > 0.0 { corrected / sides.sqrt() } else { 0.0 }
    }
}

/// A confidence interval as it is written, in the unit of its record.
#[derive(Clone, Debug, PartialEq)]
pub struct LoggedInterval<'t> {
    /// The level as a fraction.
    pub level: Quantity<'t>,
    /// The lower bound.
    pub lower: Quantity<'t>,
    /// The upper bound.
    pub upper: Quantity<'t>,
}

impl<'t> MeasuredIn<'t> {
    /// Returns what is known of a document that measures; `None` for other kinds.
    #[must_use]
    pub fn of(source: usize, document: &'t Document, tree: &'t Tree) -> Option<Self> {
        let (id, name, date) = match document {
            Document::Run(run) => (&run.id, &run.name, run.submitted_date.get()),
            Document::PipelineRun(run) => (&run.id, &run.name, run.submitted_date.get()),
            Document::Evaluation(measured) | Document::Test(measured) => {
                (&measured.id, &measured.name, measured.performed_on.get())
            }
            _ => return None,
        };
        let (id, name) = (id.get().map(|id| &**id), name.get().map(|name| &**name));
        Some(Self { source, tree, kind: document.kind(), id, name, date: date.and_then(|date| instant(date)) })
    }
}

impl<'t> Measurements<'t> {
    /// Adds the records of a document; documents of kinds that do not measure are ignored. `source` is the caller's number for the file.
    /// `key_of` returns one key for all references to one dataset, such as the number of the dataset in its workspace, or, if it is not
    /// known, the reference in lower case.
    pub fn add(&mut self, source: usize, document: &'t Document, tree: &'t Tree, key_of: &dyn Fn(&str) -> String) {
        let Some(own) = MeasuredIn::of(source, document, tree) else { return };
        let ((metrics, written), dataset) = match document {
            Document::Run(run) => (parts(&run.metrics), None),
            Document::PipelineRun(run) => (parts(&run.metrics), None),
            Document::Evaluation(measured) | Document::Test(measured) => {
                (parts(&measured.metrics), measured.dataset.get())
            }
            _ => return,
        };
        let origin = self.documents.len();
        self.documents.push(own);
        let mut reader =
            Reader { tree, origin, dataset: dataset.map(|own| &**own), key_of, keys: FxHashMap::default() };
        let metrics = metrics.into_iter().flat_map(List::iter);
        let before = self.records.len();
        self.records.extend(metrics.filter_map(|(_, metric)| reader.record(metric)));
        let is_list = |node: &NodeId| tree.is_sequence(*node);
        let count = |node: NodeId| if is_list(&node) { tree.items(node).len() } else { 1 };
        self.unreadable +=
            written.filter(|node| !tree.is_null(*node)).map_or(0, count).saturating_sub(self.records.len() - before);
    }

    /// Adds the run that produced the model, for its date and to distinguish it from other runs. The metrics that it logs are not added.
    pub fn add_run(&mut self, source: usize, run: &'t Document, tree: &'t Tree) {
        if matches!(run, Document::Run(_) | Document::PipelineRun(_)) {
            self.documents.extend(MeasuredIn::of(source, run, tree));
        }
    }

    /// Returns the values that a document of objectives gives of what the model is compared with, as measured on each of its datasets: whoever
    /// writes them down says that they can be compared. `source` is the caller's number for the file.
    #[must_use]
    pub fn points(source: usize, document: &'t Objectives, tree: &'t Tree) -> Vec<(&'t str, Self)> {
        let names = document.datasets.get().into_iter().flat_map(Map::iter).map(|(name, ..)| name);
        let datasets: Vec<MeasuredOn<'t>> =
            names.map(|text| MeasuredOn { text, key: text.to_lowercase().into() }).collect();
        let points = document.references.get().into_iter().flat_map(Map::iter);
        let points = points.filter(|(.., point)| point.run.node().is_none());
        let read = points.map(|(name, _, point)| {
            let own = MeasuredIn { source, tree, kind: Kind::Objectives, id: None, name: Some(name), date: None };
            let values = point.values.get().into_iter().flat_map(Map::iter);
            let records = values.flat_map(|(metric, node, _)| {
                datasets.iter().cloned().map(Some).chain([None]).map(move |dataset| MetricRecord {
                    metric,
                    dataset,
                    slice: Vec::new(),
                    value: Quantity::of(tree, node),
                    unit: None,
                    count: point.count.get().copied(),
                    interval: None,
                    pairs: None,
                    step: None,
                    window: None,
                    is_of_log: false,
                    origin: 0,
                    node,
                })
            });
            (name, Self { documents: vec![own], records: records.collect(), unreadable: 0 })
        });
        read.collect()
    }

    /// Returns the date of the model: that of its newest run, or if no run has one, of its newest evaluation or test.
    #[must_use]
    pub fn date(&self) -> Option<Timestamp> {
        let newest = |is_run: bool| {
            let documents = self.documents.iter().filter(|document| document.stage().is_none() == is_run);
            documents.filter_map(|document| document.date).max()
        };
        newest(true).or_else(|| newest(false))
    }

    /// Returns the document that contains a record.
    #[must_use]
    pub fn origin(&self, record: &MetricRecord<'_>) -> Option<&MeasuredIn<'t>> {
        self.documents.get(record.origin)
    }
}

/// Returns the metrics of a document, and their node.
fn parts<const REQUIRED: bool>(metrics: &Field<List<Metric>, REQUIRED>) -> (Option<&List<Metric>>, Option<NodeId>) {
    (metrics.get(), metrics.node())
}

/// Returns the day of an instant, in UTC.
#[must_use]
pub fn day_of(instant: Timestamp) -> Date {
    instant.to_zoned(TimeZone::UTC).date()
}

/// Returns the instant of a date and time, or of the start of a day.
#[must_use]
pub fn instant(text: &str) -> Option<Timestamp> {
    let midnight = || text.parse::<Date>().ok()?.to_zoned(TimeZone::UTC).ok().map(|start| start.timestamp());
    timestamp(text).or_else(midnight)
}

/// Returns the first and the last instant that a date can stand for: without a zone, it may be of any, and a day alone is all of it.
pub(super) fn instants(text: &str) -> Option<(Timestamp, Timestamp)> {
    if let Some(exact) = timestamp(text) {
        return Some((exact, exact));
    }
    let written: DateTime = to_nanoseconds(text).parse().ok()?;
    let in_utc = written.to_zoned(TimeZone::UTC).ok()?.timestamp();
    let length = if text.trim().len() == DAY_ALONE { SignedDuration::from_hours(24) } else { SignedDuration::ZERO };
    let earliest = in_utc.checked_sub(SignedDuration::from_hours(EASTERNMOST)).ok()?;
    Some((earliest, in_utc.checked_add(length + SignedDuration::from_hours(WESTERNMOST)).ok()?))
}

/// The length of a day as it is written, such as `2026-11-30`.
const DAY_ALONE: usize = 10;

/// How many hours the clocks of the easternmost zone are ahead of UTC, and those of the westernmost behind it.
const EASTERNMOST: i64 = 14;
const WESTERNMOST: i64 = 12;

/// Reads the records of one document.
struct Reader<'t, 'k> {
    tree: &'t Tree,
    origin: usize,
    dataset: Option<&'t str>,
    key_of: &'k dyn Fn(&str) -> String,
    keys: FxHashMap<&'t str, Arc<str>>,
}

impl<'t> Reader<'t, '_> {
    /// Reads a metric; `None` if it has no name or no key `value`.
    fn record(&mut self, metric: &'t Metric) -> Option<MetricRecord<'t>> {
        let key_of = self.key_of;
        let dataset = self.text(&metric.dataset).or(self.dataset).map(|text| MeasuredOn {
            text,
            key: Arc::clone(self.keys.entry(text).or_insert_with(|| key_of(text).into())),
        });
        let node = metric.value.node()?;
        Some(MetricRecord {
            metric: metric.key.get()?,
            dataset,
            slice: self.slice(metric.slice.node()),
            value: Quantity::of(self.tree, node),
            unit: self.text(&metric.unit),
            count: metric.count.get().copied(),
            interval: metric.ci.get().and_then(|interval| self.interval(interval)),
            pairs: metric.pairs.get().and_then(PairedCounts::of),
            step: metric.step.get().copied(),
            window: None,
            is_of_log: false,
            origin: self.origin,
            node,
        })
    }

    /// Returns the text of a value of any type: a value of the wrong type must not make the record one of other data or of another unit.
    fn text<T>(&self, field: &Optional<T>) -> Option<&'t str> {
        let tree = self.tree;
        let node = field.node().filter(|node| !tree.is_null(*node))?;
        Some(tree.text(node).unwrap_or_else(|| tree.source().slice(tree.span(node))))
    }

    /// Reads a slice from the tree as well: a value that is not a string must not make the record one of all the data.
    fn slice(&self, node: Option<NodeId>) -> Vec<(&'t str, &'t str)> {
        let tree = self.tree;
        let shown = |node| tree.text(node).unwrap_or_else(|| tree.source().slice(tree.span(node)));
        let Some(node) = node.filter(|node| !tree.is_null(*node)) else { return Vec::new() };
        if !tree.is_mapping(node) {
            return vec![("", shown(node))];
        }
        let mut slice: Vec<_> =
            tree.entries(node).map(|entry| (tree.key_name(entry.key), shown(entry.value))).collect();
        slice.sort_unstable();
        slice
    }

    fn interval(&self, interval: &'t metric::ConfidenceInterval) -> Option<LoggedInterval<'t>> {
        let quantity = |node: Option<NodeId>| node.map(|node| Quantity::of(self.tree, node));
        Some(LoggedInterval {
            level: quantity(interval.level.node())?,
            lower: quantity(interval.lower.node())?,
            upper: quantity(interval.upper.node())?,
        })
    }
}

/// Returns the number that a scalar holds, without rounding.
fn exact(tree: &Tree, node: NodeId) -> Option<Exact> {
    if !matches!(tree.scalar_type(node), Some(ScalarType::Integer | ScalarType::Float)) {
        return None;
    }
    let text = tree.text(node)?;
    if !text.starts_with("0x") && !text.starts_with("0o") {
        return Exact::parse(text);
    }
    match Number::parse(text)? {
        Number::Signed(value) => Some(Exact::whole(value)),
        Number::Unsigned(value) => Exact::parse(&value.to_string()),
        Number::Float(_) => None,
    }
}
