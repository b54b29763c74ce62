//! The published schemas as an editor uses them: they are loaded into yaml-language-server, which most YAML editors use, and its hovers,
//! completions and diagnostics are tested.
//!
//! The server and `mlspec-lint` interpret one schema with two validators and two YAML parsers. Whatever the server underlines,
//! `mlspec-lint` must report, and whatever `mlspec-lint` finds by schema, the server must underline, at the same place. They differ in what
//! to underline if nothing is there; [`places`](crate::support::places) describes how.
//!
//! Skipped, with a message, if `npm ci --prefix tests/node` has not been run; in CI (`CI=true`) that is a failure.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use mlspec_lint::analysis::{FileReport, Options, lint_text};
use mlspec_lint::diagnostics::Finding;
use mlspec_lint::documents::Kind;
use mlspec_lint::rules;
use mlspec_lint::rules::page::examples;
use mlspec_lint::text::Source;
use mlspec_lint::yaml::{self, Framing, Limits, pointer};
use mlspec_lint::{published, schema};
use serde_json::{Map, Value, json};

use crate::support::language_server::{Diagnostic, LanguageServer, Position};
use crate::support::places::{differences, position};

/// Marks the place of the cursor in the texts below.
const CURSOR: char = '▮';

/// The name of the schema that selects by `kind`.
const ALL_KINDS: &str = "mlspec";

/// Starts a server that uses the schema of a kind for files in a folder of that name, and the schema of all kinds in `mlspec/`.
fn server() -> Option<LanguageServer> {
    let program = LanguageServer::installed()?;
    let mut schemas = Map::new();
    for name in Kind::ALL.iter().map(|kind| kind.name()).chain([ALL_KINDS]) {
        let file = schema_folder().join(schema::file_name(name));
        schemas.insert(format!("file://{}", file.display()), json!(format!("**/{name}/*.yml")));
    }
    let mut server = LanguageServer::start(&program, &schemas.into());
    // The server answers before it has read its settings, as if there were none; once it has, it validates the open files again.
    let canary = uri("run", "canary");
    server.open(&canary, "not-a-field: 1\n");
    while server.diagnostics(&canary).is_empty() {}
    Some(server)
}

/// Returns a folder with the schemas as they are published; another test compares them with those of the repository.
fn schema_folder() -> &'static Path {
    static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("editor-schemas");
        fs::create_dir_all(&folder).expect("the folder of the tests can be written to");
        for (file, schema) in published::schemas() {
            fs::write(folder.join(file), schema.to_string()).expect("the folder of the tests can be written to");
        }
        folder
    });
    &FOLDER
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn uri(schema: &str, name: &str) -> String {
    format!("file:///project/{schema}/{name}.yml")
}

/// Returns a text without its cursor, and the position of the cursor.
fn at_cursor(marked: &str) -> (String, Position) {
    let (before, after) = marked.split_once(CURSOR).expect("the text has a cursor");
    (format!("{before}{after}"), position(before, before.len()))
}

#[test]
fn every_schema_loads_in_the_server_and_judges() {
    let Some(mut server) = server() else { return };
    let names =
        || Kind::ALL.iter().map(|kind| (kind.name(), *kind)).chain(Kind::ALL.iter().map(|kind| (ALL_KINDS, *kind)));
    for (schema, kind) in names() {
        server.open(&uri(schema, kind.name()), &format!("kind: {kind}\nnot-a-field: 1\n"));
    }
    for (schema, kind) in names() {
        let found = server.diagnostics(&uri(schema, kind.name()));
        // A schema that the server cannot load or does not understand is reported by the server itself.
        assert!(found.iter().all(Diagnostic::is_of_schema), "{schema}, {kind}: {found:#?}");
        let unknown = found.iter().filter(|diagnostic| diagnostic.message == "Property not-a-field is not allowed.");
        let places: Vec<_> = unknown.map(|diagnostic| (diagnostic.start, diagnostic.end)).collect();
        let key = (Position { line: 1, character: 0 }, Position { line: 1, character: 11 });
        assert_eq!(places, [key], "{schema}, {kind}: {found:#?}");
    }
}

