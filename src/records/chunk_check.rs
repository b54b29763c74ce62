//! One chunk of a log: the lines that are surely clean are counted, the others are checked as documents.

use rustc_hash::FxHashMap;

use super::across::{RecordEntry, RequestKey, role_of};
use super::batch::{Batch, CheckedLines};
use super::chunks::{Chunk, ChunkContent, LONGEST_LINE};
use super::format_in_force::FormatInForce;
use super::kept::{KeptLine, UnreadLine};
use super::line_format::{JsonWriter, WrittenLine};
use super::lines::{ChunkLine, is_blank, lines};
use super::log::Log;
use super::recognise::{Recogniser, SureRecord};
use crate::rules::document::not_utf8::NOT_UTF8;
use crate::rules::document::too_large::TOO_LARGE;
use crate::text::LineOrigin;

/// What was found in a chunk. Places are counted from its beginning.
#[derive(Debug, Default)]
pub(super) struct CheckedChunk {
    pub number: u64,
    /// How long it is: lines, records and bytes.
    pub length: LineOrigin,
    pub checked: CheckedLines,
    /// Memory that can be used again.
    pub spare: Vec<u8>,
}

/// Checks chunks, one after the other. What it remembers of a chunk only saves time with the next ones.
pub(super) struct ChunkChecker<'a, 'l> {
    pub(super) log: &'l Log<'a>,
    recogniser: Recogniser,
    /// Whether the rules of the workspace have nothing to say about what they look at, as written.
    linked: FxHashMap<Box<str>, bool>,
    key: String,
    pub(super) writer: JsonWriter,
}

/// A chunk on its way to being checked.
pub(super) struct HandedChunk {
    pub chunk: Chunk,
    /// The last record before it, if the rules may look at it.
    pub before: Option<LineBefore>,
    /// The format of its first line, if its lines are no JSON.
    pub format: Option<FormatInForce>,
}

/// A line of a chunk that is a record.
#[derive(Clone, Copy)]
pub(super) struct RecordLine<'l> {
    /// As it is written.
    pub text: &'l str,
    /// As JSON, if it is written in another way.
    pub written: Option<&'l WrittenLine>,
    pub origin: LineOrigin,
}

impl<'l> RecordLine<'l> {
    fn json(self) -> &'l str {
        self.written.map_or(self.text, |own| &own.json)
    }

    /// Returns the line as one that is kept.
    pub fn kept(self) -> KeptLine {
        KeptLine::new(self.text, self.origin).with_written(self.written)
    }
}

/// The most different provenances that are remembered. A log of more is checked all the same, line by line.
const MOST_LINKED: usize = 4096;

impl<'a, 'l> ChunkChecker<'a, 'l> {
    pub fn new(log: &'l Log<'a>) -> Self {
        let (linked, key) = (FxHashMap::default(), String::new());
        Self { log, recogniser: Recogniser::default(), linked, key, writer: JsonWriter::default() }
    }

    /// Checks a chunk.
    pub fn check(&mut self, handed: HandedChunk) -> CheckedChunk {
        let HandedChunk { chunk, before, format } = handed;
        let mut checked = CheckedLines::default();
        let (length, spare) = match chunk.content {
            ChunkContent::Lines(bytes) => {
                let batch = if chunk.number == 0 { Batch::of_head(self.log) } else { Batch::new(self.log) };
                let length = match format {
                    Some(format) => self.formatted_lines(&bytes, (format, chunk.number == 0), batch, &mut checked),
                    None => self.lines(&bytes, before.as_ref(), batch, &mut checked),
                };
                (length, bytes)
            }
            ChunkContent::TooLong(length) => {
                let message = format!("the line has {length} bytes; at most {LONGEST_LINE} are read");
                let unread = UnreadLine::new(&TOO_LARGE, message);
                let mut batch = Batch::new(self.log);
                batch.push_unread(unread, LineOrigin::default(), &mut checked);
                batch.flush(&mut checked);
                (LineOrigin { line: 1, record: 1, offset: length, column: None }, Vec::new())
            }
        };
        CheckedChunk { number: chunk.number, length, checked, spare }
    }

