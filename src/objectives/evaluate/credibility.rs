//! Whether a record can be believed: its unit, its date, and numbers that are possible.

use super::condition::Judge;
use super::index::{CANDIDATE, RecordId, RecordIndex, Scale, measured};
use super::interval::is_too_narrow;
use super::value::{Scope, part};
use crate::objectives::as_of::is_later;
use crate::objectives::hir::MetricId;
use crate::objectives::known_metrics::Bounds;
use crate::objectives::measurements::{MetricRecord, Quantity};
use crate::objectives::number::Exact;
use crate::objectives::policy::PolicyDataset;
use crate::objectives::unit::Dimension;

impl<'a> Judge<'a> {
    /// Returns whether a record is in an incompatible unit.
    pub(super) fn is_unit_wrong(
        &self,
        index: &RecordIndex<'a>,
        id: RecordId,
        metric: MetricId,
        scope: Scope<'a>,
    ) -> bool {
        let Some(scale) = index.scale(id) else { return true };
        let declared = self.policy.metrics.get(metric).map(|metric| &metric.unit.dimension);
        let is_declared = declared.is_some_and(|declared| *declared != Dimension::Unknown);
        let is_unexpected =
            scope.expected.is_some_and(|expected| measured(expected) != measured(&scale.unit.dimension));
        scale.is_wrong || !is_declared && is_unexpected
    }

    /// Returns whether a record, of the candidate or of what it is compared with, is from after the date of the verdict, if that was given.
    pub(super) fn is_too_new(&self, index: &RecordIndex<'a>, id: RecordId) -> bool {
        let date = index.record(id).and_then(|record| index.measurements.origin(record)?.date);
        self.end.filter(|_| self.is_end_given).zip(date).is_some_and(|(end, date)| is_later(date, end))
    }

    /// Returns whether a record about the candidate is older than the objectives or the caller permit.
    pub(super) fn is_too_old(&self, index: &RecordIndex<'a>, id: RecordId, scope: Scope<'a>) -> bool {
        let of_data = |data: &PolicyDataset| data.max_age;
        let declared = match scope.dataset {
            Some(dataset) => self.policy.datasets.get(dataset).and_then(of_data),
            // If no dataset is named, the strictest limit applies.
            None => self.policy.datasets.iter().filter_map(of_data).min(),
        };
        let Some(max_age) = declared.into_iter().chain(self.max_age).min().filter(|_| scope.source == CANDIDATE) else {
            return false;
        };
        let date = index.record(id).and_then(|record| index.measurements.origin(record)?.date);
        self.end.is_none_or(|end| max_age.is_exceeded(date, end))
    }

    /// Returns whether a number of a record is impossible for its metric.
    pub(super) fn is_outside(
        &self,
        index: &RecordIndex<'a>,
        id: RecordId,
        metric: MetricId,
        own: &Quantity<'a>,
    ) -> bool {
        let possible = self.policy.metrics.get(metric).map(|metric| &metric.possible);
        possible.zip(index.scale(id)).is_some_and(|(possible, scale)| first_outside(own, possible, scale).is_some())
    }

    /// Returns whether the interval of a record is impossible for its metric, or for its value.
    pub(super) fn has_impossible_interval(&self, index: &RecordIndex<'a>, id: RecordId, metric: MetricId) -> bool {
        let Some((record, scale)) = index.record(id).zip(index.scale(id)) else { return false };
        let Some(logged) = &record.interval else { return false };
        let (Quantity::Number(lower), Quantity::Number(upper)) = (&logged.lower, &logged.upper) else { return false };
        let holds = match &record.value {
            Quantity::Number(value) => lower <= value && value <= upper,
            _ => lower <= upper,
        };
        let possible = self.policy.metrics.get(metric).map(|metric| &metric.possible);
        let is_outside =
            |bound: &Quantity<'a>| possible.is_some_and(|possible| first_outside(bound, possible, scale).is_some());
        // No sample proves a value exactly, however large.
        !holds || lower == upper || is_outside(&logged.lower) || is_outside(&logged.upper)
    }

    /// Returns whether the interval of a proportion is narrower than its number of examples allows.
    pub(super) fn has_narrow_interval(&self, index: &RecordIndex<'a>, id: RecordId, metric: MetricId) -> bool {
        let Some((record, scale)) = index.record(id).zip(index.scale(id)) else { return false };
        let is_proportion = self.policy.metrics.get(metric).is_some_and(|metric| metric.is_proportion);
        let (Some(logged), Some(count), Quantity::Number(value)) = (&record.interval, record.count, &record.value)
        else {
            return false;
        };
        let numbers = (&logged.lower, &logged.upper, &logged.level);
        let (Quantity::Number(lower), Quantity::Number(upper), Quantity::Number(level)) = numbers else { return false };
        let float = |number: &Exact| scale.scaled(number).to_f64();
        is_proportion
            && scale.unit.is_fraction()
            && is_too_narrow(float(value), count, level.to_f64(), (float(lower), float(upper)))
    }
}

/// Returns the first number that is not between two bounds, in the unit of the dimension.
pub(super) fn first_outside(own: &Quantity<'_>, (low, high): &Bounds<Exact>, scale: &Scale) -> Option<Exact> {
    if low.is_none() && high.is_none() {
        return None;
    }
    match own {
        Quantity::Number(number) => {
            let value = scale.scaled(number);
            let is_outside =
                low.as_ref().is_some_and(|low| value < *low) || high.as_ref().is_some_and(|high| value > *high);
            is_outside.then_some(value)
        }
        Quantity::NotFinite(_) | Quantity::Doubtful(_) => None,
        Quantity::Between(own) => {
            first_outside(&Quantity::Number(own.estimate.clone()), &(low.clone(), high.clone()), scale)
        }
        Quantity::Sample(own) => [&own.minimum, &own.maximum]
            .into_iter()
            .find_map(|item| first_outside(&Quantity::Number(item.clone()), &(low.clone(), high.clone()), scale)),
        Quantity::Array(items) => {
            items.iter().find_map(|item| first_outside(item, &(low.clone(), high.clone()), scale))
        }
        Quantity::Object(fields) => {
            fields.iter().find_map(|(_, item)| first_outside(item, &(low.clone(), high.clone()), scale))
        }
    }
}

/// Returns whether the part of a record that is read, or its interval, is not a finite number.
pub(super) fn is_tainted(record: &MetricRecord<'_>, field: Option<&str>) -> bool {
    let is_interval_tainted = record
        .interval
        .as_ref()
        .is_some_and(|interval| interval.lower.not_finite().or(interval.upper.not_finite()).is_some());
    is_interval_tainted || part(&record.value, field).is_some_and(|value| value.not_finite().is_some())
}
