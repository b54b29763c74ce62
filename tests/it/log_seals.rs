//! Sealed logs: what was done to them is named, and nothing else is.

use std::fs;
use std::path::Path;
use std::process::Command;

use assert_fs::TempDir;
use serde_json::Value;

use crate::gate_examples::{KEYS, PUBLIC_KEYS};
use crate::lineage::run;

/// A folder with three logs of 40 records each, and the keys.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    for (day, log) in ["1.jsonl", "2.jsonl", "3.jsonl"].into_iter().enumerate() {
        let record = |number: usize| {
            let time = format!("2026-09-0{}T08:00:{number:02}Z", day + 1);
            format!("{{\"requestInfo\": {{\"requestId\": \"{day}-{number}\", \"requestTimestamp\": \"{time}\"}}}}\n")
        };
        fs::write(folder.path().join(log), (0..40).map(record).collect::<String>()).unwrap();
    }
    for (number, (private, public)) in KEYS.iter().zip(PUBLIC_KEYS).enumerate() {
        let pem = |kind: &str, text: &str| format!("-----BEGIN {kind} KEY-----\n{text}\n-----END {kind} KEY-----\n");
        fs::write(folder.path().join(format!("{number}.pem")), pem("PRIVATE", private)).unwrap();
        fs::write(folder.path().join(format!("{number}.pub")), pem("PUBLIC", public)).unwrap();
    }
    folder
}

