//! What stands above the lines of a document: how often an object is referred to, and what the gate says.

use super::navigate::own_place;
use super::verdict::verdict;
use crate::analysis::Analysis;
use crate::documents::Kind;
use crate::objectives::verdict::{ObjectiveCounts, Verdict};
use crate::secrets::redact;
use crate::text::Span;
use crate::workspace::DocId;

/// A line about a place, which stands above it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lens {
    /// The place.
    pub span: Span,
    /// What is said.
    pub title: String,
    /// Whether it counts references, which can be shown.
    pub is_about_references: bool,
}

/// Returns the lenses of a file: the number of references to each of its objects, and the verdict on each document of objectives.
#[must_use]
pub fn lenses(analysis: &mut Analysis<'_>, file: &str) -> Vec<Lens> {
    let ids: Vec<DocId> = analysis.index().documents_of(file).to_vec();
    let mut found = Vec::new();
    for id in ids {
        let workspace = analysis.index().workspace();
        let Some(member) = workspace.member(id) else { continue };
        let span = own_place(member).span;
        let is_judged = member.kind == Kind::Objectives;
        let is_named = member.name().is_some() || member.id().is_some();
        let count = workspace.references_to(id).count();
        if is_named && !is_record(member.kind) {
            let title = match count {
                0 => "no references".to_owned(),
                1 => "1 reference".to_owned(),
                several => format!("{several} references"),
            };
            found.push(Lens { span, title, is_about_references: true });
        }
        if is_judged {
            let title = match verdict(analysis, id) {
                Ok(verdict) => said(&verdict),
                Err(why) => format!("gate: nothing is judged: {}", first_sentence(&redact(&why))),
            };
            found.push(Lens { span, title, is_about_references: false });
        }
    }
    found
}

/// Returns whether documents of a kind stand in logs by the thousand, and are referred to by none.
fn is_record(kind: Kind) -> bool {
    matches!(kind, Kind::InferenceLog | Kind::InferencePrediction | Kind::InferenceRequest)
}

fn said(verdict: &Verdict) -> String {
    let ObjectiveCounts { pass, warn, unknown, fail, waived } = verdict.counts;
    let counts = [(pass, "pass"), (warn, "warn"), (unknown, "unknown"), (fail, "fail"), (waived, "waived")];
    let counts = counts.iter().filter(|(count, _)| *count > 0).map(|(count, name)| format!("{count} {name}"));
    let counts: Vec<String> = counts.collect();
    let counts = if counts.is_empty() { String::new() } else { format!(" ({})", counts.join(", ")) };
    format!("gate: {}{counts}", verdict.verdict.name())
}

/// Returns the beginning of a reason, short enough for a line.
fn first_sentence(text: &str) -> String {
    const LONGEST: usize = 100;
    let first = text.split(['\n', ';']).next().unwrap_or("");
    match first.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", first.get(..end).unwrap_or("")),
        None => first.to_owned(),
    }
}
