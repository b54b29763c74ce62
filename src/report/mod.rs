//! Output formats of `check`, one file each. A format is a pure function from a [`Report`] to bytes.

mod comparison;
mod concise;
mod coverage;
mod diff;
pub mod gate;
mod github;
mod gitlab;
mod grouped;
mod html;
#[cfg(feature = "cli")]
mod human;
mod json;
mod junit;
pub mod lineage;
mod markdown;
mod probes;
mod rdjson;
mod sarif;
#[cfg(feature = "cli")]
mod snippet;
mod statistics;
mod summary;
#[cfg(feature = "cli")]
mod terminal_page;
#[cfg(feature = "cli")]
mod window;
#[cfg(feature = "cli")]
mod wrap;

use std::collections::HashMap;
use std::io::{self, BufWriter, Write};

pub use comparison::{comparison_csv, comparison_human, comparison_json, comparison_schema};
pub use coverage::{coverage_human, coverage_json, coverage_schema, is_met};
pub use diff::{colored_diff, diff};
pub use html::{comparison_html, governance_html, governance_json, governance_markdown};
pub use json::json_schema;
pub use probes::{
    Manifest, ProbeDifference, ProbeFormat, WatchedModel, compare_probes, watched_models, write_differences,
    write_probes,
};
pub use statistics::{has_statistics, statistics_schema, write_statistics};
pub use summary::{left_alone, painted_severity, passed_over};
#[cfg(feature = "cli")]
pub use terminal_page::terminal_page;
#[cfg(feature = "cli")]
pub use wrap::{beside, wrapped};

use crate::analysis::{FileReport, Report};
use crate::diagnostics::{Finding, Fingerprint, Related};
use crate::text::{LineCol, Markup, Source, Span};

/// The format of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Format {
    /// For people: the affected lines, marked, with help and fixes
    #[cfg(feature = "cli")]
    Human,
    /// One line per finding, starting with path, line and column
    Concise,
    /// Findings below the names of their files
    Grouped,
    /// One JSON document, described by schemas/report.schema.json
    Json,
    /// One JSON object per line and finding, the last one with the summary
    Jsonl,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Workflow commands that annotate a pull request on GitHub
    Github,
    /// Code Quality report of GitLab
    Gitlab,
    /// JUnit XML
    Junit,
    /// The format of reviewdog
    Rdjson,
}

impl Format {
    /// Returns the markup of reports in this format.
    #[must_use]
    pub fn markup(self) -> Markup {
        match self {
            #[cfg(feature = "cli")]
            Self::Human => Markup::Plain,
            Self::Concise | Self::Grouped => Markup::Plain,
            Self::Json | Self::Jsonl | Self::Sarif | Self::Gitlab | Self::Rdjson => Markup::Json,
            Self::Github => Markup::Commands,
            Self::Junit => Markup::Xml,
        }
    }
}

/// The style of the formats for people, human and concise; the others ignore it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether to print ANSI colors.
    pub color: bool,
    /// Whether to draw with box characters instead of ASCII.
    pub unicode: bool,
    /// Whether rule ids are hyperlinks (OSC 8) to their pages. Only for terminals known to support them: others print garbage.
    pub links: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Whether a terminal or its user defines the number of columns. Piped output may be read line by line, so rows of a table are not
    /// wrapped there.
    pub is_width_known: bool,
    /// Whether to show only findings, without the summary.
    pub quiet: bool,
}

impl Default for Style {
    /// Returns the style for a file or a pipe: no escape sequences, 80 columns.
    fn default() -> Self {
        Self { color: false, unicode: true, links: false, width: 80, is_width_known: false, quiet: false }
    }
}

/// Writes `report` to `out` as `format`.
///
/// # Errors
///
/// If writing to `out` fails.
pub fn write(format: Format, report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    match format {
        #[cfg(feature = "cli")]
        Format::Human => human::write(report, style, &mut out),
        Format::Concise => concise::write(report, style, &mut out),
        Format::Grouped => grouped::write(report, style, &mut out),
        Format::Json => json::write(report, &mut out),
        Format::Jsonl => json::write_lines(report, &mut out),
        Format::Sarif => sarif::write(report, &mut out),
        Format::Github => github::write(report, &mut out),
        Format::Gitlab => gitlab::write(report, &mut out),
        Format::Junit => junit::write(report, &mut out),
        Format::Rdjson => rdjson::write(report, &mut out),
    }?;
    out.flush()
}

/// Returns the findings with their files and fingerprints, in the order of the report.
fn with_fingerprints(report: &Report) -> impl Iterator<Item = (&FileReport, &Finding, &Fingerprint)> {
    report.files.iter().flat_map(|file| {
        file.findings.iter().zip(&file.fingerprints).map(move |(finding, print)| (file, finding, print))
    })
}

