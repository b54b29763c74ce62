//! The language server, driven by a client over its standard input and output: what it says is what `check` says.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use assert_fs::TempDir;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::lineage::run;
use crate::support::editor_client::{Client, about, uri};

pub fn examples(name: &str) -> PathBuf {
    fs::canonicalize(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name)).unwrap()
}

/// What `check` finds in a folder: the file, the fingerprint, rule, severity, message and line of each finding.
pub fn checked(folder: &Path) -> Vec<[String; 6]> {
    let (out, err, code) =
        run(Path::new("/"), &["check", folder.to_str().unwrap(), "--format", "json", "--allow-empty"]);
    assert!(code == 0 || code == 1, "{err}");
    let report: Value = serde_json::from_str(&out).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut found: Vec<_> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|own| {
            let path = fs::canonicalize(Path::new("/").join(text(&own["path"])))
                .or_else(|_| fs::canonicalize(folder.join(text(&own["path"]))));
            [
                path.unwrap().to_str().unwrap().to_owned(),
                text(&own["fingerprint"]),
                text(&own["rule"]),
                text(&own["severity"]),
                own["help"].as_str().map_or(text(&own["message"]), |help| format!("{}\n{help}", text(&own["message"]))),
                own["span"]["start"]["line"].to_string(),
            ]
        })
        .collect();
    found.sort();
    found
}

/// The same of diagnostics.
pub fn shown(path: &Path, diagnostics: &[Value]) -> Vec<[String; 6]> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let severity =
        |own: &Value| ["error", "warning", "info"][own["severity"].as_u64().unwrap() as usize - 1].to_owned();
    diagnostics
        .iter()
        .map(|own| {
            [
                path.to_str().unwrap().to_owned(),
                text(&own["data"]["fingerprint"]),
                text(&own["code"]),
                severity(own),
                text(&own["message"]),
                (own["range"]["start"]["line"].as_u64().unwrap() + 1).to_string(),
            ]
        })
        .collect()
}

fn documents(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            found.extend(documents(&entry));
        } else if entry.extension().is_some_and(|own| ["yml", "jsonl", "json"].iter().any(|known| own == *known)) {
            found.push(entry);
        }
    }
    found
}

#[test]
fn diagnostics_are_the_findings_of_check() {
    for name in ["broken", "credit-default", "parcels", "documents", "gate"] {
        let folder = examples(name);
        let mut client = Client::new(&[&folder], &["utf-16"]);
        let mut found = Vec::new();
        for path in documents(&folder) {
            client.open(&path, &fs::read_to_string(&path).unwrap());
            let pulled = client.diagnostics(&path);
            let own = uri(&path);
            let pushed = client.told("textDocument/publishDiagnostics", |params| params["uri"] == *own);
            assert_eq!(pushed["diagnostics"], json!(pulled));
            found.extend(shown(&path, &pulled));
        }
        found.sort();
        assert_eq!(found, checked(&folder), "{name}");
        assert_eq!(client.end(), 0);
    }
}

/// A folder with a model, its objectives and a run, and one mistake.
pub fn folder() -> (TempDir, PathBuf) {
    let temporary = TempDir::new().unwrap();
    let folder = fs::canonicalize(temporary.path()).unwrap();
    fs::create_dir(folder.join(".git")).unwrap();
    fs::write(folder.join("data.yml"), DATASET).unwrap();
    fs::write(folder.join("run.yml"), RUN).unwrap();
    (temporary, folder)
}

pub const DATASET: &str = "mlSpecVersion: 0.1.0\nkind: dataset\nid: 0d0a0c5e-2b1c-4f6e-9a35-6d0c2f1e7a11\nname: größe-train\ndescription: Die Größen *aller*\nversion: 1.0.0\nlocation: s3://b/a.parquet\n";
pub const RUN: &str = "mlSpecVersion: 0.1.0\nkind: run\nid: 8d1c6b52-7e0f-4a39-b1d4-2f96c35e7a08\nname: fit # 😀 größe\nexperiment_id: e\ndatasets:\n  - {dataset: größe-train@1.0.0, role: training}\nmetrics:\n  - {key: accuracy, value: \"0.8\", cout: 6000}\n";

