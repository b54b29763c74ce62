//! Anchors, and the aliases that refer to them.

use super::{Form, Found, NamedPlace, Renamable};
use crate::ide::touches;
use crate::text::Span;
use crate::workspace::Member;
use crate::yaml::NodeKind;

/// Returns the anchor whose name is at a place, or that of the alias there, with all aliases that refer to it.
pub(super) fn find(member: &Member, offset: u32) -> Option<Found> {
    let tree = &member.tree;
    if tree.anchors().is_empty() {
        return None;
    }
    let behind = |span: Span| Span::new(span.start + 1, span.end);
    let document = member.position as usize;
    let aliases: Vec<_> = tree
        .nodes(document)
        .filter_map(|node| match tree.kind(node) {
            NodeKind::Alias(target) => Some((target, behind(tree.span(node)))),
            _ => None,
        })
        .collect();
    let by_alias = aliases.iter().find(|(_, span)| touches(*span, offset)).map(|(target, _)| *target);
    let anchor = tree.anchors().iter().find(|own| touches(behind(own.span), offset) || Some(own.node) == by_alias)?;
    let name = anchor.name.clone();
    let is_name = |span: &Span| tree.source().slice(*span) == name;
    let own = aliases.iter().filter(|(target, _)| *target == anchor.node).map(|(_, span)| *span);
    let spans: Vec<Span> = std::iter::once(behind(anchor.span)).chain(own).collect();
    let here = *spans.iter().find(|span| touches(**span, offset))?;
    let place = |span: Span| NamedPlace { file: member.file().to_owned(), span, form: Form::Anchor };
    let is_written = spans.iter().all(is_name);
    is_written.then(|| Found { here: Renamable { span: here, name }, places: spans.into_iter().map(place).collect() })
}
