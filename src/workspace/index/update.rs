//! Updates of files, and their consequences.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::tracker::{Before, Dependent, Tracker};
use super::{Contribution, DocId, FileFacts, FileId, Index, Slot};
use crate::documents::Kind;
use crate::documents::roles::ReferenceRole;
use crate::workspace::dates::day;
use crate::workspace::document::Member;
use crate::workspace::keys::{Key, KeyHash, Order};
use crate::workspace::view::Reads;

impl Index {
    /// Replaces the content of a file, in an index that is [tracking](Self::tracking) changes. Answers do not reflect the change until it
    /// is [settled](Self::settle).
    pub fn set(&mut self, file: FileFacts) {
        let id = self.file_id(&file.name);
        let Some(slot) = self.file_slots.get_mut(id.0 as usize) else { return };
        let before = std::mem::take(&mut slot.documents);
        let mut documents = Vec::with_capacity(file.members.len());
        let mut members = file.members.into_iter();
        for old in before {
            self.withdraw(old);
            match members.next() {
                Some(member) => {
                    self.enter(old, member);
                    documents.push(old);
                }
                None => {
                    self.free.push(old);
                    self.forget(old);
                }
            }
        }
        for member in members {
            let new = self.free.pop().unwrap_or_else(|| {
                self.documents.push(None);
                DocId::from_index(self.documents.len() - 1)
            });
            self.enter(new, member);
            documents.push(new);
        }
        if let Some(slot) = self.file_slots.get_mut(id.0 as usize) {
            slot.documents = documents;
        }
        self.set_unread(id, file.unread);
        if let Some(tracker) = &mut self.tracker {
            tracker.changed_files.insert(id);
        }
    }

    /// Applies the consequences of all changes. Returns the names of the files whose reports may have changed.
    pub fn settle(&mut self) -> Vec<Arc<str>> {
        let Some(tracker) = &mut self.tracker else { return Vec::new() };
        let changed = std::mem::take(&mut tracker.changed);
        for (id, before) in &changed {
            self.touch(self.hash(Key::Content(*id)));
            let slot = self.slot(*id);
            let own = slot.map(|slot| slot.own.clone()).unwrap_or_default();
            let is_other = before.is_other(slot.map(|slot| &slot.member));
            let is_other_rank = slot.map(|slot| &slot.rank) != before.rank.as_ref();
            self.touch_differences(&before.own, &own, |order| {
                is_other || (is_other_rank && order == Order::Precedence)
            });
        }
        let stale = self.stale(&changed, |dependent| match dependent {
            Dependent::Resolutions(id) => Some(id),
            _ => None,
        });
        let resolved = self.resolve(&stale);
        let totals = self.totals_in_question(&changed, &resolved);
        for id in resolved.iter().chain(changed.keys()) {
            self.touch(self.hash(Key::Resolutions(*id)));
        }
        let mut stale = self.stale(&changed, |dependent| match dependent {
            Dependent::Linked(id) => Some(id),
            _ => None,
        });
        stale.extend(resolved.into_iter().filter(|id| !changed.contains_key(id)));
        stale.sort_unstable();
        stale.dedup();
        for (id, (linked, reads)) in stale.iter().zip(self.links(&stale)) {
            self.record(Dependent::Linked(*id), reads);
            let Some(slot) = self.slot_mut(*id) else { continue };
            let (date, own) = (slot.date, std::mem::replace(&mut slot.linked, linked.clone()));
            let before = changed.get(id).map_or(&own, |before| &before.linked);
            let is_redated = changed.get(id).is_some_and(|before| before.date != date);
            let is_other = changed.get(id).is_some_and(|before| before.is_other(self.member(*id)));
            self.touch_differences(before, &linked, |order| is_other || (is_redated && order == Order::Date));
            if own != linked {
                self.remove(*id, &own);
                self.insert(*id, &linked);
            }
        }
        for before in
            changed.iter().filter(|(id, _)| self.slot(**id).is_none()).map(|(_, before)| before).collect::<Vec<_>>()
        {
            self.touch_differences(&before.linked, &[], |_| false);
        }
        self.renew_totals(totals);
        let Some(tracker) = &mut self.tracker else { return Vec::new() };
        let mut files: FxHashSet<FileId> = std::mem::take(&mut tracker.changed_files);
        files.extend(tracker.outdated().filter_map(|dependent| match dependent {
            Dependent::Report(file) => Some(file),
            _ => None,
        }));
        tracker.touched.clear();
        let mut names: Vec<Arc<str>> =
            files.into_iter().filter_map(|id| Some(Arc::clone(&self.file_slots.get(id.0 as usize)?.name))).collect();
        names.sort_unstable();
        names
    }

