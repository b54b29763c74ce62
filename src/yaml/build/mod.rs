//! From parser events to a [`Tree`].

mod aliases;
mod mappings;

use std::borrow::Cow;
use std::sync::Arc;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, StrInput, StructureStyle, Tag};
use rustc_hash::FxHashMap;

use crate::text::{Source, Span, offset};
use crate::yaml::problem::{Problem, SyntaxError};
use crate::yaml::scalar::{ScalarType, plain_type};
use crate::yaml::tree::{Anchor, Comment, Document, Entry, EntryKind, Node, NodeId, NodeKind, Style, Text, Tree};

/// Bounds that keep hostile documents from using up memory or stack.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Levels of nesting, counted through aliases.
    pub depth: u32,
    /// Nodes that following all aliases of a document may visit.
    pub alias_nodes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 128, alias_nodes: 100_000 }
    }
}

/// How a text is cut into documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// As a YAML stream: `---` parts documents.
    Stream,
    /// One document per line (JSON Lines).
    Lines,
}

/// Reads a text. Never fails: what is wrong is in each document's [`problems`](Document::problems), and a document that is
/// not YAML does not keep the next one from being read.
#[must_use]
pub fn parse(source: Arc<Source>, limits: Limits, framing: Framing) -> Tree {
    let text = source.text();
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let text = &text[start..];
    let mut tree = Parts::for_text(text);
    match framing {
        Framing::Stream => {
            let mut builder = Builder::new(tree, text, offset(start), limits);
            builder.run();
            tree = builder.tree;
        }
        Framing::Lines => {
            let mut base = start;
            for line in text.split_inclusive('\n') {
                if !line.trim().is_empty() {
                    let mut builder = Builder::new(tree, line, offset(base), limits);
                    builder.run();
                    tree = builder.tree;
                }
                base += line.len();
            }
        }
    }
    tree.comments.sort_by_key(|comment| comment.span.start);
    tree.comments.dedup();
    tree.into_tree(source)
}

/// The tree's parts while they grow.
struct Parts {
    nodes: Vec<Node>,
    entries: Vec<Entry>,
    items: Vec<NodeId>,
    strings: Vec<Box<str>>,
    comments: Vec<Comment>,
    anchors: Vec<Anchor>,
    documents: Vec<Document>,
}

impl Parts {
    fn for_text(text: &str) -> Self {
        // Documents have a node for every dozen of bytes; to move them all once costs more than a few that are never used.
        let guess = text.len() / 10;
        Self {
            nodes: Vec::with_capacity(guess),
            entries: Vec::with_capacity(guess / 2),
            items: Vec::with_capacity(guess / 8),
            strings: Vec::new(),
            comments: Vec::new(),
            anchors: Vec::new(),
            documents: Vec::new(),
        }
    }

    fn into_tree(self, source: Arc<Source>) -> Tree {
        let Self { mut nodes, mut entries, mut items, strings, comments, anchors, documents } = self;
        // The trees of a workspace are kept all together.
        nodes.shrink_to_fit();
        entries.shrink_to_fit();
        items.shrink_to_fit();
        Tree { source, nodes, entries, items, strings, comments, anchors, documents }
    }
}

/// A collection that has been opened and not yet closed.
struct Frame {
    node: NodeId,
    is_mapping: bool,
    /// Where its children begin in `Builder::pending`.
    base: usize,
    /// Index of its anchor, if it has one.
    anchor: Option<usize>,
    size: u64,
    height: u32,
}

struct Builder<'s> {
    text: &'s str,
    /// Offset of `text` in the source: the length of a byte order mark.
    base: u32,
    limits: Limits,
    tree: Parts,
    frames: Vec<Frame>,
    pending: Vec<NodeId>,
    /// Parser's anchor id → index in `tree.anchors`.
    anchor_ids: FxHashMap<usize, usize>,
    /// Where the anchors of this document begin in `tree.anchors`.
    first_anchor: usize,
    problems: Vec<Problem>,
    root: Option<NodeId>,
    document_start: u32,
    /// Where the nodes of this document begin in `tree.nodes`.
    first_node: u32,
    /// End of the last token, from which the `|` of a block scalar is looked for.
    last_end: u32,
    alias_nodes: u64,
    in_document: bool,
}

impl<'s> Builder<'s> {
    fn new(tree: Parts, text: &'s str, base: u32, limits: Limits) -> Self {
        let first_anchor = tree.anchors.len();
        let first_node = offset(tree.nodes.len());
        Self {
            text,
            base,
            limits,
            tree,
            frames: Vec::with_capacity(16),
            pending: Vec::with_capacity(64),
            anchor_ids: FxHashMap::default(),
            first_anchor,
            problems: Vec::new(),
            root: None,
            document_start: base,
            first_node,
            last_end: base,
            alias_nodes: 0,
            in_document: false,
        }
    }

