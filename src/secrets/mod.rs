//! Credentials: which fields hold them, what they look like, and how they are kept out of reports.
//!
//! A value counts as a credential by the name of its field ([`names`]) or by its shape ([`shapes`]). Rules report both, and nothing that
//! the tool prints may show either: [`spans`] masks what a report quotes from the text, [`redact`] what it says in its own words.

mod assignments;
pub mod names;
mod placeholder;
mod prefixes;
pub mod shapes;
mod tokens;
mod urls;

use std::borrow::Cow;

use crate::diagnostics::Finding;
use crate::text::Edit;
use crate::text::{Source, Span, offset};
use crate::yaml::{NodeId, NodeKind, NodeStyle, Problem, Tree, TreeDocument, pointer};

pub use names::{field_name, is_secret_name};
pub use placeholder::is_stand_in;
pub use shapes::{find, has_one};

/// The replacement for a credential. It is always the same, so that it does not reveal the length either.
pub const MASK: &str = "********";

/// A credential of at least this many bytes is not an ordinary word as well.
const LONG: usize = 12;

/// Returns the text with every credential in it masked.
#[must_use]
pub fn redact(text: &str) -> Cow<'_, str> {
    let found = find(text);
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut redacted = String::with_capacity(text.len());
    let mut at = 0;
    for found in &found {
        if found.range.start >= at {
            redacted.push_str(text.get(at..found.range.start).unwrap_or(""));
            redacted.push_str(MASK);
        }
        at = at.max(found.range.end);
    }
    redacted.push_str(text.get(at..).unwrap_or(""));
    // A credential recognized by its surroundings may occur a second time without them.
    for secret in found.iter().filter_map(|found| text.get(found.range.clone())).filter(|secret| secret.len() >= LONG) {
        if redacted.contains(secret) {
            redacted = redacted.replace(secret, MASK);
        }
    }
    Cow::Owned(redacted)
}

/// Returns a JSON Pointer with every credential in it masked. A URL that is a key is escaped in the pointer.
#[must_use]
pub fn redact_pointer(pointer: &str) -> Cow<'_, str> {
    let keys = || pointer.split('/').map(pointer::unescape);
    if keys().all(|key| find(&key).is_empty()) {
        return redact(pointer);
    }
    let keys: Vec<String> = keys().map(|key| pointer::escape(&redact(&key))).collect();
    Cow::Owned(keys.join("/"))
}

/// Returns the first `limit` characters of a text, masked before it is cut: the beginning of a credential alone is not recognized.
#[must_use]
pub fn shortened(text: &str, limit: usize) -> Cow<'_, str> {
    let text = redact(text);
    match text.char_indices().nth(limit) {
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or(&text))),
        None => text,
    }
}

/// Whether the value of a node may not be shown because of the name of its field, regardless of what the value looks like.
#[must_use]
pub fn is_unspeakable(tree: &Tree, node: NodeId) -> bool {
    [node, tree.resolve(node)].iter().any(|node| is_named_secret(tree, *node))
}

fn is_named_secret(tree: &Tree, node: NodeId) -> bool {
    is_secret_name(field_name(tree, node))
        || names::held(tree, node).is_some()
        || names::is_below_credential(tree, node)
}

/// Masks the credentials in everything that a finding says, and removes the fixes that would write one: reports show edits. `spans` are
/// those that no report may show, as [`merged`] returns them.
pub fn redact_finding(finding: &mut Finding, source: &Source, spans: &[Span]) {
    let secret_at = |place: Span| {
        let next = spans.get(spans.partition_point(|span| span.end <= place.start));
        next.copied().filter(|span| span.overlaps(place))
    };
    let writes = |edit: &Edit| !edit.text.trim().is_empty() && secret_at(edit.span).is_some();
    finding.fixes.retain(|fix| !fix.edits.iter().any(|edit| writes(edit) || !find(&edit.text).is_empty()));
    if let Cow::Owned(redacted) = redact_pointer(&finding.place.pointer) {
        finding.place.pointer = redacted;
    }
    if let Some(identity) = &mut finding.identity {
        *identity = redact_pointer(identity).into_owned();
    }
    if !spans.is_empty() {
        let paths = std::iter::once(&mut finding.place.pointer).chain(&mut finding.identity);
        paths.for_each(hide_collections);
        let texts = std::iter::once(&mut finding.message).chain(&mut finding.help);
        texts.for_each(hide_quoted_collection);
    }
    if let Some(secret) = secret_at(finding.place.span) {
        // The rule may have read a secret without knowing it, and quote words of it.
        mask_quotes(&mut finding.message, source.slice(secret));
    }
    let texts = [&mut finding.message];
    let related = finding.related.iter_mut().map(|related| &mut related.message);
    let titles = finding.fixes.iter_mut().map(|fix| &mut fix.title);
    for text in texts.into_iter().chain(&mut finding.help).chain(related).chain(titles) {
        if let Cow::Owned(redacted) = redact(text) {
            *text = redacted;
        }
    }
}

