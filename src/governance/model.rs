//! One model: what it is, its verdict, its steps, its waivers.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::approval::{ApprovalReport, approvals};
use super::data::{HoldbackUse, HoldbackUses, SplitReport, ValidationReport, holdback, splits, validations};
use super::drawn::{FindingsOfFile, ModelLineage, lineage_of};
use super::measured::{MetricSeries, SlicedMetric, series};
use super::subject::SubjectDocuments;
use super::{Blocked, Governed, ReportedFinding, SOON, age, said};
use crate::coverage::{CoveredStep, CoveredSubject, StepDocument};
use crate::diagnostics::Severity;
use crate::documents::Document;
use crate::documents::field::List;
use crate::documents::objectives::Objectives;
use crate::objectives::evaluate::waivers;
use crate::objectives::verdict::{GateVerdict, JudgedSeverity, ObjectiveVerdict, Verdict};
use crate::workspace::{DocId, Member};

/// A model, or objectives that name no model.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct GovernedModel {
    /// What it is: `model` or `objectives`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// What it does.
    pub description: Option<String>,
    /// What its documents say of it: owner, license, framework and the like.
    pub facts: Vec<ModelFact>,
    /// The files that describe it.
    pub files: Vec<String>,
    /// The verdict: the worst of its objectives'.
    pub verdict: ModelVerdict,
    /// What its objectives say of it.
    pub judgements: Vec<ModelJudgement>,
    /// The waivers of its objectives, the first to end first.
    pub waivers: Vec<WaiverReport>,
    /// Who approved it, its objectives and its rollouts, the first to approve first.
    pub approvals: Vec<ApprovalReport>,
    /// The number of documented steps.
    pub documented: usize,
    /// All thirteen steps.
    pub steps: Vec<CoveredStepReport>,
    /// Its metrics over time.
    pub series: Vec<MetricSeries>,
    /// The number of metrics over time that are left out.
    pub series_left_out: usize,
    /// Its metrics in slices of the data.
    pub slices: Vec<SlicedMetric>,
    /// How its data was split.
    pub splits: Vec<SplitReport>,
    /// What validating its data found.
    pub validations: Vec<ValidationReport>,
    /// How often its hold-back data was used.
    pub holdback: Vec<HoldbackUse>,
    /// What it came from, and what came of it.
    pub lineage: ModelLineage,
    /// Errors in the files of its lineage.
    pub errors: usize,
    /// Warnings in these files.
    pub warnings: usize,
    /// Infos in these files.
    pub infos: usize,
}

/// Something that documents say of a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ModelFact {
    /// What is said.
    pub name: &'static str,
    /// The value.
    pub value: String,
}

/// The verdict on a model, from the best to the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ModelVerdict {
    /// Every objective is met.
    Pass,
    /// Every required objective is met or waived, but something falls short.
    Warn,
    /// It cannot be determined whether all required objectives are met.
    Unknown,
    /// Nothing was judged: there are no objectives, or they or the evidence cannot be used.
    NotJudged,
    /// A required objective is not met.
    Fail,
}

impl ModelVerdict {
    /// Returns the name as it is written in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Unknown => "unknown",
            Self::NotJudged => "not-judged",
            Self::Fail => "fail",
        }
    }
}

impl From<GateVerdict> for ModelVerdict {
    fn from(verdict: GateVerdict) -> Self {
        match verdict {
            GateVerdict::Pass => Self::Pass,
            GateVerdict::Warn => Self::Warn,
            GateVerdict::Unknown => Self::Unknown,
            GateVerdict::Fail => Self::Fail,
        }
    }
}

/// What a document of objectives says of a model.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ModelJudgement {
    /// The name of the objectives.
    pub name: String,
    /// Their file.
    pub path: String,
    /// Who is responsible for them.
    pub owner: Option<String>,
    /// The verdict of the gate; null if nothing was judged.
    pub verdict: Option<Verdict>,
    /// Why nothing was judged.
    pub refused: Option<String>,
    /// The reason for each objective, by its id.
    pub reasons: BTreeMap<String, String>,
    /// The command that judges again.
    pub command: String,
}

/// A decision not to enforce an objective for a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WaiverReport {
    /// The objectives.
    pub objectives: String,
    /// The objective, by id.
    pub objective: String,
    /// The last day on which it is in force.
    #[schemars(extend("format" = "date"))]
    pub until: String,
    /// How many days after the day of the report that is; negative if it has ended.
    pub days_left: Option<i32>,
    /// Who decided.
    pub by: String,
    /// The reason for the decision.
    pub reason: String,
    /// Whether the verdict needed it.
    pub is_used: bool,
}

impl WaiverReport {
    /// Returns whether it has ended on the day of the report.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.days_left.is_some_and(|days| days < 0)
    }

    /// Returns whether it ends soon.
    #[must_use]
    pub fn is_ending(&self) -> bool {
        self.days_left.is_some_and(|days| (0..=SOON).contains(&days))
    }
}

