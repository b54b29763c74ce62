//! What is kept from the gate, or is not what it is called, makes no model pass.

use crate::support::candidate::*;

const AAAA: &str = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const CCCC: &str = "sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc";
const DDDD: &str = "sha256:dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd";

const PASS: &str = "gate: pass";
const IGNORED: &str = "git or the configuration ignores it: put it where it is found";
const EXCLUDE: (&str, &str) = ("mlspec-lint.toml", "exclude = [\"hidden/**\"]\n");

fn id(last: u32) -> String {
    format!("0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a9{last:03}")
}

fn run(number: u32, name: &str, day: &str, rest: &str) -> String {
    format!(
        "mlSpecVersion: 0.1.0\nkind: run\nid: {}\nname: {name}\nsubmittedDate: {day}T08:00:00Z\nstatus: completed\n{rest}",
        id(number)
    )
}

fn model_file(digest: &str) -> String {
    format!(
        "artifacts:\n  - {{key: churn, path: {{DataStore: lake, RelativePath: m.onnx}}, artifact_type: MODEL, modelDigest: '{digest}'}}\n"
    )
}

/// The run that made the model.
fn fit(rest: &str) -> String {
    run(1, "fit", "2026-05-01", &format!("{rest}{}", model_file(CCCC)))
}

fn dataset(number: u32, name: &str, digest: &str, rest: &str) -> String {
    format!(
        "mlSpecVersion: 0.1.0\nkind: dataset\nid: {}\nname: {name}\nstate: Active\nversion: 1.0.0\nlocation: s3://other/{name}.parquet\n\
         digest: {digest}\n{rest}",
        id(number)
    )
}

/// The objectives call their data by words of their own.
#[test]
fn a_word_of_the_objectives_is_no_other_dataset() {
    let word = ("test.yml", "dataset: churn-holdback@1.0.0", "dataset: holdback");
    let digest = ("test.yml", AAAA, DDDD);
    let other = dataset(1, "holdback", DDDD, "");
    let said = "which is the name of a dataset, and for the objectives that of 'churn-holdback@1.0.0'";
    let of_metric = ("test.yml", "value: 0.3}", "value: 0.3, dataset: holdback}");
    let of_baseline = ("production.yml", "churn-holdback@1.0.0", "holdback");
    let added = [("other.yml", other.as_str())];
    let none = [("holdback.yml", "# nothing\n"), ("validation.yml", "# nothing\n")];
    let fit = fit("datasets: [{key: d, dataset: churn-holdback@1.0.0, role: training}]\n");
    assert_judged(
        NAMED,
        &[
            change(&[word, digest], &added, 2, said),
            change(&[word], &[("other.yml", &other.replace(DDDD, AAAA))], 2, "holdback"),
            change(&[of_metric], &added, 2, said),
            change(&[of_baseline], &added, 2, said),
            change(&[], &added, 0, PASS),
            // Where no dataset has a document, the word is that of the objectives.
            change(&[word], &none, 0, PASS),
            change(&[word], &[none[0], none[1], ("fit.yml", &fit)], 2, "it confirms nothing"),
        ],
    );
}

/// A clock with more digits is a clock.
#[test]
fn times_with_any_number_of_digits_are_compared() {
    let test = |time: &'static str| ("test.yml", "2026-05-05T08:00:00Z", time);
    for (time, code, says) in [
        ("2026-05-05T08:00:00.1234567890Z", 0, PASS),
        ("2026-05-04T07:59:59.12345678901234567890Z", 2, "was performed before the evaluation"),
        ("2026-05-04T08:00:00.00000000001+01:00", 2, "was performed before the evaluation"),
    ] {
        assert_judged(NAMED, &[change(&[test(time)], &[], code, says)]);
        assert_judged(&[], &[change(&[test(time)], &[], code, says)]);
    }
    let late = fit("").replace("2026-05-01T08:00:00Z", "2026-05-04T08:00:00.0000000001Z");
    let later = fit("").replace("2026-05-01T08:00:00Z", "2026-05-04T09:00:00.0000000001Z");
    assert_with(&[
        (&[("fit.yml", &late)], 0, PASS),
        (&[("fit.yml", &later)], 2, "which made the model, was submitted"),
    ]);
}