/// Returns the span clamped to the text and widened to whole characters, so that nothing derived from it can be out of bounds.
fn fit(source: &Source, span: Span) -> Span {
    let text = source.text();
    let mut start = (span.start as usize).min(text.len());
    let mut end = (span.end as usize).clamp(start, text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    Span::from_usize(start, end)
}

/// The start and end of a span, for people.
#[derive(Clone, Copy)]
struct Region {
    start: LineCol,
    end: LineCol,
    /// The bytes before its first and behind its last one, in the whole file.
    offsets: (u64, u64),
}

impl Region {
    fn new(source: &Source, span: Span) -> Self {
        let span = fit(source, span);
        let offsets = (source.whole_offset(span.start), source.whole_offset(span.end));
        Self { start: source.line_col(span.start), end: source.line_col(span.end), offsets }
    }

    fn is_one_line(self) -> bool {
        self.start.line == self.end.line
    }
}

/// The sources of a report by name: related places may be in other files than their finding.
struct Sources<'a>(HashMap<&'a str, &'a Source>);

impl<'a> Sources<'a> {
    fn of(report: &'a Report) -> Self {
        let files = report.files.iter().map(|file| &file.source).chain(&report.context);
        Self(files.map(|source| (source.name(), &**source)).collect())
    }

    /// Returns the file of a related place, and its region, unless that file is not part of the report.
    fn locate<'b>(&self, own: &'b Source, related: &'b Related) -> (&'b str, Option<Region>) {
        match &related.path {
            None => (own.name(), Some(Region::new(own, related.span))),
            Some(path) => (path, self.0.get(path.as_str()).map(|source| Region::new(source, related.span))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    use crate::diagnostics::{Fix, FixKind, Part, Place, RuleMeta, Severity};
    use crate::documents::Kind;
    use crate::text::Edit;

    /// Creates a report over files, each with its findings and secrets; the summary counts them.
    pub(super) fn report(files: Vec<(&str, &str, Vec<Finding>, Vec<Span>)>) -> Report {
        let mut report = Report::default();
        for (name, text, findings, secrets) in files {
            let source = Arc::new(Source::new(name, text));
            let documents = vec![Some(Kind::Pipeline)];
            let file = FileReport { secrets, ..FileReport::new(source, documents, findings) };
            report.summary.add(&file);
            report.files.push(file);
        }
        report
    }

    /// A rule owned by the tests, so that they do not depend on existing ones.
    pub(super) static RULE: RuleMeta = RuleMeta {
        id: "family/some-rule",
        severity: Severity::Error,
        since: "0.1.0",
        fix: FixKind::Safe,
        source: "README.md",
        docs: " One line for it.\n\n Why\n indeed.\n\n ## Fails\n ```yaml\n a: 1\n ```\n",
    };

    /// Creates a finding of that rule at `start..end`.
    pub(super) fn finding(pointer: &str, start: u32, end: u32, message: &str) -> Finding {
        let place = Place { document: 0, pointer: pointer.into(), part: Part::Value, span: Span { start, end } };
        Finding::new(&RULE, place, message)
    }

    /// Creates a safe fix that replaces `start..end`.
    pub(super) fn fix(start: u32, end: u32, text: &str) -> Fix {
        Fix::safe(format!("replace by '{text}'"), vec![Edit { span: Span { start, end }, text: text.into() }])
    }

    /// Returns the output in a format, in the default style.
    pub(super) fn output(format: Format, report: &Report) -> String {
        let mut out = Vec::new();
        write(format, report, Style::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn hostile_spans_are_fitted_to_the_text() {
        let source = Source::new("a.yml", "a: é\n");
        assert_eq!(fit(&source, Span { start: 4, end: 4 }), Span::new(3, 5));
        assert_eq!(fit(&source, Span { start: 9, end: 2 }), Span::new(6, 6));
        assert_eq!(fit(&source, Span { start: 1, end: u32::MAX }), Span::new(1, 6));
    }

    #[cfg(feature = "cli")]
    #[test]
    fn no_format_panics_on_spans_that_do_not_fit() {
        use clap::ValueEnum;
        for (start, end) in [(0, 0), (4, 4), (5, 2), (3, 900), (900, 900), (u32::MAX, u32::MAX), (6, 6)] {
            let wrong =
                finding("/a", start, end, "m").related(Span { start: end, end: start }, "r").fix(fix(start, end, "x"));
            for text in ["", "a: é\n", "\u{feff}a: é\r\n\r\n", "\n\n"] {
                let report = report(vec![("a.yml", text, vec![wrong.clone()], vec![Span { start, end }])]);
                for format in Format::value_variants() {
                    assert!(!output(*format, &report).is_empty());
                }
            }
        }
    }
}
