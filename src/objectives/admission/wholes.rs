//! "Evidence is possible": a proportion of all the data is the mean of those of its slices, in one document or in several.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::names::metrics;
use super::separation::is_named;
use super::{Admission, Inadmissible, is_run, run_of};
use crate::documents::objectives::DataStage;
use crate::objectives::measurements::{Measurements, MetricRecord, Quantity};
use crate::objectives::policy::PolicyMetric;
use crate::objectives::unit::{Dimension, MetricUnit};
use crate::objectives::verdict::InputRole;
use crate::objectives::wholes::{ImpossibleWhole, MeasuredShare, half_of_last_digit, impossible_whole};
use crate::workspace::Member;
use crate::yaml::{NodeId, Tree};

/// What values of all metrics hold for, but for the slice.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct SampleKey {
    data: Option<Arc<str>>,
    step: Option<i64>,
    /// The document, if its values are of other data than those of other documents.
    document: Option<usize>,
}

/// The documents that measured one model: the candidate, or its baseline.
pub(super) struct Together<'a> {
    members: Vec<&'a Member>,
    measurements: Measurements<'a>,
    /// The keys of the datasets that are measured again and again.
    monitored: FxHashSet<Arc<str>>,
}

impl<'a> Together<'a> {
    pub(super) fn records(&self) -> &[MetricRecord<'a>] {
        &self.measurements.records
    }

    /// Returns the document of a record.
    pub(super) fn member(&self, record: &MetricRecord<'_>) -> Option<&'a Member> {
        self.members.get(self.measurements.origin(record)?.source).copied()
    }

    /// Returns what a record is of. What is monitored is other data each time, and which data without a name is, only its document knows.
    pub(super) fn sample(&self, record: &MetricRecord<'_>) -> SampleKey {
        let data = record.dataset.as_ref().map(|data| Arc::clone(&data.key));
        let is_apart = data.as_ref().is_none_or(|data| self.monitored.contains(data));
        SampleKey { data, step: record.step, document: is_apart.then_some(record.origin) }
    }
}

impl<'a> Admission<'_, 'a> {
    /// No share of all the data, or of a slice, is one that the slices within rule out, and no metric is another than a confusion matrix
    /// gives.
    pub(super) fn measurements_agree(&self) -> Result<(), Inadmissible> {
        let declared: FxHashMap<&str, &PolicyMetric> =
            self.policy.metrics.iter().map(|metric| (metric.name.as_str(), metric)).collect();
        // What the run logged that a measurement names, that was measured.
        let candidate = self.candidate().chain(self.measuring_runs()).collect();
        for members in [candidate, self.with_role(InputRole::Baseline).collect()] {
            let measured = self.together(members);
            wholes_are_their_slices(&measured, &declared)?;
            super::counts::shares_are_possible(&measured, &declared)?;
            super::counts::slices_are_of_the_data(&measured, self.workspace)?;
            super::matrices::metrics_follow(&measured, &declared)?;
            super::values::runs_logged_the_same(&measured, &declared)?;
            super::values::names_of_one_quantity_agree(&measured, &declared)?;
        }
        Ok(())
    }

    /// Returns the runs that the measurements of the candidate name, but for those that are judged themselves.
    fn measuring_runs(&self) -> impl Iterator<Item = &'a Member> {
        let named: Vec<&str> = self.candidate().filter_map(run_of).collect();
        let runs = self.with_role(InputRole::Context).filter(|member| is_run(member));
        runs.filter(move |run| named.iter().any(|name| is_named(run, name)))
            .filter(|run| !self.candidate().any(|own| own.is(run)))
    }

    /// No list of values, one for each example, has fewer of them than examples.
    pub(super) fn lists_are_whole(&self) -> Result<(), Inadmissible> {
        let is_judged = |name: &str| self.policy.metrics.iter().any(|own| own.name == name);
        for member in self.candidate().chain(self.with_role(InputRole::Baseline)) {
            for metric in metrics(member) {
                let (Some(key), Some(count), Some(value)) =
                    (metric.key.get(), metric.count.get().copied(), metric.value.node())
                else {
                    continue;
                };
                let values = numbers_in(&member.tree, value).filter(|_| member.tree.is_sequence(value));
                if let Some(values) = values.filter(|values| (*values as u64) < count && is_judged(key)) {
                    let (file, metric) = (member.file().to_owned(), key.to_string());
                    return Err(Inadmissible::ShortList { file, metric, values, count });
                }
            }
        }
        Ok(())
    }

    fn together(&self, members: Vec<&'a Member>) -> Together<'a> {
        let mut measurements = Measurements::default();
        for (source, member) in members.iter().enumerate() {
            if let Some(document) = member.typed() {
                measurements.add(source, document, &member.tree, &|text| self.workspace.dataset_key(text));
            }
        }
        let named = measurements.records.iter().filter_map(|record| record.dataset.as_ref());
        let named: FxHashMap<Arc<str>, &str> = named.map(|data| (Arc::clone(&data.key), data.text)).collect();
        let is_monitored = |text: &str| self.stage_of(text) == Some(DataStage::Monitoring);
        let monitored = named.into_iter().filter(|(_, text)| is_monitored(text)).map(|(key, _)| key).collect();
        Together { members, measurements, monitored }
    }
}

