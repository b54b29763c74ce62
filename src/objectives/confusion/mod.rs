//! What follows from a confusion matrix, and how it is called.

mod names;

use rustc_hash::FxHashMap;

use MatrixQuantity as Q;
pub use names::{CELLS, MatrixMetric, MatrixQuantity, is_matrix_name, is_of_document, steps};
use names::{is_called_matrix, is_of_shares, value};

use super::measurements::Quantity;
use crate::workspace::letters;

/// Counts of examples by actual and predicted class, or shares of them.
#[derive(Clone, Debug)]
pub struct ConfusionMatrix {
    cells: Cells,
    /// How far each cell may be from the number that was rounded to it; 0 for counts.
    rounding: f64,
    /// Whether the cells are numbers of examples.
    are_counts: bool,
    /// What the cells may be shares of. Of some matrices there are two ways to read them.
    wholes: Vec<Whole>,
}

#[derive(Clone, Debug)]
enum Cells {
    /// Those for one positive class, in the order of [`CELLS`], as far as they are given.
    Binary([Option<f64>; 4]),
    /// One row per class. Unless each row adds up to 1, it is not known which of the two axes is the actual class.
    Rows(Vec<Vec<f64>>),
}

/// What the cells of a matrix are shares of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whole {
    /// Of all examples, or they are counts or weights: all that follows from counts follows from them.
    All,
    /// Of the actual classes: how frequent each of these is, is not known.
    Actual,
    /// Of the predicted classes.
    Predicted,
}

/// More than any number of examples: the share of a missing cell can be that of none or of nearly all.
const MANY: f64 = 1e18;

/// How many times more frequent one class may be than the other, where that is not known.
const FREQUENT: f64 = 1e9;

/// The lowest and the highest number that each cell can stand for, in the order of [`CELLS`].
type Ends = [(f64, f64); 4];

impl ConfusionMatrix {
    /// The matrix that a value of this metric holds. `are_shares` says that its unit is one of shares.
    #[must_use]
    pub fn of(metric: &str, value: &Quantity<'_>, are_shares: bool) -> Option<Self> {
        let is_called_matrix = is_called_matrix(metric);
        let are_shares = are_shares || is_called_matrix && is_of_shares(metric);
        let held = || field(value, "matrix").or_else(|| field(field(value, "data")?, "matrix")).unwrap_or(value);
        if let Some(rows) = is_called_matrix.then(held).and_then(square) {
            return Some(Self::with(Cells::Rows(rows), are_shares));
        }
        let Quantity::Object(fields) = value else { return None };
        let cells = CELLS.map(|names| {
            let mut found = fields.iter().filter(|(name, _)| names.contains(&&*letters(name)));
            found.next().map(|(_, value)| number(value))
        });
        match cells.iter().flatten().any(Option::is_none) {
            true => None,
            false => Self::of_cells(cells.map(Option::flatten), are_shares),
        }
    }

    /// The matrix with these cells, in the order of [`CELLS`]; from fewer than two of them, nothing follows.
    #[must_use]
    pub fn of_cells(cells: [Option<f64>; 4], are_shares: bool) -> Option<Self> {
        (cells.iter().flatten().count() >= 2).then(|| Self::with(Cells::Binary(cells), are_shares))
    }

    fn with(mut cells: Cells, are_shares: bool) -> Self {
        let written = cells.numbers();
        let are_whole = written.iter().all(|own| own.fract() == 0.0);
        let scale = if are_shares && written.iter().any(|own| *own > 1.0) { 0.01 } else { 1.0 };
        // Whole numbers are exact, unless they are percentages.
        let rounding = if are_whole && scale >= 1.0 { 0.0 } else { rounding(&written) * scale };
        cells.scale(scale);
        let numbers = cells.numbers();
        let is_whole = are_whole && !are_shares;
        let is_above_one = numbers.iter().any(|own| *own > 1.0 + rounding);
        let mut wholes: Vec<Whole> = [Whole::Actual, Whole::Predicted]
            .into_iter()
            .filter(|whole| !is_above_one && add_up_to_one(&cells.lines(*whole), rounding))
            .collect();
        if wholes.is_empty() || is_whole || add_up_to_one(&[numbers], rounding) {
            wholes.push(Whole::All);
        }
        let are_counts = is_whole && (is_above_one || matches!(cells, Cells::Binary(_)));
        Self { cells, rounding, are_counts, wholes }
    }

