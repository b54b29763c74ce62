//! How messages describe a node.

use super::{NodeId, NodeKind, ScalarType, Tree};

/// Returns the name of the key of a value, looking through lists.
#[must_use]
pub fn key_name(tree: &Tree, node: NodeId) -> &str {
    let mut at = node;
    loop {
        match (tree.key_of(at), tree.parent(at)) {
            (Some(key), _) => return tree.key_name(key),
            (None, Some(parent)) => at = parent,
            (None, None) => return "",
        }
    }
}

/// Returns the type of a value, with its article: "a mapping", "a string".
#[must_use]
pub fn type_name(tree: &Tree, node: NodeId) -> &'static str {
    match tree.kind(tree.resolve(node)) {
        NodeKind::Mapping => "a mapping",
        NodeKind::Sequence => "a list",
        NodeKind::Scalar(ScalarType::String) => "a string",
        NodeKind::Scalar(ScalarType::Bool) => "a boolean",
        NodeKind::Scalar(ScalarType::Integer | ScalarType::Float) => "a number",
        NodeKind::Scalar(ScalarType::Null) | NodeKind::Alias(_) => "null",
    }
}
