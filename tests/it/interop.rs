//! Attestations are accepted by the libraries of the in-toto project, and theirs are accepted here: securesystemslib for keys, signatures
//! and envelopes, in-toto-attestation for statements and predicates; and probes by the schemas of Kubernetes.
//!
//! They are written in Python, and a test is skipped, with a message, if they are not installed; in CI (`CI=true`) that is a failure:
//!
//! ```text
//! python3 -m venv tests/interop/.venv
//! tests/interop/.venv/bin/pip install --require-hashes -r tests/interop/requirements.txt
//! ```

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use mlspec_lint::objectives::attest::{
    AttestError, Attested, AttestedFile, AttestedOutcome, SigningKey, Statement, TestResult, VerifyingKey, open, sign,
};
use serde_json::{Value, json};

use crate::attest_run::{BUILDER, Project, RUN};

#[test]
fn what_is_signed_here_is_verified_there() {
    let Some(python) = installed_python() else { return };
    let keys = python.run("keys", &json!({}));
    let key = SigningKey::from_pem(text(&keys["private"])).unwrap();
    let envelope = sign(&statement(), &key).unwrap();
    let read = python.run("verify", &json!({"public": keys["public"], "envelope": envelope}));
    let expected = json!({
        "payloadType": "application/vnd.in-toto+json",
        "predicateType": "https://in-toto.io/attestation/test-result/v0.1",
        "subjects": [["model.onnx", {"sha256": "a".repeat(64)}]],
        "inputs": [["objectives.yml", {"sha256": "b".repeat(64)}], ["run.yml", {"sha256": "c".repeat(64)}]],
        "result": "FAILED",
        "url": "https://ci.contoso.com/runs/7",
        "passed": ["floor"],
        "warned": ["latency"],
        "failed": ["drift", "no-data"],
        "verdict": {"verdict": "unknown", "objectives": [{"id": "floor", "why": "größer ≥ 85 %", "value": "0.87"}]},
    });
    assert_eq!(read, expected);

    // Checks that they reject anything at all.
    let other = python.run("keys", &json!({}));
    assert_eq!(python.run("verify", &json!({"public": other["public"], "envelope": envelope})), Value::Null);
}

#[test]
fn what_is_signed_there_is_opened_here() {
    let Some(python) = installed_python() else { return };
    let keys = python.run("keys", &json!({}));
    let predicate = json!({
        "result": "WARNED",
        "configuration": [{"name": "objectives.yml", "digest": {"sha256": "b".repeat(64)}}],
        "warnedTests": ["latency"],
        "mlspecVerdict": {"verdict": "warn"},
    });
    let arguments = json!({
        "private": keys["private"], "sha256": "a".repeat(64), "predicate": predicate,
        "predicateType": "https://in-toto.io/attestation/test-result/v0.1",
    });
    let envelope = python.run("sign", &arguments).to_string();
    let key = VerifyingKey::from_pem(text(&keys["public"])).unwrap();
    let opened = open(envelope.as_bytes(), &key).unwrap();
    assert_eq!(opened.subjects(), [artifact("model.onnx", "a")]);
    assert_eq!(opened.inputs(), [artifact("objectives.yml", "b")]);
    assert_eq!(opened.result(), TestResult::Warned);
    assert_eq!(opened.objectives(TestResult::Warned), ["latency"]);
    assert_eq!(opened.verdict(), &json!({"verdict": "warn"}));

    let other = python.run("keys", &json!({}));
    let other = VerifyingKey::from_pem(text(&other["public"])).unwrap();
    let refused = AttestError::Unverified { keyid: other.keyid() };
    assert_eq!(open(envelope.as_bytes(), &other), Err(refused));
}

/// A policy as others write them: it uses the fields of test-result alone, and the ids of the objectives.
#[test]
fn a_policy_that_reads_test_results_decides_by_objectives() {
    let Some(python) = installed_python() else { return };
    let predicate: Value = serde_json::from_str(&statement().predicate_json().unwrap()).unwrap();
    let policy = |required: &[&str]| python.run("policy", &json!({"predicate": predicate, "required": required}));
    assert_eq!(policy(&["floor"]), json!({"allows": false, "missing": []}), "the gate as a whole failed");
    assert_eq!(policy(&["floor", "drift"]), json!({"allows": false, "missing": ["drift"]}));
    let mut passed = predicate.clone();
    passed["result"] = json!("PASSED");
    let allows = python.run("policy", &json!({"predicate": passed, "required": ["floor"]}));
    assert_eq!(allows, json!({"allows": true, "missing": []}));
}