#[test]
fn a_reference_leads_to_its_object_and_back() {
    let (_temporary, folder) = folder();
    let mut client = Client::new(&[&folder], &["utf-16"]);
    let (data, fit) = (folder.join("data.yml"), folder.join("run.yml"));
    client.open(&fit, RUN);
    let name = json!({"start": {"line": 3, "character": 6}, "end": {"line": 3, "character": 17}});
    let reference = json!({"start": {"line": 6, "character": 14}, "end": {"line": 6, "character": 31}});
    let found = client.at("textDocument/definition", &fit, 6, 20);
    assert_eq!(found, json!([{"uri": uri(&data), "range": name}]));
    assert_eq!(client.at("textDocument/definition", &fit, 0, 2), json!([]));
    let all = json!([{"uri": uri(&data), "range": name}, {"uri": uri(&fit), "range": reference}]);
    assert_eq!(client.at("textDocument/references", &fit, 6, 20), all);
    // Of a file that is not open, by its name.
    assert_eq!(client.at("textDocument/references", &data, 3, 8), all);
    let hovered = client.at("textDocument/hover", &fit, 6, 20);
    let text = hovered["contents"]["value"].as_str().unwrap();
    assert!(text.starts_with("**größe\\-train** 1\\.0\\.0: dataset, in `"), "{text}");
    assert!(text.ends_with("Die Größen \\*aller\\*"), "{text}");
    assert_eq!(hovered["range"], reference);
    let symbols = client.ask("textDocument/documentSymbol", about(&fit));
    assert_eq!((&symbols[0]["name"], &symbols[0]["detail"]), (&json!("fit"), &json!("run")));
    assert_eq!(symbols[0]["children"][0]["name"], "accuracy");
    let found = client.ask("workspace/symbol", json!({"query": "gtr"}));
    assert_eq!((found.as_array().unwrap().len(), &found[0]["name"]), (1, &json!("größe-train")));
    assert_eq!(client.ask("workspace/symbol", json!({"query": "zzz"})), json!([]));
}

#[test]
fn fixes_and_suppressions_are_offered_and_hold() {
    let (_temporary, folder) = folder();
    for encoding in ["utf-8", "utf-16"] {
        let mut client = Client::new(&[&folder], &[encoding]);
        let fit = folder.join("run.yml");
        client.open(&fit, RUN);
        for (rule, title, preferred) in [
            ("run/metric-value-mismatch", "Write it without quotes", true),
            ("document/unknown-field", "Rename 'cout' to 'count' (review)", false),
            ("run/metric-value-mismatch", "Suppress run/metric-value-mismatch here, with a reason", false),
        ] {
            let found = client.diagnostics(&fit);
            let diagnostic =
                found.iter().find(|own| own["code"] == rule).unwrap_or_else(|| panic!("{rule}: {found:#?}"));
            let actions = client.actions(&fit, &diagnostic["range"], &[]);
            let action =
                actions.iter().find(|own| own["title"] == title).unwrap_or_else(|| panic!("{title}: {actions:#?}"));
            assert_eq!(action.get("isPreferred").is_some(), preferred, "{action}");
            assert_eq!(action["diagnostics"], json!([diagnostic]));
            let edits: Vec<Value> = action["edit"]["changes"][uri(&fit)]
                .as_array()
                .unwrap()
                .iter()
                .map(|edit| json!({"range": edit["range"], "text": edit["newText"]}))
                .collect();
            client.change(&fit, 2, json!(edits));
            let after = client.diagnostics(&fit);
            assert!(!after.iter().any(|own| own["code"] == rule), "{title}: {after:#?}");
            assert_eq!(after.len() + 1, found.len(), "{title}: {after:#?}");
            client.change(&fit, 3, json!([{"text": RUN}]));
        }
        let all = json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}});
        let actions = client.actions(&fit, &all, &["source.fixAll"]);
        assert_eq!(actions.len(), 1, "{actions:#?}");
        let edits = actions[0]["edit"]["changes"][uri(&fit)].as_array().unwrap();
        assert_eq!((edits.len(), edits[0]["newText"].as_str()), (1, Some("0.8")), "what stays is not written again");
        let before = client.diagnostics(&fit).len();
        client.change(&fit, 4, json!([{"range": edits[0]["range"], "text": edits[0]["newText"]}]));
        assert_eq!(client.diagnostics(&fit).len() + 1, before);
        assert!(client.actions(&fit, &all, &["refactor"]).is_empty());
    }
    // Nothing is written.
    assert_eq!(fs::read_to_string(folder.join("run.yml")).unwrap(), RUN);
}

