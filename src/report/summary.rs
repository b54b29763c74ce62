//! The counts of a report as a sentence.

use super::Style;
use crate::analysis::Summary;
use crate::diagnostics::Severity;
use crate::text::thousands;

/// "Checked 8 documents in 9 files (1 skipped): 3 errors, 9 warnings; 6 fixable with --fix".
pub(super) fn sentence(summary: &Summary, color: bool) -> String {
    let rows = (summary.tables > 0).then(|| match summary.rows {
        1 => "1 row of data".to_owned(),
        rows => format!("{} rows of data", thousands(rows)),
    });
    let documents = Some(count(summary.documents, "document")).filter(|_| summary.documents > 0 || rows.is_none());
    let documents = documents.into_iter().chain(rows).collect::<Vec<_>>().join(" and ");
    let files = count(summary.files, "file");
    let others = Some(summary.left_alone).filter(|others| *others > 0);
    let others = others.map(|others| format!("{} skipped", count(others, "other document")));
    let left_out: Vec<_> = skipped(summary).into_iter().chain(others).chain(passed_over(summary)).collect();
    let left_out = if left_out.is_empty() { String::new() } else { format!(" ({})", left_out.join("; ")) };
    let findings =
        [(summary.errors, "error", RED_BOLD), (summary.warnings, "warning", YELLOW), (summary.infos, "info", CYAN)]
            .into_iter()
            .filter(|(number, ..)| *number > 0)
            .map(|(number, noun, code)| paint(color, code, &count(number, noun)))
            .collect::<Vec<_>>();
    let findings = if findings.is_empty() { paint(color, GREEN, "no findings") } else { findings.join(", ") };
    let fixable = if summary.fixable > 0 { format!("; {} fixable with --fix", summary.fixable) } else { String::new() };
    let hidden = if summary.suppressed > 0 { format!("; {} suppressed", summary.suppressed) } else { String::new() };
    format!("Checked {documents} in {files}{left_out}: {findings}{fixable}{hidden}")
}

/// "5 skipped: 2 MLflow runs, 1 not YAML, 2 others"; `None` if there are none.
fn skipped(summary: &Summary) -> Option<String> {
    if summary.skipped == 0 {
        return None;
    }
    let named = summary.formats.values().sum::<usize>() + summary.not_yaml + summary.not_utf8;
    let unread = [(summary.not_yaml, "not YAML"), (summary.not_utf8, "not UTF-8")];
    let unread = unread.into_iter().filter(|(number, _)| *number > 0).map(|(number, what)| format!("{number} {what}"));
    let others = Some(summary.skipped.saturating_sub(named)).filter(|others| *others > 0);
    let others = others.map(|others| count(others, "other"));
    let reasons: Vec<_> = left_alone(summary).into_iter().chain(unread).collect();
    if reasons.is_empty() {
        return Some(format!("{} skipped", summary.skipped));
    }
    let reasons = reasons.into_iter().chain(others).collect::<Vec<_>>().join(", ");
    Some(format!("{} skipped: {reasons}", summary.skipped))
}

/// "3 passed over: 1 excluded, 2 ignored": the files and folders that were not looked at; `None` if there are none.
#[must_use]
pub fn passed_over(summary: &Summary) -> Option<String> {
    let number: usize = summary.passed_over.values().sum();
    let reasons: Vec<_> = summary.passed_over.iter().map(|(reason, number)| format!("{number} {reason}")).collect();
    (number > 0).then(|| format!("{number} passed over: {}", reasons.join(", ")))
}

/// "12 MLflow runs, 1 DVC pipeline": the recognized files that were left alone; `None` if there are none.
#[must_use]
pub fn left_alone(summary: &Summary) -> Option<String> {
    let counts: Vec<_> = summary.formats.iter().map(|(format, files)| count(*files, format.noun())).collect();
    (!counts.is_empty()).then(|| counts.join(", "))
}

/// For errors.
pub(super) const RED_BOLD: &str = "31;1";
pub(super) const RED: &str = "31";
pub(super) const GREEN: &str = "32";
pub(super) const YELLOW: &str = "33";
pub(super) const BOLD: &str = "1";
pub(super) const CYAN: &str = "36";

/// Returns the color of a severity.
pub(super) fn color_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => RED_BOLD,
        Severity::Warning => YELLOW,
        Severity::Info => CYAN,
    }
}

/// Returns the name of a severity in its color, padded to a column.
#[must_use]
pub fn painted_severity(severity: Severity, style: Style) -> String {
    paint(style.color, color_of(severity), &format!("{:7}", severity.name()))
}

/// `text` in a color, given as the number of an ANSI attribute.
pub(super) fn paint(color: bool, code: &str, text: &str) -> String {
    if color { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
}

pub(super) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::ForeignFormat;

    #[test]
    fn says_what_was_checked_and_found() {
        let all =
            Summary { files: 9, documents: 8, skipped: 1, errors: 3, warnings: 9, fixable: 6, ..Summary::default() };
        assert_eq!(
            sentence(&all, false),
            "Checked 8 documents in 9 files (1 skipped): 3 errors, 9 warnings; 6 fixable with --fix"
        );
        let data = Summary { files: 1, tables: 1, rows: 1_234_567, errors: 1, ..Summary::default() };
        assert_eq!(sentence(&data, false), "Checked 1,234,567 rows of data in 1 file: 1 error");
        let both = Summary { files: 2, documents: 1, tables: 1, rows: 1, ..Summary::default() };
        assert_eq!(sentence(&both, false), "Checked 1 document and 1 row of data in 2 files: no findings");
        let unread = Summary { files: 9, documents: 5, skipped: 4, not_yaml: 2, not_utf8: 1, ..Summary::default() };
        assert_eq!(
            sentence(&unread, false),
            "Checked 5 documents in 9 files (4 skipped: 2 not YAML, 1 not UTF-8, 1 other): no findings"
        );
        let one =
            Summary { files: 1, documents: 1, errors: 1, warnings: 1, infos: 1, fixable: 1, ..Summary::default() };
        let one = Summary { suppressed: 2, ..one };
        assert_eq!(
            sentence(&one, false),
            "Checked 1 document in 1 file: 1 error, 1 warning, 1 info; 1 fixable with --fix; 2 suppressed"
        );
        let formats = [(ForeignFormat::MlflowExperiment, 1), (ForeignFormat::MlflowRun, 2)].into();
        let others = Summary { files: 5, documents: 1, skipped: 4, formats, ..Summary::default() };
        assert_eq!(
            sentence(&others, false),
            "Checked 1 document in 5 files (4 skipped: 1 MLflow experiment, 2 MLflow runs, 1 other): no findings"
        );
        let passed_over = [("excluded", 1), ("ignored", 2)].into();
        let left_out = Summary { files: 9, documents: 8, skipped: 1, passed_over, ..Summary::default() };
        assert_eq!(
            sentence(&left_out, false),
            "Checked 8 documents in 9 files (1 skipped; 3 passed over: 1 excluded, 2 ignored): no findings"
        );
        let beside = Summary { files: 2, documents: 3, left_alone: 1, ..Summary::default() };
        assert_eq!(sentence(&beside, false), "Checked 3 documents in 2 files (1 other document skipped): no findings");
        let clean = Summary { files: 8, documents: 8, ..Summary::default() };
        assert_eq!(sentence(&clean, false), "Checked 8 documents in 8 files: no findings");
        assert_eq!(sentence(&clean, true), "Checked 8 documents in 8 files: \u{1b}[32mno findings\u{1b}[0m");
    }
}
