//! From a reference to what it refers to, and back.

use super::rename::declared_places;
use super::{documents, touches};
use crate::text::Span;
use crate::workspace::{DocId, Member, Resolution, Workspace};

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FilePlace {
    /// The name of the file.
    pub file: String,
    /// The place in it.
    pub span: Span,
}

/// Returns where what is named at a place is defined: an object by its name, or its id; a step, an output, a metric, a definition or an anchor
/// of the same document where it is declared. Of a reference that fits several objects, all.
#[must_use]
pub fn definition(workspace: Workspace<'_>, ids: &[DocId], offset: u32) -> Vec<FilePlace> {
    match reference_at(workspace, ids, offset) {
        Some((_, Resolution::Found(found))) => workspace.member(*found).map(own_place).into_iter().collect(),
        Some((_, Resolution::Ambiguous(found))) => {
            found.iter().filter_map(|id| workspace.member(*id)).map(own_place).collect()
        }
        Some(_) => Vec::new(),
        None => declared(workspace, ids, offset).into_iter().take(1).collect(),
    }
}

/// Returns the references to what is named at a place: to the object of the document whose name or id stands there, or that the reference there
/// refers to; or to what the document declares there for itself.
#[must_use]
pub fn references(workspace: Workspace<'_>, ids: &[DocId], offset: u32, with_definition: bool) -> Vec<FilePlace> {
    let Some(object) = object_at(workspace, ids, offset) else {
        let places = declared(workspace, ids, offset).into_iter();
        let mut found: Vec<FilePlace> = places.skip(usize::from(!with_definition)).collect();
        found.sort();
        return found;
    };
    let place = |(id, reference): (DocId, &crate::workspace::Reference)| {
        let member = workspace.member(id)?;
        Some(FilePlace { file: member.file().to_owned(), span: member.tree.span(reference.node) })
    };
    let mut found: Vec<FilePlace> = workspace.references_to(object).filter_map(place).collect();
    found.extend(workspace.member(object).filter(|_| with_definition).map(own_place));
    found.sort();
    found.dedup();
    found
}

/// Returns the places of a file that name what is named at a place.
#[must_use]
pub fn highlights(workspace: Workspace<'_>, ids: &[DocId], offset: u32) -> Vec<Span> {
    let file = documents(workspace, ids).next().map(|(_, member)| member.file().to_owned());
    let all = references(workspace, ids, offset, true).into_iter();
    all.filter(|place| Some(&place.file) == file.as_ref()).map(|place| place.span).collect()
}

/// Returns the places of what a document declares for itself, the declaration first.
fn declared(workspace: Workspace<'_>, ids: &[DocId], offset: u32) -> Vec<FilePlace> {
    documents(workspace, ids).find_map(|(_, member)| declared_places(member, offset)).unwrap_or_default()
}

/// Returns the reference at a place, by its span, and what it refers to.
pub(super) fn reference_at<'a>(workspace: Workspace<'a>, ids: &[DocId], offset: u32) -> Option<(Span, &'a Resolution)> {
    ids.iter().find_map(|id| {
        let member = workspace.member(*id)?;
        let mut references = workspace.references_of(*id);
        let is_here = |node| touches(member.tree.span(node), offset);
        let (reference, resolution) = references.find(|(reference, _)| is_here(reference.node))?;
        Some((member.tree.span(reference.node), resolution))
    })
}

fn object_at(workspace: Workspace<'_>, ids: &[DocId], offset: u32) -> Option<DocId> {
    if let Some((_, resolution)) = reference_at(workspace, ids, offset) {
        return resolution.found();
    }
    let is_own = |(_, member): &(DocId, &Member)| {
        let names = [member.object.id, member.object.name, member.object.identifier];
        names.into_iter().flatten().any(|node| touches(member.tree.span(node), offset))
    };
    documents(workspace, ids).find(is_own).map(|(id, _)| id)
}

/// Returns the place by which a document is known: its name, its id, or else its beginning.
pub(super) fn own_place(member: &Member) -> FilePlace {
    let node = member.object.name.or(member.object.id).unwrap_or(member.root);
    let span = member.tree.span(node);
    let span = if node == member.root { Span::new(span.start, span.start) } else { span };
    FilePlace { file: member.file().to_owned(), span }
}
