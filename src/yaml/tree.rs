//! The tree: an arena of nodes, each of which knows its place in the text.

use std::sync::Arc;

use super::build::Framing;
use super::node::{Node, NodeId, NodeKind, NodeStyle, Text};
use super::problem::Problem;
use super::scalar::{Number, ScalarType};
use crate::text::{Source, Span};

/// Where an entry comes from, and whether readers see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// Written in this mapping.
    Own,
    /// Merged from a mapping that `<<` names.
    Merged,
    /// The `<<` entry itself; its value's entries follow as [`EntryKind::Merged`].
    MergeKey,
    /// Written in this mapping, but a later entry has the same key.
    Shadowed,
}

/// A key and its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: NodeId,
    /// The value.
    pub value: NodeId,
    /// Where it comes from.
    pub kind: EntryKind,
}

impl Entry {
    /// Returns whether readers see this entry.
    #[must_use]
    pub fn is_live(&self) -> bool {
        matches!(self.kind, EntryKind::Own | EntryKind::Merged)
    }
}

/// A comment, from `#` to the end of its line. In JSON, a line of a comment of JavaScript.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Its place.
    pub span: Span,
}

/// `&name` and the node it marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// The name, without `&`.
    pub name: String,
    /// `&name` in the text.
    pub span: Span,
    /// The node.
    pub node: NodeId,
    /// How many aliases refer to it.
    pub uses: u32,
    /// The number of nodes visited by following one alias to it.
    pub(super) size: u64,
    /// Levels of nesting below it.
    pub(super) height: u32,
    /// Whether the node is complete, or still being read.
    pub(super) closed: bool,
}

/// One document of a text.
#[derive(Debug, PartialEq, Eq)]
pub struct TreeDocument {
    /// Its content; `None` if it is empty or not YAML.
    pub root: Option<NodeId>,
    /// From its first to its last byte.
    pub span: Span,
    /// Its YAML problems, in the order of the text.
    pub problems: Vec<Problem>,
    /// Its nodes in the arena.
    pub(super) nodes: (u32, u32),
}

/// The end of the canonical name of a key that stands for no field, although it is called like one.
const NO_FIELD: &str = " (no field)";

/// Returns the canonical name of keys that stand for no field, although they are called like one.
#[must_use]
pub fn as_no_field(name: &str) -> String {
    format!("{name}{NO_FIELD}")
}

fn is_no_field(name: &str) -> bool {
    name.ends_with(NO_FIELD)
}

/// A text as a tree. The nodes of all its documents share one arena.
#[derive(Debug)]
pub struct Tree {
    pub(super) source: Arc<Source>,
    pub(super) framing: Framing,
    pub(super) nodes: Vec<Node>,
    pub(super) entries: Vec<Entry>,
    pub(super) items: Vec<NodeId>,
    pub(super) strings: Vec<Box<str>>,
    pub(super) comments: Vec<Comment>,
    pub(super) anchors: Vec<Anchor>,
    pub(super) documents: Vec<TreeDocument>,
    /// Keys that spell the name of a field differently, and that field, sorted by key.
    pub(super) canonical: Vec<(NodeId, &'static str)>,
    /// Whether the nodes stand in another text than the one that was read.
    pub(super) is_placed: bool,
}

/// Whether two texts were read alike, down to the layout of the arenas; the texts themselves are not compared.
impl PartialEq for Tree {
    fn eq(&self, other: &Self) -> bool {
        let Self { source: _, framing: _, canonical: _, is_placed: _, nodes, entries, items, strings, .. } = self;
        let Self { comments, anchors, documents, .. } = self;
        (nodes, entries, items, strings) == (&other.nodes, &other.entries, &other.items, &other.strings)
            && (comments, anchors, documents) == (&other.comments, &other.anchors, &other.documents)
    }
}

impl Tree {
    /// Replaces the text, by one in which all values stand at the same places, and that has comments where the former had spaces.
    #[must_use]
    pub fn with_comments(mut self, source: Arc<Source>, comments: Vec<Span>) -> Self {
        self.comments.extend(comments.into_iter().map(|span| Comment { span }));
        self.comments.sort_by_key(|comment| comment.span.start);
        Self { source, ..self }
    }

