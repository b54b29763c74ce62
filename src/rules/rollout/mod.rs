//! Rules about rollouts of models.

pub mod no_approval;
pub mod no_reason;
pub mod no_verdict;
pub mod result_disagrees;
pub mod stages_overlap;
pub mod traffic_not_ascending;
pub mod untested_file;

use crate::documents::rollout::RolloutStage;
use crate::rules::Rule;
use crate::yaml::NodeId;

/// The rules of this family.
pub static RULES: &[&Rule] = &[
    &no_approval::NO_APPROVAL,
    &no_reason::NO_REASON,
    &no_verdict::NO_VERDICT,
    &result_disagrees::RESULT_DISAGREES,
    &stages_overlap::STAGES_OVERLAP,
    &traffic_not_ascending::TRAFFIC_NOT_ASCENDING,
    &untested_file::UNTESTED_FILE,
];

/// Returns the traffic of a stage in percent, and the node that says so.
fn traffic(stage: &RolloutStage) -> Option<(f64, NodeId)> {
    let (text, node) = stage.traffic.located()?;
    Some((text.trim().strip_suffix('%')?.parse().ok()?, node))
}
