//! The JSON report, as one document or as JSON Lines. The structs here define the format: they write it, and its published schema is
//! generated from them.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::{self, Write};

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Serialize, Serializer};

use super::{Region, Sources, with_fingerprints};
use crate::analysis::{FileReport, Report, StreamContent, StreamCounts, Summary};
use crate::diagnostics::{self, Finding, FindingGroup, Fingerprint, Severity};
use crate::text::{LineCol, Source};

/// The version of the format, which is incremented when a field is removed or changes its meaning.
pub(super) const VERSION: u8 = 1;

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let sources = Sources::of(report);
    let document = Document {
        version: VERSION,
        tool: ReportTool::this(),
        summary: Counts::from(&report.summary),
        findings: Sequence::new(entries(report, &sources)),
        logs: logs(report),
        tables: tables(report),
    };
    write_pretty(&document, out)
}

pub(super) fn write_lines(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    #[derive(Serialize)]
    struct Last {
        summary: Counts,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        logs: Vec<LogEntry>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        tables: Vec<TableEntry>,
    }
    let sources = Sources::of(report);
    for entry in entries(report, &sources) {
        serde_json::to_writer(&mut *out, &entry)?;
        writeln!(out)?;
    }
    let last = Last { summary: Counts::from(&report.summary), logs: logs(report), tables: tables(report) };
    serde_json::to_writer(&mut *out, &last)?;
    writeln!(out)
}

/// Returns the JSON Schema of the `json` report.
#[must_use]
pub fn json_schema() -> serde_json::Value {
    // The contract of the written form: a nullable field is always present.
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    generator.into_root_schema_for::<Document<()>>().into()
}

/// Writes any serializable value as a report does: indented, with a final line break.
pub(super) fn write_pretty(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}

/// An array whose elements are generated while it is written, so that a report needs no second copy of all findings.
pub(super) struct Sequence<I>(Cell<Option<I>>);

impl<I> Sequence<I> {
    pub(super) fn new(elements: I) -> Self {
        Self(Cell::new(Some(elements)))
    }
}

impl<I: Iterator<Item: Serialize>> Serialize for Sequence<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.take().into_iter().flatten())
    }
}

/// The output of `mlspec-lint check --format json`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "mlspec-lint report", rename = "Report", bound = "")]
struct Document<Findings> {
    /// The version of this format.
    #[schemars(extend("const" = VERSION))]
    version: u8,
    /// The program that wrote the report.
    tool: ReportTool,
    /// The counts.
    summary: Counts,
    /// The findings, in the order of path, position and rule.
    #[schemars(with = "Vec<Entry<'static>>")]
    findings: Findings,
    /// The logs that were read as streams, with the counts of all findings in them; left out if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logs: Vec<LogEntry>,
    /// The tables of data that were read, with the counts of all findings in them; left out if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tables: Vec<TableEntry>,
}

/// A log of inference records. Its findings are counted, and only the first ones are listed.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Log")]
struct LogEntry {
    /// The file, with `/` between folders.
    path: String,
    /// The lines that are not blank.
    lines: u64,
    /// MLSpec documents among them.
    documents: u64,
    /// The bytes that were read, after decompression.
    bytes: u64,
    /// All findings by rule and field; the most severe come first, then the most frequent.
    groups: Vec<GroupEntry>,
}

/// A table of data. Its findings are counted, and only the first ones are listed.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Table")]
struct TableEntry {
    /// The file, with `/` between folders.
    path: String,
    /// The rows, also those that cannot be read.
    rows: u64,
    /// All findings by rule and field; the most severe come first, then the most frequent.
    groups: Vec<GroupEntry>,
}

/// The findings of a rule about a field.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Group")]
struct GroupEntry {
    /// The rule, as `family/name`.
    rule: &'static str,
    /// How much the findings matter.
    severity: Severity,
    /// JSON Pointer of the field, with `*` in place of positions in lists; empty for the record or row itself.
    pointer: String,
    /// The number of findings.
    count: u64,
    /// Their number in relation to that of the lines or rows.
    share: f64,
    /// Those among `findings`.
    listed: u64,
}

