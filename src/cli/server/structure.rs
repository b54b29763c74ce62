//! The structure of a text: what can be folded and selected, where links lead, and which steps call which.

use std::path::Path;

use serde_json::{Value, json};

use super::answers::{AskedText, range_in};
use super::known::KnownFolder;
use super::protocol::{AtPosition, AtPositions, OfItem};
use super::uri;
use crate::analysis::Analysis;
use crate::ide::{self, CallDirection, StepItem};

/// `SymbolKind` of the protocol: a function.
const FUNCTION: u8 = 12;

impl AskedText<'_> {
    pub(super) fn foldings(&self, analysis: &Analysis<'_>) -> Value {
        let Some(tree) = analysis.examined(self.name).and_then(|own| own.tree()) else { return json!([]) };
        let lines = |span: &crate::text::Span| {
            let source = tree.source();
            json!({"startLine": source.line_index(span.start), "endLine": source.line_index(span.end)})
        };
        ide::foldings(tree).iter().map(lines).collect()
    }

    pub(super) fn selections(&self, at: &AtPositions, analysis: &Analysis<'_>) -> Value {
        let Some(tree) = analysis.examined(self.name).and_then(|own| own.tree()) else { return json!([]) };
        let selection = |position| {
            let offset = self.encoding.offset(tree.source(), position);
            let mut outer = Value::Null;
            for span in ide::selections(tree, offset).into_iter().rev() {
                let range = self.encoding.range(tree.source(), span);
                outer = match outer {
                    Value::Null => json!({"range": range}),
                    parent => json!({"range": range, "parent": parent}),
                };
            }
            // Each position has an answer, at the same place.
            if outer.is_null() { json!({"range": {"start": position, "end": position}}) } else { outer }
        };
        at.positions.iter().map(|position| selection(*position)).collect()
    }

    /// Returns links to files of the workspace that are there, and to pages.
    pub(super) fn links(&self, seen: &KnownFolder<'_>) -> Value {
        let analysis = &seen.analysis;
        let Some(tree) = analysis.examined(self.name).and_then(|own| own.tree()) else { return json!([]) };
        let folder = Path::new(self.name).parent().unwrap_or(Path::new("/"));
        let target = |target: &str| {
            if target.starts_with("https://") || target.starts_with("http://") {
                return Some(target.to_owned());
            }
            let path = seen.inside(&folder.join(target))?;
            path.is_file().then(|| uri::of_path(&path.to_string_lossy()))
        };
        let links = ide::links(analysis.index().workspace(), &self.ids(analysis), tree);
        let shown = links.iter().filter_map(|link| {
            let range = range_in(self.name, link.span, analysis, self.encoding)?;
            Some(json!({"range": range, "target": target(&link.target)?}))
        });
        shown.collect()
    }

    /// Returns the step of a pipeline at a position.
    pub(super) fn step(&self, at: &AtPosition, analysis: &Analysis<'_>) -> Value {
        let found = self.offset(at, analysis).and_then(|offset| {
            let step = ide::step_at(analysis.index().workspace(), &self.ids(analysis), offset)?;
            self.item(&step, analysis)
        });
        found.map_or(Value::Null, |item| json!([item]))
    }

    /// Returns the steps that wait for a step, or that it waits for.
    pub(super) fn calls(&self, at: &OfItem, direction: CallDirection, analysis: &Analysis<'_>) -> Value {
        let place = AtPosition { position: at.item.selection_range.start, context: None };
        let Some(offset) = self.offset(&place, analysis) else { return json!([]) };
        let name = match direction {
            CallDirection::Incoming => "from",
            CallDirection::Outgoing => "to",
        };
        let calls = ide::calls(analysis.index().workspace(), &self.ids(analysis), offset, direction);
        let shown = calls.iter().filter_map(|call| {
            let ranges: Vec<_> =
                call.places.iter().filter_map(|span| range_in(self.name, *span, analysis, self.encoding)).collect();
            Some(json!({name: self.item(&call.step, analysis)?, "fromRanges": ranges}))
        });
        shown.collect()
    }

    fn item(&self, step: &StepItem, analysis: &Analysis<'_>) -> Option<Value> {
        Some(json!({
            "name": step.name,
            "kind": FUNCTION,
            "detail": step.pipeline,
            "uri": uri::of_path(&step.file),
            "range": range_in(&step.file, step.span, analysis, self.encoding)?,
            "selectionRange": range_in(&step.file, step.name_span, analysis, self.encoding)?,
        }))
    }
}
