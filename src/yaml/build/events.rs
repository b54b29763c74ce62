//! From the events of the YAML parser to the tree: reads all YAML, and reports everything that is wrong with a text.

use std::borrow::Cow;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, StrInput, StructureStyle, Tag};

use super::Builder;
use crate::text::{Span, offset};
use crate::yaml::node::{NodeKind, NodeStyle, Text};
use crate::yaml::problem::{Problem, SyntaxError};
use crate::yaml::scalar::{ScalarType, plain_type};
use crate::yaml::tree::Comment;

/// The parser reports an error for more comments in a row than this.
pub(super) const COMMENTS: usize = 1 << 20;

impl<'s> Builder<'s> {
    /// Reads the whole text.
    pub(super) fn read_events(&mut self) {
        let limit = self.limits.depth as usize;
        let options = granit_parser::options! {
            emit_anchor_events: true,
            emit_unresolved_aliases: true,
            max_buffered_comment_events: COMMENTS,
            flow_nesting_limit: limit,
            block_nesting_limit: limit,
        };
        let mut parser = Parser::new_from_str_with_options(self.text, options);
        loop {
            match parser.next_event() {
                None => break,
                Some(Ok((event, span))) => {
                    if self.event(event, &span) == Step::SkipDocument && !self.recover(&mut parser) {
                        break;
                    }
                }
                Some(Err(error)) => {
                    self.problems.push(syntax_problem(&error, self.base, self.text.len(), self.limits.depth));
                    if !self.recover(&mut parser) {
                        break;
                    }
                }
            }
        }
        if self.in_document || !self.problems.is_empty() {
            self.finish_document(self.base + offset(self.text.len()));
        }
    }

    /// Abandons the current document and moves to the next; `false` if there is none.
    fn recover(&mut self, parser: &mut Parser<'s, StrInput<'s>>) -> bool {
        self.root = None;
        self.frames.clear();
        self.pending.clear();
        let next = parser.proceed_next_document();
        let end = match parser.peek() {
            Some(Ok((_, span))) => self.span(span).start,
            _ => self.base + offset(self.text.len()),
        };
        self.finish_document(end);
        matches!(next, Ok(true))
    }

    pub(super) fn span(&self, span: &granit_parser::Span) -> Span {
        let range = span.byte_range().unwrap_or(0..0);
        Span::new(self.base + offset(range.start), self.base + offset(range.end))
    }

