//! A folder that is open in the editor: its settings, its files, and their reports, which are those of `check` on the folder.
//!
//! Each folder has a thread of its own, which takes its tasks in their order. All texts that have changed are taken before anything is
//! computed, so that whoever types fast is not answered about texts that are gone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::Receiver;

use lsp_server::Request;
use rayon::prelude::*;
use serde_json::{Value, json};

use super::answers::{self, Asked};
use super::client::Client;
use super::position::Encoding;
use super::protocol::{self, FileChange, TextChange};
use super::uri;
use crate::analysis::{Analysis, Base, Examined, FileReport, Options, examine};
use crate::cli::Error;
use crate::cli::args::{FileArgs, Global};
use crate::cli::check::base;
use crate::cli::inputs::{Inputs, config_for, inputs};
use crate::cli::named_files::Lookup;
use crate::cli::workspace_context::{Surroundings, root, surroundings};
use crate::config::Config;
use crate::files::{self, FileToCheck};
use crate::text::Source;

/// What a folder is to do.
pub(super) enum Task {
    Open {
        uri: String,
        version: i32,
        text: String,
    },
    Change {
        uri: String,
        version: i32,
        changes: Vec<TextChange>,
    },
    Close {
        uri: String,
    },
    FilesChanged(Vec<FileChange>),
    /// Answer a request about a text.
    Answer {
        request: Request,
        uri: String,
    },
    /// Search all texts, and send what is found.
    Search {
        query: String,
        found: std::sync::mpsc::Sender<Vec<Value>>,
    },
}

