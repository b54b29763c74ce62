//! The lines of a log that are kept, so that what is found in them can be shown.

use super::line_format::{LineKind, WrittenLine};
use crate::analysis::{LineFault, WrittenAsJson};
use crate::diagnostics::{FindingGroups, KeptPlaces, Severity};
use crate::rules::Rule;
use crate::rules::document::not_utf8::NOT_UTF8;
use crate::rules::document::too_large::TOO_LARGE;
use crate::rules::document::unreadable::UNREADABLE;
use crate::text::{LineOrigin, Source, Span};

/// A line that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptLine {
    /// Where it stands.
    pub origin: LineOrigin,
    /// Its text without its break; empty if it cannot be read.
    pub text: String,
    /// The record as JSON, if the line is written in another way.
    pub written: Option<Box<WrittenLine>>,
    /// Why it cannot be read, or what is wrong with it as a line.
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
        Self {
            origin,
            text: text.into(),
            written: None,
            fault: None,
            groups: Vec::new(),
            is_first: false,
            before: None,
        }
    }

    /// Says what the line is as JSON.
    #[must_use]
    pub fn with_written(self, written: Option<&WrittenLine>) -> Self {
        Self { written: written.map(|own| Box::new(own.clone())), ..self }
    }
}

/// Why a line cannot be read, or is not read, or what is wrong with it as a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadLine {
    /// The number of its bytes before the place.
    pub at: u32,
    /// The rule that says so.
    pub rule: &'static Rule,
    /// How much it matters.
    pub severity: Severity,
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
        Self { at: 0, rule, severity: Severity::Error, message, help }
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

/// Some lines of a log, as a text.
#[derive(Debug)]
pub struct LogExcerpt {
    /// The lines, in their order.
    pub source: Source,
    /// What is wrong with lines as such.
    pub faults: Vec<LineFault>,
    /// The records as JSON, if the lines are written in another way.
    pub as_json: Option<WrittenAsJson>,
}

/// Returns a text of some lines of a log whose lines are written in this way.
#[must_use]
pub fn excerpt_of(name: &str, kind: &LineKind, lines: &[KeptLine]) -> LogExcerpt {
    let mut text = String::with_capacity(lines.iter().map(|line| line.text.len() + 1).sum());
    let mut origins = Vec::with_capacity(lines.len());
    let mut faults = Vec::new();
    let mut as_json = (*kind != LineKind::Json).then(WrittenAsJson::default);
    for (number, line) in (0..).zip(lines) {
        if let Some(as_json) = &mut as_json {
            let own = Span::from_usize(text.len(), text.len() + line.text.len());
            let (json, fields) = line.written.as_ref().map_or(("", &[][..]), |own| (&own.json, &own.fields));
            as_json.push(json, own, fields);
        }
        text.push_str(&line.text);
        text.push('\n');
        origins.push(line.origin);
        if let Some(UnreadLine { at, rule, severity, message, help }) = &line.fault {
            let (at, severity, message, help) = (*at, *severity, message.clone(), *help);
            faults.push(LineFault { line: number, at, rule, severity, message, help });
        }
    }
    let begins = lines.first().is_some_and(|line| line.is_first);
    LogExcerpt { source: Source::excerpt(name, text, origins).beginning(begins), faults, as_json }
}

/// The counts of some lines, and those of them that are kept.
#[derive(Debug, Default)]
pub(super) struct FoundInLines {
    pub groups: FindingGroups,
    pub keeping: Keeping,
}
