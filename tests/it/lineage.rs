//! `lineage` answers what an object came from, and what came of it; what is not known is said, and no document makes it cost more than it is long.

use std::fs;
use std::path::Path;
use std::process::Command;

use assert_fs::TempDir;
use assert_fs::prelude::*;
use mlspec_lint::lineage::Question;
use serde_json::{Value, json};

/// Runs a command in a folder. Returns what it prints on standard output and on standard error, and its exit code.
pub fn run(folder: &Path, arguments: &[&str]) -> (String, String, i32) {
    let output = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"))
        .args(arguments)
        .current_dir(folder)
        .envs([("NO_COLOR", "1"), ("LC_ALL", "C.UTF-8"), ("GITHUB_ACTIONS", "false")])
        .output()
        .unwrap();
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    (out, err, output.status.code().unwrap())
}

pub fn example() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/credit-default")
}

/// Returns the report as JSON, which the published schema describes.
fn report(folder: &Path, arguments: &[&str]) -> Value {
    let all: Vec<&str> = ["lineage"].iter().chain(arguments).chain(&["--format", "json"]).copied().collect();
    let (out, err, code) = run(folder, &all);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let report: Value = serde_json::from_str(&out).unwrap();
    let validator = jsonschema::validator_for(&mlspec_lint::report::lineage::lineage_schema()).unwrap();
    let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}\n{out}");
    report
}

/// Returns name, value, reason and file of each answer.
pub fn answers(folder: &Path, name: &str, question: &str) -> Vec<[String; 4]> {
    let report = report(folder, &[name, "--question", question]);
    assert_eq!(report["question"], question);
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let answers = report["answers"].as_array().unwrap();
    answers.iter().map(|answer| ["name", "value", "because", "path"].map(|key| text(&answer[key]))).collect()
}

pub fn unknown(folder: &Path, arguments: &[&str]) -> Vec<String> {
    let report = report(folder, arguments);
    report["unknown"].as_array().unwrap().iter().map(|said| said.as_str().unwrap().to_owned()).collect()
}

fn folder(documents: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in documents {
        folder.child(name).write_str(text).unwrap();
    }
    folder
}

#[test]
fn every_question_of_the_example_has_its_answer() {
    const FIT: &str = "runs/2026-08-20-training/fit.yml";
    const MODEL: &str = "models/credit-default.model.yml";
    const ARTIFACT: &str = "models/credit-model.artifact.yml";
    const TRAIN: &str = "contoso-credit/splits/1.2.0/train.parquet";
    let read = ["credit-train@1.2.0", TRAIN, "read as training by run fit-2026-08-20", FIT];
    let named = ["credit-train@1.2.0", TRAIN, "named by model credit-default", MODEL];
    let produced = |value| ["credit-model-2-1-0", value, "produced by run fit-2026-08-20", ARTIFACT];
    let place = "contoso-credit/models/credit-default/2.1.0/model.txt";
    let pipeline_run = [
        "train-credit-default-2026-08-20",
        "execution of train-credit-default",
        "started run fit-2026-08-20",
        "runs/2026-08-20-training/pipeline-run.yml",
    ];
    let rows: &[(&str, &str, &[[&str; 4]])] = &[
        ("fit-2026-08-20", "inputs", &[read]),
        ("train-credit-default/fit", "inputs", &[read]),
        ("train-credit-default-2026-08-20/fit", "artifacts", &[produced("-")]),
        ("fit-2026-08-20", "artifacts", &[produced("-")]),
        ("fit-2026-08-20", "locations", &[produced(place)]),
        ("fit-2026-08-20", "types", &[produced("MODEL")]),
        ("credit-default", "training-data", &[read, named]),
        ("credit-model-2-1-0", "training-data", &[read]),
        (
            "credit-default",
            "hyperparameters",
            &[
                ["learning_rate", "0.04", "of run fit-2026-08-20", FIT],
                ["num_leaves", "63", "of run fit-2026-08-20", FIT],
                ["learning_rate", "0.04", "of model credit-default", MODEL],
                ["num_leaves", "63", "of model credit-default", MODEL],
            ],
        ),
        (
            "fit-2026-08-20",
            "metrics",
            &[["log_loss on credit-train@1.2.0 at step 400", "0.2217", "measured by run fit-2026-08-20", FIT]],
        ),
        ("credit-default", "pipeline-run", &[pipeline_run]),
        ("credit-model-2-1-0", "pipeline-run", &[pipeline_run]),
        ("credit-default", "other-models", &[]),
        ("credit-train", "other-models", &[["credit-default", "-", "trained on credit-train@1.2.0", MODEL]]),
        ("credit-default", "framework", &[["lightgbm", "4.5.0", "named by model credit-default", MODEL]]),
        ("credit-model-2-1-0", "framework", &[["lightgbm", "4.5.0", "named by model credit-default", MODEL]]),
    ];
    for (name, question, expected) in rows {
        assert_eq!(answers(&example(), name, question), *expected, "{question} of {name}");
    }
    let asked: Vec<&str> = rows.iter().map(|(_, question, _)| *question).collect();
    assert!(Question::ALL.iter().all(|question| asked.contains(&question.name())));
    // Each of them is also a sentence for people.
    for question in Question::ALL {
        let (out, _, code) = run(&example(), &["lineage", "credit-default", "--question", question.name()]);
        assert!(code == 0 && out.lines().count() > 2, "{out}");
    }
    assert_eq!(
        unknown(&example(), &["credit-default", "--question", "other-models"]),
        ["no other model is known to be trained on credit-train@1.2.0"]
    );
}

