//! What follows from a confusion matrix, and how it is called.

use rustc_hash::FxHashMap;

use super::known_metrics::STEPS;
use super::measurements::Quantity;
use crate::workspace::letters;

/// A quantity that follows from the cells of a matrix of two classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MatrixQuantity {
    /// The share of all examples that are classified correctly.
    Accuracy,
    /// The share of all examples that are not.
    ErrorRate,
    /// The mean of recall and specificity.
    BalancedAccuracy,
    /// The share of the positives that are found.
    Recall,
    /// The share of the positives that are missed.
    FalseNegativeRate,
    /// The share of the negatives that are recognized.
    Specificity,
    /// The share of the negatives that are taken for positives.
    FalsePositiveRate,
    /// The share of what is taken for positive that is.
    Precision,
    /// The share of what is taken for positive that is not.
    FalseDiscoveryRate,
    /// The share of what is taken for negative that is.
    NegativePredictiveValue,
    /// The share of what is taken for negative that is not.
    FalseOmissionRate,
    /// The harmonic mean of precision and recall.
    F1,
    /// The same, with recall counted twice.
    F2,
    /// The same, with precision counted twice.
    FHalf,
    /// The share of the true positives among all that are positive or taken for it.
    Jaccard,
    /// Recall and specificity together, above chance (Youden 1950).
    Informedness,
    /// The correlation of both classifications (Matthews 1975).
    Mcc,
    /// The agreement beyond chance (Cohen 1960).
    Kappa,
}

use MatrixQuantity as Q;

/// The names of each quantity, without case and separators. After ISO/IEC TS 4213:2022, Fawcett 2006, Powers 2011, and the functions of
/// scikit-learn, Keras, XGBoost and LightGBM.
#[rustfmt::skip]
static NAMES: [(MatrixQuantity, &[&str]); 18] = [
    (Q::Accuracy, &["acc", "accuracy", "accuracyscore", "binaryaccuracy", "categoricalaccuracy"]),
    (Q::ErrorRate, &["binaryerror", "classificationerror", "err", "error", "errorrate", "misclassificationrate", "zerooneloss"]),
    (Q::BalancedAccuracy, &["bacc", "balacc", "balancedacc", "balancedaccuracy", "balancedaccuracyscore"]),
    (Q::Recall, &["hitrate", "recall", "recallscore", "sensitivity", "tpr", "truepositiverate"]),
    (Q::FalseNegativeRate, &["falsenegativerate", "fnr", "missrate"]),
    (Q::Specificity, &["selectivity", "specificity", "tnr", "truenegativerate"]),
    (Q::FalsePositiveRate, &["fallout", "falsealarmrate", "falsepositiverate", "fpr"]),
    (Q::Precision, &["positivepredictivevalue", "ppv", "precision", "precisionscore"]),
    (Q::FalseDiscoveryRate, &["falsediscoveryrate", "fdr"]),
    (Q::NegativePredictiveValue, &["negativepredictivevalue", "npv"]),
    (Q::FalseOmissionRate, &["falseomissionrate"]),
    (Q::F1, &["f1", "f1measure", "f1score", "fmeasure", "fscore"]),
    (Q::F2, &["f2", "f2measure", "f2score"]),
    (Q::FHalf, &["f05", "f05measure", "f05score"]),
    (Q::Jaccard, &["criticalsuccessindex", "jaccard", "jaccardindex", "jaccardscore", "threatscore"]),
    (Q::Informedness, &["bookmakerinformedness", "informedness", "youdenindex", "youdenj", "youdensindex", "youdensj"]),
    (Q::Mcc, &["matthewscorrcoef", "matthewscorrelationcoefficient", "mcc", "phicoefficient"]),
    (Q::Kappa, &["cohenkappa", "cohenkappascore", "cohenskappa", "kappa"]),
];

/// The words by which a name says that it is an average over the classes.
const AVERAGES: [&str; 3] = ["macro", "micro", "weighted"];

/// A metric that follows from a confusion matrix, as its name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MatrixMetric {
    quantity: MatrixQuantity,
    /// Whether it is an average over the classes.
    is_average: bool,
}

