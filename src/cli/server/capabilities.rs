//! What the server can do.

use serde_json::{Value, json};

use super::completion::TRIGGERS;
use super::position::Encoding;
use super::protocol::{FIX_ALL, REWRITE};
use super::shown::TOKEN_TYPES;

/// Returns what the server can do, as it is said to a client that counts characters so.
pub(super) fn capabilities(encoding: Encoding, pulls_diagnostics: bool) -> Value {
    let mut capabilities = json!({
        "positionEncoding": encoding.name(),
        "textDocumentSync": {"openClose": true, "change": 2, "save": {"includeText": false}},
        "codeActionProvider": {"codeActionKinds": ["quickfix", REWRITE, FIX_ALL]},
        "completionProvider": {"triggerCharacters": TRIGGERS, "resolveProvider": false},
        "hoverProvider": true,
        "definitionProvider": true,
        "documentHighlightProvider": true,
        "referencesProvider": true,
        "renameProvider": {"prepareProvider": true},
        "documentSymbolProvider": true,
        "workspaceSymbolProvider": true,
        "codeLensProvider": {"resolveProvider": false},
        "inlayHintProvider": true,
        "semanticTokensProvider": {"legend": {"tokenTypes": TOKEN_TYPES, "tokenModifiers": []}, "full": true},
        "foldingRangeProvider": true,
        "selectionRangeProvider": true,
        "documentLinkProvider": {"resolveProvider": false},
        "callHierarchyProvider": true,
        "workspace": {"workspaceFolders": {"supported": true, "changeNotifications": true}},
    });
    if pulls_diagnostics && let Some(own) = capabilities.as_object_mut() {
        let provider =
            json!({"identifier": "mlspec-lint", "interFileDependencies": true, "workspaceDiagnostics": true});
        own.insert("diagnosticProvider".to_owned(), provider);
    }
    capabilities
}
