//! How long the language server takes from an edit to its diagnostics, and how much memory it holds, in a workspace of ten thousand documents.
//!
//! A client opens one file after another, types a line into it letter by letter, takes it back, and renames the object and takes that back:
//! five thousand edits, always the same. The time is that from writing an edit into the pipe to having read the diagnostics of that version.
//! One edit in fifty is followed by a request for completion.
//!
//! ```text
//! cargo bench --features jemalloc --bench server
//! ```
//!
//! The goal is 15 ms for 99 of 100 edits, and as much memory at the end as at the start. On a machine that does other things, too, the processor
//! time of the server tells more than the clock; Linux tells it in nanoseconds.

#[path = "support/generate.rs"]
mod generate;

use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

const DOCUMENTS: u64 = 10_000;
const EDITS: usize = 5_000;
/// What is typed at the end of each file.
const LINE: &str = "description: what it is for";

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let root = fs::canonicalize(folder.path())?;
    fs::create_dir(root.join(".git"))?;
    let bytes = generate::write_tree(&root, DOCUMENTS)?;
    let start = Instant::now();
    let mut editor = Editor::start(&root)?;
    // Logs take edits as other documents do; those whose first document is broken already show nothing of what is typed.
    let numbers = (0..DOCUMENTS).step_by(97).cycle().map(|number| (number * 31 + 7) % DOCUMENTS);
    let mut times = Times::default();
    let mut memory = Vec::new();
    for number in numbers {
        let document = generate::document(number);
        let path = root.join(&document.path);
        editor.open(&path, &document.text)?;
        if memory.is_empty() {
            println!("{DOCUMENTS} documents, {:.1} MB", bytes as f64 / 1e6);
            println!("  first diagnostics after                 {:8.1} ms", milliseconds(start.elapsed()));
            memory.push(editor.memory());
        }
        for text in texts(&document.text) {
            let before = editor.processor_time();
            let own = editor.change(&path, &text)?;
            times
                .processor
                .extend(editor.processor_time().zip(before).map(|(after, before)| after.saturating_sub(before)));
            times.all.push(own);
            if document.kind == "objectives" {
                times.objectives.push(own);
            }
            if times.all.len() % 50 == 0 {
                times.completions.push(editor.complete(&path, &text)?);
            }
            if times.all.len() % (EDITS / 4) == 0 {
                memory.push(editor.memory());
            }
        }
        editor.close(&path)?;
        if times.all.len() >= EDITS {
            break;
        }
    }
    let before = Instant::now();
    let (reports, unchanged) = editor.diagnose_all()?;
    println!("  all diagnostics, asked for              {:8.1} ms, {reports} texts", milliseconds(before.elapsed()));
    println!("  of these unchanged when asked for again {unchanged:8}");
    times.print();
    let memory: Vec<String> = memory.iter().map(|kilobytes| format!("{:.1}", *kilobytes as f64 / 1024.0)).collect();
    println!("  memory at the start, each quarter, in MiB: {}", memory.join(", "));
    editor.end()
}

/// Returns the versions of a text while a line is typed at its end and taken back, and its name is changed and changed back.
fn texts(text: &str) -> Vec<String> {
    let typed = (1..=LINE.len()).map(|end| format!("{text}{}", &LINE[..end]));
    let mut texts: Vec<String> = typed.collect();
    texts.push(format!("{text}{LINE}\n"));
    texts.extend((1..LINE.len()).rev().step_by(2).map(|end| format!("{text}{}", &LINE[..end])));
    if let Some(at) = text.find("\nname: ").map(|at| at + "\nname: ".len()) {
        texts.extend((1..4).map(|count| format!("{}{}{}", &text[..at], &"xyz"[..count], &text[at..])));
    }
    texts.push(text.to_owned());
    texts
}

#[derive(Default)]
struct Times {
    all: Vec<Duration>,
    processor: Vec<Duration>,
    objectives: Vec<Duration>,
    completions: Vec<Duration>,
}

