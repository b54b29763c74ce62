//! Rows, or values of some fields, that are in two tables. Exact for any number of rows: digests are sorted, outside of memory if need be.

mod found;

use std::collections::BTreeSet;
use std::io::{self, Read};

use super::read::{NextRow, Row, Table, TableCell, TableFormat};
use super::sorted::{NewSpill, SortedEntry, Sorter};
use super::summary::default_missing;
use super::value::{self, CellValue};

pub use found::{OlderRows, Overlaps, TableOverlap, UntimedRows};

/// The greatest number of values that are listed of two tables.
const MOST_LISTED: usize = 20;

/// What is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OverlapKey {
    /// All fields but these.
    RowsWithout(Vec<String>),
    /// These fields together.
    Fields(Vec<String>),
}

/// Why tables cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum OverlapError {
    /// A table cannot be read, or the file for what does not fit in memory.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A table lacks a field that another one has, or that is compared.
    #[error("{table} has no '{field}'")]
    NoField {
        /// The table.
        table: String,
        /// The field.
        field: String,
    },
    /// A row cannot be read, so that nobody knows whether it is in another table.
    #[error("{table}:{line}: {fault}; rows that cannot be read cannot be compared")]
    Unread {
        /// The table.
        table: String,
        /// The line.
        line: u64,
        /// What is wrong with the row.
        fault: String,
    },
}

/// The field that holds the time of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeField {
    /// Its name.
    pub name: String,
    /// How its values are written, in the way of `strptime`; without it, as ISO 8601 has it.
    pub format: Option<String>,
}

/// Compares tables.
pub struct OverlapSearch<'a> {
    keys: Vec<OverlapKey>,
    sorters: Vec<Sorter<'a>>,
    /// The field that holds the time.
    time: Option<TimeField>,
    newest: Option<i128>,
    /// The first table, and its fields.
    first: Option<(String, Vec<String>)>,
    /// The fields of all tables.
    fields: BTreeSet<String>,
    result: Overlaps,
}

impl<'a> OverlapSearch<'a> {
    /// Creates a search. `time` is the field that holds the time of a row, if one does.
    #[must_use]
    pub fn new(keys: Vec<OverlapKey>, time: Option<TimeField>, new_spill: NewSpill<'a>) -> Self {
        let sorters = keys.iter().map(|_| Sorter::new(new_spill)).collect();
        Self { keys, sorters, time, newest: None, first: None, fields: BTreeSet::new(), result: Overlaps::default() }
    }

    /// Reads the next table.
    ///
    /// # Errors
    /// If it cannot be read, has a row that cannot be read, or lacks a field.
    pub fn read<R: Read>(&mut self, name: &str, format: TableFormat, input: R) -> Result<(), OverlapError> {
        let number = self.result.rows.len();
        let mut table = Table::new(format, input);
        let missing = default_missing(&table);
        let mut own = OwnColumns::default();
        let (mut rows, mut newest, mut older) = (0, None::<i128>, None::<OlderRows>);
        let mut untimed = None::<UntimedRows>;
        loop {
            match table.next_row()? {
                NextRow::Row(row) => {
                    rows += 1;
                    own.see(row.columns, &self.keys, self.time.as_ref().map(|field| field.name.as_str()));
                    let mut cells: Vec<Option<TableCell<'_>>> = vec![None; row.columns.len()];
                    for cell in row.cells() {
                        let is_there = CellValue::of(&cell, &missing) != CellValue::Missing;
                        if let Some(place) = cells.get_mut(cell.column).filter(|_| is_there) {
                            *place = Some(cell);
                        }
                    }
                    self.push(number, row, &cells, &own)?;
                    let time = own.time.and_then(|column| cells.get(column).copied().flatten());
                    let format = self.time.as_ref().and_then(|field| field.format.as_deref());
                    let moment = time.map(|cell| value::moment(cell.value, format));
                    if moment == Some(None) {
                        let first = UntimedRows { table: number, rows: 0, first: (row.number, row.line) };
                        untimed.get_or_insert(first).rows += 1;
                    }
                    if let Some(time) = moment.flatten() {
                        newest = newest.max(Some(time));
                        if self.newest.is_some_and(|newest| time < newest) {
                            let first = OlderRows { table: number, rows: 0, first: (row.number, row.line) };
                            older.get_or_insert(first).rows += 1;
                        }
                    }
                }
                NextRow::Bad(bad) => {
                    let (table, line, fault) = (name.to_owned(), bad.place.line, bad.fault.to_string());
                    return Err(OverlapError::Unread { table, line, fault });
                }
                NextRow::End => break,
            }
        }
        self.compare_fields(name, table.columns(), table.is_keyed())?;
        self.newest = self.newest.or(newest);
        self.result.rows.push(rows);
        self.result.older.extend(older);
        self.result.untimed.extend(untimed);
        self.fields.extend(table.columns().iter().cloned());
        Ok(())
    }

