//! From a typed pipeline to its graph.

use rustc_hash::{FxHashMap, FxHashSet};

use super::path::{PathRole, PathUse, Paths};
use super::{
    DataId, End, Graph, GraphData, GraphEdge, GraphStep, NameField, NameTarget, PortDirection, StepId, Vertex, Written,
    order,
};
use crate::documents::field::{List, Map, OneOrMany, Optional};
use crate::documents::pipeline::{self, EdgeKind, Pipeline};
use crate::text::offset;
use crate::yaml::{NodeId, Tree};

/// A step during traversal of the document.
pub(super) struct Visit<'p> {
    pub step: &'p pipeline::Step,
    node: NodeId,
    parent: Option<StepId>,
}

/// Traverses the steps in the order of the text, each complex one before those inside it.
pub(super) fn walk(pipeline: &Pipeline) -> impl Iterator<Item = Visit<'_>> {
    let mut open = Vec::new();
    push(&mut open, pipeline.steps.get(), None);
    let mut count = 0;
    std::iter::from_fn(move || {
        let visit = open.pop()?;
        push(&mut open, visit.step.steps.get(), Some(StepId(count)));
        count += 1;
        Some(visit)
    })
}

/// Pushes steps on a stack, the first on top.
fn push<'p>(open: &mut Vec<Visit<'p>>, steps: Option<&'p Map<pipeline::Step>>, parent: Option<StepId>) {
    let visits = steps.into_iter().flat_map(Map::iter);
    open.extend(visits.rev().map(|(_, node, step)| Visit { step, node, parent }));
}

impl<'t> Graph<'t> {
    /// Builds the graph of a pipeline that was read from `tree`.
    #[must_use]
    pub fn of(pipeline: &Pipeline, tree: &'t Tree) -> Self {
        let mut builder =
            Builder { tree, graph: Self::empty(), paths: Paths::default(), malformed: FxHashSet::default() };
        builder.note_malformed(None, &pipeline.steps);
        walk(pipeline).for_each(|visit| builder.add_step(&visit));
        builder.graph.close_steps();
        if let Some(node) = pipeline.data.node() {
            builder.add_data(node);
        }
        for (at, visit) in walk(pipeline).enumerate() {
            builder.add_edges_of(StepId(offset(at)), visit.step);
        }
        for (_, edge) in pipeline.edges.get().into_iter().flat_map(List::iter) {
            builder.add_entry(edge);
        }
        builder.add_order(pipeline);
        builder.finish()
    }

    fn empty() -> Self {
        Self {
            steps: Vec::new(),
            data: Vec::new(),
            edges: Vec::new(),
            ends: Vec::new(),
            lifted: Vec::new(),
            reads: Vec::new(),
            writes: Vec::new(),
            clashes: Vec::new(),
            step_names: FxHashMap::default(),
            data_names: FxHashMap::default(),
            ports: FxHashMap::default(),
        }
    }

    /// Sets the end of the nested steps of every complex step.
    fn close_steps(&mut self) {
        for at in (0..self.steps.len()).rev() {
            let GraphStep { parent, end, .. } = self.steps[at];
            if let Some(parent) = parent {
                let parent = &mut self.steps[parent.at()];
                parent.end = parent.end.max(end);
            }
        }
    }
}

struct Builder<'t> {
    tree: &'t Tree,
    graph: Graph<'t>,
    paths: Paths<'t>,
    /// Unreadable steps, by the graph that contains them; without a name, all steps of that graph.
    malformed: FxHashSet<(Option<StepId>, Option<&'t str>)>,
}