#[test]
fn metrics_are_told_with_their_data_and_slice() {
    let metrics = answers(&example(), "credit-default", "metrics");
    let slice = [
        "recall on credit-holdback@1.0.0 [age_group=over-60]",
        "0.7045",
        "measured by test credit-default-test-2026-08",
        "reports/test.yml",
    ];
    assert!(metrics.iter().any(|row| *row == slice), "{metrics:?}");
    assert_eq!(metrics.len(), 11);
    // Those of its file are the same.
    let mut of_file = answers(&example(), "credit-model-2-1-0", "metrics");
    of_file.sort();
    let mut of_model = metrics;
    of_model.sort();
    assert_eq!(of_file, of_model);
}

#[test]
fn the_inputs_of_the_steps_of_a_pipeline_are_those_of_its_graph() {
    let inputs = answers(&example(), "train-credit-default", "inputs");
    let named: Vec<(&str, &str)> = inputs.iter().map(|[name, value, ..]| (name.as_str(), value.as_str())).collect();
    for expected in [
        ("prepare.applications", "data.train (credit-train@1.2.0)"),
        ("fit.features", "prepare.features"),
        ("evaluate.data", "data.validation (credit-validation@1.2.0)"),
    ] {
        assert!(named.contains(&expected), "{named:?}");
    }
}

/// Returns the edges between two things that are named, with the name of the relation.
fn edges(report: &Value) -> Vec<(String, String, String)> {
    let things = report["things"].as_array().unwrap();
    let title = |id: &Value| {
        let thing = &things[usize::try_from(id.as_u64().unwrap()).unwrap()];
        format!("{} {}", thing["kind"].as_str().unwrap(), thing["name"].as_str().unwrap())
    };
    let edges = report["edges"].as_array().unwrap().iter();
    edges
        .map(|edge| (title(&edge["from"]), edge["relation"].as_str().unwrap().to_owned(), title(&edge["to"])))
        .collect()
}

#[test]
fn the_whole_leads_from_the_data_to_the_log() {
    let report = report(&example(), &["credit-default"]);
    assert_eq!(report["unknown"], json!([]));
    let edges = edges(&report);
    for (from, relation, to) in [
        ("dataset credit-train@1.2.0", "read by", "run fit-2026-08-20"),
        ("pipeline-run train-credit-default-2026-08-20", "started", "run fit-2026-08-20"),
        ("pipeline train-credit-default", "executed by", "pipeline-run train-credit-default-2026-08-20"),
        ("module-version fit-credit-model@2.1.0", "is a step of", "pipeline train-credit-default"),
        ("run fit-2026-08-20", "produced", "artifact credit-model-2-1-0"),
        ("artifact credit-model-2-1-0", "stored as", "place contoso-credit/models/credit-default/2.1.0/model.txt"),
        ("place contoso-credit/models/credit-default/2.1.0/model.txt", "is that of", "model credit-default"),
        ("model credit-default", "measured by", "evaluation credit-default-evaluation-2026-08"),
        ("model credit-default", "measured by", "test credit-default-test-2026-08"),
        ("model credit-default", "judged by", "objectives credit-default-launch"),
        ("model credit-default@2.1.0", "answered", "inference-log 3 records"),
    ] {
        let edge = (from.to_owned(), relation.to_owned(), to.to_owned());
        assert!(edges.contains(&edge), "{edge:?} is not among {edges:#?}");
    }
    // What it was measured on is not what it came from.
    let side = |name: &str| {
        let things = report["things"].as_array().unwrap();
        things.iter().find(|thing| thing["name"] == name).map(|thing| thing["side"].clone())
    };
    assert_eq!(side("credit-train@1.2.0"), Some(json!("earlier")));
    assert_eq!(side("credit-holdback@1.0.0"), None);
}

