//! `run/impossible-share`

use super::confusion_matrix_disagrees::Rounded;
use super::metrics;
use crate::documents::Document;
use crate::rules::{Context, Findings, declare_rule};
use crate::workspace::letters;

declare_rule! {
    /// A share of examples should be possible for the number of examples.
    ///
    /// Of 10 examples, 9 or 10 can be classified correctly: an accuracy of 0.941 was measured on others, or its `count` is not the number
    /// of examples that it is a share of. Confidence intervals are computed from the two together. Accuracy and error rate are shares of
    /// all examples; recall, precision and similar metrics are shares of some of them, so `count` is at least the number that they are
    /// shares of. Rounding is allowed for.
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
    ///   - {key: accuracy, value: 0.941, count: 10}
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
    ///   - {key: accuracy, value: 0.941, count: 4800}
    ///   - {key: recall, value: 0.9, count: 10}
    /// ```
    pub IMPOSSIBLE_SHARE = {
        id: "run/impossible-share",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "spec/gate.md: what a verdict rests on",
        kinds: [Evaluation, PipelineRun, Run, Test],
        check: Typed(check),
    }
}

/// Metrics that are shares of all examples.
const OF_ALL: &[&str] = &["accuracy", "errorrate"];

/// Metrics that are shares of some examples, such as those of one class.
#[rustfmt::skip]
const OF_SOME: &[&str] = &[
    "falsenegativerate", "falsepositiverate", "fnr", "fpr", "npv", "ppv", "precision", "recall", "sensitivity", "specificity", "tnr",
    "tpr", "truenegativerate", "truepositiverate",
];

/// Returns whether a metric of this name is a share of all examples.
pub(super) fn is_of_all(name: &str) -> bool {
    OF_ALL.contains(&&*letters(name))
}

/// Returns whether a metric of this name is a share of some of the examples.
pub(super) fn is_of_some(name: &str) -> bool {
    OF_SOME.contains(&&*letters(name))
}

/// The maximum number of examples that is checked. A share of more can be any number with as many digits as are usually given.
const MOST_EXAMPLES: u64 = 10_000;

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    for metric in metrics(document) {
        let (Some(key), Some(count)) = (metric.key.get(), metric.count.get().copied()) else { continue };
        if !(1..=MOST_EXAMPLES).contains(&count) {
            continue;
        }
        let examples = match (is_of_all(key), is_of_some(key)) {
            (true, _) => count..=count,
            (_, true) => 1..=count,
            _ => continue,
        };
        let Some(value) = metric.value.node().filter(|value| !cx.is_faulty(*value)) else { continue };
        let Some(share) = Rounded::of(metric, value, cx) else { continue };
        if examples.rev().any(|examples| share.may_be_of(examples)) {
            continue;
        }
        let (key, shown) = (&**key, cx.shown(value));
        let message = match count {
            1 => format!("the metric '{key}' is {shown}, which cannot be a share of one example"),
            count => format!("the metric '{key}' is {shown}, which cannot be a share of {count} examples"),
        };
        out.push(cx.at_value(&IMPOSSIBLE_SHARE, value, message));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::assert_found;

    #[test]
    fn shares_are_whole_numbers_of_examples_but_for_rounding() {
        let head = "kind: run\nmlSpecVersion: 0.1.0\nid: 592f0c1c-72ae-4236-9202-7e6aff1954f4\nname: a\n";
        for (metric, place) in [
            ("{key: accuracy, value: 0.941, count: 10}", Some("0.941")),
            ("{key: Error-Rate, value: 0.05, count: 10}", Some("0.05")),
            ("{key: accuracy, value: 94.1, unit: percent, count: 10}", Some("94.1")),
            ("{key: recall, value: 0.941, count: 10}", Some("0.941")),
            ("{key: recall, value: 0.941, count: 17}", None),
            ("{key: recall, value: 0.941, count: 20}", None),
            ("{key: accuracy, value: 0.9, count: 10}", None),
            ("{key: accuracy, value: 0.67, count: 3}", None),
            ("{key: accuracy, value: 0.6666666666666666, count: 3}", None),
            ("{key: accuracy, value: 1, count: 7}", None),
            ("{key: f1, value: 0.941, count: 10}", None),
            ("{key: accuracy, value: 0.941, count: 6000}", None),
        ] {
            let expected: Vec<_> = place.map(|place| ("run/impossible-share", place)).into_iter().collect();
            assert_found(&format!("{head}metrics:\n  - {metric}\n"), &expected);
        }
    }
}