/// A step of the lifecycle.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CoveredStepReport {
    /// Its number, from 1.
    pub number: u8,
    /// Its name.
    pub name: &'static str,
    /// The newest documents, the newest first.
    pub files: Vec<StepFile>,
    /// Whether there are more than these.
    pub has_more: bool,
}

/// A document of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StepFile {
    /// Its kind.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Its file.
    pub path: String,
    /// Its day, if it has one.
    #[schemars(extend("format" = "date"))]
    pub date: Option<String>,
    /// How many days it is older than the day of the report; negative if it is newer.
    pub age_days: Option<i32>,
}

impl GovernedModel {
    /// Returns what keeps it from being deployed; `at` is its position in the report.
    pub(super) fn blocked(&self, at: usize) -> Vec<Blocked> {
        let blocked = |objectives: Option<&ModelJudgement>, objective: Option<&String>, why: &str| Blocked {
            model: at,
            objectives: objectives.map(|own| own.name.clone()),
            objective: objective.cloned(),
            why: why.to_owned(),
        };
        if self.judgements.is_empty() {
            return vec![blocked(None, None, "no objectives say what it must achieve")];
        }
        let mut all = Vec::new();
        for judgement in &self.judgements {
            all.extend(judgement.refused.as_deref().map(|why| blocked(Some(judgement), None, why)));
            let objectives = judgement.verdict.iter().flat_map(|verdict| &verdict.objectives);
            let is_blocking = |verdict| matches!(verdict, ObjectiveVerdict::Fail | ObjectiveVerdict::Unknown);
            let blocking =
                objectives.filter(|own| own.severity == JudgedSeverity::Required && is_blocking(own.verdict));
            all.extend(blocking.map(|own| blocked(Some(judgement), Some(&own.id), &own.message)));
        }
        all
    }
}

/// Returns the models of a workspace.
pub(super) fn models(governed: &Governed<'_>, day: Option<Date>, findings: &[ReportedFinding]) -> Vec<GovernedModel> {
    let mut of_file = FindingsOfFile::default();
    for finding in findings {
        of_file.entry(finding.path.as_str()).or_default().push(finding);
    }
    let subjects = governed.coverage.subjects.iter();
    let mut known = HoldbackUses::default();
    subjects.map(|subject| model(governed, subject, day, &of_file, &mut known)).collect()
}

fn model(
    governed: &Governed<'_>,
    subject: &CoveredSubject,
    day: Option<Date>,
    findings: &FindingsOfFile<'_>,
    known: &mut HoldbackUses,
) -> GovernedModel {
    let lineage = governed.lineage;
    let documents = SubjectDocuments::of(lineage, subject.thing);
    let members =
        |ids: &[DocId]| -> Vec<&Member> { ids.iter().filter_map(|id| lineage.workspace().member(*id)).collect() };
    let (own, objectives) = (members(&documents.own), members(&documents.objectives));
    let judgements: Vec<ModelJudgement> =
        documents.objectives.iter().filter_map(|id| judgement(governed, *id)).collect();
    let verdict_of = |own: &ModelJudgement| {
        own.verdict.as_ref().map_or(ModelVerdict::NotJudged, |verdict| ModelVerdict::from(verdict.verdict))
    };
    let steps: Vec<CoveredStepReport> = subject.steps.iter().map(|step| covered(step, day)).collect();
    let (drawn, mut files) = lineage_of(lineage, subject.thing, findings);
    files.extend(steps.iter().flat_map(|step| &step.files).map(|file| file.path.clone()));
    let found = || files.iter().filter_map(|file| findings.get(file.as_str())).flatten();
    let count = |severity: Severity| found().filter(|finding| finding.severity == severity).count();
    let (series, series_left_out) = series(lineage, &documents);
    let described = own.iter().chain(&objectives);
    let mut files_of_it: Vec<String> = own.iter().map(|member| said::path(member.file())).collect();
    files_of_it.dedup();
    GovernedModel {
        kind: subject.noun,
        name: subject.name.clone(),
        description: described.clone().find_map(|member| said::said_at(member, &["description"])),
        facts: facts(&own, &objectives),
        files: files_of_it,
        verdict: judgements.iter().map(verdict_of).max().unwrap_or(ModelVerdict::NotJudged),
        waivers: all_waivers(&objectives, &judgements, day),
        judgements,
        approvals: approvals(lineage, &documents),
        documented: subject.documented(),
        splits: splits(lineage, subject),
        validations: validations(lineage, subject),
        holdback: holdback(lineage, &documents, day, known),
        steps,
        series,
        series_left_out,
        slices: slices(governed, &documents.objectives),
        lineage: drawn,
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        infos: count(Severity::Info),
    }
}

