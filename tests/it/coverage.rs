//! `coverage` tells which steps of the lifecycle are documented, model by model, and fails where a required one is not.

use std::path::Path;

use assert_fs::TempDir;
use assert_fs::prelude::*;
use serde_json::{Value, json};

use crate::lineage::{example, run};

fn report(folder: &Path, arguments: &[&str], code: i32) -> Value {
    let all: Vec<&str> = ["coverage", "--format", "json"].iter().chain(arguments).copied().collect();
    let (out, err, own) = run(folder, &all);
    assert_eq!((own, err.as_str()), (code, ""), "{out}");
    let report: Value = serde_json::from_str(&out).unwrap();
    let validator = jsonschema::validator_for(&mlspec_lint::report::coverage_schema()).unwrap();
    let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}\n{out}");
    report
}

/// Returns the documented steps of a subject: number, the newest document, its date and age.
fn steps(subject: &Value) -> Vec<(u64, &str, &str, i64)> {
    let steps = subject["steps"].as_array().unwrap().iter().filter(|step| step["documents"] != json!([]));
    let step = |step: &'static str, subject: &'_ Value| subject[step].as_u64().unwrap();
    steps
        .map(|own| {
            let first = &own["documents"][0];
            let date = first["date"].as_str().unwrap_or("-");
            (step("number", own), first["path"].as_str().unwrap(), date, first["age_days"].as_i64().unwrap_or(-1))
        })
        .collect()
}

#[test]
fn the_steps_of_the_example_are_told_with_file_date_and_age() {
    let report = report(&example(), &[], 0);
    assert_eq!(report["newest"], "2026-09-01");
    let [subject] = report["subjects"].as_array().unwrap().as_slice() else { panic!("{report:#}") };
    assert_eq!((&subject["kind"], &subject["name"]), (&json!("model"), &json!("credit-default")));
    let found = steps(subject);
    for expected in [
        (1, "objectives/credit-default-launch.yml", "-", -1),
        (2, "data/loan-applications.ingestion.yml", "2026-08-03", 29),
        (3, "data/credit-train.profile.yml", "2026-08-04", 28),
        (4, "data/credit-features.transformation.yml", "2026-08-20", 12),
        (5, "data/credit-holdback.validation.yml", "2026-08-04", 28),
        (6, "data/credit.split.yml", "2026-08-04", 28),
        (7, "runs/2026-08-20-training/fit.yml", "2026-08-20", 12),
        (8, "reports/evaluation.yml", "2026-08-20", 12),
        (9, "reports/test.yml", "2026-08-24", 8),
        (10, "models/credit-default.model.yml", "-", -1),
        (11, "rollouts/credit-default-2-1-0.rollout.yml", "2026-08-31", 1),
        (12, "monitoring/credit-default.monitoring.yml", "-", -1),
        (13, "monitoring/2026-09-01.inference-log.jsonl", "2026-09-01", 0),
    ] {
        assert!(found.contains(&expected), "{expected:?} is not among {found:?}");
    }
    assert_eq!(subject["steps"].as_array().unwrap().len(), 13);
    // What is made up for a test of objectives needs no model, and runs that measured the model are no training.
    assert_eq!(report["unlinked"], json!([]));
    let training = subject["steps"][6]["documents"].as_array().unwrap();
    assert_eq!(training.len(), 2);
}

#[test]
fn a_required_step_that_is_not_documented_fails() {
    let copy = TempDir::new().unwrap();
    copy.copy_from(example(), &["**/*"]).unwrap();
    assert_eq!(report(copy.path(), &["--require", "objectives,7,test"], 0)["is_met"], true);
    std::fs::remove_file(copy.path().join("reports/test.yml")).unwrap();
    assert_eq!(report(copy.path(), &["--require", "objectives,7,test"], 1)["is_met"], false);
    let (out, _, code) = run(copy.path(), &["coverage", "--require", "test"]);
    assert_eq!(code, 1);
    assert!(out.contains("   9  test            not documented, and required\n"), "{out}");
    assert!(out.ends_with("model credit-default lacks what is required: test\n"), "{out}");
    // Where there is no model, nothing is met.
    let empty = TempDir::new().unwrap();
    assert_eq!(run(empty.path(), &["coverage", "--require", "test"]).2, 1);
    assert_eq!(run(empty.path(), &["coverage"]).2, 0);
}