    /// Returns the changed documents, and those that depend on a changed answer.
    fn stale(&self, changed: &FxHashMap<DocId, Before>, is_meant: impl Fn(Dependent) -> Option<DocId>) -> Vec<DocId> {
        let outdated = self.tracker.iter().flat_map(Tracker::outdated).filter_map(is_meant);
        let all: FxHashSet<DocId> = changed.keys().copied().chain(outdated).collect();
        let mut stale: Vec<DocId> = all.into_iter().filter(|id| self.slot(*id).is_some()).collect();
        stale.sort_unstable();
        stale
    }

    /// Records the dependencies of the report about a file.
    pub fn record_report(&mut self, file: &str, reads: Reads) {
        if let Some(id) = self.files.get(file).copied() {
            self.record(Dependent::Report(id), reads);
        }
    }

    /// Removes a document with all its entries.
    fn withdraw(&mut self, id: DocId) {
        let Some(slot) = self.documents.get_mut(id.index()).and_then(Option::take) else { return };
        self.remove(id, &slot.own);
        self.remove(id, &slot.linked);
        self.count_metrics(&slot.member, false);
        self.touch_few(slot.member.kind);
        let (member, rank) = (Some(slot.member), Some(slot.rank));
        let before = Before { member, rank, date: slot.date, own: slot.own, linked: slot.linked };
        if let Some(tracker) = &mut self.tracker {
            tracker.changed.entry(id).or_insert(before);
        }
    }

    fn enter(&mut self, id: DocId, member: Member) {
        let own = self.own_contributions(&member);
        self.count_metrics(&member, true);
        self.touch_few(member.kind);
        if let Some(slot) = self.documents.get_mut(id.index()) {
            *slot = Some(Slot::new(member, own.clone()));
        }
        self.insert(id, &own);
        if let Some(tracker) = &mut self.tracker {
            tracker.changed.entry(id).or_default();
        }
    }

    /// Records that the answer to "none, one or several of a kind" may have changed.
    fn touch_few(&mut self, kind: Kind) {
        if self.list(self.hash(Key::OfKind(kind))).len() <= 2 {
            self.touch(self.hash(Key::FewOfKind(kind)));
        }
    }

    /// Records changed lists: those that contain a document more or less often than before, and those in which it may have moved.
    fn touch_differences(&mut self, before: &[Contribution], after: &[Contribution], is_moved: impl Fn(Order) -> bool) {
        let mut counts: FxHashMap<KeyHash, isize> = FxHashMap::default();
        before.iter().for_each(|contribution| *counts.entry(contribution.key).or_default() += 1);
        after.iter().for_each(|contribution| *counts.entry(contribution.key).or_default() -= 1);
        for (key, _) in counts.into_iter().filter(|(key, difference)| *difference != 0 || is_moved(key.order())) {
            self.touch(key);
        }
    }

    fn forget(&mut self, id: DocId) {
        if let Some(tracker) = &mut self.tracker {
            tracker.forget(Dependent::Resolutions(id));
            tracker.forget(Dependent::Linked(id));
        }
    }

    /// Returns which of the answers that depend on all documents may be others now. Few changes can make them so, and to compute them takes as long
    /// as there are documents.
    fn totals_in_question(&self, changed: &FxHashMap<DocId, Before>, resolved: &[DocId]) -> TotalsInQuestion {
        let names_parent = |member: Option<&Member>| {
            let references = member.map(|member| member.references.iter());
            references.into_iter().flatten().any(|reference| reference.role == ReferenceRole::Parent)
        };
        let newest = self.newest_record.get().is_some_and(|newest| {
            changed.keys().any(|id| {
                let dated = self.member(*id).and_then(|member| day(member.recorded_on()?.0));
                match newest {
                    Some(newest) => newest.member == *id || dated.is_some_and(|dated| dated >= newest.day),
                    None => dated.is_some(),
                }
            })
        });
        // Only who has a parent is on a cycle, before or now.
        let run_cycles = changed.values().any(|before| names_parent(before.member.as_ref()))
            || changed.keys().chain(resolved).any(|id| names_parent(self.member(*id)));
        TotalsInQuestion { newest, run_cycles }
    }

    /// Recomputes the answers that depend on all documents at once, if they were queried at all.
    fn renew_totals(&mut self, TotalsInQuestion { newest, run_cycles }: TotalsInQuestion) {
        if newest
            && let Some(before) = self.newest_record.take()
            && self.workspace().newest_record() != before
        {
            self.touch(self.hash(Key::NewestRecord));
        }
        if run_cycles
            && let Some(before) = self.run_cycles.take()
            && *self.workspace().run_cycles() != before
        {
            self.touch(self.hash(Key::RunCycles));
        }
    }
}

/// The answers that depend on all documents at once, and may be others than they were.
struct TotalsInQuestion {
    newest: bool,
    run_cycles: bool,
}