#[test]
fn a_version_has_what_is_said_about_it_and_about_all() {
    let text = "{\"mlSpecVersion\": \"0.1.0\", \"kind\": \"inference-log\", \"requestInfo\": {\"requestId\": \"r\", \"requestTimestamp\": \"2026-09-01T08:00:03Z\"}, \"modelInfo\": {\"models\": [\"m/VERSION\"]}}\n";
    let folder = folder(&[
        ("a.jsonl", &text.replace("VERSION", "1.0.0")),
        ("b.jsonl", &text.replace("VERSION", "2.0.0")),
        ("m.yml", "mlSpecVersion: 0.1.0\nkind: model\nname: m\n"),
        (
            "e.yml",
            "mlSpecVersion: 0.1.0\nkind: evaluation\nid: e\nname: e\nmodel: m\ndataset: d\nperformedOn: 2026-08-20T04:00:00Z\nmetrics: [{key: auc, value: 1}]\n",
        ),
    ]);
    let report = report(folder.path(), &["m@2.0.0"]);
    let things: Vec<&str> =
        report["things"].as_array().unwrap().iter().map(|thing| thing["path"].as_str().unwrap_or("-")).collect();
    assert!(things.contains(&"b.jsonl") && things.contains(&"e.yml") && !things.contains(&"a.jsonl"), "{things:?}");
    let (_, err, code) = run(folder.path(), &["lineage", "m@3.0.0"]);
    assert_eq!((code, err.as_str()), (2, "error: nothing here is called 'm@3.0.0'; did you mean m?\n"));
}

#[test]
fn a_name_that_means_nothing_or_too_much_is_told_with_those_that_mean_something() {
    let (_, err, code) = run(&example(), &["lineage", "credit-defualt"]);
    assert_eq!(
        (code, err.as_str()),
        (2, "error: nothing here is called 'credit-defualt'; did you mean credit-default?\n")
    );
    let run_named = |id: &str| {
        format!(
            "mlSpecVersion: 0.1.0\nkind: run\nid: {id}\nname: churn\nexperiment_id: x\nsubmittedDate: 2026-08-20T05:00:00Z\nsubmitterId: a\n"
        )
    };
    let folder = folder(&[
        ("a.yml", &run_named("11111111-0000-4000-8000-000000000000")),
        ("b.yml", &run_named("22222222-0000-4000-8000-000000000000")),
        ("m.yml", "mlSpecVersion: 0.1.0\nkind: model\nname: churn\n"),
    ]);
    let (_, err, code) = run(folder.path(), &["lineage", "churn"]);
    assert_eq!(code, 2);
    for part in ["model:churn (m.yml)", "run:11111111-0000-4000-8000-000000000000 (a.yml)"] {
        assert!(err.contains(part), "{err}");
    }
    for name in ["model:churn", "run:22222222-0000-4000-8000-000000000000", "22222222-0000-4000-8000-000000000000"] {
        assert_eq!(run(folder.path(), &["lineage", name]).2, 0, "{name}");
    }
    // A pipeline that ran twice has two runs of a step.
    let twice = |at: u8| {
        format!(
            "mlSpecVersion: 0.1.0\nkind: pipeline-run\nid: p{at}\nname: p{at}\npipeline: train\nsteps: {{fit: {{run: fit-{at}}}}}\n"
        )
    };
    folder.child("p.yml").write_str(&format!("{}---\n{}", twice(1), twice(2))).unwrap();
    let (_, err, code) = run(folder.path(), &["lineage", "train/fit"]);
    assert!(code == 2 && err.contains("nothing here is called"), "{err}");
    folder
        .child("t.yml")
        .write_str("mlSpecVersion: 0.1.0\nkind: pipeline\nname: train\nsteps: {fit: {moduleName: m}}\n")
        .unwrap();
    let (_, err, code) = run(folder.path(), &["lineage", "train/fit"]);
    assert!(code == 2 && err.contains("run:fit-1") && err.contains("run:fit-2"), "{err}");
    assert_eq!(run(folder.path(), &["lineage", "p2/fit"]).2, 0);
    let (_, err, code) = run(folder.path(), &["lineage", "churn", "nowhere"]);
    assert!(code == 2 && err.contains("nowhere"), "{err}");
}

