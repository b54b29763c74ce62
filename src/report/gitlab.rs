//! The Code Quality report of GitLab.
//!
//! <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>

use std::io::{self, Write};

use serde::Serialize;

use super::{Region, with_fingerprints};
use crate::analysis::Report;
use crate::diagnostics::{Fingerprint, Severity};

#[derive(Serialize)]
struct Issue<'a> {
    description: &'a str,
    check_name: &'static str,
    fingerprint: Fingerprint,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let issues = with_fingerprints(report).map(|(file, finding, fingerprint)| {
        let region = Region::new(&file.source, finding.place.span);
        Issue {
            description: &finding.message,
            check_name: finding.rule.id,
            fingerprint: fingerprint.clone(),
            severity: match finding.severity {
                Severity::Error => "major",
                Severity::Warning => "minor",
                Severity::Info => "info",
            },
            location: Location {
                path: report.base.path(file.source.name()).into_owned(),
                lines: Lines { begin: region.start.line, end: region.end.line },
            },
        }
    });
    super::json::write_pretty(&super::json::Sequence::new(issues), out)
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::super::tests::{finding, output, report};

    fn issues(text: &str, at: u32) -> serde_json::Value {
        let report = report(vec![("a.yml", text, vec![finding("/b", at, at + 1, "wrong")], vec![])]);
        serde_json::from_str(&output(Format::Gitlab, &report)).unwrap()
    }

    #[test]
    fn the_fingerprint_does_not_depend_on_the_line() {
        let (before, after) = (issues("a: 1\nb: 2\n", 8), issues("a: 1\n\n\nb: 2\n", 10));
        assert_eq!(before[0]["location"]["lines"]["begin"], 2);
        assert_eq!(after[0]["location"]["lines"]["begin"], 4);
        assert_eq!(before[0]["fingerprint"], after[0]["fingerprint"]);
        assert_eq!(before[0]["check_name"], "family/some-rule");
        assert_eq!(before[0]["location"]["path"], "a.yml");
    }

    #[test]
    fn nothing_found_is_an_empty_array() {
        assert_eq!(output(Format::Gitlab, &report(vec![("a.yml", "", vec![], vec![])])), "[]\n");
    }
}