#[test]
fn a_step_that_does_not_exist_is_wrong_usage() {
    let (_, err, code) = run(&example(), &["coverage", "--require", "evalution"]);
    assert_eq!(
        (code, err.as_str()),
        (2, "error: --require: there is no step 'evalution'; did you mean 'evaluation'?\n")
    );
    assert_eq!(run(&example(), &["coverage", "--require", "14"]).2, 2);
}

#[test]
fn models_without_documents_and_objectives_without_a_model_are_told() {
    let folder = TempDir::new().unwrap();
    let measured = "mlSpecVersion: 0.1.0\nkind: evaluation\nid: e\nname: e\nmodel: ghost@1.0.0\ndataset: d\nperformedOn: 2026-08-20T04:00:00Z\nmetrics: [{key: auc, value: 1}]\n";
    folder.child("e.yml").write_str(measured).unwrap();
    folder
        .child("o.yml")
        .write_str("mlSpecVersion: 0.1.0\nkind: objectives\nid: o\nname: house-rules\nobjectives: []\n")
        .unwrap();
    let report = report(folder.path(), &[], 0);
    let subjects = report["subjects"].as_array().unwrap();
    let named: Vec<(&str, &str)> =
        subjects.iter().map(|own| (own["kind"].as_str().unwrap(), own["name"].as_str().unwrap())).collect();
    assert_eq!(named, [("model", "ghost"), ("objectives", "house-rules")]);
    assert_eq!(steps(&subjects[0]), [(8, "e.yml", "2026-08-20", 0)]);
    assert_eq!(steps(&subjects[1]), [(1, "o.yml", "-", -1)]);
}

#[test]
fn what_is_said_of_a_model_that_takes_its_place_is_not_said_of_it() {
    let folder = TempDir::new().unwrap();
    folder
        .child("m.yml")
        .write_str("mlSpecVersion: 0.1.0\nkind: model\nname: old\n---\nmlSpecVersion: 0.1.0\nkind: model\nname: new\n")
        .unwrap();
    let objectives = "mlSpecVersion: 0.1.0\nkind: objectives\nid: o\nname: launch\nmodel: new\nobjectives: []\nrollback: {to: old}\n";
    folder.child("o.yml").write_str(objectives).unwrap();
    let report = report(folder.path(), &[], 0);
    let subjects = report["subjects"].as_array().unwrap();
    let documented: Vec<(&str, u64)> =
        subjects.iter().map(|own| (own["name"].as_str().unwrap(), own["documented"].as_u64().unwrap())).collect();
    assert_eq!(documented, [("new", 2), ("old", 1)]);
    assert_eq!(report["unlinked"], json!([]));
}

#[test]
fn the_examples_of_all_kinds_document_all_steps_of_their_model() {
    let documents = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/documents");
    let report = report(&documents, &[], 0);
    let subjects = report["subjects"].as_array().unwrap();
    let model = subjects.iter().find(|own| own["name"] == "card-default").unwrap();
    assert_eq!(model["documented"], 13, "{model:#}");
    assert_eq!(report["unlinked"], json!([]));
}

#[test]
fn a_run_of_no_model_is_told_unless_a_test_of_objectives_names_its_file() {
    let folder = TempDir::new().unwrap();
    let run_named =
        |name: &str| format!("mlSpecVersion: 0.1.0\nkind: run\nid: {name}\nname: {name}\nhyperparameters: []\n");
    folder.child("fixtures/weak.yml").write_str(&run_named("weak")).unwrap();
    folder.child("fixtures/lost.yml").write_str(&run_named("lost")).unwrap();
    let objectives = "mlSpecVersion: 0.1.0\nkind: objectives\nid: o\nname: o\nmodel: m\nobjectives: []\ntests: [{name: t, given: ./../fixtures/weak.yml, gate: fail}]\n";
    folder.child("m/o.yml").write_str(objectives).unwrap();
    let report = report(folder.path(), &[], 0);
    let unlinked = report["unlinked"].as_array().unwrap();
    assert_eq!(unlinked.iter().map(|own| own["name"].as_str().unwrap()).collect::<Vec<_>>(), ["lost"]);
}

