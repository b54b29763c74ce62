//! Comparing values of two trees, whatever their style, the order of their keys, and the spelling of field names.

use rustc_hash::FxHashMap;

use super::node::{NodeId, NodeKind};
use super::scalar::ScalarType;
use super::tree::{Entry, Tree};

/// A value: a node of a tree.
pub type ValueIn<'a> = (&'a Tree, NodeId);

/// The smallest part in which two values differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// A value is another one.
    Changed {
        /// The value in the first tree.
        now: NodeId,
        /// The value in the second tree.
        before: NodeId,
    },
    /// Only the first tree has this value.
    Added(NodeId),
    /// Only the second tree has this value.
    Removed {
        /// The mapping of the first tree that lacks it.
        within: NodeId,
        /// The value.
        before: NodeId,
    },
}

/// Returns whether two values are equal.
#[must_use]
pub fn are_equal(now: ValueIn<'_>, before: ValueIn<'_>) -> bool {
    difference(now, before).is_none()
}

/// Returns the first difference between two values, in the order of the first. Lists of different lengths differ as a whole.
#[must_use]
pub fn difference(now: ValueIn<'_>, before: ValueIn<'_>) -> Option<Difference> {
    difference_in(now, before, &|_| true)
}

/// Returns the first difference between two values, in the entries of mappings whose name `is_meant`.
#[must_use]
pub fn difference_in(now: ValueIn<'_>, before: ValueIn<'_>, is_meant: &dyn Fn(&str) -> bool) -> Option<Difference> {
    let meaning = Meaning { is_meant, is_same: &|_, _, _| false };
    difference_of_meaning(now, before, "", &meaning)
}

/// What of two values is compared, and which values mean the same although they are written otherwise.
#[derive(Clone, Copy)]
pub struct Meaning<'m> {
    /// Whether the entries of mappings with this name are compared.
    pub is_meant: &'m dyn Fn(&str) -> bool,
    /// Whether two lists or scalars that are written otherwise mean the same in the field with this name, now and before.
    pub is_same: &'m dyn Fn(&str, ValueIn<'_>, ValueIn<'_>) -> bool,
}

/// Returns the first difference in meaning between two values of the field with this name.
#[must_use]
pub fn difference_of_meaning(
    now: ValueIn<'_>,
    before: ValueIn<'_>,
    name: &str,
    meaning: &Meaning<'_>,
) -> Option<Difference> {
    let ((tree, node), (old_tree, old)) = (now, before);
    let changed = Difference::Changed { now: node, before: old };
    let (node_kind, old_kind) = (tree.kind(tree.resolve(node)), old_tree.kind(old_tree.resolve(old)));
    match (node_kind, old_kind) {
        (NodeKind::Mapping, NodeKind::Mapping) => entries(now, before, meaning),
        (NodeKind::Sequence, NodeKind::Sequence) => {
            let (items, old_items) = (tree.items(tree.resolve(node)), old_tree.items(old_tree.resolve(old)));
            let found = if items.len() == old_items.len() {
                let mut pairs = items.iter().zip(old_items);
                pairs.find_map(|(item, old)| difference_of_meaning((tree, *item), (old_tree, *old), name, meaning))
            } else {
                Some(changed)
            };
            found.filter(|_| !(meaning.is_same)(name, now, before))
        }
        (NodeKind::Scalar(kind), NodeKind::Scalar(old_kind)) => {
            let is_number = |kind| matches!(kind, ScalarType::Integer | ScalarType::Float);
            let is_equal = match (kind, old_kind) {
                (ScalarType::Null, ScalarType::Null) => true,
                (ScalarType::Bool, ScalarType::Bool) => tree.boolean(node) == old_tree.boolean(old),
                // `0.90` is `0.9`.
                (kind, old_kind) if is_number(kind) && is_number(old_kind) => {
                    tree.text(node) == old_tree.text(old)
                        || tree.number(node).is_some_and(|number| Some(number) == old_tree.number(old))
                }
                (kind, old_kind) => kind == old_kind && tree.text(node) == old_tree.text(old),
            };
            (!is_equal && !(meaning.is_same)(name, now, before)).then_some(changed)
        }
        _ => Some(changed),
    }
}

fn entries(now: ValueIn<'_>, before: ValueIn<'_>, meaning: &Meaning<'_>) -> Option<Difference> {
    let is_meant = meaning.is_meant;
    let ((tree, node), (old_tree, old)) = (now, before);
    let (node, old) = (tree.resolve(node), old_tree.resolve(old));
    let name = |entry: &Entry| old_tree.field_name(entry.key);
    let before = old_tree.entries(old).filter(|entry| is_meant(name(entry)));
    let mut left: FxHashMap<&str, NodeId> = before.map(|entry| (name(&entry), entry.value)).collect();
    for entry in tree.entries(node).filter(|entry| is_meant(tree.field_name(entry.key))) {
        let name = tree.field_name(entry.key);
        match left.remove(name) {
            None => return Some(Difference::Added(entry.value)),
            Some(old_value) => {
                let found = difference_of_meaning((tree, entry.value), (old_tree, old_value), name, meaning);
                if found.is_some() {
                    return found;
                }
            }
        }
    }
    let removed = old_tree.entries(old).find(|entry| left.contains_key(name(entry)))?;
    Some(Difference::Removed { within: node, before: removed.value })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::text::Source;
    use crate::yaml::{Framing, Limits, parse};

    /// Returns the texts of the first difference: now, and before.
    fn found(now: &str, before: &str) -> Option<(String, String)> {
        let tree = |text: &str| parse(Arc::new(Source::new("a.yml", text)), Limits::default(), Framing::Stream);
        let (now, before) = (tree(now), tree(before));
        let root = |tree: &Tree| tree.documents()[0].root.unwrap();
        let text = |tree: &Tree, node| tree.source().slice(tree.span(node)).to_owned();
        Some(match difference((&now, root(&now)), (&before, root(&before)))? {
            Difference::Changed { now: node, before: old } => (text(&now, node), text(&before, old)),
            Difference::Added(node) => (text(&now, node), String::new()),
            Difference::Removed { before: old, .. } => (String::new(), text(&before, old)),
        })
    }

    #[test]
    fn style_order_and_aliases_make_no_difference() {
        for (now, before) in [
            ("{a: 1, b: [x, 'y']}", "b:\n- x\n- y\na: 1\n"),
            ("a: 0.90", "a: 0.9"),
            ("a: 1e3", "a: 1000.0"),
            ("a: &x {b: 1}\nc: *x", "a: {b: 1}\nc: {b: 1}"),
            ("a: ~", "a:"),
            ("a: true", "a: True"),
            ("<<: {a: 1}\nb: 2", "a: 1\nb: 2"),
        ] {
            assert_eq!(found(now, before), None, "{now}");
        }
    }

    #[test]
    fn the_smallest_difference_is_found() {
        for (now, before, place) in [
            ("a: {b: 1, c: 2}", "a: {b: 1, c: 3}", ("2", "3")),
            ("a: {b: 1, c: 2}", "a: {b: 1}", ("2", "")),
            ("a: {b: 1}", "a: {b: 1, c: 2}", ("", "2")),
            ("a: [1, 2]", "a: [1, 3]", ("2", "3")),
            ("a: [1, 2]", "a: [1]", ("[1, 2]", "[1]")),
            ("a: '1'", "a: 1", ("'1'", "1")),
            ("a: x", "a: [x]", ("x", "[x]")),
        ] {
            assert_eq!(found(now, before), Some((place.0.to_owned(), place.1.to_owned())), "{now}");
        }
    }
}
