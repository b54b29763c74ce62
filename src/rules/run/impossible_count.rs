//! `run/impossible-count`

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::{Sample, metrics};
use crate::documents::Document;
use crate::objectives::measurements::PairedCounts;
use crate::rules::{Context, Findings, declare_rule};
use crate::text::Span;

declare_rule! {
    /// A metric must be measured on at least one example, and a slice on no more than all the data.
    ///
    /// The number of examples says how reliable a value is: objectives demand a minimum, and confidence intervals follow from it. A value
    /// from no examples was not measured. The pairs of a record are its examples, so there must be as many of them. A slice is a part of the
    /// data, so one that is larger than the whole was counted on other data, or in another unit.
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
    ///   - {key: recall, value: 0.87, count: 4800}
    ///   - {key: recall, value: 0.88, slice: {region: north}, count: 48000}
    ///   - {key: recall, value: 1.0, slice: {region: islands}, count: 0}
    ///   - {key: accuracy, value: 0.9, count: 4800, pairs: {both: 45, only_candidate: 0, only_baseline: 1, neither: 4}}
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
    ///   - {key: recall, value: 0.87, count: 4800}
    ///   - {key: recall, value: 0.88, slice: {region: north}, count: 800}
    /// ```
    pub IMPOSSIBLE_COUNT = {
        id: "run/impossible-count",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "spec/gate.md: what a verdict rests on",
        kinds: [Evaluation, PipelineRun, Run, Test],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    // The number of examples of all the data, by metric and sample. `None` if it is given twice.
    let mut all: FxHashMap<(&str, Sample<'_>), Option<(u64, Span)>> = FxHashMap::default();
    for metric in metrics(document) {
        let Some((count, node)) = metric.count.located() else { continue };
        if *count == 0 {
            let name = metric.key.get().map_or("", |key| &**key);
            let message = format!("the metric '{name}' was measured on 0 examples, so it was not measured");
            out.push(cx.at_value(&IMPOSSIBLE_COUNT, node, message));
        }
        let pairs = metric.pairs.get().and_then(PairedCounts::of).and_then(|pairs| pairs.count());
        if let Some(pairs) = pairs.filter(|pairs| pairs != count && *count > 0) {
            let name = metric.key.get().map_or("", |key| &**key);
            let message = format!("the metric '{name}' is of {count} examples, and its pairs are of {pairs}");
            out.push(cx.at_value(&IMPOSSIBLE_COUNT, node, message));
        }
        let (Some(key), Some(sample)) = (metric.key.get(), Sample::of(metric, document, cx)) else { continue };
        if sample.slice.is_empty() {
            let whole = (*count, cx.tree.span(cx.tree.resolve(node)));
            match all.entry((&**key, sample)) {
                Entry::Vacant(entry) => drop(entry.insert(Some(whole))),
                Entry::Occupied(mut entry) => *entry.get_mut() = None,
            }
        }
    }
    if all.is_empty() {
        return;
    }
    for metric in metrics(document) {
        let Some((count, node)) = metric.count.located() else { continue };
        let (Some(key), Some(sample)) = (metric.key.get(), Sample::of(metric, document, cx)) else { continue };
        if sample.slice.is_empty() {
            continue;
        }
        let whole = Sample { slice: Vec::new(), ..sample };
        if let Some(Some((whole, span))) = all.get(&(&**key, whole))
            && count > whole
        {
            let name = &**key;
            let message = format!("a slice of '{name}' has {count} examples, and all the data has {whole}");
            out.push(cx.at_value(&IMPOSSIBLE_COUNT, node, message).related(*span, "all the data"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::run::testing::assert_metrics;

    #[test]
    fn a_value_of_no_examples_was_not_measured() {
        assert_metrics("  - {key: loss, value: 1, count: 0}\n", &[("run/impossible-count", "0")]);
        assert_metrics("  - {key: loss, value: [1], slice: {a: b}, count: 0}\n", &[("run/impossible-count", "0")]);
        assert_metrics("  - {key: loss, value: 1, count: 1}\n", &[]);
    }

    #[test]
    fn pairs_are_as_many_as_the_examples() {
        let pairs = "pairs: {both: 5, only_candidate: 1, only_baseline: 2, neither: 2}";
        assert_metrics(&format!("  - {{key: loss, value: 1, count: 10, {pairs}}}\n"), &[]);
        let none = "  - {key: loss, value: 1, count: 6000, pairs: {both: 0, only_candidate: 0, only_baseline: 0, neither: 0}}\n";
        assert_metrics(none, &[("run/impossible-count", "6000")]);
        let other = format!("  - {{key: loss, value: 1, count: 11, {pairs}}}\n");
        assert_metrics(&other, &[("run/impossible-count", "11")]);
    }

    #[test]
    fn a_slice_is_a_part_of_the_same_metric_on_the_same_data() {
        let all = "  - {key: loss, value: 1, count: 10}\n";
        for (slice, expected) in [
            ("{key: loss, value: 1, slice: {a: b}, count: 11}", &[("run/impossible-count", "11")][..]),
            ("{key: loss, value: 1, slice: {a: b, c: d}, count: 11}", &[("run/impossible-count", "11")]),
            ("{key: loss, value: 1, slice: {a: b}, count: 10}", &[]),
            ("{key: gain, value: 1, slice: {a: b}, count: 11}", &[]),
            ("{key: loss, value: 1, slice: {a: b}, count: 11, dataset: other@1.0.0}", &[]),
        ] {
            assert_metrics(&format!("{all}  - {slice}\n"), expected);
        }
    }
}