/// What a run does not say of itself, the pipeline run may say that it is a step of.
#[test]
fn a_step_that_failed_measured_nothing() {
    let pipeline_run = |step: &str, status: &str| {
        run(2, "nightly", "2026-05-01", "").replace("kind: run", "kind: pipeline-run\npipeline: nightly")
            + &format!("steps: {{m: {{run: {step}, status: {status}}}}}\n")
    };
    let parent = format!("status: completed\nparent_run_id: {}\n", id(2));
    let measure = run(3, "measure", "2026-05-02", "").replace("status: completed\n", &parent);
    let production = PRODUCTION.replace("status: completed\n", &parent);
    for (file, step) in [
        ("test.yml", "measure".to_owned()),
        ("test.yml", id(3)),
        ("evaluation.yml", "measure".to_owned()),
        ("", "churn-production".to_owned()),
    ] {
        for (status, code, says) in
            [("completed", 0, PASS), ("failed", 2, "and is failed"), ("cancelled", 2, "and is cancelled")]
        {
            let steps = pipeline_run(&step, status);
            let named = [(file, "model: churn\n", "model: churn\nrun: measure\n")];
            let named = if file.is_empty() { &[][..] } else { &named[..] };
            let runs = [("measure.yml", measure.as_str()), ("production.yml", &production)];
            let seen = [runs[0], runs[1], ("nightly.yml", &steps)];
            assert_judged(NAMED, &[change(named, &seen, code, says)]);
            // Who does not see it does not know that it is the parent.
            let measure = measure.replace(&parent, "status: completed\n");
            let hidden = [("measure.yml", measure.as_str()), ("hidden/nightly.yml", &steps), EXCLUDE];
            let says = if code == 0 { PASS } else { "is a pipeline-run that belongs to the model that is judged" };
            assert_judged(NAMED, &[change(named, &hidden, code, says)]);
        }
    }
}

/// The settings say the kind of documents that do not, and take none from those that are something by their fields.
#[test]
fn the_settings_make_no_run_something_else() {
    let failed = fit("").replace("completed", "failed").replace("kind: run\n", "experiment_id: churn\n");
    let newer = TEST.replace("7b05", "9905").replace("2026-05-05", "2026-05-09").replace("value: 0.9,", "value: 0.5,");
    let newer = newer.replace("kind: test\n", "");
    let set = |kind: &str| format!("[[kind]]\nfiles = [\"set/*\"]\nkind = \"{kind}\"\n");
    for (kind, text, code, says) in [
        ("dataset", &failed, 2, "is a run that made the model that is judged"),
        ("pipeline", &failed, 2, "is a run that made the model that is judged"),
        ("run", &failed, 2, "and is failed"),
        ("dataset", &newer, 2, "does not say its kind"),
        ("test", &newer, 2, "required field 'kind' is missing in this"),
    ] {
        let settings = set(kind);
        let added = [("mlspec-lint.toml", settings.as_str()), ("set/it.yml", text)];
        assert_judged(&[], &[change(&[], &added, code, says)]);
        assert_judged(NAMED, &[change(&[], &added, code, "error: ")]);
    }
    let complete = failed.replace("failed", "completed");
    assert_with(&[(&[("mlspec-lint.toml", &set("run")), ("set/it.yml", &complete)], 0, PASS)]);
}

const PREVIOUS: [(&str, &str, &str); 2] = [
    ("objectives.yml", "vs baseline", "vs previous run"),
    ("evaluation.yml", "model: churn\n", "model: churn\nrun: fit\n"),
];

const EXPERIMENT: &str = "experiment_id: churn-search\n";

fn earlier(number: u32, day: &str, recall: &str) -> String {
    let rest = format!(
        "{EXPERIMENT}metrics:\n  - {{key: recall, value: {recall}, dataset: churn-holdback@1.0.0, count: 4000}}\n"
    );
    run(number, &format!("earlier-{number}"), day, &rest)
}

