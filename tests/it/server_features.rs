//! What the language server shows and changes beyond findings: completion, renaming, lenses, hints, colours, structure, whole workspaces.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::server::{DATASET, RUN, folder};
use crate::support::editor_client::{Client, about, uri};

const PIPELINE: &str = "mlSpecVersion: 0.1.0\nkind: pipeline\nname: p\ndata:\n  raw: {location: s3://b/raw}\nsteps:\n  prepare:\n    cmd: python prepare.py\n    inputs: {x: {from: data.raw}}\n    outputs: {out: {}}\n  train:\n    cmd: python train.py\n    inputs: {x: {from: prepare.out}}\n  report:\n    cmd: python report.py\n    after: [train, prepare]\npipeline: [prepare, train, report]\n";

fn strings(list: &Value, pointer: &str) -> Vec<String> {
    list.as_array()
        .unwrap_or_else(|| panic!("{list}"))
        .iter()
        .map(|own| own.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned())
        .collect()
}

/// The text after edits, whose ranges are counted in UTF-16.
fn edited(text: &str, edits: &Value) -> String {
    let place = |position: &Value| {
        let (line, character) = (position["line"].as_u64().unwrap(), position["character"].as_u64().unwrap());
        let start: usize = text.split_inclusive('\n').take(line as usize).map(str::len).sum();
        let mut units = 0;
        let is_before = |c: &char| {
            units += c.len_utf16() as u64;
            units <= character
        };
        start + text[start..].chars().take_while(is_before).map(char::len_utf8).sum::<usize>()
    };
    let mut parts: Vec<(usize, usize, &str)> = edits
        .as_array()
        .unwrap()
        .iter()
        .map(|own| (place(&own["range"]["start"]), place(&own["range"]["end"]), own["newText"].as_str().unwrap()))
        .collect();
    parts.sort();
    let mut out = text.to_owned();
    parts.iter().rev().for_each(|(start, end, new)| out.replace_range(*start..*end, new));
    out
}

#[test]
fn completion_is_offered_as_the_client_understands_it() {
    let (_temporary, folder) = folder();
    let new = folder.join("new.yml");
    let text = "mlSpecVersion: 0.1.0\nkind: run\ndatasets:\n  - {dataset: grö}\nm\n";
    let snippets = json!({"completion": {"completionItem": {"snippetSupport": true}}});
    for (of_text, is_snippet) in [(snippets, true), (json!({}), false)] {
        let mut client = Client::with(&[&folder], &["utf-16"], &of_text, &json!({}));
        assert!(client.capabilities["completionProvider"]["triggerCharacters"].is_array());
        client.open(&new, text);
        let list = client.at("textDocument/completion", &new, 4, 1);
        let metrics = list["items"].as_array().unwrap().iter().find(|own| own["label"] == "metrics").unwrap().clone();
        let written = metrics["textEdit"]["newText"].as_str().unwrap();
        assert_eq!(metrics["insertTextFormat"], if is_snippet { 2 } else { 1 });
        let expected = if is_snippet { "metrics:\n  - key: ${1:" } else { "metrics:" };
        assert!(written.starts_with(expected) && (is_snippet || !written.contains('\n')), "{written}");
        assert!(metrics["detail"].as_str().unwrap().contains("list"), "{metrics}");
        // The object of another file, with the range of what is typed of it in UTF-16.
        let list = client.at("textDocument/completion", &new, 3, 17);
        assert_eq!(strings(&list["items"], "/label"), ["größe-train", "größe-train@1.0.0"]);
        let range = json!({"start": {"line": 3, "character": 14}, "end": {"line": 3, "character": 17}});
        assert_eq!(list["items"][0]["textEdit"]["range"], range);
        assert_eq!(client.end(), 0);
    }
    // What a schema says is left to others.
    let others = json!({"options": {"completion": "beyond-schema", "hover": "beyond-schema"}});
    let mut client = Client::with(&[&folder], &["utf-16"], &others, &json!({}));
    client.open(&new, text);
    assert_eq!(client.at("textDocument/completion", &new, 4, 1)["items"], json!([]));
    assert_eq!(client.at("textDocument/completion", &new, 3, 17)["items"].as_array().unwrap().len(), 2);
    client.change(&new, 2, json!([{"text": PIPELINE}]));
    assert_eq!(client.at("textDocument/hover", &new, 5, 1), Value::Null);
}

