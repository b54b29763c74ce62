//! Finds objectives that never block: the measurements are pushed past every threshold, metric by metric.

use std::sync::Arc;

use super::as_of::AsOf;
use super::evaluate::Refusal;
use super::gate::Gate;
use super::measurements::{Evidence, LoggedInterval, MetricRecord, Quantity};
use super::number::Exact;
use super::policy::PolicyMetric;
use super::verdict::ObjectiveVerdict;
use crate::documents::objectives::ObjectiveSeverity;
use crate::objectives::unit::MetricUnit;

/// Returns the required objectives that do not fail with any mutation of any metric of any model; all gates are of one document of
/// objectives. Waivers are ignored: a waived objective can still block.
///
/// # Errors
/// If the objectives cannot be judged.
pub fn never_block(gates: &[&Gate<'_>], as_of: Option<AsOf>) -> Result<Vec<String>, Refusal> {
    let Some(objectives) = gates.first().map(|gate| &gate.policy().objectives) else { return Ok(Vec::new()) };
    let is_required = |index: &usize| {
        objectives.get(*index).is_some_and(|objective| objective.severity == ObjectiveSeverity::Required)
    };
    let mut open: Vec<usize> = (0..objectives.len()).filter(is_required).collect();
    for gate in gates {
        let evidence = gate.evidence();
        retain_open(&mut open, gate, &evidence, as_of)?;
        retain_open(&mut open, gate, &aged(&evidence), as_of.or(now(&evidence)))?;
        for metric in &gate.policy().metrics {
            for mutation in mutations(&evidence, metric) {
                if open.is_empty() {
                    return Ok(Vec::new());
                }
                let mut changed = evidence.clone();
                let baseline = changed.baseline.iter_mut().map(|own| &mut own.records);
                baseline.for_each(|records| grow(records, &metric.name));
                mutation.apply(&mut changed.candidate.records, &metric.name);
                retain_open(&mut open, gate, &changed, as_of)?;
            }
        }
    }
    Ok(open.into_iter().filter_map(|index| objectives.get(index)).map(|objective| objective.id.clone()).collect())
}

/// Keeps the objectives that do not fail on this evidence.
fn retain_open(
    open: &mut Vec<usize>,
    gate: &Gate<'_>,
    evidence: &Evidence<'_>,
    as_of: Option<AsOf>,
) -> Result<(), Refusal> {
    let verdicts = gate.judge(evidence, &[], as_of, None, |judgement| judgement.verdicts().collect::<Vec<_>>())?;
    open.retain(|index| verdicts.get(*index) != Some(&ObjectiveVerdict::Fail));
    Ok(())
}

/// Returns the same evidence, as if measured long ago.
fn aged<'t>(evidence: &Evidence<'t>) -> Evidence<'t> {
    let mut old = evidence.clone();
    old.candidate.documents.iter_mut().for_each(|document| document.date = Some(jiff::Timestamp::UNIX_EPOCH));
    old
}

/// Returns the date of the newest evidence, as an explicit date.
fn now(evidence: &Evidence<'_>) -> Option<AsOf> {
    evidence.newest().and_then(AsOf::end).map(AsOf::Instant)
}

/// The records of a metric that change.
#[derive(Clone)]
enum Scope {
    All,
    /// The records of one slice, for claims about differences between slices.
    Slice(Vec<(String, String)>),
    /// The records of one dataset, for claims about differences between evaluation and test.
    Dataset(Arc<str>),
}

impl Scope {
    /// Returns all scopes that make a difference for a metric.
    fn of<'r>(records: impl Iterator<Item = &'r MetricRecord<'r>> + Clone) -> Vec<Self> {
        let mut scopes = vec![Self::All];
        let slice = records.clone().find(|record| !record.slice.is_empty());
        scopes.extend(slice.map(|record| Self::Slice(owned(&record.slice))));
        let mut datasets: Vec<Arc<str>> =
            records.filter_map(|record| Some(Arc::clone(&record.dataset.as_ref()?.key))).collect();
        datasets.sort_unstable();
        datasets.dedup();
        if datasets.len() > 1 {
            scopes.extend(datasets.into_iter().map(Self::Dataset));
        }
        scopes
    }

    fn holds(&self, record: &MetricRecord<'_>) -> bool {
        match self {
            Self::All => true,
            Self::Slice(slice) => owned(&record.slice) == *slice,
            Self::Dataset(key) => record.dataset.as_ref().is_some_and(|own| own.key == *key),
        }
    }
}

fn owned(slice: &[(&str, &str)]) -> Vec<(String, String)> {
    slice.iter().map(|(dimension, value)| ((*dimension).to_owned(), (*value).to_owned())).collect()
}

/// A change of the measurements.
struct Mutation<'m> {
    /// The new value of each number, in the unit of the metric's declaration; if `None`, the records are removed.
    value: Option<Exact>,
    /// The field of an object that changes; if `None`, all numbers do.
    field: Option<&'m str>,
    scope: Scope,
    unit: &'m MetricUnit,
    is_proportion: bool,
}

