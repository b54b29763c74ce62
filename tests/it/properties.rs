//! Properties of every document, made from the examples by random mutations, and of every string of bytes.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use mlspec_lint::analysis::{FileReport, Options, lint_text};
use mlspec_lint::analysis::{apply, fix_text, withhold_bad_fixes};
use mlspec_lint::diagnostics::{Applicability, Finding, Severity};
use mlspec_lint::documents::{Document, Kind};
use mlspec_lint::text::Source;
use mlspec_lint::yaml::{self, Framing, Limits, Tree, json};
use mlspec_lint::{rules, schema};
use proptest::prelude::*;
use serde_json::{Value, json};

fn tree(text: &str) -> Tree {
    yaml::parse(Arc::new(Source::new("a.yml", text)), Limits::default(), Framing::Stream)
}

fn lint(text: &str) -> FileReport {
    lint_text("a.yml", text, &Options::default())
}

/// Returns the example document of each kind: its text and its value.
fn examples() -> &'static [(Kind, String, Value)] {
    static EXAMPLES: OnceLock<Vec<(Kind, String, Value)>> = OnceLock::new();
    EXAMPLES.get_or_init(|| {
        let example = |kind: &Kind| {
            let path = format!("{}/examples/documents/{kind}.yml", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
            let tree = tree(&text);
            let value = json::to_value(&tree, tree.documents()[0].root.unwrap());
            (*kind, text, value)
        };
        Kind::ALL.iter().map(example).collect()
    })
}

/// Returns the published schema of a kind, compiled by the validator as in any other tool.
fn published(kind: Kind) -> &'static jsonschema::Validator {
    static VALIDATORS: OnceLock<Vec<jsonschema::Validator>> = OnceLock::new();
    let all = VALIDATORS.get_or_init(|| {
        Kind::ALL.iter().map(|kind| jsonschema::options().offline().build(&schema::generate(*kind)).unwrap()).collect()
    });
    &all[kind as usize]
}

/// Generates values that some fields accept and others do not.
fn odd_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        (-5.0..5.0f64).prop_map(Value::from),
        prop_oneof![
            Just(""),
            Just("a b"),
            Just("true"),
            Just("12"),
            Just("1.5"),
            Just("ACTIVE"),
            Just("2026-08-22"),
            Just("2026-08-22T09:30:00Z"),
            Just("https://example.com/x"),
            Just("0.1.0"),
            Just("1.0.0"),
            Just("NUMBER"),
            Just("a: b # c"),
            Just("- x"),
            Just("é\u{1f600}"),
            Just("TBD"),
            Just("xxx"),
        ]
        .prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!(["x"])),
        Just(json!([{"key": "k", "value": "v"}])),
        Just(json!({"key": "k", "value": "v"})),
        Just(json!({"name": "x", "path": "a//b"})),
    ]
}

#[derive(Clone, Debug)]
enum Mutation {
    Remove,
    Replace(Value),
    Rename(&'static str),
    Add(&'static str, Value),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let key = prop_oneof![
        Just("extra"),
        Just("x-extra"),
        Just("nmae"),
        Just("Id"),
        Just("Status"),
        Just("state"),
        Just("endpoing"),
        Just("date_generated"),
        Just("experimentId"),
        Just("url"),
        Just("kind"),
        Just("version"),
        Just("trainable"),
        Just("data_stores"),
    ];
    prop_oneof![
        Just(Mutation::Remove),
        odd_value().prop_map(Mutation::Replace),
        key.clone().prop_map(Mutation::Rename),
        (key, odd_value()).prop_map(|(key, value)| Mutation::Add(key, value)),
    ]
}

/// Collects the paths of all values below the top.
fn paths(value: &Value, at: &str, all: &mut Vec<String>) {
    let mut visit = |segment: String, value: &Value| {
        let path = format!("{at}/{}", segment.replace('~', "~0").replace('/', "~1"));
        paths(value, &path, all);
        all.push(path);
    };
    match value {
        Value::Object(object) => object.iter().for_each(|(key, value)| visit(key.clone(), value)),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, value)| visit(index.to_string(), value)),
        _ => {}
    }
}

