//! What the client is told: diagnostics, and the answers to its requests.

use std::path::PathBuf;

use lsp_server::{ErrorCode, Message, Request, RequestId, Response};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::client::Client;
use super::known::KnownFolder;
use super::position::{Encoding, Range};
use super::protocol::{self, AtPosition, PreviousResult};
use super::pull;
use super::support::Support;
use super::uri;
use crate::analysis::Analysis;
use crate::ide::{self, CallDirection, FilePlace};
use crate::text::Span;
use crate::workspace::DocId;

/// A request about a text.
pub(super) struct Asked {
    pub request: Request,
    /// The name of its file.
    pub name: String,
    /// The text, if it is open.
    pub open: Option<String>,
    pub encoding: Encoding,
    pub support: Support,
}

/// Returns the diagnostics of a text: the findings of `check`, in their order.
pub(super) fn diagnostics(name: &str, seen: &mut KnownFolder<'_>, encoding: Encoding) -> Value {
    let Some(report) = seen.report(name) else { return json!([]) };
    let place = |path: &str, span: Span| range_in(path, span, &seen.analysis, encoding);
    let findings = report.findings.iter().zip(&report.fingerprints);
    let shown = findings.map(|(finding, fingerprint)| {
        protocol::diagnostic(finding, &fingerprint.to_string(), &report.source, encoding, place)
    });
    shown.collect()
}

/// Returns the range of a span of a file, whose text is one of the folder or around it.
pub(super) fn range_in(path: &str, span: Span, analysis: &Analysis<'_>, encoding: Encoding) -> Option<Range> {
    let source = |id: &DocId| Some(analysis.index().workspace().member(*id)?.tree.source().as_ref());
    let own = analysis.examined(path).map(|examined| examined.source());
    Some(encoding.range(own.or_else(|| analysis.index().documents_of(path).first().and_then(source))?, span))
}

/// Answers a request that nothing is known for.
pub(super) fn refuse(request: Request, client: &Client) {
    fail(request.id, ErrorCode::RequestFailed, "the settings are wrong", client);
}

/// Answers a request about a text that has changed since.
pub(super) fn outdated(request: Request, client: &Client) {
    fail(request.id, ErrorCode::ContentModified, "the text has changed since", client);
}

/// Answers a request that could not be answered by a fault of ours.
pub(super) fn lost(id: RequestId, client: &Client) {
    fail(id, ErrorCode::InternalError, "internal error", client);
}

fn fail(id: RequestId, code: ErrorCode, why: &str, client: &Client) {
    let is_cancelled = client.is_cancelled(&id);
    let (code, why) = if is_cancelled { (ErrorCode::RequestCanceled, "cancelled") } else { (code, why) };
    client.send(Message::Response(Response::new_err(id, code as i32, why.to_owned())));
}

/// Answers a request.
pub(super) fn answer(asked: Asked, seen: &mut KnownFolder<'_>, client: &Client) {
    let Asked { request, name, open, encoding, support } = asked;
    let Request { id, method, params } = request;
    if client.is_cancelled(&id) {
        let error = Response::new_err(id, ErrorCode::RequestCanceled as i32, "cancelled".to_owned());
        return client.send(Message::Response(error));
    }
    seen.analysis.settle();
    let text = AskedText { name: &name, encoding };
    let result = match method.as_str() {
        "textDocument/diagnostic" => read(params).map(|asked: PreviousResult| {
            pull::report(diagnostics(&name, seen, encoding), asked.previous_result_id.as_deref())
        }),
        "textDocument/completion" => read(params).map(|at| text.completion(&at, open, seen, support)),
        "textDocument/prepareRename" => read(params).map(|at| text.renamable(&at, &seen.analysis)),
        "textDocument/rename" => read(params).and_then(|at| text.rename(&at, seen, support)),
        "textDocument/codeLens" => Ok(text.lenses(&mut seen.analysis)),
        "textDocument/inlayHint" => read(params).map(|at| text.hints(&at, &mut seen.analysis)),
        "textDocument/semanticTokens/full" => Ok(text.tokens(&seen.analysis)),
        "textDocument/foldingRange" => Ok(text.foldings(&seen.analysis)),
        "textDocument/selectionRange" => read(params).map(|at| text.selections(&at, &seen.analysis)),
        "textDocument/documentLink" => Ok(text.links(seen)),
        "textDocument/prepareCallHierarchy" => read(params).map(|at| text.step(&at, &seen.analysis)),
        "callHierarchy/incomingCalls" => {
            read(params).map(|at| text.calls(&at, CallDirection::Incoming, &seen.analysis))
        }
        "callHierarchy/outgoingCalls" => {
            read(params).map(|at| text.calls(&at, CallDirection::Outgoing, &seen.analysis))
        }
        "textDocument/codeAction" => read(params).map(|at| text.actions(&at, seen)),
        "textDocument/hover" => {
            read(params).map(|at| text.hover(&at, &mut seen.analysis, support.hovers_beyond_schema))
        }
        "textDocument/documentHighlight" => read(params).map(|at| text.highlights(&at, &seen.analysis)),
        "textDocument/definition" => read(params).map(|at| text.definition(&at, &seen.analysis)),
        "textDocument/references" => read(params).map(|at| text.references(&at, &seen.analysis)),
        "textDocument/documentSymbol" => Ok(text.symbols(&seen.analysis)),
        _ => Err((ErrorCode::MethodNotFound, format!("{method} is not known"))),
    };
    client.send(Message::Response(match result {
        Ok(result) => Response::new_ok(id, result),
        Err((code, why)) => Response::new_err(id, code as i32, why),
    }));
}

