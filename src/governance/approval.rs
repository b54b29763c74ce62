//! Who approved what.

use schemars::JsonSchema;
use serde::Serialize;

use super::said;
use super::subject::SubjectDocuments;
use crate::lineage::Lineage;
use crate::workspace::field;

/// An approval of a model, of its objectives or of a rollout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ApprovalReport {
    /// The kind of the document that was approved.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Its file.
    pub path: String,
    /// Who approved it.
    pub by: String,
    /// The day, as it is written.
    pub date: Option<String>,
    /// The digest of what was approved.
    pub digest: Option<String>,
}

/// Returns the approvals in the documents about a model, the first to approve first.
pub(super) fn approvals(lineage: &Lineage<'_>, documents: &SubjectDocuments) -> Vec<ApprovalReport> {
    let ids = [&documents.own, &documents.objectives, &documents.deployed];
    let members = ids.into_iter().flatten().filter_map(|id| Some((*id, lineage.workspace().member(*id)?)));
    let mut all: Vec<ApprovalReport> = members
        .flat_map(|(id, member)| {
            let tree = &member.tree;
            let list = field(tree, member.root, "approvals").map(|list| tree.resolve(list));
            let name = lineage.of_document(id).map_or_else(String::new, |thing| lineage.label(thing));
            list.map(|list| tree.items(list)).unwrap_or_default().iter().filter_map(move |approval| {
                let of = |name| said::said_node(tree, tree.resolve(field(tree, tree.resolve(*approval), name)?));
                Some(ApprovalReport {
                    kind: member.kind.name(),
                    name: name.clone(),
                    path: said::path(member.file()),
                    by: of("by")?,
                    date: of("approvedOn"),
                    digest: of("digest"),
                })
            })
        })
        .collect();
    all.sort_by(|a, b| a.date.cmp(&b.date));
    all
}
