//! The delete character, U+007F. YAML 1.2 and JSON allow it in quotes (`nb-json`), the parser does not. So it is replaced, for parsing
//! only, by another character of the same width that the text does not contain.

use super::Parts;
use crate::text::Span;
use crate::yaml::node::NodeStyle;
use crate::yaml::tree::Tree;

const DELETE: char = '\u{7f}';

/// Characters without a meaning inside quotes.
const SUBSTITUTES: [char; 7] = ['\u{5e}', '~', '`', '|', '$', '+', '='];

/// Reads a text; also returns the substitute for the delete character in the strings that do not borrow from it.
pub(super) fn read(text: &str, mut read: impl FnMut(&str) -> Parts) -> (Parts, Option<char>) {
    if memchr::memchr(DELETE as u8, text.as_bytes()).is_some()
        && let Some(substitute) = SUBSTITUTES.into_iter().find(|substitute| !text.contains(*substitute))
    {
        let parts = read(&text.replace(DELETE, substitute.encode_utf8(&mut [0; 4])));
        if are_quoted(text, &parts) {
            return (parts, Some(substitute));
        }
    }
    (read(text), None)
}

/// Returns whether every delete character of the text is in a quoted scalar.
fn are_quoted(text: &str, parts: &Parts) -> bool {
    let is_quoted = |style: NodeStyle| matches!(style, NodeStyle::SingleQuoted | NodeStyle::DoubleQuoted);
    let mut quoted: Vec<Span> = parts.nodes.iter().filter(|node| is_quoted(node.style)).map(|node| node.span).collect();
    quoted.sort_by_key(|span| span.start);
    memchr::memchr_iter(DELETE as u8, text.as_bytes()).all(|at| {
        let behind = quoted.partition_point(|span| span.start as usize <= at);
        behind.checked_sub(1).and_then(|index| quoted.get(index)).is_some_and(|span| at < span.end as usize)
    })
}

/// Replaces the substitute by the delete character again.
pub(super) fn restore(tree: &mut Tree, substitute: char) {
    for string in tree.strings.iter_mut().filter(|string| string.contains(substitute)) {
        *string = string.replace(substitute, "\u{7f}").into();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::text::Source;
    use crate::yaml::{Framing, Limits, parse};

    #[test]
    fn a_delete_character_in_quotes_is_text() {
        for (text, value) in [
            ("a: \"x\u{7f}y\"\n", "x\u{7f}y"),
            ("a: 'x\u{7f}y'\n", "x\u{7f}y"),
            ("{\"a\": \"\\u0041\u{7f}\"}", "A\u{7f}"),
        ] {
            let tree = parse(Arc::new(Source::new("a.yml", text)), Limits::default(), Framing::Stream);
            let root = tree.documents()[0].root.unwrap();
            assert_eq!(tree.text(tree.get(root, "a").unwrap().value), Some(value), "{text:?}");
        }
    }

    #[test]
    fn elsewhere_it_is_no_yaml() {
        for text in ["a: x\u{7f}y\n", "a: \"x\"\n# \u{7f}\n", "\u{7f}: \"x\u{7f}\"\n"] {
            let tree = parse(Arc::new(Source::new("a.yml", text)), Limits::default(), Framing::Stream);
            assert!(tree.documents().iter().any(|document| !document.problems.is_empty()), "{text:?}");
        }
    }
}
