//! What can be wrong with a text as YAML, before anyone asks what it means.

use super::NodeId;
use crate::text::Span;

/// Why a document is not YAML, and where the parser noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The place; often one character, or the end of the text.
    pub span: Span,
    /// A clause that completes "document is not valid YAML: …".
    pub reason: String,
}

/// A document that can be read, but should not be as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The document is not YAML; its tree is missing.
    Syntax(SyntaxError),
    /// A key that stands in its mapping already.
    DuplicateKey {
        /// The earlier key.
        first: NodeId,
        /// The key that repeats it.
        again: NodeId,
    },
    /// `<<` a second time in the same mapping.
    RepeatedMerge {
        /// The earlier `<<`.
        first: NodeId,
        /// The one that repeats it.
        again: NodeId,
    },
    /// `<<` with a value that is neither a mapping nor a list of mappings.
    UnmergeableValue {
        /// The value, or the item of the list.
        value: NodeId,
    },
    /// `*name` without a preceding `&name` in its document.
    UndefinedAlias {
        /// The alias, `*` included.
        span: Span,
        /// Its name.
        name: String,
        /// The anchor that the document does define and whose name is nearest.
        nearest: Option<String>,
    },
    /// `*name` inside the very node that `&name` marks.
    CyclicAlias {
        /// The alias, `*` included.
        span: Span,
        /// Its name.
        name: String,
    },
    /// Following the aliases would visit more than [`Limits::alias_nodes`](super::Limits::alias_nodes) nodes.
    AliasExpansion {
        /// The first alias that goes beyond the limit.
        span: Span,
        /// The limit.
        limit: u64,
    },
    /// Deeper than [`Limits::depth`](super::Limits::depth); for nesting in the text the tree is missing.
    TooDeep {
        /// Where the limit was crossed.
        span: Span,
        /// The limit.
        limit: u32,
    },
    /// What stands behind as many documents as [`Limits::documents`](super::Limits::documents), and was not read.
    TooManyDocuments {
        /// The rest of the text.
        span: Span,
        /// The limit.
        limit: usize,
    },
    /// A tag that makes an unsafe loader run code.
    CodeTag {
        /// The tag as written.
        span: Span,
    },
    /// An anchor that no alias uses.
    UnusedAnchor {
        /// Its index in [`Tree::anchors`](super::Tree::anchors).
        anchor: usize,
    },
}
