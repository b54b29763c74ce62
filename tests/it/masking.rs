//! No rule depends on another: switching one off, or suppressing it by a comment, does not change the findings of the others.

use std::path::Path;

use mlspec_lint::analysis::{Options, lint_text};
use mlspec_lint::config::{Config, TomlKind};
use mlspec_lint::documents::Kind;
use mlspec_lint::rules;
use mlspec_lint::rules::page::examples;

/// Returns rule, place and message of each finding, except those of one rule and of the comments themselves.
fn found(text: &str, config: &Config, without: &str) -> Vec<String> {
    let report = lint_text("example.yml", text, &Options { config, ..Options::default() });
    let others = report.findings.iter().filter(|finding| finding.rule.id != without);
    let others = others.filter(|finding| finding.rule.family() != "suppression");
    let mut found: Vec<String> =
        others.map(|finding| format!("{} {}: {}", finding.place.pointer, finding.rule.id, finding.message)).collect();
    found.sort();
    found
}

/// Switches off each rule that finds something in a text, in both ways; returns what changes for the others.
fn changes(text: &str) -> Vec<String> {
    let default = Config::default();
    let report = lint_text("example.yml", text, &Options::default());
    let mut ids: Vec<&str> = report.findings.iter().map(|finding| finding.rule.id).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut changes = Vec::new();
    for id in ids {
        let before = found(text, &default, id);
        let off = Config::parse(
            &format!("[rules]\n\"{id}\" = \"off\"\n"),
            Path::new("mlspec-lint.toml"),
            TomlKind::Standalone,
        );
        let by_config = found(text, &off.unwrap(), id);
        let documents: Vec<String> =
            text.split("---\n").map(|document| format!("# mlspec: ignore-file[{id}] for a test\n{document}")).collect();
        let by_comment = found(&documents.join("---\n"), &default, id);
        for (way, after) in [("off", by_config), ("a comment", by_comment)] {
            if after != before {
                changes.push(format!("{id}: {way} changes\n{before:#?}\ninto\n{after:#?}\nin\n{text}"));
            }
        }
    }
    changes
}

#[test]
fn switching_a_rule_off_changes_nothing_about_the_others() {
    let mut texts: Vec<String> = Vec::new();
    for rule in rules::all() {
        for heading in ["Fails", "Passes"] {
            texts.extend(examples(rule, heading).into_iter().map(|example| example.text));
        }
    }
    for kind in Kind::ALL {
        let path = format!("{}/examples/documents/{kind}.yml", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        // Each value is replaced by an empty text, a placeholder or a number in turn: faults of all kinds in the values that rules check.
        for (at, line) in text.lines().enumerate().filter(|(_, line)| line.contains(": ")) {
            let key = line.split_once(": ").map_or("", |(key, _)| key);
            let changed = format!("{key}: {}", ["\"\"", "TODO", "12"][at % 3]);
            let lines = text.lines().enumerate().map(|(own, line)| if own == at { &changed } else { line });
            texts.push(lines.flat_map(|line| [line, "\n"]).collect());
        }
    }
    let changes: Vec<String> = texts.iter().flat_map(|text| changes(text)).collect();
    assert!(changes.is_empty(), "{} changes\n{}", changes.len(), changes.join("\n"));
}

/// Returns the ids of the rules that find something.
fn rules_of(text: &str) -> Vec<&'static str> {
    lint_text("a.yml", text, &Options::default()).findings.iter().map(|finding| finding.rule.id).collect()
}

#[test]
fn advice_about_a_value_hides_no_error_about_it() {
    let module = "kind: module\nmlSpecVersion: 0.1.0\nid: 592f0c1c-72ae-4236-9202-7e6aff195401\nname: scorer\nstatus: Active\n\
                  createdUtc: 2026-01-01T00:00:00Z\n";
    let pipeline = "kind: pipeline\nmlSpecVersion: 0.1.0\nname: train\nsteps:\n  x:\n    moduleName: scoror\n";
    let found = rules_of(&format!("{module}---\n{pipeline}"));
    assert!(found.contains(&"reference/unresolved-object"), "{found:?}");
    assert!(found.contains(&"reference/floating-module"), "{found:?}");
    let dataset = |name: &str| {
        format!(
            "kind: dataset\nmlSpecVersion: 0.1.0\nid: loans-2\nname: {name}\nstate: Active\nversion: 1.0.0\n\
             location: s3://a/{name}.csv\n"
        )
    };
    let found = rules_of(&format!("{}---\n{}", dataset("a"), dataset("b")));
    assert_eq!(found.iter().filter(|rule| **rule == "naming/duplicate-id").count(), 2, "{found:?}");
}
