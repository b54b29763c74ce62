//! No document of several makes a model pass that another one speaks against: baselines, pipelines, matrices and slices.

use crate::support::candidate::*;

const CCCC: &str = "sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc";
const DDDD: &str = "sha256:dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd";

const FIT: &str = "0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7f01";

/// A run with this id and name, submitted before all measurements.
fn run(id: &str, name: &str, rest: &str) -> String {
    format!(
        "mlSpecVersion: 0.1.0\nkind: run\nid: {id}\nname: {name}\nsubmittedDate: 2026-05-01T08:00:00Z\nstatus: completed\n{rest}"
    )
}

/// The run that made the model, and what else it says.
fn fit(rest: &str) -> String {
    let artifact = format!(
        "artifacts:\n  - {{key: churn, path: {{DataStore: lake, RelativePath: m.onnx}}, artifact_type: MODEL, modelDigest: '{CCCC}'}}\n"
    );
    run(FIT, "fit", &format!("{rest}{artifact}"))
}

const LEAK: &str = "datasets: [{key: d, dataset: churn-holdback@1.0.0}]\n";
const NO_LEAK: &str = "datasets: [{key: d, dataset: churn-validation@1.0.0}]\n";

/// Another test of the candidate, or of the run of the baseline.
fn second(kind: &str, date: &str, rest: &str) -> String {
    let (dataset, digit) = if kind == "test" { ("churn-holdback", "a") } else { ("churn-validation", "b") };
    format!(
        "mlSpecVersion: 0.1.0\nkind: {kind}\nid: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7f10\nname: second\nmodel: churn\ndataset: {dataset}@1.0.0\n\
         datasetDigest: sha256:{}\nperformedOn: {date}T08:00:00Z\n{rest}",
        digit.repeat(64)
    )
}

#[test]
fn what_was_measured_of_the_baseline_is_of_one_model_and_follows_its_run() {
    let production = PRODUCTION.split("metrics:").next().unwrap();
    let tested = |date: &str, digest: &str, metric: &str| {
        second(
            "test",
            date,
            &format!(
                "run: churn-production\nmodelDigest: {digest}\nmetrics: [{{key: {metric}, value: 0.92, count: 4000}}]\n"
            ),
        )
    };
    let made = |digest: &str| {
        format!(
            "{production}artifacts:\n  - {{key: churn, path: {{DataStore: lake, RelativePath: p.onnx}}, artifact_type: MODEL, modelDigest: '{digest}'}}\n"
        )
    };
    let other =
        tested("2026-04-03", &DDDD.replace("dd", "de"), "log_loss").replace("7f10", "7f11").replace("second", "third");
    let same = tested("2026-04-03", DDDD, "log_loss").replace("7f10", "7f11").replace("second", "third");
    let first = tested("2026-04-02", DDDD, "recall");
    let early = tested("2026-03-01", DDDD, "recall");
    for (run, first, more, code, says) in [
        (production, &first, None, 0, "gate: pass"),
        (production, &first, Some(&same), 0, "gate: pass"),
        (production, &first, Some(&other), 2, "a baseline is one model"),
        (&*made(DDDD), &first, None, 0, "gate: pass"),
        (&*made(&DDDD.replace("dd", "de")), &first, None, 2, "a baseline is one model"),
        (production, &early, None, 2, "was performed before the run 'churn-production'"),
    ] {
        let mut added = vec![("production.yml", run), ("tested.yml", first.as_str())];
        added.extend(more.map(|more| ("more.yml", more.as_str())));
        assert_judged(NAMED, &[change(&[], &added, code, says)]);
    }
}

/// Whatever else a word holds, `test` is a word.
#[test]
fn a_role_is_that_of_a_test_by_its_words() {
    for (role, code) in [
        ("latest", 2),
        ("contest data", 2),
        ("holdout excluded", 2),
        ("train and test", 2),
        ("test", 0),
        ("Hold-Out", 0),
        ("testSet", 0),
    ] {
        let text = fit(&LEAK.replace("1.0.0}", &format!("1.0.0, role: '{role}'}}")));
        // Of roles that name training, too, `check` says it.
        let says = if code == 0 { "gate: pass" } else { "fit" };
        assert_judged(NAMED, &[change(&[], &[("fit.yml", &text)], code, says)]);
    }
}

