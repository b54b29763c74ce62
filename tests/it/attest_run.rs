//! A run that executed its pipeline can be attested and verified; one that did not cannot, and whatever is changed denies.

use std::fs;
use std::path::Path;
use std::process::Command;

use assert_fs::TempDir;
use assert_fs::prelude::*;
use data_encoding::BASE64;
use serde_json::{Value, json};

use crate::gate_examples::{KEYS, PUBLIC_KEYS};

pub const BUILDER: &str = "https://ci.contoso.com/train";
pub const RUN: &str = "911fbad9-3c10-4a7c-af14-9485b5b42a70";
const PIPELINE: &str = "pipelines/train.yml";
const WHOLE: &str = "runs/whole.yml";
const FIT: &str = "runs/fit.yml";
const MEASURE: &str = "runs/measure.yml";

/// A project with one run of a pipeline of two steps.
const FILES: &[(&str, &str)] = &[
    (
        PIPELINE,
        "mlSpecVersion: 0.1.0\nkind: pipeline\nid: 58d8a7cb-5b08-493d-b5f1-595c5bf4d265\nname: train\nstage: published\n\
         parameters:\n  - {name: rate, type: float, default: 0.05}\n  - {name: seed, type: integer, default: 17}\n\
         data:\n  train: loans@1.0.0\n  check: checks@1.0.0\nsteps:\n  prepare:\n    moduleName: prepare@1.0.0\n    parameters: {seed: \"${seed}\"}\n    \
         inputs: {rows: {from: data.train}}\n    outputs: {features: {type: parquet, path: work/features.parquet}}\n  fit:\n    cmd: python fit.py --rate {rate}\n    \
         parameters: {rate: \"${rate}\"}\n    inputs: {features: {from: prepare.features}}\n    outputs: {model: {type: text, path: work/model.txt}}\n  \
         measure:\n    cmd: python measure.py\n    inputs: {model: {from: fit.model}, rows: {from: data.check}}\npipeline: [prepare, fit, measure]\n",
    ),
    (
        "modules/prepare.yml",
        "mlSpecVersion: 0.1.0\nkind: module\nid: 55aeac7a-3199-40b2-ac10-c30bcd764157\nname: prepare\nstatus: Active\n\
         createdUtc: 2026-08-05T10:00:00Z\nversions:\n  - {version: 1.0.0, id: 5976f010-a3cc-42f6-ad5b-73236125320a}\n---\n\
         mlSpecVersion: 0.1.0\nkind: module-version\nid: 5976f010-a3cc-42f6-ad5b-73236125320a\nmodule: 55aeac7a-3199-40b2-ac10-c30bcd764157\n\
         version: 1.0.0\nstatus: Active\ncreatedUtc: 2026-08-05T10:12:00Z\nsnapshot_id: 90e58f4d6c86981deb649db33ca9d76d9658b080\n\
         snapshot_source: {repository: \"https://github.com/contoso/credit\", commit: 98e15de15085c07a6762d8022f3608d2b4ba7dcc}\n\
         inputs: {rows: {type: parquet}}\noutputs: {features: {type: parquet}}\nparams:\n  - {name: seed, type: integer, default: 17}\n",
    ),
    (
        "data/loans.yml",
        "mlSpecVersion: 0.1.0\nkind: dataset\nid: db7d3bc6-476c-4ec2-b5e4-1f88bbe94231\nname: loans\nstate: Active\nversion: 1.0.0\n\
         location: {DataStore: lake, RelativePath: loans.parquet}\n\
         digest: sha256:673817a0510e930892b7ffb9acb67d84082623486acf4e9f17b620112b9803f5\n---\n\
         mlSpecVersion: 0.1.0\nkind: dataset\nid: 71f3b581-2082-4efe-981c-fc35afb7ca1c\nname: checks\nstate: Active\nversion: 1.0.0\n\
         location: {DataStore: lake, RelativePath: checks.parquet}\n\
         digest: sha256:735d3c5ed7ab97425d64784ca3a48e1a5e4c2510b3d7e2c2d82a9fe48abf20d0\n---\n\
         mlSpecVersion: 0.1.0\nkind: datastore\nid: b5736d4d-0f23-40bb-b75e-95e3c2ac73d5\nname: lake\ntype: s3\nstatus: Active\nbucket: lake\n",
    ),
    (
        WHOLE,
        "mlSpecVersion: 0.1.0\nkind: pipeline-run\nid: 911fbad9-3c10-4a7c-af14-9485b5b42a70\nname: train-7\nsubmittedDate: 2026-08-20T05:00:00Z\n\
         status: completed\npipeline: train\nparameters: {rate: 0.04}\nchild_run_ids: [9ae79c71-e924-4552-bfe7-2cbf41923f91, fc3695f3-be96-4863-a8e2-a203a96f12ce, 30a5de5e-9230-410b-ac80-5cc953865718]\n\
         steps:\n  prepare: {run: 9ae79c71-e924-4552-bfe7-2cbf41923f91, status: completed}\n  \
         fit: {run: fc3695f3-be96-4863-a8e2-a203a96f12ce, status: completed}\n  measure: {run: 30a5de5e-9230-410b-ac80-5cc953865718, status: completed}\n",
    ),
    (
        "runs/prepare.yml",
        "mlSpecVersion: 0.1.0\nkind: run\nid: 9ae79c71-e924-4552-bfe7-2cbf41923f91\nname: prepare-7\nparent_run_id: 911fbad9-3c10-4a7c-af14-9485b5b42a70\n\
         submittedDate: 2026-08-20T05:01:00Z\nstatus: completed\n\
         code: {repository: \"https://github.com/contoso/credit\", commit: 98e15de15085c07a6762d8022f3608d2b4ba7dcc}\n\
         hyperparameters: [{key: seed, value: 17}]\n\
         datasets: [{key: rows, artifact_type: DATA, role: training, dataset: loans@1.0.0, digest: \"sha256:673817a0510e930892b7ffb9acb67d84082623486acf4e9f17b620112b9803f5\"}]\n\
         artifacts: [{key: features, artifact_type: DATA, path: {DataStore: lake, RelativePath: made/features.parquet}}]\n",
    ),
    (
        FIT,
        "mlSpecVersion: 0.1.0\nkind: run\nid: fc3695f3-be96-4863-a8e2-a203a96f12ce\nname: fit-7\nparent_run_id: 911fbad9-3c10-4a7c-af14-9485b5b42a70\n\
         submittedDate: 2026-08-20T05:09:00Z\nstatus: completed\nhyperparameters: [{key: rate, value: 0.04}]\n\
         artifacts: [{key: trees, artifact_type: MODEL, path: {DataStore: lake, RelativePath: made/model.txt}, modelDigest: \"sha256:MODEL\"}]\n",
    ),
    (
        MEASURE,
        "mlSpecVersion: 0.1.0\nkind: run\nid: 30a5de5e-9230-410b-ac80-5cc953865718\nname: measure-7\nparent_run_id: 911fbad9-3c10-4a7c-af14-9485b5b42a70\n\
         submittedDate: 2026-08-20T05:30:00Z\nstatus: completed\n",
    ),
];

