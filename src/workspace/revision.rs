//! The documents of another revision, which the current ones are compared with.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::document::{DocumentFacts, Member};
use super::index::{DocId, FileFacts, Index, IndexEntry};
use super::keys::Key;
use super::view::Workspace;
use crate::documents::Kind;

/// The documents of a revision that came before the current ones.
#[derive(Debug, Default)]
pub struct Revision {
    label: String,
    index: Index,
    /// By the name that each file would have now, whether its absence is reported.
    files: BTreeMap<Arc<str>, bool>,
    file_of: FxHashMap<DocId, Arc<str>>,
}

/// A file of a revision.
#[derive(Debug)]
pub struct RevisionFile {
    /// The name that it has, or would have, among the current files. Its documents name their source as reports should call it.
    pub name: Arc<str>,
    /// Its documents.
    pub members: Vec<Member>,
    /// Whether it should still be among the checked files.
    pub is_expected: bool,
}

impl Revision {
    /// Creates a revision, which messages call `label`.
    #[must_use]
    pub fn new(label: impl Into<String>, files: Vec<RevisionFile>) -> Self {
        let expected = files.iter().map(|file| (Arc::clone(&file.name), file.is_expected)).collect();
        let facts =
            files.into_iter().map(|RevisionFile { name, members, .. }| FileFacts { name, members, unread: None });
        let index = Index::load(facts.collect(), true);
        let mut revision = Self { label: label.into(), index, files: expected, file_of: FxHashMap::default() };
        for name in revision.files.keys() {
            let documents = revision.index.documents_of(name).iter();
            revision.file_of.extend(documents.map(|id| (*id, Arc::clone(name))));
        }
        revision
    }

    /// Returns what messages call it.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Returns its documents, for queries.
    #[must_use]
    pub fn workspace(&self) -> Workspace<'_> {
        self.index.workspace()
    }

    /// Returns the documents of the file that had this name, in their order.
    pub fn documents_of(&self, file: &str) -> impl Iterator<Item = &Member> {
        self.index.documents_of(file).iter().filter_map(|id| self.index.member(*id))
    }

    /// Returns whether a file should still be among the checked files.
    #[must_use]
    pub fn expects(&self, file: &str) -> bool {
        self.files.get(file).is_some_and(|is_expected| *is_expected)
    }

    /// Returns the names of the files with documents that should still be among the checked files.
    pub fn expected_files(&self) -> impl Iterator<Item = &Arc<str>> {
        self.files.iter().filter(|(_, is_expected)| **is_expected).map(|(name, _)| name)
    }

    /// Returns the document that a current one is a later state of: the one with its kind and id. Without an id, the kind, name and
    /// version tell; without these, there is none.
    #[must_use]
    pub fn counterpart(&self, now: &DocumentFacts) -> Option<&Member> {
        let workspace = self.workspace();
        let with_id = now.id().map(|id| workspace.with_id(id).collect::<Vec<_>>()).unwrap_or_default();
        let candidates = with_id.into_iter().filter(|id| self.kind(*id) == Some(now.kind));
        if let Some(found) = self.closest(now, candidates) {
            return Some(found);
        }
        let lacks_id = |id: &DocId| self.index.member(*id).is_some_and(|old| old.id().is_none() || now.id().is_none());
        let named = self.ids_named(now).filter(|id| lacks_id(id) && self.has_version_of(*id, now));
        self.closest(now, named)
    }

    /// Returns the documents of its kind that had the name of a current document.
    pub fn named(&self, now: &DocumentFacts) -> impl Iterator<Item = &Member> {
        self.ids_named(now).filter_map(|id| self.index.member(id))
    }

    /// Returns the other documents that had the name of one of this revision at the same time, where only one may have it.
    pub fn namesakes(&self, old: &Member) -> impl Iterator<Item = &Member> {
        let entries = old.with_identity(|key| self.workspace().entries(key)).unwrap_or_default();
        entries.iter().filter_map(|entry| self.index.member(entry.id)).filter(|other| !other.is(old))
    }

    fn ids_named(&self, now: &DocumentFacts) -> impl Iterator<Item = DocId> + use<'_> {
        let key = |name: &str| self.workspace().entries(Key::Name(now.kind, name));
        let entries = now.names().next().map(|name| key(&name)).unwrap_or_default();
        entries.iter().map(|entry| entry.id)
    }

    /// Returns the document of a current document's kind, name and version in the same file.
    #[must_use]
    pub fn namesake_in_file(&self, now: &DocumentFacts) -> Option<&Member> {
        let is_here = |id: &DocId| self.file_of.get(id).is_some_and(|file| **file == *now.file());
        let mut named = self.ids_named(now).filter(|id| is_here(id) && self.has_version_of(*id, now));
        self.index.member(named.next()?)
    }

    fn kind(&self, id: DocId) -> Option<Kind> {
        self.index.member(id).map(|member| member.kind)
    }

    fn has_version_of(&self, id: DocId, now: &DocumentFacts) -> bool {
        self.index.member(id).is_some_and(|old| old.version() == now.version())
    }

    /// Of several documents that a current one may come from, returns the one of its version, or else of its file, or else the first.
    fn closest(&self, now: &DocumentFacts, candidates: impl Iterator<Item = DocId>) -> Option<&Member> {
        let is_elsewhere = |id: &DocId| self.file_of.get(id).is_none_or(|file| **file != *now.file());
        let nearest = candidates.min_by_key(|id| (!self.has_version_of(*id, now), is_elsewhere(id)));
        self.index.member(nearest?)
    }
}