impl<'t> Builder<'t> {
    /// Returns the key of a value in its mapping.
    fn key(&self, node: NodeId) -> &'t str {
        self.tree.key_of(node).map_or("", |key| self.tree.key_name(key))
    }

    fn text(&self, node: NodeId) -> &'t str {
        self.tree.text(node).unwrap_or("")
    }

    fn add_step(&mut self, visit: &Visit<'_>) {
        let id = StepId(offset(self.graph.steps.len()));
        let name = self.key(visit.node);
        self.graph.steps.push(GraphStep { name, node: visit.node, parent: visit.parent, end: id.0 + 1 });
        self.graph.step_names.entry((visit.parent, name)).or_insert(id);
        for (direction, ports) in
            [(PortDirection::In, visit.step.inputs.node()), (PortDirection::Out, visit.step.outputs.node())]
        {
            // A malformed port still exists.
            for entry in ports.into_iter().flat_map(|ports| self.tree.entries(ports)) {
                self.graph.ports.insert((id, direction, self.tree.key_name(entry.key)), entry.value);
            }
        }
        for (_, _, port) in visit.step.outputs.get().into_iter().flat_map(Map::iter) {
            self.add_path(id, port.path.node().filter(|_| port.path.get().is_some()), PathRole::Output);
        }
        for (role, paths) in [(PathRole::Dep, &visit.step.deps), (PathRole::Out, &visit.step.outs)] {
            for (_, path) in paths.get().into_iter().flat_map(OneOrMany::iter) {
                self.add_path(id, path.path.node().filter(|_| path.path.get().is_some()), role);
            }
        }
        self.note_malformed(Some(id), &visit.step.steps);
    }

    /// Records steps that exist but cannot be read, so that names referring to them are not reported.
    fn note_malformed(&mut self, scope: Option<StepId>, steps: &Optional<Map<pipeline::Step>>) {
        let Some(node) = steps.node().filter(|node| !self.tree.is_null(*node)) else { return };
        let Some(read) = steps.get() else {
            self.malformed.insert((scope, None));
            return;
        };
        if self.tree.entries(node).count() != read.iter().count() {
            let names: FxHashSet<&str> = read.iter().map(|(name, ..)| name).collect();
            let others = self.tree.entries(node).map(|entry| self.tree.key_name(entry.key));
            self.malformed.extend(others.filter(|name| !names.contains(name)).map(|name| (scope, Some(name))));
        }
    }

    fn add_path(&mut self, step: StepId, node: Option<NodeId>, role: PathRole) {
        // A path without text is reported as missing. It is not the root folder.
        if let Some(node) = node.filter(|node| !self.tree.is_blank(*node)) {
            self.paths.add(PathUse { step, node, role, text: self.text(node) });
        }
    }

    fn add_data(&mut self, field: NodeId) {
        let tree = self.tree;
        for entry in tree.entries(field) {
            self.add_vertex(Some(tree.key_name(entry.key)), entry.value);
        }
        for item in tree.items(field) {
            self.add_vertex(tree.string(*item).and_then(|reference| reference.split('@').next()), *item);
        }
        if let Some(reference) = tree.string(field) {
            self.add_vertex(reference.split('@').next(), field);
        }
    }

    fn add_vertex(&mut self, name: Option<&'t str>, node: NodeId) {
        let id = DataId(offset(self.graph.data.len()));
        self.graph.data.push(GraphData { name, node });
        if let Some(name) = name {
            self.graph.data_names.entry(name).or_insert(id);
        }
    }

    /// Records a name of a vertex, and returns what it refers to.
    fn end(&mut self, node: NodeId, role: NameField, kind: EdgeKind, within: Option<StepId>) -> NameTarget<'t> {
        let text = self.text(node);
        let target = match self.graph.resolve(within, text) {
            NameTarget::Unknown | NameTarget::BareData(_) if self.is_malformed(within, text) => NameTarget::Later,
            target => target,
        };
        self.graph.ends.push(End { node, text, role, kind, within, target });
        target
    }

    /// Returns whether a name refers to a step that cannot be read.
    fn is_malformed(&self, within: Option<StepId>, text: &'t str) -> bool {
        let step = text.split_once('.').map_or(text, |(step, _)| step);
        let mut scope = within.and_then(|step| self.graph.step(step).parent);
        while !self.malformed.is_empty() {
            let names = [None, Some(text), Some(step)];
            if names.into_iter().any(|name| self.malformed.contains(&(scope, name))) {
                return true;
            }
            let Some(around) = scope else { break };
            scope = self.graph.step(around).parent;
        }
        false
    }

    fn add_edges_of(&mut self, id: StepId, step: &pipeline::Step) {
        for (_, port, input) in step.inputs.get().into_iter().flat_map(Map::iter) {
            let Some((_, node)) = input.from.located() else { continue };
            let target = self.end(node, NameField::Input, EdgeKind::Data, Some(id));
            let to_port = Some(self.key(port));
            self.add_edge(target, id, to_port, EdgeKind::Data, Written::Input, node);
        }
        for (node, _) in step.after.get().into_iter().flat_map(List::iter) {
            let target = self.end(node, NameField::After, EdgeKind::Control, Some(id));
            if matches!(target, NameTarget::Step(_) | NameTarget::Port(..)) {
                self.add_edge(target, id, None, EdgeKind::Control, Written::After, node);
            }
        }
    }

    fn add_entry(&mut self, edge: &pipeline::Edge) {
        let kind = edge.kind.get().copied().unwrap_or(EdgeKind::Data);
        let from = edge.from.located().map(|(_, node)| (self.end(node, NameField::From, kind, None), node));
        let to = edge.to.located().map(|(_, node)| self.end(node, NameField::To, kind, None));
        let (Some((from, node)), Some(to)) = (from, to) else { return };
        match to {
            NameTarget::Step(step) => self.add_edge(from, step, None, kind, Written::Entry, node),
            NameTarget::Port(step, port) => self.add_edge(from, step, Some(port), kind, Written::Entry, node),
            _ => {}
        }
    }

    fn add_order(&mut self, pipeline: &Pipeline) {
        let inner = self.graph.steps().filter(|(_, step)| step.parent.is_some());
        let inner: FxHashMap<&str, StepId> = inner.map(|(id, step)| (step.name, id)).collect();
        for (node, _) in pipeline.pipeline.get().into_iter().flat_map(List::iter) {
            let target = self.end(node, NameField::Order, EdgeKind::Control, None);
            if let (NameTarget::Unknown, Some(end)) = (target, self.graph.ends.last_mut()) {
                end.target = inner.get(end.text).map_or(NameTarget::Unknown, |step| NameTarget::Nested(*step));
            }
        }
    }

    fn add_edge(
        &mut self,
        from: NameTarget<'t>,
        to: StepId,
        to_port: Option<&'t str>,
        kind: EdgeKind,
        written: Written,
        node: NodeId,
    ) {
        let Some(vertex) = from.vertex() else { return };
        let from_port = match from {
            NameTarget::Port(_, port) | NameTarget::DataPort(_, port) => Some(port),
            _ => None,
        };
        // Data that enters the enclosing step is available before either of them starts.
        let enters = |outer, port| outer != to && self.graph.contains(outer, to) && self.is_input(outer, port);
        if let NameTarget::Port(outer, port) = from
            && enters(outer, port)
        {
            return;
        }
        self.graph.edges.push(GraphEdge { from: vertex, from_port, to, to_port, kind, written, node });
    }

    fn is_input(&self, step: StepId, port: &str) -> bool {
        let has = |direction| self.graph.port(step, direction, port).is_some();
        has(PortDirection::In) || !has(PortDirection::Out)
    }

    fn finish(self) -> Graph<'t> {
        let edge = |writer: &PathUse<'t>, reader: &PathUse<'t>, path: &'t str| GraphEdge {
            from: Vertex::Step(writer.step),
            from_port: Some(path),
            to: reader.step,
            to_port: None,
            kind: EdgeKind::Data,
            written: Written::Path,
            node: reader.node,
        };
        let mut graph = self.graph;
        let mut edges = std::mem::take(&mut graph.edges);
        graph.clashes = self.paths.connect(&graph, &mut edges, edge);
        graph.edges = edges;
        (graph.reads, graph.writes) = (self.paths.reads, self.paths.writes);
        graph.lifted = order::lift(&graph);
        graph
    }
}

