//! What is known about a place, as Markdown.

use super::describe::{field_at, objective_at};
use super::navigate::reference_at;
use super::{documents, touches};
use crate::analysis::Analysis;
use crate::diagnostics::Finding;
use crate::documents::common::Status;
use crate::rules::page::{Page, page};
use crate::secrets::redact;
use crate::text::{Span, visible};
use crate::workspace::{DocId, Member, Resolution, Workspace};

/// What is shown of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hovered {
    /// What it is about.
    pub span: Span,
    /// What is shown.
    pub markdown: String,
}

/// Returns what is known about a byte of a file: the object that is referred to there, what an objective says there, the field whose key stands
/// there, and the pages of the rules that report something there. `is_beyond_schema` leaves out what others can say who know the schemas.
#[must_use]
pub fn hover(analysis: &mut Analysis<'_>, file: &str, offset: u32, is_beyond_schema: bool) -> Option<Hovered> {
    let findings = analysis.report(file).map(|report| report.findings.clone()).unwrap_or_default();
    let ids: Vec<DocId> = analysis.index().documents_of(file).to_vec();
    let mut told: Option<(Span, String)> = ids.iter().find_map(|id| objective_at(analysis, *id, offset));
    let workspace = analysis.index().workspace();
    if let Some((span, resolution)) = reference_at(workspace, &ids, offset) {
        told = of_reference(workspace, resolution).map(|text| (span, text)).or(told);
    }
    let mut members = documents(workspace, &ids).filter(|_| !is_beyond_schema);
    let told = told.or_else(|| members.find_map(|(_, member)| field_at(member, offset)));
    let here: Vec<&Finding> = findings.iter().filter(|finding| touches(finding.place.span, offset)).collect();
    let span = here.first().map(|finding| finding.place.span).or(told.as_ref().map(|(span, _)| *span))?;
    let mut parts: Vec<String> = told.into_iter().map(|(_, text)| text).collect();
    parts.extend(here.iter().map(|finding| of_finding(finding)));
    Some(Hovered { span, markdown: parts.join("\n\n---\n\n") })
}

/// Returns what a rule demands, and why. Its examples are on its page.
fn of_finding(finding: &Finding) -> String {
    let Page { summary, body } = page(finding.rule);
    let why = body.split("\n## ").next().unwrap_or("").trim();
    let help = finding.help.as_ref().map(|help| format!("\n\nHelp: {}", markdown(help))).unwrap_or_default();
    let (id, url, message) = (finding.rule.id, finding.rule.url(), markdown(&finding.message));
    format!("[`{id}`]({url}): {message}{help}\n\n{summary}\n\n{why}").trim_end().to_owned()
}

fn of_reference(workspace: Workspace<'_>, resolution: &Resolution) -> Option<String> {
    match resolution {
        Resolution::Found(found) => workspace.member(*found).map(of_object),
        Resolution::Ambiguous(found) => {
            let objects = found.iter().filter_map(|id| workspace.member(*id)).map(of_object);
            Some(format!("Several objects fit:\n\n{}", objects.collect::<Vec<_>>().join("\n\n")))
        }
        Resolution::Unknown | Resolution::NoneOfKind | Resolution::Unread(_) => None,
    }
}

/// Returns what an object is, and where.
pub(super) fn of_object(member: &Member) -> String {
    let text = |text: &str| markdown(&visible(&redact(text)));
    let version = member.version().map(|version| format!(" {}", text(version))).unwrap_or_default();
    let status = match member.object.status {
        Some(Status::Archived) => ", archived",
        Some(Status::Deprecated) => ", deprecated",
        _ => "",
    };
    let description = member.tree.find(member.root, &["description"]).and_then(|node| member.tree.text(node));
    let description = description.map(|own| format!("\n\n{}", text(own))).unwrap_or_default();
    let name = text(member.label());
    format!(
        "**{name}**{version}: {}{status}, in `{}`{description}",
        member.kind.name(),
        visible(member.file()).replace('`', "'")
    )
}

/// Escapes what Markdown would take for its own: a document formats nothing, and links nowhere.
pub(super) fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\`*_{}[]()<>#+-.!|~&".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
