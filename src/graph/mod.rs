//! The graph of a pipeline: its steps and data, their connections, their execution order, and drawings of them.
//!
//! The graph is the union of four ways to write an edge: `inputs.*.from`, `after`, `edges`, and a path that one step writes and
//! another reads, entirely or partly. A complex step contains a graph of its own; a name in it refers to the innermost step of that name,
//! so that a nested step can read the output of a step outside. Such an edge counts between the two steps, one of them possibly complex,
//! that are in the same graph: a complex step is executed as a whole. Everything here takes time and memory proportional to the document.

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

/// A step of a graph: its index among all steps, with nested steps after the complex one that contains them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepId(pub(crate) u32);

impl StepId {
    /// Its index among all steps.
    #[must_use]
    pub fn index(self) -> u32 {
        self.0
    }

    fn at(self) -> usize {
        self.0 as usize
    }
}

/// A data vertex: its index among those of the pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DataId(pub(crate) u32);

/// A step of the graph.
#[derive(Clone, Copy, Debug)]
pub struct GraphStep<'t> {
    /// Its name among its siblings.
    pub name: &'t str,
    /// Its value; the key is its name.
    pub node: NodeId,
    /// The complex step that contains it.
    pub parent: Option<StepId>,
    /// One past the last step inside it; the next step if it is not complex.
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

/// The start of an edge.
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
    /// A path that one step writes and the other reads, or that contains such a path.
    Path,
}

/// An edge of the graph.
#[derive(Clone, Copy, Debug)]
pub struct GraphEdge<'t> {
    /// Where it starts.
    pub from: Vertex,
    /// The output that it starts at, or the path that is written.
    pub from_port: Option<&'t str>,
    /// The step that it leads to.
    pub to: StepId,
    /// The input that it leads to.
    pub to_port: Option<&'t str>,
    /// Whether it carries data or control.
    pub kind: EdgeKind,
    /// How it is written.
    pub written: Written,
    /// Where it is written: the value of `from`, the item of `after`, the path of the dependency.
    pub node: NodeId,
}

/// A field that names a vertex.
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

/// What a name refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameTarget<'t> {
    /// A step.
    Step(StepId),
    /// A port of a step, which the step may not have.
    Port(StepId, &'t str),
    /// A data vertex.
    Data(DataId),
    /// A data vertex without the prefix `data.`.
    BareData(DataId),
    /// A data vertex and the name of a port, which data vertices do not have.
    DataPort(DataId, &'t str),
    /// A step inside a complex step, named in `pipeline`, which only lists top-level steps.
    Nested(StepId),
    /// Nothing in the graph.
    Unknown,
    /// A placeholder that is filled in later: `${…}`, `{{…}}`, `<…>`.
    Later,
}

impl NameTarget<'_> {
    /// Returns the vertex, if the name resolves to one.
    #[must_use]
    pub fn vertex(self) -> Option<Vertex> {
        match self {
            Self::Step(step) | Self::Port(step, _) => Some(Vertex::Step(step)),
            Self::Data(data) | Self::BareData(data) | Self::DataPort(data, _) => Some(Vertex::Data(data)),
            Self::Nested(_) | Self::Unknown | Self::Later => None,
        }
    }
}

/// A name of a vertex, as written.
#[derive(Clone, Copy, Debug)]
pub struct End<'t> {
    /// Where it is written.
    pub node: NodeId,
    /// Its text.
    pub text: &'t str,
    /// The field.
    pub role: NameField,
    /// Whether it belongs to a data or a control edge.
    pub kind: EdgeKind,
    /// The step that it is written in.
    pub within: Option<StepId>,
    /// What it refers to.
    pub target: NameTarget<'t>,
}

