//! The logs among the files of `check`: read as streams, whatever their size.

mod across;
mod inputs;
mod readers;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

pub(super) use inputs::{LogInput, LogsWanted, among, names, refuse_range};
pub(super) use readers::Peeked;

use across::AcrossLogs;

use super::progress::Progress;
use super::workspace_context::Surroundings;
use crate::analysis::{Beside, Examined, LogPart, Options, StreamCounts, examine_lines};
use crate::files::{FileProblem, FileProblemKind};
use crate::records::{
    CheckedLog, ComparedRecords, EntryPlace, KeptLine, LineKind, Log, LogExcerpt, LogSummary, RecordEntry, TextHasher,
    complete, excerpt_of, in_order, pick,
};
use crate::workspace::AcrossRecords;

/// Documents that were checked by themselves. Each is in a box already, and to move them all takes a megabyte more.
pub(super) type Files = Vec<Box<Examined>>;

/// What was found in the logs.
#[derive(Default)]
pub(super) struct CheckedLogs {
    /// The lines of each log that are reported about.
    pub kept: Vec<Examined>,
    /// What was found when all records were compared with each other.
    pub across: AcrossRecords,
    pub problems: Vec<FileProblem>,
    compared: ComparedRecords,
    /// The number of each file in the comparison, by name.
    numbers: FxHashMap<String, u32>,
}

impl CheckedLogs {
    /// Makes the report about the lines of a log one about all of it.
    pub fn complete(&self, report: &mut crate::analysis::FileReport) {
        let number = self.numbers.get(report.source.name());
        complete(report, number.map(|number| (&self.compared, *number)));
    }
}

/// How logs are checked.
pub(super) struct LogSession<'a> {
    pub options: Options<'a>,
    /// Whether a file that the user named counts as named.
    pub explicit: &'a (dyn Fn(bool) -> bool + Sync),
    pub around: &'a Surroundings,
    pub threads: usize,
    /// Whether records are compared with each other.
    pub is_compared: bool,
    pub progress: &'a Progress,
}

/// A log that was checked, and its records, unless they went elsewhere.
struct Done<'i> {
    input: LogInput<'i>,
    log: CheckedLog,
    entries: Vec<RecordEntry>,
}