#[test]
fn a_field_and_its_values_are_described() {
    let (_temporary, folder) = folder();
    let mut client = Client::new(&[&folder], &["utf-16"]);
    let new = folder.join("new.yml");
    client.open(&new, "mlSpecVersion: 0.1.0\nkind: pipeline\nname: p\nstage: draft\n");
    let shown = client.at("textDocument/hover", &new, 3, 2);
    let text = shown["contents"]["value"].as_str().unwrap();
    assert!(text.starts_with("**stage**: ") && text.contains("- `published`: "), "{text}");
    assert_eq!(client.at("textDocument/hover", &new, 3, 30)["range"], Value::Null);
}

#[test]
fn an_object_is_renamed_in_all_files_or_not_at_all() {
    let (_temporary, folder) = folder();
    let (data, fit) = (folder.join("data.yml"), folder.join("run.yml"));
    let mut client = Client::with(&[&folder], &["utf-16"], &json!({}), &json!({"documentChanges": true}));
    client.open(&fit, RUN);
    let prepared = client.at("textDocument/prepareRename", &fit, 6, 20);
    assert_eq!(prepared["placeholder"], "größe-train");
    let range = json!({"start": {"line": 6, "character": 14}, "end": {"line": 6, "character": 25}});
    assert_eq!(prepared["range"], range);
    assert_eq!(client.at("textDocument/prepareRename", &fit, 0, 2), Value::Null);
    let mut params = about(&fit);
    params["position"] = json!({"line": 6, "character": 20});
    params["newName"] = json!("😀 data");
    let changes = client.ask("textDocument/rename", params.clone())["documentChanges"].clone();
    let of = |path: &Path| {
        let own = uri(path);
        let all = changes.as_array().unwrap();
        all.iter().find(|change| change["textDocument"]["uri"] == *own).unwrap_or_else(|| panic!("{changes}")).clone()
    };
    assert_eq!(
        (&of(&fit)["textDocument"]["version"], &of(&data)["textDocument"]["version"]),
        (&json!(1), &Value::Null)
    );
    assert_eq!(edited(RUN, &of(&fit)["edits"]), RUN.replace("größe-train@", "😀 data@"));
    assert_eq!(edited(DATASET, &of(&data)["edits"]), DATASET.replace("größe-train", "😀 data"));
    // A name that cannot be one, with the reason.
    params["newName"] = json!("a: b");
    let id = client.begin("textDocument/rename", params);
    let answer = client.answer(id);
    assert!(answer["error"]["message"].as_str().unwrap().contains("quotes"), "{answer}");
}

#[test]
fn the_gate_is_judged_while_objectives_are_written() {
    let (_temporary, folder) = folder();
    let example = crate::server::examples("gate");
    for file in [
        "objectives.yml",
        "production.run.yml",
        "data/calls-holdback.dataset.yml",
        "data/calls-validation.dataset.yml",
        "candidates/meets-all/evaluation.yml",
        "candidates/meets-all/test.yml",
        "fixtures/good.yml",
        "fixtures/fails-one-language.yml",
        "fixtures/too-few-calls.yml",
    ] {
        let to = folder.join(file);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(example.join(file), to).unwrap();
    }
    let own = folder.join("objectives.yml");
    let text = fs::read_to_string(&own).unwrap();
    let mut client = Client::new(&[&folder], &["utf-16"]);
    client.open(&own, &text);
    let lenses = client.ask("textDocument/codeLens", about(&own));
    let titles = strings(&lenses, "/command/title");
    let verdict = titles.iter().find(|title| title.starts_with("gate: ")).unwrap_or_else(|| panic!("{titles:?}"));
    assert!(verdict.contains("pass") && titles.iter().any(|title| title.contains("reference")), "{titles:?}");
    let all = json!({"start": {"line": 0, "character": 0}, "end": {"line": 9999, "character": 0}});
    let mut params = about(&own);
    params["range"] = all;
    let hints = client.ask("textDocument/inlayHint", params.clone());
    let labels = strings(&hints, "/label");
    assert!(labels.iter().any(|label| label.ends_with(" pass")) && labels.len() > 3, "{labels:?}");
    // Each stands at the end of a condition, or behind a reference.
    for hint in hints.as_array().unwrap() {
        let line = text.lines().nth(hint["position"]["line"].as_u64().unwrap() as usize).unwrap();
        assert!(line.contains(": ") || line.starts_with("      "), "{line}");
    }
    // With another threshold, the verdict is another one.
    let condition = text.lines().position(|line| line.contains("recall >= 92%")).unwrap();
    let at = text.lines().nth(condition).unwrap().find("92%").unwrap();
    let position = |character: usize| json!({"line": condition, "character": character});
    client.change(&own, 2, json!([{"range": {"start": position(at), "end": position(at + 3)}, "text": "99.9%"}]));
    let lenses = client.ask("textDocument/codeLens", about(&own));
    let after = strings(&lenses, "/command/title");
    assert!(after.iter().any(|title| title.starts_with("gate: fail") && title != verdict), "{after:?}");
    let shown = client.at("textDocument/hover", &own, condition as u32, at as u32);
    let shown = shown["contents"]["value"].as_str().unwrap();
    assert!(shown.contains("must be at least") && shown.contains("**fail**"), "{shown}");
}

