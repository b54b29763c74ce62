//! A client of our language server, over its standard input and output.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

/// A client that does one thing after another.
pub struct Client {
    pub server: Child,
    pub to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
    next: i64,
    /// What the server has said by itself.
    pub said: VecDeque<Value>,
    /// What the server said of itself at the start.
    pub capabilities: Value,
}

impl Client {
    pub fn new(folders: &[&Path], encodings: &[&str]) -> Self {
        Self::with(folders, encodings, &json!({}), &json!({}))
    }

    /// A client with further capabilities, of texts and of the workspace.
    pub fn with(folders: &[&Path], encodings: &[&str], of_text: &Value, of_workspace: &Value) -> Self {
        let mut server = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"))
            .args(["server", "--stdio"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let to = server.stdin.take();
        let from = BufReader::new(server.stdout.take().unwrap());
        let mut client = Self { server, to, from, next: 0, said: VecDeque::new(), capabilities: Value::Null };
        let folders: Vec<Value> = folders.iter().map(|path| json!({"uri": uri(path), "name": "folder"})).collect();
        let result = client.ask(
            "initialize",
            json!({
                "processId": null, "rootUri": null, "workspaceFolders": folders,
                "capabilities": {
                    "general": {"positionEncodings": encodings},
                    "textDocument": of_text,
                    "workspace": {
                        "didChangeWatchedFiles": {"dynamicRegistration": true}, "diagnostics": of_workspace,
                        "workspaceEdit": {"documentChanges": of_workspace["documentChanges"]},
                    },
                },
                "initializationOptions": of_text["options"],
            }),
        );
        let expected = match encodings {
            ["utf-32"] => "utf-32",
            own if own.contains(&"utf-8") => "utf-8",
            _ => "utf-16",
        };
        assert_eq!(result["capabilities"]["positionEncoding"], expected, "{result}");
        client.capabilities = result["capabilities"].clone();
        client.tell("initialized", json!({}));
        client
    }

    pub fn send(&mut self, mut message: Value) {
        message["jsonrpc"] = json!("2.0");
        let text = message.to_string();
        let to = self.to.as_mut().unwrap();
        write!(to, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        to.flush().unwrap();
    }

    pub fn tell(&mut self, method: &str, params: Value) {
        self.send(json!({"method": method, "params": params}));
    }

    pub fn begin(&mut self, method: &str, params: Value) -> i64 {
        self.next += 1;
        let id = self.next;
        self.send(json!({"id": id, "method": method, "params": params}));
        id
    }

    pub fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.begin(method, params);
        let answer = self.answer(id);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    pub fn answer(&mut self, id: i64) -> Value {
        loop {
            let message = self.receive();
            if message.get("method").is_none() && message["id"] == id {
                return message;
            }
            self.said.push_back(message);
        }
    }

    pub fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert!(self.from.read_line(&mut line).unwrap() > 0, "the server has ended");
            match line.trim_end().split_once(": ") {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.parse().unwrap(),
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.from.read_exact(&mut body).unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    /// Waits for what the server says by itself.
    pub fn told(&mut self, method: &str, is_meant: impl Fn(&Value) -> bool) -> Value {
        let is_it = |message: &Value| message["method"] == method && is_meant(&message["params"]);
        loop {
            if let Some(at) = self.said.iter().position(is_it) {
                return self.said.remove(at).unwrap()["params"].clone();
            }
            let message = self.receive();
            self.said.push_back(message);
        }
    }

    pub fn open(&mut self, path: &Path, text: &str) {
        let document = json!({"uri": uri(path), "languageId": "yaml", "version": 1, "text": text});
        self.tell("textDocument/didOpen", json!({"textDocument": document}));
    }

    pub fn change(&mut self, path: &Path, version: i32, changes: Value) {
        let document = json!({"uri": uri(path), "version": version});
        self.tell("textDocument/didChange", json!({"textDocument": document, "contentChanges": changes}));
    }

    pub fn diagnostics(&mut self, path: &Path) -> Vec<Value> {
        let report = self.ask("textDocument/diagnostic", about(path));
        report["items"].as_array().unwrap().clone()
    }

    pub fn at(&mut self, method: &str, path: &Path, line: u32, character: u32) -> Value {
        let mut params = about(path);
        params["position"] = json!({"line": line, "character": character});
        params["context"] = json!({"includeDeclaration": true});
        self.ask(method, params)
    }

    pub fn actions(&mut self, path: &Path, range: &Value, only: &[&str]) -> Vec<Value> {
        let mut params = about(path);
        params["range"] = range.clone();
        params["context"] = json!({"diagnostics": []});
        if !only.is_empty() {
            params["context"]["only"] = json!(only);
        }
        self.ask("textDocument/codeAction", params).as_array().unwrap().clone()
    }

    pub fn end(mut self) -> i32 {
        self.ask("shutdown", Value::Null);
        self.tell("exit", Value::Null);
        self.to = None;
        self.server.wait().unwrap().code().unwrap()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

pub fn uri(path: &Path) -> String {
    format!("file://{}", path.to_str().unwrap().replace(' ', "%20"))
}

pub fn about(path: &Path) -> Value {
    json!({"textDocument": {"uri": uri(path)}})
}
