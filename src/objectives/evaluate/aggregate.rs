//! Functions that reduce a list to one number.

use super::condition::Judge;
use super::credibility::is_tainted;
use super::index::{RecordId, RecordIndex, Scale};
use super::unknown::{Unknown, What};
use super::value::{Examples, Found, KnownNumber, Scope};
use crate::documents::metric::MetricType;
use crate::objectives::hir::{Aggregate, MetricId, Value, ValueKind};
use crate::objectives::log::LogSample;
use crate::objectives::measurements::{MetricRecord, Quantity};
use crate::objectives::number::Exact;

impl<'a> Judge<'a> {
    /// Returns the result of a function of a metric's list, or of its values over a window.
    pub(super) fn aggregate(&self, function: &Aggregate, list: &'a Value, scope: Scope<'a>) -> KnownNumber<'a> {
        match &list.kind {
            ValueKind::On(inner, dataset) => {
                self.aggregate(function, inner, Scope { dataset: Some(*dataset), ..scope })
            }
            ValueKind::Within(inner, place) => match self.placed(place, scope) {
                Ok(scope) => self.aggregate(function, inner, scope),
                Err(unknown) => KnownNumber::unknown(unknown),
            },
            ValueKind::Metric(metric, None) => self.of_metric(function, *metric, scope),
            // No other value is a list.
            _ => {
                let number = self.number(list, scope);
                KnownNumber { value: number.value.and(Err(self.unknown(What::NotAList, scope))), ..number }
            }
        }
    }

    fn of_metric(&self, function: &Aggregate, metric: MetricId, scope: Scope<'a>) -> KnownNumber<'a> {
        let unknown = |what| Unknown { metric: Some(metric), ..self.unknown(what, scope) };
        let Some(index) = self.indexes.get(scope.source as usize) else {
            return KnownNumber::unknown(unknown(What::NoReference));
        };
        let (ids, what) = match self.find(index, metric, scope) {
            Found::None => (Vec::new(), Some(What::NotReported)),
            Found::One(id) => (vec![id], None),
            Found::Several(ids) => (ids, None),
            Found::Ambiguous(what, ids) => (ids, Some(what)),
        };
        let records = ids.iter().filter_map(|id| index.record(*id));
        let is_unit_wrong = ids.iter().any(|id| self.is_unit_wrong(index, *id, metric, scope));
        let is_outside =
            |id: &RecordId| index.record(*id).is_some_and(|record| self.is_outside(index, *id, metric, &record.value));
        let outside = ids.iter().copied().find(is_outside);
        let value = match what {
            Some(what) => Err(what),
            None if is_unit_wrong => Err(What::WrongUnit),
            None if ids.iter().any(|id| self.is_too_new(index, *id)) => Err(What::TooNew),
            None if ids.iter().any(|id| self.is_too_old(index, *id, scope)) => Err(What::TooOld),
            None if index.is_overfull((metric, scope.dataset)) => Err(What::MoreThanAll),
            None if outside.is_some() => Err(What::OutOfRange(outside.unwrap_or_default())),
            None if doubt(index, &ids).is_some() => Err(doubt(index, &ids).unwrap_or(What::Empty)),
            None => {
                // A metric that is one number has a list of values in a window, even if there is only one record.
                let shape = self.policy.metrics.get(metric).and_then(|metric| metric.shape);
                let is_list = scope.window.is_some() && shape == Some(MetricType::Scalar);
                match sample(index, &ids) {
                    Some((sample, scale)) => of_sample(function, sample, scale),
                    None => values(index, &ids, is_list).and_then(|values| of_values(function, values)),
                }
            }
        };
        KnownNumber {
            value: value.map_err(unknown).and_then(|value| self.bounded(value, scope)),
            is_tainted: records.clone().any(|record| is_tainted(record, None)),
            examples: records.map(examples).fold(Examples::NoRecord, Examples::and),
            record: ids.first().copied().filter(|_| ids.len() == 1),
            is_plain: false,
        }
    }
}

