//! Evidence that cannot be is not believed, and waivers without an end and dates of the future are said.

use std::fs;

use crate::support::candidate::*;

/// The exit code and what is printed for the candidate after these replacements.
fn judged(replaced: &[(&str, &str, &str)], arguments: &[&str]) -> (i32, String) {
    let folder = folder();
    for (file, from, to) in replaced {
        replace(folder.path(), file, from, to);
    }
    gate(folder.path(), arguments)
}

#[track_caller]
fn assert_judged(replaced: &[(&str, &str, &str)], arguments: &[&str], code: i32, says: &str) {
    let (found, printed) = judged(replaced, arguments);
    assert!(
        found == code && printed.contains(says),
        "{replaced:?}: exit {found}, not {code} with '{says}':\n{printed}"
    );
}

#[test]
fn a_list_has_a_value_for_each_example() {
    let latency = |to| [("test.yml", "value: [100, 120]", to)];
    let says = "'latency' is a list of 2 values, and says that it was measured on";
    assert_judged(&latency("value: [100, 120], count: 4000"), NAMED, 2, says);
    assert_judged(&latency("value: [100, 120], count: 3"), NAMED, 2, says);
    assert_judged(&latency("value: [[100, 120]], count: 3"), NAMED, 2, says);
    assert_judged(&latency("value: [[100], [120]], count: 2"), NAMED, 0, "gate: pass");
    assert_judged(&latency("value: [100, 120], count: 2"), NAMED, 0, "gate: pass");
    assert_judged(&latency("value: [100, 120]"), NAMED, 0, "gate: pass");
    // A table is no list of values, and nobody judges by this one.
    let other = format!(
        "{LAST}  - {{key: roc, value: [[0, 0], [1, 1]], count: 40}}\n  - {{key: losses, value: [3, 2], count: 40}}\n"
    );
    assert_judged(&[("test.yml", LAST, &other)], NAMED, 0, "gate: pass");
    let baseline = [(
        "production.yml",
        "count: 4000}",
        "count: 4000}\n  - {key: latency, value: [90], count: 9, dataset: churn-holdback@1.0.0}",
    )];
    assert_judged(&baseline, NAMED, 2, "'latency' is a list of 1 values");
}

/// One example is in error once.
#[test]
fn the_rates_of_errors_add_up_to_no_more_than_all_examples() {
    let errors = "errors:\n  miss: {rate: missed, cost: 10 EUR}\n  alarm: {rate: wrong, cost: 5 EUR}\n";
    let metrics = "  missed: {unit: fraction, better: lower}\n  wrong: {unit: fraction, better: lower}\n";
    let cost = "  - id: cost\n    why: money\n    expect: expected_cost <= 12 EUR on holdback\n  - id: floor\n";
    for (missed, wrong, code, says) in [
        ("0.7", "0.6", 3, "the rates of the possible errors add up to more than all the examples"),
        ("0.5", "0.501", 3, "out-of-range"),
        ("0.5", "0.5", 0, "\"verdict\": \"pass\""),
        ("0.2", "0.1", 0, "\"verdict\": \"pass\""),
    ] {
        let records = format!(
            "{LAST}  - {{key: missed, value: {missed}, count: 4000}}\n  - {{key: wrong, value: {wrong}, count: 4000}}\n"
        );
        let replaced = [
            ("objectives.yml", "owner: growth", "language: mlspec-objectives/2\nowner: growth"),
            ("objectives.yml", "dimensions:\n", &*format!("{metrics}{errors}dimensions:\n")),
            ("objectives.yml", "  - id: floor\n", cost),
            ("test.yml", LAST, &records),
        ];
        assert_judged(&replaced, &[NAMED, &["--format", "json"]].concat(), code, says);
    }
}

/// Two intervals of one value are two records of one metric, and that is an error whether or not one lies in the other.
#[test]
fn a_value_has_one_interval() {
    let interval = |level, low, high| format!("ci: {{level: {level}, lower: {low}, upper: {high}}}");
    for (low, high) in [("0.88", "0.92"), ("0.894", "0.906")] {
        let second = format!("value: 0.9, count: 4000, {}}}\n", interval("0.95", "0.89", "0.91"));
        let both = format!("{second}  - {{key: recall, value: 0.9, count: 4000, {}", interval("0.8", low, high));
        assert_judged(&[("test.yml", "value: 0.9, count: 4000", &both)], NAMED, 2, "run/duplicate-metric-record");
    }
}

