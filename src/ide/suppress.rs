//! Comments that suppress a finding.

use std::sync::Arc;

use crate::analysis::is_json_expected;
use crate::diagnostics::Finding;
use crate::rules::page::is_beyond_comments;
use crate::text::{Edit, Source, Span};
use crate::yaml::{Framing, Limits, Tree, are_equal, parse};

/// Returns the edit that suppresses a finding at its line, with a place for the reason. `None` where no comment can stand: in JSON, in a text of
/// several lines, or behind another comment. That the content stays the same is checked.
#[must_use]
pub fn suppressing_edit(source: &Source, finding: &Finding) -> Option<Edit> {
    if is_beyond_comments(finding.rule) || is_json_expected(source) {
        return None;
    }
    let line = source.line_span(source.line_index(finding.place.span.start));
    let comment = format!(" # mlspec: ignore[{}] TODO: say why", finding.rule.id);
    let edit = Edit { span: Span::new(line.end, line.end), text: comment };
    let (before, after) = source.text().split_at_checked(line.end as usize)?;
    let [before, after] = [source.text().to_owned(), format!("{before}{}{after}", edit.text)].map(read);
    let is_one_more = after.comments().len() == before.comments().len() + 1;
    (is_one_more && says_the_same(&before, &after)).then_some(edit)
}

fn read(text: String) -> Tree {
    parse(Arc::new(Source::new("", text)), Limits::default(), Framing::Stream)
}

fn says_the_same(before: &Tree, after: &Tree) -> bool {
    let roots = |tree: &Tree| tree.documents().iter().map(|document| document.root).collect::<Vec<_>>();
    let (before_roots, after_roots) = (roots(before), roots(after));
    let pairs = before_roots.iter().zip(&after_roots);
    before_roots.len() == after_roots.len()
        && pairs.into_iter().all(|pair| match pair {
            (Some(own), Some(other)) => are_equal((before, *own), (after, *other)),
            (None, None) => true,
            _ => false,
        })
}
