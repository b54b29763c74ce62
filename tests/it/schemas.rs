//! The published schemas: their requirements, and that they accept the output of `init` and the examples.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jsonschema::Validator;
use mlspec_lint::analysis::{FileReport, Options, lint_text};
use mlspec_lint::documents::Kind;
use mlspec_lint::published::schemas as published;
use mlspec_lint::schema::{file_name, starter};
use mlspec_lint::text::Source;
use mlspec_lint::yaml::{self, Framing, Limits, json};
use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the schema in a file of `schemas/`, as an editor reads it.
fn published_file(name: &str) -> Value {
    let path = root().join("schemas").join(file_name(name));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap()
}

fn compiled(schema: &Value) -> Validator {
    jsonschema::options().offline().build(schema).unwrap_or_else(|error| panic!("{}: {error}", schema["$id"]))
}

#[test]
fn every_schema_is_valid_and_compiles() {
    for (name, schema) in published() {
        if let Err(error) = jsonschema::meta::validate(&schema) {
            panic!("{name}: {error} at {}", error.instance_path());
        }
        // Editors of TOML do not support newer drafts well.
        let dialect = match name == file_name("mlspec-lint") {
            true => "http://json-schema.org/draft-07/schema#",
            false => "https://json-schema.org/draft/2020-12/schema",
        };
        assert_eq!(schema["$schema"], dialect, "{name}");
        compiled(&schema);
    }
}

#[test]
fn every_schema_has_the_id_of_its_file() {
    let names: Vec<String> = published().into_iter().map(|(name, _)| name).collect();
    for kind in Kind::ALL {
        assert!(names.contains(&file_name(kind.name())), "{kind}");
    }
    for (name, schema) in published() {
        let id = schema["$id"].as_str().unwrap_or_default();
        assert_eq!(id.rsplit('/').next(), Some(name.as_str()), "{id}");
        assert!(schema["title"].is_string() && schema["description"].is_string(), "{name}");
    }
}

/// Editors show the description of a property; conditions (`if`, `then`, …) only repeat properties that are described elsewhere.
#[test]
fn every_property_is_described() {
    let mut faults = Vec::new();
    for (name, schema) in published() {
        undescribed(&schema, &name, &mut faults);
    }
    assert!(faults.is_empty(), "no description:\n{}", faults.join("\n"));
}

fn undescribed(schema: &Value, path: &str, faults: &mut Vec<String>) {
    for (key, property) in schema["properties"].as_object().into_iter().flatten() {
        let path = format!("{path} {key}");
        if property["description"].as_str().is_none_or(str::is_empty) {
            faults.push(path.clone());
        }
        undescribed(property, &path, faults);
    }
    for (name, definition) in schema["$defs"].as_object().into_iter().flatten() {
        undescribed(definition, &format!("{path} {name}"), faults);
    }
    for below in ["items", "additionalProperties"].iter().filter_map(|keyword| schema.get(*keyword)) {
        undescribed(below, path, faults);
    }
}

