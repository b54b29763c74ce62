//! `digest` is about what a document says: no way to write it changes the digest, and whatever else it says does.

use std::fmt::Write;
use std::process::{Command, Stdio};

use assert_fs::TempDir;
use assert_fs::prelude::*;
use mlspec_lint::analysis::{Options, members};
use mlspec_lint::digest::{bytes_digest, canonical, content_digest};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::lineage::{example, run};

fn digest(text: &str) -> String {
    let all = members("a.yml", text, &Options::default());
    let [member] = all.as_slice() else { panic!("{text}") };
    content_digest(&member.tree, member.root)
}

/// Returns any value that JSON has.
fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_filter("JSON has no others", |number| number.is_finite()).prop_map(Value::from),
        "[ -~é€\n\t😀]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{1,4}|[ -~é€]{0,6}", inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn document(value: &Value) -> Value {
    json!({"mlSpecVersion": "0.1.0", "kind": "run", "id": "r", "name": "fit", "x-data": value})
}

/// Writes a value as YAML in one of its many forms, as the bits of a number choose.
struct Writer(u64);

impl Writer {
    fn choose(&mut self, of: u64) -> u64 {
        // A linear congruential generator is random enough to vary a style.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % of
    }

    fn text(&mut self, text: &str) -> String {
        let is_plain = !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_lowercase())
            && !["null", "true", "false", "n", "y"].contains(&text);
        match self.choose(3) {
            0 if is_plain => text.to_owned(),
            1 if !text.contains(char::is_control) => format!("'{}'", text.replace('\'', "''")),
            _ => Value::from(text).to_string(),
        }
    }

    fn scalar(&mut self, value: &Value) -> String {
        match value {
            Value::Null => ["null", "~", "Null"][usize::try_from(self.choose(3)).unwrap()].to_owned(),
            Value::Bool(true) if self.choose(2) == 0 => "True".to_owned(),
            Value::Number(number) if number.as_u64().is_some() && self.choose(3) == 0 => {
                format!("0x{:x}", number.as_u64().unwrap())
            }
            Value::Number(number) if number.is_i64() && self.choose(3) == 0 => format!("{number}.0"),
            Value::String(text) => self.text(text),
            other => other.to_string(),
        }
    }

    fn entries<'v>(&mut self, map: &'v Map<String, Value>) -> Vec<(&'v String, &'v Value)> {
        let mut entries: Vec<_> = map.iter().collect();
        for at in (1..entries.len()).rev() {
            let other = usize::try_from(self.choose(at as u64 + 1)).unwrap();
            entries.swap(at, other);
        }
        entries
    }

    fn flow(&mut self, value: &Value) -> String {
        match value {
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(|item| self.flow(item)).collect();
                format!("[{}]", items.join(", "))
            }
            Value::Object(map) => {
                let entries = self.entries(map);
                let entry = |(key, value): (&String, &Value)| format!("{}: {}", self.text(key), self.flow(value));
                format!("{{{}}}", entries.into_iter().map(entry).collect::<Vec<_>>().join(", "))
            }
            other => self.scalar(other),
        }
    }

    fn block(&mut self, value: &Value, indent: usize, out: &mut String) {
        let space = " ".repeat(indent);
        match value {
            Value::Object(map) if !map.is_empty() => {
                for (key, value) in self.entries(map) {
                    if self.choose(3) == 0 {
                        let _ = writeln!(out, "{space}# a: comment");
                    }
                    let _ = write!(out, "{space}{}:", self.text(key));
                    self.below(value, indent, out);
                }
            }
            Value::Array(items) if !items.is_empty() => {
                for item in items {
                    let _ = write!(out, "{space}-");
                    self.below(item, indent, out);
                }
            }
            other => {
                let _ = writeln!(out, "{space}{}", self.flow(other));
            }
        }
    }

    fn below(&mut self, value: &Value, indent: usize, out: &mut String) {
        let is_filled = value.as_object().is_some_and(|map| !map.is_empty())
            || value.as_array().is_some_and(|items| !items.is_empty());
        if is_filled && self.choose(3) > 0 {
            out.push('\n');
            let more = usize::try_from(self.choose(3)).unwrap();
            self.block(value, indent + 1 + more, out);
        } else {
            let comment = if self.choose(4) == 0 { " # comment" } else { "" };
            let _ = writeln!(out, " {}{comment}", self.flow(value));
        }
    }
}