fn mutate(document: &mut Value, site: prop::sample::Index, mutation: &Mutation) {
    let mut all = Vec::new();
    paths(document, "", &mut all);
    if all.is_empty() {
        return;
    }
    let path = site.get(&all);
    let (parent, key) = path.rsplit_once('/').unwrap();
    let key = key.replace("~1", "/").replace("~0", "~");
    match (document.pointer_mut(parent).unwrap(), mutation) {
        (Value::Object(object), Mutation::Remove) => drop(object.shift_remove(&key)),
        (Value::Object(object), Mutation::Replace(value)) => drop(object.insert(key, value.clone())),
        (Value::Object(object), Mutation::Rename(name)) => {
            let value = object.shift_remove(&key).unwrap();
            object.insert((*name).to_owned(), value);
        }
        (Value::Object(object), Mutation::Add(name, value)) => drop(object.insert((*name).to_owned(), value.clone())),
        (Value::Array(items), Mutation::Remove) => drop(items.remove(key.parse().unwrap())),
        (Value::Array(items), Mutation::Replace(value) | Mutation::Add(_, value)) => {
            items[key.parse::<usize>().unwrap()] = value.clone();
        }
        _ => {}
    }
}

fn mutated() -> impl Strategy<Value = (Kind, Value)> {
    let site = (any::<prop::sample::Index>(), mutation());
    (0..Kind::ALL.len(), prop::collection::vec(site, 0..4)).prop_map(|(index, mutations)| {
        let (kind, _, value) = &examples()[index];
        let mut value = value.clone();
        mutations.iter().for_each(|(site, mutation)| mutate(&mut value, *site, mutation));
        (*kind, value)
    })
}

/// The style of a value: all are read in the same way.
#[derive(Clone, Copy, Debug)]
enum Writing {
    Json,
    Block { indent: usize, crlf: bool },
}

fn writing() -> impl Strategy<Value = Writing> {
    prop_oneof![
        Just(Writing::Json),
        (2..5usize, any::<bool>()).prop_map(|(indent, crlf)| Writing::Block { indent, crlf })
    ]
}

fn write(value: &Value, writing: Writing) -> String {
    match writing {
        Writing::Json => format!("{value:#}\n"),
        Writing::Block { indent, crlf } => {
            let mut text = String::new();
            block(value, 0, indent, &mut text);
            if crlf { text.replace('\n', "\r\n") } else { text }
        }
    }
}

/// Writes block style with a comment after every third line, so that faulty edits would destroy them.
fn block(value: &Value, depth: usize, indent: usize, text: &mut String) {
    let pad = " ".repeat(depth);
    let comment = |text: &mut String| {
        if text.lines().count().is_multiple_of(3) {
            text.push_str(" # kept");
        }
    };
    match value {
        Value::Object(object) if !object.is_empty() => {
            for (key, value) in object {
                text.push_str(&format!("{pad}{}:", plain(key)));
                nested(value, depth, indent, text, comment);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                text.push_str(&format!("{pad}-"));
                nested(item, depth, indent, text, comment);
            }
        }
        scalar => text.push_str(&format!("{pad}{scalar}\n")),
    }
}

fn nested(value: &Value, depth: usize, indent: usize, text: &mut String, comment: impl Fn(&mut String)) {
    let is_nested = value.as_object().is_some_and(|object| !object.is_empty())
        || value.as_array().is_some_and(|items| !items.is_empty());
    if is_nested {
        comment(text);
        text.push('\n');
        block(value, depth + indent, indent, text);
    } else {
        let written = value.as_str().map_or_else(|| value.to_string(), plain);
        text.push_str(&format!(" {written}"));
        comment(text);
        text.push('\n');
    }
}

fn plain(text: &str) -> String {
    if yaml::edit::is_plain_string(text) { text.to_owned() } else { Value::from(text).to_string() }
}

/// Returns what does not change about findings when other parts of the text move.
fn counts(findings: &[Finding]) -> BTreeMap<(&'static str, String), usize> {
    let mut counts = BTreeMap::new();
    for finding in findings {
        *counts.entry((finding.rule.id, finding.message.clone())).or_default() += 1;
    }
    counts
}

