//! The rules that compare records with each other, on entries in their order. Which finding there is, and what it says, is left to the rules:
//! this only tells about which records they have to be asked.

use std::collections::BTreeMap;
use std::io;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::entry::{RecordEntry, RequestKey};
use super::sort::EntrySorter;
use crate::data::sorted::NewSpill;
use crate::workspace::JudgedRecord;

/// The number of a file among those that are checked, and the position of a record in it.
pub type EntryPlace = (u32, u64);

/// The requests of an id that a prediction is compared with.
const MOST_REQUESTS: usize = 16;

/// The different texts of records with one id that are told apart. Of more, those that come later are taken for different.
const MOST_TEXTS: usize = 1 << 16;

/// The records of a file that stand out by one rule, of which the rule is asked.
const MOST_JUDGED: usize = 200;

/// Compares records with each other, in memory that does not depend on their number.
pub struct RecordComparison<'s> {
    sorter: EntrySorter<'s>,
    keeps_requests: bool,
}

/// What came out.
#[derive(Clone, Debug, Default)]
pub struct ComparedRecords {
    /// The records that stand out, the first ones of each file.
    pub judged: BTreeMap<EntryPlace, JudgedRecord>,
    /// Those that they are compared with.
    pub companions: Vec<EntryPlace>,
    /// How often each rule has something to say, by file: predictions without their request, requests with several predictions, and records
    /// that are there several times.
    pub counts: FxHashMap<u32, [u64; 3]>,
}

impl<'s> RecordComparison<'s> {
    /// Creates a comparison that keeps at most so many records in memory.
    #[must_use]
    pub fn new(open: NewSpill<'s>, most_in_memory: usize) -> Self {
        Self { sorter: EntrySorter::new(open, most_in_memory), keeps_requests: false }
    }

    /// Notes that there are requests, whether or not they have ids.
    pub fn keep_requests(&mut self) {
        self.keeps_requests = true;
    }

    /// Adds a record.
    ///
    /// # Errors
    /// If what memory does not hold cannot be stored.
    pub fn add(&mut self, entry: RecordEntry) -> io::Result<()> {
        self.keeps_requests |= !entry.is_prediction();
        self.sorter.add(entry)
    }

    /// Compares all records.
    ///
    /// # Errors
    /// If what was stored cannot be read.
    pub fn finish(self) -> io::Result<ComparedRecords> {
        let mut listing = Listing::default();
        let mut request: Option<Request> = None;
        self.sorter.finish(|entry| {
            if request.as_ref().is_none_or(|own| own.key != entry.request) {
                request.take().into_iter().for_each(|own| own.finish(&mut listing));
                request = Some(Request::new(entry.request, self.keeps_requests));
            }
            if let Some(own) = &mut request {
                own.add(&entry, &mut listing);
            }
        })?;
        request.take().into_iter().for_each(|own| own.finish(&mut listing));
        Ok(listing.into_compared())
    }
}

/// The records of one request, as they come.
struct Request {
    key: RequestKey,
    keeps_requests: bool,
    /// The first ones of those that are no predictions.
    requests: SmallVec<[RecordEntry; 2]>,
    /// The first of the equal records of a role, by their text; the second, and their number.
    texts: FxHashMap<(u8, u64), (EntryPlace, Option<EntryPlace>, u64)>,
    first_prediction: Option<EntryPlace>,
    second_prediction: Option<EntryPlace>,
    predictions: u64,
    has_final: bool,
}

impl Request {
    fn new(key: RequestKey, keeps_requests: bool) -> Self {
        Self {
            key,
            keeps_requests,
            requests: SmallVec::new(),
            texts: FxHashMap::default(),
            first_prediction: None,
            second_prediction: None,
            predictions: 0,
            has_final: false,
        }
    }

