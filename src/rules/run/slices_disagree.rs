//! `run/slices-disagree`

use rustc_hash::FxHashMap;

use super::confusion_matrix_disagrees::Rounded;
use super::impossible_share::{is_of_all, is_of_some};
use super::{Sample, metrics};
use crate::documents::Document;
use crate::documents::metric::Metric;
use crate::objectives::wholes::{MeasuredShare, impossible_whole};
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A share of all the data should be the mean of the shares of its slices.
    ///
    /// The accuracy of all examples is that of the slices, weighted by their numbers of examples. Where it is not, the whole and its slices
    /// were measured on different data, or by different models, and whoever judges the model by one of them decides on a wrong number. Of
    /// examples that are in no slice, none to all may be right. Recall, precision and their kin are shares of some of the examples, so they
    /// lie between the least and the greatest slice where the slices make up the whole. Rounding is allowed for.
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
    ///   - {key: accuracy, value: 0.941, count: 1000}
    ///   - {key: accuracy, value: 0.912, count: 600, slice: {region: north}}
    ///   - {key: accuracy, value: 0.785, count: 400, slice: {region: south}}
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
    ///   - {key: accuracy, value: 0.861, count: 1000}
    ///   - {key: accuracy, value: 0.912, count: 600, slice: {region: north}}
    ///   - {key: accuracy, value: 0.785, count: 400, slice: {region: south}}
    /// ```
    pub SLICES_DISAGREE = {
        id: "run/slices-disagree",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "spec/gate.md: what a verdict rests on",
        kinds: [Evaluation, PipelineRun, Run, Test],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let mut samples: FxHashMap<(&str, Sample<'_>), Vec<(MeasuredShare<'_>, &Metric)>> = FxHashMap::default();
    for metric in metrics(document) {
        let (Some(key), Some(count)) = (metric.key.get(), metric.count.get().copied()) else { continue };
        let Some(value) = metric.value.node().filter(|value| !cx.is_faulty(*value)) else { continue };
        if count == 0 || !is_of_all(key) && !is_of_some(key) {
            continue;
        }
        let (Some(share), Some(sample)) = (Rounded::of(metric, value, cx), Sample::of(metric, document, cx)) else {
            continue;
        };
        let (value, tolerance) = share.bounds();
        let share = MeasuredShare { slice: sample.slice.clone(), value, tolerance, count, is_of_all: is_of_all(key) };
        let whole = Sample { slice: Vec::new(), ..sample };
        samples.entry((&**key, whole)).or_default().push((share, metric));
    }
    for ((key, _), measured) in samples {
        let (shares, metrics): (Vec<_>, Vec<_>) = measured.into_iter().unzip();
        let Some(found) = impossible_whole(&shares) else { continue };
        let Some((metric, node)) = metrics.get(found.whole).and_then(|metric| Some((metric, metric.value.node()?)))
        else {
            continue;
        };
        let Some(share) = Rounded::of(metric, node, cx) else { continue };
        let (given, along) = (cx.shown(node), found.along.join(" by "));
        let possible = share.words(found.least, found.greatest);
        let message = format!("the metric '{key}' is {given}, but its slices by {along} give {possible}");
        out.push(cx.at_value(&SLICES_DISAGREE, node, message));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::run::testing::assert_metrics;

    #[test]
    fn a_whole_is_compared_with_its_own_slices_only() {
        for (key, whole, expected) in [
            ("accuracy", "0.95, count: 400", true),
            ("accuracy", "0.88, count: 400", false),
            ("accuracy", "0.9, count: 400", false),
            ("accuracy", "95.0, unit: percent, count: 400", true),
            ("accuracy", "0.95, count: 400, step: 3", false),
            ("accuracy", "0.95, count: 400, dataset: other@1.0.0", false),
            ("accuracy", "0.95", false),
            ("error_rate", "0.3, count: 800", true),
            ("recall", "0.95, count: 400", true),
            ("recall", "0.81, count: 400", false),
            ("recall", "0.95, count: 500", false),
            ("f1", "0.95, count: 400", false),
        ] {
            let metrics = format!(
                "  - {{key: {key}, value: {whole}}}\n  - {{key: {key}, value: 0.800, count: 100, slice: {{plan: a}}}}\n  \
                 - {{key: {key}, value: 0.900, count: 300, slice: {{plan: b}}}}\n"
            );
            let place = whole.split(',').next().unwrap_or_default();
            let expected: Vec<_> = expected.then_some(("run/slices-disagree", place)).into_iter().collect();
            assert_metrics(&metrics, &expected);
        }
    }
}