/// Another run on the same data, whose model is the same file as that of an artifact by its digest.
const OTHER: &str = "\
mlSpecVersion: 0.1.0
kind: run
id: 0f000000-0000-4000-8000-000000000000
name: fit-scorecard
experiment_id: x
submittedDate: 2026-08-21T05:00:00Z
submitterId: a
datasets:
  - {key: train, role: train, dataset: credit-train@1.2.0}
artifacts:
  - {key: scorecard, artifact_type: MODEL, modelDigest: sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA}
---
mlSpecVersion: 0.1.0
kind: model
name: scorecard-2026
modelDigest: sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
framework: {name: sklearn}
";

#[test]
fn other_models_from_the_same_data_are_found_by_the_digest_of_their_files() {
    let copy = TempDir::new().unwrap();
    copy.copy_from(example(), &["**/*"]).unwrap();
    copy.child("other.yml").write_str(OTHER).unwrap();
    let found = answers(copy.path(), "credit-default", "other-models");
    assert_eq!(found, [["scorecard-2026", "-", "trained on credit-train@1.2.0", "other.yml"]]);
    let data = answers(copy.path(), "scorecard-2026", "training-data");
    assert_eq!(data.len(), 1);
    assert_eq!(data[0][2], "read as train by run fit-scorecard");
    let unknown = unknown(copy.path(), &["scorecard-2026"]);
    for said in [
        "run fit-scorecard names no hyperparameters",
        "no pipeline run started run fit-scorecard",
        "model scorecard-2026 does not say which version of sklearn",
        "no test measures model scorecard-2026",
        "no inference record names model scorecard-2026",
    ] {
        assert!(unknown.iter().any(|own| own == said), "{said}: {unknown:#?}");
    }
}

#[test]
fn what_nobody_says_is_said_to_be_unknown() {
    let folder = folder(&[("m.yml", "mlSpecVersion: 0.1.0\nkind: model\nname: m\n")]);
    let no_run = "no run is known to have made model m: no artifact has the digest or the place of its file";
    assert_eq!(
        unknown(folder.path(), &["m"]),
        [
            no_run,
            "nothing that was measured of model m is documented",
            "no document names the framework of model m",
            "no evaluation measures model m",
            "no test measures model m",
            "no objectives judge model m",
            "no inference record names model m",
        ]
    );
    for question in ["inputs", "artifacts", "training-data", "hyperparameters", "pipeline-run", "other-models"] {
        assert_eq!(unknown(folder.path(), &["m", "--question", question]), [no_run], "{question}");
    }
    let (out, _, _) = run(folder.path(), &["lineage", "m"]);
    assert!(out.contains("came from\n  nothing that is documented\n") && out.contains(no_run), "{out}");
    // What is named and has no document is shown as such.
    folder.child("o.yml").write_str("mlSpecVersion: 0.1.0\nkind: objectives\nid: o\nname: o\nmodel: ghost\nobjectives: []\nbaseline: {run: nowhere}\n").unwrap();
    assert!(unknown(folder.path(), &["ghost"]).contains(&"no document describes model ghost".to_owned()));
    let (out, _, _) = run(folder.path(), &["lineage", "o"]);
    assert!(out.contains("compare with  run nowhere  (no document)"), "{out}");
}

