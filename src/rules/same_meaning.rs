//! What documents write in several ways without saying anything else: digests, times, references, sets.

use rustc_hash::FxHashMap;

use super::Linked;
use crate::workspace::{Member, Reference, Resolution, Revision, digest_key, timestamp};
use crate::yaml::{self, NodeId, ValueIn};

/// The references of a document now and before, by their nodes.
pub(super) struct SameMeaning<'c, 'a> {
    now: FxHashMap<NodeId, &'a Resolution>,
    before: FxHashMap<NodeId, &'c Reference>,
    linked: &'c Linked<'a>,
    revision: &'c Revision,
}

impl<'c, 'a> SameMeaning<'c, 'a> {
    /// Prepares the comparison of a document with what it was.
    pub(super) fn new(linked: &'c Linked<'a>, old: &'c Member, revision: &'c Revision) -> Self {
        let now = linked.references().map(|(reference, resolution)| (reference.node, resolution)).collect();
        let before = old.references.iter().map(|reference| (reference.node, reference)).collect();
        Self { now, before, linked, revision }
    }

    /// Returns whether two lists or scalars that are written otherwise mean the same in the field with this name.
    pub(super) fn is_same(&self, name: &str, now: ValueIn<'_>, before: ValueIn<'_>) -> bool {
        if now.0.is_sequence(now.1) {
            return SETS.contains(&name) && have_same_entries(now, before);
        }
        let (Some(own), Some(former)) = (now.0.text(now.1), before.0.text(before.1)) else { return false };
        let is_digest = || name.to_ascii_lowercase().ends_with("digest") && digest_key(own) == digest_key(former);
        let is_instant = || is_of_time(name) && timestamp(own).is_some_and(|time| Some(time) == timestamp(former));
        is_digest() || is_instant() || self.is_same_object(now.1, before.1, former)
    }

    /// Returns whether two references, by id or by name, name the same version of the same object.
    fn is_same_object(&self, now: NodeId, before: NodeId, former: &str) -> bool {
        let (Some(Resolution::Found(now)), Some(reference)) = (self.now.get(&now), self.before.get(&before)) else {
            return false;
        };
        let past = self.revision.workspace();
        let Resolution::Found(before) = past.lookup(former, reference.targets) else { return false };
        let (Some(now), Some(before)) = (self.linked.member(*now), past.member(before)) else { return false };
        let is_named_alike = || now.label().eq_ignore_ascii_case(before.label());
        let is_one = match (now.id(), before.id()) {
            (Some(own), Some(former)) => own.eq_ignore_ascii_case(former),
            _ => is_named_alike(),
        };
        is_one && now.kind == before.kind && now.version() == before.version()
    }
}

/// Lists in which the order says nothing. Categories have one where a field says `categoriesOrdered`; no document here can.
const SETS: &[&str] = &["categories", "enum", "missingValues"];

/// Returns whether a field of this name is an instant.
fn is_of_time(name: &str) -> bool {
    ["Utc", "Date", "On", "Time", "Timestamp", "At"].iter().any(|end| name.ends_with(end))
}

/// Returns whether two lists of scalars hold the same values, in any order.
fn have_same_entries(now: ValueIn<'_>, before: ValueIn<'_>) -> bool {
    fn sorted<'t>((tree, list): ValueIn<'t>) -> Option<Vec<(&'t str, NodeId)>> {
        let items = tree.items(tree.resolve(list)).iter();
        let mut texts = items.map(|item| Some((tree.text(*item)?, *item))).collect::<Option<Vec<_>>>()?;
        texts.sort_by_key(|(text, _)| *text);
        Some(texts)
    }
    let (Some(own), Some(former)) = (sorted(now), sorted(before)) else { return false };
    own.len() == former.len()
        && own.iter().zip(&former).all(|((_, own), (_, former))| yaml::are_equal((now.0, *own), (before.0, *former)))
}