impl Workspace<'_> {
    /// Returns whether there is a document that a document of a [`Revision`] may have become, or a text that cannot be read and mentions
    /// it. A document of another kind is another object, whatever its id. Without an id, the kind, name and version tell; `None` without
    /// these.
    #[must_use]
    pub fn may_hold(self, old: &DocumentFacts) -> Option<bool> {
        if let Some(id) = old.id() {
            let is_of_kind = |id: DocId| self.member(id).is_some_and(|now| now.kind == old.kind);
            return Some(self.with_id(id).any(is_of_kind) || self.unread_with_words(id).is_some());
        }
        let mut names = old.names().peekable();
        names.peek()?;
        let is_same = |entry: &IndexEntry| self.member(entry.id).is_some_and(|now| now.version() == old.version());
        let is_held = |name: &str| {
            self.entries(Key::Name(old.kind, name)).iter().any(is_same) || self.unread_with_words(name).is_some()
        };
        Some(names.any(|name| is_held(&name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Options, members};

    fn file(name: &str, text: &str) -> RevisionFile {
        RevisionFile { name: name.into(), members: members(name, text, &Options::default()), is_expected: true }
    }

    fn dataset(id: &str, name: &str, version: &str) -> String {
        let id = if id.is_empty() { String::new() } else { format!("id: {id}\n") };
        format!("kind: dataset\nmlSpecVersion: 0.1.0\n{id}name: {name}\nversion: {version}\nlocation: s3://b/{name}\n")
    }

    #[test]
    fn documents_are_matched_by_id_and_without_one_by_name_and_version() {
        let revision = Revision::new(
            "HEAD",
            vec![
                file("a.yml", &dataset("id-a", "loans", "1.0.0")),
                file("b.yml", &dataset("", "cards", "1.0.0")),
                file("c.yml", &format!("{}---\n{}", dataset("id-c", "x", "1.0.0"), dataset("id-c", "x", "2.0.0"))),
                file("d.yml", "kind: pipeline\nmlSpecVersion: 0.1.0\nid: id-a\nname: loans\nsteps: {a: {cmd: x}}\n"),
            ],
        );
        let found = |text: &str| {
            let now = members("e.yml", text, &Options::default()).remove(0);
            revision.counterpart(&now).map(|old| (old.file().to_owned(), old.version().unwrap_or("").to_owned()))
        };
        let at = |file: &str, version: &str| Some((file.to_owned(), version.to_owned()));
        assert_eq!(found(&dataset("ID-A", "renamed", "3.0.0")), at("a.yml", "1.0.0"));
        assert_eq!(found(&dataset("other", "loans", "1.0.0")), None);
        assert_eq!(found(&dataset("", "loans", "1.0.0")), at("a.yml", "1.0.0"));
        assert_eq!(found(&dataset("", "loans", "2.0.0")), None);
        assert_eq!(found(&dataset("new", "cards", "1.0.0")), at("b.yml", "1.0.0"));
        assert_eq!(found(&dataset("id-c", "x", "2.0.0")), at("c.yml", "2.0.0"));
        assert_eq!(found(&dataset("id-c", "x", "3.0.0")), at("c.yml", "1.0.0"));
    }
}
