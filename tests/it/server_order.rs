//! The language server under whatever comes in: in any order, cancelled, or no message at all.

use std::fs;
use std::io::{Read, Write};
use std::process::{Command, Stdio};

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::server::{DATASET, RUN, checked, folder, shown};
use crate::support::editor_client::{Client, about};

/// What a client does next.
#[derive(Clone, Debug)]
enum Step {
    /// Replaces one of two texts by one of its versions.
    Change(usize, usize),
    /// Asks about a place of one of them.
    Ask(usize, &'static str, u32),
    /// Asks about all.
    AskAll(&'static str),
    /// Cancels one of the requests so far, answered or not.
    Cancel(prop::sample::Index),
    /// Closes a text and opens it again with one of its versions.
    Reopen(usize, usize),
    /// Says that a file has changed on disk, which is open.
    Touch(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let methods = prop::sample::select(vec![
        "textDocument/hover",
        "textDocument/completion",
        "textDocument/definition",
        "textDocument/references",
        "textDocument/documentSymbol",
        "textDocument/prepareRename",
        "textDocument/codeLens",
        "textDocument/foldingRange",
        "textDocument/semanticTokens/full",
        "textDocument/diagnostic",
        "textDocument/unheardOf",
    ]);
    let all = prop::sample::select(vec!["workspace/symbol", "workspace/diagnostic"]);
    prop_oneof![
        6 => (0..2_usize, 0..4_usize).prop_map(|(file, version)| Step::Change(file, version)),
        6 => (0..2_usize, methods, 0..10_u32).prop_map(|(file, method, line)| Step::Ask(file, method, line)),
        1 => all.prop_map(Step::AskAll),
        4 => any::<prop::sample::Index>().prop_map(Step::Cancel),
        1 => (0..2_usize, 0..4_usize).prop_map(|(file, version)| Step::Reopen(file, version)),
        1 => (0..2_usize).prop_map(Step::Touch),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    /// Whatever the order, each request is answered once, and in the end the diagnostics are those of the last texts.
    #[test]
    fn each_request_is_answered_once_and_the_last_text_counts(steps in prop::collection::vec(step(), 1..60)) {
        let (_temporary, folder) = folder();
        let files = [folder.join("data.yml"), folder.join("run.yml")];
        let versions = [
            [DATASET.to_owned(), DATASET.replace("größe", "other"), DATASET.replace("name:", "name"), String::new()],
            [RUN.to_owned(), RUN.replace("\"0.8\"", "0.8"), RUN.replace("@1.0.0", "@9.0.0"), format!("{RUN}---\n{RUN}")],
        ];
        let mut texts = [versions[0][0].clone(), versions[1][0].clone()];
        let mut client = Client::new(&[&folder], &["utf-16"]);
        (0..2).for_each(|at| client.open(&files[at], &texts[at]));
        let mut asked: Vec<i64> = Vec::new();
        for (number, step) in (2..).zip(steps) {
            match step {
                Step::Change(file, version) => {
                    texts[file].clone_from(&versions[file][version]);
                    client.change(&files[file], number, json!([{"text": texts[file]}]));
                }
                Step::Reopen(file, version) => {
                    texts[file].clone_from(&versions[file][version]);
                    client.tell("textDocument/didClose", about(&files[file]));
                    client.open(&files[file], &texts[file]);
                }
                Step::Touch(file) => {
                    let own = about(&files[file])["textDocument"]["uri"].clone();
                    client.tell("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": own, "type": 2}]}));
                }
                Step::Ask(file, method, line) => {
                    let mut params = about(&files[file]);
                    params["position"] = json!({"line": line, "character": 10});
                    asked.push(client.begin(method, params));
                }
                Step::AskAll(method) => asked.push(client.begin(method, json!({"query": "", "previousResultIds": []}))),
                Step::Cancel(which) if !asked.is_empty() => {
                    client.tell("$/cancelRequest", json!({"id": which.get(&asked)}));
                }
                Step::Cancel(_) => {}
            }
        }
        let mut found = Vec::new();
        for path in &files {
            found.extend(shown(path, &client.diagnostics(path)));
        }
        // All of what came before is answered now.
        client.ask("workspace/symbol", json!({"query": ""}));
        let answers = |id: i64| client.said.iter().filter(|own| own.get("method").is_none() && own["id"] == id).count();
        for id in &asked {
            prop_assert_eq!(answers(*id), 1, "request {}", id);
        }
        for message in client.said.iter().filter(|own| own.get("error").is_some()) {
            let code = message["error"]["code"].as_i64().unwrap();
            // Cancelled, the text has changed, no such method.
            prop_assert!([-32800, -32801, -32601].contains(&code), "{}", message);
        }
        files.iter().zip(&texts).for_each(|(path, text)| fs::write(path, text).unwrap());
        found.sort();
        prop_assert_eq!(found, checked(&folder));
        prop_assert_eq!(client.end(), 0);
    }
}

