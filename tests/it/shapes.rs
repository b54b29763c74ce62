//! The findings of a rule do not depend on the shape of the YAML: each example of each rule's page, rewritten in other shapes, gives the
//! same findings at the same keys and values.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::OnceLock;

use mlspec_lint::analysis::{Options, lint_text};
use mlspec_lint::diagnostics::Part;
use mlspec_lint::documents::spelling::same_words;
use mlspec_lint::rules;
use mlspec_lint::rules::page::examples;
use mlspec_lint::text::Span;
use mlspec_lint::yaml;

use crate::support::found::{File, Found, lint, tree};
use crate::support::reshape::{Content, Node};

/// Rules that cannot be shown in a shape, and why. A test asserts that none of these is superfluous.
const EXCEPTIONS: &[(&str, Shape, &str)] = &[
    ("document/yaml-syntax", Shape::Comments, "a comment behind a quote that is not closed is part of the quoted text"),
    (
        "security/plaintext-secret",
        Shape::Anchors,
        "a credential is reported under the name that it has where it is written",
    ),
    ("document/merge-key", Shape::Json, "JSON has no merge keys"),
    ("document/yaml11-value", Shape::Json, "what is in quotes is text in every version of YAML"),
    ("inference/chain-broken", Shape::Anchors, "what is added changes the digest of the record before"),
    ("inference/chain-broken", Shape::Merge, "what is added changes the digest of the record before"),
    ("inference/chain-broken", Shape::Files, "the record before is that in the same file"),
    ("inference/provenance-disagrees", Shape::Anchors, "what is added changes the digest of the pipeline"),
    ("inference/provenance-disagrees", Shape::Merge, "what is added changes the digest of the pipeline"),
    ("naming/duplicate-id", Shape::Files, "the message names the file of the other object"),
    ("naming/name-not-unique", Shape::Files, "the message names the file of the other object"),
];

/// A document without findings that neither refers to another nor can be referred to.
const UNRELATED: &str = "mlSpecVersion: 0.1.0\nkind: metadata\ntraining_params:\n  epochs: 25\n";

/// A way to write a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// Brackets and braces.
    Flow,
    /// JSON with tabs.
    Json,
    /// A byte order mark, and Windows line ends.
    Crlf,
    /// Values, and mappings in lists, are written under `x-parts` and used by alias.
    Anchors,
    /// The whole document is merged by `<<`.
    Merge,
    /// Another document before and after.
    Surrounded,
    /// A file for each document.
    Files,
    /// `snake_case` for `camelCase`, and the other way round.
    Spelling,
    /// A comment on every line that can have one.
    Comments,
    /// `---` before and `...` after each document.
    Markers,
}

/// An example on a page.
struct Example {
    rule: &'static str,
    text: String,
    found: Vec<Found>,
}

fn all_examples() -> &'static [Example] {
    static EXAMPLES: OnceLock<Vec<Example>> = OnceLock::new();
    EXAMPLES.get_or_init(|| {
        let of_rule = |rule: &'static rules::Rule| {
            let yaml = ["Fails", "Passes"].into_iter().flat_map(|heading| examples(rule, heading));
            yaml.filter(|example| example.language == "yaml").map(|example| {
                let found = lint(&[file(&example.text)]);
                Example { rule: rule.id, text: example.text, found }
            })
        };
        rules::all().iter().flat_map(|rule| of_rule(rule)).collect()
    })
}

fn file(text: impl Into<String>) -> File {
    ("example.yml".to_owned(), text.into())
}