#[test]
fn the_words_of_objectives_have_their_roles() {
    let (_temporary, folder) = folder();
    let mut client = Client::new(&[&folder], &["utf-16"]);
    let new = folder.join("objectives.yml");
    let text = "mlSpecVersion: 0.2.0\nkind: objectives\nname: launch\nlanguage: mlspec-objectives/1\ndatasets:\n  holdback: {dataset: größe-train@1.0.0, stage: test}\nmetrics:\n  recall: {unit: fraction, range: [0, 1], better: higher}\nobjectives:\n  - id: one\n    why: because\n    expect: \"recall >= 90% on \\\n      holdback\"\n";
    client.open(&new, text);
    let legend = client.capabilities["semanticTokensProvider"]["legend"]["tokenTypes"].clone();
    let data = client.ask("textDocument/semanticTokens/full", about(&new))["data"].clone();
    let numbers: Vec<u64> = data.as_array().unwrap().iter().map(|own| own.as_u64().unwrap()).collect();
    let (mut line, mut character) = (0, 0);
    let mut found = Vec::new();
    for token in numbers.chunks(5) {
        character = if token[0] == 0 { character + token[1] } else { token[1] };
        line += token[0];
        let words: Vec<char> = text.lines().nth(line as usize).unwrap().chars().collect();
        let word: String = words[character as usize..(character + token[2]) as usize].iter().collect();
        found.push(format!("{word}: {}", legend[token[3] as usize].as_str().unwrap()));
    }
    let expected = [
        "größe-train@1.0.0: variable",
        "recall: property",
        ">=: operator",
        "90: number",
        "%: number",
        "on: keyword",
        "holdback: namespace",
    ];
    assert_eq!(found, expected);
}

#[test]
fn an_expression_is_written_as_the_language_does() {
    let (_temporary, folder) = folder();
    let mut client = Client::new(&[&folder], &["utf-16"]);
    let new = folder.join("objectives.yml");
    let text = "mlSpecVersion: 0.2.0\nkind: objectives\nname: launch\nlanguage: mlspec-objectives/1\ndatasets:\n  holdback: {stage: test}\nmetrics:\n  recall: {unit: fraction, range: [0, 1], better: higher}\nobjectives:\n  - id: one\n    why: because\n    expect: 'recall>=90%  on holdback' # why\n";
    client.open(&new, text);
    let here = json!({"start": {"line": 11, "character": 15}, "end": {"line": 11, "character": 15}});
    let actions = client.actions(&new, &here, &["refactor.rewrite"]);
    assert_eq!(strings(&json!(actions), "/title"), ["Write it as the language does"]);
    let after = edited(text, &actions[0]["edit"]["changes"][uri(&new)]);
    assert_eq!(after, text.replace("recall>=90%  on", "recall >= 90% on"));
    client.change(&new, 2, json!([{"text": after}]));
    assert!(client.actions(&new, &here, &["refactor.rewrite"]).is_empty());
}

