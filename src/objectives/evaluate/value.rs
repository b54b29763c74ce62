//! The values of metrics, functions and expressions, in the unit of their dimension.

use super::condition::Judge;
use super::credibility::is_tainted;
use super::index::{CANDIDATE, Chosen, RecordId, RecordIndex, SourceId};
use super::slices::SliceId;
use super::unknown::{Unknown, What};
use crate::documents::objectives::DataStage;
use crate::objectives::as_of::is_later;
use crate::objectives::hir::{
    AcrossFunction, Aggregate, ChangeReference, DatasetId, DefinitionId, MetricId, Operator, Value, ValueKind, Within,
};
use crate::objectives::lower::EXPECTED_COST;
use crate::objectives::measurements::Quantity;
use crate::objectives::number::Exact;
use crate::objectives::policy::Definition;
use crate::objectives::unit::Dimension;

/// The scope in which a value is evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Scope<'a> {
    pub source: SourceId,
    pub dataset: Option<DatasetId>,
    pub slice: SliceId,
    /// The length of the window in seconds.
    pub window: Option<u64>,
    /// The dimension that records of metrics without a declared unit must have, if any is required.
    pub expected: Option<&'a Dimension>,
}

impl Scope<'_> {
    /// Returns the scope of a slice of the candidate.
    pub(super) fn of(slice: SliceId) -> Self {
        Self { source: CANDIDATE, dataset: None, slice, window: None, expected: None }
    }
}

/// The definition and scope that a cached value belongs to.
pub(super) type DefinitionKey<'a> = (DefinitionId, Scope<'a>);

/// A number, if it is known, and its origin.
#[derive(Clone, Debug)]
pub(super) struct KnownNumber<'a> {
    pub value: Result<Exact, Unknown<'a>>,
    /// Whether any value that was read is not a finite number.
    pub is_tainted: bool,
    pub examples: Examples,
    /// The only record that the number is from, in the measurements of the scope.
    pub record: Option<RecordId>,
    /// Whether it is the unchanged value of that record, so that the record's interval applies to it.
    pub is_plain: bool,
}

/// The least number of examples of the records that were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Examples {
    NoRecord,
    /// A record does not report it.
    NotReported,
    Known(u64),
}

impl Examples {
    pub(super) fn of(count: Option<u64>) -> Self {
        count.map_or(Self::NotReported, Self::Known)
    }

    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::NoRecord, other) | (other, Self::NoRecord) => other,
            (Self::Known(a), Self::Known(b)) => Self::Known(a.min(b)),
            _ => Self::NotReported,
        }
    }

    /// Checks the number of examples: "`with at least N examples`: smaller → unknown"; an unknown number is unknown as well.
    pub(super) fn are_enough(self, needed: Option<u64>) -> Result<(), What<'static>> {
        match (needed, self) {
            (Some(needed), Self::Known(count)) if count < needed => Err(What::TooFewExamples(count, needed)),
            (Some(needed), Self::NotReported | Self::NoRecord) => Err(What::NoCount(needed)),
            _ => Ok(()),
        }
    }
}

impl<'a> KnownNumber<'a> {
    pub(super) fn literal(value: Exact) -> Self {
        Self { value: Ok(value), is_tainted: false, examples: Examples::NoRecord, record: None, is_plain: false }
    }

    pub(super) fn unknown(unknown: Unknown<'a>) -> Self {
        let is_tainted = matches!(unknown.what, What::NotFinite(_));
        Self { value: Err(unknown), is_tainted, examples: Examples::NoRecord, record: None, is_plain: false }
    }

    /// Returns a number derived from this one.
    pub(super) fn map(self, function: impl FnOnce(Exact) -> Result<Exact, Unknown<'a>>) -> Self {
        Self { value: self.value.and_then(function), is_plain: false, ..self }
    }

    /// Returns a number derived from two.
    pub(super) fn join(self, other: Self, function: impl FnOnce(Exact, Exact) -> Result<Exact, Unknown<'a>>) -> Self {
        let value = match (self.value, other.value) {
            (Ok(a), Ok(b)) => function(a, b),
            (Err(unknown), _) | (_, Err(unknown)) => Err(unknown),
        };
        let is_tainted = self.is_tainted || other.is_tainted;
        Self { value, is_tainted, examples: self.examples.and(other.examples), record: None, is_plain: false }
    }
}

/// Without an explicit date, the last record of a window must be in the last of this many equal parts of it.
const REACHES_END: i32 = 10;

