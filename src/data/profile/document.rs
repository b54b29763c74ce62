//! A `profile` as it is written, with all that is needed to add it to another.

use std::collections::BTreeMap;

use data_encoding::BASE64;
use indexmap::IndexMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::data::statistics::cells::CellNumber;
use crate::data::statistics::distinct::{DistinctSketch, STANDARD_ERROR};
use crate::data::statistics::{ExactSum, FieldStatistics, Shapes, SliceKey, TableStatistics, Values};
use crate::data::value::type_name;
use crate::yaml::json::to_value;
use crate::yaml::{NodeId, Tree};

/// The shares at which quantiles are given.
const QUANTILES: &[(&str, f64)] =
    &[("0.01", 0.01), ("0.05", 0.05), ("0.25", 0.25), ("0.5", 0.5), ("0.75", 0.75), ("0.95", 0.95), ("0.99", 0.99)];

/// Whose statistics a profile holds, and when they were made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ProfileHead {
    /// The version of the specification.
    pub ml_spec_version: String,
    /// `profile`.
    pub kind: String,
    /// The id of the document.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The data, by name, `name@version` or id.
    pub dataset: String,
    /// The digest of the data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dataset_digest: Option<String>,
    /// The schema of the data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Where the data is from, such as `training` or `serving`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// When the statistics were made.
    pub performed_on: String,
}

/// A profile as it is written.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ProfileDocument {
    /// Whose statistics these are.
    #[serde(flatten)]
    pub head: ProfileHead,
    /// The time of the first and the last record of a log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<WrittenSpan>,
    /// The number of rows.
    pub rows: u64,
    /// The statistics of each field.
    pub fields: IndexMap<String, WrittenField>,
    /// The statistics of parts of a log.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub slices: Vec<WrittenSlice>,
}

/// A span of time.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct WrittenSpan {
    start: String,
    end: String,
}

impl WrittenSpan {
    fn of((start, end): (i64, i64)) -> Self {
        let written = |time: i64| {
            Timestamp::from_nanosecond(i128::from(time)).map_or_else(|_| String::new(), |time| time.to_string())
        };
        Self { start: written(start), end: written(end) }
    }

    /// Returns its moments in nanoseconds since the beginning of 1970; `None` if it says days.
    fn moments(&self) -> Option<(i64, i64)> {
        let moment = |text: &str| i64::try_from(text.parse::<Timestamp>().ok()?.as_nanosecond()).ok();
        moment(&self.start).zip(moment(&self.end))
    }
}

/// The statistics of a part of a log.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct WrittenSlice {
    slice: SliceKey,
    #[serde(skip_serializing_if = "Option::is_none")]
    span: Option<WrittenSpan>,
    rows: u64,
    fields: IndexMap<String, WrittenField>,
}

/// The statistics of a field as they are written.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct WrittenField {
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    value_type: Option<String>,
    #[serde(skip_serializing_if = "is_false")]
    personal: bool,
    missing: u64,
    #[serde(skip_serializing_if = "is_zero")]
    nan: u64,
    #[serde(skip_serializing_if = "is_zero")]
    zeros: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    median: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mean: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maximum: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    std: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    distinct: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    distinct_error: Option<f64>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    forms: IndexMap<String, u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    top: Option<Vec<WrittenValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quantiles: Option<IndexMap<String, f64>>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    cells: IndexMap<String, u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sums: Option<WrittenSums>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    lengths: IndexMap<String, u64>,
    #[serde(skip_serializing_if = "is_zero")]
    ascii: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    shapes: Option<IndexMap<String, u64>>,
    #[serde(skip_serializing_if = "is_zero")]
    emails: u64,
    #[serde(skip_serializing_if = "is_zero")]
    padded: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    sketch: Option<String>,
}

/// A value and how many rows have it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct WrittenValue {
    value: Json,
    count: u64,
}

