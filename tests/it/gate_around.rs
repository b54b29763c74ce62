//! What other documents say of the runs, the data and the model of the evidence counts, too.

use std::fs;

use crate::support::candidate::*;

const CCCC: &str = "sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc";
const DDDD: &str = "sha256:dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd";

fn id(last: u32) -> String {
    format!("0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a8{last:03}")
}

fn run(number: u32, name: &str, rest: &str) -> String {
    format!(
        "mlSpecVersion: 0.1.0\nkind: run\nid: {}\nname: {name}\nsubmittedDate: 2026-05-01T08:00:00Z\nstatus: completed\n{rest}",
        id(number)
    )
}

/// The run that made the model.
fn fit(rest: &str) -> String {
    let artifact = format!(
        "artifacts:\n  - {{key: churn, path: {{DataStore: lake, RelativePath: m.onnx}}, artifact_type: MODEL, modelDigest: '{CCCC}'}}\n"
    );
    run(1, "fit", &format!("{rest}{artifact}"))
}

fn dataset(number: u32, name: &str, rest: &str) -> String {
    format!(
        "mlSpecVersion: 0.1.0\nkind: dataset\nid: {}\nname: {name}\nstate: Active\nversion: 1.0.0\nlocation: s3://other/{name}.parquet\n{rest}",
        id(number)
    )
}

#[test]
fn the_run_of_a_measurement_logged_what_it_says() {
    let on = |rest: &str, dataset: &str| format!("metrics: [{{{rest}, dataset: {dataset}@1.0.0}}]\n");
    let cells = "{true_positive: 2000, true_negative: 5400, false_positive: 600, false_negative: 2000}";
    for (file, rest, code, says) in [
        ("test.yml", on("key: recall, value: 0.9, count: 4000", "churn-holdback"), 0, "gate: pass"),
        ("test.yml", on("key: recall, value: 0.9003", "churn-holdback"), 0, "gate: pass"),
        ("test.yml", on("key: recall, value: 90, unit: '%'", "churn-holdback"), 0, "gate: pass"),
        ("test.yml", on("key: recall, value: 0.5, count: 4000", "churn-holdback"), 2, "by 'recall' in measure.yml"),
        ("test.yml", on("key: recall, value: 50, unit: '%'", "churn-holdback"), 2, "by 'recall' in measure.yml"),
        ("test.yml", on("key: log_loss, value: 0.9", "churn-holdback"), 2, "it is 0.9"),
        ("test.yml", on("key: recall, value: 0.5, slice: {plan: plus}", "churn-holdback"), 2, "'recall' is 0.88"),
        ("test.yml", on("key: recall, value: 0.5, slice: {sold: online}", "churn-holdback"), 0, "gate: pass"),
        ("test.yml", on("key: recall, value: 0.5, step: 3", "churn-holdback"), 0, "gate: pass"),
        ("test.yml", on(&format!("key: confusion_matrix, value: {cells}"), "churn-holdback"), 2, "gives 0.5"),
        ("evaluation.yml", on("key: recall, value: 0.5", "churn-validation"), 2, "'recall' is 0.91, but by"),
    ] {
        let named = [(file, "model: churn\n", "model: churn\nrun: measure\n")];
        let measure = run(2, "measure", &rest);
        assert_judged(NAMED, &[change(&named, &[("measure.yml", &measure)], code, says)]);
    }
}

