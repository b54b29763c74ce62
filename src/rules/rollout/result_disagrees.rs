//! `rollout/result-disagrees`

use super::traffic;
use crate::documents::Document;
use crate::documents::field::List;
use crate::documents::rollout::{RolloutResult, RolloutStage, RolloutStrategy, StageResult};
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// The result of a rollout must follow from its stages.
    ///
    /// A rollout is `completed` once a stage with all traffic has passed (in a `shadow` rollout, once its last stage has). As long as a
    /// stage runs, so does the rollout, and after a stage that failed it is `rolled-back` or `failed`. Only the last stage may be `running`, and
    /// without an end (`until`); one that is running has none.
    /// A result that says otherwise hides how the model did.
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
    let Some((last, earlier)) = stages.split_last() else { return };
    let with = |stage: &RolloutStage, wanted: StageResult| {
        stage.result.located().filter(|(own, _)| **own == wanted).map(|(_, place)| place)
    };
    if let Some(place) = earlier.iter().find_map(|stage| with(stage, StageResult::Running)) {
        let message = format!("the stage is not {}: another one follows it", cx.shown(place));
        out.push(cx.at_value(&RESULT_DISAGREES, place, message).help("say how it ended"));
        return;
    }
    if let Some((_, until)) = last.until.located().filter(|_| with(last, StageResult::Running).is_some()) {
        let message = format!("the stage is running, and ended at {}", cx.shown(until));
        out.push(cx.at_value(&RESULT_DISAGREES, until, message).help("say how it ended, or leave out 'until'"));
    }
    if let Some(stage) = earlier.iter().find(|stage| stage.until.node().is_none())
        && let Some((_, from)) = stage.from.located()
    {
        let message = "the stage has no end, and another one follows it";
        out.push(cx.at_value(&RESULT_DISAGREES, from, message).help("say when it ended in 'until'"));
    }
    let failed = stages.iter().find_map(|stage| with(stage, StageResult::Failed));
    let (running, passed) = (with(last, StageResult::Running), with(last, StageResult::Passed));
    let is_shadow = own.strategy.get() == Some(&RolloutStrategy::Shadow);
    let has_all = traffic(last).map(|(traffic, _)| traffic >= 100.0);
    let (why, place) = match (result, failed, running, passed) {
        (RolloutResult::Completed | RolloutResult::Running, Some(place), ..) => ("a stage has failed", place),
        (RolloutResult::Running, ..) if is_shadow || has_all != Some(true) => return,
        (RolloutResult::Running, .., Some(place)) => ("its last stage, with all traffic, has passed", place),
        (RolloutResult::Running, ..) => return,
        (_, _, Some(place), _) => ("its last stage has not ended", place),
        (RolloutResult::Completed, .., Some(place)) if !is_shadow && has_all == Some(false) => {
            ("its last stage has not all traffic", place)
        }
        _ => return,
    };
    let message = format!("the rollout is not {}: {why}", cx.shown(node));
    let finding = cx.at_value(&RESULT_DISAGREES, node, message);
    out.push(finding.related(cx.tree.span(cx.tree.resolve(place)), "the result of the stage"));
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    /// Returns what the rule points at in a rollout with a result and stages, each with its traffic and result.
    fn disagrees(strategy: &str, result: &str, stages: &[(u32, &str)]) -> Vec<String> {
        let stage = |(day, (traffic, result)): (usize, &(u32, &str))| {
            let until = match *result {
                "running" => String::new(),
                _ => format!("until: 2026-08-{:02}, ", day + 11),
            };
            format!("{{traffic: {traffic}%, from: 2026-08-{:02}, {until}result: {result}}}", day + 10)
        };
        let stages: Vec<_> = stages.iter().enumerate().map(stage).collect();
        let base = include_str!("../bases/credit-rollout.yml").replace("canary", strategy);
        let others = base.lines().filter(|line| !line.starts_with("stages:") && !line.starts_with("result:"));
        let head = others.collect::<Vec<_>>().join("\n");
        let text = format!("{head}\nresult: {result}\nreason: latency\nstages: [{}]\n", stages.join(", "));
        let own = found(&text).into_iter().filter(|(rule, ..)| *rule == super::RESULT_DISAGREES.id);
        own.map(|(_, place, _)| place).collect()
    }

    #[test]
    fn a_stage_ends_when_another_one_begins() {
        for (stages, expected) in [
            ("{traffic: 1%, from: 2026-08-10, result: passed}, {traffic: 100%, from: 2026-08-11, result: running}", 1),
            ("{traffic: 1%, from: 2026-08-10, until: 2026-08-11, result: running}", 1),
            ("{traffic: 1%, from: 2026-08-10, result: running}", 0),
            (
                "{traffic: 1%, from: 2026-08-10, until: 2026-08-11, result: passed}, {traffic: 9%, from: 2026-08-11, result: running}",
                0,
            ),
        ] {
            let base = include_str!("../bases/credit-rollout.yml");
            let others = base.lines().filter(|line| !line.starts_with("stages:") && !line.starts_with("result:"));
            let text = format!("{}\nresult: running\nstages: [{stages}]\n", others.collect::<Vec<_>>().join("\n"));
            let found = found(&text);
            let own = found.iter().filter(|(rule, ..)| *rule == super::RESULT_DISAGREES.id);
            assert_eq!(own.count(), expected, "{stages}: {found:?}");
        }
    }

    #[test]
    fn every_stage_counts() {
        for (result, stages, place) in [
            ("running", &[(1, "passed"), (25, "failed"), (100, "running")][..], Some("running")),
            ("completed", &[(25, "failed"), (100, "passed")], Some("completed")),
            ("rolled-back", &[(25, "failed"), (100, "passed")], None),
            ("running", &[(1, "running"), (25, "passed")], Some("running")),
            ("completed", &[(1, "running"), (100, "passed")], Some("running")),
            ("running", &[(1, "passed"), (100, "passed")], Some("running")),
            ("running", &[(1, "passed"), (25, "passed")], None),
            ("running", &[(1, "passed"), (100, "running")], None),
            ("failed", &[(1, "passed"), (100, "running")], Some("failed")),
            ("completed", &[(1, "passed"), (25, "passed")], Some("completed")),
            ("completed", &[(1, "passed"), (100, "passed")], None),
        ] {
            let expected: Vec<String> = place.into_iter().map(str::to_owned).collect();
            assert_eq!(disagrees("canary", result, stages), expected, "{result} {stages:?}");
        }
        assert_eq!(disagrees("shadow", "running", &[(0, "passed")]), [""; 0]);
        assert_eq!(disagrees("shadow", "completed", &[(0, "passed")]), [""; 0]);
    }
}
