//! Mappings: duplicate keys, and the entries that `<<` merges in.

use rustc_hash::FxHashMap;

use super::{Builder, Frame};
use crate::text::{Span, offset};
use crate::yaml::node::{NodeId, NodeKind, NodeStyle, Text};
use crate::yaml::problem::Problem;
use crate::yaml::tree::{Entry, EntryKind};

/// Mappings with more keys than this find duplicates with a hash table.
const SMALL_MAPPING: usize = 16;

impl Builder<'_> {
    pub(super) fn close_mapping(&mut self, frame: &Frame) -> (u32, u32) {
        let start = self.tree.entries.len();
        let mut merges = false;
        let pairs = (self.pending.len() - frame.base) / 2;
        for slot in 0..pairs {
            let (key, value) = (self.pending[frame.base + 2 * slot], self.pending[frame.base + 2 * slot + 1]);
            for id in [key, value] {
                let node = &mut self.tree.nodes[id.0 as usize];
                node.parent = frame.node;
                node.slot = offset(slot);
            }
            let node = &mut self.tree.nodes[key.0 as usize];
            node.is_key = true;
            let may_merge =
                node.style == NodeStyle::Plain && (node.span.len() == 2 || matches!(node.kind(), NodeKind::Alias(_)));
            let is_merge = may_merge && self.key_text(key) == "<<";
            merges |= is_merge;
            let kind = if is_merge { EntryKind::MergeKey } else { EntryKind::Own };
            self.tree.entries.push(Entry { key, value, kind });
        }
        self.pending.truncate(frame.base);
        self.shadow_duplicates(start);
        if merges {
            self.merge(start);
        }
        (offset(start), offset(self.tree.entries.len()))
    }

    fn key_text(&self, key: NodeId) -> &str {
        let slice = |span: Span| {
            self.text.get((span.start - self.base) as usize..(span.end - self.base) as usize).unwrap_or("")
        };
        let node = &self.tree.nodes[key.0 as usize];
        let node = match node.kind() {
            NodeKind::Alias(target) => &self.tree.nodes[target.0 as usize],
            _ => node,
        };
        match node.text() {
            Text::Source(span) => slice(span),
            Text::Owned(index) => &self.tree.strings[index as usize],
            Text::None => slice(node.span),
        }
    }

    fn shadow_duplicates(&mut self, start: usize) {
        let count = self.tree.entries.len() - start;
        let mut duplicates: Vec<(usize, usize)> = Vec::new();
        if count <= SMALL_MAPPING {
            let mut seen = [""; SMALL_MAPPING];
            // Most keys differ in length or first letter.
            let mut kinds = 0_u64;
            for (again, entry) in self.tree.entries[start..].iter().enumerate() {
                let text = self.key_text(entry.key);
                let first = text.bytes().next().unwrap_or(0);
                let kind = 1_u64 << ((usize::from(first) ^ text.len() << 3) % u64::BITS as usize);
                let (before, rest) = seen.split_at_mut(again);
                if kinds & kind != 0
                    && let Some(first) = before.iter().rposition(|first| *first == text)
                {
                    duplicates.push((start + first, start + again));
                }
                kinds |= kind;
                rest[0] = text;
            }
        } else {
            let mut seen: FxHashMap<&str, usize> = FxHashMap::default();
            for again in start..start + count {
                if let Some(first) = seen.insert(self.key_text(self.tree.entries[again].key), again) {
                    duplicates.push((first, again));
                }
            }
        }
        for (first, again) in duplicates {
            if self.tree.entries[first].kind == EntryKind::MergeKey {
                continue;
            }
            self.tree.entries[first].kind = EntryKind::Shadowed;
            let (first, again) = (self.tree.entries[first].key, self.tree.entries[again].key);
            self.problems.push(Problem::DuplicateKey { first, again });
        }
    }

    /// Appends the entries that `<<` merges in: those whose key is not present yet, from the first source that has it
    /// (<https://yaml.org/type/merge.html>).
    fn merge(&mut self, start: usize) {
        let mut sources = Vec::new();
        let mut refused: Vec<NodeId> = Vec::new();
        let mut first: Option<NodeId> = None;
        for entry in self.tree.entries[start..].iter().filter(|entry| entry.kind == EntryKind::MergeKey) {
            match first {
                Some(first) => self.problems.push(Problem::RepeatedMerge { first, again: entry.key }),
                None => first = Some(entry.key),
            }
            let value = self.target(entry.value);
            let node = &self.tree.nodes[value.0 as usize];
            match node.kind() {
                NodeKind::Mapping => sources.push(node.children()),
                NodeKind::Sequence => {
                    let children = node.children();
                    let items = &self.tree.items[children.0 as usize..children.1 as usize];
                    for item in items {
                        let target = &self.tree.nodes[self.target(*item).0 as usize];
                        match target.kind() {
                            NodeKind::Mapping => sources.push(target.children()),
                            _ => refused.push(*item),
                        }
                    }
                }
                _ => refused.push(entry.value),
            }
        }
        // An undefined alias is reported already, and reads as null.
        refused.retain(|value| !self.key_text(*value).starts_with('*'));
        self.problems.extend(refused.into_iter().map(|value| Problem::UnmergeableValue { value }));
        let mut known: FxHashMap<String, ()> = FxHashMap::default();
        for entry in &self.tree.entries[start..] {
            known.insert(self.key_text(entry.key).to_owned(), ());
        }
        for (first, last) in sources {
            for index in first..last {
                let entry = self.tree.entries[index as usize];
                if !entry.is_live() || known.insert(self.key_text(entry.key).to_owned(), ()).is_some() {
                    continue;
                }
                self.alias_nodes += 1;
                if self.alias_nodes > self.limits.alias_nodes {
                    let key = self.tree.entries[start].key;
                    return self.expansion_limit(self.tree.nodes[key.0 as usize].span);
                }
                self.tree.entries.push(Entry { kind: EntryKind::Merged, ..entry });
            }
        }
    }

    fn target(&self, id: NodeId) -> NodeId {
        match self.tree.nodes[id.0 as usize].kind() {
            NodeKind::Alias(target) => target,
            _ => id,
        }
    }
}
