//! JUnit XML, valid under both schemas in use: Jenkins' and Ant's (windyroad).
//!
//! A file is a test suite, a finding a test case; a file without findings is a single passing test. Errors and warnings are
//! failures. An info is a passing test: its text is in the output of its suite.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::Region;
use crate::analysis::{FileReport, Report};
use crate::diagnostics::{Finding, Severity};
use crate::text::{is_invisible, push_visible};

/// Ant's schema requires a time. Reports contain none, since they only depend on the files.
pub(super) const TIME: &str = "1970-01-01T00:00:00";

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(out, "<testsuites>")?;
    for (id, file) in report.files.iter().enumerate() {
        write_suite(id, file, out)?;
    }
    writeln!(out, "</testsuites>")
}

fn write_suite(id: usize, file: &FileReport, out: &mut dyn Write) -> io::Result<()> {
    let failures = file.findings.iter().filter(|finding| is_failure(finding)).count();
    // A file name may consist of spaces, which Ant's schema rejects.
    let name = Some(file.source.name()).filter(|name| !name.trim().is_empty()).map_or("(blank)".into(), attribute);
    let tests = file.findings.len().max(1);
    write!(
        out,
        r#"  <testsuite id="{id}" name="{name}" package="mlspec-lint" hostname="localhost" timestamp="{TIME}""#
    )?;
    writeln!(out, r#" tests="{tests}" failures="{failures}" errors="0" time="0">"#)?;
    let version = env!("CARGO_PKG_VERSION");
    writeln!(out, r#"    <properties><property name="mlspec-lint.version" value="{version}"/></properties>"#)?;
    if file.findings.is_empty() {
        writeln!(out, r#"    <testcase name="no findings" classname="{name}" time="0"/>"#)?;
    }
    let mut infos = String::new();
    for finding in &file.findings {
        let details = details(file, finding);
        let place = if finding.place.pointer.is_empty() { "" } else { " at " };
        let case = attribute(&format!("{}{place}{}", finding.rule.id, finding.place.pointer));
        write!(out, r#"    <testcase name="{case}" classname="{name}" time="0""#)?;
        if is_failure(finding) {
            let (severity, message) = (finding.severity.name(), attribute(&finding.message));
            writeln!(out, ">")?;
            writeln!(out, r#"      <failure type="{severity}" message="{message}">{}</failure>"#, escape(&details))?;
            writeln!(out, "    </testcase>")?;
        } else {
            writeln!(out, "/>")?;
            infos.push_str(&details);
            infos.push('\n');
        }
    }
    writeln!(out, "    <system-out>{}</system-out>", escape(&infos))?;
    writeln!(out, "    <system-err></system-err>")?;
    writeln!(out, "  </testsuite>")
}

fn is_failure(finding: &Finding) -> bool {
    finding.severity > Severity::Info
}

fn details(file: &FileReport, finding: &Finding) -> String {
    let start = Region::new(&file.source, finding.place.span).start;
    let (path, severity, rule) = (file.source.name(), finding.severity.name(), finding.rule.id);
    let help = finding.help.iter().map(|help| format!("\nhelp: {help}")).collect::<String>();
    format!("{path}:{start}: {severity}[{rule}] {}{help}\n{}", finding.message, finding.rule.url())
}

/// Escapes text between tags.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push('\n'),
            // Not allowed in XML 1.0, or invisible: shown as an escape, because a missing character would mislead.
            '\u{fffe}' | '\u{ffff}' => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{{{:x}}}", u32::from(character));
            }
            _ if is_invisible(character) => push_visible(&mut out, character),
            _ => out.push(character),
        }
    }
    out
}

/// Escapes the value of an attribute, between double quotes. A bare line break in it would be read as a space.
pub(super) fn attribute(text: &str) -> String {
    escape(text).replace('\n', "&#10;")
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::super::tests::{finding, output, report};
    use super::*;

    #[test]
    fn escapes_what_xml_cannot_hold() {
        assert_eq!(
            escape("<a b=\"c\">&\u{0}\u{1b}\u{fffe}\n]]>"),
            "&lt;a b=&quot;c&quot;&gt;&amp;\\u{0}\\u{1b}\\u{fffe}\n]]&gt;"
        );
        assert_eq!(attribute("a\nb"), "a&#10;b");
    }

    #[test]
    fn a_suite_per_file_and_a_case_per_finding() {
        let wrong = finding("/a", 3, 4, "<wrong>").severity(Severity::Warning).help("mend & go");
        let info = finding("/b", 8, 9, "advice").severity(Severity::Info);
        let text = output(
            Format::Junit,
            &report(vec![("a.yml", "a: 1\nb: 2\n", vec![wrong, info], vec![]), ("clean.yml", "", vec![], vec![])]),
        );
        let id = "family/some-rule";
        assert!(text.contains(r#"<testsuite id="0" name="a.yml" package="mlspec-lint""#), "{text}");
        assert!(text.contains(r#"tests="2" failures="1" errors="0""#));
        assert!(text.contains(&format!(r#"<testcase name="{id} at /a" classname="a.yml" time="0">"#)));
        assert!(text.contains(r#"<failure type="warning" message="&lt;wrong&gt;">a.yml:1:4: warning["#));
        assert!(text.contains("help: mend &amp; go\n"));
        assert!(text.contains(&format!(r#"<testcase name="{id} at /b" classname="a.yml" time="0"/>"#)));
        assert!(text.contains(&format!("<system-out>a.yml:2:4: info[{id}] advice\n")));
        assert!(text.contains(r#"<testcase name="no findings" classname="clean.yml" time="0"/>"#));
    }
}