    fn event(&mut self, event: Event<'s>, at: &granit_parser::Span) -> Step {
        let span = self.span(at);
        match event {
            Event::DocumentStart(..) => {
                self.in_document = true;
                self.document_start = span.start;
                self.last_end = span.end;
            }
            Event::DocumentEnd => self.finish_document(span.start),
            Event::Comment(..) => self.tree.comments.push(Comment { span }),
            Event::Scalar(value, style, _, tag) => {
                self.code_tag(tag.as_deref(), at);
                self.scalar(value, style, tag.as_deref(), span);
            }
            Event::SequenceStart(style, _, tag) => {
                self.code_tag(tag.as_deref(), at);
                return self.collection(NodeKind::Sequence, style, tag.is_some(), span);
            }
            Event::MappingStart(style, _, tag) => {
                self.code_tag(tag.as_deref(), at);
                return self.collection(NodeKind::Mapping, style, tag.is_some(), span);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Anchor(id, name) => self.anchor(id, &name, span),
            Event::Alias(id) => self.alias(id, span),
            Event::UnresolvedAlias(name) => self.undefined_alias(&name, span),
            _ => {}
        }
        Step::Next
    }

    fn scalar(&mut self, value: Cow<'s, str>, style: ScalarStyle, tag: Option<&Tag>, mut span: Span) {
        let kind = match (core_tag(tag), style) {
            (Some(scalar), _) => scalar,
            (None, ScalarStyle::Plain) if tag.is_none_or(|tag| tag.suffix() != "!" || !tag.handle().is_empty()) => {
                plain_type(&value)
            }
            _ => ScalarType::String,
        };
        let style = match style {
            ScalarStyle::Plain => NodeStyle::Plain,
            ScalarStyle::SingleQuoted => NodeStyle::SingleQuoted,
            ScalarStyle::DoubleQuoted => NodeStyle::DoubleQuoted,
            ScalarStyle::Literal => NodeStyle::Literal,
            ScalarStyle::Folded => NodeStyle::Folded,
        };
        if matches!(style, NodeStyle::Literal | NodeStyle::Folded) {
            let header = self.block_header(span.start);
            let content = self.text.get((header - self.base) as usize..(span.end - self.base) as usize).unwrap_or("");
            span = Span::new(header, header + offset(content.trim_end().len()));
        }
        let in_source = match &value {
            Cow::Borrowed(slice) => self.borrowed(slice),
            Cow::Owned(_) => None,
        };
        let text = match in_source {
            Some(slice) => Text::Source(slice),
            None => {
                self.tree.strings.push(value.into());
                Text::Owned(offset(self.tree.strings.len() - 1))
            }
        };
        self.push(span, NodeKind::Scalar(kind), style, text, tag.is_some());
        self.last_end = span.end;
    }

    /// Returns the place of a value that the parser took over from the text unchanged.
    fn borrowed(&self, slice: &str) -> Option<Span> {
        let start = (slice.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize)?;
        (start + slice.len() <= self.text.len())
            .then(|| Span::from_usize(start, start + slice.len()))
            .map(|span| Span::new(span.start + self.base, span.end + self.base))
    }

    /// Returns the `|` or `>` that begins a block scalar. The parser reports the start of the content; the indicator is the first one after
    /// the previous token, past properties and comments.
    fn block_header(&self, content: u32) -> u32 {
        let from = (self.last_end - self.base) as usize;
        let to = ((content - self.base) as usize).max(from);
        let Some(gap) = self.text.get(from..to) else { return content };
        let mut chars = gap.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            match c {
                '|' | '>' => return self.base + offset(from + at),
                '#' => while chars.next_if(|(_, c)| *c != '\n').is_some() {},
                '&' | '!' => while chars.next_if(|(_, c)| !c.is_whitespace()).is_some() {},
                _ => {}
            }
        }
        content
    }

    fn collection(&mut self, kind: NodeKind, style: StructureStyle, tagged: bool, span: Span) -> Step {
        if self.is_at_depth_limit() {
            self.problems.push(Problem::TooDeep { span: self.visible(span), limit: self.limits.depth });
            return Step::SkipDocument;
        }
        let style = if style == StructureStyle::Flow { NodeStyle::Flow } else { NodeStyle::Block };
        self.open(kind, style, tagged, span);
        Step::Next
    }

    /// Returns `span`, or the character at its start if it is empty.
    fn visible(&self, span: Span) -> Span {
        let rest = self.text.get((span.start - self.base) as usize..).unwrap_or("");
        match rest.chars().next() {
            Some(first) if span.is_empty() => Span::new(span.start, span.start + offset(first.len_utf8())),
            _ => span,
        }
    }
}

#[derive(PartialEq, Eq)]
enum Step {
    Next,
    SkipDocument,
}

/// Returns the type that an explicit core-schema tag asks for.
fn core_tag(tag: Option<&Tag>) -> Option<ScalarType> {
    match tag?.core_suffix()? {
        "str" => Some(ScalarType::String),
        "int" => Some(ScalarType::Integer),
        "float" => Some(ScalarType::Float),
        "bool" => Some(ScalarType::Bool),
        "null" => Some(ScalarType::Null),
        _ => None,
    }
}

fn syntax_problem(error: &ScanError, base: u32, length: usize, depth: u32) -> Problem {
    let at = error.marker().byte_offset().unwrap_or(length).min(length);
    let span = Span::empty(base + offset(at));
    if *error.kind() == ErrorKind::RecursionLimitExceeded {
        return Problem::TooDeep { span, limit: depth };
    }
    Problem::Syntax(SyntaxError { span, reason: error.info() })
}
