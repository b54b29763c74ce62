//! Edits of the text of a tree that keep every comment and every other byte.
//!
//! Each function returns the edits of one change, or `None` if the text does not allow it without touching more.

use super::node::{NodeId, NodeKind, NodeStyle};
use super::scalar::{ScalarType, plain_type};
use super::tree::{Anchor, Entry, EntryKind, Tree};
use crate::text::Edit;
use crate::text::{Span, offset};

fn replace(span: Span, text: impl Into<String>) -> Edit {
    Edit { span, text: text.into() }
}

fn insert(at: u32, text: impl Into<String>) -> Edit {
    replace(Span::empty(at), text)
}

/// Renames a key. A quoted key stays quoted.
#[must_use]
pub fn rename_key(tree: &Tree, key: NodeId, name: &str) -> Option<Vec<Edit>> {
    replace_scalar(tree, key, name)
}

/// Replaces a one-line scalar by another string, in its own style if that can hold the text.
#[must_use]
pub fn replace_scalar(tree: &Tree, node: NodeId, text: &str) -> Option<Vec<Edit>> {
    if !matches!(tree.kind(node), NodeKind::Scalar(_)) || !is_one_line(tree, node) || text.contains(['\n', '\r']) {
        return None;
    }
    let span = tree.inner_span(node);
    let edit = match tree.style(node) {
        NodeStyle::SingleQuoted => replace(span, text.replace('\'', "''")),
        NodeStyle::DoubleQuoted => replace(span, escape_double(text)),
        NodeStyle::Plain if is_plain_string(text) => replace(span, text),
        NodeStyle::Plain if !span.is_empty() => replace(span, format!("\"{}\"", escape_double(text))),
        _ => return None,
    };
    Some(vec![edit])
}

/// Replaces a quoted or plain scalar by a number or boolean, as written.
#[must_use]
pub fn replace_with_literal(tree: &Tree, node: NodeId, literal: &str) -> Option<Vec<Edit>> {
    let replaceable =
        matches!(tree.kind(node), NodeKind::Scalar(_)) && is_one_line(tree, node) && !tree.is_tagged(node);
    (replaceable && !tree.span(node).is_empty()).then(|| vec![replace(tree.span(node), literal)])
}

/// Quotes a plain scalar, so that it reads as a string. The edits do not touch the value itself.
#[must_use]
pub fn quote(tree: &Tree, node: NodeId) -> Option<Vec<Edit>> {
    let span = tree.span(node);
    let quotable =
        tree.style(node) == NodeStyle::Plain && !span.is_empty() && !tree.is_tagged(node) && is_one_line(tree, node);
    let is_scalar = matches!(tree.kind(node), NodeKind::Scalar(_));
    (quotable && is_scalar && !tree.source().slice(span).contains(['"', '\\']))
        .then(|| vec![insert(span.start, "\""), insert(span.end, "\"")])
}

/// Removes an entry from its mapping: whole lines of a block mapping, the entry and its comma in a flow mapping. A comment after the
/// entry stays. `None` if it is the only entry, if its key or value has an anchor, or if it shares its lines with other text.
#[must_use]
pub fn remove_entry(tree: &Tree, entry: Entry) -> Option<Vec<Edit>> {
    let mapping = tree.parent(entry.key)?;
    let entries = tree.all_entries(mapping);
    let index = entries.iter().position(|other| other.key == entry.key)?;
    let own = entries.iter().filter(|other| tree.parent(other.key) == Some(mapping)).count();
    if own < 2 || has_anchor(tree, entry) {
        return None;
    }
    let span = entry_span(tree, entry);
    if tree.style(mapping) == NodeStyle::Flow {
        let edge = match entries.get(index + 1).filter(|next| tree.parent(next.key) == Some(mapping)) {
            Some(next) => Span::new(span.start, key_start(tree, next.key)),
            None => Span::new(entry_span(tree, *entries.get(index.checked_sub(1)?)?).end, span.end),
        };
        let gap = tree.source().slice(edge);
        return (!gap.contains('#')).then(|| vec![replace(edge, "")]);
    }
    Some(vec![replace(whole_lines(tree, span)?, "")])
}