#[test]
fn what_changes_on_disk_and_in_the_settings_is_seen() {
    let (_temporary, folder) = folder();
    let mut client = Client::new(&[&folder], &["utf-16"]);
    client.told("client/registerCapability", |params| {
        params["registrations"][0]["method"] == "workspace/didChangeWatchedFiles"
    });
    let fit = folder.join("run.yml");
    client.open(&fit, RUN);
    let has = |found: &[Value], rule: &str| found.iter().any(|own| own["code"] == rule);
    let tell = |client: &mut Client, file: &str, kind: u8| {
        let change = json!({"uri": uri(&folder.join(file)), "type": kind});
        client.tell("workspace/didChangeWatchedFiles", json!({"changes": [change]}));
    };
    assert!(has(&client.diagnostics(&fit), "document/unknown-field"));
    fs::write(folder.join("mlspec-lint.toml"), "[rules]\n\"document/unknown-field\" = \"off\"\n").unwrap();
    tell(&mut client, "mlspec-lint.toml", 1);
    let found = client.diagnostics(&fit);
    assert!(!has(&found, "document/unknown-field") && has(&found, "run/metric-value-mismatch"), "{found:#?}");
    // Settings that are wrong are told, and those without any hold.
    fs::write(folder.join("mlspec-lint.toml"), "rules = 1\n").unwrap();
    tell(&mut client, "mlspec-lint.toml", 2);
    client.told("window/showMessage", |params| params["message"].as_str().unwrap().contains("mlspec-lint.toml"));
    let settings = uri(&folder.join("mlspec-lint.toml"));
    let of_settings = |params: &Value| params["uri"] == *settings;
    let told = client.told("textDocument/publishDiagnostics", of_settings);
    assert_eq!(told["diagnostics"][0]["range"]["start"]["line"], 0, "{told}");
    assert!(has(&client.diagnostics(&fit), "document/unknown-field"));
    fs::remove_file(folder.join("mlspec-lint.toml")).unwrap();
    tell(&mut client, "mlspec-lint.toml", 3);
    assert_eq!(client.told("textDocument/publishDiagnostics", of_settings)["diagnostics"], json!([]));
    // The dataset goes, and another one comes.
    fs::remove_file(folder.join("data.yml")).unwrap();
    fs::write(folder.join("other.yml"), DATASET.replace("name: größe-train", "name: other")).unwrap();
    tell(&mut client, "data.yml", 3);
    tell(&mut client, "other.yml", 1);
    let found = client.diagnostics(&fit);
    let mut own = shown(&fit, &found);
    own.sort();
    let expected: Vec<_> = checked(&folder).into_iter().filter(|[path, ..]| Path::new(path) == fit).collect();
    assert_eq!(own, expected);
    assert!(found.iter().any(|own| own["message"].as_str().unwrap().contains("größe-train")), "{found:#?}");
    // A text that was never saved is one of the folder.
    let new = folder.join("new.yml");
    client.open(&new, DATASET);
    let found = client.diagnostics(&fit);
    assert!(!found.iter().any(|own| own["message"].as_str().unwrap().contains("größe-train")), "{found:#?}");
    client.tell("textDocument/didClose", about(&new));
    let closed = uri(&new);
    client.told("textDocument/publishDiagnostics", |params| {
        params["uri"] == *closed && params["diagnostics"] == json!([])
    });
}

