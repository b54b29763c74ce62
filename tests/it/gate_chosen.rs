//! Evidence that decides is neither passed over nor misread, however it is spelt.

use crate::support::candidate::*;

const AAAA: &str = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const BBBB: &str = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

/// A worse value on the same data counts, and one on data that nobody knows is refused.
#[test]
fn a_value_does_not_hide_behind_the_spelling_of_its_data() {
    let record = |dataset: &str| format!("{LAST}  - {{key: recall, value: 0.5, count: 4000, dataset: {dataset}}}\n");
    for (dataset, code, says) in [
        ("'churn-holdback@1.0.0 '", 3, "several values"),
        ("' Churn-Holdback@1.0.0'", 3, "several values"),
        ("0F5C7A31-5A52-4B3A-9D0E-6C6D1F2A7B02", 3, "several values"),
        ("' Holdback '", 3, "several values"),
        ("churn-holdback@v1.0.0", 2, "error[reference/unresolved-object]"),
        ("'@1.0'", 2, ""),
        ("nope@1.0.0", 2, "error[reference/unresolved-object]"),
        ("0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7bff", 2, "error[reference/unresolved-object]"),
        ("canary", 0, "gate: pass"),
    ] {
        assert_judged(NAMED, &[change(&[("test.yml", LAST, &record(dataset))], &[], code, says)]);
    }
}

/// The digest of the data is one, however it is written.
#[test]
fn a_digest_is_compared_in_any_spelling_and_refused_in_none() {
    let fit = |digest: &str| {
        format!(
            "mlSpecVersion: 0.1.0\nkind: run\nid: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7e01\nname: fit\nstatus: completed\n\
             submittedDate: 2026-05-01T08:00:00Z\ndatasets:\n  - {{key: data, digest: '{digest}'}}\nartifacts:\n  \
             - {{key: churn, path: {{DataStore: lake, RelativePath: m.onnx}}, artifact_type: MODEL, modelDigest: 'sha256:{}'}}\n",
            "c".repeat(64)
        )
    };
    let digits = "a".repeat(64);
    for (digest, code, says) in [
        (digits.clone(), 2, "was made on data that the run 'fit' read"),
        (digits.to_uppercase(), 2, "was made on data that the run 'fit' read"),
        (format!("sha256-{digits}"), 2, "was made on data that the run 'fit' read"),
        (format!("SHA256={digits}"), 2, "was made on data that the run 'fit' read"),
        (format!("sha256: {digits}"), 2, "was made on data that the run 'fit' read"),
        (BBBB.to_owned(), 0, "gate: pass"),
        ("aaaaaaa".to_owned(), 2, "is no digest"),
        (format!("md5:{}", "a".repeat(32)), 2, "is no digest"),
    ] {
        assert_judged(NAMED, &[change(&[], &[("fit.yml", &fit(&digest))], code, says)]);
    }
    let other = digits.replacen('a', "b", 1);
    assert_judged(
        NAMED,
        &[
            change(&[("test.yml", AAAA, &digits)], &[], 0, "gate: pass"),
            change(&[("test.yml", AAAA, &other)], &[], 2, "holdback.yml says"),
            change(&[("test.yml", AAAA, "TBD")], &[], 2, "is no digest"),
        ],
    );
}

/// A copy of the hold-back data is the hold-back data.
#[test]
fn an_evaluation_measures_on_no_copy_of_the_data_of_the_test() {
    let copy = HOLDBACK.replace("7b02", "7e02").replace("churn-holdback", "churn-copy");
    let record = "  - {key: log_loss, value: 0.3, dataset: churn-copy@1.0.0}\n";
    let last = "  - {key: recall, value: 0.91, count: 4000}\n";
    let replaced = [("evaluation.yml", last, &*format!("{last}{record}"))];
    let elsewhere = copy.replace("churn/holdback", "churn/other");
    let without = copy.replace(&format!("digest: {AAAA}\n"), "");
    let neither = elsewhere.replace(AAAA, &AAAA.replace("aa", "ad"));
    for (text, code, says) in [
        (&copy, 2, "which is data of the test"),
        (&elsewhere, 2, "which is data of the test"),
        (&without, 2, "which is data of the test"),
        (&neither, 0, "gate: pass"),
    ] {
        assert_judged(NAMED, &[change(&replaced, &[("copy.yml", text)], code, says)]);
    }
}

