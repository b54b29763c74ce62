//! The logs among the files of `check`: read as streams, whatever their size.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Error;
use super::inputs::Inputs;
use super::output;
use super::progress::Progress;
use super::workspace_context::Surroundings;
use crate::analysis::{Beside, Examined, LogCounts, LogPart, Options, examine_lines};
use crate::files::{FileProblem, FileProblemKind, FileToCheck};
use crate::records::{
    ByteRange, CheckedLog, ComparedRecords, EntryPlace, KeptLine, Log, LogCompression, MOST_IN_MEMORY,
    RecordComparison, RecordEntry, SpillFile, TextHasher, WholeLines, complete, entry_of, in_order, pick, source_of,
};
use crate::workspace::{AcrossRecords, Member};

/// A log among the inputs.
#[derive(Clone, Copy)]
pub(super) struct LogInput<'i> {
    pub name: &'i str,
    /// The file; `None` for standard input.
    pub file: Option<&'i FileToCheck>,
    /// Standard input, as far as it was read.
    stdin: &'i [u8],
    compression: LogCompression,
    pub explicit: bool,
    /// The number of bytes that are stored.
    size: u64,
    /// Whether it can be read as a whole, if that turns out to be necessary.
    is_small: bool,
    /// The part that is checked.
    range: Option<ByteRange>,
}

/// Returns the logs among the inputs. Small ones are among them if `with_small`: what is fixed, recorded in a baseline or compared with
/// what it was is read as a whole where it can be.
pub(super) fn among<'i>(
    inputs: &'i Inputs,
    stdin_name: &'i str,
    most: u64,
    with_small: bool,
    range: Option<ByteRange>,
) -> Vec<LogInput<'i>> {
    let of_file = |file: &'i FileToCheck| {
        let compression = LogCompression::of_log(&file.name)?;
        let size = std::fs::metadata(&file.path).ok()?.len();
        let is_small = compression == LogCompression::Plain && size <= most && range.is_none();
        let (name, explicit) = (file.name.as_str(), file.explicit);
        Some(LogInput { name, file: Some(file), stdin: &[], compression, explicit, size, is_small, range })
    };
    let of_stdin = |stdin: &'i Vec<u8>| {
        let by_bytes = LogCompression::of_bytes(stdin);
        let is_lines = LogCompression::of_log(stdin_name).is_some() || by_bytes != LogCompression::Plain;
        let (size, is_small) = (stdin.len() as u64, by_bytes == LogCompression::Plain && stdin.len() as u64 <= most);
        let log = LogInput {
            name: stdin_name,
            file: None,
            stdin,
            compression: by_bytes,
            explicit: true,
            size,
            is_small,
            range: None,
        };
        is_lines.then_some(log)
    };
    let all = inputs.files.iter().filter_map(of_file).chain(inputs.stdin.as_ref().and_then(of_stdin));
    all.filter(|log| with_small || !log.is_small).collect()
}

impl LogInput<'_> {
    /// Opens the log, and returns with it the offset of its first byte. What grows while it is read ends with the line in which it ended.
    /// `done` counts the bytes that were read, as they are stored.
    fn open<'o>(&'o self, done: &'o AtomicU64) -> io::Result<(Box<dyn Read + 'o>, u64)> {
        let Some(file) = self.file else {
            let all = Cursor::new(self.stdin).chain(io::stdin().lock());
            return Ok((self.compression.decode(Counting { reader: all, done }), 0));
        };
        let stream = File::open(&file.path)?;
        let length = stream.metadata()?.len();
        match (self.compression, self.range) {
            (LogCompression::Plain, Some(ByteRange { start, end })) => {
                let range = ByteRange { start, end: end.min(length) };
                let (lines, start) = WholeLines::in_range(stream, range)?;
                Ok((Box::new(Counting { reader: lines, done }), start))
            }
            (LogCompression::Plain, None) => {
                Ok((Box::new(Counting { reader: WholeLines::new(stream, length), done }), 0))
            }
            (other, _) => Ok((other.decode(Counting { reader: stream, done }), 0)),
        }
    }

    /// Whether it can be read a second time.
    fn is_kept(&self) -> bool {
        self.file.is_some() || self.is_small
    }
}

