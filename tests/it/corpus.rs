//! Real documents, as their authors published them, if they are available beside the repository; otherwise these tests are skipped.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Returns the folder with the real documents.
fn corpus() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: {} is not there", folder.display());
    None
}

fn run(folder: &Path, arguments: &[&str]) -> (i32, Value) {
    let output = Command::new(env!("CARGO_BIN_EXE_mlspec-lint")).args(arguments).current_dir(folder).output().unwrap();
    let json = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    (output.status.code().unwrap(), json)
}

fn kinds(folder: &Path, path: &str) -> BTreeMap<String, Option<String>> {
    let (_, rows) = run(folder, &["kinds", path, "--isolated", "--format", "json"]);
    let kind = |row: &Value| (row["path"].as_str().unwrap().to_owned(), row["kind"].as_str().map(str::to_owned));
    rows.as_array().unwrap().iter().map(kind).collect()
}

/// Returns path, line and rule of every finding.
fn findings(folder: &Path, path: &str) -> (i32, Vec<(String, u64, String)>) {
    let (code, report) = run(folder, &["check", path, "--isolated", "--format", "json"]);
    let finding = |finding: &Value| {
        let line = finding["span"]["start"]["line"].as_u64().unwrap();
        (finding["path"].as_str().unwrap().to_owned(), line, finding["rule"].as_str().unwrap().to_owned())
    };
    (code, report["findings"].as_array().unwrap().iter().map(finding).collect())
}

/// Returns a copy of the specification's own files that may be changed. Most of them do not declare their kind, and would be ignored; here
/// the configuration declares it.
fn own_copy(corpus: &Path) -> assert_fs::TempDir {
    let copy = copy(&corpus.join("mlspec-repo"));
    let entry = |(path, kind): &(&str, &str)| format!("[[kind]]\nfiles = [\"{path}\"]\nkind = \"{kind}\"\n");
    std::fs::write(copy.path().join("mlspec-lint.toml"), KINDS.iter().map(entry).collect::<String>()).unwrap();
    copy
}

