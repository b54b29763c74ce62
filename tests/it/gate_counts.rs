//! Numbers that cannot be, and evidence that an option would leave out, end in no pass.

use std::fs;

use crate::support::candidate::*;

const MATRIX: &str = "  confusion_matrix: {type: object, unit: UNIT, fields: [tp, tn, fp, fn]}\n";

#[track_caller]
fn assert_ends(changes: &[(&str, &str, &str)], arguments: &[&str], code: i32, says: &str) {
    let folder = folder();
    for (file, from, to) in changes {
        replace(folder.path(), file, from, to);
    }
    let (found, printed) = gate(folder.path(), arguments);
    assert!(
        found == code && printed.contains(says),
        "exit {found}, not {code} with '{says}':\n{printed}\n{changes:?} {arguments:?}"
    );
}

/// From shares follows what follows from counts.
#[test]
fn a_matrix_of_shares_agrees_with_the_metrics() {
    for (unit, value, code, says) in [
        ("fraction", "{tp: 0.3, tn: 0.48, fp: 0.01, fn: 0.21}", 2, "run/confusion-matrix-disagrees"),
        ("fraction", "{tp: 0.3, tn: 0.48, fp: 0.01, fn: 0.21}, count: 9000", 2, "run/confusion-matrix-disagrees"),
        ("fraction", "{tp: 0.36, tn: 0.5, fp: 0.1, fn: 0.04}", 0, "gate: pass"),
        ("'%'", "{tp: 36, tn: 50, fp: 10, fn: 4}, unit: '%'", 0, "gate: pass"),
        ("'%'", "{tp: 30, tn: 50, fp: 10, fn: 10}, unit: '%'", 2, "run/confusion-matrix-disagrees"),
        ("fraction", "{tp: 0.9, tn: 0.8, fp: 0.2, fn: 0.1}", 0, "gate: pass"),
        ("fraction", "{tp: 0.71, tn: 0.8, fp: 0.2, fn: 0.29}", 2, "run/confusion-matrix-disagrees"),
        ("fraction", "{tp: 0.35, fn: 0.15}", 2, "run/confusion-matrix-disagrees"),
        ("count", "{tp: 0.36, tn: 0.5, fp: 0.1, fn: 0.04}", 2, "which is no number of examples"),
        ("count", "{tp: 3600, tn: 500, fp: 100, fn: 400}", 0, "gate: pass"),
    ] {
        let record = format!("{LAST}  - {{key: confusion_matrix, value: {value}}}\n");
        let declaration = format!("{}dimensions:\n", MATRIX.replace("UNIT", unit));
        assert_ends(
            &[("objectives.yml", "dimensions:\n", &declaration), ("test.yml", LAST, &record)],
            NAMED,
            code,
            says,
        );
    }
}

#[test]
fn no_list_and_no_slices_have_more_examples_than_the_data() {
    let version = "version: 1.0.0\n";
    let slices = "  - {key: found, value: 0.9, slice: {plan: basic}, count: 3000}\n  - {key: found, value: 0.9, slice: {plan: plus}, count: 1001}\n";
    let fewer = slices.replace("1001", "1000");
    let list = |count: usize| format!("{LAST}  - {{key: latencies, value: [{}]}}\n", vec!["1"; count].join(", "));
    for (metrics, code, says) in [
        (list(4001), 2, "is a list of 4001"),
        (list(4000), 0, "gate: pass"),
        (format!("{LAST}{slices}"), 2, "the slices of 'found' by plan have 4001 examples in all"),
        (format!("{LAST}{fewer}"), 0, "gate: pass"),
    ] {
        let sized = format!("{version}count: 4000\n");
        assert_ends(&[("holdback.yml", version, &sized), ("test.yml", LAST, &metrics)], NAMED, code, says);
    }
}

