//! The structure of a text: what can be folded, and what is selected next.

use super::touches;
use crate::text::Span;
use crate::yaml::{NodeId, Tree};

/// The most parts of a text that can be folded; editors stop at fewer.
const MOST_FOLDED: usize = 20_000;

/// Returns the parts of a text that can be folded, outer ones first: documents, and entries and items over several lines.
#[must_use]
pub fn foldings(tree: &Tree) -> Vec<Span> {
    let source = tree.source();
    let mut found = Vec::new();
    let several = tree.documents().len() > 1;
    for (at, document) in tree.documents().iter().enumerate() {
        if several && document.root.is_some() {
            found.push(trimmed(tree, document.span));
        }
        let collections = tree.nodes(at).filter(|node| tree.is_mapping(*node) || tree.is_sequence(*node));
        let own =
            collections.filter(|node| tree.resolve(*node) == *node).map(|node| trimmed(tree, with_key(tree, node)));
        found.extend(own.filter(|span| source.line_index(span.start) < source.line_index(span.end)).take(MOST_FOLDED));
    }
    found.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
    found.dedup_by_key(|span| source.line_index(span.start));
    found
}

/// Returns the spans around a byte, each inside the next one: what is between quotes, the value, its entry, the collection, and so on.
#[must_use]
pub fn selections(tree: &Tree, offset: u32) -> Vec<Span> {
    let at = tree.documents().iter().position(|own| touches(own.span, offset));
    let nodes = at.into_iter().flat_map(|at| tree.nodes(at));
    let innermost = nodes.filter(|node| touches(tree.span(*node), offset)).min_by_key(|node| tree.span(*node).len());
    let mut found: Vec<Span> = Vec::new();
    let mut add = |span: Span| {
        if touches(span, offset) && found.last().is_none_or(|last| span.contains(*last) && span != *last) {
            found.push(span);
        }
    };
    let mut next = innermost;
    if let Some(node) = next {
        add(tree.inner_span(node));
    }
    while let Some(node) = next {
        add(tree.span(node));
        add(with_key(tree, node));
        next = tree.parent(node);
    }
    at.and_then(|at| tree.documents().get(at)).into_iter().for_each(|own| add(own.span));
    add(Span::from_usize(0, tree.source().text().len()));
    found
}

/// Returns the span of a node with its key.
fn with_key(tree: &Tree, node: NodeId) -> Span {
    let own = tree.span(node);
    tree.key_of(node).map_or(own, |key| tree.span(key).to(own))
}

/// Returns a span without the blanks at its end.
fn trimmed(tree: &Tree, span: Span) -> Span {
    let text = tree.source().slice(span);
    Span::new(span.start, span.start + crate::text::offset(text.trim_end().len()))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::text::Source;
    use crate::yaml::{Framing, Limits, parse};

    const TEXT: &str = "a:\n  b:\n    - c: 1\n      d: 2\n  e: \"x y\"\nf: 1\n";

    fn tree(text: &str) -> Tree {
        parse(Arc::new(Source::new("a.yml", text)), Limits::default(), Framing::Stream)
    }

    #[test]
    fn what_has_several_lines_is_folded_at_its_first() {
        let tree = tree(TEXT);
        let lines = |span: &Span| (tree.source().line_index(span.start), tree.source().line_index(span.end));
        let found: Vec<_> = foldings(&tree).iter().map(lines).collect();
        assert_eq!(found, [(0, 4), (1, 3), (2, 3)]);
    }

    #[test]
    fn each_selection_holds_the_one_before() {
        let tree = tree(TEXT);
        let at = crate::text::offset(TEXT.find("x y").unwrap() + 1);
        let found: Vec<&str> = selections(&tree, at).into_iter().map(|span| tree.source().slice(span)).collect();
        assert_eq!(found[..3], ["x y", "\"x y\"", "e: \"x y\""]);
        assert_eq!(found.last(), Some(&TEXT));
        for offset in 0..=TEXT.len() {
            let found = selections(&tree, crate::text::offset(offset));
            assert!(!found.is_empty() && found.windows(2).all(|pair| pair[1].contains(pair[0]) && pair[1] != pair[0]));
        }
    }
}
