//! What a Parquet file declares is looked at before memory is taken for it: sizes of its footer and pages, and the depth of its schema. The
//! crate that reads it believes them.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use flate2::bufread::MultiGzDecoder;
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::reader::{ChunkReader, Length};

use super::budget::{ColumnBudget, DeclaredPage};
use super::thrift::{CompactBytes, LIST, STRUCT};
use crate::data::read::MOST_COLUMNS;

/// The largest footer that is read, in bytes.
const LARGEST_FOOTER: u64 = 64 << 20;

/// The largest page that is read, in bytes, decompressed. Writers make pages of a megabyte.
const LARGEST_PAGE: u64 = 64 << 20;

/// The most values of a page that are read: each takes four bytes for its levels, however few bytes of the file it takes.
const MOST_PAGE_VALUES: u64 = 16 << 20;

/// The deepest schema that is read, in groups.
pub(super) const DEEPEST_SCHEMA: usize = 32;

/// The bytes of a page that are looked at for its header, and those if that goes on: it may hold the least and the greatest value.
const HEADERS: [u64; 2] = [4 << 10, 1 << 20];

/// A file whose declarations are looked at.
pub(super) struct GuardedFile {
    file: File,
    length: u64,
}

/// A file as the reader of one column sees it, whose pages are looked at.
pub(super) struct GuardedPages {
    file: GuardedFile,
    budget: Arc<ColumnBudget>,
    /// Whether pages are compressed with gzip, of which the crate reads whatever comes.
    is_gzip: bool,
    /// The bytes of the page whose header was read last that are not compressed.
    levels: AtomicU64,
}

impl GuardedFile {
    pub fn new(file: File) -> io::Result<Self> {
        let length = file.metadata()?.len();
        Ok(Self { file, length })
    }

    /// Returns the file for a column.
    pub fn pages(&self, budget: Arc<ColumnBudget>, is_gzip: bool) -> io::Result<GuardedPages> {
        let file = Self { file: self.file.try_clone()?, length: self.length };
        Ok(GuardedPages { file, budget, is_gzip, levels: AtomicU64::new(0) })
    }

    fn at(&self, start: u64) -> io::Result<BufReader<File>> {
        let mut file = self.file.try_clone()?;
        file.seek(SeekFrom::Start(start))?;
        Ok(BufReader::new(file))
    }

    fn bytes(&self, start: u64, length: u64) -> io::Result<Vec<u8>> {
        if start.checked_add(length).is_none_or(|end| end > self.length) {
            let why = format!("{length} bytes are said to stand at byte {start}, and the file ends at {}", self.length);
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, why));
        }
        let mut bytes = Vec::new();
        self.at(start)?.take(length).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Returns why the file is none that is read, if so: by its end, which says where all else is.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn refusal(&self) -> io::Result<Option<String>> {
        const MAGIC: &[u8] = b"PAR1";
        if self.length < 12 {
            return Ok(Some("it is too short to be Parquet".to_owned()));
        }
        let (head, tail) = (self.bytes(0, 4)?, self.bytes(self.length - 8, 8)?);
        let (declared, magic) = tail.split_at(4);
        if magic == b"PARE" || head == b"PARE" {
            return Ok(Some("it is encrypted, and is read decrypted only".to_owned()));
        }
        if head != MAGIC {
            return Ok(Some("it does not begin as Parquet does".to_owned()));
        }
        if magic != MAGIC {
            return Ok(Some("it does not end as Parquet does, and is cut off or was not closed".to_owned()));
        }
        let length = u64::from(u32::from_le_bytes(declared.try_into().unwrap_or_default()));
        if length > self.length - 12 {
            return Ok(Some(format!("its footer is said to have {length} bytes, which the file has not")));
        }
        if length > LARGEST_FOOTER {
            let most = LARGEST_FOOTER >> 20;
            return Ok(Some(format!("its footer has {length} bytes; at most {most} MiB are read")));
        }
        let footer = self.bytes(self.length - 8 - length, length)?;
        Ok(refusal_of_footer(&footer))
    }
}

/// Returns why a footer is none that is read: the schema in it is built by recursion.
fn refusal_of_footer(footer: &[u8]) -> Option<String> {
    const SCHEMA: i32 = 2;
    const ENCRYPTION: i32 = 8;
    let damaged = || Some("its footer is damaged".to_owned());
    let mut reader = CompactBytes::new(footer);
    let mut last = 0;
    loop {
        let Some(field) = reader.field(last) else { return damaged() };
        let field = field?;
        last = field.id;
        match (field.id, field.kind) {
            (SCHEMA, LIST) => match schema_shape(&mut reader) {
                None => return damaged(),
                Some((depth, _)) if depth > DEEPEST_SCHEMA => {
                    return Some(format!(
                        "its schema has groups in each other, {depth} deep; at most {DEEPEST_SCHEMA} are read"
                    ));
                }
                Some((_, columns)) if columns > MOST_COLUMNS => {
                    return Some(format!("its schema has {columns} columns; at most {MOST_COLUMNS} are read"));
                }
                Some(_) => {}
            },
            (ENCRYPTION, _) => return Some("its columns are encrypted, and are read decrypted only".to_owned()),
            (_, kind) => {
                if reader.skip(kind).is_none() {
                    return damaged();
                }
            }
        }
    }
}

