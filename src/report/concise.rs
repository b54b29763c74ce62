//! One line per finding, as compilers write them: editors and `grep` know what to do with it.

use std::io::{self, Write};

use super::{Region, summary};
use crate::analysis::Report;
use crate::text::{start_of, visible};

/// Characters of a message that are shown.
const MESSAGE: usize = 1000;

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for (file, finding) in report.findings() {
        let start = Region::new(&file.source, finding.place.span).start;
        let (path, severity, rule) = (visible(file.source.name()), finding.severity.name(), finding.rule.id);
        writeln!(out, "{path}:{start}: {severity}[{rule}] {}", start_of(&finding.message, MESSAGE))?;
    }
    writeln!(out, "{}", summary::sentence(&report.summary, false))
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