fn read<T: DeserializeOwned>(params: Value) -> Result<T, (ErrorCode, String)> {
    serde_json::from_value(params).map_err(|error| (ErrorCode::InvalidParams, error.to_string()))
}

/// Returns the objects of all texts that a query finds.
pub(super) fn search(
    query: &str,
    analysis: &mut Analysis<'_>,
    encoding: Encoding,
    is_own: impl Fn(&str) -> bool,
) -> Vec<Value> {
    analysis.settle();
    let found = ide::workspace_symbols(analysis.index().workspace(), query);
    let shown = found.iter().filter(|(_, place)| is_own(&place.file)).filter_map(|(symbol, place)| {
        let range = range_in(&place.file, place.span, analysis, encoding)?;
        Some(protocol::found_symbol(symbol, protocol::location(place, range)))
    });
    shown.collect()
}

/// A text that is asked about.
pub(super) struct AskedText<'n> {
    pub name: &'n str,
    pub encoding: Encoding,
}

impl AskedText<'_> {
    pub(super) fn ids(&self, analysis: &Analysis<'_>) -> Vec<DocId> {
        analysis.index().documents_of(self.name).to_vec()
    }

    pub(super) fn offset(&self, at: &AtPosition, analysis: &Analysis<'_>) -> Option<u32> {
        Some(self.encoding.offset(analysis.examined(self.name)?.source(), at.position))
    }

    fn hover(&self, at: &AtPosition, analysis: &mut Analysis<'_>, is_beyond_schema: bool) -> Value {
        let offset = self.offset(at, analysis);
        let hovered = offset.and_then(|offset| ide::hover(analysis, self.name, offset, is_beyond_schema));
        let shown = hovered.and_then(|hovered| {
            let range = range_in(self.name, hovered.span, analysis, self.encoding)?;
            Some(json!({"contents": {"kind": "markdown", "value": hovered.markdown}, "range": range}))
        });
        shown.unwrap_or(Value::Null)
    }

    fn highlights(&self, at: &AtPosition, analysis: &Analysis<'_>) -> Value {
        let workspace = analysis.index().workspace();
        let offset = self.offset(at, analysis);
        let found = offset.map(|offset| ide::highlights(workspace, &self.ids(analysis), offset)).unwrap_or_default();
        let shown = found
            .into_iter()
            .filter_map(|span| Some(json!({"range": range_in(self.name, span, analysis, self.encoding)?})));
        shown.collect()
    }

    fn definition(&self, at: &AtPosition, analysis: &Analysis<'_>) -> Value {
        let found = self.offset(at, analysis).map(|offset| {
            let workspace = analysis.index().workspace();
            ide::definition(workspace, &self.ids(analysis), offset)
        });
        self.locations(found.unwrap_or_default(), analysis)
    }

    fn references(&self, at: &AtPosition, analysis: &Analysis<'_>) -> Value {
        let with_definition = at.context.as_ref().is_some_and(|context| context.include_declaration);
        let found = self.offset(at, analysis).map(|offset| {
            let workspace = analysis.index().workspace();
            ide::references(workspace, &self.ids(analysis), offset, with_definition)
        });
        self.locations(found.unwrap_or_default(), analysis)
    }

    fn locations(&self, found: Vec<FilePlace>, analysis: &Analysis<'_>) -> Value {
        let location = |place: &FilePlace| {
            Some(protocol::location(place, range_in(&place.file, place.span, analysis, self.encoding)?))
        };
        found.iter().filter_map(location).collect()
    }

    fn symbols(&self, analysis: &Analysis<'_>) -> Value {
        let Some(examined) = analysis.examined(self.name) else { return json!([]) };
        let symbols = ide::document_symbols(analysis.index().workspace(), &self.ids(analysis));
        symbols.iter().map(|symbol| protocol::symbol(symbol, examined.source(), self.encoding)).collect()
    }
}

/// Returns the path that a folder of the client names.
pub(super) fn folder_path(uri: &str) -> Option<PathBuf> {
    uri::to_path(uri)
}
