//! Execution order of steps.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{Graph, StepId, Vertex};
use crate::text::offset;

/// An edge between two steps of the same graph: its own ends, or the complex steps that contain them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifted {
    /// The step that comes first.
    pub from: StepId,
    /// The step that comes after it; the same one if a step waits for itself.
    pub to: StepId,
    /// The index of the edge in [`Graph::edges`].
    pub edge: u32,
}

/// Returns all edges between steps, each lifted to the two steps that are in the same graph.
pub(super) fn lift(graph: &Graph<'_>) -> Vec<Lifted> {
    let mut lifted = Vec::with_capacity(graph.edges.len());
    for (at, edge) in graph.edges.iter().enumerate() {
        let Vertex::Step(from) = edge.from else { continue };
        let (from, to) = match (graph.contains(from, edge.to), graph.contains(edge.to, from)) {
            // A step that waits for the end of the step around it waits for itself.
            (true, _) => (from, from),
            (_, true) => (edge.to, edge.to),
            _ => (top(graph, from, edge.to), top(graph, edge.to, from)),
        };
        lifted.push(Lifted { from, to, edge: offset(at) });
    }
    lifted
}

/// Returns the outermost step that contains `step` and not `other`.
fn top(graph: &Graph<'_>, step: StepId, other: StepId) -> StepId {
    let mut top = step;
    while let Some(parent) = graph.step(top).parent
        && !graph.contains(parent, other)
    {
        top = parent;
    }
    top
}

/// The edges that leave each step: for step `i`, the entries `starts[i]..starts[i + 1]` of `targets`.
pub(super) struct Outgoing {
    starts: Vec<u32>,
    targets: Vec<u32>,
}

impl Outgoing {
    /// Sorts edges by the step that they leave, keeping the order of those of one step.
    pub fn of(count: usize, edges: &[Lifted]) -> Self {
        let mut starts = vec![0_u32; count + 1];
        edges.iter().for_each(|edge| starts[edge.from.at() + 1] += 1);
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut targets = vec![0; edges.len()];
        for (at, edge) in edges.iter().enumerate() {
            let slot = &mut next[edge.from.at()];
            targets[*slot as usize] = offset(at);
            *slot += 1;
        }
        Self { starts, targets }
    }

    /// Returns the indices of the edges that leave a step.
    pub fn edges(&self, step: StepId) -> &[u32] {
        &self.targets[self.starts[step.at()] as usize..self.starts[step.at() + 1] as usize]
    }

    /// Returns the edge at an index among those of a step.
    pub fn nth(&self, step: StepId, nth: u32) -> Option<u32> {
        self.edges(step).get(nth as usize).copied()
    }
}

/// Returns the steps of the graph of a complex step, or of the pipeline, with each step after all that it waits for; of those that
/// could come next, the one with the lowest `rank`, then the first in the text. `None` if a cycle rules out such an order.
#[must_use]
pub fn topological_order(
    graph: &Graph<'_>,
    within: Option<StepId>,
    rank: impl Fn(StepId) -> usize,
) -> Option<Vec<StepId>> {
    let steps: Vec<StepId> = graph.within(within).collect();
    let outgoing = Outgoing::of(graph.steps.len(), &graph.lifted);
    let mut waits = vec![0_u32; graph.steps.len()];
    graph.lifted.iter().for_each(|edge| waits[edge.to.at()] += 1);
    let ready = |step: &StepId| Reverse((rank(*step), *step));
    let mut open: BinaryHeap<_> = steps.iter().filter(|step| waits[step.at()] == 0).map(ready).collect();
    let mut order = Vec::with_capacity(steps.len());
    while let Some(Reverse((_, step))) = open.pop() {
        order.push(step);
        for edge in outgoing.edges(step) {
            let to = graph.lifted[*edge as usize].to;
            waits[to.at()] -= 1;
            if waits[to.at()] == 0 {
                open.push(ready(&to));
            }
        }
    }
    (order.len() == steps.len()).then_some(order)
}
