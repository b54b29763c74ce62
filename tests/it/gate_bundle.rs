//! Verdicts that other tools sign: the predicate that is written for them, the bundle that they produce, and how long it is valid.

use std::fs;
use std::path::Path;
use std::process::Command;

use assert_fs::TempDir;
use data_encoding::BASE64;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{EncodePrivateKey, EncodePublicKey};
use serde_json::{Value, json};

const OBJECTIVES: &str = "\
mlSpecVersion: 0.1.0
kind: objectives
id: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7d01
name: bundled
model: bundled
owner: someone
language: mlspec-objectives/2
datasets:
  holdback: {dataset: bundled-holdback@1.0.0, stage: test}
metrics:
  recall: {unit: fraction, range: [0, 1], better: higher}
objectives:
  - {id: floor, why: x, expect: recall >= 80% on holdback}
  - {id: fresh, why: x, expect: evaluated within 30 days on holdback}
";

const TEST: &str = "\
mlSpecVersion: 0.1.0
kind: test
id: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7d02
name: bundled-test
model: bundled
dataset: bundled-holdback@1.0.0
performedOn: 2026-09-02T09:00:00Z
metrics:
  - {key: recall, value: 0.85}
";

const HOLDBACK: &str = "\
mlSpecVersion: 0.1.0
kind: dataset
id: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7d03
name: bundled-holdback
state: Active
version: 1.0.0
location: s3://contoso/bundled/holdback.parquet
digest: sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
";

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    let files = [("objectives.yml", OBJECTIVES), ("test.yml", TEST), ("holdback.yml", HOLDBACK)];
    for (name, text) in files.into_iter().chain([("model.onnx", "weights"), ("mlspec-lint.toml", "")]) {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn gate(folder: &Path, arguments: &str) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"))
        .arg("gate")
        .args(arguments.split(' '))
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let printed = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (output.status.code(), printed)
}

