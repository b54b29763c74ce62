//! Objects that a reference can mean, and steps and data that a pipeline can name.

use super::offer::{Offer, OfferKind, Piece};
use super::spot::ValueSpot;
use super::{MOST_OFFERS, write};
use crate::documents::roles::{FieldRole, roled};
use crate::documents::{Document, Kind};
use crate::graph::{End, Graph, NameField, PortDirection};
use crate::ide::has_letters;
use crate::ide::hover::of_object;
use crate::secrets::redact;
use crate::text::visible;
use crate::workspace::{DocId, Member, Resolution, Workspace};

/// Returns the objects that a reference at a place can mean, each by texts that mean it and nothing else: its name, `name@version`, or its id
/// if it has no name. Archived objects are left out.
pub(super) fn offers(workspace: Workspace<'_>, spot: &ValueSpot) -> Vec<Offer> {
    let Some(kind) = spot.kind.filter(|_| spot.is_one_line()) else { return Vec::new() };
    let fields = roled(kind, &spot.tree, spot.root, |role| matches!(role, FieldRole::Reference { .. }));
    let field = fields.into_iter().find(|(node, _)| *node == spot.node);
    if let Some(FieldRole::Reference { targets, .. }) = field.map(|(_, field)| field.role) {
        return objects(workspace, targets, spot);
    }
    match kind {
        Kind::Pipeline => of_graph(spot),
        _ => Vec::new(),
    }
}

fn objects(workspace: Workspace<'_>, targets: &[Kind], spot: &ValueSpot) -> Vec<Offer> {
    let mut offers = Vec::new();
    for id in targets.iter().flat_map(|kind| workspace.of_kind(*kind)) {
        let Some(member) = workspace.member(id).filter(|member| !member.is_archived()) else { continue };
        for text in texts_of(workspace, targets, id, member) {
            if !has_letters(&text, &spot.before) {
                continue;
            }
            let Some(written) = write::scalar(&text.as_str().into(), spot) else { continue };
            offers.push(Offer {
                label: shown(&text),
                kind: OfferKind::Reference,
                detail: format!("{}, in {}", member.kind, visible(file_name(member))),
                documentation: of_object(member),
                replaced: spot.replaced,
                pieces: vec![Piece::Text(written)],
            });
        }
        if offers.len() > MOST_OFFERS {
            break;
        }
    }
    offers
}

/// Returns the texts that refer to an object.
fn texts_of(workspace: Workspace<'_>, targets: &[Kind], id: DocId, member: &Member) -> Vec<String> {
    let Some(name) = member.name() else { return member.id().map(str::to_owned).into_iter().collect() };
    let with_version = member.version().map(|version| format!("{name}@{version}"));
    let is_meant = |text: &String| match workspace.lookup(text, targets) {
        Resolution::Found(found) if found == id => true,
        // A version of a module is found by way of the module.
        Resolution::Found(_) => {
            workspace.module_version(text).is_some_and(|(_, version)| version.is(member) && text.contains('@'))
        }
        _ => false,
    };
    std::iter::once(name.to_owned()).chain(with_version).filter(is_meant).collect()
}

fn of_graph(spot: &ValueSpot) -> Vec<Offer> {
    let member = Member::new(spot.tree.clone(), spot.root, 0, Kind::Pipeline);
    let Some(Document::Pipeline(pipeline)) = member.typed() else { return Vec::new() };
    let graph = Graph::of(pipeline, &spot.tree);
    let Some(end) = graph.ends().iter().find(|end| end.node == spot.node) else { return Vec::new() };
    let offer = |(name, detail): (String, &str)| {
        let written = write::scalar(&name.as_str().into(), spot)?;
        Some(Offer {
            label: shown(&name),
            kind: OfferKind::Reference,
            detail: detail.to_owned(),
            documentation: String::new(),
            replaced: spot.replaced,
            pieces: vec![Piece::Text(written)],
        })
    };
    names(&graph, end).into_iter().filter_map(offer).collect()
}

/// Returns the names that an end of an edge can have: of data, of outputs, and of steps.
fn names<'t>(graph: &Graph<'t>, end: &End<'t>) -> Vec<(String, &'static str)> {
    let mut names = Vec::new();
    let takes_data = matches!(end.role, NameField::Input | NameField::From);
    if takes_data {
        let data = graph.data().filter_map(|(_, data)| data.name);
        names.extend(data.map(|name| (format!("data.{name}"), "data of the pipeline")));
    }
    // The steps of the graph that it is written in, and of those around it. An order lists the outermost alone.
    let mut scope = match end.role {
        NameField::Order => None,
        _ => end.within.and_then(|step| graph.step(step).parent),
    };
    loop {
        for step in graph.within(scope) {
            let is_own = end.within.is_some_and(|within| graph.are_nested(within, step));
            if is_own && end.role != NameField::Order {
                continue;
            }
            let name = graph.step(step).name;
            if takes_data {
                let outputs = graph.ports_of(step, PortDirection::Out).into_iter();
                names.extend(outputs.map(|port| (format!("{name}.{port}"), "output of a step")));
            }
            if end.role != NameField::Input {
                names.push((name.to_owned(), "step"));
            }
        }
        match scope {
            Some(step) => scope = graph.step(step).parent,
            None => break,
        }
    }
    let is_new = |at: usize, own: &(String, &str)| !names.iter().take(at).any(|(name, _)| *name == own.0);
    names.iter().enumerate().filter(|(at, own)| is_new(*at, own)).map(|(_, own)| own.clone()).collect()
}

fn file_name(member: &Member) -> &str {
    member.file().rsplit('/').next().unwrap_or("")
}

fn shown(name: &str) -> String {
    visible(&redact(name)).into_owned()
}