    pub(super) fn at(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// Returns the node itself, or the node that it is an alias of.
    fn resolved(&self, id: NodeId) -> &Node {
        let node = self.at(id);
        node.target().map_or(node, |target| self.at(target))
    }

    fn text_of(&self, node: &Node) -> Option<&str> {
        match node.text() {
            Text::Source(span) => Some(self.source.slice(span)),
            Text::Owned(index) => self.strings.get(index as usize).map(|text| &**text),
            Text::None => None,
        }
    }

    /// Returns the text that the tree was read from.
    #[must_use]
    pub fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// Returns how the text is divided into documents.
    #[must_use]
    pub fn framing(&self) -> Framing {
        self.framing
    }

    /// Returns the documents, in the order of the text.
    #[must_use]
    pub fn documents(&self) -> &[TreeDocument] {
        &self.documents
    }

    /// Returns all comments, in the order of the text.
    #[must_use]
    pub fn comments(&self) -> &[Comment] {
        &self.comments
    }

    /// Returns all anchors, in the order of the text.
    #[must_use]
    pub fn anchors(&self) -> &[Anchor] {
        &self.anchors
    }

    /// Returns the node itself, or the node that it is an alias of.
    #[must_use]
    pub fn resolve(&self, id: NodeId) -> NodeId {
        self.at(id).target().unwrap_or(id)
    }

    /// Returns the kind of a node.
    #[must_use]
    pub fn kind(&self, id: NodeId) -> NodeKind {
        self.at(id).kind()
    }

    /// Returns the style of a node.
    #[must_use]
    pub fn style(&self, id: NodeId) -> NodeStyle {
        self.at(id).style
    }

    /// Returns whether the node carries an explicit tag.
    #[must_use]
    pub fn is_tagged(&self, id: NodeId) -> bool {
        self.at(id).tagged
    }

    /// Returns the span of a node: a scalar with its quotes or `|`, a flow collection with its brackets, a block collection
    /// from its first key to the end of its last value. Empty if the value is omitted.
    #[must_use]
    pub fn span(&self, id: NodeId) -> Span {
        self.at(id).span
    }

    /// Returns the span of the text between the quotes of a quoted scalar; otherwise [`Tree::span`].
    #[must_use]
    pub fn inner_span(&self, id: NodeId) -> Span {
        let node = self.at(id);
        match node.style {
            NodeStyle::SingleQuoted | NodeStyle::DoubleQuoted if node.span.len() >= 2 && !self.is_placed => {
                Span::new(node.span.start + 1, node.span.end - 1)
            }
            _ => node.span,
        }
    }

    /// Returns the collection that holds a node; `None` for a root.
    #[must_use]
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        let parent = self.at(id).parent;
        (parent != NodeId::NONE).then_some(parent)
    }

    /// Returns the entry that holds a node as its key or value.
    #[must_use]
    pub fn entry_of(&self, id: NodeId) -> Option<Entry> {
        let parent = self.parent(id)?;
        let node = self.at(parent);
        if !node.is_mapping() {
            return None;
        }
        self.entries.get((node.children().0 + self.at(id).slot) as usize).copied()
    }

    /// Returns the key of a node, if its parent is a mapping.
    #[must_use]
    pub fn key_of(&self, id: NodeId) -> Option<NodeId> {
        self.entry_of(id).map(|entry| entry.key)
    }

    /// 0-based position of a node in its sequence.
    #[must_use]
    pub fn index_of(&self, id: NodeId) -> Option<u32> {
        let node = self.at(id);
        let parent = self.parent(id)?;
        self.at(parent).is_sequence().then_some(node.slot)
    }

