//! The nodes of a tree.

use super::scalar::ScalarType;
use crate::text::Span;

/// The identity of a node within its [`Tree`](super::Tree).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(super) u32);

impl NodeId {
    /// Stands for "no node" inside the arena.
    pub(super) const NONE: Self = Self(u32::MAX);

    /// Returns the number that serde carries; see [`from_node`](super::from_node).
    pub(crate) fn to_raw(self) -> u32 {
        self.0
    }

    /// Returns the node with the number that [`NodeId::to_raw`] gave.
    pub(crate) fn from_raw(raw: u32) -> Self {
        Self(raw)
    }
}

/// How a scalar or a collection is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeStyle {
    /// A scalar without quotes.
    Plain,
    /// `'…'`
    SingleQuoted,
    /// `"…"`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
    /// A collection written with indentation.
    Block,
    /// A collection written with brackets or braces.
    Flow,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// One value.
    Scalar(ScalarType),
    /// A list.
    Sequence,
    /// A map.
    Mapping,
    /// A reference to an anchored node.
    Alias(NodeId),
}

/// Where the text of a scalar is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Text {
    /// A slice of the source.
    Source(Span),
    /// Processed text (escapes, folding, indentation): an index into the tree's strings.
    Owned(u32),
    /// Not a scalar.
    None,
}

/// Kept small: a document has many, and all documents of a workspace are in memory at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Node {
    pub span: Span,
    pub parent: NodeId,
    /// Position among the parent's children; for a key and its value, of their entry.
    pub slot: u32,
    /// As `holds` says: where the text is, a range of children, or the target of an alias.
    data: (u32, u32),
    holds: Holds,
    /// The type of a scalar; meaningless for others.
    scalar: ScalarType,
    pub style: NodeStyle,
    pub tagged: bool,
    /// Whether it is the key of an entry.
    pub is_key: bool,
    /// Whether it is a key with a canonical name of its own. Most are not, and need not be looked up among those that are.
    pub is_respelled: bool,
}

/// What the `data` of a node means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    /// A scalar's text: a span of the source.
    Source,
    /// A scalar's text: an index into the tree's strings.
    Owned,
    /// A mapping's children: a range of `entries`.
    Entries,
    /// A sequence's children: a range of `items`.
    Items,
    /// An alias's target.
    Target,
}

impl Node {
    pub(super) fn new(span: Span, kind: NodeKind, style: NodeStyle, text: Text, tagged: bool) -> Self {
        let (scalar, holds, data) = match (kind, text) {
            (NodeKind::Mapping, _) => (ScalarType::Null, Holds::Entries, (0, 0)),
            (NodeKind::Sequence, _) => (ScalarType::Null, Holds::Items, (0, 0)),
            (NodeKind::Alias(target), _) => (ScalarType::Null, Holds::Target, (target.0, 0)),
            (NodeKind::Scalar(scalar), Text::Owned(index)) => (scalar, Holds::Owned, (index, 0)),
            (NodeKind::Scalar(scalar), Text::Source(text)) => (scalar, Holds::Source, (text.start, text.end)),
            (NodeKind::Scalar(scalar), Text::None) => (scalar, Holds::Source, (span.start, span.start)),
        };
        let (parent, slot, is_key, is_respelled) = (NodeId::NONE, 0, false, false);
        Self { span, parent, slot, data, holds, scalar, style, tagged, is_key, is_respelled }
    }

    #[inline]
    pub(super) fn kind(&self) -> NodeKind {
        match self.holds {
            Holds::Source | Holds::Owned => NodeKind::Scalar(self.scalar),
            Holds::Entries => NodeKind::Mapping,
            Holds::Items => NodeKind::Sequence,
            Holds::Target => NodeKind::Alias(NodeId(self.data.0)),
        }
    }

    /// Returns what an alias refers to.
    #[inline]
    pub(super) fn target(&self) -> Option<NodeId> {
        (self.holds == Holds::Target).then_some(NodeId(self.data.0))
    }

    #[inline]
    pub(super) fn is_mapping(&self) -> bool {
        self.holds == Holds::Entries
    }

    #[inline]
    pub(super) fn is_sequence(&self) -> bool {
        self.holds == Holds::Items
    }

    /// Returns the type of a scalar.
    #[inline]
    pub(super) fn scalar_type(&self) -> Option<ScalarType> {
        matches!(self.holds, Holds::Source | Holds::Owned).then_some(self.scalar)
    }

    /// Returns the span of a scalar's text, if it stands in the source as it is.
    #[inline]
    pub(super) fn source(&self) -> Option<Span> {
        (self.holds == Holds::Source).then_some(Span::new(self.data.0, self.data.1))
    }

    #[inline]
    pub(super) fn text(&self) -> Text {
        match self.holds {
            Holds::Source => Text::Source(Span::new(self.data.0, self.data.1)),
            Holds::Owned => Text::Owned(self.data.0),
            Holds::Entries | Holds::Items | Holds::Target => Text::None,
        }
    }

    /// Children: a range of `entries` for a mapping, of `items` for a sequence; none for others.
    #[inline]
    pub(super) fn children(&self) -> (u32, u32) {
        if matches!(self.holds, Holds::Entries | Holds::Items) { self.data } else { (0, 0) }
    }

    /// Says that the text of a scalar is one of the tree's strings.
    pub(super) fn own_text(&mut self, index: u32) {
        (self.holds, self.data) = (Holds::Owned, (index, 0));
    }

    pub(super) fn set_children(&mut self, children: (u32, u32)) {
        if matches!(self.holds, Holds::Entries | Holds::Items) {
            self.data = children;
        }
    }
}