    fn push(
        &mut self,
        number: usize,
        row: Row<'_>,
        cells: &[Option<TableCell<'_>>],
        own: &OwnColumns,
    ) -> io::Result<()> {
        for (columns, sorter) in own.by_key.iter().zip(&mut self.sorters) {
            let texts: Vec<Option<String>> = columns
                .iter()
                .map(|column| cells.get(*column).copied().flatten().map(|cell| canonical(&cell)))
                .collect();
            // A value that is missing is no value that two tables share.
            if texts.iter().all(Option::is_none) {
                continue;
            }
            sorter.push(SortedEntry {
                key: SortedEntry::key_of(texts.iter().map(Option::as_deref)),
                table: u32::try_from(number).unwrap_or(u32::MAX),
                column: 1,
                row: row.number,
                line: row.line,
            })?;
        }
        Ok(())
    }

    /// Rows of different fields are never alike, and a search that finds nothing for that reason says nothing.
    fn compare_fields(&mut self, name: &str, columns: &[String], is_keyed: bool) -> Result<(), OverlapError> {
        let lacks = |field: &str| !columns.iter().any(|own| own == field);
        for key in &self.keys {
            let OverlapKey::Fields(fields) = key else { continue };
            if let Some(field) = fields.iter().find(|field| lacks(field)) {
                return Err(OverlapError::NoField { table: name.to_owned(), field: field.clone() });
            }
        }
        let is_whole = self.keys.iter().any(|key| matches!(key, OverlapKey::RowsWithout(_)));
        match &self.first {
            Some((of_first, first)) if is_whole && !is_keyed => {
                if let Some(field) = first.iter().find(|field| lacks(field)) {
                    return Err(OverlapError::NoField { table: name.to_owned(), field: field.clone() });
                }
                if let Some(field) = columns.iter().find(|field| !first.contains(field)) {
                    return Err(OverlapError::NoField { table: of_first.clone(), field: field.clone() });
                }
            }
            Some(_) => {}
            None => self.first = Some((name.to_owned(), columns.to_vec())),
        }
        Ok(())
    }

    /// Returns the fields of all tables that were read.
    #[must_use]
    pub fn fields(&self) -> &BTreeSet<String> {
        &self.fields
    }

    /// Returns what the tables have in common.
    ///
    /// # Errors
    /// If the file for what does not fit in memory cannot be read.
    pub fn finish(mut self) -> io::Result<Overlaps> {
        let tables = self.result.rows.len();
        for (key, sorter) in self.sorters.into_iter().enumerate() {
            let mut pairs: Vec<TableOverlap> = Vec::new();
            for later in 1..tables {
                pairs.extend((0..later).map(|earlier| TableOverlap {
                    key,
                    between: (earlier, later),
                    values: 0,
                    rows: 0,
                    first: Vec::new(),
                }));
            }
            let mut sorted = sorter.finish()?;
            let mut group = Group::new(tables);
            while let Some(entry) = sorted.next_entry()? {
                if group.key.is_some_and(|key| key != entry.key) {
                    group.count(&mut pairs);
                    group = Group::new(tables);
                }
                group.add(entry);
            }
            group.count(&mut pairs);
            self.result.found.extend(pairs.into_iter().filter(|pair| pair.values > 0));
        }
        Ok(self.result)
    }
}

/// The columns of a table that are compared, by key.
#[derive(Default)]
struct OwnColumns {
    seen: usize,
    by_key: Vec<Vec<usize>>,
    time: Option<usize>,
}

impl OwnColumns {
    fn see(&mut self, columns: &[String], keys: &[OverlapKey], time: Option<&str>) {
        if self.seen == columns.len() && !self.by_key.is_empty() {
            return;
        }
        self.seen = columns.len();
        let position = |name: &str| columns.iter().position(|own| own == name);
        self.time = time.and_then(position);
        let of = |key: &OverlapKey| match key {
            OverlapKey::Fields(fields) => fields.iter().filter_map(|field| position(field)).collect(),
            OverlapKey::RowsWithout(others) => {
                // By name, so that two tables may have their fields in another order.
                let mut named: Vec<(&String, usize)> = columns.iter().zip(0..).collect();
                named.retain(|(name, _)| !others.contains(name));
                named.sort_unstable();
                named.into_iter().map(|(_, column)| column).collect()
            }
        };
        self.by_key = keys.iter().map(of).collect();
    }
}

/// The entries of one value: by table, the first one and how many there are.
struct Group {
    key: Option<[u8; 16]>,
    tables: Vec<Option<(SortedEntry, u64)>>,
}

impl Group {
    fn new(tables: usize) -> Self {
        Self { key: None, tables: vec![None; tables] }
    }

    fn add(&mut self, entry: SortedEntry) {
        self.key = Some(entry.key);
        let own = usize::try_from(entry.table).ok().and_then(|table| self.tables.get_mut(table));
        if let Some(own) = own {
            match own {
                Some((_, count)) => *count += 1,
                None => *own = Some((entry, 1)),
            }
        }
    }

    fn count(&self, pairs: &mut [TableOverlap]) {
        if self.tables.iter().flatten().count() < 2 {
            return;
        }
        for pair in pairs {
            let of = |table: usize| self.tables.get(table).copied().flatten();
            let (Some((earlier, _)), Some((later, rows))) = (of(pair.between.0), of(pair.between.1)) else { continue };
            pair.values += 1;
            pair.rows += rows;
            let place = pair.first.partition_point(|(_, own)| own.row < later.row);
            if place < MOST_LISTED {
                pair.first.insert(place, (earlier, later));
                pair.first.truncate(MOST_LISTED);
            }
        }
    }
}

/// Returns the text by which a value is compared: numbers are alike however they are written, unless a double cannot tell them from others.
pub(super) fn canonical(cell: &TableCell<'_>) -> String {
    const TELLING: f64 = 9_007_199_254_740_992.0;
    match CellValue::of_text(cell.value).as_number() {
        Some(number) if number.abs() < TELLING && !is_padded(cell.value) => (number + 0.0).to_string(),
        _ => cell.value.to_owned(),
    }
}

/// Numbers with zeros in front are names, and differ from those without.
fn is_padded(text: &str) -> bool {
    matches!(text.as_bytes(), [b'0', b'0'..=b'9', ..])
}

#[cfg(test)]
mod tests;