    /// Returns the number of examples in all cells. `None` if a cell is not given, or they are shares.
    #[must_use]
    pub fn total(&self) -> Option<f64> {
        match &self.cells {
            _ if !self.are_counts => None,
            Cells::Binary(cells) => cells.iter().copied().sum(),
            Cells::Rows(rows) => Some(rows.iter().flatten().sum()),
        }
    }

    /// Returns the first cell that is no number of examples.
    #[must_use]
    pub fn fractional_cell(&self) -> Option<f64> {
        self.cells.numbers().into_iter().find(|own| own.fract() != 0.0)
    }

    /// Returns the lowest and the highest value that a metric can have, given the matrix. `None` if it can be any.
    fn range(&self, metric: MatrixMetric) -> Option<(f64, f64)> {
        let quantity = metric.quantity;
        let ranges = self.wholes.iter().map(|whole| match &self.cells {
            Cells::Rows(rows) => range_of_rows(rows, *whole, self.rounding, quantity),
            Cells::Binary(cells) => {
                let ends = ends(*cells, *whole, self.rounding);
                let [tp, tn, fp, fn_] = ends;
                let (low, high) = range_of_cells(ends, *whole, quantity)?;
                if !metric.is_average {
                    return Some((low, high));
                }
                let (other_low, other_high) = range_of_cells([tn, tp, fn_, fp], *whole, quantity)?;
                Some((low.min(other_low), high.max(other_high)))
            }
        });
        let ranges: Vec<(f64, f64)> = ranges.collect::<Option<_>>()?;
        ranges.into_iter().reduce(|(low, high), (other_low, other_high)| (low.min(other_low), high.max(other_high)))
    }
}

impl Cells {
    fn numbers(&self) -> Vec<f64> {
        match self {
            Self::Binary(cells) => cells.iter().flatten().copied().collect(),
            Self::Rows(rows) => rows.concat(),
        }
    }

    fn scale(&mut self, scale: f64) {
        match self {
            Self::Binary(cells) => cells.iter_mut().flatten().for_each(|own| *own *= scale),
            Self::Rows(rows) => rows.iter_mut().flatten().for_each(|own| *own *= scale),
        }
    }

    /// The cells of each actual or predicted class of which all are given.
    fn lines(&self, whole: Whole) -> Vec<Vec<f64>> {
        match (self, whole) {
            (Self::Binary([tp, tn, fp, fn_]), _) => {
                let pairs =
                    if whole == Whole::Predicted { [[*tp, *fp], [*tn, *fn_]] } else { [[*tp, *fn_], [*tn, *fp]] };
                pairs.into_iter().filter_map(|pair| pair.into_iter().collect()).collect()
            }
            (Self::Rows(rows), Whole::Predicted) => columns(rows),
            (Self::Rows(rows), _) => rows.clone(),
        }
    }
}

fn columns(rows: &[Vec<f64>]) -> Vec<Vec<f64>> {
    (0..rows.len()).map(|column| rows.iter().filter_map(|row| row.get(column).copied()).collect()).collect()
}

/// Returns half a unit of the last decimal of numbers that one tool has written.
fn rounding(numbers: &[f64]) -> f64 {
    let has_more = |decimals: i32| {
        let scale = 10_f64.powi(decimals);
        numbers.iter().any(|own| (own * scale - (own * scale).round()).abs() > 1e-6)
    };
    0.5 * 10_f64.powi(-(0..9).find(|decimals| !has_more(*decimals)).unwrap_or(9))
}

