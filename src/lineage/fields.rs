//! Fields of documents as text.

use crate::workspace::field;
use crate::yaml::{NodeId, Tree};

/// Returns the text of a scalar that is present.
pub(super) fn text_of(tree: &Tree, node: NodeId) -> Option<&str> {
    if tree.is_null(node) {
        return None;
    }
    tree.text(node).map(str::trim).filter(|text| !text.is_empty())
}

/// Returns the items of a list in a field, or the only mapping instead of a list.
pub(super) fn items(tree: &Tree, mapping: NodeId, name: &str) -> Vec<NodeId> {
    let Some(list) = field(tree, mapping, name) else { return Vec::new() };
    match tree.is_mapping(list) {
        true => vec![list],
        false => tree.items(list).to_vec(),
    }
}

/// Returns the name of the mapping that holds a node: its key, or its own `name` in a list.
pub(super) fn holder_name(tree: &Tree, node: NodeId) -> &str {
    let Some(holder) = tree.parent(node) else { return "" };
    match tree.key_of(holder) {
        Some(key) => tree.key_name(key),
        None => field(tree, holder, "name").and_then(|name| text_of(tree, name)).unwrap_or(""),
    }
}