#[test]
fn the_run_of_a_measurement_read_the_model_and_the_data() {
    let model = |digest: &str| format!("{{key: m, artifact_type: MODEL, role: model, digest: '{digest}'}}");
    let data = |name: &str, role: &str| format!("{{key: d, dataset: {name}@1.0.0{role}}}");
    let easy = dataset(3, "churn-easy", &format!("digest: {DDDD}\n"));
    let other = "names the run 'measure' in measure.yml, which read another model file";
    let unread = "which did not read the data that it is of";
    for (file, read, code, says) in [
        ("test.yml", model(CCCC), 0, "gate: pass"),
        ("test.yml", model(DDDD), 2, other),
        ("evaluation.yml", model(DDDD), 2, other),
        ("test.yml", format!("{}, {}", model(CCCC), model(DDDD).replace("key: m", "key: n")), 0, "gate: pass"),
        ("test.yml", data("churn-holdback", ""), 0, "gate: pass"),
        ("test.yml", data("churn-holdback", ", role: final_test"), 0, "gate: pass"),
        ("test.yml", data("churn-holdback", ", role: input data"), 0, "gate: pass"),
        ("test.yml", data("churn-holdback", ", role: calibration"), 2, "as that of 'calibration'"),
        ("test.yml", data("churn-easy", ", role: test"), 2, unread),
        ("evaluation.yml", data("churn-easy", ", role: validation"), 2, unread),
        ("evaluation.yml", data("churn-validation", ", role: validation"), 0, "gate: pass"),
        ("evaluation.yml", data("churn-easy", ", role: training"), 0, "gate: pass"),
        // Of what lies there, nothing is known.
        ("test.yml", "{key: d, path: 'local/copy.csv'}".to_owned(), 0, "gate: pass"),
    ] {
        let named = [(file, "model: churn\n", "model: churn\nrun: measure\n")];
        let measure = run(2, "measure", &format!("datasets: [{read}]\n"));
        assert_judged(NAMED, &[change(&named, &[("measure.yml", &measure), ("easy.yml", &easy)], code, says)]);
    }
    // The run that trained the model read other data, and what it began from.
    let named = [("evaluation.yml", "model: churn\n", "model: churn\nrun: fit\n")];
    let trained = fit(&format!("datasets: [{}, {}]\n", data("churn-easy", ", role: training"), model(DDDD)));
    assert_judged(NAMED, &[change(&named, &[("fit.yml", &trained), ("easy.yml", &easy)], 0, "gate: pass")]);
}

/// Whoever names a test has not thereby judged another one that may be newer.
#[test]
fn no_other_test_of_the_file_is_kept_from_the_gate() {
    let other = TEST.replace("7b05", "8c05").replace("churn-test", "again").replace("value: 0.9,", "value: 0.5,");
    let date = "performedOn: 2026-05-05T08:00:00Z\n";
    let newer = other.replace("2026-05-05", "2026-05-09");
    let of_other_file = |text: &str| text.replace(CCCC, DDDD);
    let wide: String = newer.chars().flat_map(|letter| [letter, '\0']).collect();
    let large = format!("# {}\n{newer}", "x".repeat(17 << 20));
    let large = format!("kind: test\n{large}");
    let twice = newer.replace("performedOn", "performedOn: 2026-01-01T08:00:00Z\nperformedOn");
    let (age, doubt) = ("is possibly a newer test of this model file", "could hold a newer test of it");
    for (name, text, code, says) in [
        ("hidden/again.yml", newer.clone(), 2, "is a newer test of this model file"),
        (".again.yml", newer.clone(), 2, "is a newer test of this model file"),
        ("hidden/again.yml", TEST.to_owned(), 0, "gate: pass"),
        ("hidden/again.yml", of_other_file(&newer), 0, "gate: pass"),
        ("hidden/again.yml", other.replace("2026-05-05", "2026-05-01"), 0, "gate: pass"),
        ("again.yml", other.clone(), 2, age),
        ("again.yml", other.replace("2026-05-05T08:00:00Z", "'2026-05-05'"), 2, age),
        ("again.yml", other.replace("2026-05-05T08:00:00Z", "'2026-05-03'"), 0, "gate: pass"),
        ("again.yml", other.replace(date, ""), 2, age),
        ("again.yml", of_other_file(&other.replace(date, "")), 0, "gate: pass"),
        ("again.yml", wide, 2, doubt),
        ("again.yml", newer.replace("metrics:", "metrics: ["), 2, doubt),
        ("again.yml", of_other_file(&newer.replace("metrics:", "metrics: [")), 0, "gate: pass"),
        ("again.yml", newer.replace("kind: test", "kind: tests"), 2, doubt),
        ("again.yml", twice, 2, doubt),
        ("again.yml", large, 2, doubt),
    ] {
        let added = [("mlspec-lint.toml", "exclude = [\"hidden/**\"]\n"), (name, text.as_str())];
        assert_judged(NAMED, &[change(&[], &added, code, says)]);
    }
}

