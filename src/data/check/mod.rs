//! Data against a schema: every value of every row, in one pass and constant memory, and then the fields as a whole.

mod cell;
mod columns;
mod header;
mod leak;
mod report;
mod schema;
mod splits;
mod tally;
mod unique;

pub use report::DataReport;
pub use schema::{Categories, PreparedField, PreparedSchema};
pub use splits::{SplitFinding, findings_of_splits, split_search};

use std::io::{self, Read};

use super::personal::{is_personal_name, is_personal_value};
use super::read::{BadRow, NextRow, Row, RowFault, Table, TableCell, TableFormat, TablePlace};
use super::sorted::NewSpill;
use super::statistics::TableStatistics;
use super::summary::{TableSummary, default_missing};
use super::value::CellValue;
use crate::documents::data_schema::{FieldsMatch, ValueType};
use crate::rules::data;
use crate::rules::document::unreadable::UNREADABLE;

use leak::LabelLeak;
use report::FieldFinding;
use tally::{Sighting, Tally};
use unique::Uniqueness;

/// What data is checked against, and with what help.
#[derive(Clone, Copy)]
pub struct CheckOptions<'a> {
    /// The schema; without one, only what is wrong with any data is found.
    pub schema: Option<&'a PreparedSchema>,
    /// Why there is no schema, to be reported.
    pub no_schema: Option<&'a str>,
    /// The statistics of other data: that the schema was made for, that a model was trained on.
    pub references: &'a [ReferenceData],
    /// What was found by comparing the table with others.
    pub also: &'a [SplitFinding],
    /// Creates files for what does not fit in memory.
    pub new_spill: NewSpill<'a>,
}

/// The statistics of other data, to compare with.
#[derive(Debug)]
pub struct ReferenceData {
    /// What they are called in messages.
    pub name: String,
    /// The statistics.
    pub statistics: TableStatistics,
    /// Whether they are of the same environment, so that a difference is drift; else it is skew.
    pub is_same_environment: bool,
}

/// Checks a table. `name` is that of the file in reports.
///
/// # Errors
/// If the file for what does not fit in memory cannot be read. An input that cannot be read any further is a finding.
pub fn check<R: Read>(name: &str, format: TableFormat, input: R, options: CheckOptions<'_>) -> io::Result<DataReport> {
    let mut table = Table::new(format, input);
    let mut checking = Checking::new(options, default_missing(&table));
    loop {
        match table.next_row() {
            Ok(NextRow::Row(row)) => checking.row(row)?,
            Ok(NextRow::Bad(bad)) => checking.bad_row(bad),
            Ok(NextRow::End) => break,
            Err(error) => {
                checking.damaged(table.format(), table.place(), &error);
                break;
            }
        }
    }
    checking.finish(name, &table)
}

/// The state of a check.
struct Checking<'a> {
    options: CheckOptions<'a>,
    missing: Vec<String>,
    /// The fields of the schema by column.
    fields: Vec<Option<usize>>,
    /// Whether the current row has a value in each column.
    has_cell: Vec<bool>,
    /// Whether it has a cell there, of a value or of none.
    has_key: Vec<bool>,
    summary: TableSummary,
    tally: Tally,
    unique: Uniqueness<'a>,
    leak: LabelLeak,
    /// Whether the file as a whole could not be read, so that nothing can be said about its fields.
    is_broken: bool,
    unread: u64,
    /// Why the input cannot be read to its end.
    damage: Option<FieldFinding>,
}

impl<'a> Checking<'a> {
    fn new(options: CheckOptions<'a>, default_missing: Vec<String>) -> Self {
        let missing = options.schema.and_then(|schema| schema.missing.clone()).unwrap_or(default_missing);
        Self {
            options,
            missing,
            fields: Vec::new(),
            has_cell: Vec::new(),
            has_key: Vec::new(),
            summary: TableSummary::default(),
            tally: Tally::default(),
            unique: Uniqueness::new(options.schema, options.new_spill),
            leak: LabelLeak::default(),
            is_broken: false,
            unread: 0,
            damage: None,
        }
    }

    /// Prepares for columns that were not seen before.
    fn see_columns(&mut self, columns: &[String]) {
        for name in columns.iter().skip(self.fields.len()) {
            let field = self.options.schema.and_then(|schema| schema.position(name));
            let prepared = field.and_then(|field| self.options.schema?.fields.get(field));
            self.summary.add_column(prepared.map_or_else(|| is_personal_name(name), |field| field.is_personal));
            self.fields.push(field);
            self.unique.see_column(name);
            self.leak.see_column(prepared);
        }
    }

    fn row(&mut self, row: Row<'_>) -> io::Result<()> {
        if self.fields.len() < row.columns.len() {
            self.see_columns(row.columns);
        }
        self.summary.begin_row();
        self.has_key.clear();
        self.has_key.resize(row.columns.len(), false);
        self.has_cell.clear();
        self.has_cell.resize(row.columns.len(), false);
        self.unique.begin_row();
        self.leak.begin_row();
        for cell in row.cells() {
            let value = self.value_of(&cell);
            self.summary.add(cell.column, value, cell.value);
            if let Some(has_key) = self.has_key.get_mut(cell.column) {
                *has_key = true;
            }
            if value != CellValue::Missing
                && let Some(has_cell) = self.has_cell.get_mut(cell.column)
            {
                *has_cell = true;
            }
            self.unique.see(&cell, value, row);
            self.leak.see(cell.column, value, cell.value);
            let field = self.fields.get(cell.column).copied().flatten();
            let field = field.and_then(|field| self.options.schema?.fields.get(field));
            if let Some(field) = field
                && let Some(found) = cell::violation(field, value, &cell)
            {
                let is_secret = field.is_personal || is_personal_value(cell.value);
                self.tally.add(found.rule, Some(cell.column), 0, || Sighting {
                    row: row.number,
                    place: row.place(cell.raw),
                    said: found.said,
                    is_secret,
                });
            }
        }
        self.absent_cells(row);
        self.leak.end_row(&self.has_cell);
        self.unique.end_row(row)
    }

