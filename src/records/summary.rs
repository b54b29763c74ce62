//! What was found in a part of a log, as JSON, so that several machines can share a log: added up in their order, the summaries of all parts are
//! what one machine finds. Places are counted from the beginning of the part.
//!
//! It holds the first lines in which something was found as they are written, so that the report about the whole can show them.

use serde::{Deserialize, Serialize};

use super::batch::{CheckedLines, NewestRecord};
use super::chunk_check::CheckedChunk;
use super::kept::{FoundInLines, Keeping, KeptLine, UnreadLine};
use super::log::{CheckedLog, Sum};
use crate::diagnostics::{FindingGroup, FindingGroups, Severity};
use crate::rules::by_id;
use crate::text::LineOrigin;

/// The version of the form of summaries.
pub const SUMMARY_VERSION: u32 = 1;

/// The greatest count that is believed. Sums of so many parts as there may be do not overflow.
const MOST: u64 = 1 << 48;

/// The summary of a part of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogSummary {
    /// [`SUMMARY_VERSION`]
    pub version: u32,
    /// The version of this tool, whose rules were applied.
    pub tool: String,
    /// The name of the log.
    pub log: String,
    /// Which part it is; `None` if nobody said, as of standard input.
    pub range: Option<SummaryRange>,
    /// How many lines, records and bytes it has.
    length: SummaryOrigin,
    documents: u64,
    left_alone: u64,
    suppressed: u64,
    is_claimed: bool,
    is_unsure: bool,
    needs_whole: bool,
    keeps_requests: bool,
    /// Whether its first record may be chained to the one before it, which the part does not have.
    pub is_chained: bool,
    groups: Vec<SummaryGroup>,
    lines: Vec<SummaryLine>,
    newest: Option<SummaryNewest>,
}

/// A range of the bytes of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SummaryRange {
    /// The first byte.
    pub start: u64,
    /// The one after the last.
    pub end: u64,
    /// The size of the log.
    pub size: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SummaryOrigin {
    line: u64,
    record: u64,
    offset: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SummaryGroup {
    rule: String,
    severity: String,
    pointer: String,
    count: u64,
    fixable: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SummaryLine {
    at: SummaryOrigin,
    text: String,
    /// Why it cannot be read: a rule and what it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fault: Option<(String, String)>,
    /// The positions of the groups of its findings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    groups: Vec<usize>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_first: bool,
    /// The record before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<(String, SummaryOrigin)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SummaryNewest {
    day: i64,
    line: SummaryLine,
}

/// Why summaries are not those of the parts of a log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SummaryError {
    /// Another form.
    #[error("it is written in version {0} of summaries; this is version {SUMMARY_VERSION}")]
    Version(u32),
    /// Another version of the tool, with other rules.
    #[error("it was made by mlspec-lint {0}, and this is {own}: all parts are checked by one version", own = env!("CARGO_PKG_VERSION"))]
    Tool(String),
    /// A rule that does not exist.
    #[error("there is no rule '{0}'")]
    Rule(String),
    /// Something that no summary says.
    #[error("it contradicts itself: {0}")]
    Impossible(&'static str),
    /// A part lacks, is there twice, or stands at another place.
    #[error(
        "the part before it ends at byte {0}, and it begins at byte {1}: name all parts of a log once, in their order"
    )]
    NotAdjoining(u64, u64),
    /// Parts of a log that has changed.
    #[error("the log has {1} bytes there, and {0} in the part before: it has changed")]
    Changed(u64, u64),
    /// The last part lacks.
    #[error("the parts end at byte {0} of {1}: the last one lacks")]
    Incomplete(u64, u64),
}

impl From<LineOrigin> for SummaryOrigin {
    fn from(LineOrigin { line, record, offset, .. }: LineOrigin) -> Self {
        Self { line, record, offset }
    }
}

impl From<SummaryOrigin> for LineOrigin {
    fn from(SummaryOrigin { line, record, offset }: SummaryOrigin) -> Self {
        Self { line, record, offset, column: None }
    }
}

impl SummaryLine {
    fn of(line: KeptLine) -> Self {
        Self {
            at: line.origin.into(),
            text: line.text,
            fault: line.fault.map(|fault| (fault.rule.id.to_owned(), fault.message)),
            groups: line.groups,
            is_first: line.is_first,
            before: line.before.map(|before| (before.0, before.1.into())),
        }
    }

    fn read(self) -> Result<KeptLine, SummaryError> {
        let fault = match self.fault {
            Some((rule, message)) => match by_id(&rule) {
                Some(rule) => Some(UnreadLine::new(rule, message)),
                None => return Err(SummaryError::Rule(rule)),
            },
            None => None,
        };
        if self.text.contains('\n') || self.before.as_ref().is_some_and(|(text, _)| text.contains('\n')) {
            return Err(SummaryError::Impossible("a line has a break in it"));
        }
        let before = self.before.map(|(text, at)| Box::new((text, at.into())));
        Ok(KeptLine {
            origin: self.at.into(),
            text: self.text,
            written: None,
            fault,
            groups: self.groups,
            is_first: self.is_first,
            before,
        })
    }
}

