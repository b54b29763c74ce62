//! Which evidence a gate admits: that of one model, about the data that it names, measured by completed runs.
//!
//! Doubts about single numbers are left to the judgement. Here, documents are refused that contradict each other or the requirements;
//! nothing is judged then.

mod baseline;
mod counts;
mod data;
mod identity;
mod matrices;
mod names;
mod roles;
mod runs;
mod separation;
mod values;
mod wholes;

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

/// Why evidence is not admitted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Inadmissible {
    /// A run is not completed, or failed.
    #[error("the run '{run}' in {file} {part}, and is {status}: only a completed run is evidence")]
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
    /// A measurement precedes the run that made it.
    #[error("{file} was performed before the run '{run}' that it names was submitted")]
    LaterRun {
        /// The file of the measurement.
        file: String,
        /// The name or id of the run.
        run: String,
    },
    /// An evaluation precedes the run that made the model.
    #[error("{file} was performed before the run '{run}', which made the model, was submitted")]
    BeforeModel {
        /// The file of the evaluation.
        file: String,
        /// The name or id of the run.
        run: String,
    },
    /// A test precedes what it is supposed to confirm.
    #[error("the test '{test}' was performed before {what}: it cannot confirm what came after it")]
    TooEarly {
        /// The name or id of the test.
        test: String,
        /// The document that came after it.
        what: String,
    },
    /// Hold-back data was measured by something other than a test, or evaluation data by a test.
    #[error("{file}: the {kind} '{document}' measures '{metric}' on '{dataset}', {stage}")]
    WrongStage {
        /// The file.
        file: String,
        /// The kind of the document.
        kind: Kind,
        /// Its name or id.
        document: String,
        /// The metric.
        metric: String,
        /// The data.
        dataset: String,
        /// Which documents may measure on it.
        stage: &'static str,
    },
    /// The evidence is about another model.
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
    /// The evidence is not tied to a model.
    #[error(
        "{file}: nothing says that the {kind} '{document}' is about the model '{model}'; name an evaluation or test that names this run, or \
         record the model among its artifacts, with the name of the model as key: {{key: {model}, artifact_type: MODEL}}"
    )]
    NoModel {
        /// The file.
        file: String,
        /// The kind of the document.
        kind: &'static str,
        /// Its name or id.
        document: String,
        /// The model of the objectives.
        model: String,
    },
    /// The evidence is about another file of the model.
    #[error(
        "{file} is about the model file {digest}, and {other_file} {other}: all of the evidence must be about one file"
    )]
    OtherFile {
        /// The file of the evidence.
        file: String,
        /// The digest of the model file.
        digest: String,
        /// The file of the evidence that it disagrees with, or the file to be deployed.
        other_file: String,
        /// The digest of that one.
        other: String,
    },
    /// A digest of the model file that cannot be compared with others.
    #[error(
        "{file}: the 'modelDigest', {digest}, is no SHA-256, which is what files are compared by: write sha256: and 64 hexadecimal digits"
    )]
    OtherAlgorithm {
        /// The file of the evidence.
        file: String,
        /// The digest.
        digest: String,
    },
    /// The evidence does not state the digest of the measured file, and that is required.
    #[error("{file} does not say which file was measured, and that is required: record its SHA-256 as 'modelDigest'")]
    NoDigest {
        /// The file of the evidence.
        file: String,
    },
    /// The candidate is compared with the file that is judged.
    #[error("{what} is the candidate itself: {file} is about the same model file")]
    OwnBaseline {
        /// What it is compared with.
        what: &'static str,
        /// The file of the baseline.
        file: String,
    },
    /// The measurements of the baseline are of several model files.
    #[error(
        "{file} measured the model file {digest} as the baseline, and {other_file} says {other}: a baseline is one model"
    )]
    SeveralBaselines {
        /// The file of the measurement.
        file: String,
        /// The digest of the model file.
        digest: String,
        /// The file of the other measurement, or of the run.
        other_file: String,
        /// The digest of that one.
        other: String,
    },
    /// The baseline is not the one that the objectives name.
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
    /// The digest of a dataset is not the expected one.
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
    /// The word of the objectives for a dataset is the name of another one.
    #[error(
        "{file} measured on '{dataset}', which is the name of a dataset, and for the objectives that of '{meant}'; name the dataset with its version"
    )]
    TwoDatasets {
        /// The file.
        file: String,
        /// What it calls the data.
        dataset: String,
        /// The dataset that the objectives call so.
        meant: String,
    },
    /// A digest of data that cannot be compared with others.
    #[error("{file}: {digest} is no digest that data can be compared by: write sha256: and 64 hexadecimal digits")]
    MalformedDigest {
        /// The file.
        file: String,
        /// What is written there.
        digest: String,
    },
    /// A metric on data that nothing describes.
    #[error(
        "{file}: '{metric}' was measured on '{dataset}', and there is no such dataset (reference/unresolved-object); correct the reference, so \
         that the value is not missed"
    )]
    UnknownData {
        /// The file.
        file: String,
        /// The metric.
        metric: String,
        /// The data.
        dataset: String,
    },
    /// The objectives are archived.
    #[error("{file}: these objectives are archived; judge by those that replace them")]
    ArchivedObjectives {
        /// Their file.
        file: String,
    },
    /// The objectives leave the name of their model blank.
    #[error("{file}: the 'model' is blank; name the model, or leave the field out if the objectives are for any model")]
    BlankModel {
        /// Their file.
        file: String,
    },
    /// A test used data that the model was made with.
    #[error("the test '{test}' was made on data that {run} read ({data}): it confirms nothing")]
    SeenData {
        /// The name or id of the test.
        test: String,
        /// The run that read the data.
        run: String,
        /// The digest or name of the data.
        data: String,
    },
    /// The run of a test made the model.
    #[error(
        "the run '{run}' made the test '{test}' and also the model: the data of the test was at hand while the model was made; test it in a run \
         of its own"
    )]
    TestedWhereMade {
        /// The name or id of the test.
        test: String,
        /// The run that made both.
        run: String,
    },
    /// The id of a dataset is the name of another.
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
        "{file}: {share}, but it is the mean of its slices by {along}, which is {possible}; were they measured on \
         other data, or by another model?"
    )]
    ImpossibleWhole {
        /// The file.
        file: String,
        /// The proportion: the metric, what it is a proportion of, and its value.
        share: String,
        /// The dimensions of the slices.
        along: String,
        /// What the slices allow.
        possible: String,
    },
    /// A metric that a confusion matrix of the same data rules out.
    #[error("{file}: '{metric}' is {value}, but the confusion matrix in {matrix_file} gives {possible}")]
    OtherMatrix {
        /// The file.
        file: String,
        /// The metric.
        metric: String,
        /// Its value.
        value: String,
        /// The file of the matrix.
        matrix_file: String,
        /// What the matrix allows.
        possible: String,
    },
    /// Two values of one quantity: under two names, or in a measurement and in the run that it names.
    #[error("{file}: '{metric}' is {value}, but by {by}, which is of the same data, it is {possible}")]
    OtherValue {
        /// The file.
        file: String,
        /// The metric.
        metric: String,
        /// Its value.
        value: String,
        /// The name of the other metric, and its file.
        by: String,
        /// The value that follows from it.
        possible: String,
    },
    /// A proportion that no number of examples has.
    #[error(
        "{file}: '{metric}' is {value}, and cannot be a share of the {count} examples that it says it is one of; is 'count' another number than \
         that?"
    )]
    ImpossibleShare {
        /// The file.
        file: String,
        /// The metric.
        metric: String,
        /// Its value.
        value: String,
        /// The number of examples that it states.
        count: u64,
    },
    /// Slices that have more examples than there are.
    #[error(
        "{file}: the slices of '{metric}' by {along} have {count} examples in all, and the dataset '{dataset}' has {examples}"
    )]
    MoreThanData {
        /// The file of one of the slices.
        file: String,
        /// The metric.
        metric: String,
        /// The dimensions of the slices.
        along: String,
        /// The number of their examples.
        count: u64,
        /// The dataset.
        dataset: String,
        /// The number of its examples.
        examples: u64,
    },
    /// A cell of a matrix of counts that is a share.
    #[error(
        "{file}: a cell of '{metric}' is {cell}, which is no number of examples; the matrix is one of shares: give it a unit of shares"
    )]
    FractionalCount {
        /// The file.
        file: String,
        /// The metric.
        metric: String,
        /// The number in the cell.
        cell: String,
    },
    /// A list that has fewer values than examples.
    #[error(
        "{file}: '{metric}' is a list of {values} values, and says that it was measured on {count} examples; log a value for each, or leave \
         'count' out"
    )]
    ShortList {
        /// The file.
        file: String,
        /// The metric.
        metric: String,
        /// The number of its values.
        values: usize,
        /// The number of examples that it states.
        count: u64,
    },
    /// Two names look alike.
    #[error(
        "two {what} look alike: {first} in {first_file}, {second} in {second_file}; a value under the one would be missed under the other"
    )]
    LookAlike {
        /// The kind of names.
        what: &'static str,
        /// The first name, with the code points that are not plain ASCII.
        first: String,
        /// The file of the first name.
        first_file: String,
        /// The second name.
        second: String,
        /// The file of the second name.
        second_file: String,
    },
    /// The unit of a record does not measure the same as the declared one.
    #[error("{file}: the unit of '{metric}' is {unit}, and the objectives declare '{declared}'")]
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
pub const CANDIDATE: [InputRole; 3] = [InputRole::Run, InputRole::Evaluation, InputRole::Test];

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
