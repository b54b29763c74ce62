//! Which inputs are logs, and how they are opened.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::sync::atomic::AtomicU64;

use rustc_hash::FxHashSet;

use super::readers::Counting;
use crate::cli::Error;
use crate::cli::inputs::Inputs;
use crate::files::{FileCompression, FileToCheck};
use crate::records::{ByteRange, SummaryRange, WholeLines, looks_like_lines};

/// The name of standard input that has none.
const UNNAMED: &str = "<stdin>";

/// A log among the inputs.
#[derive(Clone, Copy)]
pub(in crate::cli) struct LogInput<'i> {
    pub name: &'i str,
    /// The file; `None` for standard input.
    pub file: Option<&'i FileToCheck>,
    /// Standard input, as far as it was read.
    stdin: &'i [u8],
    compression: FileCompression,
    pub explicit: bool,
    /// The number of bytes that are stored.
    pub size: u64,
    /// Whether it can be read as a whole, if that turns out to be necessary.
    is_small: bool,
    /// The part that is checked.
    pub(super) range: Option<ByteRange>,
}

/// Returns the logs among the inputs. Small ones are among them if `with_small`: what is fixed, recorded in a baseline or compared with
/// what it was is read as a whole where it can be.
pub(in crate::cli) fn among<'i>(
    inputs: &'i Inputs,
    stdin_name: &'i str,
    most: u64,
    with_small: bool,
    range: Option<ByteRange>,
) -> Vec<LogInput<'i>> {
    let of_file = |file: &'i FileToCheck| {
        let compression = FileCompression::of_log(&file.name)?;
        let size = std::fs::metadata(&file.path).ok()?.len();
        let is_small = compression == FileCompression::Plain && size <= most && range.is_none();
        let (name, explicit) = (file.name.as_str(), file.explicit);
        Some(LogInput { name, file: Some(file), stdin: &[], compression, explicit, size, is_small, range })
    };
    let of_stdin = |stdin: &'i Vec<u8>| {
        let by_bytes = FileCompression::of_bytes(stdin);
        let is_named = FileCompression::of_log(stdin_name).is_some();
        let is_lines =
            is_named || by_bytes != FileCompression::Plain || (stdin_name == UNNAMED && looks_like_lines(stdin));
        let (size, is_small) = (stdin.len() as u64, by_bytes == FileCompression::Plain && stdin.len() as u64 <= most);
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

impl<'i> LogInput<'i> {
    /// Returns a log that was read elsewhere.
    pub fn elsewhere(name: &'i str) -> Self {
        let compression = FileCompression::Plain;
        Self { name, file: None, stdin: &[], compression, explicit: true, size: 0, is_small: false, range: None }
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

impl LogInput<'_> {
    /// Opens the log, and returns with it the offset of its first byte. What grows while it is read ends with the line in which it ended.
    /// `done` counts the bytes that were read, as they are stored.
    pub fn open<'o>(&'o self, done: &'o AtomicU64) -> io::Result<(Box<dyn Read + 'o>, u64)> {
        let Some(file) = self.file else {
            let all = Cursor::new(self.stdin).chain(io::stdin().lock());
            return Ok((self.compression.decode(Counting { reader: all, done }), 0));
        };
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
    let is_one = matches!(logs, [log] if log.range.is_some() && log.compression == FileCompression::Plain);
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
