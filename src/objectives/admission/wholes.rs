//! "Evidence is possible": a proportion of all the data is the mean of those of its slices.

use rustc_hash::FxHashMap;

use super::names::metrics;
use super::{Admission, Inadmissible};
use crate::objectives::measurements::{Measurements, MetricRecord, Quantity};
use crate::objectives::policy::PolicyMetric;
use crate::objectives::unit::MetricUnit;
use crate::objectives::verdict::InputRole;
use crate::objectives::wholes::{ImpossibleWhole, MeasuredShare, half_of_last_digit, impossible_whole};
use crate::workspace::Member;

/// What values of one metric hold for: its name, the data and the training step.
type Sample<'m> = (&'m str, Option<&'m str>, Option<i64>);

impl<'a> Admission<'_, 'a> {
    /// No share of all the data, or of a slice, is one that the slices within rule out.
    pub(super) fn wholes_are_their_slices(&self) -> Result<(), Inadmissible> {
        let proportions: FxHashMap<&str, &PolicyMetric> = self
            .policy
            .metrics
            .iter()
            .filter(|metric| metric.is_proportion)
            .map(|metric| (metric.name.as_str(), metric))
            .collect();
        let measured = self.candidate().chain(self.with_role(InputRole::Baseline));
        match measured.into_iter().find_map(|member| self.contradiction(member, &proportions)) {
            Some(contradiction) => Err(contradiction),
            None => Ok(()),
        }
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
                let items = member.tree.items(member.tree.resolve(value));
                let are_numbers = items.iter().all(|item| member.tree.number(*item).is_some());
                if member.tree.is_sequence(value) && are_numbers && (items.len() as u64) < count && is_judged(key) {
                    let (file, metric, values) = (member.file().to_owned(), key.to_string(), items.len());
                    return Err(Inadmissible::ShortList { file, metric, values, count });
                }
            }
        }
        Ok(())
    }

    fn contradiction(&self, member: &'a Member, proportions: &FxHashMap<&str, &PolicyMetric>) -> Option<Inadmissible> {
        let mut measurements = Measurements::default();
        measurements.add(0, member.typed()?, &member.tree, &|text| self.workspace.dataset_key(text));
        let mut samples: FxHashMap<Sample<'_>, Vec<MeasuredShare<'_>>> = FxHashMap::default();
        for record in &measurements.records {
            let share = proportions.get(record.metric).and_then(|metric| share(member, record, metric));
            let data = record.dataset.as_ref().map(|data| &*data.key);
            samples.entry((record.metric, data, record.step)).or_default().extend(share);
        }
        let found = samples.iter().filter_map(|(sample, shares)| {
            let impossible = impossible_whole(shares)?;
            Some((sample, shares.get(impossible.whole)?, impossible))
        });
        let ((metric, ..), share, ImpossibleWhole { along, least, greatest, .. }) =
            found.min_by(|a, b| a.0.cmp(b.0))?;
        let of = share.slice.iter().map(|(_, value)| *value).collect::<Vec<_>>().join(" by ");
        let whole = if of.is_empty() { "all the data".to_owned() } else { format!("'{of}'") };
        Some(Inadmissible::ImpossibleWhole {
            file: member.file().to_owned(),
            share: format!("'{metric}' of {whole} is {}", rounded(share.value)),
            along: along.join(" by "),
            possible: if rounded(least) == rounded(greatest) {
                rounded(least)
            } else {
                format!("{} to {}", rounded(least), rounded(greatest))
            },
        })
    }
}

/// The share that a record holds.
fn share<'m>(member: &Member, record: &MetricRecord<'m>, metric: &PolicyMetric) -> Option<MeasuredShare<'m>> {
    let Quantity::Number(value) = &record.value else { return None };
    let unit = record.unit.map_or_else(|| metric.unit.clone(), MetricUnit::named);
    let scale = unit.factor.to_f64();
    let text = member.tree.text(record.node)?;
    let (share, count) = (value.to_f64() * scale, record.count?);
    // One that cannot be is for the judgement to say.
    (unit.is_fraction() && (0.0..=1.0).contains(&share)).then(|| MeasuredShare {
        slice: record.slice.clone(),
        value: share,
        tolerance: half_of_last_digit(text, 1.0 / scale) * scale,
        count,
        is_of_all: true,
    })
}

fn rounded(share: f64) -> String {
    let text = format!("{share:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
