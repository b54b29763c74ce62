//! From text to a [`Tree`]: [`direct`]ly if the text is common YAML, otherwise by way of the parser's [`events`].

mod aliases;
mod deletes;
mod direct;
mod events;
mod mappings;

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::text::{Source, Span, offset};
use crate::yaml::node::{Node, NodeId, NodeKind, NodeStyle, Text};
use crate::yaml::problem::Problem;
use crate::yaml::tree::{Anchor, Comment, Entry, EntryKind, Tree, TreeDocument};

/// Limits that keep hostile documents from exhausting memory or stack.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Levels of nesting, counted through aliases.
    pub depth: u32,
    /// The most nodes that following all aliases of a document may visit.
    pub alias_nodes: u64,
    /// The most documents in one text.
    pub documents: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 128, alias_nodes: 100_000, documents: 200_000 }
    }
}

/// How a text is divided into documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// As a YAML stream: `---` separates documents.
    Stream,
    /// One document per line (JSON Lines).
    Lines,
}

/// Reads a text. Never fails: errors are in each document's [`problems`](TreeDocument::problems), and a document that is
/// not YAML does not keep the next one from being read.
#[must_use]
pub fn parse(source: Arc<Source>, limits: Limits, framing: Framing) -> Tree {
    read(source, limits, framing, |builder| {
        let before = builder.tree.lengths();
        if builder.read_directly().is_none() {
            builder.forget(before);
            builder.read_events();
        }
    })
}

/// Returns what [`parse`] returns if every text is left to the parser: the reference for the tree. For tests.
#[doc(hidden)]
#[must_use]
pub fn parse_by_events(source: Arc<Source>, limits: Limits, framing: Framing) -> Tree {
    read(source, limits, framing, |builder| builder.read_events())
}

/// Returns what [`parse`] returns without the parser; `None` if the parser is needed. For tests.
#[doc(hidden)]
#[must_use]
pub fn parse_directly(source: Arc<Source>, limits: Limits, framing: Framing) -> Option<Tree> {
    let mut is_read = true;
    let tree = read(source, limits, framing, |builder| is_read = is_read && builder.read_directly().is_some());
    is_read.then_some(tree)
}

fn read(source: Arc<Source>, limits: Limits, framing: Framing, mut read: impl FnMut(&mut Builder)) -> Tree {
    let (parts, substitute) = deletes::read(source.text(), |text| read_parts(text, limits, framing, &mut read));
    let mut tree = parts.into_tree(source, framing);
    if let Some(substitute) = substitute {
        deletes::restore(&mut tree, substitute);
    }
    tree
}

/// Reads each part of a text that is a YAML stream of its own.
fn read_parts(text: &str, limits: Limits, framing: Framing, read: &mut impl FnMut(&mut Builder)) -> Parts {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let end = end_of_documents(text, limits.documents, framing);
    let (text, rest) = (&text[start..end], Span::from_usize(end, text.len()));
    let mut builder = Builder::new(text, offset(start), limits);
    match framing {
        Framing::Stream => read(&mut builder),
        Framing::Lines => {
            let mut base = start;
            for line in text.split_inclusive(['\n', '\r']) {
                if !line.trim().is_empty() {
                    builder.go_on_with(line, offset(base));
                    read(&mut builder);
                }
                base += line.len();
            }
        }
    }
    let mut tree = builder.tree;
    tree.comments.sort_by_key(|comment| comment.span.start);
    tree.comments.dedup();
    if !rest.is_empty() {
        let problems = vec![Problem::TooManyDocuments { span: rest, limit: limits.documents }];
        let nodes = offset(tree.nodes.len());
        tree.documents.push(TreeDocument { root: None, span: rest, problems, nodes: (nodes, nodes) });
    }
    tree
}

/// Returns the end of the first `most` documents. A document takes a hundred times the memory of the three hyphens that begin it.
fn end_of_documents(text: &str, most: usize, framing: Framing) -> usize {
    let bytes = text.as_bytes();
    let end = match framing {
        Framing::Stream => memchr::memmem::find_iter(bytes, b"\n---").nth(most).map(|at| at + 1),
        Framing::Lines => memchr::memchr_iter(b'\n', bytes).nth(most.saturating_sub(1)).map(|at| at + 1),
    };
    end.unwrap_or(text.len())
}

/// The parts of the tree, while it is built.
struct Parts {
    nodes: Vec<Node>,
    entries: Vec<Entry>,
    items: Vec<NodeId>,
    strings: Vec<Box<str>>,
    comments: Vec<Comment>,
    anchors: Vec<Anchor>,
    documents: Vec<TreeDocument>,
}