/// The previous run is the one before, not the one that is left.
#[test]
fn the_previous_run_is_not_passed_over() {
    let (fit, weak, good) = (fit(EXPERIMENT), earlier(4, "2026-04-01", "0.92"), earlier(5, "2026-04-20", "0.99"));
    let doubt = "could be a run that the candidate is compared with";
    let order = "which run came last is not known";
    let own = format!("datasets: [{{key: m, artifact_type: MODEL, role: model, digest: '{CCCC}'}}]\n");
    for (name, text, code, says) in [
        ("good.yml", good.clone(), 1, "gate: fail"),
        (
            "hidden/good.yml",
            good.clone(),
            2,
            "is a run that the candidate is compared with, and git or the configuration",
        ),
        (".good.yml", good.clone(), 2, "is a run that the candidate is compared with"),
        ("good.yml", good.replace("metrics:", "metrics: ["), 2, doubt),
        ("good.yml", good.replace("kind: run", "kind: runs"), 2, doubt),
        ("good.yml", good.replace("submittedDate: 2026-04-20T08:00:00Z\n", ""), 3, order),
        ("good.yml", good.replace("2026-04-20", "2026-04-01"), 3, order),
        ("hidden/good.yml", good.replace("churn-search", "upsell"), 0, PASS),
        ("hidden/good.yml", good.replace(&id(5), &id(4)), 2, "is a run that the candidate is compared with"),
        ("good.yml", good.replace("churn-search", "upsell").replace("metrics:", "metrics: ["), 0, PASS),
        // The candidate's own file is none to compare it with.
        ("good.yml", good.replace("0.99", "0.5") + &own, 0, PASS),
        ("weak.yml", good.replace("0.99", "0.9") + &own, 3, "gate: unknown"),
        ("good.yml", good.replace("2026-04-20", "2026-05-20"), 0, PASS),
    ] {
        let added = [EXCLUDE, ("fit.yml", &fit), ("weak.yml", &weak), (name, &text)];
        assert_judged(NAMED, &[change(&PREVIOUS, &added, code, says)]);
    }
    let median = [("objectives.yml", "vs baseline", "vs median of last 2 runs"), PREVIOUS[1]];
    let third = earlier(6, "2026-04-01", "0.5");
    for (day, code, says) in [("2026-04-01", 3, order), ("2026-04-02", 0, PASS)] {
        let third = third.replace("2026-04-01", day);
        let good = good.replace("0.99", "0.92");
        let added = [("fit.yml", fit.as_str()), ("weak.yml", &weak), ("good.yml", &good), ("third.yml", &third)];
        assert_judged(NAMED, &[change(&median, &added, code, says)]);
    }
}

#[test]
fn the_run_that_is_compared_with_is_the_one_of_that_name() {
    let by_name = [("objectives.yml", "vs baseline", "vs run 'best'")];
    let best =
        |recall: &str, number: u32| earlier(number, "2026-04-01", recall).replace(&format!("earlier-{number}"), "best");
    let (weak, good) = (best("0.5", 4), best("0.99", 5));
    let of_candidate =
        weak.clone() + &format!("datasets: [{{key: m, artifact_type: MODEL, role: model, digest: '{CCCC}'}}]\n");
    let compared = "is a run that the candidate is compared with";
    for (added, code, says) in [
        ([("weak.yml", weak.as_str()), ("more.yml", "")], 0, PASS),
        ([("weak.yml", &*good), ("more.yml", "")], 1, "gate: fail"),
        ([("weak.yml", &*weak), ("hidden/good.yml", &*good)], 2, compared),
        ([("weak.yml", &*weak), ("hidden/good.yml", &*weak)], 0, PASS),
        ([("weak.yml", &*weak), ("good.yml", &*good.replace("metrics:", "metrics: ["))], 2, "could be a run that"),
        (
            [("weak.yml", &*of_candidate), ("more.yml", "")],
            2,
            "the run that it is compared with is the candidate itself",
        ),
    ] {
        let added = [EXCLUDE, added[0], added[1]];
        assert_judged(NAMED, &[change(&by_name, &added, code, says)]);
    }
}

