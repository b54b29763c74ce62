//! Excerpts of large trees, for work whose memory grows with what it finds.

use super::node::NodeId;
use super::tree::Tree;

/// The numbers of children of each collection that are tried, from the greatest.
const MOST_CHILDREN: [usize; 4] = [10_000, 1_000, 100, 10];

impl Tree {
    /// Returns a tree in which at most about `most` nodes are below a node, because all but the first children of long collections are left out;
    /// `None` if there are no more of them. Nodes have the same ids as here. Entries with a name that `is_kept` are never left out.
    #[must_use]
    pub fn excerpt(&self, root: NodeId, most: usize, is_kept: impl Fn(&str) -> bool) -> Option<Self> {
        if self.count_below(root, usize::MAX, most) <= most {
            return None;
        }
        let fits = |children: &&usize| self.count_below(root, **children, most) <= most;
        let children = *MOST_CHILDREN.iter().find(fits).or(MOST_CHILDREN.last())?;
        let mut excerpt = Self {
            source: std::sync::Arc::clone(&self.source),
            framing: self.framing,
            nodes: self.nodes.clone(),
            entries: self.entries.clone(),
            items: self.items.clone(),
            strings: self.strings.clone(),
            comments: Vec::new(),
            anchors: Vec::new(),
            documents: Vec::new(),
            canonical: self.canonical.clone(),
            is_placed: self.is_placed,
        };
        for node in &mut excerpt.nodes {
            let (start, end) = node.children();
            if (end - start) as usize <= children {
                continue;
            }
            if node.is_sequence() {
                node.set_children((start, start + u32::try_from(children).unwrap_or(u32::MAX)));
                continue;
            }
            let own = self.entries.get(start as usize..end as usize).unwrap_or(&[]);
            let kept =
                own.iter().enumerate().filter(|(at, entry)| *at < children || is_kept(self.field_name(entry.key)));
            let first = excerpt.entries.len();
            excerpt.entries.extend(kept.map(|(_, entry)| *entry));
            let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            node.set_children((offset(first), offset(excerpt.entries.len())));
        }
        Some(excerpt)
    }

    /// Returns the number of nodes below a node if each collection has at most so many children, or a number above `most`. What aliases refer
    /// to counts each time.
    fn count_below(&self, root: NodeId, children: usize, most: usize) -> usize {
        let mut open = vec![root];
        let mut count = 0;
        while let Some(node) = open.pop() {
            count += 1;
            if count > most {
                break;
            }
            open.extend(self.items(node).iter().take(children));
            open.extend(self.all_entries(node).iter().take(children).map(|entry| entry.value));
            if count + open.len() > most {
                return count + open.len();
            }
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::text::Source;
    use crate::yaml::{Framing, Limits, parse};

    #[test]
    fn long_collections_end_early_and_keep_what_they_must() {
        let many: Vec<String> = (0..30_000).map(|number| number.to_string()).collect();
        let entries: Vec<String> = (0..30_000).map(|number| format!("k{number}: 1")).collect();
        let text = format!("a: [{}]\nb: {{{}, name: x}}\nc: [1, 2]\n", many.join(", "), entries.join(", "));
        let tree = parse(Arc::new(Source::new("a.yml", text)), Limits::default(), Framing::Stream);
        let root = tree.documents()[0].root.unwrap();
        assert!(tree.excerpt(root, 100_000, |_| false).is_none());
        let excerpt = tree.excerpt(root, 25_000, |name| name == "name").unwrap();
        let length = |path: &str| {
            let node = excerpt.find(root, &[path]).unwrap();
            excerpt.items(node).len() + excerpt.all_entries(node).len()
        };
        assert_eq!(["a", "b", "c"].map(length), [10_000, 10_001, 2]);
        let small = tree.excerpt(root, 1_500, |_| false).unwrap();
        assert_eq!(small.items(small.find(root, &["a"]).unwrap()).len(), 100);
    }
}