#[test]
fn values_that_a_metric_cannot_have_by_definition_are_not_known() {
    for (name, wrong, right) in [
        ("wer", "-1", "1.2"),
        ("bleu", "150", "45"),
        ("perplexity", "0.2", "1.5"),
        ("rmse", "-1", "1"),
        ("mae", "-1", "1"),
        ("r2", "1.2", "-3"),
        ("mcc", "1.5", "-0.4"),
        ("kappa", "2", "0.6"),
        ("gini", "-1.1", "0.6"),
        ("ari", "1.01", "-0.1"),
        ("nmi", "1.5", "0.5"),
        ("ssim", "-2", "0.9"),
        ("fid", "-3", "12"),
        ("latency_p95", "-5", "5"),
        ("peak_memory", "-1", "1"),
        ("model_size", "-0.1", "3"),
        ("latency_change", "", "-5"),
    ] {
        let declared = format!(
            "dimensions:\n  plan: {{values: [basic, plus]}}\nobjectives:\n  - id: own\n    why: it counts\n    expect: {name} <= {right} on holdback\n"
        );
        let text = |value: &str| format!("{LAST}  - {{key: {name}, value: {value}}}\n");
        let replaced = |value: &str| {
            [
                ("objectives.yml", "metrics:\n", format!("metrics:\n  {name}: {{better: lower}}\n")),
                ("objectives.yml", "dimensions:\n  plan: {values: [basic, plus]}\nobjectives:\n", declared.clone()),
                ("test.yml", LAST, text(value)),
            ]
        };
        for (value, code, says) in [(wrong, 3, "outside of ["), (right, 0, "gate: pass")] {
            if value.is_empty() {
                continue;
            }
            let owned = replaced(value);
            let own: Vec<(&str, &str, &str)> = owned.iter().map(|(file, from, to)| (*file, *from, &**to)).collect();
            assert_judged(&own, NAMED, code, says);
        }
    }
}

#[test]
fn a_waiver_for_more_than_a_year_is_said() {
    let with = |until: &str, floor: &str| {
        let folder = folder();
        let waiver = format!(
            "waivers:\n  - {{objective: floor, until: {until}, by: jane@contoso.com, reason: labels are late}}\n"
        );
        let objectives = OBJECTIVES.replace("recall >= 80%", floor) + &waiver;
        fs::write(folder.path().join("objectives.yml"), objectives).unwrap();
        gate(folder.path(), NAMED)
    };
    let says = "the waiver of 'floor' ends on 2999-01-01, more than a year after the day of this verdict";
    let (code, printed) = with("2999-01-01", "recall >= 95%");
    assert!(code == 0 && printed.contains(says) && printed.contains("gate: warn"), "{printed}");
    // The day of the verdict is that of the test, 2026-05-05.
    for (until, is_said) in [("2027-05-05", false), ("2027-05-06", true)] {
        let (code, printed) = with(until, "recall >= 95%");
        assert!(code == 0 && printed.contains("more than a year") == is_said, "{until}: {printed}");
    }
    // This one is not used.
    let (code, printed) = with("2999-01-01", "recall >= 80%");
    assert!(code == 0 && printed.contains("gate: pass") && !printed.contains("more than a year"), "{printed}");
}

/// The verdict itself does not depend on the clock.
#[test]
fn what_is_dated_later_than_today_is_said() {
    let now = jiff::Timestamp::now();
    let day = |hours: i64| now.saturating_add(jiff::SignedDuration::from_hours(hours)).unwrap().to_string();
    let (soon, later) = (day(20), day(24 * 20));
    let says = |file: &str| format!("note: {file} is dated {}, which is later than today", &later[..10]);
    let of = |date: &str, arguments: &[&str], file: &'static str, own: &'static str| {
        judged(&[(file, own, date)], &[NAMED, arguments].concat())
    };
    let (test, run) = ("2026-05-05T08:00:00Z", "2026-04-01T08:00:00Z");
    for arguments in [&[][..], &["--as-of", &later], &["--as-of", "2999-01-01"]] {
        let (code, printed) = of(&later, arguments, "test.yml", test);
        assert!(code == 0 && printed.contains(&says("test.yml")), "{arguments:?}: {printed}");
        let (_, printed) = of(&later, arguments, "production.yml", run);
        assert!(printed.contains(&says("production.yml")), "{arguments:?}: {printed}");
    }
    let (code, printed) = of(&soon, &[], "test.yml", test);
    assert!(code == 0 && !printed.contains("later than today"), "{printed}");
    let (code, printed) = judged(&[], &[NAMED, &["--as-of", "2999-01-01"]].concat());
    assert!(code == 0 && printed.contains("it is judged as of 2999-01-01, which is later than today"), "{printed}");
    let (code, printed) = judged(&[], &[NAMED, &["--as-of", "2026-05-20"]].concat());
    assert!(code == 0 && !printed.contains("later than today"), "{printed}");
}
