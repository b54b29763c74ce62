//! Applying fixes to a text, and showing what they would change. Pure: files are written by the command line.

use similar::TextDiff;

use crate::findings::{Applicability, Edit, Finding, Fix};
use crate::lint::{FileReport, Options, lint_text};

/// A text is mended in rounds, for one fix can make room for another; more rounds than this mean that two fixes undo each other.
const MOST_ROUNDS: usize = 50;

/// A text after its fixes.
#[derive(Debug)]
pub struct Fixed {
    /// The text.
    pub text: String,
    /// How many fixes were applied.
    pub applied: usize,
    /// What is found in the text as it is now.
    pub report: FileReport,
}

/// Applies fixes until none applies any more. Unsafe ones are applied only when `level` asks for them.
#[must_use]
pub fn fix_text(name: &str, text: &str, options: &Options<'_>, level: Applicability) -> Fixed {
    let mut fixed = Fixed { text: text.to_owned(), applied: 0, report: lint_text(name, text, options) };
    for _ in 0..MOST_ROUNDS {
        let Some((text, applied)) = apply(&fixed.text, &fixed.report.findings, level) else { break };
        let report = lint_text(name, &text, options);
        if breaks(&fixed.report, &report) {
            break;
        }
        fixed = Fixed { text, applied: fixed.applied + applied, report };
    }
    fixed
}

/// Whether a round of fixes lost a document: no fix may turn YAML into something else.
fn breaks(before: &FileReport, after: &FileReport) -> bool {
    let read = |report: &FileReport| report.documents.iter().flatten().count();
    read(after) < read(before)
}

/// Applies the first suitable fix of each finding, except those that overlap one applied already. Nothing when no fix applies.
#[must_use]
pub fn apply(text: &str, findings: &[Finding], level: Applicability) -> Option<(String, usize)> {
    let mut fixes: Vec<&Fix> =
        findings.iter().filter_map(|finding| finding.fixes.iter().find(|fix| fix.applicability <= level)).collect();
    fixes.sort_by_key(|fix| fix.edits.first().map(|edit| edit.span));
    let mut edits: Vec<&Edit> = Vec::new();
    let mut applied = 0;
    for fix in fixes {
        let fits = fix.edits.iter().all(|edit| text.get(edit.span.range()).is_some());
        let free = fix.edits.iter().all(|edit| edits.iter().rev().all(|other| !edit.span.overlaps(other.span)));
        if fits && free && !fix.edits.is_empty() {
            edits.extend(&fix.edits);
            applied += 1;
        }
    }
    if applied == 0 {
        return None;
    }
    edits.sort_by_key(|edit| edit.span);
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        result.push_str(text.get(at..edit.span.start as usize)?);
        result.push_str(&edit.text);
        at = edit.span.end as usize;
    }
    result.push_str(text.get(at..)?);
    (result != text).then_some((result, applied))
}

/// The change as a unified diff; empty when nothing changed.
#[must_use]
pub fn diff(name: &str, before: &str, after: &str) -> String {
    if before == after {
        return String::new();
    }
    TextDiff::from_lines(before, after).unified_diff().context_radius(3).header(name, name).to_string()
}
