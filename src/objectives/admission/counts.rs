//! "Evidence is possible": shares that some number of examples can have, and slices of no more examples than there are.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Inadmissible;
use super::wholes::{SampleKey, Together, fraction, rounded};
use crate::documents::Kind;
use crate::objectives::policy::PolicyMetric;
use crate::objectives::wholes::may_be_share_of;
use crate::workspace::{Resolution, Workspace, count_of};

/// The greatest number of examples that is checked. A share of more can be any number with as many digits as are usually given.
const MOST_EXAMPLES: u64 = 10_000;

/// Checks that each declared proportion can be one of its number of examples. Where an interval is logged, `count` may be an effective
/// number of examples, and nothing is computed from it.
pub(super) fn shares_are_possible(
    measured: &Together<'_>,
    declared: &FxHashMap<&str, &PolicyMetric>,
) -> Result<(), Inadmissible> {
    for record in measured.records().iter().filter(|record| record.interval.is_none()) {
        let metric = declared.get(record.metric).filter(|metric| metric.is_proportion);
        let count = record.count.filter(|count| (1..=MOST_EXAMPLES).contains(count));
        let (Some(metric), Some(count), Some(member)) = (metric, count, measured.member(record)) else { continue };
        let Some((value, tolerance)) = fraction(member, record, Some(metric)) else { continue };
        // One that is no share of anything is for the judgement to say.
        if (0.0..=1.0).contains(&value) && !may_be_share_of(value, tolerance, count) {
            let (file, metric) = (member.file().to_owned(), record.metric.to_owned());
            return Err(Inadmissible::ImpossibleShare { file, metric, value: rounded(value), count });
        }
    }
    Ok(())
}

/// Checks that the slices by the same dimensions, which have no example in common, have no more examples than their dataset.
pub(super) fn slices_are_of_the_data(measured: &Together<'_>, workspace: Workspace<'_>) -> Result<(), Inadmissible> {
    let mut seen = FxHashSet::default();
    let mut sums: FxHashMap<(&str, Vec<&str>, SampleKey), u64> = FxHashMap::default();
    for record in measured.records().iter().filter(|record| !record.slice.is_empty()) {
        let (Some(count), Some(data), Some(member)) = (record.count, &record.dataset, measured.member(record)) else {
            continue;
        };
        let sample = measured.sample(record);
        if !seen.insert((record.metric, sample.clone(), record.slice.clone())) {
            continue;
        }
        let Resolution::Found(found) = workspace.lookup(data.text, &[Kind::Dataset]) else { continue };
        let Some(dataset) = workspace.member(found) else { continue };
        let Some((examples, _)) = count_of(dataset) else { continue };
        let along: Vec<&str> = record.slice.iter().map(|(dimension, _)| *dimension).collect();
        let sum = sums.entry((record.metric, along.clone(), sample)).or_default();
        *sum = sum.saturating_add(count);
        if *sum > examples {
            return Err(Inadmissible::MoreThanData {
                file: member.file().to_owned(),
                metric: record.metric.to_owned(),
                along: along.join(" by "),
                count: *sum,
                dataset: dataset.label().to_owned(),
                examples,
            });
        }
    }
    Ok(())
}