impl LogSummary {
    pub(super) fn of(log: &str, range: Option<SummaryRange>, is_chained: bool, sum: Sum) -> Self {
        let Sum { length, checked } = sum;
        let group = |group: &FindingGroup| SummaryGroup {
            rule: group.rule.id.to_owned(),
            severity: group.severity.name().to_owned(),
            pointer: group.pointer.clone(),
            count: group.count,
            fixable: group.fixable,
        };
        Self {
            version: SUMMARY_VERSION,
            tool: env!("CARGO_PKG_VERSION").to_owned(),
            log: log.to_owned(),
            range,
            length: length.into(),
            documents: checked.documents,
            left_alone: checked.left_alone,
            suppressed: checked.suppressed,
            is_claimed: checked.is_claimed,
            is_unsure: checked.is_unsure,
            needs_whole: checked.needs_whole,
            keeps_requests: checked.keeps_requests,
            is_chained,
            groups: checked.found.groups.in_order().iter().map(group).collect(),
            lines: checked.found.keeping.lines.into_iter().map(SummaryLine::of).collect(),
            newest: checked.newest.map(|own| SummaryNewest { day: own.day, line: SummaryLine::of(own.line) }),
        }
    }

    fn read(self) -> Result<CheckedChunk, SummaryError> {
        if self.version != SUMMARY_VERSION {
            return Err(SummaryError::Version(self.version));
        }
        if self.tool != env!("CARGO_PKG_VERSION") {
            return Err(SummaryError::Tool(self.tool));
        }
        let SummaryOrigin { line, record, offset } = self.length;
        let counts = [line, record, offset, self.documents, self.left_alone, self.suppressed];
        let of_groups = self.groups.iter().flat_map(|group| [group.count, group.fixable]);
        if counts.into_iter().chain(of_groups).any(|count| count > MOST) {
            return Err(SummaryError::Impossible("a count is greater than any log is long"));
        }
        let severity = |name: &str| {
            [Severity::Info, Severity::Warning, Severity::Error].into_iter().find(|own| own.name() == name)
        };
        let group = |group: SummaryGroup| {
            let rule = by_id(&group.rule).ok_or_else(|| SummaryError::Rule(group.rule.clone()))?;
            let severity = severity(&group.severity).ok_or(SummaryError::Impossible("there is no such severity"))?;
            Ok(FindingGroup { rule, severity, pointer: group.pointer, count: group.count, fixable: group.fixable })
        };
        let groups: Vec<FindingGroup> = self.groups.into_iter().map(group).collect::<Result<_, SummaryError>>()?;
        let lines: Vec<KeptLine> = self.lines.into_iter().map(SummaryLine::read).collect::<Result<_, _>>()?;
        if lines.iter().flat_map(|line| &line.groups).any(|at| *at >= groups.len()) {
            return Err(SummaryError::Impossible("a line is of a group that is not there"));
        }
        if lines.iter().any(|own| own.origin.line >= line.max(1) || own.origin.offset > offset) {
            return Err(SummaryError::Impossible("a line stands behind the end of the part"));
        }
        let newest = match self.newest {
            Some(own) => Some(NewestRecord { day: own.day, line: own.line.read()? }),
            None => None,
        };
        let found = FoundInLines { groups: FindingGroups::of(groups), keeping: Keeping::of(lines) };
        let checked = CheckedLines {
            found,
            documents: self.documents,
            left_alone: self.left_alone,
            suppressed: self.suppressed,
            is_claimed: self.is_claimed,
            needs_whole: self.needs_whole,
            is_unsure: self.is_unsure,
            keeps_requests: self.keeps_requests,
            entries: Vec::new(),
            newest,
        };
        Ok(CheckedChunk { checked, length: self.length.into(), ..CheckedChunk::default() })
    }
}

/// Adds up the parts of a log, in their order.
#[derive(Default)]
pub struct SummedLog {
    sum: Sum,
    range: Option<SummaryRange>,
    parts: usize,
    /// The number of parts, but for the first, whose first record may be chained to the one before it.
    pub chained: usize,
}

impl SummedLog {
    /// Adds the next part.
    ///
    /// # Errors
    /// If it is not the next part of the log.
    pub fn add(&mut self, part: LogSummary) -> Result<(), SummaryError> {
        if let Some(range) = part.range {
            let expected = self.range.map_or(0, |before| before.end);
            if range.start != expected || range.end < range.start {
                return Err(SummaryError::NotAdjoining(expected, range.start));
            }
            if let Some(before) = self.range.filter(|before| before.size != range.size) {
                return Err(SummaryError::Changed(before.size, range.size));
            }
        }
        if self.parts > 0 && self.range.is_some() != part.range.is_some() {
            return Err(SummaryError::Impossible("some parts are ranges of bytes, and others are not"));
        }
        self.chained += usize::from(self.parts > 0 && part.is_chained);
        self.range = part.range;
        self.parts += 1;
        self.sum.add(part.read()?, &mut |_| {});
        Ok(())
    }

    /// Returns what was found in the whole log.
    ///
    /// # Errors
    /// If its last part lacks.
    pub fn finish(self) -> Result<CheckedLog, SummaryError> {
        match self.range {
            Some(range) if range.end < range.size => Err(SummaryError::Incomplete(range.end, range.size)),
            _ => Ok(self.sum.into_log()),
        }
    }
}
