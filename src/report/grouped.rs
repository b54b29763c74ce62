//! The findings of each file below its name, for people who read them one file at a time.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::summary::{BOLD, color_of, paint, sentence};
use super::{Region, Style};
use crate::analysis::Report;
use crate::text::{start_of, visible};

/// The maximum number of characters of a message.
const MESSAGE: usize = 1000;

pub(super) fn write(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    for file in report.files.iter().filter(|file| !file.findings.is_empty()) {
        writeln!(out, "{}", paint(style.color, BOLD, &visible(file.source.name())))?;
        let place = |span| Region::new(&file.source, span).start.to_string();
        let rows: Vec<_> = file.findings.iter().map(|own| (place(own.place.span), own)).collect();
        let width = rows.iter().map(|(place, _)| place.width()).max().unwrap_or(0);
        for (place, finding) in rows {
            let head = format!("{}[{}]", finding.severity.name(), finding.rule.id);
            let head = paint(style.color, color_of(finding.severity), &head);
            writeln!(out, "  {place:>width$}  {head} {}", start_of(&finding.message, MESSAGE))?;
        }
        writeln!(out)?;
    }
    match style.quiet {
        true => Ok(()),
        false => writeln!(out, "{}", sentence(&report.summary, style.color)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::super::tests::{finding, output, report};

    #[test]
    fn findings_stand_below_their_file_and_files_without_any_are_left_out() {
        let text = "a: 1\n\n\n\n\n\n\n\n\nb: 2\n";
        let found = vec![finding("/a", 0, 1, "two\nlines"), finding("/b", 13, 14, "wrong")];
        let report = report(vec![("a.yml", text, found, vec![]), ("b.yml", "c: 1\n", vec![], vec![])]);
        let out = output(Format::Grouped, &report);
        let expected = "a.yml\n   1:1  error[family/some-rule] two\\nlines\n  10:1  error[family/some-rule] wrong\n\n";
        assert!(out.starts_with(expected) && !out.contains("b.yml"), "{out}");
    }
}