/// The direction of a port.
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
    /// Returns all steps, in the order of the text; those inside a complex step follow it.
    pub fn steps(&self) -> impl ExactSizeIterator<Item = (StepId, &GraphStep<'t>)> {
        self.steps.iter().enumerate().map(|(at, step)| (StepId(crate::text::offset(at)), step))
    }

    /// Returns the step with this id.
    #[must_use]
    pub fn step(&self, id: StepId) -> &GraphStep<'t> {
        &self.steps[id.at()]
    }

    /// Returns the direct children of a complex step, or of the pipeline.
    pub fn within(&self, parent: Option<StepId>) -> impl Iterator<Item = StepId> {
        let (first, end) = match parent {
            Some(parent) => (parent.0 + 1, self.step(parent).end),
            None => (0, crate::text::offset(self.steps.len())),
        };
        let next = move |at: u32| (at < end).then_some(StepId(at));
        std::iter::successors(next(first), move |id| next(self.step(*id).end))
    }

    /// Returns the name of a step, prefixed with those of the complex steps around it: `report/measure`.
    #[must_use]
    pub fn path_of(&self, id: StepId) -> String {
        let up = std::iter::successors(Some(id), |id| self.step(*id).parent);
        let mut names: Vec<&str> = up.map(|id| self.step(id).name).collect();
        names.reverse();
        names.join("/")
    }

    /// Returns whether a step is the other one, or contains it at any depth.
    #[must_use]
    pub fn contains(&self, outer: StepId, inner: StepId) -> bool {
        outer <= inner && inner.0 < self.step(outer).end
    }

    /// Returns whether one of two steps is the other one, or contains it.
    #[must_use]
    pub fn are_nested(&self, a: StepId, b: StepId) -> bool {
        self.contains(a, b) || self.contains(b, a)
    }

    /// Returns whether a step has steps of its own.
    #[must_use]
    pub fn is_complex(&self, id: StepId) -> bool {
        self.step(id).end > id.0 + 1
    }

    /// Returns the data vertices, in the order of the text.
    pub fn data(&self) -> impl ExactSizeIterator<Item = (DataId, &GraphData<'t>)> {
        self.data.iter().enumerate().map(|(at, data)| (DataId(crate::text::offset(at)), data))
    }

    /// Returns the edges, in no particular order.
    #[must_use]
    pub fn edges(&self) -> &[GraphEdge<'t>] {
        &self.edges
    }

    /// Returns all names of vertices, as written.
    #[must_use]
    pub fn ends(&self) -> &[End<'t>] {
        &self.ends
    }

    /// Returns all edges between two steps, each lifted to the two steps that are in the same graph.
    #[must_use]
    pub fn lifted(&self) -> &[Lifted] {
        &self.lifted
    }

    /// Returns the paths that steps read, in the order of the text.
    #[must_use]
    pub fn reads(&self) -> &[PathUse<'t>] {
        &self.reads
    }

    /// Returns the paths that steps write, in the order of the text.
    #[must_use]
    pub fn writes(&self) -> &[PathUse<'t>] {
        &self.writes
    }

    /// Paths that are written twice.
    #[must_use]
    pub fn clashes(&self) -> &[Clash] {
        &self.clashes
    }

    /// Returns the step that a name refers to in the graph of a complex step, or of the pipeline: one of its own, or else one of a graph
    /// around it.
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

    /// Returns the node of a port that a step itself declares.
    #[must_use]
    pub fn port(&self, step: StepId, direction: PortDirection, name: &str) -> Option<NodeId> {
        self.ports.get(&(step, direction, name)).copied()
    }

    /// Returns the names of the ports that a step itself declares, sorted.
    #[must_use]
    pub fn ports_of(&self, step: StepId, direction: PortDirection) -> Vec<&'t str> {
        let own = self.ports.keys().filter(|(of, way, _)| *of == step && *way == direction);
        let mut names: Vec<&str> = own.map(|(.., name)| *name).collect();
        names.sort_unstable();
        names
    }

    /// Returns the name of a vertex in references: `prepare`, `data.clients`.
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

    /// Returns the shortest cycle of every group of steps that wait for each other; see [`Cycle`].
    #[must_use]
    pub fn cycles(&self) -> Vec<Cycle> {
        cycle::cycles(self.steps.len(), &self.lifted)
    }

    /// Returns the groups of two or more steps that all wait for each other.
    #[must_use]
    pub fn groups(&self) -> Vec<Vec<StepId>> {
        cycle::groups(self.steps.len(), &self.lifted, &order::Outgoing::of(self.steps.len(), &self.lifted))
    }
}

/// Returns the steps of a pipeline as written, in the order of [`Graph::steps`].
pub fn written_steps(pipeline: &Pipeline) -> impl Iterator<Item = &pipeline::Step> {
    build::walk(pipeline).map(|visit| visit.step)
}
