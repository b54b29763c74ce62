//! Which findings keep the gate from judging by a document, wherever the gate runs: on the command line, and in the playground.

use crate::diagnostics::{Finding, Severity};
use crate::rules::Rule;
use crate::rules::evidence::{baseline_is_candidate, baseline_other_data, test_not_separate_run};
use crate::rules::reference::unresolved_object::UNRESOLVED_OBJECT;
use crate::rules::run::{confusion_matrix_disagrees, impossible_share, slices_disagree};

/// Warnings of `check` about measurements that contradict each other: the gate believes neither side.
static CONTRADICTIONS: [&Rule; 3] = [
    &confusion_matrix_disagrees::CONFUSION_MATRIX_DISAGREES,
    &impossible_share::IMPOSSIBLE_SHARE,
    &slices_disagree::SLICES_DISAGREE,
];

/// Rules whose errors are about the newest measurements in a workspace.
static OF_THE_NEWEST: [&Rule; 3] = [
    &baseline_is_candidate::BASELINE_IS_CANDIDATE,
    &baseline_other_data::BASELINE_OTHER_DATA,
    &test_not_separate_run::TEST_NOT_SEPARATE_RUN,
];

/// Returns whether nothing is judged by a file with this finding.
#[must_use]
pub fn refuses(finding: &Finding) -> bool {
    finding.severity == Severity::Error || CONTRADICTIONS.iter().any(|rule| rule.meta == *finding.rule)
}

/// Returns whether nothing is judged on data when a document that says how it was made has this finding. What nobody documents does not speak
/// against the data.
#[must_use]
pub fn refuses_data(finding: &Finding) -> bool {
    refuses(finding) && *finding.rule != UNRESOLVED_OBJECT.meta
}

/// Returns whether a finding is about the newest measurements of the workspace, which need not be those that are judged.
#[must_use]
pub fn is_about_the_newest(finding: &Finding) -> bool {
    OF_THE_NEWEST.iter().any(|rule| rule.meta == *finding.rule)
}