    /// Returns the value of a scalar as text, whatever its type; an alias is followed. `None` for a collection.
    #[must_use]
    pub fn text(&self, id: NodeId) -> Option<&str> {
        self.text_of(self.resolved(id))
    }

    /// Returns the value of a string scalar; an alias is followed.
    #[must_use]
    pub fn string(&self, id: NodeId) -> Option<&str> {
        let node = self.resolved(id);
        if node.scalar_type() == Some(ScalarType::String) { self.text_of(node) } else { None }
    }

    /// Returns the type of a scalar; an alias is followed.
    #[must_use]
    pub fn scalar_type(&self, id: NodeId) -> Option<ScalarType> {
        self.resolved(id).scalar_type()
    }

    /// Returns the value of a number scalar; an alias is followed.
    #[must_use]
    pub fn number(&self, id: NodeId) -> Option<Number> {
        match self.scalar_type(id) {
            Some(ScalarType::Integer | ScalarType::Float) => Number::parse(self.text(id)?),
            _ => None,
        }
    }

    /// Returns the value of a boolean scalar; an alias is followed.
    #[must_use]
    pub fn boolean(&self, id: NodeId) -> Option<bool> {
        (self.scalar_type(id)? == ScalarType::Bool)
            .then(|| self.text(id).is_some_and(|text| text.starts_with(['t', 'T'])))
    }

    /// Returns whether the node is null, or an alias of a null.
    #[must_use]
    pub fn is_null(&self, id: NodeId) -> bool {
        self.scalar_type(id) == Some(ScalarType::Null)
    }

    /// Returns whether the node says nothing: it is null, or text of nothing but blanks.
    #[must_use]
    pub fn is_blank(&self, id: NodeId) -> bool {
        self.is_null(id) || self.string(id).is_some_and(|text| text.trim().is_empty())
    }

    /// Returns whether the node is a mapping, or an alias of one.
    #[must_use]
    pub fn is_mapping(&self, id: NodeId) -> bool {
        self.resolved(id).is_mapping()
    }

    /// Returns whether the node is a sequence, or an alias of one.
    #[must_use]
    pub fn is_sequence(&self, id: NodeId) -> bool {
        self.resolved(id).is_sequence()
    }

    /// Returns every entry of a mapping as written, `<<` and shadowed ones included; empty for other nodes.
    #[must_use]
    pub fn all_entries(&self, id: NodeId) -> &[Entry] {
        let node = self.resolved(id);
        if !node.is_mapping() {
            return &[];
        }
        let (start, end) = node.children();
        self.entries.get(start as usize..end as usize).unwrap_or(&[])
    }

    /// Returns the entries of a mapping that readers see, merged ones included; empty for other nodes.
    pub fn entries(&self, id: NodeId) -> impl Iterator<Item = Entry> + '_ {
        self.all_entries(id).iter().copied().filter(Entry::is_live)
    }

    /// Returns the items of a sequence; empty for other nodes.
    #[must_use]
    pub fn items(&self, id: NodeId) -> &[NodeId] {
        let node = self.resolved(id);
        if !node.is_sequence() {
            return &[];
        }
        let (start, end) = node.children();
        self.items.get(start as usize..end as usize).unwrap_or(&[])
    }

    /// Returns the name of a key as written: a scalar's text, or the source of a key that is a collection.
    #[must_use]
    pub fn key_name(&self, key: NodeId) -> &str {
        self.text(key).unwrap_or_else(|| self.source.slice(self.span(key)))
    }

    /// Returns the name of the field that a key stands for: its canonical name, if it is spelled differently.
    #[must_use]
    pub fn field_name(&self, key: NodeId) -> &str {
        self.canonical_name(key).unwrap_or_else(|| self.key_name(key))
    }

