//! `rollout/stages-overlap`

use crate::documents::Document;
use crate::documents::field::List;
use crate::rules::document::moment;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// Each stage of a rollout must begin after the one before has ended.
    ///
    /// A stage shows whether the next one may begin. If they overlap, more requests were sent to the model before anybody knew how it did
    /// with few, or the times are wrong, and nothing that happened can be assigned to a stage.
    ///
    /// ## Fails
    /// ```yaml base:credit-rollout
    /// stages:
    ///   - {traffic: 1%, from: 2026-08-26T08:00:00Z, until: 2026-08-28T08:00:00Z, result: passed}
    ///   - {traffic: 100%, from: 2026-08-27T08:00:00Z, until: 2026-08-29T08:00:00Z, result: passed}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-rollout
    /// stages:
    ///   - {traffic: 1%, from: 2026-08-26T08:00:00Z, until: 2026-08-27T08:00:00Z, result: passed}
    ///   - {traffic: 100%, from: 2026-08-27T08:00:00Z, until: 2026-08-29T08:00:00Z, result: passed}
    /// ```
    pub STAGES_OVERLAP = {
        id: "rollout/stages-overlap",
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
    let stages: Vec<_> = own.stages.get().into_iter().flat_map(List::iter).map(|(_, stage)| stage).collect();
    for pair in stages.windows(2) {
        let [before, stage] = pair else { continue };
        // A stage without an end is one that has not ended, or else its beginning is compared.
        let Some((end, end_node)) = before.until.located().or_else(|| before.from.located()) else { continue };
        let Some((start, node)) = stage.from.located() else { continue };
        let moments = moment(end).zip(moment(start));
        if moments.is_some_and(|(end, start)| end.is_after(start)) && !cx.is_faulty(node) && !cx.is_faulty(end_node) {
            let message = format!("the stage begins at {}, before the one before it has ended", cx.shown(node));
            let finding = cx.at_value(&STAGES_OVERLAP, node, message);
            out.push(finding.related(cx.tree.span(cx.tree.resolve(end_node)), "the end of the stage before"));
        }
    }
}
