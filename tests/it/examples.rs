//! The examples hold together: their numbers and digests are those of each other, and every question about them has its answer.

use std::path::{Path, PathBuf};

use mlspec_lint::lineage::Question;

use crate::gate_examples::{KEYS, PUBLIC_KEYS};
use crate::lineage::{answers, example, run, unknown};

fn parcels() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/parcels")
}

#[test]
fn the_log_of_the_example_names_the_pipeline_as_it_is() {
    let (out, _, code) = run(&example(), &["digest", "pipelines/train-credit-default.yml"]);
    assert_eq!(code, 0);
    let digest = out.split("  ").next().unwrap();
    let log = std::fs::read_to_string(example().join("monitoring/2026-09-01.inference-log.jsonl")).unwrap();
    assert!(log.lines().all(|line| line.contains(&format!("\"pipelineDigest\": \"{digest}\""))), "{digest}");
}

#[test]
fn the_model_of_the_example_is_the_file_that_was_tested() {
    let (out, _, code) = run(&example(), &["digest", "--raw", "models/credit-default-2.1.0.txt"]);
    assert_eq!(code, 0);
    let digest = out.split("  ").next().unwrap();
    for document in [
        "models/credit-model.artifact.yml",
        "reports/evaluation.yml",
        "reports/test.yml",
        "rollouts/credit-default-2-1-0.rollout.yml",
    ] {
        assert!(std::fs::read_to_string(example().join(document)).unwrap().contains(digest), "{document}");
    }
}

/// The verdicts that the rollouts name are what the gate says today, signed by a key that everybody may have. With `MLSPEC_LINT_UPDATE=1`,
/// they are written anew.
#[test]
fn the_verdicts_of_the_examples_are_those_of_the_gate() {
    for (root, objectives, model, verdict) in [
        (
            example(),
            "objectives/credit-default-launch.yml",
            "models/credit-default-2.1.0.txt",
            "verdicts/credit-default-2-1-0.dsse",
        ),
        (
            parcels(),
            "travel-time/objectives.yml",
            "travel-time/model.txt",
            "travel-time/travel-time-1-3-0.verdict.dsse",
        ),
    ] {
        let keys = assert_fs::TempDir::new().unwrap();
        let pem = |name: &str, kind: &str, text: &str| {
            let path = keys.path().join(name);
            std::fs::write(&path, format!("-----BEGIN {kind} KEY-----\n{text}\n-----END {kind} KEY-----\n")).unwrap();
            path.to_string_lossy().into_owned()
        };
        let (private, public) = (pem("own.pem", "PRIVATE", KEYS[0]), pem("own.pub", "PUBLIC", PUBLIC_KEYS[0]));
        let made = keys.path().join("verdict.json").to_string_lossy().into_owned();
        let (out, err, code) =
            run(&root, &["gate", objectives, "--attest", &made, "--key", &private, "--subject", model]);
        assert_eq!(code, 0, "{out}{err}");
        if std::env::var_os("MLSPEC_LINT_UPDATE").is_some() {
            std::fs::copy(&made, root.join(verdict)).unwrap();
        }
        let read = |path: &Path| std::fs::read_to_string(path).unwrap();
        assert_eq!(read(&root.join(verdict)), read(Path::new(&made)), "{verdict}");
        let (out, err, code) = run(&root, &["gate", "verify", verdict, "--key", &public, "--subject", model]);
        assert_eq!(code, 0, "{out}{err}");
        let (out, err, code) = run(&root, &["attest", "files", "--key", &public]);
        assert_eq!(code, 0, "{out}{err}");
    }
}

#[test]
fn the_models_of_the_example_are_the_files_beside_their_documents() {
    for model in ["travel-time", "delivery-time", "courier-ranking"] {
        let (out, _, code) = run(&parcels().join(model), &["digest", "--raw", "model.txt"]);
        assert_eq!(code, 0);
        let digest = out.split("  ").next().unwrap();
        for document in ["fit.run.yml", "evaluation.yml", "test.yml"] {
            let text = std::fs::read_to_string(parcels().join(model).join(document)).unwrap();
            assert!(text.contains(&format!("modelDigest: {digest}")), "{model}/{document}");
        }
    }
}

#[test]
fn the_three_models_are_in_three_states() {
    for (model, code, verdict) in [
        ("travel-time", 0, "gate: pass (6 pass, 0 warn, 0 unknown, 0 fail, 0 waived)"),
        ("delivery-time", 0, "gate: warn (4 pass, 0 warn, 0 unknown, 0 fail, 1 waived)"),
        ("courier-ranking", 1, "gate: fail (1 pass, 0 warn, 0 unknown, 2 fail, 0 waived)"),
    ] {
        let objectives = format!("{model}/objectives.yml");
        let (out, err, own) = run(&parcels(), &["gate", &objectives]);
        assert_eq!((own, out.trim_end().lines().last()), (code, Some(verdict)), "{out}{err}");
        let (out, err, own) = run(&parcels(), &["gate", &objectives, "--self-test"]);
        assert_eq!(own, 0, "{out}{err}");
    }
}

