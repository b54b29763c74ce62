//! What stands at the cursor in a text that somebody is typing.

use std::sync::Arc;

use super::line::{CursorLine, KeyWord};
use crate::analysis::{Options, read_text};
use crate::documents::Kind;
use crate::documents::detect::{DetectedAs, Detection};
use crate::text::{Edit, Source, Span, apply, offset as to_offset};
use crate::yaml::{NodeId, NodeKind, NodeStyle, Tree};

/// What stands at the cursor.
#[derive(Debug)]
pub(super) enum Spot {
    /// A text that says nothing yet.
    Nothing { replaced: Span },
    /// A key of a mapping.
    Field(FieldSpot),
    /// A value.
    Value(ValueSpot),
}

/// A key of a mapping.
#[derive(Debug)]
pub(super) struct FieldSpot {
    /// The text with a trial in it; its spans are not those of the text.
    pub tree: Arc<Tree>,
    /// The kind of the document; `None` if it does not say it yet.
    pub kind: Option<Kind>,
    /// The mapping, without its key at the cursor.
    pub mapping: NodeId,
    /// The key.
    pub key: NodeId,
    /// What is written of it.
    pub replaced: Span,
    pub layout: FieldLayout,
    /// Whether its value stands behind it already.
    pub has_value: bool,
}

/// A value.
#[derive(Debug)]
pub(super) struct ValueSpot {
    /// The text, perhaps with a trial in it.
    pub tree: Arc<Tree>,
    /// The kind of the document; `None` if it does not say it yet.
    pub kind: Option<Kind>,
    /// The document's root.
    pub root: NodeId,
    /// The value.
    pub node: NodeId,
    /// What is written of it: between the quotes, if it has some.
    pub replaced: Span,
    /// What is written of it before the cursor.
    pub before: String,
    pub style: NodeStyle,
    /// Whether a space lacks before it.
    pub wants_space: bool,
    /// Whether the tree has a trial in the place of the value, whose text says nothing.
    pub is_trial: bool,
    pub is_json: bool,
    /// Whether the cursor is on its line, with blanks between them: it can only go on if it is an expression.
    pub is_behind: bool,
}

/// How a field is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FieldLayout {
    /// On lines of its own, indented by as many columns beyond its line as is said here: behind the `- ` of an item.
    Block { beyond: usize },
    /// Between braces.
    Flow,
    /// In JSON.
    Json,
}

/// A word that no text has.
const TRIAL: &str = "mlspec0lint0trial";

/// Returns what may stand at a byte of a text, the likeliest first. Nothing stands in comments, or in documents that are not MLSpec.
pub(super) fn spots(source: &Source, offset: u32, options: &Options<'_>) -> Vec<Spot> {
    let text = source.text();
    if text.contains(TRIAL) || !text.is_char_boundary(offset as usize) {
        return Vec::new();
    }
    if says_nothing(text) {
        return vec![Spot::Nothing { replaced: typed_span(source, offset) }];
    }
    let line = CursorLine::of(source, offset);
    let mut found = Vec::new();
    if let Some(key) = line.key() {
        found.extend(field_by_trial(source, key, &line, options));
    }
    if let Some(spot) = as_it_is(source, offset, &line, options) {
        // A word that goes on the line before it, as YAML reads it, is a key that is being typed.
        let is_continuation = matches!(&spot, Spot::Value(value) if value.style == NodeStyle::Plain
            && source.line_index(value.tree.span(value.node).start) != source.line_index(offset));
        if found.is_empty() || !is_continuation {
            found.push(spot);
        }
    } else {
        // Where a key fits above what follows, a value that only fits without it does not.
        let may_cut = found.is_empty();
        found.extend(value_by_trial(source, offset, &line, options, may_cut));
    }
    found
}

/// Returns whether a text has nothing but comments, blank lines and one word at most.
fn says_nothing(text: &str) -> bool {
    let said = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#') && line.trim() != "---";
    let mut lines = text.lines().filter(said);
    let first = lines.next().unwrap_or("").trim();
    lines.next().is_none() && first.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ')
}

fn typed_span(source: &Source, offset: u32) -> Span {
    let line = source.line_span(source.line_index(offset));
    let text = source.slice(line);
    let start = line.start + to_offset(text.len() - text.trim_start().len());
    match text.trim_start().starts_with('#') {
        true => Span::empty(offset),
        false => Span::new(start.min(offset), start.max(offset)),
    }
}

fn field_by_trial(source: &Source, word: KeyWord, line: &CursorLine<'_>, options: &Options<'_>) -> Option<Spot> {
    let quote = if word.is_quoted { "\"" } else { "" };
    let value = if word.has_colon { "" } else { ": 0" };
    let (tree, detections) = trial(source, word.span, &format!("{quote}{TRIAL}{quote}{value}"), line, options, true)?;
    let key = (0..tree.documents().len()).flat_map(|at| tree.keys(at)).find(|key| tree.key_name(*key) == TRIAL)?;
    let kind = kind_of(&tree, key, &detections)?;
    let layout = match is_json(source) {
        true => FieldLayout::Json,
        false if word.is_in_braces || tree.style(tree.parent(key)?) == NodeStyle::Flow => FieldLayout::Flow,
        false => FieldLayout::Block { beyond: word.beyond },
    };
    let mapping = tree.parent(key)?;
    Some(Spot::Field(FieldSpot { kind, mapping, key, replaced: word.span, layout, has_value: word.has_colon, tree }))
}

