//! YAML paths such as `/steps/train/deps/0/path`: JSON pointers (RFC 6901) that identify a node by its keys and positions.

use std::borrow::Cow;

use super::node::NodeId;
use super::tree::{Entry, EntryKind, Tree};

/// Returns the path of a node from the root of its document; empty for the root. It leads to where the node is written, not through
/// aliases of it.
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

/// Escapes a key as one segment of a path.
#[must_use]
pub fn escape(key: &str) -> String {
    if key.contains(['~', '/']) { key.replace('~', "~0").replace('/', "~1") } else { key.to_owned() }
}

/// Decodes the key of one segment of a path.
#[must_use]
pub fn unescape(segment: &str) -> Cow<'_, str> {
    if segment.contains('~') { segment.replace("~1", "/").replace("~0", "~").into() } else { segment.into() }
}

/// Returns the node that a path leads to from `root`, and all aliases that were followed on the way.
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

/// Returns the path with entries of lists identified by their names (`/metrics/[key=auc]/value`) or their text, instead of by their
/// positions. `None` if it is the same, or does not lead to a node.
#[must_use]
pub fn by_names(tree: &Tree, root: NodeId, path: &str) -> Option<String> {
    let mut node = root;
    let mut named = String::with_capacity(path.len());
    let mut is_other = false;
    for segment in path.split('/').skip(1) {
        let is_item = tree.is_sequence(node);
        node = follow(tree, node, &format!("/{segment}"))?.0;
        named.push('/');
        match name_of(tree, node).filter(|_| is_item) {
            Some(name) => {
                is_other = true;
                named.push_str(&name);
            }
            None => named.push_str(segment),
        }
    }
    is_other.then_some(named)
}

/// Returns the name of an item of a list.
fn name_of(tree: &Tree, item: NodeId) -> Option<String> {
    const NAMES: [&str; 4] = ["id", "key", "name", "version"];
    if let Some(text) = tree.text(item) {
        return Some(format!("[{}]", escape(text)));
    }
    NAMES.iter().find_map(|name| {
        let text = tree.text(tree.find(item, &[name])?)?;
        Some(format!("[{name}={}]", escape(text)))
    })
}

/// Returns the entry with this name, including merge keys, which readers do not see.
fn entry(tree: &Tree, mapping: NodeId, key: &str) -> Option<Entry> {
    let is_merge_key = |entry: &&Entry| entry.kind == EntryKind::MergeKey && tree.key_name(entry.key) == key;
    tree.get(mapping, key).or_else(|| tree.all_entries(mapping).iter().find(is_merge_key).copied())
}
