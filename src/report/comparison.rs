//! The output of `compare`: a table for people, JSON and CSV.

use std::io::{self, Write};

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::Style;
use super::json::{ReportTool, VERSION, write_pretty};
use crate::documents::objectives::Better;
use crate::lineage::{ComparisonRow, MeasuredNumber, RunComparison};
use crate::objectives::number::Exact;
use crate::objectives::unit::{Dimension, MetricUnit};
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
    /// Which values are better: `higher` or `lower`; null if no objectives declare it, or if they contradict each other.
    better: Option<&'static str>,
    /// How far each run is from the first one, in the order of the runs; null for the first, and where one of the two has not one number.
    changes: Vec<Option<RowChange>>,
}

/// How far a run is from the first one.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Change")]
struct RowChange {
    /// The difference, in the unit.
    absolute: f64,
    /// The unit; null if none is recorded or declared.
    unit: Option<String>,
    /// The difference as a fraction of the value of the first run; null if the unit has no zero that is known, or that value is not above it.
    relative: Option<f64>,
    /// Whether the run is better than the first one; null if they are equal, or if nobody says which values are better.
    is_better: Option<bool>,
}

impl From<ChangeFromFirst> for RowChange {
    fn from(change: ChangeFromFirst) -> Self {
        let number = |value: &Exact| value.to_decimal(DIGITS).parse().unwrap_or_else(|_| value.to_f64());
        Self {
            absolute: number(&change.absolute),
            unit: change.unit_name,
            relative: change.relative.as_ref().map(number),
            is_better: change.is_better,
        }
    }
}

impl<'a> From<&'a ComparisonRow> for Row<'a> {
    fn from(row: &'a ComparisonRow) -> Self {
        let better = row.better.map(|better| match better {
            Better::Higher => "higher",
            Better::Lower => "lower",
        });
        let changes =
            (0..row.values.len()).map(|column| ChangeFromFirst::of(row, column).map(RowChange::from)).collect();
        Self {
            section: row.section.name(),
            name: &row.name,
            differs: differs(row),
            values: &row.values,
            better,
            changes,
        }
    }
}

/// Numbers are shown with this many significant digits: more than anybody measures.
const DIGITS: u32 = 15;

/// How far a run is from the first one.
pub(super) struct ChangeFromFirst {
    /// The difference, in the unit of the first run.
    absolute: Exact,
    unit: MetricUnit,
    /// The unit as documents write it.
    unit_name: Option<String>,
    relative: Option<Exact>,
    /// Whether that is an improvement; `None` if nothing changed, or nobody says which values are better.
    pub(super) is_better: Option<bool>,
}

impl ChangeFromFirst {
    /// Returns how far the run of a column is from that of the first; `None` for the first, and if there are not two numbers that measure
    /// the same quantity.
    pub(super) fn of(row: &ComparisonRow, column: usize) -> Option<Self> {
        let (first, own) = (row.numbers.first()?.as_ref()?, row.numbers.get(column)?.as_ref()?);
        let (first_unit, own_unit) = (unit_of(first), unit_of(own));
        if column == 0 || first_unit.dimension != own_unit.dimension {
            return None;
        }
        let value = |number: &MeasuredNumber, unit: &MetricUnit| Some(&Exact::parse(&number.number)? * &unit.factor);
        let (first_value, own_value) = (value(first, &first_unit)?, value(own, &own_unit)?);
        let difference = &own_value - &first_value;
        let is_positive = !first_value.is_zero() && !first_value.is_negative();
        // A relative change means something only above a zero that means "nothing".
        let has_zero =
            matches!(first_unit.dimension, Dimension::One | Dimension::Count | Dimension::Time | Dimension::Bytes);
        let relative = (has_zero && is_positive).then(|| difference.divided_by(&first_value)).flatten();
        let is_better = row.better.filter(|_| !difference.is_zero()).map(|better| match better {
            Better::Higher => !difference.is_negative(),
            Better::Lower => difference.is_negative(),
        });
        let absolute = difference.divided_by(&first_unit.factor)?;
        Some(Self { absolute, unit: first_unit, unit_name: first.unit.clone(), relative, is_better })
    }

    /// Returns the change for people: `+0.28 min (+8.09 %) worse`; nothing if there is none.
    fn shown(&self) -> String {
        match self.is_better {
            Some(true) => self.shown_number() + " better",
            Some(false) => self.shown_number() + " worse",
            None => self.shown_number(),
        }
    }

