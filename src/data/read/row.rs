//! A row of data: its cells as they stand, and where.

use std::ops::Range;

/// What a cell of a row is, as its file says it. All cells of CSV are texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellForm {
    /// A text of CSV: it may stand for any type.
    Text,
    /// A string of JSON: it may stand for a day or a time, which JSON has no form for, and for no number or truth value, which it has.
    String,
    /// A number of JSON.
    Number,
    /// `true` or `false` of JSON.
    Boolean,
    /// `null` of JSON.
    Null,
    /// A list of JSON.
    List,
    /// An object of JSON.
    Object,
}

impl CellForm {
    /// Whether it is a text, of whatever file.
    #[must_use]
    pub fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::String)
    }
}

/// A cell before it is borrowed: ranges in the buffers of its reader.
#[derive(Clone, Debug)]
pub(super) struct CellRange {
    pub column: usize,
    pub form: CellForm,
    /// The bytes of the value, without quotes and escapes.
    pub value: Range<usize>,
    /// The bytes as they stand in the row.
    pub raw: Range<usize>,
}

/// A row as it stands in its file. What it borrows is overwritten by the next one.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// The number of the row, from 1. A header and blank lines are none.
    pub number: u64,
    /// The line on which it begins, from 1.
    pub line: u64,
    /// The bytes before it in the file.
    pub offset: u64,
    /// The names of the columns that have been seen.
    pub columns: &'a [String],
    pub(super) raw: &'a [u8],
    pub(super) values: &'a [u8],
    pub(super) cells: &'a [CellRange],
}

/// A cell of a row.
#[derive(Clone, Copy, Debug)]
pub struct TableCell<'a> {
    /// The position of its column in [`columns`](super::Table::columns).
    pub column: usize,
    /// What it is.
    pub form: CellForm,
    /// The value, without quotes and escapes. A list or an object is its JSON.
    pub value: &'a str,
    /// The bytes before it in the row, and those after it.
    pub raw: (usize, usize),
}

impl<'a> Row<'a> {
    /// Returns the cells in the order of the row.
    pub fn cells(self) -> impl Iterator<Item = TableCell<'a>> {
        self.cells.iter().map(move |cell| {
            let value = self.values.get(cell.value.clone()).unwrap_or_default();
            TableCell {
                column: cell.column,
                form: cell.form,
                // Readers check it, so the default is never used.
                value: std::str::from_utf8(value).unwrap_or_default(),
                raw: (cell.raw.start, cell.raw.end),
            }
        })
    }

    /// Returns the number of its cells.
    #[must_use]
    pub fn width(self) -> usize {
        self.cells.len()
    }

    /// Returns the place of a part of the row in the file, and the text there.
    #[must_use]
    pub fn place(self, (start, end): (usize, usize)) -> TablePlace {
        place_in(self.raw, self.line, self.offset, start, end)
    }
}

/// A place in a file of data, and the text there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TablePlace {
    /// The line, from 1.
    pub line: u64,
    /// The column, in characters from 1.
    pub column: u64,
    /// The bytes before it in the file.
    pub offset: u64,
    /// What stands there, at most [`MOST_SHOWN`] characters of it.
    pub text: String,
}

/// The greatest number of characters that a place keeps of its text.
pub const MOST_SHOWN: usize = 120;

/// Returns a place in the bytes of a row that begins at a line and an offset.
pub(super) fn place_in(raw: &[u8], line: u64, offset: u64, start: usize, end: usize) -> TablePlace {
    let before = raw.get(..start).unwrap_or(raw);
    let breaks = memchr::memchr_iter(b'\n', before).count() as u64;
    let line_start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    let on_line = String::from_utf8_lossy(before.get(line_start..).unwrap_or_default());
    let on_line = on_line.trim_start_matches('\u{feff}').chars().count() as u64;
    // Four bytes are enough for any character.
    let shown = raw.get(start..end.min(start.saturating_add(4 * MOST_SHOWN))).unwrap_or_default();
    let text = String::from_utf8_lossy(shown).chars().take(MOST_SHOWN).collect();
    TablePlace { line: line + breaks, column: on_line + 1, offset: offset + start as u64, text }
}
