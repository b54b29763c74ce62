//! The gate: objectives and measurements in, a verdict and its reasons out.

#[path = "support/gate.rs"]
mod gate;

use gate::{As, first, verdict, verdict_on, word};
use mlspec_lint::objectives::verdict::{Verdict, json_schema};

const CATALOGUE: &str = "
mlSpecVersion: 0.1.0
kind: objectives
id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
name: credit-default-launch
language: mlspec-objectives/1
datasets:
  validation: {dataset: credit-validation@1.2.0, stage: evaluation}
  holdback: {dataset: credit-holdback@1.0.0, stage: test}
  live: {stage: monitoring}
baseline: {run: production-2026-08}
metrics:
  accuracy: {unit: fraction, range: [0, 1], better: higher}
  auc: {unit: fraction, better: higher}
  f1: {unit: fraction, better: higher}
  latency: {unit: ms, type: array, better: lower}
  recall: {unit: fraction, range: [0, 1], better: higher}
  selection_rate: {unit: fraction}
  log_likelihood: {better: higher}
  model_size: {unit: MB, better: lower}
  errors: {unit: count}
  requests: {unit: count}
  confusion_matrix: {type: object, unit: count, fields: [true_positive, true_negative, false_positive, false_negative]}
dimensions:
  gender: {}
  race: {}
definitions:
  total: confusion_matrix.true_positive + confusion_matrix.true_negative + confusion_matrix.false_positive + confusion_matrix.false_negative
";

const VALIDATION: &str = "
kind: evaluation
id: 1a000000-0000-4000-8000-000000000001
name: evaluation
dataset: credit-validation@1.2.0
performedOn: 2026-09-01T09:00:00Z
metrics:
- {key: accuracy, value: 0.89, count: 2000}
";

const HOLDBACK: &str = "
kind: test
id: 1a000000-0000-4000-8000-000000000002
name: test
dataset: credit-holdback@1.0.0
performedOn: 2026-09-02T09:00:00Z
metrics:
- {key: accuracy, value: 0.87, count: 350}
- {key: auc, value: .nan}
- {key: latency, value: [112, 140, 118, 133, 197, 121, 260, 130, 125, 119]}
- {key: confusion_matrix, value: {true_positive: 100, true_negative: 200, false_positive: 20, false_negative: 30}}
- {key: recall, value: 0.86, slice: {gender: A}, count: 1800}
- {key: recall, value: 0.78, slice: {gender: B}, count: 1500}
- {key: recall, value: 1.0, slice: {gender: X}, count: 7}
- {key: selection_rate, value: 0.40, slice: {gender: A}}
- {key: selection_rate, value: 0.34, slice: {gender: B}}
- {key: model_size, value: 480}
- {key: log_likelihood, value: -0.6}
";

const BASELINE: &str = "
kind: run
id: 1a000000-0000-4000-8000-000000000003
name: production-2026-08
submittedDate: 2026-08-01T09:00:00Z
metrics:
- {key: accuracy, value: 0.88, dataset: credit-holdback@1.0.0}
- {key: log_likelihood, value: -0.5}
";

const GIVEN: [(As, &str); 3] = [(As::Candidate, VALIDATION), (As::Candidate, HOLDBACK), (As::Baseline, BASELINE)];

fn objectives(objectives: &str) -> String {
    format!("{CATALOGUE}objectives:\n{objectives}")
}

/// The verdict on one objective, which is written as YAML after `expect: `.
fn judged(expect: &str) -> Verdict {
    verdict(&objectives(&format!("- id: a\n  expect: {expect}\n")), &GIVEN)
}

fn summary(verdict: &Verdict) -> (String, String, String) {
    let own = first(verdict);
    (word(own.verdict), word(own.reason), own.message.clone())
}

#[test]
fn the_worked_examples_have_the_verdicts_and_reasons_that_are_promised() {
    for (expect, verdict, reason, message) in [
        (
            "accuracy >= 85% on holdback\n  aim: accuracy >= 90% on holdback",
            "warn",
            "threshold",
            "0.87 ≥ 0.85; aim 0.87 < 0.9",
        ),
        (
            "accuracy >= 85% on holdback with 95% confidence",
            "unknown",
            "not-enough-evidence",
            "0.87 [0.831, 0.901] (Wilson, n = 350) straddles 0.85",
        ),
        ("accuracy drops by at most 1pp vs baseline on holdback", "pass", "-", "0.88 → 0.87, exactly −1 pp"),
        (
            "accuracy drops by at most 1% vs baseline on holdback",
            "fail",
            "change",
            "0.88 → 0.87, −1.14 % relative; must be ≥ 0.8712",
        ),
        ("p95(latency) < 200ms on holdback", "fail", "threshold", "231.65 ms ≥ 200 ms"),
        (
            "for each slice of gender ignoring slices under 100 examples, recall >= 0.75 on holdback",
            "pass",
            "-",
            "A 0.86, B 0.78; X left out (7)",
        ),
        (
            "for each slice of gender with at least 100 examples, recall >= 0.75 on holdback",
            "unknown",
            "too-few-examples",
            "X has 7 examples, needs 100",
        ),
        (
            "ratio(selection_rate across gender) >= 0.9 on holdback\n  severity: advisory",
            "warn",
            "fairness",
            "0.34 / 0.4 = 0.85 < 0.9",
        ),
        ("difference(recall across gender) <= 5pp on holdback", "fail", "fairness", "22 pp (B 0.78, X 1) > 5 pp"),
        ("confusion_matrix.false_negative / total <= 2% on holdback", "fail", "threshold", "30 / 350 = 8.57 % > 2 %"),
        ("(accuracy on validation) - (accuracy on holdback) <= 2pp", "pass", "-", "exactly 2 pp"),
        ("accuracy < 90% on holdback implies model_size <= 1GB", "pass", "-", "480 MB ≤ 1000 MB"),
        ("auc >= 0.8 on holdback or accuracy >= 0.8 on holdback", "warn", "not-finite", "auc is NaN; 0.87 ≥ 0.8"),
        ("f1 >= 0.8 on holdback", "unknown", "missing-metric", "f1 is not reported on holdback"),
        (
            "log_likelihood improves by at least 5% vs baseline",
            "fail",
            "change",
            "−0.5 → −0.6, −20 % of abs(reference); must be ≥ −0.475",
        ),
    ] {
        let found = judged(expect);
        let expected = (verdict.to_owned(), reason.to_owned(), message.to_owned());
        assert_eq!(summary(&found), expected, "{expect}");
    }
}
