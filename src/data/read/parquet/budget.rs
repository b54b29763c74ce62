//! How much of a file is in memory at a time: pages that were read for a batch of rows, of all columns together.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The most bytes of pages of all columns, decompressed.
const MOST_BYTES: u64 = 1 << 30;

/// The most values of a column in a batch: each takes four bytes for its levels, however few bytes of the file it takes.
const MOST_VALUES: u64 = 32 << 20;

/// The bytes that all columns hold.
#[derive(Clone, Debug, Default)]
pub(super) struct FileBudget(Arc<AtomicU64>);

/// What a column holds.
#[derive(Debug)]
pub(super) struct ColumnBudget {
    file: FileBudget,
    /// The bytes of pages that were read for the batch, with those of the dictionary.
    held: AtomicU64,
    dictionary: AtomicU64,
    last_page: AtomicU64,
    values: AtomicU64,
    /// Where the last page stands, which may be looked at twice.
    last_start: AtomicU64,
}

/// A page as its header declares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DeclaredPage {
    /// The bytes that it has, compressed or not, whatever is more.
    pub size: u64,
    pub values: u64,
    /// The bytes of its levels that are not compressed.
    pub levels: u64,
    pub is_dictionary: bool,
}

impl ColumnBudget {
    pub fn new(file: &FileBudget) -> Self {
        Self {
            file: file.clone(),
            held: AtomicU64::new(0),
            dictionary: AtomicU64::new(0),
            last_page: AtomicU64::new(0),
            values: AtomicU64::new(0),
            last_start: AtomicU64::new(u64::MAX),
        }
    }

    /// Begins the next batch: of the pages of the one before, the last one is still read.
    pub fn begin_batch(&self) {
        let kept = load(&self.dictionary) + load(&self.last_page);
        let held = self.held.swap(kept, Ordering::Relaxed);
        self.file.0.fetch_add(kept, Ordering::Relaxed);
        self.file.0.fetch_sub(held, Ordering::Relaxed);
        self.values.store(0, Ordering::Relaxed);
    }

    /// Adds a page that begins at a byte of the file.
    ///
    /// # Errors
    /// If it is too much, in words.
    pub fn add(&self, start: u64, page: DeclaredPage) -> Result<(), String> {
        if self.last_start.swap(start, Ordering::Relaxed) == start {
            return Ok(());
        }
        let own = if page.is_dictionary { &self.dictionary } else { &self.last_page };
        own.store(page.size, Ordering::Relaxed);
        self.held.fetch_add(page.size, Ordering::Relaxed);
        let bytes = self.file.0.fetch_add(page.size, Ordering::Relaxed).saturating_add(page.size);
        let values = self.values.fetch_add(page.values, Ordering::Relaxed).saturating_add(page.values);
        if bytes > MOST_BYTES {
            return Err(format!(
                "the pages of a batch of rows have more than {} MiB, and are not read",
                MOST_BYTES >> 20
            ));
        }
        if values > MOST_VALUES {
            return Err(format!("a batch of rows has more than {MOST_VALUES} values, and is not read"));
        }
        Ok(())
    }
}

impl Drop for ColumnBudget {
    fn drop(&mut self) {
        self.file.0.fetch_sub(load(&self.held), Ordering::Relaxed);
    }
}

fn load(own: &AtomicU64) -> u64 {
    own.load(Ordering::Relaxed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(size: u64, values: u64) -> DeclaredPage {
        DeclaredPage { size, values, levels: 0, is_dictionary: false }
    }

    #[test]
    fn what_is_held_is_bounded_and_what_was_read_is_not() {
        let file = FileBudget::default();
        let (a, b) = (ColumnBudget::new(&file), ColumnBudget::new(&file));
        a.add(0, DeclaredPage { is_dictionary: true, ..page(100, 5) }).unwrap();
        for batch in 0..1000 {
            a.begin_batch();
            a.add(batch + 1, page(64 << 20, 1000)).unwrap();
            // Looked at again.
            a.add(batch + 1, page(64 << 20, 1000)).unwrap();
        }
        assert_eq!(load(&file.0), (128 << 20) + 100);
        for number in 0..13 {
            b.add(number, page(64 << 20, 1)).unwrap();
        }
        assert!(b.add(99, page(64 << 20, 1)).unwrap_err().contains("1024 MiB"));
        drop(b);
        assert_eq!(load(&file.0), (128 << 20) + 100);
        a.begin_batch();
        a.add(7, page(1, 30 << 20)).unwrap();
        assert!(a.add(8, page(1, 3 << 20)).unwrap_err().contains("values"));
    }
}
