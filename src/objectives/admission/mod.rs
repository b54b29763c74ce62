//! Which evidence a gate admits: that of one model, about the data that it names, measured by runs that came to their end.
//!
//! What is doubtful about a number is for the judgement to say. Here is what makes the documents themselves contradict each other, or what
//! was demanded: nothing is judged then.

mod data;
mod identity;
mod names;
mod separation;
mod wholes;

pub(super) use separation::is_named;

use super::gate::{GateFile, with_role};
use super::policy::Policy;
use super::provenance::MeasuredModels;
use super::verdict::{Concern, ConcernReason};
use super::verdict::{InputRole, Subject};
use crate::documents::field::List;
use crate::documents::objectives::Objectives;
use crate::documents::run::{RunArtifact, RunDataset, RunStatus};
use crate::documents::{Document, Kind};
use crate::workspace::{Member, Workspace};

/// What is demanded of evidence beside the objectives.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// What is to be deployed: the evidence must be about each of these files, which then are one by their bytes.
    pub subject: Vec<Subject>,
    /// Whether all evidence must say which file was measured.
    pub is_digest_required: bool,
    /// Whether another baseline may be given than the one that the objectives name.
    pub may_override_baseline: bool,
}

/// Why evidence is not admitted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Inadmissible {
    /// A run that came to no end, or to a bad one.
    #[error("the run '{run}' in {file} {part} and is {status}: only a completed run is evidence")]
    NotCompleted {
        /// The name or id of the run.
        run: String,
        /// Its file.
        file: String,
        /// What it has to do with the candidate.
        part: &'static str,
        /// Its status.
        status: &'static str,
    },
    /// A test that cannot have confirmed anything.
    #[error("the test '{test}' was performed before {what}: it cannot confirm what came after it")]
    TooEarly {
        /// The name or id of the test.
        test: String,
        /// What came after it.
        what: String,
    },
    /// Hold-back data that something else than a test measured, or evaluation data that a test did.
    #[error("{file}: the {kind} '{document}' measures '{metric}' on '{dataset}', {stage}")]
    WrongStage {
        /// The file.
        file: String,
        /// What the document is.
        kind: Kind,
        /// Its name or id.
        document: String,
        /// The metric.
        metric: String,
        /// The data.
        dataset: String,
        /// Who may measure on it.
        stage: &'static str,
    },
    /// Evidence about another model.
    #[error(
        "{file} is about the model '{model}', and {other_file} about '{other}': all of the evidence must be about one model"
    )]
    OtherModel {
        /// The file.
        file: String,
        /// Its model.
        model: String,
        /// The file that it disagrees with.
        other_file: String,
        /// The model of that file.
        other: String,
    },
    /// Evidence about no model in particular.
    #[error(
        "{file}: nothing says that the {kind} '{document}' is about the model '{model}'; name an evaluation or test that names this run, or \
         record the model among its artifacts, with the name of the model as key: {{key: {model}, artifact_type: MODEL}}"
    )]
    NoModel {
        /// The file.
        file: String,
        /// What the document is.
        kind: &'static str,
        /// Its name or id.
        document: String,
        /// The model of the objectives.
        model: String,
    },
    /// Evidence about another file of the model.
    #[error(
        "{file} is about the model file {digest}, and {other_file} {other}: all of the evidence must be about one file"
    )]
    OtherFile {
        /// The file of the evidence.
        file: String,
        /// The digest of the model file.
        digest: String,
        /// The evidence that it disagrees with, or the file to be deployed.
        other_file: String,
        /// What that one is.
        other: String,
    },
    /// A digest of the model file that cannot be compared with others.
    #[error(
        "{file}: the 'modelDigest' {digest} is no SHA-256, which is what files are compared by: write sha256: and 64 hexadecimal digits"
    )]
    OtherAlgorithm {
        /// The file of the evidence.
        file: String,
        /// The digest.
        digest: String,
    },
    /// Evidence that does not say which file was measured, where that is demanded.
    #[error("{file} does not say which file was measured, and that is required: record its SHA-256 as 'modelDigest'")]
    NoDigest {
        /// The file of the evidence.
        file: String,
    },
    /// The baseline is the very file that is judged.
    #[error("the baseline is the candidate itself: {file} is about the same model file")]
    OwnBaseline {
        /// The file of the baseline.
        file: String,
    },
    /// Another baseline than the objectives name.
    #[error(
        "{file} is not the baseline that the objectives name ('{named}'); --override-baseline compares with it all the same, and the verdict \
         says so"
    )]
    OtherBaseline {
        /// The file that was given.
        file: String,
        /// The run that the objectives name.
        named: String,
    },
    /// Data that is not what it is said to be.
    #[error("{file}: the digest of '{dataset}' is {digest}, and {other_file} says {other}")]
    OtherData {
        /// The file.
        file: String,
        /// The dataset.
        dataset: String,
        /// Its digest there.
        digest: String,
        /// The file that it disagrees with.
        other_file: String,
        /// The digest in that file.
        other: String,
    },
    /// Objectives that are in use no more.
    #[error("{file}: these objectives are archived; judge by those that replace them")]
    ArchivedObjectives {
        /// Their file.
        file: String,
    },
    /// A test on data that the model was made with.
    #[error("the test '{test}' was made on data that {run} read ({data}): it confirms nothing")]
    SeenData {
        /// The name or id of the test.
        test: String,
        /// What read it.
        run: String,
        /// Its digest or name.
        data: String,
    },
    /// A dataset whose id is the name of another.
    #[error(
        "{file}: the id '{id}' of the dataset '{name}' reads like a name and version, so that a reference to it could mean either"
    )]
    IdLikeName {
        /// The file.
        file: String,
        /// The id.
        id: String,
        /// The name of the dataset.
        name: String,
    },
    /// A proportion that its slices rule out.
    #[error(
        "{file}: '{metric}' of {whole} is {value}, but it is the mean of its slices by {along}, which is {possible}; were they measured on \
         other data, or by another model?"
    )]
    ImpossibleWhole {
        /// The file.
        file: String,
        /// The metric.
        metric: String,
        /// The data that the proportion is of.
        whole: String,
        /// The proportion.
        value: String,
        /// The dimensions of the slices.
        along: String,
        /// What the slices allow.
        possible: String,
    },
    /// Names that look alike.
    #[error(
        "two {what} look alike: {first} in {first_file}, {second} in {second_file}; a value under the one would be missed under the other"
    )]
    LookAlike {
        /// What they are names of.
        what: &'static str,
        /// One of them, with the characters that differ.
        first: String,
        /// Where it stands.
        first_file: String,
        /// The other one.
        second: String,
        /// Where that stands.
        second_file: String,
    },
    /// A unit that measures something else than was declared.
    #[error("{file}: '{metric}' is in '{unit}', and the objectives declare '{declared}'")]
    OtherUnit {
        /// The file.
        file: String,
        /// The metric.
        metric: String,
        /// The unit of the record.
        unit: String,
        /// The declared one.
        declared: String,
    },
}