#[test]
fn the_structure_of_a_text_is_told() {
    let (_temporary, folder) = folder();
    let mut client = Client::new(&[&folder], &["utf-16"]);
    let own = folder.join("p.yml");
    client.open(&own, &format!("# yaml-language-server: $schema=https://a.example/p.json\n{PIPELINE}"));
    let folded = client.ask("textDocument/foldingRange", about(&own));
    let lines: Vec<(u64, u64)> = folded
        .as_array()
        .unwrap()
        .iter()
        .map(|own| (own["startLine"].as_u64().unwrap(), own["endLine"].as_u64().unwrap()))
        .collect();
    assert!(lines.contains(&(6, 16)) && lines.contains(&(7, 10)), "{lines:?}");
    let mut params = about(&own);
    params["positions"] = json!([{"line": 8, "character": 10}, {"line": 99, "character": 0}]);
    let selected = client.ask("textDocument/selectionRange", params);
    assert_eq!(selected.as_array().unwrap().len(), 2);
    let mut depth = 0;
    let mut range = &selected[0];
    while range.is_object() {
        depth += 1;
        range = &range["parent"];
    }
    assert!(depth > 4, "{selected}");
    let links = client.ask("textDocument/documentLink", about(&own));
    assert_eq!(strings(&links, "/target"), ["https://a.example/p.json"]);
    // The steps that a step waits for, and that wait for it.
    let item = client.at("textDocument/prepareCallHierarchy", &own, 11, 3)[0].clone();
    assert_eq!((&item["name"], &item["detail"]), (&json!("train"), &json!("p")));
    let incoming = client.ask("callHierarchy/incomingCalls", json!({"item": item}));
    assert_eq!(strings(&incoming, "/from/name"), ["prepare"]);
    assert_eq!(incoming[0]["fromRanges"][0]["start"]["line"], 13);
    let outgoing = client.ask("callHierarchy/outgoingCalls", json!({"item": item}));
    assert_eq!(strings(&outgoing, "/to/name"), ["report"]);
    assert_eq!(client.at("textDocument/prepareCallHierarchy", &own, 1, 1), Value::Null);
    // A step where it is declared, from an edge; all its places in the file.
    let found = client.at("textDocument/definition", &own, 13, 25);
    let start = json!({"line": 7, "character": 2});
    assert_eq!((found.as_array().unwrap().len(), &found[0]["range"]["start"]), (1, &start));
    let all = client.at("textDocument/documentHighlight", &own, 7, 3);
    assert_eq!(all.as_array().unwrap().len(), 4, "{all}");
    assert_eq!(client.at("textDocument/references", &own, 7, 3).as_array().unwrap().len(), 4);
}

#[test]
fn a_file_that_is_named_is_linked_if_it_is_there() {
    let (_temporary, folder) = folder();
    let mut client = Client::new(&[&folder], &["utf-16"]);
    let own = folder.join("data.yml");
    let text = DATASET.replace("s3://b/a.parquet", "parts/a.parquet");
    client.open(&own, &text);
    assert_eq!(client.ask("textDocument/documentLink", about(&own)), json!([]));
    fs::create_dir(folder.join("parts")).unwrap();
    fs::write(folder.join("parts/a.parquet"), "PAR1").unwrap();
    let links = client.ask("textDocument/documentLink", about(&own));
    assert_eq!(strings(&links, "/target"), [uri(&folder.join("parts/a.parquet"))]);
}

#[test]
fn what_nothing_uses_is_faint() {
    let (_temporary, folder) = folder();
    let mut client = Client::new(&[&folder], &["utf-16"]);
    let own = folder.join("p.yml");
    client.open(&own, &PIPELINE.replace("{x: {from: data.raw}}", "&never {x: {from: data.raw}}"));
    let found = client.diagnostics(&own);
    let unused =
        found.iter().find(|own| own["code"] == "document/unused-anchor").unwrap_or_else(|| panic!("{found:?}"));
    assert_eq!(unused["tags"], json!([1]));
}

