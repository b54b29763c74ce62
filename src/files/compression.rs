//! What is around the text of a file: nothing, gzip or zstd, each of which may have several parts one after the other.

use std::io::{self, BufReader, Read};

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// How a file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileCompression {
    /// Not at all.
    Plain,
    /// RFC 1952. Several members in one file are normal.
    Gzip,
    /// RFC 8878. Several frames in one file are normal.
    Zstd,
}

/// The size of the buffer that compressed bytes are read into.
const BUFFER: usize = 256 << 10;

impl FileCompression {
    /// Returns how a file is compressed, and its name before it was, as its name says.
    #[must_use]
    pub fn of_name(name: &str) -> (Self, &str) {
        let inner = |ending: &str| {
            let at = name.len().checked_sub(ending.len())?;
            name.get(at..).filter(|end| end.eq_ignore_ascii_case(ending)).and_then(|_| name.get(..at))
        };
        let gzip = inner(".gz").map(|inner| (Self::Gzip, inner));
        gzip.or_else(|| inner(".zst").map(|inner| (Self::Zstd, inner))).unwrap_or((Self::Plain, name))
    }

    /// Returns how a file is compressed if its name says that it is a log, with one record per line; `None` if it says anything else.
    #[must_use]
    pub fn of_log(name: &str) -> Option<Self> {
        let (own, inner) = Self::of_name(name);
        let is = |ending: &str| {
            let at = inner.len().checked_sub(ending.len()).filter(|at| *at > 0)?;
            inner.get(at..).filter(|end| end.eq_ignore_ascii_case(ending))
        };
        is(".jsonl").or_else(|| is(".ndjson")).map(|_| own)
    }

    /// Returns how bytes are compressed that begin like this.
    #[must_use]
    pub fn of_bytes(start: &[u8]) -> Self {
        match start {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Self::Zstd,
            _ => Self::Plain,
        }
    }

    /// Returns the text in a stream. Memory is bounded whatever the stream says: a frame of zstd may ask for up to 128 MiB, more is an error.
    pub fn decode<'r>(self, reader: impl Read + 'r) -> Box<dyn Read + 'r> {
        match self {
            Self::Plain => Box::new(reader),
            Self::Gzip => Box::new(MultiGzDecoder::new(BufReader::with_capacity(BUFFER, reader))),
            Self::Zstd => Box::new(ZstdReader {
                source: BufReader::with_capacity(BUFFER, reader),
                decoder: FrameDecoder::new(),
                is_in_frame: false,
            }),
        }
    }
}

/// The frames of a zstd file, one after the other.
struct ZstdReader<R> {
    source: BufReader<R>,
    decoder: FrameDecoder,
    is_in_frame: bool,
}

impl<R: Read> ZstdReader<R> {
    /// Begins the next frame; returns false at the end of the file.
    fn begin(&mut self) -> io::Result<bool> {
        use io::BufRead;
        loop {
            if self.source.fill_buf()?.is_empty() {
                return Ok(false);
            }
            match self.decoder.init(&mut self.source) {
                Ok(()) => {
                    self.is_in_frame = true;
                    return Ok(true);
                }
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                    let skipped = io::copy(&mut self.source.by_ref().take(length.into()), &mut io::sink())?;
                    if skipped < u64::from(length) {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
                Err(error) => return Err(io::Error::new(io::ErrorKind::InvalidData, error)),
            }
        }
    }

    fn end(&mut self) -> io::Result<()> {
        self.is_in_frame = false;
        let (own, other) = (self.decoder.get_checksum_from_data(), self.decoder.get_calculated_checksum());
        match own.is_none() || own == other {
            true => Ok(()),
            false => Err(io::Error::new(io::ErrorKind::InvalidData, "the checksum does not fit the content")),
        }
    }
}

impl<R: Read> Read for ZstdReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if !self.is_in_frame && !self.begin()? {
                return Ok(0);
            }
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                self.decoder
                    .decode_blocks(&mut self.source, BlockDecodingStrategy::UptoBlocks(1))
                    .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
            }
            let read = self.decoder.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            self.end()?;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::write::GzEncoder;
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    use super::*;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn zstd(text: &[u8]) -> Vec<u8> {
        compress_to_vec(text, CompressionLevel::Fastest)
    }

    /// What can be read, and whether an error ended it.
    fn read(compression: FileCompression, bytes: &[u8]) -> (Vec<u8>, bool) {
        let mut text = Vec::new();
        let result = compression.decode(bytes).read_to_end(&mut text);
        (text, result.is_err())
    }

    #[test]
    fn the_name_says_how_a_log_is_compressed() {
        for (name, expected) in [
            ("a.jsonl", Some(FileCompression::Plain)),
            ("b/a.NDJSON.GZ", Some(FileCompression::Gzip)),
            ("a.jsonl.zst", Some(FileCompression::Zstd)),
            (".jsonl", None),
            ("a.json", None),
            ("a.json.gz", None),
            ("a.gz", None),
            ("é", None),
        ] {
            assert_eq!(FileCompression::of_log(name), expected, "{name}");
        }
    }

    #[test]
    fn the_name_says_how_a_file_is_compressed_and_what_it_was_called() {
        for (name, expected) in [
            ("a.csv", (FileCompression::Plain, "a.csv")),
            ("a.csv.gz", (FileCompression::Gzip, "a.csv")),
            ("a/b.tsv.ZST", (FileCompression::Zstd, "a/b.tsv")),
            ("é.gz", (FileCompression::Gzip, "é")),
            ("gz", (FileCompression::Plain, "gz")),
        ] {
            assert_eq!(FileCompression::of_name(name), expected, "{name}");
        }
    }

    #[test]
    fn several_members_and_frames_are_one_text() {
        let (a, b) = (b"one\n".repeat(70_000), b"two\n".to_vec());
        let text = [a.as_slice(), &b].concat();
        assert_eq!(read(FileCompression::Gzip, &[gzip(&a), gzip(b""), gzip(&b)].concat()), (text.clone(), false));
        let skippable = [&[0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"abc"].concat();
        assert_eq!(read(FileCompression::Zstd, &[zstd(&a), skippable, zstd(&b)].concat()), (text.clone(), false));
        for bytes in [gzip(&text), zstd(&text), text.clone()] {
            assert_eq!(read(FileCompression::of_bytes(&bytes), &bytes), (text.clone(), false));
        }
    }

    #[test]
    fn damage_is_an_error_after_all_that_can_be_read() {
        let text = b"a line of a log\n".repeat(50_000);
        for (compression, bytes) in [(FileCompression::Gzip, gzip(&text)), (FileCompression::Zstd, zstd(&text))] {
            for cut in [1, 4, bytes.len() / 2] {
                let (read, is_damaged) = read(compression, &bytes[..bytes.len() - cut]);
                assert!(is_damaged && text.starts_with(&read), "{compression:?} {cut}");
            }
            // The end of each holds a checksum of the whole.
            let mut other = bytes.clone();
            let at = other.len() - if compression == FileCompression::Gzip { 8 } else { 4 };
            other[at] ^= 1;
            assert!(read(compression, &other).1, "{compression:?}");
            let behind = [bytes.as_slice(), b"no compressed data"].concat();
            assert_eq!(read(compression, &behind), (text.clone(), true), "{compression:?}");
        }
    }
}
