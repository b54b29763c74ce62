//! Cycles of steps that wait for each other.

use std::collections::VecDeque;

use super::StepId;
use super::order::{Lifted, Outgoing};
use crate::text::offset;

/// Steps of one graph that wait for each other in a cycle. It begins with the step that comes first in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cycle {
    /// The edges, each starting where the previous one ends; the last one leads back to the first step.
    pub edges: Vec<Lifted>,
}

impl Cycle {
    /// Returns the steps, each once.
    pub fn steps(&self) -> impl ExactSizeIterator<Item = StepId> {
        self.edges.iter().map(|edge| edge.from)
    }
}

/// How many edges the search for shortest cycles may follow, as a multiple of the size of the graph. Finding the shortest cycle of a
/// graph takes quadratic time, which a document must not cost. The result is always a cycle, and the shortest one unless thousands of
/// steps wait for each other in thousands of ways.
const EFFORT: usize = 64;

/// The minimum effort, so that small graphs are searched completely.
const LEAST_EFFORT: usize = 1 << 20;

/// Returns a cycle for each step that waits for itself, and the shortest one, ignoring those, for each group of steps that all wait for
/// each other; in the order of their first steps.
pub(super) fn cycles(count: usize, edges: &[Lifted]) -> Vec<Cycle> {
    let mut loops: Vec<Lifted> = edges.iter().filter(|edge| edge.from == edge.to).copied().collect();
    loops.sort_by_key(|edge| edge.from);
    loops.dedup_by_key(|edge| edge.from);
    let mut cycles: Vec<Cycle> = loops.into_iter().map(|edge| Cycle { edges: vec![edge] }).collect();
    let edges: Vec<Lifted> = edges.iter().filter(|edge| edge.from != edge.to).copied().collect();
    if !is_acyclic(count, &edges) {
        let mut search = Search::new(count, &edges);
        for group in groups(count, &edges, &search.outgoing) {
            cycles.extend(search.shortest(&group));
        }
    }
    cycles.sort_by_key(|cycle| cycle.edges.first().map(|edge| (edge.from, cycle.edges.len())));
    cycles
}

fn is_acyclic(count: usize, edges: &[Lifted]) -> bool {
    // Most pipelines are written in execution order.
    if edges.iter().all(|edge| edge.from < edge.to) {
        return true;
    }
    let outgoing = Outgoing::of(count, edges);
    let mut waits = vec![0_u32; count];
    edges.iter().for_each(|edge| waits[edge.to.at()] += 1);
    let mut open: Vec<StepId> = (0..offset(count)).map(StepId).filter(|step| waits[step.at()] == 0).collect();
    let mut done = 0;
    while let Some(step) = open.pop() {
        done += 1;
        for edge in outgoing.edges(step) {
            let to = edges[*edge as usize].to;
            waits[to.at()] -= 1;
            if waits[to.at()] == 0 {
                open.push(to);
            }
        }
    }
    done == count
}

/// Returns the groups of two or more steps that all wait for each other (the strongly connected components), by Tarjan's algorithm with an
/// explicit stack: a chain of steps may be longer than a thread's stack is deep. The steps of a group are in the order of the text.
pub(super) fn groups(count: usize, edges: &[Lifted], outgoing: &Outgoing) -> Vec<Vec<StepId>> {
    const UNSEEN: u32 = u32::MAX;
    let mut index = vec![UNSEEN; count];
    let mut low = vec![0_u32; count];
    let mut is_open = vec![false; count];
    let mut open: Vec<StepId> = Vec::new();
    let mut path: Vec<(StepId, u32)> = Vec::new();
    let mut groups = Vec::new();
    let mut next = 0;
    for root in (0..offset(count)).map(StepId) {
        if index[root.at()] == UNSEEN {
            path.push((root, 0));
        }
        while let Some((step, nth)) = path.pop() {
            let at = step.at();
            if nth == 0 {
                index[at] = next;
                low[at] = next;
                next += 1;
                is_open[at] = true;
                open.push(step);
            }
            if let Some(edge) = outgoing.nth(step, nth) {
                let to = edges[edge as usize].to;
                path.push((step, nth + 1));
                if index[to.at()] == UNSEEN {
                    path.push((to, 0));
                } else if is_open[to.at()] {
                    low[at] = low[at].min(index[to.at()]);
                }
                continue;
            }
            if let Some((parent, _)) = path.last() {
                low[parent.at()] = low[parent.at()].min(low[at]);
            }
            if low[at] == index[at] {
                let first = open.iter().rposition(|other| *other == step).unwrap_or(0);
                let mut group = open.split_off(first);
                group.iter().for_each(|step| is_open[step.at()] = false);
                group.sort();
                groups.extend((group.len() > 1).then_some(group));
            }
        }
    }
    groups
}

