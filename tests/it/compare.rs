//! `compare` shows runs side by side, with what they measured and what evaluations and tests measured in them, and marks what differs.

use assert_fs::TempDir;
use assert_fs::prelude::*;
use serde_json::{Value, json};

use crate::lineage::{example, run};

fn compare(runs: &[&str]) -> Value {
    let all: Vec<&str> = ["compare", "--format", "json"].iter().chain(runs).copied().collect();
    let (out, err, code) = run(&example(), &all);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let report: Value = serde_json::from_str(&out).unwrap();
    let validator = jsonschema::validator_for(&mlspec_lint::report::comparison_schema()).unwrap();
    let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}\n{out}");
    report
}

fn row<'r>(report: &'r Value, name: &str) -> &'r Value {
    let rows = report["rows"].as_array().unwrap();
    rows.iter().find(|row| row["name"] == name).unwrap_or_else(|| panic!("no row {name} in {report:#}"))
}

#[test]
fn the_candidate_and_the_baseline_are_compared_by_setting_data_and_slice() {
    let report = compare(&["production-2026-05", "test-2026-08-24"]);
    for (name, section, values, differs) in [
        ("threshold", "hyperparameters", ["0.18", "0.18"], false),
        ("test", "data", ["credit-holdback@1.0.0", "credit-holdback@1.0.0"], false),
        ("recall on credit-holdback@1.0.0", "metrics", ["0.6792 (n = 4800)", "0.7208 (n = 4800)"], true),
        (
            "recall on credit-holdback@1.0.0 [age_group=over-60]",
            "metrics",
            ["0.6636 (n = 880)", "0.7045 (n = 880)"],
            true,
        ),
    ] {
        let row = row(&report, name);
        assert_eq!(row["values"], json!(values), "{name}");
        assert_eq!((row["section"].as_str().unwrap(), row["differs"].as_bool().unwrap()), (section, differs), "{name}");
    }
    let sections: Vec<&str> =
        report["rows"].as_array().unwrap().iter().map(|row| row["section"].as_str().unwrap()).collect();
    assert!(sections.is_sorted_by_key(|section| {
        ["run", "hyperparameters", "data", "metrics"].iter().position(|own| own == section)
    }));
}

#[test]
fn a_value_that_one_run_lacks_is_a_difference() {
    let report = compare(&["fit-2026-08-20", "prepare-2026-08-20", "9AE79C71-E924-4552-BFE7-2CBF41923F91"]);
    assert_eq!(row(&report, "seed")["values"], json!([null, "17", "17"]));
    assert_eq!(row(&report, "seed")["differs"], true);
    assert_eq!(row(&report, "training")["values"], json!(vec!["credit-train@1.2.0"; 3]));
    assert_eq!(row(&report, "training")["differs"], false);
}

#[test]
fn people_see_a_table_in_which_differences_are_marked() {
    let (out, _, code) = run(&example(), &["compare", "fit-2026-08-20", "prepare-2026-08-20"]);
    assert_eq!(code, 0);
    let lines: Vec<&str> = out.lines().collect();
    let line = |name: &str| *lines.iter().find(|line| line.contains(name)).unwrap();
    assert!(line("learning_rate").starts_with("≠ learning_rate  "), "{out}");
    assert!(line("learning_rate").ends_with('-'), "{out}");
    assert!(line("  training ").starts_with("  training  "), "{out}");
}

#[test]
fn csv_has_a_column_for_each_run_and_no_formula() {
    let folder = TempDir::new().unwrap();
    let text = |id: &str, value: &str| {
        format!(
            "mlSpecVersion: 0.1.0\nkind: run\nid: {id}\nname: run-{id}\nhyperparameters:\n  - {{key: \"=cmd()\", value: {value}}}\n  - {{key: shift, value: -0.5}}\n"
        )
    };
    folder.child("a/a.yml").write_str(&text("a", "\"x, \\\"y\\\"\\nz\"")).unwrap();
    folder.child("b/b.yml").write_str(&text("b", "'@sum'")).unwrap();
    let arguments = ["compare", "a", "run-b", "--in", "a", "--in", "b", "--format", "csv"];
    let (out, err, code) = run(folder.path(), &arguments);
    assert_eq!((code, err.as_str()), (0, ""));
    let expected = "section,name,differs,run-a,run-b,run-b change,run-b relative,run-b better\nhyperparameters,'=cmd(),yes,\"x, \"\"y\"\"\\nz\",'@sum,,,\nhyperparameters,shift,no,-0.5,-0.5,,,\n";
    assert_eq!(out, expected);
}