/// Removes an item from its list: whole lines of a block list, the item and its comma in a flow list; the whole entry if it is the
/// only item. `None` if the item has an anchor or shares its lines with other text.
#[must_use]
pub fn remove_item(tree: &Tree, item: NodeId) -> Option<Vec<Edit>> {
    let list = tree.parent(item)?;
    let items = tree.items(list);
    let index = items.iter().position(|other| *other == item)?;
    if items.len() == 1 {
        return remove_entry(tree, tree.entry_of(list)?);
    }
    let span = tree.span(item);
    let is_anchored = |anchor: &Anchor| anchor.node == item || span.overlaps(anchor.span);
    if span.is_empty() || tree.is_tagged(item) || tree.anchors().iter().any(is_anchored) {
        return None;
    }
    let source = tree.source();
    if tree.style(list) == NodeStyle::Flow {
        let edge = match items.get(index + 1) {
            Some(next) => Span::new(span.start, tree.span(*next).start),
            None => Span::new(tree.span(*items.get(index.checked_sub(1)?)?).end, span.end),
        };
        return (!source.slice(edge).contains(['#', '&', '!'])).then(|| vec![replace(edge, "")]);
    }
    let line = source.line_span(source.line_index(span.start));
    let before = source.slice(Span::new(line.start, span.start)).trim_end_matches(' ');
    let dash = line.start + offset(before.strip_suffix('-')?.len());
    Some(vec![replace(whole_lines(tree, Span::new(dash, span.end))?, "")])
}

/// Wraps a mapping into a list of one item, in place.
#[must_use]
pub fn wrap_in_list(tree: &Tree, node: NodeId) -> Option<Vec<Edit>> {
    if matches!(tree.kind(node), NodeKind::Alias(_)) || tree.is_tagged(node) || is_anchored(tree, node) {
        return None;
    }
    let span = tree.span(node);
    if tree.style(node) != NodeStyle::Block {
        let flow = matches!(tree.style(node), NodeStyle::Flow) || is_one_line(tree, node);
        return (flow && !span.is_empty()).then(|| vec![insert(span.start, "["), insert(span.end, "]")]);
    }
    // The dash replaces two columns of indentation, so that no other line moves.
    let source = tree.source();
    let line = source.line_span(source.line_index(span.start));
    let indent = source.slice(Span::new(line.start, span.start));
    let parent_line = source.line_span(source.line_index(tree.span(tree.key_of(node)?).start));
    let key_column = tree.span(tree.key_of(node)?).start - parent_line.start;
    let is_indent = !indent.is_empty() && indent.bytes().all(|byte| byte == b' ');
    (is_indent && offset(indent.len()) >= key_column + 2)
        .then(|| vec![replace(Span::new(span.start - 2, span.start), "- ")])
}

/// Turns each entry of a mapping into an item with a key and a value; with `as_text`, numbers and the like are quoted. `None` unless the
/// values are one-line scalars and nothing is merged.
#[must_use]
pub fn pairs_from_entries(tree: &Tree, node: NodeId, as_text: bool) -> Option<Vec<Edit>> {
    if matches!(tree.kind(node), NodeKind::Alias(_)) || tree.is_tagged(node) || is_anchored(tree, node) {
        return None;
    }
    let source = tree.source();
    let entries = tree.all_entries(node);
    let is_plain = |entry: &Entry| {
        entry.kind == EntryKind::Own
            && matches!(tree.kind(entry.value), NodeKind::Scalar(_))
            && !tree.span(entry.value).is_empty()
            && is_one_line(tree, entry.value)
            && source.slice(Span::new(tree.span(entry.key).end, tree.span(entry.value).start)).trim() == ":"
    };
    if entries.is_empty() || !entries.iter().all(is_plain) {
        return None;
    }
    let span = tree.span(node);
    let mut edits = Vec::new();
    if tree.style(node) == NodeStyle::Flow {
        edits.push(replace(Span::new(span.start, span.start + 1), "["));
        for entry in entries {
            let (key, value) = (tree.span(entry.key), tree.span(entry.value));
            let [key_field, value_field] = pair_fields(tree, entry.key);
            let quote = quote_of(tree, entry.value, as_text);
            edits.push(insert(key.start, format!("{{{key_field}: ")));
            edits.push(replace(Span::new(key.end, value.start), format!(", {value_field}: {quote}")));
            edits.push(insert(value.end, format!("{quote}}}")));
        }
        edits.push(replace(Span::new(span.end - 1, span.end), "]"));
        return Some(edits);
    }
    for entry in entries {
        let (key, value) = (tree.span(entry.key), tree.span(entry.value));
        let indent = source.slice(Span::new(source.line_span(source.line_index(key.start)).start, key.start));
        if !indent.bytes().all(|byte| byte == b' ') {
            return None;
        }
        let line_break = if source.text().contains("\r\n") { "\r\n" } else { "\n" };
        edits.push(insert(key.start, "- key: "));
        let quote = quote_of(tree, entry.value, as_text);
        edits.push(replace(Span::new(key.end, value.start), format!("{line_break}{indent}  value: {quote}")));
        if !quote.is_empty() {
            edits.push(insert(value.end, quote));
        }
    }
    Some(edits)
}