    fn lines(
        &mut self,
        bytes: &[u8],
        before: Option<&LineBefore>,
        mut batch: Batch<'a, 'l>,
        checked: &mut CheckedLines,
    ) -> LineOrigin {
        // To look at all lines at once takes a tenth of the time that each would take.
        let whole = std::str::from_utf8(bytes).ok();
        let mut end = LineOrigin { offset: bytes.len() as u64, ..LineOrigin::default() };
        let mut before = before.and_then(|line| Some((std::str::from_utf8(&line.bytes).ok()?, line.origin)));
        for ChunkLine { bytes, start, number } in lines(bytes) {
            end.line = number + 1;
            if is_blank(bytes) {
                continue;
            }
            let origin = LineOrigin { line: number, record: end.record, offset: start as u64, column: None };
            end.record += 1;
            let text = match whole {
                Some(whole) => whole.get(start..start + bytes.len()),
                None => std::str::from_utf8(bytes).ok(),
            };
            let Some(text) = text else {
                batch.push_unread(not_utf8(bytes), origin, checked);
                before = None;
                continue;
            };
            let line = RecordLine { text, written: None, origin };
            if !self.is_sure(line, checked) {
                let linked = before.filter(|_| may_be_chained(text.as_bytes()));
                batch.push(line.kept(), linked, checked);
            }
            before = Some((text, origin));
        }
        batch.flush(checked);
        end
    }

    /// Counts a record of which it is certain that no rule has anything to say. Returns false if it is not.
    pub(super) fn is_sure(&mut self, line: RecordLine<'_>, checked: &mut CheckedLines) -> bool {
        let Some(record) = self.recogniser.recognise(line.json()) else { return false };
        if !self.is_linked_well(&record, line) {
            return false;
        }
        checked.documents += 1;
        checked.is_claimed = true;
        let has_time = line.written.is_none_or(|own| own.has_time);
        if has_time {
            checked.renew(record.time.div_euclid(NANOSECONDS_OF_A_DAY), || line.kept());
        }
        let hasher = self.log.hasher;
        if self.log.is_compared && line.written.is_none_or(|own| own.has_request) {
            checked.entries.push(RecordEntry {
                request: RequestKey::of(record.request),
                file: 0,
                record: line.origin.record,
                role: role_of(record.kind),
                is_final: record.is_final,
                is_faulty: false,
                time: has_time.then_some(record.time),
                application: record.application.map_or(0, |id| hasher.number_of(id)),
                written: hasher.number_of_record(line.text.trim()),
            });
        }
        true
    }

    /// Returns whether the rules of the workspace have nothing to say about a record: they are asked once about each different provenance.
    fn is_linked_well(&mut self, record: &SureRecord<'_>, line: RecordLine<'_>) -> bool {
        let Some(parts) = record.linked else { return true };
        self.key.clear();
        for part in parts {
            self.key.push_str(part);
            self.key.push('\n');
        }
        if let Some(is_well) = self.linked.get(self.key.as_str()) {
            return *is_well;
        }
        let (_, report) = self.log.examine(&[line.kept()]);
        let is_well = report.findings.is_empty() && report.suppressed == 0;
        if self.linked.len() < MOST_LINKED {
            self.linked.insert(self.key.as_str().into(), is_well);
        }
        is_well
    }
}

const NANOSECONDS_OF_A_DAY: i64 = 86_400 * 1_000_000_000;

/// The record before a chunk. Its origin is counted from the beginning of the chunk, and so less than zero.
#[derive(Debug)]
pub(super) struct LineBefore {
    pub bytes: Vec<u8>,
    pub origin: LineOrigin,
}

impl LineBefore {
    /// Returns the last record of a chunk, which the one after it may be chained to; also one without a place in a chain may stand where it
    /// must not.
    pub fn of(content: &ChunkContent) -> Option<Self> {
        let ChunkContent::Lines(bytes) = content else { return None };
        let (mut end, mut breaks) = (bytes.len(), 0_u64);
        // Blank lines at the end are few.
        loop {
            let body = bytes.get(..end)?;
            let start = memchr::memrchr(b'\n', body.strip_suffix(b"\n").unwrap_or(body)).map_or(0, |at| at + 1);
            breaks += lines(body.get(start..)?).count() as u64;
            if let Some(line) = lines(body.get(start..)?).filter(|line| !is_blank(line.bytes)).last() {
                let origin = LineOrigin {
                    line: line.number.wrapping_sub(breaks),
                    record: u64::MAX,
                    offset: ((start + line.start) as u64).wrapping_sub(bytes.len() as u64),
                    column: None,
                };
                return Some(Self { bytes: line.bytes.to_vec(), origin });
            }
            if start == 0 {
                return None;
            }
            end = start;
        }
    }
}

/// Whether a record may have a place in a chain of records, in any spelling.
pub(super) fn may_be_chained(line: &[u8]) -> bool {
    let is_it = |word: &[u8]| word.eq_ignore_ascii_case(b"chain");
    line.windows(5).any(is_it) || memchr::memchr(b'\\', line).is_some()
}

pub(super) fn not_utf8(line: &[u8]) -> UnreadLine {
    let at = std::str::from_utf8(line).err().map_or(0, |error| error.valid_up_to());
    let message = format!("the line is not UTF-8, from its byte {} on", at + 1);
    UnreadLine::new(&NOT_UTF8, message)
}
