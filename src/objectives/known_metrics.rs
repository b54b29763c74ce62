//! Metrics with a known range of values.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

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

/// The ranges, by definition of the metrics, wider where there are several definitions of one name:
///
/// - proportions and probabilities: ISO/IEC TS 4213:2022; Fawcett 2006 for what is derived from the confusion matrix and ROC curves;
///   Järvelin, Kekäläinen 2002 for ndcg; Lin 2004 for rouge; Banerjee, Lavie 2005 for meteor; Rosenberg, Hirschberg 2007 for the
///   V-measure; Strehl, Ghosh 2002 for normalized mutual information; Guo et al. 2017 for calibration errors; Massey 1951 for
///   Kolmogorov-Smirnov; Hardt et al. 2016 for differences of odds, which are absolute there and signed elsewhere
/// - coefficients of correlation, agreement and similarity: Matthews 1975; Cohen 1960; Krippendorff 2004; Somers' D for gini; Hubert,
///   Arabie 1985 for the adjusted Rand index; Rousseeuw 1987 for silhouettes; Wang et al. 2004 for structural similarity; the cosine
/// - scores that are reported as proportions or as percentages: Papineni et al. 2002 and Post 2018 for bleu; Popović 2015 for chrf
/// - errors that are norms, counts of edits per word, distances, or negative logarithms of probabilities, which have no upper bound:
///   Hyndman, Koehler 2006; Morris et al. 2004 for the word error rate, which insertions take above 1; Snover et al. 2006 for ter;
///   Heusel et al. 2017 for fid; Gneiting, Raftery 2007 for crps; Davies, Bouldin 1979; Caliński, Harabasz 1974
/// - exponentials of entropies and divergences, which are at least 1: Jelinek et al. 1977; Salimans et al. 2016
/// - shares of explained variance or deviance, which have no lower bound: scikit-learn's `r2_score` and `d2_tweedie_score`
#[rustfmt::skip]
static KNOWN: [Known; 7] = [
    Known { range: (Some(0), Some(1)), names: &[
        "acc", "accuracy", "auc", "aucpr", "aucroc", "auprc", "auroc", "averageprecision", "balancedaccuracy",
        "completeness", "criticalsuccessindex", "dice", "dicecoefficient", "ece", "errorrate", "exactmatch",
        "expectedcalibrationerror", "f1", "f1macro", "f1micro", "f1score", "f1weighted", "f2", "f2score", "fallout", "falsediscoveryrate",
        "falsenegativerate", "falseomissionrate", "falsepositiverate", "fbeta", "fdr", "fnr", "fpr", "fscore", "hammingloss", "hitrate",
        "homogeneity", "iou", "jaccard", "jaccardindex", "ks", "ksstatistic", "macrof1", "macroprecision", "macrorecall",
        "maximumcalibrationerror", "mce", "meanaverageprecision", "meaniou", "meanreciprocalrank", "meteor", "microf1", "microprecision",
        "microrecall", "miou", "misclassificationrate", "missrate", "mrr", "ndcg", "negativepredictivevalue", "nmi",
        "normalizedmutualinformation", "npv", "positivepredictivevalue", "ppv", "prauc", "precision", "recall", "rocauc", "rouge",
        "rouge1", "rouge2", "rougel", "rougelsum", "sensitivity", "specificity", "tnr", "tpr", "truenegativerate", "truepositiverate",
        "vmeasure", "weightedf1", "zerooneloss",
    ] },
    Known { range: (Some(-1), Some(1)), names: &[
        "adjustedrandindex", "adjustedrandscore", "ari", "bertscore", "cohenkappa", "cohenskappa", "concordancecorrelation",
        "cosinesimilarity", "demographicparitydifference", "equalizedoddsdifference", "equalopportunitydifference", "fleisskappa", "gini",
        "giniindex", "kappa", "kendalltau", "krippendorffalpha", "matthewscorrcoef",
        "matthewscorrelationcoefficient", "mcc", "msssim", "pearson", "pearsonr", "phicoefficient", "quadraticweightedkappa", "qwk",
        "silhouette", "silhouettescore", "somersd", "spearman", "spearmanr", "ssim", "statisticalparitydifference",
        "structuralsimilarity", "weightedkappa", "youdenj",
    ] },
    Known { range: (Some(0), Some(2)), names: &["brier", "brierscore", "cosinedistance"] },
    Known { range: (Some(0), Some(100)), names: &["bleu", "bleuscore", "chrf", "chrfpp", "sacrebleu"] },
    Known { range: (Some(0), None), names: &[
        "calinskiharabasz", "calinskiharabaszscore", "cer", "charactererrorrate", "crossentropy", "crps", "daviesbouldin",
        "daviesbouldinscore", "der", "diarizationerrorrate", "disparateimpact", "fid", "frechetinceptiondistance",
        "hausdorffdistance", "hingeloss", "huberloss", "kldivergence", "logloss", "mae", "mape", "mase",
        "maxerror", "meanabsoluteerror", "meanabsolutepercentageerror", "meansquarederror", "meansquaredlogarithmicerror",
        "medianabsoluteerror", "mse", "msle", "nrmse", "pinballloss", "psi", "populationstabilityindex",
        "quantileloss", "rmse", "rmsle", "rootmeansquarederror", "smape", "ter", "wape", "wasserstein", "wassersteindistance", "wer",
        "wmape", "worderrorrate",
    ] },
    Known { range: (Some(1), None), names: &["inceptionscore", "perplexity", "ppl", "pseudoperplexity"] },
    Known { range: (None, Some(1)), names: &[
        "adjustedr2", "ami", "explainedvariance", "nashsutcliffe", "nse", "r2", "r2score", "rsquared",
    ] },
];

