//! The metrics that follow from a confusion matrix: what they are, and how they and the matrices are called.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::objectives::known_metrics::STEPS;
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

/// Returns the quantities by their names.
fn by_letters() -> &'static FxHashMap<&'static str, MatrixQuantity> {
    static BY_LETTERS: OnceLock<FxHashMap<&'static str, MatrixQuantity>> = OnceLock::new();
    BY_LETTERS.get_or_init(|| {
        NAMES.iter().flat_map(|(quantity, names)| names.iter().map(|name| (*name, *quantity))).collect()
    })
}

/// The names of the cells of a matrix of two classes, without case and separators: true and false positives and negatives.
pub const CELLS: [[&str; 3]; 4] = [
    ["truepositive", "truepositives", "tp"],
    ["truenegative", "truenegatives", "tn"],
    ["falsepositive", "falsepositives", "fp"],
    ["falsenegative", "falsenegatives", "fn"],
];

/// Computes a quantity. `None` if its divisor is 0.
pub(super) fn value([tp, tn, fp, fn_]: [f64; 4], quantity: MatrixQuantity) -> Option<f64> {
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

/// The words by which a name says that it is an average over the classes.
const AVERAGES: [&str; 3] = ["macro", "micro", "weighted"];

/// A metric that follows from a confusion matrix, as its name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MatrixMetric {
    pub(super) quantity: MatrixQuantity,
    /// Whether it is an average over the classes.
    pub(super) is_average: bool,
}

impl MatrixMetric {
    /// The quantity, or the one that it is the rest of: whether the metric is what is missing from that to 1.
    #[must_use]
    pub fn quantity(self) -> (MatrixQuantity, bool) {
        match self.quantity {
            Q::ErrorRate => (Q::Accuracy, true),
            Q::FalseNegativeRate => (Q::Recall, true),
            Q::FalsePositiveRate => (Q::Specificity, true),
            Q::FalseDiscoveryRate => (Q::Precision, true),
            Q::FalseOmissionRate => (Q::NegativePredictiveValue, true),
            quantity => (quantity, false),
        }
    }

    /// Whether it is an average over the classes.
    #[must_use]
    pub fn is_average(self) -> bool {
        self.is_average
    }

    /// The metric that a key names. The step that logged it may stand beside it, and so may the first rank, as in `recall@1`: what is found
    /// at a lower rank is more than what the matrix counts.
    #[must_use]
    pub fn named(key: &str) -> Option<Self> {
        let of = |name: &str| by_letters().get(name).copied();
        if let Some(quantity) = of(&letters(key)) {
            return Some(Self { quantity, is_average: false });
        }
        let name = letters(&without_steps_and_ranks(key));
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

/// Returns the words of a name without the step that logged its metric, and without the first rank: `at 1`, `top 1` and `top1`.
fn without_steps_and_ranks(key: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for word in words(key).filter(|word| !is_step(word)) {
        let is_rank = match kept.last() {
            Some(last) if word == "1" => *last == "@" || ["at", "top"].iter().any(|own| last.eq_ignore_ascii_case(own)),
            _ => false,
        };
        if is_rank {
            kept.pop();
        } else if !word.eq_ignore_ascii_case("top1") {
            kept.push(word);
        }
    }
    kept.into_iter().map(|word| if word == "@" { "at" } else { word }).collect()
}

/// Returns whether a metric is of the same data as all of its document, by its name: a run logs values on several data, an evaluation or a
/// test on one.
#[must_use]
pub fn is_of_document(key: &str, is_run: bool) -> bool {
    let is_training = |word: &str| ["train", "training"].iter().any(|own| word.eq_ignore_ascii_case(own));
    words(key).all(|word| !is_step(word) || !is_run && !is_training(word))
}

/// Returns the steps that a name says that its metric was logged in, as in `val/recall`.
pub fn steps(key: &str) -> Vec<String> {
    words(key).filter(|word| is_step(word)).map(str::to_ascii_lowercase).collect()
}

/// Returns the words of a name, in any case; `@` is one of them.
fn words(key: &str) -> impl Iterator<Item = &str> {
    let parts = key.split_inclusive(|c: char| !c.is_alphanumeric());
    let words = parts.flat_map(|part| {
        let word = part.trim_end_matches(|c: char| !c.is_alphanumeric());
        [Some(word), part.ends_with('@').then_some("@")].into_iter().flatten()
    });
    words.filter(|word| !word.is_empty())
}

fn is_step(word: &str) -> bool {
    STEPS.iter().any(|step| step.eq_ignore_ascii_case(word))
}

/// Returns whether a metric is a confusion matrix by its name, as in `test_confusion_matrix`, and not one of shares.
#[must_use]
pub fn is_matrix_name(key: &str) -> bool {
    is_called_matrix(key) && !is_of_shares(key)
}

pub(super) fn is_called_matrix(key: &str) -> bool {
    letters(key).contains("confusionmatrix")
}

/// Returns whether the cells of a matrix are shares by its name, as in `normalized_confusion_matrix`.
pub(super) fn is_of_shares(key: &str) -> bool {
    let name = letters(key);
    ["norm", "percent", "pct", "proportion", "rate", "share"].iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

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
