//! Trees of texts that were made from others, such as a line of an access log that was written as JSON: the nodes stand where their values
//! are in the text that people see.

use std::sync::Arc;

use super::tree::Tree;
use crate::text::{Source, Span, offset};

impl Tree {
    /// Returns the tree with every node at its place in another text. `place` says where that is; the values stay as they were read.
    #[must_use]
    pub fn placed_in(mut self, source: Arc<Source>, place: impl Fn(Span) -> Span) -> Self {
        for node in &mut self.nodes {
            if let Some(text) = node.source() {
                node.own_text(offset(self.strings.len()));
                self.strings.push(self.source.slice(text).into());
            }
            node.span = place(node.span);
        }
        for document in &mut self.documents {
            document.span = place(document.span);
        }
        self.is_placed = true;
        Self { source, ..self }
    }

    /// Returns whether the nodes stand in another text than the one that was read, which is no YAML.
    #[must_use]
    pub fn is_placed(&self) -> bool {
        self.is_placed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::{Framing, Limits, parse};

    #[test]
    fn values_stay_and_stand_elsewhere() {
        let read = Arc::new(Source::new("a.log", "{\"a\": \"b\", \"c\": 12}\n"));
        let shown = Arc::new(Source::new("a.log", "12 'b'\n"));
        let place = |span: Span| match span.start {
            1 | 6 => Span::new(4, 5),
            11 | 16 => Span::new(0, 2),
            _ => Span::new(0, 6),
        };
        let tree = parse(read, Limits::default(), Framing::Lines).placed_in(shown, place);
        let root = tree.documents()[0].root.unwrap();
        let (text, number) = (tree.get(root, "a").unwrap(), tree.get(root, "c").unwrap());
        assert_eq!((tree.text(text.value), tree.string(text.value)), (Some("b"), Some("b")));
        assert_eq!(tree.source().slice(tree.inner_span(text.value)), "b");
        assert_eq!(tree.source().slice(tree.span(number.value)), "12");
        assert_eq!(tree.number(number.value).map(|number| number.as_f64()), Some(12.0));
        assert_eq!(tree.source().slice(tree.documents()[0].span), "12 'b'");
    }
}
