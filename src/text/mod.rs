//! Source text and places in it: byte spans, lines and columns; edits of a text; which of its characters are visible, and which
//! a terminal or CI runner would act on.

mod article;
mod commands;
mod edit;
mod origin;
mod thousands;
mod visible;
mod words;

use std::fmt;
use std::sync::OnceLock;

pub use article::with_article;
pub use commands::{Markup, WithoutCommands};
pub use edit::{Edit, apply};
pub use origin::LineOrigin;
pub use thousands::thousands;
pub use visible::{end_of, is_invisible, odd_character, odd_space, push_visible, start_of, visible, visible_lines};
pub use words::Words;

/// A half-open range of bytes, `start..end`, in one [`Source`].
///
/// Offsets are `u32`: files are limited to far less than 4 GiB, and half-sized spans keep the tree small.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// Creates the span `start..end`; an `end` before `start` is raised to it.
    #[must_use]
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, end: end.max(start) }
    }

    /// Creates a span from byte offsets, saturating at `u32::MAX`.
    #[must_use]
    pub fn from_usize(start: usize, end: usize) -> Self {
        Self::new(offset(start), offset(end))
    }

    /// Creates the empty span at `at`.
    #[must_use]
    pub fn empty(at: u32) -> Self {
        Self::new(at, at)
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(self) -> u32 {
        self.end - self.start
    }

    /// Returns whether the span covers no byte.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Returns the smallest span that covers both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end.max(other.end))
    }

    /// Returns whether `other` lies inside this span (an equal span does).
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Returns whether the two spans share a byte, or touch at an empty one.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        if self.is_empty() || other.is_empty() {
            self.start <= other.end && other.start <= self.end
        } else {
            self.start < other.end && other.start < self.end
        }
    }

    /// Returns the span as a range of `usize`, for slicing.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Converts `value` to a `u32` offset, saturating.
#[must_use]
pub fn offset(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// A position for people: 1-based line, and 1-based column counted in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineCol {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

impl fmt::Display for LineCol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A named text, with an index of its lines that is built on first use.
///
/// Lines end with LF or CRLF; a lone CR is part of its line, as YAML editors show it.
#[derive(Debug)]
pub struct Source {
    name: String,
    text: String,
    lines: OnceLock<Vec<u32>>,
    /// Where each line stands in the whole text, if this is an excerpt of it.
    origins: Option<Box<[LineOrigin]>>,
    /// Whether the first of its lines is the first record of the whole text, if this is a part of it.
    begins: bool,
}

impl Source {
    /// Creates a source called `name` (a path with `/`, or `<stdin>`) that holds `text`.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into(), lines: OnceLock::new(), origins: None, begins: false }
    }

    /// Returns the name that reports print.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the whole text, byte for byte as it was read.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the text of a span; empty if the span does not fit this source.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    fn line_starts(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            // As in YAML, a lone carriage return ends a line, too.
            let bytes = self.text.as_bytes();
            let is_break = |at: &usize| bytes.get(*at) == Some(&b'\n') || bytes.get(*at + 1) != Some(&b'\n');
            let breaks = memchr::memchr2_iter(b'\n', b'\r', bytes).filter(is_break);
            std::iter::once(0).chain(breaks.map(|at| offset(at + 1))).collect()
        })
    }

    /// Number of lines; an empty text has one.
    #[must_use]
    pub fn line_count(&self) -> u32 {
        offset(self.line_starts().len())
    }

    /// 0-based line of a byte offset, counted in this text, which may be an excerpt of another.
    #[must_use]
    pub fn line_index(&self, at: u32) -> u32 {
        offset(self.line_starts().partition_point(|start| *start <= at).saturating_sub(1))
    }

    /// Returns the span of a 0-based line without its line break; for an index past the end, that of the last line.
    #[must_use]
    pub fn line_span(&self, line: u32) -> Span {
        let starts = self.line_starts();
        let line = (line as usize).min(starts.len() - 1);
        let start = starts[line];
        let end = starts.get(line + 1).copied().unwrap_or(offset(self.text.len()));
        let text = self.slice(Span::new(start, end));
        let text = text.strip_suffix('\n').unwrap_or(text);
        let text = text.strip_suffix('\r').unwrap_or(text);
        Span::new(start, start + offset(text.len()))
    }

    /// Returns the text of a 0-based line, without its line break.
    #[must_use]
    pub fn line(&self, line: u32) -> &str {
        self.slice(self.line_span(line))
    }

    /// Line and column of a byte offset. A byte order mark does not count as a column.
    #[must_use]
    pub fn line_col(&self, at: u32) -> LineCol {
        let line = self.line_index(at);
        let start = self.line_starts()[line as usize];
        let before = self.text.get(start as usize..(at as usize).min(self.text.len())).unwrap_or("");
        let (line, first) = (self.line_number(line), self.column_before(line));
        let before = if line == 0 { before.strip_prefix('\u{feff}').unwrap_or(before) } else { before };
        let characters = if before.is_ascii() { before.len() } else { before.chars().count() };
        LineCol { line: line.saturating_add(1), column: first.saturating_add(offset(characters)).saturating_add(1) }
    }

    /// Byte offset of a line (from 1) and column (from 1, characters); clamped to the text.
    #[must_use]
    pub fn offset_of(&self, place: LineCol) -> u32 {
        let span = self.line_span(place.line.saturating_sub(1));
        let text = self.slice(span);
        let skip = place.column.saturating_sub(1) as usize;
        span.start + offset(text.char_indices().nth(skip).map_or(text.len(), |(at, _)| at))
    }
}

