//! The positions of the characters of a scalar's value in the text, which quotes, escapes, folding and indentation separate.

use super::node::{NodeId, NodeStyle};
use super::tree::Tree;
use crate::text::{Span, offset};

/// A map from a scalar's value to its text.
#[derive(Clone, Debug)]
pub enum ScalarMap {
    /// The value is in the text verbatim.
    Slice(Span),
    /// For each byte of the value, the span of the character that it belongs to; and the end of the scalar.
    Bytes(Vec<Span>, u32),
}

impl ScalarMap {
    /// Creates the map of a scalar, or of the scalar that an alias refers to. `None` for a collection.
    #[must_use]
    pub fn of(tree: &Tree, node: NodeId) -> Option<Self> {
        let node = tree.resolve(node);
        let value = tree.text(node)?;
        let inner = tree.inner_span(node);
        let raw = tree.source().slice(inner);
        if raw == value {
            return Some(Self::Slice(inner));
        }
        let style = tree.style(node);
        let mut aligner = Aligner { raw, at: 0, base: inner.start, style, places: Vec::with_capacity(value.len()) };
        if aligner.is_block() {
            // The header ends with its line.
            aligner.at = raw.find('\n').map_or(raw.len(), |end| end + 1);
        }
        aligner.align(value);
        Some(Self::Bytes(aligner.places, inner.end))
    }

    /// Returns the span in the text of a span of the value.
    #[must_use]
    pub fn span(&self, span: Span) -> Span {
        match self {
            Self::Slice(whole) => {
                let at = |byte: u32| whole.start.saturating_add(byte).min(whole.end);
                Span::new(at(span.start), at(span.end))
            }
            Self::Bytes(places, end) => {
                let start = places.get(span.start as usize).map_or(*end, |place| place.start);
                let last = span.end.checked_sub(1).filter(|last| *last >= span.start);
                let end = last.map_or(start, |last| places.get(last as usize).map_or(*end, |place| place.end));
                Span::new(start, end)
            }
        }
    }
}

/// Walks through a value and its source text in parallel.
struct Aligner<'t> {
    raw: &'t str,
    at: usize,
    base: u32,
    style: NodeStyle,
    places: Vec<Span>,
}

impl Aligner<'_> {
    fn is_block(&self) -> bool {
        matches!(self.style, NodeStyle::Literal | NodeStyle::Folded)
    }

    fn rest(&self) -> &str {
        self.raw.get(self.at..).unwrap_or("")
    }

    fn align(&mut self, value: &str) {
        let mut chars = value.chars().peekable();
        while let Some(c) = chars.next() {
            self.skip_joined_lines();
            if let Some(length) = self.escape(c) {
                self.take(c, length);
                continue;
            }
            if c.is_ascii_whitespace() && self.rest().starts_with(is_space) {
                let run = self.rest().len() - self.rest().trim_start_matches(is_space).len();
                let lines = self.rest().get(..run).map_or(0, |run| run.matches('\n').count());
                if lines == 0 {
                    self.take(c, 1);
                    continue;
                }
                // A single line break is a space, each further one a line break; a block may keep indentation as well.
                let mut more = if self.is_block() { usize::MAX } else { lines.saturating_sub(2) };
                let start = self.at;
                self.take(c, run);
                while more > 0
                    && let Some(c) = chars.next_if(char::is_ascii_whitespace)
                {
                    self.at = start;
                    self.take(c, run);
                    more -= 1;
                }
                continue;
            }
            if !c.is_ascii_whitespace() {
                self.at += self.rest().len() - self.rest().trim_start_matches(is_space).len();
            }
            self.take(c, self.rest().chars().next().map_or(0, char::len_utf8));
        }
    }

    /// Skips `\` at the end of a line in double quotes, which joins it to the next.
    fn skip_joined_lines(&mut self) {
        if self.style == NodeStyle::DoubleQuoted {
            while let Some(rest) = self.rest().strip_prefix('\\').filter(|rest| rest.starts_with(['\n', '\r'])) {
                self.at = self.raw.len() - rest.trim_start_matches(is_space).len();
            }
        }
    }

    /// Returns the length of the escape sequence that stands for the next character.
    fn escape(&self, c: char) -> Option<usize> {
        let rest = self.rest();
        match self.style {
            NodeStyle::SingleQuoted if c == '\'' && rest.starts_with("''") => Some(2),
            NodeStyle::DoubleQuoted => {
                let code = rest.strip_prefix('\\')?.chars().next()?;
                Some(match code {
                    'x' => 4,
                    'u' => 6,
                    'U' => 10,
                    code => 1 + code.len_utf8(),
                })
            }
            _ => None,
        }
    }

    /// Records that the next `length` bytes of the text are one character of the value.
    fn take(&mut self, c: char, length: usize) {
        let end = (self.at + length).min(self.raw.len());
        let place = Span::new(self.base + offset(self.at), self.base + offset(end));
        self.places.extend(std::iter::repeat_n(place, c.len_utf8()));
        self.at = end;
    }
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::text::Source;
    use crate::yaml::{Framing, Limits, parse};

    /// Returns the text that a part of the value under `a` stands for.
    fn written(text: &str, part: &str) -> String {
        let tree = parse(Arc::new(Source::new("a.yml", text)), Limits::default(), Framing::Stream);
        let root = tree.documents()[0].root.unwrap();
        let node = tree.get(root, "a").unwrap().value;
        let start = tree.text(node).unwrap().find(part).unwrap_or_else(|| panic!("{:?}", tree.text(node)));
        let span = ScalarMap::of(&tree, node).unwrap().span(Span::from_usize(start, start + part.len()));
        tree.source().slice(span).to_owned()
    }

    #[test]
    fn parts_of_a_value_are_found_in_every_style() {
        for (text, part, expected) in [
            ("a: x >= 5 on b", ">= 5", ">= 5"),
            ("a: 'it''s >= 5'", "'s", "''s"),
            ("a: 'it''s >= 5'", ">= 5", ">= 5"),
            ("a: \"x \\u003e\\x3d 5\\ton b\"", ">= 5", "\\u003e\\x3d 5"),
            ("a: \"x \\u003e\\x3d 5\\ton b\"", "b", "b"),
            ("a: \"x >= 5 \\\n  on b\"", "on b", "on b"),
            ("a: \"x\n\n  \\ on b\"", "on", "on"),
            ("a: x\n  >= 5\n  on b\n", ">= 5 on", ">= 5\n  on"),
            ("a: 'x\n\n\n  >= 5'", "x\n\n>", "x\n\n\n  >"),
            ("a: >-\n  x\n  >= 5\n\n  on b\n", ">= 5", ">= 5"),
            ("a: >-\n  x\n  >= 5\n\n  on b\n", "on b", "on b"),
            ("a: |\n    x >=\n      5\n    on b\n", "5", "5"),
            ("a: | # note\n    x >=\n      5\n    on b\n", "on b", "on b"),
            ("a: \"größe ≥ 5\"", "≥ 5", "≥ 5"),
            ("a: \"gr\\xf6ße ≥ 5\"", "ö", "\\xf6"),
            ("a: \"gr\\xf6ße ≥ 5\"", "≥", "≥"),
        ] {
            assert_eq!(written(text, part), expected, "{text}");
        }
    }
}
