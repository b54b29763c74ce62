//! JSON Lines: an object per line, with the exact place of every value; and the lines that rows of Parquet become.

use std::fmt;
use std::io::{self, Read};

use rustc_hash::{FxHashMap, FxHashSet};
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::bytes::InputWindow;
use super::row::{CellForm, CellRange, place_in};
use super::{BadRow, MOST_COLUMNS, MOST_ROW_BYTES, NextRow, Row, RowFault, TablePlace};

/// The longest key that is read, in bytes: all keys are kept.
const LONGEST_KEY: usize = 1000;

#[derive(Debug)]
pub(super) struct JsonRows<R> {
    window: InputWindow<R>,
    columns: Vec<String>,
    by_name: FxHashMap<String, usize>,
    values: Vec<u8>,
    cells: Vec<CellRange>,
    length: usize,
    line: u64,
    rows: u64,
    is_done: bool,
    is_new: bool,
    /// Whether the first line is the list of the names of all columns.
    has_names: bool,
}

impl<R: Read> JsonRows<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            window: InputWindow::new(input),
            columns: Vec::new(),
            by_name: FxHashMap::default(),
            values: Vec::new(),
            cells: Vec::new(),
            length: 0,
            line: 0,
            rows: 0,
            is_done: false,
            is_new: true,
            has_names: false,
        }
    }

    /// Reads rows behind a line with the list of the names of all columns, which is no line of the table.
    pub(super) fn behind_names(input: R) -> Self {
        Self { has_names: true, ..Self::new(input) }
    }

    pub(super) fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Returns the line of the next row, from 1, and the bytes before what is being read.
    pub(super) fn position(&self) -> (u64, u64) {
        (self.line + 1, self.window.offset() + self.window.bytes().len() as u64)
    }

    pub(super) fn next_row(&mut self) -> io::Result<NextRow<'_>> {
        if self.is_done {
            return Ok(NextRow::End);
        }
        if self.is_new {
            self.is_new = false;
            while self.window.bytes().len() < 4 && !self.window.is_at_end() {
                self.window.fill()?;
            }
            let fault = self.window.other_encoding().map(RowFault::OtherEncoding);
            let fault = fault.or_else(|| self.window.bytes().is_empty().then_some(RowFault::Empty));
            if let Some(fault) = fault {
                self.is_done = true;
                let place = TablePlace { line: 1, column: 1, offset: 0, text: String::new() };
                return Ok(NextRow::Bad(BadRow { number: 0, fault, place }));
            }
            if self.has_names
                && let Some(fault) = self.read_names()?
            {
                self.is_done = true;
                let place = TablePlace { line: 1, column: 1, offset: 0, text: String::new() };
                return Ok(NextRow::Bad(BadRow { number: 0, fault, place }));
            }
        }
        // Blank lines are not records.
        let text_end = loop {
            self.window.advance(self.length);
            self.length = 0;
            let Some(end) = self.find_line()? else {
                return self.skip_long().map(NextRow::Bad);
            };
            if self.length == 0 {
                self.is_done = true;
                return Ok(NextRow::End);
            }
            self.line += 1;
            let line = self.window.bytes().get(..end).unwrap_or_default();
            if !line.iter().all(u8::is_ascii_whitespace) {
                break end;
            }
        };
        self.rows += 1;
        let (line, offset) = (self.line, self.window.offset());
        let raw = self.window.bytes().get(..text_end).unwrap_or_default();
        let mark = if self.line == 1 && raw.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let taken = Taken {
            columns: &mut self.columns,
            by_name: &mut self.by_name,
            values: &mut self.values,
            cells: &mut self.cells,
        };
        if let Err((fault, at)) = taken.read(raw, mark) {
            let place = place_in(raw, line, offset, at, at);
            return Ok(NextRow::Bad(BadRow { number: self.rows, fault, place }));
        }
        let (columns, values, cells) = (&*self.columns, &*self.values, &*self.cells);
        Ok(NextRow::Row(Row { number: self.rows, line, offset, columns, raw, values, cells }))
    }

    /// Reads the names of all columns, and returns what is wrong with them.
    fn read_names(&mut self) -> io::Result<Option<RowFault>> {
        let end = self.find_line()?.unwrap_or(0);
        let line = self.window.bytes().get(..end).unwrap_or_default();
        let names: Vec<String> = match serde_json::from_slice(line) {
            Ok(names) => names,
            Err(error) => return Ok(Some(RowFault::NotJson(said(&error)))),
        };
        for name in names {
            if name.is_empty() {
                return Ok(Some(RowFault::EmptyName));
            }
            if self.by_name.insert(name.clone(), self.columns.len()).is_some() {
                return Ok(Some(RowFault::RepeatedName(name)));
            }
            self.columns.push(name);
        }
        Ok(None)
    }

    /// Sets `length` to that of the next line with its break, zero at the end, and returns that of its text; `None` if it is too long.
    fn find_line(&mut self) -> io::Result<Option<usize>> {
        let mut searched = 0;
        loop {
            let bytes = self.window.bytes();
            if let Some(at) = memchr::memchr(b'\n', bytes.get(searched..).unwrap_or_default()) {
                let end = searched + at;
                self.length = end + 1;
                let is_crlf = end > 0 && bytes.get(end - 1) == Some(&b'\r');
                return Ok(Some(if is_crlf { end - 1 } else { end }));
            }
            searched = bytes.len();
            if searched > MOST_ROW_BYTES {
                return Ok(None);
            }
            if self.window.is_at_end() {
                self.length = searched;
                return Ok(Some(searched));
            }
            self.window.fill()?;
        }
    }

    fn skip_long(&mut self) -> io::Result<BadRow> {
        let offset = self.window.offset();
        self.window.skip_line()?;
        self.line += 1;
        self.rows += 1;
        let place = TablePlace { line: self.line, column: 1, offset, text: String::new() };
        Ok(BadRow { number: self.rows, fault: RowFault::TooLong, place })
    }
}