pub struct Project {
    folder: TempDir,
}

impl Project {
    fn new() -> Self {
        let pem = |kind: &str, text: &str| format!("-----BEGIN {kind} KEY-----\n{text}\n-----END {kind} KEY-----\n");
        let project = Self::with_keys(&pem("PRIVATE", KEYS[0]), &pem("PUBLIC", PUBLIC_KEYS[0]));
        fs::write(project.path("other.pub"), pem("PUBLIC", PUBLIC_KEYS[1])).unwrap();
        project
    }

    /// Returns the project with these keys, in PEM.
    pub fn with_keys(private: &str, public: &str) -> Self {
        let folder = TempDir::new().unwrap();
        folder.child("mlspec-lint.toml").touch().unwrap();
        folder.child("made/model.txt").write_str("trees\n").unwrap();
        let model = sha256(b"trees\n");
        for (name, text) in FILES {
            folder.child(name).write_str(&text.replace("MODEL\"", &format!("{model}\""))).unwrap();
        }
        folder.child("key.pem").write_str(private).unwrap();
        folder.child("key.pub").write_str(public).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    pub fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Replaces text in a file, which must be there.
    fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.text(name);
        assert!(text.contains(from), "{name} has no {from}:\n{text}");
        fs::write(self.path(name), text.replace(from, to)).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> (i32, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"))
            .arg("attest")
            .args(arguments)
            .current_dir(self.folder.path())
            .envs([("GITHUB_ACTIONS", "false"), ("NO_COLOR", "1"), ("LC_ALL", "C.UTF-8")])
            .output()
            .unwrap();
        let printed = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        assert!(!printed.contains(&KEYS[0][24..]), "{arguments:?} prints a key");
        (output.status.code().unwrap(), printed)
    }

    fn attest(&self, more: &[&str]) -> (i32, String) {
        let own = ["run", "train-7", "--builder", BUILDER, "--key", "key.pem", "-o", "run.json"];
        self.run(&own.iter().chain(more).copied().collect::<Vec<_>>())
    }

    fn verify(&self, more: &[&str]) -> (i32, String) {
        let own = ["verify", "run.json", "--key", "key.pub", "--as-of", "2026-08-21"];
        self.run(&own.iter().chain(more).copied().collect::<Vec<_>>())
    }

    pub fn statement(&self) -> Value {
        let envelope: Value = serde_json::from_str(&self.text("run.json")).unwrap();
        serde_json::from_slice(&BASE64.decode(envelope["payload"].as_str().unwrap().as_bytes()).unwrap()).unwrap()
    }

    /// Attests and verifies; both must succeed.
    pub fn attested(self) -> Self {
        let (code, printed) = self.attest(&[]);
        assert_eq!(code, 0, "{printed}");
        let (code, printed) = self.verify(&[]);
        assert_eq!(code, 0, "{printed}");
        self
    }
}

fn sha256(bytes: &[u8]) -> String {
    mlspec_lint::objectives::gate::sha256(bytes)
}

#[test]
fn a_run_that_conforms_is_attested_and_verified() {
    let project = Project::new().attested();
    let statement = project.statement();
    assert_eq!(statement["_type"], "https://in-toto.io/Statement/v1");
    assert_eq!(statement["predicateType"], "https://slsa.dev/provenance/v1");
    let model = sha256(b"trees\n");
    assert_eq!(statement["subject"], json!([{"name": "fit/trees", "digest": {"sha256": model}}]));
    let definition = &statement["predicate"]["buildDefinition"];
    assert_eq!(definition["externalParameters"], json!({"pipeline": "train", "parameters": {"rate": 0.04}}));
    assert_eq!(definition["internalParameters"], json!({"defaults": {"seed": 17}}));
    let names: Vec<&str> = definition["resolvedDependencies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|own| own["name"].as_str().or_else(|| own["uri"].as_str()).unwrap())
        .collect();
    let code = "git+https://github.com/contoso/credit@98e15de15085c07a6762d8022f3608d2b4ba7dcc";
    assert_eq!(names, ["train", "prepare@1.0.0", code, "loans@1.0.0", "checks@1.0.0"]);
    let loans = &definition["resolvedDependencies"][3];
    assert_eq!(loans["digest"], json!({"sha256": "673817a0510e930892b7ffb9acb67d84082623486acf4e9f17b620112b9803f5"}));
    let details = &statement["predicate"]["runDetails"];
    assert_eq!(details["builder"], json!({"id": BUILDER}));
    assert_eq!(details["metadata"], json!({"invocationId": RUN}), "no document says when it started");
    let records: Vec<&str> =
        details["byproducts"].as_array().unwrap().iter().map(|own| own["name"].as_str().unwrap()).collect();
    assert_eq!(records, ["data/loans.yml", "modules/prepare.yml", PIPELINE, FIT, MEASURE, "runs/prepare.yml", WHOLE]);
}

#[test]
fn what_is_not_known_is_said_and_left_out() {
    let project = Project::new();
    let (code, printed) = project.attest(&[]);
    assert_eq!(code, 0, "{printed}");
    for left_out in
        ["the artifact 'prepare/features': its SHA-256 is not known", "when the run started", "when the run ended"]
    {
        assert!(printed.contains(&format!("note: not known, and left out: {left_out}")), "{printed}");
    }
}

#[test]
fn artifacts_are_compared_with_their_files() {
    let project = Project::new();
    fs::write(project.path("made/features.parquet"), "rows\n").unwrap();
    let (code, printed) = project.attest(&["--artifacts", "."]);
    assert_eq!(code, 0, "{printed}");
    let subjects = project.statement()["subject"].clone();
    assert_eq!(subjects[0], json!({"name": "prepare/features", "digest": {"sha256": sha256(b"rows\n")}}));
    assert_eq!(project.verify(&["--artifacts", ".", "--subject", "made/features.parquet"]).0, 0);
    fs::write(project.path("made/features.parquet"), "other rows\n").unwrap();
    let (code, printed) = project.verify(&["--artifacts", "."]);
    assert_eq!(
        (code, printed.contains("the file of prepare/features is not what was attested")),
        (1, true),
        "{printed}"
    );
    fs::remove_file(project.path("made/features.parquet")).unwrap();
    let (code, printed) = project.verify(&["--artifacts", "."]);
    assert_eq!((code, printed.contains("the file of prepare/features is not in .")), (1, true), "{printed}");
    fs::write(project.path("made/model.txt"), "other trees\n").unwrap();
    let (code, printed) = project.attest(&["--artifacts", "."]);
    let why = "the file of the artifact 'fit/trees' is not the one that documents tell of";
    assert_eq!((code, printed.contains(why)), (1, true), "{printed}");
}

/// File, what is replaced in it, by what, and what is said then.
const NOT_CONFORMING: &[(&str, &str, &str, &str)] = &[
    (WHOLE, "status: completed\npipeline", "status: failed\npipeline", "the run 'train-7' is failed, not completed"),
    (WHOLE, "status: completed\npipeline", "pipeline", "the run 'train-7' does not say that it is completed"),
    (WHOLE, "status: completed\npipeline", "status: running\npipeline", "the run 'train-7' is running, not completed"),
    (WHOLE, "  measure: {run: 30a5de5e-9230-410b-ac80-5cc953865718, status: completed}\n", "", "pipeline/step-not-run"),
    (WHOLE, "5718, status: completed}", "5718, status: failed}", "pipeline/status-disagrees"),
    (
        WHOLE,
        "measure: {run: 30a5de5e-9230-410b-ac80-5cc953865718, status: completed}",
        "measure: {status: completed}",
        "the step 'measure' has no run of its own",
    ),
    (
        WHOLE,
        "measure: {run: 30a5de5e-9230-410b-ac80-5cc953865718, status: completed}",
        "measure: {}",
        "the step 'measure' does not say that it is completed",
    ),
    (MEASURE, "status: completed\n", "", "the run 'measure-7' of the step 'measure' does not say that it is completed"),
    (FIT, "status: completed\n", "", "the run 'fit-7' of the step 'fit' does not say that it is completed"),
    (
        MEASURE,
        "status: completed\n",
        "status: completed\nartifacts: [{key: backdoor, artifact_type: MODEL, path: {DataStore: lake, RelativePath: b.txt}}]\n",
        "the run 'measure-7' made 'backdoor', and the step 'measure' has no output",
    ),
    (FIT, "{key: rate, value: 0.04}", "{key: Rate, value: 0.5}", "the run 'fit-7' says another value of 'Rate'"),
    (
        FIT,
        "{key: rate, value: 0.04}",
        "{key: depth, value: 5}",
        "the run 'fit-7' has the setting 'depth', which nothing gives it",
    ),
    (
        "runs/prepare.yml",
        "key: seed",
        "key: depth",
        "the run 'prepare-7' has the setting 'depth', which nothing gives it",
    ),
    (WHOLE, "measure: {run", "mesure: {run", "pipeline/unknown-step"),
    (WHOLE, "rate: 0.04}", "rate: high}", "pipeline/parameter-value"),
    (WHOLE, "rate: 0.04}", "rat: 0.04}", "pipeline/unknown-parameter"),
    (WHOLE, "rate: 0.04}", "rate: 0.03}", "the run 'fit-7' says another value of 'rate' than the pipeline gives it"),
    (
        WHOLE,
        "parameters: {rate: 0.04}\n",
        "",
        "the run 'fit-7' says another value of 'rate' than the pipeline gives it",
    ),
    (WHOLE, "pipeline: train\n", "pipeline: trian\n", "error: the run is not attested"),
    (FIT, "status: completed", "status: failed", "pipeline/status-disagrees"),
    (
        FIT,
        "parent_run_id: 911fbad9-3c10-4a7c-af14-9485b5b42a70",
        "parent_run_id: 9ae79c71-e924-4552-bfe7-2cbf41923f91",
        "run/parent-child",
    ),
    (
        WHOLE,
        "fit: {run: fc3695f3-be96-4863-a8e2-a203a96f12ce,",
        "fit: {run: 9ae79c71-e924-4552-bfe7-2cbf41923f91,",
        "run/parent-child",
    ),
    (
        WHOLE,
        "measure: {run: 30a5de5e-9230-410b-ac80-5cc953865718",
        "measure: {run: nowhere",
        "reference/unresolved-object",
    ),
    (FIT, "2026-08-20T05:09", "2026-08-20T05:00", "pipeline/run-order"),
    (FIT, "2026-08-20T05:09", "2026-08-19T05:00", "pipeline/run-order"),
    (FIT, "modelDigest: \"sha256:", "modelDigest: \"sha512:", "error: the run is not attested"),
    ("runs/prepare.yml", "value: 17", "value: 18", "the run 'prepare-7' says another value of 'seed'"),
    ("runs/prepare.yml", "98e15de15085c07a", "18e15de15085c07a", "executed the commit '18e15de15085c07a"),
    ("runs/prepare.yml", "sha256:673817a0", "sha256:773817a0", "reproducibility/digest-disagrees"),
    (
        "runs/prepare.yml",
        "dataset: loans@1.0.0, digest: \"sha256:673817a0510e930892b7ffb9acb67d84082623486acf4e9f17b620112b9803f5\"",
        "dataset: checks@1.0.0",
        "the run 'prepare-7' reads 'checks@1.0.0', which the pipeline does not give to the step 'prepare'",
    ),
    (
        "runs/prepare.yml",
        "dataset: loans@1.0.0, digest: \"sha256:673817a0510e930892b7ffb9acb67d84082623486acf4e9f17b620112b9803f5\"",
        "path: {DataStore: lake, RelativePath: other.parquet}",
        "which is not data of the pipeline",
    ),
    ("modules/prepare.yml", "snapshot_id: 90e5", "snapshot_idd: 90e5", "document/"),
];

#[test]
fn nothing_is_attested_of_a_run_that_failed_or_does_not_conform() {
    for (file, from, to, why) in NOT_CONFORMING {
        let project = Project::new();
        project.edit(file, from, to);
        let (code, printed) = project.attest(&[]);
        assert_eq!(code, 1, "{file}: {to}: {printed}");
        assert!(printed.contains(why), "{file}: {to}: {printed}");
        assert!(!project.path("run.json").exists(), "{file}: {to}");
    }
}

#[test]
fn a_setting_in_another_spelling_of_its_name_is_that_setting() {
    let project = Project::new();
    project.edit(FIT, "{key: rate, value: 0.04}", "{key: Rate, value: 0.04}");
    let (code, printed) = project.attest(&[]);
    assert_eq!(code, 0, "{printed}");
}

#[test]
fn whatever_else_was_executed_is_not_passed_over() {
    let project = Project::new();
    let extra = project.text(FIT).replace("fc3695f3", "ac3695f3").replace("fit-7", "extra-7").replace("trees", "other");
    fs::write(project.path("runs/extra.yml"), extra).unwrap();
    let (code, printed) = project.attest(&[]);
    assert_eq!((code, printed.contains("run/parent-child")), (1, true), "{printed}");
    // Nor if the run lists it, and it is that of no step.
    let last = "30a5de5e-9230-410b-ac80-5cc953865718]";
    project.edit(WHOLE, last, &last.replace(']', ", ac3695f3-be96-4863-a8e2-a203a96f12ce]"));
    let (code, printed) = project.attest(&[]);
    let why = "the run 'extra-7' names this one as its parent, and is the run of none of its steps";
    assert_eq!((code, printed.contains(why)), (1, true), "{printed}");
}

#[test]
fn settings_and_comments_hide_nothing() {
    let project = Project::new();
    fs::write(project.path("mlspec-lint.toml"), "[rules]\n\"pipeline\" = \"off\"\n").unwrap();
    project.edit(
        WHOLE,
        "  measure: {run: 30a5de5e-9230-410b-ac80-5cc953865718, status: completed}\n",
        "  # mlspec: ignore[pipeline]\n  mesure: {status: completed}\n",
    );
    let (code, printed) = project.attest(&[]);
    assert_eq!((code, printed.contains("pipeline/unknown-step")), (1, true), "{printed}");
}

#[test]
fn whatever_document_is_changed_denies_and_is_named() {
    let project = Project::new().attested();
    let names: Vec<String> = FILES.iter().map(|(name, _)| (*name).to_owned()).collect();
    for name in names {
        let text = project.text(&name);
        fs::write(project.path(&name), format!("{text}# a comment\n")).unwrap();
        let (code, printed) = project.verify(&[]);
        let why = format!("not verified: {name} is not what was attested: its digest differs");
        assert_eq!((code, printed.contains(&why)), (1, true), "{printed}");
        fs::remove_file(project.path(&name)).unwrap();
        let (code, printed) = project.verify(&[]);
        assert_eq!((code, printed.contains(&name)), (1, true), "{printed}");
        fs::write(project.path(&name), text).unwrap();
    }
    assert_eq!(project.verify(&[]).0, 0);
}

/// Whoever may speak against the run must be heard.
#[test]
fn what_may_be_another_record_of_the_run_is_not_passed_over() {
    let fit = "fc3695f3-be96-4863-a8e2-a203a96f12ce";
    let broken = format!("mlSpecVersion: 0.1.0\nkind: run\nid: {fit}\nstatus: failed\nname: [fit\n");
    let other = format!("mlSpecVersion: 0.1.0\nkind: run\nid: {fit}\nname: fit-7\nexperiment_id: a\nstatus: failed\n");
    for (text, why) in [(&*broken, "runs/more.yml cannot be read"), (&*other, "naming/duplicate-id")] {
        let project = Project::new();
        fs::write(project.path("runs/more.yml"), text).unwrap();
        let (code, printed) = project.attest(&[]);
        assert_eq!((code, printed.contains(why)), (1, true), "{printed}");
    }
    let project = Project::new();
    fs::write(project.path("runs/more.yml"), broken.replace(fit, "another")).unwrap();
    let (code, printed) = project.attest(&[]);
    assert_eq!(code, 0, "{printed}");
}

/// Signs another statement with the key of the project.
fn forge(project: &Project, change: impl FnOnce(&mut Value)) {
    use ed25519_dalek::Signer;
    use ed25519_dalek::pkcs8::DecodePrivateKey;
    let mut statement = project.statement();
    change(&mut statement);
    let payload = statement.to_string();
    let key = ed25519_dalek::SigningKey::from_pkcs8_pem(project.text("key.pem").trim()).unwrap();
    let kind = "application/vnd.in-toto+json";
    let signed = format!("DSSEv1 {} {kind} {} {payload}", kind.len(), payload.len());
    let signature = BASE64.encode(&key.sign(signed.as_bytes()).to_bytes());
    let envelope =
        json!({"payload": BASE64.encode(payload.as_bytes()), "payloadType": kind, "signatures": [{"sig": signature}]});
    fs::write(project.path("run.json"), envelope.to_string()).unwrap();
}

#[test]
fn whatever_a_statement_says_more_or_less_is_found_though_it_is_signed() {
    let definition = "/predicate/buildDefinition";
    let details = "/predicate/runDetails";
    type Change<'a> = (&'a str, &'a dyn Fn(&mut Value));
    let changes: &[Change<'_>] = &[
        ("not the one that documents tell of", &|all| all["subject"][0]["digest"]["sha256"] = json!("a".repeat(64))),
        ("another statement", &|all| all["subject"][0]["name"] = json!("fit/other")),
        ("another statement", &|all| {
            let more = json!({"name": "more", "digest": {"sha256": "b".repeat(64)}});
            all["subject"].as_array_mut().unwrap().push(more);
        }),
        ("another statement", &|all| {
            all.pointer_mut(definition).unwrap()["externalParameters"]["parameters"]["rate"] = json!(0.05)
        }),
        ("another statement", &|all| {
            drop(all.pointer_mut(definition).unwrap().as_object_mut().unwrap().remove("internalParameters"))
        }),
        ("another statement", &|all| {
            all.pointer_mut(definition).unwrap()["resolvedDependencies"][3]["digest"]["sha256"] = json!("c".repeat(64))
        }),
        ("another statement", &|all| {
            drop(all.pointer_mut(definition).unwrap()["resolvedDependencies"].as_array_mut().unwrap().pop())
        }),
        ("another one", &|all| all.pointer_mut(definition).unwrap()["buildType"] = json!("https://example.com/build")),
        ("another statement", &|all| {
            all.pointer_mut(details).unwrap()["metadata"]["startedOn"] = json!("2026-08-20T05:00:00Z")
        }),
        ("there is no run", &|all| all.pointer_mut(details).unwrap()["metadata"]["invocationId"] = json!("another")),
        ("is attested twice", &|all| {
            let first = all.pointer(details).unwrap()["byproducts"][0].clone();
            all.pointer_mut(details).unwrap()["byproducts"].as_array_mut().unwrap().push(first);
        }),
        ("is outside of the folder", &|all| {
            all.pointer_mut(details).unwrap()["byproducts"][0]["name"] = json!("../secret.yml")
        }),
        ("is outside of the folder", &|all| {
            all.pointer_mut(details).unwrap()["byproducts"][0]["name"] = json!("/etc/passwd")
        }),
        ("has no name or no SHA-256", &|all| {
            drop(all.pointer_mut(details).unwrap()["byproducts"][0].as_object_mut().unwrap().remove("digest"))
        }),
        ("is not the provenance of a run", &|all| drop(all["predicate"].as_object_mut().unwrap().remove("runDetails"))),
        ("`predicateType` is", &|all| all["predicateType"] = json!("https://slsa.dev/provenance/v0.2")),
        ("needs at least one subject", &|all| all["subject"] = json!([])),
    ];
    for (why, change) in changes {
        let project = Project::new().attested();
        forge(&project, |_| {});
        assert_eq!(project.verify(&[]).0, 0, "signing anew alone changes nothing");
        forge(&project, change);
        let (code, printed) = project.verify(&[]);
        assert_eq!(code, 1, "{why}: {printed}");
        assert!(printed.contains(why), "{why}: {printed}");
    }
}

#[test]
fn who_uses_an_artifact_can_demand_run_builder_pipeline_and_age() {
    let project = Project::new().attested();
    let digest = project.run(&["verify", "run.json", "--key", "key.pub", "--as-of", "2026-08-21"]).1;
    let digest = digest.rsplit_once("sha256:").unwrap().1.trim().trim_end_matches(')').to_owned();
    fs::write(project.path("pretty.yml"), format!("# as required\n{}", project.text(PIPELINE))).unwrap();
    fs::write(project.path("another.yml"), project.text(PIPELINE).replace("default: 17", "default: 18")).unwrap();
    let wrong = "f".repeat(64);
    let demands: &[(&[&str], i32)] = &[
        (&["--subject", "made/model.txt", "--run", RUN, "--builder", BUILDER, "--max-age", "2d"], 0),
        (&["--pipeline", PIPELINE, "--pipeline-digest", &digest], 0),
        (&["--pipeline", "pretty.yml"], 0),
        (&["--pipeline", "another.yml"], 1),
        (&["--pipeline", FIT], 2),
        (&["--pipeline-digest", &wrong], 1),
        (&["--subject", WHOLE], 1),
        (&["--subject", "made/model.txt", "--subject", WHOLE], 1),
        (&["--run", "9ae79c71-e924-4552-bfe7-2cbf41923f91"], 1),
        (&["--builder", "https://ci.contoso.com/other"], 1),
        (&["--max-age", "12h"], 1),
        (&["--artifacts", "."], 0),
        (&["--artifacts", "nowhere"], 2),
    ];
    for (demand, expected) in demands {
        let (code, printed) = project.verify(demand);
        assert_eq!(code, *expected, "{demand:?}: {printed}");
    }
    let early = ["verify", "run.json", "--key", "key.pub", "--as-of", "2026-08-01"];
    let (code, printed) = project.run(&early);
    assert_eq!((code, printed.contains("submitted after the time of --as-of")), (1, true), "{printed}");
}

#[test]
fn what_is_not_signed_with_the_key_denies() {
    let project = Project::new().attested();
    let (code, printed) = project.run(&["verify", "run.json", "--key", "other.pub"]);
    assert_eq!((code, printed.contains("another key signed it")), (1, true), "{printed}");
    let mut envelope: Value = serde_json::from_str(&project.text("run.json")).unwrap();
    envelope["signatures"] = json!([]);
    fs::write(project.path("run.json"), envelope.to_string()).unwrap();
    let (code, printed) = project.verify(&[]);
    assert_eq!((code, printed.contains("has no signature")), (1, true), "{printed}");
    // No other tool verifies an envelope that is in no bundle.
    assert_eq!(project.run(&["verify", "run.json", "--bundle"]).0, 1);
}

/// An attestation of one run says nothing about what another made, though the documents of both are in place.
#[test]
fn an_attestation_of_another_run_does_not_let_a_file_pass() {
    let project = Project::new().attested();
    fs::write(project.path("made/model-8.txt"), "other trees\n").unwrap();
    let (code, printed) = project.verify(&["--subject", "made/model-8.txt"]);
    let why = "made/model-8.txt was not made by this run, or was changed since";
    assert_eq!((code, printed.contains(why)), (1, true), "{printed}");
}

#[test]
fn no_credential_is_attested() {
    for (name, value) in [
        ("api_key", "q8Zt7Lw2Xc9Vb4Nm1Kj6"),
        ("note", "AKIAQ7R2TB5XKM4NPLWZ"),
        ("url", "https://me:Xc9Vb4Nm1Kj6@host/x"),
    ] {
        let project = Project::new();
        project.edit(
            PIPELINE,
            "  - {name: seed,",
            &format!("  - {{name: {name}, type: string, default: none}}\n  - {{name: seed,"),
        );
        project.edit(WHOLE, "rate: 0.04}", &format!("rate: 0.04, {name}: \"{value}\"}}"));
        let (code, printed) = project.attest(&["--predicate", "predicate.json"]);
        assert_eq!(code, 1, "{name}: {printed}");
        assert!(!printed.contains(value), "{printed}");
        assert!(!project.path("run.json").exists() && !project.path("predicate.json").exists());
    }
    let project = Project::new();
    let builder = "https://me:Xc9Vb4Nm1Kj6@ci.contoso.com/x";
    let (code, printed) = project.run(&["run", RUN, "--builder", builder, "--key", "key.pem", "-o", "run.json"]);
    assert_eq!((code, printed.contains("would show a credential")), (1, true), "{printed}");
    assert!(!printed.contains("Xc9Vb4Nm1Kj6"), "{printed}");
}

#[test]
fn runs_are_named_by_id_name_or_file() {
    let project = Project::new();
    for name in [RUN, "train-7", WHOLE, "./runs/whole.yml"] {
        let (code, printed) = project.run(&["run", name, "--builder", BUILDER, "--key", "key.pem", "-o", "run.json"]);
        assert_eq!(code, 0, "{name}: {printed}");
    }
    for (name, why) in [("fit-7", "no run of a pipeline is called 'fit-7'"), ("train-8", "did you mean 'train-7'?")] {
        let (code, printed) = project.run(&["run", name, "--builder", BUILDER, "--key", "key.pem", "-o", "run.json"]);
        assert_eq!((code, printed.contains(why)), (2, true), "{printed}");
    }
    fs::write(project.path("runs/again.yml"), project.text(WHOLE)).unwrap();
    let (code, printed) = project.attest(&[]);
    assert_ne!(code, 0, "two runs with one id: {printed}");
    for arguments in [
        &["run", "train-7", "--builder", "me", "--key", "key.pem", "-o", "run.json"][..],
        &["run", "train-7", "--builder", BUILDER, "-o", "run.json"],
        &["run", "train-7", "--builder", BUILDER],
        &["run", "train-7", "--builder", BUILDER, "--key", "key.pem", "-o", WHOLE],
        &["run", "train-7", "--key", "key.pem", "-o", "run.json"],
        &["run", "train-7", "nowhere", "--builder", BUILDER, "--key", "key.pem", "-o", "run.json"],
    ] {
        assert_eq!(project.run(arguments).0, 2, "{arguments:?}");
    }
}

/// Runs that started each other, steps that wait for each other, an artifact outside of the folder.
#[test]
fn hostile_documents_end() {
    let project = Project::new();
    project.edit(
        WHOLE,
        "status: completed\npipeline",
        "parent_run_id: fc3695f3-be96-4863-a8e2-a203a96f12ce\nstatus: completed\npipeline",
    );
    project.edit(
        FIT,
        "status: completed\n",
        "status: completed\nchild_run_ids: [911fbad9-3c10-4a7c-af14-9485b5b42a70]\n",
    );
    assert_eq!(project.attest(&[]).0, 1);
    let project = Project::new();
    project.edit(
        PIPELINE,
        "inputs: {rows: {from: data.train}}",
        "after: [measure]\n    inputs: {rows: {from: data.train}}",
    );
    assert_eq!(project.attest(&[]).0, 1);
    for path in ["../outside.txt", "/etc/passwd", "made/../../outside.txt"] {
        let project = Project::new();
        project.edit(FIT, "RelativePath: made/model.txt", &format!("RelativePath: {path}"));
        let (code, printed) = project.attest(&["--artifacts", "made"]);
        assert!(code == 1 || printed.contains("leads out of the folder of the artifacts"), "{path}: {printed}");
    }
}

/// Thousands of steps that all read the same data take no longer than they are many.
#[test]
fn large_pipelines_are_judged() {
    let project = Project::new();
    let (mut steps, mut told, mut runs, mut children) = (String::new(), String::new(), String::new(), String::new());
    for at in 0..2000 {
        steps += &format!("  more{at}: {{cmd: python more.py, inputs: {{rows: {{from: data.train}}}}}}\n");
        told += &format!("  more{at}: {{run: m-{at}, status: completed}}\n");
        runs += &format!(
            "---\nmlSpecVersion: 0.1.0\nkind: run\nid: m-{at}\nname: more-{at}\nparent_run_id: {RUN}\n\
             submittedDate: 2026-08-20T05:02:00Z\nstatus: completed\n"
        );
        children += &format!(", m-{at}");
    }
    fs::write(project.path("runs/more.yml"), runs).unwrap();
    project.edit(
        WHOLE,
        ", 30a5de5e-9230-410b-ac80-5cc953865718]",
        &format!(", 30a5de5e-9230-410b-ac80-5cc953865718{children}]"),
    );
    project.edit(PIPELINE, "pipeline: [prepare, fit, measure]\n", "");
    project.edit(PIPELINE, "steps:\n", &format!("steps:\n{steps}"));
    project.edit(WHOLE, "steps:\n", &format!("steps:\n{told}"));
    let project = project.attested();
    project.edit(WHOLE, "  more7: {run: m-7, status: completed}\n", "");
    let (code, printed) = project.attest(&[]);
    assert_eq!((code, printed.contains("more7")), (1, true), "{printed}");
}

#[cfg(unix)]
#[test]
fn no_link_leads_out_of_the_folder() {
    let project = Project::new().attested();
    let outside = TempDir::new().unwrap();
    fs::copy(project.path(FIT), outside.path().join("fit.yml")).unwrap();
    fs::remove_file(project.path(FIT)).unwrap();
    std::os::unix::fs::symlink(outside.path().join("fit.yml"), project.path(FIT)).unwrap();
    let (code, printed) = project.verify(&[]);
    assert_eq!((code, printed.contains("is outside of the folder")), (1, true), "{printed}");
}

/// The example of the repository.
#[test]
fn the_run_of_the_example_is_attested() {
    let folder = TempDir::new().unwrap();
    folder.copy_from(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/credit-default"), &["**/*"]).unwrap();
    let other = Project::new();
    for key in ["key.pem", "key.pub"] {
        folder.child(key).write_str(&other.text(key)).unwrap();
    }
    let project = Project { folder };
    let run = "runs/2026-08-20-training/pipeline-run.yml";
    let (code, printed) = project.run(&["run", run, "--builder", BUILDER, "--key", "key.pem", "-o", "run.json"]);
    assert_eq!(code, 0, "{printed}");
    let (code, printed) = project.run(&["verify", "run.json", "--key", "key.pub", "--as-of", "2026-09-01"]);
    assert_eq!(code, 0, "{printed}");
}