#[test]
fn hovering_over_a_key_shows_its_description() {
    let Some(mut server) = server() else { return };
    let mut number = 0;
    let mut shows = |schema: &str, text: &str, description: &str| {
        number += 1;
        let (text, position) = at_cursor(text);
        let uri = uri(schema, &format!("hover-{number}"));
        server.open(&uri, &text);
        let shown = server.hover(&uri, position);
        assert!(shown.contains(description), "{schema}:\n{text}\nshows:\n{shown}");
        shown
    };
    shows("model", "framework:\n  name: tensorflow\n  ▮version: 2.16.1\n", "The version of the framework.");
    shows("model", "train:\n  execution:\n    ▮command: python train.py\n", "The command that starts the job.");
    shows("run", "id: r\n▮submittedDate: 2026-08-22T09:30:00Z\n", "When the run was submitted.");
    let shape =
        shows("run", "metrics:\n  - key: auc\n    value: 0.9\n    ▮value_type: scalar\n", "The shape of the value.");
    assert!(shape.contains("`array`: A list of numbers."), "{shape}");
    shows("mlspec", "kind: run\n▮submittedDate: 2026-08-22T09:30:00Z\n", "When the run was submitted.");
    shows("mlspec", "▮kind: run\n", "The kind of the document.");
}

