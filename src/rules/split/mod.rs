//! Rules about how data is split for training, evaluation and test.

pub mod examples_disagree;
pub mod group_not_measured;
pub mod holdout_not_later;
pub mod holdout_reused;
pub mod label_shift;
pub mod method_incomplete;
pub mod overlap_found;
pub mod random_without_seed;
pub mod ranges_overlap;
pub mod set_misused;
pub mod set_not_validated;
pub mod split_fractions;
pub mod split_overlap;

use crate::documents::Document;
use crate::documents::split::{Split, SplitMethod};
use crate::rules::document::{Moment, moment};
use crate::rules::{Context, Rule};
use crate::workspace::field;
use crate::yaml::NodeId;

/// The rules of this family.
pub static RULES: &[&Rule] = &[
    &examples_disagree::EXAMPLES_DISAGREE,
    &group_not_measured::GROUP_NOT_MEASURED,
    &holdout_not_later::HOLDOUT_NOT_LATER,
    &holdout_reused::HOLDOUT_REUSED,
    &label_shift::LABEL_SHIFT,
    &method_incomplete::METHOD_INCOMPLETE,
    &overlap_found::OVERLAP_FOUND,
    &random_without_seed::RANDOM_WITHOUT_SEED,
    &ranges_overlap::RANGES_OVERLAP,
    &set_misused::SET_MISUSED,
    &set_not_validated::SET_NOT_VALIDATED,
    &split_fractions::SPLIT_FRACTIONS,
    &split_overlap::SPLIT_OVERLAP,
];

/// The purpose of a part of the data. The parts of one split share no example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SplitPart {
    Training,
    Validation,
    Test,
    HoldBack,
    Debugging,
}

impl SplitPart {
    /// Returns whether the part is for the last judgment.
    pub(crate) fn is_last(self) -> bool {
        matches!(self, Self::HoldBack | Self::Test)
    }

    /// Returns the part that a word names.
    pub(crate) fn named(word: &str) -> Option<Self> {
        let letters: String =
            word.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
        Some(match letters.as_str() {
            "train" | "training" => Self::Training,
            "val" | "valid" | "validation" | "dev" | "development" | "eval" | "evaluation" => Self::Validation,
            "test" | "testing" => Self::Test,
            "holdout" | "holdback" => Self::HoldBack,
            "debug" | "debugging" => Self::Debugging,
            _ => return None,
        })
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Training => "training",
            Self::Validation => "validation",
            Self::Test => "test",
            Self::HoldBack => "hold-back",
            Self::Debugging => "debugging",
        }
    }
}

/// The period of a set of a split.
struct SetPeriod {
    set: &'static str,
    node: NodeId,
    start: Option<Moment>,
    end: Option<Moment>,
}

impl SetPeriod {
    /// Returns whether all of it is before another one.
    fn is_before(&self, other: &Self) -> bool {
        self.end.zip(other.start).is_some_and(|(end, start)| start.is_after(end))
    }

    /// Returns whether both have a time in common. A set without any bound says nothing.
    fn overlaps(&self, other: &Self) -> bool {
        let is_bounded = |period: &Self| period.start.is_some() || period.end.is_some();
        is_bounded(self) && is_bounded(other) && !self.is_before(other) && !other.is_before(self)
    }
}

/// Returns the periods of the sets of a split by time. Debugging data may be from any time.
fn periods(split: &Split, cx: &Context<'_>) -> Vec<SetPeriod> {
    if split.method.get() != Some(&SplitMethod::Time) {
        return Vec::new();
    }
    let sets = split.sets.get().into_iter().flat_map(|sets| sets.iter()).filter(|(name, _)| *name != "debugging");
    let period = |(set, own): (&'static str, &crate::documents::split::SplitSet)| {
        let (range, node) = own.range.located()?;
        let at = |date: Option<&crate::documents::common::Date>| date.and_then(|date| moment(date));
        let (start, end) = (at(range.start.get()), at(range.end.get()));
        let is_sound = !start.zip(end).is_some_and(|(start, end)| start.is_after(end)) && !cx.is_faulty(node);
        is_sound.then_some(SetPeriod { set, node, start, end })
    };
    sets.filter_map(period).collect()
}

