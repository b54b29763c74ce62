//! Dependencies of answers on keys, and the changes since the last settlement.

use jiff::Timestamp;
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::{Contribution, DocId, FileId};
use crate::workspace::document::Member;
use crate::workspace::keys::KeyHash;
use crate::workspace::names::Rank;
use crate::workspace::view::Reads;

/// Something that depends on an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Dependent {
    Resolutions(DocId),
    Linked(DocId),
    Report(FileId),
}

/// What depends on one key. Thousands may, on a word that all names have, and each is taken out and put in again when it is answered anew.
#[derive(Debug)]
pub(super) enum Dependents {
    Few(SmallVec<[Dependent; 2]>),
    Many(FxHashSet<Dependent>),
}

/// The most dependents that are found faster one after another.
const FEW: usize = 32;

impl Dependents {
    fn insert(&mut self, dependent: Dependent) {
        match self {
            Self::Few(list) if list.contains(&dependent) => {}
            Self::Few(list) if list.len() < FEW => list.push(dependent),
            Self::Few(list) => *self = Self::Many(list.drain(..).chain([dependent]).collect()),
            Self::Many(set) => {
                set.insert(dependent);
            }
        }
    }

    /// Takes one out. Returns whether none is left.
    fn remove(&mut self, dependent: Dependent) -> bool {
        match self {
            Self::Few(list) => {
                list.retain(|other| *other != dependent);
                list.is_empty()
            }
            Self::Many(set) => {
                set.remove(&dependent);
                set.is_empty()
            }
        }
    }

    fn iter(&self) -> impl Iterator<Item = Dependent> {
        let (few, many) = match self {
            Self::Few(list) => (Some(list), None),
            Self::Many(set) => (None, Some(set)),
        };
        few.into_iter().flatten().copied().chain(many.into_iter().flatten().copied())
    }
}

impl Default for Dependents {
    fn default() -> Self {
        Self::Few(SmallVec::new())
    }
}

/// The dependencies of answers on keys, and the changed keys.
#[derive(Debug, Default)]
pub(super) struct Tracker {
    pub(super) dependents: FxHashMap<KeyHash, Dependents>,
    pub(super) reads: FxHashMap<Dependent, Vec<KeyHash>>,
    pub(super) touched: FxHashSet<KeyHash>,
    /// The documents that were set since the last settlement, in their previous state.
    pub(super) changed: FxHashMap<DocId, Before>,
    pub(super) changed_files: FxHashSet<FileId>,
}

/// The previous entries of a document; empty if it did not exist.
#[derive(Clone, Debug, Default)]
pub(super) struct Before {
    pub(super) member: Option<Member>,
    pub(super) rank: Option<Rank>,
    pub(super) date: Option<Timestamp>,
    pub(super) own: Vec<Contribution>,
    pub(super) linked: Vec<Contribution>,
}

impl Before {
    /// Returns whether the document is of another kind now, or in another place: its number may belong to another document.
    pub(super) fn is_other(&self, now: Option<&Member>) -> bool {
        let place = |member: &Member| (member.kind, member.file().to_owned(), member.position);
        self.member.as_ref().map(place) != now.map(place)
    }
}

impl Tracker {
    pub(super) fn record(&mut self, dependent: Dependent, reads: Reads) {
        self.forget(dependent);
        let keys = reads.into_keys();
        keys.iter().for_each(|key| self.dependents.entry(*key).or_default().insert(dependent));
        self.reads.insert(dependent, keys);
    }

    pub(super) fn forget(&mut self, dependent: Dependent) {
        for key in self.reads.remove(&dependent).into_iter().flatten() {
            if self.dependents.get_mut(&key).is_some_and(|own| own.remove(dependent)) {
                self.dependents.remove(&key);
            }
        }
    }

    /// Returns everything that depends on a changed key.
    pub(super) fn outdated(&self) -> impl Iterator<Item = Dependent> {
        self.touched.iter().filter_map(|key| self.dependents.get(key)).flat_map(Dependents::iter)
    }
}
