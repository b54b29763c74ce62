//! Logs through the binary: what is streamed is reported as a document is, whatever is around it, however large it is, and however many look.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use assert_fs::TempDir;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use serde_json::Value;

use super::records::{changed, changes, clean};

/// A report: exit code, findings without what depends on the way they were found, and the summary.
#[derive(Debug, PartialEq)]
pub(super) struct Outcome {
    pub(super) code: i32,
    pub(super) findings: Vec<String>,
    pub(super) summary: Value,
    pub(super) logs: Value,
    pub(super) stderr: String,
}

impl Outcome {
    /// Returns `line:column rule` for every finding.
    pub(super) fn places(&self) -> Vec<String> {
        let short = |finding: &String| finding.split(' ').take(2).collect::<Vec<_>>().join(" ");
        self.findings.iter().map(short).collect()
    }
}

pub(super) fn check_with(folder: &Path, arguments: &[&str], stdin: &[u8]) -> Outcome {
    check_from(folder, &["--isolated"], arguments, stdin)
}

/// Likewise, with options about the configuration.
pub(super) fn check_from(folder: &Path, options: &[&str], arguments: &[&str], stdin: &[u8]) -> Outcome {
    let mut child = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"))
        .args(["check", "--format", "json"])
        .args(options)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(stdin).unwrap();
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {stderr}"));
    let finding = |own: &Value| {
        let start = &own["span"]["start"];
        let text = |name: &str| own[name].as_str().unwrap_or_default().to_owned();
        let related: Vec<String> = own["related"]
            .as_array()
            .unwrap()
            .iter()
            .map(|other| format!("{} {} {}", other["path"], other["span"]["start"], other["message"]))
            .collect();
        format!(
            "{}:{} {} {} {} {} #{} @{} {} {:?}",
            start["line"],
            start["column"],
            text("rule"),
            text("severity"),
            text("pointer"),
            text("message"),
            own["document"],
            start["offset"],
            own["span"]["end"]["offset"],
            related
        )
    };
    Outcome {
        code: output.status.code().unwrap(),
        findings: report["findings"].as_array().unwrap().iter().map(finding).collect(),
        summary: report["summary"].clone(),
        logs: report["logs"].clone(),
        stderr,
    }
}

fn check(folder: &Path, arguments: &[&str]) -> Outcome {
    check_with(folder, arguments, b"")
}

/// With a baseline, a small log is looked at as a whole: the reference for what is streamed.
const AS_DOCUMENT: [&str; 2] = ["--baseline", "baseline.json"];

/// With this limit, hardly a log is small.
const AS_STREAM: [&str; 2] = ["--max-file-size", "1"];

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("baseline.json"), "{\"version\": 1, \"findings\": []}").unwrap();
    folder
}

/// Lines that are no records, and odd ends of lines.
fn odd_lines() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("  ".to_owned()),
        Just("{'mlSpecVersion': '0.1.0', 'kind': 'inference-log', 'a': None}".to_owned()),
        Just("{\"mlSpecVersion\": \"0.1.0\", \"kind\": \"inference-request\", \"a\": NaN}".to_owned()),
        Just("null".to_owned()),
        Just("[1, 2]".to_owned()),
        Just("{\"a\": 1}".to_owned()),
        Just("{\"mlSpecVersion\": \"0.1.0\", \"kind\": \"run\", \"name\": \"fit\"}".to_owned()),
        Just("{\"mlSpecVersion\": \"0.1.0\", \"ki".to_owned()),
        Just("# a comment".to_owned()),
        Just("\r".to_owned()),
        Just("\0".to_owned()),
    ]
}

