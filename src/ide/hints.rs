//! What stands within the lines of a text without being of it: the version that a reference means, and what was measured beside an objective.

use super::documents;
use super::verdict::verdict;
use crate::analysis::Analysis;
use crate::documents::Document;
use crate::objectives::policy::Policy;
use crate::objectives::verdict::{JudgedObjective, ObjectivePart};
use crate::secrets::redact;
use crate::text::{Span, visible};
use crate::workspace::DocId;
use crate::yaml::NodeStyle;

/// A text within a line, at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The byte that it stands before.
    pub at: u32,
    /// What is shown.
    pub label: String,
    /// More about it, in plain text; empty if there is no more.
    pub tooltip: String,
}

/// Returns the hints within a part of a file: behind a reference by name alone the version that it means, and behind a condition what was
/// measured and the verdict.
#[must_use]
pub fn hints(analysis: &mut Analysis<'_>, file: &str, within: Span) -> Vec<Hint> {
    let ids: Vec<DocId> = analysis.index().documents_of(file).to_vec();
    let mut found = versions(analysis, &ids, within);
    for id in ids {
        found.extend(measured(analysis, id, within).unwrap_or_default());
    }
    found.sort_by_key(|hint| hint.at);
    found
}

fn versions(analysis: &Analysis<'_>, ids: &[DocId], within: Span) -> Vec<Hint> {
    let workspace = analysis.index().workspace();
    let mut found = Vec::new();
    for (id, member) in documents(workspace, ids) {
        for (reference, resolution) in workspace.references_of(id) {
            let span = member.tree.span(reference.node);
            let text = member.tree.text(reference.node).unwrap_or("");
            let object = resolution.found().and_then(|found| workspace.member(found));
            let Some(object) = object.filter(|_| within.contains(span) && !text.contains('@')) else { continue };
            let is_by_name = object.name().is_some_and(|name| name.eq_ignore_ascii_case(text.trim()));
            if let Some(version) = object.version().filter(|_| is_by_name) {
                let label = format!("@{}", visible(&redact(version)));
                found.push(Hint { at: span.end, label, tooltip: "the newest version that is in use".to_owned() });
            }
        }
    }
    found
}

fn measured(analysis: &mut Analysis<'_>, id: DocId, within: Span) -> Option<Vec<Hint>> {
    let member = analysis.index().workspace().member(id)?.clone();
    let Some(Document::Objectives(document)) = member.typed() else { return None };
    let verdict = verdict(analysis, id).ok()?;
    let (policy, _) = Policy::of(document, &member.tree);
    let mut found = Vec::new();
    // Both are in the order of the document.
    for (objective, judged) in policy.objectives.iter().zip(&verdict.objectives) {
        for (demand, part) in [(&objective.expect, ObjectivePart::Expect), (&objective.aim, ObjectivePart::Aim)] {
            let Some(demand) = demand else { continue };
            let node = member.tree.resolve(demand.node);
            let span = member.tree.span(node);
            let is_here = within.contains(span) && objective.id == judged.id;
            if let Some(label) = label(judged, part).filter(|_| is_here) {
                // Behind a block there is no line of its own.
                let source = member.tree.source();
                let at = match member.tree.style(node) {
                    NodeStyle::Literal | NodeStyle::Folded => source.line_span(source.line_index(span.start)).end,
                    _ => span.end,
                };
                found.push(Hint { at, label, tooltip: redact(&judged.message).into_owned() });
            }
        }
    }
    Some(found)
}

/// Returns what was measured for a condition of one claim; of several, or of several slices, only the verdict.
fn label(judged: &JudgedObjective, part: ObjectivePart) -> Option<String> {
    let claims: Vec<_> = judged.claims.iter().filter(|claim| claim.part == part).collect();
    let value = match claims.as_slice() {
        [] => return None,
        [only] => only.value.as_ref().map(|value| {
            let unit = if only.unit.is_empty() { String::new() } else { format!(" {}", only.unit) };
            format!("{}{unit} ", shortened(value))
        }),
        _ => None,
    };
    let is_aim = part == ObjectivePart::Aim;
    let verdict = match is_aim {
        true => {
            claims.iter().all(|claim| claim.truth == crate::objectives::verdict::ClaimTruth::True).then_some("reached")
        }
        false => Some(judged.verdict.name()),
    };
    Some(format!("{}{}", value.unwrap_or_default(), verdict.unwrap_or("not reached")))
}

/// Returns a decimal number with four digits behind the point at most.
fn shortened(value: &str) -> &str {
    match value.split_once('.') {
        Some((whole, rest)) if rest.len() > 4 => value.get(..whole.len() + 5).unwrap_or(value),
        _ => value,
    }
}
