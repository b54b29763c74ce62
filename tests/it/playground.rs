//! The playground: what its page is answered is what the command line says, and as WebAssembly the library says the same.
//!
//! The WebAssembly is that of `playground/build`, in the folder that `MLSPEC_LINT_PLAYGROUND` names. Without it, or without what
//! `npm ci --prefix tests/node` installs, tests of it say that they are skipped.

#[path = "../../playground/wasm/src/answer.rs"]
mod answer;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use assert_fs::TempDir;
use mlspec_lint::rules::{self, page::examples};
use serde_json::{Value, json};

fn answered(request: &Value) -> Value {
    serde_json::from_str(&answer::answer(request.to_string().as_bytes())).unwrap()
}

/// Returns all blocks of all pages as requests, with the rule and whether it is broken.
fn blocks() -> Vec<(&'static str, bool, Value)> {
    let mut blocks = Vec::new();
    for rule in rules::all() {
        for heading in ["Fails", "Passes"] {
            let requests = answer::requests(rule, heading).into_iter();
            blocks.extend(requests.map(|request| (rule.id, heading == "Fails", request)));
        }
    }
    blocks
}

/// Returns requests that are answered with more than a report, and some that cannot be answered.
fn others() -> Vec<Value> {
    let examples = answered(&json!({"do": "examples"}))["examples"].as_array().unwrap().clone();
    let explain = |id: &str| json!({"do": "explain", "rule": id});
    let mask = json!({"do": "mask", "text": "kind: datastore\nconnection:\n  password: hunter2-correct-horse\n"});
    let hostile =
        ["[".repeat(100_000), "- ".repeat(5_000) + "x", "a: &a [*a]\n".repeat(999), "\u{0}\u{1f600}".repeat(9_999)];
    let hostile = hostile.map(|text| json!({"do": "check", "files": [{"name": "hostile.yml", "text": text}]}));
    examples
        .into_iter()
        .chain(hostile)
        .chain(rules::all().iter().map(|rule| explain(rule.id)))
        .chain([mask, json!({"do": "rules"}), explain("absent/rule"), json!({"do": "what"}), json!([1]), json!({})])
        .collect()
}

#[test]
fn every_block_of_every_page_is_answered_as_the_page_says() {
    let blocks = blocks();
    assert!(blocks.len() > 700, "{}", blocks.len());
    for rule in rules::all() {
        // What no text alone can show is described.
        let is_shown = examples(rule, "Fails").iter().any(|example| example.language != "text");
        let is_tried = blocks.iter().any(|(id, fails, _)| *id == rule.id && *fails);
        assert_eq!(is_tried, is_shown, "{}", rule.id);
    }
    for (id, fails, request) in blocks {
        let answer = answered(&request);
        let findings =
            answer["report"]["findings"].as_array().unwrap_or_else(|| panic!("{id}: {request:#} {answer:#}"));
        let rules: Vec<&str> = findings.iter().filter_map(|finding| finding["rule"].as_str()).collect();
        assert_eq!(rules.contains(&id), fails, "{id}: {rules:?} in {request:#}");
    }
}

#[test]
fn a_text_has_the_report_and_the_fixes_of_the_command_line() {
    let text = "mlSpecVersion: 0.1.0\nkind: run\nid: 3c4f0a52-7a60-4f0f-a8a9-8f3f7f0f3f11\nname: fit é\nexperiment_id: e\nmetrics:\n  - {key: accuracy, value: '0.8', cout: 3}\n";
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("run.yml"), text).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"));
        command.args(["check", "--isolated", "--exit-zero", "run.yml"]).args(arguments).current_dir(folder.path());
        command.output().unwrap().stdout
    };
    let expected: Value = serde_json::from_slice(&run(&["--format", "json"])).unwrap();
    let answer = answered(&json!({"do": "check", "files": [{"name": "run.yml", "text": text}]}));
    assert_eq!(answer["report"], expected);
    assert!(expected["summary"]["errors"].as_u64().unwrap() >= 2);
    assert_eq!(answer["graph"], Value::Null);
    for (level, arguments) in [("safe", &["--fix"][..]), ("unsafe", &["--fix", "--unsafe-fixes"])] {
        std::fs::write(folder.path().join("run.yml"), text).unwrap();
        run(arguments);
        let fixed = std::fs::read_to_string(folder.path().join("run.yml")).unwrap();
        assert_ne!(fixed, text);
        assert_eq!(answer["fixed"][level]["run.yml"], fixed, "{level}");
    }
}

#[test]
fn a_pipeline_is_drawn_with_what_is_wrong_in_it() {
    let text = "mlSpecVersion: 0.1.0\nkind: pipeline\nname: <b>\nsteps:\n  a: {cmd: x}\n  b: {cmd: y}\npipeline: [a]\n";
    let answer = answered(&json!({"do": "check", "files": [{"name": "p.yml", "text": text}]}));
    let graph = answer["graph"].as_str().unwrap();
    assert!(graph.starts_with("<svg") && !graph.contains("<b>"), "{graph}");
}

