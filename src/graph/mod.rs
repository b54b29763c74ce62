//! The graph of a pipeline: its steps and data, what connects them, in which order they can be executed, and how they are drawn.
//!
//! The graph is the union of four ways to write an edge: `inputs.*.from`, `after`, `edges`, and a path that one step writes and
//! another reads, as a whole or in part. A complex step holds a graph of its own; a name in it means the innermost step that has it, so that a nested step
//! can read what a step outside gives. Such an edge counts between the two steps, one of them possibly complex, that stand in the
//! same graph: a complex step is executed as a whole. Everything here takes time and memory in proportion to the document.

mod build;
mod cycle;
mod dot;
mod drawing;
mod layout;
mod mermaid;
mod order;
mod path;
mod svg;

pub use cycle::Cycle;
pub use dot::dot;
pub use drawing::{Box, BoxMark, BoxShape, Drawing, Link};
pub use mermaid::mermaid;
pub use order::{Lifted, topological_order};
pub use path::{Clash, PathRole, PathUse, by_folder, folders, is_within, normal};
pub use svg::svg;

use rustc_hash::FxHashMap;

use crate::documents::pipeline::{self, EdgeKind, Pipeline};
use crate::yaml::NodeId;

/// A step of a graph: its position among all steps, those of complex steps behind the complex one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepId(pub(crate) u32);

impl StepId {
    /// Its position among all steps.
    #[must_use]
    pub fn index(self) -> u32 {
        self.0
    }

    fn at(self) -> usize {
        self.0 as usize
    }
}

/// A data vertex: its position among those of the pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DataId(pub(crate) u32);

/// A step of the graph.
#[derive(Clone, Copy, Debug)]
pub struct GraphStep<'t> {
    /// Its name among the steps beside it.
    pub name: &'t str,
    /// Its value; the key is its name.
    pub node: NodeId,
    /// The complex step that holds it.
    pub parent: Option<StepId>,
    /// One past the last step inside it; the next one when it is not complex.
    end: u32,
}

/// A data vertex of the graph.
#[derive(Clone, Copy, Debug)]
pub struct GraphData<'t> {
    /// Its name. A datapath in a list has none.
    pub name: Option<&'t str>,
    /// Its source.
    pub node: NodeId,
}

/// Where an edge begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Vertex {
    /// A step.
    Step(StepId),
    /// Data.
    Data(DataId),
}

/// How an edge is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// `from` of an input.
    Input,
    /// An item of `after`.
    After,
    /// An entry of `edges`.
    Entry,
    /// A path that one step writes and the other reads, or one that lies in the other.
    Path,
}

/// An edge of the graph.
#[derive(Clone, Copy, Debug)]
pub struct GraphEdge<'t> {
    /// Where it begins.
    pub from: Vertex,
    /// The output that it begins at, or the path that is written.
    pub from_port: Option<&'t str>,
    /// The step that it leads to.
    pub to: StepId,
    /// The input that it leads to.
    pub to_port: Option<&'t str>,
    /// What it carries.
    pub kind: EdgeKind,
    /// How it is written.
    pub written: Written,
    /// Where it is written: the value of `from`, the item of `after`, the path of the dependency.
    pub node: NodeId,
}

/// Which field names a vertex.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameField {
    /// `from` of an input of a step.
    Input,
    /// An item of `after`.
    After,
    /// `from` of an entry of `edges`.
    From,
    /// `to` of an entry of `edges`.
    To,
    /// An item of `pipeline`.
    Order,
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameTarget<'t> {
    /// A step.
    Step(StepId),
    /// A port of a step, which it need not have.
    Port(StepId, &'t str),
    /// A data vertex.
    Data(DataId),
    /// A data vertex without the `data.` in front of its name.
    BareData(DataId),
    /// A data vertex and the name of a port, where it has none.
    DataPort(DataId, &'t str),
    /// A step inside a complex step, named in `pipeline`, where steps of the pipeline itself are expected.
    Nested(StepId),
    /// Nothing in the graph.
    Unknown,
    /// What is filled in later: `${…}`, `{{…}}`, `<…>`.
    Later,
}

impl NameTarget<'_> {
    /// The vertex, where the name says which.
    #[must_use]
    pub fn vertex(self) -> Option<Vertex> {
        match self {
            Self::Step(step) | Self::Port(step, _) => Some(Vertex::Step(step)),
            Self::Data(data) | Self::BareData(data) | Self::DataPort(data, _) => Some(Vertex::Data(data)),
            Self::Nested(_) | Self::Unknown | Self::Later => None,
        }
    }
}

/// A name of a vertex as it is written.
#[derive(Clone, Copy, Debug)]
pub struct End<'t> {
    /// Where it is written.
    pub node: NodeId,
    /// Its text.
    pub text: &'t str,
    /// The field.
    pub role: NameField,
    /// Whether an edge of data or of control is meant.
    pub kind: EdgeKind,
    /// The step that it is written in.
    pub within: Option<StepId>,
    /// What it stands for.
    pub target: NameTarget<'t>,
}

/// Whether a port lets data in or out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PortDirection {
    /// An input.
    In,
    /// An output.
    Out,
}