#[test]
fn a_rollout_is_as_old_as_its_last_stage() {
    let folder = TempDir::new().unwrap();
    let rollout = "mlSpecVersion: 0.2.0\nkind: rollout\nid: r\nname: r\nmodel: m\nenvironment: production\nstrategy: canary\nresult: running\n\
                   stages:\n  - {traffic: 1%, from: 2026-08-26T08:00:00Z, until: 2026-08-27T08:00:00Z, result: passed}\n  - {traffic: 9%, from: 2026-08-28, result: running}\n";
    let measured = "---\nmlSpecVersion: 0.1.0\nkind: evaluation\nid: e\nname: e\nmodel: m\ndataset: d\nperformedOn: 2026-08-20T04:00:00Z\nmetrics: [{key: auc, value: 1}]\n";
    folder.child("all.yml").write_str(&(rollout.to_owned() + measured)).unwrap();
    let report = report(folder.path(), &[], 0);
    assert_eq!(report["newest"], "2026-08-28");
    assert_eq!(steps(&report["subjects"][0]), [(8, "all.yml", "2026-08-20", 8), (11, "all.yml", "2026-08-28", 0)]);
}

/// Returns the length of the table of `count` models, each made by a run of one chain, as text and as JSON.
fn size(count: usize) -> [usize; 2] {
    use std::fmt::Write;
    let mut text = String::new();
    for at in 0..count {
        let _ = write!(
            text,
            "---\nmlSpecVersion: 0.1.0\nkind: run\nid: r{at}\nname: r{at}\nparent_run_id: r{}\nartifacts: [{{key: m, modelDigest: \"{at:064}\"}}]\n\
             ---\nmlSpecVersion: 0.1.0\nkind: model\nname: m{at}\nmodelDigest: \"{at:064}\"\n",
            at + 1
        );
    }
    let folder = TempDir::new().unwrap();
    folder.child("all.yml").write_str(&text).unwrap();
    let (human, _, code) = run(folder.path(), &["coverage", "--require", "training"]);
    assert_eq!(code, 0, "{human}");
    [human.len(), report(folder.path(), &[], 0).to_string().len()]
}

#[test]
fn models_that_share_their_runs_cost_no_more_than_others() {
    for (small, large) in size(60).into_iter().zip(size(120)) {
        assert!(large * 10 <= small * 22, "{small} became {large}");
    }
}

/// A step is documented by what holds: nothing that is archived, that failed, or that measured nothing.
#[test]
fn what_no_longer_holds_documents_no_step() {
    for (file, from, to, step) in [
        ("objectives/credit-default-launch.yml", "status: Active", "status: Archived", "objectives"),
        (
            "monitoring/credit-default.monitoring.yml",
            "kind: monitoring\n",
            "kind: monitoring\nstatus: Archived\n",
            "monitoring",
        ),
        (
            "models/credit-default.model.yml",
            "mlSpecVersion: 0.1.0\nkind: model\n",
            // Not the file that was tested.
            "mlSpecVersion: 0.2.0\nkind: model\nmodelDigest: sha256:504095130da5d112ec805ff1d95ca17d659385c77ffbe819704cd20695c1442e\n",
            "test",
        ),
        ("reports/test.yml", "metrics:\n", "metrics: []\nx-metrics:\n", "test"),
        ("reports/evaluation.yml", "metrics:\n", "metrics: []\nx-metrics:\n", "evaluation"),
    ] {
        let folder = assert_fs::TempDir::new().unwrap();
        folder.copy_from(example(), &["**/*"]).unwrap();
        let require = ["coverage", "--require", step];
        let (out, err, code) = run(folder.path(), &require);
        assert_eq!(code, 0, "{out}{err}");
        let path = folder.path().join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file}");
        let text = text.replace("status: Active\n", if from.starts_with("kind") { "" } else { "status: Active\n" });
        std::fs::write(&path, text.replacen(from, to, 1)).unwrap();
        let (out, _, code) = run(folder.path(), &require);
        assert!(code == 1 && out.contains(&format!("lacks what is required: {step}")), "{file}: {out}");
    }
}
