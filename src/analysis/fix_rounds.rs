//! Fixes, applied in rounds. Pure: files are written by the command line.

use rayon::prelude::*;

use super::check_fixes::withhold_bad_fixes;
use super::{Examined, FileReport, Options, conclude, examine};
use crate::diagnostics::{Applicability, Finding, Fix};
use crate::text::{self, Edit};
use crate::workspace::Member;

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

/// Applies fixes to a text that stands alone until none applies any more. Unsafe ones are applied only when `level` asks for them.
#[must_use]
pub fn fix_text(name: &str, text: &str, options: &Options<'_>, level: Applicability) -> Fixed {
    let examined = examine(name, text, options);
    match fix_all(vec![examined], &[], options, level).pop() {
        // The text of a file without anything to report is not kept.
        Some(fixed) if fixed.applied > 0 => fixed,
        Some(fixed) => Fixed { text: text.to_owned(), ..fixed },
        None => Fixed { text: text.to_owned(), applied: 0, report: super::lint_text(name, text, options) },
    }
}

/// Applies fixes to texts that were looked at, in rounds, for what is mended in one document may matter to another. Gives them in their
/// order; the text of a file without anything to report is empty. `context` are documents that they may refer to.
#[must_use]
pub fn fix_all(files: Vec<Examined>, context: &[Member], options: &Options<'_>, level: Applicability) -> Vec<Fixed> {
    let mut files: Vec<(Examined, usize)> = files.into_iter().map(|file| (file, 0)).collect();
    let mut reports = concluded(&files, context, options);
    for _ in 0..MOST_ROUNDS {
        let next: Vec<Option<(Examined, usize)>> =
            files.par_iter().zip(&reports).map(|((file, _), report)| round(file, report, options, level)).collect();
        if next.iter().all(Option::is_none) {
            break;
        }
        for ((file, applied), next) in files.iter_mut().zip(next) {
            if let Some((mended, more)) = next {
                (*file, *applied) = (mended, *applied + more);
            }
        }
        reports = concluded(&files, context, options);
    }
    let fixed = |((file, applied), mut report): ((Examined, usize), FileReport)| {
        // What is left was withheld, and is not safe.
        withhold_bad_fixes(file.source().name(), file.source().text(), &mut report.findings, options, level);
        Fixed { text: file.source().text().to_owned(), applied, report }
    };
    files.into_iter().zip(reports).map(fixed).collect()
}

fn concluded(files: &[(Examined, usize)], context: &[Member], options: &Options<'_>) -> Vec<FileReport> {
    conclude(files.iter().map(|(file, _)| file), context, options)
}

/// One round of fixes for a file; nothing when there is nothing to mend any more.
fn round(
    file: &Examined,
    report: &FileReport,
    options: &Options<'_>,
    level: Applicability,
) -> Option<(Examined, usize)> {
    let options = Options { explicit: file.is_explicit(), ..*options };
    let mut findings = report.findings.clone();
    withhold_bad_fixes(file.source().name(), file.source().text(), &mut findings, &options, level);
    let (text, applied) = apply(file.source().text(), &findings, level)?;
    let mended = examine(file.source().name(), &text, &options);
    // No fix may turn YAML into something else: a round that loses a document is not taken.
    (mended.documents() >= file.documents()).then_some((mended, applied))
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
    let result = text::apply(text, edits)?;
    (result != text).then_some((result, applied))
}
