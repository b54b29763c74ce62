//! Scalars of every style, and the byte classes that delimit them.

use super::Reader;
use crate::text::Span;
use crate::yaml::node::{NodeStyle, Text};
use crate::yaml::scalar::{ScalarType, plain_type};

/// A scalar that is not in the tree yet: it may be the first key of a mapping, which comes before it in the arena.
pub(super) struct Scalar {
    pub(super) span: Span,
    pub(super) style: NodeStyle,
    pub(super) kind: ScalarType,
    pub(super) text: Text,
}

/// Bytes that may end a line.
pub(super) const LINE: u8 = 1;
/// Bytes that may end a plain scalar outside of flow collections.
const PLAIN: u8 = 2;
/// Bytes that may end a plain scalar in a flow collection.
const FLOW: u8 = 4;
/// Bytes with a meaning in single quotes.
const SINGLE: u8 = 8;
/// Bytes with a meaning in double quotes.
const DOUBLE: u8 = 16;
/// Bytes that no plain scalar begins with, except `-` (YAML 1.2, section 7.3.3); `?` and `:` can, but rarely do.
const INDICATOR: u8 = 32;
/// Bytes that separate the parts of a flow collection.
const SEPARATOR: u8 = 64;

/// The classes of each byte, as a set of the above.
const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let sets: [(&[u8], u8); 6] = [
        (b"\r\n", LINE | PLAIN | FLOW | SINGLE | DOUBLE | INDICATOR),
        (b":#", PLAIN | FLOW),
        (b",[]{}", FLOW | SEPARATOR),
        (b"'", SINGLE),
        (b"\"\\", DOUBLE),
        (b" \t,[]{}#&*!|>'\"%@`?:", INDICATOR),
    ];
    let mut set = 0;
    while set < sets.len() {
        let mut at = 0;
        while at < sets[set].0.len() {
            classes[sets[set].0[at] as usize] |= sets[set].1;
            at += 1;
        }
        set += 1;
    }
    classes
};

/// Returns whether YAML allows every character of a text (section 5.1), and none is a byte order mark.
pub(super) fn is_printable(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_plain = |byte: u8| (0x20..0x7f).contains(&byte) || matches!(byte, b'\t' | b'\n' | b'\r') || byte >= 0x80;
    // No early exit, so that all bytes of a block are tested at once.
    let mut blocks = bytes.chunks(256);
    if !blocks.all(|block| block.iter().fold(true, |all, byte| all & is_plain(*byte))) {
        return false;
    }
    // U+0080…U+009F except U+0085, U+FEFF, U+FFFE and U+FFFF.
    let mut beyond = bytes.iter().enumerate().filter(|(_, byte)| matches!(**byte, 0xc2 | 0xef));
    bytes.is_ascii()
        || beyond.all(|(at, _)| match bytes.get(at..).unwrap_or(&[]) {
            [0xc2, next, ..] => *next >= 0xa0 || *next == 0x85,
            [0xef, 0xbb, 0xbf, ..] | [0xef, 0xbf, 0xbe | 0xbf, ..] => false,
            _ => true,
        })
}

impl Reader<'_, '_> {
    /// Reads a plain or quoted scalar on one line.
    pub(super) fn scalar(&mut self, in_flow: bool) -> Option<Scalar> {
        let start = self.at;
        let (style, kind, text) = match self.peek()? {
            b'\'' => (NodeStyle::SingleQuoted, ScalarType::String, self.single_quoted()?),
            b'"' => (NodeStyle::DoubleQuoted, ScalarType::String, self.double_quoted()?),
            byte if class(byte) & INDICATOR == 0 => {
                let text = self.plain(in_flow)?;
                (NodeStyle::Plain, plain_type(text), Text::Source(Span::new(self.offset(start), self.offset(self.at))))
            }
            _ => return None,
        };
        Some(Scalar { span: Span::new(self.offset(start), self.offset(self.at)), style, kind, text })
    }