#[test]
fn cycles_end() {
    let run_of = |own: &str, parent: &str| {
        format!(
            "mlSpecVersion: 0.1.0\nkind: run\nid: {own}\nname: run-{own}\nparent_run_id: {parent}\nchild_run_ids: [{parent}]\ndatasets: [{{key: a, dataset: {own}}}]\n"
        )
    };
    let data = |own: &str, other: &str| {
        format!(
            "mlSpecVersion: 0.1.0\nkind: dataset\nid: {own}-data\nname: {own}\nreplacedBy: {other}\nlocation: x/{own}\n"
        )
    };
    let folder = folder(&[
        ("a.yml", &run_of("a", "b")),
        ("b.yml", &run_of("b", "a")),
        ("c.yml", &run_of("c", "c")),
        ("d.yml", &data("a", "b")),
        ("e.yml", &data("b", "a")),
    ]);
    for name in ["run-a", "run-b", "run-c", "a-data"] {
        let report = report(folder.path(), &[name]);
        assert!(report["things"].as_array().unwrap().len() <= 5, "{report:#}");
        assert_eq!(run(folder.path(), &["lineage", name]).2, 0);
        for question in Question::ALL {
            assert_eq!(run(folder.path(), &["lineage", name, "--question", question.name()]).2, 0);
        }
    }
}

/// Returns the number of bytes that the lineage of a model has as text and as JSON, and its number of edges, for a workspace of `count`
/// artifacts and evaluations of one digest, and a chain of `count` runs.
fn size(count: usize) -> [usize; 3] {
    use std::fmt::Write;
    let digest = "a".repeat(64);
    let mut text = String::from("mlSpecVersion: 0.1.0\nkind: model\nname: m\nmodelDigest: ");
    let _ = writeln!(text, "{digest}");
    for at in 0..count {
        let _ = write!(
            text,
            "---\nmlSpecVersion: 0.1.0\nkind: run\nid: r{at}\nname: r{at}\nparent_run_id: r{}\nhyperparameters: []\n\
             ---\nmlSpecVersion: 0.1.0\nkind: artifact\nid: a{at}\nname: a{at}\ncreated_by_run_id: r{at}\ndigest: sha256:{digest}\n\
             ---\nmlSpecVersion: 0.1.0\nkind: evaluation\nid: e{at}\nname: e{at}\nmodel: m\nmodelDigest: {digest}\ndataset: d\n",
            at + 1
        );
    }
    let folder = folder(&[("all.yml", &text)]);
    let (human, ..) = run(folder.path(), &["lineage", "m"]);
    let report = report(folder.path(), &["m"]);
    [human.len(), report.to_string().len(), report["edges"].as_array().unwrap().len()]
}

#[test]
fn what_is_told_grows_as_the_documents_do() {
    let (small, large) = (size(150), size(300));
    for (small, large) in small.into_iter().zip(large) {
        assert!(large * 10 <= small * 22, "{small} became {large}");
    }
}

#[test]
fn nothing_hostile_in_a_name_or_value_reaches_the_terminal_and_no_credential_is_shown() {
    let token = format!("gh{}Q7m2Zr9Xk4Tb8Wn5Lc3Vf6Hj1Pd0SgQ7m2Zr", "p_");
    let run_text = format!(
        "mlSpecVersion: 0.1.0\nkind: run\nid: r\nname: \"fit {token} \\e[31m\\n::error::x\"\nhyperparameters:\n  - {{key: db_password, value: tulip-77}}\n  - {{key: lr, value: {token}}}\n\
         datasets:\n  - {{key: a, role: \"{token}\", dataset: \"{token}\"}}\nartifacts:\n  - {{key: \"{token}\", path: \"s3://app:tulip-77@host/x\"}}\n"
    );
    let folder = folder(&[("r.yml", &run_text)]);
    let mut all =
        vec![run(folder.path(), &["lineage", "r"]), run(folder.path(), &["lineage", "r", "--format", "json"])];
    for format in ["dot", "mermaid", "svg", "openlineage"] {
        all.push(run(folder.path(), &["lineage", "r", "--format", format]));
    }
    for question in Question::ALL {
        all.push(run(folder.path(), &["lineage", "r", "--question", question.name()]));
        all.push(run(folder.path(), &["lineage", "r", "--question", question.name(), "--format", "json"]));
    }
    all.push(run(folder.path(), &["lineage", &token]));
    all.push(run(folder.path(), &["coverage"]));
    all.push(run(folder.path(), &["coverage", "--format", "json"]));
    for (out, err, _) in all {
        let shown = out + &err;
        assert!(!shown.contains("Q7m2Zr9X") && !shown.contains("tulip-77"), "{shown}");
        assert!(!shown.contains('\u{1b}') && !shown.lines().any(|line| line.trim_start().starts_with("::")), "{shown}");
    }
}