/// Nothing is measured on data that is not there yet.
#[test]
fn nothing_was_measured_on_data_before_it_was_made() {
    let made = |day: &str| format!("dateGenerated: {day}\n");
    let before = "before there was this data";
    let last = HOLDBACK.lines().last().unwrap();
    for (day, code, says) in
        [("2026-05-01", 0, PASS), ("2026-05-05", 0, PASS), ("2026-05-15", 2, before), ("2027-01-01", 2, before)]
    {
        let holdback = format!("{HOLDBACK}{}", made(day));
        assert_with(&[(&[("holdback.yml", &holdback)], code, says)]);
    }
    // When a version was defined says nothing of when its data was made.
    let defined = |version: &str, day: &str| {
        let other = if version == "1.0.0" {
            HOLDBACK.to_owned()
        } else {
            HOLDBACK.replace("7b02", "9902").replace(last, &format!("digest: {DDDD}"))
        };
        other.replace("version: 1.0.0", &format!("version: {version}\nversionedOn: {day}"))
    };
    assert_with(&[(&[("holdback.yml", &defined("1.0.0", "2026-05-15"))], 0, PASS)]);
    // A reference without a version is one to the newest.
    let unversioned = [("production.yml", "churn-holdback@1.0.0", "churn-holdback")];
    let old = defined("0.9.0", "2026-01-01");
    for (day, code, says) in [("2026-03-01", 0, PASS), ("2026-04-15", 2, before)] {
        let holdback = defined("1.0.0", day);
        assert_judged(NAMED, &[change(&unversioned, &[("holdback.yml", &holdback), ("old.yml", &old)], code, says)]);
    }
    // A run may make the data that it measures on.
    assert_judged(NAMED, &[change(&unversioned, &[("holdback.yml", &defined("1.0.0", "2026-04-02"))], 0, PASS)]);
}

/// Whatever the evidence names or rests on is looked for where `check` does not look, too.
#[test]
fn what_belongs_to_the_evidence_is_not_hidden() {
    let count = |count: u32| format!("{HOLDBACK}count: {count}\n");
    let model = format!(
        "mlSpecVersion: 0.1.0\nkind: model\nid: {}\nname: churn\nframework: {{name: onnx}}\nlicense: Apache-2.0\nmodelDigest: {DDDD}\n",
        id(7)
    );
    let split = |holdback: &str| {
        format!(
            "mlSpecVersion: 0.2.0\nkind: split\nid: {}\nname: churn-split\nsource: churn-all@1.0.0\nmethod: predefined\nsets:\n  \
             training: {{dataset: {holdback}@1.0.0}}\n  holdback: {{dataset: churn-other@1.0.0}}\n",
            id(8)
        )
    };
    let pipeline_run = run(2, "nightly", "2026-05-01", "datasets: [{key: d, dataset: churn-holdback@1.0.0}]\n")
        .replace("kind: run", "kind: pipeline-run\npipeline: nightly")
        + "steps: {m: {run: fit, status: completed}}\n";
    let evaluation = EVALUATION
        .replace("7b04", "9904")
        .replace("name: churn-evaluation", "name: again")
        .replace("churn-validation", "churn-holdback")
        .replace(&"b".repeat(64), &"a".repeat(64));
    let on_holdback = "is an evaluation of this model file on the data of the test";
    let (fit, empty) = (fit(""), "# nothing\n");
    for (seen, name, text, code, says) in [
        (
            ("holdback.yml", empty),
            "hidden/holdback.yml",
            count(100),
            2,
            "is a dataset that the evidence or the objectives name",
        ),
        (("holdback.yml", empty), ".holdback.yml", count(4000), 2, "begins with a dot: put it where it is found"),
        (("holdback.yml", HOLDBACK), "hidden/holdback.yml", HOLDBACK.to_owned(), 0, PASS),
        (("holdback.yml", HOLDBACK), "hidden/holdback.yml", count(4500), 0, PASS),
        (("fit.yml", empty), "hidden/other.yml", dataset(9, "churn-other", DDDD, ""), 0, PASS),
        (("fit.yml", empty), "hidden/model.yml", model.clone(), 2, IGNORED),
        (("fit.yml", empty), "hidden/model.yml", model.replace("name: churn", "name: upsell"), 0, PASS),
        (("fit.yml", &fit), "hidden/split.yml", split("churn-holdback"), 2, "says how the data was made"),
        (("fit.yml", &fit), "hidden/split.yml", split("churn-third"), 0, PASS),
        (("fit.yml", &fit), "hidden/nightly.yml", pipeline_run, 2, "belongs to the one that made the model"),
        (("fit.yml", &fit), "hidden/again.yml", evaluation.clone(), 2, on_holdback),
        (
            ("fit.yml", &fit),
            "again.yml",
            evaluation.replace("kind: evaluation", "kind: evaluations"),
            2,
            "could hold a newer test",
        ),
    ] {
        let added = [EXCLUDE, seen, (name, &text)];
        assert_judged(NAMED, &[change(&[], &added, code, says)]);
        if says == on_holdback {
            assert_judged(&[], &[change(&[], &added, code, "ignores it")]);
        }
    }
}

