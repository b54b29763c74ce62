//! The documents of a workspace in their current state: their names, and references between them.

use crate::documents::roles::{MODULE, ReferenceRole, reference_roles};
use std::sync::Mutex;

use jiff::Timestamp;
use jiff::civil::Date;
use rustc_hash::{FxHashMap, FxHashSet};

use super::dates::day;
use super::document::{DocumentFacts, Member, field};
use super::index::{DocId, Index, IndexEntry, Unread, UnreadId, words_of};
use super::keys::{Key, KeyHash, MeantObject};
use super::names::{Rank, lower};
use super::references::Reference;
use super::versions::{Listed, ListedVersion, Meant};
use crate::documents::module_version::ModuleVersion;
use crate::documents::{Document, Kind};
use crate::yaml::NodeId;

/// The documents of an index, for queries.
#[derive(Clone, Copy, Debug)]
pub struct Workspace<'a> {
    index: &'a Index,
    reads: Option<&'a Reads>,
}

/// The queries that were made to a workspace.
#[derive(Debug, Default)]
pub struct Reads(Mutex<FxHashSet<KeyHash>>);

impl Reads {
    fn add(&self, key: KeyHash) {
        // A set stays consistent even if a thread panicked while holding the lock.
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(key);
    }

    pub(super) fn into_keys(self) -> Vec<KeyHash> {
        self.0.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).into_iter().collect()
    }
}

/// The target of a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// One object; of several versions, the newest, unless the reference names one.
    Found(DocId),
    /// Several objects that fit equally well.
    Ambiguous(Vec<DocId>),
    /// None, though there are objects of the kind.
    Unknown,
    /// None, and the workspace contains no object of the kind at all, so nothing can be concluded.
    NoneOfKind,
    /// None that was read, but the name occurs in this text, which could not be read.
    Unread(UnreadId),
}

impl Resolution {
    /// Returns the one object, if there is one.
    #[must_use]
    pub fn found(&self) -> Option<DocId> {
        match self {
            Self::Found(found) => Some(*found),
            _ => None,
        }
    }
}

/// A record and its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dated {
    /// The day, in UTC.
    pub day: Date,
    /// The document.
    pub member: DocId,
    /// The node that holds the day.
    pub node: NodeId,
}

/// The versions listed by modules, read once for all references of a document: a pipeline may have a thousand steps of a module with a
/// thousand versions.
type Modules<'a> = FxHashMap<DocId, Option<Listed<'a>>>;

impl<'a> Workspace<'a> {
    pub(super) fn new(index: &'a Index, reads: Option<&'a Reads>) -> Self {
        Self { index, reads }
    }

    /// Records a query, if anybody wants to know what was read.
    fn note(self, key: Key<'_>) {
        if let Some(reads) = self.reads {
            reads.add(self.index.hash(key));
        }
    }

    /// Returns the entries of a key. Callers that use the position in an entry must query the [member](Self::member) as well: an entry does
    /// not change when the content of its document does.
    pub(super) fn entries(self, key: Key<'_>) -> &'a [IndexEntry] {
        let key = self.index.hash(key);
        if let Some(reads) = self.reads {
            reads.add(key);
        }
        self.index.list(key)
    }

    pub(super) fn rank(self, entry: &IndexEntry) -> Option<&'a Rank> {
        self.index.rank(entry.id)
    }