/// Returns what was measured in slices. Several objectives may be judged by the same measurements.
fn slices(governed: &Governed<'_>, objectives: &[DocId]) -> Vec<SlicedMetric> {
    let mut all: Vec<SlicedMetric> = Vec::new();
    for own in objectives.iter().filter_map(|id| governed.judged.get(id)).flat_map(|judged| &judged.slices) {
        if !all.contains(own) {
            all.push(own.clone());
        }
    }
    all
}

/// What is said of a model, and the fields that say it, in its own documents and in those of its objectives.
const FACTS: &[(&str, &[&[&str]])] = &[
    ("Version", &[&["version"]]),
    ("Status", &[&["status"], &["state"]]),
    ("Author", &[&["author", "name"], &["created_by"]]),
    ("Contact", &[&["author", "email"]]),
    ("Domain", &[&["domain"]]),
    ("Purpose", &[&["purpose"]]),
    ("Framework", &[&["framework", "name"]]),
    ("Framework version", &[&["framework", "version"]]),
    ("License", &[&["license"], &["custom", "license"]]),
    ("License of the data", &[&["data", "license"]]),
];

fn facts(own: &[&Member], objectives: &[&Member]) -> Vec<ModelFact> {
    let fact = |name, value| ModelFact { name, value };
    let said_of_it = FACTS.iter().filter_map(|(name, paths)| {
        let value = own.iter().find_map(|member| paths.iter().find_map(|path| said::said_at(member, path)));
        Some(fact(*name, value?))
    });
    let owner = objectives.iter().find_map(|member| said::said_at(member, &["owner"]));
    let back = objectives.iter().find_map(|member| said::said_at(member, &["rollback", "to"]));
    let owner = owner.map(|owner| fact("Owner of the objectives", owner));
    owner.into_iter().chain(said_of_it).chain(back.map(|to| fact("Would be rolled back to", to))).collect()
}

fn judgement(governed: &Governed<'_>, id: DocId) -> Option<ModelJudgement> {
    let member = governed.lineage.workspace().member(id)?;
    let (verdict, refused) = match governed.judged.get(&id).map(|own| &own.verdict) {
        Some(Ok(verdict)) => (Some(verdict.clone()), None),
        Some(Err(why)) => (None, Some(why.clone())),
        None => (None, Some("it was not judged".to_owned())),
    };
    let reasons = objectives_of(member).and_then(|document| document.objectives.get()).into_iter().flat_map(List::iter);
    let reasons = reasons.filter_map(|(_, own)| Some((said::said(own.id.get()?), said::said(own.why.get()?))));
    let as_of = governed.as_of.map(|as_of| format!(" --as-of {}", said::written(as_of)));
    Some(ModelJudgement {
        name: governed.lineage.of_document(id).map_or_else(String::new, |thing| governed.lineage.label(thing)),
        path: said::path(member.file()),
        owner: said::said_at(member, &["owner"]),
        verdict,
        refused,
        reasons: reasons.collect(),
        command: format!("mlspec-lint gate {}{}", said::shell_word(member.file()), as_of.unwrap_or_default()),
    })
}

/// Returns a document of objectives.
pub(super) fn objectives_of(member: &Member) -> Option<&Objectives> {
    match member.typed()? {
        Document::Objectives(document) => Some(document),
        _ => None,
    }
}

fn all_waivers(objectives: &[&Member], judgements: &[ModelJudgement], day: Option<Date>) -> Vec<WaiverReport> {
    let mut all = Vec::new();
    for (member, judgement) in objectives.iter().zip(judgements) {
        let judged = judgement.verdict.iter().flat_map(|verdict| &verdict.objectives);
        let used: Vec<(&str, &str)> =
            judged.filter_map(|own| Some((own.id.as_str(), own.waiver.as_ref()?.until.as_str()))).collect();
        for waiver in objectives_of(member).into_iter().flat_map(waivers) {
            let until = waiver.until.to_string();
            all.push(WaiverReport {
                objectives: judgement.name.clone(),
                objective: said::said(waiver.objective),
                days_left: age(day, Some(waiver.until)),
                by: said::said(waiver.by),
                reason: said::said(waiver.reason),
                is_used: used.contains(&(waiver.objective, until.as_str())),
                until,
            });
        }
    }
    all.sort_by(|a, b| a.until.cmp(&b.until));
    all
}

fn covered(step: &CoveredStep, day: Option<Date>) -> CoveredStepReport {
    let file = |document: &StepDocument| StepFile {
        kind: document.kind.name(),
        name: document.name.clone(),
        path: said::path(&document.path),
        date: document.day.map(|day| day.to_string()),
        age_days: age(document.day, day),
    };
    CoveredStepReport {
        number: step.step.number,
        name: step.step.name,
        files: step.documents.iter().map(file).collect(),
        has_more: step.has_more,
    }
}