#[test]
fn only_runs_are_compared() {
    let (_, err, code) = run(&example(), &["compare", "fit-2026-08-20", "credit-train"]);
    assert_eq!((code, err.as_str()), (2, "error: dataset credit-train@1.2.0 is not a run\n"));
    let (_, err, code) = run(&example(), &["compare", "fit-2026-08-20", "fit-2026-08-21"]);
    assert!(code == 2 && err.contains("did you mean fit-2026-08-20"), "{err}");
    assert_eq!(run(&example(), &["compare", "fit-2026-08-20"]).2, 2);
}

#[test]
fn a_run_may_be_named_by_the_step_that_it_executed() {
    let folder = TempDir::new().unwrap();
    let run_of = |digit: u32, name: &str| {
        format!("mlSpecVersion: 0.1.0\nkind: run\nid: 5c5c2205-a089-4e3b-9a02-72ded4e6de1{digit}\nname: {name}\n")
    };
    let executed = format!(
        "{}---\n{}---\nmlSpecVersion: 0.1.0\nkind: pipeline-run\nid: 32e22e6c-45c7-4d3c-b7d4-c3ed8df00605\nname: whole\n\
         child_run_ids: [5c5c2205-a089-4e3b-9a02-72ded4e6de11]\nsteps: {{train: {{run: 5c5c2205-a089-4e3b-9a02-72ded4e6de11}}}}\n",
        run_of(1, "fit"),
        run_of(2, "other")
    );
    folder.child("a.yml").write_str(&executed).unwrap();
    let by_name = run(folder.path(), &["compare", "fit", "other"]);
    assert_eq!(by_name.2, 0, "{}", by_name.1);
    assert_eq!(run(folder.path(), &["compare", "whole/train", "other"]), by_name);
    assert_eq!(run(folder.path(), &["compare", "whole/fit", "other"]).2, 2);
}

#[test]
fn a_version_that_none_has_is_not_found() {
    let folder = TempDir::new().unwrap();
    let object = |kind: &str, version: &str, rest: &str| {
        format!(
            "kind: {kind}\nmlSpecVersion: 0.2.0\nid: 5c5c2205-a089-4e3b-9a02-72ded4e6d{rest}\nname: clients\nversion: {version}\n"
        )
    };
    let text = object("dataset", "1.1.0", "e11") + "---\n" + &object("data-schema", "1.0.0", "e12");
    folder.child("a.yml").write_str(&text).unwrap();
    for (name, code) in [("clients@1.1.0", 0), ("clients@1.0.0", 0), ("clients@9.9.9", 2), ("clients", 2)] {
        let (out, err, own) = run(folder.path(), &["lineage", name]);
        assert_eq!(own, code, "{name}: {out}{err}");
    }
}

#[test]
fn no_credential_is_compared() {
    let folder = TempDir::new().unwrap();
    let text = |id: &str| {
        format!(
            "mlSpecVersion: 0.1.0\nkind: run\nid: {id}\nname: {id}\nhyperparameters:\n  - {{key: db_password, value: tulip-77-{id}}}\n"
        )
    };
    folder.child("a.yml").write_str(&text("a")).unwrap();
    folder.child("b.yml").write_str(&text("b")).unwrap();
    for format in ["human", "json", "csv"] {
        let (out, _, code) = run(folder.path(), &["compare", "a", "b", "--format", format]);
        assert!(code == 0 && out.contains("db_password") && !out.contains("tulip"), "{out}");
    }
}

/// Runs that measured one thing each time, the first one the reference.
fn measured(metrics: &[&str]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (at, metrics) in metrics.iter().enumerate() {
        let text = format!("mlSpecVersion: 0.1.0\nkind: run\nid: r{at}\nname: r{at}\nmetrics:\n{metrics}");
        folder.child(format!("r{at}.yml")).write_str(&text).unwrap();
    }
    folder
}

fn changes(folder: &TempDir, runs: &[&str]) -> Vec<(String, Value)> {
    let all: Vec<&str> = ["compare", "--format", "json"].iter().chain(runs).copied().collect();
    let (out, err, code) = run(folder.path(), &all);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let report: Value = serde_json::from_str(&out).unwrap();
    let rows = report["rows"].as_array().unwrap().iter().filter(|row| row["section"] == "metrics");
    rows.map(|row| (row["name"].as_str().unwrap().to_owned(), row["changes"].clone())).collect()
}

const METRICS: &str = "  - {key: mae, value: 3.46, unit: min}\n  - {key: latency, value: 1.5, unit: s}\n  - {key: r2, value: 0.5}\n  - {key: cost, value: 80, unit: EUR}\n  - {key: list, value: [1, 2]}\n  - {key: twice, value: 1}\n  - {key: twice, value: 2}\n  - {key: zero, value: 0, unit: count}\n";

