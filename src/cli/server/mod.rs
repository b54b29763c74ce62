//! `server`: the language server, over standard input and output.
//!
//! The main loop reads messages and passes each to the folder that it is about. Each folder answers by itself, in the order of its messages
//! ([`folder`]). Nothing is written to disk, and nothing is fetched: edits are offered to the client, which applies them if its user says so.

mod actions;
mod answers;
mod capabilities;
mod client;
mod completion;
mod folder;
mod known;
mod position;
mod protocol;
mod pull;
mod renaming;
mod settings;
mod shown;
mod structure;
mod support;
mod task;
mod transport;
mod uri;

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};

use lsp_server::{Connection, ErrorCode, Message, Notification, ProtocolError, Request, RequestId, Response};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::args::Global;
use super::inputs::config_for;
use super::{Error, Exit};
use crate::files;
use client::Client;
use folder::Folder;
use position::Encoding;
use protocol::{AboutText, Changed, DidOpen, FilesChanged, FoldersChanged, InitializeParams, PreviousResults, Query};
use pull::Gathered;
use support::Support;
use task::Task;

pub(super) fn run(global: &Global) -> Result<Exit, Error> {
    let (connection, transport) = transport::stdio()?;
    let exit = serve(&connection, global).map_err(|error| Error::Usage(error.to_string()))?;
    drop(connection);
    transport.join()?;
    Ok(exit)
}

/// Serves one client until it says that it is done.
fn serve(connection: &Connection, global: &Global) -> Result<Exit, ProtocolError> {
    let (id, params) = connection.initialize_start()?;
    let params: InitializeParams = serde_json::from_value(params).unwrap_or_default();
    let encoding = params.encoding();
    let pulls_diagnostics = params.pulls_diagnostics();
    let support = Support::of(&params);
    let info = json!({"name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION")});
    connection.initialize_finish(
        id,
        json!({"capabilities": capabilities::capabilities(encoding, pulls_diagnostics), "serverInfo": info}),
    )?;
    let sender = connection.sender.clone();
    let client = Client::new(move |message| drop(sender.send(message)));
    if params.watches_files() {
        client.send(protocol::watch_files());
    }
    let mut session =
        Session { global: global.clone(), encoding, pulls_diagnostics, support, client, folders: Vec::new() };
    let named = params.workspace_folders.map(|folders| folders.into_iter().map(|folder| folder.uri).collect());
    let named: Vec<String> = named.unwrap_or_else(|| params.root_uri.into_iter().collect());
    named.iter().filter_map(|uri| answers::folder_path(uri)).for_each(|root| session.add(root));
    for message in &connection.receiver {
        match message {
            Message::Request(request) => {
                if connection.handle_shutdown(&request)? {
                    session.close();
                    return Ok(Exit::Clean);
                }
                session.request(request);
            }
            Message::Notification(notification) => session.notification(notification),
            Message::Response(_) => {}
        }
    }
    session.close();
    // Without a word, the client is gone.
    Ok(Exit::Findings)
}

/// The folders of a client.
struct Session {
    global: Global,
    encoding: Encoding,
    pulls_diagnostics: bool,
    support: Support,
    client: Client,
    folders: Vec<OpenFolder>,
}

struct OpenFolder {
    root: PathBuf,
    tasks: Sender<Task>,
    thread: JoinHandle<()>,
}

impl Session {
    fn add(&mut self, root: PathBuf) {
        if self.folders.iter().any(|folder| folder.root == root) {
            return;
        }
        let (tasks, received) = mpsc::channel();
        let folder = Folder {
            root: root.clone(),
            global: self.global.clone(),
            encoding: self.encoding,
            pulls_diagnostics: self.pulls_diagnostics,
            support: self.support,
            client: self.client.clone(),
            open: BTreeMap::new(),
            wrong_settings: None,
            waiting: VecDeque::new(),
            questions: VecDeque::new(),
        };
        let thread = thread::Builder::new().name("folder".to_owned()).stack_size(STACK);
        if let Ok(thread) = thread.spawn(move || folder.serve(&received)) {
            self.folders.push(OpenFolder { root, tasks, thread });
        }
    }

    fn remove(&mut self, root: &Path) {
        if let Some(at) = self.folders.iter().position(|folder| folder.root == root) {
            finish(self.folders.swap_remove(at));
        }
    }

    fn close(&mut self) {
        self.folders.drain(..).for_each(finish);
    }

    /// Passes a task on to the innermost folder that a file is in. A file outside of all of them is in the workspace around it.
    fn pass(&mut self, uri: &str, task: Task) {
        let Some(path) = uri::to_path(uri) else { return };
        let holds = |folder: &&OpenFolder| path.starts_with(&folder.root);
        if !self.folders.iter().any(|folder| holds(&folder)) {
            let folder = path.parent().unwrap_or(Path::new("/"));
            let config = config_for(&self.global, folder).unwrap_or_default();
            let root = files::root(&config, folder).unwrap_or_else(|| folder.to_owned());
            self.add(if path.starts_with(&root) { root } else { folder.to_owned() });
        }
        let innermost = self.folders.iter().filter(holds).max_by_key(|folder| folder.root.as_os_str().len());
        if let Some(folder) = innermost {
            let _ = folder.tasks.send(task);
        }
    }

