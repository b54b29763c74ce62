//! The part of a line that fits a terminal, safe to print, with the positions of its bytes.

use unicode_width::UnicodeWidthChar;

use super::fit;
use super::wrap::fitting;
use crate::secrets::{MASK, merged};
use crate::text::{Source, Span, offset};
use crate::text::{is_invisible, push_visible};

const TAB: usize = 4;

/// The secrets of a file, sorted, without overlaps.
pub(super) struct Secrets(Vec<Span>);

impl Secrets {
    pub(super) fn new(source: &Source, spans: &[Span]) -> Self {
        let spans = spans.iter().map(|span| fit(source, *span)).filter(|span| !span.is_empty());
        Self(merged(spans.collect()))
    }

    /// Returns the secret that contains the byte at `at`.
    fn at(&self, at: u32) -> Option<Span> {
        let next = self.0.partition_point(|secret| secret.end <= at);
        self.0.get(next).copied().filter(|secret| secret.start <= at)
    }
}

/// The width and character set of the output.
#[derive(Clone, Copy)]
pub(super) struct Look {
    pub(super) width: usize,
    pub(super) unicode: bool,
}

/// Returns a line without its line break and without a byte order mark.
pub(super) fn visible_part(source: &Source, line: u32) -> Span {
    let span = source.line_span(line);
    let mark = if source.slice(span).starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    Span::new(span.start + offset(mark), span.end)
}

/// The part of a line that is shown.
pub(super) struct Window {
    pub(super) text: String,
    /// The start of each shown unit (a character, or a secret): offset in the document, offset in `text`.
    units: Vec<(u32, usize)>,
    /// The end of the last unit, in both.
    end: (u32, usize),
}

impl Window {
    /// Creates the window with as much of a line as fits, including `anchor`.
    pub(super) fn new(source: &Source, secrets: &Secrets, line: u32, anchor: u32, look: Look) -> Self {
        let span = visible_part(source, line);
        let cells = Cells { text: source.text(), secrets, line: span, look };
        // The gutter: a space, the number of the next line, " │ ".
        let gutter = (u64::from(source.line_number(line)) + 2).to_string().len() + 4;
        let room = fitting(look.width) - gutter;
        let whole = cells.forward(span.start, room);
        if whole.end.0 >= span.end {
            return whole;
        }
        // A third of the room goes to the text before the anchor, to keep its context in sight.
        let start = cells.back(anchor.clamp(span.start, span.end), room / 3);
        let ellipsis = if look.unicode { "…" } else { "..." };
        let before = if start > span.start { ellipsis } else { "" };
        let mut window = cells.forward(start, room - 2 * ellipsis.chars().count());
        window.text.insert_str(0, before);
        window.units.iter_mut().for_each(|unit| unit.1 += before.len());
        window.end.1 += before.len();
        if window.end.0 < span.end {
            window.text.push_str(ellipsis);
        }
        window
    }

    pub(super) fn shows(&self, at: u32) -> bool {
        self.units.first().is_none_or(|first| first.0 <= at) && at <= self.end.0
    }

    /// Returns the bytes of `text` that show `span`.
    pub(super) fn place(&self, span: Span) -> (usize, usize) {
        let next = self.units.partition_point(|unit| unit.0 <= span.start);
        let start = if span.start >= self.end.0 { None } else { self.units.get(next.saturating_sub(1)) };
        let start = start.map_or(self.end.1, |unit| unit.1);
        let end =
            self.units.get(self.units.partition_point(|unit| unit.0 < span.end)).map_or(self.end.1, |unit| unit.1);
        (start, if span.is_empty() { start } else { end.max(start) })
    }
}

/// A line as a row of units, each a character or a secret.
struct Cells<'a> {
    text: &'a str,
    secrets: &'a Secrets,
    line: Span,
    look: Look,
}

impl Cells<'_> {
    /// Returns the units from `at` that fit into `room` columns.
    fn forward(&self, mut at: u32, room: usize) -> Window {
        let mut window = Window { text: String::new(), units: Vec::new(), end: (at, 0) };
        let mut column = 0;
        // Combining characters have no width, so their number has to be limited as well.
        while at < self.line.end && window.units.len() < 4 * room {
            let start = window.text.len();
            let (next, width) = self.push(at, column, &mut window.text);
            if column + width > room || next <= at {
                window.text.truncate(start);
                break;
            }
            window.units.push((at, start));
            (at, column) = (next, column + width);
        }
        window.end = (at, window.text.len());
        window
    }

    /// Returns the start of the units that fill about `room` columns before `at`.
    fn back(&self, mut at: u32, room: usize) -> u32 {
        let mut column = 0;
        let mut scratch = String::new();
        for _ in 0..4 * room {
            if at <= self.line.start {
                break;
            }
            let start = match self.secrets.at(at - 1) {
                Some(secret) => secret.start.max(self.line.start),
                None => {
                    let before = self.text.get(self.line.start as usize..at as usize).unwrap_or_default();
                    at - before.chars().next_back().map_or(1, |last| offset(last.len_utf8()))
                }
            };
            scratch.clear();
            column += self.push(start, 0, &mut scratch).1;
            if column > room {
                break;
            }
            at = start;
        }
        // Not in the middle of a secret: the rest of it would be masked a second time.
        self.secrets.at(at).map_or(at, |secret| secret.start.max(self.line.start))
    }

    /// Appends the unit at `at`, which is shown at `column`; returns where the next begins, and the width.
    fn push(&self, at: u32, column: usize, out: &mut String) -> (u32, usize) {
        if let Some(secret) = self.secrets.at(at) {
            out.push_str(MASK);
            return (secret.end.min(self.line.end), MASK.len());
        }
        let Some(character) = self.text.get(at as usize..).and_then(|rest| rest.chars().next()) else {
            return (at, 0);
        };
        let start = out.len();
        let width = match character {
            '\t' => {
                // YAML forbids tabs as indentation, so they should be visible.
                let width = TAB - column % TAB;
                out.push(if self.look.unicode { '→' } else { ' ' });
                out.extend(std::iter::repeat_n(' ', width - 1));
                width
            }
            _ if is_invisible(character) => {
                push_visible(out, character);
                out.len() - start
            }
            _ => {
                out.push(character);
                character.width().unwrap_or(0)
            }
        };
        (at + offset(character.len_utf8()), width)
    }
}
