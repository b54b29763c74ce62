//! A field is the same in all its spellings: nothing is missed because of them, and nothing is wrongly found.

use std::sync::Arc;

use mlspec_lint::analysis::{Options, conclude, examine, lint_text};
use mlspec_lint::documents::Kind;
use mlspec_lint::schema;
use mlspec_lint::text::Source;
use mlspec_lint::yaml::{self, Framing, Limits, json};

/// Returns the rules that find something in some files, except those about the spelling itself, with the text that they point at.
fn found(files: &[(&str, &str)]) -> Vec<(&'static str, String)> {
    let options = Options::default();
    let examined: Vec<_> = files.iter().map(|(name, text)| examine(name, *text, &options)).collect();
    let reports = conclude(&examined, &[], &options);
    let of_report = |report: &mlspec_lint::analysis::FileReport| {
        let place = |finding: &mlspec_lint::diagnostics::Finding| report.source.slice(finding.place.span).to_owned();
        report.findings.iter().map(|finding| (finding.rule.id, place(finding))).collect::<Vec<_>>()
    };
    let is_spelling = |id: &str| matches!(id, "document/field-spelling" | "document/misspelt-in-spec");
    reports.iter().flat_map(of_report).filter(|(id, _)| !is_spelling(id)).collect()
}

/// Asserts that a document with keys in another spelling has the same findings as in the canonical spelling.
#[track_caller]
fn assert_same(text: &str, spellings: &[(&str, &str)], others: &[(&str, &str)]) -> Vec<(&'static str, String)> {
    let canonical = found(&[&[("a.yml", text)], others].concat());
    for (key, spelling) in spellings {
        let respelt = text.replace(&format!("{key}:"), &format!("{spelling}:"));
        assert_ne!(respelt, text, "{key} is in the document");
        assert_eq!(found(&[&[("a.yml", respelt.as_str())], others].concat()), canonical, "{spelling}: {respelt}");
    }
    canonical
}

const RUN: &str = "\
mlSpecVersion: 0.1.0
kind: run
id: 0b1c9f5e-6f6a-4f0e-9f5c-3f9a4f8f2d11
name: churn-fit
experiment_id: churn
submitterId: ada
submittedDate: 2024-05-01T10:00:00Z
status: finished
model: churn
artifacts:
- key: model
  path: {RelativePath: out/model.onnx}
- key: model
  path: {RelativePath: out/other.onnx}
";

#[test]
fn artifacts_with_one_name_are_found_in_any_spelling() {
    let found = assert_same(
        RUN,
        &[("artifacts", "Artifacts"), ("key", "Key"), ("artifacts", "ARTIFACTS"), ("experiment_id", "experimentId")],
        &[],
    );
    assert!(found.iter().any(|(id, _)| *id == "naming/artifact-name-not-unique"), "{found:?}");
}

const EVALUATION: &str = "\
mlSpecVersion: 0.1.0
kind: evaluation
model: churn
dataset: churn-validation
datasetDigest: sha256:7d793037a0760186574b0282f2f435e7d793037a0760186574b0282f2f435e70
performedOn: 2024-05-01T10:00:00Z
metrics: [{key: recall, value: 0.9}]
";

const TEST: &str = "\
mlSpecVersion: 0.1.0
kind: test
model: churn
dataset: churn-holdback
datasetDigest: sha256:1d793037a0760186574b0282f2f435e7d793037a0760186574b0282f2f435e71
performedOn: 2024-05-02T10:00:00Z
metrics: [{key: recall, value: 0.9}]
";

#[test]
fn hold_back_data_with_a_digest_of_its_own_is_not_reused_in_any_spelling() {
    let spellings = [("datasetDigest", "dataset_digest"), ("datasetDigest", "DatasetDigest"), ("dataset", "Dataset")];
    let found = assert_same(TEST, &spellings, &[("b.yml", EVALUATION)]);
    assert!(!found.iter().any(|(id, _)| *id == "split/holdout-reused"), "{found:?}");
    let reused = TEST.replace("sha256:1d", "sha256:7d").replace("f71\n", "f70\n").replace("e71\n", "e70\n");
    let found = assert_same(&reused, &spellings, &[("b.yml", EVALUATION)]);
    assert!(found.iter().any(|(id, _)| *id == "split/holdout-reused"), "{found:?}");
}