/// A client that asks for diagnostics is sent none, which it would show twice; but it is told when those of another text have changed.
#[test]
fn a_client_that_asks_is_sent_nothing_unasked() {
    let (_temporary, folder) = folder();
    let asks = json!({"diagnostic": {}});
    let mut client = Client::with(&[&folder], &["utf-8"], &asks, &json!({"refreshSupport": true}));
    let (data, fit) = (folder.join("data.yml"), folder.join("run.yml"));
    client.open(&data, DATASET);
    client.open(&fit, RUN);
    let before = client.diagnostics(&fit);
    client.change(&data, 2, json!([{"text": DATASET.replace("name: größe-train", "name: other")}]));
    client.told("workspace/diagnostic/refresh", |_| true);
    assert_eq!(client.diagnostics(&fit).len(), before.len() + 1);
    client.tell("textDocument/didClose", about(&data));
    client.diagnostics(&fit);
    assert!(client.said.iter().all(|own| own["method"] != "textDocument/publishDiagnostics"), "{:?}", client.said);
    // One that could not be told is sent them.
    let mut client = Client::with(&[&folder], &["utf-8"], &asks, &json!({}));
    client.open(&fit, RUN);
    client.told("textDocument/publishDiagnostics", |_| true);
}

#[test]
fn what_is_no_request_is_answered_and_ends_nothing() {
    let (_temporary, folder) = folder();
    let fit = folder.join("run.yml");
    let mut client = Client::new(&[&folder], &[]);
    for (method, params) in [
        ("textDocument/unheardOf", about(&fit)),
        ("unheardOf", json!({})),
        ("textDocument/hover", about(&fit)),
        ("workspace/symbol", json!([])),
        ("textDocument/codeAction", json!({"textDocument": {"uri": uri(&fit)}, "range": 7})),
    ] {
        let id = client.begin(method, params);
        assert!(client.answer(id).get("error").is_some(), "{method}");
    }
    for params in [json!(null), json!([]), json!({"textDocument": 1}), json!({"textDocument": {"uri": "x"}})] {
        for method in [
            "textDocument/didOpen",
            "textDocument/didChange",
            "textDocument/didClose",
            "workspace/didChangeWatchedFiles",
            "$/cancelRequest",
            "$/unheardOf",
        ] {
            client.tell(method, params.clone());
        }
    }
    // Places that no text has, and texts that no folder has.
    client.open(&fit, RUN);
    for (line, character) in [(0, u32::MAX), (u32::MAX, 0), (8, 9999)] {
        client.at("textDocument/hover", &fit, line, character);
        let at = json!({"line": line, "character": character});
        client.change(&fit, 2, json!([{"range": {"start": at, "end": at}, "text": ""}]));
    }
    client.change(
        &fit,
        3,
        json!([{"range": {"start": {"line": 9, "character": 0}, "end": {"line": 0, "character": 0}}, "text": "x"}]),
    );
    for untitled in ["untitled:Untitled-1", "https://a.example/b.yml"] {
        let params = json!({"textDocument": {"uri": untitled}, "position": {"line": 0, "character": 0}});
        assert_eq!(client.ask("textDocument/hover", params), Value::Null);
    }
    // Many at once, some of them cancelled: each is answered once.
    let ids: Vec<i64> = (0..50).map(|_| client.begin("textDocument/diagnostic", about(&fit))).collect();
    ids.iter().step_by(2).for_each(|id| client.tell("$/cancelRequest", json!({"id": id})));
    for id in ids {
        let answer = client.answer(id);
        assert!(answer.get("result").is_some() || answer["error"]["code"] == -32800, "{answer}");
    }
    assert_eq!(client.end(), 0);
    // A client that goes without a word.
    let mut client = Client::new(&[&folder], &[]);
    client.to = None;
    assert_eq!(client.server.wait().unwrap().code(), Some(1));
}