/// The error messages of alternatives are unreadable. In conditions nobody sees them, and nobody writes reports or verdicts by hand.
#[test]
fn there_are_no_alternatives_outside_conditions() {
    let mut faults = Vec::new();
    let output = ["report", "coverage", "lineage", "comparison", "governance", "statistics", "verdict"].map(file_name);
    for (name, schema) in published().into_iter().filter(|(name, _)| !output.contains(name)) {
        alternatives(&schema, &name, &mut faults);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn alternatives(schema: &Value, path: &str, faults: &mut Vec<String>) {
    match schema {
        Value::Object(object) => {
            for (key, value) in object {
                let is_name = path.ends_with("/properties") || path.ends_with("/$defs");
                if !is_name && matches!(key.as_str(), "oneOf" | "anyOf") {
                    faults.push(format!("{path}/{key}"));
                }
                if is_name || !matches!(key.as_str(), "if" | "not" | "examples" | "default") {
                    alternatives(value, &format!("{path}/{key}"), faults);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| alternatives(item, path, faults)),
        _ => {}
    }
}

#[test]
fn what_init_writes_has_no_findings() {
    for kind in Kind::ALL {
        let text = starter(*kind);
        let report = lint_text(&format!("{kind}.yml"), &text, &Options::default());
        assert_eq!(report.documents, [Some(*kind)], "{text}");
        assert!(report.findings.is_empty(), "{kind}:\n{}\n{text}", shown(&report));
    }
}

#[test]
fn no_example_has_findings() {
    for path in examples("examples") {
        let text = fs::read_to_string(root().join(&path)).unwrap();
        let report = lint_text(path.to_str().unwrap(), &text, &Options::default());
        assert!(report.findings.is_empty(), "{}", shown(&report));
        assert!(!report.documents.is_empty() && report.documents.iter().all(Option::is_some), "{}", path.display());
    }
}

/// Editors underline what the tool reports, so the examples must be clean in both.
#[test]
fn every_example_is_valid_under_the_published_files() {
    let any = compiled(&published_file("mlspec"));
    for path in examples("examples") {
        for document in documents(&path) {
            let kind = document["kind"].as_str().unwrap_or_else(|| panic!("{}: no kind", path.display()));
            for validator in [&any, &compiled(&published_file(kind))] {
                if let Err(error) = validator.validate(&document) {
                    panic!("{}: {error} at {}", path.display(), error.instance_path());
                }
            }
        }
    }
}

/// A modeline that leads nowhere, or to another kind, is worse than none.
#[test]
fn every_example_names_its_schema() {
    for path in
        examples("examples").into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "yml"))
    {
        let text = fs::read_to_string(root().join(&path)).unwrap();
        let target = text.lines().next().and_then(|line| line.strip_prefix("# yaml-language-server: $schema="));
        let target = target.unwrap_or_else(|| panic!("{}: no modeline", path.display()));
        let documents = documents(&path);
        let name = match documents.as_slice() {
            [only] => file_name(only["kind"].as_str().unwrap()),
            _ => file_name("mlspec"),
        };
        // A project that is meant to be copied names the published schema.
        let target = target.replace(&format!("{}/raw/main", mlspec_lint::HOMEPAGE), root().to_str().unwrap());
        let found = root().join(&path).parent().unwrap().join(&target).canonicalize();
        let wanted = root().join("schemas").join(name).canonicalize().unwrap();
        assert_eq!(found.ok(), Some(wanted), "{}: {target}", path.display());
    }
}

#[test]
fn the_report_in_the_documentation_is_valid() {
    let page = fs::read_to_string(root().join("spec/json-report.md")).unwrap();
    let shown = page.split("```json").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let report: Value = serde_json::from_str(shown).unwrap();
    let errors: Vec<String> =
        compiled(&published_file("report")).iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn every_kind_has_an_example() {
    for kind in Kind::ALL {
        let path = PathBuf::from(format!("examples/documents/{kind}.yml"));
        let kinds: Vec<Value> = documents(&path).iter().map(|document| document["kind"].clone()).collect();
        assert_eq!(kinds, [kind.name()], "{}", path.display());
    }
}

/// Returns the documents below a folder, by their paths from the root of the project.
fn examples(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root().join(&folder)).unwrap().map(Result::unwrap) {
            let path = folder.join(entry.file_name());
            let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
            if entry.path().is_dir() {
                // One of the examples is wrong on purpose; hidden files belong to other tools, and signatures are no documents.
                let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
                let is_other = ["broken", "signatures"].iter().any(|name| path.ends_with(name));
                folders.extend((!is_other && !is_hidden).then_some(path));
            } else if matches!(extension, "yml" | "yaml" | "json" | "jsonl") {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no examples in {folder}");
    found
}

/// Returns the documents of a file as JSON.
fn documents(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let framing = match path.extension().is_some_and(|extension| extension == "jsonl") {
        true => Framing::Lines,
        false => Framing::Stream,
    };
    let source = Arc::new(Source::new(path.to_str().unwrap(), text.as_str()));
    let tree = yaml::parse(source, Limits::default(), framing);
    let roots = tree.documents().iter().map(|document| document.root.unwrap_or_else(|| panic!("{}", path.display())));
    roots.map(|root| json::to_value(&tree, root)).collect()
}

fn shown(report: &FileReport) -> String {
    let line = |finding: &mlspec_lint::diagnostics::Finding| {
        let place = report.source.line_col(finding.place.span.start);
        format!("{}:{place} {}: {}\n", report.source.name(), finding.rule.id, finding.message)
    };
    report.findings.iter().map(line).collect()
}