/// Records that have to do with each other.
fn related_lines() -> impl Strategy<Value = String> {
    (0_u8..4, 0_u8..3, 0_u8..3, any::<bool>(), 0_u8..3).prop_map(|(request, application, second, is_final, kind)| {
        let application = ["", "\"applicationId\": \"loans\", ", "\"applicationId\": \"cards\", "][usize::from(application)];
        let of_request = format!("\"requestId\": \"r-{request}\", \"requestTimestamp\": \"2026-09-01T08:00:0{second}Z\"");
        match kind {
            0 => format!(
                "{{\"mlSpecVersion\": \"0.1.0\", \"kind\": \"inference-request\", {application}\"requestInfo\": {{{of_request}}}, \"inputs\": {{\"featureNames\": [\"a\"], \"featureValues\": [1]}}}}"
            ),
            _ => format!(
                "{{\"mlSpecVersion\": \"0.1.0\", \"kind\": \"inference-prediction\", {application}\"modelId\": \"m/1\", {of_request}, \"prediction\": {kind}, \"isFinal\": {is_final}}}"
            ),
        }
    })
}

fn logs() -> impl Strategy<Value = String> {
    let record = (0_usize..4, changes()).prop_map(|(number, changes)| changed(clean().swap_remove(number), &changes));
    let clean = (0_usize..4).prop_map(|number| clean().swap_remove(number).to_string());
    let line = prop_oneof![3 => clean, 3 => record, 3 => related_lines(), 1 => odd_lines()];
    let end = prop_oneof![8 => Just("\n"), 1 => Just("\r\n")];
    (proptest::collection::vec((line, end), 0..14), any::<bool>()).prop_map(|(lines, is_ended)| {
        let text: String = lines.into_iter().map(|(line, end)| line + end).collect();
        if is_ended { text } else { text.trim_end_matches('\n').to_owned() }
    })
}

pub(super) fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

pub(super) fn zstd(text: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(text, ruzstd::encoding::CompressionLevel::Fastest)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, ..ProptestConfig::default() })]

    /// Two logs beside each other, so that records of one belong to requests of the other.
    #[test]
    fn a_log_is_reported_as_a_document_is(first in logs(), second in logs()) {
        let folder = folder();
        fs::write(folder.path().join("a.jsonl"), &first).unwrap();
        fs::write(folder.path().join("b.ndjson"), &second).unwrap();
        let names = ["a.jsonl", "b.ndjson", "--allow-empty"];
        let whole = check(folder.path(), &[&names[..], &AS_DOCUMENT].concat());
        let streamed = check(folder.path(), &names);
        prop_assert_eq!(&whole.findings, &streamed.findings, "{}---\n{}", first, second);
        prop_assert_eq!(&whole.summary, &streamed.summary);
        prop_assert_eq!(whole.code, streamed.code);
    }
}

#[test]
fn what_is_no_json_is_compared_with_other_records_all_the_same() {
    let folder = folder();
    let log = [
        r#"{'mlSpecVersion': '0.1.0', 'kind': 'inference-log', 'requests': []}"#,
        r#"{"mlSpecVersion": "0.1.0", "kind": "inference-prediction", "requestId": NaN, "prediction": 0.1, "isFinal": true}"#,
    ];
    fs::write(folder.path().join("a.jsonl"), log.join("\n")).unwrap();
    for limit in [&AS_DOCUMENT[..], &AS_STREAM, &[]] {
        let findings = check(folder.path(), &[&["a.jsonl"][..], limit].concat()).findings;
        let of_id =
            findings.iter().filter(|finding| finding.contains("no request with the id 'NaN' was logged")).count();
        assert_eq!(of_id, 1, "{findings:?}");
    }
}

/// Returns a log of so many records, of which each hundredth has a fault of one of several kinds.
fn faulty_log(records: usize) -> String {
    let mut text = String::new();
    for number in 0..records {
        let id = format!("{number:08x}-93cf-4c0a-9c0e-6a4b7d1f2e90");
        let mut line = clean().swap_remove(0).to_string().replace("0b7f9a53-93cf-4c0a-9c0e-6a4b7d1f2e90", &id);
        match number % 500 {
            100 => line = line.replace("41.5", "-41.5"),
            200 => line = line.replace("41.5", "NaN"),
            300 => line = line.replace("\"modelInfo\":", "\"modelinfo\":"),
            400 => line.insert_str(1, "\"extra\": 1, "),
            _ => {}
        }
        text.push_str(&line);
        text.push('\n');
    }
    text
}