/// What was found in the logs.
#[derive(Default)]
pub(super) struct CheckedLogs {
    /// The lines of each log that are reported about.
    #[expect(clippy::vec_box, reason = "each is in a box already, and joins others that are")]
    pub kept: Vec<Box<Examined>>,
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
    fn options(&self, explicit: bool) -> Options<'_> {
        Options { explicit: (self.explicit)(explicit), ..self.options }
    }

    /// Checks small logs beside documents. Returns those that must be looked at as a whole.
    pub fn check_small<'i>(&self, logs: &[LogInput<'i>], examined: &[Box<Examined>]) -> SmallLogs<'i> {
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
                Some(log) => SmallLog::Done(Box::new(Done { input: *input, log, entries })),
                None => SmallLog::Whole(*input, bytes),
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

    fn log<'b>(&'b self, input: &LogInput<'b>, beside: &'b Beside<'b>, hasher: &'b TextHasher) -> Log<'b> {
        Log {
            name: input.name,
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
    pub fn finish(&self, small: SmallLogs<'_>, large: &[LogInput<'_>], examined: &[Box<Examined>]) -> CheckedLogs {
        let SmallLogs { hasher, done, problems, .. } = small;
        let mut all = CheckedLogs { problems, ..CheckedLogs::default() };
        let names =
            examined.iter().map(|file| file.source().name()).chain(self.around.members.iter().map(|own| own.file()));
        let names: BTreeSet<&str> =
            names.chain(done.iter().map(|log| log.input.name)).chain(large.iter().map(|log| log.name)).collect();
        all.numbers = (0..).zip(names).map(|(number, name)| (name.to_owned(), number)).collect();
        let mut across = Across { comparison: RecordComparison::new(&open_spill, MOST_IN_MEMORY), error: None };
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
            match self.check_large(input, &beside, &hasher, |own| across.add(own, all.numbers.get(input.name))) {
                Ok(log) => logs.push((*input, log)),
                Err(error) => {
                    let kind = FileProblemKind::Unreadable(error.to_string());
                    all.problems.push(FileProblem { name: input.name.to_owned(), kind });
                }
            }
        }
        if logs.iter().any(|(_, log)| log.keeps_requests) {
            across.comparison.keep_requests();
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
        let head = lines.check(reader.whole_lines(), 1, &mut |_| {}, &|_| {});
        // In a folder, data of others is left alone: what stands at its beginning tells.
        if head.counts.documents == 0 && !lines.options.explicit && reader.has_whole_lines() {
            return Ok(CheckedLog::default());
        }
        let log = Log { has_mlspec: head.is_claimed, ..lines };
        self.progress.begin(input.name, input.size);
        let on_progress = |_| self.progress.read(done.load(Ordering::Relaxed));
        let mut checked = log.check(reader, self.threads, &mut on_records, &on_progress);
        self.progress.step();
        checked.begin_at(start);
        Ok(checked)
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
            if let Some(wanted) = wanted.get(&number) {
                lines.extend(picked(&input, wanted));
            }
            let part =
                LogPart { has_mlspec: log.is_claimed || input.is_small, refuses_others: !input.is_small, faults: &[] };
            let file = self.examine(&input, in_order(lines), part, log.counts);
            for member in file.members() {
                let origin = file.source().origin(member.tree.span(member.root).start);
                let own = origin.and_then(|origin| all.compared.judged.get(&(number, origin.record)));
                judged.extend(own.map(|own| ((file.source().name().into(), member.position), *own)));
            }
            all.kept.push(Box::new(file));
        }
        let members = examined.iter().flat_map(|file| file.members()).chain(&self.around.members);
        for member in members {
            let number = all.numbers.get(member.file()).copied().unwrap_or(0);
            let place: EntryPlace = (number, u64::from(member.position));
            judged.extend(all.compared.judged.get(&place).map(|own| ((member.file().into(), member.position), *own)));
        }
        all.across = AcrossRecords::Judged(judged);
    }

    fn examine(&self, input: &LogInput<'_>, lines: Vec<KeptLine>, part: LogPart<'_>, counts: LogCounts) -> Examined {
        let (source, faults) = source_of(input.name, &lines);
        let options = self.options(input.explicit);
        examine_lines(source.into(), &LogPart { faults: &faults, ..part }, &options).with_counts(counts)
    }
}

/// Reads a log once more for some of its records. Standard input that is too long for memory is gone.
fn picked(input: &LogInput<'_>, wanted: &BTreeSet<u64>) -> Vec<KeptLine> {
    match input.is_kept() {
        true => {
            let done = AtomicU64::new(0);
            input.open(&done).map(|(reader, _)| pick(reader, wanted)).unwrap_or_default()
        }
        false => Vec::new(),
    }
}