/// Returns whether the shares of each class add up to all of it; a class that nothing belongs to may have none.
fn add_up_to_one(lines: &[Vec<f64>], rounding: f64) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "a matrix has fewer classes")]
    let is_one = |line: &Vec<f64>| (line.iter().sum::<f64>() - 1.0).abs() <= rounding * line.len() as f64 + 1e-6;
    let is_none = |line: &Vec<f64>| line.iter().all(|own| *own == 0.0);
    lines.iter().any(is_one) && lines.iter().all(|line| is_one(line) || is_none(line))
}

/// Returns what each cell can be. One that is not given is the rest of its class, or any number.
fn ends(cells: [Option<f64>; 4], whole: Whole, rounding: f64) -> Ends {
    let [tp, tn, fp, fn_] = cells;
    let rests = match whole {
        Whole::All => [None; 4],
        Whole::Actual => [fn_, fp, tn, tp],
        Whole::Predicted => [fp, fn_, tp, tn],
    };
    let around = |own: f64| ((own - rounding).max(0.0), own + rounding);
    let mut ends = [(0.0, MANY); 4];
    for (end, (own, rest)) in ends.iter_mut().zip(cells.into_iter().zip(rests)) {
        if let Some(own) = own.or_else(|| rest.map(|rest| (1.0 - rest).max(0.0))) {
            *end = around(own);
        }
    }
    ends
}

/// Returns the lowest and the highest value that a quantity can have. `None` if there is none, or it can be any.
fn range_of_cells(ends: Ends, whole: Whole, quantity: MatrixQuantity) -> Option<(f64, f64)> {
    let is_missing = ends.iter().any(|(_, high)| *high >= MANY);
    // These are not monotonic in each cell, or in how frequent the classes are, so that their ends are not known.
    let is_open = match quantity {
        Q::Mcc | Q::Kappa => is_missing || whole != Whole::All,
        Q::BalancedAccuracy | Q::Informedness => whole == Whole::Predicted,
        _ => false,
    };
    if is_open {
        return None;
    }
    let frequencies: &[f64] = if whole == Whole::All { &[1.0] } else { &[1.0 / FREQUENT, FREQUENT] };
    let corners = (0..1_usize << ends.len()).filter(|corner| {
        // A cell with one end has one corner.
        ends.iter().enumerate().all(|(bit, (low, high))| corner >> bit & 1 == 0 || low < high)
    });
    let values = corners.flat_map(|corner| {
        let mut bit = 0;
        let [tp, tn, fp, fn_] = ends.map(|(low, high)| {
            bit += 1;
            if corner >> (bit - 1) & 1 == 1 { high } else { low }
        });
        frequencies.iter().filter_map(move |times| match whole {
            Whole::Predicted => value([tp * times, tn, fp * times, fn_], quantity),
            _ => value([tp * times, tn, fp, fn_ * times], quantity),
        })
    });
    values.fold(None, |range, value| Some(widened(range, value)))
}

fn widened(range: Option<(f64, f64)>, value: f64) -> (f64, f64) {
    range.map_or((value, value), |(low, high)| (low.min(value), high.max(value)))
}

/// A matrix, and the ranges of metrics that were asked for: many metrics may be compared with one matrix of many classes.
#[derive(Debug)]
pub struct MatrixRanges {
    matrix: ConfusionMatrix,
    known: FxHashMap<(MatrixQuantity, bool), Option<(f64, f64)>>,
}

impl MatrixRanges {
    /// Those of a matrix.
    #[must_use]
    pub fn new(matrix: ConfusionMatrix) -> Self {
        Self { matrix, known: FxHashMap::default() }
    }

    /// Returns the number of examples in all cells. `None` if a cell is not given.
    #[must_use]
    pub fn total(&self) -> Option<f64> {
        self.matrix.total()
    }