/// Asks for all diagnostics. Returns the kind of the report and the number of its items, by file, and what to say next time.
fn diagnosed(client: &mut Client, previous: &Value) -> (Vec<(String, String, usize)>, Value) {
    let all = client.ask("workspace/diagnostic", json!({"previousResultIds": previous}));
    let text = |own: &Value| own.as_str().unwrap().to_owned();
    let mut found = Vec::new();
    let mut next = Vec::new();
    for own in all["items"].as_array().unwrap() {
        let file = text(&own["uri"]).rsplit('/').next().unwrap().to_owned();
        found.push((file, text(&own["kind"]), own["items"].as_array().map_or(0, Vec::len)));
        next.push(json!({"uri": own["uri"], "value": own["resultId"]}));
    }
    found.sort();
    (found, next.into())
}

#[test]
fn all_diagnostics_are_told_once() {
    let (_temporary, folder) = folder();
    let asks = json!({"diagnostic": {}});
    let mut client = Client::with(&[&folder], &["utf-16"], &asks, &json!({"refreshSupport": true}));
    assert_eq!(client.capabilities["diagnosticProvider"]["workspaceDiagnostics"], true);
    let of = |file: &str, kind: &str, count| (file.to_owned(), kind.to_owned(), count);
    let (found, previous) = diagnosed(&mut client, &json!([]));
    let count = found.iter().find(|(file, ..)| file == "run.yml").unwrap().2;
    assert!(count > 1, "{found:?}");
    let (same, previous) = diagnosed(&mut client, &previous);
    assert!(same.iter().all(|(_, kind, count)| kind == "unchanged" && *count == 0) && same.len() == found.len());
    // One text changes; the others do not.
    let fit = folder.join("run.yml");
    client.open(&fit, &RUN.replace("\"0.8\"", "0.8"));
    let (next, previous) = diagnosed(&mut client, &previous);
    assert!(next.contains(&of("run.yml", "full", count - 1)), "{next:?}");
    assert!(next.iter().all(|(file, kind, _)| file == "run.yml" || kind == "unchanged"), "{next:?}");
    // Of a text without findings, that is told; and of one that is gone.
    client.tell("textDocument/didClose", about(&fit));
    fs::remove_file(&fit).unwrap();
    client.tell("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": uri(&fit), "type": 3}]}));
    let (last, _) = diagnosed(&mut client, &previous);
    assert!(last.contains(&of("run.yml", "full", 0)), "{last:?}");
    // One text, likewise.
    let data = folder.join("data.yml");
    client.open(&data, &DATASET.replace("version: 1.0.0\n", "version: 1.0.0\ncout: 1\n"));
    let first = client.ask("textDocument/diagnostic", about(&data));
    let mut params = about(&data);
    params["previousResultId"] = first["resultId"].clone();
    let second = client.ask("textDocument/diagnostic", params);
    assert_eq!((&second["kind"], &second["resultId"]), (&json!("unchanged"), &first["resultId"]));
}

#[test]
fn each_folder_has_its_own_settings_and_no_file_is_told_twice() {
    let (_first, outer) = folder();
    let (_second, other) = folder();
    let inner = outer.join("inner");
    fs::create_dir(&inner).unwrap();
    let broken = RUN.replace("8d1c6b52", "9d1c6b52").replace("name: fit", "name: inner");
    fs::write(inner.join("run.yml"), &broken).unwrap();
    fs::write(inner.join("mlspec-lint.toml"), "[rules]\n\"document/unknown-field\" = \"off\"\n").unwrap();
    let mut client = Client::new(&[&outer, &inner, &other], &["utf-16"]);
    let (mut of_outer, mut of_inner) =
        (client.diagnostics(&outer.join("run.yml")), client.diagnostics(&inner.join("run.yml")));
    let has = |found: &[Value]| found.iter().any(|own| own["code"] == "document/unknown-field");
    assert!(has(&of_outer) && !has(&of_inner), "{of_outer:?} {of_inner:?}");
    let names = strings(&client.ask("workspace/symbol", json!({"query": "inner"})), "/name");
    assert_eq!(names, ["inner"]);
    let (all, _) = diagnosed(&mut client, &json!([]));
    assert_eq!(all.iter().filter(|(file, ..)| file == "run.yml").count(), 3, "{all:?}");
    // A folder that is closed is told no more; its files are looked at by the one around it.
    let event = json!({"removed": [{"uri": uri(&other), "name": "c"}, {"uri": uri(&inner), "name": "b"}], "added": []});
    client.tell("workspace/didChangeWorkspaceFolders", json!({"event": event}));
    let (all, _) = diagnosed(&mut client, &json!([]));
    assert_eq!(all.iter().filter(|(file, ..)| file == "run.yml").count(), 2, "{all:?}");
    // Settings that change count at once.
    fs::write(outer.join("mlspec-lint.toml"), "[rules]\n\"document/unknown-field\" = \"off\"\n").unwrap();
    let changed = json!({"changes": [{"uri": uri(&outer.join("mlspec-lint.toml")), "type": 1}]});
    client.tell("workspace/didChangeWatchedFiles", changed);
    of_outer = client.diagnostics(&outer.join("run.yml"));
    of_inner = client.diagnostics(&inner.join("run.yml"));
    assert!(!has(&of_outer) && !has(&of_inner), "{of_outer:?}");
}