/// Masks the keys of a path that are collections: a path holds them as written, so that they may contain a named credential.
fn hide_collections(path: &mut String) {
    let is_collection = |key: &str| key.contains(['{', '[']) && key.contains([':', ',']);
    if path.split('/').any(is_collection) {
        let keys = path.split('/').map(|key| if is_collection(key) { MASK } else { key });
        *path = keys.collect::<Vec<_>>().join("/");
    }
}

/// Masks a collection that a text quotes as a key.
fn hide_quoted_collection(text: &mut String) {
    let first = text.find("'{").or_else(|| text.find("'["));
    let last = text.rfind("}'").or_else(|| text.rfind("]'"));
    if let Some((first, last)) = first.zip(last).filter(|(first, last)| first < last) {
        text.replace_range(first + 1..=last, MASK);
    }
}

/// Masks the parts of a secret that a text quotes.
fn mask_quotes(text: &mut String, secret: &str) {
    let is_of_it = |part: &&str| part.len() > 2 && secret.contains(*part);
    let mut parts: Vec<&str> = text.split('\'').collect();
    let mut quoted = parts.iter_mut().skip(1).filter(|part| is_of_it(part)).peekable();
    if quoted.peek().is_some() {
        quoted.for_each(|part| *part = MASK);
        *text = parts.join("'");
    }
}

/// Returns the spans of a file that no report may show, [`merged`].
#[must_use]
pub fn spans(tree: &Tree) -> Vec<Span> {
    let source = tree.source();
    // The whole text is searched as written: reports also show comments and text that is not YAML.
    let mut spans: Vec<Span> =
        find(source.text()).into_iter().map(|found| Span::from_usize(found.range.start, found.range.end)).collect();
    for node in (0..tree.documents().len()).flat_map(|document| values(tree, document)) {
        let span = tree.inner_span(tree.resolve(node));
        if !span.is_empty() && !tree.is_null(node) && (is_named_secret(tree, node) || hides(tree, node)) {
            spans.push(span);
        }
    }
    let comments = tree.comments().iter().map(|comment| comment.span);
    let unread = tree.documents().iter().filter(|document| is_unread(document)).map(|document| document.span);
    for span in comments.chain(unread) {
        entries_of_text(source, span, &mut spans);
    }
    merged(spans)
}

/// Returns the scalar values of a document, and the aliases of scalars: an alias has a field name of its own.
pub fn values(tree: &Tree, document: usize) -> impl Iterator<Item = NodeId> + '_ {
    let aliases = (!tree.anchors().is_empty()).then(|| tree.nodes(document));
    let is_alias = |node: &NodeId| matches!(tree.kind(*node), NodeKind::Alias(_)) && tree.scalar_type(*node).is_some();
    tree.scalars(document).chain(aliases.into_iter().flatten().filter(is_alias))
}

/// Whether a value holds a credential that a search of the text misses because of escapes.
fn hides(tree: &Tree, node: NodeId) -> bool {
    is_escaped(tree, node) && tree.text(node).is_some_and(|text| !find(text).is_empty())
}

/// Whether a value contains escapes, so that it differs from what is written in more than indentation.
fn is_escaped(tree: &Tree, node: NodeId) -> bool {
    tree.style(node) == NodeStyle::DoubleQuoted && tree.source().slice(tree.span(node)).contains('\\')
}

