//! Reading a log once more for a few of its lines.

use std::collections::BTreeSet;
use std::io::Read;

use super::chunks::{ChunkContent, Chunks};
use super::format_in_force::FormatInForce;
use super::kept::KeptLine;
use super::line_format::{JsonWriter, LineKind};
use super::lines::{is_blank, lines};
use crate::text::LineOrigin;

/// Returns the records of a log at these positions. Nothing is checked, and what cannot be read is left out: that was told before.
pub fn pick(reader: impl Read, kind: &LineKind, wanted: &BTreeSet<u64>) -> Vec<KeptLine> {
    let mut format = FormatInForce::of(kind);
    let mut writer = JsonWriter::default();
    let mut chunks = Chunks::new(reader);
    let mut picked = Vec::new();
    let (mut line, mut record) = (0, 0);
    let mut spare = Vec::new();
    let mut left = wanted.iter().copied().peekable();
    while let Some(chunk) = chunks.next(spare) {
        spare = Vec::new();
        let ChunkContent::Lines(bytes) = chunk.content else {
            line += 1;
            record += 1;
            continue;
        };
        let mut count = 0;
        for own in lines(&bytes) {
            count = own.number + 1;
            let mut is_directive = || format.as_mut().is_some_and(|format| format.take(own.bytes).is_some());
            if is_blank(own.bytes) || is_directive() {
                continue;
            }
            if left.peek() == Some(&record) {
                left.next();
                let origin = LineOrigin {
                    line: line + own.number,
                    record,
                    offset: chunk.offset + own.start as u64,
                    column: None,
                };
                if let Ok(text) = std::str::from_utf8(own.bytes) {
                    let own_format = format.as_ref().and_then(FormatInForce::format);
                    let written = own_format.and_then(|format| writer.write(format, text).ok());
                    picked.push(KeptLine::new(text, origin).with_written(written));
                }
            }
            record += 1;
        }
        line += count;
        if left.peek().is_none() {
            break;
        }
        spare = bytes;
    }
    picked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_counted_as_when_they_are_checked() {
        let text = "{\"a\": 1}\n\n  \n{\"b\": 2}\r\nx\n{\"c\": 3}";
        let picked = pick(text.as_bytes(), &LineKind::Json, &BTreeSet::from([1, 3, 9]));
        let own: Vec<_> =
            picked.iter().map(|line| (line.text.as_str(), line.origin.line, line.origin.offset)).collect();
        assert_eq!(own, [("{\"b\": 2}", 3, 13), ("{\"c\": 3}", 5, 25)]);
    }
}
