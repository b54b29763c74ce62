//! One execution of a pipeline, as documents tell it: whether it conforms to the pipeline, and the provenance of what it made.
//!
//! What no document says is left out of the provenance, and named; nothing is guessed. That the documents themselves have no errors is not
//! asked here. Everything is a pure function of the documents, so that whoever verifies a statement can make it again and compare.

mod conformance;
mod data;
mod documents;
mod parameters;
mod provenance;

use std::collections::BTreeSet;

use indexmap::IndexMap;
use rustc_hash::FxHashMap;

pub use provenance::{AttestTerms, Attestable, BUILD_TYPE};

use crate::digest::content_digest;
use crate::documents::field::List;
use crate::documents::one_of::DataPlace;
use crate::documents::pipeline::Pipeline;
use crate::documents::pipeline_run::PipelineRun;
use crate::documents::roles::ReferenceRole;
use crate::documents::run::RunArtifact;
use crate::documents::{Document, Kind};
use crate::graph::{Graph, StepId};
use crate::rules::{Executed, Linked, StepRuns};
use crate::secrets::shortened;
use crate::workspace::{DocId, Member, Resolution, Workspace, digest_key, field};
use crate::yaml::NodeId;

/// A run of a pipeline, with the pipeline and the runs of its steps.
pub struct PipelineExecution<'a> {
    /// The workspace, as the run sees it.
    linked: Linked<'a>,
    run: &'a PipelineRun,
    pipeline: ExecutedPipeline<'a>,
    runs: Vec<OneRun<'a>>,
}

#[derive(Clone, Copy)]
struct ExecutedPipeline<'a> {
    id: DocId,
    typed: &'a Pipeline,
    member: &'a Member,
}

/// The run of the whole pipeline, or of one of its steps.
struct OneRun<'a> {
    /// The step, and its path; `None` for the run of the whole pipeline.
    step: Option<(StepId, String)>,
    id: DocId,
    member: &'a Member,
}

/// Something that the execution made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeArtifact {
    /// The path of its step and its name: `fit/credit-model`.
    pub name: String,
    /// Its path in its store, as written.
    pub path: Option<String>,
    /// Where it is stored, in the spelling in which places are compared.
    place: Option<String>,
    /// The digests that documents give, each as [`digest_key`] spells it. Two of one algorithm contradict each other.
    digests: BTreeSet<String>,
}

impl MadeArtifact {
    /// Returns its SHA-256 in hexadecimal digits, if documents say it.
    #[must_use]
    pub fn sha256(&self) -> Option<&str> {
        self.digests.iter().find_map(|digest| digest.strip_prefix("sha256:"))
    }
}

impl<'a> PipelineExecution<'a> {
    /// Returns the execution that a document tells of.
    ///
    /// # Errors
    ///
    /// Why there is nothing to look at: another kind of document, a pipeline that is not in the workspace or has no steps.
    pub fn of(workspace: Workspace<'a>, id: DocId) -> Result<Self, String> {
        let linked = Linked::new(workspace, &Executed::default(), id).ok_or("there is no such document")?;
        let Some(Document::PipelineRun(run)) = linked.own.typed() else {
            return Err(format!("{} is not a run of a pipeline", quoted(linked.own.label())));
        };
        let pipeline = pipeline_of(&linked).ok_or_else(|| {
            format!(
                "the pipeline of {} is not here, or not the only one of its name, so that nobody can tell what it should do",
                quoted(linked.own.label())
            )
        })?;
        let own = OneRun { step: None, id, member: linked.own };
        let runs = match linked.step_runs() {
            Some(told) => std::iter::once(own).chain(runs_of_steps(&linked, told)).collect(),
            None => {
                return Err(format!("{} does not say how the steps of its pipeline ended", quoted(linked.own.label())));
            }
        };
        Ok(Self { linked, run, pipeline, runs })
    }

    /// Returns the digest of what the pipeline says, however it is written.
    #[must_use]
    pub fn pipeline_digest(&self) -> String {
        content_digest(&self.pipeline.member.tree, self.pipeline.member.root)
    }