#[test]
fn no_credential_is_sent() {
    let (_temporary, folder) = folder();
    let secret = "ghp_0123456789abcdefABCDEF0123456789abcd";
    let text = format!("{RUN}tags: {{token: {secret}}}\ndescription: {secret}\n")
        .replace("name: fit", &format!("name: {secret}"));
    let fit = folder.join("run.yml");
    fs::write(&fit, &text).unwrap();
    let mut client = Client::new(&[&folder], &["utf-16"]);
    client.open(&fit, &text);
    let diagnostics = client.diagnostics(&fit);
    let mut all = json!([
        diagnostics,
        client.ask("textDocument/documentSymbol", about(&fit)),
        client.ask("workspace/symbol", json!({"query": ""}))
    ])
    .to_string();
    for line in 0..11 {
        all += &client.at("textDocument/hover", &fit, line, 8).to_string();
    }
    assert!(diagnostics.iter().any(|own| own["code"] == "security/plaintext-secret"), "{all}");
    assert!(!all.contains(secret), "{all}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    /// After any edits, in any encoding, the server says what `check` says of the same texts on disk.
    #[test]
    fn after_every_edit_the_diagnostics_are_those_of_check(
        edits in prop::collection::vec((0..2_usize, 0..12_u32, 0..30_u32, 0..3_u32, 0..12_u32, "[a-z:é😀 \n\"{]{0,4}"), 1..12),
        encoding in prop::sample::select(vec!["utf-8", "utf-16"]),
    ) {
        let (_temporary, folder) = folder();
        let mut client = Client::new(&[&folder], &[encoding]);
        let files = [(folder.join("data.yml"), DATASET), (folder.join("run.yml"), RUN)];
        let mut texts = files.each_ref().map(|(_, text)| (*text).to_owned());
        files.iter().for_each(|(path, text)| client.open(path, text));
        for (version, (file, line, character, lines, more, text)) in (2..).zip(edits) {
            let (start, end) = ((line, character), (line + lines, character + more));
            let range = json!({"start": {"line": start.0, "character": start.1}, "end": {"line": end.0, "character": end.1}});
            client.change(&files[file].0, version, json!([{"range": range, "text": text}]));
            let (from, to) = (place(&texts[file], start, encoding), place(&texts[file], end, encoding));
            texts[file].replace_range(from..to.max(from), &text);
        }
        let mut found = Vec::new();
        for (path, _) in &files {
            found.extend(shown(path, &client.diagnostics(path)));
        }
        files.iter().zip(&texts).for_each(|((path, _), text)| fs::write(path, text).unwrap());
        found.sort();
        prop_assert_eq!(found, checked(&folder));
    }
}

/// Returns the byte at a position of a text whose lines end with a line feed, by the definition of the protocol.
fn place(text: &str, (line, character): (u32, u32), encoding: &str) -> usize {
    let Some(start) = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).nth(line as usize)
    else {
        return text.len();
    };
    let mut units = 0;
    for (at, c) in text[start..].char_indices() {
        units += if encoding == "utf-8" { c.len_utf8() } else { c.len_utf16() };
        if c == '\n' || units > character as usize {
            return start + at;
        }
    }
    text.len()
}