/// The provenance of a run: every field is one of the published definition.
#[test]
fn the_provenance_of_a_run_is_read_there() {
    let Some(python) = installed_python() else { return };
    let keys = python.run("keys", &json!({}));
    let project = Project::with_keys(text(&keys["private"]), text(&keys["public"])).attested();
    let envelope = project.text("run.json");
    let read = python.run("provenance", &json!({"public": keys["public"], "envelope": envelope}));
    let statement = project.statement();
    let listed = |pointer: &str, name: fn(&Value) -> Value| -> Vec<Value> {
        statement.pointer(pointer).unwrap().as_array().unwrap().iter().map(name).collect()
    };
    let named = |own: &Value| json!([own["name"].as_str().or(own["uri"].as_str()), own["digest"]]);
    let expected = json!({
        "predicateType": "https://slsa.dev/provenance/v1",
        "subjects": listed("/subject", named),
        "buildType": mlspec_lint::execution::BUILD_TYPE,
        "parameters": {"pipeline": "train", "parameters": {"rate": 0.04}},
        "dependencies": listed("/predicate/buildDefinition/resolvedDependencies", named),
        "builder": BUILDER,
        "run": RUN,
        "started": null,
        "records": listed("/predicate/runDetails/byproducts", |own| own["name"].clone()),
    });
    assert_eq!(read, expected);

    let other = python.run("keys", &json!({}));
    assert_eq!(python.run("provenance", &json!({"public": other["public"], "envelope": envelope})), Value::Null);
}

/// The probes are merged into a deployment, which the schemas of Kubernetes accept.
#[test]
fn kubernetes_takes_the_probes() {
    let Some(python) = installed_python() else { return };
    let documents = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/documents");
    let (patch, said, code) = crate::lineage::run(&documents, &["generate", "probes"]);
    assert_eq!((said.as_str(), code), ("", 0));
    let probe = |path: &str, port: u16| json!({"httpGet": {"path": path, "port": port}});
    let mut liveness = probe("/ok", 8080);
    liveness["periodSeconds"] = json!(60);
    assert_eq!(python.validated(&patch), Some(json!([["card-default", liveness, probe("/ok", 8080)]])));

    // Checks that they reject anything at all.
    assert_eq!(python.validated(&patch.replace("periodSeconds", "periodSecond")), None);
}

fn statement() -> Statement {
    let objectives = [
        ("floor", AttestedOutcome::Passed),
        ("drift", AttestedOutcome::Failed),
        ("latency", AttestedOutcome::Warned),
        ("no-data", AttestedOutcome::Unknown),
    ];
    let attested = Attested {
        subjects: vec![artifact("model.onnx", "a")],
        inputs: vec![artifact("objectives.yml", "b"), artifact("run.yml", "c")],
        outcome: AttestedOutcome::Unknown,
        objectives: objectives.map(|(id, outcome)| (id.to_owned(), outcome)).to_vec(),
        url: Some("https://ci.contoso.com/runs/7".into()),
        verdict: json!({
            "verdict": "unknown",
            "objectives": [{"id": "floor", "why": "größer ≥ 85 %", "value": "0.87"}],
        }),
    };
    Statement::new(attested).unwrap()
}

fn artifact(name: &str, digit: &str) -> AttestedFile {
    AttestedFile::new(name, digit.repeat(64)).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// A Python installation that has the libraries.
struct Python {
    program: PathBuf,
    script: PathBuf,
}

/// Returns the Python of the virtual environment, if it exists.
fn installed_python() -> Option<Python> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop");
    let program = folder.join(".venv/bin/python");
    let imports = "import cryptography, in_toto_attestation, kubernetes_validate, securesystemslib";
    let check = Command::new(&program).args(["-c", imports]).stderr(Stdio::null()).status();
    if check.is_ok_and(|status| status.success()) {
        return Some(Python { program, script: folder.join("attestation.py") });
    }
    let lacks = "the packages of tests/interop/requirements.txt are not installed in tests/interop/.venv";
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{lacks}");
    // Bypasses the test harness, which would swallow the message.
    let _ = writeln!(std::io::stderr(), "skipped: {lacks}");
    None
}

impl Python {
    /// Returns the answer to a command of the script.
    fn run(&self, command: &str, arguments: &Value) -> Value {
        let mut process = Command::new(&self.program);
        process.arg(&self.script).arg(command).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = process.spawn().unwrap();
        child.stdin.take().unwrap().write_all(arguments.to_string().as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{command}: {}", output.status);
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Returns the containers of patches that Kubernetes takes; `None` if it does not take them.
    fn validated(&self, patches: &str) -> Option<Value> {
        let mut process = Command::new(&self.program);
        process
            .arg(self.script.with_file_name("probes.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = process.spawn().unwrap();
        child.stdin.take().unwrap().write_all(patches.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        output.status.success().then(|| serde_json::from_slice(&output.stdout).unwrap())
    }
}
