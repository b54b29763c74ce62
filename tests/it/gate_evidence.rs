//! No verdict is given on evidence that is not credible: each case changes a passing candidate in one place.

use std::fs;
use std::process::Command;

use mlspec_lint::analysis::{Options, conclude, examine};
use mlspec_lint::diagnostics::Severity;
use mlspec_lint::objectives::admission::Terms;
use mlspec_lint::objectives::gate::{Gate, GateFile, Request};
use mlspec_lint::objectives::gate_inputs::kinds_of;
use mlspec_lint::objectives::verdict::{GateMode, GateVerdict, InputRole, Verdict};
use mlspec_lint::report::gate as reports;
use proptest::prelude::*;

use crate::support::candidate::*;

#[test]
fn the_candidate_passes_as_it_is_and_is_found_by_itself() {
    let folder = folder();
    for arguments in [NAMED, &[]] {
        let (code, printed) = gate(folder.path(), arguments);
        assert_eq!(code, 0, "{printed}");
        assert!(printed.contains("gate: pass"), "{printed}");
    }
}

#[test]
fn evidence_with_errors_is_refused() {
    assert_cases(&[
        ("test.yml", "value: 0.9,", "value: 0.5, value: 0.9,", 2, "document/duplicate-key"),
        ("test.yml", "slice: {plan: basic}", "slices: {plan: basic}", 2, "document/unknown-field"),
        ("test.yml", "kind: test\n", "kind: tset\n", 2, "test.yml"),
        (
            "test.yml",
            LAST,
            "  - {key: log_loss, value: 0.3}\n---\nkind: test\nmetrics: [{key: recall, value: 0.1}]\n",
            2,
            "nothing was judged",
        ),
        (
            "test.yml",
            LAST,
            "  - {key: log_loss, value: 0.3}\n---\nexperiment_id: '1'\nmetrics: [{key: recall, value: 0.1}]\n",
            2,
            "not an MLSpec",
        ),
        (
            "test.yml",
            LAST,
            "  - {key: log_loss, value: 0.3}\n---\napiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata: {name: a}\n",
            2,
            "not an MLSpec document",
        ),
        (
            "test.yml",
            "  - {key: log_loss, value: 0.3}\n",
            "  - {key: log_loss, value: 0.3}\n---\nkind: test\nmetrics: [{key: x\n",
            2,
            "yaml-syntax",
        ),
        (
            "test.yml",
            "  - {key: log_loss, value: 0.3}\n",
            "  - {key: log_loss, value: 0.3}\n---\nmlSpecVersion: 0.1.0\nkind: tset\n",
            2,
            "unknown-kind",
        ),
        ("test.yml", "performedOn: 2026-05-05T", "performedOn: 2026-15-05T", 2, "invalid-timestamp"),
        ("test.yml", "count: 3000", "count: 0", 2, "run/impossible-count"),
        ("test.yml", "count: 3000", "count: -3", 2, "nothing was judged"),
        ("test.yml", "count: 1000", "count: 4001", 2, "run/impossible-count"),
        (
            "test.yml",
            "count: 4000",
            "count: 4000, ci: {level: 0.95, lower: 0.91, upper: 0.95}",
            2,
            "run/impossible-interval",
        ),
        (
            "test.yml",
            "count: 3000",
            "count: 3000, ci: {level: 0.95, lower: 0.95, upper: 0.89}",
            2,
            "run/impossible-interval",
        ),
        ("production.yml", "kind: run\n", "kind: run\nkind: run\n", 2, "document/duplicate-key"),
        ("holdback.yml", "digest: sha256:aaaa", "digest: md5:aaaa", 2, "is no digest"),
        (
            "test.yml",
            "kind: test\n",
            "kind: test # mlspec: ignore-file[document/duplicate-key]\nkind: test\n",
            2,
            "do not count for the gate",
        ),
        ("objectives.yml", "recall >= 80%", "recall >= 0 with 0.95% confidence", 2, "expression/level-below-half"),
        ("mlspec-lint.toml", "", "[rules]\nobjective = \"off\"\n", 0, "gate: pass"),
    ]);
    let folder = folder();
    replace(folder.path(), "mlspec-lint.toml", "", "[rules]\nobjective = \"off\"\n");
    replace(folder.path(), "objectives.yml", "recall >= 80%", "recall >= 0");
    let (code, printed) = gate(folder.path(), NAMED);
    assert!(code == 2 && printed.contains("objective/tautology"), "{printed}");
}