fn logs(report: &Report) -> Vec<LogEntry> {
    let entry = |(file, stream): (&FileReport, &StreamCounts)| LogEntry {
        path: file.source.name().to_owned(),
        lines: stream.records,
        documents: stream.documents,
        bytes: stream.bytes,
        groups: groups(file, stream),
    };
    streams(report, StreamContent::Log).map(entry).collect()
}

fn tables(report: &Report) -> Vec<TableEntry> {
    let entry = |(file, stream): (&FileReport, &StreamCounts)| TableEntry {
        path: file.source.name().to_owned(),
        rows: stream.records,
        groups: groups(file, stream),
    };
    streams(report, StreamContent::Table).map(entry).collect()
}

fn streams(report: &Report, content: StreamContent) -> impl Iterator<Item = (&FileReport, &StreamCounts)> {
    let streams = report.files.iter().filter_map(|file| Some((file, file.stream.as_deref()?)));
    streams.filter(move |(_, stream)| stream.content == content)
}

fn groups(file: &FileReport, stream: &StreamCounts) -> Vec<GroupEntry> {
    let group = |(group, listed): (&FindingGroup, u64)| GroupEntry {
        rule: group.rule.id,
        severity: group.severity,
        pointer: group.pointer.clone(),
        count: group.count,
        share: stream.share(group.count),
        listed,
    };
    stream.groups.listed(&file.findings).into_iter().map(group).collect()
}

/// The program that wrote the report.
#[derive(Serialize, JsonSchema)]
pub(super) struct ReportTool {
    /// Its name.
    pub(super) name: &'static str,
    /// Its version, a semantic version.
    pub(super) version: &'static str,
}

impl ReportTool {
    pub(super) fn this() -> Self {
        Self { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") }
    }
}

/// The counts over all files.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Summary")]
pub(super) struct Counts {
    /// Files that were read.
    files: usize,
    /// MLSpec documents among their documents.
    documents: usize,
    /// Tables of data that were read.
    tables: usize,
    /// The rows of these tables.
    rows: u64,
    /// Files without any MLSpec document.
    skipped: usize,
    /// Documents that are not MLSpec, in files with MLSpec documents.
    left_alone: usize,
    /// Skipped files that were not read because they are not YAML.
    not_yaml: usize,
    /// Skipped files that were not read because they are not UTF-8.
    not_utf8: usize,
    /// Skipped files of other formats, by the name of the format; they were left alone.
    formats: BTreeMap<&'static str, usize>,
    /// Files and folders in the given folders that were not looked at, by reason: `excluded` by the settings or the command line,
    /// `hidden`, `ignored` by git or an `.ignore` file, or `installed` packages and caches. A folder counts as one.
    passed_over: BTreeMap<&'static str, usize>,
    /// Findings of severity error.
    errors: usize,
    /// Findings of severity warning.
    warnings: usize,
    /// Findings of severity info.
    infos: usize,
    /// Findings hidden by suppression comments, the configuration or the baseline.
    suppressed: usize,
    /// Findings with a safe fix.
    fixable: usize,
}

impl From<&Summary> for Counts {
    fn from(summary: &Summary) -> Self {
        // Destructured, so that the compiler reports fields added there.
        let Summary {
            files,
            documents,
            tables,
            rows,
            skipped,
            left_alone,
            formats,
            not_yaml,
            not_utf8,
            passed_over,
            errors,
            warnings,
            infos,
            suppressed,
            fixable,
        } = summary.clone();
        let formats = formats.into_iter().map(|(format, files)| (format.name(), files)).collect();
        Self {
            files,
            documents,
            tables,
            rows,
            skipped,
            left_alone,
            not_yaml,
            not_utf8,
            formats,
            passed_over,
            errors,
            warnings,
            infos,
            suppressed,
            fixable,
        }
    }
}

/// A problem that a rule reports at a place.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Finding")]
struct Entry<'a> {
    /// The rule, as `family/name`.
    rule: &'static str,
    /// How much the finding matters.
    severity: Severity,
    /// The problem, in one sentence.
    message: &'a str,
    /// What to do, if the message does not say it.
    help: Option<&'a str>,
    /// The page of the rule.
    url: String,
    /// The file, with `/` between folders.
    path: &'a str,
    /// 0-based position of the YAML document in the file; in a log, that of the record; in a table, that of the row.
    document: u64,
    /// JSON Pointer (RFC 6901) of the node in its document; empty for the document itself.
    pointer: &'a str,
    /// Whether the finding is about the key or the value at that pointer.
    part: Part,
    /// The place in the file.
    span: Range,
    /// Other places that explain it.
    related: Vec<Related<'a>>,
    /// Possible fixes, the best first.
    fixes: Vec<Fix<'a>>,
    /// Identity of the finding: stable as long as rule, file, pointer and message are.
    fingerprint: Fingerprint,
}

