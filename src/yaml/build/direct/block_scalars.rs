//! Literal and folded scalars.

use std::iter::repeat_n;

use super::Reader;
use super::scalars::Scalar;
use crate::text::Span;
use crate::yaml::node::NodeStyle;
use crate::yaml::scalar::ScalarType;

/// How the line breaks at the end are treated (YAML 1.2, section 8.1.1.2).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomping {
    Strip,
    Clip,
    Keep,
}

impl Reader<'_, '_> {
    /// Reads a literal or folded scalar in a collection at this column (section 8.1).
    pub(super) fn block_scalar(&mut self, parent: isize) -> Option<()> {
        let start = self.at;
        let is_folded = self.peek()? == b'>';
        let chomping = self.block_header()?;
        let (indentation, breaks) = self.first_line(usize::try_from(parent).ok()? + 1)?;
        let (mut text, breaks) = self.block_lines(is_folded, indentation, breaks)?;
        let kept = match chomping {
            Chomping::Strip => 0,
            Chomping::Clip => 1,
            // The end of the text counts as a line break.
            Chomping::Keep => breaks.max(1),
        };
        text.extend(repeat_n('\n', kept));
        let written = self.text.get(start..self.at)?.trim_end().len();
        let span = Span::new(self.offset(start), self.offset(start + written));
        let style = if is_folded { NodeStyle::Folded } else { NodeStyle::Literal };
        let text = self.owned(text);
        self.push(Scalar { span, style, kind: ScalarType::String, text });
        self.next_line()
    }

    /// Reads the line of the `|` or `>`, without an indentation indicator.
    fn block_header(&mut self) -> Option<Chomping> {
        self.at += 1;
        let chomping = match self.peek()? {
            b'-' => Chomping::Strip,
            b'+' => Chomping::Keep,
            _ => Chomping::Clip,
        };
        if chomping != Chomping::Clip {
            self.at += 1;
        }
        self.spaces();
        if self.peek() == Some(b'#') && self.is_separated() {
            self.comment();
        }
        self.line_break()?;
        Some(chomping)
    }

    /// Skips the indentation of the first line that is not empty. Returns that indentation, which is the scalar's, and the number of line
    /// breaks before it. It must be at least `least`, and at least that of the empty lines.
    fn first_line(&mut self, least: usize) -> Option<(usize, usize)> {
        let (mut breaks, mut least) = (0, least);
        loop {
            self.spaces();
            let indentation = self.at - self.line;
            if !matches!(self.peek()?, b'\n' | b'\r') {
                return (indentation >= least).then_some((indentation, breaks));
            }
            least = least.max(indentation);
            breaks += 1;
            self.line_break()?;
        }
    }

    /// Reads from this line to the last one with at least this indentation, and skips the line breaks that follow. Returns both.
    fn block_lines(&mut self, is_folded: bool, indentation: usize, mut breaks: usize) -> Option<(String, usize)> {
        let mut text = String::new();
        // Lines that begin with a blank are not folded (section 8.1.3).
        let mut is_foldable = false;
        loop {
            let was_foldable = is_foldable;
            is_foldable = is_folded && !matches!(self.peek(), Some(b' ' | b'\t'));
            if was_foldable && is_foldable {
                breaks -= 1;
                text.extend((breaks == 0).then_some(' '));
            }
            text.extend(repeat_n('\n', breaks));
            let end = self.line_end();
            text.push_str(self.text.get(self.at..end)?);
            self.at = end;
            breaks = 0;
            if !self.next_block_line(indentation, &mut breaks)? {
                return Some((text, breaks));
            }
        }
    }

    /// Goes from the end of a line past the indentation of the next one that is not empty; `false` if it is indented less than this.
    fn next_block_line(&mut self, indentation: usize, breaks: &mut usize) -> Option<bool> {
        while self.peek().is_some() {
            self.line_break()?;
            *breaks += 1;
            while self.at - self.line < indentation && self.peek() == Some(b' ') {
                self.at += 1;
            }
            match self.peek() {
                Some(b'\n' | b'\r') => {}
                Some(_) if self.at - self.line == indentation => return Some(true),
                _ => {
                    self.at = self.line;
                    break;
                }
            }
        }
        Some(false)
    }
}