/// The description of a property is shown where it is referred to, without those of the schemas that it refers to, or requires under a
/// condition.
#[test]
fn hovering_over_any_key_shows_what_its_schema_says_of_it() {
    let Some(mut server) = server() else { return };
    let mut faults = Vec::new();
    let starters =
        Kind::ALL.iter().map(|kind| (format!("starter of {kind}"), without_modeline(&schema::starter(*kind))));
    for (number, (title, text)) in starters.chain(rule_page_examples()).enumerate() {
        let source = Arc::new(Source::new(title.as_str(), text.as_str()));
        let tree = yaml::parse(Arc::clone(&source), Limits::default(), Framing::Stream);
        let report = lint_text(&title, &text, &Options::default());
        let [Some(kind)] = *report.documents.as_slice() else { continue };
        if report.findings.iter().any(|finding| finding.rule.id == "document/duplicate-key") {
            continue;
        }
        let schema = schema::generate(kind);
        let uri = uri(kind.name(), &format!("any-{number}"));
        server.open(&uri, &text);
        for node in tree.nodes(0) {
            let Some(key) = tree.key_of(node).filter(|key| *key != node) else { continue };
            let pointer = pointer::of(&tree, node);
            let Some(own) = property(&schema, &pointer) else { continue };
            let Some(description) = own["description"].as_str() else { continue };
            // For the server, a block mapping ends where the next key begins: the first character of a key belongs to both.
            let middle = tree.span(key).start + tree.span(key).len() / 2;
            let shown = server.hover(&uri, position(&text, middle as usize)).replace('\\', "");
            if !shown.contains(description) {
                faults.push(format!("{title}: {pointer} shows {shown:?}, not {description:?}"));
            }
            if shown.contains("Allowed Values") && own.get("enum").is_none() {
                faults.push(format!("{title}: {pointer} allows more than {shown:?}"));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

/// Returns the schema of the property at a path, if it is unambiguous.
fn property<'s>(root: &'s Value, pointer: &str) -> Option<&'s Value> {
    let resolved = |schema: &'s Value| match schema.get("$ref").and_then(Value::as_str) {
        Some(reference) => root.pointer(reference.strip_prefix('#').expect("references are local")),
        None => Some(schema),
    };
    pointer.split('/').skip(1).try_fold(root, |schema, segment| {
        // A mapping that replaces a value of another type is described under a condition.
        let holders = [Some(schema), schema.get("then"), schema.get("else")];
        holders.into_iter().flatten().filter_map(resolved).find_map(|schema| match segment.parse::<usize>() {
            Ok(_) => schema.get("items"),
            Err(_) => schema.get("properties").and_then(|properties| properties.get(segment)),
        })
    })
}

#[test]
fn keys_and_values_are_offered() {
    let Some(mut server) = server() else { return };
    let mut number = 0;
    let mut offers = |schema: &str, text: &str, wanted: &[&str], unwanted: &[&str]| {
        number += 1;
        let (text, position) = at_cursor(text);
        let uri = uri(schema, &format!("complete-{number}"));
        server.open(&uri, &text);
        let offered = server.completions(&uri, position);
        let has = |name: &&&str| offered.iter().any(|offered| offered == **name);
        let lacking: Vec<_> = wanted.iter().filter(|name| !has(name)).collect();
        assert!(lacking.is_empty(), "{schema}:\n{text}\noffers {offered:?}, not {lacking:?}");
        let excess: Vec<_> = unwanted.iter().filter(has).collect();
        assert!(excess.is_empty(), "{schema}:\n{text}\noffers {excess:?} in {offered:?}");
    };
    let synonyms = ["Id", "Name", "Description", "Status"];
    offers("model", "▮", &["name", "framework", "train", "serve", "score", "convert", "data_stores"], &synonyms);
    offers("model", "name: m\n▮", &["framework", "train", "serve"], &synonyms);
    offers("model", "name: m\ntrain:\n  ▮", &["trainable", "execution", "tested_platforms"], &["serve"]);
    let metric = "mlSpecVersion: 0.1.0\nid: r\nname: r\nmetrics:\n  - key: auc\n    value: 0.9\n    ";
    offers("run", &format!("{metric}▮"), &["value_type", "slice", "dataset", "unit", "ci"], &["metrics", "key"]);
    offers("run", &format!("{metric}value_type: ▮"), &["scalar", "array", "object"], &[]);
    offers("run", "id: r\nstatus: ▮", &["queued", "running", "completed", "failed", "cancelled"], &["Active"]);
    offers("run", "id: r\n▮", &["name", "metrics", "hyperparameters"], &synonyms);
    offers("dataset", "id: d\nstate: ▮", &["Active", "Deprecated", "Archived"], &[]);
    offers("dataset", "id: d\n▮", &["state", "location"], &["Id", "Name", "status", "Status"]);
    offers("module", "id: m\nstatus: ▮", &["Active", "Deprecated", "Archived"], &[]);
    offers("pipeline", "name: p\nsteps:\n  train:\n    ▮", &["moduleName", "cmd", "deps", "outs"], &["pipeline"]);
    let artifact = "mlSpecVersion: 0.1.0\nid: a\nname: a\ndata_path:\n  ";
    offers("artifact", &format!("{artifact}▮"), &["DataStore", "RelativePath", "Table"], &["kind", "mlSpecVersion"]);
    let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    offers("mlspec", "kind: ▮", &kinds, &[]);
    offers("mlspec", "kind: run\n▮", &["id", "name", "metrics", "submittedDate"], &["steps", "framework", "Id"]);
}

/// A text, its schema, and the results of both validators.
struct Judged {
    title: String,
    text: String,
    findings: Vec<Finding>,
    diagnostics: Vec<Diagnostic>,
}

impl Judged {
    /// Returns what only one of the two reports.
    fn differences(&self) -> Vec<String> {
        let differences = differences(&self.text, &self.findings, &self.diagnostics);
        differences.iter().map(|difference| format!("{}: {difference}", self.title)).collect()
    }
}

/// Validates texts with `mlspec-lint` and with the server, each with a title. Texts without a schema are omitted.
fn judged(server: &mut LanguageServer, texts: Vec<(String, String)>) -> Vec<Judged> {
    let mut judged = Vec::new();
    for (number, (title, text)) in texts.into_iter().enumerate() {
        let text = without_modeline(&text);
        // The server does not support the comments that suppress findings.
        let report = lint_text(&title, &text, &Options { suppressions: false, ..Options::default() });
        let Some(schema) = schema_for(&report, &text) else { continue };
        let uri = uri(schema, &number.to_string());
        server.open(&uri, &text);
        judged.push((uri, Judged { title, text, findings: report.findings, diagnostics: Vec::new() }));
    }
    for (uri, judged) in &mut judged {
        judged.diagnostics = server.diagnostics(uri);
        judged.diagnostics.retain(Diagnostic::is_of_schema);
    }
    judged.into_iter().map(|(_, judged)| judged).collect()
}

/// Returns the same text, without the comment that tells the server which schema to use.
fn without_modeline(text: &str) -> String {
    text.replace("# yaml-language-server: ", "# yaml language server: ")
}

/// Returns the schema of a text's documents: that of their kind, or that of all kinds if each declares its own. There is none for other
/// formats, invalid YAML, and templates.
fn schema_for(report: &FileReport, text: &str) -> Option<&'static str> {
    if report.findings.iter().any(|finding| finding.rule.id == "document/template") {
        return None;
    }
    let kinds: Vec<Kind> = report.documents.iter().copied().collect::<Option<_>>()?;
    let first = kinds.first()?;
    let says_kinds = text.lines().filter(|line| line.starts_with("kind: ")).count() == kinds.len();
    match kinds.iter().all(|kind| kind == first) {
        true => Some(first.name()),
        false => says_kinds.then_some(ALL_KINDS),
    }
}

