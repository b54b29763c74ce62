//! `run/confusion-matrix-disagrees`

use rustc_hash::{FxHashMap, FxHashSet};

use super::metric_value_mismatch::greatest;
use super::{Sample, metrics, number};
use crate::diagnostics::Finding;
use crate::documents::Document;
use crate::documents::metric::Metric;
use crate::objectives::confusion::{
    CELLS, ConfusionMatrix, MatrixMetric, MatrixRanges, is_matrix_name, is_of_document,
};
use crate::objectives::measurements::Quantity;
use crate::objectives::wholes::{half_of_last_digit, may_be_share_of};
use crate::rules::{Context, Findings, declare_rule};
use crate::text::Span;
use crate::workspace::letters;
use crate::yaml::{self, NodeId};

declare_rule! {
    /// Metrics must agree with the confusion matrix in their record, and its cells with its count.
    ///
    /// Accuracy, precision, recall, F1 and many others follow from the matrix. If they do not, one of the two belongs to another model,
    /// another threshold or other data, and whoever judges the model by it decides on a wrong number. The rule compares metrics on the same
    /// dataset, slice and step, within the digits that are given: `0.87` stands for 0.865 to 0.875. They are known by all of their usual
    /// names, such as `tpr`, `miss_rate`, `fpr`, `npv`, `error_rate`, `balanced_accuracy`, `mcc` or `macro_f1`, with a rank of 1 beside them
    /// (`recall@1`), and, in evaluations and tests, with a step (`val/recall`); a run may log such values on several data. A matrix is a map
    /// (`true_positive`, `true_negative`, `false_positive`, `false_negative`), of which two cells are enough for what follows from these, or
    /// the rows of `confusion_matrix`, as lists or by the names of the classes; as rows do not say which class is the positive one,
    /// precision, recall and F1 may be those of any class, or an average. From a matrix of shares follows the same; if
    /// they are shares of each class, and not of all examples, all that does not depend on how frequent the classes are. Rows that add up to
    /// 1 each are those of the actual classes. The cells of a matrix of examples with a `count` must add up to that number of
    /// examples; if some cells are missing, to no more. No metric is of more examples than the matrix. Each cell is given once, as a whole number, and that of a slice, or of all slices of
    /// a dimension together, is no greater than that of all the data.
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
    ///     value: 0.87
    ///   - key: confusion_matrix
    ///     value: {true_positive: 50, true_negative: 100, false_positive: 10, false_negative: 15}
    ///     count: 4800
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
    ///     value: 85.7
    ///     unit: percent
    ///   - {key: recall, value: 0.77}
    ///   - key: confusion_matrix
    ///     value: [[100, 10], [15, 50]]
    ///     count: 175
    /// ```
    pub CONFUSION_MATRIX_DISAGREES = {
        id: "run/confusion-matrix-disagrees",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "experiment_tracking/run.md logs an accuracy of 0.87 beside a confusion matrix that gives 0.857",
        kinds: [Evaluation, PipelineRun, Run, Test],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    for metric in metrics(document) {
        check_count(metric, cx, out);
        check_cells(metric, cx, out);
    }
    check_slices(document, cx, out);
    let mut matrices: FxHashMap<Sample<'_>, Vec<(MatrixRanges, Span)>> = FxHashMap::default();
    let is_run = matches!(document, Document::Run(_) | Document::PipelineRun(_));
    for metric in metrics(document) {
        // The names of plain numbers are not read for this.
        let may_hold_one = metric.value.node().is_some_and(|value| is_collection(value, cx));
        if !may_hold_one || metric.key.get().is_some_and(|key| !is_of_document(key, is_run)) {
            continue;
        }
        let Some((matrix, node)) = matrix(metric, cx) else { continue };
        let Some(sample) = Sample::of(metric, document, cx) else { continue };
        let span = cx.tree.span(cx.tree.resolve(node));
        matrices.entry(sample).or_default().push((MatrixRanges::new(matrix), span));
    }
    if matrices.is_empty() {
        return;
    }
    for metric in metrics(document) {
        let Some((key, node)) = metric.key.located() else { continue };
        let Some(named) = MatrixMetric::named(key).filter(|_| is_of_document(key, is_run)) else { continue };
        let Some(matrices) = Sample::of(metric, document, cx).and_then(|sample| matrices.get_mut(&sample)) else {
            continue;
        };
        if let Some(finding) = of_too_many(metric, matrices, cx) {
            out.push(finding);
            continue;
        }
        let Some(value) = metric.value.node().filter(|value| !cx.is_faulty(*value)) else { continue };
        let Some(measured) = Rounded::of(metric, value, cx) else { continue };
        // One of several matrices, as of several thresholds, may be that of the metric.
        let ranges: Vec<_> =
            matrices.iter_mut().filter_map(|(ranges, span)| Some((ranges.of(named)?, *span))).collect();
        let Some(((low, high), span)) = ranges.first().copied() else { continue };
        if ranges.iter().any(|((low, high), _)| measured.may_be(*low, *high)) {
            continue;
        }
        let (name, given, right) = (cx.shown(node), cx.shown(value), measured.words(low, high));
        let message = format!("the metric {name} is {given}, but the confusion matrix gives {right}");
        out.push(cx.at_value(&CONFUSION_MATRIX_DISAGREES, value, message).related(span, "the confusion matrix"));
    }
}

/// Reports a metric that is said to be of more examples than any matrix of the same data has.
fn of_too_many(metric: &Metric, matrices: &[(MatrixRanges, Span)], cx: &Context<'_>) -> Option<Finding> {
    let (count, node) = metric.count.located()?;
    #[expect(clippy::cast_precision_loss, reason = "no number of examples needs more digits")]
    let is_more = |matrix: &MatrixRanges| matrix.total().is_some_and(|total| *count as f64 > total);
    let ((matrix, span), true) = (matrices.first()?, matrices.iter().all(|(matrix, _)| is_more(matrix))) else {
        return None;
    };
    let (name, total) = (metric.key.get().map_or("", |key| &**key), matrix.total()?);
    let message = format!("the metric '{name}' is of {count} examples, but the confusion matrix has {total}");
    Some(cx.at_value(&CONFUSION_MATRIX_DISAGREES, node, message).related(*span, "the confusion matrix"))
}

/// Returns the number of examples in all cells of the confusion matrix that a metric holds, and its node.
pub(super) fn examples_of_matrix(metric: &Metric, cx: &Context<'_>) -> Option<(f64, NodeId)> {
    let (matrix, node) = matrix(metric, cx)?;
    Some((matrix.total()?, node))
}

/// Compares the cells of a matrix, or of a part of one, with the number of examples that is said beside them.
fn check_count(metric: &Metric, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some((count, node)) = metric.count.located().filter(|_| !are_shares(metric)) else { return };
    let Some(value) = metric.value.node() else { return };
    let total = examples_of_matrix(metric, cx).map(|(total, _)| total);
    let given: Vec<f64> = numbers_of_cells(value, cx).into_iter().flatten().collect();
    #[expect(clippy::cast_precision_loss, reason = "no number of examples needs more digits")]
    let (sum, count) = (total.unwrap_or_else(|| given.iter().sum()), *count as f64);
    if total.is_none() && given.is_empty() || count == 0.0 || sum == count || total.is_none() && sum < count {
        return;
    }
    let name = metric.key.get().map_or("", |key| &**key);
    let message = format!("the cells of '{name}' add up to {sum}, and it was measured on {count} examples");
    out.push(cx.at_value(&CONFUSION_MATRIX_DISAGREES, node, message));
}

/// Checks the cells of a map: each is given once, and as a whole number if it is one of examples and no share.
fn check_cells(metric: &Metric, cx: &Context<'_>, out: &mut Findings<'_>) {
    let is_counted = !are_shares(metric);
    let Some(value) = metric.value.node().filter(|value| is_counted && is_collection(*value, cx)) else { return };
    if let Some(cells) = row_cells(metric, cx) {
        return check_numbers(metric, &cells, cx, out);
    }
    let cells = cells(value, cx);
    if cells.iter().any(Vec::is_empty) {
        return;
    }
    let name = metric.key.get().map_or("", |key| &**key);
    if let Some((_, second)) = cells.iter().find_map(|cell| cell.first().zip(cell.get(1))) {
        let message = format!("the cell {} of '{name}' is given twice, in two spellings", cx.shown(second.key));
        out.push(cx.at_key(&CONFUSION_MATRIX_DISAGREES, second.key, message));
    }
    check_numbers(metric, &cells.iter().flatten().map(|entry| entry.value).collect::<Vec<_>>(), cx, out);
}

/// Checks that the cells of a matrix that are not shares are numbers of examples.
fn check_numbers(metric: &Metric, cells: &[NodeId], cx: &Context<'_>, out: &mut Findings<'_>) {
    let numbers = || cells.iter().filter_map(|cell| Some((*cell, number(cx, *cell)?)));
    let wrong = numbers().find(|(_, number)| number.fract() != 0.0 || *number < 0.0);
    if let Some((node, _)) = wrong.filter(|_| numbers().any(|(_, number)| number > 1.0)) {
        let name = metric.key.get().map_or("", |key| &**key);
        let message = format!("a cell of '{name}' is {}, which is no number of examples", cx.shown(node));
        out.push(cx.at_value(&CONFUSION_MATRIX_DISAGREES, node, message));
    }
}

/// Compares the cells of the matrix of a slice with those of all the data.
fn check_slices(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let matrices: Vec<_> = metrics(document)
        .filter_map(|metric| {
            let value = metric.value.node().filter(|value| is_collection(*value, cx))?;
            let cells: Vec<Option<f64>> = match row_cells(metric, cx) {
                Some(cells) => cells.into_iter().map(|cell| whole_number(cell, cx)).collect(),
                None => numbers_of_cells(value, cx).to_vec(),
            };
            if cells.iter().all(Option::is_none) {
                return None;
            }
            Some((&**metric.key.get()?, Sample::of(metric, document, cx)?, value, cells))
        })
        .collect();
    let of_all: FxHashMap<_, _> = matrices
        .iter()
        .filter(|(_, sample, ..)| sample.slice.is_empty())
        .map(|(key, sample, value, cells)| ((*key, sample.dataset, sample.step), (*value, cells)))
        .collect();
    // The slices of the same dimensions have no example in common.
    let mut sums: FxHashMap<_, Vec<f64>> = FxHashMap::default();
    let mut seen = FxHashSet::default();
    for (key, sample, value, cells) in matrices.iter().filter(|(_, sample, ..)| !sample.slice.is_empty()) {
        let of = (*key, sample.dataset, sample.step);
        let Some((whole, all)) = of_all.get(&of).filter(|(_, all)| all.len() == cells.len()) else { continue };
        let dimensions: Vec<&str> = sample.slice.iter().map(|(dimension, _)| *dimension).collect();
        let sum = sums.entry((of, dimensions)).or_insert_with(|| vec![0.0; cells.len()]);
        if !seen.insert((of, &sample.slice)) {
            continue;
        }
        sum.iter_mut().zip(cells).for_each(|(sum, own)| *sum += own.unwrap_or_default());
        let is_more = |own: &dyn Fn(usize) -> Option<f64>| {
            all.iter().enumerate().any(|(cell, all)| own(cell).zip(*all).is_some_and(|(own, all)| own > all))
        };
        let message = if is_more(&|cell| cells.get(cell).copied().flatten()) {
            format!("a cell of '{key}' of a slice is greater than that of all the data")
        } else if is_more(&|cell| sum.get(cell).copied()) {
            format!("a cell of '{key}' of the slices up to this one is greater in all than that of all the data")
        } else {
            continue;
        };
        // What is left is compared anew.
        sum.fill(0.0);
        let finding = cx.at_value(&CONFUSION_MATRIX_DISAGREES, *value, message);
        out.push(finding.related(cx.tree.span(cx.tree.resolve(*whole)), "the matrix of all the data"));
    }
}

/// Returns the confusion matrix that a metric holds, and its node.
fn matrix(metric: &Metric, cx: &Context<'_>) -> Option<(ConfusionMatrix, NodeId)> {
    let (key, value) = (metric.key.get()?, metric.value.node().filter(|value| is_collection(*value, cx))?);
    // Most lists and maps have no cells, and are not read for them.
    let has_cells = || cells(value, cx).iter().filter(|entries| !entries.is_empty()).nth(1).is_some();
    let is_matrix = letters(key).contains("confusionmatrix") || has_cells();
    let read = || ConfusionMatrix::of(key, &Quantity::of(cx.tree, value), are_shares(metric));
    Some((is_matrix.then(read).flatten()?, value))
}

/// The numbers in the cells of a map, in the order of [`CELLS`].
fn numbers_of_cells(map: NodeId, cx: &Context<'_>) -> [Option<f64>; 4] {
    cells(map, cx).map(|entries| whole_number(entries.first()?.value, cx))
}

/// The entries of a map that give each of the cells, in the order of [`CELLS`].
fn cells(map: NodeId, cx: &Context<'_>) -> [Vec<yaml::Entry>; 4] {
    let mut cells = [const { Vec::new() }; 4];
    let entries = cx.tree.is_mapping(map).then(|| cx.tree.entries(map)).into_iter().flatten();
    for (entry, key) in entries.map(|entry| (entry, cx.tree.key_name(entry.key))).filter(|(_, key)| may_be_cell(key)) {
        let key = letters(key);
        let of = |names: &[&str; 3]| names.contains(&key.as_str());
        if let Some(cell) = CELLS.iter().position(of).and_then(|cell| cells.get_mut(cell)) {
            cell.push(entry);
        }
    }
    cells
}

/// Returns `false` for most keys, at little cost: names of cells begin with `t` or `f`.
fn may_be_cell(key: &str) -> bool {
    key.starts_with(|first: char| !first.is_ascii_alphabetic() || "tTfF".contains(first))
}

/// Returns whether the unit of a metric is one of shares.
fn are_shares(metric: &Metric) -> bool {
    metric.unit.get().is_some_and(|unit| greatest(unit).is_some())
}

/// Returns whether a metric is a confusion matrix by its name and unit, and not one of shares.
fn is_called_matrix(metric: &Metric) -> bool {
    metric.key.get().is_some_and(|key| is_matrix_name(key)) && !are_shares(metric)
}

/// Reads the cells of a square: a list of lists, or a map of maps whose keys are the same classes in the same order.
fn square(table: NodeId, cx: &Context<'_>) -> Option<Vec<Vec<NodeId>>> {
    let tree = cx.tree;
    let rows: Vec<Vec<NodeId>> = if tree.is_sequence(table) {
        tree.items(table).iter().map(|row| tree.items(*row).to_vec()).collect()
    } else {
        let classes = |map: NodeId| tree.entries(map).map(|entry| tree.key_name(entry.key)).collect::<Vec<_>>();
        let own = classes(table);
        let row = |entry: yaml::Entry| {
            let is_row = tree.is_mapping(entry.value) && classes(entry.value) == own;
            is_row.then(|| tree.entries(entry.value).map(|cell| cell.value).collect())
        };
        tree.entries(table).map(row).collect::<Option<_>>()?
    };
    (rows.len() >= 2 && rows.iter().all(|row| row.len() == rows.len())).then_some(rows)
}

/// Returns the cells of a matrix that is given as rows, in their order.
fn row_cells(metric: &Metric, cx: &Context<'_>) -> Option<Vec<NodeId>> {
    square(table(metric, metric.value.node()?, cx)?, cx).map(|rows| rows.concat())
}

/// Returns what holds the rows of a metric that is a confusion matrix by its name: its value, or a field of that.
fn table(metric: &Metric, value: NodeId, cx: &Context<'_>) -> Option<NodeId> {
    let held = || cx.tree.find(value, &["matrix"]).or_else(|| cx.tree.find(value, &["data", "matrix"]));
    is_called_matrix(metric).then(|| held().unwrap_or(value))
}

/// Most metrics are plain numbers, and have no cells.
fn is_collection(value: NodeId, cx: &Context<'_>) -> bool {
    cx.tree.is_sequence(value) || cx.tree.is_mapping(value)
}

fn whole_number(node: NodeId, cx: &Context<'_>) -> Option<f64> {
    number(cx, node).filter(|count| count.is_finite() && *count >= 0.0 && count.fract() == 0.0)
}

/// A fraction, and the maximum rounding error of the number that it was read from.
pub(super) struct Rounded {
    value: f64,
    tolerance: f64,
    /// The divisor that made it a fraction: 100 for a percentage.
    scale: f64,
}

impl Rounded {
    pub(super) fn of(metric: &Metric, value: NodeId, cx: &Context<'_>) -> Option<Self> {
        let text = cx.tree.text(value)?;
        let scale = match metric.unit.get().map(|unit| &**unit) {
            None => 1.0,
            Some(unit) => greatest(unit)?,
        };
        let number = number(cx, value).filter(|number| (0.0..=scale).contains(number))?;
        Some(Self { value: number / scale, tolerance: half_of_last_digit(text, scale) / scale, scale })
    }

    /// The fraction, and how far the one that was rounded to it can be away.
    pub(super) fn bounds(&self) -> (f64, f64) {
        (self.value, self.tolerance)
    }

    /// A number in the unit of the metric as a fraction.
    pub(super) fn fraction(&self, number: f64) -> f64 {
        number / self.scale
    }

    fn may_be(&self, low: f64, high: f64) -> bool {
        // Not all digits of a single-precision number are significant.
        let tolerance = self.tolerance.max(1e-6);
        (low - tolerance..=high + tolerance).contains(&self.value)
    }

    /// Whether the value can be a share of this number of examples.
    pub(super) fn may_be_of(&self, examples: u64) -> bool {
        may_be_share_of(self.value, self.tolerance, examples)
    }

    /// Formats the expected value or range in the unit of the metric.
    pub(super) fn words(&self, low: f64, high: f64) -> String {
        let shown = |value: f64| {
            let text = format!("{:.4}", value * self.scale);
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        };
        if low >= high { shown(low) } else { format!("{} to {}", shown(low), shown(high)) }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::run::testing::assert_metrics;

    #[test]
    fn the_cells_of_rows_are_as_many_as_the_examples_however_they_are_written() {
        const RULE: &str = "run/confusion-matrix-disagrees";
        for (key, value) in [
            ("confusion_matrix", "[[36, 4], [1, 9]]"),
            ("test_confusion_matrix", "[[36, 4], [1, 9]]"),
            ("val/confusion-matrix", "{labels: [a, b], matrix: [[36, 4], [1, 9]]}"),
            ("confusion_matrix", "{a: {a: 36, b: 4}, b: {a: 1, b: 9}}"),
        ] {
            let metric = |value: &str, count| format!("  - {{key: {key}, value: {value}, count: {count}}}\n");
            assert_metrics(&metric(value, 50), &[]);
            assert_metrics(&metric(value, 40), &[(RULE, "40")]);
            assert_metrics(&metric(&value.replace("36", "35.5").replace("4", "4.5"), 50), &[(RULE, "35.5")]);
            assert_metrics(
                &metric(&value.replace("36", "42").replace("b: 4", "b: -2").replace(", 4]", ", -2]"), 50),
                &[(RULE, "-2")],
            );
            let whole = format!("  - {{key: {key}, value: {value}}}\n");
            let slice = |value: &str| format!("{whole}  - {{key: {key}, value: {value}, slice: {{region: north}}}}\n");
            assert_metrics(&slice(value), &[]);
            let larger = value.replace('9', "10");
            assert_metrics(&slice(&larger), &[(RULE, &*larger)]);
        }
        for other in [
            "{key: normalized_confusion_matrix, value: [[90, 10], [30, 70]], count: 50}",
            "{key: confusion_matrix, unit: percent, value: [[90, 10], [30, 70]], count: 50}",
            "{key: confusion_matrix, value: {a: {a: 36, b: 4}, b: {b: 9, a: 1}}, count: 40}",
        ] {
            assert_metrics(&format!("  - {other}\n"), &[]);
        }
    }

    #[test]
    fn the_slices_of_a_dimension_have_no_more_in_their_cells_than_all_the_data() {
        let matrix = |cells: &str, slice: &str| format!("  - {{key: cells, value: {{{cells}}}{slice}}}\n");
        let whole = matrix("tp: 90, fn: 10, tn: 50, fp: 50", "");
        for (last, dimension, place) in [
            ("tp: 30, fn: 6, tn: 20, fp: 10", "a", Some("{tp: 30, fn: 6, tn: 20, fp: 10}")),
            ("tp: 30, fn: 5, tn: 20, fp: 10", "a", None),
            ("tp: 30, fn: 6, tn: 20, fp: 10", "b", None),
        ] {
            let first = matrix("tp: 60, fn: 5, tn: 30, fp: 40", ", slice: {a: x}");
            let last = matrix(last, &format!(", slice: {{{dimension}: y}}"));
            let expected: Vec<_> = place.map(|place| ("run/confusion-matrix-disagrees", place)).into_iter().collect();
            assert_metrics(&format!("{whole}{first}{last}"), &expected);
        }
    }

    #[test]
    fn metrics_are_compared_by_whatever_name_they_have() {
        let cells = "{true_positive: 800, true_negative: 900, false_positive: 100, false_negative: 200}";
        let of_positives = "{true_positive: 800, false_negative: 200}";
        for (matrix, metric, place) in [
            (cells, "{key: recall@1, value: 0.95}", Some("0.95")),
            (cells, "{key: recall@1, value: 0.8}", None),
            (cells, "{key: recall@5, value: 0.95}", None),
            (cells, "{key: macro_f1, value: 0.95}", Some("0.95")),
            (cells, "{key: macro_f1, value: 0.85}", None),
            (cells, "{key: hit_rate, value: 0.95}", Some("0.95")),
            (cells, "{key: fpr, value: 0.01}", Some("0.01")),
            (cells, "{key: miss_rate, value: 1.0, unit: percent}", Some("1.0")),
            (cells, "{key: miss_rate, value: 20.0, unit: percent}", None),
            (cells, "{key: error, value: 0.01}", Some("0.01")),
            (cells, "{key: npv, value: 0.99}", Some("0.99")),
            (cells, "{key: mcc, value: 0.95}", Some("0.95")),
            (cells, "{key: mcc, value: 0.70}", None),
            // A run logs values of several data, and the matrix is of one of them.
            (cells, "{key: val/recall, value: 0.95}", None),
            (of_positives, "{key: recall, value: 0.95}", Some("0.95")),
            (of_positives, "{key: recall, value: 0.8}", None),
            (of_positives, "{key: precision, value: 0.95}", None),
            (of_positives, "{key: f1, value: 0.95}", Some("0.95")),
            // Shares of all examples, of the actual classes, of two cells, and in percent, with more and less digits.
            ("{tp: 0.8, fn: 0.2, tn: 1, fp: 0}", "{key: recall, value: 0.95}", Some("0.95")),
            ("{tp: 0.8, fn: 0.2, tn: 1, fp: 0}", "{key: recall, value: 0.8}", None),
            ("{tp: 0.8, fn: 0.2, tn: 0.9, fp: 0.1}", "{key: precision, value: 0.7}", None),
            ("{tp: 0.3, tn: 0.48, fp: 0.01, fn: 0.21}", "{key: recall, value: 0.95}", Some("0.95")),
            ("{tp: 0.3, tn: 0.48, fp: 0.01, fn: 0.21}", "{key: recall, value: 0.588, count: 1000}", None),
            ("{tp: 0.3333, tn: 0.3333, fp: 0.1667, fn: 0.1667}", "{key: recall, value: 0.66667}", None),
            ("{tp: 0.375, fn: 0.125}", "{key: recall, value: 0.95}", Some("0.95")),
            ("{tp: 0.375, fn: 0.125}, unit: fraction", "{key: recall, value: 0.75}", None),
            ("{tp: 30.5, tn: 47.5, fp: 1, fn: 21}, unit: percent, count: 50", "{key: recall, value: 0.59}", None),
            ("{tp: 30, tn: 48, fp: 1, fn: 21}, unit: percent", "{key: recall, value: 0.7}", Some("0.7")),
        ] {
            let metrics = format!("  - {{key: counts, value: {matrix}}}\n  - {metric}\n");
            let expected: Vec<_> = place.map(|place| ("run/confusion-matrix-disagrees", place)).into_iter().collect();
            assert_metrics(&metrics, &expected);
        }
    }
}
