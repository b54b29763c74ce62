//! A folder that is open in the editor: its open texts, and what is to be done with them.
//!
//! Each folder has a thread of its own, which takes its tasks in their order. All texts that have changed are taken before anything is
//! computed, so that whoever types fast is not answered about texts that are gone.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::Receiver;

use lsp_server::Request;
use serde_json::{Value, json};

use super::answers::{self, Asked};
use super::client::Client;
use super::known::KnownFolder;
use super::position::Encoding;
use super::protocol::{self, TextChange};
use super::pull::{self, is_innermost};
use super::settings::WrongSettings;
use super::support::Support;
use super::task::Task;
use super::uri;
use crate::analysis::Options;
use crate::cli::Error;
use crate::cli::args::{FileArgs, Global};
use crate::cli::inputs::{config_for, inputs};
use crate::cli::workspace_context::{root, surroundings};
use crate::config::Config;
use crate::text::Source;

/// A text that is open in the editor.
pub(super) struct OpenText {
    pub version: i32,
    pub text: String,
    /// The diagnostics that the client has, and the version that they are about.
    published: Option<(i32, Value)>,
}

/// A folder, whatever its settings say.
pub(super) struct Folder {
    pub root: PathBuf,
    pub global: Global,
    pub encoding: Encoding,
    /// Whether the client asks for diagnostics itself.
    pub pulls_diagnostics: bool,
    pub client: Client,
    /// What the client understands.
    pub support: Support,
    /// The open texts, by the names of their files.
    pub open: BTreeMap<String, OpenText>,
    /// The URI of the file of settings whose faults the client shows.
    pub wrong_settings: Option<String>,
    /// What has come in and is not done yet.
    pub waiting: VecDeque<Task>,
    /// What of it asks something, and is answered when all texts are as they are now.
    pub questions: VecDeque<Task>,
}

/// Why the tasks were left.
enum Left {
    /// The settings, or which files there are, may have changed.
    Outdated,
    /// No task will come.
    Closed,
}

impl Folder {
    /// Does all tasks.
    pub fn serve(mut self, tasks: &Receiver<Task>) {
        loop {
            let config = self.settings();
            // A fault of ours in one text must not end the service for all others.
            let left = catch_unwind(AssertUnwindSafe(|| self.serve_with(&config, tasks)));
            let why = match left {
                Ok(Ok(Left::Outdated)) => continue,
                Ok(Ok(Left::Closed)) => break,
                Ok(Err(error)) => error.to_string(),
                Err(_) => "internal error; the last change is not looked at".to_owned(),
            };
            self.say(&why);
            // Until something changes, nothing is known that could be answered.
            while let Some(task) = self.questions.pop_front() {
                self.take(task);
            }
            if !self.wait(tasks) {
                break;
            }
            while let Some(task) = self.waiting.pop_front() {
                self.take(task);
            }
        }
        self.open.keys().for_each(|name| self.send_none(&uri::of_path(name)));
    }

    /// Waits until there is something to do, and takes all of it. Returns whether there is.
    fn wait(&mut self, tasks: &Receiver<Task>) -> bool {
        if self.waiting.is_empty() {
            match tasks.recv() {
                Ok(task) => self.waiting.push_back(task),
                Err(_) => return false,
            }
        }
        self.waiting.extend(std::iter::from_fn(|| tasks.try_recv().ok()));
        true
    }

    /// Returns the settings. With wrong ones, nothing could be trusted, and nothing would be shown: the client is told, and those that nobody
    /// changed hold.
    fn settings(&mut self) -> Config {
        let read = config_for(&self.global, &self.root);
        if let Some(uri) = self.wrong_settings.take() {
            let params = json!({"uri": uri, "diagnostics": []});
            self.client.send(protocol::notification("textDocument/publishDiagnostics", params));
        }
        read.unwrap_or_else(|error| {
            self.say(&error.to_string());
            // These are sent to clients that ask for diagnostics, too: they do not ask about this file.
            if let Some(WrongSettings { uri, diagnostics }) = WrongSettings::of(&error) {
                let params = json!({"uri": uri, "diagnostics": diagnostics});
                self.client.send(protocol::notification("textDocument/publishDiagnostics", params));
                self.wrong_settings = Some(uri);
            }
            Config::default()
        })
    }