/// Whether a finding is about a key or a value.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Part {
    /// The key.
    Key,
    /// The value.
    Value,
}

/// A half-open range of a file.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Span")]
struct Range {
    /// Its first character.
    start: Position,
    /// The position after its last character.
    end: Position,
}

/// A position in a file.
#[derive(Serialize, JsonSchema)]
struct Position {
    /// Bytes before it, in the file as it is stored; in a compressed file, in what is stored in it.
    offset: u64,
    /// The line, from 1.
    #[schemars(range(min = 1))]
    line: u32,
    /// The column, in characters (Unicode scalar values) from 1; a byte order mark does not count.
    #[schemars(range(min = 1))]
    column: u32,
}

/// Another place that explains a finding.
#[derive(Serialize, JsonSchema)]
struct Related<'a> {
    /// The file; for one of a git revision, `<revision>:<path from the root of the repository>`.
    path: &'a str,
    /// The place in it; null if that file was not checked.
    span: Option<Range>,
    /// A description of what is there.
    message: &'a str,
}

/// A fix for a finding: edits that belong together and do not overlap.
#[derive(Serialize, JsonSchema)]
struct Fix<'a> {
    /// What it does, as an instruction.
    title: &'a str,
    /// Whether it may be applied without review.
    applicability: Applicability,
    /// The edits, in the order of the text.
    edits: Vec<Edit<'a>>,
}

/// Whether a fix may be applied without review.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Applicability {
    /// Keeps the meaning; `--fix` applies it.
    Safe,
    /// May change the meaning; `--unsafe-fixes` applies it.
    Unsafe,
    /// Never applied, only shown: the document does not say that it is MLSpec.
    Display,
}

/// A replacement of the bytes `start..end` of the file.
#[derive(Serialize, JsonSchema)]
struct Edit<'a> {
    /// Offset of the first byte.
    start: u64,
    /// Offset after the last byte; equal to `start` to insert.
    end: u64,
    /// The replacement.
    text: &'a str,
}

fn entries<'a>(report: &'a Report, sources: &'a Sources<'a>) -> impl Iterator<Item = Entry<'a>> {
    with_fingerprints(report)
        .map(|(file, finding, fingerprint)| Entry::new(file, finding, fingerprint.clone(), sources))
}

impl<'a> Entry<'a> {
    fn new(file: &'a FileReport, finding: &'a Finding, fingerprint: Fingerprint, sources: &Sources<'a>) -> Self {
        let source = &*file.source;
        let place = &finding.place;
        Self {
            rule: finding.rule.id,
            severity: finding.severity,
            message: &finding.message,
            help: finding.help.as_deref(),
            url: finding.rule.url(),
            path: source.name(),
            document: source.origin(place.span.start).map_or(u64::from(place.document), |origin| origin.record),
            pointer: &place.pointer,
            part: match place.part {
                diagnostics::Part::Key => Part::Key,
                diagnostics::Part::Value => Part::Value,
            },
            span: Region::new(source, place.span).into(),
            related: finding.related.iter().map(|related| Related::new(source, related, sources)).collect(),
            fixes: finding.fixes.iter().map(|fix| Fix::new(source, fix)).collect(),
            fingerprint,
        }
    }
}

impl<'a> Related<'a> {
    fn new(own: &'a Source, related: &'a diagnostics::Related, sources: &Sources<'a>) -> Self {
        let (path, region) = sources.locate(own, related);
        Self { path, span: region.map(Range::from), message: &related.message }
    }
}

