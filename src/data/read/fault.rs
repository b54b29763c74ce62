//! What is wrong with a row, so that nothing can be said about its values.

use std::fmt;

use super::{MOST_COLUMNS, MOST_ROW_BYTES, TablePlace};

/// Why a row, or a whole file, cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowFault {
    /// It has another number of fields than the header.
    FieldCount {
        /// The number of its fields.
        found: u64,
        /// That of the header.
        expected: u64,
    },
    /// A quote is never closed.
    OpenQuote,
    /// A quote stands in the middle of a value that is not quoted.
    QuoteInside,
    /// A value goes on behind its closing quote.
    AfterQuote,
    /// It holds a NUL byte.
    NulByte,
    /// It is not UTF-8.
    NotUtf8,
    /// It is longer than any row that is read.
    TooLong,
    /// It has more fields than are read.
    TooManyFields,
    /// It is no JSON: what the reader says.
    NotJson(String),
    /// It is JSON, but no object.
    NotAnObject,
    /// It has a key twice.
    RepeatedKey,
    /// It has a key that is longer than any that is read.
    LongKey,
    /// Two fields of the header have one name.
    RepeatedName(String),
    /// A field of the header has no name.
    EmptyName,
    /// The whole file is in another encoding.
    OtherEncoding(&'static str),
    /// There is no header.
    Empty,
}

impl RowFault {
    /// Returns whether the fault is one of the file, after which nothing of it is read.
    #[must_use]
    pub fn is_of_file(&self) -> bool {
        matches!(self, Self::OtherEncoding(_) | Self::Empty | Self::RepeatedName(_) | Self::EmptyName)
    }

    /// Returns a number that tells the kinds of faults apart, so that they can be counted.
    #[must_use]
    pub fn kind(&self) -> usize {
        match self {
            Self::FieldCount { .. } => 0,
            Self::OpenQuote => 1,
            Self::QuoteInside => 2,
            Self::AfterQuote => 3,
            Self::NulByte => 4,
            Self::NotUtf8 => 5,
            Self::TooLong => 6,
            Self::TooManyFields => 7,
            Self::NotJson(_) => 8,
            Self::NotAnObject => 9,
            Self::RepeatedKey => 10,
            Self::RepeatedName(_) => 11,
            Self::EmptyName => 12,
            Self::OtherEncoding(_) => 13,
            Self::Empty => 14,
            Self::LongKey => 15,
        }
    }
}

impl fmt::Display for RowFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FieldCount { found, expected } => {
                let fields = if *found == 1 { "field" } else { "fields" };
                write!(f, "the row has {found} {fields}, the header {expected}")
            }
            Self::OpenQuote => f.write_str("a quote is opened and never closed"),
            Self::QuoteInside => f.write_str("a quote stands in the middle of a value that is not quoted"),
            Self::AfterQuote => f.write_str("the value goes on behind its closing quote"),
            Self::NulByte => f.write_str("the row holds a NUL byte"),
            Self::NotUtf8 => f.write_str("the row is not UTF-8"),
            Self::TooLong => write!(f, "the row is longer than {} MiB and was not read", MOST_ROW_BYTES >> 20),
            Self::TooManyFields => write!(f, "there are more than {MOST_COLUMNS} fields; nothing beyond is read"),
            Self::NotJson(why) => write!(f, "the row is not JSON: {why}"),
            Self::NotAnObject => f.write_str("the row is no JSON object"),
            Self::RepeatedKey => f.write_str("the row has a key twice"),
            Self::LongKey => f.write_str("the row has a key of more than 1,000 bytes"),
            Self::RepeatedName(name) => write!(f, "the header names '{name}' twice"),
            Self::EmptyName => f.write_str("a field of the header has no name"),
            Self::OtherEncoding(encoding) => write!(f, "the file is {encoding}, not UTF-8"),
            Self::Empty => f.write_str("the file is empty: there is no header, and no row"),
        }
    }
}

/// A row that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// Its number, from 1; 0 for the header.
    pub number: u64,
    /// What is wrong.
    pub fault: RowFault,
    /// Where.
    pub place: TablePlace,
}
