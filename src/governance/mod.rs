//! The governance report as data: model by model, what it is, whether it meets its objectives, which steps of its lifecycle are documented,
//! and what was found in its documents.
//!
//! The structs define the published format and are what the page is rendered from, so a figure in one is the same in the other. All
//! inputs are passed in: the same documents give the same report everywhere. Credentials are masked here, before anything is rendered.

mod approval;
mod data;
mod drawn;
mod judged;
mod measured;
mod model;
mod said;
mod subject;
mod trend;

use jiff::civil::Date;
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;

pub use approval::ApprovalReport;
pub use data::{DistanceReport, HoldbackUse, SplitReport, SplitSetReport, ValidationReport};
pub use drawn::{DrawnEdge, DrawnThing, ModelLineage};
pub use judged::{JudgedObjectives, judge};
pub use measured::{MetricSeries, SeriesPoint, SlicePoint, SlicedMetric};
pub use model::{CoveredStepReport, GovernedModel, ModelFact, ModelJudgement, ModelVerdict, StepFile, WaiverReport};
pub use said::{shell_word, written};
pub use trend::{EarlierReport, ModelTrend, Trend};

use crate::analysis::Report;
use crate::coverage::Coverage;
use crate::diagnostics::Severity;
use crate::lineage::Lineage;
use crate::objectives::as_of::AsOf;
use crate::objectives::verdict::VerdictTool;
use crate::workspace::DocId;

/// The version of the format; it is incremented if a field is removed or changes its meaning.
pub const VERSION: u8 = 1;

/// A waiver that ends within this many days is announced.
pub const SOON: i32 = 30;

/// The report of `mlspec-lint report`, as JSON: the models of a workspace, and what can be shown about them.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(title = "mlspec-lint governance report")]
pub struct GovernanceReport {
    /// The version of this format.
    #[schemars(extend("const" = VERSION))]
    pub version: u8,
    /// The program that wrote the report.
    pub tool: VerdictTool,
    /// The command that writes the same report from the same files.
    pub command: String,
    /// Where the files are that the report links to: a URL or a path, to which their paths are appended. Null if it links to none.
    pub link_base: Option<String>,
    /// The day from which waivers and ages are counted. Null if no record has a date.
    #[schemars(extend("format" = "date"))]
    pub as_of: Option<String>,
    /// Whether that day was given; otherwise it is that of the newest record.
    pub is_time_given: bool,
    /// The counts.
    pub summary: GovernanceSummary,
    /// The changes since an earlier report, if one was given.
    pub trend: Option<Trend>,
    /// The models, and the objectives that name no model.
    pub models: Vec<GovernedModel>,
    /// The findings of a check, in the order of path and place.
    pub findings: Vec<ReportedFinding>,
    /// The files that were read and hold MLSpec documents, by path.
    pub inputs: Vec<ReportedInput>,
}

/// The counts of a report.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct GovernanceSummary {
    /// The number of models, and of objectives that name no model.
    pub models: usize,
    /// The number of these with each verdict.
    pub verdicts: ModelCounts,
    /// What keeps models from being deployed.
    pub blocked: Vec<Blocked>,
    /// The number of documented steps of all models.
    pub documented: usize,
    /// The number of steps of all models.
    pub steps: usize,
    /// The waivers that end within 30 days after the day of the report.
    pub waivers_ending: usize,
    /// The waivers that have ended.
    pub waivers_ended: usize,
    /// The files that hold MLSpec documents.
    pub files: usize,
    /// The MLSpec documents.
    pub documents: usize,
    /// Findings of severity error.
    pub errors: usize,
    /// Findings of severity warning.
    pub warnings: usize,
    /// Findings of severity info.
    pub infos: usize,
    /// Findings that settings or comments hide.
    pub suppressed: usize,
}

/// The number of models with each verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ModelCounts {
    /// Models that meet all objectives.
    pub pass: usize,
    /// Models that fall short of an advisory objective or an aim, or need a waiver.
    pub warn: usize,
    /// Models of which it is unknown whether they meet their objectives.
    pub unknown: usize,
    /// Models that do not meet a required objective.
    pub fail: usize,
    /// Models that were not judged.
    pub not_judged: usize,
}

/// What keeps a model from being deployed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Blocked {
    /// The position of the model in the report.
    pub model: usize,
    /// The document of objectives; null if there is none.
    pub objectives: Option<String>,
    /// The objective; null if nothing was judged.
    pub objective: Option<String>,
    /// Why.
    pub why: String,
}