/// Returns the fields of a pair, quoted as this key is: in JSON, all keys are.
pub fn pair_fields(tree: &Tree, key: NodeId) -> [&'static str; 2] {
    match tree.style(key) {
        NodeStyle::DoubleQuoted => ["\"key\"", "\"value\""],
        _ => ["key", "value"],
    }
}

/// Returns the quote that makes a plain value text.
fn quote_of(tree: &Tree, value: NodeId, as_text: bool) -> &'static str {
    if as_text && tree.style(value) == NodeStyle::Plain && tree.string(value).is_none() { "\"" } else { "" }
}

/// Converts a comma-separated string to a flow list.
#[must_use]
pub fn split_into_list(tree: &Tree, node: NodeId) -> Option<Vec<Edit>> {
    let text = tree.string(node)?;
    let items: Vec<_> = text.split(',').map(str::trim).filter(|item| !item.is_empty()).collect();
    let plain = items.iter().all(|item| is_plain_string(item) && !item.contains(['[', ']', '{', '}']));
    (plain && !items.is_empty()).then(|| replace_with_literal(tree, node, &format!("[{}]", items.join(", ")))).flatten()
}

/// Removes `&name` and the space after it.
#[must_use]
pub fn remove_anchor(tree: &Tree, span: Span) -> Vec<Edit> {
    let rest = tree.source().text().get(span.end as usize..).unwrap_or("");
    let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let ends_line = rest[blanks..].is_empty() || rest[blanks..].starts_with(['\n', '\r']);
    let before = tree.source().text().get(..span.start as usize).unwrap_or("");
    let space_before = before.ends_with([' ', '\t']) && !before.trim_end_matches([' ', '\t']).ends_with('\n');
    if ends_line && space_before {
        return vec![replace(Span::new(span.start - 1, span.end), "")];
    }
    vec![replace(Span::new(span.start, span.end + offset(blanks)), "")]
}

/// Inserts an entry before the first entry of a block mapping.
#[must_use]
pub fn insert_first_entry(tree: &Tree, mapping: NodeId, entry: &str) -> Option<Vec<Edit>> {
    if tree.style(mapping) != NodeStyle::Block {
        return None;
    }
    let source = tree.source();
    let first = tree.all_entries(mapping).first()?.key;
    let start = key_start(tree, first);
    let line = source.line_span(source.line_index(start));
    let indent = source.slice(Span::new(line.start, start));
    let line_break = if source.text().contains("\r\n") { "\r\n" } else { "\n" };
    indent.bytes().all(|byte| byte == b' ').then(|| vec![insert(start, format!("{entry}{line_break}{indent}"))])
}

/// Returns the span from the key to the end of the value.
#[must_use]
pub fn entry_span(tree: &Tree, entry: Entry) -> Span {
    let key = tree.span(entry.key);
    let value = tree.span(entry.value);
    if value.is_empty() || value.start < key.start { after_colon(tree, key) } else { key.to(value) }
}

/// Returns the key and the colon after it.
fn after_colon(tree: &Tree, key: Span) -> Span {
    let rest = tree.source().text().get(key.end as usize..).unwrap_or("");
    let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let colon = rest[blanks..].starts_with(':');
    Span::new(key.start, key.end + if colon { offset(blanks + 1) } else { 0 })
}

