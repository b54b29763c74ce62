//! What was measured: metrics over time, and in slices of the data.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::said;
use super::subject::SubjectDocuments;
use crate::documents::Kind;
use crate::lineage::Lineage;
use crate::objectives::measurements::{Measurements, MetricRecord, Quantity, day_of};
use crate::objectives::number::Exact;
use crate::workspace::DocId;

/// The significant digits of a number whose expansion does not end.
const DIGITS: u32 = 15;
/// The most series of a model, and the most points of one that are kept, the newest.
const MOST: usize = 60;

/// The values of a metric on all of some data, over time.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MetricSeries {
    /// The metric.
    pub metric: String,
    /// The data, as documents name it.
    pub dataset: Option<String>,
    /// The unit of the values; empty for a fraction or a count.
    pub unit: String,
    /// The values, the newest last.
    pub points: Vec<SeriesPoint>,
}

/// A value at a time.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SeriesPoint {
    /// The day; null if the document has no date.
    #[schemars(extend("format" = "date"))]
    pub date: Option<String>,
    /// The value, as a decimal number.
    pub value: String,
    /// The kind of the document.
    pub kind: Kind,
    /// The name of the document.
    pub name: String,
    /// The file of the document.
    pub path: String,
    /// Whether it is of the baseline that objectives compare with.
    pub is_baseline: bool,
}

/// A metric in slices of the data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SlicedMetric {
    /// The metric.
    pub metric: String,
    /// The data, as documents name it.
    pub dataset: Option<String>,
    /// The unit of the values; empty for a fraction or a count.
    pub unit: String,
    /// The dimensions of the slices.
    pub dimensions: Vec<String>,
    /// The value on all of the data, as a decimal number.
    pub whole: Option<String>,
    /// The slices, in the order of the documents.
    pub slices: Vec<SlicePoint>,
}

/// The value of a metric in a slice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SlicePoint {
    /// The slice: a map from dimension to value.
    pub slice: BTreeMap<String, String>,
    /// The value, as a decimal number.
    pub value: String,
    /// The lower bound of the confidence interval, if one was logged.
    pub lower: Option<String>,
    /// The upper bound of the confidence interval.
    pub upper: Option<String>,
    /// The number of examples.
    pub count: Option<u64>,
}

/// Returns the metrics of a model over time, and how many of them are left out.
pub(super) fn series(lineage: &Lineage<'_>, documents: &SubjectDocuments) -> (Vec<MetricSeries>, usize) {
    let workspace = lineage.workspace();
    let mut measurements = Measurements::default();
    for id in documents.measured.iter().chain(&documents.baselines) {
        if let Some((member, document)) = workspace.member(*id).and_then(|member| Some((member, member.typed()?))) {
            measurements.add(id.index(), document, &member.tree, &|text| workspace.dataset_key(text));
        }
    }
    // Documents of one day are in the order of their times.
    let mut order: Vec<usize> = (0..measurements.documents.len()).collect();
    order.sort_by_key(|at| measurements.documents.get(*at).and_then(|own| own.date));
    let mut places = vec![0; order.len()];
    order.iter().enumerate().for_each(|(place, at)| places[*at] = place);
    let mut records: Vec<&MetricRecord<'_>> = measurements.records.iter().collect();
    records.retain(|record| record.slice.is_empty() && record.step.is_none());
    records.sort_by_key(|record| places.get(record.origin));
    let mut found: BTreeMap<(String, String, String), MetricSeries> = BTreeMap::new();
    for record in records {
        let (Some(value), Some(origin)) = (decimal(&record.value), measurements.documents.get(record.origin)) else {
            continue;
        };
        let id = DocId::from_index(origin.source);
        let Some(member) = workspace.member(id) else { continue };
        let unit = unit(record.unit);
        let key = record.dataset.as_ref().map_or(String::new(), |dataset| dataset.key.to_string());
        let series = found.entry((record.metric.to_lowercase(), key, unit.clone())).or_insert_with(|| MetricSeries {
            metric: said::said(record.metric),
            dataset: record.dataset.as_ref().map(|dataset| said::said(dataset.text)),
            unit,
            points: Vec::new(),
        });
        series.points.push(SeriesPoint {
            date: origin.date.map(|date| day_of(date).to_string()),
            value,
            kind: member.kind,
            name: lineage.of_document(id).map_or_else(String::new, |thing| lineage.label(thing)),
            path: said::path(member.file()),
            is_baseline: documents.baselines.contains(&id),
        });
    }
    let mut all: Vec<MetricSeries> = found.into_values().collect();
    for series in &mut all {
        let old = series.points.len().saturating_sub(MOST);
        series.points.drain(..old);
    }
    all.sort_by_key(|series| std::cmp::Reverse(series.points.len()));
    let left_out = all.len().saturating_sub(MOST);
    all.truncate(MOST);
    (all, left_out)
}

/// Returns the metrics that were measured in at least two slices of the data.
pub(super) fn slices(measurements: &Measurements<'_>) -> Vec<SlicedMetric> {
    let mut found: Vec<(SliceKey<'_>, SlicedMetric)> = Vec::new();
    let key = |record: &MetricRecord<'_>| record.dataset.as_ref().map(|dataset| dataset.key.to_string());
    for record in measurements.records.iter().filter(|record| !record.slice.is_empty()) {
        let Some(value) = decimal(&record.value) else { continue };
        let dimensions: Vec<&str> = record.slice.iter().map(|(dimension, _)| *dimension).collect();
        let own = (record.metric, key(record), dimensions);
        let at = match found.iter().position(|(other, _)| *other == own) {
            Some(at) => at,
            None => {
                let is_whole = |other: &&MetricRecord<'_>| {
                    other.metric == record.metric && other.slice.is_empty() && key(other) == own.1
                };
                let sliced = SlicedMetric {
                    metric: said::said(record.metric),
                    dataset: record.dataset.as_ref().map(|dataset| said::said(dataset.text)),
                    unit: unit(record.unit),
                    dimensions: own.2.iter().map(|dimension| said::said(dimension)).collect(),
                    whole: measurements.records.iter().find(is_whole).and_then(|record| decimal(&record.value)),
                    slices: Vec::new(),
                };
                found.push((own, sliced));
                found.len() - 1
            }
        };
        let bound = |bound: Option<&Quantity<'_>>| bound.and_then(decimal);
        let interval = record.interval.as_ref();
        let point = SlicePoint {
            slice: record.slice.iter().map(|(name, value)| (said::said(name), said::said(value))).collect(),
            value,
            lower: bound(interval.map(|interval| &interval.lower)),
            upper: bound(interval.map(|interval| &interval.upper)),
            count: record.count,
        };
        if let Some((_, sliced)) = found.get_mut(at) {
            sliced.slices.push(point);
        }
    }
    let several = found.into_iter().map(|(_, sliced)| sliced).filter(|sliced| sliced.slices.len() > 1);
    several.take(MOST).collect()
}

/// A metric, the key of its data, and the dimensions of its slices.
type SliceKey<'t> = (&'t str, Option<String>, Vec<&'t str>);

fn decimal(value: &Quantity<'_>) -> Option<String> {
    let Quantity::Number(number) = value else { return None };
    Some(Exact::to_decimal(number, DIGITS))
}

/// Returns a unit as verdicts have it: that of a fraction is not said.
fn unit(unit: Option<&str>) -> String {
    said::said(unit.filter(|unit| !matches!(unit.trim(), "fraction" | "count")).unwrap_or(""))
}