impl LogSession<'_> {
    /// Returns the summary of a log, or of a part of it.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub fn summary(&self, input: &LogInput<'_>) -> io::Result<LogSummary> {
        let beside = self.beside(&[]);
        let hasher = TextHasher::default();
        let done = AtomicU64::new(0);
        let lines = self.log(input, &beside, &hasher);
        // What stands at the beginning of the log tells whether its documents are MLSpec, for all parts.
        let whole = input.clone().whole();
        let claims = |head: &[u8]| {
            let log = Log { is_from_start: true, ..self.log(&whole, &beside, &hasher) };
            log.check(head, 1, &mut |_| {}, &|_| {}).is_claimed
        };
        let head = match input.range {
            Some(_) => Some(claims(Peeked::new(whole.open(&done)?.0).whole_lines())),
            None => None,
        };
        let (reader, _) = input.open(&done)?;
        let reader = Peeked::new(reader);
        let has_mlspec = head.unwrap_or_else(|| claims(reader.whole_lines()));
        let log = Log { has_mlspec, ..lines };
        self.progress.begin(input.name, input.size);
        let on_progress = |_| self.progress.read(done.load(Ordering::Relaxed));
        let summary = log.summary(input.part(), reader, self.threads, &on_progress);
        self.progress.step();
        Ok(summary)
    }

    /// Returns what was found in logs whose parts were checked elsewhere.
    pub fn merged(&self, logs: Vec<(String, CheckedLog)>, examined: &[Box<Examined>]) -> CheckedLogs {
        let mut all = CheckedLogs::default();
        let names: Vec<String> = logs.iter().map(|(name, _)| name.clone()).collect();
        let inputs = names.iter().map(|name| LogInput::elsewhere(name));
        let logs = inputs.zip(logs).map(|(input, (_, log))| (input, log)).collect();
        self.keep(logs, examined, &mut all);
        all
    }

    fn options(&self, explicit: bool) -> Options<'_> {
        Options { explicit: (self.explicit)(explicit), ..self.options }
    }

    /// Checks logs beside documents, to which those are added that must be looked at as a whole.
    pub fn check<'i>(
        &self,
        logs: Vec<LogInput<'i>>,
        examined: &mut Files,
        mut whole: impl FnMut(&LogInput<'i>, Vec<u8>) -> Option<Box<Examined>>,
    ) -> CheckedLogs {
        let (mut small, large): (Vec<LogInput<'i>>, Vec<_>) = logs.into_iter().partition(LogInput::is_small);
        let checked = loop {
            let mut checked = self.check_small(&small, examined);
            if checked.whole.is_empty() {
                break checked;
            }
            // Records may refer to what these files hold, so the others are checked once more, beside them.
            for (input, bytes) in checked.whole.drain(..) {
                small.retain(|other| other.name != input.name);
                examined.extend(whole(&input, bytes));
            }
        };
        self.finish(checked, &large, examined)
    }

    /// Checks small logs beside documents. Returns those that must be looked at as a whole.
    fn check_small<'i>(&self, logs: &[LogInput<'i>], examined: &[Box<Examined>]) -> SmallLogs<'i> {
        let beside = self.beside(examined);
        let hasher = TextHasher::default();
        let one = |input: &LogInput<'i>| {
            let mut bytes = Vec::new();
            let done = AtomicU64::new(0);
            let read = input.open(&done).and_then(|(mut reader, _)| reader.read_to_end(&mut bytes));
            if let Err(error) = read {
                let kind = FileProblemKind::Unreadable(error.to_string());
                return SmallLog::NotRead(FileProblem { name: input.name.to_owned(), kind });
            }
            let mut entries = Vec::new();
            // UTF-16 has zero bytes, and a byte order mark is told of the file.
            let is_odd = bytes.starts_with("\u{feff}".as_bytes()) || memchr::memchr(0, &bytes).is_some();
            let log =
                Log { has_mlspec: true, refuses_others: false, is_fixable: true, ..self.log(input, &beside, &hasher) };
            let checked = (!is_odd).then(|| log.check(bytes.as_slice(), 1, &mut |own| entries.extend(own), &|_| {}));
            self.progress.step();
            match checked.filter(|log| !log.needs_whole && log.is_claimed) {
                Some(log) => SmallLog::Done(Box::new(Done { input: input.clone(), log, entries })),
                None => SmallLog::Whole(input.clone(), bytes),
            }
        };
        let mut all =
            SmallLogs { hasher: TextHasher::default(), done: Vec::new(), whole: Vec::new(), problems: Vec::new() };
        for log in logs.par_iter().map(one).collect::<Vec<_>>() {
            match log {
                SmallLog::Done(log) => all.done.push(*log),
                SmallLog::Whole(input, bytes) => all.whole.push((input, bytes)),
                SmallLog::NotRead(problem) => all.problems.push(problem),
            }
        }
        all.hasher = hasher;
        all
    }

    fn beside(&self, examined: &[Box<Examined>]) -> Beside<'_> {
        Beside::new(examined.iter().map(AsRef::as_ref), &self.around.members, self.options)
    }

    fn log<'b>(&'b self, input: &'b LogInput<'_>, beside: &'b Beside<'b>, hasher: &'b TextHasher) -> Log<'b> {
        Log {
            name: input.name,
            kind: input.kind.as_deref().unwrap_or(&LineKind::Json),
            options: self.options(input.explicit),
            beside,
            hasher,
            is_compared: self.is_compared,
            has_mlspec: true,
            refuses_others: true,
            is_from_start: input.range.is_none_or(|range| range.start == 0),
            is_fixable: false,
        }
    }

    /// Checks the logs that are too large to be read as a whole, and compares all records.
    fn finish(&self, small: SmallLogs<'_>, large: &[LogInput<'_>], examined: &[Box<Examined>]) -> CheckedLogs {
        let SmallLogs { hasher, done, problems, .. } = small;
        let mut all = CheckedLogs { problems, ..CheckedLogs::default() };
        let names =
            examined.iter().map(|file| file.source().name()).chain(self.around.members.iter().map(|own| own.file()));
        let names: BTreeSet<&str> =
            names.chain(done.iter().map(|log| log.input.name)).chain(large.iter().map(|log| log.name)).collect();
        all.numbers = (0..).zip(names).map(|(number, name)| (name.to_owned(), number)).collect();
        let mut across = AcrossLogs::new();
        let members = examined.iter().flat_map(|file| file.members()).chain(&self.around.members);
        for member in members.filter(|_| self.is_compared) {
            across.add_member(member, &all.numbers, &hasher);
        }
        let mut logs = Vec::new();
        for Done { input, log, entries } in done {
            across.add(entries, all.numbers.get(input.name));
            logs.push((input, log));
        }
        let beside = self.beside(examined);
        for input in large {
            if input.kind.is_none() {
                // Among files that somebody else has named, logs of others are no fault.
                let kind = FileProblemKind::UnknownLog;
                let problem = FileProblem { name: input.name.to_owned(), kind };
                all.problems.extend((self.explicit)(true).then_some(problem));
                continue;
            }
            match self.check_large(input, &beside, &hasher, |own| across.add(own, all.numbers.get(input.name))) {
                Ok(log) => logs.push((input.clone(), log)),
                Err(error) => {
                    let kind = FileProblemKind::Unreadable(error.to_string());
                    all.problems.push(FileProblem { name: input.name.to_owned(), kind });
                }
            }
        }
        if logs.iter().any(|(_, log)| log.keeps_requests) {
            across.keep_requests();
        }
        all.compared = if self.is_compared { across.finish() } else { ComparedRecords::default() };
        self.keep(logs, examined, &mut all);
        all
    }

    fn check_large(
        &self,
        input: &LogInput<'_>,
        beside: &Beside<'_>,
        hasher: &TextHasher,
        mut on_records: impl FnMut(Vec<RecordEntry>),
    ) -> io::Result<CheckedLog> {
        let done = AtomicU64::new(0);
        let (reader, start) = input.open(&done)?;
        let reader = Peeked::new(reader);
        let lines = self.log(input, beside, hasher);
        // The lines of an access log are records as such.
        let is_formatted = *lines.kind != LineKind::Json;
        if is_formatted {
            return Ok(self.check_all(input, &lines, (reader, start), &done, &mut on_records));
        }
        let head = lines.check(reader.whole_lines(), 1, &mut |_| {}, &|_| {});
        // In a folder, data of others is left alone: what stands at its beginning tells.
        if head.counts.documents == 0 && !lines.options.explicit && reader.has_whole_lines() {
            return Ok(CheckedLog::default());
        }
        let log = Log { has_mlspec: head.is_claimed, ..lines };
        Ok(self.check_all(input, &log, (reader, start), &done, &mut on_records))
    }

    /// Checks all that a reader gives, which begins at this byte of the log.
    fn check_all(
        &self,
        input: &LogInput<'_>,
        log: &Log<'_>,
        (reader, start): (impl Read, u64),
        done: &AtomicU64,
        on_records: &mut dyn FnMut(Vec<RecordEntry>),
    ) -> CheckedLog {
        self.progress.begin(input.name, input.size);
        let on_progress = |_| self.progress.read(done.load(Ordering::Relaxed));
        let mut checked = log.check(reader, self.threads, on_records, &on_progress);
        self.progress.step();
        checked.begin_at(start);
        checked
    }

    /// Makes documents of the lines that are kept.
    fn keep(&self, logs: Vec<(LogInput<'_>, CheckedLog)>, examined: &[Box<Examined>], all: &mut CheckedLogs) {
        let mut wanted: BTreeMap<u32, BTreeSet<u64>> = BTreeMap::new();
        for (file, record) in all.compared.judged.keys().chain(&all.compared.companions) {
            wanted.entry(*file).or_default().insert(*record);
        }
        let mut judged = FxHashMap::default();
        for (input, log) in logs {
            let number = all.numbers.get(input.name).copied().unwrap_or(0);
            let mut lines = log.kept;
            lines.extend(log.newest);
            match wanted.get(&number) {
                Some(wanted) if input.is_kept() => lines.extend(picked(&input, wanted)),
                Some(wanted) => all.problems.push(gone(&input, wanted.len())),
                None => {}
            }
            let part = LogPart {
                has_mlspec: log.is_claimed || input.is_small(),
                refuses_others: !input.is_small(),
                faults: &[],
                as_json: None,
            };
            let file = self.examine(&input, in_order(lines), part, log.counts);
            for member in file.members() {
                let origin = file.source().origin(member.tree.span(member.root).start);
                let own = origin.and_then(|origin| all.compared.judged.get(&(number, origin.record)));
                judged.extend(own.map(|own| ((file.source().name().into(), member.position), *own)));
            }
            all.kept.push(file);
        }
        let members = examined.iter().flat_map(|file| file.members()).chain(&self.around.members);
        for member in members {
            let number = all.numbers.get(member.file()).copied().unwrap_or(0);
            let place: EntryPlace = (number, u64::from(member.position));
            judged.extend(all.compared.judged.get(&place).map(|own| ((member.file().into(), member.position), *own)));
        }
        all.across = AcrossRecords::Judged(judged);
    }

    fn examine(&self, input: &LogInput<'_>, lines: Vec<KeptLine>, part: LogPart<'_>, counts: StreamCounts) -> Examined {
        let kind = input.kind.as_deref().unwrap_or(&LineKind::Json);
        let LogExcerpt { source, faults, as_json } = excerpt_of(input.name, kind, &lines);
        let options = self.options(input.explicit);
        let part = LogPart { faults: &faults, as_json: as_json.as_ref(), ..part };
        examine_lines(source.into(), &part, &options).with_counts(counts)
    }
}