    fn say(&self, why: &str) {
        let params = json!({"type": 1, "message": format!("mlspec-lint: {why}")});
        self.client.send(protocol::notification("window/showMessage", params));
    }

    fn file_args(&self) -> FileArgs {
        FileArgs::of_folder(self.root.clone())
    }

    fn serve_with(&mut self, config: &Config, tasks: &Receiver<Task>) -> Result<Left, Error> {
        let args = self.file_args();
        let inputs = inputs(&args, config)?;
        let options = Options { config, explicit: false, ..Options::default() };
        let place = root(&args, None, config)?;
        let around = surroundings(&args, None, options, &inputs, true, None)?;
        let options = Options { partial: around.partial, ..options };
        let mut seen = KnownFolder::of(self, &args, &inputs, &around, place, options);
        let mut changed = BTreeSet::new();
        self.publish(&mut seen, &changed);
        loop {
            if !self.wait(tasks) {
                return Ok(Left::Closed);
            }
            // All texts that have changed come first: who types fast is not answered about texts that are gone.
            while let Some(task) = self.waiting.pop_front() {
                if task.is_question() {
                    self.questions.push_back(task);
                    continue;
                }
                let is_outdated = seen.is_outdated_by(&task);
                for name in self.take(task) {
                    self.outdate(&name);
                    changed.insert(name);
                }
                if is_outdated {
                    self.questions.drain(..).rev().for_each(|task| self.waiting.push_front(task));
                    return Ok(Left::Outdated);
                }
            }
            changed.iter().for_each(|name| seen.update(name, self));
            self.publish(&mut seen, &changed);
            changed.clear();
            while let Some(question) = self.questions.pop_front() {
                if self.is_lost(question, &mut seen) {
                    self.questions.drain(..).rev().for_each(|task| self.waiting.push_front(task));
                    return Ok(Left::Outdated);
                }
            }
        }
    }

    /// Answers the questions about places of a text that has changed since they were asked. What the diagnostics are is asked of the text as
    /// it is when that is answered.
    fn outdate(&mut self, name: &str) {
        let is_outdated = |request: &Request, uri: &str| {
            request.method != "textDocument/diagnostic" && name_of(uri).as_deref() == Some(name)
        };
        for task in std::mem::take(&mut self.questions) {
            match task {
                Task::Answer { request, uri } if is_outdated(&request, &uri) => {
                    answers::outdated(request, &self.client)
                }
                task => self.questions.push_back(task),
            }
        }
    }

    /// Answers a question. Returns whether that failed by a fault of ours, so that what is known may be wrong; then it is answered with that.
    fn is_lost(&self, question: Task, seen: &mut KnownFolder<'_>) -> bool {
        let id = match &question {
            Task::Answer { request, .. } => Some(request.id.clone()),
            _ => None,
        };
        let is_lost = catch_unwind(AssertUnwindSafe(|| self.answer(question, seen))).is_err();
        if let Some(id) = id.filter(|_| is_lost) {
            answers::lost(id, &self.client);
        }
        is_lost
    }

