//! `run/confusion-matrix-disagrees`

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::{Sample, letters, metrics, number};
use crate::documents::Document;
use crate::documents::metric::Metric;
use crate::objectives::wholes::half_of_last_digit;
use crate::rules::{Context, Findings, declare_rule};
use crate::text::Span;
use crate::yaml::{self, NodeId};

declare_rule! {
    /// Metrics must agree with the confusion matrix in their record, and its cells with its count.
    ///
    /// Accuracy, precision, recall and F1 follow from the matrix. If they do not, one of the two belongs to another model, another threshold
    /// or other data, and whoever judges the model by it decides on a wrong number. The rule compares metrics on the same dataset, slice and
    /// step, within the digits that are given: `0.87` stands for 0.865 to 0.875. A matrix is a map (`true_positive`, `true_negative`,
    /// `false_positive`, `false_negative`) or the rows of `confusion_matrix`; as rows do not say which class is the positive one, precision,
    /// recall and F1 may be those of any class, or an average. The cells of a matrix with a `count` must add up to that number of examples;
    /// if some cells are missing, to no more. Each cell is given once, as a whole number, and that of a slice is no greater than that of all
    /// the data.
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
    let mut matrices: FxHashMap<Sample<'_>, Option<(Ranges, Span)>> = FxHashMap::default();
    for metric in metrics(document) {
        let Some((matrix, node)) = matrix(metric, cx) else { continue };
        let Some(sample) = Sample::of(metric, document, cx) else { continue };
        match matrices.entry(sample) {
            Entry::Vacant(entry) => drop(entry.insert(Some((matrix.ranges(), cx.tree.span(cx.tree.resolve(node)))))),
            // Two matrices of the same data are another fault; neither is used.
            Entry::Occupied(mut entry) => *entry.get_mut() = None,
        }
    }
    if matrices.is_empty() {
        return;
    }
    for metric in metrics(document) {
        let Some((key, node)) = metric.key.located() else { continue };
        let Some(quantity) = Quantity::named(key) else { continue };
        let Some(Some((ranges, span))) = Sample::of(metric, document, cx).and_then(|sample| matrices.get(&sample))
        else {
            continue;
        };
        let Some(value) = metric.value.node().filter(|value| !cx.is_faulty(*value)) else { continue };
        let range = ranges.get(quantity as usize).copied().flatten();
        let (Some(measured), Some((low, high))) = (Rounded::of(metric, value, cx), range) else { continue };
        if measured.may_be(low, high) {
            continue;
        }
        let (name, given, right) = (cx.shown(node), cx.shown(value), measured.words(low, high));
        let message = format!("the metric {name} is {given}, but the confusion matrix gives {right}");
        out.push(cx.at_value(&CONFUSION_MATRIX_DISAGREES, value, message).related(*span, "the confusion matrix"));
    }
}

/// Compares the cells of a matrix, or of a part of one, with the number of examples that is said beside them.
fn check_count(metric: &Metric, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some((count, node)) = metric.count.located() else { return };
    let Some(value) = metric.value.node() else { return };
    let cells: Vec<f64> = match matrix(metric, cx) {
        Some((Matrix::Rows(rows), _)) => rows.into_iter().flatten().collect(),
        _ => numbers_of_cells(value, cx).into_iter().flatten().collect(),
    };
    #[expect(clippy::cast_precision_loss, reason = "no number of examples needs more digits")]
    let (sum, count) = (cells.iter().sum::<f64>(), *count as f64);
    let is_whole = cells.len() >= CELLS.len();
    if cells.is_empty() || count == 0.0 || sum == count || !is_whole && sum < count {
        return;
    }
    let name = metric.key.get().map_or("", |key| &**key);
    let message = format!("the cells of '{name}' add up to {sum}, and it was measured on {count} examples");
    out.push(cx.at_value(&CONFUSION_MATRIX_DISAGREES, node, message));
}

/// Checks the cells of a map: each is given once, and as a whole number if it is one of examples and no share.
fn check_cells(metric: &Metric, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(value) = metric.value.node().filter(|value| cx.tree.is_mapping(*value)) else { return };
    let cells = cells(value, cx);
    if cells.iter().any(Vec::is_empty) {
        return;
    }
    let name = metric.key.get().map_or("", |key| &**key);
    if let Some((_, second)) = cells.iter().find_map(|cell| cell.first().zip(cell.get(1))) {
        let message = format!("the cell {} of '{name}' is given twice, in two spellings", cx.shown(second.key));
        out.push(cx.at_key(&CONFUSION_MATRIX_DISAGREES, second.key, message));
    }
    let numbers = || cells.iter().flatten().filter_map(|entry| Some((entry.value, number(cx, entry.value)?)));
    let fraction = numbers().find(|(_, number)| number.fract() != 0.0);
    if let Some((node, _)) = fraction.filter(|_| numbers().any(|(_, number)| number > 1.0)) {
        let message = format!("a cell of '{name}' is {}, which is no number of examples", cx.shown(node));
        out.push(cx.at_value(&CONFUSION_MATRIX_DISAGREES, node, message));
    }
}

