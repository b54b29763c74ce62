//! Files and pages that a text names.

use super::documents;
use crate::text::{Span, offset as to_offset};
use crate::workspace::{DocId, Workspace};
use crate::yaml::{NodeId, Tree};

/// A file or page that a text names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TextLink {
    /// Where it is named.
    pub span: Span,
    /// A path, relative to the folder of the file, or a URL.
    pub target: String,
}

/// The most values of a document that are offered as paths: each is looked up on disk.
const MOST_LINKS: usize = 500;

/// Returns what a file names: the schema of its first lines, and the values of its documents that look like paths.
#[must_use]
pub fn links(workspace: Workspace<'_>, ids: &[DocId], tree: &Tree) -> Vec<TextLink> {
    const SCHEMA: &str = "$schema=";
    let in_comment = |span: Span| {
        let text = tree.source().slice(span);
        let start = text.find(SCHEMA)? + SCHEMA.len();
        let target = text.get(start..)?.split_whitespace().next()?;
        let start = span.start + to_offset(start);
        Some(TextLink { span: Span::new(start, start + to_offset(target.len())), target: target.to_owned() })
    };
    let mut found: Vec<TextLink> = tree.comments().iter().filter_map(|comment| in_comment(comment.span)).collect();
    for (_, member) in documents(workspace, ids) {
        let tree = &member.tree;
        let values = tree.scalars(member.position as usize).filter(|node| tree.parent(*node).is_some());
        let named = values.filter_map(|node| Some((node, tree.text(node).filter(|text| is_path(text))?)));
        let link = |(node, text): (NodeId, &str)| TextLink { span: tree.inner_span(node), target: text.to_owned() };
        found.extend(named.map(link).take(MOST_LINKS));
    }
    found.sort();
    found
}

/// Returns whether a text looks like a relative path. Whether a file is there, only who reads files can tell.
fn is_path(text: &str) -> bool {
    let has_parts =
        text.contains('/') || text.rsplit_once('.').is_some_and(|(stem, ending)| !stem.is_empty() && ending.len() < 10);
    let is_number = text.starts_with(|c: char| c.is_ascii_digit()) && !text.contains('/');
    let is_elsewhere = text.contains("://") || text.starts_with(['/', '~', '$', '#']);
    has_parts && !is_number && !is_elsewhere && text.len() <= 512 && !text.contains(char::is_whitespace)
}
