//! Checking a log: one thread reads, others check chunks, and what they found is added up in the order of the chunks, so that the result is
//! the same however many there are.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::mpsc;
use std::sync::{Mutex, PoisonError};

use super::across::{RecordEntry, TextHasher};
use super::batch::{Batch, CheckedLines, NewestRecord};
use super::chunk_check::{CheckedChunk, ChunkChecker, HandedChunk, LineBefore, may_be_chained};
use super::chunks::{Chunk, ChunkContent, Chunks};
use super::format_in_force::FormatInForce;
use super::kept::{KeptLine, UnreadLine, plus};
use super::line_format::LineKind;
use super::lines::{is_blank, lines};
use super::summary::{LogSummary, SummaryRange};
use crate::analysis::{Beside, Options, StreamContent, StreamCounts};
use crate::rules::document::unreadable::UNREADABLE;
use crate::text::LineOrigin;

/// A log, and what it is checked beside.
pub struct Log<'a> {
    /// Its name in reports.
    pub name: &'a str,
    /// How its lines are written.
    pub kind: &'a LineKind,
    /// How it is checked.
    pub options: Options<'a>,
    /// The documents that its records may refer to.
    pub beside: &'a Beside<'a>,
    /// Makes numbers of the texts that all records are compared by.
    pub hasher: &'a TextHasher,
    /// Whether all records are compared with each other.
    pub is_compared: bool,
    /// Whether one of its documents says that it is MLSpec.
    pub has_mlspec: bool,
    /// Whether documents that are no records are refused.
    pub refuses_others: bool,
    /// Whether its first line is read, and not a range of bytes that begins later.
    pub is_from_start: bool,
    /// Whether findings keep their fixes: only what is in memory as a whole can be fixed.
    pub is_fixable: bool,
}

/// What was found in a log.
#[derive(Debug, Default)]
pub struct CheckedLog {
    /// The counts over all lines.
    pub counts: StreamCounts,
    /// The lines that are kept because something was found in them, in their order.
    pub kept: Vec<KeptLine>,
    /// The newest record, which other documents may be compared with.
    pub newest: Option<KeptLine>,
    /// Whether a document says that it is MLSpec.
    pub is_claimed: bool,
    /// Whether the log must be looked at as a whole to say everything about it: it holds other documents than records, or comments.
    pub needs_whole: bool,
    /// Whether the recogniser was sure of every line.
    pub is_sure: bool,
    /// Whether a record without a request id tells of a request.
    pub keeps_requests: bool,
}

impl CheckedLog {
    /// Says that the log is a part that begins at this byte. Lines and records are counted from there.
    pub fn begin_at(&mut self, offset: u64) {
        let start = LineOrigin { offset, ..LineOrigin::default() };
        self.kept = std::mem::take(&mut self.kept).into_iter().map(|line| line.behind(start)).collect();
        self.newest = self.newest.take().map(|line| line.behind(start));
    }
}

/// Receives the records of a log, in their order, to compare them with all others.
pub type OnRecords<'o> = &'o mut dyn FnMut(Vec<RecordEntry>);

