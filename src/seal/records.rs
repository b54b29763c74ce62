//! Reading the records of a file once: their tree, the roots of its parts, the digest of its bytes, and the times of its first and last record.

use std::io::{self, BufRead};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::merkle::{Hash, LeafHasher, MerkleTree};
use super::statement::{BLOCK_SIZE, LogSeal, SealBlocks, hex};

/// What is asked of each record while a file is read.
pub trait RecordVisitor {
    /// Takes the leaf of a record, by its number from 0.
    ///
    /// # Errors
    ///
    /// If what is made of it cannot be written.
    fn leaf(&mut self, index: u64, leaf: &Hash) -> io::Result<()>;
}

impl RecordVisitor for () {
    fn leaf(&mut self, _: u64, _: &Hash) -> io::Result<()> {
        Ok(())
    }
}

impl<F: FnMut(u64, &Hash) -> io::Result<()>> RecordVisitor for F {
    fn leaf(&mut self, index: u64, leaf: &Hash) -> io::Result<()> {
        self(index, leaf)
    }
}

/// What a file of records holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedRecords {
    /// The number of records: of lines, the last one included if no line break ends it.
    pub records: u64,
    /// The root of the tree over all records.
    pub root: Hash,
    /// The roots over each [`BLOCK_SIZE`] records.
    pub blocks: Vec<Hash>,
    /// The SHA-256 of all bytes.
    pub sha256: Hash,
    /// The time of the first record that gives one.
    pub from: Option<String>,
    /// The time of the last record that gives one.
    pub to: Option<String>,
}

impl SealedRecords {
    /// Returns what a seal says of them.
    #[must_use]
    pub fn seal(&self, sequence: u64, previous: Option<String>) -> LogSeal {
        LogSeal {
            records: self.records,
            root: hex(&self.root),
            blocks: SealBlocks { size: BLOCK_SIZE, roots: self.blocks.iter().map(hex).collect() },
            from: self.from.clone(),
            to: self.to.clone(),
            sequence,
            previous,
        }
    }
}

/// Longer records are looked at for their time up to here. Their digests are of the whole.
const LONGEST_LOOK: usize = 1 << 16;

/// Reads all records. The memory does not depend on the length of the file, nor on that of a record.
///
/// # Errors
///
/// If reading fails, or the visitor.
pub fn read_records(mut input: impl BufRead, visitor: &mut impl RecordVisitor) -> io::Result<SealedRecords> {
    let (mut tree, mut block, mut blocks) = (MerkleTree::default(), MerkleTree::default(), Vec::new());
    let (mut bytes, mut leaf, mut is_begun) = (Sha256::new(), LeafHasher::default(), false);
    let (mut start, mut from, mut last_time) = (Vec::new(), None, None);
    loop {
        let chunk = match input.fill_buf() {
            Ok(chunk) => chunk,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let is_end = chunk.is_empty();
        if is_end && !is_begun {
            break;
        }
        let line_break = memchr::memchr(b'\n', chunk);
        let part = chunk.get(..line_break.unwrap_or(chunk.len())).unwrap_or(chunk);
        let read = line_break.map_or(chunk.len(), |at| at + 1);
        bytes.update(chunk.get(..read).unwrap_or(chunk));
        leaf.update(part);
        start.extend(part.iter().take(LONGEST_LOOK - start.len()));
        is_begun = true;
        input.consume(read);
        if line_break.is_none() && !is_end {
            continue;
        }
        let own = std::mem::take(&mut leaf).finish();
        visitor.leaf(tree.len(), &own)?;
        tree.push(own);
        block.push(own);
        if block.len() == BLOCK_SIZE {
            blocks.push(std::mem::take(&mut block).root());
        }
        if from.is_none() {
            from = time_of(&start);
        }
        // The time of the last record is read when it is known to be the last that may have one.
        if may_have_time(&start) {
            std::mem::swap(last_time.get_or_insert_with(Vec::new), &mut start);
        }
        start.clear();
        is_begun = false;
    }
    if !block.is_empty() {
        blocks.push(block.root());
    }
    let to = last_time.and_then(|record| time_of(&record));
    Ok(SealedRecords { records: tree.len(), root: tree.root(), blocks, sha256: bytes.finalize().into(), from, to })
}

fn may_have_time(record: &[u8]) -> bool {
    memchr::memmem::find(record, b"\"requestTimestamp\"").is_some()
}

/// Returns the time that a record in JSON gives.
fn time_of(record: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Record {
        request_timestamp: Option<String>,
        request_info: Option<Request>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Request {
        request_timestamp: Option<String>,
    }
    let record: Record = serde_json::from_slice(record).ok()?;
    let time = record.request_info.and_then(|request| request.request_timestamp).or(record.request_timestamp)?;
    // What is signed is a time, and no text that somebody has put in its place.
    time.parse::<jiff::Timestamp>().is_ok().then_some(time)
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::super::merkle::leaf;
    use super::*;

    fn read(text: &[u8], capacity: usize) -> (SealedRecords, Vec<Hash>) {
        let mut leaves = Vec::new();
        let mut keep = |_: u64, leaf: &Hash| {
            leaves.push(*leaf);
            Ok(())
        };
        let records = read_records(BufReader::with_capacity(capacity, text), &mut keep).unwrap();
        (records, leaves)
    }

    #[test]
    fn records_are_lines_without_their_break() {
        for (text, expected) in [
            ("", vec![]),
            ("a", vec!["a"]),
            ("a\n", vec!["a"]),
            ("a\n\nb", vec!["a", "", "b"]),
            ("a\r\nb\n", vec!["a\r", "b"]),
            ("\n", vec![""]),
        ] {
            for capacity in [1, 2, 3, 100] {
                let (records, leaves) = read(text.as_bytes(), capacity);
                assert_eq!(
                    leaves,
                    expected.iter().map(|record| leaf(record.as_bytes())).collect::<Vec<_>>(),
                    "{text:?}"
                );
                assert_eq!(records.records, expected.len() as u64);
                assert_eq!(records.sha256, <Hash>::from(Sha256::digest(text)));
            }
        }
    }

    #[test]
    fn the_times_are_those_of_the_first_and_the_last_record_that_give_one() {
        let text = "x\n{\"requestInfo\": {\"requestTimestamp\": \"2026-09-01T08:00:00Z\"}}\n{\"requestTimestamp\": \"2026-09-01T08:00:01Z\"}\n{}\n";
        let (records, _) = read(text.as_bytes(), 7);
        assert_eq!(records.from.as_deref(), Some("2026-09-01T08:00:00Z"));
        assert_eq!(records.to.as_deref(), Some("2026-09-01T08:00:01Z"));
        assert_eq!(read(b"{\"requestTimestamp\": \"secret\"}\n", 100).0.from, None);
    }
}