fn key_start(tree: &Tree, key: NodeId) -> u32 {
    tree.span(key).start
}

fn is_one_line(tree: &Tree, node: NodeId) -> bool {
    !tree.source().slice(tree.span(node)).contains('\n')
}

fn is_anchored(tree: &Tree, node: NodeId) -> bool {
    tree.anchors().iter().any(|anchor| anchor.node == node)
}

fn has_anchor(tree: &Tree, entry: Entry) -> bool {
    let span = entry_span(tree, entry);
    tree.anchors().iter().any(|anchor| span.overlaps(anchor.span))
}

/// Returns the lines of an entry of a block mapping, including the line break; up to the comment after it, if any. `None` if anything else
/// is on the first line.
fn whole_lines(tree: &Tree, span: Span) -> Option<Span> {
    let source = tree.source();
    let first = source.line_span(source.line_index(span.start));
    if !source.slice(Span::new(first.start, span.start)).bytes().all(|byte| byte == b' ') {
        return None;
    }
    let last = source.line_span(source.line_index(span.end));
    let behind = source.slice(Span::new(span.end, last.end));
    if behind.trim_start().starts_with('#') {
        let blanks = behind.len() - behind.trim_start().len();
        return Some(Span::new(span.start, span.end + offset(blanks)));
    }
    if !behind.trim().is_empty() {
        return None;
    }
    let next = source.line_index(span.end) + 1;
    let end = if next < source.line_count() { source.line_span(next).start } else { offset(source.text().len()) };
    Some(Span::new(first.start, end))
}

/// Returns whether a text without quotes reads as this exact string.
#[must_use]
pub fn is_plain_string(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let indicator = "-?:,[]{}#&*!|>'\"%@`".contains(first);
    let control = text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}'));
    !indicator
        && !control
        && text.trim() == text
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with(':')
        && !text.contains([',', '[', ']', '{', '}'])
        && plain_type(text) == ScalarType::String
        && !matches!(text, "---" | "..." | "<<" | "=")
}

fn escape_double(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\t' => escaped.push_str("\\t"),
            c if c.is_control() => escaped.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::text::Source;
    use crate::yaml::{Framing, Limits, parse};

    /// Returns the text without the item of `list` at `index`.
    fn without(text: &str, index: usize) -> Option<String> {
        let tree = parse(Arc::new(Source::new("a.yml", text)), Limits::default(), Framing::Stream);
        let root = tree.documents().first()?.root?;
        let item = *tree.items(tree.get(root, "list")?.value).get(index)?;
        let mut changed = text.to_owned();
        for edit in remove_item(&tree, item)? {
            changed.replace_range(edit.span.range(), &edit.text);
        }
        Some(changed)
    }

    #[test]
    fn an_item_is_removed_with_its_lines_or_its_comma() {
        let block = "list:\n  # first\n  - name: a\n    type: s3\n  - name: b # second\nend: 1\n";
        assert_eq!(without(block, 0).as_deref(), Some("list:\n  # first\n  - name: b # second\nend: 1\n"));
        assert_eq!(
            without(block, 1).as_deref(),
            Some("list:\n  # first\n  - name: a\n    type: s3\n  # second\nend: 1\n")
        );
        let flow = "list: [{name: a}, {name: b}, c]\n";
        assert_eq!(without(flow, 0).as_deref(), Some("list: [{name: b}, c]\n"));
        assert_eq!(without(flow, 2).as_deref(), Some("list: [{name: a}, {name: b}]\n"));
        let compact = "list:\n- name: a\n-   name: b\n";
        assert_eq!(without(compact, 1).as_deref(), Some("list:\n- name: a\n"));
    }

    #[test]
    fn the_only_item_goes_with_its_list() {
        assert_eq!(without("a: 1\nlist:\n  - name: b\nz: 2\n", 0).as_deref(), Some("a: 1\nz: 2\n"));
        assert_eq!(without("list:\n  - name: b\n", 0), None);
    }

    #[test]
    fn what_is_used_elsewhere_or_shares_its_line_stays() {
        for text in ["list:\n  - &x {name: a}\n  - *x\n", "list:\n  -\n    name: a\n  - b\n", "list: [a, # c\n  b]\n"] {
            assert_eq!(without(text, 0), None, "{text}");
        }
    }
}
