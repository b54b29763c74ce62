//! Common YAML, read straight into the tree.
//!
//! There are two readers, only for speed: reading by way of the parser's events takes more than five times as long, and was half
//! of a whole check. The parser ([`events`](super::events)) reads any text and is the authority on what YAML is. This reader knows
//! the YAML that people write, and gives up at the first byte that it is not sure about; then the parser reads the text from
//! the beginning. So YAML problems are always reported by the parser.
//!
//! `tests/it/readers.rs` keeps the two equal: for any text, this reader either gives up or builds exactly the tree that the events
//! build.
//!
//! It reads block mappings and sequences, flow collections, literal and folded scalars, plain and quoted scalars on one line,
//! comments, and streams of documents. It leaves to the parser anchors, aliases, tags and directives; `?`, collections as keys and
//! single pairs in flow sequences; plain and quoted scalars that continue on another line; block scalars with an indentation
//! indicator or without text; documents without content, or with content after their `---`; tabs as separation or indentation
//! outside of flow collections; and everything that is not YAML. Both use the same code for duplicate keys and `<<`.

mod block_scalars;
mod flow;
mod scalars;

use super::Builder;
use super::events::COMMENTS;
use crate::text::{Span, offset};
use crate::yaml::node::{NodeKind, NodeStyle, Text};
use crate::yaml::scalar::ScalarType;
use crate::yaml::tree::Comment;
use scalars::Scalar;

/// The nesting levels that are read here, whatever the limit: each of them takes stack.
const DEPTH: usize = 128;

/// A key's `:` is at most this many characters after its start (YAML 1.2, section 7.4.2); counted in bytes here, which is stricter.
const KEY_LENGTH: usize = 1024;

/// The column of the next content at the end of the document; left of all others. A root is in a collection at this column.
const END: isize = -1;

impl Builder<'_> {
    /// Reads the whole text, or gives up; then the caller discards what was read.
    pub(super) fn read_directly(&mut self) -> Option<()> {
        if !scalars::is_printable(self.text) {
            return None;
        }
        let (text, bytes) = (self.text, self.text.as_bytes());
        Reader { builder: self, text, bytes, at: 0, line: 0, column: END, may_indent_with_tabs: false }.stream()
    }
}

/// A position in the text, and the tree up to there. `None` from any method means that the reader gives up.
///
/// A method that reads a block node starts at its first byte, and ends at the first byte of the next line with content. It leaves that
/// line's column in `column`; each open collection compares it with its own.
struct Reader<'b, 's> {
    builder: &'b mut Builder<'s>,
    text: &'s str,
    bytes: &'s [u8],
    /// The next byte.
    at: usize,
    /// The first byte of its line.
    line: usize,
    /// Column of the content of the line that [`Reader::next_line`] went to, or [`END`].
    column: isize,
    /// Whether tabs may begin the lines of this flow collection: in a block collection, some of them would be its indentation.
    may_indent_with_tabs: bool,
}

impl Reader<'_, '_> {
    /// Reads a stream of documents (YAML 1.2, section 9.2).
    fn stream(&mut self) -> Option<()> {
        self.next_line()?;
        let mut may_be_bare = true;
        while self.at < self.bytes.len() {
            if !self.skip_marker(b"---")? && !may_be_bare {
                return None;
            }
            self.document()?;
            may_be_bare = self.skip_marker(b"...")?;
        }
        (self.builder.tree.comments.len() <= COMMENTS).then_some(())
    }

    fn document(&mut self) -> Option<()> {
        if self.column == END {
            return None;
        }
        self.node(END)?;
        self.builder.finish_document(self.offset(self.at));
        (self.column == END).then_some(())
    }

    /// Skips the line of a marker; `false` if there is none.
    fn skip_marker(&mut self, marker: &[u8; 3]) -> Option<bool> {
        let is_marker = self.is_marker(marker);
        if is_marker {
            self.at += marker.len();
            self.next_line()?;
        }
        Some(is_marker)
    }

    /// Reads a node that begins its line, or follows `- `, in a collection at this column.
    fn node(&mut self, parent: isize) -> Option<()> {
        let column = isize::try_from(self.at - self.line).ok()?;
        match self.peek()? {
            b'-' if self.is_blank(self.at + 1) => self.sequence(column),
            b'[' | b'{' | b'|' | b'>' => self.value(parent),
            _ => {
                let scalar = self.scalar(false)?;
                if self.is_key(&scalar)? {
                    self.mapping(column, scalar)
                } else {
                    self.push(scalar);
                    self.next_line()
                }
            }
        }
    }

    /// Reads a node that may follow `key: ` on its line, in a collection at this column.
    fn value(&mut self, parent: isize) -> Option<()> {
        match self.peek()? {
            b'[' | b'{' => {
                self.may_indent_with_tabs = parent == END;
                self.flow()?;
                self.next_line()
            }
            b'|' | b'>' => self.block_scalar(parent),
            _ => {
                let scalar = self.scalar(false)?;
                self.push(scalar);
                self.next_line()
            }
        }
    }

    /// Reads a block mapping, from the `:` after its first key (section 8.2.2).
    fn mapping(&mut self, column: isize, first: Scalar) -> Option<()> {
        self.open(NodeKind::Mapping, NodeStyle::Block, first.span.start)?;
        let mut key = first;
        loop {
            self.push(key);
            let colon = self.at;
            self.at += 1;
            self.spaces();
            if self.is_line_end() {
                self.next_line()?;
                if self.column > column {
                    self.node(column)?;
                } else if self.column == column && self.is_entry() {
                    self.sequence(column)?;
                } else {
                    self.null(colon);
                }
            } else {
                self.value(column)?;
            }
            if self.column != column {
                break;
            }
            key = self.scalar(false)?;
            if !self.is_key(&key)? {
                return None;
            }
        }
        self.close(column)
    }

