//! The number of findings of each rule, for `check --statistics`.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;

use super::json::{Counts, ReportTool, VERSION, write_pretty};
use super::summary::{painted_severity, sentence};
use super::{Format, Style};
use crate::analysis::Report;
use crate::diagnostics::Severity;

/// The output of `mlspec-lint check --statistics --format json`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "mlspec-lint statistics", rename = "Statistics")]
struct Document {
    /// The version of this format.
    #[schemars(extend("const" = VERSION))]
    version: u8,
    /// The program that wrote the report.
    tool: ReportTool,
    /// The counts.
    summary: Counts,
    /// The rules with findings; those with the most come first.
    statistics: Vec<Row>,
}

/// The findings of a rule.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Rule")]
struct Row {
    /// The rule, as `family/name`.
    rule: &'static str,
    /// The severity of the most severe of its findings.
    severity: Severity,
    /// The number of findings.
    count: usize,
    /// The number of findings with a safe fix.
    fixable: usize,
}

/// Returns whether a format supports statistics.
#[must_use]
pub fn has_statistics(format: Format) -> bool {
    match format {
        #[cfg(feature = "cli")]
        Format::Human => true,
        Format::Concise | Format::Json => true,
        Format::Grouped
        | Format::Jsonl
        | Format::Sarif
        | Format::Github
        | Format::Gitlab
        | Format::Junit
        | Format::Rdjson => false,
    }
}

/// Writes the number of findings of each rule. Formats that [do not support statistics](has_statistics) are written as `concise`.
///
/// # Errors
///
/// If writing to `out` fails.
pub fn write_statistics(format: Format, report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    let statistics = rows(report);
    match format {
        Format::Json => {
            let (tool, summary) = (ReportTool::this(), Counts::from(&report.summary));
            write_pretty(&Document { version: VERSION, tool, summary, statistics }, &mut out)?;
        }
        _ => write_table(&statistics, report, style, &mut out)?,
    }
    out.flush()
}

/// Returns the JSON Schema of the statistics as `json`.
#[must_use]
pub fn statistics_schema() -> serde_json::Value {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    generator.into_root_schema_for::<Document>().into()
}

fn rows(report: &Report) -> Vec<Row> {
    let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
    let mut add = |rule: &'static str, severity: Severity, count: usize, fixable: usize| {
        let row = rows.entry(rule).or_insert(Row { rule, severity, count: 0, fixable: 0 });
        row.severity = row.severity.max(severity);
        row.count += count;
        row.fixable += fixable;
    };
    let size = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    for file in &report.files {
        // Of a stream, only the first findings of each group are listed.
        for group in file.stream.iter().flat_map(|stream| stream.groups.in_order()) {
            add(group.rule.id, group.severity, size(group.count), size(group.fixable));
        }
        for finding in file.findings.iter().filter(|_| file.stream.is_none()) {
            add(finding.rule.id, finding.severity, 1, usize::from(finding.is_fixable()));
        }
    }
    let mut rows: Vec<Row> = rows.into_values().collect();
    // A stable sort: by name if the numbers are equal.
    rows.sort_by_key(|row| std::cmp::Reverse(row.count));
    rows
}

fn write_table(rows: &[Row], report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let digits = rows.iter().map(|row| row.count.to_string().len()).max().unwrap_or(0);
    let width = rows.iter().map(|row| row.rule.len()).max().unwrap_or(0);
    for Row { rule, severity, count, fixable } in rows {
        let level = painted_severity(*severity, style);
        let fixable = if *fixable > 0 { format!("  {fixable} fixable with --fix") } else { String::new() };
        writeln!(out, "{}", format!("{count:digits$}  {level}  {rule:width$}{fixable}").trim_end())?;
    }
    match style.quiet {
        true => Ok(()),
        false => writeln!(out, "{}", sentence(&report.summary, style.color)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{finding, fix, report};
    use super::*;

    #[test]
    fn findings_are_counted_by_rule() {
        let findings = vec![
            finding("/a", 0, 1, "one").fix(fix(0, 1, "b")),
            finding("/a", 1, 2, "two").severity(Severity::Info),
            finding("/a", 2, 3, "three"),
        ];
        let report = report(vec![("a.yml", "a: b\n", findings, vec![])]);
        let printed = |format, quiet| {
            let mut out = Vec::new();
            write_statistics(format, &report, Style { quiet, ..Style::default() }, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        let row = "3  error    family/some-rule  1 fixable with --fix\n";
        assert_eq!(printed(Format::Concise, true), row);
        assert!(printed(Format::Concise, false).starts_with(&format!("{row}Checked 1 document")));
        let json: serde_json::Value = serde_json::from_str(&printed(Format::Json, false)).unwrap();
        let row = serde_json::json!({"rule": "family/some-rule", "severity": "error", "count": 3, "fixable": 1});
        assert_eq!(json["statistics"], serde_json::json!([row]));
    }
}