    /// Returns the lowest and the highest value that a metric can have.
    pub fn of(&mut self, metric: MatrixMetric) -> Option<(f64, f64)> {
        let matrix = &self.matrix;
        *self.known.entry((metric.quantity, metric.is_average)).or_insert_with(|| matrix.range(metric))
    }
}

/// The range of a quantity, of any class or an average over the classes.
fn range_of_rows(rows: &[Vec<f64>], whole: Whole, rounding: f64, quantity: MatrixQuantity) -> Option<(f64, f64)> {
    let diagonal = || rows.iter().enumerate().filter_map(|(index, row)| row.get(index).copied());
    let lines = rows.iter().cloned().chain(columns(rows)).map(|line| line.iter().sum::<f64>());
    #[expect(clippy::cast_precision_loss, reason = "a matrix has fewer classes")]
    let slack = 2.0 * rounding * rows.len() as f64 / lines.filter(|sum| *sum > 0.0).fold(f64::INFINITY, f64::min);
    let range = match (whole, quantity) {
        (Whole::All, _) => range_of_counts(rows, diagonal().sum(), quantity)?,
        // How frequent the classes are is not known.
        (_, Q::Accuracy) | (Whole::Actual, Q::Recall | Q::BalancedAccuracy) | (Whole::Predicted, Q::Precision) => {
            diagonal().fold(None, |range, own| Some(widened(range, own)))?
        }
        (_, Q::ErrorRate) | (Whole::Actual, Q::FalseNegativeRate) | (Whole::Predicted, Q::FalseDiscoveryRate) => {
            diagonal().fold(None, |range, own| Some(widened(range, 1.0 - own)))?
        }
        _ => return None,
    };
    Some((range.0 - slack, range.1 + slack))
}

/// The range that follows from counts, or from shares of all examples, of which `right` are on the diagonal.
fn range_of_counts(rows: &[Vec<f64>], right: f64, quantity: MatrixQuantity) -> Option<(f64, f64)> {
    let total: f64 = rows.iter().flatten().sum();
    if total <= 0.0 {
        return None;
    }
    let quantity = match quantity {
        Q::Accuracy => return Some((right / total, right / total)),
        Q::ErrorRate => return Some((1.0 - right / total, 1.0 - right / total)),
        // Of several classes, it is the mean of their recalls.
        Q::BalancedAccuracy => Q::Recall,
        // Of several classes, these have definitions of their own.
        Q::Mcc | Q::Kappa if rows.len() > 2 => return None,
        other => other,
    };
    let columns: Vec<f64> = columns(rows).iter().map(|column| column.iter().sum()).collect();
    let classes = rows.iter().zip(&columns).enumerate().flat_map(|(index, (row, column))| {
        let (own, row) = (row.get(index).copied().unwrap_or(0.0), row.iter().sum::<f64>());
        let counts = |missed: f64, wrong: f64| [own, total - own - missed - wrong, wrong, missed];
        [counts(row - own, column - own), counts(column - own, row - own)]
    });
    // An average over the classes lies between the lowest and the highest of them. A quantity with a divisor of 0 counts as 0.
    let values = classes.map(|counts| value(counts, quantity).unwrap_or(0.0));
    values.fold(None, |range, value| Some(widened(range, value)))
}

fn field<'q, 't>(value: &'q Quantity<'t>, name: &str) -> Option<&'q Quantity<'t>> {
    let Quantity::Object(fields) = value else { return None };
    fields.iter().find(|(own, _)| *own == name).map(|(_, value)| value)
}

