//! Which evidence a gate admits: that of one model, about the data that it names, measured by completed runs.
//!
//! Doubts about single numbers are left to the judgement. Here, documents are refused that contradict each other or the requirements;
//! nothing is judged then.

mod baseline;
mod counts;
mod data;
mod identity;
mod inadmissible;
mod matrices;
mod names;
mod roles;
mod runs;
mod separation;
mod values;
mod wholes;

pub use inadmissible::Inadmissible;

pub(super) use roles::{is_for_more_than_a_test, is_of_measurement, is_of_test};
pub(super) use runs::{has_unfinished_steps, unfinished};
pub(super) use separation::{is_named, stage_of};

use super::gate::{GateFile, with_role};
use super::policy::Policy;
use super::verdict::{Concern, InputRole, Subject};
use crate::documents::field::List;
use crate::documents::objectives::Objectives;
use crate::documents::run::{RunArtifact, RunDataset};
use crate::documents::{Document, Kind};
use crate::workspace::{Member, Workspace};

/// The requirements on evidence, beside the objectives.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// The files to be deployed: the evidence must be about each of them, so they must have the same bytes.
    pub subject: Vec<Subject>,
    /// Whether all evidence must state the digest of the model file that was measured.
    pub is_digest_required: bool,
    /// Whether a baseline other than that of the objectives may be given.
    pub may_override_baseline: bool,
}

/// The evidence to check.
pub(super) struct Admission<'g, 'a> {
    pub files: &'a [GateFile<'a>],
    pub workspace: Workspace<'g>,
    pub objectives: &'a Objectives,
    pub objectives_member: &'a Member,
    pub policy: &'g Policy,
    pub terms: &'g Terms,
}

/// The roles of the candidate's documents.
pub const CANDIDATE: [InputRole; 4] = [InputRole::Run, InputRole::Evaluation, InputRole::Test, InputRole::Log];

impl<'a> Admission<'_, 'a> {
    /// Checks all of the evidence. Returns the concerns about admitted evidence, which become part of the verdict.
    pub fn concerns(&self) -> Result<Vec<Concern>, Inadmissible> {
        self.objectives_are_in_use()?;
        self.runs_are_completed()?;
        self.tests_confirm()?;
        self.runs_precede_measurements()?;
        self.evaluations_follow_the_model()?;
        self.measures_where_it_may()?;
        self.is_about_one_model()?;
        self.words_mean_one_dataset()?;
        self.is_on_the_data_it_names()?;
        self.data_is_known()?;
        self.names_differ()?;
        self.units_fit()?;
        self.lists_are_whole()?;
        self.measurements_agree()?;
        self.baseline_is_one_file()?;
        let mut concerns: Vec<Concern> = self.baseline_is_the_named_one()?.into_iter().collect();
        concerns.extend(self.is_about_one_file()?);
        concerns.extend(self.setbacks());
        Ok(concerns)
    }

    fn with_role(&self, role: InputRole) -> impl Iterator<Item = &'a Member> + use<'a> {
        with_role(self.files, role)
    }

    fn candidate(&self) -> impl Iterator<Item = &'a Member> + use<'a> {
        let files = self.files;
        CANDIDATE.into_iter().flat_map(move |role| with_role(files, role))
    }

    /// Checks that the objectives are not archived, "not usable in new jobs", nor left half empty.
    fn objectives_are_in_use(&self) -> Result<(), Inadmissible> {
        let file = || self.objectives_member.file().to_owned();
        if self.objectives_member.is_archived() {
            return Err(Inadmissible::ArchivedObjectives { file: file() });
        }
        match self.objectives.model.get().is_some_and(|model| model.trim().is_empty()) {
            true => Err(Inadmissible::BlankModel { file: file() }),
            false => Ok(()),
        }
    }
}

/// Returns the artifacts that a run produced.
pub(super) fn artifacts(member: &Member) -> impl Iterator<Item = &RunArtifact> {
    let artifacts = match member.typed() {
        Some(Document::Run(run)) => run.artifacts.get(),
        Some(Document::PipelineRun(run)) => run.artifacts.get(),
        _ => None,
    };
    artifacts.into_iter().flat_map(List::iter).map(|(_, artifact)| artifact)
}

/// Returns the datasets that a run read.
pub(super) fn datasets(member: &Member) -> impl Iterator<Item = &RunDataset> {
    let datasets = match member.typed() {
        Some(Document::Run(run)) => run.datasets.get(),
        Some(Document::PipelineRun(run)) => run.datasets.get(),
        _ => None,
    };
    datasets.into_iter().flat_map(List::iter).map(|(_, dataset)| dataset)
}

/// Returns the run that a measurement names.
pub(super) fn run_of(member: &Member) -> Option<&str> {
    match member.typed()? {
        Document::Evaluation(own) | Document::Test(own) => own.run.get().map(|run| &**run),
        _ => None,
    }
}

/// Returns whether two names or ids are the same, without regard to case and surrounding blanks.
pub(super) fn same_name(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

pub(super) fn is_run(member: &Member) -> bool {
    matches!(member.kind, Kind::Run | Kind::PipelineRun)
}
