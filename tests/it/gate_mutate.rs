//! `gate --self-test --mutate` on each form of the language: objectives that can block are not listed, those that never block are.

use std::fmt::Write;
use std::fs;
use std::process::Command;

use assert_fs::TempDir;

const HEAD: &str = "\
mlSpecVersion: 0.1.0
kind: objectives
id: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7c01
name: mutated
model: mutated
owner: someone
language: mlspec-objectives/2
datasets:
  holdback: {dataset: churn-holdback@1.0.0, stage: test}
baseline: {run: before}
metrics:
  recall: {unit: fraction, range: [0, 1], better: higher, of: churners}
  precision: {unit: fraction, range: [0, 1], better: higher}
  acc_1: {unit: fraction, range: [0, 1]}
  acc_5: {unit: fraction, range: [0, 1]}
  stderr: {unit: fraction, range: [0, 1]}
  loss: {better: lower}
  confusion: {type: object, unit: count, fields: [fn, fp, all]}
dimensions:
  site: {values: [a, b, c]}
definitions:
  floor: {bounds: {by: site, a: 0.5, else: 0.4}}
errors:
  missed: {rate: confusion.fn / confusion.all, cost: 50 EUR}
  false-alarm: {rate: confusion.fp / confusion.all, cost: 1 EUR}
objectives:
";

const TEST: &str = "\
mlSpecVersion: 0.1.0
kind: test
id: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7c02
name: mutated-test
model: mutated
dataset: churn-holdback@1.0.0
performedOn: 2026-09-02T09:00:00Z
metrics:
  - {key: recall, value: 0.85, count: 400, pairs: {both: 330, only_candidate: 10, only_baseline: 10, neither: 50}}
  - {key: recall, value: 0.8, count: 100, slice: {site: a}}
  - {key: recall, value: 0.85, count: 100, slice: {site: b}}
  - {key: recall, value: 0.9, count: 100, slice: {site: c}}
  - {key: precision, value: 0.9}
  - {key: acc_1, value: 0.7}
  - {key: acc_5, value: 0.9}
  - {key: stderr, value: 0.01}
  - {key: loss, value: 0.3, ci: {level: 0.95, lower: 0.25, upper: 0.35}}
  - {key: confusion, value: {fn: 2, fp: 10, all: 1000}}
";

const HOLDBACK: &str = "\
mlSpecVersion: 0.1.0
kind: dataset
id: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7c03
name: churn-holdback
state: Active
version: 1.0.0
location: s3://contoso/churn/holdback.parquet
digest: sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
";

const BEFORE: &str = "\
mlSpecVersion: 0.1.0
kind: run
id: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7c04
name: before
submittedDate: 2026-04-01T08:00:00Z
status: completed
metrics:
  - {key: recall, value: 0.85, dataset: churn-holdback@1.0.0, count: 400}
  - {key: precision, value: 0.9, dataset: churn-holdback@1.0.0}
  - {key: stderr, value: 0.01, dataset: churn-holdback@1.0.0}
";

/// Returns the exit code and the output for objectives with these conditions.
fn mutated(conditions: &[&str]) -> (Option<i32>, String) {
    let folder = TempDir::new().unwrap();
    let mut objectives = HEAD.to_owned();
    for (index, expect) in conditions.iter().enumerate() {
        writeln!(objectives, "  - {{id: a{index}, why: x, expect: \"{expect}\"}}").unwrap();
    }
    let files =
        [("objectives.yml", &*objectives), ("test.yml", TEST), ("holdback.yml", HOLDBACK), ("before.yml", BEFORE)];
    for (name, text) in files.into_iter().chain([("mlspec-lint.toml", "")]) {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let output = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"))
        .args(["gate", "objectives.yml", "--test", "test.yml", "--self-test", "--mutate"])
        .current_dir(folder.path())
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let printed = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (output.status.code(), printed)
}

#[test]
fn every_form_can_block() {
    for expect in [
        "recall >= 80% on holdback where site = 'a'",
        "for each slice of site except 'a', recall >= 80% on holdback",
        "at least 2 slices of site with at least 30 examples satisfy recall >= 80% on holdback",
        "for each metric of [recall, precision], value >= 80% on holdback",
        "for each metric matching 'acc_*', value >= 60% on holdback",
        "mean(recall across site) >= 80% on holdback",
        "weighted mean(recall across site by count) >= 80% on holdback",
        "recall rises along site on holdback",
        "recall rises along site on holdback with 51% one-sided confidence",
        "for each slice of site, recall >= floor on holdback",
        "expected_cost <= 120 EUR per 1000 on holdback",
        "recall >= (recall of baseline) - 2 * (stderr of baseline) on holdback",
        "recall drops by at most 5pp vs baseline on holdback with 95% confidence paired",
        "recall >= (recall of baseline) - 5pp on holdback with 95% confidence paired",
        "recall >= 0.9 * (recall of baseline) on holdback with 95% confidence",
        "recall drops by at most 10% relative vs baseline on holdback with 95% one-sided confidence",
        "difference(recall across site) <= 40pp on holdback with 95% confidence",
        "ratio(recall across site with at least 30 examples) >= 0.5 on holdback with 95% confidence",
        "recall >= 75% on holdback where site = 'b' with 95% one-sided confidence",
        "loss <= 0.5 on holdback with 97.5% one-sided confidence",
        "evaluated within 30 days on holdback",
    ] {
        let (code, printed) = mutated(&[expect, "precision >= 50% on holdback"]);
        assert_eq!(code, Some(0), "{expect}: {printed}");
    }
}

#[test]
fn what_never_blocks_is_named() {
    for expect in [
        "(recall of baseline) >= 50% on holdback",
        "at least 1 slice of site satisfies (recall of baseline) >= 50% on holdback",
    ] {
        let (code, printed) = mutated(&[expect, "precision >= 50% on holdback"]);
        assert!(code == Some(1) && printed.contains("NEVER BLOCKS  a0"), "{expect}: {code:?}: {printed}");
        assert!(!printed.contains("NEVER BLOCKS  a1"), "{printed}");
    }
}
