//! The output of `compare`: a table for people, JSON and CSV.

use std::io::{self, Write};

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::Style;
use super::json::{ReportTool, VERSION, write_pretty};
use crate::lineage::{ComparisonRow, RunComparison};
use crate::secrets::redact;
use crate::text::{start_of, visible};

/// The output of `mlspec-lint compare --format json`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "mlspec-lint comparison", rename = "Comparison")]
struct Document<'a> {
    /// The version of this format.
    #[schemars(extend("const" = VERSION))]
    version: u8,
    /// The program that wrote the report.
    tool: ReportTool,
    /// The runs, in the order in which they were named.
    runs: Vec<ComparedRun<'a>>,
    /// What the runs are compared by.
    rows: Vec<Row<'a>>,
}

/// A run.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Run")]
struct ComparedRun<'a> {
    /// Its name.
    name: &'a str,
    /// Its file.
    path: String,
}

impl<'a> From<&'a (String, String)> for ComparedRun<'a> {
    fn from((name, path): &'a (String, String)) -> Self {
        Self { name, path: redact(path).into_owned() }
    }
}

/// A value of each run.
#[derive(Serialize, JsonSchema)]
struct Row<'a> {
    /// `run`, `hyperparameters`, `data` or `metrics`.
    section: &'static str,
    /// What the values are of.
    name: &'a str,
    /// Whether the runs differ; a value that one of them lacks is a difference.
    differs: bool,
    /// The value of each run as text, in the order of the runs; null if it has none.
    values: &'a [Option<String>],
}

impl<'a> From<&'a ComparisonRow> for Row<'a> {
    fn from(row: &'a ComparisonRow) -> Self {
        Self { section: row.section.name(), name: &row.name, differs: row.differs(), values: &row.values }
    }
}

/// Returns the JSON Schema of the comparison as `json`.
#[must_use]
pub fn comparison_schema() -> serde_json::Value {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<Document<'_>>().into()
}

/// Writes a comparison as JSON.
///
/// # Errors
///
/// If writing to `out` fails.
pub fn comparison_json(comparison: &RunComparison, out: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        version: VERSION,
        tool: ReportTool::this(),
        runs: comparison.runs.iter().map(ComparedRun::from).collect(),
        rows: comparison.rows.iter().map(Row::from).collect(),
    };
    write_pretty(&document, out)
}

/// Writes a comparison as CSV: a row per line, with a column for each run.
///
/// # Errors
///
/// If writing to `out` fails.
pub fn comparison_csv(comparison: &RunComparison, out: &mut dyn Write) -> io::Result<()> {
    let runs = comparison.runs.iter().map(|(name, _)| name.as_str());
    let head: Vec<String> = ["section", "name", "differs"].into_iter().chain(runs).map(cell).collect();
    writeln!(out, "{}", head.join(","))?;
    for row in &comparison.rows {
        let own = [row.section.name(), &row.name, if row.differs() { "yes" } else { "no" }];
        let values = row.values.iter().map(|value| value.as_deref().unwrap_or(""));
        let cells: Vec<String> = own.into_iter().chain(values).map(cell).collect();
        writeln!(out, "{}", cells.join(","))?;
    }
    Ok(())
}

/// Returns a cell of CSV, on one line. One that a spreadsheet would execute as a formula begins with an apostrophe.
fn cell(text: &str) -> String {
    let text = visible(text);
    let is_formula = text.starts_with(['=', '+', '-', '@']) && text.parse::<f64>().is_err();
    let text = if is_formula { format!("'{text}") } else { text.into_owned() };
    match text.contains([',', '"']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}

/// Longer values are truncated in the table.
const LONGEST_VALUE: usize = 32;
/// Longer names are truncated in the table.
const LONGEST_NAME: usize = 60;

/// Writes a comparison as a table for people.
///
/// # Errors
///
/// If writing to `out` fails.
pub fn comparison_human(comparison: &RunComparison, style: Style, out: &mut dyn Write) -> io::Result<()> {
    for (name, path) in &comparison.runs {
        writeln!(out, "{}  {}", visible(name), visible(&redact(path)))?;
    }
    let shown = |text: &str, limit| start_of(text, limit).into_owned();
    let names: Vec<String> = comparison.rows.iter().map(|row| shown(&row.name, LONGEST_NAME)).collect();
    let width = names.iter().map(|name| name.width()).max().unwrap_or(0);
    let columns: Vec<Vec<String>> = (0..comparison.runs.len())
        .map(|at| {
            let head = comparison.runs.get(at).map_or(String::new(), |(name, _)| shown(name, LONGEST_VALUE));
            let value = |row: &ComparisonRow| match row.values.get(at) {
                Some(Some(value)) => shown(value, LONGEST_VALUE),
                _ => "-".to_owned(),
            };
            std::iter::once(head).chain(comparison.rows.iter().map(value)).collect()
        })
        .collect();
    let widths: Vec<usize> =
        columns.iter().map(|column| column.iter().map(|cell| cell.width()).max().unwrap_or(0)).collect();
    let line = |at: usize| {
        let cells = columns.iter().zip(&widths).filter_map(|(column, width)| Some(padded(column.get(at)?, *width)));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let mark = if style.unicode { "≠" } else { "!" };
    writeln!(out, "\n  {}  {}", " ".repeat(width), line(0))?;
    let mut section = None;
    for (at, (row, name)) in comparison.rows.iter().zip(&names).enumerate() {
        if section != Some(row.section) {
            section = Some(row.section);
            writeln!(out, "{}", row.section.name())?;
        }
        let mark = if row.differs() { mark } else { " " };
        writeln!(out, "{mark} {}  {}", padded(name, width), line(at + 1))?;
    }
    let count = comparison.rows.iter().filter(|row| row.differs()).count();
    writeln!(out, "\n{count} of {} rows differ", comparison.rows.len())
}

fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}