/// What the run that made the file read is training data.
#[test]
fn the_run_that_made_the_file_reads_no_data_of_the_test() {
    let fit = |data: &str| {
        format!(
            "mlSpecVersion: 0.1.0\nkind: run\nid: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7e01\nname: fit\nstatus: completed\n\
             submittedDate: 2026-05-01T08:00:00Z\n{data}\nartifacts:\n  - {{key: churn, path: {{DataStore: lake, RelativePath: m.onnx}}, artifact_type: MODEL, modelDigest: 'sha256:{}'}}\n",
            "c".repeat(64)
        )
    };
    for (data, code) in [
        ("datasets: [{key: d, dataset: churn-holdback@1.0.0}]", 2),
        ("datasets: [{key: d, dataset: churn-holdback@1.0.0, role: output}]", 2),
        ("datasets: [{key: d, dataset: 0F5C7A31-5A52-4B3A-9D0E-6C6D1F2A7B02, role: training}]", 2),
        ("datasets: [{key: d, path: 's3://contoso/churn/./holdback.parquet'}]", 2),
        ("metrics: [{key: recall, value: 0.9, dataset: churn-holdback@1.0.0}]", 2),
        ("metrics: [{key: recall, value: 0.9, dataset: 0F5C7A31-5A52-4B3A-9D0E-6C6D1F2A7B02}]", 2),
        ("datasets: [{key: d, dataset: churn-validation@1.0.0}]", 0),
    ] {
        for arguments in [NAMED, &[]] {
            assert_judged(arguments, &[change(&[], &[("fit.yml", &fit(data))], code, "")]);
        }
    }
}

/// A test that could be the newest is not passed over for one whose date is exact.
#[test]
fn what_could_be_the_newest_decides_or_is_refused() {
    let bad = |date: &str| {
        let text = TEST.replace("7b05", "7e05").replace("churn-test", "newer").replace("value: 0.9,", "value: 0.2,");
        text.replace("2026-05-05T08:00:00Z", date)
    };
    for (date, code, says) in [
        ("2026-05-05", 2, "could be the newest test"),
        ("2026-05-05T07:00:00", 2, "could be the newest test"),
        ("2026-05-06", 2, ""),
        ("2026-05-03", 0, "gate: pass"),
        ("2026-05-04T08:00:00", 0, "gate: pass"),
        ("2026-05-05T07:00:00Z", 0, "gate: pass"),
        ("2026-05-09T07:00:00", 2, ""),
    ] {
        let text = bad(date);
        assert_judged(&[], &[change(&[], &[("newer.yml", &text)], code, says)]);
    }
    for model in ["'${MODEL}'", "TBD", "<model>", "unknown"] {
        let text = bad("2026-05-06T08:00:00Z").replace("model: churn\n", &format!("model: {model}\n"));
        let says = "does not say which model it is about";
        assert_judged(&[], &[change(&[], &[("newer.yml", &text)], 2, says)]);
        assert_judged(&[], &[change(&[], &[("newer.yml", &text.replace("modelDigest", "digestOfModel"))], 2, says)]);
    }
}

