//! `objective/unused-definition`

use rustc_hash::FxHashSet;

use crate::documents::Document;
use crate::documents::objectives::DataStage;
use crate::objectives::names_used::NamesUsed;
use crate::objectives::policy::{Policy, PolicyDataset};
use crate::rules::objective::fully_read;
use crate::rules::objective::unbound_claim::unbound_claims;
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::NodeId;

declare_rule! {
    /// Each definition, metric and dataset should be used by an objective.
    ///
    /// An entry that no expression uses is a leftover, or an objective about it was forgotten. The latter is what matters: a reader of the
    /// document believes that the gate checks it. Data of `stage: training` is not judged and may be unused.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// definitions:
    ///   missed: 1 - recall
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// definitions:
    ///   missed: 1 - recall
    /// objectives:
    ///   - id: few-missed
    ///     why: each missed default is looked into by hand
    ///     severity: advisory
    ///     expect: missed <= 30% on holdback
    /// ```
    pub UNUSED_DEFINITION = {
        id: "objective/unused-definition",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "spec/objectives.md: the semantics of mlspec-objectives/1",
        kinds: [Objectives],
        check: Typed(check),
    }
}

fn check(_: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(policy) = fully_read(cx) else { return };
    let uses = NamesUsed::of(policy.expressions(), policy);
    let mut report = |node: NodeId, what: &str, name: &str| {
        out.push(cx.at_key(&UNUSED_DEFINITION, node, format!("no expression uses the {what} '{name}'")));
    };
    for definition in policy.definitions.iter().filter(|own| !uses.values.contains(&own.name)) {
        report(definition.node, "definition", &definition.name);
    }
    for metric in policy.metrics.iter().filter(|own| !uses.values.contains(&own.name)) {
        if let Some(node) = metric.node {
            report(node, "metric", &metric.name);
        }
    }
    for dataset in unused_datasets(policy, &uses.datasets) {
        report(dataset.node, "dataset", &dataset.name);
    }
}

fn unused_datasets<'p>(policy: &'p Policy, used: &FxHashSet<&str>) -> Vec<&'p PolicyDataset> {
    // A claim without a dataset may be about any of them.
    if !unbound_claims(policy).is_empty() {
        return Vec::new();
    }
    // Other rules report that no objective at all is judged on data of these stages.
    let is_judged = |stage| policy.datasets.iter().any(|own| own.stage == Some(stage) && used.contains(&*own.name));
    let (is_tested, is_monitored) = (is_judged(DataStage::Test), is_judged(DataStage::Monitoring));
    let is_expected = |dataset: &&PolicyDataset| match dataset.stage {
        Some(DataStage::Training) => false,
        Some(DataStage::Test) => is_tested,
        Some(DataStage::Monitoring) => is_monitored,
        Some(DataStage::Evaluation) | None => true,
    };
    policy.datasets.iter().filter(|own| !used.contains(&*own.name)).filter(is_expected).collect()
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::changed;
    use crate::rules::testing::assert_found;

    #[test]
    fn what_only_another_definition_names_is_used() {
        let definitions = "definitions: {a: b + 1, b: recall, c: recall + 1}\nobjectives:\n";
        let text = changed(&[("objectives:\n", definitions)]);
        assert_found(&text, &[("objective/unused-definition", "a"), ("objective/unused-definition", "c")]);
    }

    #[test]
    fn metrics_and_data_are_found_by_their_names() {
        let text = changed(&[
            (
                "datasets:\n",
                "datasets:\n  validation: {stage: evaluation}\n  old: {stage: test}\n  train: {stage: training}\n",
            ),
            (
                "metrics:\n",
                "metrics:\n  f1: {unit: fraction}\n  val.acc: {unit: fraction}\n  matrix: {type: object, unit: count}\n",
            ),
            ("recall >= 60% on live", "recall >= 60% on live and val.acc > 1% on live and matrix.tp > 5 on live"),
        ]);
        let found = ["validation", "old", "f1"].map(|name| ("objective/unused-definition", name));
        assert_found(&text, &found);
    }

    #[test]
    fn a_misspelt_name_is_one_fault() {
        assert_found(
            &changed(&[("recall >= 65% on holdback", "recall >= 65% on hold")]),
            &[("expression/unknown-dataset", "hold")],
        );
        assert_found(
            &changed(&[("recall >= 65% on holdback", "recall >= on holdback")]),
            &[("expression/syntax", "on")],
        );
    }
}