#[test]
fn documents_that_cannot_be_read_are_named() {
    let folder = folder(&[
        ("m.yml", "mlSpecVersion: 0.1.0\nkind: model\nname: m\n"),
        ("broken.yml", "mlSpecVersion: 0.1.0\nkind: run\nname: 'fit\n"),
    ]);
    let (_, err, code) = run(folder.path(), &["lineage", "m"]);
    assert_eq!(code, 0);
    assert!(err.contains("broken.yml has documents that could not be read"), "{err}");
    fs::remove_file(folder.path().join("broken.yml")).unwrap();
    assert_eq!(run(folder.path(), &["lineage", "m"]).1, "");
}

#[test]
fn the_whole_is_drawn_as_pipelines_are() {
    let draw = |format: &str| {
        let (out, err, code) = run(&example(), &["lineage", "credit-default", "--format", format]);
        assert_eq!((code, err.as_str()), (0, ""));
        out
    };
    let mermaid = draw("mermaid");
    assert!(
        mermaid.starts_with("flowchart LR\n") && mermaid.contains("[(\"credit-train@1.2.0<br/>dataset\")]"),
        "{mermaid}"
    );
    assert!(mermaid.contains("|\"read as training by\"|"), "{mermaid}");
    assert!(draw("dot").contains("label=\"read as training by\""));
    let svg = draw("svg");
    assert!(svg.starts_with("<svg ") && svg.contains("<title>model credit-default</title>"), "{svg}");
    let (_, err, code) = run(&example(), &["lineage", "credit-default", "--format", "svg", "--question", "metrics"]);
    assert!(code == 2 && err.contains("--question"), "{err}");
}