    fn notification(&mut self, Notification { method, params }: Notification) {
        match method.as_str() {
            "textDocument/didOpen" => {
                let Some(DidOpen { text_document: own }) = read(params) else { return };
                self.pass(&own.uri.clone(), Task::Open { uri: own.uri, version: own.version, text: own.text });
            }
            "textDocument/didChange" => {
                let Some(Changed { text_document: own, content_changes }) = read(params) else { return };
                let task = Task::Change { uri: own.uri.clone(), version: own.version, changes: content_changes };
                self.pass(&own.uri, task);
            }
            "textDocument/didClose" => {
                let Some(AboutText { text_document: own }) = read(params) else { return };
                self.pass(&own.uri.clone(), Task::Close { uri: own.uri });
            }
            "workspace/didChangeWatchedFiles" => {
                let Some(FilesChanged { changes }) = read(params) else { return };
                for folder in &self.folders {
                    let is_inside = |uri: &str| uri::to_path(uri).is_some_and(|path| path.starts_with(&folder.root));
                    let own: Vec<_> = changes.iter().filter(|change| is_inside(&change.uri)).cloned().collect();
                    if !own.is_empty() {
                        let _ = folder.tasks.send(Task::FilesChanged(own));
                    }
                }
            }
            "workspace/didChangeWorkspaceFolders" => {
                let Some(FoldersChanged { event }) = read(params) else { return };
                event.removed.iter().filter_map(|own| uri::to_path(&own.uri)).for_each(|root| self.remove(&root));
                event.added.iter().filter_map(|own| uri::to_path(&own.uri)).for_each(|root| self.add(root));
            }
            "$/cancelRequest" => {
                let id = params.get("id").cloned().and_then(|id| serde_json::from_value::<RequestId>(id).ok());
                id.iter().for_each(|id| self.client.cancelled(id));
            }
            _ => {}
        }
    }

    fn request(&mut self, request: Request) {
        self.client.asked(&request.id);
        match request.method.as_str() {
            "workspace/symbol" => return self.search(request),
            "workspace/diagnostic" => return self.diagnose(request),
            _ => {}
        }
        // A step of a pipeline is named by an item that it was said by.
        let named =
            ["/textDocument/uri", "/item/uri"].into_iter().find_map(|own| request.params.pointer(own)?.as_str());
        let uri = named.map(str::to_owned);
        match uri {
            Some(uri) if uri::to_path(&uri).is_some() => self.pass(&uri.clone(), Task::Answer { request, uri }),
            Some(_) => {
                self.client.is_cancelled(&request.id);
                self.client.send(protocol::answer(request.id, Value::Null));
            }
            None => self.fail(request.id, ErrorCode::MethodNotFound, format!("{} is not known", request.method)),
        }
    }

    fn search(&self, request: Request) {
        let Some(Query { query }) = read(request.params) else {
            return self.fail(request.id, ErrorCode::InvalidParams, "there is no query".to_owned());
        };
        let found = Arc::new(Gathered::new(request.id, self.client.clone(), Value::Array));
        let folders = self.roots();
        for folder in &self.folders {
            let task = Task::Search { query: query.clone(), folders: Arc::clone(&folders), found: Arc::clone(&found) };
            let _ = folder.tasks.send(task);
        }
    }

    fn diagnose(&self, request: Request) {
        let Some(PreviousResults { previous_result_ids }) = read(request.params) else {
            return self.fail(request.id, ErrorCode::InvalidParams, "there are no result ids".to_owned());
        };
        let previous: Arc<[_]> = previous_result_ids.into();
        let found = Arc::new(Gathered::new(request.id, self.client.clone(), |items| json!({"items": items})));
        let folders = self.roots();
        for folder in &self.folders {
            let (previous, folders, found) = (Arc::clone(&previous), Arc::clone(&folders), Arc::clone(&found));
            let _ = folder.tasks.send(Task::Diagnose { previous, folders, found });
        }
    }

    fn roots(&self) -> Arc<[PathBuf]> {
        self.folders.iter().map(|folder| folder.root.clone()).collect()
    }

    fn fail(&self, id: RequestId, code: ErrorCode, why: String) {
        self.client.is_cancelled(&id);
        self.client.send(Message::Response(Response::new_err(id, code as i32, why)));
    }
}

/// The stack of a folder's thread: as large as that of the main thread, for deep documents.
const STACK: usize = 8 << 20;

fn finish(folder: OpenFolder) {
    drop(folder.tasks);
    let _ = folder.thread.join();
}

fn read<T: DeserializeOwned>(params: Value) -> Option<T> {
    serde_json::from_value(params).ok()
}