    /// Reads a plain scalar (section 7.3.3): up to `: `, ` #`, the end of the line, or the next bracket or comma of a flow collection.
    fn plain(&mut self, in_flow: bool) -> Option<&str> {
        let start = self.at;
        let stops = if in_flow { FLOW } else { PLAIN };
        let ends = |at: usize| self.is_blank(at) || in_flow && self.class_of(at) & SEPARATOR != 0;
        if self.peek()? == b'-' && ends(start + 1) {
            return None;
        }
        let mut at = start;
        loop {
            at = self.skip(at, stops);
            match self.bytes.get(at) {
                Some(b':') if !ends(at + 1) => at += 1,
                Some(b'#') if !self.is_blank(at - 1) => at += 1,
                _ => break,
            }
        }
        let blanks = self.bytes.get(start..at)?.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t'));
        self.at = at - blanks.count();
        self.text.get(start..self.at)
    }

    /// Reads a single-quoted scalar (section 7.3.2).
    fn single_quoted(&mut self) -> Option<Text> {
        let start = self.at + 1;
        let mut quotes = false;
        let mut at = start;
        loop {
            at = self.skip(at, SINGLE);
            match self.bytes.get(at..)? {
                [b'\'', b'\'', ..] => {
                    quotes = true;
                    at += 2;
                }
                [b'\'', ..] => break,
                _ => return None,
            }
        }
        self.at = at + 1;
        if quotes {
            let text = self.text.get(start..at)?.replace("''", "'");
            return Some(self.owned(text));
        }
        Some(Text::Source(Span::new(self.offset(start), self.offset(at))))
    }

    /// Reads a double-quoted scalar (section 7.3.1).
    fn double_quoted(&mut self) -> Option<Text> {
        let start = self.at + 1;
        let mut at = self.skip(start, DOUBLE);
        if *self.bytes.get(at)? == b'"' {
            self.at = at + 1;
            return Some(Text::Source(Span::new(self.offset(start), self.offset(at))));
        }
        let mut text = self.text.get(start..at)?.to_owned();
        while let [b'\\', escape, rest @ ..] = self.bytes.get(at..)? {
            let (character, length) = unescaped(*escape, rest)?;
            text.push(character);
            let from = at + 2 + length;
            at = self.skip(from, DOUBLE);
            text.push_str(self.text.get(from..at)?);
        }
        if *self.bytes.get(at)? != b'"' {
            return None;
        }
        self.at = at + 1;
        Some(self.owned(text))
    }

    /// Returns the position of the first byte from here that is in one of the classes, or the end.
    pub(super) fn skip(&self, from: usize, stops: u8) -> usize {
        let mut rest = self.bytes.get(from..).unwrap_or(&[]);
        // One test for eight bytes instead of one for each.
        while let Some((some, others)) = rest.split_first_chunk::<8>() {
            if some.iter().fold(0, |classes, byte| classes | class(*byte)) & stops != 0 {
                break;
            }
            rest = others;
        }
        let at = rest.iter().position(|byte| class(*byte) & stops != 0).unwrap_or(rest.len());
        self.bytes.len() - rest.len() + at
    }

    fn class_of(&self, at: usize) -> u8 {
        self.bytes.get(at).map_or(0, |byte| class(*byte))
    }
}

fn class(byte: u8) -> u8 {
    CLASSES[usize::from(byte)]
}

/// Returns the character that `\`, this byte and what follows stand for, and the number of bytes used of what follows (section 5.7).
fn unescaped(escape: u8, rest: &[u8]) -> Option<(char, usize)> {
    let length = match escape {
        b'x' => 2,
        b'u' => 4,
        b'U' => 8,
        _ => 0,
    };
    let character = match escape {
        b'0' => '\0',
        b'a' => '\x07',
        b'b' => '\x08',
        b't' => '\t',
        b'n' => '\n',
        b'v' => '\x0b',
        b'f' => '\x0c',
        b'r' => '\r',
        b'e' => '\x1b',
        b' ' | b'"' | b'/' | b'\\' => char::from(escape),
        b'N' => '\u{85}',
        b'_' => '\u{a0}',
        b'L' => '\u{2028}',
        b'P' => '\u{2029}',
        b'x' | b'u' | b'U' => {
            let mut digits = rest.get(..length)?.iter().map(|digit| char::from(*digit).to_digit(16));
            // Half of a surrogate pair is not a character: pairs are left to the parser.
            char::from_u32(digits.try_fold(0, |value, digit| Some(value << 4 | digit?))?)?
        }
        _ => return None,
    };
    Some((character, length))
}
