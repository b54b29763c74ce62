//! Rules in a comment that suppresses their findings.

use super::offer::{Offer, OfferKind, Piece};
use crate::diagnostics::Finding;
use crate::rules::page::{is_beyond_comments, summary};
use crate::rules::{self, Rule};
use crate::text::{Span, offset as to_offset};
use crate::yaml::Tree;

/// The list of rules in a comment, at a place in it.
pub(super) struct RuleList {
    /// The name at the cursor.
    replaced: Span,
    /// The other names in the list.
    named: Vec<String>,
}

/// Returns the list of rules of a suppression comment at a byte: behind its `[`, and not behind its `]`.
pub(super) fn directive_at(tree: &Tree, offset: u32) -> Option<RuleList> {
    let comment = tree.comments().iter().find(|own| own.span.start < offset && offset <= own.span.end)?;
    let text = tree.source().slice(comment.span);
    let at = (offset - comment.span.start) as usize;
    let (before, after) = text.split_at_checked(at)?;
    let (head, list) = before.split_once('[')?;
    let directive = head.strip_prefix('#')?.trim_start().strip_prefix("mlspec:")?.trim();
    if !matches!(directive, "ignore" | "ignore-file") || list.contains(']') {
        return None;
    }
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-');
    let start = before.trim_end_matches(is_part).len();
    let end = at + (after.len() - after.trim_start_matches(is_part).len());
    let replaced = Span::new(comment.span.start + to_offset(start), comment.span.start + to_offset(end));
    let behind = after.split(']').next().unwrap_or("");
    let others = list.get(..list.len() - (at - start))?.split(',').chain(behind.split(',').skip(1));
    let named = others.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
    Some(RuleList { replaced, named })
}

/// Returns the rules that a comment can suppress, those that report something in the text first.
pub(super) fn offers(list: &RuleList, findings: &[Finding]) -> Vec<Offer> {
    let reports = |rule: &&&Rule| findings.iter().any(|finding| finding.rule.id == rule.meta.id);
    let is_possible =
        |rule: &&&Rule| !is_beyond_comments(&rule.meta) && !list.named.iter().any(|name| *name == rule.meta.id);
    let mut possible: Vec<&&Rule> = rules::all().iter().filter(is_possible).collect();
    possible.sort_by_key(|rule| !reports(rule));
    let offer = |rule: &&Rule| Offer {
        label: rule.meta.id.to_owned(),
        kind: OfferKind::Rule,
        detail: if reports(&rule) { "reports something here".to_owned() } else { String::new() },
        documentation: summary(&rule.meta).to_owned(),
        replaced: list.replaced,
        pieces: vec![Piece::Text(rule.meta.id.to_owned())],
    };
    possible.into_iter().map(offer).collect()
}
