//! Collections with brackets and braces, on one line or several, including JSON.

use super::Reader;
use crate::text::Span;
use crate::yaml::node::{NodeKind, NodeStyle};

impl Reader<'_, '_> {
    /// Reads a flow collection, from its bracket past the closing one (YAML 1.2, section 7.4).
    pub(super) fn flow(&mut self) -> Option<()> {
        let is_mapping = self.peek()? == b'{';
        let (kind, end) = if is_mapping { (NodeKind::Mapping, b'}') } else { (NodeKind::Sequence, b']') };
        let start = self.offset(self.at);
        self.open(kind, NodeStyle::Flow, start)?;
        self.at += 1;
        self.gap()?;
        while self.peek()? != end {
            if is_mapping {
                self.pair()?
            } else {
                self.flow_node()?
            }
            self.gap()?;
            match self.peek()? {
                b',' => {
                    self.at += 1;
                    self.gap()?;
                }
                byte if byte == end => {}
                _ => return None,
            }
        }
        self.at += 1;
        self.builder.close(Span::new(start, self.offset(self.at)));
        Some(())
    }

    fn flow_node(&mut self) -> Option<()> {
        if matches!(self.peek()?, b'[' | b'{') {
            return self.flow();
        }
        let scalar = self.scalar(true)?;
        self.push(scalar);
        Some(())
    }

    /// Reads an entry of a flow mapping, up to the end of its value.
    fn pair(&mut self) -> Option<()> {
        let key = self.scalar(true)?;
        let is_quoted = key.style != NodeStyle::Plain;
        let line = self.line;
        let is_near = self.gap()? && self.line == line;
        match self.peek()? {
            b',' | b'}' => {
                self.push(key);
                self.null(self.at);
                return Some(());
            }
            // After a quoted key, the value may follow the `:` directly, as in JSON.
            b':' if is_near && self.is_short(&key) && (is_quoted || self.is_flow_blank(self.at + 1)) => self.push(key),
            _ => return None,
        }
        let colon = self.at;
        self.at += 1;
        self.gap()?;
        match self.peek()? {
            b',' | b'}' => {
                self.null(colon);
                Some(())
            }
            _ => self.flow_node(),
        }
    }

    /// Returns whether a `:` before this byte ends a plain key.
    fn is_flow_blank(&self, at: usize) -> bool {
        self.is_blank(at) || matches!(self.bytes.get(at), Some(b',' | b'}'))
    }

    /// Skips blanks, line breaks and comments; `false` if there were comments.
    fn gap(&mut self) -> Option<bool> {
        let mut is_blank = true;
        loop {
            match self.peek() {
                Some(b' ' | b'\t') => self.at += 1,
                Some(b'\n' | b'\r') => self.next_flow_line()?,
                Some(b'#') if self.is_separated() => {
                    self.comment();
                    is_blank = false;
                }
                _ => return Some(is_blank),
            }
        }
    }

    fn next_flow_line(&mut self) -> Option<()> {
        self.line_break()?;
        if self.is_any_marker() {
            return None;
        }
        self.spaces();
        (self.may_indent_with_tabs || self.peek() != Some(b'\t')).then_some(())
    }
}