/// The search for the shortest cycle of each group.
struct Search<'e> {
    edges: &'e [Lifted],
    outgoing: Outgoing,
    incoming: Vec<Lifted>,
    sources: Outgoing,
    /// How many edges may still be followed.
    effort: usize,
    /// Steps of the group that may still be part of a shorter cycle.
    is_alive: Vec<bool>,
    /// The number of edges from a step to others that are alive, and from them to it.
    after: Vec<usize>,
    before: Vec<usize>,
    /// The edge by which a step was reached, and in which round.
    reached: Vec<(u32, u32)>,
    round: u32,
}

impl<'e> Search<'e> {
    fn new(count: usize, edges: &'e [Lifted]) -> Self {
        let reverse = |edge: &Lifted| Lifted { from: edge.to, to: edge.from, edge: edge.edge };
        let incoming: Vec<Lifted> = edges.iter().map(reverse).collect();
        Self {
            edges,
            outgoing: Outgoing::of(count, edges),
            sources: Outgoing::of(count, &incoming),
            incoming,
            effort: LEAST_EFFORT.max(EFFORT * (count + edges.len())),
            is_alive: vec![false; count],
            after: vec![0; count],
            before: vec![0; count],
            reached: vec![(0, 0); count],
            round: 0,
        }
    }

    /// Returns the shortest cycle of a group; among equals, the one whose first step comes first.
    fn shortest(&mut self, group: &[StepId]) -> Option<Cycle> {
        group.iter().for_each(|step| self.is_alive[step.at()] = true);
        self.count(group);
        let mut best: Option<Vec<Lifted>> = None;
        for step in group {
            if !self.is_alive[step.at()] {
                continue;
            }
            let longest = best.as_ref().map_or(usize::MAX, |best| best.len() - 1);
            if longest < 2 || (self.effort == 0 && best.is_some()) {
                break;
            }
            if let Some(cycle) = self.through(*step, longest) {
                best = Some(cycle);
            }
            // No shorter cycle leads through this step.
            self.remove(*step);
        }
        group.iter().for_each(|step| self.is_alive[step.at()] = false);
        best.map(|edges| Cycle { edges })
    }

    /// Returns the shortest cycle through a step with at most `longest` edges.
    fn through(&mut self, start: StepId, longest: usize) -> Option<Vec<Lifted>> {
        self.round += 1;
        let mut open = VecDeque::from([(start, 1)]);
        while let Some((step, length)) = open.pop_front() {
            if length > longest {
                return None;
            }
            for edge in self.outgoing.edges(step) {
                self.effort = self.effort.saturating_sub(1);
                let to = self.edges[*edge as usize].to;
                if to == start {
                    return Some(self.path(start, *edge));
                }
                if self.is_alive[to.at()] && self.reached[to.at()].1 != self.round {
                    self.reached[to.at()] = (*edge, self.round);
                    open.push_back((to, length + 1));
                }
            }
        }
        None
    }

    /// Returns the edges from a step back to itself, given the last one.
    fn path(&self, start: StepId, last: u32) -> Vec<Lifted> {
        let mut edges = vec![self.edges[last as usize]];
        while let Some(edge) = edges.last()
            && edge.from != start
        {
            edges.push(self.edges[self.reached[edge.from.at()].0 as usize]);
        }
        edges.reverse();
        edges
    }

    /// Removes a step from the group, together with every step that is then left without incoming or outgoing edges.
    fn remove(&mut self, step: StepId) {
        self.is_alive[step.at()] = false;
        let mut open = vec![step];
        while let Some(step) = open.pop() {
            let sides =
                [(&self.outgoing, self.edges, &mut self.before), (&self.sources, &self.incoming, &mut self.after)];
            for (outgoing, edges, left) in sides {
                for edge in outgoing.edges(step) {
                    let near = edges[*edge as usize].to;
                    left[near.at()] = left[near.at()].saturating_sub(1);
                    if left[near.at()] == 0 && std::mem::take(&mut self.is_alive[near.at()]) {
                        open.push(near);
                    }
                }
            }
        }
    }

    /// Counts the edges within a group.
    fn count(&mut self, group: &[StepId]) {
        let sides = [(&self.outgoing, self.edges, &mut self.after), (&self.sources, &self.incoming, &mut self.before)];
        for (outgoing, edges, left) in sides {
            for step in group {
                let inside = outgoing.edges(*step).iter().filter(|edge| self.is_alive[edges[**edge as usize].to.at()]);
                left[step.at()] = inside.count();
            }
        }
    }
}
