//! Applies fixes in rounds. Pure: the command line writes the files.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::check_fixes::{WithheldReason, withhold_bad_fixes};
use super::{Analysis, Examined, FileReport, Options, examine};
use crate::diagnostics::{Applicability, Finding, Fix};
use crate::text::{self, Edit};
use crate::workspace::Member;

/// A text is fixed in rounds, since one fix can make room for another; if it takes more rounds than this, two fixes undo each other.
const MOST_ROUNDS: usize = 50;

/// A text with its fixes applied.
#[derive(Debug)]
pub struct Fixed {
    /// The text.
    pub text: String,
    /// The number of applied fixes.
    pub applied: usize,
    /// The findings in the fixed text.
    pub report: FileReport,
    /// The findings of the report whose fix was not applied, and why, in the order of the text.
    pub withheld: Vec<(Finding, WithheldReason)>,
}

/// Applies fixes to a standalone text until none is left to apply. Unsafe ones are applied only if `level` includes them.
#[must_use]
pub fn fix_text(name: &str, text: &str, options: &Options<'_>, level: Applicability) -> Fixed {
    let examined = examine(name, text, options);
    match fix_all(vec![examined], &[], options, level).pop() {
        // The text of a file with nothing to report is not kept.
        Some(fixed) if fixed.applied > 0 => fixed,
        Some(fixed) => Fixed { text: text.to_owned(), ..fixed },
        None => Fixed {
            text: text.to_owned(),
            applied: 0,
            report: super::lint_text(name, text, options),
            withheld: Vec::new(),
        },
    }
}

/// Applies fixes to checked texts in rounds, since a fix in one document may affect another. Returns them in the
/// order of their names, which are unique; the text of a file with nothing to report is empty. `context` are documents that they may
/// refer to.
#[must_use]
pub fn fix_all(files: Vec<Examined>, context: &[Member], options: &Options<'_>, level: Applicability) -> Vec<Fixed> {
    let mut analysis = Analysis::new(files, context, *options);
    let mut applied: BTreeMap<String, usize> = BTreeMap::new();
    // After the first round, files without fixes may still have new findings because of fixes in others.
    for _ in 0..MOST_ROUNDS {
        let all: Vec<(&Examined, &FileReport)> = analysis.texts().collect();
        let mended: Vec<(Examined, usize)> =
            all.into_par_iter().filter_map(|(file, report)| round(file, report, options, level)).collect();
        if mended.is_empty() {
            break;
        }
        for (file, more) in mended {
            *applied.entry(file.source().name().to_owned()).or_default() += more;
            analysis.update(file);
        }
    }
    let fixed = |(file, report): (&Examined, &FileReport)| {
        let mut report = report.clone();
        // What is left was withheld, and is not offered as safe again.
        let findings = &mut report.findings;
        let no_better = withhold_bad_fixes(file.source().name(), file.source().text(), findings, options, level);
        let mut withheld: Vec<_> = no_better.into_iter().map(|index| (index, WithheldReason::NoBetter)).collect();
        for (index, finding) in findings.iter_mut().enumerate() {
            let offered = finding.fixes.len();
            finding.fixes.retain(|fix| fix.applicability > level);
            if finding.fixes.len() < offered {
                withheld.push((index, WithheldReason::InTheWay));
            }
        }
        withheld.sort_unstable();
        let withheld = withheld.into_iter().map(|(index, why)| (findings[index].clone(), why)).collect();
        let applied = applied.get(file.source().name()).copied().unwrap_or(0);
        Fixed { text: file.source().text().to_owned(), applied, report, withheld }
    };
    analysis.texts().map(fixed).collect()
}

/// Performs one round of fixes for a file; `None` if nothing is left to fix.
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
    let mut mended = examine(file.source().name(), &text, &options);
    mended.set_named_files(file.named_files.clone());
    // A fix must not turn YAML into something else: a round that loses a document is discarded.
    (mended.documents() >= file.documents()).then_some((mended, applied))
}

/// Applies the first suitable fix of each finding, except those that overlap one applied already. `None` if no fix applies.
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