    /// Reads a block sequence, from its first `-` (section 8.2.1).
    fn sequence(&mut self, column: isize) -> Option<()> {
        self.open(NodeKind::Sequence, NodeStyle::Block, self.offset(self.at))?;
        loop {
            self.at += 1;
            self.spaces();
            if self.is_line_end() {
                // An empty item is placed after the comment, as by the parser.
                let end = if self.peek() == Some(b'#') { self.line_end() } else { self.at };
                self.next_line()?;
                if self.column > column {
                    self.node(column)?;
                } else {
                    self.null(end);
                }
            } else {
                self.node(column)?;
            }
            if self.column != column || !self.is_entry() {
                break;
            }
        }
        self.close(column)
    }

    fn open(&mut self, kind: NodeKind, style: NodeStyle, start: u32) -> Option<()> {
        if self.builder.is_at_depth_limit() || self.builder.frames.len() >= DEPTH {
            return None;
        }
        self.builder.open(kind, style, false, Span::empty(start));
        Some(())
    }

    /// Closes a block collection. Gives up on deeper content: it would continue the last scalar, or be misplaced.
    fn close(&mut self, column: isize) -> Option<()> {
        self.builder.close(Span::empty(0));
        (self.column <= column).then_some(())
    }

    fn push(&mut self, scalar: Scalar) {
        let Scalar { span, style, kind, text } = scalar;
        self.builder.push(span, NodeKind::Scalar(kind), style, text, false);
    }

    /// Adds an omitted value, which the parser represents as `~`.
    fn null(&mut self, at: usize) {
        let text = self.owned("~".to_owned());
        let span = Span::empty(self.offset(at));
        self.push(Scalar { span, style: NodeStyle::Plain, kind: ScalarType::Null, text });
    }

    /// Returns whether a scalar that ends here is the key of a block mapping; moves to the `:` if it is.
    fn is_key(&mut self, scalar: &Scalar) -> Option<bool> {
        let end = self.at;
        self.spaces();
        if self.peek() != Some(b':') || !self.is_blank(self.at + 1) {
            self.at = end;
            return Some(false);
        }
        self.is_short(scalar).then_some(true)
    }

    /// Returns whether the scalar before the `:` here is short enough for a key.
    fn is_short(&self, scalar: &Scalar) -> bool {
        self.offset(self.at) - scalar.span.start <= offset(KEY_LENGTH)
    }

    /// Goes from the end of a node to the next line with content, or to the end. The rest of this line may only be a comment.
    fn next_line(&mut self) -> Option<()> {
        loop {
            let is_begun = self.at > self.line;
            self.spaces();
            match self.peek() {
                None => {
                    self.column = END;
                    return Some(());
                }
                Some(b'\n' | b'\r') => self.line_break()?,
                Some(b'#') if self.is_separated() => self.comment(),
                Some(_) if !is_begun => {
                    self.column = if self.is_any_marker() { END } else { isize::try_from(self.at - self.line).ok()? };
                    return Some(());
                }
                Some(_) => return None,
            }
        }
    }

    fn comment(&mut self) {
        let end = self.line_end();
        let span = Span::new(self.offset(self.at), self.offset(end));
        self.builder.tree.comments.push(Comment { span });
        self.at = end;
    }

    /// Goes from the end of this line to the next. A lone CR would be a line break as well, but hardly occurs.
    fn line_break(&mut self) -> Option<()> {
        self.at += match self.bytes.get(self.at..)? {
            [b'\n', ..] => 1,
            [b'\r', b'\n', ..] => 2,
            _ => return None,
        };
        self.line = self.at;
        Some(())
    }

    /// Returns the end of the line of this byte, before its line break.
    fn line_end(&self) -> usize {
        self.skip(self.at, scalars::LINE)
    }

    fn spaces(&mut self) {
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Returns whether only a comment can follow on this line.
    fn is_line_end(&self) -> bool {
        matches!(self.peek(), None | Some(b'\n' | b'\r' | b'#'))
    }

    /// Returns whether there is no content at this byte, so that a `-` or `:` before it is an indicator.
    fn is_blank(&self, at: usize) -> bool {
        matches!(self.bytes.get(at), None | Some(b' ' | b'\t' | b'\n' | b'\r'))
    }

    /// Returns whether a comment can begin here: at the start of a line, or after a blank (section 6.6).
    fn is_separated(&self) -> bool {
        self.at == self.line || self.at.checked_sub(1).is_some_and(|before| self.is_blank(before))
    }

    /// Returns whether an item of a block sequence begins here.
    fn is_entry(&self) -> bool {
        self.peek() == Some(b'-') && self.is_blank(self.at + 1)
    }

    /// Returns whether a document begins or ends here (section 9.1.2).
    fn is_any_marker(&self) -> bool {
        self.is_marker(b"---") || self.is_marker(b"...")
    }

    fn is_marker(&self, marker: &[u8]) -> bool {
        self.at == self.line
            && self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(marker))
            && self.is_blank(self.at + marker.len())
    }

    fn owned(&mut self, text: String) -> Text {
        let strings = &mut self.builder.tree.strings;
        strings.push(text.into());
        Text::Owned(offset(strings.len() - 1))
    }

    fn offset(&self, at: usize) -> u32 {
        self.builder.base + offset(at)
    }
}
