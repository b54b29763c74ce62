//! From parser events to a [`Tree`].

use std::borrow::Cow;
use std::sync::Arc;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, StrInput, StructureStyle, Tag};
use rustc_hash::FxHashMap;

use super::problem::{Problem, SyntaxError};
use super::scalar::{ScalarType, plain_type};
use super::tree::{Anchor, Comment, Document, Entry, EntryKind, Node, NodeId, NodeKind, Style, Text, Tree};
use crate::text::{Source, Span, offset};

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

/// Mappings with more keys than this look their duplicates up in a table.
const SMALL_MAPPING: usize = 16;

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
        let guess = text.len() / 16;
        Self {
            nodes: Vec::with_capacity(guess),
            entries: Vec::with_capacity(guess / 3),
            items: Vec::new(),
            strings: Vec::new(),
            comments: Vec::new(),
            anchors: Vec::new(),
            documents: Vec::new(),
        }
    }

    fn into_tree(self, source: Arc<Source>) -> Tree {
        let Self { nodes, entries, items, strings, comments, anchors, documents } = self;
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
            frames: Vec::new(),
            pending: Vec::new(),
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
                    if self.event(event, span) == Step::SkipDocument && !self.recover(&mut parser) {
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
            Some(Ok((_, span))) => self.span(*span).start,
            _ => self.base + offset(self.text.len()),
        };
        self.finish_document(end);
        matches!(next, Ok(true))
    }

    fn span(&self, span: granit_parser::Span) -> Span {
        let range = span.byte_range().unwrap_or(0..0);
        Span::new(self.base + offset(range.start), self.base + offset(range.end))
    }

    fn event(&mut self, event: Event<'s>, at: granit_parser::Span) -> Step {
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
        let node =
            Node { span, parent: NodeId::NONE, slot: 0, kind, style, text, children: (0, 0), tagged, is_key: false };
        self.tree.nodes.push(node);
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
        let text = match self.borrowed(&value) {
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
    fn borrowed(&self, value: &Cow<'s, str>) -> Option<Span> {
        let Cow::Borrowed(slice) = value else { return None };
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
        node.children = children;
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

    fn close_mapping(&mut self, frame: &Frame) -> (u32, u32) {
        let start = self.tree.entries.len();
        let mut merges = false;
        let pairs = (self.pending.len() - frame.base) / 2;
        for slot in 0..pairs {
            let (key, value) = (self.pending[frame.base + 2 * slot], self.pending[frame.base + 2 * slot + 1]);
            for id in [key, value] {
                let node = &mut self.tree.nodes[id.0 as usize];
                node.parent = frame.node;
                node.slot = offset(slot);
            }
            self.tree.nodes[key.0 as usize].is_key = true;
            let is_merge = self.tree.nodes[key.0 as usize].style == Style::Plain && self.key_text(key) == "<<";
            merges |= is_merge;
            let kind = if is_merge { EntryKind::MergeKey } else { EntryKind::Own };
            self.tree.entries.push(Entry { key, value, kind });
        }
        self.pending.truncate(frame.base);
        self.shadow_duplicates(start);
        if merges {
            self.merge(start);
        }
        (offset(start), offset(self.tree.entries.len()))
    }

    fn key_text(&self, key: NodeId) -> &str {
        let slice = |span: Span| {
            self.text.get((span.start - self.base) as usize..(span.end - self.base) as usize).unwrap_or("")
        };
        let node = &self.tree.nodes[key.0 as usize];
        let node = match node.kind {
            NodeKind::Alias(target) => &self.tree.nodes[target.0 as usize],
            _ => node,
        };
        match node.text {
            Text::Source(span) => slice(span),
            Text::Owned(index) => &self.tree.strings[index as usize],
            Text::None => slice(node.span),
        }
    }

    fn shadow_duplicates(&mut self, start: usize) {
        let count = self.tree.entries.len() - start;
        let mut duplicates: Vec<(usize, usize)> = Vec::new();
        if count <= SMALL_MAPPING {
            for again in start + 1..start + count {
                let text = self.key_text(self.tree.entries[again].key);
                let same = |first: &usize| self.key_text(self.tree.entries[*first].key) == text;
                if let Some(first) = (start..again).rev().find(same) {
                    duplicates.push((first, again));
                }
            }
        } else {
            let mut seen: FxHashMap<&str, usize> = FxHashMap::default();
            for again in start..start + count {
                if let Some(first) = seen.insert(self.key_text(self.tree.entries[again].key), again) {
                    duplicates.push((first, again));
                }
            }
        }
        for (first, again) in duplicates {
            if self.tree.entries[first].kind == EntryKind::MergeKey {
                continue;
            }
            self.tree.entries[first].kind = EntryKind::Shadowed;
            let (first, again) = (self.tree.entries[first].key, self.tree.entries[again].key);
            self.problems.push(Problem::DuplicateKey { first, again });
        }
    }

    /// Appends the entries that `<<` takes over: those whose key is not there yet, from the first source that has it
    /// (<https://yaml.org/type/merge.html>).
    fn merge(&mut self, start: usize) {
        let mut sources = Vec::new();
        for entry in self.tree.entries[start..].iter().filter(|entry| entry.kind == EntryKind::MergeKey) {
            let value = self.target(entry.value);
            let node = &self.tree.nodes[value.0 as usize];
            match node.kind {
                NodeKind::Mapping => sources.push(node.children),
                NodeKind::Sequence => {
                    let items = &self.tree.items[node.children.0 as usize..node.children.1 as usize];
                    for item in items.iter().map(|item| &self.tree.nodes[self.target(*item).0 as usize]) {
                        if item.kind == NodeKind::Mapping {
                            sources.push(item.children);
                        }
                    }
                }
                _ => {}
            }
        }
        let mut known: FxHashMap<String, ()> = FxHashMap::default();
        for entry in &self.tree.entries[start..] {
            known.insert(self.key_text(entry.key).to_owned(), ());
        }
        for (first, last) in sources {
            for index in first..last {
                let entry = self.tree.entries[index as usize];
                if !entry.is_live() || known.insert(self.key_text(entry.key).to_owned(), ()).is_some() {
                    continue;
                }
                self.alias_nodes += 1;
                if self.alias_nodes > self.limits.alias_nodes {
                    let key = self.tree.entries[start].key;
                    return self.expansion_limit(self.tree.nodes[key.0 as usize].span);
                }
                self.tree.entries.push(Entry { kind: EntryKind::Merged, ..entry });
            }
        }
    }

    fn target(&self, id: NodeId) -> NodeId {
        match self.tree.nodes[id.0 as usize].kind {
            NodeKind::Alias(target) => target,
            _ => id,
        }
    }

    /// The parser names an anchor right after the start of its node.
    fn anchor(&mut self, id: usize, name: &str, span: Span) {
        let node = NodeId(offset(self.tree.nodes.len().saturating_sub(1)));
        let index = self.tree.anchors.len();
        let is_scalar = matches!(self.tree.nodes.last(), Some(Node { kind: NodeKind::Scalar(_), .. }));
        self.tree.anchors.push(Anchor {
            name: name.to_owned(),
            span,
            node,
            uses: 0,
            size: 1,
            height: 0,
            closed: is_scalar,
        });
        self.anchor_ids.insert(id, index);
        if !is_scalar && let Some(frame) = self.frames.last_mut() {
            frame.anchor = Some(index);
        }
    }

    fn alias(&mut self, id: usize, span: Span) {
        self.last_end = span.end;
        let depth = offset(self.frames.len());
        let Some(anchor) = self.anchor_ids.get(&id).and_then(|index| self.tree.anchors.get_mut(*index)) else {
            return self.null_alias(span);
        };
        anchor.uses += 1;
        if !anchor.closed {
            let name = anchor.name.clone();
            self.problems.push(Problem::CyclicAlias { span, name });
            return self.null_alias(span);
        }
        let (target, size, height) = (anchor.node, anchor.size, anchor.height);
        if depth + height > self.limits.depth {
            self.problems.push(Problem::TooDeep { span, limit: self.limits.depth });
            return self.null_alias(span);
        }
        self.alias_nodes = self.alias_nodes.saturating_add(size);
        if self.alias_nodes > self.limits.alias_nodes {
            self.expansion_limit(span);
            return self.null_alias(span);
        }
        let style = Style::Plain;
        self.push(span, NodeKind::Alias(target), style, Text::None, false);
        if let Some(frame) = self.frames.last_mut() {
            frame.size = frame.size.saturating_add(size);
            frame.height = frame.height.max(height);
        }
    }

    /// Notes, once a document, that its aliases visit too many nodes.
    fn expansion_limit(&mut self, span: Span) {
        let limit = self.limits.alias_nodes;
        if !self.problems.iter().any(|problem| matches!(problem, Problem::AliasExpansion { .. })) {
            self.problems.push(Problem::AliasExpansion { span, limit });
        }
    }

    /// An alias that leads nowhere reads as null, so that the rest of the document can be checked.
    fn null_alias(&mut self, span: Span) {
        self.push(span, NodeKind::Scalar(ScalarType::Null), Style::Plain, Text::Source(span), false);
    }

    fn undefined_alias(&mut self, name: &str, span: Span) {
        let names = self.tree.anchors[self.first_anchor..].iter().map(|anchor| anchor.name.as_str());
        let nearest = names.min_by_key(|known| strsim::damerau_levenshtein(known, name));
        let nearest = nearest.filter(|known| strsim::damerau_levenshtein(known, name) <= 2).map(str::to_owned);
        self.problems.push(Problem::UndefinedAlias { span, name: name.to_owned(), nearest });
        self.last_end = span.end;
        self.null_alias(span);
    }

    fn code_tag(&mut self, tag: Option<&Tag>, at: granit_parser::Span) {
        if let (Some(tag), Some(span)) = (tag, at.tag_span()) {
            let name = tag.core_suffix().unwrap_or_else(|| tag.suffix());
            if ["python/", "ruby/", "java/", "javax.", "php/", "perl/"].iter().any(|prefix| name.starts_with(prefix)) {
                let span = self.span(span);
                self.problems.push(Problem::CodeTag { span });
            }
        }
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
