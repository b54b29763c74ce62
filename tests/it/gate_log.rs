//! The gate judges logs: what a log cannot show passes nobody, and what it shows is judged as a run with the same values is.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use assert_fs::TempDir;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::support::candidate::{HOLDBACK, OBJECTIVES, folder, gate, replace};

const FILE: &str = "sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc";

/// The objective on live data, unless another is given.
const QUICK: &str = "p95(latency) <= 400ms on live";

/// Returns a folder with a candidate that passes, but for its log: one objective is about live data.
fn monitored(expect: &str) -> TempDir {
    let folder = folder();
    let objectives = OBJECTIVES
        .replace("mlSpecVersion: 0.1.0", "mlSpecVersion: 0.2.0")
        .replace("owner:", "language: mlspec-objectives/3\nowner:")
        .replace("latency: {unit: ms,", "latency: {unit: ms, from: requestInfo.requestLatencyMs,")
        .replace("plan: {values", "plan: {from: metadata.plan, values")
        .replace("max(latency) <= 300ms on holdback and ", "");
    let text = format!(
        "{objectives}  - id: live\n    why: the page waits\n    expect: {}\nrollback: {{to: churn-production}}\n",
        serde_json::to_string(expect).unwrap()
    );
    fs::write(folder.path().join("objectives.yml"), text).unwrap();
    for file in ["evaluation.yml", "test.yml"] {
        replace(folder.path(), file, "model: churn\n", "model: churn@1.0.0\n");
    }
    folder
}

/// Returns a record of an answer, some seconds after the test.
fn record(number: usize) -> String {
    let (minute, second) = (number / 60, number % 60);
    format!(
        "{{\"mlSpecVersion\":\"0.2.0\",\"kind\":\"inference-log\",\"applicationInfo\":{{\"applicationId\":\"shop\"}},\
         \"requestInfo\":{{\"requestId\":\"r-{number}\",\"requestTimestamp\":\"2026-05-06T08:{minute:02}:{second:02}Z\",\
         \"requestLatencyMs\":{}}},\"modelInfo\":{{\"models\":[\"churn/1.0.0\"]}},\"resultInfo\":{{\"resultCode\":200}},\
         \"provenance\":{{\"modelDigest\":\"{FILE}\"}},\"metadata\":{{\"plan\":\"{}\"}}}}",
        100 + number,
        ["basic", "plus"][number % 2]
    )
}

fn lines(records: impl IntoIterator<Item = String>) -> String {
    records.into_iter().fold(String::new(), |text, line| text + &line + "\n")
}

/// Returns a log of three hundred answers, the slowest of 399 ms.
fn whole() -> String {
    lines((0..300).map(record))
}

/// Returns the log with another text in each record.
fn each(from: &str, to: &str) -> String {
    let text = whole();
    assert!(text.contains(from), "{from}");
    text.replace(from, to)
}

/// Returns the log with another text in the first record that has it.
fn once(from: &str, to: &str) -> String {
    let text = whole();
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1)
}

fn judge(folder: &Path, log: &str, arguments: &[&str]) -> (i32, String) {
    fs::write(folder.join("live.jsonl"), log).unwrap();
    gate(folder, &[&["--log", "live.jsonl"], arguments].concat())
}