    fn run(&mut self) {
        let limit = self.limits.depth as usize;
        let options = granit_parser::options! {
            emit_anchor_events: true,
            emit_unresolved_aliases: true,
            max_buffered_comment_events: 1 << 20,
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

    /// Gives the current document up and moves to the next; false when there is none.
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

    fn span(&self, span: &granit_parser::Span) -> Span {
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
                return self.open(false, style, tag.is_some(), span);
            }
            Event::MappingStart(style, _, tag) => {
                self.code_tag(tag.as_deref(), at);
                return self.open(true, style, tag.is_some(), span);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Anchor(id, name) => self.anchor(id, &name, span),
            Event::Alias(id) => self.alias(id, span),
            Event::UnresolvedAlias(name) => self.undefined_alias(&name, span),
            _ => {}
        }
        Step::Next
    }

    fn push(&mut self, span: Span, kind: NodeKind, style: Style, text: Text, tagged: bool) -> NodeId {
        let id = NodeId(offset(self.tree.nodes.len()));
        self.tree.nodes.push(Node::new(span, kind, style, text, tagged));
        match self.frames.last_mut() {
            Some(frame) => {
                frame.size += 1;
                self.pending.push(id);
            }
            None => self.root = Some(id),
        }
        id
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
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted => Style::SingleQuoted,
            ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
        };
        if matches!(style, Style::Literal | Style::Folded) {
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

    /// The place of a value that the parser took over from the text unchanged.
    fn borrowed(&self, slice: &str) -> Option<Span> {
        let start = (slice.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize)?;
        (start + slice.len() <= self.text.len())
            .then(|| Span::from_usize(start, start + slice.len()))
            .map(|span| Span::new(span.start + self.base, span.end + self.base))
    }

    /// The `|` or `>` that begins a block scalar. The parser gives the start of the content; the indicator is the first one after
    /// the token before, behind properties and comments.
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

    fn open(&mut self, is_mapping: bool, style: StructureStyle, tagged: bool, span: Span) -> Step {
        if self.frames.len() >= self.limits.depth as usize {
            self.problems.push(Problem::TooDeep { span: self.visible(span), limit: self.limits.depth });
            return Step::SkipDocument;
        }
        let kind = if is_mapping { NodeKind::Mapping } else { NodeKind::Sequence };
        let style = if style == StructureStyle::Flow { Style::Flow } else { Style::Block };
        let node = self.push(span, kind, style, Text::None, tagged);
        self.frames.push(Frame { node, is_mapping, base: self.pending.len(), anchor: None, size: 1, height: 0 });
        self.last_end = span.end;
        Step::Next
    }

    /// `span`, or the character at its start when it covers none.
    fn visible(&self, span: Span) -> Span {
        let rest = self.text.get((span.start - self.base) as usize..).unwrap_or("");
        match rest.chars().next() {
            Some(first) if span.is_empty() => Span::new(span.start, span.start + offset(first.len_utf8())),
            _ => span,
        }
    }

    fn close(&mut self, end: Span) {
        let Some(frame) = self.frames.pop() else { return };
        let children = if frame.is_mapping { self.close_mapping(&frame) } else { self.close_sequence(&frame) };
        let index = frame.node.0 as usize;
        let flow = self.tree.nodes[index].style == Style::Flow;
        let span =
            if flow { self.tree.nodes[index].span.to(end) } else { self.block_span(children, frame.is_mapping, end) };
        let node = &mut self.tree.nodes[index];
        node.span = span;
        node.set_children(children);
        if flow {
            self.last_end = span.end;
        }
        if let Some(anchor) = frame.anchor.and_then(|anchor| self.tree.anchors.get_mut(anchor)) {
            anchor.closed = true;
            anchor.size = frame.size;
            anchor.height = frame.height + 1;
        }
        if let Some(parent) = self.frames.last_mut() {
            parent.size = parent.size.saturating_add(frame.size);
            parent.height = parent.height.max(frame.height + 1);
        }
    }

    /// A block collection from its first child to the end of its last: the parser's own end is at the next token.
    fn block_span(&self, children: (u32, u32), is_mapping: bool, end: Span) -> Span {
        let (first, last) = (children.0 as usize, children.1 as usize);
        let span_of = |id: NodeId| self.tree.nodes[id.0 as usize].span;
        let children = if is_mapping {
            let own = self.tree.entries[first..last].iter().filter(|entry| entry.kind != EntryKind::Merged);
            own.map(|entry| span_of(entry.key).to_written(span_of(entry.value))).reduce(Span::to)
        } else {
            let items = self.tree.items[first..last].iter().map(|item| span_of(*item));
            items.reduce(Span::to)
        };
        children.unwrap_or(end)
    }

    fn close_sequence(&mut self, frame: &Frame) -> (u32, u32) {
        let start = self.tree.items.len();
        for (slot, item) in self.pending.drain(frame.base..).enumerate() {
            let node = &mut self.tree.nodes[item.0 as usize];
            node.parent = frame.node;
            node.slot = offset(slot);
            self.tree.items.push(item);
        }
        (offset(start), offset(self.tree.items.len()))
    }

    fn finish_document(&mut self, end: u32) {
        let anchors = self.tree.anchors[self.first_anchor..].iter().enumerate();
        let unused = anchors.filter(|(_, anchor)| anchor.uses == 0).map(|(index, _)| index + self.first_anchor);
        let failed = self.problems.iter().any(|problem| matches!(problem, Problem::Syntax(_)));
        let unused: Vec<_> = unused.filter(|_| !failed).map(|anchor| Problem::UnusedAnchor { anchor }).collect();
        self.problems.extend(unused);
        let span = match self.root {
            Some(root) => self.tree.nodes[root.0 as usize].span,
            None => Span::new(self.document_start, end),
        };
        let problems = std::mem::take(&mut self.problems);
        let nodes = (self.first_node, offset(self.tree.nodes.len()));
        self.first_node = nodes.1;
        self.tree.documents.push(Document { root: self.root.take(), span, problems, nodes });
        self.first_anchor = self.tree.anchors.len();
        self.anchor_ids.clear();
        self.frames.clear();
        self.pending.clear();
        self.alias_nodes = 0;
        self.in_document = false;
        self.document_start = end;
        self.last_end = end;
    }
}

impl Span {
    /// This span together with `other`, unless nothing is written there.
    fn to_written(self, other: Self) -> Self {
        if other.is_empty() { self } else { self.to(other) }
    }
}

#[derive(PartialEq, Eq)]
enum Step {
    Next,
    SkipDocument,
}

/// The type that an explicit core-schema tag asks for.
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
