//! Rules about runs and what they measured.

pub mod artifact_datapath;
pub mod compression_unmeasured;
pub mod confusion_matrix_disagrees;
pub mod conversion_outside_tolerance;
pub mod count_exceeds_dataset;
pub mod duplicate_key_entry;
pub mod duplicate_metric_record;
pub mod error_groups_disagree;
pub mod implausible_date;
pub mod impossible_count;
pub mod impossible_interval;
pub mod impossible_share;
pub mod metric_not_finite;
pub mod metric_value_mismatch;
pub mod metric_value_type;
pub mod outside_search_space;
pub mod parent_child;
pub mod project_disagrees;
pub mod run_hierarchy_cycle;
pub mod run_lineage;
pub mod search_best;
pub mod search_on_holdback;
pub mod slices_disagree;
pub mod tag_not_string;

use crate::documents::Document;
use crate::documents::field::{List, Optional};
use crate::documents::metric::Metric;
use crate::rules::{Context, Rule};
use crate::yaml::NodeId;

/// The rules of this family.
pub static RULES: &[&Rule] = &[
    &artifact_datapath::ARTIFACT_DATAPATH,
    &compression_unmeasured::COMPRESSION_UNMEASURED,
    &confusion_matrix_disagrees::CONFUSION_MATRIX_DISAGREES,
    &conversion_outside_tolerance::CONVERSION_OUTSIDE_TOLERANCE,
    &count_exceeds_dataset::COUNT_EXCEEDS_DATASET,
    &duplicate_key_entry::DUPLICATE_KEY_ENTRY,
    &duplicate_metric_record::DUPLICATE_METRIC_RECORD,
    &error_groups_disagree::ERROR_GROUPS_DISAGREE,
    &implausible_date::IMPLAUSIBLE_DATE,
    &impossible_count::IMPOSSIBLE_COUNT,
    &impossible_interval::IMPOSSIBLE_INTERVAL,
    &impossible_share::IMPOSSIBLE_SHARE,
    &metric_not_finite::METRIC_NOT_FINITE,
    &metric_value_mismatch::METRIC_VALUE_MISMATCH,
    &metric_value_type::METRIC_VALUE_TYPE,
    &outside_search_space::OUTSIDE_SEARCH_SPACE,
    &parent_child::PARENT_CHILD,
    &project_disagrees::PROJECT_DISAGREES,
    &run_hierarchy_cycle::RUN_HIERARCHY_CYCLE,
    &run_lineage::RUN_LINEAGE,
    &search_best::SEARCH_BEST,
    &search_on_holdback::SEARCH_ON_HOLDBACK,
    &slices_disagree::SLICES_DISAGREE,
    &tag_not_string::TAG_NOT_STRING,
];

/// Returns the metrics that a document records.
fn metrics(document: &Document) -> impl Iterator<Item = &Metric> {
    let metrics = match document {
        Document::Run(run) => run.metrics.get(),
        Document::PipelineRun(run) => run.metrics.get(),
        Document::Evaluation(measured) | Document::Test(measured) => measured.metrics.get(),
        _ => None,
    };
    metrics.into_iter().flat_map(List::iter).map(|(_, metric)| metric)
}

/// The data that a metric was measured on. Values are comparable only if it is the same.
#[derive(PartialEq, Eq, Hash)]
struct Sample<'a> {
    dataset: Option<&'a str>,
    /// Dimensions and values, sorted by dimension.
    slice: Vec<(&'a str, &'a str)>,
    step: Option<i64>,
}

impl<'a> Sample<'a> {
    /// Returns the data that a metric was measured on. `None` if a part of it cannot be read, since that part may differ.
    fn of<'c: 'a>(metric: &'a Metric, document: &'a Document, cx: &Context<'c>) -> Option<Self> {
        let own = match document {
            Document::Evaluation(measured) | Document::Test(measured) => measured.dataset.get(),
            _ => None,
        };
        let dataset = readable(&metric.dataset, cx)?.or(own).map(|dataset| &**dataset);
        let step = readable(&metric.step, cx)?.copied();
        let mut slice = Vec::new();
        if let Some(node) = metric.slice.node().filter(|node| !cx.tree.is_null(*node)) {
            if !cx.tree.is_mapping(node) {
                return None;
            }
            for entry in cx.tree.entries(node) {
                slice.push((cx.tree.key_name(entry.key), cx.tree.text(entry.value)?));
            }
            slice.sort_unstable();
        }
        Some(Self { dataset, slice, step })
    }
}