/// Returns how many numbers a list holds, also within lists; `None` if it holds anything else.
fn numbers_in(tree: &Tree, value: NodeId) -> Option<usize> {
    match tree.is_sequence(value) {
        true => tree.items(tree.resolve(value)).iter().map(|item| numbers_in(tree, *item)).sum(),
        false => tree.number(value).map(|_| 1),
    }
}

/// Shares of one metric, and the document that holds each.
type SharesIn<'a> = (Vec<MeasuredShare<'a>>, Vec<&'a Member>);

fn wholes_are_their_slices(
    measured: &Together<'_>,
    declared: &FxHashMap<&str, &PolicyMetric>,
) -> Result<(), Inadmissible> {
    let mut samples: FxHashMap<(&str, SampleKey), SharesIn<'_>> = FxHashMap::default();
    let mut origins = FxHashMap::default();
    for record in measured.records() {
        let metric = declared.get(record.metric).filter(|metric| metric.is_proportion);
        let (Some(metric), Some(member)) = (metric, measured.member(record)) else { continue };
        let Some(share) = share(member, record, metric) else { continue };
        let sample = (record.metric, measured.sample(record));
        // What another document repeats is of no more examples.
        let origin = *origins.entry((sample.clone(), share.slice.clone())).or_insert(record.origin);
        if origin == record.origin {
            let (shares, members) = samples.entry(sample).or_default();
            shares.push(share);
            members.push(member);
        }
    }
    let found = samples.iter().filter_map(|((metric, sample), (shares, members))| {
        let impossible = impossible_whole(shares)?;
        let place = (*metric, sample.data.clone(), sample.step, sample.document);
        Some((place, shares.get(impossible.whole)?, members.get(impossible.whole)?, impossible))
    });
    let Some(((metric, ..), share, member, impossible)) = found.min_by(|a, b| a.0.cmp(&b.0)) else { return Ok(()) };
    let ImpossibleWhole { along, least, greatest, .. } = impossible;
    let of = share.slice.iter().map(|(_, value)| *value).collect::<Vec<_>>().join(" by ");
    let whole = if of.is_empty() { "all the data".to_owned() } else { format!("'{of}'") };
    Err(Inadmissible::ImpossibleWhole {
        file: member.file().to_owned(),
        share: format!("'{metric}' of {whole} is {}", rounded(share.value)),
        along: along.join(" by "),
        possible: possible(least, greatest),
    })
}

/// The share that a record holds.
fn share<'m>(member: &Member, record: &MetricRecord<'m>, metric: &PolicyMetric) -> Option<MeasuredShare<'m>> {
    let (value, tolerance) = fraction(member, record, Some(metric))?;
    let count = record.count?;
    // One that cannot be is for the judgement to say.
    let is_share = (0.0..=1.0).contains(&value);
    is_share.then(|| MeasuredShare { slice: record.slice.clone(), value, tolerance, count, is_of_all: true })
}

/// Returns the number of a record as a fraction, and how far it may be from the one that was rounded to it. `None` if it is in a unit of
/// something else.
pub(super) fn fraction(
    member: &Member,
    record: &MetricRecord<'_>,
    declared: Option<&PolicyMetric>,
) -> Option<(f64, f64)> {
    let Quantity::Number(value) = &record.value else { return None };
    let of_declaration = || declared.map_or_else(MetricUnit::unknown, |metric| metric.unit.clone());
    let unit = record.unit.map_or_else(of_declaration, MetricUnit::named);
    if !unit.is_fraction() && (unit.dimension != Dimension::Unknown || record.unit.is_some()) {
        return None;
    }
    let scale = unit.factor.to_f64();
    let tolerance = half_of_last_digit(member.tree.text(record.node)?, 1.0 / scale) * scale;
    Some((value.to_f64() * scale, tolerance))
}

/// Returns the values that are possible, as they are shown.
pub(super) fn possible(least: f64, greatest: f64) -> String {
    let (least, greatest) = (rounded(least), rounded(greatest));
    if least == greatest { least } else { format!("{least} to {greatest}") }
}

pub(super) fn rounded(share: f64) -> String {
    let text = format!("{share:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
