//! Parts of a log that several machines checked add up to what one machine finds, byte by byte.

use std::fs;
use std::path::Path;

use assert_fs::TempDir;
use serde_json::Value;

use super::records::clean;
use crate::data_infer::Random;
use crate::support::program;

fn run(folder: &Path, arguments: &[&str], stdin: &[u8]) -> (i32, String, String) {
    program::run(folder, &[&["check", "--isolated"], arguments].concat(), stdin)
}

/// Returns a log with faults of many kinds, and line breaks of many kinds.
fn log(random: &mut Random, records: u64) -> String {
    let clean: Vec<String> = clean().iter().map(ToString::to_string).collect();
    let mut text = String::new();
    for _ in 0..records {
        let line = &clean[random.below(clean.len() as u64) as usize];
        text += &match random.below(12) {
            0 => line.replace("\"requestTimestamp\"", "\"requestTimestmp\""),
            1 => line.replace("41.5", "-1"),
            2 => line.replace("credit-portal", "xxx"),
            3 => line.replace("isFinal", "is_final"),
            4 => "{'a': None}".to_owned(),
            5 => "{\"a\": NaN}".to_owned(),
            6 => "é \u{7f}".to_owned(),
            7 => String::new(),
            8 => line.replace("2026-09-01T08", "2026-09-31T08"),
            _ => line.clone(),
        };
        text += ["\n", "\n", "\r\n", "\n\n"][random.below(4) as usize];
    }
    if random.below(2) == 0 { text.trim_end().to_owned() } else { text }
}

fn summaries(folder: &Path, name: &str, cuts: &[usize], size: usize) -> Vec<String> {
    let mut ends: Vec<usize> = cuts.to_vec();
    ends.push(size);
    let mut start = 0;
    let mut names = Vec::new();
    for (number, end) in ends.into_iter().enumerate() {
        let range = format!("{start}-{end}");
        let (code, printed, err) = run(folder, &[name, "--summary", "--range", &range], b"");
        assert_eq!((code, err.as_str()), (0, ""), "{range}");
        let part = format!("part-{number}.json");
        fs::write(folder.join(&part), printed).unwrap();
        names.push(part);
        start = end;
    }
    names
}

#[test]
fn thirty_random_splits_are_one_report() {
    let folder = TempDir::new().unwrap();
    let mut random = Random(11);
    for split in 0..30 {
        let text = log(&mut random, 40);
        fs::write(folder.path().join("day.jsonl"), &text).unwrap();
        let size = text.len();
        let mut cuts: Vec<usize> = (0..random.below(4)).map(|_| 1 + random.below(size as u64 - 1) as usize).collect();
        // Cuts beside line breaks.
        if let Some((at, _)) = text.match_indices('\n').nth(random.below(20) as usize) {
            cuts.push((at + random.below(3) as usize).clamp(1, size - 1));
        }
        cuts.sort_unstable();
        cuts.dedup();
        let parts = summaries(folder.path(), "day.jsonl", &cuts, size);
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        for format in ["json", "human", "jsonl"].iter().take(if split < 3 { 3 } else { 1 }) {
            let whole = format!("0-{size}");
            let one = run(folder.path(), &["--format", format, "day.jsonl", "--range", &whole], b"");
            let merged = run(folder.path(), &[&["--format", format, "--merge"], parts.as_slice()].concat(), b"");
            assert_eq!(merged, one, "cut at {cuts:?} of {size}: {text}");
            let streamed = ["--format", format, "day.jsonl", "--no-cross-records", "--max-file-size", "1"];
            if split < 3 {
                assert_eq!(merged, run(folder.path(), &streamed, b""), "cut at {cuts:?} of {size}");
            }
        }
    }
}

#[test]
fn many_findings_are_counted_and_the_first_are_listed() {
    let folder = TempDir::new().unwrap();
    let bad = clean()[0].to_string().replace("41.5", "-1") + "\n";
    let text = bad.repeat(400);
    fs::write(folder.path().join("day.jsonl"), &text).unwrap();
    let parts = summaries(folder.path(), "day.jsonl", &[text.len() / 3, text.len() / 2 + 5], text.len());
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let streamed = ["--format", "json", "day.jsonl", "--no-cross-records", "--max-file-size", "1"];
    let (code, one, _) = run(folder.path(), &streamed, b"");
    let (merged_code, merged, _) =
        run(folder.path(), &[&["--format", "json", "--merge"], parts.as_slice()].concat(), b"");
    assert_eq!((merged_code, &merged), (code, &one));
    let report: Value = serde_json::from_str(&merged).unwrap();
    assert_eq!(report["summary"]["documents"], 400);
    // The log itself is not needed, nor is it once it has changed.
    fs::write(folder.path().join("day.jsonl"), "").unwrap();
    let (_, again, _) = run(folder.path(), &[&["--format", "json", "--merge"], parts.as_slice()].concat(), b"");
    assert_eq!(again, one);
    fs::remove_file(folder.path().join("day.jsonl")).unwrap();
    let (_, again, _) = run(folder.path(), &[&["--format", "json", "--merge"], parts.as_slice()].concat(), b"");
    assert_eq!(again, one);
}

