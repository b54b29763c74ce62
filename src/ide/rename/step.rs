//! Steps, ports and data of a pipeline, in its edges.

use super::{Found, NamedPlace, Renamable, place_of};
use crate::documents::{Document, Kind};
use crate::graph::{Graph, NameTarget, PortDirection, StepId};
use crate::ide::touches;
use crate::text::{Span, offset as to_offset};
use crate::workspace::Member;
use crate::yaml::NodeId;

/// What has a name in a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named<'t> {
    Step(StepId),
    Output(StepId, &'t str),
    Data(u32),
}

/// Returns the step, output or data whose name is at a place, with all places that name it.
pub(super) fn find(member: &Member, offset: u32) -> Option<Found> {
    if member.kind != Kind::Pipeline {
        return None;
    }
    let Some(Document::Pipeline(pipeline)) = member.typed() else { return None };
    let tree = &member.tree;
    let graph = Graph::of(pipeline, tree);
    let mut named: Vec<(Named<'_>, NodeId, usize, &str)> = Vec::new();
    for (id, step) in graph.steps() {
        if let Some(key) = tree.key_of(step.node) {
            named.push((Named::Step(id), key, 0, step.name));
        }
        for port in graph.ports_of(id, PortDirection::Out) {
            let key = graph.port(id, PortDirection::Out, port).and_then(|node| tree.key_of(node));
            named.extend(key.map(|key| (Named::Output(id, port), key, 0, port)));
        }
    }
    for (id, data) in graph.data() {
        if let (Some(key), Some(name)) = (tree.key_of(data.node), data.name) {
            named.push((Named::Data(id.0), key, 0, name));
        }
    }
    for end in graph.ends() {
        let (first, rest) = end.text.split_once('.').unwrap_or((end.text, ""));
        match end.target {
            NameTarget::Step(step) | NameTarget::Nested(step) => named.push((Named::Step(step), end.node, 0, end.text)),
            NameTarget::Port(step, port) => {
                named.push((Named::Step(step), end.node, 0, first));
                named.push((Named::Output(step, port), end.node, first.len() + 1, port));
            }
            NameTarget::Data(data) if first == "data" => named.push((Named::Data(data.0), end.node, 5, rest)),
            _ => {}
        }
    }
    let places = named.iter().map(|(what, node, skip, name)| Some((*what, place(member, *node, *skip, name)?, *name)));
    // A name that is written in another way than it is read cannot be changed everywhere.
    let places: Vec<(Named<'_>, NamedPlace, &str)> = places.collect::<Option<_>>()?;
    let (what, here, name) = places.iter().find(|(_, place, _)| touches(place.span, offset))?;
    let here = Renamable { span: here.span, name: (*name).to_owned() };
    let what = *what;
    Some(Found {
        here,
        places: places.iter().filter(|(own, ..)| *own == what).map(|(_, place, _)| place.clone()).collect(),
    })
}

/// Returns the place of a name some bytes behind the start of a scalar.
fn place(member: &Member, node: NodeId, skip: usize, name: &str) -> Option<NamedPlace> {
    let whole = member.tree.text(node)?;
    let written = whole.get(..skip + name.len())?;
    let place = place_of(member, node, written)?;
    Some(NamedPlace { span: Span::new(place.span.start + to_offset(skip), place.span.end), ..place })
}
