//! Renaming, as the protocol says it.

use lsp_server::ErrorCode;
use serde_json::{Map, Value, json};

use super::answers::{AskedText, range_in};
use super::known::KnownFolder;
use super::protocol::{AtPosition, RenameAt};
use super::support::Support;
use super::uri;
use crate::analysis::Analysis;
use crate::ide;

impl AskedText<'_> {
    /// Returns what can be renamed at a position.
    pub(super) fn renamable(&self, at: &AtPosition, analysis: &Analysis<'_>) -> Value {
        let found = self.offset(at, analysis).and_then(|offset| ide::renamable(analysis, self.name, offset));
        let shown = found.and_then(|found| {
            let range = range_in(self.name, found.span, analysis, self.encoding)?;
            Some(json!({"range": range, "placeholder": found.name}))
        });
        shown.unwrap_or(Value::Null)
    }

    /// Returns the edits of a renaming, in all files.
    pub(super) fn rename(
        &self,
        at: &RenameAt,
        seen: &mut KnownFolder<'_>,
        support: Support,
    ) -> Result<Value, (ErrorCode, String)> {
        let failed = |why: String| (ErrorCode::RequestFailed, why);
        let place = AtPosition { position: at.position, context: None };
        let offset = self.offset(&place, &seen.analysis).ok_or_else(|| failed("nothing is here".to_owned()))?;
        let edits = ide::rename(&mut seen.analysis, self.name, offset, &at.new_name)
            .map_err(|error| failed(crate::text::visible(&error.to_string()).into_owned()))?;
        let mut changes = Map::new();
        let mut versioned = Vec::new();
        for (file, edits) in &edits {
            let own: Vec<Value> = edits
                .iter()
                .filter_map(|edit| {
                    let range = range_in(file, edit.span, &seen.analysis, self.encoding)?;
                    Some(json!({"range": range, "newText": edit.text}))
                })
                .collect();
            let uri = uri::of_path(file);
            versioned.push(json!({
                "textDocument": {"uri": uri, "version": seen.versions.get(file)},
                "edits": own,
            }));
            changes.insert(uri, own.into());
        }
        Ok(match support.document_changes {
            // So that an editor in which a text has changed meanwhile does not apply them.
            true => json!({"documentChanges": versioned}),
            false => json!({"changes": changes}),
        })
    }
}
