//! Lines that the recogniser is not sure of, checked as documents a few at a time.

use std::sync::Arc;

use super::across::{RecordEntry, RequestKey, TextHasher, role_of};
use super::chunk_check::may_be_chained;
use super::kept::{FoundInLines, KeptLine, LogExcerpt, UnreadLine, excerpt_of};
use super::log::Log;
use crate::analysis::{Examined, FileReport, LogPart, examine_lines, is_record};
use crate::documents::{Document, Kind};
use crate::text::{LineOrigin, Span};
use crate::workspace::{Member, day};

/// The most lines that are checked at once. What is found in them is in memory until it is counted.
const MOST_LINES: usize = 256;

/// The most bytes that are checked at once, if they are more than one line. The tree takes many times as much.
const MOST_BYTES: usize = 256 << 10;

/// What was found in a chunk, or in some lines of it.
#[derive(Debug, Default)]
pub(super) struct CheckedLines {
    pub found: FoundInLines,
    pub documents: u64,
    pub left_alone: u64,
    pub suppressed: u64,
    /// Whether a document says that it is MLSpec.
    pub is_claimed: bool,
    /// Whether a document is no record, or is not the same beside all others.
    pub needs_whole: bool,
    /// Whether the recogniser was not sure of a line.
    pub is_unsure: bool,
    /// Whether a record tells of a request, and not only of a prediction.
    pub keeps_requests: bool,
    pub entries: Vec<RecordEntry>,
    pub newest: Option<NewestRecord>,
}

/// The newest record, by its day; of several, the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NewestRecord {
    /// The days since the beginning of 1970.
    pub day: i64,
    pub line: KeptLine,
}

/// Lines that wait for being checked.
pub(super) struct Batch<'a, 'l> {
    log: &'l Log<'a>,
    lines: Vec<KeptLine>,
    /// Whether each line is looked at, or only stands before one that is.
    is_looked_at: Vec<bool>,
    bytes: usize,
    /// Whether the first record of the log is among the lines, as the one with number 0.
    is_head: bool,
}

impl<'a, 'l> Batch<'a, 'l> {
    pub fn new(log: &'l Log<'a>) -> Self {
        Self { log, lines: Vec::new(), is_looked_at: Vec::new(), bytes: 0, is_head: false }
    }

    /// Creates a batch of the first lines of a log.
    pub fn of_head(log: &'l Log<'a>) -> Self {
        Self { is_head: log.is_from_start, ..Self::new(log) }
    }

    /// Adds a line. `before` is the record before it, which its rules may look at.
    pub fn push(&mut self, line: KeptLine, before: Option<(&str, LineOrigin)>, checked: &mut CheckedLines) {
        if self.lines.len() >= MOST_LINES || self.bytes + line.text.len() > MOST_BYTES {
            self.flush(checked);
        }
        if let Some((text, origin)) = before.filter(|(_, own)| self.lines.last().is_none_or(|last| last.origin != *own))
        {
            self.add(KeptLine::new(text, origin), false);
        }
        self.add(line, true);
    }

    /// Adds a line that cannot be read.
    pub fn push_unread(&mut self, unread: UnreadLine, origin: LineOrigin, checked: &mut CheckedLines) {
        if self.lines.len() >= MOST_LINES {
            self.flush(checked);
        }
        checked.needs_whole = true;
        self.add(KeptLine { fault: Some(unread), ..KeptLine::new("", origin) }, true);
    }

    fn add(&mut self, line: KeptLine, is_looked_at: bool) {
        self.bytes += line.text.len();
        let is_first = self.is_head && line.origin.record == 0;
        self.lines.push(KeptLine { is_first, ..line });
        self.is_looked_at.push(is_looked_at);
    }

