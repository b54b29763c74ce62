//! Parquet files (<https://parquet.apache.org/docs/file-format/>) as lines of JSON: one object for each row, put together from the columns.
//!
//! Rows become lines, since a line is what rules, reports and people look at: its number is that of the row, and a pointer into its object is the
//! path of the column. Columns are read in batches of 1,024 rows, a page of each at a time, so that memory does not grow with the file.

mod budget;
mod guard;
mod leaf;
mod row_part;
mod thrift;
mod value;

use std::fs::File;
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::column::page::PageReader;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, ParquetMetaDataReader};
use parquet::file::serialized_reader::SerializedPageReader;

use budget::{ColumnBudget, FileBudget};
use guard::GuardedFile;
use leaf::Leaf;
use row_part::{RowPart, RowWriter};

use super::MOST_ROW_BYTES;

/// How rows are written as lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParquetLineForm {
    /// As rows of a table: the first line is the list of the names of all columns, and what is null is written.
    Table,
    /// As inference records: dots in the names of columns are those of a path (`requestInfo.requestId`), and what is null is left out.
    Records,
}

/// The lines of a Parquet file.
pub struct ParquetLines {
    file: GuardedFile,
    budget: FileBudget,
    metadata: Arc<ParquetMetaData>,
    root: RowPart,
    form: ParquetLineForm,
    /// The row group that is read, and its columns.
    group: usize,
    leaves: Vec<Leaf>,
    /// The rows that were read, of the group and of the file.
    rows: u64,
    all_rows: u64,
    /// What was written and not read yet, from a position on.
    lines: Vec<u8>,
    position: usize,
    is_begun: bool,
    /// Why nothing more can be read.
    failure: Option<String>,
}

/// The bytes that are written before they are read.
const LINES: usize = 64 << 10;

impl ParquetLines {
    /// Opens a file.
    ///
    /// # Errors
    /// If it is not Parquet, or none that is read: encrypted, or with a footer that is damaged or asks for too much.
    pub fn open(file: File, form: ParquetLineForm) -> io::Result<Self> {
        let file = GuardedFile::new(file)?;
        if let Some(why) = file.refusal()? {
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        }
        let read = || ParquetMetaDataReader::new().parse_and_finish(&file).map_err(|error| said(&error));
        let metadata = guarded(read).map_err(|why| failed(&format!("its footer is damaged: {why}")))?;
        let root = row_part::root(metadata.file_metadata().schema(), form == ParquetLineForm::Records);
        Ok(Self {
            file,
            budget: FileBudget::default(),
            metadata: Arc::new(metadata),
            root,
            form,
            group: 0,
            leaves: Vec::new(),
            rows: 0,
            all_rows: 0,
            lines: Vec::new(),
            position: 0,
            is_begun: false,
            failure: None,
        })
    }

    fn write_names(&mut self) {
        self.lines.push(b'[');
        for (number, field) in self.metadata.file_metadata().schema().get_fields().iter().enumerate() {
            if number > 0 {
                self.lines.push(b',');
            }
            value::quoted(field.name().as_bytes(), &mut self.lines);
        }
        self.lines.extend_from_slice(b"]\n");
    }

    /// Writes rows until there are enough bytes of them. Returns false at the end.
    fn write_rows(&mut self) -> Result<bool, String> {
        if !std::mem::replace(&mut self.is_begun, true) {
            if self.form == ParquetLineForm::Table {
                self.write_names();
            }
            self.begin_group()?;
        }
        while self.lines.len() < LINES {
            if self.group >= self.metadata.num_row_groups() {
                return Ok(!self.lines.is_empty());
            }
            if self.fill()? {
                self.write_row()?;
            } else {
                self.end_group()?;
                self.group += 1;
                self.begin_group()?;
            }
        }
        Ok(true)
    }

    /// Opens the columns of the next row group, if there is one.
    fn begin_group(&mut self) -> Result<(), String> {
        self.leaves.clear();
        self.rows = 0;
        if self.group >= self.metadata.num_row_groups() {
            return Ok(());
        }
        let metadata = Arc::clone(&self.metadata);
        let group = metadata.row_group(self.group);
        let leaf = |column: &ColumnChunkMetaData| {
            let why = |error: String| format!("row group {}, column {}: {error}", self.group, column.column_path());
            let budget = Arc::new(ColumnBudget::new(&self.budget));
            let pages = guarded(|| self.pages(column, Arc::clone(&budget))).map_err(why)?;
            Ok(Leaf::new(column.column_descr_ptr(), pages, budget))
        };
        self.leaves = group.columns().iter().map(leaf).collect::<Result<_, String>>()?;
        Ok(())
    }

