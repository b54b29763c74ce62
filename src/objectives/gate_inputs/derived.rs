//! Data that was made of the data of a test, and the documents that say how data was made and split.

use rustc_hash::{FxHashMap, FxHashSet};

use super::ChoiceError;
use super::data_index::DataIndex;
use super::measuring_runs::{data_read, role};
use super::passed_over::{data_measured, is_same};
use crate::documents::artifact::ArtifactType;
use crate::documents::{Document, Kind};
use crate::objectives::admission::{artifacts, datasets, is_of_test, run_of};
use crate::objectives::provenance::{MeasuredModels, RUNS, models_read, normalized, parents, reached};
use crate::workspace::{DataUse, DocId, Index, Member, Resolution, Workspace, field};
use crate::yaml::NodeId;

/// The kinds of documents that say how data was made.
const OF_DATA: [Kind; 3] = [Kind::Ingestion, Kind::Split, Kind::Transformation];

/// Checks that no run that made the model, or evaluated it, read what was made of the data of a test, a folder that holds this data, or
/// something in it.
pub(super) fn none_is_trained_on_test_data(index: &Index, judged: &[Member]) -> Result<(), ChoiceError> {
    let workspace = index.workspace();
    let training = training(workspace, judged);
    let makers = MeasuredModels::of(workspace, judged.iter()).runs(workspace);
    if training.is_empty() {
        return Ok(());
    }
    let evaluating = judged.iter().filter(|own| own.kind == Kind::Evaluation).filter_map(run_of);
    let evaluating = evaluating.filter_map(|name| workspace.lookup(name, &RUNS).found());
    let started: Vec<DocId> = evaluating.chain(makers.iter().copied()).collect();
    let started: FxHashSet<DocId> = reached(&started, |run| parents(workspace, run)).into_iter().collect();
    let makers: FxHashSet<DocId> = makers.into_iter().collect();
    for test in judged.iter().filter(|member| member.kind == Kind::Test) {
        let Some(id) = index.id_of(test) else { continue };
        let own = data_measured(workspace, id);
        let sources = sources(workspace, &own);
        let copies: Vec<DataUse<'_>> = own.iter().filter_map(|data| materialized(workspace, data)).collect();
        let made = made_of(workspace, [own.clone(), copies.clone()].concat());
        for run in &training {
            let Some(member) = workspace.member(*run) else { continue };
            let read = data_read(workspace, *run);
            let read = read.iter().filter(|used| !role(member, used).is_some_and(is_of_test));
            let what = read.clone().find_map(|used| {
                // That a run which made the model read the data of the test itself is another fault.
                let is_known = || started.contains(run);
                if own.iter().any(|own| is_same(used, own)) && is_known() {
                    return None;
                }
                // A pipeline run may read all that its steps split.
                let is_apart = member.kind == Kind::PipelineRun;
                let is_source = |(run_of_split, data): &(Option<DocId>, DataUse<'_>)| {
                    *run_of_split != Some(*run) && is_same(used, data)
                };
                let how = match made.has(used) {
                    true if own.iter().any(|own| is_same(used, own)) => {
                        "its data, and the model begins from what it made"
                    }
                    true if copies.iter().any(|copy| is_same(used, copy)) => "a copy of its data",
                    true => "what was made of its data",
                    false if is_apart => return None,
                    false if makers.contains(run) && sources.iter().any(is_source) => {
                        "all that its data was split from"
                    }
                    false if own.iter().any(|own| is_within(own, used)) => "a folder that holds its data",
                    false if own.iter().any(|own| is_within(used, own)) => "a part of its data",
                    false => return None,
                };
                let shown = member.tree.text(used.node).map(str::to_owned).or_else(|| used.place.clone());
                Some(shown.map_or_else(|| how.to_owned(), |shown| format!("{how} ('{shown}')")))
            });
            if let Some(what) = what {
                let (test, run_file, run) =
                    (test.label().to_owned(), member.file().to_owned(), member.label().to_owned());
                return Err(ChoiceError::MadeOfTestData { test, run, run_file, what });
            }
        }
    }
    Ok(())
}

/// Returns the documents that say how the data was made and split that the judged models were measured on, or trained on, and the pipelines
/// that trained them.
#[must_use]
pub fn documents_of_data<'a>(index: &'a Index, judged: &[Member]) -> Vec<&'a Member> {
    let workspace = index.workspace();
    let training = training(workspace, judged);
    let measured = judged.iter().filter_map(|member| index.id_of(member)).flat_map(|id| data_measured(workspace, id));
    let read = training.iter().flat_map(|run| data_read(workspace, *run));
    let data: DataIndex<'_> = measured.chain(read).collect();
    let is_about = |id: &DocId| data_of(workspace, *id).iter().any(|own| data.has(own));
    let training: FxHashSet<DocId> = training.into_iter().collect();
    let is_of_training = |id: &DocId| {
        let run = workspace.references_of(*id).find(|(reference, _)| reference.path == ["run"]);
        matches!(run, Some((_, Resolution::Found(run))) if training.contains(run))
    };
    let documents = OF_DATA.into_iter().flat_map(|kind| workspace.of_kind(kind));
    let documents = documents.filter(|id| is_about(id) || is_of_training(id));
    let references = training.iter().flat_map(|run| workspace.references_of(*run));
    let pipelines = references.filter_map(|(reference, found)| match found {
        Resolution::Found(found) if reference.targets.contains(&Kind::Pipeline) => Some(*found),
        _ => None,
    });
    documents.chain(pipelines).filter_map(|id| workspace.member(id)).collect()
}

