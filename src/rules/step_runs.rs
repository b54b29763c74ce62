//! What a pipeline run says about the steps of its pipeline.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use rustc_hash::FxHashMap;

use crate::documents::field::Map;
use crate::documents::pipeline::Pipeline;
use crate::documents::run::RunStatus;
use crate::documents::{Document, Kind};
use crate::graph::{Graph, StepId};
use crate::rules::Linked;
use crate::workspace::{DocId, Member, Reference};
use crate::yaml::NodeId;

/// A pipeline run together with the pipeline that it executed.
pub(crate) struct StepRuns<'a> {
    /// The pipeline.
    pub pipeline: &'a Member,
    /// Its steps.
    pub steps: Arc<Steps<'a>>,
    /// The run's entries for steps, in document order.
    pub entries: Vec<StepEntry<'a>>,
}

/// The steps of a pipeline.
pub(crate) struct Steps<'a> {
    /// Its graph.
    pub graph: Graph<'a>,
    /// The steps by the names that a run may use for them.
    by_name: FxHashMap<String, StepId>,
}

/// The steps of the pipelines that runs executed. Each pipeline is read once, since it may have thousands of runs.
#[derive(Clone, Default)]
pub struct Executed<'a>(Arc<Mutex<FxHashMap<DocId, Arc<Steps<'a>>>>>);

/// The entry of a pipeline run for one step.
pub(crate) struct StepEntry<'a> {
    /// The name of the step, as written in the run.
    pub name: &'a str,
    /// The node of the entry; its key is the name.
    pub node: NodeId,
    /// The step of the pipeline. `None` if it has no step of this name.
    pub step: Option<StepId>,
    /// The status that the pipeline run gives for the step, and its node.
    pub status: Option<(RunStatus, NodeId)>,
    /// The node of the reference to the step's own run, and that run. `None` if the run is not in the workspace.
    pub run: Option<(NodeId, &'a Member)>,
}

impl<'a> Executed<'a> {
    fn steps(&self, id: DocId, pipeline: &'a Pipeline, member: &'a Member) -> Arc<Steps<'a>> {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(steps) = known().get(&id) {
            return Arc::clone(steps);
        }
        let graph = Graph::of(pipeline, &member.tree);
        let steps = Arc::new(Steps { by_name: by_name(&graph), graph });
        Arc::clone(known().entry(id).or_insert(steps))
    }
}

impl<'a> StepRuns<'a> {
    /// Reads what a pipeline run says about its steps. `None` if the pipeline is not in the workspace or has no steps.
    pub fn of(workspace: &Linked<'a>, executed: &Executed<'a>) -> Option<Self> {
        let Some(Document::PipelineRun(run)) = workspace.own.typed() else { return None };
        let steps = run.steps.get()?;
        let (id, pipeline, member) = self::executed(workspace)?;
        let of_pipeline = executed.steps(id, pipeline, member);
        if of_pipeline.graph.steps().len() == 0 {
            return None;
        }
        let runs: FxHashMap<NodeId, &Member> =
            workspace.found().map(|(reference, member, _)| (reference.node, member)).collect();
        let entries = Map::iter(steps).map(|(name, node, said)| StepEntry {
            name,
            node,
            step: of_pipeline.by_name.get(name).copied(),
            status: said.status.located().map(|(status, node)| (*status, node)),
            run: said.run.node().and_then(|node| Some((node, *runs.get(&node)?))),
        });
        let entries = entries.collect();
        Some(Self { pipeline: member, steps: of_pipeline, entries })
    }
}

/// Returns the pipeline that a pipeline run executed. `None` if it is not in the workspace.
pub(crate) fn executed<'a>(workspace: &Linked<'a>) -> Option<(DocId, &'a Pipeline, &'a Member)> {
    let is_pipeline = |reference: &Reference| reference.targets == [Kind::Pipeline];
    let (_, member, id) = workspace.found().find(|(reference, ..)| is_pipeline(reference))?;
    match member.typed()? {
        Document::Pipeline(pipeline) => Some((id, pipeline, member)),
        _ => None,
    }
}

/// Maps the names that a run may use to steps: `measure`, `report/measure`, `report.measure`. A bare name means the outermost step of that
/// name.
fn by_name(graph: &Graph<'_>) -> FxHashMap<String, StepId> {
    let mut by_name = FxHashMap::default();
    for (id, step) in graph.steps().filter(|(_, step)| step.parent.is_none()) {
        by_name.entry(step.name.to_owned()).or_insert(id);
    }
    for (id, step) in graph.steps().filter(|(_, step)| step.parent.is_some()) {
        let path = graph.path_of(id);
        by_name.entry(path.replace('/', ".")).or_insert(id);
        by_name.entry(path).or_insert(id);
        by_name.entry(step.name.to_owned()).or_insert(id);
    }
    by_name
}

/// Returns the status that a run gives for itself, and its node.
pub(crate) fn own_status(run: &Member) -> Option<(RunStatus, NodeId)> {
    let status = match run.typed()? {
        Document::Run(run) => &run.status,
        Document::PipelineRun(run) => &run.status,
        _ => return None,
    };
    status.located().map(|(status, node)| (*status, node))
}

/// Returns the time when a run was submitted, and its node.
pub(crate) fn submitted(run: &Member) -> Option<(Timestamp, NodeId)> {
    let (text, node) = run.recorded_on()?;
    Some((text.parse().ok()?, node))
}

/// Returns the name of a status.
pub(crate) fn status_name(status: RunStatus) -> &'static str {
    match status {
        RunStatus::Queued => "queued",
        RunStatus::Running => "running",
        RunStatus::Completed => "completed",
        RunStatus::Failed => "failed",
        RunStatus::Cancelled => "cancelled",
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::analysis::{Options, members};
    use crate::workspace::Index;

    /// The cost of reading a pipeline does not grow with the number of its runs.
    #[test]
    fn a_pipeline_is_read_once_for_all_of_its_runs() {
        let run = |name: &str| {
            format!(
                "---\nmlSpecVersion: 0.1.0\nkind: pipeline-run\nname: {name}\npipeline: train\nsteps: {{fit: {{}}}}\n"
            )
        };
        let pipeline = "mlSpecVersion: 0.1.0\nkind: pipeline\nname: train\nsteps: {fit: {cmd: a}}\n";
        let index =
            Index::of(members("a.yml", &format!("{pipeline}{}{}", run("a"), run("b")), &Options::default()), false);
        let executed = Executed::default();
        let of = |id| Linked::new(index.workspace(), &executed, DocId::from_index(id)).unwrap();
        let (first, second) = (of(1), of(2));
        let (first, second) = (first.step_runs().unwrap(), second.step_runs().unwrap());
        assert!(first.entries[0].step.is_some());
        assert!(Arc::ptr_eq(&first.steps, &second.steps));
    }
}
