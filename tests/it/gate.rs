//! Tests of the gate: from objectives and measurements to a verdict and its reasons.

use mlspec_lint::objectives::verdict::{Verdict, json_schema};

use crate::support::gate::{As, first, verdict, verdict_on, word};

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
  accuracy: {unit: fraction, range: [0, 1], better: higher, of: examples}
  auc: {unit: fraction, better: higher}
  f1: {unit: fraction, better: higher}
  latency: {unit: ms, type: array, better: lower}
  recall: {unit: fraction, range: [0, 1], better: higher, of: examples}
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

/// Returns the verdict on one objective, which is the YAML after `expect: `.
fn judged(expect: &str) -> Verdict {
    judged_by(expect, &GIVEN)
}

/// Like [`judged`], with other measurements. Another objective, which is required and met, allows advisory ones to be judged.
fn judged_by(expect: &str, given: &[(As, &str)]) -> Verdict {
    let other = "- {id: other, expect: 1 < 2}\n";
    verdict(&objectives(&format!("- id: a\n  expect: {expect}\n{other}")), given)
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
            "0.87 [0.831, 0.901] (95% two-sided, Wilson, n = 350) straddles 0.85",
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
        ("accuracy < 90% on holdback implies model_size <= 1GB", "pass", "-", "480 MB ≤ 1 GB"),
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

fn assert_judged(expect: &str, given: &[(As, &str)], verdict: &str, reason: &str) {
    let found = judged_by(expect, given);
    let own = summary(&found);
    assert_eq!((own.0.as_str(), own.1.as_str()), (verdict, reason), "{expect}: {}", own.2);
}

/// Returns a test document on hold-back data with these metrics.
fn test_of(metrics: &str) -> String {
    format!(
        "kind: test\nid: t\nname: test\ndataset: credit-holdback@1.0.0\nperformedOn: 2026-09-02T09:00:00Z\nmetrics:\n{metrics}"
    )
}

/// Returns a run with these metrics.
fn run_of(name: &str, date: &str, metrics: &str) -> String {
    format!("kind: run\nid: {name}\nname: {name}\nsubmittedDate: {date}T09:00:00Z\nmetrics:\n{metrics}")
}

#[test]
fn a_relative_change_to_or_from_nan_does_not_pass() {
    let candidate = test_of("- {key: accuracy, value: .nan}\n");
    let baseline = run_of("b", "2026-08-01", "- {key: accuracy, value: 0.9, dataset: credit-holdback@1.0.0}\n");
    let expect = "accuracy drops by at most 1% vs baseline on holdback";
    assert_judged(expect, &[(As::Candidate, &candidate), (As::Baseline, &baseline)], "unknown", "not-finite");
    let (candidate, baseline) = (test_of("- {key: accuracy, value: 0.9}\n"), baseline.replace("0.9", ".NaN"));
    assert_judged(expect, &[(As::Candidate, &candidate), (As::Baseline, &baseline)], "unknown", "not-finite");
    let zero = baseline.replace(".NaN", "0.0");
    assert_judged(
        expect,
        &[(As::Candidate, &candidate), (As::Baseline, &zero)],
        "unknown",
        "undefined-relative-change",
    );
}

#[test]
fn an_interval_is_judged_as_a_whole() {
    let of = |ci: &str| test_of(&format!("- {{key: accuracy, value: 0.87, count: 2500, ci: {ci}}}\n"));
    for (expect, ci, verdict, reason) in [
        ("accuracy >= 0.85", "{level: 0.95, lower: 0.86, upper: 0.88}", "pass", "-"),
        ("accuracy > 0.86", "{level: 0.95, lower: 0.86, upper: 0.88}", "unknown", "not-enough-evidence"),
        ("accuracy >= 0.88", "{level: 0.95, lower: 0.86, upper: 0.879}", "fail", "threshold"),
        ("accuracy > 0.88", "{level: 0.95, lower: 0.86, upper: 0.88}", "fail", "threshold"),
        ("accuracy <= 0.87", "{level: 0.95, lower: 0.86, upper: 0.88}", "unknown", "not-enough-evidence"),
        ("accuracy != 0.9", "{level: 0.95, lower: 0.86, upper: 0.88}", "pass", "-"),
        ("accuracy between 0.86 and 0.88", "{level: 0.95, lower: 0.86, upper: 0.88}", "pass", "-"),
        ("accuracy between 0.9 and 0.95", "{level: 0.95, lower: 0.86, upper: 0.88}", "fail", "threshold"),
        // The logged interval is of another level, so Wilson's is used, which is wider.
        ("accuracy >= 0.86", "{level: 0.9, lower: 0.86, upper: 0.88}", "unknown", "not-enough-evidence"),
        ("accuracy >= 0.85", "{level: 0.95, lower: .nan, upper: 0.88}", "unknown", "not-finite"),
        ("accuracy >= 0.85", "{level: 0.95, lower: 0.87, upper: 0.87}", "unknown", "impossible-interval"),
        ("accuracy >= 0.85", "{level: 0.95, lower: 0.86, upper: 1.1}", "unknown", "impossible-interval"),
        ("accuracy >= 0.85", "{level: 0.95, lower: 0.9, upper: 0.88}", "unknown", "impossible-interval"),
        // Of 2,500 examples, a share is not known so well.
        ("accuracy >= 0.85", "{level: 0.95, lower: 0.865, upper: 0.875}", "unknown", "impossible-interval"),
    ] {
        let candidate = of(ci);
        assert_judged(
            &format!("{expect} on holdback with 95% confidence"),
            &[(As::Candidate, &candidate)],
            verdict,
            reason,
        );
    }
    let candidate = of("{level: 0.95, lower: 0.8, upper: 0.9}");
    let baseline = run_of("b", "2026-08-01", "- {key: accuracy, value: 0.88, dataset: credit-holdback@1.0.0}\n");
    let given = [(As::Candidate, candidate.as_str()), (As::Baseline, &baseline)];
    let change = "accuracy drops by at most 1pp vs baseline on holdback with 95% confidence";
    assert_judged(change, &given, "unknown", "not-enough-evidence");
    assert_judged("2 * accuracy >= 1 on holdback with 95% confidence", &given, "unknown", "not-enough-evidence");
}

#[test]
fn a_group_that_is_missing_or_nan_is_not_dropped() {
    let of = |last: &str| {
        test_of(&format!(
            "- {{key: recall, value: 0.86, slice: {{gender: A}}, count: 100}}\n- {{key: recall, value: 0.85, slice: {{gender: B}}, count: 100}}\n{last}"
        ))
    };
    let fair =
        ["difference(recall across gender) <= 5pp on holdback", "ratio(recall across gender) >= 0.9 on holdback"];
    let each = "for each slice of gender, recall >= 0.8 on holdback";
    for expect in fair.into_iter().chain([each]) {
        let nan = of("- {key: recall, value: .nan, slice: {gender: X}, count: 100}\n");
        assert_judged(expect, &[(As::Candidate, &nan)], "unknown", "not-finite");
        // Another metric has the slice.
        let lacking = of("- {key: accuracy, value: 1, slice: {gender: X}, count: 100}\n");
        assert_judged(expect, &[(As::Candidate, &lacking)], "pass", "-");
        let both = expect.replace("recall", "(recall + 0 * accuracy)");
        assert_judged(&both, &[(As::Candidate, &lacking)], "unknown", "missing-slice");
        assert_judged(expect, &[(As::Candidate, &test_of("- {key: recall, value: 1}\n"))], "unknown", "missing-slice");
    }
    // Slices that are left out are still checked.
    let small = of("- {key: recall, value: .nan, slice: {gender: X}, count: 7}\n");
    let ignoring = "for each slice of gender ignoring slices under 50 examples, recall >= 0.8 on holdback";
    assert_judged(ignoring, &[(As::Candidate, &small)], "warn", "not-finite");
    let ignoring = "difference(recall across gender ignoring slices under 50 examples) <= 5pp on holdback";
    assert_judged(ignoring, &[(As::Candidate, &small)], "warn", "not-finite");
    let alone = "for each slice of gender ignoring slices under 500 examples, recall >= 0.8 on holdback";
    assert_judged(alone, &[(As::Candidate, &of(""))], "unknown", "missing-slice");
    let uncounted = of("- {key: recall, value: 0.9, slice: {gender: X}}\n");
    assert_judged(alone, &[(As::Candidate, &uncounted)], "unknown", "too-few-examples");
}

#[test]
fn a_slice_that_vanished_since_the_baseline_is_missed() {
    let of = |names: &[&str]| -> String {
        let record = |name: &&str| {
            format!("- {{key: recall, value: 0.9, dataset: credit-holdback@1.0.0, slice: {{gender: {name}}}}}\n")
        };
        names.iter().map(record).collect()
    };
    let (candidate, baseline) =
        (run_of("c", "2026-09-01", &of(&["A", "B"])), run_of("b", "2026-08-01", &of(&["A", "B", "X"])));
    let expect = "for each slice of gender, recall drops by at most 1pp vs baseline on holdback";
    assert_judged(expect, &[(As::Candidate, &candidate), (As::Baseline, &baseline)], "unknown", "missing-slice");
    assert_judged(expect, &[(As::Candidate, &candidate), (As::Baseline, &candidate)], "pass", "-");
    assert_judged(expect, &[(As::Candidate, &baseline), (As::Baseline, &candidate)], "unknown", "missing-baseline");
}

#[test]
fn declared_values_of_a_dimension_must_be_reported() {
    let text = |values: &str, expect: &str| {
        let declared = CATALOGUE.replace("gender: {}", &format!("gender: {{values: {values}}}"));
        format!("{declared}objectives:\n- {{id: a, expect: \"{expect}\"}}\n")
    };
    for expect in
        ["for each slice of gender, recall >= 0.5 on holdback", "worst(recall across gender) >= 0.5 on holdback"]
    {
        assert_eq!(word(verdict(&text("[A, B, X]", expect), &GIVEN).verdict), "pass");
        let missing = verdict(&text("[A, B, X, Y]", expect), &GIVEN);
        assert_eq!(summary(&missing), ("unknown".into(), "missing-slice".into(), "gender Y is not reported".into()));
    }
}

#[test]
fn percentages_count_and_integers_divide_exactly() {
    let candidate =
        test_of("- {key: errors, value: 900}\n- {key: requests, value: 2000}\n- {key: recall, value: 0.3}\n");
    let given = [(As::Candidate, candidate.as_str())];
    assert_judged("errors / requests <= 0.02 on holdback", &given, "fail", "threshold");
    assert_judged("errors / requests <= 45% on holdback", &given, "pass", "-");
    assert_judged("errors / requests < 45% on holdback", &given, "fail", "threshold");
    assert_judged("recall >= 30% on holdback", &given, "pass", "-");
    assert_judged("recall >= 31% on holdback", &given, "fail", "threshold");
    assert_judged("errors / (requests - 2000) <= 0.02 on holdback", &given, "unknown", "undefined-ratio");
}

#[test]
fn what_is_not_known_is_not_taken_for_true_or_false() {
    let known = "accuracy >= 0.8 on holdback";
    let unknown = "f1 >= 0.8 on holdback";
    for (expect, verdict) in [
        (unknown.to_owned(), "unknown"),
        (format!("not ({unknown})"), "unknown"),
        (format!("{known} and {unknown}"), "unknown"),
        (format!("{known} or {unknown}"), "pass"),
        (format!("not ({known}) and {unknown}"), "fail"),
        (format!("{unknown} implies {known}"), "pass"),
        (format!("{known} implies {unknown}"), "unknown"),
        ("f1 is reported on holdback".to_owned(), "fail"),
        ("f1 is not reported on holdback".to_owned(), "pass"),
        ("auc is reported on holdback".to_owned(), "warn"),
        ("accuracy drops by at most 1pp vs run 'none' on holdback".to_owned(), "unknown"),
        ("accuracy drops by at most 1pp vs baseline on validation".to_owned(), "unknown"),
        ("accuracy >= 0.1".to_owned(), "unknown"),
        ("recall >= 0.1 on holdback".to_owned(), "unknown"),
    ] {
        let found = judged(&expect);
        assert_eq!(word(first(&found).verdict), verdict, "{expect}: {}", first(&found).message);
    }
    assert_judged("accuracy >= 0.1", &GIVEN, "unknown", "ambiguous");
    // Further requirements of a presence claim are not dropped.
    assert_judged("accuracy is reported on holdback with at least 350 examples", &GIVEN, "pass", "-");
    assert_judged("accuracy is reported on holdback with at least 351 examples", &GIVEN, "unknown", "too-few-examples");
    assert_judged("accuracy is reported on holdback with 95% confidence", &GIVEN, "unknown", "not-enough-evidence");
}

#[test]
fn what_cannot_be_judged_is_refused() {
    let refused = |text: &str| verdict_on(&objectives(text), &GIVEN, None).unwrap_err().to_string();
    assert_eq!(refused(" []"), "no objective is required: nothing could ever block");
    assert_eq!(
        refused("- {id: a, severity: advisory, expect: accuracy >= 0.1 on holdback}"),
        "no objective is required: nothing could ever block"
    );
    assert_eq!(refused("- {id: a, expect: accuracy >= on holdback}"), "the objective 'a' cannot be read");
    assert_eq!(refused("- {id: a, why: it has no condition}"), "the objective 'a' cannot be read");
    let aim = "- {id: a, expect: accuracy >= 0.1 on holdback, aim: acuracy >= 0.9 on holdback}";
    assert_eq!(refused(aim), "the objective 'a' cannot be read");
    // A malformed part must not be omitted.
    let aim = "- {id: a, expect: accuracy >= 0.1 on holdback, aim: [accuracy >= 0.9 on holdback]}";
    assert_eq!(refused(aim), "the objective 'a' cannot be read");
    let item = "- {id: a, expect: accuracy >= 0.1 on holdback}\n- accuracy >= 0.9 on holdback";
    assert_eq!(refused(item), "1 of the objectives cannot be read; `mlspec-lint check` tells which");
    let amount = "- {id: a, expect: delay rises by at least 20ms vs baseline on holdback}";
    assert!(refused(amount).contains("'a' cannot be read"), "records without a unit would be taken for seconds");
}

#[test]
fn metrics_that_cannot_be_read_are_not_left_out() {
    let text = objectives("- {id: a, expect: accuracy >= 0.1 on holdback}");
    for metric in ["{key: 5, value: 0.1}", "{value: 0.1}", "{key: accuracy}", "accuracy"] {
        let given = test_of(&format!("- {{key: accuracy, value: 0.9}}\n- {metric}\n"));
        let refusal = verdict_on(&text, &[(As::Candidate, &given)], None).unwrap_err().to_string();
        assert_eq!(refusal, "1 of the metrics cannot be read; `mlspec-lint check` tells which", "{metric}");
    }
}

#[test]
fn advisory_objectives_and_waivers_excuse_only_what_they_name() {
    let text = |waiver: &str| {
        format!(
            "{}waivers:\n- {waiver}\n",
            objectives(
                "- {id: a, expect: accuracy >= 0.9 on holdback}\n- {id: b, expect: f1 >= 0.9 on holdback, severity: advisory}\n"
            )
        )
    };
    for (waiver, gate, verdicts) in [
        ("{objective: a, until: 2026-09-02, by: jane, reason: r}", "warn", ["waived", "warn"]),
        ("{objective: a, until: '2026-09-02T23:00:00Z', by: jane, reason: r}", "warn", ["waived", "warn"]),
        ("{objective: a, until: 2026-09-01, by: jane, reason: r}", "fail", ["fail", "warn"]),
        ("{objective: a, until: 2026-09-02, by: jane}", "fail", ["fail", "warn"]),
        ("{objective: a, until: 2026-09-02, by: '', reason: r}", "fail", ["fail", "warn"]),
        ("{objective: a, until: soon, by: jane, reason: r}", "fail", ["fail", "warn"]),
        ("{objective: b, until: 2027-01-01, by: jane, reason: r}", "fail", ["fail", "waived"]),
    ] {
        let found = verdict(&text(waiver), &GIVEN);
        assert_eq!(word(found.verdict), gate, "{waiver}");
        assert_eq!(found.objectives.iter().map(|own| word(own.verdict)).collect::<Vec<_>>(), verdicts, "{waiver}");
    }
    let later = verdict_on(&text("{objective: a, until: 2026-09-02, by: jane, reason: r}"), &GIVEN, Some("2026-09-03"));
    assert_eq!(word(later.unwrap().verdict), "fail");
}

#[test]
fn records_of_one_value_must_agree() {
    let of = |records: &str| test_of(records);
    for (records, verdict, reason) in [
        ("- {key: accuracy, value: 0.9}\n- {key: accuracy, value: 0.1}\n", "unknown", "ambiguous"),
        ("- {key: accuracy, value: 0.1, step: 1}\n- {key: accuracy, value: 0.9, step: 2}\n", "pass", "-"),
        ("- {key: accuracy, value: 0.9, step: 2}\n- {key: accuracy, value: 0.1, step: 1}\n", "pass", "-"),
        ("- {key: accuracy, value: 0.9, step: 2}\n- {key: accuracy, value: 0.1, step: 2}\n", "unknown", "ambiguous"),
        ("- {key: accuracy, value: 0.9, step: 2}\n- {key: accuracy, value: 0.1}\n", "unknown", "ambiguous"),
        ("- {key: accuracy, value: 90, unit: percent}\n", "pass", "-"),
        ("- {key: accuracy, value: 90, unit: ms}\n", "unknown", "unit-error"),
        ("- {key: accuracy, value: '0.9'}\n", "unknown", "not-finite"),
        ("- {key: accuracy, value: true}\n", "unknown", "not-finite"),
        ("- {key: accuracy, value: ~}\n", "unknown", "not-finite"),
        ("- {key: accuracy, value: 1e999999999}\n", "unknown", "not-finite"),
        ("- {key: accuracy, value: [0.9]}\n", "unknown", "not-finite"),
        ("- {key: accuracy, value: 0x1}\n", "pass", "-"),
        ("- {key: accuracy, value: 0.9, slice: {fold: 1}}\n", "unknown", "missing-metric"),
        ("- {key: accuracy, value: 0.9, slice: all}\n", "unknown", "missing-metric"),
        ("- {key: accuracy, value: 0.9, dataset: holdback}\n", "pass", "-"),
        ("- {key: accuracy, value: 0.9, dataset: Credit-Holdback@1.0.0}\n", "pass", "-"),
        ("- {key: accuracy, value: 0.9, dataset: b6f1c1de-0000-4000-8000-000000000001}\n", "pass", "-"),
        ("- {key: accuracy, value: 0.9, dataset: credit-holdback@2.0.0}\n", "unknown", "missing-metric"),
    ] {
        let candidate = of(records);
        assert_judged("accuracy >= 0.8 on holdback", &[(As::Candidate, &candidate)], verdict, reason);
    }
    let (a, b) = (of("- {key: accuracy, value: 0.9}\n"), of("- {key: accuracy, value: 90.0, unit: '%', count: 5}\n"));
    let agree = [(As::Candidate, a.as_str()), (As::Candidate, &b)];
    assert_judged("accuracy >= 0.8 on holdback with at least 5 examples", &agree, "pass", "-");
    assert_judged("accuracy >= 0.8 on holdback with at least 6 examples", &agree, "unknown", "too-few-examples");
    let c = of("- {key: accuracy, value: 0.91}\n");
    assert_judged("accuracy >= 0.8 on holdback", &[(As::Candidate, &a), (As::Candidate, &c)], "unknown", "ambiguous");
}

#[test]
fn changes_are_measured_against_the_run_that_is_named() {
    let run = |name: &str, date: &str, value: &str| {
        run_of(name, date, &format!("- {{key: accuracy, value: {value}, dataset: credit-holdback@1.0.0}}\n"))
    };
    let candidate = run("candidate", "2026-09-05", "0.80");
    let (a, b, c) = (run("a", "2026-09-01", "0.70"), run("b", "2026-09-02", "0.90"), run("c", "2026-09-03", "0.81"));
    let later = run("later", "2026-09-06", "0.99");
    let given = [
        (As::Candidate, candidate.as_str()),
        (As::History, &later),
        (As::History, &b),
        (As::History, &candidate),
        (As::History, &c),
        (As::History, &a),
    ];
    for (reference, expected) in [
        ("previous run", "0.81 → 0.8, exactly −1 pp"),
        ("run 'A'", "0.7 → 0.8, 10 pp"),
        ("median of last 3 runs", "0.81 → 0.8, exactly −1 pp"),
        ("median of last 2 runs", "0.855 → 0.8, −5.5 pp; must be ≥ 0.845"),
        ("median of last 4 runs", "fewer earlier runs are known than asked for"),
        ("run 'z'", "what the change is measured against is not known"),
    ] {
        let found = judged_by(&format!("accuracy drops by at most 1pp vs {reference} on holdback"), &given);
        assert_eq!(first(&found).message, expected, "{reference}");
    }
}

#[test]
fn changes_have_a_direction_and_a_limit() {
    let of = |value: &str| {
        run_of(
            "a",
            "2026-09-05",
            &format!("- {{key: accuracy, value: {value}}}\n- {{key: model_size, value: {value}}}\n"),
        )
    };
    for (from, to, change, verdict) in [
        ("0.5", "0.6", "rises by at least 10pp", "pass"),
        ("0.5", "0.59", "rises by at least 10pp", "fail"),
        ("0.5", "0.6", "rises by at most 10pp", "pass"),
        ("0.5", "0.1", "rises by at most 10pp", "pass"),
        ("0.5", "0.4", "drops by at least 20%", "pass"),
        ("0.5", "0.41", "drops by at least 20%", "fail"),
        ("0.5", "0.7", "drops by at most 1pp", "pass"),
        ("0.5", "0.4", "changes by at most 10pp", "pass"),
        ("0.5", "0.61", "changes by at most 10pp", "fail"),
        ("0.5", "0.4", "changes by at least 10pp", "pass"),
        ("0.5", "0.55", "changes by at least 10pp", "fail"),
        ("0.5", "0.6", "worsens by at most 1pp", "pass"),
        ("0.5", "0.4", "improves by at least 1pp", "fail"),
    ] {
        let (candidate, baseline) = (of(to), of(from));
        let given = [(As::Candidate, candidate.as_str()), (As::Baseline, &baseline)];
        let found = judged_by(&format!("accuracy {change} vs baseline"), &given);
        assert_eq!(word(first(&found).verdict), verdict, "{from} → {to} {change}: {}", first(&found).message);
    }
    // A smaller value is better.
    let (candidate, baseline) = (of("0.4"), of("0.5"));
    let given = [(As::Candidate, candidate.as_str()), (As::Baseline, &baseline)];
    assert_judged("model_size improves by at least 20% vs baseline", &given, "pass", "-");
    assert_judged("model_size improves by at least 21% vs baseline", &given, "fail", "change");
}

#[test]
fn windows_hold_what_was_measured_in_them() {
    let of = |day: &str, value: &str| {
        run_of(
            day,
            day,
            &format!(
                "- {{key: latency, value: {value}, dataset: live}}\n- {{key: errors, value: {value}, dataset: live}}\n"
            ),
        )
    };
    let days = [of("2026-09-01", "900"), of("2026-09-06", "10"), of("2026-09-07", "30"), of("2026-09-05", "20")];
    let given: Vec<_> = days.iter().map(|day| (As::Candidate, day.as_str())).collect();
    for (expect, verdict) in [
        ("mean(latency) == 20ms on live over last 3 days", "pass"),
        ("first(latency) == 20ms on live over last 3 days", "pass"),
        ("max(latency) == 900ms on live over last 7 days", "pass"),
        ("max(latency) == 30ms on live over last 6 days", "pass"),
        ("errors == 30 on live over last 2 days", "pass"),
        ("errors == 30 on live", "unknown"),
        ("count(latency) == 1 on live over last 1 day", "unknown"),
        ("errors is reported on live over last 1 day", "pass"),
        ("auc is not reported on live over last 1 day", "pass"),
    ] {
        let found = judged_by(expect, &given);
        assert_eq!(word(first(&found).verdict), verdict, "{expect}: {}", first(&found).message);
    }
}

#[test]
fn without_a_day_a_window_is_judged_by_data_that_reaches_its_end() {
    let live = |date: &str| {
        format!(
            "kind: run\nid: l{date}\nname: l\nsubmittedDate: {date}\nmetrics:\n- {{key: accuracy, value: 0.9, dataset: live}}\n"
        )
    };
    for (date, expect, as_of, verdict, reason) in [
        // HOLDBACK is of 2 September, 9 o'clock. A tenth of 7 days is 16.8 hours.
        ("2026-09-02T08:00:00Z", "accuracy >= 0.8 on live over last 7 days", None, "pass", "-"),
        ("2026-09-02T10:00:00Z", "accuracy >= 0.8 on live over last 5 minutes", None, "pass", "-"),
        ("2026-09-01T17:00:00Z", "accuracy >= 0.8 on live over last 7 days", None, "pass", "-"),
        ("2026-09-01T16:00:00Z", "accuracy >= 0.8 on live over last 7 days", None, "unknown", "too-old"),
        ("2026-08-30T16:00:00Z", "accuracy >= 0.8 on live over last 7 days", None, "unknown", "too-old"),
        ("2026-08-30T16:00:00Z", "accuracy is reported on live over last 7 days", None, "unknown", "too-old"),
        ("2026-08-30T16:00:00Z", "accuracy >= 0.8 on live over last 7 days", Some("2026-09-03"), "pass", "-"),
        ("2026-08-20T16:00:00Z", "accuracy >= 0.8 on live over last 7 days", None, "unknown", "missing-metric"),
    ] {
        let live = live(date);
        let given = [(As::Candidate, HOLDBACK), (As::Candidate, live.as_str())];
        let found = verdict_on(&objectives(&format!("- {{id: a, expect: \"{expect}\"}}")), &given, as_of).unwrap();
        let own = first(&found);
        assert_eq!((&*word(own.verdict), &*word(own.reason)), (verdict, reason), "{date} {expect}: {}", own.message);
    }
}

#[test]
fn a_record_without_a_date_may_be_of_any_window() {
    let undated = "kind: run\nid: a\nname: a\nmetrics:\n- {key: accuracy, value: 0.9, dataset: live}\n";
    for expect in ["accuracy >= 0.1 on live over last 1 day", "accuracy is not reported on live over last 1 day"] {
        assert_judged(expect, &[(As::Candidate, undated)], "unknown", "missing-metric");
        assert_judged(expect, &[(As::Candidate, undated), (As::Candidate, HOLDBACK)], "unknown", "missing-metric");
    }
}

#[test]
fn a_metric_without_a_declared_unit_is_not_compared_across_units() {
    let text = |expect: &str| {
        format!(
            "kind: objectives\nmlSpecVersion: 0.1.0\nid: o\nname: o\nobjectives:\n- {{id: a, expect: \"{expect}\"}}\n"
        )
    };
    let of = |record: &str| run_of("c", "2026-09-05", &format!("- {{key: delay, {record}}}\n"));
    for (expect, record, expected) in [
        ("delay < 200ms", "value: 112, unit: ms", "pass"),
        ("delay < 200", "value: 112, unit: ms", "unknown"),
        ("delay < 200ms", "value: 112", "unknown"),
        ("delay < 200", "value: 112", "pass"),
        ("delay >= 85%", "value: 87, unit: percent", "pass"),
        ("delay < 2GB", "value: 112, unit: ms", "unknown"),
    ] {
        let found = verdict(&text(expect), &[(As::Candidate, &of(record))]);
        assert_eq!(word(found.verdict), expected, "{expect}, {record}: {}", first(&found).message);
    }
    let (candidate, baseline) = (of("value: 0.1, unit: s"), of("value: 112"));
    let mixed = verdict(
        &text("delay rises by at most 5% vs baseline"),
        &[(As::Candidate, &candidate), (As::Baseline, &baseline)],
    );
    assert_eq!(summary(&mixed).1, "unit-error");
}

#[test]
fn slices_of_slices_are_intersections() {
    let record = |gender: &str, race: &str, value: &str| {
        format!("- {{key: selection_rate, value: {value}, slice: {{gender: {gender}, race: {race}}}}}\n")
    };
    let rows = [("A", "x", "0.5"), ("A", "y", "0.5"), ("B", "x", "0.5"), ("B", "y", "0.4")];
    let mut metrics: String = rows.iter().map(|(gender, race, value)| record(gender, race, value)).collect();
    metrics += "- {key: selection_rate, value: 0.5, slice: {gender: A}}\n- {key: selection_rate, value: 0.45, slice: {gender: B}}\n";
    let candidate = test_of(&metrics);
    let given = [(As::Candidate, candidate.as_str())];
    assert_judged("ratio(selection_rate across gender by race) >= 0.9 on holdback", &given, "fail", "fairness");
    assert_judged("ratio(selection_rate across race by gender) == 0.8 on holdback", &given, "pass", "-");
    let found = judged_by("for each slice of gender, ratio(selection_rate across race) >= 0.9 on holdback", &given);
    assert_eq!(summary(&found), ("fail".into(), "slice".into(), "B 0.4 / 0.5 = 0.8 < 0.9".into()));
    let relative = "ratio(selection_rate across gender by race relative to 'B by y') == 0.8 on holdback";
    assert_judged(relative, &given, "pass", "-");
    let gone = "ratio(selection_rate across gender by race relative to 'C by y') >= 0.1 on holdback";
    assert_judged(gone, &given, "unknown", "missing-slice");
}

#[test]
fn the_verdict_is_what_its_schema_says_and_the_same_every_time() {
    let text = objectives(
        "- {id: a, why: w, expect: 'for each slice of gender ignoring slices under 100 examples, recall >= 0.75 on holdback', aim: accuracy >= 0.9 on holdback}
- {id: b, expect: accuracy drops by at most 1% vs baseline on holdback}
- {id: c, expect: accuracy >= 85% on holdback with 95% confidence, severity: advisory}
- {id: d, expect: f1 is reported on holdback}
waivers:
- {objective: d, until: 2027-01-31, by: jane, reason: later}
",
    );
    let found = verdict(&text, &GIVEN);
    let json = serde_json::to_value(&found).unwrap();
    let validator = jsonschema::validator_for(&json_schema()).unwrap();
    let errors: Vec<_> = validator.iter_errors(&json).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    let again = verdict(&text, &GIVEN);
    assert_eq!(serde_json::to_string(&found).unwrap(), serde_json::to_string(&again).unwrap());
    assert_eq!(json["counts"], serde_json::json!({"pass": 0, "warn": 2, "unknown": 0, "fail": 1, "waived": 1}));
    assert_eq!((json["verdict"].as_str(), json["as_of"].as_str()), (Some("fail"), Some("2026-09-02")));
    let b = &json["objectives"][1];
    assert_eq!(b["expression"], "accuracy drops by at most 1% vs baseline on holdback");
    assert_eq!(b["source"]["path"], "objectives.yml");
    let claim = &b["claims"][0];
    for (key, value) in
        [("value", "0.87"), ("threshold", "0.8712"), ("margin", "-0.0012"), ("reference", "0.88"), ("comparison", ">=")]
    {
        assert_eq!(claim[key], value, "{key}");
    }
    assert_eq!(claim["count"], 350);
    assert_eq!(
        claim["place"],
        serde_json::json!({"path": "1.yml", "pointer": "/metrics/0/value", "line": 8, "column": 26})
    );
    let slices = &json["objectives"][0];
    assert_eq!(slices["left_out"], serde_json::json!([{"slice": {"gender": "X"}, "count": 7}]));
    assert_eq!(slices["claims"][0]["slice"], serde_json::json!({"gender": "A"}));
    assert_eq!(json["objectives"][2]["claims"][0]["interval"]["method"], "wilson");
    assert_eq!(json["objectives"][3]["waiver"]["by"], "jane");
    let mut other = json.clone();
    other["objectives"][1]["claims"][0]["value"] = serde_json::json!(0.87);
    assert!(!validator.is_valid(&other), "numbers are texts");
}
