//! What tables have in common.

use crate::data::sorted::SortedEntry;

/// Values that are in two tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableOverlap {
    /// The position of the key.
    pub key: usize,
    /// The positions of the tables.
    pub between: (usize, usize),
    /// How many different values are in both.
    pub values: u64,
    /// How many rows of the later table have one of them.
    pub rows: u64,
    /// The first of them: a row of each table. The first in the order of the later table.
    pub first: Vec<(SortedEntry, SortedEntry)>,
}

/// Rows that are older than the newest of the first table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OlderRows {
    /// The position of the table.
    pub table: usize,
    /// How many rows there are.
    pub rows: u64,
    /// The number and the line of the first one.
    pub first: (u64, u64),
}

/// Rows with a time that cannot be read, and is not compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UntimedRows {
    /// The position of the table.
    pub table: usize,
    /// How many rows there are.
    pub rows: u64,
    /// The number and the line of the first one.
    pub first: (u64, u64),
}

/// What was found in tables.
#[derive(Debug, Default)]
pub struct Overlaps {
    /// The number of rows of each table.
    pub rows: Vec<u64>,
    /// Values that are in two tables.
    pub found: Vec<TableOverlap>,
    /// Rows that are older than the newest of the first table.
    pub older: Vec<OlderRows>,
    /// Rows of which nobody knows whether they are older.
    pub untimed: Vec<UntimedRows>,
}
