//! A candidate that passes, in a folder of its own, and ways to change it in one place.

use std::fs;
use std::path::Path;
use std::process::Command;

use assert_fs::TempDir;

pub const OBJECTIVES: &str = "\
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

pub const HOLDBACK: &str = "\
mlSpecVersion: 0.1.0
kind: dataset
id: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7b02
name: churn-holdback
state: Active
version: 1.0.0
location: s3://contoso/churn/holdback.parquet
digest: sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
";

pub const VALIDATION: &str = "\
mlSpecVersion: 0.1.0
kind: dataset
id: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7b03
name: churn-validation
state: Active
version: 1.0.0
location: s3://contoso/churn/validation.parquet
digest: sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
";

pub const EVALUATION: &str = "\
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

pub const TEST: &str = "\
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

/// The last line of the test.
pub const LAST: &str = "  - {key: log_loss, value: 0.3}\n";

pub const PRODUCTION: &str = "\
mlSpecVersion: 0.1.0
kind: run
id: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7b06
name: churn-production
submittedDate: 2026-04-01T08:00:00Z
status: completed
metrics:
  - {key: recall, value: 0.92, dataset: churn-holdback@1.0.0, count: 4000}
";

/// Returns a folder with all documents.
pub fn folder() -> TempDir {
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

pub const NAMED: &[&str] = &["--evaluation", "evaluation.yml", "--test", "test.yml"];

pub fn gate(folder: &Path, arguments: &[&str]) -> (i32, String) {
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

pub fn replace(folder: &Path, file: &str, from: &str, to: &str) {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} does not hold {from}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

/// The file, the text that is replaced in it and the new text; the exit code, and the message.
pub type Case = (&'static str, &'static str, &'static str, i32, &'static str);

#[track_caller]
pub fn assert_cases(cases: &[Case]) {
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

/// A change of the candidate: texts that are replaced, and files that are added.
pub struct Change<'a> {
    replaced: &'a [(&'a str, &'a str, &'a str)],
    added: &'a [(&'a str, &'a str)],
    code: i32,
    says: &'a str,
}

/// A change that ends with this exit code and message.
pub fn change<'a>(
    replaced: &'a [(&'a str, &'a str, &'a str)],
    added: &'a [(&'a str, &'a str)],
    code: i32,
    says: &'a str,
) -> Change<'a> {
    Change { replaced, added, code, says }
}

#[track_caller]
pub fn assert_judged(arguments: &[&str], changes: &[Change<'_>]) {
    let mut wrong = Vec::new();
    for change in changes {
        let folder = folder();
        for (file, from, to) in change.replaced {
            replace(folder.path(), file, from, to);
        }
        for (file, text) in change.added {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let (code, printed) = gate(folder.path(), arguments);
        if code != change.code || !printed.contains(change.says) {
            let (replaced, expected) = (change.replaced, change.code);
            wrong.push(format!("{replaced:?}: exit {code}, not {expected} with '{}':\n{printed}", change.says));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The files that are added; the exit code, and the message.
pub type With<'a> = (&'a [(&'a str, &'a str)], i32, &'a str);

/// Judges the candidate with these files, the measurements named.
#[track_caller]
pub fn assert_with(cases: &[With<'_>]) {
    let changes: Vec<Change<'_>> = cases.iter().map(|(added, code, says)| change(&[], added, *code, says)).collect();
    assert_judged(NAMED, &changes);
}