    fn workspace(&self) -> Workspace<'a> {
        *self.linked
    }

    /// Returns what the run says of the steps. [`Self::of`] has made sure that it says something.
    fn told(&self) -> Option<&StepRuns<'a>> {
        self.linked.step_runs()
    }

    fn graph(&self) -> Option<&Graph<'a>> {
        self.told().map(|told| &told.steps.graph)
    }

    /// Returns what the runs made, in their order.
    #[must_use]
    pub fn artifacts(&self) -> Vec<MadeArtifact> {
        let mut made = Vec::new();
        for run in &self.runs {
            let mut names: IndexMap<String, ToldArtifact<'_>> = IndexMap::new();
            for item in listed(run.member) {
                if let Some(name) = item.key.get() {
                    names.entry(name.to_lowercase()).or_insert_with(|| ToldArtifact::called(name)).listed.push(item);
                }
            }
            for (_, document) in self.artifact_documents(run) {
                if let Some(name) = document.name() {
                    names
                        .entry(name.to_lowercase())
                        .or_insert_with(|| ToldArtifact::called(name))
                        .documents
                        .push(document);
                }
            }
            made.extend(names.into_values().map(|told| self.artifact(run, told)));
        }
        made
    }

    fn artifact(&self, run: &OneRun<'_>, ToldArtifact { name, listed, documents }: ToldArtifact<'_>) -> MadeArtifact {
        let name = match &run.step {
            Some((_, path)) => format!("{path}/{name}"),
            None => name.to_owned(),
        };
        let mut artifact = MadeArtifact { name, path: None, place: None, digests: BTreeSet::new() };
        for item in listed {
            let path = item.path.get().and_then(|place| match place {
                DataPlace::Text(path) => Some(path.clone()),
                DataPlace::Datapath(path) => path.relative_path.get().map(|path| path.to_string()),
            });
            artifact.path = artifact.path.or(path);
            let place = item.path.node().and_then(|node| self.workspace().place_of(&run.member.tree, node));
            artifact.place = artifact.place.or(place);
            artifact.digests.extend(item.model_digest.get().map(|digest| digest_key(digest).into_owned()));
        }
        for member in documents {
            let Some(Document::Artifact(typed)) = member.typed() else { continue };
            let path = typed.data_path.get().and_then(|path| path.relative_path.get().map(|path| path.to_string()));
            artifact.path = artifact.path.or(path);
            let place = typed.data_path.node().and_then(|node| self.workspace().place_of(&member.tree, node));
            artifact.place = artifact.place.or(place);
            artifact.digests.extend(typed.digest.get().map(|digest| digest_key(digest).into_owned()));
        }
        artifact
    }

    /// Returns the documents of what a run made.
    fn artifact_documents(&self, run: &OneRun<'_>) -> impl Iterator<Item = (DocId, &'a Member)> + use<'a> {
        let workspace = self.workspace();
        let made = workspace.referring_to(run.id, ReferenceRole::Producer, Kind::Artifact);
        made.filter_map(move |(id, _)| Some((id, workspace.member(id)?)))
    }
}

/// What documents tell of an artifact: an item of the list of its run, and a document of its own.
struct ToldArtifact<'a> {
    name: &'a str,
    listed: Vec<&'a RunArtifact>,
    documents: Vec<&'a Member>,
}

impl<'a> ToldArtifact<'a> {
    fn called(name: &'a str) -> Self {
        Self { name, listed: Vec::new(), documents: Vec::new() }
    }
}

fn pipeline_of<'a>(linked: &Linked<'a>) -> Option<ExecutedPipeline<'a>> {
    let (_, member, id) = linked.found().find(|(reference, ..)| reference.targets == [Kind::Pipeline])?;
    match member.typed()? {
        Document::Pipeline(typed) => Some(ExecutedPipeline { id, typed, member }),
        _ => None,
    }
}

/// Returns the runs of steps that are in the workspace, in the order of the document.
fn runs_of_steps<'a>(linked: &Linked<'a>, told: &StepRuns<'a>) -> Vec<OneRun<'a>> {
    let found = targets_of(**linked, linked.id);
    let run_of = |entry: &crate::rules::StepEntry<'a>| {
        let (node, member) = entry.run?;
        let step = entry.step?;
        Some(OneRun { step: Some((step, told.steps.graph.path_of(step))), id: *found.get(&node)?, member })
    };
    told.entries.iter().filter_map(run_of).collect()
}

/// Returns what a run lists as its products.
fn listed(run: &Member) -> impl Iterator<Item = &RunArtifact> {
    let artifacts = match run.typed() {
        Some(Document::Run(run)) => run.artifacts.get(),
        Some(Document::PipelineRun(run)) => run.artifacts.get(),
        _ => None,
    };
    artifacts.into_iter().flat_map(List::iter).map(|(_, artifact)| artifact)
}

/// Returns what the references of a document are to, by the nodes of the references.
fn targets_of(workspace: Workspace<'_>, document: DocId) -> FxHashMap<NodeId, DocId> {
    let references = workspace.references_of(document);
    let found = references.filter_map(|(reference, resolution)| match resolution {
        Resolution::Found(found) => Some((reference.node, *found)),
        _ => None,
    });
    found.collect()
}

/// Returns the text of a field of a mapping.
fn text_in<'t>(member: &'t Member, mapping: NodeId, name: &str) -> Option<&'t str> {
    let node = field(&member.tree, mapping, name).filter(|node| !member.tree.is_null(*node))?;
    member.tree.text(node).map(str::trim).filter(|text| !text.is_empty())
}

/// The maximum number of characters of a name in a message.
const LONGEST_NAME: usize = 60;

fn quoted(name: &str) -> String {
    format!("'{}'", shortened(name, LONGEST_NAME))
}
