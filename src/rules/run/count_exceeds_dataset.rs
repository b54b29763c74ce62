//! `run/count-exceeds-dataset`

use rustc_hash::FxHashMap;

use super::confusion_matrix_disagrees::examples_of_matrix;
use super::metrics;
use crate::documents::metric::Metric;
use crate::documents::{Document, Kind};
use crate::rules::{Context, Findings, Linked, declare_rule};
use crate::workspace::{Member, Resolution};
use crate::yaml::NodeId;

declare_rule! {
    /// A metric must not be measured on more examples than its dataset has.
    ///
    /// The number of examples says what a value is worth: objectives demand enough of it, and confidence intervals follow from it. Where the
    /// dataset says how many examples this version has, a metric of more was measured on other data, or counts something else. If it does
    /// not, the set of a split, an ingestion, a transformation, a profile, or another dataset with its digest may say so: of these, the one
    /// with the most counts. A list has a value for each example, and the cells of a confusion matrix are examples, too.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans-2026
    /// state: Active
    /// version: 1.0.0
    /// location: s3://credit/loans/2026.parquet
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// count: 800
    /// ---
    /// kind: test
    /// mlSpecVersion: 0.1.0
    /// id: 6f1d2c3b-4a59-4e68-8b77-0a9c8d7e6f51
    /// name: credit-test
    /// model: credit-default
    /// dataset: loans-2026@1.0.0
    /// performedOn: 2026-08-24T04:00:00Z
    /// metrics:
    ///   - {key: recall, value: 0.72, count: 8000}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans-2026
    /// state: Active
    /// version: 1.0.0
    /// location: s3://credit/loans/2026.parquet
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// count: 800
    /// ---
    /// kind: test
    /// mlSpecVersion: 0.1.0
    /// id: 6f1d2c3b-4a59-4e68-8b77-0a9c8d7e6f51
    /// name: credit-test
    /// model: credit-default
    /// dataset: loans-2026@1.0.0
    /// performedOn: 2026-08-24T04:00:00Z
    /// metrics:
    ///   - {key: recall, value: 0.72, count: 800}
    /// ```
    pub COUNT_EXCEEDS_DATASET = {
        id: "run/count-exceeds-dataset",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "spec/gate.md: what a verdict rests on",
        kinds: [Evaluation, PipelineRun, Run, Test],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    // Most runs count nothing, and a document that is read as its type here stays in memory.
    if !counts_examples(cx) {
        return;
    }
    let Some(document) = workspace.member(workspace.id).and_then(|own| own.typed()) else { return };
    let own = match document {
        Document::Evaluation(measured) | Document::Test(measured) => measured.dataset.get(),
        _ => None,
    };
    // Many metrics are of one dataset.
    let mut known: FxHashMap<&str, Option<(u64, &Member, NodeId)>> = FxHashMap::default();
    for metric in metrics(document) {
        let stated = metric.count.located().map(|(count, node)| (*count, node, "is of", "examples"));
        let in_matrix = || in_matrix(metric, cx).map(|(count, node)| (count, node, "is of", "examples"));
        let counts = stated.or_else(in_matrix).into_iter().chain(in_list(metric, cx));
        let count = counts.max_by_key(|(count, ..)| *count);
        let Some(((count, node, has, what), data)) = count.zip(metric.dataset.get().or(own)) else { continue };
        let found = *known.entry(data).or_insert_with(|| match workspace.lookup(data, &[Kind::Dataset]) {
            Resolution::Found(found) => workspace.examples_of(found),
            _ => None,
        });
        let Some((examples, dataset, place)) = found.filter(|(examples, ..)| count > *examples) else { continue };
        let name = metric.key.get().map_or("", |key| &**key);
        let data = dataset.label();
        let message = format!("the metric '{name}' {has} {count} {what}, and the dataset '{data}' has {examples}");
        let finding = cx.at_value(&COUNT_EXCEEDS_DATASET, node, message);
        out.push(workspace.relate(finding, dataset, Some(place), "the number of its examples"));
    }
}

fn counts_examples(cx: &Context<'_>) -> bool {
    let Some(metrics) = cx.find(cx.root, &["metrics"]) else { return false };
    let listed = cx.tree.items(metrics);
    let is_collection = |node| cx.tree.is_mapping(node) || cx.tree.is_sequence(node);
    let counts = |metric: &NodeId| {
        cx.find(*metric, &["count"]).is_some() || cx.find(*metric, &["value"]).is_some_and(is_collection)
    };
    listed.is_empty() || listed.iter().any(counts)
}

/// The number of examples in the cells of a confusion matrix without `count`.
fn in_matrix(metric: &Metric, cx: &Context<'_>) -> Option<(u64, NodeId)> {
    let (total, node) = examples_of_matrix(metric, cx)?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a sum of whole numbers of examples")]
    let total = total as u64;
    Some((total, node))
}

/// The number of values in a list of numbers.
fn in_list(metric: &Metric, cx: &Context<'_>) -> Option<(u64, NodeId, &'static str, &'static str)> {
    let value = metric.value.node().filter(|value| cx.tree.is_sequence(*value))?;
    let items = cx.tree.items(cx.tree.resolve(value));
    let is_of_numbers = items.first().is_some_and(|first| cx.tree.number(*first).is_some());
    is_of_numbers.then_some((u64::try_from(items.len()).ok()?, value, "is a list of", "values"))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn each_metric_is_held_against_its_own_dataset() {
        let dataset = |name: &str, last: char, count: &str| {
            format!(
                "---\nkind: dataset\nmlSpecVersion: 0.1.0\nid: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c1{last}\nname: {name}\nstate: Active\n\
                 version: 1.0.0\nlocation: s3://credit/{name}\n{count}"
            )
        };
        for (count, metric, expected) in [
            ("count: 50\n", "count: 51", Some("51")),
            ("count: 50\n", "count: 50", None),
            ("", "count: 51", None),
            ("count: 50\n", "count: 51, dataset: large@1.0.0", None),
            ("count: 50\n", "count: 51, slice: {a: b}", Some("51")),
            ("count: 500\n", "count: 151, dataset: large", Some("151")),
            ("count: 50\n", "value: {tp: 30, fp: 10, fn: 5, tn: 6}", Some("{tp: 30, fp: 10, fn: 5, tn: 6}")),
            ("count: 50\n", "value: {tp: 30, fp: 10, fn: 5, tn: 5}", None),
            ("count: 3\n", "value: [1, 2, 3, 4]", Some("[1, 2, 3, 4]")),
            ("count: 3\n", "value: [1, 2, 3, 4], count: 3", Some("[1, 2, 3, 4]")),
            ("count: 3\n", "value: [1, 2, 3, 4], dataset: large@1.0.0", None),
            ("count: 3\n", "value: [1, 2, 3]", None),
        ] {
            let value = if metric.contains("value") { "" } else { "value: 1, " };
            let test = format!(
                "kind: test\nmlSpecVersion: 0.1.0\nid: 6f1d2c3b-4a59-4e68-8b77-0a9c8d7e6f51\nname: a\nmodel: m\ndataset: small@1.0.0\n\
                 performedOn: 2026-08-24T04:00:00Z\nmetrics: [{{key: loss, {value}{metric}}}]\n"
            );
            let text = test + &dataset("small", '1', count) + &dataset("large", '2', "count: 100\n");
            let own: Vec<_> =
                found(&text).into_iter().filter(|(rule, ..)| *rule == "run/count-exceeds-dataset").collect();
            let places: Vec<_> = own.iter().map(|(_, place, ..)| place.as_str()).collect();
            assert_eq!(places, expected.into_iter().collect::<Vec<_>>(), "{text}");
        }
    }
}