/// Reads a schema, which is a list of its nodes, depth first. Returns its depth, and the number of columns.
fn schema_shape(reader: &mut CompactBytes<'_>) -> Option<(usize, usize)> {
    const CHILDREN: i32 = 5;
    let (count, STRUCT) = reader.list()? else { return None };
    // How many nodes are still to come in each group.
    let mut open: Vec<i64> = Vec::new();
    let (mut deepest, mut columns) = (0, 0);
    for _ in 0..count {
        let mut children = 0;
        let mut last = 0;
        while let Some(field) = reader.field(last)? {
            last = field.id;
            match field.id {
                CHILDREN => children = reader.integer()?,
                _ => reader.skip(field.kind)?,
            }
        }
        if let Some(left) = open.last_mut() {
            *left -= 1;
        }
        match children {
            ..0 => return None,
            0 => columns += 1,
            _ => {
                open.push(children);
                deepest = deepest.max(open.len());
            }
        }
        if deepest > DEEPEST_SCHEMA {
            break;
        }
        while open.last().is_some_and(|left| *left <= 0) {
            open.pop();
        }
        // Nodes that are announced take memory before they are there.
        if open.iter().any(|left| u64::try_from(*left).is_ok_and(|left| left > count)) {
            return None;
        }
    }
    Some((deepest, columns))
}

impl Length for GuardedFile {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for GuardedFile {
    type T = BufReader<File>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        Ok(self.at(start)?)
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        Ok(self.bytes(start, length as u64)?.into())
    }
}

impl Length for GuardedPages {
    fn len(&self) -> u64 {
        self.file.length
    }
}

impl ChunkReader for GuardedPages {
    type T = BufReader<File>;

    /// Begins to read at a byte, which is that of the header of a page.
    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        let declared = HEADERS.iter().find_map(|most| {
            let mut head = Vec::new();
            let read = self.file.at(start).and_then(|file| file.take(*most).read_to_end(&mut head));
            read.ok().and_then(|_| page_declares(&head))
        });
        let refused = match declared {
            None => Some("the header of a page is damaged".to_owned()),
            Some(page) if page.size > LARGEST_PAGE => Some(too_large(page.size)),
            Some(page) if page.values > MOST_PAGE_VALUES => {
                Some(format!("a page has {} values; at most {MOST_PAGE_VALUES} are read", page.values))
            }
            Some(page) => {
                self.levels.store(page.levels, Ordering::Relaxed);
                self.budget.add(start, page).err()
            }
        };
        match refused {
            Some(why) => Err(ParquetError::General(why)),
            None => Ok(self.file.at(start)?),
        }
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        let bytes = self.file.bytes(start, length as u64)?;
        if self.is_gzip {
            let most = LARGEST_PAGE + 1;
            let levels = usize::try_from(self.levels.load(Ordering::Relaxed)).unwrap_or(usize::MAX);
            let compressed = bytes.get(levels..).unwrap_or_default();
            // What is damaged is told by who reads it, and what is not compressed is no longer than it is.
            if io::copy(&mut MultiGzDecoder::new(compressed).take(most), &mut io::sink())
                .is_ok_and(|length| length == most)
            {
                return Err(ParquetError::General(too_large(most)));
            }
        }
        Ok(bytes.into())
    }
}

fn too_large(length: u64) -> String {
    format!("a page has {length} bytes or more; at most {} MiB are read", LARGEST_PAGE >> 20)
}

/// Returns what the header of a page declares; `None` if that is no header, or goes on. Fields stand in their order, each once, as every writer
/// has them: else, who reads it might take another one for what it declares.
fn page_declares(head: &[u8]) -> Option<DeclaredPage> {
    const SIZES: [i32; 2] = [2, 3];
    const DICTIONARY: i32 = 7;
    const SECOND_VERSION: i32 = 8;
    /// The headers of pages of data, in both versions, and of dictionaries: each has the number of values first.
    const HEADERS: [i32; 3] = [5, DICTIONARY, SECOND_VERSION];
    const VALUES: i32 = 1;
    /// In the second version, the bytes of levels, which are not compressed.
    const LEVELS: [i32; 2] = [5, 6];
    let mut reader = CompactBytes::new(head);
    let mut page = DeclaredPage { size: 0, values: 0, levels: 0, is_dictionary: false };
    let mut last = 0;
    while let Some(field) = reader.field(last)? {
        if field.id <= last {
            return None;
        }
        last = field.id;
        if SIZES.contains(&field.id) {
            page.size = page.size.max(u64::try_from(reader.integer()?).ok()?);
        } else if HEADERS.contains(&field.id) && field.kind == STRUCT {
            page.is_dictionary |= field.id == DICTIONARY;
            let has_levels = field.id == SECOND_VERSION;
            let mut last = 0;
            while let Some(field) = reader.field(last)? {
                if field.id <= last {
                    return None;
                }
                last = field.id;
                match field.id {
                    VALUES => page.values = page.values.max(u64::try_from(reader.integer()?).ok()?),
                    id if has_levels && LEVELS.contains(&id) => {
                        page.levels = page.levels.checked_add(u64::try_from(reader.integer()?).ok()?)?;
                    }
                    _ => reader.skip(field.kind)?,
                }
            }
        } else {
            reader.skip(field.kind)?;
        }
    }
    Some(page)
}