#[test]
fn numbers_that_cannot_be_are_not_known() {
    assert_cases(&[
        ("test.yml", "value: 0.9,", "value: 90,", 3, "recall is 90, outside of [0, 1]; was a percentage logged?"),
        ("test.yml", "value: 0.88", "value: 88", 3, "outside of [0, 1]"),
        ("test.yml", "value: [100, 120]", "value: [100, -120]", 3, "outside of [0 ms, ∞]"),
        ("test.yml", "value: 0.3}", "value: -0.3}", 3, "outside of [0, ∞]"),
        ("production.yml", "value: 0.92", "value: 92", 3, "outside of [0, 1]"),
        (
            "test.yml",
            "count: 4000",
            "count: 4000, ci: {level: 0.95, lower: 0.89, upper: 1.2}",
            3,
            "interval cannot be one",
        ),
        (
            "test.yml",
            "value: 0.9, count: 4000",
            "value: 1.0, count: 4000, ci: {level: 0.95, lower: 1.0, upper: 1.0}",
            2,
            "run/impossible-interval",
        ),
        ("test.yml", "count: 1000", "count: 2000", 3, "more examples than all the data"),
        ("test.yml", "slice: {plan: plus}", "slice: {plan: pro}", 3, "pro is reported"),
        (
            "test.yml",
            "  - {key: recall, value: 0.88, slice: {plan: plus}, count: 1000}\n",
            "",
            3,
            "plan plus is not reported",
        ),
        ("test.yml", "value: 0.9,", "value: 0.9, unit: count,", 2, "the objectives declare 'fraction'"),
        ("test.yml", "value: [100, 120]", "value: [100, 120], unit: MB", 2, "the objectives declare 'ms'"),
        ("test.yml", "key: recall, value: 0.88", "key: Recall, value: 0.68", 2, "two metrics look alike"),
        ("test.yml", "key: recall, value: 0.88", "key: rec\u{430}ll, value: 0.68", 2, "U+0430"),
        ("test.yml", "slice: {plan: plus}", "slice: {Plan: plus}", 2, "two dimensions look alike"),
        ("test.yml", "slice: {plan: plus}", "slice: {'plan ': plus}", 2, "U+0020"),
    ]);
}

#[test]
fn evidence_is_about_one_model_on_the_data_that_it_names() {
    assert_cases(&[
        ("test.yml", "model: churn\n", "model: upsell\n", 2, "is about the model 'upsell'"),
        ("test.yml", "model: churn\n", "model: churn@2.0.0\n", 2, "churn@2.0.0"),
        ("objectives.yml", "model: churn\n", "model: upsell\n", 2, "is about the model 'churn'"),
        ("test.yml", "modelDigest: sha256:cc", "modelDigest: sha256:dd", 2, "about one file"),
        ("test.yml", "datasetDigest: sha256:aa", "datasetDigest: sha256:ee", 2, "reproducibility/digest-disagrees"),
        (
            "evaluation.yml",
            "count: 4000}",
            "count: 4000}\n  - {key: recall, value: 0.9, dataset: churn-holdback@1.0.0, count: 9}",
            2,
            "only a test measures",
        ),
        ("test.yml", "value: 0.3}", "value: 0.3, dataset: churn-validation@1.0.0}", 2, "the data of the evaluation"),
        ("test.yml", "performedOn: 2026-05-05T", "performedOn: 2026-05-03T", 2, "was performed before the evaluation"),
        ("production.yml", "status: completed", "status: failed", 2, "only a completed run is evidence"),
        (
            "holdback.yml",
            "id: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7b02",
            "id: churn-validation@1.0.0",
            2,
            "nothing was judged",
        ),
        (
            "production.yml",
            "status: completed",
            "status: completed\ndatasets: [{key: h, dataset: churn-holdback@1.0.0, digest: 'sha256:eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee'}]",
            2,
            "reproducibility/digest-disagrees",
        ),
        (
            "production.yml",
            "status: completed",
            "status: completed\nartifacts: [{key: churn, path: {DataStore: lake, RelativePath: m.onnx}, artifact_type: MODEL, modelDigest: 'sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc'}]",
            2,
            "the baseline is the candidate itself",
        ),
    ]);
}

#[test]
fn the_newest_evidence_is_judged_or_none() {
    let newer = TEST
        .replace("7b05", "7b15")
        .replace("name: churn-test", "name: churn-test-2")
        .replace("2026-05-05T", "2026-05-09T")
        .replace("value: 0.9, count: 4000", "value: 0.5, count: 400000");
    for (name, text, code, says) in [
        ("newer.yml", newer.clone(), 1, "gate: fail"),
        ("newer.yml", format!("{newer}  - {{key: x, value: [1\n"), 2, "could hold the newest"),
        (
            "newer.yml",
            newer.replace("performedOn: 2026-05-09", "performedOn: 2026-59-09"),
            2,
            "no date that can be read",
        ),
        ("newer.yml", newer.replace("kind: test", "kind: tset"), 2, "could hold the newest"),
        ("ignored/newer.yml", newer.clone(), 2, "ignores it"),
        ("excluded/newer.yml", newer.clone(), 2, "ignores it"),
        (
            "other.yml",
            newer
                .replace("model: churn\n", "model: upsell\n")
                .replace("modelDigest: sha256:cc", "modelDigest: sha256:dd"),
            0,
            "gate: pass",
        ),
    ] {
        let folder = folder();
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &text).unwrap();
        fs::create_dir_all(folder.path().join(".git")).unwrap();
        fs::write(folder.path().join(".gitignore"), "ignored/\n").unwrap();
        fs::write(folder.path().join("mlspec-lint.toml"), "exclude = [\"excluded/**\"]\n").unwrap();
        let (found, printed) = gate(folder.path(), &[]);
        assert!(
            found == code && printed.contains(says),
            "{name}: exit {found}, not {code} with '{says}':\n{printed}\n{text}"
        );
    }
}