#[test]
fn every_question_about_each_of_the_three_models_has_its_answer() {
    for (model, version, parameters) in [
        ("travel-time", "1.3.0", ["0.05", "127"]),
        ("delivery-time", "1.0.0", ["0.08", "63"]),
        ("courier-ranking", "0.1.0", ["0.1", "31"]),
    ] {
        let (fit, package) = (format!("{model}/fit.run.yml"), format!("{model}/model.yml"));
        let run_name = format!("fit-{model}");
        let of_run = |said: &str| format!("{said} run {run_name}");
        let data = |name: &str, place: &str, role: &str| {
            [name.to_owned(), format!("contoso-parcels/{place}"), of_run(&format!("read as {role} by")), fit.clone()]
        };
        let train = data("trips-train@2.0.0", "trips/2.0.0/train.parquet", "training");
        let mut inputs =
            vec![train.clone(), data("trips-validation@2.0.0", "trips/2.0.0/validation.parquet", "validation")];
        // It is known by the digest of the file alone.
        let other = data("travel-time-model", "models/travel-time/1.3.0/model.txt", "feature");
        inputs.extend((model == "delivery-time").then_some(other));
        let product = |value: &str| [format!("{model}-model"), value.to_owned(), of_run("produced by"), fit.clone()];
        let setting = |name: &str, value: &str| [name.to_owned(), value.to_owned(), of_run("of"), fit.clone()];
        let others = ["courier-ranking", "delivery-time", "travel-time"].into_iter().filter(|other| *other != model);
        let other = |other: &str| {
            let because = "trained on trips-train@2.0.0".to_owned();
            [other.to_owned(), "-".to_owned(), because, format!("{other}/model.yml")]
        };
        let framework = ["lightgbm".to_owned(), "4.5.0".to_owned(), format!("named by model {model}"), package];
        let expected: Vec<(Question, Vec<[String; 4]>)> = vec![
            (Question::Inputs, inputs),
            (Question::Artifacts, vec![product("-")]),
            (Question::Locations, vec![product(&format!("contoso-parcels/models/{model}/{version}/model.txt"))]),
            (Question::Types, vec![product("MODEL")]),
            (Question::TrainingData, vec![train]),
            (
                Question::Hyperparameters,
                vec![
                    setting("learning_rate", parameters[0]),
                    setting("num_leaves", parameters[1]),
                    setting("seed", "7"),
                ],
            ),
            (Question::Metrics, metrics(model)),
            (Question::PipelineRun, Vec::new()),
            (Question::OtherModels, others.map(other).collect()),
            (Question::Framework, vec![framework]),
        ];
        assert!(Question::ALL.iter().eq(expected.iter().map(|(question, _)| question)));
        for (question, expected) in expected {
            assert_eq!(answers(&parcels(), model, question.name()), expected, "{} of {model}", question.name());
        }
        let open = [format!("no pipeline run started run {run_name}")];
        assert_eq!(unknown(&parcels(), &[model, "--question", "pipeline-run"]), open);
    }
}

/// Returns what was measured of a model.
fn metrics(model: &str) -> Vec<[String; 4]> {
    let (key, values) = match model {
        "travel-time" => ("mae", ["3.12", "3.18", "2.77", "3.74", "3.84"]),
        "delivery-time" => ("mae", ["4.27", "4.41", "3.94", "4.79", "7.05"]),
        _ => ("ndcg", ["0.781", "0.742", "0.761", "0.733", "0.588"]),
    };
    let places = [
        ("evaluation", "validation@2.0.0"),
        ("test", "holdback@2.0.0"),
        ("test", "holdback@2.0.0 [district=center]"),
        ("test", "holdback@2.0.0 [district=hills]"),
        ("test", "holdback@2.0.0 [district=harbor]"),
    ];
    let row = |((by, place), value): ((&str, &str), &str)| {
        let name = format!("{key} on trips-{place}");
        [name, value.to_owned(), format!("measured by {by} {model}-{by}"), format!("{model}/{by}.yml")]
    };
    let mut rows: Vec<[String; 4]> = places.into_iter().zip(values).map(row).collect();
    if model == "travel-time" {
        let latency = "[6.1,5.8,7.4,6.0,9.2,6.6,5.9,8.1,6.3,7.0,5.7,6.4,6.2,7.7,6.0,5.9,8.6,6.5,6.1,6.8]";
        rows.push(row((("test", "holdback@2.0.0"), latency)));
        rows[5][0] = "latency on trips-holdback@2.0.0".to_owned();
    }
    rows
}