/// Asserts that each example has the same findings in another shape as in its own.
fn assert_same_findings(
    shape: Shape,
    at_least: usize,
    reshape: impl Fn(&Example) -> Option<Vec<File>>,
    expected: impl Fn(&Example, &[File]) -> Vec<Found>,
    simplify: impl Fn(Found) -> Found,
) {
    let excepted: BTreeSet<&str> =
        EXCEPTIONS.iter().filter(|(_, of, _)| *of == shape).map(|(rule, ..)| *rule).collect();
    let (mut tried, mut needed, mut faults) = (0, BTreeSet::new(), Vec::new());
    for example in all_examples() {
        let Some(files) = reshape(example) else { continue };
        tried += 1;
        let simple = |found: Vec<Found>| {
            let mut found: Vec<_> = found.into_iter().map(&simplify).collect();
            found.sort();
            found
        };
        let (expected, found) = (simple(expected(example, &files)), simple(lint(&files)));
        if expected == found {
            continue;
        }
        if excepted.contains(example.rule) {
            needed.insert(example.rule);
            continue;
        }
        let texts: Vec<&str> = files.iter().map(|(_, text)| text.as_str()).collect();
        faults.push(format!(
            "## {} in {shape:?}\n{}\nexpected {}\nfound {}",
            example.rule,
            texts.join("\n====\n"),
            differing(&expected, &found),
            differing(&found, &expected)
        ));
    }
    assert!(faults.is_empty(), "{} of {tried}\n{}", faults.len(), faults.join("\n"));
    assert!(tried >= at_least, "only {tried} examples can be written in this shape");
    let superfluous: Vec<_> = excepted.difference(&needed).collect();
    assert!(superfluous.is_empty(), "these exceptions of {shape:?} are superfluous: {superfluous:?}");
}

fn differing<T: Debug + PartialEq>(these: &[T], others: &[T]) -> String {
    let only: Vec<_> = these.iter().filter(|this| !others.contains(this)).collect();
    if only.is_empty() { format!("{} of them, the same", these.len()) } else { format!("{only:#?}") }
}

fn same(example: &Example, _: &[File]) -> Vec<Found> {
    example.found.clone()
}

/// Returns the documents of a text as nodes; `None` if it is not YAML, or has comments with a meaning.
fn documents(text: &str) -> Option<Vec<Node>> {
    let tree = tree("example.yml", text);
    let is_read = tree.documents().iter().all(|document| {
        let is_syntax = |problem: &yaml::Problem| matches!(problem, yaml::Problem::Syntax(_));
        document.root.is_some() && !document.problems.iter().any(is_syntax)
    });
    let is_whole = is_read && !tree.documents().is_empty() && !has_instructions(text);
    is_whole.then(|| tree.documents().iter().filter_map(|it| Some(Node::read(&tree, it.root?))).collect())
}

/// Returns whether comments of a text have a meaning for the linter.
fn has_instructions(text: &str) -> bool {
    text.contains("# mlspec: ")
}

/// Returns the texts of the documents of a file, without markers.
fn texts(text: &str) -> Vec<String> {
    let text = text.strip_prefix("---\n").unwrap_or(text);
    text.split("\n---\n").map(|text| format!("{}\n", text.trim_end_matches('\n'))).collect()
}

#[test]
fn in_flow_style() {
    let reshape = |example: &Example| {
        let lines: Vec<_> = documents(&example.text)?.iter().map(Node::flow_lines).collect();
        Some(vec![file(lines.join("---\n"))])
    };
    assert_same_findings(Shape::Flow, 100, reshape, same, |found| found);
}

#[test]
fn in_json() {
    let reshape = |example: &Example| {
        let texts: Option<Vec<_>> = documents(&example.text)?.iter().map(|document| document.json(0)).collect();
        // A JSON file contains one document.
        let name = if texts.as_ref()?.len() == 1 { "example.json" } else { "example.yml" };
        Some(vec![(name.to_owned(), texts?.join("\n---\n"))])
    };
    assert_same_findings(Shape::Json, 100, reshape, same, |found| found);
}

#[test]
fn with_a_byte_order_mark_and_carriage_returns() {
    let reshape = |example: &Example| Some(vec![file(format!("\u{feff}{}", example.text.replace('\n', "\r\n")))]);
    let without = |mut found: Found| {
        let mut at = found.at.take().unwrap_or_default();
        at.retain(|c| c != '\r');
        Found { at: Some(at), ..found }
    };
    assert_same_findings(Shape::Crlf, 100, reshape, same, without);
}