    /// Returns the facts of a document that are entered in lists, without recording a query of all of its content.
    pub(super) fn facts(self, id: DocId) -> Option<&'a DocumentFacts> {
        self.index.member(id).map(|member| &**member)
    }

    pub(super) fn index(self) -> &'a Index {
        self.index
    }

    pub(super) fn date(self, entry: &IndexEntry) -> Option<Timestamp> {
        self.index.date(entry.id)
    }

    /// Resolves the references of a document, in their order.
    pub(super) fn resolve_all(self, id: DocId) -> Vec<Resolution> {
        let Some(member) = self.member(id) else { return Vec::new() };
        let mut modules = Modules::default();
        let resolve = |reference: &Reference| {
            let kinds = reference.targets;
            let text = member.text(Some(reference.node)).unwrap_or("");
            let found = match reference.role {
                ReferenceRole::StepModule => self.lookup_module(text, &mut modules),
                _ => self.lookup(text, kinds),
            };
            if found != Resolution::Unknown {
                return found;
            }
            // If a run is the only one in its workspace, its parent is elsewhere. What replaces an object is kept beside it.
            let is_only_one = || kinds.first().is_some_and(|kind| self.is_only_one(*kind, id));
            if reference.role != ReferenceRole::Replacement && is_only_one() {
                return Resolution::NoneOfKind;
            }
            self.unread_with(text).map_or(found, Resolution::Unread)
        };
        member.references.iter().map(resolve).collect()
    }

    /// Returns a text that could not be read, and may hold the object that a reference means.
    #[must_use]
    pub fn unread_with(self, reference: &str) -> Option<UnreadId> {
        self.unread_with_words(reference.split_once('@').map_or(reference, |(name, _)| name))
    }

    /// Returns a text that could not be read, and has all words of another text.
    #[must_use]
    pub fn unread_with_words(self, text: &str) -> Option<UnreadId> {
        let lists: Vec<_> = words_of(text).map(|word| self.entries(Key::Word(&word))).collect();
        let (first, others) = lists.split_first()?;
        let has_all = |entry: &&IndexEntry| others.iter().all(|list| list.iter().any(|other| other.id == entry.id));
        first.iter().find(has_all).map(UnreadId::of)
    }

    /// Returns a text that could not be read.
    #[must_use]
    pub fn unread(self, text: UnreadId) -> Option<&'a Unread> {
        self.index.unread(text)
    }

    /// Returns the references that may be to a document in a text that could not be read, in the order of the documents.
    pub fn references_to_unread(self, text: UnreadId) -> impl Iterator<Item = (DocId, &'a Reference)> {
        self.references_at(Key::MaybeIn(text))
    }

    /// Returns the number of references that may be to a document in a text that could not be read.
    #[must_use]
    pub fn count_references_to_unread(self, text: UnreadId) -> usize {
        self.entries(Key::MaybeIn(text)).len()
    }

    /// Returns the document with this id.
    #[must_use]
    pub fn member(self, id: DocId) -> Option<&'a Member> {
        self.note(Key::Content(id));
        self.index.member(id)
    }

    /// Returns whether there may be documents outside of the index.
    #[must_use]
    pub fn is_partial(self) -> bool {
        self.index.is_partial
    }

    /// Returns the documents of a kind, in the order of their files.
    pub fn of_kind(self, kind: Kind) -> impl ExactSizeIterator<Item = DocId> + Clone {
        self.entries(Key::OfKind(kind)).iter().map(|entry| entry.id)
    }

    /// Returns whether there is any document of a kind.
    #[must_use]
    pub fn has_kind(self, kind: Kind) -> bool {
        self.note(Key::FewOfKind(kind));
        !self.index.list(self.index.hash(Key::OfKind(kind))).is_empty()
    }

    /// Returns whether a document is the only one of a kind.
    fn is_only_one(self, kind: Kind, id: DocId) -> bool {
        self.note(Key::FewOfKind(kind));
        matches!(self.index.list(self.index.hash(Key::OfKind(kind))), [only] if only.id == id)
    }

    /// Returns the documents with an id, whatever the case of its letters: that of a UUID has no meaning.
    pub fn with_id(self, id: &str) -> impl ExactSizeIterator<Item = DocId> + Clone + use<'a> {
        self.entries(Key::Id(&lower(id))).iter().map(|entry| entry.id)
    }

    /// Returns a common key for all references to one dataset: its number, or if it is not known, the reference in lower case.
    #[must_use]
    pub fn dataset_key(self, reference: &str) -> String {
        match self.lookup(reference, &[Kind::Dataset]) {
            Resolution::Found(found) => format!("#{}", found.index()),
            _ => reference.trim().to_lowercase(),
        }
    }

    /// Returns the references of a document, with the target of each.
    pub fn references_of(self, id: DocId) -> impl Iterator<Item = (&'a Reference, &'a Resolution)> {
        self.note(Key::Resolutions(id));
        let references = self.member(id).map_or(&[][..], |member| &member.references);
        references.iter().zip(self.index.resolutions(id))
    }

    /// Finds the object of one of the kinds that a text names: by id, by name, or by `name@version`. The first kind is the
    /// usual one.
    #[must_use]
    pub fn lookup(self, text: &str, kinds: &[Kind]) -> Resolution {
        let text = text.trim();
        let is_of_kind = |id: &DocId| self.facts(*id).is_some_and(|facts| kinds.contains(&facts.kind));
        // "Archived objects are still readable by id". Two objects with one id are a finding of their own.
        if let Some(found) = self.with_id(text).find(is_of_kind) {
            return Resolution::Found(found);
        }
        match self.named(text, kinds).as_slice() {
            // A project that keeps its pipeline runs here, but their runs elsewhere, gets no findings about the runs.
            [] if !kinds.first().is_some_and(|kind| self.has_kind(*kind)) => Resolution::NoneOfKind,
            [] => Resolution::Unknown,
            [found] => Resolution::Found(*found),
            several => Resolution::Ambiguous(several.to_vec()),
        }
    }

    /// Finds the version of a module that a step's `moduleName` refers to: by the id of the version or module, by `name@version`, or by
    /// name, which means the newest version that is not archived. Returned with its member, for places in its file.
    #[must_use]
    pub fn module_version(self, reference: &str) -> Option<(&'a ModuleVersion, &'a Member)> {
        let Resolution::Found(found) = self.lookup_module(reference, &mut Modules::default()) else { return None };
        self.as_module_version(found)
    }

    /// Returns a document, if it is a version of a module, with its member.
    #[must_use]
    pub fn as_module_version(self, id: DocId) -> Option<(&'a ModuleVersion, &'a Member)> {
        let member = self.member(id)?;
        match member.typed()? {
            Document::ModuleVersion(typed) => Some((typed, member)),
            _ => None,
        }
    }

    /// Resolves a step's `moduleName`: to a version, or to the module if the document of the version is not available. A version
    /// that the module does not list is not found, whether or not it has a document.
    fn lookup_module(self, reference: &str, modules: &mut Modules<'a>) -> Resolution {
        let found = self.lookup(reference, MODULE);
        let Resolution::Found(id) = found else { return found };
        let Some(module) = self.member(id).filter(|member| member.kind == Kind::Module) else { return found };
        let read = || self.listed_versions(module).map(Listed::new);
        let Some(listed) = modules.entry(id).or_insert_with(read) else { return found };
        match listed.meant(reference.split_once('@').map(|(_, version)| version.trim())) {
            Meant::Version(version) => Resolution::Found(version),
            Meant::NotAtHand => found,
            Meant::None => Resolution::Unknown,
        }
    }

    /// Returns the versions that a module lists; `None` if the list cannot be read.
    #[must_use]
    pub fn listed_versions(self, module: &'a Member) -> Option<Vec<ListedVersion<'a>>> {
        let tree = &module.tree;
        let list = field(tree, module.root, "versions").filter(|list| tree.is_sequence(*list))?;
        let listed = tree.items(list).iter().map(|entry| {
            let id = module.text(field(tree, *entry, "id"));
            let documents = id.into_iter().flat_map(|id| self.with_id(id));
            let mut versions = documents.filter_map(|id| Some((id, self.member(id)?)));
            let document = versions.find(|(_, member)| member.kind == Kind::ModuleVersion);
            ListedVersion { number: module.text(field(tree, *entry, "version")), document }
        });
        Some(listed.collect())
    }

    /// Returns the module that a version names as its own.
    #[must_use]
    pub fn module_of(self, version: DocId) -> Option<&'a Member> {
        match self.references_of(version).find(|(reference, _)| reference.role == ReferenceRole::OwnModule)? {
            (_, Resolution::Found(module)) => self.member(*module),
            _ => None,
        }
    }

    /// Returns the run that a run names as its parent.
    #[must_use]
    pub fn parent_of(self, run: DocId) -> Option<DocId> {
        match self.references_of(run).find(|(reference, _)| reference.role == ReferenceRole::Parent)? {
            (_, Resolution::Found(parent)) => Some(*parent),
            _ => None,
        }
    }

    /// Returns the references with a role to an object from documents of a kind, in their order.
    pub fn referring_to(
        self,
        object: DocId,
        role: ReferenceRole,
        kind: Kind,
    ) -> impl Iterator<Item = (DocId, &'a Reference)> + Clone {
        self.references_at(Key::Meaning(&MeantObject::Object(object), role, kind))
    }

    /// Returns all references to an object.
    pub fn references_to(self, object: DocId) -> impl Iterator<Item = (DocId, &'a Reference)> {
        let of_kind = move |kind: &Kind| {
            let kind = *kind;
            reference_roles(kind).flat_map(move |role| self.referring_to(object, role, kind))
        };
        Kind::ALL.iter().flat_map(of_kind)
    }

    /// Returns the references with a role, from documents of a kind, to the same object as one of a document's, in their order.
    pub fn meaning_the_same(
        self,
        id: DocId,
        reference: &Reference,
        role: ReferenceRole,
        kind: Kind,
    ) -> impl Iterator<Item = (DocId, &'a Reference)> + Clone + use<'a> {
        let resolution = self.references_of(id).find(|(own, _)| own.node == reference.node).map(|(_, found)| found);
        let target = self.member(id).zip(resolution).map(|(member, found)| target(member, reference, found));
        let entries = target.map(|target| self.entries(Key::Meaning(&target, role, kind)));
        self.references_in(entries.unwrap_or_default())
    }

    fn references_at(self, key: Key<'_>) -> impl Iterator<Item = (DocId, &'a Reference)> + Clone + use<'a> {
        self.references_in(self.entries(key))
    }

    fn references_in(
        self,
        entries: &'a [IndexEntry],
    ) -> impl Iterator<Item = (DocId, &'a Reference)> + Clone + use<'a> {
        entries.iter().filter_map(move |entry| {
            let member = self.member(entry.id)?;
            Some((entry.id, member.references.get(entry.at as usize)?))
        })
    }

    /// Returns the logged requests with an id.
    pub fn requests(self, request: &str) -> impl Iterator<Item = DocId> + use<'a> {
        self.entries(Key::Requests(request)).iter().map(|entry| entry.id)
    }

    /// Returns the predictions for a request.
    pub fn predictions(self, request: &str) -> impl ExactSizeIterator<Item = DocId> + Clone + use<'a> {
        self.entries(Key::Predictions(request)).iter().map(|entry| entry.id)
    }

    /// Returns the inference records with a request that say the same in the same words as one of them, which is among them.
    pub fn equal_records(self, record: &Member) -> impl Iterator<Item = DocId> + Clone + use<'a> {
        self.entries(Key::EqualRecords(record.kind, record.written())).iter().map(|entry| entry.id)
    }

    /// Returns the target of a document's reference to an object of a kind.
    pub(super) fn target_of_kind(self, id: DocId, kind: Kind) -> Option<MeantObject<'a>> {
        let member = self.member(id)?;
        let mut references = self.references_of(id);
        let (reference, resolution) = references.find(|(reference, _)| reference.targets == [kind])?;
        Some(target(member, reference, resolution))
    }

    /// Returns the newest of the runs, evaluations, tests and inference records with a date; of several on one day, the first.
    #[must_use]
    pub fn newest_record(self) -> Option<Dated> {
        self.note(Key::NewestRecord);
        let newest = *self.index.newest_record.get_or_init(|| {
            let dated = self.index.members().filter_map(|(id, member)| {
                let (text, node) = member.recorded_on()?;
                Some((Dated { day: day(text)?, member: id, node }, (member.file(), member.position)))
            });
            let newer = |a: (Dated, _), b: (Dated, _)| {
                let is_newer = b.0.day > a.0.day || (b.0.day == a.0.day && b.1 < a.1);
                if is_newer { b } else { a }
            };
            dated.reduce(newer).map(|(dated, _)| dated)
        });
        if let Some(newest) = newest {
            self.note(Key::Content(newest.member));
        }
        newest
    }

    /// Returns the runs that are their own ancestors.
    #[must_use]
    pub fn run_cycles(self) -> &'a FxHashSet<DocId> {
        self.note(Key::RunCycles);
        self.index.run_cycles.get_or_init(|| {
            // The content of the runs is not recorded as a query: the set of cycles is compared as a whole.
            let quiet = self.index.workspace();
            let runs = quiet.of_kind(Kind::Run).chain(quiet.of_kind(Kind::PipelineRun));
            cycles(runs, |run| quiet.parent_of(run))
        })
    }
}