/// The libraries that VS Code's own client is made of understand the server.
#[test]
fn the_libraries_of_vs_code_understand_it() {
    let node = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/node");
    let has_node = Command::new("node").arg("--version").output().is_ok_and(|output| output.status.success());
    if !has_node || !node.join("node_modules/vscode-jsonrpc").is_dir() {
        assert!(std::env::var_os("CI").is_none(), "run npm ci --prefix tests/node");
        eprintln!("skipped: what `npm ci --prefix tests/node` installs is not installed");
        return;
    }
    let (_temporary, folder) = folder();
    let output = Command::new("node")
        .arg(node.join("language-server.js"))
        .args([Path::new(env!("CARGO_BIN_EXE_mlspec-lint")), &folder, Path::new("run.yml")])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let diagnostics = found["published"]["diagnostics"].as_array().unwrap();
    let expected: Vec<_> = checked(&folder).into_iter().filter(|[path, ..]| path.ends_with("run.yml")).collect();
    let mut own = shown(&folder.join("run.yml"), diagnostics);
    own.sort();
    assert_eq!(own, expected);
    assert_eq!(found["pulled"]["items"], found["published"]["diagnostics"]);
    assert_eq!(found["initialized"]["serverInfo"]["name"], "mlspec-lint");
    assert!(!found["actions"].as_array().unwrap().is_empty());
    assert!(
        found["hover"]["contents"]["value"].as_str().unwrap().contains("https://github.com/"),
        "{}",
        found["hover"]
    );
    assert_eq!((found["symbols"].as_array().unwrap().len(), found["search"].as_array().unwrap().len()), (1, 2));
    let labels: Vec<&str> =
        found["completion"]["items"].as_array().unwrap().iter().filter_map(|own| own["label"].as_str()).collect();
    assert!(labels.contains(&"hyperparameters") && !labels.contains(&"datasets"), "{labels:?}");
    assert_eq!(found["renamable"]["placeholder"], "größe-train");
    let changed: Vec<&String> = found["renamed"]["changes"].as_object().unwrap().keys().collect();
    assert_eq!(changed, [&uri(&folder.join("data.yml")), &uri(&folder.join("run.yml"))]);
    assert_eq!(found["highlights"].as_array().unwrap().len(), 1);
    assert_eq!(found["lenses"][0]["command"]["title"], "no references");
    assert_eq!((&found["hints"], &found["links"], &found["steps"]), (&json!([]), &json!([]), &Value::Null));
    assert_eq!(found["tokens"]["data"].as_array().unwrap().len(), 5);
    assert!(!found["foldings"].as_array().unwrap().is_empty() && found["selections"][0]["parent"].is_object());
    assert!(found["all"]["items"].as_array().unwrap().iter().all(|own| own["kind"] == "full"));
    assert!(found["cancelled"] == "done" || found["cancelled"] == -32800, "{}", found["cancelled"]);
    assert_eq!(found["exit"], 0);
}

/// Neovim understands it, as its users start it.
#[test]
fn neovim_understands_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Some(neovim) = [root.join("tests/interop/.venv/bin/nvim"), PathBuf::from("nvim")]
        .into_iter()
        .find(|program| Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success()))
    else {
        assert!(std::env::var_os("CI").is_none(), "install tests/interop/requirements.txt in tests/interop/.venv");
        eprintln!("skipped: there is no Neovim");
        return;
    };
    let (_temporary, folder) = folder();
    let output = Command::new(neovim)
        .args(["--headless", "--clean", "-c", &format!("luafile {}", root.join("tests/editor/neovim.lua").display())])
        .env("MLSPEC_LINT", env!("CARGO_BIN_EXE_mlspec-lint"))
        .current_dir(&folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    let found: Value =
        said.lines().find_map(|line| serde_json::from_str(line.trim()).ok()).unwrap_or_else(|| panic!("{said}"));
    let codes: Vec<&str> = found["codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap()).collect();
    let mut expected: Vec<String> = checked(&folder)
        .into_iter()
        .filter(|[path, ..]| path.ends_with("run.yml"))
        .map(|[_, _, rule, ..]| rule)
        .collect();
    expected.sort();
    assert_eq!(codes, expected, "{said}");
    assert_eq!(found["encoding"], "utf-8");
    assert_eq!(found["definition"], 4, "{said}");
    assert!(found["fixed"].as_str().unwrap().contains("value: 0.8,"), "{said}");
    let offered: Vec<&str> = found["offered"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(offered.contains(&"hyperparameters"), "{said}");
    assert_eq!(found["lens"], "no references", "{said}");
    assert_eq!(found["token"], "variable", "{said}");
    assert_eq!(found["highlights"], 1, "{said}");
    // What was renamed, in the open text and in the other file.
    assert!(found["renamed"].as_str().unwrap().contains("{dataset: sizes@1.0.0, role: training}"), "{said}");
    assert!(found["other"].as_str().unwrap().contains("name: sizes\n"), "{said}");
}
