//! The lines of a chunk of a log, and their numbers.

/// A line of a chunk, without its break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ChunkLine<'c> {
    pub bytes: &'c [u8],
    /// The number of bytes of the chunk before it.
    pub start: usize,
    /// The number of lines of the chunk before it.
    pub number: u64,
}

/// Returns the lines of a chunk. As in YAML, a lone carriage return ends a line, too; what is behind the last break is a line only if there
/// is anything.
pub(super) fn lines(chunk: &[u8]) -> impl Iterator<Item = ChunkLine<'_>> {
    let (mut start, mut number) = (0, 0);
    // The end of the text up to the next line feed, and whether there are carriage returns within it.
    let mut part = (0, false);
    std::iter::from_fn(move || {
        let rest = chunk.get(start..).filter(|rest| !rest.is_empty())?;
        if start >= part.0 {
            let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let body = rest.get(..end).unwrap_or_default();
            let body = body.strip_suffix(b"\r").filter(|_| end < rest.len()).unwrap_or(body);
            part = (start + end + 1, memchr::memchr(b'\r', body).is_some());
        }
        let line = ChunkLine { start, number, bytes: rest.get(..part.0 - start).unwrap_or(rest) };
        number += 1;
        let (bytes, length) = match part.1.then(|| first_break(rest)).flatten() {
            Some((end, width)) => (rest.get(..end).unwrap_or(rest), end + width),
            None => {
                let bytes = line.bytes.strip_suffix(b"\n").unwrap_or(line.bytes);
                (bytes.strip_suffix(b"\r").unwrap_or(bytes), line.bytes.len())
            }
        };
        start += length;
        Some(ChunkLine { bytes, ..line })
    })
}

/// Returns the end of the first line, and the length of its break.
fn first_break(text: &[u8]) -> Option<(usize, usize)> {
    let end = memchr::memchr2(b'\n', b'\r', text)?;
    let is_pair = text.get(end..end + 2) == Some(b"\r\n");
    Some((end, if is_pair { 2 } else { 1 }))
}

/// Whether a line holds nothing, and so no record. A byte order mark before the first line is nothing.
pub(super) fn is_blank(line: &[u8]) -> bool {
    let line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line);
    // The first byte of most lines tells.
    match line.first() {
        Some(b'{') => false,
        _ => std::str::from_utf8(line).is_ok_and(|text| text.trim().is_empty()),
    }
}

/// Returns whether a text without a name is a log: its first two records are JSON objects, each on a line of its own.
#[must_use]
pub fn looks_like_lines(start: &[u8]) -> bool {
    let mut records = lines(start).map(|line| line.bytes).filter(|line| !is_blank(line));
    let is_object =
        |line: &[u8]| line.starts_with(b"{") && serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok();
    records.next().is_some_and(is_object) && records.next().is_some_and(|line| line.starts_with(b"{"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::{Source, offset};

    #[test]
    fn a_log_is_known_by_its_first_lines() {
        for (text, is_log) in [
            ("{\"a\": 1}\n{\"b\": 2}\n", true),
            ("\n{\"a\": 1}\r\n\n{\"b", true),
            ("{\"a\": 1}\n", false),
            ("{\n  \"a\": 1}\n{\"b\": 2}\n", false),
            ("{a: 1}\n{b: 2}\n", false),
            ("a: 1\nb: 2\n", false),
            ("", false),
        ] {
            assert_eq!(looks_like_lines(text.as_bytes()), is_log, "{text}");
        }
    }

    proptest! {
        #[test]
        fn lines_are_those_of_a_source(text in "[ab\r\n]{0,24}") {
            let source = Source::new("a.jsonl", text.as_str());
            let own: Vec<_> = lines(text.as_bytes()).map(|line| (line.start, line.number, line.bytes.to_vec())).collect();
            let mut other: Vec<_> = (0..source.line_count())
                .map(|line| (source.line_span(line).start as usize, u64::from(line), source.line(line).as_bytes().to_vec()))
                .collect();
            other.retain(|(start, ..)| offset(*start) < offset(text.len()));
            prop_assert_eq!(own, other);
        }
    }
}