/// The number of examples of a record. A list is of no more than it has values, whatever it says.
fn examples(record: &MetricRecord<'_>) -> Examples {
    let length = match &record.value {
        Quantity::Array(items) => u64::try_from(items.len()).unwrap_or(u64::MAX),
        Quantity::Sample(sample) => sample.count,
        _ => u64::MAX,
    };
    Examples::of(record.count.map(|count| count.min(length)))
}

/// Returns all numbers of records, in order. A record that is one number is a list only with others, or over a window.
fn values<'a>(index: &RecordIndex<'a>, ids: &[RecordId], is_list: bool) -> Result<Vec<Exact>, What<'a>> {
    let mut values = Vec::new();
    for id in ids {
        let (Some(record), Some(scale)) = (index.record(*id), index.scale(*id)) else { continue };
        if let (Quantity::Number(_), [_], false) = (&record.value, ids, is_list) {
            return Err(What::NotAList);
        }
        let start = values.len();
        flatten(&record.value, &mut values)?;
        if !scale.is_one {
            values.iter_mut().skip(start).for_each(|value| *value = scale.scaled(value));
        }
    }
    Ok(values)
}

fn flatten<'a>(value: &Quantity<'a>, values: &mut Vec<Exact>) -> Result<(), What<'a>> {
    match value {
        Quantity::Number(number) => values.push(number.clone()),
        Quantity::NotFinite(text) => return Err(What::NotFinite(text)),
        Quantity::Array(items) => items.iter().try_for_each(|item| flatten(item, values))?,
        Quantity::Doubtful(doubt) => return Err(What::Doubtful(doubt)),
        // One of them is as many numbers as there are records, and is not added to others.
        Quantity::Object(_) | Quantity::Sample(_) | Quantity::Between(_) => return Err(What::NotAList),
    }
    Ok(())
}

/// Returns why a record of a log cannot be believed.
fn doubt<'a>(index: &RecordIndex<'a>, ids: &[RecordId]) -> Option<What<'a>> {
    ids.iter().find_map(|id| match index.record(*id)?.value {
        Quantity::Doubtful(doubt) => Some(What::Doubtful(doubt)),
        _ => None,
    })
}

/// Returns the numbers of a log, if the record is of one, and its scale.
fn sample<'a, 'i>(index: &'i RecordIndex<'a>, ids: &[RecordId]) -> Option<(&'a LogSample, &'i Scale)> {
    let [id] = ids else { return None };
    match index.record(*id)?.value {
        Quantity::Sample(sample) => Some((sample, index.scale(*id)?)),
        _ => None,
    }
}

/// Returns a function of the numbers of a log, in the unit of the dimension.
fn of_sample<'a>(function: &Aggregate, sample: &'a LogSample, scale: &Scale) -> Result<Exact, What<'a>> {
    let quantile = |order: &Exact| match sample.quantile(order) {
        Some(found) => found.exact().map(|exact| scale.scaled(exact)).ok_or(What::Between(found)),
        None => Err(What::NotOfLogs),
    };
    let count = Exact::whole(i64::try_from(sample.count).unwrap_or(i64::MAX));
    match function {
        Aggregate::Min => Ok(scale.scaled(&sample.minimum)),
        Aggregate::Max => Ok(scale.scaled(&sample.maximum)),
        Aggregate::Sum => Ok(scale.scaled(&sample.sum)),
        Aggregate::Mean => sample.sum.divided_by(&count).map(|mean| scale.scaled(&mean)).ok_or(What::Empty),
        Aggregate::Count => Ok(count),
        Aggregate::Median => quantile(&Exact::fraction(1, 2).unwrap_or(Exact::ONE)),
        Aggregate::Quantile(order) => quantile(order),
        Aggregate::Std => sample.std.as_ref().map(|std| scale.scaled(std)).ok_or(What::TooFewValues),
        // Records are in the order in which they were written, or in that of the files.
        Aggregate::First | Aggregate::Last => Err(What::NotOfLogs),
        Aggregate::Abs => Err(What::NotOneNumber),
    }
}