/// Reads a log once more for some of its records.
fn picked(input: &LogInput<'_>, wanted: &BTreeSet<u64>) -> Vec<KeptLine> {
    let done = AtomicU64::new(0);
    let kind = input.kind.as_deref().unwrap_or(&LineKind::Json);
    input.open(&done).map(|(reader, _)| pick(reader, kind, wanted)).unwrap_or_default()
}

/// Returns the problem of standard input that is too long to be kept, of which some records stand out only beside others: they are gone when that
/// is known, and must not pass in silence.
fn gone(input: &LogInput<'_>, records: usize) -> FileProblem {
    let (records, verb) = match records {
        1 => ("1 record of this log".to_owned(), "stands"),
        records => (format!("{records} records of this log"), "stand"),
    };
    let why = format!(
        "{records} {verb} out beside others, and cannot be shown: check the log as a file, or leave such comparisons out (--no-cross-records)"
    );
    FileProblem { name: input.name.to_owned(), kind: FileProblemKind::Unreadable(why) }
}

/// Small logs, checked.
struct SmallLogs<'i> {
    hasher: TextHasher,
    done: Vec<Done<'i>>,
    /// Those that must be looked at as a whole, with their bytes.
    whole: Vec<(LogInput<'i>, Vec<u8>)>,
    problems: Vec<FileProblem>,
}

enum SmallLog<'i> {
    Done(Box<Done<'i>>),
    Whole(LogInput<'i>, Vec<u8>),
    NotRead(FileProblem),
}