/// A text that is open in the editor.
pub(super) struct OpenText {
    version: i32,
    text: String,
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
    /// The open texts, by the names of their files.
    pub open: BTreeMap<String, OpenText>,
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
            match self.serve_with(&config, tasks) {
                Ok(Left::Outdated) => {}
                Ok(Left::Closed) => break,
                Err(error) => {
                    self.say(&error);
                    match tasks.recv() {
                        Ok(task) => self.take(task).map_or((), |_| ()),
                        Err(_) => break,
                    }
                }
            }
        }
        self.open.keys().for_each(|name| self.send_none(&uri::of_path(name)));
    }

    /// Returns the settings. With wrong ones, nothing could be trusted, and nothing would be shown: the client is told, and those that nobody
    /// changed hold.
    fn settings(&self) -> Config {
        config_for(&self.global, &self.root).unwrap_or_else(|error| {
            self.say(&error);
            Config::default()
        })
    }

    fn say(&self, error: &Error) {
        let params = json!({"type": 1, "message": format!("mlspec-lint: {error}")});
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
        loop {
            self.publish(&mut seen, &changed);
            changed.clear();
            let Ok(first) = tasks.recv() else { return Ok(Left::Closed) };
            // What has come in meanwhile is taken, too.
            for task in std::iter::once(first).chain(std::iter::from_fn(|| tasks.try_recv().ok())) {
                let is_outdated = seen.is_outdated_by(&task);
                if let Some(name) = self.take_or_answer(task, &mut seen) {
                    seen.update(&name, self);
                    changed.insert(name);
                }
                if is_outdated {
                    return Ok(Left::Outdated);
                }
            }
        }
    }

    fn take_or_answer(&mut self, task: Task, seen: &mut KnownFolder<'_>) -> Option<String> {
        match task {
            Task::Answer { request, uri } => {
                let asked = Asked { request, name: name_of(&uri).unwrap_or_default(), encoding: self.encoding };
                answers::answer(asked, seen, &self.client);
                None
            }
            Task::Search { query, found } => {
                let _ = found.send(answers::search(&query, &mut seen.analysis, self.encoding));
                None
            }
            task => self.take(task),
        }
    }

    /// Takes a text as it is now. Returns the name of its file if it must be looked at.
    fn take(&mut self, task: Task) -> Option<String> {
        match task {
            Task::Open { uri, version, text } => {
                let name = name_of(&uri)?;
                self.open.insert(name.clone(), OpenText { version, text, published: None });
                Some(name)
            }
            Task::Change { uri, version, changes } => {
                let name = name_of(&uri)?;
                let open = self.open.get_mut(&name)?;
                open.version = version;
                for change in changes {
                    open.text = changed(std::mem::take(&mut open.text), change, self.encoding);
                }
                Some(name)
            }
            Task::Close { uri } => {
                let name = name_of(&uri)?;
                self.open.remove(&name)?;
                self.send_none(&uri);
                Some(name)
            }
            Task::FilesChanged(_) => None,
            Task::Answer { request, .. } => {
                answers::refuse(request, &self.client);
                None
            }
            Task::Search { found, .. } => {
                let _ = found.send(Vec::new());
                None
            }
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
fn name_of(uri: &str) -> Option<String> {
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

/// What is known of a folder with some settings.
pub(super) struct KnownFolder<'c> {
    args: FileArgs,
    pub options: Options<'c>,
    /// The folder of the workspace that files are looked up in.
    place: Option<PathBuf>,
    /// The files that `check` looks at.
    files: BTreeMap<String, FileToCheck>,
    pub analysis: Analysis<'c>,
    /// What the fingerprints of findings count paths from.
    base: Base,
}

impl<'c> KnownFolder<'c> {
    fn of(
        folder: &Folder,
        args: &FileArgs,
        inputs: &Inputs,
        around: &Surroundings,
        place: Option<PathBuf>,
        options: Options<'c>,
    ) -> Self {
        let mut files: BTreeMap<String, FileToCheck> =
            inputs.files.iter().map(|file| (file.name.clone(), file.clone())).collect();
        // A text that was never saved is looked at as what it is going to be.
        for name in folder.open.keys().filter(|name| is_new(name, &folder.root, options.config)) {
            files.insert(name.clone(), FileToCheck { name: name.clone(), path: name.into(), explicit: false });
        }
        let text = |file: &FileToCheck| match folder.open.get(&file.name) {
            Some(open) => Some(open.text.clone()),
            None => files::read(file, args.max_file_size).ok().and_then(|bytes| String::from_utf8(bytes).ok()),
        };
        let all: Vec<&FileToCheck> = files.values().collect();
        let examined = all.into_par_iter().filter_map(|file| Some(examine(&file.name, text(file)?, &options)));
        let mut examined: Vec<Examined> = examined.collect();
        let checked: Vec<FileToCheck> = files.values().cloned().collect();
        let mut lookup = Lookup::new(args, options, place.clone(), &checked);
        for own in &mut examined {
            let named = lookup.of(own, Path::new(own.source().name()));
            own.set_named_files(named);
        }
        let analysis = Analysis::new(examined, &around.members, options);
        let base = base(args, options.config);
        Self { args: args.clone(), options, place, files, analysis, base }
    }

    /// Returns the report about a text, as `check` gives it.
    pub fn report(&mut self, name: &str) -> Option<FileReport> {
        let mut report = self.analysis.report(name)?.clone();
        report.rebase(&self.base);
        Some(report)
    }

    /// Returns whether what is known may be wrong after a task: other settings hold, or files came or went.
    fn is_outdated_by(&self, task: &Task) -> bool {
        match task {
            Task::FilesChanged(changes) => changes.iter().any(|change| {
                let is_document = |name: &String| change.kind == CHANGED && self.files.contains_key(name);
                !name_of(&change.uri).is_some_and(|name| is_document(&name)) || change.kind != CHANGED
            }),
            Task::Open { uri, .. } => {
                name_of(uri).is_some_and(|name| !self.files.contains_key(&name) && !Path::new(&name).exists())
            }
            _ => false,
        }
    }

    /// Looks at a text again.
    fn update(&mut self, name: &str, folder: &Folder) {
        let Some(file) = self.files.get(name) else { return };
        let text = match folder.open.get(name) {
            Some(open) => Some(open.text.clone()),
            None => files::read(file, self.args.max_file_size).ok().and_then(|bytes| String::from_utf8(bytes).ok()),
        };
        let Some(text) = text else { return self.analysis.remove(name) };
        let mut examined = examine(name, text, &self.options);
        let named = Lookup::new(&self.args, self.options, self.place.clone(), &[]).of(&examined, &file.path);
        examined.set_named_files(named);
        self.analysis.update(examined);
    }
}

/// `FileChangeType` of the protocol.
const CHANGED: u8 = 2;

/// Returns whether a file is not there yet, and would be checked.
fn is_new(name: &str, root: &Path, config: &Config) -> bool {
    let path = Path::new(name);
    path.starts_with(root) && !path.exists() && files::has_document_extension(path) && !config.is_excluded(path)
}
