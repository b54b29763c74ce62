//! `split/split-fractions`

use super::{SplitPart, pairs, settings};
use crate::diagnostics::Finding;
use crate::documents::Document;
use crate::documents::spelling::same_words;
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::plain_type;
use crate::yaml::{NodeId, Number, ScalarType};

declare_rule! {
    /// The fractions of a split must sum to 1.
    ///
    /// Above 1, some examples are in two parts, so that the model is tested on what it was trained with; below 1, some are in none, and
    /// nobody knows which. The rule checks settings such as `train_fraction`, `val_ratio` and `test_split`, and maps called `split`, in the
    /// parameters of runs, models and metadata files. Percentages sum to 100. Nothing is reported if the numbers may mean something else: a
    /// validation part that is taken from the training part, a sample that leaves a rest (`train_size` and `test_size`), numbers of
    /// examples, and fewer than three parts whose sum is below 1. The fractions of a `split` document sum to 1, whatever their number.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// name: credit-default-baseline
    /// hyperparameters:
    ///   - {key: train_fraction, value: 0.8}
    ///   - {key: val_fraction, value: 0.15}
    ///   - {key: test_fraction, value: 0.15}
    /// ```
    ///
    /// ```yaml
    /// kind: metadata
    /// mlSpecVersion: 0.1.0
    /// framework: {name: keras, version: "3.1"}
    /// model: {name: credit-default, version: 1.2.0}
    /// dataset: {name: loan-applications, version: 1.2.0}
    /// data_process:
    ///   - split: {train: 70, validation: 15, test: 10}
    /// ```
    ///
    /// ```yaml base:credit-split
    /// sets:
    ///   training: {dataset: credit-train@1.2.0, fraction: 0.8}
    ///   validation: {dataset: credit-validation@1.2.0, fraction: 0.15}
    ///   holdback: {dataset: credit-holdback@1.2.0, fraction: 0.15}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// name: credit-default-baseline
    /// hyperparameters:
    ///   - {key: train_fraction, value: 0.7}
    ///   - {key: val_fraction, value: 0.15}
    ///   - {key: test_fraction, value: 0.15}
    /// ```
    pub SPLIT_FRACTIONS = {
        id: "split/split-fractions",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README #6, “Record how the data is split into training, validation, hold back, and debugging sets”",
        kinds: [Metadata, Model, PipelineRun, Run, Split],
        check: Typed(check),
    }
}

/// Words for a share of the data that occur with the name of its part.
const WORDS: &[&str] =
    &["fraction", "frac", "split", "ratio", "share", "proportion", "percentage", "percent", "pct", "size"];

/// Names of maps from part to fraction.
const MAPS: &[&str] =
    &["split", "splits", "data_split", "dataset_split", "split_fractions", "split_ratio", "split_ratios"];

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    if let Document::Split(split) = document {
        return out.extend(of_sets(split, cx));
    }
    for split in splits(document, cx) {
        let Some(sum) = split.wrong_sum() else { continue };
        let Some((first, others)) = split.shares.split_first() else { continue };
        let message = format!("the fractions of the split sum to {}, not {}", shown(sum), split.whole());
        let finding = cx.at_value(&SPLIT_FRACTIONS, first.node, message);
        let related = |finding: Finding, share: &Share| {
            finding.related(cx.tree.span(cx.tree.resolve(share.node)), format!("{} data", share.part.name()))
        };
        out.push(others.iter().fold(finding, related));
    }
}

/// Checks the fractions of the sets of a split: together they are the whole, unless one of them has none.
fn of_sets(split: &crate::documents::split::Split, cx: &Context<'_>) -> Option<Finding> {
    let sets: Vec<_> = split.sets.get()?.iter().collect();
    let fractions: Vec<_> = sets.iter().filter_map(|(name, set)| Some((*name, set.fraction.located()?))).collect();
    let (_, (_, node)) = fractions.first()?;
    let sum: f64 = fractions.iter().map(|(_, (fraction, _))| fraction.get()).sum();
    let leaves_rest = fractions.len() < sets.len() && sum < 1.0;
    if leaves_rest || (sum - 1.0).abs() <= TOLERANCE || cx.is_faulty(*node) {
        return None;
    }
    let message = format!("the fractions of the split sum to {}, not 1", shown(sum));
    let finding = cx.at_value(&SPLIT_FRACTIONS, *node, message);
    let related = |finding: Finding, (name, (_, node)): &(&str, (_, NodeId))| {
        finding.related(cx.tree.span(cx.tree.resolve(*node)), format!("{name} data"))
    };
    Some(fractions.iter().skip(1).fold(finding, related))
}