#[test]
fn runs_are_tied_to_the_model_and_came_to_their_end() {
    let run = "mlSpecVersion: 0.1.0\nkind: run\nid: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7b07\nname: candidate\nstatus: completed\n\
               submittedDate: 2026-05-01T08:00:00Z\nmetrics:\n  - {key: recall, value: 0.9, dataset: churn-validation@1.0.0}\n";
    let tied = run.replace(
        "metrics:",
        "artifacts: [{key: churn, path: {DataStore: lake, RelativePath: m.onnx}, artifact_type: MODEL}]\nmetrics:",
    );
    for (text, code, says) in [
        (run.to_owned(), 2, "nothing says that the run 'candidate' is about the model 'churn'"),
        (tied.clone(), 3, "recall is not reported on holdback"),
        (tied.replace("completed", "failed"), 2, "only a completed run is evidence"),
        (tied.replace("completed", "running"), 2, "is running"),
        (tied.replace("churn-validation", "churn-holdback"), 2, "only a test measures"),
    ] {
        let folder = folder();
        fs::write(folder.path().join("run.yml"), &text).unwrap();
        let (found, printed) = gate(folder.path(), &["--run", "run.yml"]);
        assert!(found == code && printed.contains(says), "exit {found}, not {code} with '{says}':\n{printed}\n{text}");
    }
}

#[test]
fn json_lines_are_held_to_the_same() {
    let digest = "c".repeat(64);
    let line = |value: &str, more: &str| {
        let head = "{\"mlSpecVersion\": \"0.1.0\", \"kind\": \"test\", \"id\": \"0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7b05\", \"name\": \"t\"";
        format!(
            "{head}, \"model\": \"churn\", \"modelDigest\": \"sha256:{digest}\", \"dataset\": \"churn-holdback@1.0.0\", \"performedOn\": \"2026-05-05T08:00:00Z\", \
             \"metrics\": [{{\"key\": \"recall\", \"value\": {value}, \"count\": 4000}}{more}]}}\n"
        )
    };
    let objectives = OBJECTIVES.split("  - id: plans").next().unwrap();
    for (text, code, says) in [
        (line("0.9", ""), 0, "gate: pass"),
        (line("90", ""), 3, "outside of [0, 1]"),
        (line("0.9, \"value\": 0.5", ""), 2, "duplicate-key"),
        (line("0.9", ", {\"key\": \"Recall\", \"value\": 0.1}"), 2, "look alike"),
        (format!("{}{{\"kind\": \"test\", \"metrics\": [\n", line("0.9", "")), 2, "nothing was judged"),
        (line("0.9, \"ci\": {\"level\": 0.95, \"lower\": 0.95, \"upper\": 0.97}", ""), 2, "impossible-interval"),
    ] {
        let folder = folder();
        fs::remove_file(folder.path().join("test.yml")).unwrap();
        fs::write(folder.path().join("objectives.yml"), objectives).unwrap();
        fs::write(folder.path().join("test.jsonl"), &text).unwrap();
        let (found, printed) = gate(folder.path(), &["--test", "test.jsonl"]);
        assert!(found == code && printed.contains(says), "exit {found}, not {code} with '{says}':\n{printed}\n{text}");
    }
}

#[test]
fn the_subject_is_the_file_that_was_measured() {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("model.onnx"), "a model").unwrap();
    let digest = mlspec_lint::objectives::gate::sha256(b"a model");
    let with = |more: &[&'static str]| [NAMED, &["--subject", "model.onnx"], more].concat();
    let (code, printed) = gate(path, &with(&[]));
    assert!(code == 2 && printed.contains("model.onnx is"), "{printed}");
    for file in ["evaluation.yml", "test.yml"] {
        replace(path, file, &"c".repeat(64), &digest);
    }
    let (code, printed) = gate(path, &with(&["--require-digest"]));
    assert!(code == 0 && printed.contains("gate: pass"), "{printed}");
    for file in ["evaluation.yml", "test.yml"] {
        replace(path, file, &format!("modelDigest: sha256:{digest}\n"), "");
    }
    let (code, printed) = gate(path, &with(&["--format", "json"]));
    assert!(
        code == 0 && printed.contains("subject-not-bound") && printed.contains("\"verdict\": \"warn\""),
        "{printed}"
    );
    let (code, printed) = gate(path, &with(&["--require-digest"]));
    assert!(code == 2 && printed.contains("does not say which file was measured"), "{printed}");
    // The model's own document states it for all measurements of the model.
    let model = format!(
        "mlSpecVersion: 0.1.0\nkind: model\nname: churn\nlicense: MIT\nframework: {{name: onnx}}\nmodelDigest: sha256:{digest}\n"
    );
    fs::write(path.join("churn.model.yml"), model).unwrap();
    let (code, printed) = gate(path, &with(&["--require-digest"]));
    assert!(code == 0 && printed.contains("gate: pass"), "{printed}");
}

