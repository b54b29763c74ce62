//! `run/metric-value-mismatch`

use super::metric_not_finite::is_not_finite;
use super::{metrics, number};
use crate::diagnostics::{Fix, Severity};
use crate::documents::Document;
use crate::documents::metric::Metric;
use crate::objectives::known_metrics;
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::{NodeId, ScalarType, edit};
use crate::yaml::{plain_type, type_name};

declare_rule! {
    /// The value of a metric must be a number, a list of numbers, or a map of named numbers.
    ///
    /// A number in quotes is text: it is sorted as text, it cannot be averaged, and no objective can compare it with a threshold. Words
    /// such as `good` measure nothing. If `value_type` is given, the value has the shape that it says. A metric that is a number, such
    /// as recall, may be a map of numbers, one for each class, but nothing deeper.
    ///
    /// A metric whose name fixes its range, such as accuracy, precision, recall, F1 and AUC, must lie in it (a warning): from 0 to 1, or to
    /// 100 when its `unit` is `percent`. An accuracy of 87 without a unit passes every objective.
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
    ///   - key: accuracy
    ///     value: "0.87"
    ///   - key: auc
    ///     value: 86.1
    ///   - key: losses
    ///     value: [0.41, low, "0.38"]
    ///     value_type: array
    ///   - key: latency
    ///     value: {p50: 41, p95: 61}
    ///     value_type: scalar
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
    ///   - key: accuracy
    ///     value: 0.87
    ///   - key: auc
    ///     value: 86.1
    ///     unit: percent
    ///   - key: losses
    ///     value: [0.41, 0.39, 0.38]
    ///     value_type: array
    ///   - key: latency
    ///     value: {p50: 41, p95: 61}
    ///     value_type: object
    /// ```
    ///
    /// ## Fix
    /// `--fix` removes the quotes of a number.
    pub METRIC_VALUE_MISMATCH = {
        id: "run/metric-value-mismatch",
        severity: Error,
        since: "0.1.0",
        fix: Safe,
        source: "experiment_tracking/run.md, “the numerical value associated with the metric”",
        kinds: [],
        check: SchemaAndTyped(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    for metric in metrics(document) {
        let Some(value) = metric.value.node().filter(|value| !cx.is_faulty(*value)) else { continue };
        match number(cx, value) {
            Some(number) => check_range(metric, number, value, cx, out),
            None => check_parts(metric, value, cx, out),
        }
    }
}

fn check_range(metric: &Metric, number: f64, value: NodeId, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(key) = metric.key.get() else { return };
    let unit = metric.unit.get();
    let Some(scale) = unit.map_or(Some(1.0), |unit| greatest(unit)) else { return };
    let Some((low, high)) = known_metrics::range(key).filter(|_| number.is_finite()) else { return };
    let bound = |bound: i32| f64::from(bound) * scale;
    let (low, high) = (low.map(bound), high.map(bound));
    if low.is_none_or(|low| number >= low) && high.is_none_or(|high| number <= high) {
        return;
    }
    let range = match (low, high) {
        (Some(low), Some(high)) => format!("outside of {low} to {high}"),
        (Some(low), None) => format!("below {low}"),
        (None, Some(high)) => format!("above {high}"),
        (None, None) => return,
    };
    let message = format!("the metric '{}' is {}, {range}", &**key, cx.shown(value));
    let finding = cx.at_value(&METRIC_VALUE_MISMATCH, value, message).severity(Severity::Warning);
    let may_be_percent = unit.is_none() && high == Some(1.0) && (1.0..=100.0).contains(&number);
    out.push(if may_be_percent { finding.help("if it is a percentage, say 'unit: percent'") } else { finding });
}

/// Returns the highest value that a share can have in a unit. `None` if the unit is not one of shares.
pub(super) fn greatest(unit: &str) -> Option<f64> {
    match unit.to_ascii_lowercase().as_str() {
        "percent" | "percentage" | "pct" | "%" => Some(100.0),
        "fraction" | "ratio" | "share" | "proportion" | "probability" | "1" => Some(1.0),
        _ => None,
    }
}

/// Checks that lists and maps hold numbers. A map that holds collections is a table, such as a curve or a matrix with the labels of its
/// classes: in it, only lists that hold numbers are checked.
fn check_parts(metric: &Metric, value: NodeId, cx: &Context<'_>, out: &mut Findings<'_>) {
    let tree = cx.tree;
    let is_collection = |node: &NodeId| tree.is_sequence(*node) || tree.is_mapping(*node);
    let is_nested =
        tree.is_mapping(value) && metric.key.get().is_some_and(|key| known_metrics::by_definition(key).is_some());
    let mut collections = vec![value];
    while let Some(node) = collections.pop() {
        let parts: Vec<NodeId> = match tree.is_sequence(node) {
            true => tree.items(node).to_vec(),
            false => tree.entries(node).map(|entry| entry.value).filter(|part| !tree.is_null(*part)).collect(),
        };
        if parts.iter().any(is_collection) {
            for part in parts.into_iter().filter(is_collection) {
                match node == value && is_nested && tree.is_mapping(part) {
                    true => report_part(metric, part, cx, out),
                    false => collections.push(part),
                }
            }
            continue;
        }
        let is_row = tree.is_sequence(node) && parts.iter().any(|part| number(cx, *part).is_some());
        if node != value && !is_row {
            continue;
        }
        for part in parts {
            if number(cx, part).is_none() && !is_not_finite(cx, part) && !cx.is_faulty(part) {
                report_part(metric, part, cx, out);
            }
        }
    }
}

fn report_part(metric: &Metric, part: NodeId, cx: &Context<'_>, out: &mut Findings<'_>) {
    let name = metric.key.get().map_or("", |key| &**key);
    let message = format!("the metric '{name}' holds {} where a number is expected", type_name(cx.tree, part));
    let text = cx.tree.string(part).filter(|text| matches!(plain_type(text), ScalarType::Integer | ScalarType::Float));
    let edits = text.and_then(|text| edit::replace_with_literal(cx.tree, cx.tree.resolve(part), text));
    let fix = edits.map(|edits| Fix::safe("write it without quotes", edits));
    out.push(cx.at_value(&METRIC_VALUE_MISMATCH, part, message).fix(fix));
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn what_is_a_number_by_its_name_holds_no_map_of_maps() {
        let about = |key: &str, value: &str| {
            let text = format!(
                "kind: evaluation\nmlSpecVersion: 0.1.0\nid: a4b4f0de-58b1-4cf2-9e0c-7d1f9a3c5b20\nname: cards\nmodel: m@1.2.0\n\
                 dataset: d@1.2.0\nperformedOn: 2026-08-22T09:30:00Z\nmetrics:\n- {{key: {key}, value: {value}}}\n"
            );
            let own = found(&text).into_iter().filter(|(rule, ..)| *rule == super::METRIC_VALUE_MISMATCH.id);
            own.map(|(_, place, _)| place).collect::<Vec<_>>()
        };
        for key in ["recall", "val/accuracy", "rmse"] {
            assert_eq!(about(key, "{a: {b: 0.5}}"), ["{b: 0.5}"], "{key}");
            assert_eq!(about(key, "{a: 0.5, b: {c: {d: 1}}}"), ["{c: {d: 1}}"], "{key}");
        }
        for (key, value) in [
            ("recall", "{a: 0.5, b: 0.4}"),
            ("latency", "{cpu: {p50: 41}, gpu: {p50: 7}}"),
            ("recall", "{macro: 0.5, each: [0.4, 0.6]}"),
            ("confusion_matrix", "{cat: {cat: 5, dog: 1}, dog: {cat: 2, dog: 9}}"),
            ("roc", "{data: {fpr: [0, 1], tpr: [0, 1]}}"),
        ] {
            assert_eq!(about(key, value), [""; 0], "{key}");
        }
    }
}
