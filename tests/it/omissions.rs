//! What a document must say cannot be replaced by something that says nothing: a blank, a misspelt key, a value of another type.

use mlspec_lint::analysis::{Options, lint_text};
use mlspec_lint::diagnostics::Severity;

const RECORD: &str = "kind: inference-prediction\nmlSpecVersion: 0.1.0\nrequestId: r-1\nrequestTimestamp: 2026-08-22T09:30:00Z\n\
                      modelId: credit/1.2.0\napplicationId: portal\nprediction: 0.4\n";
const PIPELINE: &str = "kind: pipeline\nmlSpecVersion: 0.1.0\nid: 5b8e1f0c-2a4d-4c1e-8a77-9d3f6b0c4e21\nname: credit\n\
                        stage: published\nstatus: Active\nsteps: {fit: {moduleName: fit@1.0.0, after: [], inputs: {a: {from: data.a}}}}\n\
                        data: {a: loans}\npipeline: [fit]\n";
const MODULE: &str = "kind: module\nmlSpecVersion: 0.1.0\nid: 5b8e1f0c-2a4d-4c1e-8a77-9d3f6b0c4e21\nname: fit\nstatus: Active\n\
                      createdUtc: 2026-07-01T09:30:00Z\nversions: [{version: 1.0.0, id: 0d9a7c35-6e1b-4f58-9b02-1c4e8f7a3d66}]\n";
const RUN: &str = "kind: run\nmlSpecVersion: 0.1.0\nid: a4b4f0de-58b1-4cf2-9e0c-7d1f9a3c5b20\nname: launch\n\
                   hyperparameters: [{key: seed, value: 17}]\n\
                   code: {repository: 'https://git.example.com/credit', commit: 5f2d7c1b9e0a4c8d6b3f1a2e7d9c0b8a4e6f5d31}\n\
                   datasets: [{key: loans, role: training, dataset: loans@1.0.0}]\nchild_run_ids: []\n\
                   metrics: [{key: loss, value: 0.5, dataset: dev}]\n\
                   artifacts: [{key: weights, artifact_type: MODEL, path: {DataStore: lake, RelativePath: w.bin}}]\n";

/// Returns the findings of a document with one change, as `severity rule`.
fn found(document: &str, from: &str, to: &str) -> Vec<String> {
    assert!(document.contains(from), "{from}");
    let report = lint_text("a.yml", &document.replacen(from, to, 1), &Options::default());
    report.findings.iter().map(|finding| format!("{:?} {}", finding.severity, finding.rule.id)).collect()
}

fn is_error(findings: &[String]) -> bool {
    let error = format!("{:?} ", Severity::Error);
    findings.iter().any(|finding| finding.starts_with(&error))
}

#[test]
fn the_documents_say_what_they_must() {
    for document in [RECORD, PIPELINE, MODULE, RUN] {
        assert_eq!(found(document, "kind", "kind"), [""; 0], "{document}");
    }
}

#[test]
fn blank_text_is_as_good_as_none() {
    for blank in ["\"\"", "\"  \"", "'\\t'", "~"] {
        for (document, key, value) in [
            (RECORD, "requestId", "r-1"),
            (RECORD, "modelId", "credit/1.2.0"),
            (RECORD, "applicationId", "portal"),
            (PIPELINE, "id", "5b8e1f0c-2a4d-4c1e-8a77-9d3f6b0c4e21"),
            (PIPELINE, "moduleName", "fit@1.0.0"),
            (PIPELINE, "from", "data.a"),
            (RUN, "path", "{DataStore: lake, RelativePath: w.bin}"),
            (RUN, "DataStore", "lake"),
            (RUN, "key", "loss"),
        ] {
            let blank = if blank == "'\\t'" { "\"\\t\"" } else { blank };
            let findings = found(document, &format!("{key}: {value}"), &format!("{key}: {blank}"));
            assert!(is_error(&findings), "{key}: {blank}: {findings:?}");
        }
    }
    // Where nothing is demanded, blank text is as superfluous as empty text.
    for blank in ["\"\"", "\"  \""] {
        assert_eq!(found(RUN, "dataset: dev", &format!("dataset: {blank}")), ["Warning document/empty-string"]);
    }
}

#[test]
fn a_misspelt_key_of_a_list_is_not_one_of_the_top_level() {
    assert_eq!(found(MODULE, "{version:", "{versions:"), ["Error document/unknown-field"]);
    assert_eq!(found(RUN, "value: 0.5, dataset:", "value: 0.5, datasets:"), ["Error document/unknown-field"]);
    assert_eq!(found(MODULE, "{version:", "{versons:"), ["Error document/unknown-field"]);
    // It is what it is where nothing of that name is missing.
    assert_eq!(found(MODULE, "{version:", "{versions: 1, version:"), ["Warning document/misplaced-field"]);
    assert_eq!(
        found(RUN, "{key: loss,", "{key: loss, submittedDate: 2026-08-22T09:30:00Z,"),
        ["Warning document/misplaced-field"]
    );
}

#[test]
fn a_value_of_another_type_is_not_the_only_item_of_a_list() {
    for (document, from, to) in [
        (RUN, "child_run_ids: []", "child_run_ids: 7"),
        (PIPELINE, "after: []", "after: true"),
        (RECORD, "modelId: credit/1.2.0", "modelInfo: {models: 1.5}"),
        (RECORD, "prediction: 0.4", "prediction: 0.4\nfeedbackActions: true"),
    ] {
        let findings = found(document, from, to);
        assert_eq!(
            findings.iter().filter(|finding| *finding == "Error document/wrong-type").count(),
            1,
            "{to}: {findings:?}"
        );
    }
    let findings = found(RECORD, "prediction: 0.4", "prediction: 0.4\nfeedbackActions: edited");
    assert_eq!(findings, ["Warning document/single-for-list"]);
}
