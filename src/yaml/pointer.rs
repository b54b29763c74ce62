//! YAML paths such as `/steps/train/deps/0/path`: JSON pointers (RFC 6901) that name a node by its keys and positions.

use std::borrow::Cow;

use super::node::NodeId;
use super::tree::{Entry, EntryKind, Tree};

/// The path of a node from the root of its document; empty for the root. Written where the node is defined: an alias is not
/// followed backwards.
#[must_use]
pub fn of(tree: &Tree, id: NodeId) -> String {
    let mut segments = Vec::new();
    let mut node = id;
    while let Some(parent) = tree.parent(node) {
        segments.push(match tree.key_of(node) {
            Some(key) => escape(tree.key_name(key)),
            None => tree.index_of(node).unwrap_or(0).to_string(),
        });
        node = parent;
    }
    let mut path = String::new();
    for segment in segments.iter().rev() {
        path.push('/');
        path.push_str(segment);
    }
    path
}

/// A key as one segment of a path.
#[must_use]
pub fn escape(key: &str) -> String {
    if key.contains(['~', '/']) { key.replace('~', "~0").replace('/', "~1") } else { key.to_owned() }
}

/// The key that is one segment of a path.
#[must_use]
pub fn unescape(segment: &str) -> Cow<'_, str> {
    if segment.contains('~') { segment.replace("~1", "/").replace("~0", "~").into() } else { segment.into() }
}

/// The node that a path leads to from `root`, and every alias that was followed on the way.
#[must_use]
pub fn follow(tree: &Tree, root: NodeId, path: &str) -> Option<(NodeId, Vec<NodeId>)> {
    let mut node = root;
    let mut aliases = Vec::new();
    for segment in path.split('/').skip(1) {
        if tree.resolve(node) != node {
            aliases.push(node);
        }
        node = if tree.is_sequence(node) {
            *tree.items(node).get(segment.parse::<usize>().ok()?)?
        } else {
            entry(tree, node, &unescape(segment))?.value
        };
    }
    if tree.resolve(node) != node {
        aliases.push(node);
    }
    Some((node, aliases))
}

/// The entry of this name; a merge key, which readers do not see, has a place all the same.
fn entry(tree: &Tree, mapping: NodeId, key: &str) -> Option<Entry> {
    let is_merge_key = |entry: &&Entry| entry.kind == EntryKind::MergeKey && tree.key_name(entry.key) == key;
    tree.get(mapping, key).or_else(|| tree.all_entries(mapping).iter().find(is_merge_key).copied())
}