    fn answer(&self, question: Task, seen: &mut KnownFolder<'_>) {
        match question {
            Task::Answer { request, uri } => {
                let name = name_of(&uri).unwrap_or_default();
                let wants_text = request.method == "textDocument/completion";
                let open = self.open.get(&name).filter(|_| wants_text).map(|open| open.text.clone());
                let asked = Asked { request, name, open, encoding: self.encoding, support: self.support };
                seen.versions = self.open.iter().map(|(name, open)| (name.clone(), open.version)).collect();
                answers::answer(asked, seen, &self.client);
            }
            Task::Search { query, folders, found } => {
                let is_own = |name: &str| is_innermost(&self.root, &folders, name);
                found.add(answers::search(&query, &mut seen.analysis, self.encoding, is_own));
            }
            Task::Diagnose { previous, folders, found } if !found.is_cancelled() => {
                let is_own = |name: &str| is_innermost(&self.root, &folders, name);
                let version = |name: &str| self.open.get(name).map(|open| open.version);
                found.add(pull::reports(seen, self.encoding, &previous, version, is_own));
            }
            _ => {}
        }
    }

    /// Takes a text as it is now. Returns the names of the files that must be looked at.
    fn take(&mut self, task: Task) -> Vec<String> {
        match task {
            Task::Open { uri, version, text } => {
                let Some(name) = name_of(&uri) else { return Vec::new() };
                self.open.insert(name.clone(), OpenText { version, text, published: None });
                vec![name]
            }
            Task::Change { uri, version, changes } => {
                let Some(name) = name_of(&uri) else { return Vec::new() };
                let Some(open) = self.open.get_mut(&name) else { return Vec::new() };
                open.version = version;
                for change in changes {
                    open.text = changed(std::mem::take(&mut open.text), change, self.encoding);
                }
                vec![name]
            }
            Task::Close { uri } => {
                let name = name_of(&uri).filter(|name| self.open.remove(name).is_some());
                if name.is_some() {
                    self.send_none(&uri);
                }
                name.into_iter().collect()
            }
            // What is open counts as the editor has it.
            Task::FilesChanged(changes) => {
                let names = changes.iter().filter_map(|change| name_of(&change.uri));
                names.filter(|name| !self.open.contains_key(name)).collect()
            }
            Task::Answer { request, .. } => {
                answers::refuse(request, &self.client);
                Vec::new()
            }
            // What is gathered is answered without a part of this folder.
            Task::Search { .. } | Task::Diagnose { .. } => Vec::new(),
        }
    }

    /// Tells that a text has no diagnostics any more.
    fn send_none(&self, uri: &str) {
        if !self.pulls_diagnostics {
            let params = json!({"uri": uri, "diagnostics": []});
            self.client.send(protocol::notification("textDocument/publishDiagnostics", params));
        }
    }

    /// Sends the diagnostics of the open texts that have others now; or, to a client that asks itself, that it should ask again, if it does not
    /// do so already because it has changed a text itself.
    fn publish(&mut self, seen: &mut KnownFolder<'_>, changed: &BTreeSet<String>) {
        seen.analysis.settle();
        let mut is_stale = false;
        for (name, open) in &mut self.open {
            let now = (open.version, answers::diagnostics(name, seen, self.encoding));
            if open.published.as_ref() == Some(&now) {
                continue;
            }
            if self.pulls_diagnostics {
                is_stale |= open.published.is_some() && !changed.contains(name);
            } else {
                let params = json!({"uri": uri::of_path(name), "version": now.0, "diagnostics": now.1});
                self.client.send(protocol::notification("textDocument/publishDiagnostics", params));
            }
            open.published = Some(now);
        }
        if is_stale {
            self.client.send(protocol::refresh_diagnostics());
        }
    }
}

/// Returns the name of a file in reports: its path.
pub(super) fn name_of(uri: &str) -> Option<String> {
    Some(uri::to_path(uri)?.to_string_lossy().replace('\\', "/"))
}

fn changed(text: String, change: TextChange, encoding: Encoding) -> String {
    let Some(range) = change.range else { return change.text };
    let source = Source::new("", text);
    let span = encoding.span(&source, range);
    let mut text = source.text().to_owned();
    if text.get(span.range()).is_some() {
        text.replace_range(span.range(), &change.text);
    }
    text
}