/// The records of a metric in a scope.
pub(super) enum Found<'a> {
    None,
    One(RecordId),
    /// The records of a window, in the order of their dates.
    Several(Vec<RecordId>),
    Ambiguous(What<'a>, Vec<RecordId>),
}

impl<'a> Judge<'a> {
    /// Returns the value of an expression that is one number.
    pub(super) fn number(&self, value: &'a Value, scope: Scope<'a>) -> KnownNumber<'a> {
        self.step();
        match &value.kind {
            ValueKind::Number(number) => KnownNumber::literal(number.clone()),
            ValueKind::Metric(metric, field) => self.metric(*metric, field.as_deref(), scope),
            ValueKind::Aggregate(Aggregate::Abs, inner) => self.number(inner, scope).map(|number| Ok(number.abs())),
            ValueKind::Aggregate(function, inner) => {
                let scope = Scope { expected: scope.expected.filter(|_| *function != Aggregate::Count), ..scope };
                self.aggregate(function, inner, scope)
            }
            ValueKind::Across(across) => {
                let is_ratio = across.function == AcrossFunction::Ratio;
                self.across(across, Scope { expected: scope.expected.filter(|_| !is_ratio), ..scope })
            }
            ValueKind::Negative(inner) => self.number(inner, scope).map(|number| Ok(-&number)),
            ValueKind::Arithmetic(operator, left, right) => self.arithmetic(*operator, left, right, scope),
            ValueKind::On(inner, dataset) => self.number(inner, Scope { dataset: Some(*dataset), ..scope }),
            ValueKind::Within(inner, Within::Reference(reference)) => self.of_reference(inner, reference, scope),
            ValueKind::Within(inner, place) => match self.placed(place, scope) {
                Ok(scope) => self.number(inner, scope),
                Err(unknown) => KnownNumber::unknown(unknown),
            },
            ValueKind::Definition(id) => self.definition(*id, scope),
            ValueKind::ByValue(own) => {
                let bound = self.value_of(scope.slice, &own.dimension).and_then(|value| own.of(value));
                bound.map_or_else(
                    || KnownNumber::unknown(self.unknown(What::NoBound(&own.dimension), scope)),
                    |bound| self.number(bound, scope),
                )
            }
            ValueKind::Age => self.age(scope),
        }
    }

    /// Returns the age of the evidence at the date of the verdict, in seconds: that of the oldest document on the dataset; for monitored
    /// data, that of the newest. Without a dataset, the evaluations and tests are considered.
    fn age(&self, scope: Scope<'a>) -> KnownNumber<'a> {
        let age = self.indexes.first().ok_or(What::NotReported).and_then(|index| {
            let end = self.end.filter(|_| self.is_end_given).ok_or(What::NoDay)?;
            let dates: Vec<_> = index
                .origins(scope.dataset)
                .filter(|origin| scope.dataset.is_some() || origin.stage().is_some())
                .inspect(|_| self.step())
                .map(|origin| origin.date.ok_or(What::NoDay))
                .collect::<Result<_, _>>()?;
            let is_monitored = scope
                .dataset
                .and_then(|id| self.policy.datasets.get(id))
                .is_some_and(|data| data.stage == Some(DataStage::Monitoring));
            let date = if is_monitored { dates.iter().max() } else { dates.iter().min() };
            let date = date.ok_or(What::NotReported)?;
            if dates.iter().any(|date| is_later(*date, end)) {
                return Err(What::TooNew);
            }
            Ok(Exact::whole(end.duration_since(*date).as_secs()))
        });
        match age {
            Ok(age) => KnownNumber::literal(age),
            Err(what) => KnownNumber::unknown(self.unknown(what, scope)),
        }
    }

    /// Returns the scope of a value that is of other measurements than those of the enclosing scope.
    pub(super) fn placed(&self, place: &'a Within, scope: Scope<'a>) -> Result<Scope<'a>, Unknown<'a>> {
        match place {
            Within::Window(seconds) => Ok(Scope { window: Some(*seconds), ..scope }),
            Within::Slice(pairs) => {
                let slice = self.narrowed(scope.slice, pairs);
                let name = pairs.last().map_or("", |(_, value)| value.as_str());
                slice.map(|slice| Scope { slice, ..scope }).ok_or_else(|| self.unknown(What::NoSlice(name), scope))
            }
            Within::Reference(reference) => {
                let sources = self.references.find(reference).map_err(|what| self.unknown(what, scope))?;
                let source = sources.first().copied().ok_or_else(|| self.unknown(What::NoReference, scope))?;
                Ok(Scope { source, window: None, ..scope })
            }
        }
    }

    /// Returns the part of a slice with these values; `None` if no record is of it.
    pub(super) fn narrowed(&self, surrounding: SliceId, pairs: &[(String, String)]) -> Option<SliceId> {
        let mut slice: Vec<(&str, &str)> = self.slices.get(surrounding).to_vec();
        for (dimension, value) in pairs {
            match slice.iter().find(|(name, _)| name == dimension) {
                Some((_, own)) if own == value => {}
                Some(_) => return None,
                None => slice.push((dimension, value)),
            }
        }
        slice.sort_unstable();
        self.slices.id(&slice)
    }

    /// Returns the value of another model. If it is not known that both were measured on the same data, the two are not compared. The
    /// result does not refer to a record of the candidate.
    fn of_reference(&self, value: &'a Value, reference: &'a ChangeReference, scope: Scope<'a>) -> KnownNumber<'a> {
        let is_one = |id: DatasetId| self.policy.datasets.get(id).is_some_and(|data| data.reference.is_some());
        let named = match &value.kind {
            ValueKind::On(_, dataset) => Some(*dataset),
            _ => scope.dataset,
        };
        // All data of one stage is not one dataset.
        if !named.is_some_and(is_one) {
            return KnownNumber::unknown(self.unknown(What::OtherData, scope));
        }
        KnownNumber { record: None, is_plain: false, ..self.reference(value, reference, scope) }
    }

    fn arithmetic(&self, operator: Operator, left: &'a Value, right: &'a Value, scope: Scope<'a>) -> KnownNumber<'a> {
        let is_sum = matches!(operator, Operator::Add | Operator::Subtract);
        let inner = Scope { expected: scope.expected.filter(|_| is_sum), ..scope };
        let (left, right) = (self.number(left, inner), self.number(right, inner));
        left.join(right, |a, b| {
            let number = match operator {
                Operator::Add => &a + &b,
                Operator::Subtract => &a - &b,
                Operator::Multiply => &a * &b,
                Operator::Divide => a.divided_by(&b).ok_or_else(|| self.unknown(What::ZeroDivisor, scope))?,
            };
            self.bounded(number, scope)
        })
    }

    /// Returns a number, unless it is too long to compute with: repeated squaring would exhaust memory.
    pub(super) fn bounded(&self, number: Exact, scope: Scope<'a>) -> Result<Exact, Unknown<'a>> {
        if number.is_long() { Err(self.unknown(What::TooLong, scope)) } else { Ok(number) }
    }

    fn definition(&self, id: DefinitionId, scope: Scope<'a>) -> KnownNumber<'a> {
        if let Some(known) = self.known.borrow().get(&(id, scope)) {
            return known.clone();
        }
        let definition = self.policy.definitions.get(id);
        let number = match definition.and_then(|definition| definition.value.as_ref()) {
            // A negative rate of errors would offset others.
            Some(value) if definition.is_some_and(Definition::is_rate) => {
                self.number(value, scope).map(|rate| match rate.is_negative() || rate > Exact::ONE {
                    true => Err(self.unknown(What::NotARate, scope)),
                    false => Ok(rate),
                })
            }
            Some(value) if definition.is_some_and(|own| own.name == EXPECTED_COST) => {
                let cost = self.number(value, scope);
                cost.map(|cost| match self.are_more_errors_than_examples(scope) {
                    true => Err(self.unknown(What::MoreErrorsThanExamples, scope)),
                    false => Ok(cost),
                })
            }
            Some(value) => self.number(value, scope),
            None => KnownNumber::unknown(self.unknown(What::NoDefinition, scope)),
        };
        self.known.borrow_mut().insert((id, scope), number.clone());
        number
    }

    /// Returns whether the rates of the possible errors add up to more than 1: each is a share of the examples, and one is in error once.
    fn are_more_errors_than_examples(&self, scope: Scope<'a>) -> bool {
        let rates = self.policy.definitions.iter().enumerate().filter(|(_, definition)| definition.is_rate());
        let rates = rates.filter_map(|(id, _)| self.definition(id, Scope { expected: None, ..scope }).value.ok());
        rates.fold(Exact::ZERO, |sum, rate| &sum + &rate) > Exact::ONE
    }

    /// Returns the value of a metric that is one number, or of one of its fields.
    fn metric(&self, metric: MetricId, field: Option<&'a str>, scope: Scope<'a>) -> KnownNumber<'a> {
        let unknown = |what| Unknown { metric: Some(metric), field, ..self.unknown(what, scope) };
        let Some(index) = self.indexes.get(scope.source as usize) else {
            return KnownNumber::unknown(unknown(What::NoReference));
        };
        let id = match self.find(index, metric, scope) {
            Found::None => return KnownNumber::unknown(unknown(What::NotReported)),
            Found::One(id) => id,
            // "The newest one for a plain metric."
            Found::Several(ids) => match ids.last() {
                Some(id) => *id,
                None => return KnownNumber::unknown(unknown(What::NotReported)),
            },
            Found::Ambiguous(what, ids) => {
                let is_tainted = ids.iter().any(|id| index.record(*id).is_some_and(|own| is_tainted(own, field)));
                return KnownNumber { is_tainted, ..KnownNumber::unknown(unknown(what)) };
            }
        };
        let Some(record) = index.record(id) else { return KnownNumber::unknown(unknown(What::NotReported)) };
        let value = match part(&record.value, field) {
            None => Err(What::NoField),
            Some(_) if self.is_unit_wrong(index, id, metric, scope) => Err(What::WrongUnit),
            Some(Quantity::NotFinite(text)) => Err(What::NotFinite(text)),
            Some(Quantity::Doubtful(doubt)) => Err(What::Doubtful(doubt)),
            Some(_) if index.is_overfull((metric, scope.dataset)) => Err(What::MoreThanAll),
            Some(_) if self.is_too_new(index, id) => Err(What::TooNew),
            Some(_) if self.is_too_old(index, id, scope) => Err(What::TooOld),
            Some(own) if self.is_outside(index, id, metric, own) => Err(What::OutOfRange(id)),
            Some(_) if self.has_impossible_interval(index, id, metric) => Err(What::ImpossibleInterval),
            Some(_) if self.has_narrow_interval(index, id, metric) => Err(What::NarrowInterval(record.count)),
            Some(Quantity::Array(_) | Quantity::Object(_) | Quantity::Sample(_)) => Err(What::NotOneNumber),
            Some(Quantity::Between(own)) => Err(What::Between(own)),
            Some(Quantity::Number(number)) => {
                Ok(index.scale(id).map_or_else(|| number.clone(), |scale| scale.scaled(number)))
            }
        };
        KnownNumber {
            value: value.map_err(unknown),
            is_tainted: is_tainted(record, field),
            examples: Examples::of(record.count),
            record: Some(id),
            is_plain: field.is_none(),
        }
    }

    /// Returns the records of a metric in a scope.
    pub(super) fn find(&self, index: &RecordIndex<'a>, metric: MetricId, scope: Scope<'a>) -> Found<'a> {
        let Some(cell) = index.cell((metric, scope.dataset), scope.slice) else { return Found::None };
        if let (Some(seconds), false) = (scope.window, matches!(cell.chosen, Chosen::SeveralDatasets))
            && index.records(cell).iter().any(|id| index.is_of_log(*id))
        {
            return self.in_window_of_log(index, index.records(cell), seconds);
        }
        let all = || index.records(cell).to_vec();
        match (scope.window, cell.chosen) {
            (_, Chosen::SeveralDatasets) => Found::Ambiguous(What::SeveralDatasets, all()),
            (None, Chosen::Record(id)) => match index.earlier_step(id) {
                // "One file": what two checkpoints can do is what neither of them can.
                Some((own, last)) => Found::Ambiguous(What::SeveralSteps(own, last), all()),
                None => Found::One(id),
            },
            (None, Chosen::SeveralValues) => Found::Ambiguous(What::SeveralValues, all()),
            (Some(seconds), _) => self.in_window(index, index.records(cell), seconds),
        }
    }

    /// Returns all records that are found, whether or not they agree.
    pub(super) fn ids(&self, index: &RecordIndex<'a>, metric: MetricId, scope: Scope<'a>) -> Vec<RecordId> {
        match self.find(index, metric, scope) {
            Found::None => Vec::new(),
            Found::One(id) => vec![id],
            Found::Several(ids) | Found::Ambiguous(_, ids) => ids,
        }
    }

    /// Returns the records of a window, by date: "(as_of − D, as_of]". Those without a date are ignored.
    fn in_window(&self, index: &RecordIndex<'a>, records: &[RecordId], seconds: u64) -> Found<'a> {
        let Some(end) = self.end else { return Found::None };
        let length = jiff::SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX));
        // A window longer than the range of timestamps has no start. A day ends where the next one begins.
        let start = end.checked_sub(length).unwrap_or(jiff::Timestamp::MIN);
        let date = |id: RecordId| index.measurements.origin(index.record(id)?)?.date;
        let newest = records.iter().filter_map(|id| date(*id)).filter(|date| (start..end).contains(date)).max();
        // If monitoring stopped before the newest record of all, it may have stopped long ago.
        if !self.is_end_given && newest.is_some_and(|newest| end.duration_since(newest) > length / REACHES_END) {
            return Found::Ambiguous(What::NoDay, records.to_vec());
        }
        let mut found: Vec<(jiff::Timestamp, RecordId)> = Vec::new();
        for document in records.chunk_by(|a, b| index.origin(*a) == index.origin(*b)) {
            let Some(date) = document.first().and_then(|id| date(*id)) else { continue };
            // Whoever gives the time must not choose by it among the records that were read.
            if date >= end && self.is_end_given {
                return Found::Ambiguous(What::TooNew, document.to_vec());
            }
            if date < start || date >= end {
                continue;
            }
            match index.last_step(document) {
                Some(id) => found.push((date, id)),
                None => return Found::Ambiguous(What::SeveralValues, document.to_vec()),
            }
        }
        found.sort_unstable();
        // Duplicates: given twice, or measured twice at the same instant.
        found.dedup_by(|(a, x), (b, y)| a == b && index.is_same(*x, *y));
        let ids: Vec<_> = found.iter().map(|(_, id)| *id).collect();
        if found.windows(2).any(|pair| pair.first().map(|own| own.0) == pair.last().map(|own| own.0)) {
            return Found::Ambiguous(What::SeveralValues, ids);
        }
        if ids.is_empty() { Found::None } else { Found::Several(ids) }
    }

    /// Returns the record that was computed from logs for a window. One of another end would be about another time.
    fn in_window_of_log(&self, index: &RecordIndex<'a>, records: &[RecordId], seconds: u64) -> Found<'a> {
        let Some(end) = self.end else { return Found::None };
        let length = jiff::SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX));
        let start = end.checked_sub(length).unwrap_or(jiff::Timestamp::MIN);
        let date = |id: &RecordId| index.measurements.origin(index.record(*id)?)?.date;
        let (of_logs, others): (Vec<RecordId>, Vec<RecordId>) = records.iter().partition(|id| index.is_of_log(**id));
        // What was measured otherwise in the same time is another value of the same metric.
        if others.iter().any(|id| date(id).is_none_or(|date| date >= start)) {
            return Found::Ambiguous(What::SeveralValues, records.to_vec());
        }
        let newest = of_logs.iter().filter_map(date).max();
        if !self.is_end_given && newest.is_none_or(|newest| end.duration_since(newest) > length / REACHES_END) {
            return Found::Ambiguous(What::NoDay, of_logs);
        }
        if self.is_end_given && newest.is_some_and(|newest| newest >= end) {
            return Found::Ambiguous(What::TooNew, of_logs);
        }
        let window = |id: &RecordId| index.record(*id)?.window;
        let own: Vec<RecordId> =
            of_logs.iter().copied().filter(|id| window(id).is_some_and(|own| own.seconds == seconds)).collect();
        match own.as_slice() {
            [] => Found::None,
            [only] if window(only).is_some_and(|own| own.end == end) => Found::One(*only),
            _ => Found::Ambiguous(What::NoDay, own),
        }
    }

    pub(super) fn unknown(&self, what: What<'a>, scope: Scope<'a>) -> Unknown<'a> {
        let Scope { source, dataset, slice, .. } = scope;
        Unknown { what, metric: None, field: None, source, dataset, slice }
    }
}

/// Returns the value itself, or a field of it.
pub(super) fn part<'r, 'a>(value: &'r Quantity<'a>, field: Option<&str>) -> Option<&'r Quantity<'a>> {
    let Some(field) = field else { return Some(value) };
    match value {
        Quantity::Object(fields) => fields.iter().find(|(name, _)| *name == field).map(|(_, value)| value),
        // The field is not missing: such a value has no fields.
        Quantity::NotFinite(_) => Some(value),
        Quantity::Doubtful(_) => Some(value),
        Quantity::Number(_) | Quantity::Array(_) | Quantity::Sample(_) | Quantity::Between(_) => None,
    }
}
