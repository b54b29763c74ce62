//! The statistics of the records of a log: of each field and feature, as a whole and by slice, added up over parts in any order.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::observe::{RecordObserver, SeenRecord};
use super::view::{RecordField, RecordValue, RecordView};
use crate::data::personal::is_personal_name;
use crate::data::statistics::{FieldStatistics, MOST_SLICES, SliceKey, TableStatistics};
use crate::data::value::CellValue;

/// The value of a dimension that a record does not tell.
pub const UNTOLD: &str = "<missing>";

/// The most fields and features of the records of a log. More are no names, but values that ended up as names.
pub const MOST_FIELDS: usize = 10_000;

/// Collects the statistics of valid records.
#[derive(Clone, Debug)]
pub struct RecordStatistics {
    /// The dimensions of slices, by name.
    dimensions: Vec<(String, RecordField)>,
}

/// The statistics of a part of a log.
#[derive(Clone, Debug, Default)]
pub struct StatisticsPart {
    /// Those of the valid records. Missing values are counted in the end.
    pub table: TableStatistics,
    /// The number of records that are not valid, and are not in the statistics.
    pub invalid: u64,
    /// Whether there are more than [`MOST_FIELDS`] fields.
    pub has_too_many: bool,
}

impl RecordStatistics {
    /// Creates what collects statistics, also for each value of some fields.
    #[must_use]
    pub fn by<'n>(dimensions: impl IntoIterator<Item = &'n str>) -> Self {
        let named = |name: &str| (name.to_owned(), RecordField::named(name));
        Self { dimensions: dimensions.into_iter().map(named).collect() }
    }

    /// Returns the names of the dimensions whose slices are too many to be told apart.
    pub fn left_out<'a>(&'a self, table: &'a TableStatistics) -> impl Iterator<Item = &'a str> {
        let has_slice = move |name: &str| table.slices.keys().any(|slice| slice.contains_key(name));
        self.dimensions.iter().map(|(name, _)| name.as_str()).filter(move |name| table.rows > 0 && !has_slice(name))
    }
}

impl StatisticsPart {
    /// Adds the statistics of other records.
    pub fn merge(&mut self, other: &Self) {
        self.table.merge(&other.table);
        self.invalid += other.invalid;
        self.has_too_many |= other.has_too_many || self.table.fields.len() > MOST_FIELDS;
        if self.has_too_many {
            // Nothing is made of them; they would only fill the memory.
            self.table = TableStatistics::default();
        }
    }
}

impl RecordObserver for RecordStatistics {
    type Part = StatisticsPart;

    fn empty(&self) -> StatisticsPart {
        StatisticsPart::default()
    }

    fn see(&self, part: &mut StatisticsPart, record: &SeenRecord<'_>) {
        let view = if record.is_valid { RecordView::of(record.text) } else { None };
        let (Some(view), Some(time)) = (view, record.time) else {
            part.invalid += 1;
            return;
        };
        if part.has_too_many {
            return;
        }
        let values: Vec<(Cow<'_, str>, RecordValue<'_>)> = view.fields().collect();
        let slices: Vec<SliceKey> = self
            .dimensions
            .iter()
            .map(|(name, field)| BTreeMap::from([(name.clone(), slice_value(name, &view.get(field)))]))
            .collect();
        part.table.add_record(time, &values, &slices);
        part.has_too_many = part.table.fields.len() > MOST_FIELDS;
    }

    fn finish(&self, part: &mut StatisticsPart) {
        part.table.finish_records();
    }
}

/// Returns the value of a dimension. What tells persons apart makes no slices.
fn slice_value(name: &str, value: &RecordValue<'_>) -> String {
    match value.written() {
        None => UNTOLD.to_owned(),
        Some(_) if is_personal_name(name) => "<personal>".to_owned(),
        Some(text) => text.to_owned(),
    }
}

impl TableStatistics {
    fn add_record(&mut self, time: i64, values: &[(Cow<'_, str>, RecordValue<'_>)], slices: &[SliceKey]) {
        self.add_values(time, values);
        for slice in slices {
            self.slices.entry(slice.clone()).or_default().add_values(time, values);
        }
        if self.slices.len() > MOST_SLICES * slices.len() {
            self.leave_out_slices();
        }
    }

    fn add_values(&mut self, time: i64, values: &[(Cow<'_, str>, RecordValue<'_>)]) {
        self.rows += 1;
        self.span = Some(self.span.map_or((time, time), |(from, to)| (from.min(time), to.max(time))));
        for (name, value) in values {
            if !self.fields.contains_key(&**name) {
                self.fields.insert(name.clone().into_owned(), FieldStatistics::new(is_personal_name(name)));
            }
            if let Some(field) = self.fields.get_mut(&**name) {
                add_value(field, value);
            }
        }
    }

    /// Counts what is missing, and puts fields in order.
    fn finish_records(&mut self) {
        let rows = self.rows;
        self.fields.values_mut().for_each(|own| own.missing = rows.saturating_sub(own.forms.total()));
        self.fields.sort_unstable_keys();
        self.slices.values_mut().for_each(Self::finish_records);
        self.leave_out_slices();
    }
}

/// Counts a value of a record as that of a table.
pub fn add_value(own: &mut FieldStatistics, value: &RecordValue<'_>) {
    let text = value.written().unwrap_or_default();
    let cell = match value {
        RecordValue::Missing => {
            own.missing += 1;
            return;
        }
        RecordValue::Number(text) => CellValue::of_text(text),
        RecordValue::Text(text) => CellValue::of_text(text),
        RecordValue::Boolean(own) => CellValue::Boolean(*own),
        RecordValue::Other(text) if text.starts_with('[') => CellValue::List(text),
        RecordValue::Other(text) => CellValue::Object(text),
    };
    own.add(cell, text);
}