/// The reference of a change is one run, which was there before.
#[test]
fn a_change_is_measured_against_one_earlier_run() {
    let id = "0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7b06";
    let weak = PRODUCTION.replace("7b06", "7e06").replace("name: churn-production", &format!("name: {id}"));
    let later = [("production.yml", "2026-04-01", "2026-05-06")];
    assert_judged(
        NAMED,
        &[
            change(
                &[("objectives.yml", "run: churn-production", &format!("run: {id}"))],
                &[("weak.yml", &weak)],
                2,
                "the name of another one",
            ),
            change(&[("objectives.yml", "run: churn-production", &format!("run: {id}"))], &[], 0, "gate: pass"),
            // Production may have been measured again since.
            change(&later, &[], 0, "gate: pass"),
        ],
    );
    let as_of = [NAMED, &["--as-of", "2026-05-04"]].concat();
    assert_judged(
        &as_of,
        &[change(&[], &[], 0, "gate: pass"), change(&later, &[], 3, "after the time that it is judged as of")],
    );
    // Also the baseline is an earlier run of the experiment.
    let run = |id: &str, name: &str, date: &str| {
        format!(
            "mlSpecVersion: 0.1.0\nkind: run\nid: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a{id}\nname: {name}\nexperiment_id: churners\n\
             status: completed\nsubmittedDate: {date}T08:00:00Z\n"
        )
    };
    let fit = run("7e10", "fit", "2026-05-01");
    let old = run("7e11", "old", "2026-03-01")
        + "metrics: [{key: recall, value: 0.7, dataset: churn-holdback@1.0.0, count: 4000}]\n";
    let claim = "recall drops by at most 1pp vs";
    for (reference, code) in [("previous run", 1), ("run 'old'", 0), ("run 'later'", 3)] {
        let later = old.replace("7e11", "7e12").replace("name: old", "name: later").replace("2026-03", "2026-06");
        let claim = format!("{claim} {reference}");
        let replaced = [
            ("objectives.yml", "recall drops by at most 5pp vs baseline", claim.as_str()),
            ("production.yml", "name: churn-production\n", "name: churn-production\nexperiment_id: churners\n"),
            ("test.yml", "model: churn\n", "model: churn\nrun: fit\n"),
        ];
        assert_judged(
            NAMED,
            &[change(&replaced, &[("fit.yml", &fit), ("old.yml", &old), ("later.yml", &later)], code, "")],
        );
    }
}

/// Pairs say something only if they are all examples of both models, and of a proportion.
#[test]
fn pairs_are_all_examples_of_both_models() {
    let pairs = "value: 0.9, count: 4000, pairs: {both: 3500, only_candidate: 100, only_baseline: 180, neither: 220}";
    let claim = "recall drops by at most 5pp vs baseline on holdback with 95% confidence paired";
    let replaced = |of_candidate: &'static str, of_baseline: &'static str, declared: &'static str| {
        [
            ("objectives.yml", "name: churn-launch\n", "name: churn-launch\nlanguage: mlspec-objectives/2\n"),
            ("objectives.yml", "recall drops by at most 5pp vs baseline on holdback", claim),
            ("objectives.yml", ", of: churners}", declared),
            ("test.yml", "value: 0.9, count: 4000", of_candidate),
            ("production.yml", ", count: 4000}", of_baseline),
        ]
    };
    let without = "value: 0.9, pairs: {both: 3500, only_candidate: 100, only_baseline: 180, neither: 220}";
    for (of_candidate, of_baseline, declared, code) in [
        (pairs, ", count: 4000}", ", of: churners}", 0),
        (without, ", count: 4000}", ", of: churners}", 3),
        (pairs, "}", ", of: churners}", 3),
        (pairs, ", count: 4000}", "}", 3),
    ] {
        assert_judged(NAMED, &[change(&replaced(of_candidate, of_baseline, declared), &[], code, "")]);
    }
}

/// A newer test in a file that others do not see is looked for.
#[test]
fn a_file_with_a_dot_before_its_name_is_not_passed_over() {
    let newer = TEST.replace("7b05", "7e05").replace("churn-test", "newer").replace("05-05T", "05-09T");
    for (name, code, says) in [
        (
            ".newer.yml",
            2,
            "is the newest test, and its name, or that of a folder that it is in, begins with a dot; name the test",
        ),
        ("reports/.newer.yml", 2, "is the newest test"),
        (".cache/newer.yml", 0, "gate: pass"),
        ("node_modules/newer.yml", 0, "gate: pass"),
    ] {
        assert_judged(&[], &[change(&[], &[(name, &newer)], code, says)]);
    }
}