fn leaves(value: &Value) -> usize {
    match value {
        Value::Array(items) if !items.is_empty() => items.iter().map(leaves).sum(),
        Value::Object(map) if !map.is_empty() => map.values().map(leaves).sum(),
        _ => 1,
    }
}

/// Changes the leaf with a number; returns whether there is one.
fn change(value: &mut Value, left: &mut usize) -> bool {
    match value {
        Value::Array(items) if !items.is_empty() => items.iter_mut().any(|item| change(item, left)),
        Value::Object(map) if !map.is_empty() => map.values_mut().any(|value| change(value, left)),
        leaf if *left == 0 => {
            *leaf = match leaf.clone() {
                Value::Bool(value) => json!(!value),
                Value::Number(number) if number.is_i64() => json!(number.as_i64().unwrap() ^ 1),
                Value::Number(number) => json!(f64::from_bits(number.as_f64().unwrap().to_bits() ^ 1)),
                Value::String(text) => json!(format!("{text} ")),
                Value::Null => json!("null"),
                _ => json!(0),
            };
            true
        }
        _ => {
            *left -= 1;
            false
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_way_to_write_a_document_changes_its_digest(value in values(), seed in any::<u64>()) {
        let document = document(&value);
        let mut text = String::new();
        Writer(seed).block(&document, 0, &mut text);
        prop_assert_eq!(digest(&text), digest(&document.to_string()), "{}", text);
    }

    #[test]
    fn whatever_else_it_says_does(value in values(), at in any::<usize>()) {
        let before = document(&value);
        let mut changed = value;
        let mut left = at % leaves(&changed);
        prop_assert!(change(&mut changed, &mut left));
        prop_assume!(changed != before["x-data"]);
        // The smallest double beside zero may be zero.
        prop_assume!(!document(&changed).to_string().contains("-0.0") && !before.to_string().contains("-0.0"));
        prop_assert_ne!(digest(&document(&changed).to_string()), digest(&before.to_string()));
    }
}

#[test]
fn a_field_is_the_same_in_whichever_spelling_and_its_removal_is_not() {
    let text = "mlSpecVersion: 0.1.0\nkind: run\nid: r\nname: fit\nexperiment_id: x\n";
    assert_eq!(digest(&text.replace("experiment_id", "experimentId")), digest(text));
    assert_ne!(digest(&text.replace("experiment_id: x\n", "")), digest(text));
    assert_ne!(
        digest(&text.replace("experiment_id: x", "experiment_id:")),
        digest(&text.replace("experiment_id: x\n", ""))
    );
    assert_ne!(digest(&text.replace(": fit", ": Fit")), digest(text));
    let all = members("a.yml", text, &Options::default());
    let expected = r#"{"experiment_id":"x","id":"r","kind":"run","mlSpecVersion":"0.1.0","name":"fit"}"#;
    assert_eq!(canonical(&all[0].tree, all[0].root), expected);
    assert_eq!(digest(text), bytes_digest(expected.as_bytes()));
}

#[test]
fn aliases_and_merge_keys_are_what_they_stand_for() {
    let start = "mlSpecVersion: 0.1.0\nkind: run\nid: r\nname: fit\n";
    let plain = format!("{start}x-a: {{b: 1, c: 2}}\nx-d: {{b: 1, c: 3}}\nx-e: 1\n");
    let aliased = format!("{start}x-a: &a {{b: &one 1, c: 2}}\nx-d: {{<<: *a, c: 3}}\nx-e: *one\n");
    assert_eq!(digest(&aliased), digest(&plain));
}

#[test]
fn each_document_of_a_file_has_a_line() {
    let (out, err, code) =
        run(&example(), &["digest", "pipelines/train-credit-default.yml", "monitoring/2026-09-01.inference-log.jsonl"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let lines: Vec<&str> = out.lines().collect();
    let text = std::fs::read_to_string(example().join("pipelines/train-credit-default.yml")).unwrap();
    assert_eq!(lines[0], format!("{}  pipelines/train-credit-default.yml", digest(&text)));
    let names: Vec<&str> = lines.iter().filter_map(|line| line.split("  ").nth(1)).collect();
    assert_eq!(names[1..], [0, 1, 2].map(|at| format!("monitoring/2026-09-01.inference-log.jsonl#{at}")));
    assert!(lines.iter().all(|line| line.starts_with("sha256:") && line.find("  ") == Some(71)), "{out}");
}

#[test]
fn raw_digests_are_those_of_the_bytes() {
    let folder = TempDir::new().unwrap();
    folder.child("model.bin").write_binary(b"abc").unwrap();
    // FIPS 180-2, appendix B.1.
    let abc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let (out, err, code) = run(folder.path(), &["digest", "--raw", "model.bin"]);
    assert_eq!((out, err.as_str(), code), (format!("{abc}  model.bin\n"), "", 0));
    let mut child = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"))
        .args(["digest", "--raw", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"abc").unwrap();
    assert_eq!(child.wait_with_output().unwrap().stdout, format!("{abc}  -\n").into_bytes());
}

#[test]
fn what_can_be_read_in_two_ways_has_no_digest() {
    let folder = TempDir::new().unwrap();
    let start = "mlSpecVersion: 0.1.0\nkind: run\nid: r\n";
    for (name, text, why) in [
        ("twice.yml", format!("{start}name: a\nname: b\n"), "not valid YAML"),
        ("alias.yml", format!("{start}name: *a\n"), "not valid YAML"),
        ("broken.yml", format!("{start}name: 'a\n"), "not valid YAML"),
        ("other.yml", "on: push\n".to_owned(), "contains no MLSpec document"),
    ] {
        folder.child(name).write_str(&text).unwrap();
        let (out, err, code) = run(folder.path(), &["digest", name]);
        assert_eq!((code, out.as_str()), (2, ""), "{name}");
        assert!(err.contains(name) && err.contains(why), "{err}");
    }
    assert_eq!(run(folder.path(), &["digest", "nowhere.yml"]).2, 2);
    assert_eq!(run(folder.path(), &["digest"]).2, 2);
}

/// Anybody can make the digest of what is printed.
#[test]
fn the_canonical_form_is_what_is_digested() {
    let folder = assert_fs::TempDir::new().unwrap();
    let text = "mlSpecVersion: 0.1.0\nkind: metadata\n# a comment\nframework: {name: 'é', version: \"1.0\"}\n";
    std::fs::write(folder.path().join("a.yml"), text).unwrap();
    std::fs::write(folder.path().join("b.yml"), format!("{text}---\n{text}")).unwrap();
    let (canonical, err, code) = run(folder.path(), &["digest", "a.yml", "--canonical"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(
        canonical,
        "{\"framework\":{\"name\":\"é\",\"version\":\"1.0\"},\"kind\":\"metadata\",\"mlSpecVersion\":\"0.1.0\"}"
    );
    let (digest, _, _) = run(folder.path(), &["digest", "a.yml"]);
    assert_eq!(digest, format!("{}  a.yml\n", mlspec_lint::digest::bytes_digest(canonical.as_bytes())));
    let (_, err, code) = run(folder.path(), &["digest", "b.yml", "--canonical"]);
    assert_eq!((code, err.contains("one document, and there are 2")), (2, true), "{err}");
    assert_eq!(run(folder.path(), &["digest", "a.yml", "--canonical", "--raw"]).2, 2);
}