/// Where the cells of a line go.
struct Taken<'a> {
    columns: &'a mut Vec<String>,
    by_name: &'a mut FxHashMap<String, usize>,
    values: &'a mut Vec<u8>,
    cells: &'a mut Vec<CellRange>,
}

impl Taken<'_> {
    /// Takes a line apart; or returns what is wrong with it, and at which byte.
    fn read(self, raw: &[u8], mark: usize) -> Result<(), (RowFault, usize)> {
        self.values.clear();
        self.cells.clear();
        let own = raw.get(mark..).unwrap_or_default();
        let text = std::str::from_utf8(own).map_err(|error| (RowFault::NotUtf8, mark + error.valid_up_to()))?;
        let start = text.len() - text.trim_start().len();
        if !text.trim_start().starts_with('{') {
            let fault = match serde_json::from_str::<&RawValue>(text) {
                Ok(_) => RowFault::NotAnObject,
                Err(error) => RowFault::NotJson(said(&error)),
            };
            return Err((fault, mark + start));
        }
        let mut json = serde_json::Deserializer::from_str(text);
        let entries = json.deserialize_map(Entries).and_then(|entries| json.end().map(|()| entries));
        let entries = entries.map_err(|error| {
            // All is on one line, so that the column is the place.
            (RowFault::NotJson(said(&error)), (mark + error.column().saturating_sub(1)).min(raw.len()))
        })?;
        let mut seen: FxHashSet<usize> = FxHashSet::default();
        for (key, value) in entries {
            let json = value.get();
            // It is a part of the text, so its address tells where.
            let at = mark + (json.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
            let column = match self.by_name.get(key.as_str()) {
                Some(column) => *column,
                None if key.len() > LONGEST_KEY => return Err((RowFault::LongKey, at)),
                None if self.columns.len() >= MOST_COLUMNS => return Err((RowFault::TooManyFields, at)),
                None => {
                    self.columns.push(key.clone());
                    self.by_name.insert(key, self.columns.len() - 1);
                    self.columns.len() - 1
                }
            };
            if !seen.insert(column) {
                return Err((RowFault::RepeatedKey, at));
            }
            let from = self.values.len();
            let form = match json.bytes().next() {
                Some(b'"') => {
                    let text: String =
                        serde_json::from_str(json).map_err(|error| (RowFault::NotJson(said(&error)), at))?;
                    self.values.extend(text.as_bytes());
                    CellForm::String
                }
                Some(b'{') => CellForm::Object,
                Some(b'[') => CellForm::List,
                Some(b't' | b'f') => CellForm::Boolean,
                Some(b'n') => CellForm::Null,
                _ => CellForm::Number,
            };
            if form != CellForm::String {
                self.values.extend(json.as_bytes());
            }
            self.cells.push(CellRange { column, form, value: from..self.values.len(), raw: at..at + json.len() });
        }
        Ok(())
    }
}

/// Returns what the reader says, without the place, which is shown in another way.
fn said(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

/// Reads the entries of an object in their order, keys twice included.
struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(entries)
    }
}