#[test]
fn numbers_are_subtracted_exactly_and_related_where_the_unit_has_a_zero() {
    let other = "  - {key: mae, value: 3.18, unit: min}\n  - {key: latency, value: 300, unit: ms}\n  - {key: r2, value: 0.6}\n  - {key: cost, value: 60, unit: EUR}\n  - {key: list, value: [1, 3]}\n  - {key: twice, value: 3}\n  - {key: zero, value: 4, unit: count}\n";
    let folder = measured(&[METRICS, other]);
    let change = |absolute: f64, unit: &str, relative: Option<f64>| {
        let unit = if unit.is_empty() { Value::Null } else { json!(unit) };
        json!([null, {"absolute": absolute, "unit": unit, "relative": relative, "is_better": null}])
    };
    let expected = [
        ("mae", change(-0.28, "min", Some(-0.080_924_855_491_329_5))),
        // Of two units of one quantity, that of the first run counts.
        ("latency", change(-1.2, "s", Some(-0.8))),
        // Nobody knows what 0 means.
        ("r2", change(0.1, "", None)),
        ("cost", change(-20.0, "EUR", None)),
        ("list", json!([null, null])),
        ("twice", json!([null, null])),
        ("zero", change(4.0, "count", None)),
    ];
    let found = changes(&folder, &["r0", "r1"]);
    assert_eq!(found, expected.map(|(name, change)| (name.to_owned(), change)));
    let (out, _, _) = run(folder.path(), &["compare", "r0", "r1", "--format", "csv"]);
    assert!(out.contains("metrics,mae,yes,3.46,3.18,-0.28,-0.0809248554913295,\n"), "{out}");
}

#[test]
fn quantities_that_differ_have_no_difference() {
    let folder = measured(&["  - {key: size, value: 3, unit: min}\n", "  - {key: size, value: 3, unit: MB}\n"]);
    assert_eq!(changes(&folder, &["r0", "r1"]), [("size".to_owned(), json!([null, null]))]);
}

#[test]
fn objectives_say_which_values_are_better_unless_they_contradict_each_other() {
    let values = |recall: &str, mae: &str| {
        format!(
            "  - {{key: recall, value: {recall}}}\n  - {{key: mae, value: {mae}}}\n  - {{key: odd, value: {mae}}}\n"
        )
    };
    let (a, b, c) = (values("0.7", "3"), values("0.75", "4"), values("0.7", "2"));
    let folder = measured(&[&a, &b, &c]);
    let objectives = |name: &str, odd: &str| {
        format!(
            "mlSpecVersion: 0.1.0\nkind: objectives\nid: {name}\nname: {name}\nobjectives: []\nmetrics: {{recall: {{unit: fraction, better: higher}}, mae: {{better: lower}}, odd: {{better: {odd}}}}}\n"
        )
    };
    folder.child("o.yml").write_str(&(objectives("one", "higher") + "---\n" + &objectives("two", "lower"))).unwrap();
    let (out, _, code) = run(folder.path(), &["compare", "r0", "r1", "r2"]);
    assert_eq!(code, 0);
    let row = |name: &str| {
        let line = out.lines().find(|line| line.trim_start_matches(['≠', ' ']).starts_with(name)).unwrap();
        line.split_whitespace().skip(2).collect::<Vec<_>>().join(" ")
    };
    // The unit of recall is the one that objectives declare.
    assert_eq!(row("recall"), "0.7 0.75 +0.05 (+7.14 %) better 0.7", "{out}");
    assert_eq!(row("mae"), "3 4 +1 worse 2 -1 better", "{out}");
    assert_eq!(row("odd"), "3 4 +1 2 -1", "{out}");
    assert!(out.contains("change from the first"), "{out}");
    let (out, _, _) = run(folder.path(), &["compare", "r0", "r1", "--format", "csv"]);
    assert!(out.contains("metrics,recall,yes,0.7,0.75,0.05,0.0714285714285714,yes\n"), "{out}");
    assert!(out.contains("metrics,mae,yes,3,4,1,,no\n"), "{out}");
    // Objectives that judge what a run measured count before others.
    let judged = "---\nmlSpecVersion: 0.1.0\nkind: evaluation\nid: e\nname: e\nmodel: m\nrun: r1\nobjectives: two\nmetrics: []\n";
    folder.child("e.yml").write_str(judged).unwrap();
    let (out, _, _) = run(folder.path(), &["compare", "r0", "r1", "--format", "csv"]);
    assert!(out.contains("metrics,odd,yes,3,4,1,,no\n"), "{out}");
}

