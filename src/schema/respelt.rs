//! A document as it would be with its keys spelt as the schema does: what is in a misspelt field is validated, too.

use std::sync::Arc;

use crate::diagnostics::Finding;
use crate::text::Edit;
use crate::text::Source;
use crate::yaml::{Framing, Limits, NodeId, Tree, parse, pointer};

/// The tree of a document with other keys. Its nodes are those of the document's own tree, counted from another number.
pub(super) struct Respelt {
    pub tree: Tree,
    pub root: NodeId,
    /// What a node's number is less than that of the same node in the document's own tree.
    offset: u32,
}

impl Respelt {
    /// The document with the keys that the fixes of these findings give it. Nothing where that is no longer the same document.
    pub fn new(tree: &Tree, document: u32, renamed: &[Finding]) -> Option<Self> {
        let document = document as usize;
        let span = tree.documents().get(document)?.span;
        let mut edits: Vec<&Edit> =
            renamed.iter().filter_map(|finding| finding.fixes.first()).flat_map(|fix| &fix.edits).collect();
        edits.sort_by_key(|edit| edit.span);
        let text = tree.source().text();
        let mut respelt = String::new();
        let mut done = span.start;
        for edit in edits {
            // A key behind an alias can be spelt in two ways.
            if edit.span.start >= done && edit.span.end <= span.end {
                respelt.push_str(text.get(done as usize..edit.span.start as usize)?);
                respelt.push_str(&edit.text);
                done = edit.span.end;
            }
        }
        respelt.push_str(text.get(done as usize..span.end as usize)?);
        let new = parse(Arc::new(Source::new(tree.source().name(), &respelt)), Limits::default(), Framing::Stream);
        let root = new.documents().first()?.root?;
        let offset = tree.documents().get(document)?.root?.to_raw().checked_sub(root.to_raw())?;
        let is_same = new.documents().len() == 1
            && tree.nodes(document).map(NodeId::to_raw).eq(new.nodes(0).map(|node| node.to_raw() + offset))
            && tree.nodes(document).zip(new.nodes(0)).all(|(old, new_node)| tree.style(old) == new.style(new_node));
        is_same.then_some(Self { tree: new, root, offset })
    }

    /// The node of the document's own tree that a path leads to, and the aliases on the way.
    pub fn follow(&self, path: &str) -> Option<(NodeId, Vec<NodeId>)> {
        let own = |node: NodeId| NodeId::from_raw(node.to_raw() + self.offset);
        let (node, aliases) = pointer::follow(&self.tree, self.root, path)?;
        Some((own(node), aliases.into_iter().map(own).collect()))
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::assert_found;

    const HEAD: &str = "kind: model\nmlSpecVersion: 0.1.0\n";

    #[test]
    fn what_is_in_misspelt_fields_is_checked_in_every_document() {
        let serve = "serve:\n  modelSource:\n    servableModel: {bucket: credit, path: 5}\n";
        let expected = [
            ("document/field-spelling", "modelSource"),
            ("document/field-spelling", "servableModel"),
            ("document/wrong-type", "5"),
        ];
        assert_found(&format!("{HEAD}{serve}"), &expected);
        assert_found(&format!("{HEAD}---\n{HEAD}{serve}"), &expected);
    }

    #[test]
    fn a_field_that_is_there_in_both_spellings_is_checked_once() {
        assert_found(
            &format!("{HEAD}serve: {{tested_platforms: 5, testedPlatforms: 6}}\n"),
            &[("model/platforms-as-string", "5"), ("document/field-spelling", "testedPlatforms")],
        );
    }

    #[test]
    fn a_misspelt_field_behind_an_alias_is_found_where_it_is_written() {
        assert_found(
            &format!("{HEAD}x-serve: &serve {{testedPlatforms: 6}}\nserve: *serve\n"),
            &[("document/field-spelling", "testedPlatforms"), ("model/platforms-as-string", "6")],
        );
    }
}
