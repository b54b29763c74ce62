//! What a pipeline run says of the steps of its pipeline.

use jiff::Timestamp;
use rustc_hash::FxHashMap;

use crate::documents::field::Map;
use crate::documents::pipeline::Pipeline;
use crate::documents::run::RunStatus;
use crate::documents::{Document, Kind};
use crate::graph::{Graph, StepId};
use crate::rules::Linked;
use crate::workspace::{Member, Reference};
use crate::yaml::NodeId;

/// A pipeline run beside the pipeline that it executed.
pub(crate) struct StepRuns<'a> {
    /// The pipeline.
    pub pipeline: &'a Member,
    /// Its graph.
    pub graph: Graph<'a>,
    /// What the run says of steps, in the order of the text.
    pub entries: Vec<Entry<'a>>,
}

/// What a pipeline run says of one step.
pub(crate) struct Entry<'a> {
    /// The name as the run has it.
    pub name: &'a str,
    /// The node of what the run says; its key is the name.
    pub node: NodeId,
    /// The step of the pipeline, unless it has none of that name.
    pub step: Option<StepId>,
    /// The status that the pipeline run gives, and its node.
    pub status: Option<(RunStatus, NodeId)>,
    /// The node of the reference to the run of the step, and that run, if it is in the workspace.
    pub run: Option<(NodeId, &'a Member)>,
}

impl<'a> StepRuns<'a> {
    /// What a pipeline run says of its steps; `None` where the pipeline is not at hand or has no steps.
    pub fn of(workspace: &Linked<'a>) -> Option<Self> {
        let Some(Document::PipelineRun(run)) = workspace.own.typed() else { return None };
        let steps = run.steps.get()?;
        let (pipeline, member) = executed(workspace)?;
        let graph = Graph::of(pipeline, &member.tree);
        if graph.steps().len() == 0 {
            return None;
        }
        let by_name = by_name(&graph);
        let runs: FxHashMap<NodeId, &Member> =
            workspace.found().map(|(reference, member, _)| (reference.node, member)).collect();
        let entries = Map::iter(steps).map(|(name, node, said)| Entry {
            name,
            node,
            step: by_name.get(name).copied(),
            status: said.status.located().map(|(status, node)| (*status, node)),
            run: said.run.node().and_then(|node| Some((node, *runs.get(&node)?))),
        });
        let entries = entries.collect();
        Some(Self { pipeline: member, graph, entries })
    }
}

/// The pipeline that a pipeline run executed, if it is in the workspace.
pub(crate) fn executed<'a>(workspace: &Linked<'a>) -> Option<(&'a Pipeline, &'a Member)> {
    let is_pipeline = |reference: &Reference| reference.targets == [Kind::Pipeline];
    let (_, member, _) = workspace.found().find(|(reference, ..)| is_pipeline(reference))?;
    match member.typed()? {
        Document::Pipeline(pipeline) => Some((pipeline, member)),
        _ => None,
    }
}

/// The steps by what a run may call them: `measure`, `report/measure`, `report.measure`. A name alone means the outermost step that has it.
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

/// The status that a run gives of itself, and its node.
pub(crate) fn own_status(run: &Member) -> Option<(RunStatus, NodeId)> {
    let status = match run.typed()? {
        Document::Run(run) => &run.status,
        Document::PipelineRun(run) => &run.status,
        _ => return None,
    };
    status.located().map(|(status, node)| (*status, node))
}

/// When a run was submitted, and the node that says so.
pub(crate) fn submitted(run: &Member) -> Option<(Timestamp, NodeId)> {
    let (text, node) = run.recorded_on()?;
    Some((text.parse().ok()?, node))
}

/// What a status is called.
pub(crate) fn status_name(status: RunStatus) -> &'static str {
    match status {
        RunStatus::Queued => "queued",
        RunStatus::Running => "running",
        RunStatus::Completed => "completed",
        RunStatus::Failed => "failed",
        RunStatus::Cancelled => "cancelled",
    }
}
