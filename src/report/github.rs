//! Workflow commands of GitHub Actions: each finding becomes an annotation of the pull request.
//!
//! <https://docs.github.com/actions/reference/workflow-commands-for-github-actions#setting-an-error-message>
//!
//! The log shows only the text after `::`, and a pull request only the first ten annotations of each level and step: that
//! text therefore repeats place and rule, so that the log alone is complete.

use std::borrow::Cow;
use std::io::{self, Write};

use super::{Region, Sources};
use crate::analysis::{FileReport, Report};
use crate::diagnostics::{Finding, Severity};
use crate::text::{start_of, visible, visible_lines};

/// The maximum number of characters of a message.
const MESSAGE: usize = 1000;

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let sources = Sources::of(report);
    report.findings().try_for_each(|(file, finding)| write_finding(report, &sources, file, finding, out))
}

fn write_finding(
    report: &Report,
    sources: &Sources<'_>,
    file: &FileReport,
    finding: &Finding,
    out: &mut dyn Write,
) -> io::Result<()> {
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let path = report.base.path(file.source.name());
    let path = visible(&path);
    let region = Region::new(&file.source, finding.place.span);
    let Region { start, end, .. } = region;
    write!(out, "::{command} file={},line={}", property(&path), start.line)?;
    // An annotation is shown under its last line, and the runner ignores the columns of a multi-line one, so a span of several
    // lines is annotated at its start.
    if region.is_one_line() {
        write!(out, ",col={},endLine={},endColumn={}", start.column, end.line, end.column)?;
    }
    let rule = finding.rule.id;
    write!(out, ",title={}::", property(rule))?;
    write!(out, "{}", data(&format!("{path}:{start}: {rule}: {}", start_of(&finding.message, MESSAGE))))?;
    for (at, line) in finding.help.iter().flat_map(|help| visible_lines(help)).enumerate() {
        write!(out, "%0A{}{}", if at == 0 { "help: " } else { "" }, data(&line))?;
    }
    // An annotation has one place. That of another revision is not in the pull request, so it is told.
    let earlier = finding.related.iter().filter_map(|related| {
        let (path, region) = sources.locate(&file.source, related);
        let start = region.map(|region| format!(":{}", region.start)).unwrap_or_default();
        report
            .base
            .in_revision(path)
            .map(|_| format!("{}{start}: {}", visible(path), start_of(&related.message, MESSAGE)))
    });
    for line in earlier {
        write!(out, "%0Anote: {}", data(&line))?;
    }
    writeln!(out)
}

pub(super) fn data(text: &str) -> Cow<'_, str> {
    escape(text, &[])
}

pub(super) fn property(text: &str) -> Cow<'_, str> {
    escape(text, &[':', ','])
}

fn escape<'a>(text: &'a str, also: &[char]) -> Cow<'a, str> {
    let special = |character: char| matches!(character, '%' | '\r' | '\n') || also.contains(&character);
    if !text.contains(special) {
        return Cow::Borrowed(text);
    }
    let one = |character: char| {
        if special(character) { format!("%{:02X}", u32::from(character)) } else { character.to_string() }
    };
    Cow::Owned(text.chars().map(one).collect())
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::super::tests::{finding, output, report};
    use super::*;

    #[test]
    fn escapes_as_documented() {
        assert_eq!(data("100%: a,b\r\nc"), "100%25: a,b%0D%0Ac");
        assert_eq!(property("a:b,c%\n"), "a%3Ab%2Cc%25%0A");
    }

    #[test]
    fn one_command_per_line_and_finding() {
        let one = finding("/a", 3, 4, "50% wrong\n::set-env name=x::y").help("say\nthis");
        let several = finding("", 0, 10, "all");
        let report = report(vec![("dir/a,b.yml", "a: 1\nb: 2\n", vec![one, several.severity(Severity::Info)], vec![])]);
        let id = "family/some-rule";
        let expected = format!(
            "::error file=dir/a%2Cb.yml,line=1,col=4,endLine=1,endColumn=5,title={id}::dir/a,b.yml:1:4: {id}: 50%25 wrong\\n::set-env name=x::y%0Ahelp: say%0Athis\n\
             ::notice file=dir/a%2Cb.yml,line=1,title={id}::dir/a,b.yml:1:1: {id}: all\n"
        );
        assert_eq!(output(Format::Github, &report), expected);
    }

    #[test]
    fn no_findings_no_output() {
        let mut out = Vec::new();
        write(&Report::default(), &mut out).unwrap();
        assert!(out.is_empty());
    }
}