pub(super) fn target<'a>(member: &'a Member, reference: &Reference, resolution: &Resolution) -> MeantObject<'a> {
    match resolution {
        Resolution::Found(found) => MeantObject::Object(*found),
        _ => MeantObject::Text(reference.targets, lower(member.text(Some(reference.node)).unwrap_or(""))),
    }
}

/// Returns the members of all cycles of a graph in which each node has at most one successor, in linear time.
pub(super) fn cycles(nodes: impl Iterator<Item = DocId>, next: impl Fn(DocId) -> Option<DocId>) -> FxHashSet<DocId> {
    let mut walk_of: FxHashMap<DocId, DocId> = FxHashMap::default();
    let mut found = FxHashSet::default();
    for start in nodes {
        let mut path = Vec::new();
        let mut at = Some(start);
        while let Some(node) = at {
            match walk_of.get(&node) {
                None => {
                    walk_of.insert(node, start);
                    path.push(node);
                    at = next(node);
                }
                // Visited in this same walk: everything since then is a cycle.
                Some(walk) if *walk == start => {
                    found.extend(path.iter().skip_while(|other| **other != node));
                    break;
                }
                Some(_) => break,
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_members_of_cycles_are_found_and_what_leads_to_them_is_not() {
        // 0 → 1 → 2 → 1, 3 → 3, 4 → 0, 5.
        let next =
            |node: DocId| [Some(1), Some(2), Some(1), Some(3), Some(0), None][node.index()].map(DocId::from_index);
        let mut found: Vec<_> = cycles((0..6).map(DocId::from_index), next).into_iter().map(DocId::index).collect();
        found.sort_unstable();
        assert_eq!(found, [1, 2, 3]);
    }
}
