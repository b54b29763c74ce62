//! Which inputs are logs, and how they are opened.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use rustc_hash::FxHashSet;

use super::readers::Counting;
use crate::analysis::{Options, detect_text};
use crate::cli::inputs::Inputs;
use crate::cli::{Error, parquet};
use crate::documents::detect::Detection;
use crate::files::{FileCompression, FileToCheck, is_log_name};
use crate::records::{ByteRange, LineFormat, LineKind, SummaryRange, WholeLines, kind_of_lines, looks_like_lines};

/// The name of standard input that has none.
const UNNAMED: &str = "<stdin>";

/// A log among the inputs.
#[derive(Clone)]
pub(in crate::cli) struct LogInput<'i> {
    pub name: &'i str,
    /// The file; `None` for standard input.
    pub file: Option<&'i FileToCheck>,
    /// Standard input, as far as it was read.
    stdin: &'i [u8],
    compression: FileCompression,
    /// Whether it is in Parquet, whose rows come as JSON.
    is_parquet: bool,
    /// How its lines are written; `None` if that is not known.
    pub kind: Option<Arc<LineKind>>,
    pub explicit: bool,
    /// The number of bytes that are stored.
    pub size: u64,
    /// Whether it can be read as a whole, if that turns out to be necessary.
    is_small: bool,
    /// The part that is checked.
    pub(super) range: Option<ByteRange>,
}

/// Which logs are meant, and how.
#[derive(Clone, Copy)]
pub(in crate::cli) struct LogsWanted<'w> {
    /// The greatest size of a log that is read as a whole.
    pub most: u64,
    /// Whether those are among the logs: what is fixed, recorded in a baseline or compared with what it was is read as a whole where it can be.
    pub with_small: bool,
    pub range: Option<ByteRange>,
    /// The format of access logs that the configuration names.
    pub format: Option<&'w LineFormat>,
}

/// Returns the logs among the inputs.
pub(in crate::cli) fn among<'i>(inputs: &'i Inputs, stdin_name: &'i str, wanted: LogsWanted<'_>) -> Vec<LogInput<'i>> {
    let LogsWanted { most, with_small, range, .. } = wanted;
    let of_file = |file: &'i FileToCheck| {
        let (name, explicit) = (file.name.as_str(), file.explicit);
        let json_lines = FileCompression::of_log(name);
        let (by_name, inner) = FileCompression::of_name(name);
        let is_parquet = explicit && parquet::is_named(name);
        if json_lines.is_none() && !is_parquet && !(explicit && is_log_name(inner)) {
            return None;
        }
        let size = std::fs::metadata(&file.path).ok()?.len();
        let mut log = LogInput {
            name,
            file: Some(file),
            stdin: &[],
            compression: json_lines.unwrap_or(by_name),
            is_parquet,
            kind: Some(Arc::new(LineKind::Json)),
            explicit,
            size,
            is_small: by_name == FileCompression::Plain && !is_parquet && size <= most && range.is_none(),
            range,
        };
        match json_lines {
            Some(_) => Some(log),
            None if is_parquet => Some(log),
            None => {
                let head = log.head();
                log.is_small = false;
                log.kind = wanted.kind_of(&head).map(Arc::new);
                (log.kind.is_some() || !holds_documents(&head)).then_some(log)
            }
        }
    };
    let of_stdin = |stdin: &'i Vec<u8>| {
        let by_bytes = FileCompression::of_bytes(stdin);
        let inner = FileCompression::of_name(stdin_name).1;
        let is_named = FileCompression::of_log(stdin_name).is_some();
        let is_of_server = !is_named && is_log_name(inner);
        let is_unnamed = stdin_name == UNNAMED;
        let mut log = LogInput {
            name: stdin_name,
            file: None,
            stdin,
            compression: by_bytes,
            is_parquet: false,
            kind: Some(Arc::new(LineKind::Json)),
            explicit: true,
            size: stdin.len() as u64,
            is_small: by_bytes == FileCompression::Plain && stdin.len() as u64 <= most,
            range: None,
        };
        if is_of_server || (is_unnamed && !looks_like_lines(stdin)) {
            let head = log.head();
            let kind = wanted.kind_of(&head).filter(|kind| is_of_server || *kind != LineKind::Json);
            if kind.is_some() || (is_of_server && !holds_documents(&head)) {
                log.is_small = false;
                log.kind = kind.map(Arc::new);
                return Some(log);
            }
        }
        let is_lines = is_named || by_bytes != FileCompression::Plain || (is_unnamed && looks_like_lines(stdin));
        is_lines.then_some(log)
    };
    let all = inputs.files.iter().filter_map(of_file).chain(inputs.stdin.as_ref().and_then(of_stdin));
    all.filter(|log| with_small || !log.is_small).collect()
}

impl<'i> LogInput<'i> {
    /// Returns a log that was read elsewhere.
    pub fn elsewhere(name: &'i str) -> Self {
        let compression = FileCompression::Plain;
        Self {
            name,
            file: None,
            stdin: &[],
            compression,
            is_parquet: false,
            kind: Some(Arc::new(LineKind::Json)),
            explicit: true,
            size: 0,
            is_small: false,
            range: None,
        }
    }

