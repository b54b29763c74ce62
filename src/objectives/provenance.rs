//! Which runs made the model that was measured, and which belong to them.

use rustc_hash::FxHashSet;

use super::admission::{artifacts, datasets, run_of};
use super::model_key::ModelKey;
use crate::documents::artifact::ArtifactType;
use crate::documents::roles::ReferenceRole;
use crate::documents::{Document, Kind};
use crate::workspace::{DocId, Member, Resolution, Workspace, digest_key};

/// The kinds of runs.
pub(super) const RUNS: [Kind; 2] = [Kind::Run, Kind::PipelineRun];

/// What evaluations and tests are of: model files, by their digests, and versions of models.
#[derive(Debug, Default)]
pub struct MeasuredModels {
    digests: FxHashSet<String>,
    versions: Vec<ModelKey>,
}

impl MeasuredModels {
    /// Of measurements and the runs that they name.
    #[must_use]
    pub fn of<'m>(workspace: Workspace<'m>, measured: impl Iterator<Item = &'m Member>) -> Self {
        let mut models = Self::default();
        for member in measured {
            models.digests.extend(model_digest(member));
            let key = ModelKey::of(workspace, member);
            let document = key.as_ref().and_then(|key| workspace.member(key.document?));
            models.digests.extend(document.and_then(model_digest));
            models.versions.extend(key.filter(|key| key.version.is_some()));
            let run = run_of(member).map(|run| workspace.lookup(run, &RUNS));
            if let Some(Resolution::Found(run)) = run {
                let artifacts = workspace.member(run).into_iter().flat_map(artifacts);
                models.digests.extend(artifacts.filter_map(|own| own.model_digest.get()).map(|own| normalized(own)));
            }
        }
        models
    }

    /// Returns whether a document records that a run made one of them: the run itself, or an artifact. One that says which file it made
    /// made that one, whatever it is called.
    #[must_use]
    pub fn are_made_by(&self, workspace: Workspace<'_>, maker: &Member) -> bool {
        let is_made = |name: Option<&str>, is_model: bool, digest: Option<&str>| match digest {
            Some(digest) => self.digests.contains(&normalized(digest)),
            None => is_model && name.is_some_and(|name| self.versions.contains(&ModelKey::of_text(workspace, name))),
        };
        match maker.typed() {
            Some(Document::Artifact(own)) => is_made(
                own.name.get().map(|name| &**name),
                own.artifact_type.get() == Some(&ArtifactType::Model),
                own.digest.get().map(|digest| &**digest),
            ),
            _ => artifacts(maker).any(|own| {
                is_made(
                    own.key.get().map(|key| &**key),
                    own.artifact_type.get() == Some(&ArtifactType::Model),
                    own.model_digest.get().map(|digest| &**digest),
                )
            }),
        }
    }

    /// Returns the runs of a workspace that made them.
    #[must_use]
    pub fn runs(&self, workspace: Workspace<'_>) -> Vec<DocId> {
        let makers = |kind: &Kind| {
            let is_maker = |id: &DocId| workspace.member(*id).is_some_and(|own| self.are_made_by(workspace, own));
            workspace.of_kind(*kind).filter(is_maker).collect::<Vec<_>>()
        };
        let by_artifact = |id: DocId| match workspace.member(id)?.typed()? {
            Document::Artifact(own) => workspace.lookup(own.created_by_run_id.get()?, &RUNS).found(),
            _ => None,
        };
        let by_artifacts = makers(&Kind::Artifact).into_iter().filter_map(by_artifact);
        RUNS.iter().flat_map(makers).chain(by_artifacts).collect()
    }
}

/// Returns the digests of the file that an evaluation or test is of: its own, else those of the files that its run made, else that of the
/// model that it names.
pub(super) fn measured_files(workspace: Workspace<'_>, measurement: &Member) -> FxHashSet<String> {
    if let Some(digest) = model_digest(measurement) {
        return FxHashSet::from_iter([digest]);
    }
    if let Some(Resolution::Found(run)) = run_of(measurement).map(|run| workspace.lookup(run, &RUNS)) {
        let recorded = workspace.member(run).into_iter().flat_map(artifacts).filter_map(|own| own.model_digest.get());
        let made = workspace.referring_to(run, ReferenceRole::Producer, Kind::Artifact);
        let made = made.filter_map(|(artifact, _)| match workspace.member(artifact)?.typed()? {
            Document::Artifact(own) if own.artifact_type.get() == Some(&ArtifactType::Model) => own.digest.get(),
            _ => None,
        });
        let files: FxHashSet<String> =
            recorded.map(|own| normalized(own)).chain(made.map(|own| normalized(own))).collect();
        if !files.is_empty() {
            return files;
        }
    }
    let document = ModelKey::of(workspace, measurement).and_then(|key| workspace.member(key.document?));
    document.and_then(model_digest).into_iter().collect()
}