/// What made the model is looked for in files that nobody can read, too.
#[test]
fn a_run_that_made_the_model_does_not_hide_in_a_file_that_cannot_be_read() {
    let failed = fit("").replace("status: completed", "status: failed");
    for (text, code, says) in [
        (failed.clone(), 2, "fit"),
        (failed.replace("kind: run", "kind: Runs"), 2, "could be a run that made it"),
        (failed.replace("status: failed", "status: [failed"), 2, "could be a run that made it"),
        (failed.replace("status: failed", "status: [failed").replace(CCCC, DDDD), 0, "gate: pass"),
    ] {
        assert_judged(NAMED, &[change(&[], &[("fit.yml", &text)], code, says)]);
    }
}

/// More examples buy a narrower interval.
#[test]
fn no_metric_is_of_more_examples_than_its_matrix() {
    for (count, code) in [(9000, 2), (4000, 0)] {
        let metrics = format!("  - {{key: val/recall, value: 0.9, count: {count}}}\n  - {{key: m, {CELLS}}}\n");
        let metrics =
            metrics.replace("3600", "1800").replace("5400", "2700").replace("600", "300").replace("400", "200");
        let log_loss = "  - {key: log_loss, value: 0.3}\n";
        let changed = format!("{log_loss}{metrics}");
        let says = if code == 0 { "gate: pass" } else { "confusion matrix" };
        assert_judged(NAMED, &[change(&[("test.yml", log_loss, &changed)], &[], code, says)]);
    }
}

const CELLS: &str = "value: {true_positive: 3600, true_negative: 5400, false_positive: 600, false_negative: 400}";

/// A matrix rules out more than accuracy, precision and recall.
#[test]
fn a_metric_is_what_the_matrix_gives_under_any_name() {
    let of_positives = "value: {true_positive: 3600, false_negative: 400}";
    for (cells, metric, code) in [
        (CELLS, "{key: val/recall, value: 0.95}", 2),
        (CELLS, "{key: val/recall, value: 0.9}", 0),
        (CELLS, "{key: train/recall, value: 0.95}", 0),
        (CELLS, "{key: balanced_accuracy, value: 0.95}", 2),
        (CELLS, "{key: cohen_kappa, value: 0.95}", 2),
        (CELLS, "{key: fall-out, value: 0.01}", 2),
        (CELLS, "{key: specificity, value: 0.9}", 0),
        (of_positives, "{key: hit_rate, value: 0.95}", 2),
        (of_positives, "{key: precision, value: 0.95}", 0),
        (&CELLS.replace("3600", "2000"), "{key: note, value: 1}", 2),
        (&of_positives.replace("3600", "2000"), "{key: note, value: 1}", 2),
    ] {
        let metrics = format!("{LAST}  - {{key: counts, {cells}}}\n  - {metric}\n");
        let says = if code == 0 { "gate: pass" } else { "run/confusion-matrix-disagrees" };
        assert_judged(NAMED, &[change(&[("test.yml", LAST, &metrics)], &[], code, says)]);
    }
}

/// What one document says of the model, another one does not unsay.
#[test]
fn documents_about_one_model_agree() {
    let metrics = |metrics: &str| format!("modelDigest: {CCCC}\nmetrics:\n{metrics}");
    let matrix = format!("  - {{key: counts, {CELLS}}}\n");
    let less = matrix.replace("3600", "3000").replace("400}", "1000}");
    let slices = "  - {key: recall, value: 0.91, slice: {region: north}, count: 3000}\n  \
                  - {key: recall, value: 0.87, slice: {region: south}, count: 1000}\n";
    let worse = slices.replace("0.91", "0.71");
    let classes = "  - {key: confusion_matrix, value: {a: {a: 7000, b: 3000}, b: {a: 3000, b: 7000}}}\n";
    for (kind, text, code, says) in [
        ("test", &*matrix, 0, "gate: pass"),
        ("test", &*less, 2, "'recall' is 0.9, but the confusion matrix in second.yml gives 0.75"),
        ("test", slices, 0, "gate: pass"),
        ("test", &*worse, 2, "but it is the mean of its slices by region, which is"),
        ("evaluation", &*less, 2, "'recall' is 0.91, but the confusion matrix in second.yml"),
        ("evaluation", &*worse, 2, "but it is the mean of its slices by region"),
        ("test", classes, 2, "'recall' is 0.9, but the confusion matrix in second.yml gives 0.7"),
        // Of other data, another matrix.
        ("test", &less.replace("}}", "}, dataset: canary}"), 0, "gate: pass"),
        ("test", &less.replace("}}", "}, slice: {plan: trial}}"), 0, "gate: pass"),
    ] {
        let date = if kind == "test" { "2026-05-05" } else { "2026-05-04" };
        let text = second(kind, date, &metrics(text));
        let option = if kind == "test" { "--test" } else { "--evaluation" };
        let arguments = [NAMED, &[option, "second.yml"]].concat();
        assert_judged(&arguments, &[change(&[], &[("second.yml", &text)], code, says)]);
    }
    // Also the baseline is one.
    let tested = |matrix: &str| second("test", "2026-04-02", &format!("run: churn-production\nmetrics:\n{matrix}"));
    let right = matrix.replace("3600", "3680").replace("400}", "320}");
    assert_judged(
        NAMED,
        &[
            change(&[], &[("tested.yml", &tested(&right))], 0, "gate: pass"),
            change(
                &[],
                &[("tested.yml", &tested(&less))],
                2,
                "'recall' is 0.92, but the confusion matrix in tested.yml",
            ),
        ],
    );
}

