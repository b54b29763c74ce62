//! The objects of files, for outlines and searches.

use super::navigate::own_place;
use super::{FilePlace, documents, has_letters};
use crate::documents::Kind;
use crate::secrets::redact;
use crate::text::{Span, visible};
use crate::workspace::{DocId, Member, Workspace};

/// An object, or a part of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// Its name.
    pub name: String,
    /// What it is: the kind of a document, or the field that a part is in.
    pub detail: String,
    /// All of it.
    pub span: Span,
    /// Its name in the text.
    pub name_span: Span,
    /// Its parts.
    pub parts: Vec<Self>,
}

/// The fields whose entries are parts of a document, by the name of each.
const PARTS: [&[&str]; 6] = [&["steps"], &["metrics"], &["objectives"], &["definitions"], &["signals"], &["fields"]];

/// Returns the documents of a file, with their steps, metrics, objectives, signals and fields.
#[must_use]
pub fn document_symbols(workspace: Workspace<'_>, ids: &[DocId]) -> Vec<Symbol> {
    let of = |(_, member): (DocId, &Member)| {
        let parts = PARTS.iter().flat_map(|path| parts(member, path)).collect();
        let name_span = own_place(member).span;
        let span = member.tree.span(member.root);
        // An outline demands that the name is inside.
        let span = Span::new(span.start.min(name_span.start), span.end.max(name_span.end));
        Symbol { name: shown(member.label()), detail: member.kind.name().to_owned(), span, name_span, parts }
    };
    documents(workspace, ids).map(of).collect()
}

fn parts(member: &Member, path: &[&str]) -> Vec<Symbol> {
    let tree = &member.tree;
    let Some(list) = tree.find(member.root, path).map(|node| tree.resolve(node)) else { return Vec::new() };
    let detail = path.last().copied().unwrap_or_default();
    let symbol = |name: &str, span: Span, name_span: Span| {
        let is_inside = span.start <= name_span.start && name_span.end <= span.end;
        let span = if is_inside { span } else { name_span };
        Symbol { name: shown(name), detail: detail.to_owned(), span, name_span, parts: Vec::new() }
    };
    let of_map = tree.entries(list).map(|entry| {
        let (key, value) = (tree.span(entry.key), tree.span(entry.value));
        symbol(tree.key_name(entry.key), Span::new(key.start, value.end.max(key.end)), key)
    });
    let of_list = tree.items(list).iter().filter_map(|item| {
        let name = ["id", "key", "name"].into_iter().find_map(|key| tree.find(*item, &[key]))?;
        Some(symbol(tree.text(name)?, tree.span(*item), tree.span(name)))
    });
    of_map.chain(of_list).filter(|symbol| !symbol.name.is_empty()).collect()
}

/// The maximum number of objects that a search finds.
const MOST_FOUND: usize = 500;

/// Returns the objects of all files whose names contain the letters of a query in their order, as editors search.
#[must_use]
pub fn workspace_symbols(workspace: Workspace<'_>, query: &str) -> Vec<(Symbol, FilePlace)> {
    let ids = Kind::ALL.iter().flat_map(|kind| workspace.of_kind(*kind));
    let of = |id| {
        let member = workspace.member(id)?;
        let name = member.name().filter(|name| has_letters(name, query))?;
        let place = own_place(member);
        let detail = member.kind.name().to_owned();
        let symbol = Symbol { name: shown(name), detail, span: place.span, name_span: place.span, parts: Vec::new() };
        Some((symbol, place))
    };
    ids.filter_map(of).take(MOST_FOUND).collect()
}

fn shown(name: &str) -> String {
    visible(&redact(name)).into_owned()
}
