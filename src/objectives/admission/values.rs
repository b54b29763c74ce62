//! "Evidence is possible": one quantity has one value, whatever it is called and whoever logged it.

use rustc_hash::FxHashMap;

use super::separation::is_named;
use super::wholes::{SampleKey, Together, fraction, rounded};
use super::{Inadmissible, is_run, run_of};
use crate::objectives::confusion::{MatrixMetric, MatrixQuantity, is_of_document, steps};
use crate::objectives::measurements::{MetricRecord, Quantity};
use crate::objectives::policy::PolicyMetric;
use crate::objectives::unit::MetricUnit;
use crate::objectives::wholes::{SlicePairs, half_of_last_digit};
use crate::workspace::{Member, letters};

/// Not all digits of a single-precision number are significant.
const SINGLE_PRECISION: f64 = 1e-6;

/// The maximum number of values of one metric on the same data that are compared: a document that gives more of them gives none.
const MOST_VALUES: usize = 100;
/// The maximum number of names of one quantity on the same data that are compared.
const MOST_NAMES: usize = 100;

/// Checks that no run that an evaluation or a test names logged another value of the same metric, data, slice and step. Of several that it
/// logged, one may be that of the document.
pub(super) fn runs_logged_the_same<'a>(
    measured: &Together<'a>,
    declared: &FxHashMap<&str, &PolicyMetric>,
) -> Result<(), Inadmissible> {
    type Key<'r> = (&'r str, SampleKey, SlicePairs<'r>);
    let key = |record: &MetricRecord<'a>| (record.metric, measured.sample(record), record.slice.clone());
    let mut logged: FxHashMap<Key<'_>, Vec<(&MetricRecord<'_>, &Member)>> = FxHashMap::default();
    for record in measured.records() {
        if let Some(run) = measured.member(record).filter(|member| is_run(member)) {
            logged.entry(key(record)).or_default().push((record, run));
        }
    }
    let mut compared: FxHashMap<Key<'_>, usize> = FxHashMap::default();
    for record in measured.records() {
        let Some(member) = measured.member(record) else { continue };
        let Some(name) = run_of(member) else { continue };
        let key = key(record);
        let Some(logged) = logged.get(&key) else { continue };
        let compared = compared.entry(key).or_default();
        *compared += 1;
        if *compared > MOST_VALUES {
            continue;
        }
        let own: Vec<_> = logged.iter().filter(|(_, run)| is_named(run, name)).collect();
        let unit = declared.get(record.metric).map(|metric| &metric.unit);
        let is_same =
            |(other, run): &&&(&MetricRecord<'_>, &Member)| may_be_same((record, member), (*other, *run), unit);
        if let Some((other, run)) = own.first()
            && !own.iter().any(|own| is_same(&own))
        {
            return Err(Inadmissible::OtherValue {
                file: member.file().to_owned(),
                metric: record.metric.to_owned(),
                value: text(record, member),
                by: format!("'{}' in {}", other.metric, run.file()),
                possible: text(other, run),
            });
        }
    }
    Ok(())
}

fn text(record: &MetricRecord<'_>, member: &Member) -> String {
    member.tree.text(record.node).unwrap_or("another").to_owned()
}

/// Returns whether two records may be of one number, which was rounded.
fn may_be_same(
    (own, own_in): (&MetricRecord<'_>, &Member),
    (other, other_in): (&MetricRecord<'_>, &Member),
    declared: Option<&MetricUnit>,
) -> bool {
    let number = |record: &MetricRecord<'_>, member: &Member| {
        let Quantity::Number(value) = &record.value else { return None };
        let unit = record.unit.map(MetricUnit::named).or_else(|| declared.cloned());
        let unit = unit.unwrap_or_else(MetricUnit::unknown);
        let scale = unit.factor.to_f64();
        let tolerance = member.tree.text(record.node).map_or(0.0, |text| half_of_last_digit(text, 1.0));
        Some((value.to_f64() * scale, tolerance * scale.abs(), unit.dimension))
    };
    match (number(own, own_in), number(other, other_in)) {
        (Some((own, tolerance, dimension)), Some((other, other_tolerance, other_dimension))) => {
            let rounding = SINGLE_PRECISION * own.abs().max(other.abs());
            !dimension.fits(&other_dimension) || (own - other).abs() <= tolerance + other_tolerance + rounding
        }
        // Lists and matrices are compared by what follows from them.
        (None, None) => true,
        _ => !matches!((&own.value, &other.value), (Quantity::NotFinite(_), _) | (_, Quantity::NotFinite(_))),
    }
}

/// Names that are those of other quantities where nobody classifies: of the error of a forecast, or of the share of users that a list of
/// recommendations hits.
const OF_OTHERS: [&str; 3] = ["err", "error", "hitrate"];

/// Checks that metrics whose names are of one quantity, or of what is missing from it to 1, agree.
pub(super) fn names_of_one_quantity_agree(
    measured: &Together<'_>,
    declared: &FxHashMap<&str, &PolicyMetric>,
) -> Result<(), Inadmissible> {
    /// The value of a quantity, and how far it may be from the one that was rounded to it.
    struct Known<'r> {
        metric: &'r str,
        steps: Vec<String>,
        file: &'r str,
        value: f64,
        tolerance: f64,
    }
    type Key<'r> = (SampleKey, SlicePairs<'r>, MatrixQuantity);
    let mut known: FxHashMap<Key<'_>, Vec<Known<'_>>> = FxHashMap::default();
    for record in measured.records() {
        let (Some(named), Some(member)) = (MatrixMetric::named(record.metric), measured.member(record)) else {
            continue;
        };
        let is_plain = !named.is_average() && !OF_OTHERS.contains(&&*letters(record.metric));
        if !is_plain || !is_of_document(record.metric, is_run(member)) {
            continue;
        }
        let Some((value, tolerance)) = fraction(member, record, declared.get(record.metric).copied()) else { continue };
        // A percentage without its unit is another fault.
        if !(-1.0..=1.0).contains(&value) {
            continue;
        }
        let (quantity, is_rest) = named.quantity();
        let value = if is_rest { 1.0 - value } else { value };
        let tolerance = tolerance.max(SINGLE_PRECISION);
        let key = (measured.sample(record), record.slice.clone(), quantity);
        let others = known.entry(key).or_default();
        // Two values under one name are for the judgement to say.
        let steps = steps(record.metric);
        let is_other = |other: &&Known<'_>| {
            let are_of_one_step = steps.is_empty() || other.steps.is_empty() || steps == other.steps;
            are_of_one_step
                && other.metric != record.metric
                && (other.value - value).abs() > tolerance + other.tolerance
        };
        if let Some(other) = others.iter().find(is_other) {
            let (own, possible) = if is_rest { (1.0 - value, 1.0 - other.value) } else { (value, other.value) };
            return Err(Inadmissible::OtherValue {
                file: member.file().to_owned(),
                metric: record.metric.to_owned(),
                value: rounded(own),
                by: format!("'{}' in {}", other.metric, other.file),
                possible: rounded(possible),
            });
        }
        let is_known = others.iter().any(|other| other.metric == record.metric && other.steps == steps);
        if !is_known && others.len() < MOST_NAMES {
            others.push(Known { metric: record.metric, steps, file: member.file(), value, tolerance });
        }
    }
    Ok(())
}