    /// Checks the lines that wait.
    pub fn flush(&mut self, checked: &mut CheckedLines) {
        self.bytes = 0;
        let (lines, is_looked_at) = (std::mem::take(&mut self.lines), std::mem::take(&mut self.is_looked_at));
        if lines.is_empty() {
            return;
        }
        checked.is_unsure = true;
        let (examined, report) = self.log.examine(&lines);
        let looks_at = |line: u32| is_looked_at.get(line as usize).copied().unwrap_or(false);
        for (_, kind) in examined.kinds_by_line().filter(|(line, _)| looks_at(*line)) {
            checked.documents += 1;
            checked.is_claimed |= examined.is_plain();
            checked.needs_whole |= !is_record(kind);
            checked.keeps_requests |= matches!(kind, Kind::InferenceLog | Kind::InferenceRequest);
        }
        // A line may hold no document, such as a comment, or several.
        checked.needs_whole |= !examined.is_plain() || examined.count_all() != lines.len();
        checked.left_alone += examined.count_left_alone() as u64;
        checked.needs_whole |= examined.count_left_alone() > 0;
        checked.suppressed += report.suppressed as u64;
        for (index, member) in examined.members().iter().enumerate() {
            let line = examined.source().line_index(member.tree.span(member.root).start);
            if let Some(kept) = lines.get(line as usize).filter(|_| looks_at(line)) {
                checked.note(member, kept, |value| examined.is_faulty(index, value), self.log.hasher);
            }
        }
        let mut lines = lines;
        for finding in &report.findings {
            let line = report.source.line_index(finding.place.span.start);
            if looks_at(line)
                && let Some(line) = lines.get_mut(line as usize)
            {
                let group = checked.found.groups.count(finding);
                if !line.groups.contains(&group) {
                    line.groups.push(group);
                }
            }
        }
        let mut before: Option<(String, LineOrigin)> = None;
        for mut line in lines {
            let linked = before.take().filter(|_| may_be_chained(line.text.as_bytes()));
            before = Some((line.text.clone(), line.origin));
            if !line.groups.is_empty() {
                line.before = linked.map(Box::new);
                checked.found.keeping.offer(line);
            }
        }
    }
}

impl Log<'_> {
    /// Checks lines as documents, beside those that the log stands beside.
    pub(super) fn examine(&self, lines: &[KeptLine]) -> (Examined, FileReport) {
        let LogExcerpt { source, faults, as_json } = excerpt_of(self.name, self.kind, lines);
        let part = LogPart {
            has_mlspec: self.has_mlspec,
            refuses_others: self.refuses_others,
            faults: &faults,
            as_json: as_json.as_ref(),
        };
        let examined = examine_lines(Arc::new(source), &part, &self.options);
        let mut report = self.beside.report(&examined);
        if !self.is_fixable {
            report.findings.iter_mut().for_each(|finding| finding.fixes.clear());
        }
        (examined, report)
    }
}

impl CheckedLines {
    /// Notes what other records are compared with.
    fn note(&mut self, member: &Member, line: &KeptLine, is_faulty: impl FnOnce(Span) -> bool, hasher: &TextHasher) {
        if !is_record(member.kind) {
            return;
        }
        let written = line.written.as_deref();
        let has_time = written.is_none_or(|own| own.has_time);
        if has_time
            && let Some((date, _)) = member.recorded_on()
            && let Some(day) = day(date)
        {
            let days = day.duration_since(jiff::civil::date(1970, 1, 1)).as_secs() / 86_400;
            self.renew(days, || line.clone());
        }
        // Without an id, or a time, there is nothing to compare.
        let entry = entry_of(member, line.origin.record, is_faulty, hasher);
        let entry = entry.filter(|_| written.is_none_or(|own| own.has_request));
        self.entries.extend(entry.map(|entry| RecordEntry { time: entry.time.filter(|_| has_time), ..entry }));
    }

    /// Notes a record of a day, if it is newer than those before.
    pub fn renew(&mut self, day: i64, line: impl FnOnce() -> KeptLine) {
        if self.newest.as_ref().is_none_or(|newest| newest.day < day) {
            self.newest = Some(NewestRecord { day, line: line() });
        }
    }
}

/// Returns a time in nanoseconds since the beginning of 1970, as far as 64 bits reach.
fn nanoseconds(text: &str) -> Option<i64> {
    let time = text.parse::<jiff::Timestamp>().ok()?.as_nanosecond();
    Some(i64::try_from(time).unwrap_or(if time < 0 { i64::MIN } else { i64::MAX }))
}

/// Returns what is remembered of a record that was read as a document. `record` is its position in its file, `is_faulty` tells whether a
/// value does not fit its field.
#[must_use]
pub fn entry_of(
    member: &Member,
    record: u64,
    is_faulty: impl FnOnce(Span) -> bool,
    hasher: &TextHasher,
) -> Option<RecordEntry> {
    let (request, node) = member.about_request("requestId").filter(|_| is_record(member.kind))?;
    let place = member.tree.span(member.tree.resolve(node));
    let is_final = match member.typed() {
        Some(Document::InferencePrediction(record)) => record.is_final.get() == Some(&true),
        _ => false,
    };
    let time = member.about_request("requestTimestamp");
    Some(RecordEntry {
        request: RequestKey::of(request),
        file: 0,
        record,
        role: role_of(member.kind),
        is_final,
        is_faulty: is_faulty(place),
        time: time.and_then(|(time, _)| nanoseconds(time)),
        application: member.about_application("applicationId").map_or(0, |(id, _)| hasher.number_of(id)),
        written: hasher.number_of_record(member.written()),
    })
}