/// `of` says that `count` is the number that a value is a share of.
#[test]
fn a_declared_proportion_is_one_of_its_examples() {
    let range = "range: [0, 1], better: higher, of: churners}\n";
    for (metric, code, says) in [
        ("value: 0.951, count: 100", 2, "'err' is 0.951, and cannot be a share of the 100 examples"),
        ("value: 0.95, count: 100", 0, "gate: pass"),
        ("value: 0.0313, count: 10", 2, "cannot be a share of the 10 examples"),
        ("value: 3.13, unit: '%', count: 10", 2, "cannot be a share of the 10 examples"),
        ("value: 0.3333333, count: 3", 0, "gate: pass"),
        ("value: 0.951, count: 100, ci: {level: 0.95, lower: 0.88, upper: 0.98}", 0, "gate: pass"),
        ("value: 0.95123, count: 20000", 0, "gate: pass"),
    ] {
        let declaration = format!("{range}  err: {{unit: fraction, better: lower, of: churners}}\n");
        let record = format!("{LAST}  - {{key: err, {metric}}}\n");
        assert_ends(&[("objectives.yml", range, &declaration), ("test.yml", LAST, &record)], NAMED, code, says);
    }
}

const LIVE: &str = "\
mlSpecVersion: 0.1.0
kind: evaluation
id: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7eNN
name: churn-live-NN
model: churn
modelDigest: sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc
dataset: live
performedOn: DATE
metrics:
  - {key: recall, value: VALUE, count: 4000}
";

fn live(number: &str, date: &str, value: &str) -> String {
    LIVE.replace("NN", number).replace("DATE", date).replace("VALUE", value)
}

#[test]
fn a_window_reads_all_that_was_monitored_in_it() {
    let objective =
        ("objectives.yml", "expect: recall >= 80% on holdback", "expect: min(recall over last 7 days) >= 80% on live");
    let earlier = "2026-05-06T08:00:00Z";
    for (date, value, digest, arguments, code, says) in [
        (earlier, "0.1", "cccc", &[][..], 1, "gate: fail"),
        (earlier, "0.9", "cccc", &[], 0, "gate: pass"),
        ("2026-04-06T08:00:00Z", "0.1", "cccc", &[], 0, "gate: pass"),
        // That of another file is of another model.
        (earlier, "0.1", "dddd", &[], 0, "gate: pass"),
        // A time before a record that was read does not leave it out.
        ("2026-05-08T07:00:00Z", "0.1", "cccc", &["--as-of", "2026-05-07"], 3, "gate: unknown"),
        ("2026-05-07T07:00:00Z", "0.9", "cccc", &["--as-of", "2026-05-07"], 0, "gate: pass"),
    ] {
        let folder = folder();
        replace(folder.path(), objective.0, "datasets:\n", "language: mlspec-objectives/2\ndatasets:\n");
        replace(folder.path(), objective.0, objective.1, objective.2);
        let other = live("01", date, value).replace("sha256:cccc", &format!("sha256:{digest}"));
        fs::write(folder.path().join("live-1.yml"), other).unwrap();
        fs::write(folder.path().join("live-2.yml"), live("02", "2026-05-07T08:00:00Z", "0.9")).unwrap();
        let named = [NAMED, &["--evaluation", "live-1.yml", "--evaluation", "live-2.yml"], arguments].concat();
        let arguments = if arguments.is_empty() { arguments } else { &named };
        let (found, printed) = gate(folder.path(), arguments);
        assert!(
            found == code && printed.contains(says),
            "{date} {value} {arguments:?}: exit {found}, not {code}:\n{printed}"
        );
    }
}