    fn pages(&self, column: &ColumnChunkMetaData, budget: Arc<ColumnBudget>) -> Result<Box<dyn PageReader>, String> {
        let compression = column.compression();
        if matches!(compression, Compression::BROTLI(_) | Compression::LZO) {
            let read = "uncompressed, snappy, gzip, zstd and lz4 are read";
            return Err(format!("it is compressed with {}; {read}", compression.to_string().to_ascii_lowercase()));
        }
        if column.file_path().is_some() {
            return Err("its values are in another file".to_owned());
        }
        let is_gzip = matches!(compression, Compression::GZIP(_));
        let file = Arc::new(self.file.pages(budget, is_gzip).map_err(|error| error.to_string())?);
        // The number of rows only helps to skip pages.
        let pages = SerializedPageReader::new(file, column, 0, None).map_err(|error| said(&error))?;
        Ok(Box::new(pages))
    }

    /// Sees to it that every column has an entry of the next row. Returns false if none has.
    fn fill(&mut self) -> Result<bool, String> {
        let mut ended = None;
        let mut has_more = false;
        for (number, leaf) in self.leaves.iter_mut().enumerate() {
            let filled = guarded(|| leaf.fill().map_err(|error| said(&error)));
            match filled {
                Ok(true) => has_more = true,
                Ok(false) => ended = Some(number),
                Err(why) => return Err(self.in_column(number, &why)),
            }
        }
        match (has_more, ended) {
            (true, Some(column)) => {
                Err(self.in_column(column, &format!("it ends after {} rows, others go on", self.rows)))
            }
            (has_more, _) => Ok(has_more),
        }
    }

    fn write_row(&mut self) -> Result<(), String> {
        let most = MOST_ROW_BYTES;
        let mut row = std::mem::take(&mut self.lines);
        let start = row.len();
        let mut writer = RowWriter {
            leaves: &mut self.leaves,
            omits_nulls: self.form == ParquetLineForm::Records,
            most: start + most,
        };
        writer.write(&self.root, &mut row);
        row.push(b'\n');
        self.lines = row;
        self.rows += 1;
        let is_odd = |leaf: &Leaf| leaf.records != self.rows || leaf.repetition() != 0;
        match self.leaves.iter().position(is_odd) {
            Some(column) => {
                // What was put together of such a row is none.
                self.lines.truncate(start);
                Err(self
                    .in_column(column, &format!("its levels do not fit those of other columns in row {}", self.rows)))
            }
            None => {
                self.all_rows += 1;
                Ok(())
            }
        }
    }

    fn end_group(&self) -> Result<(), String> {
        let declared = self.metadata.row_group(self.group).num_rows();
        match u64::try_from(declared) == Ok(self.rows) || self.leaves.is_empty() {
            true => Ok(()),
            false => Err(format!("row group {} has {} rows, and is said to have {declared}", self.group, self.rows)),
        }
    }

    fn in_column(&self, column: usize, why: &str) -> String {
        let descriptor = self.metadata.file_metadata().schema_descr();
        let path = descriptor.columns().get(column).map(|own| own.path().string()).unwrap_or_default();
        format!("row group {}, column {path}: {why}", self.group)
    }
}

impl Read for ParquetLines {
    /// Reads lines. After an error, there is nothing more.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.position >= self.lines.len() {
            if let Some(why) = self.failure.take() {
                self.group = usize::MAX;
                return Err(failed(&why));
            }
            self.lines.clear();
            self.position = 0;
            if let Err(why) = self.write_rows() {
                // Rows that were written before it are read first.
                self.failure = Some(format!("{why}; {} rows before it were read", self.all_rows));
                return self.read(buffer);
            }
        }
        let rest = self.lines.get(self.position..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        if let (Some(own), Some(rest)) = (buffer.get_mut(..count), rest.get(..count)) {
            own.copy_from_slice(rest);
        }
        self.position += count;
        Ok(count)
    }
}

impl std::fmt::Debug for ParquetLines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ParquetLines").field("form", &self.form).field("group", &self.group).finish_non_exhaustive()
    }
}

/// Calls the reader of Parquet, some of whose decoders panic on data that no writer makes.
fn guarded<T>(read: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err("it is damaged".to_owned()))
}

fn failed(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why.to_owned())
}

/// Returns what the reader of Parquet says, without what it says before it.
fn said(error: &parquet::errors::ParquetError) -> String {
    let text = error.to_string();
    ["Parquet error: ", "EOF: ", "NYI: ", "External: "]
        .iter()
        .find_map(|own| text.strip_prefix(own))
        .unwrap_or(&text)
        .to_owned()
}

#[cfg(test)]
mod tests;
