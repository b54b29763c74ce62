//! The lines of a log that are kept, so that what is found in them can be shown.

use crate::analysis::LineFault;
use crate::diagnostics::{FindingGroups, KeptPlaces};
use crate::rules::Rule;
use crate::rules::document::not_utf8::NOT_UTF8;
use crate::rules::document::too_large::TOO_LARGE;
use crate::rules::document::unreadable::UNREADABLE;
use crate::text::{LineOrigin, Source};

/// A line that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptLine {
    /// Where it stands.
    pub origin: LineOrigin,
    /// Its text without its break; empty if it cannot be read.
    pub text: String,
    /// Why it cannot be read.
    pub fault: Option<UnreadLine>,
    /// The numbers of the groups of its findings, in the counts of the log.
    pub groups: Vec<usize>,
    /// Whether it is the first record of its log.
    pub is_first: bool,
    /// The record before it, if the rules look at both.
    pub before: Option<Box<(String, LineOrigin)>>,
}

impl KeptLine {
    /// Creates a line in which nothing was found yet.
    #[must_use]
    pub fn new(text: impl Into<String>, origin: LineOrigin) -> Self {
        Self { origin, text: text.into(), fault: None, groups: Vec::new(), is_first: false, before: None }
    }
}

/// Why a line cannot be read, or is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadLine {
    /// The rule that says so.
    pub rule: &'static Rule,
    /// What it says.
    pub message: String,
    /// What to do.
    pub help: Option<&'static str>,
}

impl UnreadLine {
    /// Creates the fault of a line, with what to do about it.
    #[must_use]
    pub fn new(rule: &'static Rule, message: String) -> Self {
        let help = match rule.id {
            id if id == UNREADABLE.id => Some("what stands before is checked; get the file once more"),
            id if id == TOO_LARGE.id => Some("write each record on a line of its own"),
            id if id == NOT_UTF8.id => Some("save the file as UTF-8"),
            _ => None,
        };
        Self { rule, message, help }
    }
}

/// Decides which lines are kept, in the order of the log.
#[derive(Debug, Default)]
pub(super) struct Keeping {
    pub lines: Vec<KeptLine>,
    places: KeptPlaces,
}

impl Keeping {
    /// Returns lines that were kept elsewhere.
    pub fn of(lines: Vec<KeptLine>) -> Self {
        Self { lines, ..Self::default() }
    }

    /// Keeps a line, if one of its groups has few places yet, or the log has.
    pub fn offer(&mut self, line: KeptLine) {
        if self.places.takes(&line.groups, line.text.len()) {
            self.lines.push(line);
        }
    }

    /// Adds the lines that were kept of a later part, whose groups have these numbers here.
    pub fn add(&mut self, lines: Vec<KeptLine>, numbers: &[usize], origin: LineOrigin) {
        for line in lines {
            let groups = line.groups.iter().filter_map(|group| numbers.get(*group).copied()).collect();
            self.offer(KeptLine { groups, ..line.behind(origin) });
        }
    }
}

impl KeptLine {
    /// Returns the line of a part that begins at an origin as one of the whole.
    pub(super) fn behind(self, start: LineOrigin) -> Self {
        let before = self.before.map(|mut before| {
            before.1 = plus(start, before.1);
            before
        });
        Self { origin: plus(start, self.origin), before, ..self }
    }
}

/// Returns the origin of a line of a part that begins at an origin. A line before the part has an origin that is as much less than zero.
pub(super) fn plus(start: LineOrigin, own: LineOrigin) -> LineOrigin {
    LineOrigin {
        line: start.line.wrapping_add(own.line),
        record: start.record.wrapping_add(own.record),
        offset: start.offset.wrapping_add(own.offset),
        column: own.column,
    }
}

/// Returns lines in the order of their log, each once, with the records that stand before some of them.
#[must_use]
pub fn in_order(lines: impl IntoIterator<Item = KeptLine>) -> Vec<KeptLine> {
    let mut all = Vec::new();
    for mut line in lines {
        if let Some(before) = line.before.take() {
            all.push(KeptLine::new(before.0, before.1));
        }
        all.push(line);
    }
    // Of one line that is there twice, the one that says more stays.
    all.sort_by_key(|line| (line.origin.offset, line.fault.is_none(), line.groups.is_empty()));
    all.dedup_by_key(|line| line.origin.offset);
    all
}

/// Returns a source of some lines of a log, in their order, and what is wrong with those that cannot be read.
#[must_use]
pub fn source_of(name: &str, lines: &[KeptLine]) -> (Source, Vec<LineFault>) {
    let mut text = String::with_capacity(lines.iter().map(|line| line.text.len() + 1).sum());
    let mut origins = Vec::with_capacity(lines.len());
    let mut faults = Vec::new();
    for (number, line) in (0..).zip(lines) {
        text.push_str(&line.text);
        text.push('\n');
        origins.push(line.origin);
        if let Some(UnreadLine { rule, message, help }) = &line.fault {
            faults.push(LineFault { line: number, rule, message: message.clone(), help: *help });
        }
    }
    let begins = lines.first().is_some_and(|line| line.is_first);
    (Source::excerpt(name, text, origins).beginning(begins), faults)
}

/// The counts of some lines, and those of them that are kept.
#[derive(Debug, Default)]
pub(super) struct FoundInLines {
    pub groups: FindingGroups,
    pub keeping: Keeping,
}
