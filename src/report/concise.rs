//! One line per finding, as compilers write them, for editors and `grep`.

use std::io::{self, Write};

use super::summary::{BOLD, color_of, paint, sentence};
use super::{Region, Style};
use crate::analysis::Report;
use crate::text::{start_of, visible};

/// The maximum number of characters of a message.
const MESSAGE: usize = 1000;

pub(super) fn write(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    for (file, finding) in report.findings() {
        let start = Region::new(&file.source, finding.place.span).start;
        let path = paint(style.color, BOLD, &visible(file.source.name()));
        let head = format!("{}[{}]", finding.severity.name(), finding.rule.id);
        let head = paint(style.color, color_of(finding.severity), &head);
        writeln!(out, "{path}:{start}: {head} {}", start_of(&finding.message, MESSAGE))?;
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
    fn one_line_per_finding_whatever_it_says() {
        let hostile = finding("/b", 5, 6, "two\nlines\u{1b}[2J");
        let report = report(vec![("a\n.yml", "a: 1\nb: 2\n", vec![hostile], vec![])]);
        let text = output(Format::Concise, &report);
        assert_eq!(text.lines().next(), Some(r"a\n.yml:2:1: error[family/some-rule] two\nlines\u{1b}[2J"));
        assert_eq!(text.lines().count(), 2);
        assert!(text.ends_with('\n'));
    }
}