/// Words of quantities that are never below 0: a time, an amount of memory or work, a size.
const AMOUNTS: [&str; 14] = [
    "bytes",
    "duration",
    "flops",
    "footprint",
    "latency",
    "macs",
    "memory",
    "qps",
    "ram",
    "rps",
    "runtime",
    "size",
    "throughput",
    "vram",
];

/// Words by which a quantity is a difference, or another function, of such amounts.
const OF_AMOUNTS: [&str; 24] = [
    "bias",
    "change",
    "changes",
    "deficit",
    "delta",
    "diff",
    "difference",
    "drift",
    "effect",
    "error",
    "gain",
    "improvement",
    "increase",
    "log",
    "margin",
    "reduction",
    "regression",
    "residual",
    "saving",
    "savings",
    "skew",
    "slope",
    "trend",
    "z",
];

/// Returns the possible values of the metric with this name, as plain numbers and not as percentages.
#[must_use]
pub fn range(name: &str) -> Option<Bounds<i32>> {
    by_definition(name).or_else(|| is_amount(name).then_some((Some(0), None)))
}

/// Like [`range`], of the metrics that are one number by their definition.
#[must_use]
pub fn by_definition(name: &str) -> Option<Bounds<i32>> {
    let of = |name: &str| by_letters().get(name).copied();
    // A name of one word has no affixes.
    let has_words = || name.contains(|c: char| !c.is_alphanumeric());
    of(&letters(name)).or_else(|| if has_words() { of(&core(name)) } else { None })
}

/// Returns the ranges by names without case and separators: most metrics are called like none of the two hundred, and would be compared with
/// each.
fn by_letters() -> &'static FxHashMap<&'static str, Bounds<i32>> {
    static BY_LETTERS: OnceLock<FxHashMap<&'static str, Bounds<i32>>> = OnceLock::new();
    let each = || KNOWN.iter().flat_map(|known| known.names.iter().map(|name| (*name, known.range)));
    BY_LETTERS.get_or_init(|| each().collect())
}

/// Returns whether a name is that of an amount, such as `latency_p95`, `peakMemoryMB` or `model size`.
fn is_amount(name: &str) -> bool {
    let has = |own: &[&str]| words(name).any(|word| own.iter().any(|own| own.eq_ignore_ascii_case(word)));
    has(&AMOUNTS) && !has(&OF_AMOUNTS)
}

/// Returns the words of a name in any case style.
fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_alphanumeric()).flat_map(|part| {
        let mut rest = part;
        std::iter::from_fn(move || {
            let mut pairs = rest.char_indices().skip(1).zip(rest.chars());
            let end = pairs.find(|((_, c), before)| c.is_uppercase() && before.is_lowercase());
            let (word, after) = rest.split_at_checked(end.map_or(rest.len(), |((at, _), _)| at))?;
            rest = after;
            (!word.is_empty()).then_some(word)
        })
    })
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
        assert_eq!(range("test/WER"), Some((Some(0), None)));
        assert_eq!(range("val_perplexity"), Some((Some(1), None)));
        assert_eq!(range("sacre-bleu"), Some((Some(0), Some(100))));
        assert_eq!(range("Cohen's kappa"), Some((Some(-1), Some(1))));
        assert_eq!(range("test"), None);
        assert_eq!(range("log loss"), Some((Some(0), None)));
        assert_eq!(range("R2"), Some((None, Some(1))));
        assert_eq!(range("MCC"), Some((Some(-1), Some(1))));
    }

    #[test]
    fn each_name_has_one_range() {
        let names: Vec<_> = KNOWN.iter().flat_map(|known| known.names).collect();
        assert!(names.iter().all(|name| letters(name) == **name));
        assert_eq!(names.len(), by_letters().len());
    }

    #[test]
    fn amounts_are_not_below_zero_and_their_differences_may_be() {
        for name in [
            "latency",
            "latency_p95",
            "p99 latency ms",
            "peakMemoryMB",
            "model-size",
            "memory",
            "gpu/ram",
            "Throughput",
        ] {
            assert_eq!(range(name), Some((Some(0), None)), "{name}");
        }
        for name in [
            "latency_change",
            "memory delta",
            "sizeReduction",
            "effect_size",
            "log_size",
            "resize_score",
            "diagram",
            "sized",
        ] {
            assert_eq!(range(name), None, "{name}");
        }
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
