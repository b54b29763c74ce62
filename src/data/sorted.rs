//! Sorting more entries than fit in memory: sorted runs are written to a file, and merged.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, Read, Seek, SeekFrom, Write};

use sha2::{Digest, Sha256};

/// A file for what does not fit in memory.
pub trait SpillFile: Read + Write + Seek {}

impl<T: Read + Write + Seek> SpillFile for T {}

/// Creates files for what does not fit in memory.
pub type NewSpill<'a> = &'a dyn Fn() -> io::Result<Box<dyn SpillFile>>;

/// Something that is compared by its digest: 128 bits of SHA-256. That two of n different ones agree has a probability of n²/2^129, and
/// nobody can make two that do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct SortedEntry {
    /// The digest.
    pub key: [u8; 16],
    /// Which of several tables it is from.
    pub table: u32,
    /// The column of its place, from 1.
    pub column: u32,
    /// The row.
    pub row: u64,
    /// The line of its place.
    pub line: u64,
}

/// The bytes of an entry in a file.
const ENTRY_BYTES: usize = 40;
/// The entries of a run: 10 MB.
const RUN: usize = 1 << 18;
/// The entries that are read of a run at once.
const BLOCK: usize = 1 << 10;

impl SortedEntry {
    /// Returns the key of a sequence of texts, which may be missing.
    #[must_use]
    pub fn key_of<'a>(parts: impl IntoIterator<Item = Option<&'a str>>) -> [u8; 16] {
        let mut hash = Sha256::new();
        for part in parts {
            // The length separates the parts unambiguously, and nothing has the length that stands for a missing one.
            let length = part.map_or(u64::MAX, |part| part.len() as u64);
            hash.update(length.to_le_bytes());
            hash.update(part.unwrap_or("").as_bytes());
        }
        let mut key = [0; 16];
        key.iter_mut().zip(hash.finalize()).for_each(|(own, byte)| *own = byte);
        key
    }

    fn to_bytes(self) -> [u8; ENTRY_BYTES] {
        let parts = self.key.into_iter().chain(self.table.to_le_bytes()).chain(self.column.to_le_bytes());
        let parts = parts.chain(self.row.to_le_bytes()).chain(self.line.to_le_bytes());
        let mut bytes = [0; ENTRY_BYTES];
        bytes.iter_mut().zip(parts).for_each(|(own, byte)| *own = byte);
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let part = |from: usize, to: usize| bytes.get(from..to);
        Some(Self {
            key: part(0, 16)?.try_into().ok()?,
            table: u32::from_le_bytes(part(16, 20)?.try_into().ok()?),
            column: u32::from_le_bytes(part(20, 24)?.try_into().ok()?),
            row: u64::from_le_bytes(part(24, 32)?.try_into().ok()?),
            line: u64::from_le_bytes(part(32, 40)?.try_into().ok()?),
        })
    }
}

/// Collects entries to be sorted.
pub struct Sorter<'a> {
    new_spill: NewSpill<'a>,
    most: usize,
    buffer: Vec<SortedEntry>,
    file: Option<Box<dyn SpillFile>>,
    /// The numbers of entries of the runs in the file.
    runs: Vec<u64>,
}

impl<'a> Sorter<'a> {
    /// Creates a sorter without entries.
    #[must_use]
    pub fn new(new_spill: NewSpill<'a>) -> Self {
        Self::with_run(new_spill, RUN)
    }

    fn with_run(new_spill: NewSpill<'a>, most: usize) -> Self {
        Self { new_spill, most, buffer: Vec::new(), file: None, runs: Vec::new() }
    }

    /// Adds an entry.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn push(&mut self, entry: SortedEntry) -> io::Result<()> {
        self.buffer.push(entry);
        if self.buffer.len() < self.most {
            return Ok(());
        }
        self.buffer.sort_unstable();
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert((self.new_spill)()?),
        };
        let mut bytes = Vec::with_capacity(self.buffer.len() * ENTRY_BYTES);
        self.buffer.iter().for_each(|entry| bytes.extend(entry.to_bytes()));
        file.write_all(&bytes)?;
        self.runs.push(self.buffer.len() as u64);
        self.buffer.clear();
        Ok(())
    }

    /// Returns the entries in their order.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn finish(mut self) -> io::Result<Sorted> {
        self.buffer.sort_unstable();
        let mut runs = Vec::new();
        let mut at = 0;
        for length in &self.runs {
            runs.push(Run { next: at, end: at + length, block: Vec::new().into_iter() });
            at += length;
        }
        let mut sorted = Sorted { file: self.file, runs, rest: self.buffer.into_iter(), heap: BinaryHeap::new() };
        for run in 0..=sorted.runs.len() {
            sorted.refill(run)?;
        }
        Ok(sorted)
    }
}