#[test]
fn another_baseline_is_an_error_or_said() {
    let folder = folder();
    let weak = PRODUCTION.replace("7b06", "7b16").replace("churn-production", "weak").replace("0.92", "0.1");
    fs::write(folder.path().join("weak.yml"), weak).unwrap();
    let with = |more: &[&'static str]| [NAMED, &["--baseline", "weak.yml"], more].concat();
    let (code, printed) = gate(folder.path(), &with(&[]));
    assert!(code == 2 && printed.contains("is not the baseline that the objectives name"), "{printed}");
    let (code, printed) = gate(folder.path(), &with(&["--override-baseline"]));
    assert!(code == 0 && printed.contains("compared with weak.yml instead"), "{printed}");
    let (code, printed) = gate(folder.path(), &[NAMED, &["--baseline", "production.yml"]].concat());
    assert!(code == 0 && printed.contains("gate: pass"), "{printed}");
}

#[test]
fn old_evidence_is_not_known() {
    let folder = folder();
    let with = |more: &[&'static str]| [NAMED, more].concat();
    for (as_of, max_age, code) in [
        ("2026-05-20", "30d", 0),
        ("2026-05-20", "2w", 3),
        ("2026-05-05T09:00:00Z", "1h", 0),
        ("2026-05-05T09:00:01Z", "1h", 3),
    ] {
        let (found, printed) = gate(folder.path(), &with(&["--as-of", as_of, "--max-age", max_age]));
        assert_eq!(found, code, "{as_of} {max_age}: {printed}");
    }
    // Without a date, age is counted from now, and the evidence is from the past.
    assert_eq!(gate(folder.path(), &with(&["--max-age", "1h"])).0, 3);
    replace(folder.path(), "objectives.yml", "stage: test}", "stage: test, max_age: 10d}");
    assert_eq!(gate(folder.path(), &with(&["--as-of", "2026-05-14"])).0, 0);
    let (code, printed) = gate(folder.path(), &with(&["--as-of", "2026-05-16", "--format", "json"]));
    assert!(code == 3 && printed.contains("too-old"), "{printed}");
}

/// The run that an evaluation names made the candidate, whether or not it lists the data that it read.
#[test]
fn what_the_run_of_an_evaluation_read_is_no_data_for_a_test() {
    let run = |more: &str| {
        format!(
            "mlSpecVersion: 0.1.0\nkind: run\nid: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7b08\nname: fit\nstatus: completed\n\
             artifacts: [{{key: churn, path: {{DataStore: lake, RelativePath: m.onnx}}, artifact_type: MODEL}}]\n{more}"
        )
    };
    let data = |role: &str| {
        format!(
            "submittedDate: 2026-05-01T08:00:00Z\ndatasets: [{{key: d, artifact_type: DATA, dataset: churn-holdback@1.0.0{role}}}]\n"
        )
    };
    let metrics = |dataset: &str| {
        format!(
            "submittedDate: 2026-05-01T08:00:00Z\nmetrics: [{{key: recall, value: 0.9, dataset: {dataset}, count: 4000}}]\n"
        )
    };
    for (more, code, says) in [
        (data(""), 2, "was made on data that the run 'fit' read"),
        (data(", role: early_stopping"), 2, "was made on data that the run 'fit' read"),
        (data(", role: holdback"), 0, "gate: pass"),
        (metrics("churn-holdback@1.0.0"), 2, "on which only a test measures"),
        (metrics("churn-validation@1.0.0"), 0, "gate: pass"),
        ("submittedDate: 2026-05-20T08:00:00Z\n".to_owned(), 2, "cannot confirm what came after it"),
    ] {
        let folder = folder();
        fs::write(folder.path().join("fit.yml"), run(&more)).unwrap();
        replace(
            folder.path(),
            "evaluation.yml",
            "model: churn\n",
            "model: churn\nrun: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7b08\n",
        );
        let (found, printed) = gate(folder.path(), NAMED);
        assert!(found == code && printed.contains(says), "exit {found}, not {code} with '{says}':\n{printed}\n{more}");
    }
}

/// Compared with its own run, or with a later one, no model gets worse.
#[test]
fn the_candidate_is_not_its_own_previous_run() {
    let run = |name: &str, last: char, day: &str, recall: &str| {
        format!(
            "mlSpecVersion: 0.1.0\nkind: run\nid: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7c0{last}\nname: {name}\nexperiment_id: churn\n\
             status: completed\nsubmittedDate: {day}T08:00:00Z\n\
             metrics: [{{key: recall, value: {recall}, dataset: churn-holdback@1.0.0, count: 4000}}]\n"
        )
    };
    let tested = "0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7c01";
    for (reference, weak, code) in [
        ("previous run", None, 1),
        ("previous run", Some("2026-05-04"), 1),
        ("median of last 2 runs", None, 3),
        ("run 'tested'", None, 3),
        ("run 'before'", None, 1),
    ] {
        let folder = folder();
        let write = |name: &str, text: String| fs::write(folder.path().join(name), text).unwrap();
        write("tested.yml", run("tested", '1', "2026-05-03", "0.5"));
        write("before.yml", run("before", '2', "2026-04-20", "0.95"));
        if let Some(day) = weak {
            write("weak.yml", run("weak", '3', day, "0.4"));
        }
        replace(folder.path(), "objectives.yml", "vs baseline", &format!("vs {reference}"));
        replace(folder.path(), "objectives.yml", "recall >= 80%", "recall >= 40%");
        replace(folder.path(), "objectives.yml", "recall >= 70%", "recall >= 40%");
        replace(folder.path(), "test.yml", "model: churn\n", &format!("model: churn\nrun: {tested}\n"));
        replace(folder.path(), "test.yml", "value: 0.9, count: 4000", "value: 0.5, count: 400000");
        let (found, printed) = gate(folder.path(), NAMED);
        assert_eq!(found, code, "{reference}, {weak:?}:\n{printed}");
    }
}

#[test]
fn archived_objectives_and_names_in_other_case_styles_are_refused() {
    for (file, from, to, says) in [
        ("objectives.yml", "model: churn\n", "model: churn\nstatus: Archived\n", "these objectives are archived"),
        ("test.yml", LAST, "  - {key: log_loss, value: 0.3}\n  - {key: logLoss, value: 0.9}\n", "look alike"),
        ("test.yml", LAST, "  - {key: log_loss, value: 0.3}\n  - {key: log-loss, value: 0.9}\n", "look alike"),
    ] {
        let folder = folder();
        replace(folder.path(), file, from, to);
        let (code, printed) = gate(folder.path(), NAMED);
        assert!(code == 2 && printed.contains(says), "exit {code}: {printed}");
    }
}

#[test]
fn measurements_that_contradict_each_other_are_refused() {
    for more in [
        "  - {key: confusion_matrix, value: {true_positive: 300, false_negative: 3700, true_negative: 10, false_positive: 10}}\n",
        "  - {key: accuracy, value: 0.941, count: 10}\n",
    ] {
        let folder = folder();
        replace(folder.path(), "test.yml", LAST, &format!("{LAST}{more}"));
        let (code, printed) = gate(folder.path(), NAMED);
        assert_eq!(code, 2, "{printed}");
        assert!(printed.contains("the evidence has"), "{printed}");
    }
}

/// A file that is given by two of its names is read once: nothing is counted twice, and the verdict lists it once.
#[test]
fn a_file_is_read_once_however_it_is_named() {
    let folder = folder();
    let absolute = folder.path().join("evaluation.yml");
    let absolute = absolute.to_str().unwrap();
    let others = ["--test", "test.yml", "--format", "json"];
    let (code, once) = gate(folder.path(), &[&["--evaluation", "evaluation.yml"], &others[..]].concat());
    assert_eq!(code, 0, "{once}");
    let again = ["--evaluation", "evaluation.yml", "--evaluation", "./evaluation.yml", "--evaluation", absolute];
    assert_eq!(gate(folder.path(), &[&again, &others[..]].concat()), (0, once));
}

#[test]
fn outputs_do_not_take_the_place_of_inputs() {
    let folder = folder();
    fs::write(folder.path().join("gate.pem"), "a key").unwrap();
    for output in ["test.yml", "./objectives.yml", "evaluation.yml"] {
        let before = fs::read(folder.path().join(output)).unwrap();
        let (code, printed) = gate(folder.path(), &[NAMED, &["--format", "json", "-o", output]].concat());
        assert!(code == 2 && printed.contains("is an input and cannot be written to"), "{printed}");
        assert_eq!(fs::read(folder.path().join(output)).unwrap(), before);
    }
    let attest = ["--subject", "holdback.yml", "--key", "gate.pem", "--attest", "gate.pem"];
    let (code, printed) = gate(folder.path(), &[NAMED, &attest[..]].concat());
    assert!(code == 2 && printed.contains("is an input and cannot be written to"), "{printed}");
}

#[test]
fn a_field_in_two_spellings_is_given_twice() {
    assert_cases(&[
        ("test.yml", "value: 0.9,", "Value: 0.1, value: 0.9,", 2, "document/duplicate-key"),
        ("test.yml", "value: 0.9,", "value: 0.9, VALUE: 0.1,", 2, "document/duplicate-key"),
        ("test.yml", "slice: {plan: plus}", "Slice: {plan: plus}, SLICE: {plan: basic}", 2, "document/duplicate-key"),
        ("test.yml", "datasetDigest:", "dataset_digest: sha256:00\ndatasetDigest:", 2, "document/duplicate-key"),
        ("production.yml", "status: completed", "Status: failed\nstatus: completed", 2, "document/duplicate-key"),
        // A single one of the two spellings is understood.
        ("test.yml", "slice: {plan: plus}", "Slice: {plan: plus}", 0, "gate: pass"),
    ]);
}

#[test]
fn names_of_metrics_tell_their_range_with_a_step_or_a_rank_beside_them() {
    for (metric, bound, value, code) in [
        ("hit_quality", "80%", "90", 3),
        ("hit_quality", "80%", "0.9", 0),
        ("hit_quality", "0.8", "90", 0),
        ("test/accuracy", "0.8", "90", 3),
        ("val_f1", "0.8", "0.9", 0),
        ("val_f1", "0.8", "90", 3),
        ("recall_at_5", "0.8", "90", 3),
        ("recall@10", "0.8", "90", 3),
        ("top5_accuracy", "0.8", "90", 3),
        ("eval.log_loss", "-2", "-1", 2),
        ("accuracy_loss", "0.8", "90", 0),
    ] {
        let folder = folder();
        let path = folder.path();
        replace(
            path,
            "objectives.yml",
            "log_loss: {better: lower}",
            &format!("'{metric}': {{better: higher}}\n  log_loss: {{better: lower}}"),
        );
        replace(
            path,
            "objectives.yml",
            "recall >= 80% on holdback",
            &format!("metric('{metric}') >= {bound} on holdback"),
        );
        replace(path, "test.yml", LAST, &format!("{LAST}  - {{key: '{metric}', value: {value}}}\n"));
        let (found, printed) = gate(path, NAMED);
        assert_eq!(found, code, "{metric} >= {bound}, {value}: {printed}");
    }
}

#[test]
fn what_is_measured_after_the_day_of_the_verdict_is_not_known() {
    let with = |more: &[&'static str]| [NAMED, more].concat();
    for (date, arguments, code) in [
        ("2026-05-05T08:00:00Z", &["--as-of", "2026-05-05"][..], 0),
        // Clocks and time zones differ by less than a day.
        ("2026-05-05T23:00:00Z", &["--as-of", "2026-05-05T09:00:00Z"], 0),
        ("2026-05-08T08:00:00Z", &["--as-of", "2026-05-05"], 3),
        ("2099-05-05T08:00:00Z", &["--max-age", "30d"], 3),
        ("2099-05-05T08:00:00Z", &["--max-age", "30d", "--as-of", "2026-05-06"], 3),
    ] {
        let folder = folder();
        replace(folder.path(), "test.yml", "2026-05-05T08:00:00Z", date);
        let (found, printed) = gate(folder.path(), &with(arguments));
        assert_eq!(found, code, "{date} {arguments:?}: {printed}");
        assert!(found == 0 || printed.contains("after the time"), "{printed}");
    }
}

#[test]
fn every_subject_is_the_file_that_was_measured() {
    let folder = folder();
    let path = folder.path();
    for (name, text) in [("model.onnx", "a model"), ("copy.onnx", "a model"), ("other.onnx", "another model")] {
        fs::write(path.join(name), text).unwrap();
    }
    let digest = mlspec_lint::objectives::gate::sha256(b"a model");
    for file in ["evaluation.yml", "test.yml"] {
        replace(path, file, &"c".repeat(64), &digest);
    }
    for (subjects, code) in
        [(["model.onnx", "copy.onnx"], 0), (["model.onnx", "other.onnx"], 2), (["other.onnx", "model.onnx"], 2)]
    {
        let arguments = [NAMED, &["--subject", subjects[0], "--subject", subjects[1]]].concat();
        let (found, printed) = gate(path, &arguments);
        assert!(found == code && (code == 0 || printed.contains("other.onnx is")), "{subjects:?}: {printed}");
    }
}

#[test]
fn a_waiver_excuses_what_is_not_met_and_no_impossible_evidence() {
    let waiver = "waivers: [{objective: floor, until: 2027-01-01, by: jane, reason: a new campaign}]\nobjectives:\n";
    for (record, code, says) in [
        ("{key: recall, value: 0.79, count: 400000}", 0, "1 waived"),
        // The waiver covers a metric that was not measured; the report names it.
        ("{key: other, value: 0.79, count: 4000}", 0, "recall is not reported on holdback"),
        ("{key: recall, value: 90, count: 4000}", 3, "was a percentage logged?"),
        ("{key: recall, value: 0.9, count: 3500}", 3, "more examples than all the data"),
        (
            "{key: recall, value: 0.9, count: 4000, ci: {level: 0.95, lower: 0.8, upper: 1.2}}",
            3,
            "interval cannot be one",
        ),
    ] {
        let folder = folder();
        let path = folder.path();
        let objectives = OBJECTIVES.split("  - id: plans").next().unwrap().replace("objectives:\n", waiver);
        fs::write(path.join("objectives.yml"), objectives).unwrap();
        replace(path, "test.yml", "{key: recall, value: 0.9, count: 4000}", record);
        let (found, printed) = gate(path, NAMED);
        assert!(found == code && printed.contains(says), "{record}: exit {found}, not {code}: {printed}");
    }
}

#[test]
fn a_newer_test_that_does_not_say_what_it_is_about_could_be_meant() {
    let newer = TEST
        .replace("7b05", "7b15")
        .replace("name: churn-test", "name: churn-test-2")
        .replace("2026-05-05T", "2026-05-09T")
        .replace("modelDigest: sha256:cc", "modelDigest: sha256:dd")
        .replace("value: 0.9,", "value: 0.5,");
    let made = |model: &str| {
        format!(
            "mlSpecVersion: 0.1.0\nkind: run\nid: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7b09\nname: trained\nstatus: completed\n\
             submittedDate: 2026-05-01T08:00:00Z\nmetrics: []\n\
             artifacts: [{{key: {model}, path: {{DataStore: lake, RelativePath: m.onnx}}, artifact_type: MODEL}}]\n"
        )
    };
    let model = |name: &str| {
        format!("mlSpecVersion: 0.1.0\nkind: model\nname: {name}\nlicense: MIT\nframework: {{name: onnx}}\n")
    };
    let models = format!("{}---\n{}", model("churn"), model("upsell"));
    for (text, run, code, says) in [
        (newer.replace("model: churn\n", ""), "", 2, "does not say which model it is about"),
        (newer.replace("model: churn\n", "modle: churn\n"), "", 2, "does not say which model it is about"),
        (newer.replace("model: churn\n", "run: trained\n"), &*made("churn"), 2, "nothing was judged"),
        (newer.replace("model: churn\n", "run: trained\n"), &*made("upsell"), 0, "gate: pass"),
        // An older test does not matter.
        (newer.replace("model: churn\n", "").replace("2026-05-09T", "2026-04-09T"), "", 0, "gate: pass"),
    ] {
        let folder = folder();
        fs::write(folder.path().join("newer.yml"), &text).unwrap();
        fs::write(folder.path().join("run.yml"), run).unwrap();
        fs::write(folder.path().join("models.yml"), &models).unwrap();
        let (found, printed) = gate(folder.path(), &[]);
        let is_refused = found == 2 && code == 2 && says == "nothing was judged";
        assert!(
            is_refused || found == code && printed.contains(says),
            "exit {found}, not {code} with '{says}':\n{printed}\n{text}"
        );
    }
    let folder = folder();
    let wide: Vec<u8> = newer.encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(folder.path().join("newer.yml"), [&[0xff, 0xfe][..], &wide].concat()).unwrap();
    let (found, printed) = gate(folder.path(), &[]);
    assert!(found == 2 && printed.contains("newer.yml"), "{found}: {printed}");
}

#[test]
fn objectives_that_demand_nothing_are_refused() {
    let start = OBJECTIVES.find("objectives:").unwrap();
    for (expect, rule) in [
        ("recall - recall >= 0 on holdback", "objective/tautology"),
        ("recall / recall >= 1 on holdback", "objective/tautology"),
        ("recall >= recall on holdback", "objective/tautology"),
        ("recall == (recall on holdback) on holdback", "objective/tautology"),
        ("max(latency) >= 0 on holdback", "objective/tautology"),
        ("log_loss >= -1 on holdback", "objective/tautology"),
        ("recall is reported on holdback or recall >= 0.99 on holdback", "objective/empty-gate"),
        ("recall is reported on holdback implies recall >= 0.99 on holdback", "objective/empty-gate"),
        ("not (recall is reported on holdback) or recall >= 0.5 on holdback", "objective/empty-gate"),
    ] {
        let folder = folder();
        let objectives =
            format!("{}objectives:\n  - {{id: floor, why: because, expect: \"{expect}\"}}\n", &OBJECTIVES[..start]);
        fs::write(folder.path().join("objectives.yml"), objectives).unwrap();
        let (found, printed) = gate(folder.path(), NAMED);
        assert!(found == 2 && printed.contains(rule), "{expect}: exit {found}: {printed}");
    }
}

/// Returns the verdict of the gate on these documents; `None` if it refuses them.
fn decide(files: &[(InputRole, &str, String)], is_linted: bool) -> Option<Verdict> {
    let options = Options { claimed: true, suppressions: false, ..Options::default() };
    let examined: Vec<_> = files.iter().map(|(_, name, text)| examine(name, text.as_str(), &options)).collect();
    let reports = conclude(&examined, &[], &options);
    let mut findings = reports.iter().flat_map(|report| &report.findings);
    if is_linted && findings.any(|finding| finding.severity == Severity::Error) {
        return None;
    }
    let files: Vec<GateFile<'_>> = files
        .iter()
        .zip(&examined)
        .map(|((role, path, _), examined)| GateFile {
            role: *role,
            path: (*path).to_owned(),
            sha256: "0".repeat(64),
            members: examined.members().iter().filter(|member| kinds_of(*role).contains(&member.kind)).collect(),
            log: None,
        })
        .collect();
    let terms = Terms::default();
    let request = Request { as_of: None, max_age: None, mode: GateMode::Enforce, terms: terms.clone() };
    Gate::open(&files, &terms).ok()?.verdict(&request).ok()
}

fn documents() -> Vec<(InputRole, &'static str, String)> {
    [
        (InputRole::Objectives, "objectives.yml", OBJECTIVES),
        (InputRole::Evaluation, "evaluation.yml", EVALUATION),
        (InputRole::Test, "test.yml", TEST),
        (InputRole::Baseline, "production.yml", PRODUCTION),
        (InputRole::Dataset, "holdback.yml", HOLDBACK),
        (InputRole::Dataset, "validation.yml", VALIDATION),
    ]
    .map(|(role, name, text)| (role, name, text.to_owned()))
    .to_vec()
}

/// Returns whether the gate passes these documents.
fn passes(files: &[(InputRole, &str, String)]) -> bool {
    decide(files, true).is_some_and(|verdict| matches!(verdict.verdict, GateVerdict::Pass | GateVerdict::Warn))
}

#[test]
fn no_verdict_quotes_a_credential() {
    // The token is assembled here, so that no file contains what other scanners would mistake for one. Such documents are refused, but a
    // verdict must not quote them even so, since rules change.
    let token = format!("gh{}", "p_Q7m2Zr9Xk4Tb8Wn5Lc3Vf6Hj1Pd0SgQ7m2Zr9");
    let secret = "correct-horse-battery";
    let waiver = format!(
        "waivers:\n  - {{objective: 'quick-{token}', until: 2027-01-01, by: '{token}', reason: 'see {token}'}}\nobjectives:\n"
    );
    let mut files = documents();
    for (_, _, text) in &mut files {
        *text = text
            .replace("slice: {plan: basic}", &format!("slice: {{plan: '{token}'}}"))
            .replace("slice: {plan: plus}", &format!("slice: {{plan: plus, api_key: {secret}}}"))
            .replace("value: 0.3}", &format!("value: {token}}}"))
            .replace("id: quick", &format!("id: quick-{token}"))
            .replace("dimensions:\n  plan: {values: [basic, plus]}\n", "")
            .replace("for each slice of plan", "for each slice of plan by api_key")
            .replace("objectives:\n  - id: floor", &format!("{waiver}  - id: floor"));
    }
    let verdict = decide(&files, false).expect("a verdict");
    assert_eq!(verdict.counts.waived, 1, "{verdict:?}");
    let mut reports: Vec<(&str, Vec<u8>)> = Vec::new();
    let style = mlspec_lint::report::Style { color: false, ..Default::default() };
    for name in ["human", "json", "github", "markdown", "junit"] {
        let mut out = Vec::new();
        match name {
            "human" => reports::human(&verdict, style, &mut out),
            "json" => reports::json(&verdict, &mut out),
            "github" => reports::github(&verdict, &mut out),
            "markdown" => reports::markdown(&verdict, &mut out),
            _ => reports::junit(&verdict, &mut out),
        }
        .unwrap();
        reports.push((name, out));
    }
    for (name, report) in reports {
        let report = String::from_utf8(report).unwrap();
        assert!(!report.contains(&token[..20]) && !report.contains(secret), "{name}: {report}");
        assert!(report.replace('\\', "").contains("********"), "{name}: {report}");
    }
}

/// A number in the judged documents, as it is written: the index of the file, and its context.
const NUMBERS: [(usize, &str); 6] = [
    (2, "value: 0.9, count"),
    (2, "value: 0.91, slice"),
    (2, "value: 0.88, slice"),
    (2, "value: [100, 120]"),
    (2, "value: 0.3}"),
    (3, "value: 0.92, dataset"),
];

/// Texts by which documents state what they are about.
const IDENTITIES: [(usize, &str); 10] = [
    (0, "model: churn\n"),
    (1, "model: churn\n"),
    (2, "model: churn\n"),
    (1, "modelDigest: sha256:cccccccc"),
    (2, "modelDigest: sha256:cccccccc"),
    (1, "datasetDigest: sha256:bbbbbbbb"),
    (2, "datasetDigest: sha256:aaaaaaaa"),
    (4, "digest: sha256:aaaaaaaa"),
    (5, "digest: sha256:bbbbbbbb"),
    (2, "dataset: churn-holdback@1.0.0"),
];

/// Records of recall on the hold-back data that do not yield a number.
const UNKNOWN: [&str; 8] = [
    "{key: recall, value: 90, count: 4000}",
    "{key: recall, value: -0.1, count: 4000}",
    "{key: recall, value: 0.9, count: 3999}",
    "{key: recall, value: 0.9, count: 4000, ci: {level: 0.95, lower: 0.9, upper: 0.9}}",
    "{key: recall, value: [0.9, 0.95], count: 4000}",
    "{key: recall, value: 0.9, count: 4000, dataset: live}",
    "{key: recall, value: 0.95, slice: {plan: plus}, count: 1000}",
    "{key: recall, value: 0.9, slice: {plan: pro}, count: 10}",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_value_out_of_its_range_never_passes(place in 0..NUMBERS.len(), beyond in 1_u32..1_000_000, is_below: bool) {
        let mut files = documents();
        prop_assert!(passes(&files));
        let (file, text) = NUMBERS[place];
        let (start, rest) = text.split_at("value: ".len());
        let (_, end) = rest.split_at(rest.find([',', '}', ']']).unwrap());
        // Latencies and losses have no maximum.
        let is_below = is_below || matches!(place, 3 | 4);
        let value = if is_below { -f64::from(beyond) / 1e3 } else { 1.0 + f64::from(beyond) / 1e3 };
        let list = if rest.starts_with('[') { "[" } else { "" };
        files[file].2 = files[file].2.replacen(text, &format!("{start}{list}{value}{end}"), 1);
        prop_assert!(!passes(&files), "{}", files[file].2);
    }

    #[test]
    fn what_says_another_model_file_or_data_never_passes(place in 0..IDENTITIES.len(), at in 0_usize..64, by in "[0-9a-f]") {
        let mut files = documents();
        let (file, text) = IDENTITIES[place];
        let (key, value) = text.split_once(": ").unwrap();
        let skipped = key.len() + 2 + if value.starts_with("sha256:") { 7 } else { 0 };
        let at = skipped + at % (text.trim_end().len() - skipped);
        prop_assume!(text[at..=at] != *by && text[at..=at] != *"@");
        let changed = format!("{}{by}{}", &text[..at], &text[at + 1..]);
        files[file].2 = files[file].2.replacen(text, &changed, 1);
        prop_assert!(!passes(&files), "{changed}");
    }

    #[test]
    fn a_test_from_before_what_it_confirms_never_passes(hours in 1_i64..20_000) {
        let mut files = documents();
        let evaluated: jiff::Timestamp = "2026-05-04T08:00:00Z".parse().unwrap();
        let date = evaluated - jiff::SignedDuration::from_hours(hours);
        files[2].2 = files[2].2.replace("2026-05-05T08:00:00Z", &date.to_string());
        prop_assert!(!passes(&files), "{date}");
    }

    #[test]
    fn what_is_not_known_is_not_made_up_for_by_what_is_not_known_either(chosen in proptest::sample::subsequence(UNKNOWN.to_vec(), 0..UNKNOWN.len())) {
        let mut files = documents();
        let known = "  - {key: recall, value: 0.9, count: 4000}\n";
        let unknown: String = chosen.iter().map(|record| format!("  - {record}\n")).collect();
        files[2].2 = files[2].2.replacen(known, &unknown, 1);
        prop_assert!(!passes(&files), "{unknown}");
    }

}

// Two programs are started for each case.
proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn an_edit_that_check_calls_an_error_never_passes(file in 1_usize..6, line in 0_usize..20, kind in 0_u8..6, at in 0_usize..80) {
        let mut files = documents();
        let mut lines: Vec<String> = files[file].2.lines().map(str::to_owned).collect();
        let line = line % lines.len();
        let at = at % lines[line].len().max(1);
        match kind {
            0 => drop(lines.remove(line)),
            1 => lines.insert(line, lines[line].clone()),
            2 => drop(lines[line].remove(at)),
            3 => lines[line].insert(at, '7'),
            4 => lines[line].insert(at, '-'),
            _ => lines[line] = lines[line].to_uppercase(),
        }
        files[file].2 = lines.join("\n") + "\n";
        let folder = folder();
        fs::write(folder.path().join(files[file].1), &files[file].2).unwrap();
        let name = files[file].1;
        let alone = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"))
            .args(["check", "--format", "concise", "."]).current_dir(folder.path()).output().unwrap();
        let is_error = String::from_utf8(alone.stdout).unwrap().lines().any(|found| found.starts_with(name) && found.contains(" error["));
        let (code, printed) = gate(folder.path(), NAMED);
        prop_assert!(!is_error || code != 0, "{name}: {}\n{printed}", files[file].2);
    }
}