#[test]
fn the_baseline_did_not_read_the_candidate() {
    let measured = |digest: &str| {
        format!("{PRODUCTION}datasets: [{{key: m, artifact_type: MODEL, role: model, digest: '{digest}'}}]\n")
    };
    assert_with(&[
        (&[("production.yml", &measured(CCCC))], 2, "the baseline is the candidate itself"),
        (&[("production.yml", &measured(DDDD))], 0, "gate: pass"),
    ]);
}

/// Under another kind, or behind many metrics, a run is still the one that made the model.
#[test]
fn a_run_that_made_the_model_is_found_in_disguise() {
    let failed = fit("").replace("completed", "failed");
    let of = |kind: &str| failed.replace("kind: run", &format!("kind: {kind}"));
    let says = "with the fields of a run";
    for kind in ["rollout", "ingestion", "artifact", "dataset", "test"] {
        assert_with(&[(&[("fit.yml", &of(kind))], 2, if kind == "test" { "" } else { says })]);
    }
    assert_with(&[(&[("fit.yml", &of("rollout").replace(CCCC, DDDD))], 0, "gate: pass")]);
    let metrics = "  - {key: loss, value: 0.125, step: 1}\n".repeat(450_000);
    let large = fit(&format!("metrics:\n{metrics}"));
    assert_with(&[
        (&[("fit.yml", &large)], 2, "names the digest of the model that is judged, and could be a run"),
        (&[("fit.yml", &large.replace(CCCC, DDDD))], 0, "gate: pass"),
    ]);
}

/// A link decides nothing, and is named.
#[cfg(unix)]
#[test]
fn links_out_of_the_workspace_are_named() {
    let (folder, outside) = (folder(), assert_fs::TempDir::new().unwrap());
    fs::write(outside.path().join("fit.yml"), fit("").replace("completed", "failed")).unwrap();
    std::os::unix::fs::symlink(outside.path(), folder.path().join("runs")).unwrap();
    let (code, printed) = gate(folder.path(), NAMED);
    assert_eq!(code, 0, "{printed}");
    assert!(printed.contains("note: runs: link to a folder outside of the workspace"), "{printed}");
}

fn split(rest: &str, holdback: &str) -> String {
    format!(
        "mlSpecVersion: 0.2.0\nkind: split\nid: {}\nname: churn-split\nsource: churn-all@1.0.0\nmethod: predefined\nsets:\n  \
         training: {{dataset: churn-train@1.0.0}}\n  holdback: {{dataset: churn-holdback@1.0.0{holdback}}}\n{rest}",
        id(10)
    )
}

