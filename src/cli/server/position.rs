//! Positions in texts as the protocol counts them: lines from 0, and characters in the units that both sides agreed on.

use serde::{Deserialize, Serialize};

use crate::text::{Source, Span};

/// The units of the character of a position: `PositionEncodingKind` of the Language Server Protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    /// What every client understands.
    #[default]
    Utf16,
    Utf32,
}

impl Encoding {
    /// Returns the best of those that a client offers: the one in which nothing has to be counted.
    pub fn negotiated(offered: &[String]) -> Self {
        let offers = |name: &str| offered.iter().any(|own| own == name);
        if offers("utf-8") {
            Self::Utf8
        } else if offers("utf-32") && !offers("utf-16") {
            Self::Utf32
        } else {
            Self::Utf16
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16 => "utf-16",
            Self::Utf32 => "utf-32",
        }
    }

    fn width(self, c: char) -> usize {
        match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
            Self::Utf32 => 1,
        }
    }

    /// Returns the position of a byte of a text.
    pub fn position(self, source: &Source, offset: u32) -> Position {
        let line = source.line_index(offset);
        let start = source.line_span(line).start;
        let before = source.slice(Span::new(start, offset.max(start)));
        let character = match self {
            Self::Utf8 => before.len(),
            _ if before.is_ascii() => before.len(),
            _ => before.chars().map(|c| self.width(c)).sum(),
        };
        Position { line, character: u32::try_from(character).unwrap_or(u32::MAX) }
    }

    pub fn range(self, source: &Source, span: Span) -> Range {
        Range { start: self.position(source, span.start), end: self.position(source, span.end) }
    }

    /// Returns the byte at a position. One behind the end of its line is at the end of its line, as the protocol says, and one within a
    /// character at its start.
    pub fn offset(self, source: &Source, position: Position) -> u32 {
        if position.line >= source.line_count() {
            return u32::try_from(source.text().len()).unwrap_or(u32::MAX);
        }
        let line = source.line_span(position.line);
        let mut units = 0;
        let text = source.slice(line);
        let wanted = position.character as usize;
        let found = text.char_indices().find(|(_, c)| {
            units += self.width(*c);
            units > wanted
        });
        line.start + found.map_or(line.end - line.start, |(at, _)| u32::try_from(at).unwrap_or(0))
    }

    pub fn span(self, source: &Source, range: Range) -> Span {
        let (start, end) = (self.offset(source, range.start), self.offset(source, range.end));
        Span::new(start.min(end), end)
    }
}

/// The positions of many bytes of a text in their order. Each character is counted once, however long a line is.
pub(super) struct Positions<'s> {
    source: &'s Source,
    encoding: Encoding,
    /// The byte that was asked for last, and its position.
    last: Option<(u32, Position)>,
}

impl<'s> Positions<'s> {
    pub fn new(source: &'s Source, encoding: Encoding) -> Self {
        Self { source, encoding, last: None }
    }

    /// Returns the position of a byte.
    pub fn of(&mut self, offset: u32) -> Position {
        let line = self.source.line_index(offset);
        let position = match self.last {
            Some((from, last)) if line == last.line && from <= offset => {
                let between = self.source.slice(Span::new(from, offset));
                let units: usize = between.chars().map(|c| self.encoding.width(c)).sum();
                let character = last.character.saturating_add(u32::try_from(units).unwrap_or(u32::MAX));
                Position { line, character }
            }
            _ => self.encoding.position(self.source, offset),
        };
        self.last = Some((offset, position));
        position
    }
}

/// A place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Position {
    pub line: u32,
    pub character: u32,
}

/// A part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Range {
    pub start: Position,
    pub end: Position,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];

    #[test]
    fn characters_are_counted_in_the_units_of_the_encoding() {
        let source = Source::new("", "a: 1\r\ngröße: 😀x\n");
        let x = u32::try_from(source.text().find('x').unwrap()).unwrap();
        let characters = ALL.map(|encoding| encoding.position(&source, x).character);
        assert_eq!(characters, [13, 9, 8]);
        // Within a character, and behind the end of a line.
        assert_eq!(Encoding::Utf16.offset(&source, Position { line: 1, character: 8 }), x - 4);
        assert_eq!(Encoding::Utf16.offset(&source, Position { line: 0, character: 99 }), 4);
        assert_eq!(Encoding::Utf16.offset(&source, Position { line: 9, character: 0 }) as usize, source.text().len());
    }

    #[test]
    fn the_best_encoding_is_chosen() {
        let chosen = |offered: &[&str]| {
            Encoding::negotiated(&offered.iter().map(|own| (*own).to_owned()).collect::<Vec<_>>()).name()
        };
        assert_eq!(chosen(&[]), "utf-16");
        assert_eq!(chosen(&["utf-16", "utf-8"]), "utf-8");
        assert_eq!(chosen(&["utf-32"]), "utf-32");
        assert_eq!(chosen(&["utf-32", "utf-16"]), "utf-16");
    }

    proptest! {
        #[test]
        fn positions_lead_back(text in "[a-cé😀\r\n\u{feff}]{0,30}") {
            let source = Source::new("", text.clone());
            let is_in_line = |at: &usize| {
                let line = source.line_span(source.line_index(u32::try_from(*at).unwrap()));
                *at <= line.end as usize
            };
            for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)).filter(is_in_line) {
                let offset = u32::try_from(at).unwrap();
                for encoding in ALL {
                    prop_assert_eq!(encoding.offset(&source, encoding.position(&source, offset)), offset);
                }
            }
            // In their order, with gaps, and once more from the start.
            for encoding in ALL {
                let mut positions = Positions::new(&source, encoding);
                for at in (0..=text.len()).step_by(2).chain([0]).filter(|at| text.is_char_boundary(*at)).filter(is_in_line) {
                    let offset = u32::try_from(at).unwrap();
                    prop_assert_eq!(positions.of(offset), encoding.position(&source, offset));
                }
            }
        }
    }
}
