//! Suppression comments: `# mlspec: ignore[rule/name, …] reason`.

use std::cell::OnceCell;
use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use super::limit::{MOST_FINDINGS, left_out_of};
use crate::diagnostics::{Finding, Fix, Part, Place, RuleMeta, Severity};
use crate::rules;
use crate::rules::suppression::{malformed, unknown_rule, unused};
use crate::text::{Edit, Span, offset, start_of};
use crate::yaml::{Comment, Tree, edit};

/// The scope of a suppression comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SuppressionScope {
    /// Findings that begin in these bytes.
    Span(Span),
    /// Every finding of the document with this position.
    Document(u32),
}

/// A suppression comment.
#[derive(Clone, Debug)]
pub struct Suppression {
    comment: Span,
    scope: SuppressionScope,
    document: u32,
    /// The names in its list, as written.
    named: Vec<Span>,
    /// The rules that each name stands for. A name may be repeated a thousand times.
    rules: FxHashMap<String, Vec<&'static RuleMeta>>,
    /// The ids of all these rules, and whether the comment hid a finding of the rule.
    is_used: FxHashMap<&'static str, bool>,
}

/// Removes the findings that suppression comments cover. Returns their number, and the findings about the comments themselves: limited
/// per document to as many as are listed, since a comment of a few kilobytes can name a rule with every other byte. Whether a comment is
/// unused is only known for rules that are on, and not for the documents at the positions `unchecked`.
pub fn suppress(
    tree: &Tree,
    findings: &mut Vec<Finding>,
    unchecked: &[u32],
    is_on: impl Fn(&RuleMeta) -> bool,
) -> (usize, Vec<Finding>) {
    let mut comments = suppressions(tree);
    let mut about = About::new(tree);
    for finding in tree.comments().iter().filter_map(|comment| malformed(tree, *comment)) {
        about.push(finding.place.document, || finding);
    }
    if comments.is_empty() {
        return (0, about.into_findings());
    }
    let before = findings.len();
    let mut covering = Covering::new(&comments);
    findings.sort_by_key(|finding| finding.place.span.start);
    findings.retain(|finding| {
        // Every comment that covers the finding counts as used, not just the first one.
        let at = covering.at(finding, &comments);
        let hiding = at.iter().filter(|comment| comments[**comment].hides(finding)).count();
        hiding == 0
    });
    for comment in &comments {
        let is_known = unchecked.binary_search(&comment.document).is_err();
        comment.findings(tree, &mut about, |rule| is_known && is_on(rule));
    }
    (before - findings.len(), about.into_findings())
}

/// Findings about comments, limited per document.
struct About<'t> {
    tree: &'t Tree,
    findings: Vec<Finding>,
    document: u32,
    found: usize,
}

impl<'t> About<'t> {
    fn new(tree: &'t Tree) -> Self {
        Self { tree, findings: Vec::new(), document: 0, found: 0 }
    }

    /// Adds a finding, which is not even created beyond the limit.
    fn push(&mut self, document: u32, finding: impl FnOnce() -> Finding) {
        if document != self.document {
            self.close();
            self.document = document;
        }
        self.found += 1;
        if self.found <= MOST_FINDINGS {
            self.findings.push(finding());
        }
    }

    /// Adds the number of omitted findings of the document.
    fn close(&mut self) {
        let left_out = std::mem::take(&mut self.found).saturating_sub(MOST_FINDINGS);
        self.findings.extend(left_out_of(self.tree, self.document, left_out));
    }

    fn into_findings(mut self) -> Vec<Finding> {
        self.close();
        self.findings
    }
}

/// Finds the comments that cover findings, which are queried in the order of the text.
struct Covering {
    /// The indices of the comments that cover bytes, in descending order of their start.
    later: Vec<usize>,
    /// Those that may still cover a finding.
    open: Vec<usize>,
    /// Those that cover whole documents.
    documents: FxHashMap<u32, Vec<usize>>,
}

impl Covering {
    fn new(comments: &[Suppression]) -> Self {
        let mut documents: FxHashMap<u32, Vec<usize>> = FxHashMap::default();
        let mut later = Vec::new();
        for (number, comment) in comments.iter().enumerate() {
            match comment.scope {
                SuppressionScope::Span(_) => later.push(number),
                SuppressionScope::Document(document) => documents.entry(document).or_default().push(number),
            }
        }
        later.sort_by_key(|number| std::cmp::Reverse(comments[*number].covered().start));
        Self { later, open: Vec::new(), documents }
    }

    /// Returns the indices of the comments that cover a finding.
    fn at(&mut self, finding: &Finding, comments: &[Suppression]) -> Vec<usize> {
        let start = finding.place.span.start;
        while let Some(next) = self.later.pop_if(|next| comments[*next].covered().start <= start) {
            self.open.push(next);
        }
        self.open.retain(|number| {
            let span = comments[*number].covered();
            start < span.end.max(span.start + 1)
        });
        self.open.iter().chain(self.documents.get(&finding.place.document).into_iter().flatten()).copied().collect()
    }
}