/// The gate knows what `check` knows of the data that was measured on.
#[test]
fn errors_about_how_the_data_was_made_count() {
    let (all, train) = (dataset(11, "churn-all", ""), dataset(12, "churn-train", ""));
    let reads = |data: &str| fit(&format!("datasets: [{{key: d, {data}}}]\n"));
    let transformation = |rest: &str| {
        format!(
            "mlSpecVersion: 0.2.0\nkind: transformation\nid: {}\nname: features\nversion: 1.0.0\nsteps:\n  \
             - {{field: income, method: scale_to_z_score, output: income_z, mean: 3120.4, std: 1490.1}}\n{rest}",
            id(13)
        )
    };
    let overlap = "overlap: [{between: [training, holdback], count: 5800}]\n";
    let digest = format!(", digest: '{DDDD}'");
    let fitted = "inputs: [churn-train@1.0.0]\nfittedOn: churn-holdback@1.0.0\n";
    let synthetic = format!(
        "mlSpecVersion: 0.2.0\nkind: ingestion\nid: {}\nname: more\nperformedOn: 2026-04-01T08:00:00Z\nsource: {{DataStore: lake, \
         RelativePath: a.csv}}\nconnector: {{type: file}}\noutput: churn-holdback@1.0.0\nsynthetic: {{method: smote, fraction: 0.5}}\n",
        id(14)
    );
    for (name, text, read, code, says) in [
        ("split.yml", split("", ""), "dataset: churn-train@1.0.0", 0, "gate: pass"),
        ("split.yml", split(overlap, ""), "dataset: churn-train@1.0.0", 2, "split/overlap-found"),
        ("split.yml", split("", &digest), "dataset: churn-train@1.0.0", 2, "reproducibility/digest-disagrees"),
        (
            "split.yml",
            split("", ""),
            "dataset: churn-all@1.0.0, role: training",
            2,
            "read all that its data was split from",
        ),
        ("split.yml", split("", ""), "dataset: churn-all@1.0.0", 2, "read all that its data was split from"),
        ("split.yml", split("run: fit\n", ""), "dataset: churn-all@1.0.0", 0, "gate: pass"),
        ("tf.yml", transformation(fitted), "dataset: churn-train@1.0.0", 2, "transformation/fitted-on-holdback"),
        ("tf.yml", transformation("inputs: [churn-train@1.0.0]\n"), "dataset: churn-train@1.0.0", 0, "gate: pass"),
        ("ingestion.yml", synthetic, "dataset: churn-train@1.0.0", 2, "ingestion/synthetic-in-holdback"),
    ] {
        let fit = reads(read);
        assert_with(&[(&[("all.yml", &all), ("train.yml", &train), ("fit.yml", &fit), (name, &text)], code, says)]);
    }
    // What is not documented does not speak against the data.
    assert_with(&[(&[("train.yml", &train), ("split.yml", &split("", ""))], 0, "gate: pass")]);
    // Of other data, the gate asks nothing.
    let other =
        split(overlap, "").replace("churn-holdback", "churn-all").replace("source: churn-all", "source: churn-raw");
    assert_with(&[(&[("all.yml", &all), ("train.yml", &train), ("split.yml", &other)], 0, "gate: pass")]);
}

#[test]
fn a_long_chain_of_conversions_leads_back_to_the_data_of_a_test() {
    const LENGTH: usize = 300;
    let step = |number: usize, first: &str| {
        let input = if number == 0 { first.to_owned() } else { format!("step-{}@1.0.0", number - 1) };
        format!(
            "mlSpecVersion: 0.2.0\nkind: transformation\nid: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2b{number:04}\nname: t-{number}\n\
             version: 1.0.0\ninputs: [{input}]\noutput: step-{number}@1.0.0\nsteps:\n  - {{field: a, method: log, output: b}}\n"
        )
    };
    // The last one stands first.
    let chain = |first: &str| (0..LENGTH).rev().map(|number| step(number, first)).collect::<Vec<_>>().join("---\n");
    let last = dataset(20, &format!("step-{}", LENGTH - 1), "");
    let fit = fit(&format!("datasets: [{{key: d, dataset: step-{}@1.0.0, role: training}}]\n", LENGTH - 1));
    for (first, code, says) in
        [("churn-holdback@1.0.0", 2, "read what was made of its data"), ("churn-validation@1.0.0", 0, "gate: pass")]
    {
        assert_with(&[(&[("fit.yml", &fit), ("last.yml", &last), ("chain.yml", &chain(first))], code, says)]);
    }
}