/// Returns the splits that a document records.
pub(super) fn splits(document: &Document, cx: &Context<'_>) -> Vec<FractionSplit> {
    let mut splits = Vec::new();
    for group in settings(document, cx) {
        // Most settings are about something else.
        if !group.iter().any(|(name, _)| may_tell_split(name)) {
            continue;
        }
        for word in WORDS {
            let share = |(name, node): &(&str, NodeId)| Some((part_of(name, word)?, *node));
            splits.extend(FractionSplit::of(group.iter().filter_map(share), *word == "size", false, cx));
        }
        let is_map =
            |(name, node): &&(&str, NodeId)| MAPS.iter().any(|map| same_words(map, name)) && cx.tree.is_mapping(*node);
        for (_, map) in group.iter().filter(is_map) {
            let share = |(name, node): (&str, NodeId)| {
                let bare = WORDS.iter().find_map(|word| part_of(name, word));
                Some((SplitPart::named(name).or(bare)?, node))
            };
            splits.extend(FractionSplit::of(pairs(*map, cx).into_iter().filter_map(share), false, true, cx));
        }
    }
    splits
}

/// Whether a name may be that of the training part's share, or of a map of shares.
fn may_tell_split(name: &str) -> bool {
    name.as_bytes().windows(5).any(|part| match part.first() {
        Some(b't' | b'T') => part.eq_ignore_ascii_case(b"train"),
        Some(b's' | b'S') => part.eq_ignore_ascii_case(b"split"),
        _ => false,
    })
}

/// Returns the part whose share a setting is: for `train_fraction` and `split_train`, the training data.
fn part_of(name: &str, word: &str) -> Option<SplitPart> {
    let lower = name.to_ascii_lowercase();
    let rest = lower.strip_suffix(word).or_else(|| lower.strip_prefix(word))?;
    SplitPart::named(rest)
}

/// The shares of one split.
pub(super) struct FractionSplit {
    shares: Vec<Share>,
    /// Whether the shares are of a sample, which may leave a rest.
    is_sample: bool,
    /// Whether every part is named.
    is_complete: bool,
}

struct Share {
    part: SplitPart,
    value: f64,
    node: NodeId,
}

/// The allowed rounding error of a sum: three times 0.33 is a whole.
const TOLERANCE: f64 = 0.0101;

impl FractionSplit {
    /// Returns the split. `None` if these are not the shares of one split, or cannot all be read.
    fn of(
        shares: impl Iterator<Item = (SplitPart, NodeId)>,
        is_sample: bool,
        is_map: bool,
        cx: &Context<'_>,
    ) -> Option<Self> {
        let share = |(part, node)| Some(Share { part, value: number(node, cx)?, node });
        let shares: Vec<Share> = shares.map(share).collect::<Option<_>>()?;
        let is_there = |part: SplitPart| shares.iter().any(|share| share.part == part);
        let is_ambiguous = |share: &Share| shares.iter().filter(|other| other.part == share.part).count() > 1;
        // A split cannot have more parts than there are names for them.
        let is_split =
            (2..=5).contains(&shares.len()) && is_there(SplitPart::Training) && !shares.iter().any(is_ambiguous);
        let is_complete = is_map || shares.len() >= 3;
        is_split.then_some(Self { shares, is_sample, is_complete })
    }

    /// Returns what the shares should sum to.
    fn whole(&self) -> f64 {
        if self.shares.iter().all(|share| share.value <= 1.0) { 1.0 } else { 100.0 }
    }