/// Returns the suppression comments of a file.
#[must_use]
pub fn suppressions(tree: &Tree) -> Vec<Suppression> {
    let nodes = OnceCell::new();
    tree.comments().iter().filter_map(|comment| Suppression::read(tree, *comment, &nodes)).collect()
}

/// The spans of the entries and items of a text: by start, outer ones first.
type Nodes = OnceCell<Vec<(u32, Reverse<u32>)>>;

/// Parses a suppression comment: whether it is about the whole file, the list of rules, and where that begins.
fn directive(text: &str) -> Option<(bool, &str, usize)> {
    let directive = text.strip_prefix('#')?.trim_start().strip_prefix("mlspec:")?.trim_start();
    let (whole_file, rest) = match directive.strip_prefix("ignore-file") {
        Some(rest) => (true, rest),
        None => (false, directive.strip_prefix("ignore")?),
    };
    let list = rest.strip_prefix('[')?;
    Some((whole_file, &list[..list.find(']')?], text.len() - list.len()))
}

impl Suppression {
    fn read(tree: &Tree, comment: Comment, nodes: &Nodes) -> Option<Self> {
        let text = tree.source().slice(comment.span);
        let (whole_file, list, start) = directive(text)?;
        let document = document_at(tree, comment.span.start);
        let scope = if whole_file {
            SuppressionScope::Document(document)
        } else {
            SuppressionScope::Span(covered(tree, comment, nodes))
        };
        let named = named(list, comment.span.start + offset(start));
        let mut rules: FxHashMap<String, Vec<&'static RuleMeta>> = FxHashMap::default();
        for name in named.iter().map(|span| tree.source().slice(*span)) {
            if !rules.contains_key(name) {
                let selected = rules::select(rules::renamed(name).map_or(name, |own| own.current));
                rules.insert(name.to_owned(), selected.into_iter().map(|rule| &rule.meta).collect());
            }
        }
        let is_used = rules.values().flatten().map(|rule| (rule.id, false)).collect();
        Some(Self { comment: comment.span, scope, document, named, rules, is_used })
    }

    /// Returns the bytes that it covers; empty if it is about a document.
    fn covered(&self) -> Span {
        match self.scope {
            SuppressionScope::Span(span) => span,
            SuppressionScope::Document(_) => Span::empty(0),
        }
    }

    /// Returns whether this comment, which covers a finding, hides it; records which of its rules did.
    fn hides(&mut self, finding: &Finding) -> bool {
        // Whether it was read is not for a comment in it to say.
        if rules::is_about_reading(finding.rule) {
            return false;
        }
        self.is_used.get_mut(finding.rule.id).map(|is_used| *is_used = true).is_some()
    }

    /// Adds the findings about the comment itself.
    fn findings(&self, tree: &Tree, about: &mut About<'_>, is_known: impl Fn(&RuleMeta) -> bool) {
        for (number, span) in self.named.iter().enumerate() {
            let name = tree.source().slice(*span);
            let rules = self.rules.get(name).map_or(&[][..], Vec::as_slice);
            let is_used = rules.iter().any(|rule| self.is_used.get(rule.id) == Some(&true));
            let is_idle = !is_used && rules.iter().all(|rule| is_known(rule));
            if !is_idle && rules::renamed(name).is_none() {
                continue;
            }
            about.push(self.document, || self.finding(tree, number, *span, rules.is_empty(), is_idle));
        }
        if self.named.is_empty() {
            let fix = || Fix::safe("remove it", delete(comment_and_blanks(tree, self.comment)));
            let message = "this suppression does not name a rule";
            about.push(self.document, || self.about(&unused::UNUSED, self.comment, message).fix(fix()));
        }
    }

    /// Creates the finding about one of its names.
    fn finding(&self, tree: &Tree, number: usize, span: Span, is_unknown: bool, is_idle: bool) -> Finding {
        let name = tree.source().slice(span);
        let rename = |id: &str| Fix::safe(format!("rename it to '{id}'"), vec![Edit { span, text: id.to_owned() }]);
        if is_unknown {
            let finding = self.about(
                &unknown_rule::UNKNOWN_RULE,
                span,
                format!("unknown rule '{}'", start_of(name, LONGEST_NAME)),
            );
            return match rules::nearest(name) {
                Some(near) => finding.help(format!("did you mean '{near}'?")).fix(rename(near)),
                None => finding.help("`mlspec-lint rules` lists the rules"),
            };
        }
        match rules::renamed(name).filter(|_| !is_idle) {
            Some(renamed) => {
                let finding = self.about(&unknown_rule::UNKNOWN_RULE, span, renamed.to_string());
                let finding = finding.severity(Severity::Warning).fix(rename(renamed.current));
                finding.help("the former name still works")
            }
            None => {
                let fix = Fix::safe("remove it", self.without(tree, number));
                self.about(&unused::UNUSED, span, format!("this suppression of '{name}' hides nothing")).fix(fix)
            }
        }
    }

