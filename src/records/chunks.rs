//! Cutting a stream into chunks of whole lines, in bounded memory whatever the stream holds.

use std::io::{self, Read};

/// The usual size of a chunk in bytes.
pub(super) const CHUNK: usize = 1 << 20;

/// The longest line that is looked at, in bytes; what a document may have at most by default.
pub const LONGEST_LINE: usize = 16 << 20;

/// Some whole lines of a stream, or what stands for a line that is too long.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Chunk {
    /// The position among the chunks, from 0.
    pub number: u64,
    /// The number of bytes of the stream before it.
    pub offset: u64,
    pub content: ChunkContent,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum ChunkContent {
    /// Whole lines. Only the last one of the stream may lack its break.
    Lines(Vec<u8>),
    /// A line of this many bytes, with its break, which is longer than the longest one that is looked at.
    TooLong(u64),
}

/// Why a stream ended before its end.
#[derive(Debug)]
pub(super) struct Damage {
    /// The number of bytes that could be read.
    pub offset: u64,
    pub error: io::Error,
}

/// Cuts a stream into chunks.
pub(super) struct Chunks<R> {
    reader: R,
    /// What was read and not handed out yet: the beginning of a line.
    rest: Vec<u8>,
    offset: u64,
    number: u64,
    is_ended: bool,
    /// Why the stream ended early, once all before it is handed out.
    pub damage: Option<Damage>,
    size: usize,
    longest: usize,
}

impl<R: Read> Chunks<R> {
    pub fn new(reader: R) -> Self {
        Self::with_sizes(reader, CHUNK, LONGEST_LINE)
    }

    fn with_sizes(reader: R, size: usize, longest: usize) -> Self {
        Self { reader, rest: Vec::new(), offset: 0, number: 0, is_ended: false, damage: None, size, longest }
    }

    /// Returns the number of bytes handed out so far.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Returns the next chunk. `spare` is memory that is used again.
    pub fn next(&mut self, mut spare: Vec<u8>) -> Option<Chunk> {
        spare.clear();
        spare.append(&mut self.rest);
        let mut searched = 0;
        loop {
            // What could not be searched before may hold the last break of the chunk.
            let unsearched = spare.get(searched..).unwrap_or_default();
            if (spare.len() >= self.size || self.is_ended)
                && let Some(end) = memchr::memrchr(b'\n', unsearched)
            {
                // Where the stream is damaged, its last line is cut off, and nothing can be said of it.
                let rest = unsearched.get(end + 1..).filter(|_| self.damage.is_none());
                self.rest.extend_from_slice(rest.unwrap_or_default());
                spare.truncate(searched + end + 1);
                return Some(self.chunk(ChunkContent::Lines(spare)));
            }
            if self.is_ended {
                return (!spare.is_empty() && self.damage.is_none()).then(|| self.chunk(ChunkContent::Lines(spare)));
            }
            if spare.len() >= self.size {
                searched = spare.len();
            }
            if spare.len() > self.longest {
                return Some(self.skip_line(spare));
            }
            self.fill(&mut spare);
        }
    }

    fn chunk(&mut self, content: ChunkContent) -> Chunk {
        let chunk = Chunk { number: self.number, offset: self.offset, content };
        self.number += 1;
        self.offset += match &chunk.content {
            ChunkContent::Lines(bytes) => bytes.len() as u64,
            ChunkContent::TooLong(length) => *length,
        };
        chunk
    }

    /// Reads up to the usual size, or as much again, until there is more or the stream ends.
    fn fill(&mut self, bytes: &mut Vec<u8>) {
        let wanted = self.size.saturating_sub(bytes.len()).max(self.size / 4 + 1);
        let wanted = wanted.min(self.longest + 1 - bytes.len().min(self.longest));
        match self.reader.by_ref().take(wanted as u64).read_to_end(bytes) {
            Ok(read) => self.is_ended = read < wanted,
            // What was read before the error is in `bytes`.
            Err(error) => {
                self.is_ended = true;
                self.damage = Some(Damage { offset: self.offset + bytes.len() as u64, error });
            }
        }
    }