impl<'t> Graph<'t> {
    /// Resolves a name that is used in a step, or outside of all steps.
    fn resolve(&self, within: Option<StepId>, text: &'t str) -> NameTarget<'t> {
        if text.contains(['$', '<', '{']) {
            return NameTarget::Later;
        }
        let data = text.strip_prefix("data.");
        if let Some(data) = data.and_then(|name| self.data_names.get(name)) {
            return NameTarget::Data(*data);
        }
        if let Some(step) = self.step_beside(within, text) {
            return NameTarget::Step(step);
        }
        // Names may contain dots themselves.
        for (step, port) in text.split_once('.').into_iter().chain(text.rsplit_once('.')) {
            if let Some(step) = self.step_beside(within, step) {
                return NameTarget::Port(step, port);
            }
        }
        if let Some((name, port)) = data.and_then(|rest| rest.split_once('.'))
            && let Some(data) = self.data_names.get(name)
        {
            return NameTarget::DataPort(*data, port);
        }
        self.data_names.get(text).map_or(NameTarget::Unknown, |data| NameTarget::BareData(*data))
    }

    /// Resolves the name of a step that is used in another one: a sibling of it or of a step around it. A step's own name refers to a step
    /// further out if there is one, since nothing precedes itself.
    fn step_beside(&self, within: Option<StepId>, name: &str) -> Option<StepId> {
        let scope = within.and_then(|step| self.step(step).parent);
        let found = self.step_named(scope, name)?;
        let around = scope.filter(|_| Some(found) == within);
        around.and_then(|scope| self.step_named(self.step(scope).parent, name)).or(Some(found))
    }
}
