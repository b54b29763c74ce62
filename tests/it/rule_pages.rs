//! Every rule has a page, and its examples match the tool: each `Fails` block has a finding of this rule and of no other, each `Passes`
//! block has none.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use mlspec_lint::analysis::{FileReport, Options, lint_change, lint_text, members};
use mlspec_lint::data::check::{CheckOptions, PreparedSchema, check};
use mlspec_lint::data::read::TableFormat;
use mlspec_lint::data::sorted::spill_to_memory;
use mlspec_lint::documents::Document;
use mlspec_lint::rules::page::{Example, examples, page};
use mlspec_lint::rules::{self, Rule, bases};
use serde_json::Value;

/// Returns the findings in a text: rule and place of each.
fn found(text: &str) -> Vec<String> {
    lines(&lint_text("example.yml", text, &Options::default()))
}

/// Returns what is found in an example. Of a change, what is found because of it.
fn found_in(example: &Example) -> Vec<String> {
    let alone = found(&example.text);
    let Some(before) = &example.before else { return alone };
    let mut all = lines(&lint_change("example.yml", "HEAD~1", before, &example.text, &Options::default()));
    assert!(alone.iter().all(|line| all.contains(line)), "{alone:#?} {all:#?}");
    all.retain(|line| !alone.contains(line));
    all
}

fn lines(report: &FileReport) -> Vec<String> {
    let line = |finding: &mlspec_lint::diagnostics::Finding| {
        let place = report.source.line_col(finding.place.span.start);
        format!("{place} {}: {}", finding.rule.id, finding.message)
    };
    report.findings.iter().map(line).collect()
}

fn is_of(finding: &str, rule: &Rule) -> bool {
    finding.split_once(' ').is_some_and(|(_, rest)| rest.starts_with(&format!("{}: ", rule.id)))
}

/// Returns the YAML examples under a heading; adds a fault if there are none.
fn yaml_examples(rule: &Rule, heading: &str, faults: &mut Vec<String>) -> Vec<Example> {
    let all = examples(rule, heading);
    if all.is_empty() {
        faults.push(format!("{}: no example under '## {heading}'", rule.id));
    }
    for example in &all {
        if !matches!(example.language.as_str(), "yaml" | "text") {
            faults.push(format!("{}: an example in '{}'", rule.id, example.language));
        }
        if (rule.family() == rules::history::FAMILY) != example.before.is_some() {
            faults.push(format!("{}: an example without a change, or with one", rule.id));
        }
        if example.shown.trim().is_empty() {
            faults.push(format!("{}: an example that shows nothing", rule.id));
        }
        if !example.bases.is_empty() && bases::complete(&example.shown, &example.bases).is_none() {
            faults.push(format!("{}: no base is called '{}'", rule.id, example.bases));
        }
    }
    all.into_iter().filter(|example| example.language == "yaml").collect()
}

