//! How many findings are listed: a few bytes of text can be a fault, and a report must not be a hundred times as long as what it is
//! about, nor its making take the memory of a machine.

use crate::diagnostics::{Finding, Part, Place};
use crate::rules::document::too_many_findings::TOO_MANY_FINDINGS;
use crate::text::Span;
use crate::yaml::Tree;

/// How many findings of one document are listed.
pub(super) const MOST_FINDINGS: usize = 1000;

/// How many findings of one file are listed.
const MOST_OF_FILE: usize = 2000;

/// Keeps [`MOST_FINDINGS`] of a document's findings, the most severe and then the first of them.
pub(super) fn limit(tree: &Tree, position: u32, findings: &mut Vec<Finding>) {
    // The schema's findings are limited already, and one of them says so.
    if findings.len() > MOST_FINDINGS + 1 {
        let left_out = keep(findings, MOST_FINDINGS);
        findings.extend(left_out_of(tree, position, left_out));
    }
}

/// Says how many findings of a document are left out, if any are.
pub(super) fn left_out_of(tree: &Tree, position: u32, left_out: usize) -> Option<Finding> {
    let root = tree.documents().get(position as usize)?.root.filter(|_| left_out > 0)?;
    let message = format!("{left_out} more findings in this document are not shown");
    Some(Finding::new(&TOO_MANY_FINDINGS, Place::of(tree, position, root, Part::Key), message))
}

/// The findings of a file, which may hold a hundred thousand documents: [`MOST_OF_FILE`] of them, the most severe and then the first,
/// and how many others there are.
#[derive(Clone, Debug, Default)]
pub(super) struct OfFile {
    /// Those that are kept so far.
    pub kept: Vec<Finding>,
    left_out: usize,
}

impl OfFile {
    /// Adds the findings of a document.
    pub fn append(&mut self, findings: &mut Vec<Finding>) {
        self.kept.append(findings);
        // Not with each document: to sort them takes longer than to find them.
        if self.kept.len() > 2 * MOST_OF_FILE {
            self.left_out += keep(&mut self.kept, MOST_OF_FILE);
        }
    }

    /// Those that are listed.
    pub fn into_findings(mut self) -> Vec<Finding> {
        if self.kept.len() > MOST_OF_FILE + 1 || self.left_out > 0 {
            self.left_out += keep(&mut self.kept, MOST_OF_FILE);
            let message = format!("{} more findings in this file are not shown", self.left_out);
            let place = Place { document: 0, pointer: String::new(), part: Part::Value, span: Span::empty(0) };
            self.kept.push(Finding::new(&TOO_MANY_FINDINGS, place, message));
        }
        self.kept
    }
}

/// Keeps so many findings, the most severe and then the first; gives how many others there were.
fn keep(findings: &mut Vec<Finding>, most: usize) -> usize {
    let all = findings.len();
    findings.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.order().cmp(&b.order())));
    findings.truncate(most);
    all - findings.len()
}