/// Returns the runs that made or evaluated the judged models, and those that started these; not those of tests.
fn training(workspace: Workspace<'_>, judged: &[Member]) -> Vec<DocId> {
    let runs_of = |kind: Kind| {
        let named = judged.iter().filter(|own| own.kind == kind).filter_map(run_of);
        let found = named.filter_map(|name| workspace.lookup(name, &RUNS).found());
        found.collect::<Vec<DocId>>()
    };
    let makers = MeasuredModels::of(workspace, judged.iter()).runs(workspace);
    let tests: FxHashSet<DocId> = reached(&runs_of(Kind::Test), |run| parents(workspace, run))
        .into_iter()
        .filter(|run| !makers.contains(run))
        .collect();
    let models = MadeModels::of(workspace);
    let before = |run| [parents(workspace, run), models.makers_of_read(workspace, run)].concat();
    let made = reached(&makers, before);
    let started = reached(&[made, runs_of(Kind::Evaluation)].concat(), |run| parents(workspace, run));
    started.into_iter().filter(|run| !tests.contains(run)).collect()
}

/// The runs of a workspace that made models, by what tells the files apart.
#[derive(Default)]
struct MadeModels {
    by_digest: FxHashMap<String, Vec<DocId>>,
    /// With whether the digest of the file is known, too.
    by_place: FxHashMap<String, Vec<(DocId, bool)>>,
}

impl MadeModels {
    fn of(workspace: Workspace<'_>) -> Self {
        let mut made = Self::default();
        for id in RUNS.into_iter().flat_map(|kind| workspace.of_kind(kind)) {
            let Some(run) = workspace.member(id) else { continue };
            for own in artifacts(run) {
                let digest = own.model_digest.get().map(|digest| normalized(digest));
                if let Some(place) = own.path.node().and_then(|path| workspace.place_of(&run.tree, path)) {
                    made.by_place.entry(place).or_default().push((id, digest.is_some()));
                }
                if let Some(digest) = digest {
                    made.by_digest.entry(digest).or_default().push(id);
                }
            }
        }
        made
    }

    /// Returns the runs that made the model files that a run read, by their digests or where they lie: what a model begins from, it was
    /// trained on.
    fn makers_of_read(&self, workspace: Workspace<'_>, run: DocId) -> Vec<DocId> {
        let Some(member) = workspace.member(run) else { return Vec::new() };
        let digests: FxHashSet<String> = models_read(member).collect();
        let models = datasets(member).filter(|own| own.artifact_type.get() == Some(&ArtifactType::Model));
        let places = models.filter_map(|own| workspace.place_of(&member.tree, own.path.node()?));
        // A file may be written anew: where both digests are known, they decide.
        let at_places = places.filter_map(|place| self.by_place.get(&place)).flatten();
        let at_places = at_places.filter(|(_, is_known)| digests.is_empty() || !is_known).map(|(maker, _)| *maker);
        let of_digests = digests.iter().filter_map(|digest| self.by_digest.get(digest)).flatten().copied();
        of_digests.chain(at_places).filter(|maker| *maker != run).collect()
    }
}

/// Returns all of some data, and what was made of it, directly or not.
fn made_of<'a>(workspace: Workspace<'a>, data: Vec<DataUse<'a>>) -> DataIndex<'a> {
    let steps: Vec<Step<'a>> = steps(workspace);
    let (mut reads, mut step_of_read) = (DataIndex::default(), Vec::new());
    for (number, step) in steps.iter().enumerate() {
        step.read.iter().for_each(|read| reads.add(read.clone()));
        step_of_read.resize(step_of_read.len() + step.read.len(), number);
    }
    let (mut made, mut open, mut is_done) = (DataIndex::default(), data, vec![false; steps.len()]);
    while let Some(data) = open.pop() {
        for number in reads.same(&data).filter_map(|read| step_of_read.get(read).copied()) {
            if let (Some(is_done), Some(step)) = (is_done.get_mut(number), steps.get(number))
                && !std::mem::replace(is_done, true)
            {
                open.extend(step.made.iter().cloned());
            }
        }
        made.add(data);
    }
    made
}

/// What was read, and what was made of it.
struct Step<'a> {
    read: Vec<DataUse<'a>>,
    made: Vec<DataUse<'a>>,
}