impl Parts {
    fn for_text(text: &str) -> Self {
        // Documents have a node for every dozen bytes; moving all of them once costs more than a few that are never used.
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

    /// Returns the lengths of everything that [`direct`] appends to.
    fn lengths(&self) -> [usize; 6] {
        let Self { nodes, entries, items, strings, comments, documents, anchors: _ } = self;
        [nodes.len(), entries.len(), items.len(), strings.len(), comments.len(), documents.len()]
    }

    fn truncate(&mut self, [nodes, entries, items, strings, comments, documents]: [usize; 6]) {
        self.nodes.truncate(nodes);
        self.entries.truncate(entries);
        self.items.truncate(items);
        self.strings.truncate(strings);
        self.comments.truncate(comments);
        self.documents.truncate(documents);
    }

    fn into_tree(self, source: Arc<Source>, framing: Framing) -> Tree {
        let Self { mut nodes, mut entries, mut items, strings, comments, anchors, mut documents } = self;
        // All trees of a workspace are kept in memory.
        nodes.shrink_to_fit();
        entries.shrink_to_fit();
        items.shrink_to_fit();
        documents.shrink_to_fit();
        Tree {
            source,
            framing,
            nodes,
            entries,
            items,
            strings,
            comments,
            anchors,
            documents,
            canonical: Vec::new(),
            is_placed: false,
        }
    }
}

/// A collection that has been opened and not yet closed.
struct Frame {
    node: NodeId,
    is_mapping: bool,
    /// Start of its children in `Builder::pending`.
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
    /// The parser's anchor id → index in `tree.anchors`.
    anchor_ids: FxHashMap<usize, usize>,
    /// Start of this document's anchors in `tree.anchors`.
    first_anchor: usize,
    problems: Vec<Problem>,
    root: Option<NodeId>,
    document_start: u32,
    /// Start of this document's nodes in `tree.nodes`.
    first_node: u32,
    /// End of the last token, from which the `|` of a block scalar is searched.
    last_end: u32,
    alias_nodes: u64,
    in_document: bool,
}

impl<'s> Builder<'s> {
    fn new(text: &'s str, base: u32, limits: Limits) -> Self {
        Self {
            text,
            base,
            limits,
            tree: Parts::for_text(text),
            frames: Vec::with_capacity(16),
            pending: Vec::with_capacity(64),
            anchor_ids: FxHashMap::default(),
            first_anchor: 0,
            problems: Vec::new(),
            root: None,
            document_start: base,
            first_node: 0,
            last_end: base,
            alias_nodes: 0,
            in_document: false,
        }
    }

    /// Continues with the next part of the source.
    fn go_on_with(&mut self, text: &'s str, base: u32) {
        self.text = text;
        self.base = base;
        self.document_start = base;
        self.last_end = base;
    }

    /// Discards what was read of this part.
    fn forget(&mut self, before: [usize; 6]) {
        self.tree.truncate(before);
        self.first_node = offset(self.tree.nodes.len());
        self.frames.clear();
        self.pending.clear();
        self.problems.clear();
        self.root = None;
        self.alias_nodes = 0;
        self.go_on_with(self.text, self.base);
    }

    fn push(&mut self, span: Span, kind: NodeKind, style: NodeStyle, text: Text, tagged: bool) -> NodeId {
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

    fn is_at_depth_limit(&self) -> bool {
        self.frames.len() >= self.limits.depth as usize
    }

    fn open(&mut self, kind: NodeKind, style: NodeStyle, tagged: bool, span: Span) {
        let node = self.push(span, kind, style, Text::None, tagged);
        let is_mapping = kind == NodeKind::Mapping;
        self.frames.push(Frame { node, is_mapping, base: self.pending.len(), anchor: None, size: 1, height: 0 });
        self.last_end = span.end;
    }

    fn close(&mut self, end: Span) {
        let Some(frame) = self.frames.pop() else { return };
        let children = if frame.is_mapping { self.close_mapping(&frame) } else { self.close_sequence(&frame) };
        let index = frame.node.0 as usize;
        let flow = self.tree.nodes[index].style == NodeStyle::Flow;
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

    /// Returns the span of a block collection, from its first child to the end of its last: the parser's own end is at the next token.
    fn block_span(&self, children: (u32, u32), is_mapping: bool, end: Span) -> Span {
        let (first, last) = (children.0 as usize, children.1 as usize);
        let span_of = |id: NodeId| self.tree.nodes[id.0 as usize].span;
        // They are in the order of the text, except merged entries, which are last.
        let ends = if is_mapping {
            let entries = &self.tree.entries[first..last];
            let of = |entry: &Entry| span_of(entry.key).to_written(span_of(entry.value));
            let last = entries.iter().rfind(|entry| entry.kind != EntryKind::Merged);
            entries.first().zip(last).map(|(first, last)| of(first).to(of(last)))
        } else {
            let items = &self.tree.items[first..last];
            items.first().zip(items.last()).map(|(first, last)| span_of(*first).to(span_of(*last)))
        };
        ends.unwrap_or(end)
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
        self.tree.documents.push(TreeDocument { root: self.root.take(), span, problems, nodes });
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
    /// Returns the smallest span that covers this one and `other`, or this one if `other` is empty.
    fn to_written(self, other: Self) -> Self {
        if other.is_empty() { self } else { self.to(other) }
    }
}