fn sealed() -> TempDir {
    let folder = folder();
    let (out, err, code) = logs(&folder, &["seal", "1.jsonl", "2.jsonl", "3.jsonl", "--key", "0.pem"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    folder
}

fn logs(folder: &TempDir, arguments: &[&str]) -> (String, String, i32) {
    run(folder.path(), &[&["logs"], arguments].concat())
}

fn verify(folder: &TempDir, arguments: &[&str]) -> (String, String, i32) {
    logs(folder, &[&["verify"], arguments, &["--key", "0.pub"]].concat())
}

fn edit(folder: &TempDir, file: &str, change: impl FnOnce(&mut Vec<String>)) {
    let path = folder.path().join(file);
    let mut lines: Vec<String> = fs::read_to_string(&path).unwrap().lines().map(str::to_owned).collect();
    change(&mut lines);
    fs::write(path, lines.join("\n") + "\n").unwrap();
}

const ALL: [&str; 3] = ["1.jsonl", "2.jsonl", "3.jsonl"];

#[test]
fn sealed_logs_are_verified_as_they_are() {
    let folder = folder();
    let before = fs::read(folder.path().join("1.jsonl")).unwrap();
    let (out, _, code) = logs(&folder, &["seal", "1.jsonl", "--key", "0.pem"]);
    assert_eq!(code, 0, "{out}");
    let expected =
        "1.jsonl: 40 records sealed, 2026-09-01T08:00:00Z to 2026-09-01T08:00:39Z, number 1 of its chain\nhead: ";
    assert!(out.starts_with(expected), "{out}");
    assert_eq!(fs::read(folder.path().join("1.jsonl")).unwrap(), before);
    let (out, _, code) = logs(&folder, &["seal", "2.jsonl", "3.jsonl", "--after", "1.jsonl", "--key", "0.pem"]);
    let head = out.trim_end().rsplit("head: ").next().unwrap().to_owned();
    assert_eq!(code, 0, "{out}");
    let (out, err, code) = verify(&folder, &[&ALL[..], &["--head", &head]].concat());
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(out, "1.jsonl: 40 records as sealed\n2.jsonl: 40 records as sealed\n3.jsonl: 40 records as sealed\n");
    // Those after a file need only its seal.
    let (out, _, code) = verify(&folder, &["3.jsonl", "--after", "2.jsonl", "--head", &head]);
    assert_eq!((out.as_str(), code), ("3.jsonl: 40 records as sealed\n", 0));
    // A last line without its break is the same record.
    let text = fs::read_to_string(folder.path().join("3.jsonl")).unwrap();
    fs::write(folder.path().join("3.jsonl"), text.trim_end()).unwrap();
    assert_eq!(verify(&folder, &ALL).2, 0);
}

#[test]
fn each_record_that_was_touched_is_named() {
    type Edit = fn(&mut Vec<String>);
    let cases: [(Edit, &str); 7] = [
        (
            |lines| drop(lines.remove(16)),
            "2.jsonl: has 39 records, and 40 were sealed\nnot verified: 2.jsonl: record 17 was removed\n",
        ),
        (|lines| lines[16] = lines[16].replace("1-16", "1-61"), "2.jsonl: record 17 was altered\n"),
        (|lines| lines[16].push(' '), "2.jsonl: record 17 was altered\n"),
        (
            |lines| lines.insert(16, "{}".to_owned()),
            "2.jsonl: has 41 records, and 40 were sealed\nnot verified: 2.jsonl: record 17 was added\n",
        ),
        (
            |lines| lines.push("{}".to_owned()),
            "2.jsonl: has 41 records, and 40 were sealed\nnot verified: 2.jsonl: record 41 was added\n",
        ),
        (
            |lines| {
                let moved = lines.remove(3);
                lines.insert(9, moved);
            },
            "2.jsonl: record 4 was moved, and is now number 10\n",
        ),
        (
            |lines| lines.clear(),
            "2.jsonl: has 1 record, and 40 were sealed\nnot verified: 2.jsonl: record 1 was altered\n",
        ),
    ];
    for (change, expected) in cases {
        let folder = sealed();
        edit(&folder, "2.jsonl", change);
        let (out, err, code) = verify(&folder, &ALL);
        assert_eq!(code, 1);
        assert!(err.starts_with(&format!("not verified: {expected}")), "{err}");
        // The others are still told to be as they were.
        assert_eq!(out, "1.jsonl: 40 records as sealed\n3.jsonl: 40 records as sealed\n");
        // Without the digests of the records, the part is named.
        fs::remove_file(folder.path().join("2.jsonl.seal.leaves")).unwrap();
        let (_, err, code) = verify(&folder, &ALL);
        assert_eq!((code, err.contains("is one of 1 to 4")), (1, true), "{err}");
    }
}

#[test]
fn a_chain_that_is_not_whole_is_denied() {
    let folder = sealed();
    for (files, why) in [
        (&["1.jsonl", "3.jsonl"][..], "3.jsonl: is number 3 of its chain, and number 2 was expected"),
        (&["2.jsonl", "3.jsonl"], "2.jsonl: is number 2 of its chain; name the files before it"),
        (&["2.jsonl", "1.jsonl"], "2.jsonl: is number 2 of its chain; name the files before it"),
        (&["1.jsonl", "1.jsonl"], "1.jsonl: is number 1 of its chain, and number 2 was expected"),
        (&["1.jsonl", "2.jsonl", "--head", "00"], "the last of these files is not the one with this head"),
        (&["1.jsonl", "0.pem"], "0.pem is not sealed: there is no 0.pem.seal.json"),
    ] {
        let (_, err, code) = verify(&folder, files);
        assert_eq!(code, 1, "{files:?}: {err}");
        assert!(err.contains(why), "{files:?}: {err}");
    }
    // A file of another chain in the place of the second.
    let other = folder_with_other_chain(&folder);
    let (_, err, code) = verify(&other, &ALL);
    assert_eq!((code, err.contains("3.jsonl: was sealed after another file")), (1, true), "{err}");
}

/// Seals the second file anew, by the same key, after it was altered.
fn folder_with_other_chain(_: &TempDir) -> TempDir {
    let folder = sealed();
    edit(&folder, "2.jsonl", |lines| drop(lines.remove(0)));
    fs::remove_file(folder.path().join("2.jsonl.seal.json")).unwrap();
    let (_, err, code) = logs(&folder, &["seal", "2.jsonl", "--after", "1.jsonl", "--key", "0.pem"]);
    assert_eq!(code, 0, "{err}");
    folder
}

#[test]
fn what_is_signed_by_somebody_else_or_altered_is_denied() {
    let folder = sealed();
    let (_, err, code) = logs(&folder, &["verify", "1.jsonl", "--key", "1.pub"]);
    assert_eq!(code, 1, "{err}");
    let path = folder.path().join("1.jsonl.seal.json");
    let seal: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let payload = data_encoding::BASE64.decode(seal["payload"].as_str().unwrap().as_bytes()).unwrap();
    let payload = String::from_utf8(payload).unwrap().replace("\"records\":40", "\"records\":39");
    let mut forged = seal.clone();
    forged["payload"] = data_encoding::BASE64.encode(payload.as_bytes()).into();
    fs::write(&path, forged.to_string()).unwrap();
    let (_, err, code) = verify(&folder, &["1.jsonl"]);
    assert_eq!(code, 1, "{err}");
    for broken in ["", "{}", "[1]", "\u{0}"] {
        fs::write(&path, broken).unwrap();
        assert_eq!(verify(&folder, &["1.jsonl"]).2, 1, "{broken:?}");
    }
    // Digests of records that are not those that were sealed name nothing.
    let folder = sealed();
    edit(&folder, "1.jsonl", |lines| drop(lines.remove(16)));
    fs::write(folder.path().join("1.jsonl.seal.leaves"), [7; 32 * 40]).unwrap();
    let (_, err, _) = verify(&folder, &["1.jsonl"]);
    assert!(err.contains("1.jsonl.seal.leaves is not what was written") && !err.contains("record 17"), "{err}");
}

#[test]
fn no_seal_is_replaced_and_no_second_chain_is_begun_unasked() {
    let folder = sealed();
    fs::write(folder.path().join("4.jsonl"), "{}\n").unwrap();
    for (arguments, why) in [
        (&["seal", "1.jsonl", "--key", "0.pem"][..], "1.jsonl is sealed already"),
        (&["seal", "4.jsonl", "--key", "0.pem"], "name the last of them with --after"),
        (&["seal", "4.jsonl", "--after", "absent", "--key", "0.pem"], "absent is not sealed"),
        (&["seal", "4.jsonl", "--after", "3.jsonl", "--key", "1.pem"], "3.jsonl.seal.json"),
        (&["seal", "4.jsonl", "--after", "3.jsonl", "--key", "0.pub"], "0.pub"),
        (&["prove", "1.jsonl", "41"], "has 40 records, and no record 41"),
        (&["prove", "1.jsonl", "0"], "0"),
    ] {
        let (_, err, code) = logs(&folder, arguments);
        assert_eq!(code, 2, "{arguments:?}: {err}");
        assert!(err.contains(why), "{arguments:?}: {err}");
        assert!(!folder.path().join("4.jsonl.seal.json").exists());
    }
    assert_eq!(logs(&folder, &["seal", "4.jsonl", "--new-chain", "--key", "0.pem"]).2, 0);
    assert_eq!(verify(&folder, &["4.jsonl"]).2, 0);
    let (_, _, code) = logs(&folder, &["seal", "absent.jsonl", "--new-chain", "--key", "0.pem"]);
    assert_eq!(code, 3);
}

#[test]
fn one_record_is_proved_without_the_others() {
    let folder = sealed();
    for record in ["1", "17", "40"] {
        let (_, err, code) = logs(&folder, &["prove", "2.jsonl", record, "-o", "proof.json"]);
        assert_eq!(code, 0, "{err}");
        fs::rename(folder.path().join("2.jsonl"), folder.path().join("away")).unwrap();
        let (out, err, code) = verify(&folder, &["--proof", "proof.json"]);
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(
            out.starts_with(&format!("record {record} of 2.jsonl is as sealed, one of 40:\n{{\"requestInfo\"")),
            "{out}"
        );
        fs::rename(folder.path().join("away"), folder.path().join("2.jsonl")).unwrap();
        let proof = fs::read_to_string(folder.path().join("proof.json")).unwrap();
        for (from, to) in [
            (format!("\"record\": {record}"), "\"record\": 2".to_owned()),
            ("requestId".to_owned(), "requestID".to_owned()),
            ("\"version\": 1".to_owned(), "\"version\": 2".to_owned()),
            ("\"sig\": \"".to_owned(), "\"sig\": \"AAAA".to_owned()),
        ] {
            fs::write(folder.path().join("forged.json"), proof.replacen(&from, &to, 1)).unwrap();
            assert!(proof.contains(&from), "{from}: {proof}");
            let (out, err, code) = verify(&folder, &["--proof", "forged.json"]);
            assert_eq!((code, out.as_str()), (1, ""), "{from}: {err}");
        }
    }
    edit(&folder, "2.jsonl", |lines| drop(lines.remove(39)));
    let (_, err, code) = logs(&folder, &["prove", "2.jsonl", "1"]);
    assert_eq!((code, err.contains("is not as it was sealed")), (1, true), "{err}");
}

/// A record of 400 MB, in a process that may not have as much memory.
#[cfg(target_os = "linux")]
#[test]
fn a_record_of_any_length_is_sealed_in_little_memory() {
    let folder = folder();
    fs::File::create(folder.path().join("long.jsonl")).unwrap().set_len(400 << 20).unwrap();
    let binary = env!("CARGO_BIN_EXE_mlspec-lint");
    let script = format!("ulimit -v 300000; exec '{binary}' logs seal long.jsonl --key 0.pem");
    let output = Command::new("sh").args(["-c", &script]).current_dir(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("long.jsonl: 1 record sealed"));
}

/// The verifier for auditors, in Python, says the same of each manipulation.
#[test]
fn the_verifier_in_python_agrees() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = root.join("tests/interop/.venv/bin/python");
    let has_library =
        || Command::new(&python).args(["-c", "import cryptography"]).output().is_ok_and(|out| out.status.success());
    if !python.is_file() || !has_library() {
        assert!(std::env::var_os("CI").is_none(), "install tests/interop/requirements.txt in tests/interop/.venv");
        eprintln!("skipped: what tests/interop/requirements.txt installs is not in tests/interop/.venv");
        return;
    }
    let verifies = |folder: &TempDir, files: &[&str]| {
        let output = Command::new(&python)
            .arg(root.join("spec/verify-log-seals.py"))
            .arg("0.pub")
            .args(files)
            .current_dir(folder.path())
            .output()
            .unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let folder = sealed();
    let (is_good, said) = verifies(&folder, &ALL);
    assert!(is_good && said.starts_with("1.jsonl: 40 records as sealed\n2.jsonl: 40 records as sealed\n"), "{said}");
    let head = said.trim_end().rsplit("head: ").next().unwrap();
    assert_eq!(verify(&folder, &[&ALL[..], &["--head", head]].concat()).2, 0);
    assert!(!verifies(&folder, &["1.jsonl", "3.jsonl"]).0);
    type Edit = fn(&mut Vec<String>);
    let edits: [Edit; 4] = [
        |lines| drop(lines.remove(5)),
        |lines| lines.swap(1, 2),
        |lines| lines.push("{}".to_owned()),
        |lines| lines[7].push(' '),
    ];
    for change in edits {
        let folder = sealed();
        edit(&folder, "2.jsonl", change);
        assert!(!verifies(&folder, &ALL).0);
        assert_eq!(verify(&folder, &ALL).2, 1);
    }
}
