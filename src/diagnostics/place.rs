//! Places of findings.

use serde::Serialize;

use crate::text::{Source, Span, offset};
use crate::yaml::{NodeId, Tree, pointer};

/// Whether a finding is about a key or a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// The key.
    Key,
    /// The value.
    Value,
}

/// The place of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// 0-based position of the document in its file.
    pub document: u32,
    /// YAML path of the node, such as `/steps/train/deps/0/path`; empty for the document itself.
    pub pointer: String,
    /// Whether the finding is about the key or the value at that path.
    pub part: Part,
    /// The bytes of that key or value.
    pub span: Span,
}

impl Place {
    /// Returns the place of a node's key or value. An omitted value is represented by its key; the key of a document, or of an
    /// item of a list, is its first key.
    #[must_use]
    pub fn of(tree: &Tree, document: u32, node: NodeId, part: Part) -> Self {
        let pointer = pointer::of(tree, node);
        let target = tree.resolve(node);
        let value = tree.span(target);
        let (part, span) = match (part, tree.key_of(node)) {
            (Part::Value, _) if !value.is_empty() => (Part::Value, value),
            (_, Some(key)) => (Part::Key, tree.span(key)),
            (part, None) => match tree.all_entries(target).first() {
                Some(entry) => (Part::Key, tree.span(entry.key)),
                None => (part, value),
            },
        };
        Self { document, pointer, part, span: visible(tree.source(), span) }
    }
}

/// Returns the span, or the last character before it if it is empty.
fn visible(source: &Source, span: Span) -> Span {
    if !span.is_empty() {
        return span;
    }
    let before = source.text().get(..span.start as usize).unwrap_or("");
    let width = before.trim_end().chars().next_back().map_or(0, char::len_utf8);
    let end = offset(before.trim_end().len());
    Span::new(end - offset(width), end)
}