#[test]
fn runs_are_events_of_openlineage() {
    let (out, err, code) = run(&example(), &["lineage", "credit-default", "--format", "openlineage"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let events: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let [pipeline_run, fit] = events.as_slice() else { panic!("{out}") };
    assert_eq!(pipeline_run["job"], json!({"namespace": "mlspec", "name": "train-credit-default"}));
    assert_eq!(fit["eventType"], "COMPLETE");
    assert_eq!(fit["eventTime"], "2026-08-20T05:09:41Z");
    assert_eq!(fit["run"]["runId"], "fc3695f3-be96-4863-a8e2-a203a96f12ce");
    assert_eq!(
        fit["run"]["facets"]["parent"]["run"],
        pipeline_run["run"].as_object().map(|own| json!({"runId": own["runId"]})).unwrap()
    );
    assert_eq!(fit["job"]["name"], "train-credit-default.fit");
    let [input] = fit["inputs"].as_array().unwrap().as_slice() else { panic!("{out}") };
    assert_eq!(
        (&input["name"], &input["facets"]["version"]["datasetVersion"]),
        (&json!("credit-train"), &json!("1.2.0"))
    );
    assert_eq!(fit["outputs"][0]["name"], "credit-model-2-1-0");
    // What one run produced and another read is one thing, although the other names only its digest.
    let parcels = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/parcels");
    let (out, ..) = run(&parcels, &["lineage", "delivery-time", "--format", "openlineage"]);
    let events: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let [travel, delivery] = events.as_slice() else { panic!("{out}") };
    assert_eq!(travel["outputs"][0]["name"], "travel-time-model");
    assert_eq!(delivery["inputs"][2]["name"], "travel-time-model");
    // What has no time has no event, and that is said.
    let folder = folder(&[("r.yml", "mlSpecVersion: 0.1.0\nkind: run\nid: r\nname: fit\n")]);
    let (out, err, code) = run(folder.path(), &["lineage", "fit", "--format", "openlineage"]);
    assert_eq!((out.as_str(), err.as_str(), code), ("", "note: run fit has no time, and so no event\n", 0));
}

#[test]
fn a_run_that_read_training_data_and_measured_the_model_made_it() {
    let starter = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/starter");
    let data = answers(&starter, "tiny-model", "training-data");
    let [[name, _, because, _]] = data.as_slice() else { panic!("{data:?}") };
    assert_eq!((&**name, &**because), ("tiny-model-train@1.0.0", "read as training by run tiny-model-fit"));
    let whole = report(&starter, &["tiny-model"]);
    let edge = ("run tiny-model-fit".to_owned(), "trained and measured".to_owned(), "model tiny-model".to_owned());
    assert!(edges(&whole).contains(&edge), "{:?}", edges(&whole));
    // A run that only measured it made nothing.
    assert!(
        !edges(&whole).iter().any(|(from, relation, _)| from == "run tiny-model-test" && relation.contains("trained"))
    );
}

/// A chain of pipeline runs of one pipeline, each with a run that trains a model on data of its own and logs a metric many times.
fn chain(count: usize) -> TempDir {
    use std::fmt::Write;
    let mut text =
        String::from("mlSpecVersion: 0.1.0\nkind: pipeline\nid: p\nname: p\nsteps: {fit: {moduleName: m}}\n");
    for at in 0..count {
        let _ = write!(
            text,
            "---\nmlSpecVersion: 0.1.0\nkind: dataset\nid: d{at}\nname: d{at}\nlocation: x/{at}\n\
             ---\nmlSpecVersion: 0.1.0\nkind: pipeline-run\nid: p{at}\nname: p{at}\npipeline: p\nparent_run_id: p{}\n\
             ---\nmlSpecVersion: 0.1.0\nkind: run\nid: r{at}\nname: r{at}\nparent_run_id: p{at}\nartifacts: [{{key: m, modelDigest: \"{:064}\"}}]\n\
             datasets: [{{key: a, role: training, dataset: d{at}}}]\n",
            at + 1,
            at % 2
        );
    }
    let _ = write!(text, "---\nmlSpecVersion: 0.1.0\nkind: run\nid: last\nname: last\nmetrics:\n");
    (0..count).for_each(|at| {
        let _ = writeln!(text, "  - {{key: auc, value: {at}}}");
    });
    let _ = writeln!(text, "---\nmlSpecVersion: 0.1.0\nkind: model\nname: even\nmodelDigest: \"{:064}\"", 0);
    let _ = writeln!(text, "---\nmlSpecVersion: 0.1.0\nkind: model\nname: odd\nmodelDigest: \"{:064}\"", 1);
    folder(&[("all.yml", &text)])
}

#[test]
fn answers_grow_as_the_documents_do() {
    let sizes = |count: usize| {
        let folder = chain(count);
        let questions = Question::ALL.iter().flat_map(|question| ["p", "even"].map(|name| (name, question)));
        let mut sizes: Vec<usize> = questions
            .map(|(name, question)| run(folder.path(), &["lineage", name, "--question", question.name()]).0.len())
            .collect();
        sizes.push(run(folder.path(), &["compare", "last", "r0", "--format", "csv"]).0.len());
        sizes
    };
    for (small, large) in sizes(60).into_iter().zip(sizes(120)) {
        assert!(large * 10 <= small * 22, "{small} became {large}");
    }
    // Each model is told once, although it was trained on every second of the data.
    let folder = chain(20);
    assert_eq!(answers(folder.path(), "even", "other-models").len(), 0);
    assert_eq!(answers(folder.path(), "d0", "other-models"), [["even", "-", "trained on d0", "all.yml"]]);
    let pipeline_runs = answers(folder.path(), "even", "pipeline-run");
    assert_eq!(pipeline_runs.len(), 20);
    assert_eq!(pipeline_runs[0][..3], ["p0", "execution of p", "started run r0"]);
}

#[test]
fn steps_before_the_training_lead_from_the_source_to_the_model() {
    let documents = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/documents");
    let report = report(&documents, &["card-clients-profile-2026-06"]);
    let edges = edges(&report);
    for (from, relation, to) in [
        ("ingestion ingest-card-clients-2026-06", "produced", "dataset card-all-clients@1.1.0"),
        ("dataset card-all-clients@1.1.0", "read by", "split card-split-2026-06"),
        ("split card-split-2026-06", "has the set", "dataset card-clients@1.1.0"),
        ("dataset card-clients@1.1.0", "described by", "profile card-clients-profile-2026-06"),
    ] {
        let edge = (from.to_owned(), relation.to_owned(), to.to_owned());
        assert!(edges.contains(&edge), "{edge:?} is not among {edges:#?}");
    }
}

/// What one version of a model was made of tells nothing about another one, whether documents describe the versions or not.
#[test]
fn a_version_is_answered_for_by_what_made_it() {
    for question in ["artifacts", "training-data", "hyperparameters", "pipeline-run"] {
        let (out, _, code) = run(&example(), &["lineage", "credit-default@2.1.0", "--question", question]);
        assert!(
            code == 0 && out.contains(if question == "pipeline-run" { "train-credit" } else { "2026-08-20" }),
            "{out}"
        );
        let (out, _, _) = run(&example(), &["lineage", "credit-default@2.0.0", "--question", question]);
        assert!(!out.contains("2026-08-20") && out.contains("no run is known to have made"), "{question}: {out}");
    }
    let folder = assert_fs::TempDir::new().unwrap();
    let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text).unwrap();
    for (at, version, framework) in [(1, "1.0.0", "3.3.0"), (2, "2.0.0", "4.5.0")] {
        let (digest, id) = (at.to_string().repeat(64), format!("8d1c6b52-7e0f-4a39-b1d4-2f96c35e7a0{at}"));
        write(
            &format!("model-{at}.yml"),
            format!(
                "mlSpecVersion: 0.2.0\nkind: model\nname: credit\nmodel_identifier: credit\nversion: {version}\nmodelDigest: sha256:{digest}\n\
                 framework: {{name: lightgbm, version: {framework}}}\nlicense: License-{at}\nrun: {id}\nstatus: {}\n",
                if at == 1 { "Archived" } else { "Active" },
            ),
        );
        write(
            &format!("run-{at}.yml"),
            format!(
                "mlSpecVersion: 0.1.0\nkind: run\nid: {id}\nname: fit-{at}\nexperiment_id: e\nhyperparameters: [{{key: rate, value: 0.{at}}}]\n\
                 datasets: [{{dataset: data-{at}@1.0.0, role: training}}]\n"
            ),
        );
    }
    for (at, other, version) in [("1", "2", "1.0.0"), ("2", "1", "2.0.0")] {
        for (question, own) in [("hyperparameters", "0.X"), ("training-data", "data-X"), ("framework", "model-X.yml")] {
            let name = format!("credit@{version}");
            let (out, err, code) = run(folder.path(), &["lineage", &name, "--question", question]);
            assert_eq!(code, 0, "{err}");
            assert!(
                out.contains(&own.replace('X', at)) && !out.contains(&own.replace('X', other)),
                "{question} of {name}: {out}"
            );
        }
    }
    // The report is about one of them, and combines no two.
    let test = |version: &str, at: usize| {
        format!(
            "mlSpecVersion: 0.2.0\nkind: test\nid: 1d1c6b52-7e0f-4a39-b1d4-2f96c35e7a0{at}\nname: t\nmodel: {version}\nmodelDigest: sha256:{}\n\
             dataset: h@1.0.0\nperformedOn: 2026-08-24T05:00:00Z\nmetrics: [{{key: recall, value: 0.5}}]\n",
            at.to_string().repeat(64)
        )
    };
    for (measured, version, license) in [
        (None, "2.0.0", "License-2"),
        (Some(test("credit@1.0.0", 1)), "1.0.0", "License-1"),
        (Some(test("credit", 1)), "1.0.0", "License-1"),
        (Some(test("credit", 2)), "2.0.0", "License-2"),
    ] {
        let path = folder.path().join("test.yml");
        match &measured {
            Some(text) => std::fs::write(&path, text).unwrap(),
            None => drop(std::fs::remove_file(&path)),
        }
        let (out, err, _) = run(folder.path(), &["report", "--format", "json"]);
        let report: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{err}"));
        let facts = report["models"][0]["facts"].as_array().unwrap();
        let fact = |name: &str| facts.iter().find(|own| own["name"] == name).map(|own| own["value"].as_str().unwrap());
        assert_eq!((fact("Version"), fact("License")), (Some(version), Some(license)), "{measured:?}");
    }
}