/// The graph of a pipeline.
#[derive(Debug)]
pub struct Graph<'t> {
    steps: Vec<GraphStep<'t>>,
    data: Vec<GraphData<'t>>,
    edges: Vec<GraphEdge<'t>>,
    ends: Vec<End<'t>>,
    lifted: Vec<Lifted>,
    reads: Vec<PathUse<'t>>,
    writes: Vec<PathUse<'t>>,
    clashes: Vec<Clash>,
    step_names: FxHashMap<(Option<StepId>, &'t str), StepId>,
    data_names: FxHashMap<&'t str, DataId>,
    ports: FxHashMap<(StepId, PortDirection, &'t str), NodeId>,
}

impl<'t> Graph<'t> {
    /// All steps, in the order of the text; those inside a complex step follow it.
    pub fn steps(&self) -> impl ExactSizeIterator<Item = (StepId, &GraphStep<'t>)> {
        self.steps.iter().enumerate().map(|(at, step)| (StepId(crate::text::offset(at)), step))
    }

    /// The step with this identity.
    #[must_use]
    pub fn step(&self, id: StepId) -> &GraphStep<'t> {
        &self.steps[id.at()]
    }

    /// The steps that stand directly in the graph of a complex step, or of the pipeline.
    pub fn within(&self, parent: Option<StepId>) -> impl Iterator<Item = StepId> {
        let (first, end) = match parent {
            Some(parent) => (parent.0 + 1, self.step(parent).end),
            None => (0, crate::text::offset(self.steps.len())),
        };
        let next = move |at: u32| (at < end).then_some(StepId(at));
        std::iter::successors(next(first), move |id| next(self.step(*id).end))
    }

    /// The name of a step with those of the complex steps around it: `report/measure`.
    #[must_use]
    pub fn path_of(&self, id: StepId) -> String {
        let up = std::iter::successors(Some(id), |id| self.step(*id).parent);
        let mut names: Vec<&str> = up.map(|id| self.step(id).name).collect();
        names.reverse();
        names.join("/")
    }

    /// Whether a step is the other one, or holds it at whatever depth.
    #[must_use]
    pub fn contains(&self, outer: StepId, inner: StepId) -> bool {
        outer <= inner && inner.0 < self.step(outer).end
    }

    /// Whether one of two steps is the other one, or holds it.
    #[must_use]
    pub fn are_nested(&self, a: StepId, b: StepId) -> bool {
        self.contains(a, b) || self.contains(b, a)
    }

    /// Whether a step has steps of its own.
    #[must_use]
    pub fn is_complex(&self, id: StepId) -> bool {
        self.step(id).end > id.0 + 1
    }

    /// The data vertices, in the order of the text.
    pub fn data(&self) -> impl ExactSizeIterator<Item = (DataId, &GraphData<'t>)> {
        self.data.iter().enumerate().map(|(at, data)| (DataId(crate::text::offset(at)), data))
    }

    /// The edges, in no particular order.
    #[must_use]
    pub fn edges(&self) -> &[GraphEdge<'t>] {
        &self.edges
    }

    /// Every name of a vertex as it is written.
    #[must_use]
    pub fn ends(&self) -> &[End<'t>] {
        &self.ends
    }

    /// Every edge between two steps, as an edge between the two that stand in the same graph.
    #[must_use]
    pub fn lifted(&self) -> &[Lifted] {
        &self.lifted
    }

    /// What the steps read by path, in the order of the text.
    #[must_use]
    pub fn reads(&self) -> &[PathUse<'t>] {
        &self.reads
    }

    /// What the steps write, in the order of the text.
    #[must_use]
    pub fn writes(&self) -> &[PathUse<'t>] {
        &self.writes
    }

    /// Paths that are written twice.
    #[must_use]
    pub fn clashes(&self) -> &[Clash] {
        &self.clashes
    }

    /// The step that a name means in the graph of a complex step, or of the pipeline: one of its own, or else one of a graph around it.
    #[must_use]
    pub fn step_named(&self, within: Option<StepId>, name: &str) -> Option<StepId> {
        let mut scope = within;
        loop {
            if let Some(step) = self.step_names.get(&(scope, name)) {
                return Some(*step);
            }
            scope = self.step(scope?).parent;
        }
    }

    /// The node of a port that a step itself declares.
    #[must_use]
    pub fn port(&self, step: StepId, direction: PortDirection, name: &str) -> Option<NodeId> {
        self.ports.get(&(step, direction, name)).copied()
    }

    /// How a vertex is referred to: `prepare`, `data.clients`.
    #[must_use]
    pub fn vertex_name(&self, vertex: Vertex) -> String {
        match vertex {
            Vertex::Step(step) => self.step(step).name.to_owned(),
            Vertex::Data(DataId(data)) => {
                let name = self.data.get(data as usize).and_then(|data| data.name);
                format!("data.{}", name.unwrap_or("?"))
            }
        }
    }

    /// The shortest cycle of every group of steps that wait for each other; see [`Cycle`].
    #[must_use]
    pub fn cycles(&self) -> Vec<Cycle> {
        cycle::cycles(self.steps.len(), &self.lifted)
    }

    /// The groups of two or more steps that all wait for each other.
    #[must_use]
    pub fn groups(&self) -> Vec<Vec<StepId>> {
        cycle::groups(self.steps.len(), &self.lifted, &order::Outgoing::of(self.steps.len(), &self.lifted))
    }
}

/// The steps of a pipeline as they are written, in the order of [`Graph::steps`].
pub fn written_steps(pipeline: &Pipeline) -> impl Iterator<Item = &pipeline::Step> {
    build::walk(pipeline).map(|visit| visit.step)
}
