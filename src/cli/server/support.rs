//! What a client understands, and what it wants left to others.

use super::protocol::InitializeParams;

/// What a client understands, and what it wants left to others.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Support {
    /// Whether it knows placeholders in what is completed.
    pub snippets: bool,
    /// Whether it takes edits of texts in a version.
    pub document_changes: bool,
    /// Whether completion of what a schema says is left to others: the option `completion: beyond-schema`.
    pub completes_beyond_schema: bool,
    /// Whether what a schema says of fields is left to others: the option `hover: beyond-schema`.
    pub hovers_beyond_schema: bool,
}

impl Support {
    pub fn of(params: &InitializeParams) -> Self {
        let can = |pointer| params.capabilities.pointer(pointer).and_then(serde_json::Value::as_bool).unwrap_or(false);
        let leaves = |name| params.initialization_options.get(name).is_some_and(|own| own == "beyond-schema");
        Self {
            snippets: can("/textDocument/completion/completionItem/snippetSupport"),
            document_changes: can("/workspace/workspaceEdit/documentChanges"),
            completes_beyond_schema: leaves("completion"),
            hovers_beyond_schema: leaves("hover"),
        }
    }
}
