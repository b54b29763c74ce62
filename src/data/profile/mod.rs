//! Statistics as documents of the kind `profile`: written, read again, and added up.

mod document;
mod write;

pub use document::{ProfileDocument, ProfileError, ProfileHead};
pub use write::{quoted, to_json, to_yaml};

use std::io::{self, Read};

use super::read::{BadRow, NextRow, Table, TableFormat};
use super::statistics::TableStatistics;
use super::summary::{TableSummary, add_row, default_missing};

/// The statistics of a table, and what of it could not be read.
#[derive(Debug)]
pub struct Profiled {
    /// The statistics of the rows that could be read.
    pub statistics: TableStatistics,
    /// The number of rows that could not be read.
    pub unread: u64,
    /// The first of them.
    pub first_unread: Option<BadRow>,
}

/// Reads a table to its end and returns its statistics.
///
/// # Errors
/// If the input cannot be read.
pub fn profile<R: Read>(format: TableFormat, input: R) -> io::Result<Profiled> {
    let mut table = Table::new(format, input);
    let missing = default_missing(&table);
    let mut summary = TableSummary::default();
    let (mut unread, mut first_unread) = (0, None);
    loop {
        match table.next_row()? {
            NextRow::Row(row) => add_row(&mut summary, row, &missing),
            NextRow::Bad(bad) => {
                unread += 1;
                first_unread.get_or_insert(bad);
            }
            NextRow::End => break,
        }
    }
    let statistics = summary.finish(table.columns());
    Ok(Profiled { statistics, unread, first_unread })
}
