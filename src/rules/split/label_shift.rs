//! `split/label-shift`

use crate::documents::Document;
use crate::documents::field::Map;
use crate::documents::split::SplitMethod;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// In a split by chance, each label should have the same share of every set.
    ///
    /// A split by chance gives all sets the same mixture of labels, but for the differences that chance makes. If they differ by more, it
    /// was not by chance: the data was sorted, or part of it was lost, and what is measured on one set does not hold for another. The rule
    /// compares each set with the training set by the chi-squared test, and reports what chance does once in ten thousand times.
    ///
    /// ## Fails
    /// ```yaml base:credit-split
    /// method: random
    /// seed: 17
    /// sets:
    ///   training: {dataset: credit-train@1.2.0, labels: {"0": 14022, "1": 3978}}
    ///   holdback: {dataset: credit-holdback@1.2.0, labels: {"0": 5200, "1": 800}}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-split
    /// method: random
    /// seed: 17
    /// sets:
    ///   training: {dataset: credit-train@1.2.0, labels: {"0": 14022, "1": 3978}}
    ///   holdback: {dataset: credit-holdback@1.2.0, labels: {"0": 4640, "1": 1360}}
    /// ```
    pub LABEL_SHIFT = {
        id: "split/label-shift",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 6, “along with the results of validation for statistics of each set”",
        kinds: [Split],
        check: Typed(check),
    }
}

/// Differences that chance makes less often than this are reported.
const LEAST_PROBABLE: f64 = 1e-4;

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Split(split) = document else { return };
    // Sets that follow each other differ in time, and groups are not independent.
    let is_by_chance =
        |method: &&SplitMethod| matches!(method, SplitMethod::Random | SplitMethod::Stratified | SplitMethod::Hash);
    let (Some(_), Some(sets)) = (split.method.get().filter(is_by_chance), split.sets.get()) else { return };
    let Some((training, of_training)) = sets.training.get().and_then(|set| set.labels.located()) else { return };
    for (name, set) in sets.iter().filter(|(name, _)| *name != "training") {
        let Some((labels, node)) = set.labels.located() else { continue };
        if probability(training, labels).is_some_and(|probability| probability < LEAST_PROBABLE) {
            let message = format!("the shares of the labels of the {name} set are not those of the training set");
            let finding = cx.at_value(&LABEL_SHIFT, node, message);
            let span = cx.tree.span(cx.tree.resolve(of_training));
            out.push(
                finding
                    .related(span, "the labels of the training set")
                    .help("chance alone makes such a difference less than once in ten thousand times"),
            );
        }
    }
}

/// Returns the probability of a difference like that between two samples of the same labels; `None` if they cannot be compared.
fn probability(first: &Map<u64>, second: &Map<u64>) -> Option<f64> {
    let mut names: Vec<&str> = first.iter().chain(second.iter()).map(|(name, ..)| name).collect();
    names.sort_unstable();
    names.dedup();
    let count = |map: &Map<u64>, name: &str| map.get(name).copied().unwrap_or(0) as f64;
    let total = |map: &Map<u64>| map.iter().map(|(.., count)| *count as f64).sum::<f64>();
    let totals = [total(first), total(second)];
    let all: f64 = totals.iter().sum();
    let mut statistic = 0.0;
    for name in &names {
        let counts = [count(first, name), count(second, name)];
        let of_label: f64 = counts.iter().sum();
        for (count, total) in counts.iter().zip(totals) {
            let expected = of_label * total / all;
            // Below that, the test is no good.
            if expected.is_nan() || expected < 5.0 {
                return None;
            }
            statistic += (count - expected).powi(2) / expected;
        }
    }
    let freedom = names.len().checked_sub(1).filter(|freedom| *freedom > 0)?;
    statrs::function::gamma::checked_gamma_ur(freedom as f64 / 2.0, statistic / 2.0).ok()
}