/// Live data is other data each time.
#[test]
fn monitored_values_of_other_days_agree_with_nothing() {
    let watched = |date: &str, metrics: &str| {
        second("evaluation", date, &format!("modelDigest: {CCCC}\nmetrics:\n{metrics}"))
            .replace("dataset: churn-validation@1.0.0\n", "dataset: live\n")
            .replace(&format!("datasetDigest: sha256:{}\n", "b".repeat(64)), "")
    };
    let whole = watched("2026-05-06", "  - {key: recall, value: 0.9, count: 100}\n");
    let slice = watched("2026-05-07", "  - {key: recall, value: 0.5, slice: {plan: basic}, count: 100}\n");
    let slice = slice.replace("7f10", "7f12").replace("second", "third");
    let arguments = [NAMED, &["--evaluation", "whole.yml", "--evaluation", "slice.yml"]].concat();
    assert_judged(&arguments, &[change(&[], &[("whole.yml", &whole), ("slice.yml", &slice)], 0, "gate: pass")]);
}

fn pipeline_run(id: &str, steps: &str, rest: &str) -> String {
    run(id, &format!("pipeline-{}", &id[32..]), rest).replace("kind: run", "kind: pipeline-run\npipeline: train-churn")
        + &format!("steps: {{{steps}}}\n")
}

const TOP: &str = "0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7f02";
const PREPARE: &str = "0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7f03";
const TESTING: &str = "0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7f04";

/// What belongs to the run that made the model read for it.
#[test]
fn no_run_that_belongs_to_the_training_reads_data_of_the_test() {
    let of_top = format!("parent_run_id: {TOP}\n");
    let sweep = |rest: &str| run(TOP, "sweep", rest);
    let above = |rest: &str| run(PREPARE, "above", rest);
    let child = run(TOP, "child", &format!("parent_run_id: {FIT}\n"));
    let step = |rest: &str| run(PREPARE, "prepare", &format!("{of_top}{rest}"));
    let steps = format!("prepare: {{run: {PREPARE}}}, fit: {{run: {FIT}}}");
    let pipeline = pipeline_run(TOP, &steps, "");
    let of_above = format!("parent_run_id: {PREPARE}\n");
    for (own, first, second, leaks) in [
        (&*of_top, sweep(LEAK), None, true),
        (&of_top, sweep(NO_LEAK), None, false),
        (&of_top, pipeline_run(TOP, &format!("fit: {{run: {FIT}}}"), LEAK), None, true),
        (&of_top, sweep(&of_above), Some(above(LEAK)), true),
        (&of_top, sweep(&of_above), Some(above(NO_LEAK)), false),
        ("", child.clone(), Some(step(LEAK)), true),
        ("", child, Some(step(NO_LEAK)), false),
        (&of_top, pipeline.clone(), Some(step(LEAK)), true),
        (&of_top, pipeline.clone(), Some(step(NO_LEAK)), false),
        // The other runs of a sweep made other models.
        (&of_top, sweep(""), Some(step(LEAK)), false),
        // What ran after the test trained nothing that it is of.
        (&of_top, pipeline, Some(step(LEAK).replace("2026-05-01", "2026-05-06")), false),
    ] {
        let fit = fit(own);
        let mut added = vec![("fit.yml", &*fit), ("first.yml", &*first)];
        added.extend(second.as_deref().map(|second| ("second.yml", second)));
        let (code, says) = if leaks { (2, "was made on data that the run") } else { (0, "gate: pass") };
        for arguments in [NAMED, &[]] {
            assert_judged(arguments, &[change(&[], &added, code, says)]);
        }
    }
    // What lists a run as its child, and is not its parent, is an error of its own, and looked at.
    let claiming = sweep(&format!("child_run_ids: [{FIT}]\n{LEAK}"));
    assert_judged(NAMED, &[change(&[], &[("fit.yml", &fit("")), ("first.yml", &claiming)], 2, "run/parent-child")]);
    // One pipeline run may start all of them.
    let fit = fit(&of_top);
    let all = pipeline_run(TOP, &format!("fit: {{run: {FIT}}}, test: {{run: {TESTING}}}"), LEAK);
    let testing = run(TESTING, "testing", &format!("{of_top}{LEAK}"));
    let named = [("test.yml", "model: churn\n", "model: churn\nrun: testing\n")];
    assert_judged(
        NAMED,
        &[change(&named, &[("fit.yml", &fit), ("all.yml", &all), ("testing.yml", &testing)], 0, "gate: pass")],
    );
}