/// Returns a copy that may be changed.
fn copy(folder: &Path) -> assert_fs::TempDir {
    use assert_fs::prelude::*;
    let copy = assert_fs::TempDir::new().unwrap();
    copy.copy_from(folder, &["**/*"]).unwrap();
    for entry in walk(copy.path()) {
        let mut permissions = std::fs::metadata(&entry).unwrap().permissions();
        #[expect(clippy::permissions_set_readonly_false, reason = "a temporary copy that this test alone uses")]
        permissions.set_readonly(false);
        std::fs::set_permissions(&entry, permissions).unwrap();
    }
    copy
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(walk(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

const BROKEN: [(&str, u64); 6] = [
    ("metadata_file/metadata.yaml", 2),
    ("model_packaging/model_onnx_conversion.yaml", 57),
    ("model_packaging/model_packaging.yaml", 247),
    ("model_packaging/model_scoring.yaml", 63),
    ("model_packaging/model_serving.yaml", 70),
    ("model_packaging/model_training.yaml", 128),
];

const KINDS: [(&str, &str); 14] = [
    ("data/dataset.yml", "dataset"),
    ("experiment_tracking/experiment_example.yml", "run"),
    ("logging_proto/inferenceLog.yml", "inference-log"),
    ("metadata_file/metadata.yaml", "metadata"),
    ("model_packaging/data.yaml", "model"),
    ("model_packaging/model.yaml", "model"),
    ("model_packaging/model_example.yml", "model-card"),
    ("model_packaging/model_onnx_conversion.yaml", "model"),
    ("model_packaging/model_packaging.yaml", "model"),
    ("model_packaging/model_scoring.yaml", "model"),
    ("model_packaging/model_serving.yaml", "model"),
    ("model_packaging/model_training.yaml", "model"),
    ("monitoring_proto/inferenceRequest.yml", "inference-request"),
    ("pipelines/pipeline.yml", "pipeline"),
];

#[test]
fn every_document_of_the_specification_is_recognised_once_it_parses() {
    let Some(corpus) = corpus() else { return };
    let found = kinds(&corpus.join("mlspec-repo"), ".");
    for (path, kind) in KINDS {
        let is_broken = BROKEN.iter().any(|(broken, _)| *broken == path);
        assert_eq!(found[path].as_deref(), (!is_broken).then_some(kind), "{path}");
    }
    let fixed = own_copy(&corpus);
    run(fixed.path(), &["check", ".", "--fix"]);
    let found = kinds(fixed.path(), ".");
    assert_eq!(found.len(), KINDS.len());
    for (path, kind) in KINDS {
        assert_eq!(found[path].as_deref(), Some(kind), "{path} after --fix");
    }
}

#[test]
fn model_samples_are_models_and_nothing_else_of_the_catalogue_is_ours() {
    let Some(corpus) = corpus() else { return };
    for (path, kind) in kinds(&corpus, "katalog") {
        let expected = path.starts_with("katalog/model-samples/").then_some("model");
        assert_eq!(kind.as_deref(), expected, "{path}");
    }
    let (code, found) = findings(&corpus, "katalog");
    assert!(found.iter().all(|(path, ..)| path.starts_with("katalog/model-samples/")), "{found:?}");
    assert_eq!(code, 0, "no finding there is an error");
}

#[test]
fn files_of_neighbours_have_no_finding_and_are_not_changed() {
    let Some(corpus) = corpus() else { return };
    let neighbours = copy(&corpus.join("neighbours"));
    let texts =
        || walk(neighbours.path()).into_iter().map(|path| (std::fs::read(&path).unwrap(), path)).collect::<Vec<_>>();
    let before = texts();
    let (_, found) = findings(neighbours.path(), ".");
    // A schema of the Python library, in its own dialect.
    assert!(
        found.iter().all(|(path, _, rule)| rule == "document/library-dialect" && path.contains("mlspec-lib")),
        "{found:?}"
    );
    run(neighbours.path(), &["check", ".", "--fix", "--unsafe-fixes", "--isolated"]);
    assert!(before == texts(), "a file was changed");
}

#[test]
fn a_file_of_the_specification_that_does_not_say_what_it_is_is_not_changed() {
    let Some(corpus) = corpus() else { return };
    let original = corpus.join("mlspec-repo");
    let fixed = copy(&original);
    run(fixed.path(), &["check", ".", "--fix", "--unsafe-fixes", "--isolated"]);
    for (path, _) in KINDS {
        let before = std::fs::read_to_string(original.join(path)).unwrap();
        let after = std::fs::read_to_string(fixed.path().join(path)).unwrap();
        let says_so = before.contains("\nspecVersion:")
            || before.starts_with("mlSpecVersion:")
            || before.starts_with("specVersion:");
        assert!(says_so || before == after, "{path}");
    }
}

#[test]
fn documents_of_the_python_library_are_named_as_such_and_left_alone() {
    let Some(corpus) = corpus() else { return };
    let (_, found) = findings(&corpus, "mlspec-lib");
    assert!(found.iter().all(|(.., rule)| rule == "document/library-dialect"), "{found:?}");
    // Two of the 23 files are not documents: a workflow of another tool, and an empty file.
    assert_eq!(found.len(), 21);
}

#[test]
fn the_specification_is_held_to_its_own_rules() {
    let Some(corpus) = corpus() else { return };
    let (code, found) = findings(&corpus.join("mlspec-repo"), ".");
    assert_eq!(code, 1);
    let has = |path: &str, line: u64, rule: &str| {
        assert!(
            found.iter().any(|found| *found == (path.to_owned(), line, rule.to_owned())),
            "{path}:{line} {rule}\n{found:#?}"
        );
    };
    for (path, line) in BROKEN {
        has(path, line, "document/yaml-syntax");
    }
    let run = "experiment_tracking/experiment_example.yml";
    has(run, 5, "naming/name-characters");
    has(run, 6, "document/invalid-timestamp");
    has(run, 16, "document/single-for-list");
    has(run, 20, "document/single-for-list");
    has(run, 24, "document/single-for-list");
    has(run, 17, "run/artifact-datapath");
    has(run, 25, "run/metric-value-mismatch");
    has(run, 26, "run/metric-value-type");
    for line in [6, 15, 23] {
        has("pipelines/pipeline.yml", line, "reference/floating-module");
    }
    let dataset: Vec<_> = found.iter().filter(|(path, ..)| path == "data/dataset.yml").collect();
    has("data/dataset.yml", 2, "naming/duplicate-id");
    let is_expected = |rule: &str| matches!(rule, "document/placeholder-value" | "naming/duplicate-id");
    assert!(dataset.iter().all(|(.., rule)| is_expected(rule)), "{dataset:?}");
    let syntax = found.iter().filter(|(.., rule)| rule == "document/yaml-syntax").count();
    assert_eq!(syntax, BROKEN.len());
}

#[test]
fn the_specifications_own_spellings_are_found_once_its_files_parse() {
    let Some(corpus) = corpus() else { return };
    let fixed = own_copy(&corpus);
    // Only the syntax rule is on, so that the other findings remain.
    let rules = "[rules]\ndocument = \"off\"\n\"document/yaml-syntax\" = \"error\"\n";
    let config = fixed.path().join("mlspec-lint.toml");
    let kinds = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, format!("{rules}{kinds}")).unwrap();
    run(fixed.path(), &["check", ".", "--fix"]);
    let (_, found) = findings(fixed.path(), ".");
    let model = "model_packaging/model_packaging.yaml";
    assert!(
        found.iter().any(|(path, line, rule)| path == model && *line == 112 && rule == "document/misspelt-in-spec"),
        "{found:#?}"
    );
}

#[test]
fn the_specifications_own_contradictions_are_found_once_its_files_parse() {
    let Some(corpus) = corpus() else { return };
    let fixed = own_copy(&corpus);
    run(fixed.path(), &["check", ".", "--fix"]);
    let (_, found) = findings(fixed.path(), ".");
    let of = |family: &str| -> Vec<_> {
        let is_model = |(path, _, rule): &&(String, u64, String)| path.starts_with("model") && rule.starts_with(family);
        found.iter().filter(is_model).map(|(path, line, rule)| (path.as_str(), *line, rule.as_str())).collect()
    };
    assert_eq!(
        of("reference/"),
        [
            ("model_packaging/model_packaging.yaml", 186, "reference/unknown-data-store"),
            ("model_packaging/model_scoring.yaml", 18, "reference/unknown-data-store"),
        ]
    );
    assert_eq!(of("model/"), [("model_packaging/model_packaging.yaml", 283, "model/extension-vs-framework")]);
}

/// Fixes must not change comments, or lines that they are not about.
#[test]
fn fixing_the_specification_keeps_every_comment_and_every_other_line() {
    let Some(corpus) = corpus() else { return };
    let original = corpus.join("mlspec-repo");
    let fixed = own_copy(&corpus);
    run(fixed.path(), &["check", ".", "--fix"]);
    for (path, _) in KINDS {
        let before = std::fs::read_to_string(original.join(path)).unwrap();
        let after = std::fs::read_to_string(fixed.path().join(path)).unwrap();
        let comments = |text: &str| -> Vec<String> {
            text.lines().filter(|line| line.trim_start().starts_with('#')).map(str::to_owned).collect()
        };
        assert_eq!(comments(&before), comments(&after), "{path}");
        let content = |line: &str| line.split_whitespace().collect::<String>();
        let kept: Vec<String> = before.lines().map(content).collect();
        let new: Vec<_> = after.lines().filter(|line| !kept.contains(&content(line))).collect();
        // If more than the indentation of a line is new, a fix rewrote it.
        let rewritten = [
            "- key: ",
            "license: ",
            "value: 0.77",
            "value_type: scalar",
            "version: \"1.",
            "url:",
            "_file: 2.0/assets/",
        ];
        assert!(new.iter().all(|line| rewritten.iter().any(|part| line.contains(part))), "{path}: {new:?}");
    }
}