fn comments(text: &str) -> Vec<String> {
    let tree = tree(text);
    tree.comments().iter().map(|comment| tree.source().slice(comment.span).to_owned()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// The editor, which has the published schema, and the checker agree on what is valid.
    #[test]
    fn published_schema_and_check_agree((kind, value) in mutated(), writing in writing()) {
        let text = write(&value, writing);
        let tree = tree(&text);
        let root = tree.documents()[0].root.expect("what this test writes is YAML");
        let findings = rules::schema::findings(kind, &tree, root, 0);
        let read = json::to_value(&tree, root);
        prop_assert_eq!(&read, &value, "{}", text);
        prop_assert_eq!(published(kind).is_valid(&value), findings.is_empty(), "{}\n{:#?}", text, findings);
    }

    /// The types accept everything that the schema does.
    #[test]
    fn a_valid_document_deserializes((kind, value) in mutated(), writing in writing()) {
        if published(kind).is_valid(&value) {
            let text = write(&value, writing);
            let tree = tree(&text);
            let root = tree.documents()[0].root.unwrap();
            let (document, malformed) = Document::read(kind, &tree, root).expect("a mapping");
            prop_assert_eq!(document.kind(), kind);
            let malformed: Vec<_> = malformed.iter().map(|node| yaml::pointer::of(&tree, *node)).collect();
            prop_assert!(malformed.is_empty(), "{:?}\n{}", malformed, text);
        }
    }

    /// A fix removes its finding and adds none that is as severe; a safe one preserves every comment.
    #[test]
    fn a_fix_removes_its_finding_and_adds_none_as_severe((_, value) in mutated(), writing in writing()) {
        let text = write(&value, writing);
        let mut report = lint(&text);
        withhold_bad_fixes("a.yml", &text, &mut report.findings, &Options::default(), Applicability::Unsafe);
        let before = counts(&report.findings);
        for finding in &report.findings {
            // A repaired document is read for the first time: findings that were hidden are not caused by the repair.
            if finding.rule.id == "document/yaml-syntax" {
                continue;
            }
            let Some(fix) = finding.fixes.iter().find(|fix| fix.applicability <= Applicability::Unsafe) else { continue };
            let (fixed, _) = apply(&text, std::slice::from_ref(finding), fix.applicability)
                .unwrap_or_else(|| panic!("{} changes nothing\n{text}", fix.title));
            let after = lint(&fixed);
            let after_counts = counts(&after.findings);
            let key = (finding.rule.id, finding.message.clone());
            prop_assert!(after_counts.get(&key).copied().unwrap_or(0) < before[&key], "{:?} stays\n{}\n{}", key, text, fixed);
            for added in after.findings.iter().filter(|added| added.severity >= finding.severity) {
                let key = (added.rule.id, added.message.clone());
                prop_assert!(after_counts[&key] <= before.get(&key).copied().unwrap_or(0), "{} adds {:?}\n{}\n{}", fix.title, key, text, fixed);
            }
            if fix.applicability == Applicability::Safe {
                prop_assert_eq!(comments(&text), comments(&fixed), "{}", fix.title);
            }
        }
    }

    /// Fixing twice changes nothing more, and no safe fix remains.
    #[test]
    fn fixing_is_idempotent((_, value) in mutated(), writing in writing()) {
        let text = write(&value, writing);
        let once = fix_text("a.yml", &text, &Options::default(), Applicability::Safe);
        let twice = fix_text("a.yml", &once.text, &Options::default(), Applicability::Safe);
        prop_assert_eq!(&once.text, &twice.text);
        let left: Vec<_> = once.report.findings.iter().filter(|finding| finding.fixes.iter().any(|fix| fix.applicability == Applicability::Safe)).collect();
        prop_assert!(left.is_empty(), "{:#?}\n{}", left, once.text);
    }

    /// Unsafe fixes change the meaning of a document, but never turn it into invalid YAML, and they terminate.
    #[test]
    fn unsafe_fixes_leave_yaml((kind, value) in mutated(), writing in writing()) {
        let text = write(&value, writing);
        let fixed = fix_text("a.yml", &text, &Options { kind: Some(kind), ..Options::default() }, Applicability::Unsafe);
        prop_assert!(fixed.report.findings.iter().all(|finding| finding.rule.id != "document/yaml-syntax"), "{}", fixed.text);
    }

    /// A document that does not declare MLSpec may belong to any tool.
    #[test]
    fn a_guess_is_no_error_and_changes_nothing((_, mut value) in mutated(), writing in writing()) {
        if let Some(keys) = value.as_object_mut() {
            keys.retain(|key, _| !["mlspecversion", "specversion", "kind"].contains(&key.replace(['_', '-'], "").to_lowercase().as_str()));
        }
        let text = write(&value, writing);
        let options = Options { explicit: false, ..Options::default() };
        let report = lint_text("a.yml", &text, &options);
        let errors: Vec<_> = report.findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
        prop_assert!(errors.is_empty(), "{}\n{:#?}", text, errors);
        let fixed = fix_text("a.yml", &text, &options, Applicability::Unsafe);
        prop_assert_eq!((fixed.applied, fixed.text), (0, text));
    }

    /// Any text gives findings inside the text, never a panic.
    #[test]
    fn any_text_gives_findings_within_it(text in ".{0,200}|[ \t\n:\\-#&*!|>'\"\\[\\]{},a-c]{0,120}") {
        any_text(&text);
    }
}

proptest! {
    // Each case is linted many times, because every broken text is fixed until nothing more applies.
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases / 4, failure_persistence: None, ..ProptestConfig::default() })]

    /// Texts that are nearly valid documents reach further.
    #[test]
    fn any_broken_document_gives_findings_within_it(
        index in 0..Kind::ALL.len(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), "[ \t\n:\\-#&*!|>'\"\\[\\]{},a-c<]{0,3}"), 1..6),
    ) {
        let mut text: Vec<char> = examples()[index].1.chars().collect();
        for (at, replacement) in &cuts {
            let at = at.index(text.len());
            text.splice(at..(at + 1).min(text.len()), replacement.chars());
        }
        any_text(&text.into_iter().collect::<String>());
    }
}

