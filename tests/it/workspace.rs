//! A document in its workspace: where others are searched for, and that only the requested files are reported.

use std::path::Path;
use std::process::{Command, Stdio};

use assert_fs::TempDir;
use assert_fs::prelude::*;
use serde_json::Value;

const STORE: &str = "kind: datastore
mlSpecVersion: 0.1.0
id: 8d7f2d0a-5a51-4f0b-9c0e-1f8a7f3f2b10
name: credit-lake
type: s3
status: Active
bucket: credit
";

/// Returns a datapath into a store.
fn datapath(store: &str) -> String {
    format!("kind: datapath\nmlSpecVersion: 0.1.0\nDataStore: {store}\nRelativePath: loans/2026.parquet\n")
}

fn run(id: &str, rest: &str) -> String {
    format!(
        "kind: run\nmlSpecVersion: 0.1.0\nid: {id}\nname: fit\n{rest}hyperparameters:\n  - {{key: seed, value: 17}}\n\
         code: {{repository: \"https://git.example.com/credit\", commit: 5f2d7c1b9e0a4c8d6b3f1a2e7d9c0b8a4e6f5d31}}\n\
         datasets:\n  - {{key: loans, role: training, dataset: loans@1.0.0}}\n"
    )
}

fn output(folder: &Path, arguments: &[&str], stdin: Option<&str>) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"));
    command.arg("check").args(arguments).current_dir(folder).stdin(Stdio::piped());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut pipe, stdin.unwrap_or("").as_bytes()).unwrap();
    drop(pipe);
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

/// Returns the findings of `check`, as `path:line: severity rule`.
fn found(folder: &Path, arguments: &[&str]) -> Vec<String> {
    findings(&output(folder, &[arguments, &["--format", "json"]].concat(), None).1)
}

fn findings(json: &str) -> Vec<String> {
    let report: Value = serde_json::from_str(json).unwrap();
    let line = |finding: &Value| {
        let text = |key: &str| finding[key].as_str().unwrap().to_owned();
        format!("{}:{}: {} {}", text("path"), finding["span"]["start"]["line"], text("severity"), text("rule"))
    };
    report["findings"].as_array().unwrap().iter().map(line).collect()
}

const UNRESOLVED: &str = "a/path.yml:3: error reference/unresolved-object";

/// Returns a workspace with a datapath that leads nowhere; the datastore is in another folder.
fn project() -> TempDir {
    let folder = TempDir::new().unwrap();
    folder.child("a/path.yml").write_str(&datapath("credit-leak")).unwrap();
    folder.child("b/store.yml").write_str(STORE).unwrap();
    folder
}

#[test]
fn the_folder_of_the_settings_is_the_workspace() {
    let folder = project();
    folder.child("mlspec-lint.toml").write_str("").unwrap();
    assert_eq!(found(folder.path(), &["a/path.yml"]), [UNRESOLVED]);
    assert_eq!(found(folder.path(), &["a"]), [UNRESOLVED]);
    assert_eq!(found(folder.path(), &["."]), [UNRESOLVED]);
    assert_eq!(found(&folder.path().join("a"), &["path.yml"]), ["path.yml:3: error reference/unresolved-object"]);
}

#[test]
fn without_settings_the_git_repository_is() {
    let folder = project();
    assert_eq!(found(folder.path(), &["a/path.yml"]), [""; 0], "alone it can be neither right nor wrong");
    folder.child(".git/HEAD").write_str("ref: refs/heads/main\n").unwrap();
    assert_eq!(found(folder.path(), &["a/path.yml"]), [UNRESOLVED]);
}

#[test]
fn an_option_names_the_workspace() {
    let folder = project();
    assert_eq!(found(folder.path(), &["a/path.yml", "--workspace", "."]), [UNRESOLVED]);
    assert_eq!(found(folder.path(), &["a/path.yml", "--workspace", "a"]), [""; 0]);
    assert_eq!(output(folder.path(), &["a/path.yml", "--workspace", "none"], None).0, Some(2));
}

#[test]
fn where_nobody_can_tell_what_else_there_is_the_finding_is_a_warning() {
    let folder = project();
    let warning = ["a/path.yml:3: warning reference/unresolved-object"];
    assert_eq!(found(folder.path(), &["a/path.yml", "b/store.yml"]), warning);
    assert_eq!(found(folder.path(), &["a", "b"]), [UNRESOLVED], "a folder is taken to be whole");
}