    /// Returns the canonical name of a key that is spelled differently.
    #[must_use]
    pub fn canonical_name(&self, key: NodeId) -> Option<&'static str> {
        if !self.at(key).is_respelled {
            return None;
        }
        let found = self.canonical.binary_search_by_key(&key, |(key, _)| *key).ok()?;
        self.canonical.get(found).map(|(_, name)| *name)
    }

    /// Returns the name of a key in what the document says: that of its field, or as written if it stands for none.
    #[must_use]
    pub fn content_name(&self, key: NodeId) -> &str {
        self.canonical_name(key).filter(|name| !is_no_field(name)).unwrap_or_else(|| self.key_name(key))
    }

    /// Returns whether a key stands for no field, although it is called like one.
    #[must_use]
    pub fn is_no_field(&self, key: NodeId) -> bool {
        self.canonical_name(key).is_some_and(is_no_field)
    }

    /// Returns the keys of a document that are spelled differently from the fields that they stand for, and those fields.
    pub fn canonical_names(&self, document: usize) -> impl Iterator<Item = (NodeId, &'static str)> + '_ {
        let (first, last) = self.documents.get(document).map_or((0, 0), |document| document.nodes);
        let is_field = move |(key, name): &(NodeId, &str)| (first..last).contains(&key.0) && !is_no_field(name);
        self.canonical.iter().copied().filter(is_field)
    }

    /// Sets the canonical names of keys; the first name of a key wins. From now on, mappings answer to those names.
    pub fn name_canonically(&mut self, names: impl IntoIterator<Item = (NodeId, &'static str)>) {
        self.canonical.extend(names);
        self.canonical.sort_by_key(|(key, _)| *key);
        self.canonical.dedup_by_key(|(key, _)| *key);
        for (key, _) in &self.canonical {
            if let Some(node) = self.nodes.get_mut(key.0 as usize) {
                node.is_respelled = true;
            }
        }
    }

    /// Returns the live entry of a mapping whose key stands for this field, in any spelling.
    #[must_use]
    pub fn get(&self, mapping: NodeId, key: &str) -> Option<Entry> {
        let is_named = |entry: &&Entry| {
            let node = self.at(entry.key);
            match node.source() {
                // The length alone tells most keys apart.
                Some(span) if !node.is_respelled => {
                    span.len() as usize == key.len()
                        && self.source.text().as_bytes().get(span.range()) == Some(key.as_bytes())
                }
                _ => self.field_name(entry.key) == key,
            }
        };
        self.all_entries(mapping).iter().filter(is_named).find(|entry| entry.is_live()).copied()
    }

    /// Returns the value that the keys lead to, through mappings and aliases.
    #[must_use]
    pub fn find(&self, from: NodeId, keys: &[&str]) -> Option<NodeId> {
        keys.iter().try_fold(from, |node, key| self.get(node, key).map(|entry| entry.value))
    }

    /// Returns every scalar value of a document, in the order of the text. Keys and aliases are not among them.
    pub fn scalars(&self, document: usize) -> impl Iterator<Item = NodeId> + '_ {
        self.scalars_of(document, false)
    }

    /// Returns every key of a document that is a scalar, in the order of the text. Aliases are not among them.
    pub fn keys(&self, document: usize) -> impl Iterator<Item = NodeId> + '_ {
        self.scalars_of(document, true)
    }

    fn scalars_of(&self, document: usize, are_keys: bool) -> impl Iterator<Item = NodeId> + '_ {
        let (first, last) = self.documents.get(document).map_or((0, 0), |document| document.nodes);
        let nodes = self.nodes.get(first as usize..last as usize).unwrap_or(&[]);
        let is_meant = move |node: &Node| node.scalar_type().is_some() && node.is_key == are_keys;
        (first..).zip(nodes).filter(move |(_, node)| is_meant(node)).map(|(id, _)| NodeId(id))
    }

    /// Returns every node of a document except its root, in the order of the text.
    pub fn nodes(&self, document: usize) -> impl Iterator<Item = NodeId> + '_ {
        let (first, last) = self.documents.get(document).map_or((0, 0), |document| document.nodes);
        let root = self.documents.get(document).and_then(|document| document.root);
        (first..last).map(NodeId).filter(move |id| Some(*id) != root)
    }
}