    /// Returns the change as a number: `+0.28 min (+8.09 %)`; nothing if there is none.
    pub(super) fn shown_number(&self) -> String {
        if self.absolute.is_zero() {
            return String::new();
        }
        let signed = |value: &Exact, digits| {
            let sign = if value.is_negative() { "" } else { "+" };
            format!("{sign}{}", value.to_decimal(digits))
        };
        let mut text = signed(&self.absolute, DIGITS);
        match &*self.unit.symbol {
            "" => {}
            // Of two percentages, the difference is one of points.
            "%" => text += " pp",
            symbol => text = format!("{text} {}", visible(symbol)),
        }
        if let Some(relative) = &self.relative {
            text += &format!(" ({} %)", signed(&(relative * &Exact::whole(100)), 3));
        }
        text
    }
}

/// Returns whether runs differ. The same quantity in another unit is the same.
pub(super) fn differs(row: &ComparisonRow) -> bool {
    let is_same = |column| ChangeFromFirst::of(row, column).is_some_and(|change| change.absolute.is_zero());
    row.differs() && (row.differs_beside_values() || !(1..row.values.len()).all(is_same))
}

/// The units of numbers that have none.
const UNSPOKEN_UNITS: [&str; 4] = ["", "1", "count", "fraction"];

/// Returns the value of a run for people: a number with its unit.
pub(super) fn shown_value(row: &ComparisonRow, column: usize) -> Option<String> {
    let value = row.values.get(column)?.as_ref()?;
    let number = row.numbers.get(column).and_then(Option::as_ref);
    let unit = number.and_then(|own| Some((own, own.unit.as_deref()?)));
    Some(match unit.filter(|(_, unit)| !UNSPOKEN_UNITS.contains(unit)) {
        Some((own, unit)) if Exact::parse(&own.number).is_some() => {
            value.replacen(&own.number, &format!("{} {unit}", own.number), 1)
        }
        _ => value.clone(),
    })
}

fn unit_of(number: &MeasuredNumber) -> MetricUnit {
    number.unit.as_deref().map_or_else(MetricUnit::unknown, MetricUnit::named)
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

/// Writes a comparison as CSV: a row per line, with a column for the value of each run, and three for how far each further run is from the
/// first.
///
/// # Errors
///
/// If writing to `out` fails.
pub fn comparison_csv(comparison: &RunComparison, out: &mut dyn Write) -> io::Result<()> {
    let runs = comparison.runs.iter().map(|(name, _)| name.as_str());
    let further = comparison.runs.iter().skip(1);
    let changes = further.flat_map(|(name, _)| ["change", "relative", "better"].map(|what| format!("{name} {what}")));
    let head = ["section", "name", "differs"].into_iter().chain(runs).map(cell);
    let head: Vec<String> = head.chain(changes.map(|name| cell(&name))).collect();
    writeln!(out, "{}", head.join(","))?;
    for row in &comparison.rows {
        let own = [row.section.name(), &row.name, if differs(row) { "yes" } else { "no" }];
        let values = row.values.iter().map(|value| value.as_deref().unwrap_or(""));
        let changes = (1..row.values.len()).flat_map(|column| {
            let change = ChangeFromFirst::of(row, column);
            let number = |value: Option<&Exact>| value.map(|value| value.to_decimal(DIGITS)).unwrap_or_default();
            let is_better = change.as_ref().and_then(|change| change.is_better);
            let relative = number(change.as_ref().and_then(|change| change.relative.as_ref()));
            let is_better = is_better.map_or("", |is_better| if is_better { "yes" } else { "no" });
            [number(change.as_ref().map(|change| &change.absolute)), relative, is_better.to_owned()]
        });
        let cells: Vec<String> = own.into_iter().chain(values).map(cell).chain(changes).collect();
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
        .flat_map(|at| {
            let head = comparison.runs.get(at).map_or(String::new(), |(name, _)| shown(name, LONGEST_VALUE));
            let value = |row: &ComparisonRow| {
                shown_value(row, at).map_or_else(|| "-".to_owned(), |value| shown(&value, LONGEST_VALUE))
            };
            let change = |row: &ComparisonRow| {
                ChangeFromFirst::of(row, at).map(|change| shown(&change.shown(), LONGEST_NAME)).unwrap_or_default()
            };
            let changes: Vec<String> = comparison.rows.iter().map(change).collect();
            let head_of_changes = if comparison.runs.len() > 2 { "change from the first" } else { "change" };
            let values = std::iter::once(head).chain(comparison.rows.iter().map(value)).collect();
            let is_told = changes.iter().any(|change| !change.is_empty());
            let changes = is_told.then(|| std::iter::once(head_of_changes.to_owned()).chain(changes).collect());
            std::iter::once(values).chain(changes)
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
        let mark = if differs(row) { mark } else { " " };
        writeln!(out, "{mark} {}  {}", padded(name, width), line(at + 1))?;
    }
    let count = comparison.rows.iter().filter(|row| differs(row)).count();
    writeln!(out, "\n{count} of {} rows differ", comparison.rows.len())
}

fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}
