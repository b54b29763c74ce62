//! CSV and TSV with a header (RFC 4180), with the exact place of every value.
//!
//! `csv-core` takes a row apart, field by field, so that the bytes of each are known; it is lenient, and what the RFC forbids is found in
//! those bytes.

use std::io::{self, Read};

use csv_core::{ReadFieldResult, Reader, ReaderBuilder};
use rustc_hash::FxHashSet;

use super::bytes::InputWindow;
use super::csv_text::{breaks, content_start, delimiter_of, quote_fault, trim};
use super::row::{CellForm, CellRange, place_in};
use super::{BadRow, MOST_COLUMNS, MOST_ROW_BYTES, NextRow, Row, RowFault, TablePlace};

#[derive(Debug)]
pub(super) struct CsvRows<R> {
    window: InputWindow<R>,
    core: Reader,
    delimiter: Option<u8>,
    columns: Vec<String>,
    header_places: Vec<TablePlace>,
    /// The values of the current row without quotes, and their ranges.
    values: Vec<u8>,
    cells: Vec<CellRange>,
    /// The number of fields of the current row, also of those that are not kept.
    fields: u64,
    /// The bytes of the current row.
    length: usize,
    /// The line on which the next row begins.
    line: u64,
    /// The rows that were read.
    rows: u64,
    /// The bytes of rows within which reading went on, and which were read again.
    reread: usize,
    /// Whether the row before ended with a CR, to which an LF may belong.
    after_cr: bool,
    state: State,
}

/// The greatest number of bytes that are read again, so that no arrangement of quotes makes reading slow.
const MOST_REREAD: usize = 4 * MOST_ROW_BYTES;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    New,
    Open,
    /// Nothing more is read: the end, or a fault of the file.
    Done,
}

/// How a row ended.
enum Ended {
    Whole,
    TooLong,
    NoMore,
}

impl<R: Read> CsvRows<R> {
    pub(super) fn new(input: R, delimiter: Option<u8>) -> Self {
        Self {
            window: InputWindow::new(input),
            core: Reader::new(),
            delimiter,
            columns: Vec::new(),
            header_places: Vec::new(),
            values: Vec::new(),
            cells: Vec::new(),
            fields: 0,
            length: 0,
            line: 1,
            rows: 0,
            reread: 0,
            after_cr: false,
            state: State::New,
        }
    }

    pub(super) fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Returns the line on which the next row begins, from 1, and the bytes before what is being read.
    pub(super) fn position(&self) -> (u64, u64) {
        (self.line, self.window.offset() + self.window.bytes().len() as u64)
    }

    pub(super) fn header_places(&self) -> &[TablePlace] {
        &self.header_places
    }

