//! Problems of a text as YAML, before its meaning is considered.

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

/// A YAML problem of a document; most documents with one can still be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The document is not YAML; its tree is missing.
    Syntax(SyntaxError),
    /// A key that already occurs in its mapping.
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
    /// Nesting beyond [`Limits::depth`](super::Limits::depth); without a tree if the text itself is nested so deeply.
    TooDeep {
        /// Where the limit was crossed.
        span: Span,
        /// The limit.
        limit: u32,
    },
    /// The text after the first [`Limits::documents`](super::Limits::documents) documents, which is not read.
    TooManyDocuments {
        /// The rest of the text.
        span: Span,
        /// The limit.
        limit: usize,
    },
    /// A tag that makes an unsafe loader execute code.
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
