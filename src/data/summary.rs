//! The statistics of a table, collected row by row.

use super::personal::is_personal_name;
use super::read::{Row, Table};
use super::statistics::{FieldStatistics, TableStatistics};
use super::value::CellValue;

/// Collects the statistics of the rows of a table.
#[derive(Debug, Default)]
pub struct TableSummary {
    fields: Vec<FieldStatistics>,
    rows: u64,
}

impl TableSummary {
    /// Adds a value of the current row.
    pub fn add(&mut self, column: usize, value: CellValue<'_>, text: &str) {
        if let Some(field) = self.fields.get_mut(column) {
            field.add(value, text);
        }
    }

    /// Begins a row.
    pub fn begin_row(&mut self) {
        self.rows += 1;
    }

    /// Adds a column. The values of a personal one are never shown.
    pub fn add_column(&mut self, is_personal: bool) {
        self.fields.push(FieldStatistics::new(is_personal));
    }

    /// Returns the number of columns.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.fields.len()
    }

    /// Returns the number of rows.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Returns the statistics of all rows of a table with these columns.
    #[must_use]
    pub fn finish(self, columns: &[String]) -> TableStatistics {
        let mut statistics = TableStatistics { rows: self.rows, ..TableStatistics::default() };
        let mut fields = self.fields.into_iter();
        for name in columns {
            let mut field = fields.next().unwrap_or_else(|| FieldStatistics::new(is_personal_name(name)));
            // An object may leave a field out, and a null says as much.
            field.missing = self.rows.saturating_sub(field.forms.total());
            statistics.fields.insert(name.clone(), field);
        }
        statistics
    }
}

/// Adds a row to the statistics. `missing` are the texts that stand for a missing value.
pub fn add_row(summary: &mut TableSummary, row: Row<'_>, missing: &[String]) {
    for name in row.columns.iter().skip(summary.columns()) {
        summary.add_column(is_personal_name(name));
    }
    summary.begin_row();
    for cell in row.cells() {
        summary.add(cell.column, CellValue::of(&cell, missing), cell.value);
    }
}

/// Returns the texts that stand for a missing value where nobody says which: in CSV, the empty one (Table Schema, `missingValues`).
#[must_use]
pub fn default_missing<R: std::io::Read>(table: &Table<R>) -> Vec<String> {
    if table.is_typed() { Vec::new() } else { vec![String::new()] }
}
