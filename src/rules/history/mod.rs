//! Rules that compare documents with what they were in another revision.

pub mod archived_changed;
pub mod archived_in_use;
pub mod breaking_needs_major;
pub mod definition_changed;
pub mod deleted;
pub mod deprecated_without_replacement;
pub mod holdback_changed;
pub mod id_changed;
pub mod immutable_field;
pub mod name_taken_early;
pub mod objectives_weakened;
pub mod profile_stale;
pub mod published_changed;
pub mod reactivated;
pub mod registered_version_removed;
pub mod run_restarted;
pub mod version_order;
pub mod waiver_extended;

use crate::documents::run::RunStatus;
use crate::documents::{Document, Kind};
use crate::rules::Rule;
use crate::workspace::{DocumentFacts, Member};

/// The name of this family. Its rules need a revision to compare with.
pub const FAMILY: &str = "history";

/// The rules of this family.
pub static RULES: &[&Rule] = &[
    &archived_changed::ARCHIVED_CHANGED,
    &archived_in_use::ARCHIVED_IN_USE,
    &breaking_needs_major::BREAKING_NEEDS_MAJOR,
    &definition_changed::DEFINITION_CHANGED,
    &deleted::DELETED,
    &deprecated_without_replacement::DEPRECATED_WITHOUT_REPLACEMENT,
    &holdback_changed::HOLDBACK_CHANGED,
    &id_changed::ID_CHANGED,
    &immutable_field::IMMUTABLE_FIELD,
    &name_taken_early::NAME_TAKEN_EARLY,
    &objectives_weakened::OBJECTIVES_WEAKENED,
    &profile_stale::PROFILE_STALE,
    &published_changed::PUBLISHED_CHANGED,
    &reactivated::REACTIVATED,
    &registered_version_removed::REGISTERED_VERSION_REMOVED,
    &run_restarted::RUN_RESTARTED,
    &version_order::VERSION_ORDER,
    &waiver_extended::WAIVER_EXTENDED,
];

/// Returns whether documents of a kind are objects, which are archived. Inference records are not: logs are rotated.
fn is_object(kind: Kind) -> bool {
    !matches!(kind, Kind::InferenceLog | Kind::InferenceRequest | Kind::InferencePrediction)
}

/// Returns the status of a run.
fn run_status(run: &Member) -> Option<RunStatus> {
    match run.typed()? {
        Document::Run(run) => run.status.get().copied(),
        Document::PipelineRun(run) => run.status.get().copied(),
        _ => None,
    }
}

/// Returns whether two documents have the same version, or none.
fn is_same_version(now: &DocumentFacts, old: &Member) -> bool {
    now.version() == old.version()
}

/// Returns whether an id is that of another object: the case of letters has no meaning in one.
fn is_other_id(one: &str, other: &str) -> bool {
    one.to_lowercase() != other.to_lowercase()
}

#[cfg(test)]
pub(crate) mod testing {
    use super::FAMILY;
    use crate::analysis::{Options, lint_change};

    /// Asserts which rules of this family report a change, and the text that they point at.
    #[track_caller]
    pub(crate) fn assert_changes(before: &str, now: &str, expected: &[(&str, &str)]) {
        let report = lint_change("a.yml", "HEAD", before, now, &Options::default());
        let own = report.findings.iter().filter(|finding| finding.rule.family() == FAMILY);
        let found: Vec<_> = own.map(|finding| (finding.rule.id, report.source.slice(finding.place.span))).collect();
        assert_eq!(found, expected, "{before}→\n{now}{:#?}", report.findings);
        let is_explained =
            |finding: &crate::diagnostics::Finding| finding.rule.family() != FAMILY || !finding.related.is_empty();
        assert!(report.findings.iter().all(is_explained), "{:#?}", report.findings);
    }
}