#[test]
fn findings_are_about_what_was_asked_for_and_point_into_the_rest() {
    let folder = project();
    folder.child("mlspec-lint.toml").write_str("").unwrap();
    folder.child("b/broken.yml").write_str("kind: dataset\nmlSpecVersion: 0.1.0\nid: [\n").unwrap();
    folder.child("b/twin.yml").write_str(&STORE.replace("credit-lake", "other-lake")).unwrap();
    let (code, json) = output(folder.path(), &["b/store.yml", "--format", "json"], None);
    assert_eq!((code, findings(&json)), (Some(1), vec!["b/store.yml:3: error naming/duplicate-id".to_owned()]));
    let report: Value = serde_json::from_str(&json).unwrap();
    let related = &report["findings"][0]["related"][0];
    assert_eq!((&related["path"], &related["span"]["start"]["line"]), (&"b/twin.yml".into(), &3.into()));
    assert_eq!(report["summary"]["files"], 1);
}

#[test]
fn standard_input_stands_for_the_file_that_it_is_named_after() {
    let folder = project();
    folder.child("mlspec-lint.toml").write_str("").unwrap();
    let arguments = ["-", "--stdin-filename", "b/store.yml", "--format", "json"];
    let (_, json) = output(folder.path(), &arguments, Some(STORE));
    assert_eq!(findings(&json), [""; 0], "the file on the disk is not a second object");
    let arguments = ["-", "--stdin-filename", "b/other.yml", "--format", "json"];
    let (_, json) = output(folder.path(), &arguments, Some(STORE));
    assert_eq!(findings(&json), ["b/other.yml:3: error naming/duplicate-id"]);
}

#[test]
fn the_kind_that_is_given_is_that_of_what_is_checked() {
    let folder = project();
    folder.child("mlspec-lint.toml").write_str("").unwrap();
    folder.child("b/compose.yml").write_str("id: 1\nservices: {}\n").unwrap();
    folder.child("c.yml").write_str("DataStore: credit-lake\nRelativePath: a.csv\n").unwrap();
    assert_eq!(found(folder.path(), &["c.yml", "--kind", "datapath"]), [""; 0]);
}

#[test]
fn runs_that_are_kept_elsewhere_are_not_asked_for() {
    let folder = TempDir::new().unwrap();
    let pipeline_run = "kind: pipeline-run\nmlSpecVersion: 0.1.0\nid: 0e4b7a91-35c2-4d1f-9f86-8c7d6e5f4a32\nname: nightly\n\
                        pipeline: train\nsteps:\n  fit: {run: 592f0c1c-72ae-4236-9202-7e6aff1954f4}\n";
    folder.child("nightly.yml").write_str(pipeline_run).unwrap();
    assert_eq!(found(folder.path(), &["."]), [""; 0]);
    folder.child("other.yml").write_str(&run("77c9f5a2-1d3e-4b68-9a04-6e5d4c3b2a10", "")).unwrap();
    assert_eq!(found(folder.path(), &["."]), ["nightly.yml:7: error reference/unresolved-object"]);
    let alone = TempDir::new().unwrap();
    let parent = "parent_run_id: 592f0c1c-72ae-4236-9202-7e6aff1954f4\n";
    alone.child("run.yml").write_str(&run("77c9f5a2-1d3e-4b68-9a04-6e5d4c3b2a10", parent)).unwrap();
    assert_eq!(found(alone.path(), &["."]), [""; 0]);
}

#[test]
fn what_is_excluded_is_not_looked_up_either() {
    let folder = project();
    folder.child("mlspec-lint.toml").write_str("exclude = [\"b\"]\n").unwrap();
    assert_eq!(found(folder.path(), &["."]), [""; 0]);
}

#[test]
fn comments_suppress_what_is_found_beside_other_documents() {
    let folder = project();
    let path = folder.child("a/path.yml");
    path.write_str(&datapath("credit-leak # mlspec: ignore[reference/unresolved-object] moves next week")).unwrap();
    assert_eq!(found(folder.path(), &["."]), [""; 0]);
    assert_eq!(found(folder.path(), &[".", "--no-ignores"]), [UNRESOLVED]);
    path.write_str(&datapath("credit-lake # mlspec: ignore[reference/unresolved-object] moves next week")).unwrap();
    assert_eq!(found(folder.path(), &["."]), ["a/path.yml:3: warning suppression/unused"]);
    // It is fixed together with the other faults of the file.
    assert_eq!(found(folder.path(), &[".", "--fix"]), [""; 0]);
    assert_eq!(std::fs::read_to_string(path.path()).unwrap(), datapath("credit-lake"));
}

