//! Where values that are defined in an extension (`x-…: &name …`) are used in the document, through aliases or `<<`.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::yaml::{EntryKind, NodeId, Tree};

/// Maps nodes that are defined in an extension to the nodes that use them in the document.
#[derive(Debug, Default)]
pub(super) struct AliasSites {
    by_definition: FxHashMap<NodeId, NodeId>,
}

impl AliasSites {
    /// Finds the uses in the document at this position with this root. Visits every node once, regardless of the number of aliases.
    pub(super) fn of(tree: &Tree, document: u32, root: NodeId) -> Self {
        let mut uses = Self::default();
        let Some(span) = tree.documents().get(document as usize).map(|document| document.span) else { return uses };
        let first = tree.anchors().partition_point(|anchor| anchor.span.start < span.start);
        let own = tree.anchors().iter().skip(first).take_while(|anchor| anchor.span.start < span.end);
        let anchored: FxHashSet<NodeId> = own.map(|anchor| anchor.node).collect();
        if anchored.is_empty() {
            return uses;
        }
        let mut seen: FxHashSet<NodeId> = FxHashSet::default();
        // Pairs of a node and the node that stands for it. The next node in document order is on top of the stack, so that a definition in
        // the document itself is visited before its aliases.
        let mut open = vec![(root, root)];
        while let Some((node, stand_in)) = open.pop() {
            let target = tree.resolve(node);
            if anchored.contains(&target) && !seen.insert(target) {
                continue;
            }
            if target != stand_in {
                uses.by_definition.insert(target, stand_in);
            }
            open.extend(tree.items(target).iter().rev().map(|item| (*item, *item)));
            for entry in tree.all_entries(target).iter().rev() {
                match entry.kind {
                    EntryKind::Own if !tree.key_name(entry.key).starts_with("x-") => {
                        open.push((entry.value, entry.value))
                    }
                    EntryKind::MergeKey if tree.is_mapping(entry.value) => open.push((entry.value, target)),
                    EntryKind::MergeKey => {
                        open.extend(tree.items(entry.value).iter().rev().map(|item| (*item, target)))
                    }
                    _ => {}
                }
            }
        }
        uses
    }

    /// Returns the node that stands for this one in the document: its first alias, the mapping that merges its entries, or the node itself.
    pub(super) fn home(&self, node: NodeId) -> NodeId {
        self.by_definition.get(&node).copied().unwrap_or(node)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::text::Source;
    use crate::yaml::{Framing, Limits, parse};

    /// Returns the keys above each scalar `v`, from the outermost.
    fn paths(text: &str) -> Vec<String> {
        let tree = parse(Arc::new(Source::new("a.yml", text)), Limits::default(), Framing::Stream);
        let uses = AliasSites::of(&tree, 0, tree.documents()[0].root.unwrap());
        let path = |node| {
            let up = std::iter::successors(Some(uses.home(node)), |node| Some(uses.home(tree.parent(*node)?)));
            let mut names: Vec<_> = up.filter_map(|node| tree.key_of(node)).map(|key| tree.key_name(key)).collect();
            names.reverse();
            names.join("/")
        };
        tree.scalars(0).filter(|node| tree.text(*node) == Some("v")).map(path).collect()
    }

    #[test]
    fn what_is_written_in_an_extension_is_where_it_is_used_first() {
        assert_eq!(paths("x-a: {b: &b {c: v}}\nd: {e: [*b, *b]}\nf: *b\n"), ["d/e/c"]);
        assert_eq!(paths("x-a: &a v\nd: {e: *a}\n"), ["d/e"]);
        assert_eq!(paths("x-a: &a {b: v}\nx-c: &c {d: *a}\ne: {f: *c}\n"), ["e/f/d/b"]);
        assert_eq!(paths("x-a: &a {b: v}\nx-c: [*a]\n"), ["x-a/b"]);
        assert_eq!(paths("a: &a {b: v}\nc: *a\n"), ["a/b"]);
        assert_eq!(paths("x-a: &a {x-b: v}\nc: *a\n"), ["c/x-b"]);
    }

    #[test]
    fn what_is_merged_is_part_of_the_mapping_that_takes_it_over() {
        assert_eq!(paths("x-a: &a {b: v}\nc: {d: {<<: *a}}\n"), ["c/d/b"]);
        assert_eq!(paths("x-a: &a {b: v}\n<<: *a\n"), ["b"]);
        assert_eq!(paths("x-a: [&a {b: v}, &c {d: {e: v}}]\nf: {<<: [*a, *c]}\n"), ["f/b", "f/d/e"]);
    }

    #[test]
    fn an_alias_within_what_it_refers_to_ends() {
        assert_eq!(paths("x-a: &a {b: v, c: *a}\nd: *a\n"), ["d/b"]);
    }
}