struct Run {
    next: u64,
    end: u64,
    block: std::vec::IntoIter<SortedEntry>,
}

/// Sorted entries.
pub struct Sorted {
    file: Option<Box<dyn SpillFile>>,
    runs: Vec<Run>,
    rest: std::vec::IntoIter<SortedEntry>,
    heap: BinaryHeap<Reverse<(SortedEntry, usize)>>,
}

impl Sorted {
    /// Returns the next entry.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn next_entry(&mut self) -> io::Result<Option<SortedEntry>> {
        let Some(Reverse((entry, run))) = self.heap.pop() else { return Ok(None) };
        self.refill(run)?;
        Ok(Some(entry))
    }

    /// Calls a function with each group of entries of one key, of which at most `most` are kept, and the number of all.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn groups(mut self, most: usize, mut each: impl FnMut(&[SortedEntry], u64)) -> io::Result<()> {
        let mut group: Vec<SortedEntry> = Vec::new();
        let mut count = 0;
        while let Some(entry) = self.next_entry()? {
            if group.first().is_some_and(|first| first.key != entry.key) {
                each(&group, count);
                group.clear();
                count = 0;
            }
            count += 1;
            if group.len() < most {
                group.push(entry);
            }
        }
        if count > 0 {
            each(&group, count);
        }
        Ok(())
    }

    /// Puts the next entry of a run into the heap; the last run is the one in memory.
    fn refill(&mut self, number: usize) -> io::Result<()> {
        let next = match self.runs.get_mut(number) {
            None => self.rest.next(),
            Some(run) => {
                if run.block.len() == 0 && run.next < run.end {
                    let count = (run.end - run.next).min(BLOCK as u64);
                    let mut bytes = vec![0; usize::try_from(count).unwrap_or(0) * ENTRY_BYTES];
                    if let Some(file) = &mut self.file {
                        file.seek(SeekFrom::Start(run.next * ENTRY_BYTES as u64))?;
                        file.read_exact(&mut bytes)?;
                    }
                    run.next += count;
                    let block: Vec<_> = bytes.chunks_exact(ENTRY_BYTES).filter_map(SortedEntry::from_bytes).collect();
                    run.block = block.into_iter();
                }
                run.block.next()
            }
        };
        self.heap.extend(next.map(|entry| Reverse((entry, number))));
        Ok(())
    }
}

/// Creates a file in memory: for tests, and where there are no files.
///
/// # Errors
/// None.
pub fn spill_to_memory() -> io::Result<Box<dyn SpillFile>> {
    Ok(Box::new(io::Cursor::new(Vec::new())))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn runs_are_merged_in_order(rows in prop::collection::vec(0..50u64, 0..300), most in 1..40usize) {
            let mut sorter = Sorter::with_run(&spill_to_memory, most);
            let entry = |row: &u64| SortedEntry { key: SortedEntry::key_of([Some(&*(row % 7).to_string())]), row: *row, ..SortedEntry::default() };
            let mut expected: Vec<SortedEntry> = rows.iter().map(entry).collect();
            for row in &rows {
                sorter.push(entry(row)).unwrap();
            }
            let mut sorted = sorter.finish().unwrap();
            expected.sort();
            for entry in expected {
                prop_assert_eq!(sorted.next_entry().unwrap(), Some(entry));
            }
            prop_assert_eq!(sorted.next_entry().unwrap(), None);
        }
    }

    #[test]
    fn what_is_missing_is_not_the_empty_text_and_parts_do_not_run_together() {
        let key = |parts: &[Option<&str>]| SortedEntry::key_of(parts.iter().copied());
        assert_ne!(key(&[None]), key(&[Some("")]));
        assert_ne!(key(&[Some("ab"), Some("c")]), key(&[Some("a"), Some("bc")]));
    }
}