/// Small logs, checked.
pub(super) struct SmallLogs<'i> {
    hasher: TextHasher,
    done: Vec<Done<'i>>,
    /// Those that must be looked at as a whole, with their bytes.
    pub whole: Vec<(LogInput<'i>, Vec<u8>)>,
    problems: Vec<FileProblem>,
}

enum SmallLog<'i> {
    Done(Box<Done<'i>>),
    Whole(LogInput<'i>, Vec<u8>),
    NotRead(FileProblem),
}

/// Opens a temporary file that is gone when the process ends, however it ends.
fn open_spill() -> io::Result<Box<dyn SpillFile>> {
    Ok(Box::new(tempfile::tempfile()?))
}

/// The comparison of all records, until something goes wrong.
struct Across<'s> {
    comparison: RecordComparison<'s>,
    error: Option<io::Error>,
}

impl Across<'_> {
    fn add(&mut self, entries: Vec<RecordEntry>, file: Option<&u32>) {
        let Some(file) = file else { return };
        for entry in entries {
            if self.error.is_none() {
                self.error = self.comparison.add(RecordEntry { file: *file, ..entry }).err();
            }
        }
    }

    fn add_member(&mut self, member: &Member, numbers: &FxHashMap<String, u32>, hasher: &TextHasher) {
        use crate::documents::Kind;
        if matches!(member.kind, Kind::InferenceLog | Kind::InferenceRequest) {
            self.comparison.keep_requests();
        }
        let entry = entry_of(member, u64::from(member.position), &[], hasher);
        self.add(entry.into_iter().collect(), numbers.get(member.file()));
    }

    fn finish(self) -> ComparedRecords {
        let result = match self.error {
            Some(error) => Err(error),
            None => self.comparison.finish(),
        };
        result.unwrap_or_else(|error| {
            output::notice(format_args!(
                "warning: records are not compared with each other, since they cannot be stored in {}: {error}",
                std::env::temp_dir().display()
            ));
            ComparedRecords::default()
        })
    }
}

/// A reader that tells how far it is.
struct Counting<'c, R> {
    reader: R,
    done: &'c AtomicU64,
}

impl<R: Read> Read for Counting<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.done.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// A reader of which the beginning was looked at.
struct Peeked<R> {
    head: Cursor<Vec<u8>>,
    error: Option<io::Error>,
    rest: R,
}

/// The bytes that are looked at.
const HEAD: u64 = 1 << 20;

impl<R: Read> Peeked<R> {
    fn new(mut rest: R) -> Self {
        let mut head = Vec::new();
        let error = rest.by_ref().take(HEAD).read_to_end(&mut head).err();
        Self { head: Cursor::new(head), error, rest }
    }

    fn has_whole_lines(&self) -> bool {
        let head = self.head.get_ref();
        (head.len() as u64) < HEAD || head.contains(&b'\n')
    }

    /// The whole lines of the beginning; all of it if it has no break.
    fn whole_lines(&self) -> &[u8] {
        let head = self.head.get_ref().as_slice();
        let end = memchr::memrchr(b'\n', head).map_or(head.len(), |end| end + 1);
        head.get(..end).unwrap_or(head)
    }
}

impl<R: Read> Read for Peeked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.head.read(buffer)? {
            0 => match self.error.take() {
                Some(error) => Err(error),
                None => self.rest.read(buffer),
            },
            read => Ok(read),
        }
    }
}

/// Returns the names of logs.
pub(super) fn names<'i>(logs: &[LogInput<'i>]) -> FxHashSet<&'i str> {
    logs.iter().map(|log| log.name).collect()
}

/// Refuses a range of what has no bytes to count: it is one of a single log that is stored as it is.
pub(super) fn refuse_range(inputs: &Inputs, logs: &[LogInput<'_>]) -> Result<(), Error> {
    let is_one = matches!(logs, [log] if log.range.is_some() && log.compression == LogCompression::Plain);
    match is_one && inputs.files.len() == 1 && inputs.stdin.is_none() {
        true => Ok(()),
        false => Err(Error::Usage("--range takes one log that is not compressed: a file .jsonl or .ndjson".to_owned())),
    }
}

impl LogInput<'_> {
    /// Whether it can be read as a whole.
    pub fn is_small(&self) -> bool {
        self.is_small
    }
}