#[test]
fn characters_are_counted_as_code_points_for_who_wants_it() {
    let (_temporary, folder) = folder();
    let mut client = Client::new(&[&folder], &["utf-32"]);
    let fit = folder.join("run.yml");
    let text = RUN.replace("{key: accuracy,", "{😀: 1, key: accuracy,");
    client.open(&fit, &text);
    let found = client.diagnostics(&fit);
    let value =
        found.iter().find(|own| own["code"] == "run/metric-value-mismatch").unwrap_or_else(|| panic!("{found:?}"));
    let line: Vec<char> = text.lines().nth(8).unwrap().chars().collect();
    let at = line.iter().collect::<String>().chars().position(|c| c == '"').unwrap();
    assert_eq!(value["range"]["start"], json!({"line": 8, "character": at}));
}

#[test]
fn no_credential_is_shown_by_any_feature() {
    let (_temporary, folder) = folder();
    let secret = "ghp_0123456789abcdefABCDEF0123456789abcd";
    let data = folder.join("data.yml");
    let text = DATASET.replace("größe-train", secret).replace("Die Größen", secret).replace("1.0.0", "1.0.0 # x");
    fs::write(&data, &text).unwrap();
    let own = folder.join("p.yml");
    let pipeline = PIPELINE.replace("prepare", secret);
    let mut client = Client::new(&[&folder], &["utf-16"]);
    client.open(&data, &text);
    client.open(&own, &pipeline);
    let fit = folder.join("run.yml");
    client.open(&fit, &RUN.replace("größe-train@1.0.0", ""));
    let mut all = String::new();
    for path in [&data, &own, &fit] {
        for method in [
            "textDocument/codeLens",
            "textDocument/foldingRange",
            "textDocument/documentLink",
            "textDocument/semanticTokens/full",
        ] {
            all += &client.ask(method, about(path)).to_string();
        }
        let mut params = about(path);
        params["range"] = json!({"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}});
        all += &client.ask("textDocument/inlayHint", params).to_string();
        for line in 0..20 {
            for method in ["textDocument/hover", "textDocument/prepareCallHierarchy", "textDocument/documentHighlight"]
            {
                all += &client.at(method, path, line, 8).to_string();
            }
        }
        let mut params = about(path);
        params["position"] = json!({"line": 3, "character": 8});
        params["newName"] = json!(format!("a: {secret}"));
        let id = client.begin("textDocument/rename", params);
        all += &client.answer(id).to_string();
    }
    all += &client.ask("workspace/diagnostic", json!({"previousResultIds": []})).to_string();
    assert!(!all.contains(secret), "{all}");
    // What is written into a text must be the name; what is shown of it is not.
    let offered = client.at("textDocument/completion", &fit, 6, 14);
    for item in offered["items"].as_array().unwrap() {
        let shown = [&item["label"], &item["detail"], &item["documentation"], &item["filterText"]];
        assert!(shown.iter().all(|own| !own.to_string().contains(secret)), "{item}");
    }
}
