//! The messages of the Language Server Protocol 3.17 that the server reads, and those that it writes.
//!
//! Only what is used is declared: unknown fields are ignored, as the protocol demands of both sides.

use lsp_server::{ErrorCode, Message, Notification, RequestId, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::position::{Encoding, Position, Range};
use super::uri;
use crate::diagnostics::{Finding, Severity};
use crate::ide::{FilePlace, FindingTag, Symbol, finding_tag};
use crate::text::{Source, Span};

/// What a client says of itself.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct InitializeParams {
    pub root_uri: Option<String>,
    pub workspace_folders: Option<Vec<WorkspaceFolder>>,
    pub capabilities: Value,
    pub initialization_options: Value,
}

impl InitializeParams {
    /// Returns the units that both sides count characters in.
    pub fn encoding(&self) -> Encoding {
        let offered = self.capabilities.pointer("/general/positionEncodings");
        Encoding::negotiated(&offered.and_then(|own| Vec::deserialize(own).ok()).unwrap_or_default())
    }

    /// Returns whether the client asks for diagnostics itself, also when they have changed because of another text. Those that are sent to such
    /// a client nevertheless would be shown twice.
    pub fn pulls_diagnostics(&self) -> bool {
        let refreshes = self.capabilities.pointer("/workspace/diagnostics/refreshSupport").and_then(Value::as_bool);
        self.capabilities.pointer("/textDocument/diagnostic").is_some() && refreshes == Some(true)
    }

