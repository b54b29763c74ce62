//! Metrics with a known range of values.

use super::number::Exact;
use crate::workspace::letters;

/// The least and the greatest value, if there are any.
pub type Bounds<T> = (Option<T>, Option<T>);

/// A group of metrics with one range.
struct Known {
    range: Bounds<i32>,
    /// The names without case and separators.
    names: &'static [&'static str],
}

/// The ranges, by definition of the metrics: proportions and probabilities (ISO/IEC TS 4213:2022; Fawcett 2006 for what is derived from the
/// confusion matrix and ROC curves; Järvelin, Kekäläinen 2002 for ndcg), coefficients of correlation and agreement (Matthews 1975; Cohen
/// 1960; Somers' D for gini), losses and errors that are norms or negative logarithms of probabilities, and shares of explained variance,
/// which have no lower bound.
#[rustfmt::skip]
static KNOWN: [Known; 5] = [
    Known { range: (Some(0), Some(1)), names: &[
        "accuracy", "auc", "aucpr", "aucroc", "auprc", "auroc", "averageprecision", "balancedaccuracy", "dice", "ece", "errorrate", "f1",
        "f1macro", "f1micro", "f1score", "f1weighted", "fallout", "falsenegativerate", "falsepositiverate", "fnr", "fpr", "hitrate", "iou",
        "jaccard", "macrof1", "macroprecision", "macrorecall", "meanaverageprecision", "microf1", "missrate", "mrr", "ndcg", "npv", "ppv",
        "prauc", "precision", "recall", "rocauc", "sensitivity", "specificity", "tnr", "tpr", "truenegativerate", "truepositiverate",
        "weightedf1",
    ] },
    Known { range: (Some(-1), Some(1)), names: &[
        "cohenkappa", "cohenskappa", "gini", "kappa", "kendalltau", "matthewscorrcoef", "matthewscorrelationcoefficient", "mcc", "pearson",
        "pearsonr", "spearman", "spearmanr",
    ] },
    Known { range: (Some(0), Some(2)), names: &["brier", "brierscore"] },
    Known { range: (Some(0), None), names: &[
        "crossentropy", "hingeloss", "logloss", "mae", "mape", "meanabsoluteerror", "meansquarederror", "mse", "perplexity", "psi", "rmse",
        "rootmeansquarederror", "smape", "wape",
    ] },
    Known { range: (None, Some(1)), names: &["explainedvariance", "r2", "r2score", "rsquared"] },
];

/// Returns the possible values of the metric with this name, as plain numbers and not as percentages.
#[must_use]
pub fn range(name: &str) -> Option<Bounds<i32>> {
    let of = |name: &str| KNOWN.iter().find(|known| known.names.contains(&name)).map(|known| known.range);
    of(&letters(name)).or_else(|| of(&core(name)))
}

/// Removes affixes from the key of a metric: the step that logged it, as in `val/accuracy`, and the cutoff of a ranked list, as in
/// `recall@5`, `recall_at_5` and `top5_accuracy`.
fn core(name: &str) -> String {
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_rank = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let is_step = |word: &&str| STEPS.contains(word);
    let is_top = |word: &&str| word.strip_prefix("top").is_some_and(is_rank);
    let is_beside = |word: &&str| is_step(word) || is_top(word) || *word == "at" || is_rank(word);
    words.into_iter().filter(|word| !is_beside(word)).collect()
}

/// The affixes by which tools distinguish the values of one metric on different data.
pub(super) const STEPS: [&str; 11] =
    ["dev", "eval", "evaluation", "holdback", "holdout", "test", "train", "training", "val", "valid", "validation"];

/// Like [`range`], with exact bounds.
#[must_use]
pub fn exact_range(name: &str) -> Option<Bounds<Exact>> {
    let whole = |bound: i32| Exact::whole(i64::from(bound));
    range(name).map(|(low, high)| (low.map(whole), high.map(whole)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_however_they_are_spelt() {
        assert_eq!(range("F1-Score"), Some((Some(0), Some(1))));
        assert_eq!(range("val/accuracy"), Some((Some(0), Some(1))));
        assert_eq!(range("recall@10"), Some((Some(0), Some(1))));
        assert_eq!(range("top_5_accuracy"), Some((Some(0), Some(1))));
        assert_eq!(range("accuracy_loss"), None);
        assert_eq!(range("test"), None);
        assert_eq!(range("log loss"), Some((Some(0), None)));
        assert_eq!(range("R2"), Some((None, Some(1))));
        assert_eq!(range("MCC"), Some((Some(-1), Some(1))));
    }

    #[test]
    fn each_name_is_known_once_and_as_it_is_looked_up() {
        let mut names: Vec<_> = KNOWN.iter().flat_map(|known| known.names).collect();
        assert!(names.iter().all(|name| letters(name) == **name));
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
