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
    let expected = "section,name,differs,run-a,run-b\nhyperparameters,'=cmd(),yes,\"x, \"\"y\"\"\\nz\",'@sum\nhyperparameters,shift,no,-0.5,-0.5\n";
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
