//! `evidence/never-logged`

use rustc_hash::FxHashSet;

use crate::documents::Kind;
use crate::documents::objectives::DataStage;
use crate::objectives::hir::{DatasetId, DefinitionId, MetricId, Predicate, ValueKind};
use crate::objectives::policy::Policy;
use crate::rules::Linked;
use crate::rules::expression::at;
use crate::rules::{Context, Findings, declare_rule};
use crate::text::{Span, nearest};
use crate::yaml::NodeId;

declare_rule! {
    /// A metric that an objective reads should be logged by some run, evaluation or test.
    ///
    /// A metric that nobody logs is unknown, and the gate does not let the model through. Most often its name in the objectives and its
    /// name in the training code differ by a letter or a separator. Once the workspace holds an evaluation or a test of these objectives or
    /// of their model, the rule looks for a record of that name anywhere in the workspace. It skips metrics that are read only on
    /// monitoring data, since production keeps its records elsewhere, and those of `is reported`, which asks exactly this question.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch,credit-test
    /// kind: test
    /// metrics: [{key: Recall, value: 0.7208, count: 4800}]
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch,credit-test
    /// kind: test
    /// metrics: [{key: recall, value: 0.7208, count: 4800}]
    /// ```
    pub NEVER_LOGGED = {
        id: "evidence/never-logged",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "spec/objectives.md: the semantics of mlspec-objectives/1",
        kinds: [Objectives],
        check: Workspace(check),
    }
}

/// The maximum number of names among which similar ones are searched, to bound the cost.
const MOST_COMPARED: usize = 500;

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some(policy) = cx.policy() else { return };
    let is_measured = |kind| !workspace.newest_measured(workspace.id, kind).is_empty();
    if workspace.is_partial() || !is_measured(Kind::Evaluation) && !is_measured(Kind::Test) {
        return;
    }
    let mut reported: FxHashSet<MetricId> = FxHashSet::default();
    for (node, span, metric) in reads(policy) {
        let Some(name) = policy.metrics.get(metric).map(|metric| metric.name.as_str()) else { continue };
        if workspace.is_logged(name) || !reported.insert(metric) {
            continue;
        }
        let message = format!("no run, evaluation or test logs '{name}'");
        let finding = at(&NEVER_LOGGED, node, span, cx, message);
        let similar = || {
            let names = workspace.logged_metrics();
            let near = if names.len() <= MOST_COMPARED { nearest(name, names) } else { None };
            near.and_then(|near| workspace.first_logged(near))
        };
        let place = workspace.first_logged_alike(name).or_else(similar);
        let meant = place.and_then(|(member, key)| member.tree.text(key));
        out.push(match (meant, place) {
            (Some(meant), Some((member, key))) => {
                workspace.relate(finding, member, Some(key), "logged here").help(format!("did you mean '{meant}'?"))
            }
            _ => finding.help("log the metric, or correct its name"),
        });
    }
}

/// Returns the metrics that objectives need, except on monitoring data, with the node of the expression and the span in its text.
fn reads(policy: &Policy) -> Vec<(NodeId, Span, MetricId)> {
    let is_monitored = |dataset: Option<DatasetId>| {
        dataset.and_then(|id| policy.datasets.get(id)).is_some_and(|data| data.stage == Some(DataStage::Monitoring))
    };
    let mut found = Vec::new();
    let mut seen: FxHashSet<(DefinitionId, Option<DatasetId>)> = FxHashSet::default();
    for (_, demand) in policy.demands() {
        let claims = demand.condition.iter().flat_map(|condition| condition.claims());
        let needed = claims.filter(|claim| !matches!(claim.predicate, Predicate::Reported(_)));
        let values = needed.flat_map(|claim| claim.values().map(|value| (value, claim.dataset, demand.node)));
        let mut open: Vec<_> = values.collect();
        open.reverse();
        while let Some((value, dataset, node)) = open.pop() {
            match &value.kind {
                ValueKind::Number(_) | ValueKind::Age => {}
                ValueKind::ByValue(own) => open.extend(own.numbers().map(|value| (value, dataset, node))),
                ValueKind::Metric(..) if is_monitored(dataset) => {}
                ValueKind::Metric(metric, _) => found.push((node, value.span, *metric)),
                ValueKind::Aggregate(_, inner) | ValueKind::Negative(inner) | ValueKind::Within(inner, _) => {
                    open.push((inner, dataset, node));
                }
                ValueKind::Across(across) => {
                    open.extend(across.weighed_by().map(|weight| (weight, dataset, node)));
                    open.push((&across.value, dataset, node));
                }
                ValueKind::Arithmetic(_, left, right) => {
                    open.extend([(&**right, dataset, node), (left, dataset, node)])
                }
                ValueKind::On(inner, own) => open.push((inner, Some(*own), node)),
                ValueKind::Definition(id) => {
                    let definition = policy.definitions.get(*id).filter(|_| seen.insert((*id, dataset)));
                    let value = definition.and_then(|own| Some((own.value.as_ref()?, dataset, own.node)));
                    open.extend(value);
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::{changed, tested};
    use crate::rules::testing::{assert_found, found};

    const READS: (&str, &str) =
        ("expect: recall >= 65% on", "expect: recall >= 65% on holdback and Auc_Score >= 1% on");
    const DECLARED: (&str, &str) = ("metrics:\n", "metrics:\n  Auc_Score: {unit: fraction, better: higher}\n");

    #[test]
    fn a_name_that_differs_by_case_and_separators_is_meant() {
        let text = changed(&[READS, DECLARED])
            + &tested("  - {key: recall, value: 0.7, count: 4800}\n  - {key: aucScore, value: 0.9}\n");
        assert_found(&text, &[("evidence/never-logged", "Auc_Score")]);
    }

    #[test]
    fn one_metric_is_reported_once_and_in_the_definition_that_reads_it() {
        let defined = ("objectives:\n", "definitions:\n  both: Auc_Score + recall\nobjectives:\n");
        let reads = ("expect: recall >= 65% on", "expect: both >= 65% on holdback and both <= 190% on");
        let text = changed(&[reads, DECLARED, defined]) + &tested("  - {key: recall, value: 0.7, count: 4800}\n");
        let own: Vec<_> = found(&text).into_iter().filter(|(rule, ..)| *rule == "evidence/never-logged").collect();
        assert_eq!(own.len(), 1, "{own:#?}");
        assert_eq!(own[0].1, "Auc_Score");
    }

    #[test]
    fn nothing_is_said_before_anything_is_measured_nor_of_what_is_monitored_or_asked_for() {
        assert_found(&changed(&[READS, DECLARED]), &[]);
        let asked = ("expect: recall >= 65% on", "expect: Auc_Score is reported on holdback and recall >= 65% on");
        let live = ("expect: recall >= 60% on live", "expect: recall >= 60% on live and Auc_Score >= 1% on live");
        for changes in [[asked, DECLARED], [live, DECLARED]] {
            let text = changed(&changes) + &tested("  - {key: recall, value: 0.7, count: 4800}\n");
            assert_found(&text, &[]);
        }
        // The test of another model.
        let other =
            tested("  - {key: recall, value: 0.7, count: 4800}\n").replace("model: credit-default", "model: other");
        let other = other.replace("objectives: credit-default-launch\n", "");
        assert_found(&(changed(&[READS, DECLARED]) + &other), &[]);
    }
}
