//! Readers around logs.

use std::io::{self, Cursor, Read};
use std::sync::atomic::{AtomicU64, Ordering};

/// A reader that tells how far it is.
pub(super) struct Counting<'c, R> {
    pub reader: R,
    pub done: &'c AtomicU64,
}

impl<R: Read> Read for Counting<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.done.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// A reader of which the beginning was looked at.
pub(in crate::cli) struct Peeked<R> {
    head: Cursor<Vec<u8>>,
    error: Option<io::Error>,
    rest: R,
}

/// The bytes that are looked at.
const HEAD: u64 = 1 << 20;

impl<R: Read> Peeked<R> {
    pub fn new(mut rest: R) -> Self {
        let mut head = Vec::new();
        let error = rest.by_ref().take(HEAD).read_to_end(&mut head).err();
        Self { head: Cursor::new(head), error, rest }
    }

    /// Whether a whole line is in it, or all there is.
    pub fn has_whole_lines(&self) -> bool {
        let head = self.head.get_ref();
        (head.len() as u64) < HEAD || head.contains(&b'\n')
    }

    /// The whole lines of the beginning; all of it if it has no break.
    pub fn whole_lines(&self) -> &[u8] {
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