#[test]
fn the_settings_change_the_severity_of_what_is_found_beside_other_documents() {
    let folder = project();
    folder.child("mlspec-lint.toml").write_str("[rules]\n\"reference\" = \"off\"\n").unwrap();
    assert_eq!(found(folder.path(), &["."]), [""; 0]);
    folder.child("mlspec-lint.toml").write_str("[rules]\n\"reference/unresolved-object\" = \"info\"\n").unwrap();
    assert_eq!(found(folder.path(), &["."]), [UNRESOLVED.replace("error", "info")]);
}

#[test]
fn one_fault_does_not_hide_another_in_the_same_document() {
    let folder = TempDir::new().unwrap();
    folder.child("store.yml").write_str(STORE).unwrap();
    // Its version is not supported, but its datastore is still looked up.
    folder.child("path.yml").write_str(&datapath("credit-leak").replace("0.1.0", "0.7.0")).unwrap();
    let expected = ["path.yml:2: error document/unsupported-version", "path.yml:3: error reference/unresolved-object"];
    assert_eq!(found(folder.path(), &["."]), expected);
}

#[test]
fn an_unsafe_fix_names_the_parent_that_lists_the_run() {
    const PARENT: &str = "592f0c1c-72ae-4236-9202-7e6aff1954f4";
    const OTHER: &str = "0e4b7a91-35c2-4d1f-9f86-8c7d6e5f4a32";
    const CHILD: &str = "77c9f5a2-1d3e-4b68-9a04-6e5d4c3b2a10";
    let folder = TempDir::new().unwrap();
    folder.child("parent.yml").write_str(&run(PARENT, &format!("child_run_ids: [{CHILD}]\n"))).unwrap();
    folder.child("other.yml").write_str(&run(OTHER, "child_run_ids: []\n")).unwrap();
    let child = folder.child("child.yml");
    child.write_str(&run(CHILD, &format!("parent_run_id: {OTHER} # the search\n"))).unwrap();
    assert_eq!(found(folder.path(), &["."]), ["parent.yml:5: error run/parent-child"]);
    folder.child("other.yml").write_str(&run(OTHER, &format!("child_run_ids: [{PARENT}]\n"))).unwrap();
    let both = [
        "child.yml:5: error run/parent-child",
        "other.yml:5: error run/parent-child",
        "parent.yml:5: error run/parent-child",
    ];
    assert_eq!(found(folder.path(), &["."]), both);
    assert_eq!(found(folder.path(), &[".", "--fix"]), both, "nobody asked for unsafe fixes");
    assert_eq!(found(folder.path(), &[".", "--fix", "--unsafe-fixes"]), ["other.yml:5: error run/parent-child"]);
    let mended = std::fs::read_to_string(child.path()).unwrap();
    assert!(mended.contains(&format!("parent_run_id: {PARENT} # the search\n")), "{mended}");
}

#[test]
fn records_of_one_file_are_looked_at_together() {
    let folder = TempDir::new().unwrap();
    let record = |id: &str, kind: &str, prediction: f64| {
        format!(
            "{{\"mlSpecVersion\": \"0.1.0\", \"kind\": \"{kind}\", \"requestInfo\": {{\"requestId\": \"{id}\", \
             \"requestTimestamp\": \"2026-09-01T08:00:00Z\"}}, \"applicationId\": \"portal\", \
             \"modelId\": \"credit/1\", \"prediction\": {prediction}}}\n"
        )
    };
    let log = [
        record("r-1", "inference-request", 0.7),
        record("r-1", "inference-prediction", 0.7),
        record("r-1", "inference-prediction", 0.8),
        record("r-2", "inference-prediction", 0.7),
    ];
    folder.child("log.jsonl").write_str(&log.concat()).unwrap();
    let expected =
        ["log.jsonl:2: warning inference/request-repeated", "log.jsonl:4: error inference/request-correlation"];
    assert_eq!(found(folder.path(), &["."]), expected);
}