/// What is looked at.
pub(super) struct Admission<'g, 'a> {
    pub files: &'a [GateFile<'a>],
    pub workspace: Workspace<'g>,
    pub objectives: &'a Objectives,
    pub objectives_member: &'a Member,
    pub policy: &'g Policy,
    pub terms: &'g Terms,
}

/// What a document of the candidate may be read as.
pub(super) const CANDIDATE: [InputRole; 3] = [InputRole::Run, InputRole::Evaluation, InputRole::Test];

impl<'a> Admission<'_, 'a> {
    /// Looks at all of the evidence. What is to be said of it, though it is admitted, becomes part of the verdict.
    pub fn concerns(&self) -> Result<Vec<Concern>, Inadmissible> {
        self.objectives_are_in_use()?;
        self.runs_are_completed()?;
        self.tests_confirm()?;
        self.measures_where_it_may()?;
        self.is_about_one_model()?;
        self.is_on_the_data_it_names()?;
        self.names_differ()?;
        self.units_fit()?;
        self.wholes_are_their_slices()?;
        let mut concerns: Vec<Concern> = self.baseline_is_the_named_one()?.into_iter().collect();
        concerns.extend(self.is_about_one_file()?);
        Ok(concerns)
    }

    fn with_role(&self, role: InputRole) -> impl Iterator<Item = &'a Member> + use<'a> {
        with_role(self.files, role)
    }

    fn candidate(&self) -> impl Iterator<Item = &'a Member> + use<'a> {
        let files = self.files;
        CANDIDATE.into_iter().flat_map(move |role| with_role(files, role))
    }

    /// The runs that made the model file or version that was measured, whether or not a measurement names them.
    fn makers(&self) -> Vec<&'a Member> {
        let models = MeasuredModels::of(self.workspace, self.candidate());
        let is_made = |own: &Member| models.are_made_by(self.workspace, own);
        let runs = self.with_role(InputRole::Context).filter(|member| is_run(member));
        runs.filter(|run| is_made(run) || self.produced(run).any(is_made)).collect()
    }

    /// "Archived: not usable in new jobs."
    fn objectives_are_in_use(&self) -> Result<(), Inadmissible> {
        match self.objectives_member.is_archived() {
            true => Err(Inadmissible::ArchivedObjectives { file: self.objectives_member.file().to_owned() }),
            false => Ok(()),
        }
    }

    fn runs_are_completed(&self) -> Result<(), Inadmissible> {
        for role in [InputRole::Run, InputRole::Baseline, InputRole::Context] {
            for run in self.with_role(role) {
                if let Some(status) = unfinished(run) {
                    let part = match role {
                        InputRole::Run => "is judged",
                        InputRole::Baseline => "is the baseline",
                        _ if self.makers().iter().any(|maker| maker.is(run)) => "made the model that is judged",
                        _ => "measured the model",
                    };
                    let (run, file) = (run.label().to_owned(), run.file().to_owned());
                    return Err(Inadmissible::NotCompleted { run, file, part, status });
                }
            }
        }
        Ok(())
    }

    /// "Not silently replaced": the verdict says so where it is allowed.
    fn baseline_is_the_named_one(&self) -> Result<Option<Concern>, Inadmissible> {
        let Some(named) = self.objectives.baseline.get().and_then(|baseline| baseline.run.get()) else {
            return Ok(None);
        };
        let is_same = |text: Option<&str>| text.is_some_and(|text| text.eq_ignore_ascii_case(named));
        let mut given = self.with_role(InputRole::Baseline).peekable();
        let Some(first) = given.peek().copied() else { return Ok(None) };
        let is_named = |member: &'a Member| match member.typed() {
            Some(Document::Evaluation(own) | Document::Test(own)) => is_same(own.run.get().map(|run| &**run)),
            _ => is_same(member.id()) || is_same(member.name()),
        };
        let ids: Vec<&str> =
            self.with_role(InputRole::Baseline).filter(|run| is_named(run)).filter_map(|run| run.id()).collect();
        let refers = |member: &'a Member| match member.typed() {
            Some(Document::Evaluation(own) | Document::Test(own)) => {
                own.run.get().is_some_and(|run| ids.iter().any(|id| id.eq_ignore_ascii_case(run)))
            }
            _ => false,
        };
        let Some(other) = given.find(|member| !is_named(member) && !refers(member)) else { return Ok(None) };
        if !self.terms.may_override_baseline {
            let (file, named) = (other.file().to_owned(), named.to_string());
            return Err(Inadmissible::OtherBaseline { file, named });
        }
        let message =
            format!("compared with {} instead of the baseline that the objectives name ('{}')", first.file(), &**named);
        Ok(Some(Concern { reason: ConcernReason::BaselineOverridden, message }))
    }
}