#[test]
fn what_was_made_of_the_data_of_a_test_trains_no_model() {
    let train = dataset(12, "churn-train", "");
    let reads = |data: &str| fit(&format!("datasets: [{{key: d, {data}}}]\n"));
    let of_train = reads("dataset: churn-train@1.0.0, role: training");
    let of_path = reads("path: {DataStore: lake, RelativePath: ready.csv}, role: training");
    let transformation = |inputs: &str| {
        format!(
            "mlSpecVersion: 0.2.0\nkind: transformation\nid: {}\nname: features\nversion: 1.0.0\ninputs: [{inputs}]\noutput: \
             churn-train@1.0.0\nsteps:\n  - {{field: income, method: scale_to_z_score, output: income_z, mean: 3120.4, std: 1490.1}}\n",
            id(13)
        )
    };
    let prepare = |read: &str, more: &str| {
        run(
            15,
            "prepare",
            &format!(
                "datasets: [{read}]\nartifacts:\n  - {{key: ready, path: {{DataStore: lake, RelativePath: ready.csv}}, artifact_type: DATA}}\n{more}"
            ),
        )
    };
    let holdback = "{key: a, dataset: churn-holdback@1.0.0, role: input}";
    let validation = "{key: b, dataset: churn-validation@1.0.0, role: input}";
    let both = format!("{holdback}, {validation}");
    let second = "  - {key: set, path: {DataStore: lake, RelativePath: set.csv}, artifact_type: DATA}\n";
    let kept = HOLDBACK.to_owned()
        + "checkpoint: {profile: daily, materialized: {DataStore: lake, RelativePath: ready.csv}}\n";
    let made = "read what was made of its data";
    for (fit, more, name, text, code, says) in [
        (&of_train, "", "tf.yml", transformation("churn-holdback@1.0.0"), 2, made),
        (&of_train, "", "tf.yml", transformation("churn-validation@1.0.0"), 0, "gate: pass"),
        (&of_path, "", "prepare.yml", prepare(holdback, ""), 2, made),
        (&of_path, "", "prepare.yml", prepare(validation, ""), 0, "gate: pass"),
        (&of_path, "", "prepare.yml", prepare(&both, ""), 2, made),
        // Each set of data was made of another one.
        (&of_path, "", "prepare.yml", prepare(&both, second), 0, "gate: pass"),
        (&of_path, "", "holdback.yml", kept, 2, "read a copy of its data"),
        (
            &reads("path: 's3://contoso/churn/', role: training"),
            "",
            "train.yml",
            train.clone(),
            2,
            "a folder that holds",
        ),
        (&reads("path: 's3://contoso/churn/h', role: training"), "", "train.yml", train.clone(), 0, "gate: pass"),
        (&reads("path: 's3://contoso/churn/', role: test"), "", "train.yml", train.clone(), 0, "gate: pass"),
    ] {
        let added = [("train.yml", &*train), ("more.txt", more), ("fit.yml", fit), (name, &text)];
        assert_with(&[(&added, code, says)]);
    }
}

#[test]
fn one_quantity_has_one_value_under_all_its_names() {
    for (metric, code, says) in [
        ("{key: sensitivity, value: 0.9}", 0, "gate: pass"),
        ("{key: sensitivity, value: 0.5}", 2, "'sensitivity' is 0.5, but by 'recall' in test.yml"),
        ("{key: tpr, value: 50, unit: '%'}", 2, "but by 'recall'"),
        ("{key: fnr, value: 0.1}", 0, "gate: pass"),
        (
            "{key: fnr, value: 0.8}",
            2,
            "'fnr' is 0.8, but by 'recall' in test.yml, which is of the same data, it is 0.1",
        ),
        ("{key: test/recall, value: 0.5}", 2, "but by 'recall'"),
        ("{key: train/recall, value: 0.99}", 0, "gate: pass"),
        ("{key: recall_macro, value: 0.5}", 0, "gate: pass"),
        ("{key: hit_rate, value: 0.5}", 0, "gate: pass"),
        ("{key: sensitivity, value: 0.5, dataset: churn-june}", 0, "gate: pass"),
        ("{key: sensitivity, value: 0.5, slice: {plan: plus}}", 2, "but by 'recall'"),
        ("{key: accuracy, value: 0.95}\n  - {key: error_rate, value: 0.8}", 2, "but by 'accuracy'"),
    ] {
        let metrics = format!("{LAST}  - {metric}\n");
        assert_judged(NAMED, &[change(&[("test.yml", LAST, &metrics)], &[], code, says)]);
    }
}