#[test]
fn a_reference_is_a_reference_in_any_spelling() {
    let text = TEST.replace("model: churn", "model: chrun");
    let model =
        "mlSpecVersion: 0.1.0\nkind: model\nname: churn\nmodel_identifier: churn\ndescription: Finds who leaves.\n";
    let spellings = [("model", "Model"), ("metrics", "Metrics"), ("performedOn", "performed_on")];
    let found = assert_same(&text, &spellings, &[("m.yml", model)]);
    assert!(found.iter().any(|(id, place)| *id == "reference/unresolved-object" && place == "chrun"), "{found:?}");
}

#[test]
fn what_is_in_a_field_of_another_spelling_is_validated() {
    let found = assert_same(
        "mlSpecVersion: 0.1.0\nkind: model\nname: a\nserve:\n  model_source:\n    servable_model: {bucket: credit, path: 5}\n",
        &[("model_source", "modelSource"), ("servable_model", "servableModel"), ("serve", "Serve")],
        &[],
    );
    assert!(found.iter().any(|(id, place)| *id == "document/wrong-type" && place == "5"), "{found:?}");
}

#[test]
fn free_names_are_not_spellings_of_fields() {
    // A step may have the name of a field, and so may a label.
    let text = "mlSpecVersion: 0.1.0\nkind: pipeline\nid: 0b1c9f5e-6f6a-4f0e-9f5c-3f9a4f8f2d11\nname: p\nsteps:\n  Name: {cmd: a, outs: [{path: x}]}\n  name: {cmd: b, deps: [{path: x}]}\n";
    let found = found(&[("a.yml", text)]);
    assert!(!found.iter().any(|(id, _)| *id == "document/duplicate-key"), "{found:?}");
}

/// An editor, which knows only the published schema, must not accept a field in two spellings, which the checker reports as a duplicate
/// key.
#[test]
fn the_published_schema_rejects_two_spellings_of_one_field() {
    for kind in Kind::ALL {
        let published =
            jsonschema::options().offline().build(&schema::generate(*kind)).expect("a schema that compiles");
        let path = format!("{}/examples/documents/{kind}.yml", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).expect("an example of each kind");
        for (name, synonym) in [("id", "Id"), ("name", "Name"), ("description", "Description")] {
            let tree = yaml::parse(Arc::new(Source::new("a.yml", &*text)), Limits::default(), Framing::Stream);
            let mut value = json::to_value(&tree, tree.documents()[0].root.expect("a document"));
            assert!(published.is_valid(&value), "{kind}");
            let Some(given) = value.get(name).cloned() else { continue };
            value[synonym] = given;
            assert!(!published.is_valid(&value), "{kind}: {name} and {synonym}");
            let report = lint_text("a.yml", &value.to_string(), &Options::default());
            assert!(
                report.findings.iter().any(|finding| finding.rule.id == "document/duplicate-key"),
                "{kind}: {synonym}"
            );
        }
    }
}

#[test]
fn the_query_of_a_dataflow_is_not_that_of_a_datapath() {
    let about = |location: &str| {
        let text = format!(
            "kind: dataset\nmlSpecVersion: 0.1.0\nid: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11\nname: loans\nstate: Active\nversion: 1.0.0\n\
             location: {location}\n"
        );
        let report = lint_text("a.yml", &text, &Options::default());
        let spelling = report.findings.iter().filter(|finding| finding.rule.id == "document/field-spelling");
        spelling.map(|finding| report.source.slice(finding.place.span).to_owned()).collect::<Vec<_>>()
    };
    for dataflow in ["{query: select 1, script: loans.sql}", "{query: select 1}", "{table: loans, script: loans.sql}"] {
        assert_eq!(about(dataflow), [""; 0], "{dataflow}");
    }
    assert_eq!(about("{DataStore: lake, query: select 1}"), ["query"]);
    assert_eq!(about("{data_store: lake, table: loans}"), ["data_store", "table"]);
}
