//! `run/duplicate-metric-record`

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::{Sample, metrics};
use crate::documents::Document;
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::NodeId;

declare_rule! {
    /// A metric must be recorded once for the same data, slice and step.
    ///
    /// Of two values for the same measurement one is wrong, and an objective that is judged on the metric passes with one and fails with
    /// the other. Values on different datasets or slices, or at different steps of a training, are distinguished by `dataset`, `slice` and
    /// `step`; in an evaluation or a test the dataset of the document applies if a metric names none.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: evaluation
    /// mlSpecVersion: 0.1.0
    /// id: a4b4f0de-58b1-4cf2-9e0c-7d1f9a3c5b20
    /// name: credit-default-validation
    /// model: credit-default@1.2.0
    /// dataset: credit-validation@1.2.0
    /// performedOn: 2026-08-22T09:30:00Z
    /// metrics:
    ///   - {key: recall, value: 0.71, slice: {age_group: under-30, region: north}}
    ///   - {key: recall, value: 0.74, slice: {region: north, age_group: under-30}, dataset: credit-validation@1.2.0}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: evaluation
    /// mlSpecVersion: 0.1.0
    /// id: a4b4f0de-58b1-4cf2-9e0c-7d1f9a3c5b20
    /// name: credit-default-validation
    /// model: credit-default@1.2.0
    /// dataset: credit-validation@1.2.0
    /// performedOn: 2026-08-22T09:30:00Z
    /// metrics:
    ///   - {key: recall, value: 0.72}
    ///   - {key: recall, value: 0.71, slice: {age_group: under-30}}
    ///   - {key: recall, value: 0.74, slice: {age_group: over-60}}
    /// ```
    pub DUPLICATE_METRIC_RECORD = {
        id: "run/duplicate-metric-record",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "experiment_tracking/run.md: a metric is a key and its value; dataset, slice and step tell its values apart",
        kinds: [Evaluation, PipelineRun, Run, Test],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let mut first: FxHashMap<(&str, Sample<'_>), NodeId> =
        FxHashMap::with_capacity_and_hasher(metrics(document).count(), FxBuildHasher);
    for metric in metrics(document) {
        let Some((key, node)) = metric.key.located() else { continue };
        let Some(sample) = Sample::of(metric, document, cx) else { continue };
        let earlier = *first.entry((key, sample)).or_insert(node);
        if earlier != node {
            let message = format!("the metric {} is recorded twice for the same data, slice and step", cx.shown(node));
            let finding = cx.at_value(&DUPLICATE_METRIC_RECORD, node, message);
            let span = cx.tree.span(cx.tree.resolve(earlier));
            out.push(finding.related(span, "the first one").help("say what tells them apart: dataset, slice or step"));
        }
    }
}