/// Returns the settings of a document, one group per list or map that holds them: the name and the node of each value.
fn settings<'a>(document: &Document, cx: &Context<'a>) -> Vec<Vec<(&'a str, NodeId)>> {
    let holders = match document {
        Document::Run(run) => vec![run.hyperparameters.node(), run.properties.node()],
        Document::PipelineRun(run) => vec![run.hyperparameters.node(), run.properties.node(), run.parameters.node()],
        Document::Model(model) => vec![model.train.get().and_then(|train| train.training_params.node())],
        Document::Metadata(metadata) => vec![metadata.training_params.node(), metadata.data_process.node()],
        _ => Vec::new(),
    };
    holders.into_iter().flatten().map(|holder| pairs(holder, cx)).collect()
}

/// Returns names and values of a map, of a list of `{key, value}`, or of a list of single-key maps.
fn pairs<'a>(holder: NodeId, cx: &Context<'a>) -> Vec<(&'a str, NodeId)> {
    let tree = cx.tree;
    let mut pairs: Vec<(&str, NodeId)> = Vec::new();
    let single = [holder];
    let maps = if tree.is_mapping(holder) { &single } else { tree.items(holder) };
    for map in maps {
        match (field(tree, *map, "key").and_then(|key| tree.string(key)), field(tree, *map, "value")) {
            (Some(key), Some(value)) => pairs.push((key, value)),
            _ => pairs.extend(tree.entries(*map).map(|entry| (tree.key_name(entry.key), entry.value))),
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::assert_found;

    const HEAD: &str = "kind: run\nmlSpecVersion: 0.1.0\nid: 592f0c1c-72ae-4236-9202-7e6aff1954f4\nname: a\n";
    const DIGEST: &str = "sha256:673817a0510e930892b7ffb9acb67d84082623486acf4e9f17b620112b9803f5";

    fn datasets(first: &str, second: &str) -> String {
        format!("{HEAD}datasets:\n  - {{key: a, {first}}}\n  - {{key: b, {second}}}\n")
    }

    #[test]
    fn the_same_content_under_another_role_is_leakage() {
        let upper = DIGEST.to_uppercase().replace("SHA256", "sha256");
        assert_found(
            &datasets(&format!("role: Train, digest: '{DIGEST}'"), &format!("role: hold-back, digest: '{upper}'")),
            &[("split/split-overlap", &format!("'{upper}'"))],
        );
        let path = "path: {DataStore: lake, RelativePath: a.csv}";
        assert_found(
            &datasets(&format!("role: training, {path}"), &format!("role: val, {path}")),
            &[("split/split-overlap", "{DataStore: lake, RelativePath: a.csv}")],
        );
    }

    #[test]
    fn the_same_role_other_stores_unknown_roles_and_recorded_splits_are_fine() {
        let path = |store: &str| format!("path: {{DataStore: {store}, RelativePath: a.csv}}");
        for (first, second) in [
            (format!("role: training, {}", path("lake")), format!("role: train, {}", path("lake"))),
            (format!("role: training, {}", path("lake")), format!("role: test, {}", path("pond"))),
            (format!("role: training, {}", path("lake")), format!("role: lookup, {}", path("lake"))),
            (path("lake"), path("lake")),
        ] {
            assert_found(&datasets(&first, &second), &[]);
        }
        let same = datasets("role: training, path: a.csv", "role: test, path: a.csv");
        let split = "hyperparameters: [{key: train_size, value: '0.8'}, {key: test_size, value: 0.2}]\n";
        assert_found(&same, &[("split/split-overlap", "a.csv")]);
        assert_found(&format!("{same}{split}"), &[]);
    }

    #[test]
    fn fractions_are_found_in_every_kind_of_settings() {
        let run =
            format!("{HEAD}properties: [{{key: trainFraction, value: '0.9'}}, {{key: testFraction, value: '0.2'}}]\n");
        assert_found(&run, &[("split/split-fractions", "'0.9'")]);
        let head = "kind: metadata\nmlSpecVersion: 0.1.0\nmodel: {name: a}\ndataset: {name: b}\n";
        for params in ["{split: {train: 0.9, test: 0.3}}", "[{train_ratio: 0.9}, {test_ratio: 0.3}]"] {
            assert_found(&format!("{head}training_params: {params}\n"), &[("split/split-fractions", "0.9")]);
        }
        assert_found(&format!("{head}training_params: {{split: {{train: 0.9, test: '${{REST}}'}}}}\n"), &[]);
    }
}