    pub(super) fn next_row(&mut self) -> io::Result<NextRow<'_>> {
        if self.state == State::New {
            self.state = State::Open;
            if let Some(bad) = self.read_header()? {
                self.state = State::Done;
                return Ok(NextRow::Bad(bad));
            }
        }
        if self.state == State::Done {
            return Ok(NextRow::End);
        }
        // The row before was borrowed until now.
        self.window.advance(self.length);
        self.length = 0;
        let ended = self.take_row()?;
        if matches!(ended, Ended::NoMore) {
            self.state = State::Done;
            return Ok(NextRow::End);
        }
        self.rows += 1;
        if self.after_cr && self.window.bytes().first() != Some(&b'\n') {
            self.line += 1;
        }
        let (line, offset) = (self.line, self.window.offset());
        if matches!(ended, Ended::TooLong) {
            return self.resume(RowFault::TooLong).map(NextRow::Bad);
        }
        if let Some(fault) = self.suspicious() {
            return self.resume(fault).map(NextRow::Bad);
        }
        let raw = self.window.bytes().get(..self.length).unwrap_or_default();
        self.line += breaks(raw);
        self.after_cr = raw.last() == Some(&b'\r');
        let start = content_start(raw);
        let line = line + breaks(raw.get(..start).unwrap_or_default());
        if let Some((fault, (from, to))) = self.fault(raw) {
            let place =
                place_in(raw.get(start..).unwrap_or_default(), line, offset + start as u64, from - start, to - start);
            return Ok(NextRow::Bad(BadRow { number: self.rows, fault, place }));
        }
        let raw = raw.get(start..).unwrap_or_default();
        let offset = offset + start as u64;
        // The ranges are counted from the row's own first byte.
        for cell in &mut self.cells {
            cell.raw = cell.raw.start.saturating_sub(start)..cell.raw.end.saturating_sub(start);
        }
        Ok(NextRow::Row(Row {
            number: self.rows,
            line,
            offset,
            columns: &self.columns,
            raw,
            values: &self.values,
            cells: &self.cells,
        }))
    }

    /// Reads the header; returns what is wrong with it.
    fn read_header(&mut self) -> io::Result<Option<BadRow>> {
        self.window.fill()?;
        while self.window.bytes().len() < 4 && !self.window.is_at_end() {
            self.window.fill()?;
        }
        let bad = |fault, place| Some(BadRow { number: 0, fault, place });
        let nowhere = || TablePlace { line: 1, column: 1, offset: 0, text: String::new() };
        if let Some(encoding) = self.window.other_encoding() {
            return Ok(bad(RowFault::OtherEncoding(encoding), nowhere()));
        }
        while memchr::memchr2(b'\n', b'\r', self.window.bytes()).is_none()
            && !self.window.is_at_end()
            && self.window.bytes().len() <= MOST_ROW_BYTES
        {
            self.window.fill()?;
        }
        let delimiter = self.delimiter.unwrap_or_else(|| delimiter_of(self.window.bytes()));
        self.core = ReaderBuilder::new().delimiter(delimiter).build();
        self.delimiter = Some(delimiter);
        let ended = self.take_row()?;
        match ended {
            Ended::NoMore => return Ok(bad(RowFault::Empty, nowhere())),
            Ended::TooLong => return Ok(bad(RowFault::TooLong, nowhere())),
            Ended::Whole => {}
        }
        let (line, offset) = (self.line, self.window.offset());
        let raw = self.window.bytes().get(..self.length).unwrap_or_default();
        self.line += breaks(raw);
        self.after_cr = raw.last() == Some(&b'\r');
        if self.fields > MOST_COLUMNS as u64 {
            return Ok(bad(
                RowFault::TooManyFields,
                place_in(raw, line, offset, content_start(raw), content_start(raw)),
            ));
        }
        // The header is compared with itself.
        self.columns = self.cells.iter().map(|_| String::new()).collect();
        if let Some((fault, (from, to))) = self.fault(raw) {
            return Ok(bad(fault, place_in(raw, line, offset, from, to)));
        }
        let mut names: FxHashSet<String> = FxHashSet::default();
        self.columns.clear();
        for cell in &self.cells {
            let value = self.values.get(cell.value.clone()).unwrap_or_default();
            let name = String::from_utf8_lossy(value).trim().to_owned();
            let place = place_in(raw, line, offset, cell.raw.start, cell.raw.end);
            if name.is_empty() && self.cells.len() > 1 {
                return Ok(bad(RowFault::EmptyName, place));
            }
            if !names.insert(name.clone()) {
                return Ok(bad(RowFault::RepeatedName(name), place));
            }
            self.header_places.push(place);
            self.columns.push(name);
        }
        Ok(None)
    }

    /// Takes the next row apart: its bytes are the first `length` ones of the window.
    fn take_row(&mut self) -> io::Result<Ended> {
        self.cells.clear();
        self.fields = 0;
        let mut written = 0;
        let mut field = (0, 0);
        if self.values.is_empty() {
            self.values.resize(1 << 12, 0);
        }
        loop {
            let bytes = self.window.bytes().get(self.length..).unwrap_or_default();
            if bytes.is_empty() && !self.window.is_at_end() {
                if self.length > MOST_ROW_BYTES {
                    return Ok(Ended::TooLong);
                }
                self.window.fill()?;
                continue;
            }
            let room = self.values.get_mut(written..).unwrap_or_default();
            let (result, read, wrote) = self.core.read_field(bytes, room);
            self.length += read;
            written += wrote;
            match result {
                ReadFieldResult::InputEmpty => {}
                ReadFieldResult::OutputFull => {
                    // A field that no quote ends swallows the rest of the file.
                    if self.values.len() > MOST_ROW_BYTES {
                        return Ok(Ended::TooLong);
                    }
                    self.values.resize(self.values.len() * 2, 0);
                }
                ReadFieldResult::Field { record_end } => {
                    if self.cells.len() <= MOST_COLUMNS {
                        let (column, form) = (self.cells.len(), CellForm::Text);
                        self.cells.push(CellRange { column, form, value: field.0..written, raw: field.1..self.length });
                    } else {
                        written = field.0;
                    }
                    self.fields += 1;
                    field = (written, self.length);
                    if record_end {
                        let raw = self.window.bytes().get(..self.length).unwrap_or_default();
                        trim(&mut self.cells, raw);
                        return Ok(Ended::Whole);
                    }
                }
                ReadFieldResult::End => return Ok(Ended::NoMore),
            }
        }
    }

    /// Goes on at the line after the one on which the current row begins: a row of several lines is one whose quote nobody closed.
    fn resume(&mut self, fault: RowFault) -> io::Result<BadRow> {
        let start = content_start(self.window.bytes());
        let line = self.line + breaks(self.window.bytes().get(..start).unwrap_or_default());
        let offset = self.window.offset() + start as u64;
        let taken = self.window.bytes().get(start..self.length).unwrap_or_default();
        let swallowed = memchr::memchr(b'\n', taken).is_some_and(|at| at + 1 < taken.len());
        let fault = if swallowed && fault == RowFault::TooLong { RowFault::OpenQuote } else { fault };
        self.reread += self.length;
        if swallowed && self.reread > MOST_REREAD {
            let length = self.length - start;
            self.window.advance(start);
            self.line = line + breaks(self.window.bytes().get(..length).unwrap_or_default());
            self.window.advance(length);
        } else {
            self.window.advance(start);
            self.line = line;
        }
        self.window.skip_line()?;
        self.line += 1;
        self.after_cr = false;
        self.length = 0;
        self.core = ReaderBuilder::new().delimiter(self.delimiter.unwrap_or(b',')).build();
        let place = TablePlace { line, column: 1, offset, text: String::new() };
        Ok(BadRow { number: self.rows, fault, place })
    }

    /// Returns what is wrong with a row of several lines: a quote may have swallowed the rows after it, which are then read on their own.
    fn suspicious(&self) -> Option<RowFault> {
        let raw = self.window.bytes().get(..self.length).unwrap_or_default();
        let content = raw.get(content_start(raw)..).unwrap_or_default();
        let has_lines = memchr::memchr(b'\n', content).is_some_and(|at| at + 1 < content.len());
        if !has_lines || self.reread > MOST_REREAD {
            return None;
        }
        self.fault(raw).map(|(fault, _)| fault)
    }

    /// Returns what is wrong with the current row, and where.
    fn fault(&self, raw: &[u8]) -> Option<(RowFault, (usize, usize))> {
        let start = content_start(raw);
        if memchr::memchr(b'"', raw).is_some() {
            for cell in &self.cells {
                let own = raw.get(cell.raw.clone()).unwrap_or_default();
                if let Some(fault) = quote_fault(own) {
                    return Some((fault, (cell.raw.start, cell.raw.end)));
                }
            }
        }
        let expected = self.columns.len() as u64;
        if self.fields != expected {
            return Some((RowFault::FieldCount { found: self.fields, expected }, (start, start)));
        }
        let of_cell = |is_bad: &dyn Fn(&[u8]) -> bool| {
            let bad = self.cells.iter().find(|cell| is_bad(raw.get(cell.raw.clone()).unwrap_or_default()));
            bad.map_or((start, start), |cell| (cell.raw.start, cell.raw.end))
        };
        if std::str::from_utf8(raw).is_err() {
            return Some((RowFault::NotUtf8, of_cell(&|own| std::str::from_utf8(own).is_err())));
        }
        if memchr::memchr(0, raw).is_some() {
            return Some((RowFault::NulByte, of_cell(&|own| own.contains(&0))));
        }
        None
    }
}
