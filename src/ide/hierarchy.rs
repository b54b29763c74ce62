//! The steps of a pipeline as callers and callees: a step is called by those that it waits for.

use super::touches;
use crate::documents::{Document, Kind};
use crate::graph::{Graph, StepId, Vertex};
use crate::secrets::redact;
use crate::text::{Span, visible};
use crate::workspace::{DocId, Member, Workspace};

/// A step of a pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepItem {
    /// Its path: `report/measure`.
    pub name: String,
    /// The name of the file.
    pub file: String,
    /// The pipeline.
    pub pipeline: String,
    /// All of it.
    pub span: Span,
    /// Its key.
    pub name_span: Span,
}

/// An edge between two steps, seen from one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepCall {
    /// The other step.
    pub step: StepItem,
    /// Where the edges are written, in the order of the text.
    pub places: Vec<Span>,
}

/// The direction of edges, seen from a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallDirection {
    /// From the steps that it waits for.
    Incoming,
    /// To the steps that wait for it.
    Outgoing,
}

/// Returns the step whose name is at a place, in its definition or where an edge names it.
#[must_use]
pub fn step_at(workspace: Workspace<'_>, ids: &[DocId], offset: u32) -> Option<StepItem> {
    in_pipelines(workspace, ids, |member, graph| {
        let own = graph
            .steps()
            .find(|(_, step)| member.tree.key_of(step.node).is_some_and(|key| touches(member.tree.span(key), offset)));
        let named = || {
            let mut ends = graph.ends().iter().filter(|end| touches(member.tree.span(end.node), offset));
            ends.find_map(|end| match end.target.vertex()? {
                Vertex::Step(step) => Some(step),
                Vertex::Data(_) => None,
            })
        };
        own.map(|(id, _)| id).or_else(named).and_then(|id| item(member, graph, id))
    })
}

/// Returns the steps that have an edge to or from the step whose name begins at a byte.
#[must_use]
pub fn calls(workspace: Workspace<'_>, ids: &[DocId], offset: u32, direction: CallDirection) -> Vec<StepCall> {
    let found = in_pipelines(workspace, ids, |member, graph| {
        let (own, _) = graph
            .steps()
            .find(|(_, step)| member.tree.key_of(step.node).is_some_and(|key| member.tree.span(key).start == offset))?;
        let mut found: Vec<(StepId, Vec<Span>)> = Vec::new();
        for edge in graph.edges() {
            let Vertex::Step(from) = edge.from else { continue };
            let other = match direction {
                CallDirection::Incoming if edge.to == own => from,
                CallDirection::Outgoing if from == own => edge.to,
                _ => continue,
            };
            let place = member.tree.span(edge.node);
            match found.iter_mut().find(|(step, _)| *step == other) {
                Some((_, places)) => places.push(place),
                None => found.push((other, vec![place])),
            }
        }
        found.sort_by_key(|(step, _)| *step);
        let call = |(step, mut places): (StepId, Vec<Span>)| {
            places.sort();
            Some(StepCall { step: item(member, graph, step)?, places })
        };
        Some(found.into_iter().filter_map(call).collect())
    });
    found.unwrap_or_default()
}

fn in_pipelines<T>(
    workspace: Workspace<'_>,
    ids: &[DocId],
    find: impl Fn(&Member, &Graph<'_>) -> Option<T>,
) -> Option<T> {
    ids.iter().filter_map(|id| workspace.member(*id)).filter(|member| member.kind == Kind::Pipeline).find_map(
        |member| {
            let Some(Document::Pipeline(pipeline)) = member.typed() else { return None };
            find(member, &Graph::of(pipeline, &member.tree))
        },
    )
}

fn item(member: &Member, graph: &Graph<'_>, id: StepId) -> Option<StepItem> {
    let node = graph.step(id).node;
    let name_span = member.tree.span(member.tree.key_of(node)?);
    Some(StepItem {
        name: visible(&redact(&graph.path_of(id))).into_owned(),
        file: member.file().to_owned(),
        pipeline: visible(&redact(member.label())).into_owned(),
        span: name_span.to(member.tree.span(node)),
        name_span,
    })
}