fn mutations<'m>(evidence: &'m Evidence<'_>, metric: &'m PolicyMetric) -> Vec<Mutation<'m>> {
    let own = || evidence.candidate.records.iter().filter(|record| record.metric == metric.name);
    let mut values: Vec<Option<Exact>> = vec![None];
    // Impossible values would be unknown, and would not fail any objective.
    let far = Exact::whole(1_000_000_000_000_000);
    let (low, high) = &metric.possible;
    values.extend([Some(low.clone().unwrap_or_else(|| -&far)), Some(high.clone().unwrap_or(far))]);
    // Rates of errors are shares of the examples, and add up to no more than all of them: half of what there is is possible.
    let fields = own().filter_map(|record| match &record.value {
        Quantity::Object(fields) => Some(fields.iter().filter_map(|(_, field)| match field {
            Quantity::Number(number) => Some(number),
            _ => None,
        })),
        _ => None,
    });
    let most = high.as_ref().or_else(|| fields.flatten().max()).cloned();
    values.extend(most.zip(Exact::fraction(1, 2)).map(|(most, half)| Some(&most * &half)));
    let holds_zero =
        low.as_ref().is_none_or(Exact::is_negative) && high.as_ref().is_none_or(|high| !high.is_negative());
    values.extend(holds_zero.then_some(Some(Exact::ZERO)));
    let mut fields: Vec<Option<&str>> = vec![None];
    let mut names: Vec<&str> = own()
        .filter_map(|record| match &record.value {
            Quantity::Object(fields) => Some(fields.iter().map(|(name, _)| *name)),
            _ => None,
        })
        .flatten()
        .collect();
    names.sort_unstable();
    names.dedup();
    fields.extend(names.into_iter().map(Some));
    let scopes = Scope::of(own());
    let mut all = Vec::new();
    for value in &values {
        for field in &fields {
            for scope in &scopes {
                all.push(Mutation {
                    value: value.clone(),
                    field: *field,
                    scope: scope.clone(),
                    unit: &metric.unit,
                    is_proportion: metric.is_proportion,
                });
            }
        }
    }
    all
}

impl Mutation<'_> {
    fn apply(&self, records: &mut Vec<MetricRecord<'_>>, metric: &str) {
        let is_meant = |record: &MetricRecord<'_>| record.metric == metric && self.scope.holds(record);
        let Some(value) = &self.value else {
            records.retain(|record| !is_meant(record));
            return;
        };
        grow(records, metric);
        for record in records.iter_mut().filter(|record| is_meant(record)) {
            let factor = record.unit.map_or_else(|| self.unit.factor.clone(), |unit| MetricUnit::named(unit).factor);
            let number = value.divided_by(&factor).unwrap_or_else(|| value.clone());
            set(&mut record.value, &number, self.field);
            if let Some(pairs) = &mut record.pairs {
                pairs.set_candidate(&number);
            }
            // A narrow interval of a proportion follows from its count, and a logged one must not be narrower.
            record.interval = record.interval.take().filter(|_| !self.is_proportion).map(|own| around(&own, &number));
        }
    }
}

/// The factor by which the number of examples grows.
const MORE: u64 = 1000;

/// Multiplies all counts of a metric. With few examples the result would remain uncertain for any value, so the model must be bad on many.
/// All counts grow, so that no count exceeds the one that it is a part of, and pairs agree with the counts of both models.
fn grow(records: &mut [MetricRecord<'_>], metric: &str) {
    for record in records.iter_mut().filter(|record| record.metric == metric) {
        record.count = record.count.map(|count| count.saturating_mul(MORE));
        if let Some(pairs) = &mut record.pairs {
            pairs.table = pairs.table.map(|own| own.saturating_mul(MORE));
        }
    }
}

/// Returns an interval around a number. It is narrower than that of any sample, but not empty: an empty interval is invalid.
fn around<'t>(interval: &LoggedInterval<'t>, number: &Exact) -> LoggedInterval<'t> {
    let narrow = Exact::fraction(1, 1_000_000_000).unwrap_or(Exact::ONE);
    // To one side only, so that it stays within the range of the metric.
    let (lower, upper) = match !number.is_negative() && *number < Exact::ONE {
        true => (number.clone(), number + &narrow),
        false => (number - &narrow, number.clone()),
    };
    LoggedInterval { level: interval.level.clone(), lower: Quantity::Number(lower), upper: Quantity::Number(upper) }
}

fn set(quantity: &mut Quantity<'_>, number: &Exact, field: Option<&str>) {
    match quantity {
        Quantity::Number(own) => *own = number.clone(),
        Quantity::NotFinite(_) | Quantity::Between(_) | Quantity::Doubtful(_) => {
            *quantity = Quantity::Number(number.clone());
        }
        Quantity::Sample(_) => *quantity = Quantity::Array(vec![Quantity::Number(number.clone())]),
        Quantity::Array(items) => items.iter_mut().for_each(|item| set(item, number, None)),
        Quantity::Object(fields) => {
            let meant = fields.iter_mut().filter(|(name, _)| field.is_none_or(|field| field == *name));
            meant.for_each(|(_, own)| set(own, number, None));
        }
    }
}