    fn about(&self, rule: &'static RuleMeta, span: Span, message: impl Into<String>) -> Finding {
        let place = Place { document: self.document, pointer: String::new(), part: Part::Value, span };
        Finding::new(rule, place, message)
    }

    /// Removes one of the names from the comment; the whole comment if it is the only one.
    fn without(&self, tree: &Tree, number: usize) -> Vec<Edit> {
        let own = |number: usize| self.named.get(number).copied();
        let Some(span) = own(number) else { return Vec::new() };
        match (own(number + 1), number.checked_sub(1).and_then(own)) {
            (Some(next), _) => delete(Span::new(span.start, next.start)),
            (None, Some(last)) => delete(Span::new(last.end, span.end)),
            (None, None) => delete(comment_and_blanks(tree, self.comment)),
        }
    }
}

/// Longer names are truncated.
const LONGEST_NAME: usize = 60;

fn delete(span: Span) -> Vec<Edit> {
    vec![Edit { span, text: String::new() }]
}

/// Creates the finding about a comment that is meant to suppress something, but does not.
fn malformed(tree: &Tree, comment: Comment) -> Option<Finding> {
    let text = tree.source().slice(comment.span);
    if !means_to_suppress(text) || directive(text).is_some() {
        return None;
    }
    let document = document_at(tree, comment.span.start);
    let place = Place { document, pointer: String::new(), part: Part::Value, span: comment.span };
    let message = "this comment suppresses nothing: it is not a valid suppression";
    let finding = Finding::new(&malformed::MALFORMED, place, message);
    Some(finding.help("write a separate comment: # mlspec: ignore[rule/name] reason"))
}

/// Returns whether a comment contains the name of the tool or of the specification, followed by a suppression keyword of any tool.
fn means_to_suppress(comment: &str) -> bool {
    // Most comments are about something else.
    if !comment.bytes().any(|byte| matches!(byte, b'm' | b'M')) {
        return false;
    }
    let text = comment.to_ascii_lowercase();
    text.match_indices("mlspec").any(|(at, name)| {
        let rest = &text[at + name.len()..];
        let rest = rest.strip_prefix("-lint").or_else(|| rest.strip_prefix("_lint")).unwrap_or(rest);
        let rest = rest.strip_prefix(['-', '_']).unwrap_or(rest).trim_start();
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

/// Returns the spans of the names in a list that begins at `start`.
fn named(list: &str, start: u32) -> Vec<Span> {
    let mut at = start;
    let mut named = Vec::new();
    for part in list.split(',') {
        let name = part.trim();
        let from = at + offset(part.len() - part.trim_start().len());
        if !name.is_empty() {
            named.push(Span::new(from, from + offset(name.len())));
        }
        at += offset(part.len()) + 1;
    }
    named
}

fn document_at(tree: &Tree, at: u32) -> u32 {
    let last = tree.documents().len().saturating_sub(1);
    offset(tree.documents().partition_point(|document| document.span.end < at).min(last))
}

/// Returns the bytes that a comment covers: after content, its line; on a line of its own, the next entry or item and everything under it.
fn covered(tree: &Tree, comment: Comment, nodes: &Nodes) -> Span {
    let source = tree.source();
    let line = source.line_index(comment.span.start);
    let start = source.line_span(line).start;
    let has_content = !source.slice(Span::new(start, comment.span.start)).trim().is_empty();
    if has_content {
        return source.line_span(line);
    }
    next_node(tree, comment.span.end, nodes).unwrap_or_else(|| source.line_span(line))
}

/// Returns the first entry or item that begins after `after`, in the same document: the outermost of those that begin at the same place.
fn next_node(tree: &Tree, after: u32, nodes: &Nodes) -> Option<Span> {
    let nodes = nodes.get_or_init(|| {
        let all = (0..tree.documents().len()).flat_map(|document| tree.nodes(document));
        let span = |node| tree.entry_of(node).map_or_else(|| tree.span(node), |entry| edit::entry_span(tree, entry));
        let mut nodes: Vec<_> = all.map(span).map(|span| (span.start, Reverse(span.end))).collect();
        nodes.sort_unstable();
        nodes
    });
    let document = tree.documents().get(tree.documents().partition_point(|document| document.span.end <= after))?;
    let (start, Reverse(end)) = *nodes.get(nodes.partition_point(|(start, _)| *start < after))?;
    (start < document.span.end).then(|| Span::new(start, end))
}

/// Returns the comment with the blanks before it, or its whole line if there is nothing else on it.
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
            "# mlspec-ignore[naming]",
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
