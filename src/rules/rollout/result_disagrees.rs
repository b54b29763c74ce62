//! `rollout/result-disagrees`

use super::traffic;
use crate::documents::Document;
use crate::documents::field::List;
use crate::documents::rollout::{RolloutResult, RolloutStrategy, StageResult};
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// The result of a rollout must follow from its stages.
    ///
    /// A rollout is `completed` once a stage with all traffic has passed (in a `shadow` rollout, once its last stage has). As long as a
    /// stage runs, so does the rollout, and after a stage that failed it is `rolled-back` or `failed`. A result that says otherwise hides
    /// how the model did.
    ///
    /// ## Fails
    /// ```yaml base:credit-rollout
    /// result: completed
    /// stages:
    ///   - {traffic: 1%, from: 2026-08-26T08:00:00Z, until: 2026-08-27T08:00:00Z, result: passed}
    ///   - {traffic: 25%, from: 2026-08-27T08:00:00Z, until: 2026-08-29T08:00:00Z, result: passed}
    ///   - {traffic: 100%, from: 2026-08-29T08:00:00Z, result: running}
    /// ```
    ///
    /// ```yaml base:credit-rollout
    /// result: completed
    /// stages:
    ///   - {traffic: 100%, from: 2026-08-26T08:00:00Z, until: 2026-08-27T08:00:00Z, result: failed}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-rollout
    /// result: running
    /// stages:
    ///   - {traffic: 1%, from: 2026-08-26T08:00:00Z, until: 2026-08-27T08:00:00Z, result: passed}
    ///   - {traffic: 25%, from: 2026-08-27T08:00:00Z, result: running}
    /// ```
    pub RESULT_DISAGREES = {
        id: "rollout/result-disagrees",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 11, “Record the results of rolling the model out to production”",
        kinds: [Rollout],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Rollout(own) = document else { return };
    let Some((result, node)) = own.result.located() else { return };
    let stages: Vec<_> = own.stages.get().into_iter().flat_map(List::iter).map(|(_, stage)| stage).collect();
    let Some(last) = stages.last() else { return };
    let Some((ended, place)) = last.result.located() else { return };
    let is_shadow = own.strategy.get() == Some(&RolloutStrategy::Shadow);
    let is_all = is_shadow || traffic(last).is_none_or(|(traffic, _)| traffic >= 100.0);
    let why = match (result, ended) {
        (RolloutResult::Completed, StageResult::Running) => "its last stage has not ended",
        (RolloutResult::Completed, StageResult::Passed) if !is_all => "its last stage has not all traffic",
        (RolloutResult::Completed | RolloutResult::Running, StageResult::Failed) => "its last stage has failed",
        (RolloutResult::RolledBack | RolloutResult::Failed, StageResult::Running) => "its last stage has not ended",
        _ => return,
    };
    let message = format!("the rollout is not {}: {why}", cx.shown(node));
    let finding = cx.at_value(&RESULT_DISAGREES, node, message);
    out.push(finding.related(cx.tree.span(cx.tree.resolve(place)), "the result of the last stage"));
}