#[test]
fn a_step_that_failed_made_no_model() {
    for (step, status, code) in [
        ("fit", "failed", 2),
        ("fit", "cancelled", 2),
        ("fit", "running", 2),
        ("fit", "completed", 0),
        ("prepare", "failed", 0),
    ] {
        let steps = format!("prepare: {{run: {PREPARE}}}, fit: {{run: {FIT}}}");
        let id = if step == "fit" { FIT } else { PREPARE };
        let steps = steps.replace(&format!("{id}}}"), &format!("{id}, status: {status}}}"));
        let of_top = format!("parent_run_id: {TOP}\n");
        // A status of its own would be compared with that of the step by `check`.
        let without = |text: String| text.replace("status: completed\n", "");
        let (prepare, fit) = (without(run(PREPARE, "prepare", &of_top)), without(fit(&of_top)));
        let all = without(pipeline_run(TOP, &steps, ""));
        let added = [("fit.yml", &*fit), ("prepare.yml", &*prepare), ("all.yml", &*all)];
        let says =
            if code == 0 { "gate: pass" } else { "the run 'fit' in all.yml made the model that is judged, and is" };
        assert_judged(NAMED, &[change(&[], &added, code, says)]);
    }
}

/// Nobody evaluates a model before it is made.
#[test]
fn an_evaluation_follows_the_run_that_made_the_model() {
    let again = fit("").replace(FIT, TOP).replace("name: fit", "name: packed");
    for (date, again, code) in [
        ("2026-05-04T07:59:00Z", None, 0),
        ("2026-05-04T08:01:00Z", None, 2),
        // One of two runs that made the same file may have been first.
        ("2026-05-04T08:01:00Z", Some(again), 0),
    ] {
        let fit = fit("").replace("2026-05-01T08:00:00Z", date);
        let mut added = vec![("fit.yml", &*fit)];
        added.extend(again.as_deref().map(|again| ("again.yml", again)));
        let says = if code == 0 { "gate: pass" } else { "which made the model, was submitted" };
        assert_judged(NAMED, &[change(&[], &added, code, says)]);
    }
}