#[test]
fn many_chunks_are_as_one_however_many_threads_there_are_and_whatever_is_around_them() {
    let folder = folder();
    let text = faulty_log(5_000);
    assert!(text.len() > 3 << 20, "several chunks");
    for (name, bytes) in [
        ("a.jsonl", text.clone().into_bytes()),
        ("b.jsonl.gz", gzip(text.as_bytes())),
        ("c.ndjson.zst", zstd(text.as_bytes())),
    ] {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let whole = check(folder.path(), &[&["a.jsonl"][..], &AS_DOCUMENT].concat());
    assert_eq!(whole.findings.len(), 40);
    let small = check(folder.path(), &["a.jsonl"]);
    assert_eq!((&small.findings, &small.summary), (&whole.findings, &whole.summary));
    for threads in ["1", "2", "5"] {
        for name in ["a.jsonl", "b.jsonl.gz", "c.ndjson.zst"] {
            let streamed = check(folder.path(), &[&[name, "-j", threads][..], &AS_STREAM].concat());
            assert_eq!(streamed.findings, whole.findings, "{name} {threads}");
            assert_eq!(streamed.logs[0]["lines"], 5_000);
            assert_eq!(streamed.logs[0]["bytes"], text.len());
        }
    }
    for (name, bytes) in [("x.jsonl", text.clone().into_bytes()), ("x.jsonl", gzip(text.as_bytes()))] {
        for limit in [&AS_STREAM[..], &[]] {
            let streamed = check_with(folder.path(), &[&["-", "--stdin-filename", name][..], limit].concat(), &bytes);
            assert_eq!(streamed.findings, whole.findings, "{limit:?}");
        }
    }
}

#[test]
fn ranges_add_up_to_the_whole() {
    let folder = folder();
    let text = faulty_log(1_500);
    fs::write(folder.path().join("a.jsonl"), &text).unwrap();
    let place = |finding: &String| {
        let (_, place) = finding.split_once(" @").unwrap();
        let (_, rule) = finding.split_once(' ').unwrap();
        format!("{} {}", rule.split(' ').next().unwrap(), place.split(' ').next().unwrap())
    };
    let whole: Vec<String> = check(folder.path(), &["a.jsonl"]).findings.iter().map(place).collect();
    let cuts = [0, 1, 5_000, 100_000, text.find('\n').unwrap() * 700, text.len() - 3, text.len() + 9];
    let mut parts = Vec::new();
    let mut lines = 0;
    for pair in cuts.windows(2) {
        let range = format!("{}-{}", pair[0], pair[1]);
        let part = check(folder.path(), &["a.jsonl", "--range", &range, "--allow-empty"]);
        parts.extend(part.findings.iter().map(place));
        lines += part.logs[0]["lines"].as_u64().unwrap_or(0);
    }
    assert_eq!(parts, whole);
    assert_eq!(lines, 1_500);
}

#[test]
fn a_fault_is_told_at_its_place_and_hides_no_other_record() {
    let folder = folder();
    let record = clean().swap_remove(0).to_string();
    let faulty = record.replace("41.5", "-41.5");
    let long = format!("{{\"a\": \"{}\"}}", "a".repeat(20 << 20));
    let repr = record.replace('"', "'");
    let lines: [(&[u8], &str); 8] = [
        (long.as_bytes(), "1:1 document/too-large"),
        (faulty.as_bytes(), "2:289 inference/latency-negative-or-unitless"),
        (b"{\"mlSpecVersion\": \"0.1.0\", \"kind\": \"inference-log\", \"a\": \"\0\"}", "3:58 document/"),
        (repr.as_bytes(), "4:2 document/not-json"),
        (b"\xff\xfe{}", "5:1 document/not-utf8"),
        (record.as_bytes(), ""),
        (b"", ""),
        // The last line has no end, and no break.
        (&faulty.as_bytes()[..300], "8:296 document/"),
    ];
    let text = lines.map(|(line, _)| line).join(&b'\n');
    fs::write(folder.path().join("a.jsonl"), text).unwrap();
    let found = check(folder.path(), &["a.jsonl"]);
    let places = found.places();
    for (_, place) in lines.iter().filter(|(_, place)| !place.is_empty()) {
        assert!(places.iter().any(|own| own.starts_with(place)), "{place}: {places:#?}");
    }
    assert_eq!(found.logs[0]["lines"], 7);
}

#[test]
fn what_stands_before_damage_is_checked() {
    let folder = folder();
    let text = faulty_log(3_000);
    for (name, bytes) in [("a.jsonl.gz", gzip(text.as_bytes())), ("a.jsonl.zst", zstd(text.as_bytes()))] {
        fs::write(folder.path().join(name), &bytes[..bytes.len() * 2 / 3]).unwrap();
        let found = check(folder.path(), &[name]);
        let (last, others) = found.findings.split_last().unwrap();
        assert!(last.contains("document/unreadable error"), "{last}");
        assert!(others.len() > 5, "{others:?}");
        let whole = check_with(folder.path(), &["-", "--stdin-filename", "a.jsonl"], text.as_bytes());
        assert_eq!(others, &whole.findings[..others.len()], "{name}");
        assert_eq!(found.code, 1);
    }
}

#[test]
fn other_documents_are_checked_as_before_where_that_can_be() {
    let folder = folder();
    let pipeline = "{\"mlSpecVersion\": \"0.1.0\", \"kind\": \"pipeline\", \"name\": \"credit\", \"steps\": {\"a\": {\"cmd\": \"x\"}}, \"pipeline\": [\"a\"]}\n";
    let records = clean().swap_remove(0).to_string() + "\n";
    fs::write(folder.path().join("b.jsonl"), &records).unwrap();
    // The only pipeline of the workspace has another name.
    fs::write(folder.path().join("a.jsonl"), pipeline.replace("credit", "cards")).unwrap();
    let found = check(folder.path(), &["a.jsonl", "b.jsonl"]);
    assert!(found.findings.iter().any(|own| own.contains("reference/unresolved-object")), "{found:?}");
    fs::write(folder.path().join("a.jsonl"), pipeline).unwrap();
    let found = check(folder.path(), &["a.jsonl", "b.jsonl"]);
    assert!(!found.findings.iter().any(|own| own.contains("reference/unresolved-object")), "{found:?}");
    // Its digest is another one, which is told of every record.
    let many = records.replace("0.1.0", "0.2.0").repeat(3);
    fs::write(folder.path().join("b.jsonl"), many).unwrap();
    let disagree = |own: &&String| own.contains("inference/provenance-disagrees");
    for limit in [&[][..], &["--max-file-size", "300"]] {
        let found = check(folder.path(), &[&["a.jsonl", "b.jsonl"][..], limit].concat());
        assert_eq!(found.findings.iter().filter(disagree).count(), 3, "{found:?}");
    }
    // What is not kept in memory cannot be referred to.
    let found = check(folder.path(), &[&["a.jsonl"][..], &AS_STREAM].concat());
    assert!(found.findings.iter().any(|own| own.contains("document/too-large error")), "{found:?}");
}

#[test]
fn records_are_compared_across_logs_unless_that_is_not_wanted() {
    let folder = folder();
    let prediction = clean().swap_remove(3).to_string() + "\n";
    let request = clean().swap_remove(2).to_string().replace("r-2", "r-3") + "\n";
    fs::write(folder.path().join("a.jsonl"), format!("{request}{request}")).unwrap();
    fs::write(folder.path().join("b.jsonl.gz"), gzip(prediction.as_bytes())).unwrap();
    let found = check(folder.path(), &["a.jsonl", "b.jsonl.gz"]);
    let rules = |found: &Outcome| {
        let rules = found.findings.iter().map(|own| own.split(' ').nth(1).unwrap().to_owned());
        rules.collect::<Vec<_>>()
    };
    assert_eq!(rules(&found), ["inference/record-duplicated", "inference/request-correlation"], "{found:?}");
    assert!(found.findings[0].contains("is there 2 times"));
    assert_eq!(found.summary["errors"], 1);
    let found = check(folder.path(), &["a.jsonl", "b.jsonl.gz", "--no-cross-records"]);
    assert_eq!(rules(&found), [""; 0]);
    // A prediction in a document of its own belongs to a request in a log.
    fs::write(folder.path().join("c.yml"), prediction.replace("r-2", "r-3").replace("1e-7", "0.1")).unwrap();
    let found = check(folder.path(), &["a.jsonl", "c.yml"]);
    assert_eq!(rules(&found), ["inference/record-duplicated"], "{found:?}");
}

#[test]
fn all_findings_are_counted_and_the_first_ones_listed() {
    let folder = folder();
    let record = clean().swap_remove(0).to_string();
    let mut text = record.replace("41.5", "-1").replace("\"inferenceLatencyMs\":12,", "") + "\n";
    text = text.repeat(2_600);
    text.push_str(&record.replace("resultInfo", "resultinfo"));
    fs::write(folder.path().join("a.jsonl"), text).unwrap();
    let found = check(folder.path(), &["a.jsonl", "--no-cross-records"]);
    let groups = found.logs[0]["groups"].as_array().unwrap();
    assert_eq!(groups[0]["count"], 2_600, "{groups:?}");
    assert_eq!(groups[0]["pointer"], "/requestInfo/requestLatencyMs");
    let listed = found
        .findings
        .iter()
        .filter(|own| own.split(' ').nth(1) == Some("inference/latency-negative-or-unitless"))
        .count();
    assert_eq!((listed, &groups[0]["listed"]), (1000, &Value::from(1000)));
    // The rare one is listed, too, and what is not listed is said.
    assert!(found.findings.iter().any(|own| own.starts_with("2601:")), "{:?}", found.findings.last());
    assert!(found.findings.iter().any(|own| own.contains("1600 more findings in this log are not listed")));
    let human = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"))
        .args(["check", "--isolated", "--format", "human", "a.jsonl", "--no-cross-records"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let human = String::from_utf8(human.stdout).unwrap();
    assert_eq!(human.matches("error[inference/latency").count(), 21, "{human}");
    let words = human.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words.contains("2600 at /requestInfo/requestLatencyMs, 99.96 % of the lines; the first 20 are shown"),
        "{words}"
    );
}

#[test]
fn data_of_others_is_left_alone_in_a_folder() {
    let folder = folder();
    fs::create_dir(folder.path().join("data")).unwrap();
    let rows = "{\"income\": 41000, \"age\": 31}\n".repeat(100);
    fs::write(folder.path().join("data/rows.jsonl.gz"), gzip(rows.as_bytes())).unwrap();
    fs::write(folder.path().join("data/rows.jsonl"), &rows).unwrap();
    let found = check(folder.path(), &[&["data", "--allow-empty"][..], &AS_STREAM].concat());
    assert_eq!((found.findings.len(), found.code), (0, 0), "{found:?}");
    assert_eq!(found.summary["skipped"], 2);
    // A file that is named is meant.
    let found = check(folder.path(), &["data/rows.jsonl.gz"]);
    assert_eq!(found.logs[0]["groups"][0]["count"], 100, "{found:?}");
    fs::write(folder.path().join("data/log.jsonl.gz"), gzip(faulty_log(200).as_bytes())).unwrap();
    let found = check(folder.path(), &["data"]);
    assert_eq!(found.places().len(), 1, "{found:?}");
}

/// What stands out only beside other records cannot be shown of standard input that is gone, and is said all the same.
#[test]
fn nothing_about_a_log_that_is_gone_passes_in_silence() {
    let folder = folder();
    let record = clean().swap_remove(0).to_string() + "\n";
    let twice = record.repeat(2);
    let few = ["-", "--stdin-filename", "a.jsonl", "--max-file-size", "100"];
    let gone = check_with(folder.path(), &few, twice.as_bytes());
    assert_eq!(gone.code, 1, "{gone:?}");
    let said = gone.findings.iter().find(|own| own.contains("document/unreadable"));
    assert!(said.is_some_and(|own| own.contains("out beside others, and cannot be shown")), "{gone:?}");
    let alone = check_with(folder.path(), &few, record.as_bytes());
    assert!(!alone.findings.iter().any(|own| own.contains("document/unreadable")), "{alone:?}");
    let asked = check_with(folder.path(), &[&few[..], &["--no-cross-records"]].concat(), twice.as_bytes());
    assert!(!asked.findings.iter().any(|own| own.contains("document/unreadable")), "{asked:?}");
}

/// A baseline neither records nor hides what is found in a large log: more stands behind each finding than is listed.
#[test]
fn a_baseline_hides_nothing_of_a_large_log() {
    let folder = folder();
    let mut record = clean().swap_remove(0);
    record["requestInfo"]["requestLatencyMs"] = (-1).into();
    let lines = (record.to_string() + "\n").repeat(20);
    fs::write(folder.path().join("a.jsonl"), lines).unwrap();
    let large = ["a.jsonl", "--max-file-size", "1K", "--no-cross-records"];
    let before = check_with(folder.path(), &large, b"");
    assert!(before.code == 1 && !before.findings.is_empty(), "{before:?}");
    let output = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"))
        .args(["check", "--isolated", "--write-baseline", "known.json"])
        .args(large)
        .current_dir(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("Recorded 0 findings") && said.contains("about logs"), "{said}");
    let after = check_with(folder.path(), &[&large[..], &["--baseline", "known.json"]].concat(), b"");
    assert_eq!((after.code, after.findings), (1, before.findings));
}

/// Streams more than memory holds through the binary, which has an address space of so many KiB.
#[cfg(target_os = "linux")]
fn check_in_little_memory(feed: impl FnOnce(&mut dyn Write), name: &str) -> Outcome {
    const MEMORY: u32 = 400_000;
    let command = format!(
        "ulimit -v {MEMORY} && exec \"$0\" check --isolated --format json -j 2 - --stdin-filename {name} --no-cross-records"
    );
    let mut child = Command::new("sh")
        .args(["-c", &command, env!("CARGO_BIN_EXE_mlspec-lint")])
        .current_dir(folder().path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    feed(&mut stdin);
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {stderr}"));
    let finding =
        |own: &Value| format!("{}:{} {}", own["span"]["start"]["line"], own["span"]["start"]["column"], own["rule"]);
    Outcome {
        code: output.status.code().unwrap(),
        findings: report["findings"].as_array().unwrap().iter().map(finding).collect(),
        summary: report["summary"].clone(),
        logs: report["logs"].clone(),
        stderr,
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_line_of_a_gigabyte_is_skipped_in_little_memory() {
    let record = clean().swap_remove(0).to_string() + "\n";
    let block = vec![b'a'; 1 << 20];
    let found = check_in_little_memory(
        |stdin| {
            stdin.write_all(record.as_bytes()).unwrap();
            (0..1024).for_each(|_| stdin.write_all(&block).unwrap());
            stdin.write_all(b"\n").unwrap();
            stdin.write_all(record.replace("41.5", "-1").as_bytes()).unwrap();
        },
        "a.jsonl",
    );
    assert_eq!(found.findings[0], "2:1 \"document/too-large\"");
    assert!(found.findings[1].starts_with("3:"), "{found:?}");
    assert_eq!(found.logs[0]["lines"], 3);
}

#[test]
#[cfg(target_os = "linux")]
fn a_gzip_bomb_is_read_in_little_memory() {
    // A gigabyte of zeros in a megabyte: one line that is too long.
    let bomb = gzip(&vec![0; 1 << 20]).repeat(1024);
    assert!(bomb.len() < 16 << 20, "{}", bomb.len());
    let found = check_in_little_memory(|stdin| stdin.write_all(&bomb).unwrap(), "a.jsonl.gz");
    assert_eq!(
        (found.findings.as_slice(), &found.logs[0]["bytes"]),
        (&["1:1 \"document/too-large\"".to_owned()][..], &Value::from(1_u64 << 30))
    );
}

#[test]
#[cfg(target_os = "linux")]
fn a_record_per_byte_is_counted_in_little_memory() {
    let record = clean().swap_remove(0).to_string() + "\n";
    let found = check_in_little_memory(
        |stdin| {
            stdin.write_all(record.as_bytes()).unwrap();
            // More than fits the memory that a whole file is read into.
            (0..18).for_each(|_| stdin.write_all(&b" \n".repeat(1 << 19)).unwrap());
            stdin.write_all(&b"1\n".repeat(100_000)).unwrap();
        },
        "a.jsonl",
    );
    assert_eq!(found.logs[0]["lines"], 100_001);
    assert_eq!(found.logs[0]["groups"][0]["count"], 100_000, "{:?}", found.logs);
}

/// A record in a chain, or without a place in one.
fn chained(number: u64, chain: &str) -> String {
    format!(
        "{{\"kind\": \"inference-log\", \"mlSpecVersion\": \"0.2.0\", \"applicationInfo\": {{\"applicationId\": \"a\"}}, \"requestInfo\": \
         {{\"requestId\": \"r-{number}\", \"requestTimestamp\": \"2026-09-01T08:00:00Z\"}}, \"modelInfo\": {{\"models\": [\"m/1\"]}}{chain}}}\n"
    )
}

#[test]
fn a_chain_has_a_beginning_and_no_gaps_whether_it_is_streamed_or_not() {
    let folder = folder();
    let digest = "sha256:673817a0510e930892b7ffb9acb67d84082623486acf4e9f17b620112b9803f5";
    let later = format!(", \"chain\": {{\"sequence\": 2, \"previous\": \"{digest}\"}}");
    let first = ", \"chain\": {\"sequence\": 1}";
    // The records between fill more than one chunk.
    let between: String = (10..9_010).map(|number| chained(number, "")).collect();
    for (text, lines) in [
        (chained(1, first) + &chained(5, "") + &chained(2, &later), &[3][..]),
        (chained(2, &later), &[1]),
        (chained(2, ", \"chain\": {\"sequence\": 2}"), &[1]),
        (chained(1, "") + &chained(2, first), &[]),
        (between.clone() + &chained(2, &later), &[9_001]),
    ] {
        let found = |name: &str, text: &str| -> Vec<u64> {
            fs::write(folder.path().join(name), text).unwrap();
            let outcome = check(folder.path(), &[name, "--select", "inference/chain-broken"]);
            let line = |place: &String| place.split(':').next().unwrap().parse().unwrap();
            outcome.places().iter().map(line).collect()
        };
        assert_eq!(found("chain.jsonl", &text), lines, "{}", &text[..text.len().min(900)]);
        if text.len() < 4_000 {
            let documents: String = text.lines().map(|line| format!("---\n{line}\n")).collect();
            let expected: Vec<u64> = lines.iter().map(|line| line * 2).collect();
            assert_eq!(found("chain.yml", &documents), expected, "{documents}");
            fs::remove_file(folder.path().join("chain.yml")).unwrap();
        }
    }
    // A range that begins later than the log says nothing of what stands before it.
    let text = chained(1, first) + &chained(2, &later);
    fs::write(folder.path().join("chain.jsonl"), &text).unwrap();
    let start = text.find('\n').unwrap() + 1;
    let range = format!("{start}-{}", text.len());
    let part = check(folder.path(), &["chain.jsonl", "--select", "inference/chain-broken", "--range", &range]);
    assert_eq!(part.places(), [""; 0]);
}