fn of_values(function: &Aggregate, mut values: Vec<Exact>) -> Result<Exact, What<'static>> {
    let found = match function {
        Aggregate::Min => values.into_iter().min(),
        Aggregate::Max => values.into_iter().max(),
        Aggregate::First => values.into_iter().next(),
        Aggregate::Last => values.pop(),
        Aggregate::Sum if values.is_empty() => None,
        Aggregate::Sum => Some(sum(&values)),
        Aggregate::Mean => sum(&values).divided_by(&length(&values)),
        Aggregate::Count => Some(length(&values)).filter(|length| !length.is_zero()),
        Aggregate::Median => median(values),
        Aggregate::Quantile(order) => quantile(values, order),
        Aggregate::Std => return deviation(&values),
        // It applies to a single number, and not to a list.
        Aggregate::Abs => return Err(What::NotOneNumber),
    };
    found.ok_or(What::Empty)
}

fn length(values: &[Exact]) -> Exact {
    Exact::whole(i64::try_from(values.len()).unwrap_or(i64::MAX))
}

fn sum(values: &[Exact]) -> Exact {
    values.iter().fold(Exact::ZERO, |sum, value| &sum + value)
}

/// Returns the median; of an even number of values, the mean of the two in the middle.
pub(super) fn median(values: Vec<Exact>) -> Option<Exact> {
    quantile(values, &Exact::fraction(1, 2)?)
}

/// Returns a quantile, by linear interpolation between the values at the ranks around (n − 1) q: type 7 of Hyndman and Fan (1996).
fn quantile(mut values: Vec<Exact>, order: &Exact) -> Option<Exact> {
    let last = values.len().checked_sub(1)?;
    let rank = &length(&values) - &Exact::ONE;
    let rank = &rank * order;
    let below = usize::try_from(rank.floor()?).ok()?.min(last);
    // The values are not sorted completely: a list may be as long as a document.
    let (_, low, above) = values.select_nth_unstable(below);
    let share = &rank - &Exact::whole(i64::try_from(below).ok()?);
    match above.iter().min() {
        Some(high) if !share.is_zero() => Some(&*low + &(&share * &(high - &*low))),
        _ => Some(low.clone()),
    }
}

/// Returns the standard deviation of a sample (n − 1), in floats.
fn deviation(values: &[Exact]) -> Result<Exact, What<'static>> {
    if values.len() < 2 {
        return Err(if values.is_empty() { What::Empty } else { What::TooFewValues });
    }
    let floats: Vec<f64> = values.iter().map(Exact::to_f64).collect();
    let count = length(values).to_f64();
    let mean = floats.iter().sum::<f64>() / count;
    let squares: f64 = floats.iter().map(|value| (value - mean) * (value - mean)).sum();
    Exact::from_f64((squares / (count - 1.0)).sqrt()).ok_or(What::TooLong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(function: &str, values: &[&str]) -> Option<String> {
        let values = values.iter().map(|value| Exact::parse(value).unwrap()).collect();
        of_values(&Aggregate::by_name(function).unwrap(), values).ok().map(|value| value.to_decimal(9))
    }

    #[test]
    fn functions_of_lists_are_exact() {
        let latency = ["112", "140", "118", "133", "197", "121", "260", "130", "125", "119"];
        for (function, expected) in [
            ("p95", "231.65"),
            ("p50", "127.5"),
            ("median", "127.5"),
            ("min", "112"),
            ("max", "260"),
            ("mean", "145.5"),
            ("sum", "1455"),
            ("count", "10"),
            ("first", "112"),
            ("last", "119"),
            ("std", "46.892904"),
        ] {
            assert_eq!(of(function, &latency).as_deref(), Some(expected), "{function}");
        }
        assert_eq!(of("p999", &["0.1", "0.3"]).as_deref(), Some("0.2998"));
    }

    #[test]
    fn lists_that_are_too_short_have_no_value() {
        for function in ["min", "max", "mean", "median", "sum", "count", "std", "first", "last", "p95"] {
            assert_eq!(of(function, &[]), None, "{function}");
        }
        assert_eq!(of("std", &["1"]), None);
        assert_eq!(of("p95", &["1"]).as_deref(), Some("1"));
    }
}
