//! What records say of each other, exactly and in bounded memory: which predictions have no request, which requests several predictions, and
//! which records are there twice.
//!
//! Of each record, 58 bytes are remembered. They are sorted by request, in a temporary file if they are many, so that one pass sees the records
//! of each request together.

mod entry;
mod judge;
mod sort;

pub use entry::{RecordEntry, RequestKey, TextHasher, role_of};
pub use judge::{ComparedRecords, EntryPlace, RecordComparison};
pub use sort::MOST_IN_MEMORY;
