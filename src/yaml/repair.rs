//! Repairs of two mistakes that make a text invalid YAML: tabs in indentation, and keys or items that are indented
//! deeper than those before them. A repair is proposed only if the document can then be read, and in one way only.

use std::sync::Arc;

use super::build::{Framing, Limits, parse};
use super::json;
use super::problem::Problem;
use super::tree::Tree;
use crate::text::Edit;
use crate::text::{Source, Span, offset};

/// An edit that makes a document valid YAML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// What it does, as an instruction.
    pub title: &'static str,
    /// The edits, in the order of the text.
    pub edits: Vec<Edit>,
}

/// Widths to which tabs are expanded, the most common for old YAML files first. All of them are tried: if they lead to different
/// structures, the repair is ambiguous.
const TAB_WIDTHS: [usize; 8] = [8, 4, 2, 1, 3, 5, 6, 7];

/// Longer texts are not repaired: each candidate is parsed.
const LONGEST: usize = 1 << 20;

/// Documents with more mistakes than this are not repaired.
const MOST_STEPS: usize = 50;

/// Returns the repair of a document of `source` that is not YAML, if the two mistakes are all that is wrong with it, and all ways to fix
/// them lead to the same content.
#[must_use]
pub fn repairs(source: &Source, document: Span, limits: Limits) -> Option<Repair> {
    if source.text().len() > LONGEST {
        return None;
    }
    let broken = Source::new("", source.slice(document));
    let by_width = TAB_WIDTHS.iter().filter_map(|width| spaces_for_tabs(&broken, *width));
    let mut candidates: Vec<Repair> = by_width.collect();
    if candidates.is_empty() {
        let error = first_error_line(&tree_of(broken.text(), limits))?;
        candidates.extend(realigned(&broken, error));
    }
    let mut read = candidates.into_iter().filter_map(|repair| {
        let (text, value) = mended(edited(broken.text(), &repair.edits), limits)?;
        Some((repair.title, text, value))
    });
    let (title, text, value) = read.next()?;
    let is_only = read.all(|(_, _, other)| other == value);
    is_only.then(|| Repair { title, edits: indentations(&broken, &text, document.start) })
}

/// Returns the text made valid YAML by correcting one indentation after the other, and its content.
fn mended(mut text: String, limits: Limits) -> Option<(String, serde_json::Value)> {
    let mut reached = None;
    for _ in 0..MOST_STEPS {
        let tree = tree_of(&text, limits);
        let Some(error) = first_error_line(&tree) else {
            let [document] = tree.documents() else { return None };
            let is_twice = |problem: &Problem| matches!(problem, Problem::DuplicateKey { .. });
            let root = document.root.filter(|_| !document.problems.iter().any(is_twice))?;
            return Some((text, json::to_value(&tree, root)));
        };
        if reached.is_some_and(|reached| error <= reached) {
            return None;
        }
        reached = Some(error);
        text = edited(&text, &realigned(tree.source(), error)?.edits);
    }
    None
}

fn tree_of(text: &str, limits: Limits) -> Tree {
    parse(Arc::new(Source::new("", text)), limits, Framing::Stream)
}

/// 0-based line of the first syntax error of a text; `None` if it has none.
fn first_error_line(tree: &Tree) -> Option<u32> {
    let problems = tree.documents().iter().flat_map(|document| &document.problems);
    let errors = problems.filter_map(|problem| match problem {
        Problem::Syntax(error) => Some(tree.source().line_index(error.span.start)),
        _ => None,
    });
    errors.min()
}

/// Returns the edits that give each line of a text the indentation that it has in another; `start` is the offset of the text in its file.
fn indentations(broken: &Source, mended: &str, start: u32) -> Vec<Edit> {
    let lines = (0..broken.line_count()).zip(mended.split('\n'));
    let changed = lines.filter_map(|(line, mended)| {
        let (old, new) = (indentation(broken.line(line)), indentation(mended));
        let at = start + broken.line_span(line).start;
        (old != new).then(|| Edit { span: Span::new(at, at + offset(old.len())), text: new.to_owned() })
    });
    changed.collect()
}

fn edited(text: &str, edits: &[Edit]) -> String {
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        result.push_str(text.get(at..edit.span.start as usize).unwrap_or(""));
        result.push_str(&edit.text);
        at = edit.span.end as usize;
    }
    result.push_str(text.get(at..).unwrap_or(""));
    result
}

