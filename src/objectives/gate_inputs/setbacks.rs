//! What speaks against a model or its data without a measurement: rollouts that were taken back, and data that is not valid.

use rustc_hash::{FxHashMap, FxHashSet};

use super::measured_on;
use crate::documents::roles::ReferenceRole;
use crate::documents::rollout::RolloutResult;
use crate::documents::validation::ValidationResult;
use crate::documents::{Document, Kind};
use crate::objectives::measurements::instant;
use crate::objectives::provenance::{measured_files, normalized};
use crate::workspace::{DocId, Member, Resolution, Workspace, digest_key};

/// Returns the rollouts of the model files of these measurements that did not end as intended, and the validations of their data that failed,
/// if no newer one passed.
pub(super) fn setbacks(workspace: Workspace<'_>, candidate: &[Member]) -> Vec<DocId> {
    let files: FxHashSet<String> = candidate.iter().flat_map(|own| measured_files(workspace, own)).collect();
    let is_rolled_back = |id: &DocId| match workspace.member(*id).and_then(|member| member.typed()) {
        Some(Document::Rollout(own)) => {
            let result = own.result.get();
            let digest = own.model_digest.get().map(|digest| normalized(digest));
            matches!(result, Some(RolloutResult::RolledBack | RolloutResult::Failed))
                && digest.is_some_and(|digest| files.contains(&digest))
        }
        _ => false,
    };
    let rollouts = workspace.of_kind(Kind::Rollout).filter(is_rolled_back);
    rollouts.chain(failed_validations(workspace, candidate)).collect()
}

fn failed_validations(workspace: Workspace<'_>, candidate: &[Member]) -> Vec<DocId> {
    let data: FxHashSet<DocId> = candidate.iter().flat_map(|member| measured_on(workspace, member)).collect();
    let mut newest = FxHashMap::default();
    for id in workspace.of_kind(Kind::Validation) {
        let Some(Document::Validation(own)) = workspace.member(id).and_then(|member| member.typed()) else { continue };
        let mut references = workspace.references_of(id);
        let dataset = references.find(|(reference, _)| reference.role == ReferenceRole::RecordedData);
        let Some((_, Resolution::Found(dataset))) = dataset else { continue };
        let Some(Document::Dataset(validated)) = workspace.member(*dataset).and_then(|member| member.typed()) else {
            continue;
        };
        // What was validated may have been another version of it.
        let digests = own.dataset_digest.get().zip(validated.digest.get());
        let is_other = digests.is_some_and(|(own, validated)| digest_key(own) != digest_key(validated));
        if is_other || !data.contains(dataset) {
            continue;
        }
        let date = own.performed_on.get().and_then(|date| instant(date));
        let is_failed = own.result.get() == Some(&ValidationResult::Failed);
        let known = newest.entry(*dataset).or_insert((date, is_failed, id));
        // Of two that are equally new, one that failed counts.
        if (date, is_failed) > (known.0, known.1) {
            *known = (date, is_failed, id);
        }
    }
    newest.into_values().filter(|(_, is_failed, _)| *is_failed).map(|(.., id)| id).collect()
}