/// Returns the name that a misspelled one most likely means: within an edit distance that depends on its length, nearest first, then
/// alphabetically.
#[must_use]
pub fn nearest<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = match wrong.chars().count() {
        0..=2 => 0,
        3..=4 => 1,
        5..=11 => 2,
        _ => 3,
    };
    let wrong = wrong.to_lowercase();
    let length = wrong.chars().count();
    // Each edit changes the length by one at most: this rules out most names cheaply, and the wrong one may be megabytes long.
    let distance = |name: &str| {
        let name = name.to_lowercase();
        (name.chars().count().abs_diff(length) <= allowed).then(|| strsim::osa_distance(&wrong, &name))
    };
    let near = names.into_iter().filter_map(|name| Some((distance(name)?, name)));
    let near = near.filter(|(distance, _)| *distance <= allowed);
    near.min().map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_characters_and_skip_the_byte_order_mark() {
        let source = Source::new("a.yml", "\u{feff}a: é\r\nbé: 1\n");
        assert_eq!(source.line_col(3), LineCol { line: 1, column: 1 });
        assert_eq!(source.line_col(8), LineCol { line: 1, column: 5 });
        let b = offset(source.text().find("1").unwrap());
        assert_eq!(source.line_col(b), LineCol { line: 2, column: 5 });
        assert_eq!(source.line(1), "bé: 1");
        assert_eq!(source.line(0), "\u{feff}a: é");
        assert_eq!(source.line_count(), 3);
        assert_eq!(source.offset_of(LineCol { line: 2, column: 5 }), b);
    }

    #[test]
    fn lines_end_as_in_yaml() {
        let source = Source::new("a.yml", "a: 1\rb: 2\r\nc: 3\n\rd: 4\r");
        let lines: Vec<_> = (0..source.line_count()).map(|line| source.line(line)).collect();
        assert_eq!(lines, ["a: 1", "b: 2", "c: 3", "", "d: 4", ""]);
        let d = offset(source.text().find('4').unwrap());
        assert_eq!(source.line_col(d), LineCol { line: 5, column: 4 });
        assert_eq!(source.offset_of(LineCol { line: 5, column: 4 }), d);
    }

    #[test]
    fn spans_overlap_when_they_share_a_byte_or_touch_an_empty_one() {
        assert!(Span::new(0, 3).overlaps(Span::new(2, 4)));
        assert!(!Span::new(0, 3).overlaps(Span::new(3, 4)));
        assert!(Span::new(0, 3).overlaps(Span::empty(3)));
        assert!(Span::empty(3).overlaps(Span::empty(3)));
    }
}
