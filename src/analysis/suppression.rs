//! Suppression comments: `# mlspec: ignore[rule/name, …] reason`.

use crate::diagnostics::{Finding, Fix, Part, Place, RuleMeta, Severity};
use crate::rules;
use crate::rules::suppression::{malformed, unknown_rule, unused};
use crate::text::{Edit, Span, offset};
use crate::yaml::{Comment, Tree, edit};

/// What a suppression comment covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SuppressionScope {
    /// Findings that begin in these bytes.
    Span(Span),
    /// Every finding of the document with this position.
    Document(u32),
}

/// One rule named by a suppression comment.
#[derive(Clone, Debug)]
struct Named {
    /// As written.
    span: Span,
    rules: Vec<&'static RuleMeta>,
    used: bool,
}

/// A suppression comment.
#[derive(Clone, Debug)]
pub struct Suppression {
    comment: Span,
    scope: SuppressionScope,
    document: u32,
    named: Vec<Named>,
}

/// Removes the findings that suppression comments cover. Gives their number, and the findings about the comments themselves. That a
/// comment hides nothing is only known of rules that are on.
pub fn suppress(tree: &Tree, findings: &mut Vec<Finding>, is_on: impl Fn(&RuleMeta) -> bool) -> (usize, Vec<Finding>) {
    let mut comments = suppressions(tree);
    let mut about: Vec<Finding> = tree.comments().iter().filter_map(|comment| malformed(tree, *comment)).collect();
    if comments.is_empty() {
        return (0, about);
    }
    let before = findings.len();
    findings.retain(|finding| {
        // Every comment that covers the finding counts as used, not the first one only.
        let hiding = comments.iter_mut().filter_map(|comment| comment.hides(finding).then_some(())).count();
        hiding == 0
    });
    about.extend(comments.iter().flat_map(|comment| comment.findings(tree, &is_on)));
    (before - findings.len(), about)
}

/// The suppression comments of a file.
#[must_use]
pub fn suppressions(tree: &Tree) -> Vec<Suppression> {
    tree.comments().iter().filter_map(|comment| Suppression::read(tree, *comment)).collect()
}

impl Suppression {
    fn read(tree: &Tree, comment: Comment) -> Option<Self> {
        let text = tree.source().slice(comment.span);
        let directive = text.strip_prefix('#')?.trim_start().strip_prefix("mlspec:")?.trim_start();
        let (whole_file, rest) = match directive.strip_prefix("ignore-file") {
            Some(rest) => (true, rest),
            None => (false, directive.strip_prefix("ignore")?),
        };
        let list = rest.strip_prefix('[')?;
        let list = &list[..list.find(']')?];
        let start = comment.span.start + offset(text.len() - rest.len() + 1);
        let document = document_at(tree, comment.span.start);
        let scope = if whole_file {
            SuppressionScope::Document(document)
        } else {
            SuppressionScope::Span(covered(tree, comment))
        };
        Some(Self { comment: comment.span, scope, document, named: named(list, start) })
    }

    /// Whether this comment hides a finding; remembers which of its rules did.
    fn hides(&mut self, finding: &Finding) -> bool {
        let covers = match self.scope {
            SuppressionScope::Span(span) => {
                span.start <= finding.place.span.start && finding.place.span.start < span.end.max(span.start + 1)
            }
            SuppressionScope::Document(document) => finding.place.document == document,
        };
        if !covers {
            return false;
        }
        let mut hidden = false;
        for named in self.named.iter_mut().filter(|named| named.rules.contains(&finding.rule)) {
            named.used = true;
            hidden = true;
        }
        hidden
    }

    /// What is wrong with the comment itself.
    fn findings(&self, tree: &Tree, is_on: &impl Fn(&RuleMeta) -> bool) -> Vec<Finding> {
        let place = |span: Span| Place { document: self.document, pointer: String::new(), part: Part::Value, span };
        let mut findings = Vec::new();
        for named in &self.named {
            let name = tree.source().slice(named.span);
            let rename = |id: &str| {
                Fix::safe(format!("rename it to '{id}'"), vec![Edit { span: named.span, text: id.to_owned() }])
            };
            if named.rules.is_empty() {
                let finding =
                    Finding::new(&unknown_rule::UNKNOWN_RULE, place(named.span), format!("unknown rule '{name}'"));
                findings.push(match rules::nearest(name) {
                    Some(near) => finding.help(format!("did you mean '{near}'?")).fix(rename(near)),
                    None => finding.help("`mlspec-lint rules` lists the rules"),
                });
            } else if !named.used && named.rules.iter().all(|rule| is_on(rule)) {
                let fix = Fix::safe("remove it", self.without(tree, named.span));
                let message = format!("this suppression of '{name}' hides nothing");
                findings.push(Finding::new(&unused::UNUSED, place(named.span), message).fix(fix));
            } else if let Some(renamed) = rules::renamed(name) {
                let finding = Finding::new(&unknown_rule::UNKNOWN_RULE, place(named.span), renamed.to_string());
                let finding = finding.severity(Severity::Warning).fix(rename(renamed.current));
                findings.push(finding.help("the comment still suppresses it under its former name"));
            }
        }
        if self.named.is_empty() {
            let fix = Fix::safe("remove it", self.without(tree, Span::empty(self.comment.start)));
            findings
                .push(Finding::new(&unused::UNUSED, place(self.comment), "this suppression names no rule").fix(fix));
        }
        findings
    }

