//! What the run that an evaluation or a test names says that it read: the model that was measured, and the data.

use super::ChoiceError;
use super::passed_over::{data_measured, is_same};
use crate::documents::Kind;
use crate::documents::artifact::ArtifactType;
use crate::documents::roles::ReferenceRole;
use crate::documents::run::RunArtifact;
use crate::objectives::admission::{artifacts, is_for_more_than_a_test, is_of_measurement, run_of};
use crate::objectives::provenance::{RUNS, measured_files, models_read};
use crate::workspace::{DataUse, DocId, Index, Member, Resolution, Workspace, field};

/// Checks that the runs that the judged measurements name read the model file and the data that these are of, and read the data of a test
/// for that test only.
pub(super) fn measured_what_is_said(index: &Index, judged: &[Member]) -> Result<(), ChoiceError> {
    let workspace = index.workspace();
    for member in judged {
        let found = run_of(member).map(|name| workspace.lookup(name, &RUNS));
        let (Some(Resolution::Found(run)), Some(own)) = (found, index.id_of(member)) else { continue };
        let Some(measuring) = workspace.member(run) else { continue };
        let refused = |what: String| {
            let (file, run_file, run) =
                (member.file().to_owned(), measuring.file().to_owned(), measuring.label().to_owned());
            Err(ChoiceError::OtherMeasurement { file, run_file, run, what })
        };
        // What trains a model reads others, to begin from or to learn from, and other data.
        let is_training = makes_models(workspace, run);
        let models: Vec<String> = models_read(measuring).collect();
        let files = measured_files(workspace, member);
        if !is_training && !files.is_empty() && !models.is_empty() && !models.iter().any(|model| files.contains(model))
        {
            return refused("read another model file".to_owned());
        }
        let data = data_measured(workspace, own);
        let read = data_read(workspace, run);
        let is_test = member.kind == Kind::Test;
        let is_other = |own: &DataUse<'_>| read.iter().all(|other| is_different(own, other));
        // A run that records only what it trained on does not say what it measured on.
        let says_on_what = read.iter().any(|used| role(measuring, used).is_some_and(is_of_measurement));
        if (is_test || !is_training) && says_on_what && !data.is_empty() && data.iter().all(is_other) {
            return refused("did not read the data that it is of".to_owned());
        }
        let misused = read.iter().filter(|_| is_test).find_map(|used| {
            let role = role(measuring, used)?;
            let is_of_test = data.iter().any(|own| is_same(own, used));
            (is_of_test && is_for_more_than_a_test(role)).then_some(role)
        });
        if let Some(role) = misused {
            return refused(format!("read its data as that of '{role}', which is not the role of a test"));
        }
    }
    Ok(())
}

/// Returns whether a run records that it made a model.
fn makes_models(workspace: Workspace<'_>, run: DocId) -> bool {
    let is_model =
        |own: &RunArtifact| own.model_digest.get().is_some() || own.artifact_type.get() == Some(&ArtifactType::Model);
    workspace.member(run).into_iter().flat_map(artifacts).any(is_model)
        || workspace.referring_to(run, ReferenceRole::Producer, Kind::Artifact).next().is_some()
}

/// Returns the data that a run read, without models.
pub(super) fn data_read(workspace: Workspace<'_>, run: DocId) -> Vec<DataUse<'_>> {
    let Some(member) = workspace.member(run) else { return Vec::new() };
    let is_model = |used: &DataUse<'_>| {
        beside(member, used, "artifact_type").is_some_and(|artifact| artifact.trim().eq_ignore_ascii_case("model"))
    };
    workspace.data_read_by(run).into_iter().filter(|used| !is_model(used)).collect()
}

/// Returns what a run used some data for, as it says.
pub(super) fn role<'m>(run: &'m Member, used: &DataUse<'_>) -> Option<&'m str> {
    beside(run, used, "role")
}

fn beside<'m>(run: &'m Member, used: &DataUse<'_>, name: &str) -> Option<&'m str> {
    run.tree.text(field(&run.tree, run.tree.parent(used.node)?, name)?)
}

/// Returns whether both are known to be different data. What lies elsewhere may be a copy.
fn is_different(own: &DataUse<'_>, other: &DataUse<'_>) -> bool {
    let algorithm = |digest: &str| digest.split_once(':').map(|(algorithm, _)| algorithm.to_owned());
    let are_comparable = match (&own.digest, &other.digest) {
        (Some(own), Some(other)) => algorithm(own) == algorithm(other),
        _ => own.dataset.is_some() && other.dataset.is_some(),
    };
    are_comparable && !is_same(own, other)
}