fn indentation(line: &str) -> &str {
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// Replaces every tab in the indentation of a line that is not just a comment by spaces up to the next multiple of `width`.
fn spaces_for_tabs(source: &Source, width: usize) -> Option<Repair> {
    let mut edits = Vec::new();
    let mut block_scalar: Option<usize> = None;
    for line in 0..source.line_count() {
        let text = source.line(line);
        let indent = indentation(text);
        let content = text[indent.len()..].trim_end();
        if let Some(parent) = block_scalar {
            if content.is_empty() || columns(indent, width) > parent {
                continue;
            }
            block_scalar = None;
        }
        if opens_block_scalar(content) {
            block_scalar = Some(columns(indent, width));
        }
        if indent.contains('\t') && !content.starts_with('#') && !content.is_empty() {
            let start = source.line_span(line).start;
            let span = Span::new(start, start + offset(indent.len()));
            edits.push(Edit { span, text: " ".repeat(columns(indent, width)) });
        }
    }
    (!edits.is_empty()).then_some(Repair { title: "replace tabs in indentation with spaces", edits })
}

fn columns(indent: &str, width: usize) -> usize {
    indent.chars().fold(0, |column, c| if c == '\t' { (column / width + 1) * width } else { column + 1 })
}

/// Returns whether the lines that follow are a block scalar: the line ends with `|` or `>` and their modifiers.
fn opens_block_scalar(content: &str) -> bool {
    let content = content.split(" #").next().unwrap_or(content).trim_end();
    let header = content.rsplit([' ', '\t']).next().unwrap_or("");
    let mut chars = header.chars();
    matches!(chars.next(), Some('|' | '>')) && chars.all(|c| matches!(c, '+' | '-' | '1'..='9'))
}

/// Moves the keys that follow a list item, but are indented deeper than its first key, to the column of that key; and items that are
/// indented deeper than the item before them, to its column.
fn realigned(source: &Source, error_line: u32) -> Option<Repair> {
    let depth = |line: u32| indentation(source.line(line)).len();
    let is_content = |line: u32| {
        let content = source.line(line).trim_start();
        !content.is_empty() && !content.starts_with('#')
    };
    let is_item = |line: u32| source.line(line).trim_start().starts_with("- ");
    let error_column = depth(error_line);
    let (item, key_column) = (0..error_line).rev().find_map(|line| {
        let column = item_column(source.line(line)).filter(|column| *column < error_column);
        column.map(|column| (line, column))
    })?;
    let first = (item + 1..source.line_count()).find(|line| is_content(*line))?;
    let (column, title) = if is_item(first) {
        (depth(item), "align the list items with the one before them")
    } else {
        (key_column, "align the keys of the list item with its first key")
    };
    let following = (item + 1..source.line_count()).take_while(|line| !is_content(*line) || depth(*line) > column);
    let lines: Vec<u32> = following.filter(|line| is_content(*line)).collect();
    let shallowest = lines.iter().map(|line| depth(*line)).min()?;
    let reached = lines.iter().any(|line| *line >= error_line);
    if !reached || lines.iter().any(|line| indentation(source.line(*line)).contains('\t')) {
        return None;
    }
    let surplus = offset(shallowest - column);
    let edit = |line: u32| {
        let start = source.line_span(line).start;
        Edit { span: Span::new(start, start + surplus), text: String::new() }
    };
    let edits = lines.into_iter().map(edit).collect();
    Some(Repair { title, edits })
}

/// Returns the column of the first key of a line such as `  -  name: value`.
fn item_column(line: &str) -> Option<usize> {
    let indent = indentation(line).len();
    let item = line[indent..].strip_prefix('-')?;
    let key = item.trim_start_matches(' ');
    let gap = item.len() - key.len();
    (gap > 0 && key.contains(": ") && !key.starts_with('#')).then_some(indent + 1 + gap)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repaired(text: &str) -> Option<String> {
        let tree = parse(Arc::new(Source::new("a.yml", text)), Limits::default(), Framing::Stream);
        let document = &tree.documents()[0];
        assert!(document.problems.iter().any(|problem| matches!(problem, Problem::Syntax(_))), "{text}");
        repairs(tree.source(), document.span, Limits::default()).map(|repair| edited(text, &repair.edits))
    }

    #[test]
    fn tabs_become_spaces_and_comments_keep_theirs() {
        let text = "a:\n\t# note\n\tb: 1\n\tc:\n\t\t- x\n";
        assert_eq!(repaired(text).unwrap(), "a:\n\t# note\n        b: 1\n        c:\n                - x\n");
    }

    #[test]
    fn surplus_indentation_of_an_item_is_taken_back() {
        let text = "paths:\n -  name: a\n       x: 1\n       # y\n       z:\n         - 2\nrest: 1\n";
        assert_eq!(repaired(text).unwrap(), "paths:\n -  name: a\n    x: 1\n       # y\n    z:\n      - 2\nrest: 1\n");
    }

    #[test]
    fn items_below_a_finished_item_move_to_its_column() {
        let text = "process:\n  - type: image\n      - crop: 1\n      - pad: 2\n  - last: 3\n";
        assert_eq!(repaired(text).unwrap(), "process:\n  - type: image\n  - crop: 1\n  - pad: 2\n  - last: 3\n");
    }

    #[test]
    fn several_mistakes_are_one_repair() {
        let text = "a:\n  - x: 1\n      y: 2\n  - x: 3\n      y: 4\n";
        assert_eq!(repaired(text).unwrap(), "a:\n  - x: 1\n    y: 2\n  - x: 3\n    y: 4\n");
        let text = "a:\n\t- x: 1\n\t\ty: 2\nb: [\n";
        assert_eq!(repaired(text), None, "a syntax error would be left");
    }

    #[test]
    fn tabs_that_can_mean_two_structures_are_left_alone() {
        for text in ["metrics:\n  - key: c\n    value:\n      tp: 1\n\t\tfp: 2\n", "name: x\n\tstate: y\n\tid: [\n"] {
            assert_eq!(repaired(text), None, "{text}");
        }
    }

    #[test]
    fn other_mistakes_are_left_alone() {
        assert_eq!(repaired("a: [1, 2\nb: 3\n"), None);
        assert_eq!(repaired("a: {{ value }}x\n"), None);
    }
}
