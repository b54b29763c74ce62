//! No verdict on evidence that cannot be believed: each case changes a candidate that passes in one place.

use std::fs;
use std::path::Path;
use std::process::Command;

use assert_fs::TempDir;

const OBJECTIVES: &str = "\
mlSpecVersion: 0.1.0
kind: objectives
id: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7b01
name: churn-launch
model: churn
owner: growth@contoso.com
datasets:
  validation: {dataset: churn-validation@1.0.0, stage: evaluation}
  holdback: {dataset: churn-holdback@1.0.0, stage: test}
  live: {stage: monitoring}
baseline: {run: churn-production}
metrics:
  recall: {unit: fraction, range: [0, 1], better: higher, of: churners}
  log_loss: {better: lower}
  latency: {unit: ms, type: array, better: lower}
dimensions:
  plan: {values: [basic, plus]}
objectives:
  - id: floor
    why: below this the campaign loses money
    expect: recall >= 80% on holdback
  - id: plans
    why: both plans are sold
    expect: for each slice of plan ignoring slices under 100 examples, recall >= 70% on holdback
  - id: no-step-back
    why: the campaign must not find fewer churners than today
    expect: recall drops by at most 5pp vs baseline on holdback
  - id: quick
    why: the page waits
    expect: max(latency) <= 300ms on holdback and log_loss <= 0.7 on holdback
";

const HOLDBACK: &str = "\
mlSpecVersion: 0.1.0
kind: dataset
id: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7b02
name: churn-holdback
state: Active
version: 1.0.0
location: s3://contoso/churn/holdback.parquet
digest: sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
";

const VALIDATION: &str = "\
mlSpecVersion: 0.1.0
kind: dataset
id: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7b03
name: churn-validation
state: Active
version: 1.0.0
location: s3://contoso/churn/validation.parquet
digest: sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
";

const EVALUATION: &str = "\
mlSpecVersion: 0.1.0
kind: evaluation
id: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7b04
name: churn-evaluation
model: churn
modelDigest: sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc
dataset: churn-validation@1.0.0
datasetDigest: sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
performedOn: 2026-05-04T08:00:00Z
metrics:
  - {key: recall, value: 0.91, count: 4000}
";

const TEST: &str = "\
mlSpecVersion: 0.1.0
kind: test
id: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7b05
name: churn-test
model: churn
modelDigest: sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc
dataset: churn-holdback@1.0.0
datasetDigest: sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
performedOn: 2026-05-05T08:00:00Z
metrics:
  - {key: recall, value: 0.9, count: 4000}
  - {key: recall, value: 0.91, slice: {plan: basic}, count: 3000}
  - {key: recall, value: 0.88, slice: {plan: plus}, count: 1000}
  - {key: latency, value: [100, 120]}
  - {key: log_loss, value: 0.3}
";

const PRODUCTION: &str = "\
mlSpecVersion: 0.1.0
kind: run
id: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7b06
name: churn-production
submittedDate: 2026-04-01T08:00:00Z
status: completed
metrics:
  - {key: recall, value: 0.92, dataset: churn-holdback@1.0.0, count: 4000}
";

/// A folder with all of them.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in [
        ("objectives.yml", OBJECTIVES),
        ("holdback.yml", HOLDBACK),
        ("validation.yml", VALIDATION),
        ("evaluation.yml", EVALUATION),
        ("test.yml", TEST),
        ("production.yml", PRODUCTION),
        ("mlspec-lint.toml", ""),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

const NAMED: &[&str] = &["--evaluation", "evaluation.yml", "--test", "test.yml"];

fn gate(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"))
        .args(["gate", "objectives.yml"])
        .args(arguments)
        .current_dir(folder)
        .envs([("GITHUB_ACTIONS", "false"), ("NO_COLOR", "1"), ("LC_ALL", "C.UTF-8")])
        .output()
        .unwrap();
    let printed = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (output.status.code().unwrap(), printed)
}

fn replace(folder: &Path, file: &str, from: &str, to: &str) {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} does not hold {from}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

/// File, what is replaced in it, by what; the exit code, and what is said.
type Case = (&'static str, &'static str, &'static str, i32, &'static str);

#[track_caller]
fn assert_cases(cases: &[Case]) {
    let mut wrong = Vec::new();
    for (file, from, to, code, says) in cases {
        let folder = folder();
        replace(folder.path(), file, from, to);
        let (found, printed) = gate(folder.path(), NAMED);
        if found != *code || !printed.contains(says) {
            wrong.push(format!("{file}: {to}: exit {found}, not {code} with '{says}':\n{printed}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_candidate_passes_as_it_is_and_is_found_by_itself() {
    let folder = folder();
    for arguments in [NAMED, &[]] {
        let (code, printed) = gate(folder.path(), arguments);
        assert_eq!(code, 0, "{printed}");
        assert!(printed.contains("gate: pass"), "{printed}");
    }
}

/// The last line of the test.
const LAST: &str = "  - {key: log_loss, value: 0.3}\n";

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
        ("holdback.yml", "digest: sha256:aaaa", "digest: md5:aaaa", 2, "the digest of"),
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
            3,
            "interval cannot be one",
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
        .replace("value: 0.9,", "value: 0.5,");
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
    let line = |value: &str, more: &str| {
        let head = "{\"mlSpecVersion\": \"0.1.0\", \"kind\": \"test\", \"id\": \"0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7b05\", \"name\": \"t\"";
        format!(
            "{head}, \"model\": \"churn\", \"dataset\": \"churn-holdback@1.0.0\", \"performedOn\": \"2026-05-05T08:00:00Z\", \
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
    // The model's own document says it for all that was measured of it.
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
    // Without a day, age is counted from now, and the evidence is of the past.
    assert_eq!(gate(folder.path(), &with(&["--max-age", "1h"])).0, 3);
    replace(folder.path(), "objectives.yml", "stage: test}", "stage: test, max_age: 10d}");
    assert_eq!(gate(folder.path(), &with(&["--as-of", "2026-05-14"])).0, 0);
    let (code, printed) = gate(folder.path(), &with(&["--as-of", "2026-05-16", "--format", "json"]));
    assert!(code == 3 && printed.contains("too-old"), "{printed}");
}

#[test]
fn outputs_do_not_take_the_place_of_inputs() {
    let folder = folder();
    fs::write(folder.path().join("gate.pem"), "a key").unwrap();
    for output in ["test.yml", "./objectives.yml", "evaluation.yml"] {
        let before = fs::read(folder.path().join(output)).unwrap();
        let (code, printed) = gate(folder.path(), &[NAMED, &["--format", "json", "-o", output]].concat());
        assert!(code == 2 && printed.contains("cannot be written as well"), "{printed}");
        assert_eq!(fs::read(folder.path().join(output)).unwrap(), before);
    }
    let attest = ["--subject", "holdback.yml", "--key", "gate.pem", "--attest", "gate.pem"];
    let (code, printed) = gate(folder.path(), &[NAMED, &attest[..]].concat());
    assert!(code == 2 && printed.contains("cannot be written as well"), "{printed}");
}