    fn add(&mut self, entry: &RecordEntry, listing: &mut Listing) {
        let place = (entry.file, entry.record);
        let is_full = self.texts.len() >= MOST_TEXTS;
        let key = (entry.role, entry.written);
        let is_new = match self.texts.get_mut(&key) {
            Some((_, second, count)) => {
                second.get_or_insert(place);
                *count += 1;
                false
            }
            None if is_full => true,
            None => self.texts.insert(key, (place, None, 1)).is_none(),
        };
        if !entry.is_prediction() {
            if self.requests.len() < MOST_REQUESTS {
                self.requests.push(*entry);
            }
            return;
        }
        self.has_final |= entry.is_final;
        if is_new {
            self.predictions += 1;
            match self.first_prediction {
                None => self.first_prediction = Some(place),
                Some(_) => drop(self.second_prediction.get_or_insert(place)),
            }
        }
        let findings = self.uncorrelated(entry);
        if findings > 0 {
            let companions = self.requests.iter().map(|request| (request.file, request.record));
            listing.note(0, place, findings, companions, |judged| judged.is_uncorrelated = true);
        }
    }

    /// Returns how many findings there are about what a prediction and its request have to do with each other.
    fn uncorrelated(&self, own: &RecordEntry) -> u64 {
        if !self.keeps_requests || own.is_faulty {
            return 0;
        }
        if self.requests.is_empty() {
            return 1;
        }
        let is_of_another = |other: &RecordEntry| other.application != 0 && other.application != own.application;
        let is_elsewhere = own.application != 0 && self.requests.iter().all(is_of_another);
        let times: Option<SmallVec<[i64; 2]>> = self.requests.iter().map(|request| request.time).collect();
        let earliest = times.and_then(|times| times.into_iter().min());
        let is_before = own.time.zip(earliest).is_some_and(|(own, earliest)| own < earliest);
        u64::from(is_elsewhere) + u64::from(is_before)
    }

    fn finish(self, listing: &mut Listing) {
        if let (Some(first), Some(second), false) = (self.first_prediction, self.second_prediction, self.has_final) {
            let count = self.predictions;
            listing.note(1, first, 1, [second], |judged| judged.repeated = Some(count));
        }
        let mut copies: Vec<_> =
            self.texts.into_values().filter_map(|(first, second, count)| Some((first, second?, count))).collect();
        copies.sort_unstable();
        for (first, second, count) in copies {
            listing.note(2, first, 1, [second], |judged| judged.duplicated = Some(count));
        }
    }
}

/// A record that stands out, and those that it is compared with.
type Outstanding = (JudgedRecord, SmallVec<[EntryPlace; 2]>);

/// The first records of each file that stand out, and the number of all of them.
#[derive(Default)]
struct Listing {
    listed: FxHashMap<(u32, usize), BTreeMap<u64, Outstanding>>,
    counts: FxHashMap<u32, [u64; 3]>,
}

impl Listing {
    /// Notes that a record stands out by a rule. Records do not come in the order of their files, so the last ones make room for earlier ones.
    fn note(
        &mut self,
        rule: usize,
        (file, record): EntryPlace,
        findings: u64,
        companions: impl IntoIterator<Item = EntryPlace>,
        set: impl FnOnce(&mut JudgedRecord),
    ) {
        if let Some(count) = self.counts.entry(file).or_default().get_mut(rule) {
            *count += findings;
        }
        let listed = self.listed.entry((file, rule)).or_default();
        let is_full = listed.len() >= MOST_JUDGED;
        if is_full && listed.last_key_value().is_some_and(|(last, _)| *last < record) {
            return;
        }
        let (judged, others) = listed.entry(record).or_default();
        set(judged);
        others.extend(companions);
        if listed.len() > MOST_JUDGED {
            listed.pop_last();
        }
    }

    fn into_compared(self) -> ComparedRecords {
        let mut compared = ComparedRecords { counts: self.counts, ..ComparedRecords::default() };
        for ((file, _), listed) in self.listed {
            for (record, (own, companions)) in listed {
                let judged = compared.judged.entry((file, record)).or_default();
                judged.is_uncorrelated |= own.is_uncorrelated;
                judged.repeated = judged.repeated.or(own.repeated);
                judged.duplicated = judged.duplicated.or(own.duplicated);
                compared.companions.extend(companions);
            }
        }
        compared.companions.sort_unstable();
        compared.companions.dedup();
        compared
    }
}