/// What a model was trained by, and what it begins from.
#[test]
fn neither_the_pipeline_nor_the_model_that_it_begins_from_read_the_data_of_the_test() {
    let pipeline = |data: &str| {
        format!(
            "mlSpecVersion: 0.1.0\nkind: pipeline\nname: train-churn\ndata: {{calls: {data}@1.0.0}}\nsteps:\n  fit:\n    cmd: python src/fit.py\n    \
             inputs: {{calls: {{from: data.calls}}}}\n    outputs: {{model: {{path: work/model.onnx}}}}\n"
        )
    };
    let run_of = fit("").replace("kind: run\n", "kind: pipeline-run\npipeline: train-churn\n");
    assert_with(&[
        (&[("fit.yml", &run_of), ("pipeline.yml", &pipeline("churn-holdback"))], 2, "pipeline/holdback-in-training"),
        (&[("fit.yml", &run_of), ("pipeline.yml", &pipeline("churn-validation"))], 0, PASS),
        (&[("fit.yml", &fit("")), ("pipeline.yml", &pipeline("churn-holdback"))], 0, PASS),
    ]);
    let begins = |from: &str| fit(&format!("datasets: [{{key: m, artifact_type: MODEL, {from}}}]\n"));
    let at = "path: {DataStore: lake, RelativePath: tuned.onnx}";
    let tune = |data: &str, digest: &str| {
        let artifact = model_file(digest).replace("m.onnx", "tuned.onnx");
        run(
            2,
            "tune",
            "2026-04-01",
            &format!("datasets: [{{key: d, dataset: {data}@1.0.0, role: hyperparameter search}}]\n{artifact}"),
        )
    };
    let by_digest = format!("digest: '{DDDD}'");
    let says = "the run 'tune' in tune.yml read its data, and the model begins from what it made";
    for (from, data, digest, code, says) in [
        (at, "churn-holdback", DDDD, 2, says),
        (at, "churn-validation", DDDD, 0, PASS),
        (&*by_digest, "churn-holdback", DDDD, 2, says),
        (&*by_digest, "churn-holdback", AAAA, 0, PASS),
        ("path: {DataStore: lake, RelativePath: other.onnx}", "churn-holdback", DDDD, 0, PASS),
    ] {
        assert_with(&[(&[("fit.yml", &begins(from)), ("tune.yml", &tune(data, digest))], code, says)]);
    }
}

/// Two tests of one file on the same data say the same.
#[test]
fn two_tests_agree_under_all_names_of_a_quantity() {
    let again = |metric: &str| {
        let head = TEST.split("metrics:").next().unwrap();
        head.replace("7b05", "9905").replace("churn-test", "again") + &format!("metrics:\n  - {metric}\n")
    };
    for (metric, code, says) in [
        ("{key: sensitivity, value: 0.9}", 0, PASS),
        ("{key: sensitivity, value: 0.5}", 2, "by 'recall' in test.yml"),
        ("{key: fnr, value: 0.6}", 2, "by 'recall' in test.yml"),
        ("{key: test/recall, value: 0.5}", 2, "by 'recall' in test.yml"),
        ("{key: recall_score, value: 0.5}", 2, "by 'recall' in test.yml"),
    ] {
        let arguments = [NAMED, &["--test", "again.yml"]].concat();
        assert_judged(&arguments, &[change(&[], &[("again.yml", &again(metric))], code, says)]);
    }
}