/// A worse run of the same name, or what was measured of the baseline, is not the baseline because the right one cannot be seen.
#[test]
fn the_baseline_is_not_what_is_left_of_it() {
    let twin = PRODUCTION.replace("7b06", "7f20").replace("0.92", "0.5");
    let same_id = PRODUCTION.replace("0.92", "0.5");
    let exclude = [("mlspec-lint.toml", "exclude = [\"hidden/**\"]\n")];
    let hidden = "git or the configuration ignores it";
    let named = "could hold the baseline 'churn-production'";
    let cut = PRODUCTION.replace("metrics:", "metrics: [");
    let large = format!("{PRODUCTION}# {}\n", "x".repeat(17 << 20));
    let utf16: String = PRODUCTION.chars().flat_map(|letter| [letter, '\0']).collect();
    let tested = second("test", "2026-04-02", "run: churn-production\nmetrics: [{key: log_loss, value: 0.1}]\n");
    let by_id = tested.replace("run: churn-production", "run: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7b06");
    let other = tested.replace("run: churn-production", "run: churn-production-2");
    for (production, name, text, code, says) in [
        (&twin, "hidden/production.yml", PRODUCTION, 2, hidden),
        (&same_id, "hidden/production.yml", PRODUCTION, 2, hidden),
        (&twin, ".production.yml", PRODUCTION, 2, "begins with a dot: put it where it is found"),
        (&twin, "old.yml", &*cut, 2, named),
        (&twin, "hidden/old.yml", &*cut, 2, named),
        (&twin, "old.yml", &*large, 2, named),
        (&twin, "old.yml", &*PRODUCTION.replace("status:", "name: churn-staging\nstatus:"), 2, named),
        (&twin, "old.yml", &*utf16, 2, named),
        (&PRODUCTION.to_owned(), "hidden/production.yml", PRODUCTION, 0, "gate: pass"),
        (&PRODUCTION.to_owned(), "hidden/tested.yml", &*tested, 2, hidden),
        (&PRODUCTION.to_owned(), "hidden/tested.yml", &*by_id, 2, hidden),
        (&PRODUCTION.to_owned(), "hidden/tested.yml", &*other, 0, "gate: pass"),
        (&PRODUCTION.to_owned(), "tested.yml", &*tested.replace("metrics: [", "metrics: [["), 2, named),
        // Another run that cannot be read is not asked about.
        (
            &PRODUCTION.to_owned(),
            "old.yml",
            &*cut.replace("churn-production", "churn-staging").replace("7b06", "7f21"),
            0,
            "gate: pass",
        ),
    ] {
        let added = [exclude[0], ("production.yml", production.as_str()), (name, text)];
        assert_judged(NAMED, &[change(&[], &added, code, says)]);
    }
    // Whoever names the baseline means that one.
    let added = [exclude[0], ("production.yml", PRODUCTION), ("hidden/production.yml", &twin)];
    let arguments = [NAMED, &["--baseline", "production.yml"]].concat();
    assert_judged(&arguments, &[change(&[], &added, 0, "gate: pass")]);
}

/// A newer test that says two things of which test it is could be the newest one.
#[test]
fn a_newer_test_that_contradicts_itself_is_not_passed_over() {
    let newer = TEST.replace("7b05", "7f30").replace("churn-test", "newer").replace("value: 0.9,", "value: 0.2,");
    let newer = newer.replace("2026-05-05", "2026-05-09");
    let wide = |text: &str, before: usize, after: usize| -> String {
        let nul = |count: usize| "\0".repeat(count);
        text.chars().map(|letter| format!("{}{letter}{}", nul(before), nul(after))).collect()
    };
    let date = "performedOn: 2026-05-09T08:00:00Z\n";
    let twice = |other: &str| newer.replace(date, &format!("{date}{other}"));
    for (name, text, code) in [
        ("newer.yml", twice("performedOn: 2026-01-01T08:00:00Z\n"), 2),
        (
            "newer.yml",
            newer.replace(date, &format!("performed_on: 2026-05-09T08:00:00Z\n{}", date.replace("-05-09", "-01-01"))),
            2,
        ),
        ("newer.yml", twice("kind: run\n"), 2),
        ("newer.yml", newer.replace(&format!("modelDigest: {CCCC}\n"), "model: other\n"), 2),
        // What does not decide which test it is makes no test the newest.
        ("newer.yml", newer.replace(date, "performedOn: 2026-05-01T08:00:00Z\nname: older\n"), 0),
        ("newer.yml", wide(&newer, 0, 1), 2),
        ("newer.yml", wide(&newer, 1, 0), 2),
        ("newer.yml", wide(&newer, 3, 0), 2),
        ("notes.yml", wide("title: notes\n", 0, 1), 0),
    ] {
        let says = if code == 0 { "gate: pass" } else { "newer.yml" };
        assert_judged(&[], &[change(&[], &[(name, &text)], code, says)]);
    }
}

/// An interval that ends at the value claims to know that it is no worse.
#[test]
fn an_interval_has_two_sides() {
    let declared = [
        (
            "objectives.yml",
            "  recall: {",
            "  found: {unit: fraction, range: [0, 1], better: higher, type: proportion}\n  recall: {",
        ),
        ("objectives.yml", "recall >= 80% on holdback\n", "found >= 89% on holdback with 95% confidence\n"),
    ];
    for (bounds, code, says) in [
        ("lower: 0.8999, upper: 0.93", 3, "or on one side less than a quarter"),
        ("lower: 0.898, upper: 0.93", 3, "or on one side less than a quarter"),
        ("lower: 0.891, upper: 0.909", 0, "gate: pass"),
    ] {
        let record = format!("{LAST}  - {{key: found, value: 0.9, count: 4000, ci: {{level: 0.95, {bounds}}}}}\n");
        let replaced = [declared[0], declared[1], ("test.yml", LAST, record.as_str())];
        assert_judged(NAMED, &[change(&replaced, &[], code, says)]);
    }
}
