//! The documents of a workspace, indexed for queries and kept up to date file by file.
//!
//! Documents are entered under [keys](Key) in three stages, each of which may query the entries of the stages before it: a document's own
//! content, the targets of its references, and what these imply for other documents. An index that tracks changes remembers which keys
//! each answer depends on. If a file changes, only answers that depend on a changed key are recomputed, so that the cost of an edit depends
//! on what it affects, not on the size of the workspace.

mod contributions;
mod tracker;
mod update;

use std::collections::BTreeMap;
use std::hash::RandomState;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

pub(in crate::workspace) use contributions::Contribution;
use tracker::{Dependent, Tracker};

use crate::text::Source;
use crate::workspace::across::AcrossRecords;
use crate::workspace::document::Member;
use crate::workspace::keys::{Key, KeyHash, Order};
use crate::workspace::names::Rank;
use crate::workspace::view::{Dated, Reads, Resolution, Workspace};

/// The number of a document in its index. It stays the same while the document keeps its file and position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocId(u32);

impl DocId {
    /// Returns the number as an index.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }

    /// Restores an id from its [`index`](Self::index).
    #[must_use]
    pub fn from_index(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }
}

/// The number of a text that could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnreadId(u32);

impl UnreadId {
    /// Returns the unread text of an entry.
    pub(in crate::workspace) fn of(entry: &IndexEntry) -> Self {
        Self(entry.id.0)
    }
}

/// The number of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct FileId(u32);

/// A document that a key leads to, and the position in it: a node or the index of a reference, depending on the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::workspace) struct IndexEntry {
    pub(in crate::workspace) id: DocId,
    pub(in crate::workspace) at: u32,
}

/// The content of a file.
#[derive(Clone, Debug, Default)]
pub struct FileFacts {
    /// Its name.
    pub name: Arc<str>,
    /// Its documents.
    pub members: Vec<Member>,
    /// Its text, if it contains an MLSpec document that could not be read.
    pub unread: Option<Unread>,
}

/// A text of MLSpec documents that could not be read.
#[derive(Clone, Debug)]
pub struct Unread {
    /// The text and its name.
    pub source: Arc<Source>,
    /// Whether a finding about it is reported.
    pub is_reported: bool,
}

/// All documents that are checked together.
#[derive(Debug, Default)]
pub struct Index {
    documents: Vec<Option<Slot>>,
    free: Vec<DocId>,
    files: FxHashMap<Arc<str>, FileId>,
    file_slots: Vec<FileSlot>,
    unread: Vec<Option<Unread>>,
    lists: FxHashMap<KeyHash, SmallVec<[IndexEntry; 2]>>,
    hasher: RandomState,
    /// The names of metrics, with the number of times each is logged.
    pub(in crate::workspace) metric_names: BTreeMap<Box<str>, usize>,
    pub(in crate::workspace) newest_record: OnceLock<Option<Dated>>,
    pub(in crate::workspace) run_cycles: OnceLock<FxHashSet<DocId>>,
    pub(in crate::workspace) is_partial: bool,
    pub(in crate::workspace) across: AcrossRecords,
    /// `None` if nothing will change.
    tracker: Option<Tracker>,
}

/// A document and its entries.
#[derive(Debug)]
struct Slot {
    member: Member,
    rank: Rank,
    date: Option<Timestamp>,
    own: Vec<Contribution>,
    resolutions: Vec<Resolution>,
    linked: Vec<Contribution>,
}

#[derive(Debug, Default)]
struct FileSlot {
    name: Arc<str>,
    documents: Vec<DocId>,
    unread: Option<UnreadId>,
    words: Vec<KeyHash>,
}

/// For fewer documents than this, threads cost more than they save.
const WORTH_THREADS: usize = 256;

fn map<T: Sync, R: Send>(items: &[T], each: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    match items.len() >= WORTH_THREADS {
        true => items.par_iter().map(each).collect(),
        false => items.iter().map(each).collect(),
    }
}

impl Index {
    /// Creates an index of documents that do not change, numbered by position. `is_partial` means that there may be more elsewhere.
    #[must_use]
    pub fn of(members: Vec<Member>, is_partial: bool) -> Self {
        let mut files: Vec<FileFacts> = Vec::new();
        for member in members {
            match files.last_mut().filter(|file| *file.name == *member.file()) {
                Some(file) => file.members.push(member),
                None => files.push(FileFacts { name: member.file().into(), members: vec![member], unread: None }),
            }
        }
        Self::load(files, is_partial)
    }