/// A finding of a check.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReportedFinding {
    /// The rule, as `family/name`.
    pub rule: &'static str,
    /// How much the finding matters.
    pub severity: Severity,
    /// The problem, in one sentence.
    pub message: String,
    /// What to do, if the message does not say it.
    pub help: Option<String>,
    /// The page of the rule.
    pub url: String,
    /// The file, with `/` between folders.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, in characters from 1.
    pub column: u32,
    /// The line of the file, without credentials.
    pub snippet: String,
    /// Identifies the finding among those of other reports.
    pub fingerprint: String,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReportedInput {
    /// Its path, with `/` between folders.
    pub path: String,
    /// Its digest.
    #[schemars(extend("pattern" = "^[0-9a-f]{64}$"))]
    pub sha256: String,
    /// The kind of each MLSpec document in it.
    pub kinds: Vec<&'static str>,
}

/// What a report is about.
pub struct Governed<'a> {
    /// The documents, and how they came of each other.
    pub lineage: &'a Lineage<'a>,
    /// The steps that are documented, model by model.
    pub coverage: &'a Coverage,
    /// What became of each document of objectives.
    pub judged: &'a FxHashMap<DocId, JudgedObjectives>,
    /// The result of a check.
    pub check: &'a Report,
    /// The files that hold documents.
    pub inputs: Vec<ReportedInput>,
    /// The time from which waivers and ages are counted; if `None`, the day of the newest record.
    pub as_of: Option<AsOf>,
    /// The earlier report to compare with.
    pub earlier: Option<&'a EarlierReport>,
    /// The command that writes the report.
    pub command: String,
    /// Where the files are that it links to.
    pub link_base: Option<String>,
}

/// Returns the JSON Schema of a report.
#[must_use]
pub fn governance_schema() -> serde_json::Value {
    // The schema describes the output: nullable fields are always present.
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<GovernanceReport>().into()
}

impl GovernanceReport {
    /// Returns the report about some documents.
    #[must_use]
    pub fn of(governed: Governed<'_>) -> Self {
        let day = governed.as_of.map(AsOf::day).or(governed.coverage.newest);
        let findings = findings(governed.check);
        let models = model::models(&governed, day, &findings);
        let mut report = Self {
            version: VERSION,
            tool: VerdictTool::this(),
            link_base: governed.link_base.as_deref().map(said::path),
            as_of: day.map(|day| day.to_string()),
            is_time_given: governed.as_of.is_some(),
            summary: summary(&models, governed.check, &governed.inputs),
            trend: None,
            models,
            findings,
            inputs: governed
                .inputs
                .into_iter()
                .map(|input| ReportedInput { path: said::path(&input.path), ..input })
                .collect(),
            command: said::path(&governed.command),
        };
        report.trend = governed.earlier.map(|earlier| Trend::of(earlier, &report));
        report
    }
}

/// Returns how many days a day is before the day of the report.
fn age(day: Option<Date>, of: Option<Date>) -> Option<i32> {
    day.zip(of).and_then(|(day, of)| of.since(day).ok()).map(|span| span.get_days())
}

fn summary(models: &[GovernedModel], check: &Report, inputs: &[ReportedInput]) -> GovernanceSummary {
    let waivers = || models.iter().flat_map(|model| &model.waivers);
    let mut verdicts = ModelCounts::default();
    for model in models {
        *match model.verdict {
            ModelVerdict::Pass => &mut verdicts.pass,
            ModelVerdict::Warn => &mut verdicts.warn,
            ModelVerdict::Unknown => &mut verdicts.unknown,
            ModelVerdict::Fail => &mut verdicts.fail,
            ModelVerdict::NotJudged => &mut verdicts.not_judged,
        } += 1;
    }
    GovernanceSummary {
        models: models.len(),
        verdicts,
        blocked: models.iter().enumerate().flat_map(|(at, model)| model.blocked(at)).collect(),
        documented: models.iter().map(|model| model.documented).sum(),
        steps: models.iter().map(|model| model.steps.len()).sum(),
        waivers_ending: waivers().filter(|waiver| waiver.is_ending()).count(),
        waivers_ended: waivers().filter(|waiver| waiver.has_ended()).count(),
        files: inputs.len(),
        documents: inputs.iter().map(|input| input.kinds.len()).sum(),
        errors: check.summary.errors,
        warnings: check.summary.warnings,
        infos: check.summary.infos,
        suppressed: check.summary.suppressed,
    }
}

fn findings(check: &Report) -> Vec<ReportedFinding> {
    let of_file = check.files.iter().flat_map(|file| {
        file.findings.iter().zip(&file.fingerprints).map(move |(finding, fingerprint)| {
            let place = file.source.line_col(finding.place.span.start);
            ReportedFinding {
                rule: finding.rule.id,
                severity: finding.severity,
                message: finding.message.clone(),
                help: finding.help.clone(),
                url: finding.rule.url(),
                path: said::path(file.source.name()),
                line: place.line,
                column: place.column,
                snippet: said::snippet(&file.source, &file.secrets, finding.place.span),
                fingerprint: fingerprint.to_string(),
            }
        })
    });
    of_file.collect()
}