/// In a pipeline, only the text of a part is known.
#[test]
fn parts_may_come_from_standard_input() {
    let folder = TempDir::new().unwrap();
    let text = log(&mut Random(5), 60);
    fs::write(folder.path().join("day.jsonl"), &text).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut all = String::new();
    for part in [&lines[..20], &lines[20..20], &lines[20..]] {
        let arguments = ["-", "--stdin-filename", "day.jsonl", "--summary"];
        let (code, printed, err) = run(folder.path(), &arguments, part.concat().as_bytes());
        assert_eq!((code, err.as_str(), printed.lines().count()), (0, "", 1));
        all += &printed;
    }
    let streamed = ["--format", "json", "day.jsonl", "--no-cross-records", "--max-file-size", "1"];
    let one = run(folder.path(), &streamed, b"");
    assert_eq!(run(folder.path(), &["--format", "json", "--merge", "-"], all.as_bytes()), one);
}

#[test]
fn what_are_not_all_parts_of_a_log_is_refused() {
    let folder = TempDir::new().unwrap();
    let text = log(&mut Random(6), 60);
    fs::write(folder.path().join("day.jsonl"), &text).unwrap();
    let third = text.len() / 3;
    summaries(folder.path(), "day.jsonl", &[third, 2 * third], text.len());
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let first: Value = serde_json::from_str(&read("part-0.json")).unwrap();
    let changed = |field: &str, value: Value| {
        let mut own = first.clone();
        own[field] = value;
        own.to_string()
    };
    write("newer.json", &changed("version", 2.into()));
    write("other.json", &changed("tool", "9.9.9".into()));
    write("more.json", &changed("secret", 1.into()));
    write("great.json", &changed("documents", u64::MAX.into()));
    write("group.json", &changed("groups", Value::Array(Vec::new())));
    write("rule.json", &read("part-0.json").replacen("\"rule\":\"", "\"rule\":\"x", 1));
    write("cut.json", &read("part-0.json")[..40]);
    write("empty.json", "");
    for (arguments, says) in [
        (&["part-0.json", "part-2.json"][..], "name all parts of a log once"),
        (&["part-1.json", "part-0.json", "part-2.json"], "name all parts of a log once"),
        (&["part-0.json", "part-0.json", "part-1.json"], "name all parts of a log once"),
        (&["part-0.json", "part-1.json"], "the last one lacks"),
        (&["newer.json"], "version 2 of summaries"),
        (&["other.json"], "made by mlspec-lint 9.9.9"),
        (&["more.json"], "no summary"),
        (&["great.json"], "greater than any log is long"),
        (&["group.json"], "of a group that is not there"),
        (&["rule.json"], "there is no rule"),
        (&["cut.json"], "no summary"),
        (&["empty.json"], "no summary in it"),
        (&["day.jsonl"], "no summary"),
    ] {
        let (code, printed, err) = run(folder.path(), &[&["--merge"], arguments].concat(), b"");
        assert!(code == 2 && printed.is_empty() && err.contains(says), "{arguments:?}: exit {code}: {printed}{err}");
    }
    let (code, _, err) = run(folder.path(), &["--merge", "absent.json"], b"");
    assert!(code == 3 && err.contains("absent.json"), "exit {code}: {err}");
    for arguments in
        [&["--summary", "."][..], &["--summary", "part-0.json"], &["--summary", "day.jsonl", "part-0.json"]]
    {
        let (code, printed, err) = run(folder.path(), arguments, b"");
        assert!(
            code == 2 && printed.is_empty() && err.contains("--summary takes one log"),
            "{arguments:?}: exit {code}: {err}"
        );
    }
}

/// A chain leads over the border of parts, which neither of them sees.
#[test]
fn what_is_not_compared_is_said() {
    let folder = TempDir::new().unwrap();
    let record = clean()[1].to_string();
    let chained = record.replacen('{', "{\"chain\": {\"sequence\": 1}, ", 1);
    let text = format!("{record}\n{chained}\n");
    fs::write(folder.path().join("day.jsonl"), &text).unwrap();
    let parts = summaries(folder.path(), "day.jsonl", &[record.len()], text.len());
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let (_, _, err) = run(folder.path(), &[&["--merge"], parts.as_slice()].concat(), b"");
    assert!(err.contains("the first records of 1 parts are not compared"), "{err}");
}