/// Reads a square of numbers: a list of lists, or a map of maps whose keys are the same classes in the same order.
fn square(table: &Quantity<'_>) -> Option<Vec<Vec<f64>>> {
    let classes =
        |fields: &[(&str, Quantity<'_>)]| fields.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>();
    let rows: Vec<Vec<f64>> = match table {
        Quantity::Array(rows) => {
            let row = |row: &Quantity<'_>| match row {
                Quantity::Array(cells) => cells.iter().map(number).collect(),
                _ => None,
            };
            rows.iter().map(row).collect::<Option<_>>()?
        }
        Quantity::Object(rows) => {
            let own = classes(rows);
            let row = |(_, row): &(&str, Quantity<'_>)| match row {
                Quantity::Object(cells) if classes(cells) == own => {
                    cells.iter().map(|(_, cell)| number(cell)).collect()
                }
                _ => None,
            };
            rows.iter().map(row).collect::<Option<_>>()?
        }
        _ => return None,
    };
    (rows.len() >= 2 && rows.iter().all(|row| row.len() == rows.len())).then_some(rows)
}

fn number(value: &Quantity<'_>) -> Option<f64> {
    let Quantity::Number(number) = value else { return None };
    Some(number.to_f64()).filter(|number| *number >= 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metric(key: &str) -> MatrixMetric {
        MatrixMetric::named(key).unwrap_or_else(|| panic!("{key} is known"))
    }

    fn rows(rows: &[&[f64]], are_shares: bool) -> ConfusionMatrix {
        ConfusionMatrix::with(Cells::Rows(rows.iter().map(|row| row.to_vec()).collect()), are_shares)
    }

    fn assert_near(found: Option<(f64, f64)>, low: f64, high: f64) {
        let (least, greatest) = found.expect("a range");
        assert!((least - low).abs() < 1e-4 && (greatest - high).abs() < 1e-4, "{least} to {greatest}");
    }

    #[test]
    fn every_quantity_follows_from_the_cells() {
        let matrix = ConfusionMatrix::of_cells([Some(800.0), Some(900.0), Some(100.0), Some(200.0)], false).unwrap();
        for (key, expected) in [
            ("accuracy", 0.85),
            ("val/accuracy", 0.85),
            ("error", 0.15),
            ("Misclassification Rate", 0.15),
            ("balanced_accuracy", 0.85),
            ("recall", 0.8),
            ("recall@1", 0.8),
            ("recall_at_1", 0.8),
            ("hit_rate", 0.8),
            ("test_recall", 0.8),
            ("fnr", 0.2),
            ("miss_rate", 0.2),
            ("tnr", 0.9),
            ("false_positive_rate", 0.1),
            ("ppv", 0.888_889),
            ("fdr", 0.111_111),
            ("npv", 0.818_182),
            ("false_omission_rate", 0.181_818),
            ("f1", 0.842_105),
            ("f2", 0.816_327),
            ("f0.5", 0.869_565),
            ("jaccard", 0.727_273),
            ("youden_j", 0.7),
            ("mcc", 0.703_526),
            ("cohen_kappa", 0.7),
        ] {
            assert_near(matrix.range(metric(key)), expected, expected);
        }
        assert_near(matrix.range(metric("macro_f1")), 0.842_105, 0.857_143);
        assert_near(matrix.range(metric("f1_weighted")), 0.842_105, 0.857_143);
        for key in ["recall@5", "accuracy_top5", "recall@0.5", "recall_1", "auc", "loss", "val", "mean_error", "macro"]
        {
            assert_eq!(MatrixMetric::named(key), None, "{key}");
        }
    }

    #[test]
    fn missing_cells_leave_what_they_do_not_decide() {
        let found = ConfusionMatrix::of_cells([Some(800.0), None, None, Some(200.0)], false).unwrap();
        assert_near(found.range(metric("recall")), 0.8, 0.8);
        assert_near(found.range(metric("miss_rate")), 0.2, 0.2);
        assert_near(found.range(metric("precision")), 0.0, 1.0);
        assert_near(found.range(metric("f1")), 0.0, 1600.0 / 1800.0);
        assert!(found.range(metric("mcc")).is_none());
        assert!(ConfusionMatrix::of_cells([Some(800.0), None, None, None], false).is_none());
    }

    #[test]
    fn rows_give_the_range_of_the_classes_in_either_orientation() {
        let matrix = rows(&[&[90.0, 10.0], &[20.0, 80.0]], false);
        assert_near(matrix.range(metric("accuracy")), 0.85, 0.85);
        assert_near(matrix.range(metric("error_rate")), 0.15, 0.15);
        assert_near(matrix.range(metric("recall")), 0.8, 0.9);
        assert_near(matrix.range(metric("mcc")), 0.703_526, 0.703_526);
        let three = rows(&[&[9.0, 1.0, 0.0], &[2.0, 8.0, 0.0], &[0.0, 0.0, 5.0]], false);
        assert!(three.range(metric("kappa")).is_none());
        let empty = ConfusionMatrix::of_cells([Some(0.0), Some(9.0), Some(0.0), Some(1.0)], false).unwrap();
        assert!(empty.range(metric("precision")).is_none());
    }

    #[test]
    fn from_shares_follows_what_does_not_depend_on_what_they_are_of() {
        let of = |cells: [f64; 4], are_shares| ConfusionMatrix::of_cells(cells.map(Some), are_shares).unwrap();
        // Of all examples, as fractions, as percentages, and as weights: in each of these, three of four positives are found.
        for (cells, are_shares) in [
            ([0.375, 0.4375, 0.0625, 0.125], false),
            ([37.5, 43.75, 6.25, 12.5], true),
            ([37.5, 43.75, 6.25, 12.5], false),
        ] {
            let found = of(cells, are_shares);
            assert!(found.total().is_none());
            for (key, low, high) in [("recall", 0.74, 0.76), ("precision", 0.85, 0.865), ("accuracy", 0.81, 0.815)] {
                let (least, most) = found.range(metric(key)).unwrap();
                assert!(low <= least && most <= high, "{cells:?}: {key} is {least} to {most}");
            }
        }
        // Of the actual classes, and of the predicted ones.
        let actual = of([0.75, 0.9, 0.1, 0.25], false);
        let (least, most) = actual.range(metric("recall")).unwrap();
        assert!(0.74 < least && most < 0.76);
        assert_near(actual.range(metric("precision")), 0.0, 1.0);
        // 0.9 may be 0.95, rounded.
        assert!((0.83..0.86).contains(&actual.range(metric("balanced_accuracy")).unwrap().1));
        assert!(actual.range(metric("mcc")).is_none());
        let predicted = of([0.75, 0.9, 0.25, 0.1], false);
        assert_near(predicted.range(metric("recall")), 0.0, 1.0);
        let (least, most) = predicted.range(metric("precision")).unwrap();
        assert!(0.74 < least && most < 0.76);
        assert!(predicted.range(metric("balanced_accuracy")).is_none());
        // Rows are those of the actual classes if each of them adds up to 1.
        let classes = rows(&[&[0.9, 0.1], &[0.3, 0.7]], false);
        let (least, most) = classes.range(metric("accuracy")).unwrap();
        assert!((0.4..=0.7).contains(&least) && most >= 0.9);
        let exact = rows(&[&[0.9000, 0.1], &[0.3125, 0.6875]], false);
        assert!(exact.range(metric("recall")).unwrap().1 < 0.901);
        assert!(exact.range(metric("precision")).is_none());
        let percent = rows(&[&[90.0, 10.0], &[30.0, 70.0]], true);
        assert!(percent.total().is_none() && percent.range(metric("recall")).unwrap().1 < 0.93);
        // A matrix of one example in each class may be one of shares.
        let ones = rows(&[&[1.0, 0.0], &[0.0, 1.0]], false);
        assert!(ones.total().is_none());
        assert_near(ones.range(metric("accuracy")), 1.0, 1.0);
        assert!(rows(&[&[0.0, 0.0], &[0.0, 0.0]], false).range(metric("accuracy")).is_none());
    }
}
