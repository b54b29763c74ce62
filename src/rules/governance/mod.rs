//! Rules about licenses and lineage.

pub mod approval_of_other_content;
pub mod approved_by_author;
pub mod license_missing;
pub mod license_not_spdx;
pub mod no_lineage;

use crate::documents::Kind;
use crate::rules::{Context, Rule};
use crate::yaml::NodeId;

/// The rules of this family.
pub static RULES: &[&Rule] = &[
    &approval_of_other_content::APPROVAL_OF_OTHER_CONTENT,
    &approved_by_author::APPROVED_BY_AUTHOR,
    &license_missing::LICENSE_MISSING,
    &license_not_spdx::LICENSE_NOT_SPDX,
    &no_lineage::NO_LINEAGE,
];

/// Whether a document packages a whole model. A file may hold only some sections; another file may then hold what this one lacks.
fn is_whole_model(cx: &Context<'_>) -> bool {
    let has = |key| given(cx, cx.root, &[key]).is_some();
    cx.kind == Kind::Model && cx.is_complete() && has("framework") && (has("name") || has("model_identifier"))
}

/// Returns the value at a path of keys, unless it is null or an empty string, list or mapping.
fn given(cx: &Context<'_>, from: NodeId, keys: &[&str]) -> Option<NodeId> {
    let node = cx.find(from, keys)?;
    let holds = match cx.tree.text(node) {
        Some(text) => !cx.tree.is_null(node) && !text.trim().is_empty(),
        None => !cx.tree.all_entries(node).is_empty() || !cx.tree.items(node).is_empty(),
    };
    holds.then_some(node)
}