/// Removes the place: that of the definition is as good as that of the use.
fn placeless(found: Found) -> Found {
    Found { at: None, related: Vec::new(), ..found }
}

/// Returns the text of documents after a change to the entries of each.
fn changed(text: &str, change: impl Fn(Vec<(Node, Node)>) -> Vec<(Node, Node)>) -> Option<Vec<File>> {
    let documents: Vec<_> = documents(text)?;
    let blocks: Option<Vec<_>> = documents
        .into_iter()
        .map(|document| match document.content {
            Content::Map(entries) if !entries.is_empty() => Some(Node::of(Content::Map(change(entries))).block()),
            _ => None,
        })
        .collect();
    Some(vec![file(blocks?.join("---\n"))])
}

#[test]
fn behind_anchors() {
    let reshape = |example: &Example| {
        let has_anchors = !tree("example.yml", &example.text).anchors().is_empty();
        if has_anchors { None } else { changed(&example.text, behind_aliases) }
    };
    assert_same_findings(Shape::Anchors, 100, reshape, same, placeless);
}

/// Returns the entries with an alias for each value, and for each item of a list; the anchors come first.
fn behind_aliases(entries: Vec<(Node, Node)>) -> Vec<(Node, Node)> {
    let mut parts = Vec::new();
    let mut share = |node: Node| {
        if node.is_empty() {
            return node;
        }
        let name = format!("part-{}", parts.len());
        parts.push(Node { properties: format!("&{name} {}", node.properties), content: node.content });
        Node::plain(&format!("*{name}"))
    };
    let mut aliased: Vec<_> = entries
        .into_iter()
        .map(|(key, value)| {
            let content = match value.content {
                Content::List(items) => Content::List(items.into_iter().map(&mut share).collect()),
                content => content,
            };
            (key, share(Node { properties: value.properties, content }))
        })
        .collect();
    if !parts.is_empty() {
        aliased.insert(0, (Node::plain("x-parts"), Node::of(Content::List(parts))));
    }
    aliased
}

#[test]
fn behind_a_merge_key() {
    let merged = |entries| {
        let base = Node { properties: "&base ".to_owned(), content: Content::Map(entries) };
        vec![(Node::plain("x-base"), base), (Node::plain("<<"), Node::plain("*base"))]
    };
    assert_same_findings(Shape::Merge, 100, |example| changed(&example.text, merged), same, placeless);
}

#[test]
fn between_other_documents() {
    let reshape = |example: &Example| {
        let text = example.text.strip_prefix("---\n").unwrap_or(&example.text);
        Some(vec![file(format!("{UNRELATED}---\n{text}---\n{UNRELATED}"))])
    };
    assert_same_findings(Shape::Surrounded, 100, reshape, same, |found| found);
}

#[test]
fn in_files_of_their_own() {
    let reshape = |example: &Example| {
        let texts = texts(&example.text);
        let files = (1..).zip(&texts).map(|(number, text)| (format!("example-{number}.yml"), text.clone()));
        (texts.len() > 1).then(|| files.collect())
    };
    assert_same_findings(Shape::Files, 20, reshape, same, |found| found);
}

#[test]
fn in_the_other_case_style() {
    let reshape = |example: &Example| {
        let all = respelt(&example.text, |_| true);
        // The spelling of a freely chosen key is not reported.
        let misspelt = lint_spans(&all);
        let fields: BTreeSet<usize> =
            (0..).zip(keys(&all)).filter(|(_, key)| misspelt.contains(key)).map(|it| it.0).collect();
        (!fields.is_empty()).then(|| vec![file(respelt(&example.text, |index| fields.contains(&index)))])
    };
    let expected = |example: &Example, files: &[File]| {
        let mut found = example.found.clone();
        let (before, after) = (keys(&example.text), keys(&files[0].1));
        for (before, after) in before.into_iter().zip(after) {
            let (old, new) = (slice(&example.text, before), slice(&files[0].1, after));
            if old != new {
                found.push(Found {
                    rule: "document/field-spelling",
                    message: format!("'{new}' is written '{old}' in this kind of document"),
                    at: Some(new.to_owned()),
                    related: Vec::new(),
                });
            }
        }
        found
    };
    let in_words = |found: Found| {
        let words = |text: &str| text.to_lowercase().replace(['_', '-'], "");
        let related = found.related.iter().map(|(at, message)| (words(at), words(message))).collect();
        Found { message: words(&found.message), at: found.at.as_deref().map(words), related, ..found }
    };
    assert_same_findings(Shape::Spelling, 100, reshape, expected, in_words);
}