/// Returns the YAML on the rules' pages: title and text of each example.
fn rule_page_examples() -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for rule in rules::all() {
        for heading in ["Fails", "Passes"] {
            let yaml = examples(rule, heading).into_iter().filter(|example| example.language == "yaml");
            texts.extend(yaml.map(|example| (format!("{}, {heading}", rule.id), example.text)));
        }
    }
    texts
}

fn yaml_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() && !path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".")) {
            files.extend(yaml_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "yml" || extension == "yaml") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn texts_of(files: &[PathBuf]) -> Vec<(String, String)> {
    let title = |path: &Path| path.strip_prefix(root()).unwrap_or(path).display().to_string();
    files.iter().map(|path| (title(path), fs::read_to_string(path).expect("the file can be read"))).collect()
}

#[test]
fn the_examples_are_clean_in_the_editor() {
    let Some(mut server) = server() else { return };
    let mut files = yaml_files(&root().join("examples/documents"));
    files.retain(|path| path.parent().is_some_and(|folder| folder.ends_with("documents")));
    assert!(files.len() >= Kind::ALL.len(), "there is an example of each kind");
    let judged = judged(&mut server, texts_of(&files));
    assert_eq!(judged.len(), files.len(), "each example has a schema");
    for Judged { title, diagnostics, .. } in judged {
        assert!(diagnostics.is_empty(), "{title}: {diagnostics:#?}");
    }
}

/// A comment on the first line of an example tells the editor which schema to use, without any settings.
#[test]
fn the_examples_name_published_schemas() {
    let published: Vec<String> = published::schemas().into_iter().map(|(file, _)| file).collect();
    let mut named = 0;
    for (title, text) in texts_of(&yaml_files(&root().join("examples"))) {
        let Some(path) = text.strip_prefix("# yaml-language-server: $schema=").and_then(|rest| rest.lines().next())
        else {
            continue;
        };
        let folders = Path::new(&title).components().count() - 1;
        let beside = format!("{}schemas/", "../".repeat(folders));
        let elsewhere = format!("{}/raw/main/schemas/", mlspec_lint::HOMEPAGE);
        let file = path.strip_prefix(&beside).or_else(|| path.strip_prefix(&elsewhere));
        assert!(file.is_some_and(|file| published.iter().any(|published| published == file)), "{title}: {path}");
        named += 1;
    }
    assert!(named > 0, "no example names a schema");
}

#[test]
fn the_editor_underlines_what_the_schema_rules_report_in_bad_documents() {
    let Some(mut server) = server() else { return };
    let files = yaml_files(&root().join("tests/editor"));
    assert!(!files.is_empty(), "there are no documents");
    let judged = judged(&mut server, texts_of(&files));
    assert_eq!(judged.len(), files.len(), "each document has a schema");
    for judged in &judged {
        assert!(!judged.findings.is_empty(), "{} is not bad", judged.title);
    }
    let differences: Vec<_> = judged.iter().flat_map(Judged::differences).collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn the_editor_underlines_what_the_schema_rules_report_on_every_rule_page_and_in_every_example() {
    let Some(mut server) = server() else { return };
    let mut texts = rule_page_examples();
    texts.extend(texts_of(&yaml_files(&root().join("examples"))));
    let judged = judged(&mut server, texts);
    assert!(judged.iter().filter(|judged| !judged.findings.is_empty()).count() > 20, "hardly a text is bad");
    let differences: Vec<_> = judged.iter().flat_map(Judged::differences).collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