/// Exact sums.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct WrittenSums {
    numbers: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    squares: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// Why a profile cannot be added to another, or compared with one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// It is written in another way than `mlspec-lint profile` writes it.
    #[error("it is no profile as `mlspec-lint profile` writes it: {0}")]
    NotAProfile(String),
    /// A field lacks what adding up needs.
    #[error("'{field}' has no usable '{part}', so it cannot be added up; `mlspec-lint profile` writes it")]
    Lacking {
        /// The field.
        field: String,
        /// What it lacks.
        part: &'static str,
    },
}

impl ProfileDocument {
    /// Creates the profile of statistics.
    #[must_use]
    pub fn new(head: ProfileHead, statistics: &TableStatistics) -> Self {
        let slice = |(slice, own): (&SliceKey, &TableStatistics)| WrittenSlice {
            slice: slice.clone(),
            span: own.span.map(WrittenSpan::of),
            rows: own.rows,
            fields: written_fields(own),
        };
        Self {
            head,
            span: statistics.span.map(WrittenSpan::of),
            rows: statistics.rows,
            fields: written_fields(statistics),
            slices: statistics.slices.iter().map(slice).collect(),
        }
    }

    /// Reads a profile from a document below a root.
    ///
    /// # Errors
    /// If it is none.
    pub fn read(tree: &Tree, root: NodeId) -> Result<Self, ProfileError> {
        serde_json::from_value(to_value(tree, root)).map_err(|error| ProfileError::NotAProfile(error.to_string()))
    }

    /// Returns the statistics that it was made from.
    ///
    /// # Errors
    /// If a field lacks some of them, as in a profile that somebody wrote by hand.
    pub fn statistics(&self) -> Result<TableStatistics, ProfileError> {
        let span = self.span.as_ref().and_then(WrittenSpan::moments);
        let mut statistics = TableStatistics { span, ..read_fields(self.rows, &self.fields)? };
        // Slices that somebody wrote by hand are no parts of a log.
        for own in self.slices.iter().filter(|_| span.is_some()) {
            let span = own.span.as_ref().and_then(WrittenSpan::moments);
            statistics
                .slices
                .insert(own.slice.clone(), TableStatistics { span, ..read_fields(own.rows, &own.fields)? });
        }
        Ok(statistics)
    }
}

fn written_fields(statistics: &TableStatistics) -> IndexMap<String, WrittenField> {
    statistics.fields.iter().map(|(name, field)| (name.clone(), WrittenField::new(field))).collect()
}

fn read_fields(rows: u64, fields: &IndexMap<String, WrittenField>) -> Result<TableStatistics, ProfileError> {
    let mut statistics = TableStatistics { rows, ..TableStatistics::default() };
    for (name, field) in fields {
        let own = field.statistics(rows).map_err(|part| ProfileError::Lacking { field: name.clone(), part })?;
        statistics.fields.insert(name.clone(), own);
    }
    Ok(statistics)
}

impl WrittenField {
    fn new(field: &FieldStatistics) -> Self {
        let (distinct, error) = field.distinct();
        let is_shown = !field.is_personal;
        let is_number = field.numbers() > 0 && is_shown;
        let quantiles = || {
            let shares: Vec<f64> = QUANTILES.iter().map(|(_, share)| *share).collect();
            let values = field.quantiles(&shares)?;
            Some(QUANTILES.iter().map(|(name, _)| (*name).to_owned()).zip(values).collect::<IndexMap<_, _>>())
        };
        let quantiles = if is_number { quantiles() } else { None };
        let of_numbers = |value: Option<f64>| value.filter(|_| is_number);
        let named = field.forms.named().into_iter().filter(|(_, count)| *count > 0);
        let values = field.values.by_count();
        let sketch = match &field.values {
            Values::Sketched(sketch) => Some(BASE64.encode(sketch.registers())),
            Values::Kept(_) => None,
        };
        Self {
            value_type: field.value_type().map(|own| type_name(own).to_owned()),
            personal: field.is_personal,
            missing: field.missing,
            nan: field.forms.nan,
            zeros: if is_shown { field.zeros } else { 0 },
            minimum: of_numbers(field.range.map(|(low, _)| low)),
            median: quantiles.as_ref().and_then(|own| own.get("0.5").copied()),
            mean: of_numbers(field.mean()),
            maximum: of_numbers(field.range.map(|(_, high)| high)),
            std: of_numbers(field.std()),
            distinct: Some(distinct),
            distinct_error: Some(error).filter(|error| *error > 0.0 && *error == STANDARD_ERROR),
            forms: named.map(|(name, count)| (name.to_owned(), count)).collect(),
            top: values.map(|values| values.into_iter().map(WrittenValue::new).collect()),
            quantiles,
            cells: if is_number { written_cells(&field.cells.sorted()) } else { IndexMap::new() },
            sums: is_number.then(|| WrittenSums {
                numbers: field.sum.to_text(),
                squares: (!field.has_great_square).then(|| field.squares.to_text()),
            }),
            lengths: written_cells(&field.lengths.sorted()),
            ascii: field.ascii,
            shapes: field
                .shapes
                .by_count()
                .map(|shapes| shapes.into_iter().map(|(shape, count)| (shape.to_owned(), count)).collect()),
            emails: field.addresses,
            padded: field.padded,
            sketch,
        }
    }