#[test]
fn evidence_out_of_the_workspace_is_refused() {
    let folder = folder();
    fs::create_dir(folder.path().join("d")).unwrap();
    let (code, printed) = gate(folder.path(), &[NAMED, &["--workspace", "d"]].concat());
    assert!(code == 2 && printed.contains("objectives.yml is outside of the workspace d"), "{printed}");
    let (code, printed) = gate(folder.path(), &[NAMED, &["--workspace", "."]].concat());
    assert!(code == 0 && printed.contains("gate: pass"), "{printed}");
    for name in ["objectives.yml", "evaluation.yml", "holdback.yml", "validation.yml", "production.yml"] {
        fs::rename(folder.path().join(name), folder.path().join("d").join(name)).unwrap();
    }
    let arguments = ["--workspace", ".", "--evaluation", "evaluation.yml", "--test", "../test.yml"];
    let (code, printed) = gate(&folder.path().join("d"), &arguments);
    assert!(code == 2 && printed.contains("../test.yml is outside of the workspace ., where"), "{printed}");
    let arguments = ["--workspace", "..", "--evaluation", "evaluation.yml", "--test", "../test.yml"];
    let (code, printed) = gate(&folder.path().join("d"), &arguments);
    assert!(code == 0 && printed.contains("gate: pass"), "{printed}");
}

#[test]
fn what_is_refused_is_counted_as_what_it_is() {
    let contradiction = "  - {key: confusion_matrix, value: {tp: 50, fn: 50}}\n";
    let error = "  - {key: loss, value: 1, count: 0}\n";
    for (metrics, says) in [
        (contradiction.to_owned(), "the evidence has a contradiction; nothing was judged"),
        (error.to_owned(), "the evidence has an error; nothing was judged"),
        (format!("{contradiction}{error}"), "the evidence has an error and a contradiction; nothing was judged"),
    ] {
        let record = format!("{LAST}{metrics}");
        assert_ends(&[("test.yml", LAST, &record)], NAMED, 2, says);
    }
    let folder = folder();
    let newer = TEST.replace("7b05", "7d05").replace("churn-test", "churn-retest").replace("05-05", "05-06");
    fs::write(folder.path().join(".test.yml"), newer).unwrap();
    let (code, printed) = gate(folder.path(), &[]);
    assert!(
        code == 2 && printed.contains(".test.yml is the newest test, and its name, or that of a folder"),
        "{printed}"
    );
}

const MAKER: &str = "\
mlSpecVersion: 0.1.0
kind: run
id: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7d01
name: fit
status: completed
submittedDate: 2026-05-01T08:00:00Z
artifacts:
  - {key: churn, path: {DataStore: lake, RelativePath: m.onnx}, artifact_type: MODEL, modelDigest: 'sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc'}
";

/// What started the training may have read the data of the test.
#[test]
fn a_relative_of_the_training_is_not_hidden() {
    for (name, child, code, says) in [
        (
            "excluded/sweep.yml",
            "7d01",
            2,
            "is a run that belongs to the one that made the model that is judged, and git or",
        ),
        (".sweep.yml", "7d01", 2, "begins with a dot"),
        ("excluded/sweep.yml", "7d09", 0, "gate: pass"),
    ] {
        let folder = folder();
        fs::create_dir(folder.path().join("excluded")).unwrap();
        let sweep = format!(
            "mlSpecVersion: 0.1.0\nkind: run\nid: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7d02\nname: sweep\nsubmittedDate: 2026-05-01T07:00:00Z\n\
             child_run_ids: [0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a{child}]\n"
        );
        fs::write(folder.path().join(name), sweep).unwrap();
        fs::write(folder.path().join("fit.yml"), MAKER).unwrap();
        fs::write(folder.path().join("mlspec-lint.toml"), "exclude = [\"excluded/**\"]\n").unwrap();
        let (found, printed) = gate(folder.path(), NAMED);
        assert!(found == code && printed.contains(says), "{name}: exit {found}, not {code}:\n{printed}");
    }
}

#[test]
fn objectives_do_not_leave_their_model_blank() {
    for blank in ["model: ''\n", "model: '  '\n"] {
        assert_ends(&[("objectives.yml", "model: churn\n", blank)], NAMED, 2, "blank");
    }
    assert_ends(&[("objectives.yml", "model: churn\n", "")], NAMED, 0, "gate: pass");
}
