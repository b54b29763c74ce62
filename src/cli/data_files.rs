//! Files of data: opened, and read as a stream.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::{Error, parquet};
use crate::data::read::TableFormat;
use crate::files::FileCompression;

/// Returns the format of a file of data.
///
/// # Errors
/// If its name does not tell.
pub(super) fn format_of(name: &str) -> Result<TableFormat, Error> {
    known_format(name).ok_or_else(|| {
        Error::Usage(format!(
            "{name}: the name does not tell the format of the data; it is read from .csv, .tsv, .jsonl and .ndjson, each with .gz or .zst, too, and from .parquet"
        ))
    })
}

/// Returns the format of a file of data, compressed or not; `None` if its name does not tell.
pub(super) fn known_format(name: &str) -> Option<TableFormat> {
    TableFormat::by_name(FileCompression::of_name(name).1)
}

/// Opens a file of data of this format, or standard input, and decompresses it. Rows of Parquet come as lines of JSON.
///
/// # Errors
/// If it is no file that can be read.
pub(super) fn open(path: &Path, format: TableFormat) -> Result<Box<dyn Read>, Error> {
    match format {
        TableFormat::Parquet => parquet::open_table(path),
        _ => decoded(path, open_stored(path)?),
    }
}

/// Decompresses a file of data as its name says; standard input, as its first bytes say.
///
/// # Errors
/// If standard input cannot be read.
pub(super) fn decoded<'r>(path: &Path, mut stored: impl Read + 'r) -> Result<Box<dyn Read + 'r>, Error> {
    if path.as_os_str() != "-" {
        return Ok(FileCompression::of_name(&path.to_string_lossy()).0.decode(stored));
    }
    let mut head = Vec::new();
    let failed = |source| Error::File { path: "standard input".to_owned(), source };
    stored.by_ref().take(4).read_to_end(&mut head).map_err(failed)?;
    Ok(FileCompression::of_bytes(&head).decode(Cursor::new(head).chain(stored)))
}

/// Opens a file of data, or standard input, as it is stored.
///
/// # Errors
/// If it is no file that can be read.
pub(super) fn open_stored(path: &Path) -> Result<Box<dyn Read>, Error> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(io::stdin().lock()));
    }
    let failed = |source| Error::File { path: path.display().to_string(), source };
    let file = File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if metadata.is_dir() {
        return Err(Error::Usage(format!("{}: it is a folder; name files of data", path.display())));
    }
    Ok(Box::new(file))
}

/// Returns the digest of a file as it is stored.
///
/// # Errors
/// If it cannot be read.
pub(super) fn digest_of(path: &Path) -> Result<String, Error> {
    let mut input = Digesting::new(open_stored(path)?);
    let failed = |source| Error::File { path: path.display().to_string(), source };
    io::copy(&mut input, &mut io::sink()).map_err(failed)?;
    Ok(input.digest())
}

/// An input whose digest is taken while it is read.
pub(super) struct Digesting<R> {
    input: R,
    hash: Sha256,
}

impl<R: Read> Digesting<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, hash: Sha256::new() }
    }

    /// Returns the digest of what has been read: `sha256:` and hexadecimal digits.
    pub(super) fn digest(self) -> String {
        self.hash.finalize().iter().fold("sha256:".to_owned(), |text, byte| text + &format!("{byte:02x}"))
    }
}

impl<R: Read> Read for Digesting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.hash.update(buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}