    /// Returns the statistics; or which part of them lacks.
    fn statistics(&self, rows: u64) -> Result<FieldStatistics, &'static str> {
        let mut own = FieldStatistics::new(self.personal);
        own.missing = self.missing;
        for (name, count) in &self.forms {
            *own.forms.by_name(name).ok_or("forms")? = *count;
        }
        if own.forms.total().checked_add(self.missing) != Some(rows) {
            return Err("forms");
        }
        own.zeros = self.zeros;
        own.values = match (&self.top, &self.sketch) {
            (Some(top), None) => {
                let mut values = Values::new(self.personal);
                top.iter().for_each(|WrittenValue { value, count }| values.add_many(&text_of(value), *count));
                values
            }
            (_, Some(sketch)) => {
                let registers = BASE64.decode(sketch.as_bytes()).map_err(|_| "sketch")?;
                Values::Sketched(Box::new(DistinctSketch::from_registers(&registers).ok_or("sketch")?))
            }
            (None, None) => return Err("top"),
        };
        for (cell, count) in &self.cells {
            own.cells.add_cell(cell.parse::<CellNumber>().map_err(|_| "cells")?, *count);
        }
        let numbers = own.forms.integer.saturating_add(own.forms.number);
        if numbers > 0 && !self.personal {
            if own.cells.total() != numbers {
                return Err("cells");
            }
            own.range = Some(self.minimum.zip(self.maximum).ok_or("minimum")?);
            let sums = self.sums.as_ref().ok_or("sums")?;
            own.sum = ExactSum::from_text(&sums.numbers).ok_or("sums")?;
            match &sums.squares {
                Some(squares) => own.squares = ExactSum::from_text(squares).ok_or("sums")?,
                None => own.has_great_square = true,
            }
        }
        for (cell, count) in &self.lengths {
            own.lengths.add_cell(cell.parse::<CellNumber>().map_err(|_| "lengths")?, *count);
        }
        own.ascii = self.ascii;
        own.shapes = Shapes::default();
        match &self.shapes {
            Some(shapes) => shapes.iter().for_each(|(shape, count)| own.shapes.add_shape(shape, *count)),
            None => own.shapes.forget(),
        }
        own.addresses = self.emails;
        own.padded = self.padded;
        Ok(own)
    }
}

impl WrittenValue {
    /// A number is written as one if nothing of its text is lost.
    fn new((text, count): (&str, u64)) -> Self {
        let number = serde_json::from_str::<serde_json::Number>(text).ok();
        let value = number.filter(|number| number.to_string() == text).map(Json::Number);
        Self { value: value.unwrap_or_else(|| Json::String(text.to_owned())), count }
    }
}

/// Returns the text that a value was written from.
fn text_of(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn written_cells(cells: &BTreeMap<CellNumber, u64>) -> IndexMap<String, u64> {
    cells.iter().map(|(cell, count)| (cell.to_string(), *count)).collect()
}