/// The page says what the JSON says.
#[test]
fn the_page_has_every_value_and_every_change() {
    let runs = ["production-2026-05", "test-2026-08-24"];
    let report = compare(&runs);
    let folder = assert_fs::TempDir::new().unwrap();
    let page = folder.path().join("page.html");
    let arguments = ["compare", runs[0], runs[1], "--format", "html", "-o", page.to_str().unwrap()];
    assert_eq!(run(&example(), &arguments), (String::new(), String::new(), 0));
    let page = std::fs::read_to_string(page).unwrap();
    let escaped = |text: &str| text.replace('&', "&amp;").replace('"', "&quot;");
    let rows = report["rows"].as_array().unwrap();
    for row in rows {
        assert!(page.contains(&escaped(row["name"].as_str().unwrap())), "{row}");
        for value in row["values"].as_array().unwrap().iter().filter_map(Value::as_str) {
            assert!(page.contains(&escaped(value)), "{value}");
        }
    }
    let count = |differs: bool| rows.iter().filter(|row| row["differs"] == differs).count();
    assert_eq!(page.matches("class=\"is-different\"").count(), count(true));
    assert_eq!(page.matches("class=\"is-same\"").count(), count(false));
    let better = |is_better: bool| {
        let changes = rows.iter().flat_map(|row| row["changes"].as_array().unwrap());
        changes.filter(|change| change["is_better"] == is_better).count()
    };
    assert!(better(true) > 0);
    assert_eq!(page.matches("<span>better</span>").count(), better(true));
    assert_eq!(page.matches("<span>worse</span>").count(), better(false));
}

#[test]
fn a_page_of_hostile_runs_is_text() {
    let folder = assert_fs::TempDir::new().unwrap();
    let hostile = "</title><script>alert(1)</script>\u{202e}";
    for name in ["a", "b"] {
        let text = format!(
            "mlSpecVersion: 0.1.0\nkind: run\nname: '{name}{hostile}'\nmetrics: [{{key: '{hostile}', value: 1}}]\nhyperparameters: {{token: 'ghp_0123456789abcdefABCDEF0123456789abcd'}}\n"
        );
        std::fs::write(folder.path().join(format!("{name}.yml")), text).unwrap();
    }
    let names = ["a", "b"].map(|name| format!("{name}{hostile}"));
    let (page, err, code) = run(folder.path(), &["compare", &names[0], &names[1], "--format", "html"]);
    assert_eq!(code, 0, "{err}");
    for never in ["<script", "\u{202e}", "ghp_0123456789"] {
        assert!(!page.contains(never), "{page}");
    }
    let (_, err, code) = run(folder.path(), &["compare", &names[0], &names[1], "-o", "a.yml"]);
    assert_eq!(code, 2, "{err}");
}

/// What differs is decided by what runs say, not by how it is shown or written.
#[test]
fn differences_are_those_of_content() {
    let folder = assert_fs::TempDir::new().unwrap();
    let token = |letter: &str| format!("ghp_{}", letter.repeat(36));
    for (name, token, latency, unit, matrix, rate, count) in [
        ("a", token("aB3"), "100", "ms", "{tp: 1, tn: 2}", "0.5", "10"),
        ("b", token("cD4"), "0.1", "s", "{tn: 2, tp: 1}", "0.50", "20"),
    ] {
        let text = format!(
            "mlSpecVersion: 0.1.0\nkind: run\nname: {name}\nhyperparameters:\n  - {{key: api_token, value: {token}}}\n  - {{key: rate, value: {rate}}}\n  \
             - {{key: text, value: \"{rate}\"}}\nmetrics:\n  - {{key: latency, value: {latency}, unit: {unit}}}\n  - {{key: matrix, value: {matrix}}}\n  \
             - {{key: recall, value: 0.5, count: {count}}}\n"
        );
        std::fs::write(folder.path().join(format!("{name}.yml")), text).unwrap();
    }
    let (out, err, code) = run(folder.path(), &["compare", "a", "b", "--format", "json"]);
    assert_eq!(code, 0, "{err}");
    let report: Value = serde_json::from_str(&out).unwrap();
    for (name, differs) in
        [("api_token", true), ("rate", false), ("text", true), ("latency", false), ("matrix", false), ("recall", true)]
    {
        assert_eq!(row(&report, name)["differs"], differs, "{name}: {out}");
    }
    assert!(!out.contains("ghp_"), "{out}");
    let (human, _, _) = run(folder.path(), &["compare", "a", "b"]);
    assert!(human.contains("100 ms") && human.contains("0.1 s") && human.ends_with("3 of 6 rows differ\n"), "{human}");
}