#[track_caller]
fn assert_judged(cases: &[(&str, &str, &[&str], i32, &str)]) {
    let mut wrong = String::new();
    for (expect, log, arguments, code, says) in cases {
        let folder = monitored(expect);
        let (found, printed) = judge(folder.path(), log, arguments);
        // Reports are wrapped.
        let flat = printed.split_whitespace().collect::<Vec<_>>().join(" ");
        if found != *code || !flat.contains(says) {
            let _ = writeln!(wrong, "{expect} {arguments:?}: exit {found}, not {code} with '{says}':\n{printed}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn verdict(folder: &Path, log: &str, arguments: &[&str]) -> Value {
    let (_, printed) = judge(folder, log, &[&["--format", "json"], arguments].concat());
    serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{error}: {printed}"))
}

#[test]
fn a_log_of_the_model_is_judged() {
    let (log, week) = (whole(), "share(resultCode >= 500) <= 1% on live over last 7 days");
    let slow = log.replacen("\"requestLatencyMs\":1", "\"requestLatencyMs\":101", 20);
    assert_judged(&[
        (QUICK, &log, &[], 0, "gate: pass"),
        ("mean(latency) <= 249.5ms on live", &log, &[], 0, "exactly 249.5 ms"),
        ("mean(latency) < 249.5ms on live", &log, &[], 1, "gate: fail"),
        ("max(latency) <= 399ms on live and count(latency) >= 300 on live", &log, &[], 0, "gate: pass"),
        (QUICK, &slow, &[], 1, "gate: fail"),
        (week, &log, &[], 0, "gate: pass"),
        (week, &log, &["--as-of", "2026-05-07"], 0, "gate: pass"),
        (week, &log.replacen(":200}", ":503}", 4), &[], 1, "gate: fail"),
        ("share(invalid) <= 0.5% on live", &log, &[], 0, "gate: pass"),
        ("share(invalid) <= 0.5% on live", &log.replacen("r-7\"", "\"", 1), &[], 0, "gate: pass"),
        ("share(invalid) <= 0.3% on live", &log.replacen("\"r-7\"", "\"\"", 1), &[], 1, "gate: fail"),
        ("share(not missing latitude) >= 1% on live", &log, &[], 1, "gate: fail"),
        ("share(metadata.plan in ['basic', 'plus']) >= 100% on live", &log, &[], 0, "gate: pass"),
        ("for each slice of plan, max(latency) <= 399ms on live", &log, &[], 0, "basic 398 ms, plus 399 ms"),
        ("share(resultCode >= 500) <= 3% on live with 95% confidence", &log, &[], 0, "Wilson"),
        ("share(resultCode >= 500) <= 1% on live with 95% confidence", &log, &[], 3, "gate: unknown"),
    ]);
}

/// Unknown is never a pass, and a doubt about the log is a refusal.
#[test]
fn what_a_log_does_not_show_passes_nobody() {
    let log = whole();
    let week = "share(resultCode >= 500) <= 1% on live over last 7 days";
    let hour = "share(resultCode >= 500) <= 1% on live over last 1 hours";
    let cut = &log[..log.len() - 30];
    let twice = lines((0..300).map(record).chain([record(7)]));
    let later = log.replace("2026-05-06", "2026-05-08");
    let request = "\"kind\":\"inference-request\",\"inputs\":{\"featureNames\":[\"a\"],\"featureValues\":[1]}";
    let requests = each("\"kind\":\"inference-log\"", request);
    assert_judged(&[
        // Of nothing.
        (QUICK, "", &[], 2, "has no records"),
        (QUICK, "\n \n", &[], 2, "has no records"),
        (QUICK, "{}\n", &[], 2, "is valid and tells of an answer"),
        (QUICK, &requests, &[], 2, "is valid and tells of an answer"),
        // Of something else.
        (QUICK, &each("churn/1.0.0", "other/1.0.0"), &[], 2, "other"),
        (QUICK, &each("churn/1.0.0", "churn/2.0.0"), &[], 2, "2.0.0"),
        (QUICK, &once("churn/1.0.0", "churn/2.0.0"), &[], 2, "of several models"),
        (QUICK, &once("[\"churn/1.0.0\"]", "[\"churn/1.0.0\",\"b/1\"]"), &[], 2, "name no model, or several"),
        (QUICK, &each("ccc\"", "ccd\""), &[], 2, "about"),
        (QUICK, &once("ccc\"", "ccd\""), &[], 2, "of several model files"),
        // Of another time.
        (week, &log, &["--as-of", "2027-05-06"], 3, "gate: unknown"),
        (hour, &log, &["--as-of", "2026-05-06T12:00:00Z"], 3, "gate: unknown"),
        (week, &later, &["--as-of", "2026-05-07"], 3, "gate: unknown"),
        (QUICK, &log, &["--max-age", "30d"], 3, "gate: unknown"),
        // Of what is not all of it.
        (QUICK, cut, &[], 2, "is cut off"),
        (QUICK, &log.replacen("\"r-7\"", "\"\"", 1), &[], 3, "1 of 300 records are invalid"),
        (QUICK, &once(":00:07Z", ":00:61Z"), &[], 3, "1 of 300 records are invalid"),
        (QUICK, &once(":107}", ":NaN}"), &[], 3, "1 of 300 records are invalid"),
        (QUICK, &once(":107}", ":null}"), &[], 3, "1 of 300 records have no number there"),
        (QUICK, &log.replacen('\n', "\n\u{0}\n", 1), &[], 3, "records are invalid"),
        // Twice.
        (QUICK, &twice, &[], 3, "there several times"),
        (QUICK, &log, &["--log", "live.jsonl"], 2, "is given twice"),
        (QUICK, &log, &["--log", "./live.jsonl"], 2, "is given twice"),
        // Of other data.
        ("share(resultCode >= 500) <= 1% on holdback", &log, &[], 3, "gate: unknown"),
        // Of what records do not tell.
        ("share(resultCode >= 500) <= 1% on live", &each(":200}", ":\"OK\"}"), &[], 3, "gate: unknown"),
        ("share(latitude >= 500) <= 1% on live", &log, &[], 3, "gate: unknown"),
        (
            "share(not missing latitude) <= 1% on live implies share(latitude > 9) <= 1% on live",
            &log,
            &[],
            3,
            "unknown",
        ),
        ("std(latency) <= 400ms on live", &lines([record(0)]), &[], 3, "gate: unknown"),
        ("last(latency) <= 400ms on live", &log, &[], 3, "gate: unknown"),
        (QUICK, &each(",\"requestLatencyMs\":", ",\"inferenceLatencyMs\":"), &[], 3, "no record has a number there"),
        ("for each slice of plan, max(latency) <= 399ms on live", &each("\"plus\"", "\"gold\""), &[], 3, "unknown"),
        (
            "for each slice of plan, max(latency) <= 399ms on live",
            &once("\"plan\":\"plus\"", "\"a\":1"),
            &[],
            3,
            "unknown",
        ),
        ("share(invalid) <= 5% on live", &twice, &[], 3, "there several times"),
    ]);
}

#[test]
fn what_cannot_be_read_to_its_end_is_refused() {
    let folder = monitored(QUICK);
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(whole().as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    let zstd = ruzstd::encoding::compress_to_vec(whole().as_bytes(), ruzstd::encoding::CompressionLevel::Fastest);
    let mut damaged = packed.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0x10;
    for (name, bytes, code, says) in [
        ("a.jsonl.gz", packed.as_slice(), 0, "gate: pass"),
        ("a.jsonl.zst", zstd.as_slice(), 0, "gate: pass"),
        ("b.jsonl.gz", &packed[..packed.len() - 9], 2, "cannot be read to its end"),
        ("b.jsonl.gz", &packed[..packed.len() - 4], 2, "cannot be read to its end"),
        ("b.jsonl.gz", damaged.as_slice(), 2, "cannot be read to its end"),
        ("b.jsonl.zst", &zstd[..zstd.len() - 2], 2, "cannot be read to its end"),
    ] {
        fs::write(folder.path().join(name), bytes).unwrap();
        let (found, printed) = gate(folder.path(), &["--log", name]);
        assert!(found == code && printed.contains(says), "{name}: exit {found}: {printed}");
    }
    // The same records under two names.
    let (code, printed) = gate(folder.path(), &["--log", "a.jsonl.gz", "--log", "a.jsonl.zst"]);
    assert!(code == 3 && printed.contains("several times"), "exit {code}: {printed}");
    fs::copy(folder.path().join("a.jsonl.gz"), folder.path().join("c.jsonl.gz")).unwrap();
    let (code, printed) = gate(folder.path(), &["--log", "a.jsonl.gz", "--log", "c.jsonl.gz"]);
    assert!(code == 2 && printed.contains("same content"), "exit {code}: {printed}");
    for (name, says) in [("absent.jsonl", "absent.jsonl"), (".", "--log takes logs"), ("test.yml", "--log takes logs")]
    {
        let (code, printed) = gate(folder.path(), &["--log", name]);
        assert!(
            matches!(code, 2 | 3) && !printed.contains("gate:") && printed.contains(says),
            "exit {code}: {printed}"
        );
    }
}

/// A measurement of the same metric on live data is another value, and nobody picks the better one.
#[test]
fn a_log_and_a_measurement_of_one_metric_are_two_values() {
    let folder = monitored(QUICK);
    replace(
        folder.path(),
        "test.yml",
        "  - {key: log_loss, value: 0.3}\n",
        "  - {key: log_loss, value: 0.3}\n  - {key: latency, value: [1, 2], dataset: live}\n",
    );
    let (code, printed) = judge(folder.path(), &whole(), &[]);
    assert!(code == 2 || code == 3, "exit {code}: {printed}");
}

#[test]
fn objectives_without_monitored_data_take_no_log() {
    let folder = monitored("recall >= 80% on holdback");
    replace(folder.path(), "objectives.yml", "  live: {stage: monitoring}\n", "");
    let (code, printed) = judge(folder.path(), &whole(), &[]);
    assert!(code == 2 && printed.contains("declare no data of `stage: monitoring`"), "exit {code}: {printed}");
    let folder = monitored("p95(latency) <= 400ms on live");
    replace(
        folder.path(),
        "objectives.yml",
        "  live: {stage: monitoring}\n",
        "  live: {stage: monitoring}\n  shadow: {stage: monitoring}\n",
    );
    let (code, printed) = judge(folder.path(), &whole(), &[]);
    assert!(code == 2 && printed.contains("several data of `stage: monitoring`"), "exit {code}: {printed}");
}

/// Several logs are taken together, in whatever order.
#[test]
fn logs_are_added_up() {
    let folder = monitored(QUICK);
    let one = verdict(folder.path(), &whole(), &[]);
    let all: Vec<String> = (0..300).map(record).collect();
    fs::write(folder.path().join("a.jsonl"), lines(all[..120].to_vec())).unwrap();
    fs::write(folder.path().join("b.jsonl"), lines(all[120..].to_vec())).unwrap();
    for order in [["a.jsonl", "b.jsonl"], ["b.jsonl", "a.jsonl"]] {
        let (code, printed) = gate(folder.path(), &["--log", order[0], "--log", order[1], "--format", "json"]);
        let both: Value = serde_json::from_str(&printed).unwrap();
        assert_eq!(code, 0);
        for part in ["verdict", "log", "objectives", "as_of"] {
            let without_place = |value: &Value| {
                let mut text = value[part].to_string();
                for name in ["live.jsonl", "a.jsonl", "b.jsonl"] {
                    text = text.replace(name, "LOG");
                }
                text
            };
            assert_eq!(without_place(&both), without_place(&one), "{part}");
        }
    }
}

/// The verdict names the log by digest, with counts and windows.
#[test]
fn the_evidence_is_named() {
    let folder = monitored("p95(latency) <= 400ms on live over last 2 hours");
    let own = verdict(folder.path(), &whole(), &["--as-of", "2026-05-06T09:00:00Z"]);
    let log = own["inputs"].as_array().unwrap().iter().find(|input| input["role"] == "log").unwrap();
    assert_eq!(log["path"], "live.jsonl");
    let digest = Command::new("sha256sum").arg(folder.path().join("live.jsonl")).output();
    if let Ok(digest) = digest {
        assert!(String::from_utf8(digest.stdout).unwrap().starts_with(log["sha256"].as_str().unwrap()));
    }
    for (field, value) in [("records", 300), ("measured", 300), ("invalid", 0), ("untimed", 0), ("duplicated", 0)] {
        assert_eq!(own["log"][field], value, "{field}");
    }
    assert_eq!(own["log"]["from"], "2026-05-06T08:00:00Z");
    assert_eq!(own["log"]["windows"][0]["records"], 300);
    assert_eq!(own["log"]["windows"][0]["from"], "2026-05-06T07:00:00Z");
    assert_eq!(own["verdict"], "pass");
}

/// What features were in training, and what they are now.
#[test]
fn drift_is_judged_against_a_profile() {
    let incomes = |records: usize, most: usize| (0..records).map(move |number| number * 37 % most);
    let log = |most: usize, missing: usize| {
        lines((0..300).zip(incomes(300, most)).map(|(number, income)| {
            let value = if number < missing { String::new() } else { income.to_string() };
            record(number)
                .replace("\"metadata\"", &format!("\"inputFeatures\":{{\"income\":\"{value}\"}},\"metadata\""))
        }))
    };
    let same = log(1000, 0);
    for (expect, log, code, says) in [
        ("js_divergence(income) <= 0.1 vs training on live", &same, 0, "gate: pass"),
        ("psi(income) <= 0.2 vs training on live over last 2 days", &same, 0, "gate: pass"),
        ("js_divergence(income) <= 0.1 vs training on live", &log(100, 0), 1, "gate: fail"),
        ("js_divergence(income) <= 0.1 vs training on live", &log(1000, 150), 1, "gate: fail"),
        // 300 records cannot tell so little from chance.
        ("js_divergence(income) <= 0.001 vs training on live", &same, 3, "gate: unknown"),
        ("js_divergence(age) <= 0.1 vs training on live", &same, 3, "the profile has no field 'age'"),
        ("share(missing income) <= 1% on live", &same, 0, "gate: pass"),
        ("share(missing income) <= 1% on live", &log(1000, 4), 1, "gate: fail"),
        ("js_divergence(income) <= 0.1 on live", &same, 2, "does not say from what"),
        ("js_divergence(income) <= 0.1 vs holdback on live", &same, 2, "has no profile"),
        ("p95(latency) <= 400ms vs training on live", &same, 2, "the claim has none"),
    ] {
        let folder = monitored(expect);
        let rows: String = incomes(3000, 1000).fold("income\n".to_owned(), |text, own| format!("{text}{own}\n"));
        fs::write(folder.path().join("training.csv"), rows).unwrap();
        let written = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"))
            .args(["profile", "training.csv", "--name", "training-profile", "-o", "profile.yml"])
            .current_dir(folder.path())
            .status();
        assert!(written.unwrap().success());
        let digest = mlspec_lint::objectives::gate::sha256(&fs::read(folder.path().join("training.csv")).unwrap());
        let training = HOLDBACK.replace("churn-holdback", "training").replace("7b02", "7b09");
        let training = training.replace(&"a".repeat(64), &digest).replace("holdback.parquet", "training.csv");
        fs::write(folder.path().join("training.yml"), training).unwrap();
        let declared = "  live: {stage: monitoring}\n  training: {stage: training, profile: training-profile}\n";
        replace(folder.path(), "objectives.yml", "  live: {stage: monitoring}\n", declared);
        let (found, printed) = judge(folder.path(), log, &[]);
        let flat = printed.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(found == code && flat.contains(says), "{expect}: exit {found}, not {code} with '{says}': {printed}");
        if code == 0 && expect.contains("vs") {
            fs::remove_file(folder.path().join("profile.yml")).unwrap();
            let (found, printed) = judge(folder.path(), log, &[]);
            assert!(found == 2 && printed.contains("training-profile"), "{expect}: exit {found}: {printed}");
        }
    }
}

/// Who verifies a verdict has the logs, and no workspace.
#[test]
fn a_verdict_on_logs_is_verified() {
    let folder = monitored("p95(latency) <= 400ms on live over last 2 hours");
    let keys = folder.path().join("gate.pem");
    let made = Command::new("openssl").args(["genpkey", "-algorithm", "ed25519", "-out"]).arg(&keys).status();
    if !made.is_ok_and(|status| status.success()) {
        eprintln!("skipped: there is no openssl");
        return;
    }
    let public = Command::new("openssl").args(["pkey", "-pubout", "-in"]).arg(&keys).output().unwrap();
    fs::write(folder.path().join("gate.pub"), public.stdout).unwrap();
    fs::write(folder.path().join("model.onnx"), "weights").unwrap();
    let attest = ["--attest", "gate.json", "--key", "gate.pem", "--subject", "model.onnx"];
    let verify = || {
        let output = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"))
            .args(["gate", "verify", "gate.json", "--key", "gate.pub", "--as-of", "2026-05-06T08:30:00Z"])
            .current_dir(folder.path())
            .output()
            .unwrap();
        let printed = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        (output.status.code().unwrap(), printed)
    };
    let file = mlspec_lint::objectives::gate::sha256(b"weights");
    for name in ["evaluation.yml", "test.yml"] {
        replace(folder.path(), name, FILE, &format!("sha256:{file}"));
    }
    let log = whole().replace(FILE, &format!("sha256:{file}"));
    let (code, printed) = judge(folder.path(), &log, &attest);
    assert_eq!(code, 0, "{printed}");
    let (code, printed) = verify();
    assert!(code == 0 && printed.contains("the same when judged again"), "exit {code}: {printed}");
    fs::write(folder.path().join("live.jsonl"), log.replacen(":200}", ":201}", 1)).unwrap();
    let (code, printed) = verify();
    assert!(code == 1 && printed.contains("live.jsonl is not what was judged"), "exit {code}: {printed}");
    fs::remove_file(folder.path().join("live.jsonl")).unwrap();
    let (code, printed) = verify();
    assert!(code == 1 && printed.contains("live.jsonl"), "exit {code}: {printed}");
}

/// Where records contradict the documents of the workspace, the log is no evidence.
#[test]
fn records_that_contradict_the_workspace_are_refused() {
    let folder = monitored(QUICK);
    let made = format!(
        "mlSpecVersion: 0.2.0\nkind: model\nid: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7b99\nname: churn\nversion: 1.0.0\nmodelDigest: {}\n",
        FILE.replace("ccc", "abc")
    );
    fs::write(folder.path().join("model.yml"), made).unwrap();
    let (code, printed) = judge(folder.path(), &whole(), &[]);
    assert!(code == 2, "exit {code}: {printed}");
}
