//! A part of a log that begins and ends with whole lines.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

/// A range of bytes of a log. The records that begin in it belong to it, so that ranges that adjoin have each record once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteRange {
    /// The first byte.
    pub start: u64,
    /// The byte after the last one.
    pub end: u64,
}

/// The lines of a reader that begin before an end: what grows while it is read is read to the end that it had.
pub struct WholeLines<R> {
    reader: BufReader<R>,
    /// The bytes that are left before the end.
    left: u64,
    /// Whether the last byte that was read ends a line, or nothing was read yet.
    is_at_start: bool,
}

impl<R: Read> WholeLines<R> {
    /// Reads the lines that begin in the next `length` bytes.
    pub fn new(reader: R, length: u64) -> Self {
        Self { reader: BufReader::with_capacity(1 << 16, reader), left: length, is_at_start: true }
    }
}

impl<R: Read + Seek> WholeLines<R> {
    /// Reads the lines that begin in a range, and returns the offset of the first one.
    ///
    /// # Errors
    /// If the reader cannot be read, or not from this place on.
    pub fn in_range(mut reader: R, range: ByteRange) -> io::Result<(Self, u64)> {
        let Some(before) = range.start.checked_sub(1) else { return Ok((Self::new(reader, range.end), 0)) };
        reader.seek(SeekFrom::Start(before))?;
        // A line that begins exactly at the start has its break before it.
        let mut lines = Self::new(reader, 0);
        let skipped = lines.reader.by_ref().skip_line()?;
        let start = before + skipped;
        lines.left = range.end.saturating_sub(start);
        Ok((lines, start))
    }
}

trait SkipLine {
    fn skip_line(&mut self) -> io::Result<u64>;
}

impl<R: BufRead> SkipLine for R {
    /// Skips up to the next line break and returns the number of bytes. Nothing is kept, however long the line is.
    fn skip_line(&mut self) -> io::Result<u64> {
        let mut skipped = 0;
        loop {
            let buffer = self.fill_buf()?;
            let end = memchr::memchr(b'\n', buffer);
            let length = end.map_or(buffer.len(), |end| end + 1);
            self.consume(length);
            skipped += length as u64;
            if end.is_some() || length == 0 {
                return Ok(skipped);
            }
        }
    }
}

impl<R: Read> Read for WholeLines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 && self.is_at_start {
            return Ok(0);
        }
        let available = self.reader.fill_buf()?;
        let most = available.len().min(buffer.len());
        let length = match self.left {
            // Behind the end, only the line that began before it goes on.
            0 => available.get(..most).and_then(|rest| memchr::memchr(b'\n', rest)).map_or(most, |end| end + 1),
            left => most.min(usize::try_from(left).unwrap_or(usize::MAX)),
        };
        let (Some(from), Some(to)) = (available.get(..length), buffer.get_mut(..length)) else { return Ok(0) };
        to.copy_from_slice(from);
        if let Some(last) = from.last() {
            self.is_at_start = *last == b'\n';
        }
        self.reader.consume(length);
        self.left = self.left.saturating_sub(length as u64);
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn ranges_that_adjoin_have_each_line_once(text in "[ab\n]{0,60}", mut cuts in proptest::collection::vec(0_u64..70, 0..6)) {
            cuts.push(0);
            cuts.push(70);
            cuts.sort_unstable();
            let mut whole = String::new();
            for pair in cuts.windows(2) {
                let range = ByteRange { start: pair[0], end: pair[1] };
                let (mut lines, start) = WholeLines::in_range(Cursor::new(text.as_bytes()), range).unwrap();
                let mut part = String::new();
                lines.read_to_string(&mut part).unwrap();
                if !part.is_empty() {
                    prop_assert!(start >= range.start && start < range.end);
                    prop_assert_eq!(usize::try_from(start).unwrap(), whole.len());
                }
                whole.push_str(&part);
            }
            prop_assert_eq!(whole, text);
        }
    }

    #[test]
    fn what_grows_is_read_to_the_end_that_it_had() {
        let mut text = String::new();
        WholeLines::new(&b"{\"a\": 1}\n{\"b\": 2}\n{\"c\""[..], 12).read_to_string(&mut text).unwrap();
        assert_eq!(text, "{\"a\": 1}\n{\"b\": 2}\n");
    }
}