#[test]
fn each_failing_example_gives_exactly_its_rule_and_each_passing_one_nothing() {
    let mut faults = Vec::new();
    for rule in rules::all().iter().filter(|rule| rule.family() != rules::data::FAMILY) {
        for example in yaml_examples(rule, "Fails", &mut faults) {
            let (found, text) = (found_in(&example), &example.text);
            if found.is_empty() || !found.iter().all(|finding| is_of(finding, rule)) {
                faults.push(format!("{} should fail:\n{text}but found {found:#?}", rule.id));
            }
        }
        for example in yaml_examples(rule, "Passes", &mut faults) {
            let (found, text) = (found_in(&example), &example.text);
            if !found.is_empty() {
                faults.push(format!("{} should pass:\n{text}but found {found:#?}", rule.id));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

/// Checks a table of an example against the schema in front of it, or that of the base.
fn found_in_data(schema: &str, table: &str) -> Vec<String> {
    let member = members("schema.yml", schema, &Options::default()).pop().unwrap();
    let Some(Document::DataSchema(typed)) = member.typed() else { panic!("no data schema: {schema}") };
    let prepared = PreparedSchema::new(typed, &member.tree, None);
    let options = CheckOptions {
        schema: Some(&prepared),
        no_schema: None,
        references: &[],
        also: &[],
        new_spill: &spill_to_memory,
    };
    let checked = check("example.csv", TableFormat::Csv, table.as_bytes(), options).unwrap();
    let line = |finding: &mlspec_lint::diagnostics::Finding| {
        let place = checked.source.line_col(finding.place.span.start);
        format!("{place} {}: {}", finding.rule.id, finding.message)
    };
    checked.findings.iter().map(line).collect()
}

#[test]
fn each_example_of_data_gives_exactly_its_rule_or_nothing() {
    let (mut faults, mut tables) = (Vec::new(), 0);
    for rule in rules::all().iter().filter(|rule| rule.family() == rules::data::FAMILY) {
        for heading in ["Fails", "Passes"] {
            let all = examples(rule, heading);
            assert!(!all.is_empty(), "{}: no example under '## {heading}'", rule.id);
            let base = bases::complete("kind: data-schema\n", "credit-schema").unwrap();
            let mut schema = base.clone();
            for example in all {
                match example.language.as_str() {
                    "yaml" => schema = example.text,
                    "text" => {}
                    "csv" => {
                        tables += 1;
                        let found = found_in_data(&std::mem::replace(&mut schema, base.clone()), &example.text);
                        let fails = !found.is_empty() && found.iter().all(|finding| is_of(finding, rule));
                        if if heading == "Fails" { !fails } else { !found.is_empty() } {
                            faults.push(format!("{} under {heading}:\n{}but found {found:#?}", rule.id, example.text));
                        }
                    }
                    other => faults.push(format!("{}: an example in '{other}'", rule.id)),
                }
            }
        }
    }
    assert!(tables > 40, "{tables}");
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn each_page_begins_with_one_short_sentence_and_tells_why() {
    for rule in rules::all() {
        let page = page(rule);
        assert!(page.summary.chars().count() <= 100, "{}: {}", rule.id, page.summary);
        assert!(page.summary.ends_with('.') && !page.summary.contains(". "), "{}: {}", rule.id, page.summary);
        assert!(
            rule.docs.lines().nth(1).is_some_and(|line| line.trim().is_empty()),
            "{}: the summary is one line",
            rule.id
        );
        let why = page.body.split("## Fails").next().unwrap_or("");
        assert!(why.split_whitespace().count() >= 15, "{}: the page does not say why", rule.id);
        let tells_fix = page.body.contains("\n## Fix\n") && page.body.contains("-fix");
        assert!(
            rule.fix == mlspec_lint::diagnostics::FixKind::None || tells_fix,
            "{}: the page does not tell the fix",
            rule.id
        );
    }
}

/// Returns whether a folder holds a family of rules, and not shared code.
fn is_family(folder: &Path) -> bool {
    fs::read_to_string(folder.join("mod.rs")).is_ok_and(|text| text.contains("pub static RULES"))
}

#[test]
fn each_rule_is_declared_where_its_id_says_and_each_file_is_listed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
    let mut files = BTreeSet::new();
    for family in fs::read_dir(&root).unwrap().map(Result::unwrap).filter(|entry| is_family(&entry.path())) {
        for file in fs::read_dir(family.path()).unwrap().map(Result::unwrap) {
            let file = file.file_name().into_string().unwrap();
            if let Some(name) = file.strip_suffix(".rs").filter(|name| *name != "mod") {
                let name = name.replace('_', "-");
                let family = family.file_name().to_str().unwrap().replace('_', "-");
                files.insert(format!("{family}/{name}"));
            }
        }
    }
    let declared: BTreeSet<String> = rules::all().iter().map(|rule| rule.id.to_owned()).collect();
    assert_eq!(declared.len(), rules::all().len(), "two rules have one id");
    assert_eq!(files, declared);
    for rule in rules::all() {
        let path = root.join(format!("{}.rs", rule.id.replace('-', "_")));
        let code = fs::read_to_string(path).unwrap();
        let name = rule.name().replace('-', "_").to_uppercase();
        assert!(code.contains(&format!("pub {name} = {{")), "{} is not declared as {name}", rule.id);
        assert!(code.starts_with(&format!("//! `{}`\n", rule.id)), "{}", rule.id);
    }
}

#[test]
fn each_rule_that_a_schema_names_exists_and_needs_no_code_of_its_own() {
    let mut named = BTreeSet::new();
    for (_, schema) in mlspec_lint::published::schemas() {
        rules_named_in(&schema, &mut named);
    }
    assert!(named.len() > 20, "{named:?}");
    for id in &named {
        let rule = rules::by_id(id);
        // Duplicate keys are found by the readers of a text, two spellings of one by the schema.
        let needs_no_code = |rule: &Rule| {
            matches!(rule.check, rules::Check::Schema(_) | rules::Check::SchemaAndTyped(_) | rules::Check::Reader)
        };
        assert!(rule.is_some_and(needs_no_code), "{id}");
    }
}

fn rules_named_in(value: &Value, named: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                match (key.as_str(), value) {
                    ("x-mlspec-rule", Value::String(id)) => drop(named.insert(id.clone())),
                    ("x-mlspec-rule", Value::Object(by_keyword)) => {
                        named.extend(by_keyword.values().filter_map(Value::as_str).map(str::to_owned));
                    }
                    _ => rules_named_in(value, named),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| rules_named_in(item, named)),
        _ => {}
    }
}
