//! What ties evidence to the file that is deployed, and no other evidence about it is passed over.

use std::fs;

use crate::support::candidate::*;

const DIGEST: &str = "modelDigest: sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc\n";

/// Texts that are replaced, and files that are added; then the exit code and the message.
type Judged<'a> = (&'a [(&'a str, &'a str, &'a str)], &'a [(&'a str, &'a str)], i32, &'a str);

#[track_caller]
fn assert_judged(arguments: &[&str], cases: &[Judged<'_>]) {
    let mut wrong = Vec::new();
    for (replaced, added, code, says) in cases {
        let folder = folder();
        for (file, from, to) in *replaced {
            replace(folder.path(), file, from, to);
        }
        for (file, text) in *added {
            fs::write(folder.path().join(file), text).unwrap();
        }
        let (found, printed) = gate(folder.path(), arguments);
        if found != *code || !printed.contains(says) {
            wrong.push(format!("{replaced:?}, {added:?}: exit {found}, not {code} with '{says}':\n{printed}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A test of the same file with worse results.
fn worse_test(date: &str) -> String {
    let text = TEST.replace("7b05", "7f05").replace("name: churn-test", "name: churn-test-2");
    let worse =
        [("value: 0.9,", "value: 0.6,"), ("value: 0.91, s", "value: 0.6, s"), ("value: 0.88, s", "value: 0.6, s")];
    worse.into_iter().fold(text.replace("2026-05-05T08:00:00Z", date), |text, (from, to)| text.replace(from, to))
}

fn run(rest: &str) -> String {
    format!(
        "mlSpecVersion: 0.1.0\nkind: run\nid: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7f20\nname: all-in-one\nstatus: completed\n\
         submittedDate: 2026-05-04T07:00:00Z\n{rest}"
    )
}

const MADE: &str = "artifacts:\n  - {key: churn, path: {DataStore: lake, RelativePath: m.onnx}, artifact_type: MODEL, \
                    modelDigest: 'sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc'}\n";

const ARTIFACT: &str = "\
mlSpecVersion: 0.1.0
kind: artifact
id: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7f21
name: churn
artifact_type: MODEL
status: Active
created_by_run_id: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7f20
data_path: {DataStore: lake, RelativePath: m.onnx}
digest: sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc
";

/// A name is that of every file that the model ever had.
#[test]
fn evidence_without_a_digest_warns_and_says_what_to_write() {
    let without = |file| (file, DIGEST, "");
    let evaluation_only = "evaluation.yml does not say which file of the model was measured";
    let both = "evaluation.yml and test.yml do not say which file of the model was measured";
    let model =
        format!("mlSpecVersion: 0.1.0\nkind: model\nname: churn\nlicense: MIT\nframework: {{name: onnx}}\n{DIGEST}");
    for arguments in [NAMED, &[]] {
        assert_judged(
            arguments,
            &[
                (&[], &[], 0, "gate: pass"),
                (&[without("evaluation.yml")], &[], 0, evaluation_only),
                (&[without("evaluation.yml")], &[], 0, "gate: warn"),
                (&[without("test.yml")], &[], 0, "write its SHA-256"),
                (&[without("evaluation.yml"), without("test.yml")], &[], 0, both),
                (&[without("evaluation.yml"), without("test.yml")], &[], 0, "'modelDigest: sha256:…'"),
                (&[without("evaluation.yml"), without("test.yml")], &[("churn.model.yml", &model)], 0, "gate: pass"),
                (&[without("test.yml"), ("test.yml", "value: [100,", "value: [400,")], &[], 1, "gate: fail"),
            ],
        );
    }
    assert_judged(&[NAMED, &["--fail-on", "warn"]].concat(), &[(&[without("test.yml")], &[], 1, "gate: warn")]);
}

/// Whoever names an older test of the same file has chosen the better result.
#[test]
fn a_newer_test_of_the_same_file_is_not_passed_over() {
    let newer = worse_test("2026-05-09T08:00:00Z");
    let renamed = |model: &str| newer.replace("model: churn\n", &format!("model: {model}\n"));
    let by_run = renamed("churn@2.0.0\nrun: all-in-one").replace(DIGEST, "");
    let other_file = renamed("churn@2.0.0").replace("sha256:cc", "sha256:dd");
    let other_data =
        renamed("churn@2.0.0").replace("churn-holdback@1.0.0", "churn-june@1.0.0").replace("sha256:aa", "sha256:ad");
    let other_objectives = format!("{newer}objectives: churn-fairness\n");
    let others = OBJECTIVES.replace("7b01", "7f01").replace("churn-launch", "churn-fairness");
    let says = "new.yml is a newer test of this model file on the same data than 'churn-test'";
    assert_judged(
        NAMED,
        &[
            (&[], &[("new.yml", &newer)], 2, says),
            (&[], &[("new.yml", &renamed("churn@2.0.0"))], 2, says),
            (&[], &[("new.yml", &renamed("upsell@2.0.0"))], 2, says),
            (&[], &[("new.yml", &by_run), ("run.yml", &run(MADE))], 2, says),
            (&[], &[("new.yml", &by_run), ("run.yml", &run("")), ("model.yml", ARTIFACT)], 2, says),
            (&[], &[("new.yml", &other_file)], 0, "gate: pass"),
            (&[], &[("new.yml", &other_data)], 0, "gate: pass"),
            (&[], &[("new.yml", &other_objectives), ("fairness.yml", &others)], 0, "gate: pass"),
            (&[], &[("new.yml", &worse_test("2026-05-05T08:00:00Z"))], 2, "new.yml is possibly a newer test"),
            (&[], &[("new.yml", &worse_test("2026-05-04T09:00:00Z"))], 0, "gate: pass"),
            (&[], &[("new.yml", &worse_test("2026-05-05"))], 2, "new.yml is possibly a newer test"),
        ],
    );
    let as_of = [NAMED, &["--as-of", "2026-05-08"]].concat();
    assert_judged(&as_of, &[(&[], &[("new.yml", &renamed("churn@2.0.0"))], 0, "gate: pass")]);
    let named = [NAMED, &["--test", "new.yml"]].concat();
    assert_judged(&named, &[(&[], &[("new.yml", &newer)], 3, "several values")]);
    assert_judged(
        &[],
        &[
            (&[], &[("new.yml", &newer)], 1, "gate: fail"),
            (&[], &[("new.yml", &renamed("churn@2.0.0"))], 2, "all of the evidence must be about one model"),
            (&[], &[("new.yml", &by_run), ("run.yml", &run(MADE))], 2, "also the model"),
            (
                &[],
                &[("new.yml", &by_run.replace("churn@2.0.0", "upsell")), ("run.yml", &run(MADE))],
                2,
                "under the name of another one",
            ),
        ],
    );
}

#[test]
fn no_evaluation_of_the_same_file_reads_the_data_of_the_test() {
    let text = EVALUATION.replace("7b04", "7f04").replace("name: churn-evaluation", "name: second");
    let whole = text.replace("churn-validation", "churn-holdback").replace(&"b".repeat(64), &"a".repeat(64));
    let one = text.replace("count: 4000}", "count: 4000, dataset: churn-holdback@1.0.0}");
    let says = "is an evaluation of this model file on the data of the test 'churn-test'";
    let earlier = |text: &str| text.replace("2026-05-04T", "2026-05-03T");
    let later = |text: &str| text.replace("2026-05-04T", "2026-05-09T");
    let other_file = |text: &str| text.replace("sha256:cc", "sha256:dd").replace("model: churn\n", "model: upsell\n");
    for text in [&whole, &one] {
        assert_judged(
            NAMED,
            &[
                (&[], &[("second.yml", &earlier(text))], 2, says),
                (&[], &[("second.yml", &later(text))], 2, says),
                (&[], &[("second.yml", &later(text).replace("model: churn\n", "model: churn@2.0.0\n"))], 2, says),
                (&[], &[("second.yml", &other_file(text))], 0, "gate: pass"),
            ],
        );
        assert_judged(&[], &[(&[], &[("second.yml", &earlier(text))], 2, says)]);
    }
    let as_of = [NAMED, &["--as-of", "2026-05-08"]].concat();
    assert_judged(&as_of, &[(&[], &[("second.yml", &later(&one))], 0, "gate: pass")]);
    assert_judged(NAMED, &[(&[], &[("second.yml", &earlier(&text))], 0, "gate: pass")]);
}

/// What the run of the test read, the training had at hand, whatever its role is called.
#[test]
fn the_run_of_a_test_did_not_make_the_model() {
    let named = [("test.yml", "model: churn\n", "model: churn\nrun: all-in-one\n")];
    let data = |role: &str| format!("datasets: [{{key: d, dataset: churn-holdback@1.0.0, role: {role}}}]\n");
    let says = "the run 'all-in-one' made the test 'churn-test' and also the model";
    for arguments in [NAMED, &[]] {
        for data in [String::new(), data("test"), data("holdback")] {
            assert_judged(
                arguments,
                &[
                    (&named, &[("run.yml", &run(&data)), ("model.yml", ARTIFACT)], 2, says),
                    (&named, &[("run.yml", &run(&format!("{data}{MADE}")))], 2, says),
                    (&named, &[("run.yml", &run(&data))], 0, "gate: pass"),
                    (&named, &[("run.yml", &run(&format!("{data}{}", MADE.replace("sha256:cc", "sha256:dd"))))], 2, ""),
                    (&[], &[("run.yml", &run("")), ("model.yml", ARTIFACT)], 0, "gate: pass"),
                ],
            );
        }
    }
}

#[test]
fn every_measurement_in_a_named_file_is_evidence_or_refused() {
    let evaluation = EVALUATION.replace("7b04", "7f04").replace("name: churn-evaluation", "name: second");
    let measured = run("metrics: [{key: recall, value: 0.1, dataset: churn-validation@1.0.0, count: 4000}]\n");
    let with = |second: &str| format!("{TEST}---\n{second}");
    let hint = "name it with --evaluation test.yml, too, or keep it in another file";
    for (second, code, says) in [
        (worse_test("2026-05-05T08:00:00Z"), 3, "several values"),
        (evaluation.clone(), 2, "test.yml also contains the evaluation 'second', which would not be judged"),
        (evaluation, 2, hint),
        (measured, 2, "name it with --run test.yml"),
        // These measure nothing.
        (run(""), 0, "gate: pass"),
        (VALIDATION.replace("7b03", "7f03").replace("name: churn-validation", "name: june"), 0, "gate: pass"),
        (String::new(), 0, "gate: pass"),
    ] {
        assert_judged(NAMED, &[(&[], &[("test.yml", &with(&second))], code, says)]);
    }
    // The first holds nothing that is judged; the second does.
    let first = TEST.replace("key: recall", "key: coverage");
    let both = format!(
        "{first}---\n{}",
        worse_test("2026-05-05T08:00:00Z").replace("latency", "delay").replace("log_loss", "loss")
    );
    assert_judged(NAMED, &[(&[], &[("test.yml", &both)], 1, "gate: fail")]);
    let all = format!("{TEST}---\n{EVALUATION}");
    let arguments = ["--test", "test.yml", "--evaluation", "test.yml"];
    assert_judged(&arguments, &[(&[("evaluation.yml", EVALUATION, "")], &[("test.yml", &all)], 0, "gate: pass")]);
}