    /// Returns whether the client tells of files that change on disk if it is asked to.
    pub fn watches_files(&self) -> bool {
        let own = "/workspace/didChangeWatchedFiles/dynamicRegistration";
        self.capabilities.pointer(own).and_then(Value::as_bool).unwrap_or(false)
    }
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct WorkspaceFolder {
    pub uri: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct FoldersChanged {
    pub event: FoldersEvent,
}

#[derive(Debug, Deserialize)]
pub(super) struct FoldersEvent {
    pub added: Vec<WorkspaceFolder>,
    pub removed: Vec<WorkspaceFolder>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DidOpen {
    pub text_document: TextItem,
}

#[derive(Debug, Deserialize)]
pub(super) struct TextItem {
    pub uri: String,
    pub version: i32,
    pub text: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Changed {
    pub text_document: ChangedText,
    pub content_changes: Vec<TextChange>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ChangedText {
    pub uri: String,
    pub version: i32,
}

/// A part of a text that was replaced; without a range, all of it.
#[derive(Debug, Deserialize)]
pub(super) struct TextChange {
    pub range: Option<Range>,
    pub text: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AboutText {
    pub text_document: TextName,
}

#[derive(Debug, Deserialize)]
pub(super) struct TextName {
    pub uri: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct FilesChanged {
    pub changes: Vec<FileChange>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct FileChange {
    pub uri: String,
    /// 1 created, 2 changed, 3 deleted.
    #[serde(rename = "type")]
    pub kind: u8,
}

#[derive(Debug, Deserialize)]
pub(super) struct AtPosition {
    pub position: Position,
    pub context: Option<ReferenceContext>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReferenceContext {
    #[serde(default)]
    pub include_declaration: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct ActionsAt {
    pub range: Range,
    #[serde(default)]
    pub context: ActionContext,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct ActionContext {
    /// The kinds of actions that are asked for; all if there is none.
    pub only: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RenameAt {
    pub position: Position,
    pub new_name: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct InRange {
    pub range: Range,
}

#[derive(Debug, Deserialize)]
pub(super) struct AtPositions {
    pub positions: Vec<Position>,
}

#[derive(Debug, Deserialize)]
pub(super) struct OfItem {
    pub item: HierarchyItem,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct HierarchyItem {
    pub selection_range: Range,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PreviousResult {
    pub previous_result_id: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PreviousResults {
    pub previous_result_ids: Vec<NamedResult>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct NamedResult {
    pub uri: String,
    pub value: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Query {
    pub query: String,
}

/// The kind of the action that applies all safe fixes of a file, which editors may do when it is saved.
pub(super) const FIX_ALL: &str = "source.fixAll.mlspec-lint";

/// The kind of the actions that write something in another way, with the same meaning.
pub(super) const REWRITE: &str = "refactor.rewrite";

/// Returns the request that asks a client to ask for all diagnostics again. Its answer says nothing.
pub(super) fn refresh_diagnostics() -> Message {
    let method = "workspace/diagnostic/refresh".to_owned();
    Message::Request(lsp_server::Request { id: RequestId::from("refresh".to_owned()), method, params: Value::Null })
}

/// Returns the request that asks a client to tell of files that change on disk.
pub(super) fn watch_files() -> Message {
    let globs =
        ["**/*.{yml,yaml,json,jsonl,ndjson}", "**/{mlspec-lint,.mlspec-lint,pyproject}.toml", "**/.{gitignore,ignore}"];
    let watchers: Vec<Value> = globs.iter().map(|glob| json!({"globPattern": glob})).collect();
    let params = json!({"registrations": [{
        "id": "watch",
        "method": "workspace/didChangeWatchedFiles",
        "registerOptions": {"watchers": watchers},
    }]});
    Message::Request(lsp_server::Request {
        id: RequestId::from("watch".to_owned()),
        method: "client/registerCapability".to_owned(),
        params,
    })
}

pub(super) fn notification(method: &str, params: Value) -> Message {
    Message::Notification(Notification { method: method.to_owned(), params })
}

pub(super) fn answer(id: RequestId, result: Value) -> Message {
    Message::Response(Response::new_ok(id, result))
}

pub(super) fn cancelled(id: RequestId) -> Message {
    Message::Response(Response::new_err(id, ErrorCode::RequestCanceled as i32, "cancelled".to_owned()))
}

/// Returns a diagnostic. `place` gives the range of a span of another file.
pub(super) fn diagnostic(
    finding: &Finding,
    fingerprint: &str,
    source: &Source,
    encoding: Encoding,
    place: impl Fn(&str, Span) -> Option<Range>,
) -> Value {
    let severity = match finding.severity {
        Severity::Error => 1,
        Severity::Warning => 2,
        Severity::Info => 3,
    };
    let message = match &finding.help {
        Some(help) => format!("{}\n{help}", finding.message),
        None => finding.message.clone(),
    };
    let related: Vec<Value> = finding
        .related
        .iter()
        .filter_map(|related| {
            let (path, range) = match &related.path {
                None => (source.name().to_owned(), encoding.range(source, related.span)),
                Some(path) => (path.clone(), place(path, related.span)?),
            };
            let location = json!({"uri": uri::of_path(&path), "range": range});
            Some(json!({"location": location, "message": related.message}))
        })
        .collect();
    let mut diagnostic = json!({
        "range": encoding.range(source, finding.place.span),
        "severity": severity,
        "code": finding.rule.id,
        "codeDescription": {"href": finding.rule.url()},
        "source": "mlspec-lint",
        "message": message,
        "relatedInformation": related,
        "data": {"fingerprint": fingerprint},
    });
    // `DiagnosticTag` of the protocol.
    let tag = finding_tag(finding.rule).map(|tag| match tag {
        FindingTag::Unnecessary => 1,
        FindingTag::Deprecated => 2,
    });
    if let (Some(tag), Some(own)) = (tag, diagnostic.as_object_mut()) {
        own.insert("tags".to_owned(), json!([tag]));
    }
    diagnostic
}

pub(super) fn location(location: &FilePlace, range: Range) -> Value {
    json!({"uri": uri::of_path(&location.file), "range": range})
}

/// `SymbolKind` of the protocol: of a document a class, of its parts a field.
const CLASS: u8 = 5;
const FIELD: u8 = 8;

pub(super) fn symbol(symbol: &Symbol, source: &Source, encoding: Encoding) -> Value {
    json!({
        "name": if symbol.name.is_empty() { "(no name)" } else { &symbol.name },
        "detail": symbol.detail,
        "kind": if symbol.parts.is_empty() && symbol.span == symbol.name_span { FIELD } else { CLASS },
        "range": encoding.range(source, symbol.span),
        "selectionRange": encoding.range(source, symbol.name_span),
        "children": symbol.parts.iter().map(|part| self::symbol(part, source, encoding)).collect::<Vec<_>>(),
    })
}

pub(super) fn found_symbol(symbol: &Symbol, location: Value) -> Value {
    json!({"name": symbol.name, "kind": CLASS, "containerName": symbol.detail, "location": location})
}
