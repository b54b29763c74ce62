//! Diagnostics that a client asks for: of a text, or of all.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use lsp_server::RequestId;
use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::answers::diagnostics;
use super::client::Client;
use super::known::KnownFolder;
use super::position::Encoding;
use super::protocol::{self, NamedResult};
use super::uri;

/// Returns the report about a text: that it is as it was, if the client has these diagnostics already.
pub(super) fn report(items: Value, previous: Option<&str>) -> Value {
    let id = result_id(&items);
    match previous == Some(id.as_str()) {
        true => json!({"kind": "unchanged", "resultId": id}),
        false => json!({"kind": "full", "resultId": id, "items": items}),
    }
}

/// Returns a name for diagnostics, which other ones do not have.
fn result_id(items: &Value) -> String {
    let mut hasher = DefaultHasher::new();
    items.to_string().hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// Returns the reports about all texts that `is_own`: those with findings, those that are open, and those that had findings when the client
/// asked last. `version` gives that of an open text.
pub(super) fn reports(
    seen: &mut KnownFolder<'_>,
    encoding: Encoding,
    previous: &[NamedResult],
    version: impl Fn(&str) -> Option<i32>,
    is_own: impl Fn(&str) -> bool,
) -> Vec<Value> {
    let previous: FxHashMap<&str, &str> = previous.iter().map(|own| (own.uri.as_str(), own.value.as_str())).collect();
    let found = seen.analysis.reports().filter(|report| !report.findings.is_empty());
    let mut names: Vec<String> = found.map(|report| report.source.name().to_owned()).collect();
    // Of files that are gone, too, the client must be told that nothing is found in them.
    names.extend(previous.keys().filter_map(|uri| Some(uri::to_path(uri)?.to_string_lossy().replace('\\', "/"))));
    names.sort();
    names.dedup();
    let mut reports = Vec::new();
    for name in names.iter().filter(|name| is_own(name)) {
        let uri = uri::of_path(name);
        let mut report = report(diagnostics(name, seen, encoding), previous.get(uri.as_str()).copied());
        if let Some(own) = report.as_object_mut() {
            own.insert("uri".to_owned(), json!(uri));
            own.insert("version".to_owned(), json!(version(name)));
        }
        reports.push(report);
    }
    reports
}

/// Returns whether a folder is the innermost of some around a file.
pub(super) fn is_innermost(root: &Path, folders: &[PathBuf], name: &str) -> bool {
    let path = Path::new(name);
    let holding = folders.iter().filter(|folder| path.starts_with(folder));
    path.starts_with(root) && holding.max_by_key(|folder| folder.as_os_str().len()).is_none_or(|own| own == root)
}

/// The answer to a request to all folders, which is sent when the last of them has given its part, or is gone.
pub(super) struct Gathered {
    id: RequestId,
    client: Client,
    parts: Mutex<Vec<Value>>,
    /// The answer, of all parts.
    whole: fn(Vec<Value>) -> Value,
}

impl Gathered {
    pub fn new(id: RequestId, client: Client, whole: fn(Vec<Value>) -> Value) -> Self {
        Self { id, client, parts: Mutex::default(), whole }
    }

    /// Returns whether nobody wants the answer any more.
    pub fn is_cancelled(&self) -> bool {
        self.client.has_cancelled(&self.id)
    }

    pub fn add(&self, parts: Vec<Value>) {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner).extend(parts);
    }
}

impl Drop for Gathered {
    fn drop(&mut self) {
        let parts = std::mem::take(self.parts.get_mut().unwrap_or_else(PoisonError::into_inner));
        let answer = match self.client.is_cancelled(&self.id) {
            true => protocol::cancelled(self.id.clone()),
            false => protocol::answer(self.id.clone(), (self.whole)(parts)),
        };
        self.client.send(answer);
    }
}