/// The status of a run that is no evidence.
pub(super) fn unfinished(member: &Member) -> Option<&'static str> {
    let status = match member.typed()? {
        Document::Run(run) => run.status.get(),
        Document::PipelineRun(run) => run.status.get(),
        _ => None,
    };
    match status? {
        RunStatus::Queued => Some("queued"),
        RunStatus::Running => Some("running"),
        RunStatus::Failed => Some("failed"),
        RunStatus::Cancelled => Some("cancelled"),
        RunStatus::Completed => None,
    }
}

/// What a run produced.
pub(super) fn artifacts(member: &Member) -> impl Iterator<Item = &RunArtifact> {
    let artifacts = match member.typed() {
        Some(Document::Run(run)) => run.artifacts.get(),
        Some(Document::PipelineRun(run)) => run.artifacts.get(),
        _ => None,
    };
    artifacts.into_iter().flat_map(List::iter).map(|(_, artifact)| artifact)
}

/// What a run read.
fn datasets(member: &Member) -> impl Iterator<Item = &RunDataset> {
    let datasets = match member.typed() {
        Some(Document::Run(run)) => run.datasets.get(),
        Some(Document::PipelineRun(run)) => run.datasets.get(),
        _ => None,
    };
    datasets.into_iter().flat_map(List::iter).map(|(_, dataset)| dataset)
}

/// The run that a measurement names.
pub(super) fn run_of(member: &Member) -> Option<&str> {
    match member.typed()? {
        Document::Evaluation(own) | Document::Test(own) => own.run.get().map(|run| &**run),
        _ => None,
    }
}

pub(super) fn is_run(member: &Member) -> bool {
    matches!(member.kind, Kind::Run | Kind::PipelineRun)
}