    fn value_of<'c>(&self, cell: &TableCell<'c>) -> CellValue<'c> {
        let value = CellValue::of(cell, &self.missing);
        let field = self.fields.get(cell.column).copied().flatten();
        let field = field.and_then(|field| self.options.schema?.fields.get(field));
        // What a schema calls a text is one, whatever it looks like; in statistics, too.
        match (field.map(|field| field.value_type), value) {
            (Some(ValueType::String), CellValue::Missing) => value,
            (Some(ValueType::String), _) if cell.form.is_text() => CellValue::Text(cell.value),
            (Some(ValueType::Boolean), CellValue::Integer(number)) if number == 0.0 || number == 1.0 => {
                CellValue::Boolean(number == 1.0)
            }
            _ => value,
        }
    }

    /// Reports required fields that an object leaves out.
    fn absent_cells(&mut self, row: Row<'_>) {
        if row.width() == row.columns.len() {
            return;
        }
        let Some(schema) = self.options.schema else { return };
        let absent = self.fields.iter().zip(&self.has_key).enumerate().filter(|(_, (_, has_key))| !**has_key);
        for (column, (field, _)) in absent {
            let field = field.and_then(|field| schema.fields.get(field));
            if field.is_some_and(|field| field.required) {
                let said = cell::MISSING.to_owned();
                let place = row.place((0, 0));
                self.tally.add(&data::missing_value::MISSING_VALUE, Some(column), 0, || Sighting {
                    row: row.number,
                    place,
                    said,
                    is_secret: false,
                });
            }
        }
    }

    fn bad_row(&mut self, bad: BadRow) {
        self.is_broken |= bad.number == 0;
        self.unread += u64::from(bad.number > 0);
        let rule = match &bad.fault {
            RowFault::RepeatedName(_) => &data::duplicate_field::DUPLICATE_FIELD,
            _ => &data::malformed_row::MALFORMED_ROW,
        };
        let BadRow { number, fault, mut place } = bad;
        // The fields of such a row are not where the header says, so that nobody knows which of them are about persons.
        if number > 0 {
            place.text.clear();
        }
        self.tally.add(rule, None, fault.kind(), || Sighting {
            row: number,
            place,
            said: fault.to_string(),
            is_secret: false,
        });
    }

    /// Reports that the input cannot be read any further. Nothing is said about its fields, since it would be about a part of them.
    fn damaged(&mut self, format: TableFormat, place: TablePlace, error: &io::Error) {
        self.is_broken = true;
        let said = match format {
            // The reader says where.
            TableFormat::Parquet => format!("the table cannot be read to its end: {error}"),
            _ => format!("the table cannot be read beyond byte {}: {error}", place.offset),
        };
        let help = "the rows before are checked, each by itself; get the file once more";
        self.damage = Some(FieldFinding::new(&UNREADABLE, "", place, said).help(help));
    }

    fn finish<R: Read>(mut self, name: &str, table: &Table<R>) -> io::Result<DataReport> {
        self.see_columns(table.columns());
        let columns = table.columns().to_vec();
        let rows = self.summary.rows();
        let statistics = std::mem::take(&mut self.summary).finish(&columns);
        let places: Vec<TablePlace> = (0..columns.len()).map(|column| header_place(table, column)).collect();
        let mut found = Vec::new();
        if let Some(why) = self.options.no_schema {
            let beginning = TablePlace { line: 1, column: 1, offset: 0, text: String::new() };
            let help = "name one with --schema; `mlspec-lint infer` begins one from the data";
            found.push(FieldFinding::new(&data::no_schema::NO_SCHEMA, "", beginning, why.to_owned()).help(help));
        }
        found.extend(self.damage.take());
        found.extend(self.options.also.iter().map(SplitFinding::as_field));
        if !self.is_broken {
            if let Some(schema) = self.options.schema {
                let header = header::Header { columns: &columns, places: &places, rows, is_keyed: table.is_keyed() };
                header::check(schema, &header, &mut found);
            }
            let whole = columns::Columns {
                statistics: &statistics,
                schema: self.options.schema,
                references: self.options.references,
                fields: &self.fields,
                places: &places,
            };
            whole.check(&mut self.tally, &mut found);
            self.leak.finish(&columns, &places, &mut found);
            self.unique.finish(&columns, &mut found)?;
        }
        Ok(report::build(
            name,
            report::Parts { groups: self.tally.finish(), found, columns, statistics, unread: self.unread },
        ))
    }
}

/// Returns the place of the name of a column, or the beginning of a file without a header.
fn header_place<R: Read>(table: &Table<R>, column: usize) -> TablePlace {
    let beginning = || TablePlace { line: 1, column: 1, offset: 0, text: String::new() };
    table.column_place(column).unwrap_or_else(beginning)
}

/// Whether fields that the schema does not describe are allowed.
fn allows_others(own: FieldsMatch) -> bool {
    matches!(own, FieldsMatch::Superset | FieldsMatch::Partial)
}
