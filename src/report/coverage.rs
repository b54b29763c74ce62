//! The output of `coverage`: a table for people, and JSON.

use std::io::{self, Write};

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;

use super::json::{ReportTool, VERSION, write_pretty};
use crate::coverage::{Coverage, CoveredStep, CoveredSubject, StepDocument};
use crate::documents::Kind;
use crate::documents::lifecycle::LifecycleStep;
use crate::secrets::redact;
use crate::text::visible;

/// The output of `mlspec-lint coverage --format json`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "mlspec-lint coverage", rename = "Coverage")]
struct Document {
    /// The version of this format.
    #[schemars(extend("const" = VERSION))]
    version: u8,
    /// The program that wrote the report.
    tool: ReportTool,
    /// The day of the newest record, from which ages are counted.
    newest: Option<String>,
    /// The steps that are required.
    required: Vec<&'static str>,
    /// Whether the required steps of everything are documented, and there is anything.
    is_met: bool,
    /// The models, and the objectives that name no model.
    subjects: Vec<Subject>,
    /// Documents of steps that nothing links to a model or to objectives.
    unlinked: Vec<Recorded>,
}

/// A model, or objectives that name no model.
#[derive(Serialize, JsonSchema)]
struct Subject {
    /// `model` or `objectives`.
    kind: &'static str,
    /// Its name.
    name: String,
    /// The number of documented steps.
    documented: usize,
    /// All thirteen steps.
    steps: Vec<Step>,
}

/// A step of the lifecycle.
#[derive(Serialize, JsonSchema)]
struct Step {
    /// Its number, from 1.
    number: u8,
    /// Its name.
    name: &'static str,
    /// Whether there is a kind of document for it.
    has_kind: bool,
    /// The newest documents, the newest first. Inference records count once for each file.
    documents: Vec<Recorded>,
    /// Whether there are more than these.
    has_more: bool,
}

/// A document of a step.
#[derive(Serialize, JsonSchema)]
struct Recorded {
    /// Its kind.
    kind: Kind,
    /// Its name.
    name: String,
    /// Its file.
    path: String,
    /// Its day, if it has one.
    date: Option<String>,
    /// How many days it is older than the newest record.
    age_days: Option<i32>,
}

impl From<&StepDocument> for Recorded {
    fn from(document: &StepDocument) -> Self {
        Self {
            kind: document.kind,
            name: document.name.clone(),
            path: redact(&document.path).into_owned(),
            date: document.day.map(|day| day.to_string()),
            age_days: document.age,
        }
    }
}

/// Returns the JSON Schema of the coverage as `json`.
#[must_use]
pub fn coverage_schema() -> serde_json::Value {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<Document>().into()
}

/// Returns whether the required steps of everything are documented. Where there is nothing, nothing is.
#[must_use]
pub fn is_met(coverage: &Coverage, required: &[&'static LifecycleStep]) -> bool {
    let is_covered = |subject: &CoveredSubject| subject.lacking(required).next().is_none();
    required.is_empty() || (!coverage.subjects.is_empty() && coverage.subjects.iter().all(is_covered))
}

/// Writes the coverage as JSON.
///
/// # Errors
///
/// If writing to `out` fails.
pub fn coverage_json(coverage: &Coverage, required: &[&'static LifecycleStep], out: &mut dyn Write) -> io::Result<()> {
    let step = |covered: &CoveredStep| Step {
        number: covered.step.number,
        name: covered.step.name,
        has_kind: !covered.step.kinds.is_empty(),
        documents: covered.documents.iter().map(Recorded::from).collect(),
        has_more: covered.has_more,
    };
    let subject = |subject: &CoveredSubject| Subject {
        kind: subject.noun,
        name: subject.name.clone(),
        documented: subject.documented(),
        steps: subject.steps.iter().map(step).collect(),
    };
    let document = Document {
        version: VERSION,
        tool: ReportTool::this(),
        newest: coverage.newest.map(|day| day.to_string()),
        required: required.iter().map(|step| step.name).collect(),
        is_met: is_met(coverage, required),
        subjects: coverage.subjects.iter().map(subject).collect(),
        unlinked: coverage.unlinked.iter().map(Recorded::from).collect(),
    };
    write_pretty(&document, out)
}

/// Writes the coverage for people.
///
/// # Errors
///
/// If writing to `out` fails.
pub fn coverage_human(coverage: &Coverage, required: &[&'static LifecycleStep], out: &mut dyn Write) -> io::Result<()> {
    for subject in &coverage.subjects {
        let (count, all) = (subject.documented(), subject.steps.len());
        writeln!(out, "{} {}: {count} of {all} steps are documented", subject.noun, visible(&subject.name))?;
        for covered in &subject.steps {
            write_step(covered, required, out)?;
        }
        writeln!(out)?;
    }
    if !coverage.unlinked.is_empty() {
        writeln!(out, "Nothing links these to a model:")?;
        for document in &coverage.unlinked {
            let name = visible(&document.name);
            writeln!(out, "  {} {name}  {}", document.kind, visible(&redact(&document.path)))?;
        }
        writeln!(out)?;
    }
    match coverage.newest {
        _ if coverage.subjects.is_empty() => writeln!(out, "There is no model and there are no objectives here.")?,
        Some(day) => writeln!(out, "Ages are counted from the newest record, of {day}.")?,
        None => writeln!(out, "No record has a date.")?,
    }
    for subject in &coverage.subjects {
        let lacking: Vec<&str> = subject.lacking(required).map(|step| step.name).collect();
        if !lacking.is_empty() {
            let (noun, name) = (subject.noun, visible(&subject.name));
            writeln!(out, "{noun} {name} lacks what is required: {}", lacking.join(", "))?;
        }
    }
    Ok(())
}

fn write_step(covered: &CoveredStep, required: &[&'static LifecycleStep], out: &mut dyn Write) -> io::Result<()> {
    let LifecycleStep { number, name, kinds } = covered.step;
    let Some(first) = covered.documents.first() else {
        let said = match (kinds.is_empty(), required.contains(&covered.step)) {
            (true, _) => "no kind of document yet",
            (false, true) => "not documented, and required",
            (false, false) => "not documented",
        };
        return writeln!(out, "  {number:>2}  {name:14}  {said}");
    };
    let day = first.day.map_or_else(|| "no date".to_owned(), |day| day.to_string());
    let age = match first.age {
        None => String::new(),
        Some(1) => "1 day".to_owned(),
        Some(days) => format!("{days} days"),
    };
    let more = match covered.documents.len() - 1 {
        0 => String::new(),
        more if covered.has_more => format!(" and more than {more} more"),
        more => format!(" and {more} more"),
    };
    writeln!(out, "  {number:>2}  {name:14}  {day:10}  {age:>9}  {}{more}", visible(&redact(&first.path)))
}