/// Compares the cells of the matrix of a slice with those of all the data.
fn check_slices(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let matrices: Vec<_> = metrics(document)
        .filter_map(|metric| {
            let value = metric.value.node()?;
            let cells = numbers_of_cells(value, cx);
            if cells.iter().all(Option::is_none) {
                return None;
            }
            Some((&**metric.key.get()?, Sample::of(metric, document, cx)?, value, cells))
        })
        .collect();
    let of_all: FxHashMap<_, _> = matrices
        .iter()
        .filter(|(_, sample, ..)| sample.slice.is_empty())
        .map(|(key, sample, value, cells)| ((*key, sample.dataset, sample.step), (*value, *cells)))
        .collect();
    for (key, sample, value, cells) in matrices.iter().filter(|(_, sample, ..)| !sample.slice.is_empty()) {
        let Some((whole, all)) = of_all.get(&(*key, sample.dataset, sample.step)) else { continue };
        if cells.iter().zip(all).any(|(own, all)| own.zip(*all).is_some_and(|(own, all)| own > all)) {
            let message = format!("a cell of '{key}' of a slice is greater than that of all the data");
            let finding = cx.at_value(&CONFUSION_MATRIX_DISAGREES, *value, message);
            out.push(finding.related(cx.tree.span(cx.tree.resolve(*whole)), "the matrix of all the data"));
        }
    }
}

/// A metric that follows from a confusion matrix.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Quantity {
    Accuracy,
    Precision,
    Recall,
    F1,
    Specificity,
}

/// The range of each quantity, in the order of [`Quantity::ALL`].
type Ranges = [Option<(f64, f64)>; 5];

impl Quantity {
    const ALL: [Self; 5] = [Self::Accuracy, Self::Precision, Self::Recall, Self::F1, Self::Specificity];

    fn named(key: &str) -> Option<Self> {
        Some(match letters(key).as_str() {
            "accuracy" | "acc" => Self::Accuracy,
            "precision" | "ppv" => Self::Precision,
            "recall" | "sensitivity" | "tpr" | "truepositiverate" => Self::Recall,
            "f1" | "f1score" | "f1measure" => Self::F1,
            "specificity" | "tnr" | "truenegativerate" => Self::Specificity,
            _ => return None,
        })
    }
}

/// Counts of examples by actual and predicted class.
enum Matrix {
    /// Counts for one positive class.
    Binary(ConfusionCounts),
    /// One row per class. It is not known which of the two axes is the actual class.
    Rows(Vec<Vec<f64>>),
}

/// The counts with one class as the positive one.
#[derive(Clone, Copy)]
struct ConfusionCounts {
    true_positive: f64,
    true_negative: f64,
    false_positive: f64,
    false_negative: f64,
}

impl ConfusionCounts {
    /// Computes a quantity. `None` if its divisor is 0.
    fn get(self, quantity: Quantity) -> Option<f64> {
        let Self { true_positive: tp, true_negative: tn, false_positive: fp, false_negative: fn_ } = self;
        let (part, whole) = match quantity {
            Quantity::Accuracy => (tp + tn, tp + tn + fp + fn_),
            Quantity::Precision => (tp, tp + fp),
            Quantity::Recall => (tp, tp + fn_),
            Quantity::F1 => (2.0 * tp, 2.0 * tp + fp + fn_),
            Quantity::Specificity => (tn, tn + fp),
        };
        (whole > 0.0).then_some(part / whole)
    }
}

impl Matrix {
    /// Computes the ranges of all quantities, once for all metrics that are compared with the matrix.
    fn ranges(&self) -> Ranges {
        Quantity::ALL.map(|quantity| self.range(quantity))
    }