/// The cells of a matrix are those of its examples.
#[test]
fn the_cells_of_a_matrix_are_possible() {
    let matrix = "  - {key: cells, value: {tp: 3600, fn: 400, tn: 0, fp: 0}, count: 4000}\n";
    let of_slice = matrix.replace(", count: 4000", ", count: 3000, slice: {plan: basic}");
    let less = of_slice.replace("3600", "2730").replace("fn: 400", "fn: 270");
    let more = less.replace("2730", "2729").replace("tn: 0", "tn: 1");
    for (metrics, code, says) in [
        (matrix.to_owned(), 0, "gate: pass"),
        (format!("{matrix}{less}"), 0, "gate: pass"),
        (format!("{matrix}{more}"), 2, "the matrix of all the data"),
        (matrix.replace("tp: 3600", "tp: 3600, true_positives: 10"), 2, "is given twice"),
        (matrix.replace("tp: 3600", "tp: 3599.5").replace("fn: 400", "fn: 400.5"), 2, "3599.5, which is"),
        (matrix.replace("3600", "0.9").replace("fn: 400", "fn: 0.1").replace(", count: 4000", ""), 0, "gate: pass"),
    ] {
        assert_judged(NAMED, &[change(&[("test.yml", LAST, &format!("{LAST}{metrics}"))], &[], code, says)]);
    }
}

/// A whole number is one, however it is written.
#[test]
fn a_number_of_examples_may_be_written_as_a_decimal() {
    let claim =
        [("objectives.yml", "recall >= 80% on holdback", "recall >= 80% on holdback with at least 4000 examples")];
    for (count, code) in [("4000.0", 0), ("4e3", 0), ("4000", 0), ("4000.5", 2), ("3999.0", 3)] {
        let replaced = [claim[0], ("test.yml", "count: 4000}", &format!("count: {count}}}"))];
        assert_judged(NAMED, &[change(&replaced, &[], code, "")]);
    }
}

/// No run comes after what it measured.
#[test]
fn a_run_precedes_what_names_it() {
    let run = |date: &str| {
        format!(
            "mlSpecVersion: 0.1.0\nkind: run\nid: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7e20\nname: testing\nstatus: completed\n\
             submittedDate: {date}\n"
        )
    };
    let named = [("test.yml", "model: churn\n", "model: churn\nrun: testing\n")];
    for (date, code, says) in [
        ("2026-05-05T07:00:00Z", 0, "gate: pass"),
        ("2026-05-06T07:00:00Z", 2, "was performed before the run 'testing'"),
    ] {
        assert_judged(NAMED, &[change(&named, &[("testing.yml", &run(date))], code, says)]);
    }
}

/// A run that only records what its children made trained the model with them.
#[test]
fn the_relatives_of_the_run_that_made_the_file_read_no_data_of_the_test() {
    let run = |id: &str, rest: &str| {
        format!(
            "mlSpecVersion: 0.1.0\nkind: run\nid: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a{id}\nname: run-{id}\n\
             submittedDate: 2026-05-01T08:00:00Z\n{rest}"
        )
    };
    let fit = format!(
        "status: completed\nparent_run_id: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7e31\nartifacts:\n  - {{key: churn, \
         path: {{DataStore: lake, RelativePath: m.onnx}}, artifact_type: MODEL, modelDigest: 'sha256:{}'}}\n",
        "c".repeat(64)
    );
    let fit = run("7e30", &fit);
    let leak = "datasets: [{key: d, dataset: churn-holdback@1.0.0}]\n";
    let sweep = |rest: &str| run("7e31", &format!("child_run_ids: [0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7e30]\n{rest}"));
    let child = |rest: &str| run("7e32", &format!("parent_run_id: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7e30\n{rest}"));
    for (sweep, child, code) in [
        (sweep("status: completed\n"), child("status: failed\n"), 0),
        (sweep(leak), child(""), 2),
        (sweep(""), child(leak), 2),
    ] {
        let added = [("fit.yml", &*fit), ("sweep.yml", &*sweep), ("child.yml", &*child)];
        for arguments in [NAMED, &[]] {
            assert_judged(
                arguments,
                &[change(&[], &added, code, if code == 0 { "gate: pass" } else { "was made on data" })],
            );
        }
    }
    // The pipeline run that also started the test reads the data of the test for it.
    let pipeline = sweep(leak).replace("7e30]", "7e30, 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7e33]");
    let testing = run("7e33", "status: completed\nparent_run_id: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7e31\n");
    let named = [("test.yml", "model: churn\n", "model: churn\nrun: run-7e33\n")];
    let added = [("fit.yml", &*fit), ("sweep.yml", &*pipeline), ("testing.yml", &*testing)];
    assert_judged(NAMED, &[change(&named, &added, 0, "gate: pass")]);
}