fn any_text(text: &str) {
    for name in ["a.yml", "a.jsonl"] {
        let report = lint_text(name, text, &Options::default());
        for finding in &report.findings {
            let places = finding.related.iter().map(|related| related.span).chain([finding.place.span]);
            for span in places {
                assert!(text.get(span.range()).is_some(), "{} at {span:?} of {text:?}", finding.rule.id);
            }
            for edit in finding.fixes.iter().flat_map(|fix| &fix.edits) {
                assert!(text.get(edit.span.range()).is_some(), "{} edits {:?} of {text:?}", finding.rule.id, edit.span);
            }
        }
        let _ = fix_text(name, text, &Options::default(), Applicability::Unsafe);
    }
}

/// The result of unsafe fixes for each text.
#[test]
fn unsafe_fixes_mend_what_they_are_about_or_change_nothing() {
    const CARD: &str = "mlSpecVersion: 0.1.0\nkind: model-card\n";
    const RUN: &str = "kind: run\nid: 592f0c1c-72ae-4236-9202-7e6aff1954f4\nname: fit\nexperiment_id: card\n";
    for (name, text, expected) in [
        ("a.yml", CARD.to_owned(), format!("specVersion: 0.1.0\n{CARD}")),
        ("a.yml", format!("mlSpecVersion: 0.1\n{RUN}"), format!("mlSpecVersion: 0.1.0\n{RUN}")),
        ("a.yml", format!("mlSpecVersion: 7.3\n{RUN}"), format!("mlSpecVersion: 7.3\n{RUN}")),
        (
            "a.yml",
            format!("mlSpecVersion: 0.1.0\n{RUN}submittedDate: 1724313600\n"),
            format!("mlSpecVersion: 0.1.0\n{RUN}submittedDate: 1724313600\n"),
        ),
        ("a.jsonl", "name: fit\n".to_owned(), "name: fit\n".to_owned()),
    ] {
        let options = Options { kind: name.ends_with("jsonl").then_some(Kind::Run), ..Options::default() };
        let fixed = fix_text(name, &text, &options, Applicability::Unsafe);
        assert_eq!(fixed.text, expected);
    }
}