    /// Returns the lowest and the highest value that a quantity can have, given the matrix.
    fn range(&self, quantity: Quantity) -> Option<(f64, f64)> {
        let rows = match self {
            Self::Binary(counts) => return counts.get(quantity).map(|value| (value, value)),
            Self::Rows(rows) => rows,
        };
        let total: f64 = rows.iter().flatten().sum();
        let right: f64 = rows.iter().enumerate().filter_map(|(index, row)| row.get(index)).sum();
        if quantity == Quantity::Accuracy {
            return Some((right / total, right / total));
        }
        let mut columns = vec![0.0; rows.len()];
        for row in rows {
            columns.iter_mut().zip(row).for_each(|(sum, count)| *sum += count);
        }
        let classes = rows.iter().zip(&columns).enumerate().flat_map(|(index, (row, column))| {
            let (own, row) = (row.get(index).copied().unwrap_or(0.0), row.iter().sum::<f64>());
            let counts = |missed: f64, wrong: f64| ConfusionCounts {
                true_positive: own,
                true_negative: total - own - missed - wrong,
                false_positive: wrong,
                false_negative: missed,
            };
            [counts(row - own, column - own), counts(column - own, row - own)]
        });
        // An average over the classes lies between the lowest and the highest of them. A quantity with a divisor of 0 counts as 0.
        let values = classes.map(|counts| counts.get(quantity).unwrap_or(0.0));
        values.fold(None, |range, value| {
            Some(range.map_or((value, value), |(low, high): (f64, f64)| (low.min(value), high.max(value))))
        })
    }
}

/// Returns the confusion matrix that a metric holds, and its node.
fn matrix(metric: &Metric, cx: &Context<'_>) -> Option<(Matrix, NodeId)> {
    let (tree, value) = (cx.tree, metric.value.node()?);
    let is_called_so = || metric.key.get().is_some_and(|key| letters(key) == "confusionmatrix");
    if tree.is_sequence(value) {
        return is_called_so().then(|| rows(value, cx)).flatten().map(|rows| (rows, value));
    }
    if !tree.is_mapping(value) {
        return None;
    }
    let held = tree.find(value, &["matrix"]).or_else(|| tree.find(value, &["data", "matrix"]));
    if let Some(held) = held.filter(|_| is_called_so()) {
        return rows(held, cx).map(|rows| (rows, value));
    }
    let [true_positive, true_negative, false_positive, false_negative] = numbers_of_cells(value, cx);
    let counts = ConfusionCounts {
        true_positive: true_positive?,
        true_negative: true_negative?,
        false_positive: false_positive?,
        false_negative: false_negative?,
    };
    Some((Matrix::Binary(counts), value))
}

/// The names of the cells of a matrix of two classes.
const CELLS: [[&str; 3]; 4] = [
    ["truepositive", "truepositives", "tp"],
    ["truenegative", "truenegatives", "tn"],
    ["falsepositive", "falsepositives", "fp"],
    ["falsenegative", "falsenegatives", "fn"],
];

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

/// Reads a square of counts. `None` for shares, since the metrics cannot be computed from them.
fn rows(list: NodeId, cx: &Context<'_>) -> Option<Matrix> {
    let items = cx.tree.items(list);
    let row = |item: &NodeId| -> Option<Vec<f64>> {
        let row = cx.tree.items(*item);
        (row.len() == items.len()).then(|| row.iter().map(|count| whole_number(*count, cx)).collect()).flatten()
    };
    let rows: Vec<Vec<f64>> = items.iter().map(row).collect::<Option<_>>()?;
    let is_counted = rows.len() >= 2 && rows.iter().flatten().any(|count| *count > 1.0);
    is_counted.then_some(Matrix::Rows(rows))
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
            Some(unit) => super::metric_value_mismatch::greatest(unit)?,
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
        #[expect(clippy::cast_precision_loss, reason = "no number of examples needs more digits")]
        let examples = examples as f64;
        let share = (self.value * examples).round() / examples;
        self.may_be(share, share)
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
    use super::*;

    #[test]
    fn rows_give_the_range_of_the_classes_in_either_orientation() {
        let matrix = Matrix::Rows(vec![vec![90.0, 10.0], vec![20.0, 80.0]]);
        let near = |found: Option<(f64, f64)>, low: f64, high: f64| {
            found.is_some_and(|found| (found.0 - low).abs() < 1e-9 && (found.1 - high).abs() < 1e-9)
        };
        assert!(near(matrix.range(Quantity::Accuracy), 0.85, 0.85));
        assert!(near(matrix.range(Quantity::Recall), 0.8, 0.9));
        let binary =
            ConfusionCounts { true_positive: 50.0, true_negative: 100.0, false_positive: 10.0, false_negative: 15.0 };
        assert!(near(Matrix::Binary(binary).range(Quantity::F1), 0.8, 0.8));
        let empty =
            ConfusionCounts { true_positive: 0.0, true_negative: 9.0, false_positive: 0.0, false_negative: 1.0 };
        assert_eq!(Matrix::Binary(empty).range(Quantity::Precision), None);
    }
}
