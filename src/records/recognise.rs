//! The recogniser: it is sure of a line, or it is not. What it is sure of has no finding, and is not read again; the rest is left to the tree
//! and the rules, which alone explain.
//!
//! The invariant: if the recogniser accepts a line, then checking it as a document finds nothing. `tests/it/records.rs` tries it on lines that
//! were changed in all ways, and so does a fuzz target.

use super::key_memo::KeyMemo;
use super::reading::{Reading, SeenFields};
use super::scan::Scanner;
use super::strings::StringMemo;
use crate::documents::Kind;

/// What is known of a record that has no finding by itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SureRecord<'l> {
    /// Its kind.
    pub kind: Kind,
    /// The id of its request.
    pub request: &'l str,
    /// The time of its request, in nanoseconds since the beginning of 1970 in UTC.
    pub time: i64,
    /// The id of the application that made the request.
    pub application: Option<&'l str>,
    /// Whether it is marked as the prediction that was returned.
    pub is_final: bool,
    /// What the rules of the workspace look at, as written: the versions, the provenance, and the model. `None` if they have nothing to look at.
    pub linked: Option<[&'l str; 4]>,
}

/// Recognises lines that certainly have no finding. It remembers strings and keys of lines that it was sure of, so that the next ones cost
/// less; what it answers does not depend on them.
pub struct Recogniser {
    pub(super) memo: StringMemo,
    /// The keys of the last map of each field, as written, for maps whose keys are alike in all records.
    pub(super) features: KeyMemo,
    pub(super) explanation: KeyMemo,
    /// The keys of the maps that are being read.
    pub(super) keys: Vec<(usize, usize)>,
    unescaped: String,
}

impl Default for Recogniser {
    fn default() -> Self {
        Self {
            memo: StringMemo::new(),
            features: KeyMemo::default(),
            explanation: KeyMemo::default(),
            keys: Vec::new(),
            unescaped: String::new(),
        }
    }
}

impl Recogniser {
    /// Returns what is known of a record, if it certainly has no finding by itself. `line` is without its break.
    pub fn recognise<'l>(&mut self, line: &'l str) -> Option<SureRecord<'l>> {
        let scanner = Scanner::new(line, std::mem::take(&mut self.unescaped));
        self.keys.clear();
        let mut reading = Reading { own: self, scanner, line, seen: SeenFields::default() };
        let record = reading.record();
        self.unescaped = std::mem::take(&mut reading.scanner.unescaped);
        record
    }
}