fn is_unread(document: &TreeDocument) -> bool {
    document.problems.iter().any(|problem| matches!(problem, Problem::Syntax(_)))
}

/// Finds the values after secret names in text that was not read as YAML: from the colon to the end of the line.
fn entries_of_text(source: &Source, span: Span, spans: &mut Vec<Span>) {
    let text = source.slice(span);
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        for (colon, _) in line.match_indices(':') {
            let name = names::before(line, colon);
            let value = line.get(colon + 1..).unwrap_or("");
            // Neighboring entries are not known here, so a short name always counts.
            let is_short = name.eq_ignore_ascii_case("pass") || name.eq_ignore_ascii_case("pw");
            if (is_short || is_secret_name(name)) && !value.trim().is_empty() {
                let first = start + colon + 1 + (value.len() - value.trim_start().len());
                let last = start + line.trim_end().len();
                spans.push(Span::new(span.start + offset(first), span.start + offset(last)));
                break;
            }
        }
        start += line.len();
    }
}

/// Returns the text with everything masked that no report may show. Line breaks are kept, so that line numbers stay the same.
#[must_use]
pub fn masked(tree: &Tree) -> String {
    let text = tree.source().text();
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for span in spans(tree) {
        let range = span.range();
        let Some(secret) = text.get(range.clone()) else { continue };
        masked.push_str(text.get(at..range.start).unwrap_or(""));
        for (index, line) in secret.split('\n').enumerate() {
            masked.push_str(if index > 0 { "\n" } else { "" });
            masked.push_str(if line.is_empty() { "" } else { MASK });
        }
        at = range.end;
    }
    masked.push_str(text.get(at..).unwrap_or(""));
    masked
}

/// Sorts spans and merges those that overlap or touch.
#[must_use]
pub fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut merged: Vec<Span> = Vec::new();
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start <= last.end => *last = last.to(span),
            _ => merged.push(span),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::yaml::{Framing, Limits, parse};

    fn mask(text: &str) -> String {
        masked(&parse(Arc::new(Source::new("a.yml", text)), Limits::default(), Framing::Stream))
    }

    #[test]
    fn secrets_are_masked_by_name_and_by_shape_wherever_they_stand() {
        for (text, expected) in [
            ("password: tulip\nname: a\n", "password: ********\nname: a\n"),
            ("password: 'tulip' # ours\n", "password: '********' # ours\n"),
            ("env: [{name: DB_PASSWORD, value: tulip}]\n", "env: [{name: DB_PASSWORD, value: ********}]\n"),
            ("x: &a tulip\npassword: *a\n", "x: &a ********\npassword: *a\n"),
            ("password: |\n  tulip\n  rose\nname: a\n", "password: ********\n********\n********\nname: a\n"),
            ("url: s3://a:tulip@b/c\n", "url: s3://a:********@b/c\n"),
            ("url: \"s3:\\/\\/a:tulip@b\"\n", "url: \"********\"\n"),
            ("# password: tulip\nname: a\n", "# password: ********\nname: a\n"),
            ("password: tulip\nname: 'a\n", "password: ********\nname: 'a\n"),
            ("a: {b: c, password: tulip}\nname: 'a\n", "a: {b: c, password: ********\nname: 'a\n"),
            (
                "secret_access_key: {a: tulip, b: [{c: rose}]}\n",
                "secret_access_key: {a: ********, b: [{c: ********}]}\n",
            ),
            ("api_keys: {prod: tulip}\nb: c\n", "api_keys: {prod: ********}\nb: c\n"),
            ("max_tokens: 512\ntokens: {a: [b]}\n", "max_tokens: 512\ntokens: {a: [b]}\n"),
        ] {
            assert_eq!(mask(text), expected, "{text}");
        }
    }

    #[test]
    fn words_are_redacted_and_clean_ones_are_not_copied() {
        assert_eq!(redact("run --password=tulip-7-anvil --fast"), "run --password=******** --fast");
        assert!(matches!(redact("the name 'a b' has a space"), Cow::Borrowed(_)));
    }
}
