//! Going through the records of a log, for whoever wants to know what is in them: each is shown once, with what `check` thinks of it.
//!
//! Some chunks are looked at at once, and what is made of them is handed over in their order, so that the result does not depend on the number of
//! threads. No more is in memory than these chunks.

use std::io::{self, Read};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::across::{RecordEntry, RequestKey, role_of};
use super::batch::entry_of;
use super::chunk_check::{LineBefore, may_be_chained};
use super::chunks::{Chunk, ChunkContent, Chunks};
use super::kept::KeptLine;
use super::lines::{is_blank, lines};
use super::log::Log;
use super::recognise::{Recogniser, SureRecord};
use crate::analysis::{Beside, FileReport, is_record};
use crate::diagnostics::Severity;
use crate::documents::Kind;
use crate::text::LineOrigin;

/// The most lines that are checked as documents at once.
const MOST_LINES: usize = 256;

/// A record of a log, or a line that should be one.
#[derive(Clone, Copy, Debug)]
pub struct SeenRecord<'l> {
    /// The line without its break; empty if it is too long or not UTF-8.
    pub text: &'l str,
    /// The kind of record; `None` if the line is none.
    pub kind: Option<Kind>,
    /// Whether `check` finds no error in it by itself.
    pub is_valid: bool,
    /// The time of its request in nanoseconds since the beginning of 1970, if it can be read.
    pub time: Option<i64>,
}

/// What was made of a part of a log.
#[derive(Debug)]
pub struct ObservedPart<P> {
    /// What was made of its records.
    pub part: P,
    /// Its records, to be compared with all others. The numbers of records are those of the whole log.
    pub entries: Vec<RecordEntry>,
    /// The number of records before it.
    pub start: u64,
    /// The number of records that are right by themselves, and contradict what the log stands beside.
    pub contradicting: u64,
}

/// How a log ended.
#[derive(Debug, Default)]
pub struct ObservedEnd {
    /// The number of records, whatever they are.
    pub records: u64,
    /// The number of bytes, after decompression.
    pub bytes: u64,
    /// Why it could not be read to its end.
    pub damage: Option<io::Error>,
    /// Whether its last line has no break and is no JSON: what wrote it was cut off.
    pub is_cut_off: bool,
}

/// Makes and fills the parts of a log.
pub trait RecordObserver: Sync {
    /// What is made of the records of a part.
    type Part: Send;

    /// Returns what is made of no record.
    fn empty(&self) -> Self::Part;

    /// Looks at a record.
    fn see(&self, part: &mut Self::Part, record: &SeenRecord<'_>);

    /// Looks at all that was made of a part.
    fn finish(&self, _part: &mut Self::Part) {}
}

impl Log<'_> {
    /// Shows each record to an observer, and what it made of them to `fold`, in the order of the log. Whether a record is valid does not depend
    /// on what the log stands beside, but on itself `alone`, so that whoever has nothing but the log sees the same; what contradicts the
    /// documents beside it is counted.
    ///
    /// # Errors
    /// Those of `fold`. What cannot be read is told by [`ObservedEnd`].
    pub fn observe<O: RecordObserver>(
        &self,
        reader: impl Read,
        threads: usize,
        alone: &Beside<'_>,
        observer: &O,
        fold: &mut dyn FnMut(ObservedPart<O::Part>) -> io::Result<()>,
    ) -> io::Result<ObservedEnd> {
        let mut chunks = Chunks::new(reader);
        let mut end = ObservedEnd::default();
        let mut before: Option<LineBefore> = None;
        let mut spare: Vec<Vec<u8>> = Vec::new();
        loop {
            let mut group: Vec<(Chunk, Option<LineBefore>)> = Vec::new();
            while group.len() < threads.max(1) {
                let Some(chunk) = chunks.next(spare.pop().unwrap_or_default()) else { break };
                end.is_cut_off = is_cut_off(&chunk.content);
                let linked = std::mem::replace(&mut before, LineBefore::of(&chunk.content));
                group.push((chunk, linked));
            }
            if group.is_empty() {
                break;
            }
            let look = |(chunk, linked): (Chunk, Option<LineBefore>)| {
                let recogniser = Recogniser::default();
                ChunkObserver { log: self, alone, observer, recogniser, linked: FxHashMap::default() }
                    .look(chunk, linked)
            };
            let seen: Vec<Seen<O::Part>> = match group.len() {
                // To hand it to another thread takes longer.
                1 => group.into_iter().map(look).collect(),
                _ => group.into_par_iter().map(look).collect(),
            };
            for own in seen {
                let start = end.records;
                let entries =
                    own.entries.into_iter().map(|entry| RecordEntry { record: start + entry.record, ..entry });
                fold(ObservedPart {
                    part: own.part,
                    entries: entries.collect(),
                    start,
                    contradicting: own.contradicting,
                })?;
                end.records += own.records;
                spare.push(own.spare);
            }
        }
        end.bytes = chunks.offset();
        end.damage = chunks.damage.take().map(|damage| damage.error);
        Ok(end)
    }
}

