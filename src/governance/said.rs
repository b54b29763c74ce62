//! What documents say, without credentials.

use crate::lineage::MOST_SHOWN;
use crate::objectives::as_of::AsOf;
use crate::secrets::{MASK, is_unspeakable, redact, shortened};
use crate::text::{Source, Span, visible};
use crate::workspace::{Member, field};
use crate::yaml::{NodeId, Tree};

/// Longer descriptions and reasons are truncated.
const LONGEST: usize = 600;
/// The longest part of a line that is shown with a finding.
const LONGEST_LINE: usize = 160;

/// Returns a text.
pub(super) fn said(text: &str) -> String {
    shortened(text.trim(), LONGEST).into_owned()
}

/// Returns a path.
pub(super) fn path(path: &str) -> String {
    redact(path).into_owned()
}

/// Returns the text of a field, which may be in other mappings.
pub(super) fn said_at(member: &Member, path: &[&str]) -> Option<String> {
    let tree = &member.tree;
    let node = path.iter().try_fold(member.root, |node, name| field(tree, tree.resolve(node), name))?;
    said_node(tree, node)
}

/// Returns the text of a scalar.
pub(super) fn said_node(tree: &Tree, node: NodeId) -> Option<String> {
    if tree.is_null(node) {
        return None;
    }
    let text = tree.text(node).map(str::trim).filter(|text| !text.is_empty())?;
    Some(if is_unspeakable(tree, node) { MASK.to_owned() } else { shortened(text, MOST_SHOWN).into_owned() })
}

/// Returns the line of a finding, with the credentials in it masked: around the place of the finding if it is long.
pub(super) fn snippet(source: &Source, secrets: &[Span], place: Span) -> String {
    let line = source.line_span(source.line_index(place.start));
    let mut masked = String::new();
    let mut at = line.start;
    for secret in secrets.iter().filter(|secret| secret.overlaps(line)) {
        if secret.start > at {
            masked.push_str(source.slice(Span::new(at, secret.start)));
        }
        masked.push_str(MASK);
        at = at.max(secret.end);
    }
    if at < line.end {
        masked.push_str(source.slice(Span::new(at, line.end)));
    }
    visible(&shortened(masked.trim(), LONGEST_LINE)).into_owned()
}

/// Returns a path as a word of a command.
#[must_use]
pub fn shell_word(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./@+=:,".contains(c);
    let text = visible(&redact(text)).into_owned();
    match !text.is_empty() && text.chars().all(is_plain) && !text.starts_with('-') {
        true => text,
        false => format!("'{}'", text.replace('\'', "'\\''")),
    }
}

/// Returns a time as `--as-of` reads it.
#[must_use]
pub fn written(as_of: AsOf) -> String {
    as_of.instant().map_or_else(|| as_of.day().to_string(), |instant| instant.to_string())
}
