//! What the client is told: diagnostics, and the answers to its requests.

use std::path::PathBuf;

use lsp_server::{ErrorCode, Message, Request, Response};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::client::Client;
use super::folder::KnownFolder;
use super::position::{Encoding, Range};
use super::protocol::{self, ActionsAt, AtPosition, FIX_ALL};
use super::uri;
use crate::analysis::{Analysis, apply, withhold_bad_fixes};
use crate::diagnostics::{Applicability, Finding, Fix};
use crate::ide::{self, FilePlace};
use crate::text::{Edit, Source, Span};
use crate::workspace::DocId;

/// A request about a text.
pub(super) struct Asked {
    pub request: Request,
    /// The name of its file.
    pub name: String,
    pub encoding: Encoding,
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
fn range_in(path: &str, span: Span, analysis: &Analysis<'_>, encoding: Encoding) -> Option<Range> {
    let source = |id: &DocId| Some(analysis.index().workspace().member(*id)?.tree.source().as_ref());
    let own = analysis.examined(path).map(|examined| examined.source());
    Some(encoding.range(own.or_else(|| analysis.index().documents_of(path).first().and_then(source))?, span))
}

/// Answers a request that nothing is known for.
pub(super) fn refuse(request: Request, client: &Client) {
    client.is_cancelled(&request.id);
    let error = Response::new_err(request.id, ErrorCode::RequestFailed as i32, "the settings are wrong".to_owned());
    client.send(Message::Response(error));
}

/// Answers a request.
pub(super) fn answer(asked: Asked, seen: &mut KnownFolder<'_>, client: &Client) {
    let Asked { request, name, encoding } = asked;
    let Request { id, method, params } = request;
    if client.is_cancelled(&id) {
        let error = Response::new_err(id, ErrorCode::RequestCanceled as i32, "cancelled".to_owned());
        return client.send(Message::Response(error));
    }
    seen.analysis.settle();
    let text = Text { name: &name, encoding };
    let result = match method.as_str() {
        "textDocument/diagnostic" => Ok(json!({"kind": "full", "items": diagnostics(&name, seen, encoding)})),
        "textDocument/codeAction" => read(params).map(|at| text.actions(&at, seen)),
        "textDocument/hover" => read(params).map(|at| text.hover(&at, &mut seen.analysis)),
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
pub(super) fn search(query: &str, analysis: &mut Analysis<'_>, encoding: Encoding) -> Vec<Value> {
    analysis.settle();
    let found = ide::workspace_symbols(analysis.index().workspace(), query);
    let shown = found.iter().filter_map(|(symbol, place)| {
        let range = range_in(&place.file, place.span, analysis, encoding)?;
        Some(protocol::found_symbol(symbol, protocol::location(place, range)))
    });
    shown.collect()
}

/// A text that is asked about.
struct Text<'n> {
    name: &'n str,
    encoding: Encoding,
}

impl Text<'_> {
    fn ids(&self, analysis: &Analysis<'_>) -> Vec<DocId> {
        analysis.index().documents_of(self.name).to_vec()
    }

    fn offset(&self, at: &AtPosition, analysis: &Analysis<'_>) -> Option<u32> {
        Some(self.encoding.offset(analysis.examined(self.name)?.source(), at.position))
    }

    fn hover(&self, at: &AtPosition, analysis: &mut Analysis<'_>) -> Value {
        let Some(offset) = self.offset(at, analysis) else { return Value::Null };
        let findings = analysis.report(self.name).map(|report| report.findings.clone()).unwrap_or_default();
        let hovered = ide::hover(analysis.index().workspace(), &self.ids(analysis), &findings, offset);
        let shown = hovered.and_then(|hovered| {
            let range = range_in(self.name, hovered.span, analysis, self.encoding)?;
            Some(json!({"contents": {"kind": "markdown", "value": hovered.markdown}, "range": range}))
        });
        shown.unwrap_or(Value::Null)
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

    /// Returns the fixes and suppressions of the findings in a range. Fixes are tried first: one that would bring another finding is not
    /// offered as safe.
    fn actions(&self, at: &ActionsAt, seen: &mut KnownFolder<'_>) -> Value {
        let Some(report) = seen.report(self.name) else { return json!([]) };
        let (source, mut findings) = (report.source, report.findings);
        let fingerprints: Vec<String> = report.fingerprints.iter().map(ToString::to_string).collect();
        withhold_bad_fixes(self.name, source.text(), &mut findings, &seen.options, Applicability::Unsafe);
        let only = at.context.only.as_deref();
        let wants = |kind: &str| {
            let is_above =
                |own: &String| kind == own || kind.strip_prefix(own).is_some_and(|rest| rest.starts_with('.'));
            only.is_none_or(|only| only.iter().any(is_above))
        };
        let mut actions = Vec::new();
        let span = self.encoding.span(&source, at.range);
        let is_here = |finding: &Finding| {
            let own = finding.place.span;
            own.start <= span.end && span.start <= own.end
        };
        for (finding, fingerprint) in findings.iter().zip(&fingerprints).filter(|(finding, _)| is_here(finding)) {
            if !wants("quickfix") {
                break;
            }
            let diagnostic = protocol::diagnostic(finding, fingerprint, &source, self.encoding, |path, span| {
                range_in(path, span, &seen.analysis, self.encoding)
            });
            let applicable = finding.fixes.iter().filter(|fix| fix.applicability != Applicability::Display);
            actions.extend(applicable.map(|fix| self.fix(fix, &diagnostic, &source)));
            if let Some(edit) = ide::suppressing_edit(&source, finding) {
                let title = format!("Suppress {} here, with a reason", finding.rule.id);
                actions.push(self.action(&title, "quickfix", &[edit], &source, Some(&diagnostic), false));
            }
        }
        // Only when it is asked for: otherwise editors would list it at every place.
        if only.is_some()
            && wants(FIX_ALL)
            && let Some((text, _)) = apply(source.text(), &findings, Applicability::Safe)
        {
            let whole = Edit { span: Span::new(0, u32::try_from(source.text().len()).unwrap_or(u32::MAX)), text };
            actions.push(self.action(
                "Fix all that mlspec-lint can fix safely",
                FIX_ALL,
                &[whole],
                &source,
                None,
                false,
            ));
        }
        Value::Array(actions)
    }

    fn fix(&self, fix: &Fix, diagnostic: &Value, source: &Source) -> Value {
        let is_safe = fix.applicability == Applicability::Safe;
        let mut title = fix.title.clone();
        if let Some(first) = title.get(..1).map(str::to_uppercase) {
            title.replace_range(..1, &first);
        }
        if !is_safe {
            title += " (review)";
        }
        self.action(&title, "quickfix", &fix.edits, source, Some(diagnostic), is_safe)
    }

    fn action(
        &self,
        title: &str,
        kind: &str,
        edits: &[Edit],
        source: &Source,
        diagnostic: Option<&Value>,
        is_preferred: bool,
    ) -> Value {
        let range = |span| self.encoding.range(source, span);
        let edits: Vec<Value> =
            edits.iter().map(|edit| json!({"range": range(edit.span), "newText": edit.text})).collect();
        let mut action = json!({
            "title": title,
            "kind": kind,
            "edit": {"changes": {uri::of_path(self.name): edits}},
            "diagnostics": diagnostic.into_iter().collect::<Vec<_>>(),
        });
        if is_preferred && let Some(own) = action.as_object_mut() {
            own.insert("isPreferred".to_owned(), json!(true));
        }
        action
    }
}

/// Returns the path that a folder of the client names.
pub(super) fn folder_path(uri: &str) -> Option<PathBuf> {
    uri::to_path(uri)
}