/// Returns for each of some lines whether there is an error in it.
fn faulty_lines(report: &FileReport, lines: usize) -> Vec<bool> {
    let mut is_faulty = vec![false; lines];
    for finding in report.findings.iter().filter(|finding| finding.severity == Severity::Error) {
        let line = report.source.line_index(finding.place.span.start);
        if let Some(faulty) = is_faulty.get_mut(line as usize) {
            *faulty = true;
        }
    }
    is_faulty
}

/// Returns whether the last line of a chunk has no break, and is no JSON.
fn is_cut_off(content: &ChunkContent) -> bool {
    let ChunkContent::Lines(bytes) = content else { return false };
    if bytes.ends_with(b"\n") {
        return false;
    }
    let start = memchr::memrchr(b'\n', bytes).map_or(0, |at| at + 1);
    let line = bytes.get(start..).unwrap_or_default();
    !is_blank(line) && serde_json::from_slice::<serde::de::IgnoredAny>(line).is_err()
}

/// What was made of a chunk. Records are counted from its beginning.
struct Seen<P> {
    part: P,
    entries: Vec<RecordEntry>,
    records: u64,
    contradicting: u64,
    spare: Vec<u8>,
}

struct ChunkObserver<'a, 'l, O> {
    log: &'l Log<'a>,
    alone: &'l Beside<'a>,
    observer: &'l O,
    recogniser: Recogniser,
    /// Whether the workspace has nothing against what it looks at, as written.
    linked: FxHashMap<String, bool>,
}

/// A line that the recogniser is not sure of; or one that only stands before such a line.
struct UnsureLine<'c> {
    text: &'c str,
    origin: LineOrigin,
    is_looked_at: bool,
}

impl<O: RecordObserver> ChunkObserver<'_, '_, O> {
    fn look(mut self, chunk: Chunk, before: Option<LineBefore>) -> Seen<O::Part> {
        let mut seen =
            Seen { part: self.observer.empty(), entries: Vec::new(), records: 0, contradicting: 0, spare: Vec::new() };
        match chunk.content {
            ChunkContent::TooLong(_) => {
                seen.records = 1;
                self.unread(&mut seen);
            }
            ChunkContent::Lines(bytes) => {
                self.lines(&bytes, before.as_ref(), &mut seen);
                seen.spare = bytes;
            }
        }
        self.observer.finish(&mut seen.part);
        seen
    }

    fn lines(&mut self, bytes: &[u8], before: Option<&LineBefore>, seen: &mut Seen<O::Part>) {
        let mut waiting: Vec<UnsureLine<'_>> = Vec::new();
        let mut before = before.and_then(|line| Some((std::str::from_utf8(&line.bytes).ok()?, line.origin)));
        for line in lines(bytes).filter(|line| !is_blank(line.bytes)) {
            let origin =
                LineOrigin { line: line.number, record: seen.records, offset: line.start as u64, column: None };
            seen.records += 1;
            let Ok(text) = std::str::from_utf8(line.bytes) else {
                self.unread(seen);
                before = None;
                continue;
            };
            if !self.is_sure(text, origin, seen) {
                let linked = before.filter(|_| may_be_chained(text.as_bytes()));
                let is_new = |origin: &LineOrigin| waiting.last().is_none_or(|last| last.origin != *origin);
                if let Some((text, origin)) = linked.filter(|(_, origin)| is_new(origin)) {
                    waiting.push(UnsureLine { text, origin, is_looked_at: false });
                }
                waiting.push(UnsureLine { text, origin, is_looked_at: true });
                if waiting.len() >= MOST_LINES {
                    self.check(&mut waiting, seen);
                }
            }
            before = Some((text, origin));
        }
        self.check(&mut waiting, seen);
    }

