//! Common YAML is read without the parser, for speed. On any text, that reader gives up or makes the same tree as the parser's events, so
//! that nobody can tell which of them was used.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use mlspec_lint::text::Source;
use mlspec_lint::yaml::{Framing, Limits, Tree, parse, parse_by_events, parse_directly};
use proptest::prelude::*;

use crate::support::layouts::{FRAGMENTS, stream};

/// Texts that are read without the parser, and what each shows.
const READ_DIRECTLY: &[(&str, &str)] = &[
    ("block mappings", "a: 1\nb:\n  c: 2\n  d:\n    e: 3\nf: 4\n"),
    ("block sequences", "a:\n  - 1\n  - - 2\n    - 3\n  -\n    4\nb:\n- 5\n- c: 6\n  d: 7\n-   e: 8\n"),
    ("nothing where a value could be", "a:\nb: # c\n\nc:\n- # c\n-\n- d:\n"),
    ("quoted scalars", "'a''b': 'c: # d'\n\"e\\n\\u00e9\\x41\\U0001F600\" : \"\\\"\"\n"),
    ("plain scalars", "a: b c, [d]#e:f\n-g: -1\nh i : http://a/b\n"),
    ("comments", "# a\nb: c # d\n  # e\nf: # g\n  # h\n  i: j #k\n# l"),
    ("literal and folded scalars", "a: |\n  b\n\n   c\nd: >- # e\n    f\n    g\n\n    h\ni:\n- |+\n j\n\n- k\n"),
    ("flow collections", "a: [b, 'c', {d: e, f, \"g\":h, i: }, []]\nj: {\n  k: [1,\n  2,], # l\n}\n"),
    ("JSON", "{\n\t\"a\": [1, -2.5e3, true, null, \"b\\\\c\"],\n\t\"d\":{\"e\" : {}}\n}\n"),
    ("several documents", "---\na: 1\n--- # b\n- c\n...\nd: 2\n...\n---\ne\n"),
    ("the line ends of Windows", "\u{feff}a: b\r\nc:\r\n  - d # e\r\nf: |\r\n  g\r\n  h\r\n"),
    ("keys that come twice", "a: 1\nb: 2\na: 3\n"),
    ("merge keys", "<<: {a: 1}\nb: 2\n"),
    ("no documents", "# a\n\n"),
];

/// Texts that are left to the parser, and what each shows. This only affects the speed.
const LEFT_TO_THE_PARSER: &[(&str, &str)] = &[
    ("anchors and aliases", "a: &b 1\nc: *b\n"),
    ("tags", "a: !!str 1\n"),
    ("explicit keys", "? a\n: b\n"),
    ("collections as keys", "[a]: b\n"),
    ("single pairs", "[a: b]\n"),
    ("plain scalars on several lines", "a: b\n  c\n"),
    ("quoted scalars on several lines", "a: 'b\n  c'\n"),
    ("surrogate pairs", "a: \"\\ud83d\\ude00\"\n"),
    ("indentation indicators", "a: |2\n   b\n"),
    ("block scalars without text", "a: |\nb: c\n"),
    ("block scalars as documents", "|\n a\n"),
    ("tabs that part tokens", "a:\tb\n"),
    ("directives", "%YAML 1.2\n---\na: b\n"),
    ("content behind a marker", "--- a\n"),
    ("empty documents", "---\n---\na: b\n"),
    ("line ends of old", "a: b\rc: d\r"),
    ("what YAML does not allow", "a: \u{7f}\n"),
    ("what is no YAML", "a: b: c\n"),
];

fn source(text: &str) -> Arc<Source> {
    Arc::new(Source::new("a.yml", text))
}

fn directly(text: &str, framing: Framing) -> Option<Tree> {
    parse_directly(source(text), Limits::default(), framing)
}

/// Returns whether the text was read without the parser; fails if that makes a difference.
fn is_read_directly(text: &str, framing: Framing) -> Result<bool, TestCaseError> {
    let expected = parse_by_events(source(text), Limits::default(), framing);
    let direct = directly(text, framing);
    if let Some(direct) = &direct {
        prop_assert_eq!(direct, &expected, "{:?}", text);
    }
    let whole = parse(source(text), Limits::default(), framing);
    prop_assert_eq!(&whole, &expected, "{:?}", text);
    Ok(direct.is_some())
}