    /// Removes one rule from the comment; the whole comment when it is the only one.
    fn without(&self, tree: &Tree, span: Span) -> Vec<Edit> {
        let others: Vec<Span> = self.named.iter().map(|named| named.span).filter(|other| *other != span).collect();
        let delete = |span: Span| vec![Edit { span, text: String::new() }];
        match (others.iter().find(|other| other.start > span.end), others.iter().rfind(|other| other.end < span.start))
        {
            (Some(next), _) => delete(Span::new(span.start, next.start)),
            (None, Some(last)) => delete(Span::new(last.end, span.end)),
            (None, None) => delete(comment_and_blanks(tree, self.comment)),
        }
    }
}

/// The finding for a comment that means to suppress something, and does not.
fn malformed(tree: &Tree, comment: Comment) -> Option<Finding> {
    let text = tree.source().slice(comment.span);
    if !means_to_suppress(text) || Suppression::read(tree, comment).is_some() {
        return None;
    }
    let document = document_at(tree, comment.span.start);
    let place = Place { document, pointer: String::new(), part: Part::Value, span: comment.span };
    let message = "this comment suppresses nothing: it is not written as a suppression";
    let finding = Finding::new(&malformed::MALFORMED, place, message);
    Some(finding.help("write a comment of its own: # mlspec: ignore[rule/name] reason"))
}

/// Whether a comment has the name of the tool or of the specification, and behind it the word of some tool for suppressing.
fn means_to_suppress(comment: &str) -> bool {
    // Most comments are about something else.
    if !comment.bytes().any(|byte| matches!(byte, b'm' | b'M')) {
        return false;
    }
    let text = comment.to_ascii_lowercase();
    text.match_indices("mlspec").any(|(at, name)| {
        let rest = &text[at + name.len()..];
        let rest = rest.strip_prefix("-lint").or_else(|| rest.strip_prefix("_lint")).unwrap_or(rest).trim_start();
        let (has_colon, rest) = match rest.strip_prefix([':', '=']) {
            Some(rest) => (true, rest.trim_start()),
            None => (false, rest),
        };
        let word = rest.split(|c: char| !c.is_ascii_alphabetic() && c != '-').next().unwrap_or("");
        let has_list = rest[word.len()..].trim_start().starts_with(['[', '(']);
        let is_word = ["ignore", "disable", "suppress", "noqa", "allow", "skip", "off"].iter().any(|own| {
            word.strip_prefix(own)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('-') || rest == "s" || rest == "d")
        });
        is_word && (has_colon || has_list)
    })
}

fn named(list: &str, start: u32) -> Vec<Named> {
    let mut at = start;
    let mut named = Vec::new();
    for part in list.split(',') {
        let name = part.trim();
        let from = at + offset(part.len() - part.trim_start().len());
        if !name.is_empty() {
            named.push(Named {
                span: Span::new(from, from + offset(name.len())),
                rules: rules::select(rules::renamed(name).map_or(name, |own| own.current))
                    .into_iter()
                    .map(|rule| &rule.meta)
                    .collect(),
                used: false,
            });
        }
        at += offset(part.len()) + 1;
    }
    named
}

fn document_at(tree: &Tree, at: u32) -> u32 {
    let last = tree.documents().len().saturating_sub(1);
    let position = tree.documents().iter().position(|document| at <= document.span.end).unwrap_or(last);
    offset(position)
}

/// Behind content, the comment covers the line; on a line of its own, the next entry or item and everything under it.
fn covered(tree: &Tree, comment: Comment) -> Span {
    let source = tree.source();
    let line = source.line_index(comment.span.start);
    let start = source.line_span(line).start;
    let has_content = !source.slice(Span::new(start, comment.span.start)).trim().is_empty();
    if has_content {
        return source.line_span(line);
    }
    next_node(tree, comment.span.end).unwrap_or_else(|| source.line_span(line))
}

/// The first entry or item that begins behind `after`: the outermost of those that begin at the same place.
fn next_node(tree: &Tree, after: u32) -> Option<Span> {
    let index = tree.documents().iter().position(|document| document.span.end > after)?;
    let mut best: Option<Span> = None;
    for node in tree.nodes(index) {
        let span = match tree.entry_of(node) {
            Some(entry) => edit::entry_span(tree, entry),
            None => tree.span(node),
        };
        let better = |best: Span| span.start < best.start || (span.start == best.start && span.end > best.end);
        if span.start >= after && best.is_none_or(better) {
            best = Some(span);
        }
    }
    best
}

/// The comment with the blanks before it, or its whole line when nothing else stands on it.
fn comment_and_blanks(tree: &Tree, comment: Span) -> Span {
    let source = tree.source();
    let line = source.line_index(comment.start);
    let start = source.line_span(line).start;
    let before = source.slice(Span::new(start, comment.start));
    if !before.trim().is_empty() {
        return Span::new(start + offset(before.trim_end().len()), comment.end);
    }
    let end = if line + 1 < source.line_count() { source.line_span(line + 1).start } else { comment.end };
    Span::new(start, end)
}

#[cfg(test)]
mod tests {
    use super::means_to_suppress;

    #[test]
    fn what_looks_like_a_suppression_of_any_tool_is_one() {
        for comment in [
            "# mlspec: ignore",
            "# MLSPEC: ignore[document/wrong-type]",
            "# mlspec-lint: ignore[document/wrong-type] x",
            "# mlspec: ignore(document/wrong-type)",
            "# noqa # mlspec: ignore[document/wrong-type]",
            "# mlspec-lint: disable=document/wrong-type",
            "# mlspec-lint ignore[naming]",
            "# mlspec: ignore-next-line naming",
        ] {
            assert!(means_to_suppress(comment), "{comment}");
        }
        for comment in
            ["# mlspec ignores unknown fields", "# mlspec: offers a datastore", "# see the mlspec: fields", "# noqa"]
        {
            assert!(!means_to_suppress(comment), "{comment}");
        }
    }
}
