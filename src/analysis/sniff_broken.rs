//! What a text that is not YAML seems to be.
//!
//! A syntax error matters in an MLSpec document and nowhere else: repositories are full of templates (Helm, Jinja) that are not YAML
//! until they are rendered. So the keys that can be made out decide, before the error is reported.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::documents::Kind;
use crate::documents::detect::{Detection, detect_outline};
use crate::text::{Source, Span};
use crate::yaml::{self, Framing, Limits};

/// Longer documents are judged by their first lines.
const MOST_LINES: u32 = 2000;
/// No key of ours or of a format that is known is longer.
const LONGEST_KEY: usize = 64;

/// What a broken document is, as far as its keys, the name of its file and the user tell.
pub(super) fn detect(source: &Source, document: Span, name: &str, configured: Option<Kind>) -> Detection {
    let outline = Arc::new(Source::new(name, outline(source, document)));
    let tree = yaml::parse(outline, Limits::default(), Framing::Stream);
    match tree.documents().first().and_then(|document| document.root) {
        Some(root) => detect_outline(&tree, root, name, configured),
        None => Detection::unknown(),
    }
}

/// YAML with the keys at the margin, and below each the keys that follow it.
fn outline(source: &Source, document: Span) -> String {
    let mut text = String::new();
    // A document may be indented as a whole, or begin with a line that is by mistake.
    let mut has_margin = false;
    let first = source.line_index(document.start);
    let last = source.line_index(document.end).min(first + MOST_LINES);
    for line in (first..=last).map(|line| source.line(line)) {
        let content = line.trim_start_matches([' ', '\t', '-', '\u{feff}']);
        let Some(key) = key(content) else { continue };
        let at_margin = content.len() == line.trim_start_matches('\u{feff}').len();
        has_margin |= at_margin;
        // A duplicate key is harmless here, for nothing is reported about an outline.
        let _ = if at_margin || !has_margin { writeln!(text, "{key}:") } else { writeln!(text, "  {key}: x") };
    }
    // The name of the file may tell where no key can be made out.
    if text.is_empty() { "{}".to_owned() } else { text }
}

/// The key at the start of a line's content.
fn key(content: &str) -> Option<&str> {
    let (key, rest) = content.split_once(':')?;
    let unquoted = |quote| key.strip_prefix(quote).and_then(|key: &str| key.strip_suffix(quote));
    let key = unquoted('"').or_else(|| unquoted('\'')).unwrap_or(key);
    let is_word = (1..=LONGEST_KEY).contains(&key.len())
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    (is_word && (rest.is_empty() || rest.starts_with([' ', '\t']))).then_some(key)
}
