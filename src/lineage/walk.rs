//! Walks through the graph: everything that a thing came from, or that came of it, nearest first.

use std::collections::VecDeque;

use rustc_hash::FxHashSet;

use super::{Lineage, LineageEdge, Thing, ThingId};

/// Where a walk goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To what was there before.
    Earlier,
    /// To what came of it.
    Later,
}

/// A thing that a walk has come to.
#[derive(Clone, Copy, Debug)]
pub struct LineageVisit<'l, 'a> {
    /// The thing.
    pub thing: ThingId,
    /// The edge that led to it; `None` at the start.
    pub edge: Option<&'l LineageEdge<'a>>,
    /// The position of the visit that the edge comes from.
    pub from: Option<usize>,
    /// Whether the walk had come to the thing before, and did not go on from here.
    pub is_repeated: bool,
}

/// The visits of a walk, in its order: a thing is first come to on a shortest way.
pub type Walk<'l, 'a> = Vec<LineageVisit<'l, 'a>>;

impl<'a> Lineage<'a> {
    /// Walks from a thing. Every thing is walked through once, so that cycles end.
    #[must_use]
    pub fn walk(&self, start: ThingId, direction: Direction) -> Walk<'_, 'a> {
        self.walk_through(&[start], direction, |_| true)
    }

    /// Walks from several things at once, along some of the edges.
    pub(super) fn walk_through(
        &self,
        starts: &[ThingId],
        direction: Direction,
        is_meant: impl Fn(&LineageEdge<'a>) -> bool,
    ) -> Walk<'_, 'a> {
        let mut seen: FxHashSet<ThingId> = FxHashSet::default();
        let starts = starts.iter().copied().filter(|start| seen.insert(*start));
        let start = |thing| LineageVisit { thing, edge: None, from: None, is_repeated: false };
        let mut walk: Vec<LineageVisit<'_, 'a>> = starts.map(start).collect();
        let mut next: VecDeque<usize> = (0..walk.len()).collect();
        if let (Direction::Later, [LineageVisit { thing: start, .. }]) = (direction, walk.as_slice())
            && let Some(Thing::Version { of, .. }) = self.thing(*start)
        {
            // What is said about the model without a version may be about this one, what is said about other versions is not.
            let others = self.out_of(*of).filter(|edge| matches!(self.thing(edge.to), Some(Thing::Version { .. })));
            seen.extend(others.map(|edge| edge.to));
            if seen.insert(*of) {
                next.push_back(walk.len());
                let edge = self.into(*start).find(|edge| edge.from == *of);
                walk.push(LineageVisit { thing: *of, edge, from: Some(0), is_repeated: false });
            }
        }
        while let Some(at) = next.pop_front() {
            let Some(visit) = walk.get(at).copied() else { break };
            for edge in self.towards(visit.thing, direction).filter(|edge| is_meant(edge)) {
                let thing = if direction == Direction::Earlier { edge.from } else { edge.to };
                let is_new = seen.insert(thing);
                if is_new {
                    next.push_back(walk.len());
                }
                // The way back to where the walk has just come from tells nothing.
                if is_new || visit.from.and_then(|from| walk.get(from)).is_none_or(|from| from.thing != thing) {
                    walk.push(LineageVisit { thing, edge: Some(edge), from: Some(at), is_repeated: !is_new });
                }
            }
        }
        walk
    }

    /// Returns for each visit of a walk the thing that it started from.
    pub(super) fn origins(walk: &[LineageVisit<'_, 'a>]) -> Vec<ThingId> {
        let mut origins: Vec<ThingId> = Vec::with_capacity(walk.len());
        for visit in walk {
            let origin = visit.from.and_then(|from| origins.get(from).copied());
            origins.push(origin.unwrap_or(visit.thing));
        }
        origins
    }

    fn towards(&self, thing: ThingId, direction: Direction) -> impl Iterator<Item = &LineageEdge<'a>> {
        let lists = if direction == Direction::Earlier { &self.into } else { &self.out_of };
        self.listed(lists, thing)
    }
}