/// Returns the value of an optional field. The outer `None` means that there is a value that cannot be read.
fn readable<'m, T>(field: &'m Optional<T>, cx: &Context<'_>) -> Option<Option<&'m T>> {
    match (field.get(), field.node()) {
        (None, Some(node)) if !cx.tree.is_null(node) => None,
        (value, _) => Some(value),
    }
}

/// Returns a number, quoted or not.
fn number(cx: &Context<'_>, node: NodeId) -> Option<f64> {
    cx.tree.number(node).map(crate::yaml::Number::as_f64)
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::assert_found;

    const HEAD: &str = "kind: run\nmlSpecVersion: 0.1.0\nid: 592f0c1c-72ae-4236-9202-7e6aff1954f4\nname: a\n";

    #[track_caller]
    fn assert_metrics(metrics: &str, expected: &[(&str, &str)]) {
        assert_found(&format!("{HEAD}metrics:\n{metrics}"), expected);
    }

    #[test]
    fn a_run_logs_matrices_of_several_data() {
        let recall = "  - {key: recall, value: 0.95}\n";
        let matrix = |name: &str| format!("{recall}  - {{key: {name}, value: {{tp: 50, fn: 50, tn: 90, fp: 10}}}}\n");
        assert_metrics(&matrix("train/confusion_matrix"), &[]);
        assert_metrics(&matrix("confusion_matrix"), &[("run/confusion-matrix-disagrees", "0.95")]);
    }

    #[test]
    fn a_value_that_is_no_number_is_one_fault() {
        const MISMATCH: &str = "run/metric-value-mismatch";
        const NOT_FINITE: &str = "run/metric-not-finite";
        for (value, rule, place) in [
            ("NaN", MISMATCH, "NaN"),
            ("'-Infinity'", MISMATCH, "'-Infinity'"),
            (".nan", NOT_FINITE, ".nan"),
            ("-.inf", NOT_FINITE, "-.inf"),
            ("1e999", NOT_FINITE, "1e999"),
            ("[1, NaN]", NOT_FINITE, "NaN"),
            ("{p50: 1, p95: 'inf'}", NOT_FINITE, "'inf'"),
            ("[1, '2']", MISMATCH, "'2'"),
            ("[1, ~]", MISMATCH, "~"),
            ("{p50: 1, p95: high}", MISMATCH, "high"),
            ("[[1, 2], [3, x]]", MISMATCH, "x"),
        ] {
            assert_metrics(&format!("  - {{key: loss, value: {value}}}\n"), &[(rule, place)]);
        }
    }

    #[test]
    fn tables_may_hold_labels_and_a_map_may_hold_nulls() {
        for value in [
            "{class_labels: [paid, defaulted], matrix: [[9, 1], [2, 8]]}",
            "[{threshold: 0.1, label: low}, {threshold: 0.2, label: high}]",
            "{p50: 1, p99: ~}",
            "[]",
            "{}",
        ] {
            assert_metrics(&format!("  - {{key: curve, value: {value}}}\n"), &[]);
        }
    }

    #[test]
    fn a_value_of_another_shape_than_declared_is_one_fault() {
        for (value_type, value) in [
            ("scalar", "[1, 2]"),
            ("scalar", "{a: 1}"),
            ("array", "1"),
            ("array", "{a: 1}"),
            ("object", "[1]"),
            ("object", "'1'"),
        ] {
            assert_metrics(
                &format!("  - {{key: loss, value: {value}, value_type: {value_type}}}\n"),
                &[("run/metric-value-mismatch", value)],
            );
        }
    }

    #[test]
    fn shares_are_held_to_the_range_of_their_unit() {
        let out_of_range = [("run/metric-value-mismatch", "87")];
        for (unit, expected) in [
            ("", &out_of_range[..]),
            (", unit: fraction", &out_of_range),
            (", unit: percent", &[]),
            (", unit: points", &[]),
        ] {
            assert_metrics(&format!("  - {{key: F1-Score, value: 87{unit}}}\n"), expected);
        }
        assert_metrics("  - {key: accuracy, value: -0.1}\n", &[("run/metric-value-mismatch", "-0.1")]);
        assert_metrics("  - {key: log_loss, value: 87}\n", &[]);
    }

    #[test]
    fn a_matrix_is_compared_with_metrics_of_the_same_sample_only() {
        let matrix = "  - {key: confusion_matrix, value: {tp: 50, tn: 100, fp: 10, fn: 15}}\n";
        let disagrees = [("run/confusion-matrix-disagrees", "0.91")];
        for (metric, expected) in [
            ("{key: accuracy, value: 0.91}", &disagrees[..]),
            ("{key: recall, value: 0.91}", &disagrees),
            ("{key: accuracy, value: 0.857}", &[]),
            ("{key: accuracy, value: 0.86}", &[]),
            ("{key: accuracy, value: 85.71, unit: '%'}", &[]),
            ("{key: recall, value: 0.7692307692307693}", &[]),
            ("{key: accuracy, value: 0.91, slice: {region: north}}", &[]),
            ("{key: accuracy, value: 0.91, dataset: credit-validation@1.2.0}", &[]),
            ("{key: accuracy_top5, value: 0.91}", &[]),
        ] {
            assert_metrics(&format!("{matrix}  - {metric}\n"), expected);
        }
    }

    #[test]
    fn shares_of_a_row_are_no_counts() {
        for (matrix, is_possible) in [
            ("[[0.92, 0.08], [0.31, 0.69]]", true),
            ("[[0.92, 0.08], [0.21, 0.79]]", false),
            ("[[1, 0], [0, 1]]", false),
            ("[[9, 1], [2]]", true),
            ("[[9, x], [2, 8]]", true),
        ] {
            let text = format!(
                "{HEAD}metrics:\n  - {{key: confusion_matrix, value: {matrix}}}\n  - {{key: accuracy, value: 0.7}}\n"
            );
            let found = crate::rules::testing::found(&text);
            let agrees = found.iter().all(|(rule, ..)| *rule != "run/confusion-matrix-disagrees");
            assert_eq!(agrees, is_possible, "{text}: {found:?}");
        }
    }

    #[test]
    fn what_cannot_be_read_may_tell_two_records_apart() {
        let twice = |field: &str| format!("  - {{key: loss, value: 1}}\n  - {{key: loss, value: 2{field}}}\n");
        assert_metrics(&twice(""), &[("run/duplicate-metric-record", "loss")]);
        assert_metrics(&twice(", step: ~"), &[("run/duplicate-metric-record", "loss")]);
        assert_metrics(&twice(", step: 2"), &[]);
        assert_metrics(&twice(", slice: {fold: '1'}"), &[]);
        assert_metrics(&twice(", step: last"), &[("document/wrong-type", "last")]);
        assert_metrics(&twice(", slice: {fold: 1}"), &[("document/wrong-type", "1")]);
    }

    #[test]
    fn lineage_is_asked_of_finished_work_only() {
        let advice = &[("run/run-lineage", "kind")];
        assert_found(&format!("{HEAD}status: completed\nmetrics: [{{key: loss, value: 1}}]\n"), advice);
        assert_found(&format!("{HEAD}status: failed\nmetrics: [{{key: loss, value: 1}}]\n"), &[]);
        assert_found(&format!("{HEAD}status: completed\n"), &[]);
        assert_found(&format!("{HEAD}metrics: [{{key: loss, value: 1}}]\n"), &[]);
        let children = "child_run_ids: [0d9a7c35-6e1b-4f58-9b02-1c4e8f7a3d66]\n";
        let text = format!("{HEAD}status: completed\nmetrics: [{{key: loss, value: 1}}]\n{children}");
        // Another rule reports that the child does not exist, and only in a known workspace.
        let found = crate::rules::testing::found(&text);
        assert!(found.iter().all(|(rule, ..)| *rule != "run/run-lineage"), "{found:?}");
    }
}

#[cfg(test)]
mod testing {
    use crate::rules::testing::assert_found;

    /// Asserts the findings, as rule and text, for a run with these metrics, given as list items indented by two spaces.
    #[track_caller]
    pub(super) fn assert_metrics(metrics: &str, expected: &[(&str, &str)]) {
        let head = "kind: run\nmlSpecVersion: 0.1.0\nid: 592f0c1c-72ae-4236-9202-7e6aff1954f4\nname: a\n";
        assert_found(&format!("{head}metrics:\n{metrics}"), expected);
    }
}