#[test]
fn what_may_be_in_a_file_that_cannot_be_read_is_not_missing() {
    let digest = |digit: &str| format!("sha256:{}", digit.repeat(64));
    let dataset = |number: u32, digest: &str| {
        format!(
            "kind: dataset\nmlSpecVersion: 0.1.0\nid: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c1{number}\nname: cards-{number}\nstate: Active\n\
             version: 1.0.0\nlocation: s3://credit/{number}.parquet\ndigest: {digest}\n"
        )
    };
    let log = format!(
        "kind: inference-log\nmlSpecVersion: 0.1.0\napplicationInfo: {{applicationId: portal}}\nmodelInfo: {{models: [cards/1.2.0]}}\n\
         requestInfo: {{requestId: r-1, requestTimestamp: 2026-08-22T09:30:00Z}}\nprovenance: {{datasetDigest: '{}'}}\n",
        digest("b")
    );
    let validation = |number: u32| {
        format!(
            "kind: validation\nmlSpecVersion: 0.2.0\nid: 0b6f3f8e-5f0b-4a0d-9a40-1c7c2e5d9a6{number}\nname: v-{number}\nschema: cards@1.0.0\n\
             dataset: cards-{number}@1.0.0\nperformedOn: 2026-08-02T05:30:00Z\nresult: passed\n"
        )
    };
    let split = "kind: split\nmlSpecVersion: 0.2.0\nid: 0b6f3f8e-5f0b-4a0d-9a40-1c7c2e5d9a07\nname: s\nsource: all@1.0.0\nmethod: predefined\n\
                 sets: {training: {dataset: cards-1@1.0.0}, holdback: {dataset: cards-2@1.0.0}}\n";
    let test = include_str!("../../src/rules/bases/credit-test.yml");
    let lifecycle = [
        include_str!("../../src/rules/bases/credit-launch.yml"),
        include_str!("../../src/rules/bases/credit-fit.yml"),
        test,
        &test.replace("kind: test", "kind: evaluation").replace("6f1d2c3b", "6f1d2c3c"),
    ]
    .join("---\n");
    for (kept, broken, rule) in [
        (format!("{}---\n{log}", dataset(1, &digest("a"))), dataset(2, &digest("b")), "inference/provenance-unknown"),
        (
            format!("{}---\n{}---\n{}---\n{split}", dataset(1, &digest("a")), dataset(2, &digest("b")), validation(1)),
            validation(2),
            "split/set-not-validated",
        ),
        (
            lifecycle,
            format!("{}---\n{log}", include_str!("../../src/rules/bases/credit-model.yml")),
            "lifecycle/lifecycle-step-missing",
        ),
    ] {
        let folder = TempDir::new().unwrap();
        folder.child("mlspec-lint.toml").write_str("").unwrap();
        folder.child("a.yml").write_str(&kept).unwrap();
        let is_found = || found(folder.path(), &["."]).iter().any(|finding| finding.ends_with(rule));
        assert!(is_found(), "{rule}");
        folder.child("b.yml").write_str(&broken).unwrap();
        assert!(!is_found(), "{rule}");
        folder.child("b.yml").write_str(&format!("{broken}tags: [\n")).unwrap();
        assert!(!is_found(), "{rule}");
        folder.child("b.yml").write_str("kind: dataset\nmlSpecVersion: 0.1.0\nid: [\n").unwrap();
        assert!(is_found(), "{rule}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_blamed_and_not_those_that_refer_to_it() {
    let folder = TempDir::new().unwrap();
    folder.child("mlspec-lint.toml").write_str("").unwrap();
    folder.child("other.yml").write_str(&STORE.replace("credit-lake", "other").replace("8d7f", "9d7f")).unwrap();
    folder.child("broken.yml").write_str(&STORE.replace("bucket: credit", "bucket: [credit")).unwrap();
    folder.child("a.yml").write_str(&datapath("credit-lake")).unwrap();
    folder.child("b.yml").write_str(&datapath("credit-lake")).unwrap();
    folder.child("c.yml").write_str(&datapath("credit-leak")).unwrap();
    assert_eq!(
        found(folder.path(), &["."]),
        ["broken.yml:7: error document/yaml-syntax", "c.yml:3: error reference/unresolved-object"]
    );
    let (_, report) = output(folder.path(), &[".", "--format", "json"], None);
    assert!(report.contains("2 references to names in this file cannot be checked until it can be read"), "{report}");
    assert_eq!(
        found(folder.path(), &["a.yml", "b.yml"]),
        ["a.yml:3: info reference/unresolved-object"],
        "one note names the file that is not checked"
    );
    folder.child("mlspec-lint.toml").write_str("[rules]\n'document/yaml-syntax' = 'off'\n").unwrap();
    assert_eq!(found(folder.path(), &["."]), ["c.yml:3: error reference/unresolved-object"]);
}
