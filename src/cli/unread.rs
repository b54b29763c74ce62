//! Reports about files that were not read: too large, unreadable, not UTF-8.

use std::io::Read;
use std::path::Path;

use crate::analysis::{FileReport, Options, UnreadReason, lint_text, unreadable};
use crate::diagnostics::Finding;
use crate::files::{FileProblem, FileProblemKind, FileToCheck, other_format, other_format_of_bytes};
use crate::rules::document::{not_utf8, too_large, unreadable as unreadable_rule};
use crate::text::Span;

/// Returns whether a file names the MLSpec version near its beginning.
pub(super) fn says_version(path: &Path) -> bool {
    let mut start = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(START).read_to_end(&mut start));
    read.is_err() || is_ours(&start)
}

/// Returns whether bytes name the MLSpec version.
pub(super) fn is_ours(bytes: &[u8]) -> bool {
    let letters = String::from_utf8_lossy(bytes).to_lowercase().replace(['_', '-'], "");
    letters.contains("mlspecversion")
}

/// The number of bytes of a too large file that are inspected.
const START: u64 = 64 << 10;

/// The number of bytes that tell a format.
const START_OF_FORMAT: u64 = 16;

/// A file that cannot be read gets a finding: a check only passes if it covered everything.
pub(super) fn problem_report(problem: &FileProblem) -> FileReport {
    let rule = match problem.kind {
        FileProblemKind::TooLarge { .. } => &too_large::TOO_LARGE,
        _ => &unreadable_rule::UNREADABLE,
    };
    FileReport::of_finding(&problem.name, unreadable(rule, problem.kind.to_string()))
}

/// Returns what a file is, if it is in a format that holds logs or data elsewhere, and is not read.
pub(super) fn other_format_of(file: &FileToCheck) -> Option<&'static str> {
    // What cannot be read is told by who reads all of it; to open a pipe would wait for its writer.
    std::fs::metadata(&file.path).ok().filter(std::fs::Metadata::is_file)?;
    let by_bytes = || {
        let mut start = Vec::new();
        std::fs::File::open(&file.path).and_then(|file| file.take(START_OF_FORMAT).read_to_end(&mut start)).ok()?;
        other_format_of_bytes(&start)
    };
    other_format(&file.name).or_else(by_bytes)
}

/// The content of a file that is not UTF-8.
pub(super) struct NotUtf8 {
    bytes: Vec<u8>,
    /// The position of the first byte that is not part of the text.
    at: usize,
}

/// Returns the text of a file. UTF-16 without a byte order mark is valid UTF-8 as long as all letters are those of ASCII: then there is a
/// zero byte next to each of them.
pub(super) fn text_of(bytes: Vec<u8>) -> Result<String, NotUtf8> {
    match String::from_utf8(bytes) {
        Ok(text) => match memchr::memchr(0, text.as_bytes()) {
            Some(at) if from_wide(text.as_bytes()).is_some() => Err(NotUtf8 { bytes: text.into_bytes(), at }),
            _ => Ok(text),
        },
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            Err(NotUtf8 { bytes: error.into_bytes(), at })
        }
    }
}

/// Returns the text of a file in UTF-16 or UTF-32, as Windows tools write it, and the name of the encoding. Without a byte order mark, the
/// zero bytes of its first letter, which is one of ASCII, tell.
fn from_wide(bytes: &[u8]) -> Option<(String, &'static str)> {
    from_utf32(bytes).map(|text| (text, "UTF-32")).or_else(|| Some((from_utf16(bytes)?, "UTF-16")))
}

/// The byte order mark of UTF-32 begins with that of UTF-16.
fn from_utf32(bytes: &[u8]) -> Option<String> {
    let (unit, rest): (fn([u8; 4]) -> u32, _) = match bytes {
        [0xff, 0xfe, 0, 0, rest @ ..] => (u32::from_le_bytes, rest),
        [0, 0, 0xfe, 0xff, rest @ ..] => (u32::from_be_bytes, rest),
        [1..=0x7f, 0, 0, 0, ..] => (u32::from_le_bytes, bytes),
        [0, 0, 0, 1..=0x7f, ..] => (u32::from_be_bytes, bytes),
        _ => return None,
    };
    let units = rest.chunks_exact(4).filter_map(|four| Some(unit(four.try_into().ok()?)));
    Some(units.map(|unit| char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}

fn from_utf16(bytes: &[u8]) -> Option<String> {
    let (unit, rest): (fn([u8; 2]) -> u16, _) = match bytes {
        [0xff, 0xfe, rest @ ..] => (u16::from_le_bytes, rest),
        [0xfe, 0xff, rest @ ..] => (u16::from_be_bytes, rest),
        [1..=0x7f, 0, ..] => (u16::from_le_bytes, bytes),
        [0, 1..=0x7f, ..] => (u16::from_be_bytes, bytes),
        _ => return None,
    };
    let units = rest.chunks_exact(2).filter_map(|pair| Some(unit(pair.try_into().ok()?)));
    Some(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}

/// Returns the text with `?` in place of each byte that is not part of UTF-8, so that every other byte keeps its offset.
fn with_stand_ins(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    text
}

/// Reports a file that is not UTF-8: with a finding if it is an MLSpec document or was named by the user, otherwise as skipped.
pub(super) fn not_utf8_report(name: &str, content: &NotUtf8, options: &Options<'_>) -> FileReport {
    let at = content.at;
    let text = with_stand_ins(&content.bytes);
    let report = lint_text(name, &text, options);
    let wide = from_wide(&content.bytes);
    let is_skipped =
        report.is_skipped() && wide.as_ref().is_none_or(|(text, _)| lint_text(name, text, options).is_skipped());
    if is_skipped && report.format.is_some() {
        return report;
    }
    if is_skipped && !options.explicit {
        return FileReport { unread: Some(UnreadReason::NotUtf8), ..report };
    }
    let what = match wide {
        Some((_, encoding)) => format!("the file is {encoding}, not UTF-8"),
        None => "the file is not UTF-8".to_owned(),
    };
    let mut finding: Finding = unreadable(&not_utf8::NOT_UTF8, what).help("save the file as UTF-8");
    finding.place.span = Span::from_usize(at, (at + 1).min(text.len()));
    FileReport { secrets: report.secrets, ..FileReport::new(report.source, report.documents, vec![finding]) }
}