    /// Returns the sum, if it is certainly wrong.
    fn wrong_sum(&self) -> Option<f64> {
        let whole = self.whole();
        let sum: f64 = self.shares.iter().map(|share| share.value).sum();
        // Numbers of examples, or something else.
        let is_no_share = self
            .shares
            .iter()
            .any(|share| share.value < 0.0 || share.value > whole || (whole > 1.0 && share.value < 1.0));
        let is_whole = |sum: f64| (sum - whole).abs() <= TOLERANCE * whole;
        let is_fine = is_whole(sum) || is_no_share || self.is_nested(&is_whole);
        let leaves_rest = sum < whole && (self.is_sample || !self.is_complete);
        let may_be_count = whole > 1.0 && (self.is_sample || !(50.0..=200.0).contains(&sum));
        (!is_fine && !leaves_rest && !may_be_count).then_some(sum)
    }

    /// Whether one part may be taken from the training part, so that the others sum to a whole without it, or its share may refer to what
    /// the others leave.
    fn is_nested(&self, is_whole: &dyn Fn(f64) -> bool) -> bool {
        let whole = self.whole();
        let sum: f64 = self.shares.iter().map(|share| share.value).sum();
        let can_be_inner = self.shares.len() > 2;
        can_be_inner
            && self.shares.iter().filter(|share| share.part != SplitPart::Training).any(|inner| {
                let others = sum - inner.value;
                let training = self.shares.iter().filter(|share| share.part == SplitPart::Training);
                let training: f64 = training.map(|share| share.value).sum();
                let rest = whole - (others - training);
                is_whole(others) || is_whole(whole - rest + training + rest * inner.value / whole)
            })
    }
}

/// Returns a number, quoted or not.
fn number(node: NodeId, cx: &Context<'_>) -> Option<f64> {
    let is_number = |text: &&str| matches!(plain_type(text), ScalarType::Integer | ScalarType::Float);
    let quoted = cx.tree.string(node).filter(is_number).and_then(Number::parse);
    cx.tree.number(node).or(quoted).map(Number::as_f64).filter(|number| number.is_finite())
}

/// Formats a sum without the noise of binary fractions.
fn shown(sum: f64) -> String {
    format!("{sum:.4}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(shares: &[(SplitPart, f64)], is_sample: bool) -> bool {
        let node = crate::yaml::NodeId::from_raw(0);
        let shares: Vec<Share> =
            shares.iter().map(|(part, value)| Share { part: *part, value: *value, node }).collect();
        let is_complete = shares.len() >= 3;
        FractionSplit { shares, is_sample, is_complete }.wrong_sum().is_some()
    }

    #[test]
    fn only_sums_that_nothing_explains_are_wrong() {
        use SplitPart::{HoldBack, Test, Training, Validation};
        assert!(wrong(&[(Training, 0.8), (Test, 0.3)], false));
        assert!(wrong(&[(Training, 0.8), (Validation, 0.15), (Test, 0.15)], false));
        assert!(wrong(&[(Training, 0.7), (Validation, 0.1), (Test, 0.1)], false));
        assert!(wrong(&[(Training, 70.0), (Validation, 20.0), (Test, 20.0)], false));
        assert!(wrong(&[(Training, 0.8), (Test, 0.3)], true));
        for (shares, is_sample) in [
            (&[(Training, 0.8), (Test, 0.2)][..], false),
            (&[(Training, 0.33), (Validation, 0.33), (Test, 0.33)], false),
            // The rest may be the validation data.
            (&[(Training, 0.7), (Test, 0.2)], false),
            // A tenth of the training data is for validation.
            (&[(Training, 0.8), (Validation, 0.1), (Test, 0.2)], false),
            // A quarter of what the test data leaves is for validation.
            (&[(Training, 0.6), (Validation, 0.25), (Test, 0.2)], false),
            (&[(Training, 0.1), (Test, 0.2)], true),
            (&[(Training, 18000.0), (Test, 6000.0)], false),
            (&[(Training, 60.0), (Validation, 20.0), (HoldBack, 20.0)], false),
        ] {
            assert!(!wrong(shares, is_sample), "{shares:?}");
        }
    }

    #[test]
    fn settings_are_shares_when_they_name_a_part_and_a_share() {
        assert_eq!(part_of("train_fraction", "fraction"), Some(SplitPart::Training));
        assert_eq!(part_of("holdOutRatio", "ratio"), Some(SplitPart::HoldBack));
        assert_eq!(part_of("split_val", "split"), Some(SplitPart::Validation));
        for name in ["validation_fraction_of_train", "fraction", "subsample_fraction", "train"] {
            assert_eq!(part_of(name, "fraction"), None, "{name}");
        }
    }
}
