//! Objects, by their name or id, in all files.

use super::{Found, NamedPlace, Renamable, RenameError, other_spelling, place_of};
use crate::documents::Kind;
use crate::ide::touches;
use crate::text::Span;
use crate::workspace::{DocId, Member, Workspace};
use crate::yaml::NodeId;

/// What of an object is renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Name,
    Identifier,
    Id,
}

/// Returns the object whose name or id is at a place, or the one that the reference there refers to, with all places that name it. All
/// versions of an object have one name, and are renamed together.
pub(super) fn find(
    workspace: Workspace<'_>,
    id: DocId,
    member: &Member,
    offset: u32,
) -> Option<Result<Found, RenameError>> {
    let tree = &member.tree;
    let is_here = |node: NodeId| touches(tree.inner_span(node), offset);
    let own =
        [(member.object.name, Said::Name), (member.object.identifier, Said::Identifier), (member.object.id, Said::Id)];
    let own = own.into_iter().find_map(|(node, said)| Some((node.filter(|node| is_here(*node))?, said)));
    let (node, object, said) = match own {
        Some((node, said)) => (node, id, said),
        None => {
            let mut references = workspace.references_of(id);
            let (reference, resolution) = references.find(|(reference, _)| is_here(reference.node))?;
            let object = resolution.found()?;
            (reference.node, object, said_by(workspace.member(object)?, tree.text(reference.node)?)?)
        }
    };
    let name = text_of(workspace.member(object)?, said)?.to_owned();
    let at = tree.inner_span(node).start;
    let span = Span::new(at, at + crate::text::offset(name.len()));
    Some(places(workspace, object, said, &name).map(|places| Found { here: Renamable { span, name }, places }))
}

/// Returns by what a reference means an object.
fn said_by(object: &Member, reference: &str) -> Option<Said> {
    let name = reference.trim().split('@').next()?;
    let is =
        |said: Said, text: &str| text_of(object, said).is_some_and(|own| own.to_lowercase() == text.to_lowercase());
    if is(Said::Id, reference.trim()) {
        return Some(Said::Id);
    }
    [Said::Name, Said::Identifier].into_iter().find(|said| is(*said, name))
}

fn text_of(object: &Member, said: Said) -> Option<&str> {
    object.tree.text(node_of(object, said)?)
}

fn node_of(object: &Member, said: Said) -> Option<NodeId> {
    match said {
        Said::Name => object.object.name,
        Said::Identifier => object.object.identifier,
        Said::Id => object.object.id,
    }
}

fn places(workspace: Workspace<'_>, object: DocId, said: Said, name: &str) -> Result<Vec<NamedPlace>, RenameError> {
    let mut places = Vec::new();
    for of in group(workspace, object, said, name) {
        let Some(member) = workspace.member(of) else { continue };
        if let Some(node) = node_of(member, said).filter(|node| member.tree.text(*node) == Some(name)) {
            places.push(place_of(member, node, name).ok_or_else(|| other_spelling(member, node))?);
        }
        for (from, reference) in workspace.references_to(of) {
            let Some(from) = workspace.member(from) else { continue };
            let text = from.tree.text(reference.node).unwrap_or("");
            if said_by(member, text) != Some(said) {
                continue;
            }
            let place = place_of(from, reference.node, name);
            let place = place
                .filter(|_| matches!(text.strip_prefix(name).map(|rest| rest.chars().next()), Some(None | Some('@'))));
            places.push(place.ok_or_else(|| other_spelling(from, reference.node))?);
        }
    }
    Ok(places)
}

/// Returns the objects that have one name: all versions of one, and of a module its versions that are called like it.
fn group(workspace: Workspace<'_>, object: DocId, said: Said, name: &str) -> Vec<DocId> {
    let Some(member) = workspace.member(object).filter(|_| said != Said::Id) else { return vec![object] };
    let kinds: &[Kind] = match member.kind {
        Kind::Module | Kind::ModuleVersion => &[Kind::Module, Kind::ModuleVersion],
        ref own => std::slice::from_ref(own),
    };
    let is_same = |id: &DocId| {
        let other = workspace.member(*id);
        other.is_some_and(|other| text_of(other, said) == Some(name))
    };
    kinds.iter().flat_map(|kind| workspace.of_kind(*kind)).filter(is_same).collect()
}
