//! Sorting more entries than memory holds: sorted runs in a temporary file, merged at the end.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, Read, Seek, SeekFrom, Write};

use super::entry::{ENTRY_BYTES, RecordEntry};
use crate::data::sorted::{NewSpill, SpillFile};

/// The most entries that are kept in memory.
pub const MOST_IN_MEMORY: usize = 1 << 18;

/// The bytes of a run that are read at once.
const RUN_BUFFER: usize = 256 * ENTRY_BYTES;

/// Sorts entries by their [order](RecordEntry::order).
pub(super) struct EntrySorter<'s> {
    open: NewSpill<'s>,
    most: usize,
    run: Vec<RecordEntry>,
    file: Option<Box<dyn SpillFile>>,
    /// The number of entries of each run in the file, one run after the other.
    runs: Vec<u64>,
}

impl<'s> EntrySorter<'s> {
    pub fn new(open: NewSpill<'s>, most: usize) -> Self {
        Self { open, most: most.max(1), run: Vec::new(), file: None, runs: Vec::new() }
    }

    pub fn add(&mut self, entry: RecordEntry) -> io::Result<()> {
        if self.run.len() >= self.most {
            self.spill()?;
        }
        self.run.push(entry);
        Ok(())
    }

    fn sort(&mut self) {
        self.run.sort_unstable_by_key(RecordEntry::order);
    }

    fn spill(&mut self) -> io::Result<()> {
        self.sort();
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert((self.open)()?),
        };
        let mut bytes = Vec::with_capacity(RUN_BUFFER);
        for entries in self.run.chunks(RUN_BUFFER / ENTRY_BYTES) {
            bytes.clear();
            entries.iter().for_each(|entry| bytes.extend_from_slice(&entry.to_bytes()));
            file.write_all(&bytes)?;
        }
        self.runs.push(self.run.len() as u64);
        self.run.clear();
        Ok(())
    }

    /// Gives all entries in their order.
    pub fn finish(mut self, mut each: impl FnMut(RecordEntry)) -> io::Result<()> {
        self.sort();
        let Some(mut file) = self.file.take() else {
            self.run.into_iter().for_each(each);
            return Ok(());
        };
        let mut start = 0;
        let mut runs = Vec::with_capacity(self.runs.len());
        for length in &self.runs {
            runs.push(Run { next: start, end: start + length * ENTRY_BYTES as u64, buffer: Vec::new(), at: 0 });
            start += length * ENTRY_BYTES as u64;
        }
        let mut memory = self.run.into_iter();
        let of_memory = runs.len();
        let mut heap = BinaryHeap::new();
        for (number, run) in runs.iter_mut().enumerate() {
            heap.extend(run.take(&mut file)?.map(|entry| Reverse(Next { entry, run: number })));
        }
        heap.extend(memory.next().map(|entry| Reverse(Next { entry, run: of_memory })));
        while let Some(Reverse(Next { entry, run })) = heap.pop() {
            each(entry);
            let next = match runs.get_mut(run) {
                Some(own) => own.take(&mut file)?,
                None => memory.next(),
            };
            heap.extend(next.map(|entry| Reverse(Next { entry, run })));
        }
        Ok(())
    }
}

/// A run in the file, of which a part is in memory.
struct Run {
    /// The place of the bytes after those in memory.
    next: u64,
    end: u64,
    buffer: Vec<u8>,
    at: usize,
}

impl Run {
    fn take(&mut self, file: &mut Box<dyn SpillFile>) -> io::Result<Option<RecordEntry>> {
        if self.at >= self.buffer.len() {
            let length = (self.end - self.next).min(RUN_BUFFER as u64);
            file.seek(SeekFrom::Start(self.next))?;
            self.buffer.clear();
            file.as_mut().take(length).read_to_end(&mut self.buffer)?;
            if self.buffer.len() as u64 != length {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.next += length;
            self.at = 0;
        }
        let entry = self.buffer.get(self.at..).and_then(<[u8]>::first_chunk).map(RecordEntry::from_bytes);
        self.at += ENTRY_BYTES;
        Ok(entry)
    }
}

/// The next entry of a run.
struct Next {
    entry: RecordEntry,
    run: usize,
}

impl Ord for Next {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.entry.order().cmp(&other.entry.order()).then(self.run.cmp(&other.run))
    }
}

impl PartialOrd for Next {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Next {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Next {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::records::across::RequestKey;

    proptest! {
        #[test]
        fn all_entries_come_in_order_however_few_memory_holds(keys in proptest::collection::vec((0_u8..6, 0_u8..3), 0..80), most in 1_usize..20) {
            let entry = |(record, (id, role)): (usize, &(u8, u8))| RecordEntry {
                request: RequestKey::of(&id.to_string()), file: 0, record: record as u64, role: *role, is_final: false, is_faulty: false,
                time: None, application: 0, written: record as u64,
            };
            let open = || Ok(Box::new(std::io::Cursor::new(Vec::new())) as Box<dyn SpillFile>);
            let mut sorter = EntrySorter::new(&open, most);
            let mut all: Vec<RecordEntry> = keys.iter().enumerate().map(entry).collect();
            for entry in &all {
                sorter.add(*entry).unwrap();
                prop_assert!(sorter.run.len() <= most);
            }
            let mut sorted = Vec::new();
            sorter.finish(|entry| sorted.push(entry)).unwrap();
            all.sort_by_key(RecordEntry::order);
            prop_assert_eq!(sorted, all);
        }
    }
}