impl Times {
    fn print(&mut self) {
        let named = [
            ("edit to diagnostics", &mut self.all),
            ("its processor time", &mut self.processor),
            ("objectives alone", &mut self.objectives),
            ("completion", &mut self.completions),
        ];
        for (name, times) in named {
            times.sort();
            let at = |share: f64| {
                let place = ((times.len() as f64 - 1.0) * share).round() as usize;
                times.get(place).map_or(f64::NAN, |time| milliseconds(*time))
            };
            let (p50, p99, most) = (at(0.5), at(0.99), at(1.0));
            println!("  {name:24} n = {:5}  p50 {p50:7.2}  p99 {p99:7.2}  most {most:7.2} ms", times.len());
        }
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// A client that sends the parts of a text that change, as editors do.
struct Editor {
    server: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    version: i32,
    last: i64,
    text: String,
}

impl Editor {
    fn start(root: &Path) -> Result<Self, Box<dyn Error>> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"));
        let mut server = command.arg("server").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let to = server.stdin.take().ok_or("there is a pipe")?;
        let from = BufReader::new(server.stdout.take().ok_or("there is a pipe")?);
        let mut editor = Self { server, to, from, version: 0, last: 0, text: String::new() };
        let folders = json!([{"uri": uri(root), "name": "folder"}]);
        let encodings = json!({"general": {"positionEncodings": ["utf-8"]}});
        editor.ask("initialize", json!({"capabilities": encodings, "workspaceFolders": folders}))?;
        editor.tell("initialized", json!({}))?;
        Ok(editor)
    }

    fn open(&mut self, path: &Path, text: &str) -> Result<(), Box<dyn Error>> {
        self.version += 1;
        self.text = text.to_owned();
        let own = json!({"uri": uri(path), "languageId": "yaml", "version": self.version, "text": text});
        self.tell("textDocument/didOpen", json!({"textDocument": own}))?;
        self.diagnostics(path)
    }

    /// Replaces what differs, and returns how long the diagnostics took.
    fn change(&mut self, path: &Path, text: &str) -> Result<Duration, Box<dyn Error>> {
        self.version += 1;
        let same = |pairs: &mut dyn Iterator<Item = (u8, u8)>| pairs.take_while(|(a, b)| a == b).count();
        let start = same(&mut self.text.bytes().zip(text.bytes()));
        let most = self.text.len().min(text.len()) - start;
        let end = same(&mut self.text.bytes().rev().zip(text.bytes().rev())).min(most);
        let range = json!({
            "start": position(&self.text, start), "end": position(&self.text, self.text.len() - end),
        });
        let changes = json!([{"range": range, "text": text[start..text.len() - end]}]);
        let own = json!({"uri": uri(path), "version": self.version});
        self.text = text.to_owned();
        let begin = Instant::now();
        self.tell("textDocument/didChange", json!({"textDocument": own, "contentChanges": changes}))?;
        self.diagnostics(path)?;
        Ok(begin.elapsed())
    }

    fn complete(&mut self, path: &Path, text: &str) -> Result<Duration, Box<dyn Error>> {
        let at = position(text, text.len());
        let begin = Instant::now();
        self.ask("textDocument/completion", json!({"textDocument": {"uri": uri(path)}, "position": at}))?;
        Ok(begin.elapsed())
    }

    fn close(&mut self, path: &Path) -> Result<(), Box<dyn Error>> {
        self.tell("textDocument/didClose", json!({"textDocument": {"uri": uri(path)}}))
    }

    /// Returns how many texts have diagnostics, and how many of them are said to be unchanged when they are asked for again.
    fn diagnose_all(&mut self) -> Result<(usize, usize), Box<dyn Error>> {
        let all = self.ask("workspace/diagnostic", json!({"previousResultIds": []}))?;
        let items = all["items"].as_array().cloned().unwrap_or_default();
        let previous: Vec<Value> =
            items.iter().map(|own| json!({"uri": own["uri"], "value": own["resultId"]})).collect();
        let again = self.ask("workspace/diagnostic", json!({"previousResultIds": previous}))?;
        let again = again["items"].as_array().cloned().unwrap_or_default();
        Ok((items.len(), again.iter().filter(|own| own["kind"] == "unchanged").count()))
    }

    /// Waits for the diagnostics of the last version.
    fn diagnostics(&mut self, path: &Path) -> Result<(), Box<dyn Error>> {
        let uri = uri(path);
        loop {
            let message = self.receive()?;
            let params = &message["params"];
            let is_it = message["method"] == "textDocument/publishDiagnostics" && params["uri"] == *uri;
            if is_it && params["version"] == self.version {
                return Ok(());
            }
        }
    }

    fn ask(&mut self, method: &str, params: Value) -> Result<Value, Box<dyn Error>> {
        self.last += 1;
        let id = self.last;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}))?;
        loop {
            let mut message = self.receive()?;
            if message.get("method").is_none() && message["id"] == id {
                return Ok(message["result"].take());
            }
        }
    }

    fn tell(&mut self, method: &str, params: Value) -> Result<(), Box<dyn Error>> {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}))
    }

    fn send(&mut self, message: &Value) -> Result<(), Box<dyn Error>> {
        let text = message.to_string();
        write!(self.to, "Content-Length: {}\r\n\r\n{text}", text.len())?;
        Ok(self.to.flush()?)
    }

    fn receive(&mut self) -> Result<Value, Box<dyn Error>> {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if self.from.read_line(&mut line)? == 0 {
                return Err("the server has ended".into());
            }
            match line.trim_end().split_once(": ") {
                Some(("Content-Length", value)) => length = value.parse()?,
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.from.read_exact(&mut body)?;
        Ok(serde_json::from_slice(&body)?)
    }

    /// Returns the time that all threads of the server have been on a processor.
    fn processor_time(&self) -> Option<Duration> {
        let threads = fs::read_dir(format!("/proc/{}/task", self.server.id())).ok()?;
        let of = |thread: fs::DirEntry| -> Option<u64> {
            fs::read_to_string(thread.path().join("schedstat")).ok()?.split_whitespace().next()?.parse().ok()
        };
        Some(Duration::from_nanos(threads.flatten().filter_map(of).sum()))
    }

    /// Returns the resident memory of the server in KiB; 0 where the system does not tell.
    fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.server.id())).unwrap_or_default();
        let own = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        own.and_then(|own| own.split_whitespace().next()?.parse().ok()).unwrap_or(0)
    }

    fn end(mut self) -> Result<(), Box<dyn Error>> {
        self.ask("shutdown", Value::Null)?;
        self.tell("exit", Value::Null)?;
        self.server.wait()?;
        Ok(())
    }
}

fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

/// Returns the position of a byte of a text, in UTF-8.
fn position(text: &str, at: usize) -> Value {
    let before = &text[..at];
    let start = before.rfind('\n').map_or(0, |found| found + 1);
    json!({"line": before.matches('\n').count(), "character": at - start})
}