/// Returns the digest of the model file that a measurement or a model names.
pub(super) fn model_digest(member: &Member) -> Option<String> {
    let digest = match member.typed()? {
        Document::Evaluation(own) | Document::Test(own) => own.model_digest.get(),
        Document::Model(own) => own.model_digest.get(),
        _ => None,
    };
    digest.map(|digest| normalized(digest))
}

/// Returns the digests of the model files that a run read.
pub(super) fn models_read(run: &Member) -> impl Iterator<Item = String> {
    let models = datasets(run).filter(|own| own.artifact_type.get() == Some(&ArtifactType::Model));
    models.filter_map(|own| own.digest.get()).map(|digest| normalized(digest))
}

/// Returns the digests of the model files that a run says that it made.
pub(super) fn models_made(run: &Member) -> impl Iterator<Item = String> {
    artifacts(run).filter_map(|own| own.model_digest.get()).map(|digest| normalized(digest))
}

/// Returns a digest as those of subjects are written; one of another kind than SHA-256 equals none of them.
pub(super) fn normalized(digest: &str) -> String {
    let digest = digest_key(digest);
    digest.strip_prefix("sha256:").map_or_else(|| digest.clone().into_owned(), str::to_owned)
}

/// Returns the runs that started a run, as it or they say.
pub(super) fn parents(workspace: Workspace<'_>, run: DocId) -> Vec<DocId> {
    let named = named_runs(workspace, run, &[ReferenceRole::Parent]);
    named.into_iter().chain(naming_runs(workspace, run, &[ReferenceRole::Child, ReferenceRole::StepRun])).collect()
}

/// Returns the runs that a run started, as it or they say: its children, and the steps of a pipeline run.
pub(super) fn children(workspace: Workspace<'_>, run: DocId) -> Vec<DocId> {
    let named = named_runs(workspace, run, &[ReferenceRole::Child, ReferenceRole::StepRun]);
    named.into_iter().chain(naming_runs(workspace, run, &[ReferenceRole::Parent])).collect()
}

fn named_runs(workspace: Workspace<'_>, run: DocId, roles: &[ReferenceRole]) -> Vec<DocId> {
    let references = workspace.references_of(run).filter(|(reference, _)| roles.contains(&reference.role));
    let found = references.flat_map(|(_, resolution)| match resolution {
        Resolution::Found(found) => vec![*found],
        Resolution::Ambiguous(several) => several.clone(),
        _ => Vec::new(),
    });
    found.collect()
}

fn naming_runs(workspace: Workspace<'_>, run: DocId, roles: &[ReferenceRole]) -> Vec<DocId> {
    let of_kind = |role: &ReferenceRole, kind: Kind| workspace.referring_to(run, *role, kind).map(|(id, _)| id);
    RUNS.iter().flat_map(|kind| roles.iter().flat_map(move |role| of_kind(role, *kind))).collect()
}

/// Returns the runs that belong to a run: those that started it, directly or not, those that it started, and the steps of the pipeline runs
/// that started it, with what these started. The other children of a sweep are other models.
pub(super) fn relatives(workspace: Workspace<'_>, run: DocId) -> Vec<DocId> {
    let above = reached(&[run], |run| parents(workspace, run));
    let is_pipeline_run = |id: &DocId| workspace.member(*id).is_some_and(|own| own.kind == Kind::PipelineRun);
    let steps = above.iter().copied().filter(is_pipeline_run).flat_map(|run| children(workspace, run));
    let start: Vec<DocId> = std::iter::once(run).chain(steps).collect();
    let below = reached(&start, |run| children(workspace, run));
    above.into_iter().chain(below).filter(|own| *own != run).collect()
}

/// Returns some documents, and all that are reached from them, each once.
pub(super) fn reached(start: &[DocId], next: impl Fn(DocId) -> Vec<DocId>) -> Vec<DocId> {
    let (mut open, mut found, mut seen) = (start.to_vec(), Vec::new(), FxHashSet::default());
    while let Some(id) = open.pop() {
        if seen.insert(id) {
            found.push(id);
            open.extend(next(id));
        }
    }
    found
}