impl MatrixMetric {
    /// The metric that a key names. The step that logged it may stand beside it, and so may the first rank, as in `recall@1`: what is found
    /// at a lower rank is more than what the matrix counts.
    #[must_use]
    pub fn named(key: &str) -> Option<Self> {
        let of = |name: &str| NAMES.iter().find(|(_, names)| names.contains(&name)).map(|(quantity, _)| *quantity);
        let plain = letters(key);
        if let Some(quantity) = of(&plain) {
            return Some(Self { quantity, is_average: false });
        }
        let words: Vec<String> = words(key).into_iter().filter(|word| !STEPS.contains(&word.as_str())).collect();
        let text = format!(" {} ", words.join(" "));
        let text = [" at 1 ", " top 1 ", " top1 "].iter().fold(text, |text, rank| text.replace(rank, " "));
        let name = letters(&text);
        let averaged = || {
            AVERAGES.iter().find_map(|average| {
                let rest = name.strip_prefix(average).or_else(|| name.strip_suffix(average))?;
                of(rest.strip_prefix("avg").or_else(|| rest.strip_suffix("avg")).unwrap_or(rest))
            })
        };
        match of(&name) {
            Some(quantity) => Some(Self { quantity, is_average: false }),
            None => averaged().map(|quantity| Self { quantity, is_average: true }),
        }
    }
}

/// Returns whether a metric is of the same data as all of its document, by its name: a run logs values on several data, an evaluation or a
/// test on one.
#[must_use]
pub fn is_of_document(key: &str, is_run: bool) -> bool {
    words(key)
        .iter()
        .all(|word| !STEPS.contains(&word.as_str()) || !is_run && !matches!(word.as_str(), "train" | "training"))
}

