//! `run/impossible-interval`

use super::confusion_matrix_disagrees::Rounded;
use super::impossible_share::{is_of_all, is_of_some};
use super::{metrics, number};
use crate::documents::Document;
use crate::documents::metric::Metric;
use crate::objectives::evaluate::is_too_narrow;
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::NodeId;

declare_rule! {
    /// A confidence interval must contain its value, and be as wide as its number of examples requires.
    ///
    /// An interval says where the true value may lie, around the measured one. An interval that does not contain the measured value belongs
    /// to another metric, another slice or another unit, as when the value is a fraction and the interval a percentage. An objective
    /// `with 95% confidence` is judged by the interval, so a wrong one passes or blocks a model regardless of the measurement. If the value
    /// is a share of `count` examples, an interval that is less than half as wide as Wilson's, or on one side of the value less than a
    /// quarter, was computed from more examples, or made up.
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
    ///   - key: recall
    ///     value: 0.87
    ///     ci: {level: 0.95, lower: 85.1, upper: 88.7}
    ///   - key: precision
    ///     value: 0.64
    ///     ci: {level: 0.95, lower: 0.66, upper: 0.62}
    ///   - key: accuracy
    ///     value: 0.91
    ///     count: 100
    ///     ci: {level: 0.95, lower: 0.905, upper: 0.915}
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
    ///   - key: recall
    ///     value: 0.87
    ///     ci: {level: 0.95, lower: 0.851, upper: 0.887}
    ///   - key: precision
    ///     value: 0.64
    ///     ci: {level: 0.95, lower: 0.62, upper: 0.66}
    ///   - key: accuracy
    ///     value: 0.91
    ///     count: 100
    ///     ci: {level: 0.95, lower: 0.838, upper: 0.952}
    /// ```
    pub IMPOSSIBLE_INTERVAL = {
        id: "run/impossible-interval",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "spec/gate.md: what a verdict rests on",
        kinds: [Evaluation, PipelineRun, Run, Test],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    metrics(document).for_each(|metric| check_interval(metric, cx, out));
}

fn check_interval(metric: &Metric, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(interval) = metric.ci.get() else { return };
    let read = |node| Some((node, number(cx, node).filter(|_| !cx.is_faulty(node))?));
    let bounds = (interval.lower.node().and_then(read), interval.upper.node().and_then(read));
    let (Some((lower_node, lower)), Some((upper_node, upper))) = bounds else { return };
    let name = metric.key.get().map_or("", |key| &**key);
    if lower > upper {
        let (low, high) = (cx.shown(lower_node), cx.shown(upper_node));
        let message = format!("the lower bound of '{name}', {low}, is above the upper one, {high}");
        out.push(cx.at_value(&IMPOSSIBLE_INTERVAL, lower_node, message));
        return;
    }
    let Some((value_node, value)) = metric.value.node().and_then(read) else { return };
    let (node, side) = match value {
        value if value < lower => (lower_node, "lower"),
        value if value > upper => (upper_node, "upper"),
        _ => return check_width(metric, lower_node, (lower, upper), cx, out),
    };
    let (bound, value) = (cx.shown(node), cx.shown(value_node));
    let message =
        format!("the interval of '{name}' does not hold its value: the {side} bound is {bound}, the value {value}");
    out.push(cx.at_value(&IMPOSSIBLE_INTERVAL, node, message));
}

/// Checks an interval of a share against the number of examples.
fn check_width(metric: &Metric, node: NodeId, (lower, upper): (f64, f64), cx: &Context<'_>, out: &mut Findings<'_>) {
    let (Some(key), Some(count), Some(value)) = (metric.key.get(), metric.count.get().copied(), metric.value.node())
    else {
        return;
    };
    let level = metric.ci.get().and_then(|interval| interval.level.node()).and_then(|level| number(cx, level));
    let (Some(level), Some(share)) = (level, Rounded::of(metric, value, cx)) else { return };
    // A share of some of the examples has a wider interval, if anything.
    let bounds = (share.fraction(lower), share.fraction(upper));
    if (is_of_all(key) || is_of_some(key)) && is_too_narrow(share.bounds().0, count, level, bounds) {
        let key = &**key;
        let message = format!(
            "the interval of '{key}' is less than half as wide as {count} examples allow, or on one side less than a quarter"
        );
        out.push(cx.at_value(&IMPOSSIBLE_INTERVAL, node, message));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::run::testing::assert_metrics;

    #[track_caller]
    fn assert_metric(fields: &str, expected: &[(&str, &str)]) {
        assert_metrics(&format!("  - {{key: loss, {fields}}}\n"), expected);
    }

    #[test]
    fn an_interval_is_as_wide_as_its_examples_make_it() {
        for (fields, is_narrow) in [
            ("key: accuracy, value: 0.91, count: 100, ci: {level: 0.95, lower: 0.9, upper: 0.92}", true),
            ("key: accuracy, value: 0.93, count: 1000, ci: {level: 0.95, lower: 0.9299, upper: 0.9999}", true),
            ("key: accuracy, value: 0.93, count: 1000, ci: {level: 0.95, lower: 0.93, upper: 0.99}", true),
            ("key: accuracy, value: 0.93, count: 1000, ci: {level: 0.95, lower: 0.8, upper: 0.9301}", true),
            // The symmetric interval of a share near 1.
            ("key: accuracy, value: 0.99, count: 100, ci: {level: 0.95, lower: 0.9705, upper: 1.0}", false),
            ("key: accuracy, value: 0.999, count: 1000, ci: {level: 0.95, lower: 0.997, upper: 1.0}", false),
            ("key: accuracy, value: 0.91, count: 10000, ci: {level: 0.95, lower: 0.904, upper: 0.916}", false),
            ("key: accuracy, value: 0.91, count: 100, ci: {level: 0.5, lower: 0.9, upper: 0.92}", false),
            ("key: accuracy, value: 91, unit: percent, count: 100, ci: {level: 0.95, lower: 90, upper: 92}", true),
            ("key: accuracy, value: 91, unit: percent, count: 100, ci: {level: 0.95, lower: 85, upper: 96}", false),
            ("key: recall, value: 1.0, count: 100, ci: {level: 0.95, lower: 0.99, upper: 1.0}", true),
            ("key: recall, value: 1.0, count: 100, ci: {level: 0.95, lower: 0.96, upper: 1.0}", false),
            ("key: auc, value: 0.91, count: 100, ci: {level: 0.95, lower: 0.9, upper: 0.92}", false),
            ("key: accuracy, value: 0.91, ci: {level: 0.95, lower: 0.9, upper: 0.92}", false),
        ] {
            let lower = fields.split("lower: ").nth(1).and_then(|rest| rest.split(',').next()).unwrap_or_default();
            let expected: Vec<_> = is_narrow.then_some(("run/impossible-interval", lower)).into_iter().collect();
            assert_metrics(&format!("  - {{{fields}}}\n"), &expected);
        }
    }

    #[test]
    fn bounds_are_around_the_value() {
        const RULE: &str = "run/impossible-interval";
        for (fields, place) in [
            ("value: 0.5, ci: {level: 0.9, lower: 0.6, upper: 0.7}", "0.6"),
            ("value: 0.9, ci: {level: 0.9, lower: 0.6, upper: 0.7}", "0.7"),
            ("value: 0.65, ci: {level: 0.9, lower: 0.7, upper: 0.6}", "0.7"),
            ("value: [1, 2], ci: {level: 0.9, lower: 3, upper: 2}", "3"),
            ("value: 0.5, slice: {a: b}, ci: {level: 0.9, lower: 48, upper: 52}", "48"),
        ] {
            assert_metric(fields, &[(RULE, place)]);
        }
        for fields in [
            "value: 0.65, ci: {level: 0.9, lower: 0.6, upper: 0.7}",
            "value: 0.6, ci: {level: 0.9, lower: 0.6, upper: 0.7}",
            "value: 1, ci: {level: 0.9, lower: 1, upper: 1}",
            "value: [1, 9], ci: {level: 0.9, lower: 3, upper: 4}",
        ] {
            assert_metric(fields, &[]);
        }
    }
}