    /// Creates an index of files that do not change. Their documents are numbered in order.
    #[must_use]
    pub fn load(files: Vec<FileFacts>, is_partial: bool) -> Self {
        let mut index = Self { is_partial, ..Self::default() };
        index.fill(files);
        index
    }

    /// Creates an index of files that may be [set](Self::set) again.
    #[must_use]
    pub fn tracking(files: Vec<FileFacts>, is_partial: bool) -> Self {
        let mut index = Self { is_partial, tracker: Some(Tracker::default()), ..Self::default() };
        index.fill(files);
        index
    }

    /// Sets what is known of records among all records of logs that are not kept in memory.
    pub fn set_across(&mut self, across: AcrossRecords) {
        self.across = across;
    }

    /// Returns the documents as they are now.
    #[must_use]
    pub fn workspace(&self) -> Workspace<'_> {
        Workspace::new(self, None)
    }

    /// Returns the documents as they are now, with queries recorded in `reads`.
    #[must_use]
    pub fn noting<'a>(&'a self, reads: &'a Reads) -> Workspace<'a> {
        Workspace::new(self, Some(reads))
    }

    /// Returns whether it records dependencies.
    #[must_use]
    pub fn is_tracking(&self) -> bool {
        self.tracker.is_some()
    }

    /// Returns the documents of a file, in their order.
    #[must_use]
    pub fn documents_of(&self, file: &str) -> &[DocId] {
        self.file(file).map_or(&[], |file| &file.documents)
    }

    /// Returns the text of a file among those that could not be read.
    #[must_use]
    pub fn unread_of(&self, file: &str) -> Option<UnreadId> {
        self.file(file)?.unread
    }

    fn file(&self, name: &str) -> Option<&FileSlot> {
        self.file_slots.get(self.files.get(name)?.0 as usize)
    }

    pub(in crate::workspace) fn member(&self, id: DocId) -> Option<&Member> {
        Some(&self.slot(id)?.member)
    }

    /// Returns the id of a document.
    #[must_use]
    pub fn id_of(&self, member: &Member) -> Option<DocId> {
        let of_file = self.documents_of(member.file()).iter().copied();
        of_file.into_iter().find(|id| self.member(*id).is_some_and(|own| own.is(member)))
    }

    /// Returns all documents, in the order of their ids.
    pub fn members(&self) -> impl Iterator<Item = (DocId, &Member)> {
        let all = self.documents.iter().enumerate();
        all.filter_map(|(index, slot)| Some((DocId::from_index(index), &slot.as_ref()?.member)))
    }

    pub(in crate::workspace) fn rank(&self, id: DocId) -> Option<&Rank> {
        Some(&self.slot(id)?.rank)
    }

    pub(in crate::workspace) fn date(&self, id: DocId) -> Option<Timestamp> {
        self.slot(id)?.date
    }

    pub(in crate::workspace) fn resolutions(&self, id: DocId) -> &[Resolution] {
        self.slot(id).map_or(&[], |slot| &slot.resolutions)
    }

    pub(in crate::workspace) fn unread(&self, id: UnreadId) -> Option<&Unread> {
        self.unread.get(id.0 as usize)?.as_ref()
    }

    pub(in crate::workspace) fn hash(&self, key: Key<'_>) -> KeyHash {
        key.hash_with(&self.hasher)
    }

    pub(in crate::workspace) fn list(&self, key: KeyHash) -> &[IndexEntry] {
        self.lists.get(&key).map_or(&[], SmallVec::as_slice)
    }

    fn slot(&self, id: DocId) -> Option<&Slot> {
        self.documents.get(id.index())?.as_ref()
    }

    fn slot_mut(&mut self, id: DocId) -> Option<&mut Slot> {
        self.documents.get_mut(id.index())?.as_mut()
    }

    /// Enters all documents at once.
    fn fill(&mut self, files: Vec<FileFacts>) {
        let members: Vec<&Member> = files.iter().flat_map(|file| &file.members).collect();
        let own = map(&members, |member| self.own_contributions(member));
        let mut own = own.into_iter();
        for file in files {
            let id = self.file_id(&file.name);
            for member in file.members {
                let document = DocId::from_index(self.documents.len());
                let own = own.next().unwrap_or_default();
                self.append(document, &own);
                self.count_metrics(&member, true);
                self.documents.push(Some(Slot::new(member, own)));
                if let Some(slot) = self.file_slots.get_mut(id.0 as usize) {
                    slot.documents.push(document);
                }
            }
            if file.unread.is_some() {
                self.set_unread(id, file.unread);
            }
        }
        self.sort(|order| matches!(order, Order::Place | Order::Precedence));
        let all: Vec<DocId> = (0..self.documents.len()).map(DocId::from_index).collect();
        self.resolve(&all);
        let linked = self.links(&all);
        for (id, (linked, reads)) in all.into_iter().zip(linked) {
            self.append(id, &linked);
            let is_tracking = self.is_tracking();
            if let Some(slot) = self.slot_mut(id) {
                // Entries that never change are never withdrawn.
                match is_tracking {
                    true => slot.linked = linked,
                    false => slot.own = Vec::new(),
                }
            }
            self.record(Dependent::Linked(id), reads);
        }
        self.sort(|order| order != Order::Unread);
        if let Some(tracker) = &mut self.tracker {
            *tracker = Tracker {
                dependents: std::mem::take(&mut tracker.dependents),
                reads: std::mem::take(&mut tracker.reads),
                ..Tracker::default()
            };
        }
    }

    fn file_id(&mut self, name: &Arc<str>) -> FileId {
        let next = FileId(u32::try_from(self.file_slots.len()).unwrap_or(u32::MAX));
        let id = *self.files.entry(Arc::clone(name)).or_insert(next);
        if id == next {
            self.file_slots.push(FileSlot { name: Arc::clone(name), ..FileSlot::default() });
        }
        id
    }

    /// Replaces a text that could not be read. Of one that takes the place of another, only the words that came or went can change an answer:
    /// who types in a text that is not valid yet changes one or two at a time.
    fn set_unread(&mut self, file: FileId, unread: Option<Unread>) {
        let words: FxHashSet<KeyHash> = match &unread {
            Some(unread) => words_of(unread.source.text()).map(|word| self.hash(Key::Word(&word))).collect(),
            None => FxHashSet::default(),
        };
        let Some(slot) = self.file_slots.get_mut(file.0 as usize) else { return };
        let (old, old_words) = (slot.unread.take(), std::mem::take(&mut slot.words));
        let is_reported = |unread: Option<&Unread>| unread.map(|unread| unread.is_reported);
        let former = old.and_then(|old| self.unread.get(old.0 as usize)?.as_ref());
        let is_alike = is_reported(former) == is_reported(unread.as_ref());
        if let Some(old) = old {
            for word in old_words.iter().filter(|word| !is_alike || !words.contains(*word)) {
                self.remove_entry(*word, DocId(old.0));
                self.touch(*word);
            }
            if let Some(slot) = self.unread.get_mut(old.0 as usize) {
                *slot = None;
            }
        }
        let Some(unread) = unread else { return };
        let id = match old {
            Some(id) => id,
            None => UnreadId(u32::try_from(self.unread.len()).unwrap_or(u32::MAX)),
        };
        match self.unread.get_mut(id.0 as usize) {
            Some(slot) => *slot = Some(unread),
            None => self.unread.push(Some(unread)),
        }
        let former: FxHashSet<KeyHash> = if is_alike { old_words.into_iter().collect() } else { FxHashSet::default() };
        for word in words.difference(&former) {
            self.insert_entry(*word, IndexEntry { id: DocId(id.0), at: 0 });
            self.touch(*word);
        }
        if let Some(slot) = self.file_slots.get_mut(file.0 as usize) {
            (slot.unread, slot.words) = (Some(id), words.into_iter().collect());
        }
    }

    fn count_metrics(&mut self, member: &Member, is_there: bool) {
        let mut is_changed = false;
        for (name, _) in member.logged_metrics() {
            if is_there {
                let count = self.metric_names.entry(name.into()).or_default();
                *count += 1;
                is_changed |= *count == 1;
            } else if let Some(count) = self.metric_names.get_mut(name) {
                *count -= 1;
                if *count == 0 {
                    self.metric_names.remove(name);
                    is_changed = true;
                }
            }
        }
        if is_changed {
            self.touch(self.hash(Key::MetricNames));
        }
    }

    /// Resolves the references of documents. Returns those documents for which the result has changed.
    fn resolve(&mut self, ids: &[DocId]) -> Vec<DocId> {
        let resolved = map(ids, |id| self.asking(|workspace| workspace.resolve_all(*id)));
        let mut changed = Vec::new();
        for (id, (resolutions, reads)) in ids.iter().zip(resolved) {
            self.record(Dependent::Resolutions(*id), reads);
            if let Some(slot) = self.slot_mut(*id)
                && slot.resolutions != resolutions
            {
                slot.resolutions = resolutions;
                changed.push(*id);
            }
        }
        changed
    }

    /// Returns the entries that the references of documents imply for other documents.
    fn links(&self, ids: &[DocId]) -> Vec<(Vec<Contribution>, Reads)> {
        map(ids, |id| self.asking(|workspace| workspace.linked_contributions(*id)))
    }

    fn asking<T>(&self, ask: impl FnOnce(Workspace<'_>) -> T) -> (T, Reads) {
        let reads = Reads::default();
        let answer = ask(Workspace::new(self, self.tracker.is_some().then_some(&reads)));
        (answer, reads)
    }

    fn record(&mut self, dependent: Dependent, reads: Reads) {
        if let Some(tracker) = &mut self.tracker {
            tracker.record(dependent, reads);
        }
    }

    fn touch(&mut self, key: KeyHash) {
        if let Some(tracker) = &mut self.tracker {
            tracker.touched.insert(key);
        }
    }

    /// Enters a document, without sorting.
    fn append(&mut self, id: DocId, contributions: &[Contribution]) {
        for Contribution { key, at } in contributions {
            self.lists.entry(*key).or_default().push(IndexEntry { id, at: *at });
        }
    }

    /// Sorts the lists of the selected orders.
    fn sort(&mut self, is_meant: impl Fn(Order) -> bool) {
        let mut lists = std::mem::take(&mut self.lists);
        for (key, list) in lists.iter_mut().filter(|(key, list)| list.len() > 1 && is_meant(key.order())) {
            let order = key.order();
            list.sort_by(|a, b| self.compare(order, a, b));
        }
        self.lists = lists;
    }

    fn insert(&mut self, id: DocId, contributions: &[Contribution]) {
        for Contribution { key, at } in contributions {
            self.insert_entry(*key, IndexEntry { id, at: *at });
        }
    }

    fn insert_entry(&mut self, key: KeyHash, entry: IndexEntry) {
        let order = key.order();
        let mut list = self.lists.remove(&key).unwrap_or_default();
        let at = list.partition_point(|other| self.compare(order, other, &entry).is_lt());
        list.insert(at, entry);
        self.lists.insert(key, list);
    }

    fn remove(&mut self, id: DocId, contributions: &[Contribution]) {
        contributions.iter().for_each(|contribution| self.remove_entry(contribution.key, id));
    }

    fn remove_entry(&mut self, key: KeyHash, id: DocId) {
        let Some(list) = self.lists.get_mut(&key) else { return };
        list.retain(|entry| entry.id != id);
        if list.is_empty() {
            self.lists.remove(&key);
        }
    }

    fn compare(&self, order: Order, a: &IndexEntry, b: &IndexEntry) -> std::cmp::Ordering {
        let place = |entry: &IndexEntry| self.member(entry.id).map(|member| (member.file(), member.position));
        let by_place = || place(a).cmp(&place(b)).then(a.at.cmp(&b.at));
        match order {
            Order::Place => by_place(),
            Order::Precedence => self.rank(a.id).cmp(&self.rank(b.id)).then_with(by_place),
            Order::Date => self.date(a.id).cmp(&self.date(b.id)).then_with(by_place),
            Order::Unread => {
                let name = |entry: &IndexEntry| self.unread(UnreadId(entry.id.0)).map(|unread| unread.source.name());
                name(a).cmp(&name(b))
            }
        }
    }
}

impl Slot {
    fn new(member: Member, own: Vec<Contribution>) -> Self {
        let (rank, date) = (member.rank(), member.recorded_at());
        Self { member, rank, date, own, resolutions: Vec::new(), linked: Vec::new() }
    }
}

/// Returns the words of a text that may be the name or id of an object, in lower case.
pub(in crate::workspace) fn words_of(text: &str) -> impl Iterator<Item = String> {
    let is_of_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    text.split(move |c: char| !is_of_word(c)).filter(|word| !word.is_empty()).map(str::to_lowercase)
}
