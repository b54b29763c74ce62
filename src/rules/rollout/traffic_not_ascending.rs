//! `rollout/traffic-not-ascending`

use super::traffic;
use crate::documents::Document;
use crate::documents::field::List;
use crate::documents::rollout::{Automation, RolloutStrategy};
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// The traffic of a rollout must grow from stage to stage.
    ///
    /// A rollout shows a few requests to the new model first, so that a mistake costs little. A stage with less traffic than the one before
    /// is a step back, which is another rollout. In a `shadow` rollout the answers decide nothing: its traffic is 0 %, and people decide (`automation: shadow`).
    ///
    /// ## Fails
    /// ```yaml base:credit-rollout
    /// stages:
    ///   - {traffic: 25%, from: 2026-08-26T08:00:00Z, until: 2026-08-27T08:00:00Z, result: passed}
    ///   - {traffic: 10%, from: 2026-08-27T08:00:00Z, until: 2026-08-28T08:00:00Z, result: passed}
    ///   - {traffic: 100%, from: 2026-08-28T08:00:00Z, until: 2026-08-29T08:00:00Z, result: passed}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-rollout
    /// stages:
    ///   - {traffic: 10%, from: 2026-08-26T08:00:00Z, until: 2026-08-27T08:00:00Z, result: passed}
    ///   - {traffic: 25%, from: 2026-08-27T08:00:00Z, until: 2026-08-28T08:00:00Z, result: passed}
    ///   - {traffic: 100%, from: 2026-08-28T08:00:00Z, until: 2026-08-29T08:00:00Z, result: passed}
    /// ```
    pub TRAFFIC_NOT_ASCENDING = {
        id: "rollout/traffic-not-ascending",
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
    let is_shadow = own.strategy.get() == Some(&RolloutStrategy::Shadow);
    if let Some((automation, node)) = own.automation.located().filter(|_| is_shadow)
        && !matches!(automation, Automation::Shadow | Automation::Human)
    {
        let message = format!("in a shadow rollout the model decides nothing, and its use is not {}", cx.shown(node));
        let finding = cx.at_value(&TRAFFIC_NOT_ASCENDING, node, message);
        out.push(finding.help("write 'automation: shadow', or the strategy by which it decides"));
    }
    let mut before = None;
    for (_, stage) in own.stages.get().into_iter().flat_map(List::iter) {
        let Some((value, node)) = traffic(stage).filter(|(_, node)| !cx.is_faulty(*node)) else { continue };
        if is_shadow && value > 0.0 {
            let message = format!("in a shadow rollout the model decides nothing, not {}", cx.shown(node));
            out.push(cx.at_value(&TRAFFIC_NOT_ASCENDING, node, message));
        }
        if let Some((earlier, place)) = before.filter(|(earlier, _)| value < *earlier && !is_shadow) {
            let message = format!("the traffic falls from {earlier}% to {value}%");
            let finding = cx.at_value(&TRAFFIC_NOT_ASCENDING, node, message);
            out.push(finding.related(cx.tree.span(cx.tree.resolve(place)), "the stage before"));
        }
        before = Some((value, node));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn a_shadow_decides_nothing() {
        for (automation, expected) in [("full", 1), ("partial", 1), ("assistance", 1), ("shadow", 0), ("human", 0)] {
            let base = include_str!("../bases/credit-rollout.yml").replace("strategy: canary", "strategy: shadow");
            let text = format!("{}automation: {automation}\n", base.replace("1%", "0%").replace("100%", "0%"));
            let found = found(&text);
            let own = found.iter().filter(|(rule, ..)| *rule == super::TRAFFIC_NOT_ASCENDING.id);
            assert_eq!(own.count(), expected, "{automation}: {found:?}");
        }
    }
}