/// Returns the bundle that a tool makes of a predicate: the statement, signed with an arbitrary key.
fn bundle(predicate: &str) -> String {
    let predicate: Value = serde_json::from_str(predicate).unwrap();
    let digest = predicate["mlspecVerdict"]["subject"][0]["sha256"].as_str().unwrap();
    let statement = json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "model.onnx", "digest": {"sha256": digest}}],
        "predicateType": "https://in-toto.io/attestation/test-result/v0.1",
        "predicate": predicate,
    });
    let envelope = json!({
        "payload": BASE64.encode(statement.to_string().as_bytes()), "payloadType": "application/vnd.in-toto+json",
        "signatures": [{"sig": "AAAA"}],
    });
    json!({"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "dsseEnvelope": envelope}).to_string()
}

#[test]
fn a_predicate_that_others_sign_is_verified_in_their_bundle() {
    let folder = folder();
    let folder = folder.path();
    let judge = "objectives.yml --test test.yml --as-of 2026-09-10 --subject model.onnx --predicate predicate.json";
    let (code, printed) = gate(folder, judge);
    assert_eq!(code, Some(0), "{printed}");
    let predicate = fs::read_to_string(folder.join("predicate.json")).unwrap();
    let read: Value = serde_json::from_str(&predicate).unwrap();
    assert_eq!((&read["result"], &read["passedTests"]), (&json!("WARNED"), &json!(["floor", "fresh"])));

    fs::write(folder.join("bundle.jsonl"), bundle(&predicate) + "\n").unwrap();
    let verify = |more: &str| gate(folder, &format!("verify bundle.jsonl --bundle --subject model.onnx {more}"));
    let (code, printed) = verify("--as-of 2026-09-10");
    assert!(code == Some(0) && printed.contains("signature: not checked"), "{printed}");

    // The objectives limit the age of the evidence, so the verdict is denied once it is too old.
    let (code, printed) = verify("--as-of 2026-11-10");
    assert!(code == Some(1) && printed.contains("as of 2026-11-10 the verdict is fail"), "{printed}");

    // Without `--bundle` it must be signed.
    let (code, printed) = gate(folder, "verify bundle.jsonl --subject model.onnx");
    assert!(code == Some(2) && printed.contains("--key"), "{printed}");

    // An entry of another kind is passed over, and what was verified is said.
    let provenance =
        json!({"dsseEnvelope": {"payload": BASE64.encode(b"{}"), "payloadType": "text/plain", "signatures": []}});
    fs::write(folder.join("bundle.jsonl"), format!("{provenance}\n{}\n", bundle(&predicate))).unwrap();
    let (code, printed) = verify("--as-of 2026-09-10");
    assert!(code == Some(0) && printed.contains("entry 2 of 2 in the bundle"), "{printed}");

    // A second verdict, or another model, is rejected.
    fs::write(folder.join("bundle.jsonl"), format!("{0}\n{0}\n", bundle(&predicate))).unwrap();
    assert_eq!(verify("--as-of 2026-09-10").0, Some(1));
    fs::write(folder.join("bundle.jsonl"), bundle(&predicate.replace("WARNED", "PASSED"))).unwrap();
    assert_eq!(verify("--as-of 2026-09-10").0, Some(1));
    fs::write(folder.join("bundle.jsonl"), bundle(&predicate)).unwrap();
    fs::write(folder.join("model.onnx"), "other weights").unwrap();
    assert_eq!(verify("--as-of 2026-09-10").0, Some(1));
}

/// Whoever reads the bundle cannot tell which of two verdicts was verified.
#[test]
fn a_second_verdict_of_another_key_is_refused() {
    let folder = folder();
    let folder = folder.path();
    for name in ["own", "other"] {
        let key = ed25519_dalek::SigningKey::from_bytes(&[u8::try_from(name.len()).unwrap(); 32]);
        let pem = key.to_pkcs8_pem(LineEnding::LF).unwrap();
        fs::write(folder.join(format!("{name}.pem")), pem.as_bytes()).unwrap();
        let public = key.verifying_key().to_public_key_pem(LineEnding::LF).unwrap();
        fs::write(folder.join(format!("{name}.pub")), public).unwrap();
        let judge = "objectives.yml --test test.yml --as-of 2026-09-10 --subject model.onnx";
        let (code, printed) = gate(folder, &format!("{judge} --attest {name}.json --key {name}.pem"));
        assert_eq!(code, Some(0), "{printed}");
    }
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let verify = |bundle: &str| {
        fs::write(folder.join("bundle.jsonl"), bundle).unwrap();
        gate(folder, "verify bundle.jsonl --bundle --subject model.onnx --key own.pub --as-of 2026-09-10")
    };
    let (code, printed) = verify(&read("own.json"));
    assert!(code == Some(0) && printed.contains("signature: good, by the key"), "{printed}");
    let (code, printed) = verify(&read("other.json"));
    assert!(code == Some(1) && printed.contains("another key signed it"), "{printed}");
    for bundle in [read("own.json") + &read("other.json"), read("other.json") + &read("own.json")] {
        let (code, printed) = verify(&bundle);
        assert!(
            code == Some(1) && printed.contains("2 verdicts that can be read, 1 of them signed with this key"),
            "{printed}"
        );
    }
}

#[test]
fn objectives_that_ask_for_the_age_of_evidence_are_judged_now() {
    let folder = folder();
    // This date is too old on any day.
    let old = TEST.replace("2026-09-02", "2020-09-02");
    fs::write(folder.path().join("test.yml"), old).unwrap();
    let (code, printed) = gate(folder.path(), "objectives.yml --test test.yml");
    assert!(code == Some(1) && printed.contains("fresh"), "{printed}");
    assert_eq!(gate(folder.path(), "objectives.yml --test test.yml --as-of 2020-09-10").0, Some(0));
    // The same applies to objectives that declare the age for a dataset.
    let objectives = OBJECTIVES.replace("stage: test}", "stage: test, max_age: 30d}");
    let objectives = objectives.replace("  - {id: fresh, why: x, expect: evaluated within 30 days on holdback}\n", "");
    fs::write(folder.path().join("objectives.yml"), objectives).unwrap();
    assert_eq!(gate(folder.path(), "objectives.yml --test test.yml").0, Some(3));
    assert_eq!(gate(folder.path(), "objectives.yml --test test.yml --as-of 2020-09-10").0, Some(0));
}