    /// Skips a line that is too long. Nothing of it is kept.
    fn skip_line(&mut self, mut bytes: Vec<u8>) -> Chunk {
        let mut length = bytes.len() as u64;
        loop {
            bytes.clear();
            self.fill(&mut bytes);
            if let Some(damage) = &mut self.damage {
                damage.offset = self.offset + length + bytes.len() as u64;
            }
            match memchr::memchr(b'\n', &bytes) {
                Some(end) => {
                    self.rest.extend_from_slice(bytes.get(end + 1..).unwrap_or_default());
                    length += end as u64 + 1;
                    break;
                }
                None => length += bytes.len() as u64,
            }
            if self.is_ended {
                break;
            }
        }
        self.chunk(ChunkContent::TooLong(length))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Gives a few bytes at a time, and an error at the end if it is told to.
    struct Trickle<'b> {
        bytes: &'b [u8],
        most: usize,
        fails: bool,
    }

    impl Read for Trickle<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.bytes.is_empty() && self.fails {
                return Err(io::Error::other("damaged"));
            }
            let length = self.most.min(buffer.len()).min(self.bytes.len());
            let (now, later) = self.bytes.split_at(length);
            buffer[..length].copy_from_slice(now);
            self.bytes = later;
            Ok(length)
        }
    }

    proptest! {
        #[test]
        fn chunks_are_whole_lines_and_add_up_to_the_stream(text in "[a-c\n]{0,200}", most in 1_usize..50, size in 1_usize..20, more in 0_usize..20, fails: bool) {
            let reader = Trickle { bytes: text.as_bytes(), most, fails };
            let longest = size + more;
            let mut chunks = Chunks::with_sizes(reader, size, longest);
            let (mut whole, mut offset, mut number) = (Vec::new(), 0, 0);
            let mut too_long = Vec::new();
            while let Some(chunk) = chunks.next(Vec::new()) {
                prop_assert_eq!((chunk.offset, chunk.number), (offset, number));
                number += 1;
                match chunk.content {
                    ChunkContent::Lines(bytes) => {
                        offset += bytes.len() as u64;
                        prop_assert!(bytes.ends_with(b"\n") || (offset == text.len() as u64 && !fails));
                        whole.extend(bytes);
                    }
                    ChunkContent::TooLong(length) => {
                        let start = usize::try_from(offset).unwrap();
                        offset += length;
                        let line = &text.as_bytes()[start..usize::try_from(offset).unwrap()];
                        prop_assert!(line.strip_suffix(b"\n").unwrap_or(line).len() >= longest);
                        prop_assert!(!line[..line.len() - 1].contains(&b'\n'));
                        too_long.push((start, line.len()));
                        whole.extend(line);
                    }
                }
            }
            // The line in which a stream is damaged is left out.
            let complete = if fails && !whole.is_empty() { whole.len() } else if fails { 0 } else { text.len() };
            prop_assert_eq!(whole.as_slice(), &text.as_bytes()[..complete]);
            prop_assert!(complete == text.len() || !text[complete..].contains('\n'));
            prop_assert_eq!(chunks.damage.map(|damage| damage.offset), fails.then_some(text.len() as u64));
        }
    }

    /// A line that no memory could hold.
    #[test]
    fn a_long_line_is_skipped_in_bounded_memory() {
        let line = 3 * LONGEST_LINE as u64;
        let mut chunks = Chunks::new(io::repeat(b'a').take(line).chain(&b"\n{}\n"[..]));
        let first = chunks.next(Vec::new()).unwrap();
        assert_eq!(first.content, ChunkContent::TooLong(line + 1));
        assert!(chunks.rest.capacity() <= CHUNK, "{}", chunks.rest.capacity());
        let second = chunks.next(Vec::new()).unwrap();
        assert_eq!((second.offset, second.content), (line + 1, ChunkContent::Lines(b"{}\n".to_vec())));
        assert_eq!(chunks.next(Vec::new()), None);
    }
}
