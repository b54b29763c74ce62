//! Bytes of an input of any length, of which a window is kept.

use std::io::{self, ErrorKind, Read};

/// The number of bytes that are asked for at once.
const CHUNK: usize = 1 << 16;

/// A window of an input: from the beginning of the current row to what has been read.
#[derive(Debug)]
pub(super) struct InputWindow<R> {
    input: R,
    buffer: Vec<u8>,
    /// The beginning of the current row in the buffer.
    start: usize,
    /// The end of what was read into the buffer.
    end: usize,
    /// The bytes of the input before the buffer.
    before: u64,
    is_at_end: bool,
}

impl<R: Read> InputWindow<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, buffer: Vec::new(), start: 0, end: 0, before: 0, is_at_end: false }
    }

    /// Returns the bytes from the beginning of the row to what has been read.
    pub(super) fn bytes(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// Returns the bytes of the input before the row.
    pub(super) fn offset(&self) -> u64 {
        self.before + self.start as u64
    }

    /// Returns whether there is nothing more to read.
    pub(super) fn is_at_end(&self) -> bool {
        self.is_at_end
    }

    /// Begins the next row after this many bytes.
    pub(super) fn advance(&mut self, bytes: usize) {
        self.start = (self.start + bytes).min(self.end);
    }

    /// Reads more. Bytes before the row are dropped.
    pub(super) fn fill(&mut self) -> io::Result<()> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.before += self.start as u64;
            self.end -= self.start;
            self.start = 0;
        }
        if self.buffer.len() < self.end + CHUNK {
            // It grows in steps, so that a long row costs no more than its length.
            self.buffer.resize((self.end + CHUNK).max(self.buffer.len() * 2), 0);
        }
        let free = self.buffer.get_mut(self.end..).unwrap_or_default();
        loop {
            match self.input.read(free) {
                Ok(0) => self.is_at_end = true,
                Ok(read) => self.end += read,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            }
            return Ok(());
        }
    }

    /// Drops everything up to and including the next line break, also of what is yet to be read; returns the number of bytes.
    pub(super) fn skip_line(&mut self) -> io::Result<u64> {
        let mut skipped = 0;
        loop {
            let bytes = self.bytes();
            let (found, length) = match memchr::memchr(b'\n', bytes) {
                Some(at) => (true, at + 1),
                None => (false, bytes.len()),
            };
            self.advance(length);
            skipped += length as u64;
            if found || self.is_at_end {
                return Ok(skipped);
            }
            self.fill()?;
        }
    }

    /// Returns the encoding that the beginning of the input tells, if it is not UTF-8.
    pub(super) fn other_encoding(&self) -> Option<&'static str> {
        match self.bytes() {
            [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Some("UTF-32"),
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some("UTF-16"),
            [1..=0x7f, 0, 1..=0x7f, 0, ..] | [0, 1..=0x7f, 0, 1..=0x7f, ..] => Some("UTF-16"),
            // What compressed files and Parquet begin with.
            [0x1f, 0x8b, ..] => Some("gzip"),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some("zstd"),
            [b'P', b'A', b'R', b'1', ..] => Some("Parquet"),
            [b'P', b'K', 3, 4, ..] => Some("Zip"),
            _ => None,
        }
    }
}
