//! Limits on the number of listed findings: a finding may take only a few bytes of text, and a report must not be a hundred times as
//! long as the file that it is about, nor exhaust memory.

use crate::diagnostics::{Finding, Part, Place};
use crate::rules::document::too_many_findings::TOO_MANY_FINDINGS;
use crate::text::Span;
use crate::yaml::Tree;

/// The maximum number of listed findings of a document.
pub(super) const MOST_FINDINGS: usize = 1000;

/// The maximum number of listed findings of a file.
const MOST_OF_FILE: usize = 2000;

/// Keeps [`MOST_FINDINGS`] of a document's findings, by severity and then position.
pub(super) fn limit(tree: &Tree, position: u32, findings: &mut Vec<Finding>) {
    // The schema's findings are limited already, and one of them says so.
    if findings.len() > MOST_FINDINGS + 1 {
        let left_out = keep(findings, MOST_FINDINGS);
        findings.extend(left_out_of(tree, position, left_out));
    }
}

/// Creates the finding with the number of omitted findings of a document, if any.
pub(super) fn left_out_of(tree: &Tree, position: u32, left_out: usize) -> Option<Finding> {
    let root = tree.documents().get(position as usize)?.root.filter(|_| left_out > 0)?;
    let message = format!("{left_out} more findings in this document are not shown");
    Some(Finding::new(&TOO_MANY_FINDINGS, Place::of(tree, position, root, Part::Key), message))
}

/// The findings of a file, which may contain a hundred thousand documents: [`MOST_OF_FILE`] of them, by severity and then position,
/// and the number of the others.
#[derive(Clone, Debug, Default)]
pub(super) struct OfFile {
    /// The findings kept so far.
    pub kept: Vec<Finding>,
    left_out: usize,
    /// Whether someone else limits them.
    pub is_unlimited: bool,
}

impl OfFile {
    /// Adds the findings of a document.
    pub fn append(&mut self, findings: &mut Vec<Finding>) {
        self.kept.append(findings);
        // Not after each document: sorting the findings takes longer than producing them.
        if self.kept.len() > 2 * MOST_OF_FILE && !self.is_unlimited {
            self.left_out += keep(&mut self.kept, MOST_OF_FILE);
        }
    }

    /// Returns the listed findings.
    pub fn into_findings(mut self) -> Vec<Finding> {
        if (self.kept.len() > MOST_OF_FILE + 1 || self.left_out > 0) && !self.is_unlimited {
            self.left_out += keep(&mut self.kept, MOST_OF_FILE);
            let message = format!("{} more findings in this file are not shown", self.left_out);
            let place = Place { document: 0, pointer: String::new(), part: Part::Value, span: Span::empty(0) };
            self.kept.push(Finding::new(&TOO_MANY_FINDINGS, place, message));
        }
        self.kept
    }
}

/// Keeps `most` findings, by severity and then position; returns the number of the others.
fn keep(findings: &mut Vec<Finding>, most: usize) -> usize {
    let all = findings.len();
    findings.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.order().cmp(&b.order())));
    findings.truncate(most);
    all - findings.len()
}
