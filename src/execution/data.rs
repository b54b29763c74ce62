//! The data of an execution: what the pipeline gives to each step, and what the runs say that they read.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{MadeArtifact, OneRun, PipelineExecution, quoted, targets_of};
use crate::graph::{DataId, Graph, StepId, Vertex};
use crate::workspace::{DataUse, Member};

/// The maximum number of edges that are followed, and of data that are compared, to find out what each step may read.
const MOST_EFFORT: usize = 20_000_000;

impl<'a> PipelineExecution<'a> {
    /// Returns the data of the pipeline.
    pub(super) fn pipeline_data(&self) -> Vec<(DataId, DataUse<'a>)> {
        let workspace = self.workspace();
        let id = self.pipeline.id;
        let targets = targets_of(workspace, id);
        let of = |(data, vertex): (DataId, &crate::graph::GraphData<'_>)| {
            Some((data, workspace.data_named(id, vertex.node, targets.get(&vertex.node).copied())?))
        };
        self.graph().into_iter().flat_map(Graph::data).filter_map(of).collect()
    }

    /// Returns the data that the runs say they read, with the run, except what the execution itself has made.
    pub(super) fn read<'s>(&'s self, made: &[MadeArtifact]) -> Vec<(&'s OneRun<'a>, DataUse<'a>)> {
        let places: FxHashSet<&str> = made.iter().filter_map(|artifact| artifact.place.as_deref()).collect();
        let digests: FxHashSet<&str> =
            made.iter().flat_map(|artifact| artifact.digests.iter().map(String::as_str)).collect();
        let is_made = |data: &DataUse<'_>| {
            data.digest.as_deref().is_some_and(|digest| digests.contains(digest))
                || data.place.as_deref().is_some_and(|place| places.contains(place))
        };
        let of_run =
            |run: &'s OneRun<'a>| self.workspace().data_read_by(run.id).into_iter().map(move |data| (run, data));
        self.runs.iter().flat_map(of_run).filter(|(_, data)| !is_made(data)).collect()
    }

    /// What a run reads must be data that the pipeline gives to its step, directly or through steps before it.
    pub(super) fn other_data(&self) -> Vec<String> {
        let given = self.pipeline_data();
        let Some(graph) = self.graph().filter(|_| !given.is_empty()) else { return Vec::new() };
        let mut faults = Vec::new();
        let next = Next::of(graph);
        let mut reached: FxHashMap<DataId, FxHashSet<StepId>> = FxHashMap::default();
        let mut effort = MOST_EFFORT;
        for (run, data) in self.read(&self.artifacts()) {
            effort = effort.saturating_sub(given.len());
            if effort == 0 {
                break;
            }
            let mut same = given.iter().filter(|(_, own)| own.is_same(&data)).map(|(id, _)| *id).peekable();
            let (who, what) = (quoted(run.member.label()), quoted(&name_of(run.member, &data)));
            if same.peek().is_none() {
                faults.push(format!("the run {who} reads {what}, which is not data of the pipeline"));
                continue;
            }
            let Some((step, path)) = &run.step else { continue };
            let mut is_given = false;
            for id in same {
                let steps = reached.entry(id).or_insert_with(|| next.reach(id, &mut effort));
                is_given |= steps.contains(step);
            }
            if !is_given && effort > 0 {
                faults.push(format!(
                    "the run {who} reads {what}, which the pipeline does not give to the step {}",
                    quoted(path)
                ));
            }
        }
        if effort == 0 {
            faults.push("the pipeline is too large to tell which data its steps may read".to_owned());
        }
        faults
    }
}

/// Returns the name of data in messages and statements.
pub(super) fn name_of(member: &Member, data: &DataUse<'_>) -> String {
    let text = member.tree.text(data.node).map(str::trim).filter(|text| !text.is_empty());
    text.map(str::to_owned).or_else(|| data.place.clone()).unwrap_or_else(|| "data".to_owned())
}

/// What comes after each vertex.
struct Next(FxHashMap<Vertex, Vec<StepId>>);

impl Next {
    fn of(graph: &Graph<'_>) -> Self {
        let mut next: FxHashMap<Vertex, Vec<StepId>> = FxHashMap::default();
        for edge in graph.edges() {
            next.entry(edge.from).or_default().push(edge.to);
        }
        // A complex step is executed as a whole.
        for (id, step) in graph.steps() {
            if let Some(parent) = step.parent {
                next.entry(Vertex::Step(parent)).or_default().push(id);
                next.entry(Vertex::Step(id)).or_default().push(parent);
            }
        }
        Self(next)
    }

    /// Returns the steps that data gets to, each step once.
    fn reach(&self, data: DataId, effort: &mut usize) -> FxHashSet<StepId> {
        let mut reached = FxHashSet::default();
        let mut open = vec![Vertex::Data(data)];
        while let Some(vertex) = open.pop() {
            for step in self.0.get(&vertex).into_iter().flatten() {
                *effort = effort.saturating_sub(1);
                if *effort > 0 && reached.insert(*step) {
                    open.push(Vertex::Step(*step));
                }
            }
        }
        reached
    }
}