    /// Whether its lines are JSON as they are stored.
    pub fn is_json_lines(&self) -> bool {
        !self.is_parquet && self.kind.as_deref() == Some(&LineKind::Json)
    }

    /// Returns all of the log.
    pub fn whole(self) -> Self {
        Self { range: None, ..self }
    }

    /// Returns which part of a log is checked; `None` if it has no bytes to count.
    pub fn part(&self) -> Option<SummaryRange> {
        let size = self.size;
        let whole = ByteRange { start: 0, end: size };
        let ByteRange { start, end } = self.range.unwrap_or(whole);
        let is_counted = self.file.is_some() && self.compression == FileCompression::Plain;
        is_counted.then_some(SummaryRange { start: start.min(size), end: end.min(size), size })
    }
}

impl LogsWanted<'_> {
    /// Returns how the lines of a log of a server are written. What a log says of itself counts more than what the configuration says of all.
    fn kind_of(&self, head: &[u8]) -> Option<LineKind> {
        let by_lines = kind_of_lines(head);
        match (by_lines, self.format) {
            (Some(kind @ (LineKind::Json | LineKind::W3c)), _) => Some(kind),
            (_, Some(format)) if !head.is_empty() => Some(LineKind::Format(format.clone())),
            (kind, _) => kind,
        }
    }
}

/// The bytes of a log that tell how its lines are written.
const HEAD: u64 = 64 << 10;

/// Returns whether a text holds documents that say that they are MLSpec.
fn holds_documents(head: &[u8]) -> bool {
    let options = Options { explicit: false, ..Options::default() };
    let text = String::from_utf8_lossy(head);
    detect_text("head.yml", &text, &options).iter().flatten().any(Detection::is_claimed)
}

impl LogInput<'_> {
    /// Returns the beginning of the log; what can be read of it if it is damaged.
    fn head(&self) -> Vec<u8> {
        let mut head = Vec::new();
        let stored: Box<dyn Read> = match self.file {
            Some(file) => match File::open(&file.path) {
                Ok(file) => Box::new(file),
                Err(_) => return head,
            },
            None => Box::new(self.stdin),
        };
        // Of a damaged file, the beginning may be whole, and who reads all of it tells what is not.
        let _ = self.compression.decode(stored).take(HEAD).read_to_end(&mut head);
        head
    }

    /// Opens the log, and returns with it the offset of its first byte. What grows while it is read ends with the line in which it ended.
    /// `done` counts the bytes that were read, as they are stored.
    pub fn open<'o>(&'o self, done: &'o AtomicU64) -> io::Result<(Box<dyn Read + 'o>, u64)> {
        let Some(file) = self.file else {
            let all = Cursor::new(self.stdin).chain(io::stdin().lock());
            return Ok((self.compression.decode(Counting { reader: all, done }), 0));
        };
        if self.is_parquet {
            let lines = parquet::open_records(&file.path).map_err(|error| match error {
                Error::File { source, .. } => source,
                other => io::Error::other(other.to_string()),
            })?;
            return Ok((lines, 0));
        }
        let stream = File::open(&file.path)?;
        let length = stream.metadata()?.len();
        match (self.compression, self.range) {
            (FileCompression::Plain, Some(ByteRange { start, end })) => {
                let range = ByteRange { start, end: end.min(length) };
                let (lines, start) = WholeLines::in_range(stream, range)?;
                Ok((Box::new(Counting { reader: lines, done }), start))
            }
            (FileCompression::Plain, None) => {
                Ok((Box::new(Counting { reader: WholeLines::new(stream, length), done }), 0))
            }
            (other, _) => Ok((other.decode(Counting { reader: stream, done }), 0)),
        }
    }

    /// Whether it can be read a second time.
    pub fn is_kept(&self) -> bool {
        self.file.is_some() || self.is_small
    }
}

/// Returns the names of logs.
pub(in crate::cli) fn names<'i>(logs: &[LogInput<'i>]) -> FxHashSet<&'i str> {
    logs.iter().map(|log| log.name).collect()
}

/// Refuses a range of what has no bytes to count: it is one of a single log that is stored as it is.
pub(in crate::cli) fn refuse_range(inputs: &Inputs, logs: &[LogInput<'_>]) -> Result<(), Error> {
    let is_plain = |log: &LogInput<'_>| log.compression == FileCompression::Plain && !log.is_parquet;
    let is_one = matches!(logs, [log] if log.range.is_some() && is_plain(log));
    let is_told = |log: &LogInput<'_>| log.kind.as_deref() == Some(&LineKind::W3c);
    if logs.iter().any(is_told) {
        let why = "--range cannot take a log whose format its directives tell, which may stand before the range";
        return Err(Error::Usage(why.to_owned()));
    }
    match is_one && inputs.files.len() == 1 && inputs.stdin.is_none() {
        true => Ok(()),
        false => {
            Err(Error::Usage("--range takes one log that is not compressed: a file .jsonl, .ndjson or .log".to_owned()))
        }
    }
}

impl LogInput<'_> {
    /// Whether it can be read as a whole.
    pub fn is_small(&self) -> bool {
        self.is_small
    }
}