fn steps(workspace: Workspace<'_>) -> Vec<Step<'_>> {
    let of_documents = OF_DATA.into_iter().flat_map(|kind| workspace.of_kind(kind)).map(|id| {
        let (read, made) = read_and_made(workspace, id);
        Step { read, made }
    });
    let runs = RUNS.into_iter().flat_map(|kind| workspace.of_kind(kind));
    of_documents.filter(|step| !step.made.is_empty()).chain(runs.filter_map(|id| step_of_run(workspace, id))).collect()
}

/// Returns what data a run made of what. One that prepares several sets of data makes each of another one, and does not say which.
fn step_of_run(workspace: Workspace<'_>, id: DocId) -> Option<Step<'_>> {
    let run = workspace.member(id)?;
    let is_data = |kind: Option<&ArtifactType>| kind != Some(&ArtifactType::Model);
    let written = artifacts(run).filter(|own| is_data(own.artifact_type.get()) && own.model_digest.get().is_none());
    let made: Vec<DataUse<'_>> = written.filter_map(|own| at(workspace, id, own.path.node()?)).collect();
    if made.is_empty() {
        return None;
    }
    let read: Vec<DataUse<'_>> =
        data_read(workspace, id).into_iter().filter(|used| !role(run, used).is_some_and(is_of_test)).collect();
    (read.len() <= 1 || made.len() <= 1).then_some(Step { read, made })
}

/// Returns the data that an ingestion, a split or a transformation names.
fn data_of(workspace: Workspace<'_>, id: DocId) -> Vec<DataUse<'_>> {
    let (read, made) = read_and_made(workspace, id);
    let fitted_on = workspace.references_of(id).filter(|(reference, _)| reference.path == ["fittedOn"]);
    let fitted_on = fitted_on.filter_map(|(reference, found)| named(workspace, id, reference.node, found));
    fitted_on.chain(read).chain(made).collect()
}

fn read_and_made(workspace: Workspace<'_>, id: DocId) -> (Vec<DataUse<'_>>, Vec<DataUse<'_>>) {
    let Some(member) = workspace.member(id) else { return (Vec::new(), Vec::new()) };
    let at_path = |path: &[&str]| {
        let references = workspace.references_of(id).filter(|(reference, _)| reference.path == path);
        let found = references.filter_map(|(reference, found)| named(workspace, id, reference.node, found));
        found.collect::<Vec<_>>()
    };
    match member.kind {
        Kind::Ingestion => {
            let source = field(&member.tree, member.root, "source").and_then(|node| at(workspace, id, node));
            (source.into_iter().collect(), at_path(&["output"]))
        }
        Kind::Split => (at_path(&["source"]), workspace.data_read_by(id)),
        _ => (at_path(&["inputs", "*"]), at_path(&["output"])),
    }
}

fn named<'a>(workspace: Workspace<'a>, id: DocId, node: NodeId, found: &Resolution) -> Option<DataUse<'a>> {
    workspace.data_named(id, node, found.found())
}

/// Returns the data at a location, of which nothing else is known.
fn at(workspace: Workspace<'_>, id: DocId, node: NodeId) -> Option<DataUse<'_>> {
    let place = workspace.place_of(&workspace.member(id)?.tree, node)?;
    Some(DataUse { node, dataset: None, reference: None, digest: None, place: Some(place), is_whole: false })
}

/// Returns what some data was split from, each with the run that split it. A split whose sets are not told from its source says nothing.
fn sources<'a>(workspace: Workspace<'a>, data: &[DataUse<'a>]) -> Vec<(Option<DocId>, DataUse<'a>)> {
    let splits = workspace.of_kind(Kind::Split).filter_map(|id| {
        let (read, sets) = read_and_made(workspace, id);
        let source = read.into_iter().next()?;
        let is_of_data = sets.iter().any(|set| data.iter().any(|own| is_same(own, set)));
        let is_apart = !sets.iter().any(|set| is_same(set, &source));
        let run = workspace.references_of(id).find(|(reference, _)| reference.path == ["run"]);
        let run = run.and_then(|(_, found)| found.found());
        (is_of_data && is_apart).then_some((run, source))
    });
    splits.collect()
}

/// Returns the copy of a dataset that its checkpoint names.
fn materialized<'a>(workspace: Workspace<'a>, data: &DataUse<'a>) -> Option<DataUse<'a>> {
    let id = data.dataset?;
    let Some(Document::Dataset(own)) = workspace.member(id)?.typed() else { return None };
    at(workspace, id, own.checkpoint.get()?.materialized.node()?)
}

/// Returns whether some data lies in the folder that other data is. Of two datasets, each with a location of its own, one folder is not the
/// data of the other.
fn is_within(data: &DataUse<'_>, folder: &DataUse<'_>) -> bool {
    let (Some(place), Some(folder_place)) = (&data.place, &folder.place) else { return false };
    let is_apart = data.is_whole && folder.is_whole;
    let rest = place.strip_prefix(folder_place.trim_end_matches('/'));
    !is_apart && !folder_place.is_empty() && rest.is_some_and(|rest| rest.len() > 1 && rest.starts_with('/'))
}