/// Whatever says how many examples there are.
#[test]
fn nothing_was_measured_on_more_examples_than_there_are() {
    let (all, train) = (dataset(11, "churn-all", ""), dataset(12, "churn-train", ""));
    let digest = HOLDBACK.lines().last().unwrap();
    let copy = |count: u32| dataset(16, "churn-copy", &format!("{digest}\ncount: {count}\n"));
    for (name, text, code, says) in [
        ("split.yml", split("", ", numExamples: 400"), 2, "run/count-exceeds-dataset"),
        ("split.yml", split("", ", numExamples: 4000"), 0, "gate: pass"),
        ("copy.yml", copy(1000), 2, "run/count-exceeds-dataset"),
        ("copy.yml", copy(4000), 0, "gate: pass"),
    ] {
        assert_with(&[(&[("all.yml", &all), ("train.yml", &train), (name, &text)], code, says)]);
    }
}

#[test]
fn what_was_taken_back_is_a_warning() {
    let rollout = |result: &str, digest: &str| {
        format!(
            "mlSpecVersion: 0.2.0\nkind: rollout\nid: {}\nname: churn-eu\nmodel: churn\nmodelDigest: {digest}\nenvironment: eu\nstrategy: canary\n\
             stages: [{{traffic: 1%, from: 2026-05-06T08:00:00Z, until: 2026-05-07T08:00:00Z, result: failed}}]\nresult: {result}\n\
             reason: too many complaints\n",
            id(17)
        )
    };
    let anomaly = "anomalies: [{field: plan, type: unexpected-value, value: gold, count: 900, severity: error}]\n";
    let validation = |number: u32, result: &str, day: u32| {
        format!(
            "mlSpecVersion: 0.2.0\nkind: validation\nid: {}\nname: of-holdback-{number}\nschema: churners@1.0.0\ndataset: churn-holdback@1.0.0\n\
             performedOn: 2026-05-{day:02}T08:00:00Z\nresult: {result}\n{}",
            id(number),
            if result == "failed" { anomaly } else { "" }
        )
    };
    let schema = format!(
        "mlSpecVersion: 0.2.0\nkind: data-schema\nid: {}\nname: churners\nversion: 1.0.0\nfields: [{{name: plan, type: string}}]\n",
        id(20)
    );
    let failed = validation(18, "failed", 2);
    for (name, text, more, code, says) in [
        ("rollout.yml", rollout("rolled-back", CCCC), String::new(), 0, "gate: warn"),
        ("rollout.yml", rollout("rolled-back", CCCC), String::new(), 0, "a rollout of this model file was rolled back"),
        ("rollout.yml", rollout("rolled-back", DDDD), String::new(), 0, "gate: pass"),
        ("rollout.yml", rollout("running", CCCC), String::new(), 0, "gate: pass"),
        ("checked.yml", failed.clone(), String::new(), 0, "the data that was measured on is not valid"),
        ("checked.yml", failed.clone(), validation(19, "passed", 3), 0, "gate: pass"),
        ("checked.yml", failed.clone(), validation(19, "passed", 1), 0, "gate: warn"),
    ] {
        assert_with(&[(&[("schema.yml", &schema), (name, &text), ("more.yml", &more)], code, says)]);
    }
}