fn slice(text: &str, span: Span) -> &str {
    &text[span.range()]
}

/// Returns the places of all keys of a text, without quotes.
fn keys(text: &str) -> Vec<Span> {
    let tree = tree("example.yml", text);
    let of_document = |index| tree.nodes(index).filter(|node| tree.key_of(*node) == Some(*node));
    (0..tree.documents().len()).flat_map(of_document).map(|key| tree.inner_span(key)).collect()
}

/// Returns the keys that are reported for their case style.
fn lint_spans(text: &str) -> BTreeSet<Span> {
    let report = lint_text("example.yml", text, &Options::default());
    let findings = report.findings.iter().filter(|finding| finding.rule.id == "document/field-spelling");
    findings.filter(|finding| finding.place.part == Part::Key).map(|finding| finding.place.span).collect()
}

/// Returns a text with some keys in the other case style.
fn respelt(text: &str, is_chosen: impl Fn(usize) -> bool) -> String {
    let mut respelt = text.to_owned();
    for (_, key) in keys(text).into_iter().enumerate().rev().filter(|(index, _)| is_chosen(*index)) {
        respelt.replace_range(key.range(), &other_style(slice(text, key)));
    }
    respelt
}

/// Returns `created_at` for `createdAt`, and the reverse; other keys are unchanged.
fn other_style(key: &str) -> String {
    let mut other = String::new();
    let is_snake = key.contains('_');
    let mut after_gap = false;
    for c in key.chars() {
        match c {
            '_' => after_gap = true,
            c if after_gap => {
                other.extend(c.to_uppercase());
                after_gap = false;
            }
            c if !is_snake && c.is_ascii_uppercase() && !other.is_empty() => {
                other.push('_');
                other.push(c.to_ascii_lowercase());
            }
            c => other.push(c),
        }
    }
    if same_words(&other, key) { other } else { key.to_owned() }
}

#[test]
fn with_comments_on_every_line() {
    let reshape = |example: &Example| (!has_instructions(&example.text)).then(|| vec![file(commented(&example.text))]);
    assert_same_findings(Shape::Comments, 100, reshape, same, |found| found);
}

/// Returns a text with a comment before and after every line that can have one.
fn commented(text: &str) -> String {
    let tree = tree("example.yml", text);
    let scalars: Vec<Span> =
        (0..tree.documents().len()).flat_map(|index| tree.scalars(index)).map(|node| tree.span(node)).collect();
    let is_inside = |at: u32| scalars.iter().any(|span| span.start < at && at < span.end);
    let mut commented = String::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + u32::try_from(line.trim_end().len()).unwrap();
        if !is_inside(start) {
            commented.push_str("# name: Before, 'quoted\n");
        }
        commented.push_str(line.trim_end());
        let has_comment = tree.comments().iter().any(|comment| comment.span.end == end);
        let is_content = !line.trim().is_empty() && !has_comment;
        if is_content && !is_inside(end) && !is_inside(start) && !is_inside(end + 1) {
            commented.push_str("  # url: http://after.example.com/{x}");
        }
        commented.push('\n');
        start += u32::try_from(line.len()).unwrap();
    }
    commented
}

#[test]
fn with_document_markers() {
    let reshape = |example: &Example| {
        let marked: Vec<_> = texts(&example.text).iter().map(|text| format!("---\n{text}...\n")).collect();
        Some(vec![file(marked.concat())])
    };
    assert_same_findings(Shape::Markers, 100, reshape, same, |found| found);
}