impl Log<'_> {
    /// Checks all that a reader gives. `on_progress` is told how many bytes are done.
    pub fn check(
        &self,
        reader: impl Read,
        threads: usize,
        on_records: OnRecords<'_>,
        on_progress: &dyn Fn(u64),
    ) -> CheckedLog {
        self.sum(reader, threads, on_records, on_progress).0.into_log()
    }

    /// Checks a part of a log, and returns the summary of it. Its records are compared with no others.
    pub fn summary(
        &self,
        range: Option<SummaryRange>,
        reader: impl Read,
        threads: usize,
        on_progress: &dyn Fn(u64),
    ) -> LogSummary {
        let (sum, is_chained) = self.sum(reader, threads, &mut |_| {}, on_progress);
        LogSummary::of(self.name, range, is_chained, sum)
    }

    /// Returns what is found, and whether the first record may be chained to one before it.
    fn sum(
        &self,
        reader: impl Read,
        threads: usize,
        on_records: OnRecords<'_>,
        on_progress: &dyn Fn(u64),
    ) -> (Sum, bool) {
        let mut chunks = Chunks::new(reader);
        let mut format = FormatInForce::of(self.kind);
        let mut sum = Sum::default();
        let first = chunks.next(Vec::new());
        let second = chunks.next(Vec::new());
        let is_chained = first.as_ref().is_some_and(begins_chained);
        match second {
            // To start threads takes longer than to check one chunk.
            None => {
                if let Some(chunk) = first {
                    let handed = HandedChunk { chunk, before: None, format: format.take() };
                    sum.add(ChunkChecker::new(self).check(handed), on_records);
                }
            }
            Some(second) => {
                let chunks = &mut chunks;
                self.check_on_threads([first, Some(second)], chunks, threads.max(1), &mut sum, on_records, on_progress);
            }
        }
        if let Some(damage) = chunks.damage.take() {
            let message = format!("the log cannot be read beyond byte {}: {}", damage.offset, damage.error);
            let mut checked = CheckedLines::default();
            let mut batch = Batch::new(self);
            let unread = UnreadLine::new(&UNREADABLE, message);
            // The line in which it ends is cut off, too.
            batch.push_unread(unread, LineOrigin::default(), &mut checked);
            batch.flush(&mut checked);
            let at = LineOrigin { offset: damage.offset.saturating_sub(chunks.offset()), ..LineOrigin::default() };
            checked.found.keeping.lines.iter_mut().for_each(|line| line.origin = at);
            sum.add(CheckedChunk { checked, ..CheckedChunk::default() }, on_records);
        }
        (sum, is_chained)
    }

    fn check_on_threads<R: Read>(
        &self,
        first: [Option<Chunk>; 2],
        chunks: &mut Chunks<R>,
        threads: usize,
        sum: &mut Sum,
        on_records: OnRecords<'_>,
        on_progress: &dyn Fn(u64),
    ) {
        let (send, receive) = mpsc::channel::<HandedChunk>();
        let mut format = FormatInForce::of(self.kind);
        let (done, finished) = mpsc::channel::<CheckedChunk>();
        let receive = Mutex::new(receive);
        std::thread::scope(|scope| {
            for _ in 0..threads {
                let (receive, done) = (&receive, done.clone());
                scope.spawn(move || {
                    let mut checker = ChunkChecker::new(self);
                    loop {
                        let next = receive.lock().unwrap_or_else(PoisonError::into_inner).recv();
                        let Ok(handed) = next else { return };
                        if done.send(checker.check(handed)).is_err() {
                            return;
                        }
                    }
                });
            }
            drop(done);
            let mut first = first.into_iter().flatten();
            let mut waiting: BTreeMap<u64, CheckedChunk> = BTreeMap::new();
            let (mut sent, mut folded) = (0, 0);
            let mut spare = Vec::new();
            let mut before = None;
            let mut is_ended = false;
            loop {
                // What is read ahead is bounded, and so is what waits for an earlier chunk.
                while !is_ended && sent - folded < 2 * threads as u64 {
                    let next = first.next().or_else(|| chunks.next(spare.pop().unwrap_or_default()));
                    let Some(chunk) = next else {
                        is_ended = true;
                        break;
                    };
                    let own_format = format.clone();
                    if let Some(format) = &mut format {
                        format.pass(&chunk.content);
                    }
                    // Records of an access log are in no chain.
                    let next = LineBefore::of(&chunk.content).filter(|_| own_format.is_none());
                    let linked = std::mem::replace(&mut before, next);
                    sent += 1;
                    if send.send(HandedChunk { chunk, before: linked, format: own_format }).is_err() {
                        is_ended = true;
                    }
                }
                if folded == sent {
                    break;
                }
                let Ok(chunk) = finished.recv() else { break };
                waiting.insert(chunk.number, chunk);
                while let Some(mut chunk) = waiting.remove(&folded) {
                    folded += 1;
                    spare.push(std::mem::take(&mut chunk.spare));
                    sum.add(chunk, on_records);
                    on_progress(sum.length.offset);
                }
            }
            drop(send);
        });
    }
}

/// Returns whether the first record of a chunk may be chained to the one before it.
fn begins_chained(chunk: &Chunk) -> bool {
    let ChunkContent::Lines(bytes) = &chunk.content else { return false };
    let first = lines(bytes).find(|line| !is_blank(line.bytes)).filter(|line| may_be_chained(line.bytes));
    // What is no JSON is no record.
    let record = first.and_then(|line| serde_json::from_slice::<serde_json::Map<_, _>>(line.bytes).ok());
    record.is_some_and(|own: serde_json::Map<String, serde_json::Value>| {
        own.keys().any(|key| key.eq_ignore_ascii_case("chain"))
    })
}

/// What was found so far.
#[derive(Default)]
pub(super) struct Sum {
    pub length: LineOrigin,
    pub checked: CheckedLines,
}

impl Sum {
    pub fn add(&mut self, chunk: CheckedChunk, on_records: OnRecords<'_>) {
        let start = self.length;
        let CheckedChunk { length, checked, .. } = chunk;
        let CheckedLines {
            found,
            documents,
            left_alone,
            suppressed,
            is_claimed,
            needs_whole,
            is_unsure,
            keeps_requests,
            entries,
            newest,
        } = checked;
        let own = &mut self.checked;
        let numbers = own.found.groups.add(&found.groups);
        own.found.keeping.add(found.keeping.lines, &numbers, start);
        own.documents += documents;
        own.left_alone += left_alone;
        own.suppressed += suppressed;
        own.is_claimed |= is_claimed;
        own.needs_whole |= needs_whole;
        own.is_unsure |= is_unsure;
        own.keeps_requests |= keeps_requests;
        if let Some(NewestRecord { day, line }) = newest {
            own.renew(day, || line.behind(start));
        }
        let entries: Vec<RecordEntry> =
            entries.into_iter().map(|entry| RecordEntry { record: start.record + entry.record, ..entry }).collect();
        if !entries.is_empty() {
            on_records(entries);
        }
        self.length = plus(start, length);
    }

    pub fn into_log(self) -> CheckedLog {
        let Self { length, checked } = self;
        let counts = StreamCounts {
            content: StreamContent::Log,
            records: length.record,
            documents: checked.documents,
            bytes: length.offset,
            left_alone: checked.left_alone,
            suppressed: checked.suppressed,
            groups: checked.found.groups,
        };
        CheckedLog {
            counts,
            kept: checked.found.keeping.lines,
            newest: checked.newest.map(|newest| newest.line),
            is_claimed: checked.is_claimed,
            needs_whole: checked.needs_whole,
            is_sure: !checked.is_unsure,
            keeps_requests: checked.keeps_requests,
        }
    }
}
