//! Tables as they stand in files: CSV with a header, a JSON object per line, or Parquet. Read row by row, in constant memory.

mod bytes;
mod csv;
mod csv_text;
mod fault;
mod json_lines;
#[cfg(feature = "parquet")]
pub mod parquet;
mod row;

use std::io::{self, Read};

pub use fault::{BadRow, RowFault};
pub use row::{CellForm, MOST_SHOWN, Row, TableCell, TablePlace};

use csv::CsvRows;
use json_lines::JsonRows;

/// The longest row that is read, in bytes. A longer one is a finding, and is skipped.
pub const MOST_ROW_BYTES: usize = 16 << 20;

/// The greatest number of columns that are read.
pub const MOST_COLUMNS: usize = 10_000;

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableFormat {
    /// Values separated by commas or, if the header has none, by semicolons, tabs or bars (RFC 4180).
    Csv,
    /// Values separated by tabs.
    Tsv,
    /// A JSON object per line.
    JsonLines,
    /// Parquet, of which the rows come as lines of JSON, behind a line with the names of all columns (`parquet::ParquetLines`).
    Parquet,
}

impl TableFormat {
    /// Returns the format of a file by the extension of its name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        let (_, extension) = name.rsplit_once('.')?;
        match extension.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "tsv" | "tab" => Some(Self::Tsv),
            "jsonl" | "ndjson" => Some(Self::JsonLines),
            "parquet" | "pq" => Some(Self::Parquet),
            _ => None,
        }
    }
}

/// What comes next in a table.
#[derive(Debug)]
pub enum NextRow<'a> {
    /// A row.
    Row(Row<'a>),
    /// Something that should be a row, or the header, and cannot be read.
    Bad(BadRow),
    /// Nothing.
    End,
}

/// A table that is read row by row.
#[derive(Debug)]
pub struct Table<R> {
    rows: Rows<R>,
    format: TableFormat,
}

#[derive(Debug)]
enum Rows<R> {
    Csv(Box<CsvRows<R>>),
    Json(Box<JsonRows<R>>),
}

impl<R: Read> Table<R> {
    /// Creates the reader of a table. Nothing is read yet.
    #[must_use]
    pub fn new(format: TableFormat, input: R) -> Self {
        let rows = match format {
            TableFormat::Csv => Rows::Csv(Box::new(CsvRows::new(input, None))),
            TableFormat::Tsv => Rows::Csv(Box::new(CsvRows::new(input, Some(b'\t')))),
            TableFormat::JsonLines => Rows::Json(Box::new(JsonRows::new(input))),
            TableFormat::Parquet => Rows::Json(Box::new(JsonRows::behind_names(input))),
        };
        Self { rows, format }
    }

    /// Returns the names of the columns that have been seen: of CSV, those of the header, once the first row was asked for; of JSON, all keys
    /// so far.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        match &self.rows {
            Rows::Csv(rows) => rows.columns(),
            Rows::Json(rows) => rows.columns(),
        }
    }

    /// Returns the place of the name of a column, where there is a header.
    #[must_use]
    pub fn column_place(&self, column: usize) -> Option<TablePlace> {
        match &self.rows {
            Rows::Csv(rows) => rows.header_places().get(column).cloned(),
            Rows::Json(_) => None,
        }
    }

    /// Returns how the table is written.
    #[must_use]
    pub fn format(&self) -> TableFormat {
        self.format
    }

    /// Returns whether a row may leave columns out, as an object may.
    #[must_use]
    pub fn is_keyed(&self) -> bool {
        self.format == TableFormat::JsonLines
    }

    /// Returns the place up to which the table was read.
    #[must_use]
    pub fn place(&self) -> TablePlace {
        let (line, offset) = match &self.rows {
            Rows::Csv(rows) => rows.position(),
            Rows::Json(rows) => rows.position(),
        };
        TablePlace { line, column: 1, offset, text: String::new() }
    }

    /// Returns whether values have types of their own, so that no text stands for a missing one.
    #[must_use]
    pub fn is_typed(&self) -> bool {
        matches!(self.format, TableFormat::JsonLines | TableFormat::Parquet)
    }

    /// Reads the next row.
    ///
    /// # Errors
    /// If the input cannot be read.
    pub fn next_row(&mut self) -> io::Result<NextRow<'_>> {
        match &mut self.rows {
            Rows::Csv(rows) => rows.next_row(),
            Rows::Json(rows) => rows.next_row(),
        }
    }
}
