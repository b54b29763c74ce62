//! Files and pages that a text names.

use super::documents;
use crate::text::{Span, offset as to_offset};
use crate::workspace::{DocId, Workspace};
use crate::yaml::Tree;

/// A file or page that a text names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// Where it is named.
    pub span: Span,
    /// A path, relative to the folder of the file, or a URL.
    pub target: String,
}

/// Returns what a file names: the schema of its first lines, and the files that its documents name.
#[must_use]
pub fn links(workspace: Workspace<'_>, ids: &[DocId], tree: &Tree) -> Vec<Link> {
    const SCHEMA: &str = "$schema=";
    let in_comment = |span: Span| {
        let text = tree.source().slice(span);
        let start = text.find(SCHEMA)? + SCHEMA.len();
        let target = text.get(start..)?.split_whitespace().next()?;
        let start = span.start + to_offset(start);
        Some(Link { span: Span::new(start, start + to_offset(target.len())), target: target.to_owned() })
    };
    let mut found: Vec<Link> = tree.comments().iter().filter_map(|comment| in_comment(comment.span)).collect();
    for (_, member) in documents(workspace, ids) {
        let named = member.named_files().into_iter();
        found.extend(named.map(|own| Link { span: member.tree.inner_span(own.node), target: own.path.to_owned() }));
    }
    found.sort();
    found
}