#[test]
fn the_verdict_is_that_of_the_gate() {
    let examples = answered(&json!({"do": "examples"}))["examples"].as_array().unwrap().clone();
    let gates: Vec<&Value> = examples.iter().filter(|example| example["do"] == "gate").collect();
    assert_eq!(gates.len(), 2);
    for (request, outcome) in gates.iter().zip(["fail", "pass"]) {
        let answer = answered(request);
        assert_eq!(answer["verdict"]["verdict"], outcome, "{answer:#}");
        let folder = TempDir::new().unwrap();
        for file in request["files"].as_array().unwrap() {
            std::fs::write(folder.path().join(file["name"].as_str().unwrap()), file["text"].as_str().unwrap()).unwrap();
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"));
        command.args(["gate", "objectives.yml", "--isolated", "--format", "json"]).current_dir(folder.path());
        let output = command.output().unwrap();
        let verdict: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
        assert_eq!(answer["verdict"]["objectives"], verdict["objectives"]);
        assert_eq!(answer["verdict"]["counts"], verdict["counts"]);
    }
}

#[test]
fn nothing_is_judged_by_what_has_errors() {
    let examples = answered(&json!({"do": "examples"}))["examples"].as_array().unwrap().clone();
    let gate = examples.iter().find(|example| example["do"] == "gate").unwrap();
    for (file, before, after) in [
        (0, "recall >= 92%", "recal >= 92%"),
        (0, "kind: objectives", "kind: run"),
        (1, "value: 0.9398", "value: '0.9398'"),
        (1, "kind: test", "kind: test\nkind: test"),
    ] {
        let mut request = gate.clone();
        let text = &mut request["files"][file]["text"];
        let changed = text.as_str().unwrap().replacen(before, after, 1);
        assert_ne!(*text, changed);
        *text = changed.into();
        let answer = answered(&request);
        assert!(answer["verdict"].is_null() && answer["refused"].is_string(), "{after}: {answer:#}");
    }
    let none = answered(&json!({"do": "gate", "files": []}));
    assert!(none["refused"].is_string(), "{none}");
}

#[test]
fn a_shared_text_has_no_credentials() {
    let mask = others().into_iter().find(|request| request["do"] == "mask").unwrap();
    let masked = answered(&mask)["text"].as_str().unwrap().to_owned();
    assert!(masked.contains("password:") && !masked.contains("hunter2"), "{masked}");
}

#[test]
fn what_cannot_be_answered_is_an_error() {
    for request in
        ["", "{", "[]", "{}", "{\"do\":\"check\"}", "{\"do\":\"check\",\"files\":[{\"name\":1}]}", "\u{fffd}"]
    {
        let answer: Value = serde_json::from_str(&answer::answer(request.as_bytes())).unwrap();
        assert!(answer["error"].is_string(), "{request}: {answer}");
    }
    let answer: Value = serde_json::from_str(&answer::answer(&[0xff, 0xfe])).unwrap();
    assert!(answer["error"].is_string());
}

/// Returns the folder of the playground as it was built, and that of node's tools.
fn built() -> Option<(PathBuf, PathBuf)> {
    let Some(folder) = std::env::var_os("MLSPEC_LINT_PLAYGROUND").map(PathBuf::from) else {
        eprintln!(
            "skipped: the playground was not built; `playground/build` does, and MLSPEC_LINT_PLAYGROUND names the folder"
        );
        return None;
    };
    assert!(folder.join("mlspec-lint.wasm").is_file(), "{} is not built", folder.display());
    Some((folder, Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/node")))
}

#[test]
fn the_webassembly_answers_as_the_library_does() {
    let Some((folder, node)) = built() else { return };
    let requests: Vec<Value> = blocks().into_iter().map(|(_, _, request)| request).chain(others()).collect();
    let lines: String = requests.iter().map(|request| format!("{request}\n")).collect();
    let input = TempDir::new().unwrap();
    std::fs::write(input.path().join("requests"), lines).unwrap();
    let output = Command::new("node")
        .arg(node.join("playground-answers.mjs"))
        .arg(folder.join("mlspec-lint.wasm"))
        .stdin(std::fs::File::open(input.path().join("requests")).unwrap())
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(output.status.success());
    let answers = String::from_utf8(output.stdout).unwrap();
    assert_eq!(answers.lines().count(), requests.len());
    for (request, line) in requests.iter().zip(answers.lines()) {
        assert_eq!(line, answer::answer(request.to_string().as_bytes()), "{request:#}");
    }
}

#[test]
fn the_page_works_in_a_browser() {
    let Some((folder, node)) = built() else { return };
    let Some(chromium) = super::report_page::chromium() else {
        assert!(std::env::var_os("MLSPEC_LINT_REQUIRE_BROWSER").is_none(), "chromium is not installed");
        eprintln!("skipped: chromium is not installed");
        return;
    };
    let output =
        Command::new("node").arg(node.join("playground-page.mjs")).arg(&folder).arg(chromium).output().unwrap();
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert!(output.status.success(), "{out}{err}");
}
