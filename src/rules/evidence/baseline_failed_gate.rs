//! `evidence/baseline-failed-gate`

use rustc_hash::FxHashSet;

use crate::documents::Document;
use crate::documents::objectives::ObjectiveSeverity;
use crate::objectives::evaluate::waivers;
use crate::objectives::hir::{Condition, Predicate};
use crate::objectives::measurements::{Evidence, Measurements};
use crate::objectives::policy::PolicyObjective;
use crate::rules::Linked;
use crate::rules::evidence::{baseline_reference, review_of};
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// The baseline should meet the objectives that do not compare with it.
    ///
    /// If the model in production is below a floor, a candidate that may drop two points against it is held to less than the floor. Either
    /// that model should not be in production, or the floor is one that nobody keeps. The rule judges what was recorded for the run of the
    /// baseline, by the required objectives that do not demand a change. A value that was not recorded is not reported.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch,credit-test,production
    /// baseline: {run: production-2026-05}
    /// objectives:
    ///   - id: no-step-back
    ///     why: a new model must not find fewer defaults than the one it replaces
    ///     expect: recall drops by at most 2pp vs baseline on holdback
    /// ---
    /// kind: run
    /// metrics:
    ///   - {key: recall, value: 0.6208, dataset: credit-holdback@1.0.0, count: 4800}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch,credit-test,production
    /// baseline: {run: production-2026-05}
    /// objectives:
    ///   - id: no-step-back
    ///     why: a new model must not find fewer defaults than the one it replaces
    ///     expect: recall drops by at most 2pp vs baseline on holdback
    /// ---
    /// kind: run
    /// metrics:
    ///   - {key: recall, value: 0.6792, dataset: credit-holdback@1.0.0, count: 4800}
    /// ```
    pub BASELINE_FAILED_GATE = {
        id: "evidence/baseline-failed-gate",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "spec/objectives.md: the semantics of mlspec-objectives/1",
        kinds: [Objectives],
        check: Workspace(check),
    }
}

/// The maximum number of objectives that a finding points at.
const MOST_SHOWN: usize = 3;

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some(own) = baseline_reference(workspace) else { return };
    let (Some(policy), Some(Document::Objectives(document)), Some(all)) =
        (cx.policy(), cx.typed(), workspace.evidence())
    else {
        return;
    };
    let Some(baseline) = all.baseline.clone().filter(|baseline| !is_candidate(baseline, &all.candidate)) else {
        return;
    };
    let waived: FxHashSet<&str> = waivers(document).iter().map(|waiver| waiver.objective).collect();
    let evidence = Evidence { candidate: baseline, ..Evidence::default() };
    let review = review_of(policy, &evidence, workspace);
    let failed: Vec<&PolicyObjective> = policy
        .objectives
        .iter()
        .filter(|own| own.severity == ObjectiveSeverity::Required && !waived.contains(own.id.as_str()))
        .filter(|own| {
            own.expect
                .as_ref()
                .and_then(|demand| demand.condition.as_ref())
                .is_some_and(|condition| is_absolute(condition) && review.is_false(condition))
        })
        .collect();
    let Some((first, others)) = failed.split_first() else { return };
    let more = if others.is_empty() { String::new() } else { format!(" and {} more", others.len()) };
    let message = format!("the baseline itself does not meet '{}'{more}", first.id);
    let mut finding = cx.at_value(&BASELINE_FAILED_GATE, own.node, message);
    for objective in failed.iter().take(MOST_SHOWN) {
        let node = objective.expect.as_ref().map_or(objective.node, |demand| demand.node);
        finding = finding.related(cx.tree.span(cx.tree.resolve(node)), "not met by the baseline");
    }
    out.push(finding.help("name a baseline that meets the objectives, or correct the objectives"));
}

/// Whether the two share a document, which `evidence/baseline-is-candidate` reports.
fn is_candidate(baseline: &Measurements<'_>, candidate: &Measurements<'_>) -> bool {
    let sources =
        |own: &Measurements<'_>| -> FxHashSet<usize> { own.documents.iter().map(|document| document.source).collect() };
    !sources(baseline).is_disjoint(&sources(candidate))
}

fn is_absolute(condition: &Condition) -> bool {
    !condition.claims().iter().any(|claim| matches!(claim.predicate, Predicate::Change { .. }))
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::{changed, tested};
    use crate::rules::testing::found;

    #[track_caller]
    fn assert_failed(floor: &str, more: (&str, &str), expected: &[&str]) {
        let baseline = ("metrics:\n", "baseline: {run: production}\nmetrics:\n");
        let floor = format!("expect: {floor}");
        let change =
            "  - {id: no-step-back, why: x, expect: recall rises by at least 1pp vs baseline on holdback}\ntests:";
        let text = changed(&[
            ("expect: recall >= 65% on holdback with at least 1000 examples", &floor),
            baseline,
            ("tests:", change),
            more,
        ]);
        let run = "---\nkind: run\nmlSpecVersion: 0.1.0\nid: e6ac09bf-5225-49c0-9c6d-95f8c293ee73\nname: production\nmetrics:\n  - {key: recall, value: 0.6, dataset: credit-holdback@1.0.0, count: 4800}\n";
        let text = text + &tested("  - {key: recall, value: 0.7208, count: 4800}\n") + run;
        let found = found(&text);
        let own = found.iter().filter(|(rule, ..)| *rule == "evidence/baseline-failed-gate");
        assert_eq!(own.map(|(.., message)| message.as_str()).collect::<Vec<_>>(), expected, "{text}{found:#?}");
    }

    #[test]
    fn only_what_is_known_to_be_missed_counts() {
        const NOTHING: (&str, &str) = ("name:", "name:");
        assert_failed("recall >= 65% on holdback", NOTHING, &["the baseline itself does not meet 'recall-floor'"]);
        assert_failed("recall >= 59% on holdback", NOTHING, &[]);
        // The baseline did not log precision.
        let precision = ("metrics:\n", "metrics:\n  precision: {unit: fraction, better: higher}\n");
        assert_failed("precision >= 65% on holdback", precision, &[]);
        assert_failed("recall >= 59.9% on holdback with 95% confidence", NOTHING, &[]);
        let waiver = (
            "tests:",
            "waivers:\n  - {objective: recall-floor, until: 2026-09-30, by: jane, reason: DATA-112}\ntests:",
        );
        assert_failed("recall >= 65% on holdback", waiver, &[]);
    }
}