impl<'a> Fix<'a> {
    fn new(source: &Source, fix: &'a diagnostics::Fix) -> Self {
        let edit = |edit: &'a crate::text::Edit| {
            let span = super::fit(source, edit.span);
            Edit { start: source.whole_offset(span.start), end: source.whole_offset(span.end), text: &edit.text }
        };
        Self {
            title: &fix.title,
            applicability: match fix.applicability {
                diagnostics::Applicability::Safe => Applicability::Safe,
                diagnostics::Applicability::Unsafe => Applicability::Unsafe,
                diagnostics::Applicability::Display => Applicability::Display,
            },
            edits: fix.edits.iter().map(edit).collect(),
        }
    }
}

impl From<Region> for Range {
    fn from(region: Region) -> Self {
        let position = |offset, LineCol { line, column }| Position { offset, line, column };
        let (start, end) = region.offsets;
        Self { start: position(start, region.start), end: position(end, region.end) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::Format;
    use super::super::tests::{finding, fix, output, report};
    use super::*;
    use crate::text::Span;

    fn sample() -> Report {
        let mut first =
            finding("/b", 9, 11, "wrong \u{1b}").help("mend it").related(Span::new(0, 1), "here").fix(fix(9, 11, "y"));
        first.related.push(diagnostics::Related {
            path: Some("z.yml".into()),
            span: Span::new(0, 1),
            message: "there".into(),
        });
        first.related.push(diagnostics::Related {
            path: Some("gone.yml".into()),
            span: Span::new(0, 1),
            message: "m".into(),
        });
        let files = vec![
            ("a.yml", "a: é\nb: é\n", vec![first, finding("", 0, 0, "n")], vec![]),
            ("z.yml", "x\n", vec![], vec![]),
        ];
        report(files)
    }

    #[test]
    fn the_document_is_what_the_product_promises() {
        let value: Value = serde_json::from_str(&output(Format::Json, &sample())).unwrap();
        assert_eq!(value["version"], 1);
        assert_eq!(value["tool"]["name"], "mlspec-lint");
        assert_eq!(value["summary"]["files"], 2);
        let first = &value["findings"][0];
        assert_eq!(first["rule"], "family/some-rule");
        assert_eq!(
            first["span"],
            json!({"start": {"offset": 9, "line": 2, "column": 4}, "end": {"offset": 11, "line": 2, "column": 5}})
        );
        assert_eq!(first["related"][0]["path"], "a.yml");
        assert_eq!(first["related"][1]["span"]["end"]["column"], 2);
        assert_eq!(first["related"][2]["span"], Value::Null);
        assert_eq!(first["fixes"][0]["edits"], json!([{"start": 9, "end": 11, "text": "y"}]));
        assert_eq!(value["findings"][1]["help"], Value::Null);
        let keys: Vec<_> = first.as_object().unwrap().keys().map(String::as_str).collect();
        let expected = "rule severity message help url path document pointer part span related fixes fingerprint";
        assert_eq!(keys.join(" "), expected);
    }

    #[test]
    fn the_schema_describes_the_report_and_refuses_others() {
        let schema = json_schema();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let mut value: Value = serde_json::from_str(&output(Format::Json, &sample())).unwrap();
        let errors: Vec<_> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
        assert_eq!(schema["title"], "mlspec-lint report");
        assert!(schema["$defs"]["Finding"]["required"].as_array().unwrap().contains(&json!("help")));
        value["findings"][0]["fingerprint"] = json!("xyz");
        assert!(!validator.is_valid(&value));
        value["findings"] = json!([]);
        assert!(validator.is_valid(&value));
        value["version"] = json!(2);
        assert!(!validator.is_valid(&value));
    }

    #[test]
    fn lines_hold_the_same_findings_and_end_with_the_summary() {
        let whole: Value = serde_json::from_str(&output(Format::Json, &sample())).unwrap();
        let lines = output(Format::Jsonl, &sample());
        let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines[..2], whole["findings"].as_array().unwrap()[..]);
        assert_eq!(lines[2], json!({"summary": whole["summary"]}));
        assert_eq!(lines.len(), 3);
    }
}
