//! What is known of a log when only some of its lines are looked at.

use super::WrittenAsJson;
use crate::diagnostics::{Finding, Part, Place, Severity};
use crate::documents::Kind;
use crate::rules::Rule;
use crate::rules::document::too_large::TOO_LARGE;
use crate::text::{Source, Span};
use crate::yaml::Tree;

/// Some lines of a log, beside others that are not looked at now.
#[derive(Clone, Copy, Debug, Default)]
pub struct LogPart<'a> {
    /// Whether an MLSpec document is among the lines of the whole log.
    pub has_mlspec: bool,
    /// Whether documents that are no inference records are refused: what others refer to is kept in memory, which a log is too large for.
    pub refuses_others: bool,
    /// What is wrong with lines, such as those that cannot be read.
    pub faults: &'a [LineFault],
    /// The records of the lines as JSON, if the lines are written in another way.
    pub as_json: Option<&'a WrittenAsJson>,
}

/// What is wrong with a line as such.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineFault {
    /// The line, from 0, among those that are looked at.
    pub line: u32,
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

/// Returns whether documents of a kind are records of inferences.
#[must_use]
pub fn is_record(kind: Kind) -> bool {
    matches!(kind, Kind::InferenceLog | Kind::InferenceRequest | Kind::InferencePrediction)
}

impl LogPart<'_> {
    pub(super) fn faults_in(&self, source: &Source) -> Vec<Finding> {
        let finding = |fault: &LineFault| {
            let line = source.line_span(fault.line);
            let span = Span::empty(line.start.saturating_add(fault.at).min(line.end));
            let place = Place { document: 0, pointer: String::new(), part: Part::Value, span };
            let finding = Finding::new(fault.rule, place, fault.message.clone()).severity(fault.severity);
            Finding { help: fault.help.map(str::to_owned), ..finding }
        };
        self.faults.iter().map(finding).collect()
    }

    /// Returns the finding about a document that is no record.
    pub(super) fn refused(&self, tree: &Tree, index: usize, kind: Kind) -> Option<Finding> {
        let root = tree.documents().get(index)?.root.filter(|_| !is_record(kind))?;
        let place = Place::of(tree, u32::try_from(index).ok()?, root, Part::Key);
        let message =
            format!("a log that is not kept in memory holds inference records only, and this is of the kind {kind}");
        Some(Finding::new(&TOO_LARGE, place, message).help("move it to a file of its own, which others can refer to"))
    }
}
