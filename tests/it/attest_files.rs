//! Files that documents name as signatures are signatures, of what the documents say, and by the given key.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use assert_fs::TempDir;
use data_encoding::BASE64;
use mlspec_lint::objectives::attest::{Attested, AttestedFile, AttestedOutcome, SigningKey, Statement, sign};
use serde_json::{Value, json};

use crate::gate_examples::{KEYS, PUBLIC_KEYS};

fn pem(kind: &str, text: &str) -> String {
    format!("-----BEGIN {kind} KEY-----\n{text}\n-----END {kind} KEY-----\n")
}

/// Returns the envelope of a verdict about files with these digests, which are one digit each, by one of the keys.
fn envelope(digits: &[&str], outcome: AttestedOutcome, key: usize) -> String {
    let file = |digit: &&str| AttestedFile::new("model.onnx", digit.repeat(64)).unwrap();
    let attested = Attested {
        subjects: digits.iter().map(file).collect(),
        inputs: Vec::new(),
        outcome,
        objectives: Vec::new(),
        url: None,
        verdict: json!({}),
    };
    let key = SigningKey::from_pem(&pem("PRIVATE", KEYS[key])).unwrap();
    sign(&Statement::new(attested).unwrap(), &key).unwrap()
}

fn bundle(envelope: &str) -> String {
    let envelope: Value = serde_json::from_str(envelope).unwrap();
    json!({"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "dsseEnvelope": envelope}).to_string()
}

/// A folder with a rollout and an ingestion that name `signed.json`.
fn project(signed: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    for (number, public) in PUBLIC_KEYS.iter().enumerate() {
        write(&format!("{number}.pub"), &pem("PUBLIC", public));
    }
    write("signed.json", signed);
    write("rollout.yml", &rollout("signed.json"));
    folder
}

fn rollout(attestation: &str) -> String {
    format!(
        "mlSpecVersion: 0.2.0\nkind: rollout\nid: 8f3a6d1c-5b9e-4c72-a1d4-0e7c2f9b5a11\nname: eu\nmodel: credit\n\
         modelDigest: sha256:{}\nattestation: {attestation}\nenvironment: eu\nstrategy: canary\n\
         stages: [{{traffic: 1%, from: 2026-07-01T08:00:00Z, result: running}}]\n\
         approvals: [{{by: ops@contoso.com, approvedOn: 2026-06-30}}]\nresult: running\n",
        "a".repeat(64)
    )
}

fn ingestion(format: &str, file: &str) -> String {
    format!(
        "mlSpecVersion: 0.2.0\nkind: ingestion\nid: 6c1e9b4a-2f7d-4a85-9c3e-8d0b5f6a1e02\nname: ingest\n\
         performedOn: 2026-06-01T02:10:00Z\nsource: {{DataStore: lake, RelativePath: raw.csv}}\nconnector: {{type: csv}}\noutput: loans@1.0.0\n\
         outputDigest: sha256:{}\nsignature: {{format: {format}, file: {file}}}\n",
        "a".repeat(64)
    )
}

fn run(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"))
        .args(arguments)
        .current_dir(folder)
        .envs([("GITHUB_ACTIONS", "false"), ("NO_COLOR", "1"), ("LC_ALL", "C.UTF-8")])
        .output()
        .unwrap();
    let printed = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (output.status.code().unwrap(), printed)
}

/// Returns what `check` says about the files that the documents of a folder name.
fn said(folder: &Path) -> Vec<String> {
    let rules = "reference/signature-mismatch,reference/missing-file,reference/path-escapes-workspace";
    let (_, printed) = run(folder, &["check", "--isolated", "--format", "concise", "--select", rules]);
    let message = |line: &str| line.split_once("error[").map(|(_, said)| said.to_owned());
    printed.lines().filter_map(message).collect()
}

#[test]
fn a_rollout_needs_a_passing_verdict_of_its_file() {
    use AttestedOutcome::{Failed, Passed, Unknown, Warned};
    let other = "reference/signature-mismatch] file 'signed.json' is about something else: the digest that is given here is not among its subjects";
    let failing = "reference/signature-mismatch] file 'signed.json' is a verdict that does not let the model pass";
    let good = envelope(&["a"], Passed, 0);
    let cases: &[(String, &[&str])] = &[
        (good.clone(), &[]),
        (envelope(&["b", "a"], Warned, 0), &[]),
        (bundle(&good), &[]),
        (envelope(&["b"], Passed, 0), &[other]),
        (envelope(&["a"], Failed, 0), &[failing]),
        (envelope(&["a"], Unknown, 0), &[failing]),
        // Of two verdicts, nobody may choose the better one.
        (format!("{good}{}", envelope(&["a"], Failed, 0)), &[failing]),
        (format!("{good}{}", envelope(&["b"], Failed, 0)), &[]),
    ];
    for (signed, expected) in cases {
        assert_eq!(said(project(signed).path()), *expected, "{signed}");
    }
    for signed in
        ["", "{", "[]", "{}", "null", "signature: yes\n", "{\"payload\": 7}", "\u{feff}{}", &"[".repeat(10_000)]
    {
        let found = said(project(signed).path());
        assert_eq!(found.len(), 1, "{signed:.40}: {found:?}");
        assert!(
            found[0].starts_with("reference/signature-mismatch] file 'signed.json' is no signed statement: "),
            "{found:?}"
        );
    }
}

#[test]
fn any_statement_signs_data_and_other_formats_are_not_read() {
    let folder = project("no json");
    fs::remove_file(folder.path().join("rollout.yml")).unwrap();
    let write = |text: &str| fs::write(folder.path().join("ingestion.yml"), text).unwrap();
    write(&ingestion("pgp", "signed.json"));
    assert_eq!(said(folder.path()), [""; 0]);
    fs::write(folder.path().join("signed.json"), envelope(&["a"], AttestedOutcome::Failed, 0)).unwrap();
    for (format, file, expected) in [
        ("dsse", "signed.json", None),
        ("sigstore", "./signed.json", None),
        ("dsse", "nowhere.json", Some("reference/missing-file] file 'nowhere.json' is not found")),
        ("dsse", "../signed.json", Some("reference/missing-file] file '../signed.json' is outside of the workspace")),
        ("dsse", "/signed.json", Some("reference/path-escapes-workspace]")),
        ("dsse", "https://example.com/signed.json", None),
        ("dsse", ".git", Some("reference/missing-file] '.git' is a folder")),
    ] {
        write(&ingestion(format, file));
        let found = said(folder.path());
        let is_expected = found.iter().all(|own| expected.is_some_and(|expected| own.starts_with(expected)));
        assert!(is_expected && found.is_empty() == expected.is_none(), "{file}: {found:?}");
    }
}

#[test]
fn signatures_are_verified_with_a_key() {
    use AttestedOutcome::Passed;
    let good = envelope(&["a"], Passed, 0);
    let mut altered: Value = serde_json::from_str(&good).unwrap();
    let payload = BASE64.decode(altered["payload"].as_str().unwrap().as_bytes()).unwrap();
    let payload = String::from_utf8(payload).unwrap().replace("model.onnx", "other.onnx");
    altered["payload"] = json!(BASE64.encode(payload.as_bytes()));
    let mut unsigned: Value = serde_json::from_str(&good).unwrap();
    unsigned["signatures"] = json!([]);
    let cases: &[(&str, &[&str], i32)] = &[
        (&good, &["0.pub"], 0),
        (&good, &["1.pub", "0.pub"], 0),
        (&bundle(&good), &["0.pub"], 0),
        (&good, &["1.pub"], 1),
        (&altered.to_string(), &["0.pub"], 1),
        (&unsigned.to_string(), &["0.pub"], 1),
        // One that the key signed, and one that it did not.
        (&format!("{good}{}", envelope(&["a"], Passed, 1)), &["0.pub"], 1),
        (&envelope(&["b"], Passed, 0), &["0.pub"], 1),
        ("{}", &["0.pub"], 1),
    ];
    for (signed, keys, expected) in cases {
        let folder = project(signed);
        let keys = keys.iter().flat_map(|key| ["--key", key]);
        let arguments: Vec<&str> = ["attest", "files"].into_iter().chain(keys).collect();
        let (code, printed) = run(folder.path(), &arguments);
        assert_eq!(code, *expected, "{signed}: {printed}");
        assert_eq!(printed.contains("verified: signed.json (rollout.yml) by the key "), code == 0, "{printed}");
    }
    let folder = project(&good);
    fs::remove_file(folder.path().join("signed.json")).unwrap();
    assert_eq!(run(folder.path(), &["attest", "files", "--key", "0.pub"]).0, 1);
    let outside = TempDir::new().unwrap();
    fs::write(outside.path().join("signed.json"), &good).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(outside.path().join("signed.json"), folder.path().join("signed.json")).unwrap();
    let (code, printed) = run(folder.path(), &["attest", "files", "--key", "0.pub"]);
    assert_eq!((code, printed.contains("outside of the workspace")), (1, true), "{printed}");
    fs::remove_file(folder.path().join("rollout.yml")).unwrap();
    assert_eq!(run(folder.path(), &["attest", "files", "--key", "0.pub"]).0, 2, "nothing is named");
    assert_eq!(run(folder.path(), &["attest", "files"]).0, 2, "no key");
}

/// The signature of the example, by the key of test 1 in RFC 8032, which is public knowledge.
#[test]
fn the_signature_of_the_example_is_verified() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples/documents");
    let keys = TempDir::new().unwrap();
    let key = keys.path().join("0.pub");
    fs::write(&key, pem("PUBLIC", PUBLIC_KEYS[0])).unwrap();
    let (code, printed) = run(&folder, &["attest", "files", "ingestion.yml", "--key", key.to_str().unwrap()]);
    assert_eq!(code, 0, "{printed}");
}

/// A file with the verdict's name is no verdict yet: it must be signed, be about a file that the document names, and not contradict itself.
#[test]
fn a_verdict_that_shows_nothing_is_none() {
    let good = envelope(&["a"], AttestedOutcome::Passed, 0);
    let edited = |change: &dyn Fn(&mut Value)| {
        let mut envelope: Value = serde_json::from_str(&good).unwrap();
        let payload = BASE64.decode(envelope["payload"].as_str().unwrap().as_bytes()).unwrap();
        let mut statement: Value = serde_json::from_slice(&payload).unwrap();
        change(&mut statement);
        envelope["payload"] = json!(BASE64.encode(statement.to_string().as_bytes()));
        envelope.to_string()
    };
    let mut unsigned: Value = serde_json::from_str(&good).unwrap();
    unsigned["signatures"] = json!([]);
    let mut empty: Value = serde_json::from_str(&good).unwrap();
    empty["signatures"][0]["sig"] = json!("");
    for (signed, expected) in [
        (unsigned.to_string(), "has no signature"),
        (empty.to_string(), "has no signature"),
        (format!("{good}{unsigned}"), "has no signature"),
        (edited(&|own| own["predicate"]["mlspecVerdict"] = json!({"verdict": "fail"})), "does not let the model pass"),
        (
            edited(&|own| own["predicate"]["mlspecVerdict"] = json!({"verdict": "unknown"})),
            "does not let the model pass",
        ),
    ] {
        let found = said(project(&signed).path());
        assert!(found.len() == 1 && found[0].contains(expected), "{signed}: {found:?}");
    }
    let folder = project(&good);
    let text = rollout("signed.json");
    let without: Vec<&str> = text.lines().filter(|line| !line.starts_with("modelDigest")).collect();
    fs::write(folder.path().join("rollout.yml"), without.join("\n") + "\n").unwrap();
    let found = said(folder.path());
    assert!(found.len() == 1 && found[0].contains("nothing here says which file that should be"), "{found:?}");
}

/// Objectives count as judged if the verdict is about them, each of them.
#[test]
fn a_verdict_on_other_objectives_shows_nothing() {
    let verdict = |ids: &[&str]| {
        let file = AttestedFile::new("model.onnx", "a".repeat(64)).unwrap();
        let objectives = ids.iter().map(|id| ((*id).to_owned(), AttestedOutcome::Passed)).collect();
        let outcome = AttestedOutcome::Passed;
        let attested =
            Attested { subjects: vec![file], inputs: Vec::new(), outcome, objectives, url: None, verdict: json!({}) };
        let key = SigningKey::from_pem(&pem("PRIVATE", KEYS[0])).unwrap();
        sign(&Statement::new(attested).unwrap(), &key).unwrap()
    };
    let objectives = |name: &str, id: &str| {
        format!(
            "mlSpecVersion: 0.1.0\nkind: objectives\nid: 3f0f3a0a-6f0e-4a53-9d53-{id}\nname: {name}\nmodel: credit\nobjectives:\n  \
             - {{id: {name}-a, why: x, expect: a >= 1 on b}}\n  - {{id: {name}-b, why: x, expect: a >= 1 on b}}\n"
        )
    };
    let said = |folder: &Path| {
        let (_, printed) =
            run(folder, &["check", "--isolated", "--format", "concise", "--select", "rollout/no-verdict"]);
        printed.lines().filter_map(|line| Some(line.split_once("no-verdict] ")?.1.to_owned())).collect::<Vec<_>>()
    };
    for (signed, attestation, expected) in [
        (verdict(&["one-a", "one-b", "two-a", "two-b"]), "signed.json", &[][..]),
        (
            verdict(&["one-a", "one-b"]),
            "signed.json",
            &["the verdict says nothing about the objective 'two-a' and 1 more"],
        ),
        (
            verdict(&["one-a", "two-a", "two-b", "more"]),
            "signed.json",
            &["the verdict says nothing about the objective 'one-b'"],
        ),
        (
            verdict(&[]),
            "https://example.com/v.json",
            &["the verdict on 'credit' is no file of this workspace, and is not looked at"; 2],
        ),
        (
            verdict(&[]),
            "${VERDICT}",
            &["the verdict on 'credit' is no file of this workspace, and is not looked at"; 2],
        ),
        // What is wrong with the file is said once, elsewhere.
        (verdict(&[]), "nowhere.json", &[]),
    ] {
        let folder = project(&signed);
        fs::write(folder.path().join("rollout.yml"), rollout(attestation)).unwrap();
        fs::write(folder.path().join("one.yml"), objectives("one", "3a2f1d4f7c11")).unwrap();
        fs::write(folder.path().join("two.yml"), objectives("two", "3a2f1d4f7c12")).unwrap();
        assert_eq!(said(folder.path()), expected, "{attestation}");
    }
}