/// A change of some bytes: the place, how many are removed, and what is inserted.
type Change = (prop::sample::Index, usize, Option<&'static str>);

fn changed(text: &str, changes: &[Change]) -> String {
    let mut text = text.to_owned();
    for (at, removed, inserted) in changes {
        let boundary = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let start = boundary(at.index(text.len() + 1));
        let end = boundary(start + removed);
        text.replace_range(start..end.max(start), inserted.unwrap_or(""));
    }
    text
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let fragment = prop::option::of(prop::sample::select(FRAGMENTS));
    prop::collection::vec((any::<prop::sample::Index>(), 0..4_usize, fragment), 0..4)
}

fn framing() -> impl Strategy<Value = Framing> {
    prop_oneof![9 => Just(Framing::Stream), 1 => Just(Framing::Lines)]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn layouts_are_read_alike(
        choices in prop::collection::vec(any::<u8>(), 0..160),
        changes in changes(),
        framing in framing(),
    ) {
        is_read_directly(&changed(&stream(&choices), &changes), framing)?;
    }

    #[test]
    fn rows_of_indicators_are_read_alike(
        fragments in prop::collection::vec(prop::sample::select(FRAGMENTS), 0..16),
        framing in framing(),
    ) {
        is_read_directly(&fragments.concat(), framing)?;
    }

    #[test]
    fn changed_documents_are_read_alike(
        file in prop::sample::select(yaml_below(&example_folder())),
        lines in any::<(prop::sample::Index, prop::sample::Index)>(),
        changes in changes(),
    ) {
        let all: Vec<&str> = file.1.split_inclusive('\n').collect();
        let first = lines.0.index(all.len());
        let few = &all[first..=(first + lines.1.index(12)).min(all.len() - 1)];
        is_read_directly(&changed(&few.concat(), &changes), Framing::Stream)?;
    }
}

#[test]
fn common_yaml_is_read_without_the_parser() {
    for (what, text) in READ_DIRECTLY {
        assert!(is_read_directly(text, Framing::Stream).unwrap(), "{what}");
    }
    assert!(is_read_directly("{\"a\": 1}\n\n{\"a\": [2]}\n", Framing::Lines).unwrap());
}

#[test]
fn rare_yaml_is_left_to_the_parser() {
    for (what, text) in LEFT_TO_THE_PARSER {
        assert!(!is_read_directly(text, Framing::Stream).unwrap(), "{what}");
    }
}

#[test]
fn documents_that_are_left_to_the_parser_leave_nothing_behind() {
    assert!(
        !is_read_directly("{\"a\": \"b\\nc\"} # d\n{\"e\": \"\\n\", \"f\": &g 1, \"g\": *g}\n{}\n", Framing::Lines)
            .unwrap()
    );
    assert!(!is_read_directly("a: 1 # b\na: 2\n---\nc: {d: \"\\n\"}\ne: &f\n", Framing::Stream).unwrap());
}

/// The limits of the parser, at the limit and beyond it.
#[test]
fn limits_are_those_of_the_parser() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let indented = |depth: usize| "- ".repeat(depth) + "a\n";
    let long =
        |length: usize| [format!("{}: b\n", "a".repeat(length)), format!("{{'{}':b}}\n", "a".repeat(length - 2))];
    for depth in [127, 128, 129, 1000] {
        assert_eq!(is_read_directly(&nested(depth), Framing::Stream).unwrap(), depth <= 128);
        assert_eq!(is_read_directly(&indented(depth), Framing::Stream).unwrap(), depth <= 128);
    }
    for length in [1023, 1024, 1025] {
        for text in long(length) {
            assert_eq!(is_read_directly(&text, Framing::Stream).unwrap(), length <= 1024, "{length}");
        }
    }
}

fn example_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}

/// Returns every YAML and JSON file in a folder, and every block of code of its other files.
fn yaml_below(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(yaml_below(&path));
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            match path.extension().and_then(|extension| extension.to_str()) {
                Some("yml" | "yaml" | "json" | "jsonl") => found.push((path, text)),
                Some("md" | "rs") => found.extend(blocks(&text).into_iter().map(|block| (path.clone(), block))),
                _ => {}
            }
        }
    }
    found
}

/// Returns the blocks of code of a page, or of the doc comments of a program.
fn blocks(text: &str) -> Vec<String> {
    let uncommented = |line: &str| {
        let line = line.trim_start();
        let line = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")).unwrap_or(line);
        line.strip_prefix(' ').unwrap_or(line).to_owned() + "\n"
    };
    let is_doc = |line: &str| line.trim_start().starts_with("//");
    let is_program = text.lines().any(is_doc);
    let lines =
        text.lines().map(|line| if is_program && is_doc(line) { uncommented(line) } else { line.to_owned() + "\n" });
    lines.collect::<String>().split("```").skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn what_the_repository_shows_is_read_alike() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut count = 0;
    for folder in ["examples", "spec", "src", "tests"] {
        for (path, text) in yaml_below(&root.join(folder)) {
            is_read_directly(&text, Framing::Stream).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            count += 1;
        }
    }
    assert!(count > 500, "{count}");
}

#[test]
fn real_documents_are_read_alike() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if !folder.is_dir() {
        println!("skipped: {} is not there", folder.display());
        return;
    }
    for (path, text) in yaml_below(&folder) {
        is_read_directly(&text, Framing::Stream).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
}

/// If one of them needed the parser, checks would be slower without anybody noticing.
#[test]
fn the_examples_are_read_without_the_parser() {
    for (path, text) in yaml_below(&example_folder()) {
        if path.extension().is_some_and(|extension| extension == "yml") {
            assert!(directly(&text, Framing::Stream).is_some(), "{}", path.display());
        }
    }
}