/// Returns the words of a name, in lower case; `@` is one of them.
fn words(key: &str) -> Vec<String> {
    let lower = key.to_lowercase().replace('@', " at ");
    lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Returns whether a metric is a confusion matrix by its name, as in `test_confusion_matrix`, and not one of shares.
#[must_use]
pub fn is_matrix_name(key: &str) -> bool {
    let name = letters(key);
    let is_of_shares = ["norm", "percent", "pct", "proportion", "rate", "share"].iter().any(|word| name.contains(word));
    name.contains("confusionmatrix") && !is_of_shares
}

/// Counts of examples by actual and predicted class.
#[derive(Clone, Debug)]
pub enum ConfusionMatrix {
    /// Counts for one positive class, as far as they are given.
    Binary(ConfusionCounts),
    /// One row per class. It is not known which of the two axes is the actual class.
    Rows(Vec<Vec<f64>>),
}

impl ConfusionMatrix {
    /// Returns the number of examples in all cells. `None` if a cell is not given.
    #[must_use]
    pub fn total(&self) -> Option<f64> {
        match self {
            Self::Binary(ConfusionCounts(cells)) => cells.iter().copied().sum(),
            Self::Rows(rows) => Some(rows.iter().flatten().sum()),
        }
    }
}

/// The names of the cells of a matrix of two classes, without case and separators: true and false positives and negatives, in the order of
/// [`ConfusionCounts`].
pub const CELLS: [[&str; 3]; 4] = [
    ["truepositive", "truepositives", "tp"],
    ["truenegative", "truenegatives", "tn"],
    ["falsepositive", "falsepositives", "fp"],
    ["falsenegative", "falsenegatives", "fn"],
];

/// The counts with one class as the positive one: true positives, true negatives, false positives and false negatives.
#[derive(Clone, Copy, Debug)]
pub struct ConfusionCounts(pub [Option<f64>; 4]);

/// More than any number of examples: the share of a missing cell can be that of none or of nearly all.
const MANY: f64 = 1e18;

impl ConfusionCounts {
    /// Returns the lowest and the highest value that a quantity can have. `None` if there is none, or it can be any.
    fn range(self, quantity: MatrixQuantity) -> Option<(f64, f64)> {
        let missing: Vec<usize> = (0..4).filter(|cell| self.0.get(*cell).is_some_and(Option::is_none)).collect();
        // These are not monotonic in each cell, so that their ends are not known.
        if !missing.is_empty() && matches!(quantity, Q::Mcc | Q::Kappa) {
            return None;
        }
        let corners = (0..1_usize << missing.len()).map(|corner| {
            let mut cells = self.0.map(Option::unwrap_or_default);
            for (_, cell) in missing.iter().enumerate().filter(|(bit, _)| corner >> bit & 1 == 1) {
                if let Some(cell) = cells.get_mut(*cell) {
                    *cell = MANY;
                }
            }
            value(cells, quantity)
        });
        corners.flatten().fold(None, |range, value| Some(widened(range, value)))
    }

    /// The counts with the other class as the positive one.
    fn swapped(self) -> Self {
        let [tp, tn, fp, fn_] = self.0;
        Self([tn, tp, fn_, fp])
    }
}

/// Computes a quantity. `None` if its divisor is 0.
fn value([tp, tn, fp, fn_]: [f64; 4], quantity: MatrixQuantity) -> Option<f64> {
    let ratio = |part: f64, whole: f64| (whole > 0.0).then(|| part / whole);
    let all = tp + tn + fp + fn_;
    match quantity {
        Q::Accuracy => ratio(tp + tn, all),
        Q::ErrorRate => ratio(fp + fn_, all),
        Q::BalancedAccuracy => Some(f64::midpoint(ratio(tp, tp + fn_)?, ratio(tn, tn + fp)?)),
        Q::Recall => ratio(tp, tp + fn_),
        Q::FalseNegativeRate => ratio(fn_, tp + fn_),
        Q::Specificity => ratio(tn, tn + fp),
        Q::FalsePositiveRate => ratio(fp, tn + fp),
        Q::Precision => ratio(tp, tp + fp),
        Q::FalseDiscoveryRate => ratio(fp, tp + fp),
        Q::NegativePredictiveValue => ratio(tn, tn + fn_),
        Q::FalseOmissionRate => ratio(fn_, tn + fn_),
        Q::F1 => ratio(2.0 * tp, 2.0 * tp + fp + fn_),
        Q::F2 => ratio(5.0 * tp, 5.0 * tp + fp + 4.0 * fn_),
        Q::FHalf => ratio(1.25 * tp, 1.25 * tp + fp + 0.25 * fn_),
        Q::Jaccard => ratio(tp, tp + fp + fn_),
        Q::Informedness => Some(ratio(tp, tp + fn_)? + ratio(tn, tn + fp)? - 1.0),
        Q::Mcc => ratio(tp * tn - fp * fn_, ((tp + fp) * (tp + fn_) * (tn + fp) * (tn + fn_)).sqrt()),
        Q::Kappa => {
            let chance = ((tp + fp) * (tp + fn_) + (tn + fn_) * (tn + fp)) / (all * all);
            ratio((tp + tn) / all - chance, 1.0 - chance)
        }
    }
}

fn widened(range: Option<(f64, f64)>, value: f64) -> (f64, f64) {
    range.map_or((value, value), |(low, high)| (low.min(value), high.max(value)))
}

impl ConfusionMatrix {
    /// The matrix that a value of this metric holds.
    #[must_use]
    pub fn of(metric: &str, value: &Quantity<'_>) -> Option<Self> {
        if is_matrix_name(metric)
            && let Some(rows) =
                square(field(value, "matrix").or_else(|| field(field(value, "data")?, "matrix")).unwrap_or(value))
        {
            return Self::of_rows(rows);
        }
        let Quantity::Object(fields) = value else { return None };
        let cells = CELLS.map(|names| {
            let mut found = fields.iter().filter(|(name, _)| names.contains(&&*letters(name)));
            found.next().map(|(_, value)| whole_number(value))
        });
        match cells.iter().flatten().any(Option::is_none) {
            true => None,
            false => Self::of_cells(cells.map(Option::flatten)),
        }
    }

    /// The matrix with these cells, in the order of [`CELLS`]; from fewer than two of them, nothing follows.
    #[must_use]
    pub fn of_cells(cells: [Option<f64>; 4]) -> Option<Self> {
        (cells.iter().flatten().count() >= 2).then_some(Self::Binary(ConfusionCounts(cells)))
    }

    /// The matrix with these rows. `None` if they are shares, from which nothing can be computed.
    #[must_use]
    pub fn of_rows(rows: Vec<Vec<f64>>) -> Option<Self> {
        rows.iter().flatten().any(|count| *count > 1.0).then_some(Self::Rows(rows))
    }

    /// Returns the lowest and the highest value that a metric can have, given the matrix.
    #[must_use]
    pub fn range(&self, metric: MatrixMetric) -> Option<(f64, f64)> {
        let quantity = metric.quantity;
        match self {
            Self::Rows(rows) => range_of_rows(rows, quantity),
            Self::Binary(counts) if metric.is_average => {
                let ((low, high), (other_low, other_high)) =
                    counts.range(quantity).zip(counts.swapped().range(quantity))?;
                Some((low.min(other_low), high.max(other_high)))
            }
            Self::Binary(counts) => counts.range(quantity),
        }
    }
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
fn range_of_rows(rows: &[Vec<f64>], quantity: MatrixQuantity) -> Option<(f64, f64)> {
    let total: f64 = rows.iter().flatten().sum();
    let right: f64 = rows.iter().enumerate().filter_map(|(index, row)| row.get(index)).sum();
    let quantity = match quantity {
        Q::Accuracy => return Some((right / total, right / total)),
        Q::ErrorRate => return Some((1.0 - right / total, 1.0 - right / total)),
        // Of several classes, it is the mean of their recalls.
        Q::BalancedAccuracy => Q::Recall,
        // Of several classes, these have definitions of their own.
        Q::Mcc | Q::Kappa if rows.len() > 2 => return None,
        other => other,
    };
    let mut columns = vec![0.0; rows.len()];
    for row in rows {
        columns.iter_mut().zip(row).for_each(|(sum, count)| *sum += count);
    }
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

/// Reads a square of counts: a list of lists, or a map of maps whose keys are the same classes in the same order.
fn square(table: &Quantity<'_>) -> Option<Vec<Vec<f64>>> {
    let classes =
        |fields: &[(&str, Quantity<'_>)]| fields.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>();
    let rows: Vec<Vec<f64>> = match table {
        Quantity::Array(rows) => {
            let row = |row: &Quantity<'_>| match row {
                Quantity::Array(cells) => cells.iter().map(whole_number).collect(),
                _ => None,
            };
            rows.iter().map(row).collect::<Option<_>>()?
        }
        Quantity::Object(rows) => {
            let own = classes(rows);
            let row = |(_, row): &(&str, Quantity<'_>)| match row {
                Quantity::Object(cells) if classes(cells) == own => {
                    cells.iter().map(|(_, cell)| whole_number(cell)).collect()
                }
                _ => None,
            };
            rows.iter().map(row).collect::<Option<_>>()?
        }
        _ => return None,
    };
    (rows.len() >= 2 && rows.iter().all(|row| row.len() == rows.len())).then_some(rows)
}

fn whole_number(value: &Quantity<'_>) -> Option<f64> {
    let Quantity::Number(number) = value else { return None };
    let number = number.to_f64();
    (number >= 0.0 && number.fract() == 0.0).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metric(key: &str) -> MatrixMetric {
        MatrixMetric::named(key).unwrap_or_else(|| panic!("{key} is known"))
    }

    fn assert_near(found: Option<(f64, f64)>, low: f64, high: f64) {
        let (least, greatest) = found.expect("a range");
        assert!((least - low).abs() < 1e-4 && (greatest - high).abs() < 1e-4, "{least} to {greatest}");
    }

    #[test]
    fn every_quantity_follows_from_the_cells() {
        let matrix = ConfusionMatrix::of_cells([Some(800.0), Some(900.0), Some(100.0), Some(200.0)]).unwrap();
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
        let found = ConfusionMatrix::of_cells([Some(800.0), None, None, Some(200.0)]).unwrap();
        assert_near(found.range(metric("recall")), 0.8, 0.8);
        assert_near(found.range(metric("miss_rate")), 0.2, 0.2);
        assert_near(found.range(metric("precision")), 0.0, 1.0);
        assert_near(found.range(metric("f1")), 0.0, 1600.0 / 1800.0);
        assert!(found.range(metric("mcc")).is_none());
        assert!(ConfusionMatrix::of_cells([Some(800.0), None, None, None]).is_none());
    }

    #[test]
    fn rows_give_the_range_of_the_classes_in_either_orientation() {
        let matrix = ConfusionMatrix::Rows(vec![vec![90.0, 10.0], vec![20.0, 80.0]]);
        assert_near(matrix.range(metric("accuracy")), 0.85, 0.85);
        assert_near(matrix.range(metric("error_rate")), 0.15, 0.15);
        assert_near(matrix.range(metric("recall")), 0.8, 0.9);
        assert_near(matrix.range(metric("mcc")), 0.703_526, 0.703_526);
        let three = ConfusionMatrix::Rows(vec![vec![9.0, 1.0, 0.0], vec![2.0, 8.0, 0.0], vec![0.0, 0.0, 5.0]]);
        assert!(three.range(metric("kappa")).is_none());
        let empty = ConfusionMatrix::of_cells([Some(0.0), Some(9.0), Some(0.0), Some(1.0)]).unwrap();
        assert!(empty.range(metric("precision")).is_none());
    }

    #[test]
    fn each_name_is_of_one_quantity() {
        let mut names: Vec<_> = NAMES.iter().flat_map(|(_, names)| *names).collect();
        assert!(names.iter().all(|name| letters(name) == **name));
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
