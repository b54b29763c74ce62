//! A client of yaml-language-server, the back end of YAML editors (VS Code, Neovim, Emacs, Zed, …). It communicates like an editor: by the
//! Language Server Protocol over standard input and output.

use std::collections::{HashMap, VecDeque};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use serde_json::{Value, json};

/// A server that is silent for this long has died; the speed of its answers is not tested.
const PATIENCE: Duration = Duration::from_secs(120);

/// A position in a text as the protocol counts: line and UTF-16 code unit, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: u64,
    pub character: u64,
}

/// A diagnostic of the server.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    pub start: Position,
    pub end: Position,
    pub message: String,
    /// `YAML` for the server itself, `yaml-schema: ` and a title for a schema.
    pub source: String,
}

impl Diagnostic {
    /// Returns whether it is from a schema, not from the YAML parser.
    pub fn is_of_schema(&self) -> bool {
        self.source.starts_with("yaml-schema: ")
    }
}

/// A running server.
pub struct LanguageServer {
    process: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    last_id: u64,
    settings: Value,
    diagnostics: HashMap<String, VecDeque<Vec<Diagnostic>>>,
}

impl LanguageServer {
    /// Returns the program that `npm ci --prefix tests/node` installs. Without it, or without node, the tests fail in CI, and are skipped
    /// with a note elsewhere.
    pub fn installed() -> Option<PathBuf> {
        let program = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/node/node_modules/yaml-language-server/bin/yaml-language-server");
        let has_node = Command::new("node").arg("--version").output().is_ok_and(|output| output.status.success());
        let lacks = match (has_node, program.is_file()) {
            (true, true) => return Some(program),
            (false, _) => "node is not installed",
            (true, false) => "yaml-language-server is not installed; run `npm ci --prefix tests/node`",
        };
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{lacks}");
        eprintln!("skipped: {lacks}");
        None
    }

    /// Starts the server with `schemas`: a map from the URL of a schema to a glob of the files that it applies to. The server is configured
    /// not to fetch anything from the network.
    pub fn start(program: &Path, schemas: &Value) -> Self {
        let mut process = Command::new("node")
            .arg(program)
            .arg("--stdio")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node starts");
        let input = process.stdin.take().expect("standard input is piped");
        let mut output = BufReader::new(process.stdout.take().expect("standard output is piped"));
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            while let Some(message) = read_message(&mut output) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let settings = json!({
            "schemas": schemas,
            "schemaStore": {"enable": false},
            "kubernetesCRDStore": {"enable": false},
            "validate": true,
            "hover": true,
            "completion": true,
        });
        let mut server = Self { process, input, messages, last_id: 0, settings, diagnostics: HashMap::new() };
        let capabilities = json!({
            "workspace": {"configuration": true},
            "textDocument": {"completion": {"completionItem": {"snippetSupport": true}}},
        });
        server.request(
            "initialize",
            &json!({"processId": std::process::id(), "rootUri": null, "capabilities": capabilities}),
        );
        server.notify("initialized", &json!({}));
        server
    }

    /// Opens a text as a file of this name. Opening many files before asking about the first lets the server work in parallel.
    pub fn open(&mut self, uri: &str, text: &str) {
        let document = json!({"uri": uri, "languageId": "yaml", "version": 1, "text": text});
        self.notify("textDocument/didOpen", &json!({"textDocument": document}));
    }

    /// Returns the diagnostics of the server for an open file.
    pub fn diagnostics(&mut self, uri: &str) -> Vec<Diagnostic> {
        loop {
            if let Some(found) = self.diagnostics.get_mut(uri).and_then(VecDeque::pop_front) {
                return found;
            }
            self.receive();
        }
    }

    /// Returns the text that the editor shows when the pointer rests at a position, as Markdown; empty if there is none.
    pub fn hover(&mut self, uri: &str, position: Position) -> String {
        let hover = self.request("textDocument/hover", &at(uri, position));
        hover["contents"]["value"].as_str().unwrap_or("").to_owned()
    }

    /// Returns the completions at a position.
    pub fn completions(&mut self, uri: &str, position: Position) -> Vec<String> {
        let offered = self.request("textDocument/completion", &at(uri, position));
        let items = offered.get("items").unwrap_or(&offered).as_array().cloned().unwrap_or_default();
        items.iter().filter_map(|item| item["label"].as_str()).map(str::to_owned).collect()
    }

    fn request(&mut self, method: &str, parameters: &Value) -> Value {
        self.last_id += 1;
        let id = self.last_id;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": parameters}));
        loop {
            if let Some(answer) = self.receive().filter(|message| message["id"] == id) {
                assert!(answer.get("error").is_none(), "{method}: {}", answer["error"]);
                return answer["result"].clone();
            }
        }
    }

    fn notify(&mut self, method: &str, parameters: &Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": parameters}));
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{body}", body.len()).expect("the server reads");
        self.input.flush().expect("the server reads");
    }

    /// Receives the next message. Stores diagnostics, answers requests of the server, and returns answers to ours.
    fn receive(&mut self) -> Option<Value> {
        let message = self.messages.recv_timeout(PATIENCE).unwrap_or_else(|error| match error {
            RecvTimeoutError::Timeout => panic!("the server does not answer"),
            RecvTimeoutError::Disconnected => panic!("the server has ended"),
        });
        match message["method"].as_str() {
            None => return Some(message),
            Some("textDocument/publishDiagnostics") => self.keep_diagnostics(&message["params"]),
            Some("workspace/configuration") => {
                let settings = message["params"]["items"].as_array().cloned().unwrap_or_default();
                let settings =
                    settings.iter().map(|item| if item["section"] == "yaml" { &self.settings } else { &Value::Null });
                let settings: Vec<Value> = settings.cloned().collect();
                self.send(&json!({"jsonrpc": "2.0", "id": message["id"], "result": settings}));
            }
            Some("client/registerCapability") => {
                self.send(&json!({"jsonrpc": "2.0", "id": message["id"], "result": null}))
            }
            // In particular `vscode/content`, which would have us fetch something.
            Some(method) => assert!(message.get("id").is_none(), "the server requests {method}: {message}"),
        }
        None
    }

    fn keep_diagnostics(&mut self, parameters: &Value) {
        let uri = parameters["uri"].as_str().unwrap_or("").to_owned();
        let found = parameters["diagnostics"].as_array().cloned().unwrap_or_default();
        let mut found: Vec<_> = found.iter().map(diagnostic).collect();
        found.sort();
        self.diagnostics.entry(uri).or_default().push_back(found);
    }
}

impl Drop for LanguageServer {
    fn drop(&mut self) {
        // It may have ended already, which is fine.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn at(uri: &str, position: Position) -> Value {
    json!({"textDocument": {"uri": uri}, "position": {"line": position.line, "character": position.character}})
}

fn diagnostic(value: &Value) -> Diagnostic {
    let position = |end: &str| {
        let number = |name: &str| value["range"][end][name].as_u64().expect("a position is two numbers");
        Position { line: number("line"), character: number("character") }
    };
    let text = |name: &str| value[name].as_str().unwrap_or("").to_owned();
    Diagnostic { start: position("start"), end: position("end"), message: text("message"), source: text("source") }
}

/// Reads one message: headers, an empty line, and as many bytes of JSON as `Content-Length` states. `None` at the end.
fn read_message(output: &mut impl BufRead) -> Option<Value> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(':') {
            None if line.trim_end().is_empty() => break,
            Some((name, value)) if name.eq_ignore_ascii_case("Content-Length") => length = value.trim().parse().ok(),
            _ => {}
        }
    }
    let mut body = vec![0; length?];
    output.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}
