//! Excerpts of a text that is too long to be kept: some of its lines, or parts of lines, each of which knows where it stands in the whole.

use std::sync::OnceLock;

use super::{Source, offset};

/// Where a line of an excerpt stands in the whole text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineOrigin {
    /// Its number, from 0.
    pub line: u64,
    /// The number of records before it: of a log, lines that are not blank; of a table, rows.
    pub record: u64,
    /// The number of bytes before it.
    pub offset: u64,
    /// Of a part of a line, as a cell of a table is, the number of characters before it in its line; `None` if the line is here as a whole.
    pub column: Option<u32>,
}

impl Source {
    /// Creates a source called `name` that holds some lines of a longer text, or parts of lines, with the origin of each line of `text`.
    /// Lines, columns and offsets that reports print are those of the longer text.
    #[must_use]
    pub fn excerpt(name: impl Into<String>, text: impl Into<String>, origins: Vec<LineOrigin>) -> Self {
        let origins = Some(origins.into());
        Self { name: name.into(), text: text.into(), lines: OnceLock::new(), origins, begins: false }
    }

    /// Says whether the first line of this excerpt is the first record of the whole text.
    #[must_use]
    pub fn beginning(self, begins: bool) -> Self {
        Self { begins, ..self }
    }

    /// Returns whether the whole text is known to have no record before that of a byte, which is the first one here.
    #[must_use]
    pub fn is_beginning(&self, at: u32) -> bool {
        !self.is_excerpt() || (self.begins && self.line_index(at) == 0)
    }

    /// Returns whether it holds only some lines of a text.
    #[must_use]
    pub fn is_excerpt(&self) -> bool {
        self.origins.is_some()
    }

    /// Returns where the line of a byte offset stands in the whole text; `None` if this is the whole text.
    #[must_use]
    pub fn origin(&self, at: u32) -> Option<LineOrigin> {
        self.origin_of_line(self.line_index(at))
    }

    /// Returns the 0-based number in the whole text of a line of this one, saturating at `u32::MAX`.
    #[must_use]
    pub fn line_number(&self, line: u32) -> u32 {
        self.origin_of_line(line).map_or(line, |origin| u32::try_from(origin.line).unwrap_or(u32::MAX))
    }

    /// Returns the number of bytes before a byte in the whole text.
    #[must_use]
    pub fn whole_offset(&self, at: u32) -> u64 {
        let line = self.line_index(at);
        match self.origin_of_line(line) {
            Some(origin) => origin.offset + u64::from(at.saturating_sub(self.line_span(line).start)),
            None => u64::from(at),
        }
    }

    /// Returns whether two lines stand near each other in the whole text, at most `most` lines apart, and are here as a whole.
    #[must_use]
    pub fn are_near(&self, one: u32, other: u32, most: u32) -> bool {
        let is_whole = |line| self.origin_of_line(line).is_none_or(|origin| origin.column.is_none());
        is_whole(one) && is_whole(other) && self.line_number(one).abs_diff(self.line_number(other)) <= most
    }

    /// Returns the number of characters before a line that is only a part of one.
    pub(super) fn column_before(&self, line: u32) -> u32 {
        self.origin_of_line(line).and_then(|origin| origin.column).unwrap_or(0)
    }

    /// Returns whether no record stands between two bytes of different records in the whole text.
    #[must_use]
    pub fn are_next(&self, before: u32, after: u32) -> bool {
        let record = |at| self.origin(at).map(|origin| origin.record);
        record(before).map(|record| record.wrapping_add(1)) == record(after) || !self.is_excerpt()
    }

    /// Past the last line, as behind its break, the numbers go on from it.
    fn origin_of_line(&self, line: u32) -> Option<LineOrigin> {
        let origins = self.origins.as_deref()?;
        let own = origins.get(line as usize).copied();
        Some(own.unwrap_or_else(|| {
            let last = origins.last().copied().unwrap_or_default();
            let length = self.line_span(offset(origins.len().saturating_sub(1))).len();
            LineOrigin {
                line: last.line.saturating_add(1),
                record: last.record.saturating_add(1),
                offset: last.offset.saturating_add(u64::from(length) + 1),
                column: None,
            }
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::LineCol;

    #[test]
    fn an_excerpt_counts_as_the_whole() {
        let origins = [(3, 2, 100), (4_400_000_000, 9, 9_000_000_000)];
        let origins = origins.map(|(line, record, offset)| LineOrigin { line, record, offset, column: None }).to_vec();
        let part = Source::excerpt("a.jsonl", "{\"a\": 1}\n{\"é\": 2}\n", origins);
        assert_eq!(part.line_col(6), LineCol { line: 4, column: 7 });
        assert_eq!(part.whole_offset(6), 106);
        // Lines beyond 32 bits are clear from the offset.
        assert_eq!(part.line_col(16), LineCol { line: u32::MAX, column: 7 });
        assert_eq!(part.whole_offset(16), 9_000_000_007);
        assert!(!part.are_next(0, 16));
        assert_eq!(part.origin(16).map(|origin| origin.record), Some(9));
        assert!(Source::new("a.jsonl", "1\n2\n").are_next(0, 2));
    }

    #[test]
    fn parts_of_lines_have_the_columns_of_their_lines_and_no_neighbours() {
        let place = |line, column, offset| LineOrigin { line, record: line, offset, column: Some(column) };
        let cells = Source::excerpt("a.csv", "é1\nb", vec![place(8, 4, 100), place(8, 9, 106)]);
        assert_eq!(cells.line_col(2), LineCol { line: 9, column: 6 });
        assert_eq!(cells.line_col(4), LineCol { line: 9, column: 10 });
        assert_eq!((cells.whole_offset(2), cells.whole_offset(4)), (102, 106));
        assert!(!cells.are_near(0, 1, 1));
        assert!(Source::new("a.csv", "1\n2\n").are_near(0, 1, 1));
    }
}