/// Starts the server, writes bytes, and closes. Returns what it wrote, and its exit code.
fn after(bytes: &[u8]) -> (String, Option<i32>) {
    let mut server = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"))
        .arg("server")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut to = server.stdin.take().unwrap();
    // It may be gone before all is written.
    let _ = to.write_all(bytes);
    drop(to);
    let (mut out, mut err) = (String::new(), String::new());
    server.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    server.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert!(!err.contains("panicked"), "{err}");
    (out, server.wait().unwrap().code())
}

fn framed(message: &str) -> String {
    format!("Content-Length: {}\r\n\r\n{message}", message.len())
}

#[test]
fn what_is_no_message_is_answered_with_an_error_and_skipped() {
    let start = json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}).to_string();
    let done = json!({"jsonrpc": "2.0", "method": "initialized", "params": {}}).to_string();
    let mut input = framed(&start) + &framed(&done);
    for bad in ["{", "[]", "null", "{\"id\": 7}", "\u{0}"] {
        input += &framed(bad);
    }
    input += &framed(&json!({"jsonrpc": "2.0", "id": 2, "method": "shutdown"}).to_string());
    input += &framed(&json!({"jsonrpc": "2.0", "method": "exit"}).to_string());
    let (out, code) = after(input.as_bytes());
    assert_eq!(code, Some(0), "{out}");
    assert!(out.matches("\"id\":null").count() >= 4 && out.contains("\"id\":2"), "{out}");
}

#[test]
fn no_header_takes_memory_or_time() {
    for bytes in ["Content-Length: 99999999999999\r\n\r\n{}", "Content-Length: 400000000\r\n\r\n{}", "x", "\r\n\r\n"] {
        let (out, code) = after(bytes.as_bytes());
        assert!(code.is_some() && code != Some(0), "{bytes}: {out}");
    }
    after(&vec![b'a'; 1 << 20]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn any_bytes_end_it_or_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..300), is_framed in any::<bool>()) {
        let length = format!("Content-Length: {}\r\n\r\n", bytes.len()).into_bytes();
        let (_, code) = after(&if is_framed { [length, bytes].concat() } else { bytes });
        prop_assert!(code.is_some());
    }

    /// Messages of the protocol with any parameters.
    #[test]
    fn any_parameters_are_answered(
        method in prop::sample::select(vec![
            "textDocument/completion", "textDocument/rename", "textDocument/prepareRename", "textDocument/inlayHint", "textDocument/codeLens",
            "textDocument/selectionRange", "textDocument/foldingRange", "callHierarchy/incomingCalls", "workspace/diagnostic", "textDocument/diagnostic",
        ]),
        line in prop::sample::select(vec![json!(0), json!(8), json!(u32::MAX), json!(-1), json!("x"), Value::Null]),
        character in prop::sample::select(vec![json!(0), json!(14), json!(u32::MAX), json!(4_294_967_296_u64)]),
        extra in prop::sample::select(vec![json!({}), json!([]), json!({"newName": "\u{0}"}), json!({"newName": ["a"]}), json!({"positions": 1})]),
    ) {
        let (_temporary, folder) = folder();
        let fit = folder.join("run.yml");
        let mut client = Client::new(&[&folder], &["utf-16"]);
        client.open(&fit, RUN);
        let mut params = about(&fit);
        let position = json!({"line": line, "character": character});
        params["position"] = position.clone();
        params["positions"] = json!([position]);
        params["range"] = json!({"start": position, "end": position});
        params["item"] = json!({"uri": params["textDocument"]["uri"], "selectionRange": params["range"]});
        params["previousResultIds"] = extra.clone();
        if let Some(extra) = extra.as_object() {
            extra.iter().for_each(|(name, value)| params[name] = value.clone());
        }
        let id = client.begin(method, params);
        let answer = client.answer(id);
        prop_assert!(answer.get("result").is_some() || answer["error"]["message"].is_string(), "{}", answer);
        prop_assert_eq!(client.end(), 0);
    }
}
