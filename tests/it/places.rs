//! The text at the span of every finding is the key or value that its message is about.

use std::path::Path;
use std::sync::Arc;

use mlspec_lint::analysis::{Options, lint_text};
use mlspec_lint::diagnostics::{Finding, Part};
use mlspec_lint::rules;
use mlspec_lint::rules::page;
use mlspec_lint::text::{Source, Span};
use mlspec_lint::yaml::{self, Framing, Limits, Tree, pointer};

/// Asserts the findings of a document with findings in awkward places, and the text that each of them must point at, in the order of the
/// text.
fn assert_places(text: &str, expected: &[(&str, &str)]) {
    let report = lint_text("a.yml", text, &Options::default());
    let found: Vec<_> =
        report.findings.iter().map(|finding| (finding.rule.id, report.source.slice(finding.place.span))).collect();
    assert_eq!(found, expected, "{text}");
    check_all(text);
}

fn check_all(text: &str) {
    let report = lint_text("a.yml", text, &Options::default());
    let tree = yaml::parse(Arc::new(Source::new("a.yml", text)), Limits::default(), Framing::Stream);
    for finding in &report.findings {
        check(&tree, finding);
    }
}

fn check(tree: &Tree, finding: &Finding) {
    let source = tree.source();
    let slice = source.slice(finding.place.span);
    assert!(!slice.is_empty() || source.text().is_empty(), "{finding:?} points at nothing");
    // Findings about the text itself have no node.
    let Some(root) = tree.documents()[finding.place.document as usize].root else { return };
    if finding.place.pointer.is_empty() {
        return;
    }
    let Some((node, _)) = pointer::follow(tree, root, &finding.place.pointer) else {
        // The earlier of two equal keys cannot be reached by its path; the later one can.
        panic!("{} leads nowhere", finding.place.pointer)
    };
    let expected: Span = match finding.place.part {
        Part::Value => tree.span(tree.resolve(node)),
        Part::Key => match tree.key_of(node) {
            Some(key) => tree.span(key),
            None => tree.span(tree.all_entries(node)[0].key),
        },
    };
    // The part of an expression that a finding points at is as small as the fault.
    let families = ["evidence", "expression", "objective"];
    let is_of_expression = families.contains(&finding.rule.family()) && finding.place.part == Part::Value;
    match is_of_expression {
        true => assert!(expected.contains(finding.place.span), "{finding:#?}"),
        false => assert_eq!(finding.place.span, expected, "{finding:#?}"),
    }
    // If a message begins with a quotation, it quotes the key or the value it points at, or the key above that value, or what is missing
    // there.
    let Some(quoted) =
        finding.message.strip_prefix('\'').and_then(|rest| rest.split_once('\'')).map(|(quoted, _)| quoted)
    else {
        return;
    };
    let key = tree.key_of(node).map_or("", |key| tree.key_name(key));
    let value = tree.text(node).unwrap_or("");
    let shown = quoted.trim_end_matches('…');
    let is_named = value.starts_with(shown) || is_of_expression && value.contains(shown);
    assert!(quoted == key || is_named || slice.contains(shown), "{finding:#?}\n{slice}");
}

#[test]
fn keys_and_values_are_pointed_at_in_every_style() {
    let head =
        "mlSpecVersion: 0.1.0\nkind: dataset\nid: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11\nname: a\nversion: 1.0.0\n";
    assert_places(
        &format!("{head}location: https://example.com/d\nstate: \"Gone\"\n"),
        &[("status/unknown-status", "\"Gone\"")],
    );
    assert_places(
        &format!("{head}location: https://example.com/d\nstate: |\n  Gone\n"),
        &[("status/unknown-status", "|\n  Gone")],
    );
    assert_places(
        &format!(
            "{head}location: https://example.com/d\nsatte: Active\ntags: [{{key: é, valeu: 'x'}}, {{key: b, value: 1}}]\n"
        ),
        &[("document/unknown-field", "satte"), ("document/unknown-field", "valeu"), ("run/tag-not-string", "1")],
    );
}

#[test]
fn a_missing_key_is_pointed_at_by_the_key_of_its_mapping() {
    let text = "mlSpecVersion: 0.1.0\nkind: artifact\nid: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11\nname: a\n\
                created_by_run_id: 6f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11\ndata_path:\n  RelativePath: x/y\n";
    assert_places(text, &[("document/missing-required", "data_path")]);
    assert_places(
        "mlSpecVersion: 0.1.0\nkind: datapath\nRelativePath: x/y\n",
        &[("document/missing-required", "mlSpecVersion")],
    );
}

#[test]
fn a_finding_behind_an_alias_is_at_the_definition_and_names_the_use() {
    let text = "x-defaults:\n  tag: &tag {key: a, value: 1}\nmlSpecVersion: 0.1.0\nkind: dataset\nname: a\nversion: 1.0.0\n\
                id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11\nlocation: https://example.com/d\ntags: [*tag]\n";
    let report = lint_text("a.yml", text, &Options::default());
    assert_eq!(report.findings.len(), 1);
    let finding = &report.findings[0];
    assert_eq!(report.source.slice(finding.place.span), "1");
    assert_eq!(report.source.line_col(finding.place.span.start).line, 2);
    assert_eq!(report.source.slice(finding.related[0].span), "*tag");
}

#[test]
fn merged_entries_count_and_are_pointed_at_where_they_are_written() {
    let text = "x-base: &base\n  name: 'a b'\n  version: 1.0.0\n<<: *base\nmlSpecVersion: 0.1.0\nkind: dataset\n\
                id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11\nlocation: https://example.com/d\n";
    let report = lint_text("a.yml", text, &Options::default());
    let found: Vec<_> =
        report.findings.iter().map(|finding| (finding.rule.id, report.source.slice(finding.place.span))).collect();
    assert_eq!(found, [("naming/name-characters", "'a b'")]);
}

#[test]
fn the_third_document_of_a_file_has_places_of_its_own() {
    let text = "\u{feff}# one\r\nname: x\r\n---\r\na: [\r\n---\r\nmlSpecVersion: 0.1.0\r\nkind: datapath\r\nDataStore: é\r\nRelativePath: /x\r\n";
    let report = lint_text("a.yml", text, &Options { explicit: false, ..Options::default() });
    let found: Vec<_> = report
        .findings
        .iter()
        .map(|finding| {
            (
                finding.rule.id,
                finding.place.document,
                report.source.slice(finding.place.span),
                report.source.line_col(finding.place.span.start),
            )
        })
        .map(|(rule, document, text, place)| (rule, document, text, place.line, place.column))
        .collect();
    let expected = [("document/yaml-syntax", 1, "[", 4, 4), ("naming/invalid-bucket-or-path", 2, "/x", 9, 15)];
    assert_eq!(found, expected);
}

#[test]
fn every_finding_of_every_rule_page_is_where_it_says() {
    for rule in rules::all() {
        for example in page::examples(rule, "Fails") {
            if example.language == "yaml" {
                check_all(&example.text);
            }
        }
    }
}

#[test]
fn every_finding_in_the_real_documents_is_where_it_says() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if !corpus.is_dir() {
        println!("skipped: {} is not there", corpus.display());
        return;
    }
    let mut folders = vec![corpus];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yml" || extension == "yaml") {
                check_all(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
}