/// Returns the value at the cursor, or blanks before the cursor, if the text can be read as it is.
fn as_it_is(source: &Source, offset: u32, line: &CursorLine<'_>, options: &Options<'_>) -> Option<Spot> {
    let (tree, detections) = read(source.name(), source.text(), options);
    let blanks = to_offset(line.before.len() - line.before.trim_end_matches(' ').len());
    let at = tree.documents().iter().position(|own| own.span.start <= offset && offset <= own.span.end + blanks)?;
    let is_here = |node: &NodeId, offset: u32| {
        let span = tree.inner_span(*node);
        !tree.span(*node).is_empty() && span.start <= offset && offset <= span.end && offset <= tree.span(*node).end
    };
    let own = tree.scalars(at).find(|node| is_here(node, offset)).map(|node| (node, false));
    let is_plain = |node: &NodeId| tree.style(*node) == NodeStyle::Plain && tree.span(*node).end == offset - blanks;
    let behind = || tree.scalars(at).find(|node| is_plain(node) && blanks > 0).map(|node| (node, true));
    let (node, is_behind) = own.or_else(behind)?;
    let style = tree.style(node);
    let kind = kind_of(&tree, node, &detections)?;
    let replaced = tree.inner_span(node);
    let replaced = if is_behind { Span::new(replaced.start, offset) } else { replaced };
    let before = source.slice(Span::new(replaced.start, offset)).to_owned();
    let root = tree.documents().get(at)?.root?;
    let is_json = is_json(source);
    let wants_space = line.before.ends_with(':') && replaced.start == offset;
    Some(Spot::Value(ValueSpot {
        kind,
        root,
        node,
        replaced,
        before,
        style,
        wants_space,
        is_trial: false,
        is_json,
        is_behind,
        tree,
    }))
}

fn value_by_trial(
    source: &Source,
    offset: u32,
    line: &CursorLine<'_>,
    options: &Options<'_>,
    may_cut: bool,
) -> Option<Spot> {
    let is_part = |c: char| !c.is_whitespace() && !matches!(c, ',' | '[' | ']' | '{' | '}' | '"' | '\'');
    let wants_space =
        line.before.ends_with([':', '-']) && !line.before.trim_start().contains(' ') || line.before.ends_with(':');
    let word = if wants_space { Span::empty(offset) } else { line.word(is_part) };
    let space = if wants_space { " " } else { "" };
    let is_json = is_json(source);
    let quote = if is_json { "\"" } else { "" };
    let (tree, detections) = trial(source, word, &format!("{space}{quote}{TRIAL}{quote}"), line, options, may_cut)?;
    let documents = 0..tree.documents().len();
    let mut nodes = documents.flat_map(|at| tree.scalars(at).map(move |node| (at, node)));
    let (at, node) = nodes.find(|(_, node)| tree.text(*node) == Some(TRIAL))?;
    let kind = kind_of(&tree, node, &detections)?;
    let before = source.slice(Span::new(word.start, offset)).to_owned();
    let root = tree.documents().get(at)?.root?;
    let style = NodeStyle::Plain;
    let tree = Arc::clone(&tree);
    Some(Spot::Value(ValueSpot {
        kind,
        root,
        node,
        replaced: word,
        before,
        style,
        wants_space,
        is_trial: true,
        is_json,
        is_behind: false,
        tree,
    }))
}

/// Reads the text with a trial in it; if what is below keeps it from being read, and that may be, without that.
fn trial(
    source: &Source,
    span: Span,
    text: &str,
    line: &CursorLine<'_>,
    options: &Options<'_>,
    may_cut: bool,
) -> Option<(Arc<Tree>, Vec<Option<Detection>>)> {
    let edit = [Edit { span, text: text.to_owned() }];
    let whole = apply(source.text(), &edit)?;
    let read_whole = read(source.name(), &whole, options);
    if has_trial(&read_whole.0) {
        return Some(read_whole);
    }
    if !may_cut {
        return None;
    }
    let end = line.offset as usize + line.after.len();
    let above = apply(source.text().get(..end)?, &edit)?;
    let read_above = read(source.name(), &above, options);
    has_trial(&read_above.0).then_some(read_above)
}

fn has_trial(tree: &Tree) -> bool {
    let documents = || 0..tree.documents().len();
    documents().flat_map(|at| tree.keys(at)).any(|key| tree.text(key) == Some(TRIAL))
        || documents().flat_map(|at| tree.scalars(at)).any(|node| tree.text(node) == Some(TRIAL))
}

fn read(name: &str, text: &str, options: &Options<'_>) -> (Arc<Tree>, Vec<Option<Detection>>) {
    read_text(Arc::new(Source::new(name, text)), options)
}

/// Returns the kind of the document of a node: `Some(None)` if it is MLSpec and does not say which. `None` if it is not.
fn kind_of(tree: &Tree, node: NodeId, detections: &[Option<Detection>]) -> Option<Option<Kind>> {
    let mut root = node;
    while let Some(parent) = tree.parent(root) {
        root = parent;
    }
    let at = tree.documents().iter().position(|document| document.root == Some(root))?;
    let detection = detections.get(at)?.as_ref()?;
    match &detection.verdict {
        DetectedAs::Kind(kind) => Some(Some(*kind)),
        DetectedAs::Unclear(_) | DetectedAs::UnknownKind(_) => Some(None),
        _ => (tree.get(root, "mlSpecVersion").is_some()).then_some(None),
    }
}

fn is_json(source: &Source) -> bool {
    let name = source.name();
    [".json", ".jsonl", ".ndjson"].iter().any(|own| name.ends_with(own))
}

impl ValueSpot {
    /// Returns whether it is a scalar on one line.
    pub fn is_one_line(&self) -> bool {
        !self.is_behind
            && matches!(self.tree.kind(self.node), NodeKind::Scalar(_))
            && !matches!(self.style, NodeStyle::Literal | NodeStyle::Folded)
            && (self.is_trial || !self.tree.source().slice(self.tree.span(self.node)).contains('\n'))
    }
}