    fn unread(&self, seen: &mut Seen<O::Part>) {
        self.observer.see(&mut seen.part, &SeenRecord { text: "", kind: None, is_valid: false, time: None });
    }

    /// Shows a record that is certainly clean. Returns false if it may not be.
    fn is_sure(&mut self, text: &str, origin: LineOrigin, seen: &mut Seen<O::Part>) -> bool {
        let Some(SureRecord { kind, request, time, application, is_final, linked }) = self.recogniser.recognise(text)
        else {
            return false;
        };
        // What the workspace says of it is looked up beside others.
        if let Some(parts) = linked
            && !self.is_linked_well(&parts.join("\n"), text, origin)
        {
            return false;
        }
        let hasher = self.log.hasher;
        seen.entries.push(RecordEntry {
            request: RequestKey::of(request),
            file: 0,
            record: origin.record,
            role: role_of(kind),
            is_final,
            is_faulty: false,
            time: Some(time),
            application: application.map_or(0, |id| hasher.number_of(id)),
            written: hasher.number_of_record(text.trim()),
        });
        let record = SeenRecord { text, kind: Some(kind), is_valid: true, time: Some(time) };
        self.observer.see(&mut seen.part, &record);
        true
    }

    /// Returns whether the workspace has nothing against a record: it is asked once in a chunk about each different provenance.
    fn is_linked_well(&mut self, key: &str, text: &str, origin: LineOrigin) -> bool {
        if let Some(is_well) = self.linked.get(key) {
            return *is_well;
        }
        let (_, report) = self.log.examine(&[KeptLine::new(text, origin)]);
        let is_well = !report.findings.iter().any(|finding| finding.severity == Severity::Error);
        self.linked.insert(key.to_owned(), is_well);
        is_well
    }

    /// Checks lines as documents, and shows them in their order.
    fn check(&self, waiting: &mut Vec<UnsureLine<'_>>, seen: &mut Seen<O::Part>) {
        let own = std::mem::take(waiting);
        if own.is_empty() {
            return;
        }
        let kept: Vec<KeptLine> = own.iter().map(|line| KeptLine::new(line.text, line.origin)).collect();
        let (examined, report) = self.log.examine(&kept);
        let mut is_faulty = faulty_lines(&report, own.len());
        if is_faulty.contains(&true) {
            let alone = faulty_lines(&self.alone.report(&examined), own.len());
            let both = own.iter().zip(is_faulty.iter().zip(&alone));
            let contradicting =
                both.filter(|(line, (beside, alone))| line.is_looked_at && **beside && !**alone).count();
            seen.contradicting += contradicting as u64;
            is_faulty = alone;
        }
        let mut kinds: Vec<Option<Kind>> = vec![None; own.len()];
        let mut times: Vec<Option<i64>> = vec![None; own.len()];
        // A line may hold several documents, and then it is no record.
        let mut documents = vec![0_u32; own.len()];
        for (line, kind) in examined.kinds_by_line() {
            if let (Some(own), Some(count)) = (kinds.get_mut(line as usize), documents.get_mut(line as usize)) {
                *own = Some(kind).filter(|kind| is_record(*kind));
                *count += 1;
            }
        }
        for (index, member) in examined.members().iter().enumerate() {
            let line = examined.source().line_index(member.tree.span(member.root).start) as usize;
            let Some(unsure) = own.get(line).filter(|own| own.is_looked_at) else { continue };
            let entry =
                entry_of(member, unsure.origin.record, |value| examined.is_faulty(index, value), self.log.hasher);
            if let Some(time) = times.get_mut(line) {
                *time = entry.as_ref().and_then(|entry| entry.time);
            }
            seen.entries.extend(entry);
        }
        let facts = kinds.into_iter().zip(times).zip(is_faulty.into_iter().zip(documents));
        for (line, ((kind, time), (is_faulty, documents))) in own.iter().zip(facts).filter(|(own, _)| own.is_looked_at)
        {
            let kind = kind.filter(|_| documents == 1);
            let is_valid = kind.is_some() && !is_faulty;
            self.observer.see(&mut seen.part, &SeenRecord { text: line.text, kind, is_valid, time });
        }
    }
}
