//! `split/set-misused`

use super::SplitPart;
use super::split_fractions::splits;
use globset::{GlobBuilder, GlobMatcher};
use rustc_hash::FxHashMap;

use crate::diagnostics::Finding;
use crate::documents::field::Map;
use crate::documents::objectives::DataStage;
use crate::documents::roles::ReferenceRole;
use crate::documents::{Document, Kind};
use crate::rules::divided::{Divided, divided};
use crate::rules::{Context, Findings, Linked, declare_rule};
use crate::workspace::{DataUse, DocId, Member, Resolution};
use crate::yaml::NodeId;

declare_rule! {
    /// The sets of a split must be used for what they were set aside for.
    ///
    /// What was held back is for the test. Once a run trains on it, or an evaluation chooses a model by it, the test tells how well the
    /// data was remembered. A test on training or validation data tells no more than that, nor does an evaluation on training data. The
    /// data is the same if its digest is, or else its location or its name. Nor does a run train on all the data that was split, with what
    /// was held back of it, unless it records how it splits the data itself (`test_fraction` and the like, see `split/split-fractions`). A test or an
    /// evaluation on all the data reads other sets, too. Data that is stored in a folder is data of that folder. What is held back
    /// for the test is nothing that a run that trains reads, not even without a role. The same holds for the `dataset` of a single metric, but for training data that
    /// objectives name as such, to compare it with other data.
    ///
    /// ## Fails
    /// ```yaml base:credit-split
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// name: fit-2026-08-20
    /// datasets:
    ///   - {key: loans, role: training, dataset: credit-holdback@1.2.0}
    /// ```
    ///
    /// ```yaml base:credit-split
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// name: fit-2026-08-21
    /// datasets:
    ///   - {key: loans, role: training, dataset: loan-applications@3.0.0}
    /// ```
    ///
    /// ```yaml base:credit-split
    /// kind: test
    /// mlSpecVersion: 0.1.0
    /// id: 6f1d2c3b-4a59-4e68-8b77-0a9c8d7e6f51
    /// name: credit-test
    /// model: credit-default
    /// dataset: credit-validation@1.2.0
    /// performedOn: 2026-08-24T04:00:00Z
    /// metrics:
    ///   - {key: recall, value: 0.72}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-split
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// name: fit-2026-08-20
    /// datasets:
    ///   - {key: loans, role: training, dataset: credit-train@1.2.0}
    /// ```
    pub SET_MISUSED = {
        id: "split/set-misused",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 6, “Use metadata to detect leakage of training data into testing data”; step 9, “hold back data set”",
        kinds: [Evaluation, PipelineRun, Run, Test],
        check: Workspace(check),
    }
}

/// The maximum number of sets of the same data that are looked at.
const MOST_LOOKED_AT: usize = 100;

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    if !workspace.has_kind(Kind::Split) {
        return;
    }
    of_metrics(cx, workspace, out);
    for data in workspace.data_read_by(workspace.id) {
        let Some(purpose) = purpose(cx, &data) else {
            out.extend(without_role(cx, workspace, &data));
            continue;
        };
        if purpose == SplitPart::Training
            && let Some((split, node)) = split_from(workspace, &data)
            && cx.typed().is_some_and(|document| splits(document, cx).is_empty())
        {
            let message = format!(
                "{} is the data from which a split took what it holds back for the test, and this run trains on all of it",
                named(cx, &data)
            );
            let finding = cx.at_value(&SET_MISUSED, data.node, message).help("train on the training set of the split");
            out.push(workspace.relate(finding, split, Some(node), format!("the source of '{}'", split.label())));
            continue;
        }
        let misused = uses_of(workspace, &data, ReferenceRole::SplitSet, Kind::Split).find_map(|(id, node)| {
            let set = set_at(workspace, id, node)?;
            is_misuse(purpose, set).then_some((workspace.member(id)?, node, set))
        });
        let Some((split, node, set)) = misused else {
            if purpose == SplitPart::Training
                && let Some((split, node)) = held_back_within(workspace, &data)
            {
                let shown = named(cx, &data);
                let message = format!("{shown} contains what a split holds back for the test, or is a part of it");
                let finding =
                    cx.at_value(&SET_MISUSED, data.node, message).help("train on the training set of the split");
                out.push(workspace.relate(finding, split, Some(node), format!("held back by '{}'", split.label())));
                continue;
            }
            out.extend(divided_data(cx, workspace, &data, purpose));
            continue;
        };
        let used = match cx.kind {
            Kind::Evaluation => "an evaluation reads it",
            Kind::Test => "a test reads it",
            _ => "this run reads it",
        };
        let message = format!(
            "{} is the {} data of a split, but {used} as {} data",
            named(cx, &data),
            set.name(),
            purpose.name()
        );
        let finding = cx.at_value(&SET_MISUSED, data.node, message);
        out.push(workspace.relate(
            finding,
            split,
            Some(node),
            format!("the {} set of '{}'", set.name(), split.label()),
        ));
    }
}

/// Reports metrics of an evaluation or a test that were measured on another set than it is about. The difference between training data and
/// other data tells about overfitting: if objectives ask for it, a metric on training data is meant.
fn of_metrics(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let purpose = match cx.kind {
        Kind::Evaluation => SplitPart::Validation,
        Kind::Test => SplitPart::HoldBack,
        _ => return,
    };
    let mut known: FxHashMap<DocId, Option<(DocId, NodeId, SplitPart)>> = FxHashMap::default();
    for (reference, resolution) in workspace.references() {
        let Resolution::Found(dataset) = resolution else { continue };
        if reference.role != ReferenceRole::MetricData || cx.is_faulty(reference.node) {
            continue;
        }
        let found = *known.entry(*dataset).or_insert_with(|| {
            let data = workspace.data_named(workspace.id, reference.node, Some(*dataset))?;
            let mut uses = uses_of(workspace, &data, ReferenceRole::SplitSet, Kind::Split);
            uses.find_map(|(id, node)| Some((id, node, set_at(workspace, id, node)?)))
        });
        let Some((split, node, set)) = found.filter(|(.., set)| is_misuse(purpose, *set)) else { continue };
        let Some(split) = workspace.member(split) else { continue };
        if set == SplitPart::Training && is_compared(workspace, *dataset) {
            continue;
        }
        let (shown, own) = (cx.shown(reference.node), cx.kind.name());
        let message = format!("{shown} is the {} data of a split, and says nothing in {own}", set.name());
        let finding = cx.at_value(&SET_MISUSED, reference.node, message);
        let place = format!("the {} set of '{}'", set.name(), split.label());
        out.push(workspace.relate(finding, split, Some(node), place));
    }
}

/// Whether objectives name a dataset as training data.
fn is_compared(workspace: &Linked<'_>, dataset: DocId) -> bool {
    let names = |id: DocId| {
        let Some(Document::Objectives(objectives)) = workspace.member(id).and_then(|member| member.typed()) else {
            return false;
        };
        let data = objectives.datasets.get().into_iter().flat_map(Map::iter).map(|(_, _, data)| data);
        let mut training = data.filter(|data| data.stage.get() == Some(&DataStage::Training));
        training.any(|data| {
            let name = data.dataset.get();
            name.is_some_and(|name| workspace.lookup(name, &[Kind::Dataset]) == Resolution::Found(dataset))
        })
    };
    workspace.of_kind(Kind::Objectives).take(MOST_LOOKED_AT).any(names)
}

/// Reports the use of data of which a split has set a part aside.
fn divided_data(cx: &Context<'_>, workspace: &Linked<'_>, data: &DataUse<'_>, purpose: SplitPart) -> Option<Finding> {
    // A pipeline run may split what it reads. What is trained on is told already.
    if cx.kind == Kind::PipelineRun || purpose == SplitPart::Training || !data.is_whole {
        return None;
    }
    let reference = workspace.own.references.iter().find(|reference| reference.node == data.node)?;
    let Divided { split, node, part } = divided(workspace, reference, |part| is_misuse(purpose, part))?;
    if cx.typed().is_none_or(|document| !splits(document, cx).is_empty()) {
        return None;
    }
    let shown = named(cx, data);
    let message = format!("{shown} is the source of a split, and contains its {} data", part.name());
    let finding = cx.at_value(&SET_MISUSED, data.node, message).help("name the set of the split that was read");
    Some(workspace.relate(finding, split, Some(node), format!("the source of '{}'", split.label())))
}

/// Returns a split that took a set for the test out of some data, and its source. The sets of one may be told by its source alone, where
/// none has data of its own.
fn split_from<'a>(workspace: &Linked<'a>, data: &DataUse<'a>) -> Option<(&'a Member, NodeId)> {
    workspace.of_kind(Kind::Split).take(MOST_LOOKED_AT).find_map(|id| {
        let split = workspace.member(id)?;
        let mut references = workspace.references_of(id);
        let (source, found) = references.find(|(reference, _)| reference.role == ReferenceRole::RecordedData)?;
        let found = found.found();
        let own = workspace.data_named(id, source.node, found)?;
        let sets = workspace.data_read_by(id);
        let is_for_test =
            |set: &DataUse<'_>| matches!(set_at(workspace, id, set.node), Some(SplitPart::HoldBack | SplitPart::Test));
        let is_apart = !sets.iter().any(|set| set.is_same(&own));
        (is_apart && sets.iter().any(is_for_test) && data.is_same(&own)).then_some((split, source.node))
    })
}

/// Returns a split that holds back data in the folder, or of the pattern, that some data is stored in, or the other way around.
fn held_back_within<'a>(workspace: &Linked<'a>, data: &DataUse<'a>) -> Option<(&'a Member, NodeId)> {
    let place = data.place.as_deref()?;
    let pattern = glob(place);
    workspace.of_kind(Kind::Split).take(MOST_LOOKED_AT).find_map(|id| {
        let sets = workspace.data_read_by(id);
        let is_last = |set: &DataUse<'_>| set_at(workspace, id, set.node).is_some_and(SplitPart::is_last);
        if sets.iter().any(|set| !is_last(set) && set.is_same(data)) {
            return None;
        }
        let is_within = |set: &DataUse<'_>| {
            set.place.as_deref().is_some_and(|own| {
                is_in(own, place) || is_in(place, own) || pattern.as_ref().is_some_and(|pattern| pattern.is_match(own))
            })
        };
        let held_back = sets.iter().find(|set| is_last(set) && is_within(set))?;
        Some((workspace.member(id)?, held_back.node))
    })
}

/// Returns the pattern that a place is, such as `splits/*.parquet`.
fn glob(place: &str) -> Option<GlobMatcher> {
    let glob = place.contains(['*', '?']).then(|| GlobBuilder::new(place).literal_separator(true).build())?;
    glob.ok().map(|glob| glob.compile_matcher())
}

fn is_in(place: &str, folder: &str) -> bool {
    place.strip_prefix(folder.trim_end_matches('/')).is_some_and(|rest| rest.len() > 1 && rest.starts_with('/'))
}

/// Returns how data is called in a message: as it is named, or by the place in which it is stored.
fn named(cx: &Context<'_>, data: &DataUse<'_>) -> String {
    match (cx.tree.text(data.node), &data.place) {
        (None, Some(place)) => format!("'{place}'"),
        (None, None) => "this data".to_owned(),
        (Some(_), _) => cx.shown(data.node).to_string(),
    }
}

/// Returns what data is used for; `None` if it is not known.
fn purpose(cx: &Context<'_>, data: &DataUse<'_>) -> Option<SplitPart> {
    let holder = cx.tree.parent(data.node)?;
    let is_own = || cx.find(cx.root, &["dataset"]) == Some(data.node);
    match cx.kind {
        Kind::Evaluation if is_own() => Some(SplitPart::Validation),
        Kind::Test if is_own() => Some(SplitPart::HoldBack),
        _ => SplitPart::named(cx.tree.text(cx.find(holder, &["role"])?)?),
    }
}

/// Reports data that is held back for the test, and that a run that trains reads without saying for what.
fn without_role<'a>(cx: &Context<'_>, workspace: &Linked<'a>, data: &DataUse<'a>) -> Option<Finding> {
    let holder = cx.tree.parent(data.node)?;
    if cx.kind != Kind::Run || cx.find(holder, &["role"]).is_some() || !trains(cx) {
        return None;
    }
    let (split, node) = uses_of(workspace, data, ReferenceRole::SplitSet, Kind::Split).find_map(|(id, node)| {
        set_at(workspace, id, node).filter(|set| set.is_last())?;
        Some((workspace.member(id)?, node))
    })?;
    let shown = named(cx, data);
    let message =
        format!("{shown} is held back for the test, and this run, which trains, does not say for what it reads it");
    let finding = cx.at_value(&SET_MISUSED, data.node, message).help("train without it, and test in a run of its own");
    Some(workspace.relate(finding, split, Some(node), format!("held back by '{}'", split.label())))
}

/// Whether a run says of any of its data that it trained on it.
fn trains(cx: &Context<'_>) -> bool {
    let datasets = cx.find(cx.root, &["datasets"]).map(|list| cx.tree.items(cx.tree.resolve(list)));
    let role = |item: &NodeId| SplitPart::named(cx.tree.text(cx.find(*item, &["role"])?)?);
    datasets.into_iter().flatten().any(|item| role(item) == Some(SplitPart::Training))
}

fn is_misuse(purpose: SplitPart, set: SplitPart) -> bool {
    use SplitPart::{Training, Validation};
    purpose.is_last() != set.is_last() || matches!((purpose, set), (Training, Validation) | (Validation, Training))
}

/// Returns the set of a split whose dataset a node names.
pub(crate) fn set_at(workspace: &Linked<'_>, id: DocId, node: NodeId) -> Option<SplitPart> {
    let tree = &workspace.member(id)?.tree;
    SplitPart::named(tree.key_name(tree.key_of(tree.parent(node)?)?))
}

/// Returns where documents of a kind use the same data in a role.
pub(crate) fn uses_of<'a>(
    workspace: &Linked<'a>,
    data: &DataUse<'a>,
    role: ReferenceRole,
    kind: Kind,
) -> impl Iterator<Item = (DocId, NodeId)> {
    let own = workspace.own.references.iter().find(|reference| reference.node == data.node);
    let same = |reference| workspace.meaning_the_same(workspace.id, reference, role, kind);
    let by_name = own.into_iter().flat_map(same).map(|(id, reference)| (id, reference.node));
    let by_digest = data.digest.as_deref().into_iter().flat_map(|digest| workspace.with_digest(digest));
    let by_place = data.place.as_deref().into_iter().flat_map(|place| workspace.with_place(place));
    let (by_name, by_digest) = (by_name.take(MOST_LOOKED_AT), by_digest.take(MOST_LOOKED_AT));
    let candidates: Vec<_> = by_name.chain(by_digest).chain(by_place.take(MOST_LOOKED_AT)).collect();
    let is_same = |(id, node): &(DocId, NodeId)| {
        workspace.member(*id).is_some_and(|member| member.kind == kind)
            && workspace.data_at(*id, *node).is_some_and(|used| data.is_same(&used))
    };
    candidates.into_iter().filter(is_same).collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn the_source_of_a_split_contains_its_sets() {
        let split = include_str!("../bases/credit-split.yml");
        let run = "---\nkind: run\nmlSpecVersion: 0.1.0\nid: 592f0c1c-72ae-4236-9202-7e6aff1954f4\nname: fit\n";
        let set = |role: &str, dataset: &str| format!("datasets: [{{key: a, role: {role}, dataset: {dataset}}}]\n");
        let source = "loan-applications@3.0.0";
        let fractions = "hyperparameters: [{key: train_size, value: 0.8}, {key: test_size, value: 0.2}]\n";
        for (split, rest, place) in [
            (split.to_owned(), set("training", source), Some(source)),
            (split.to_owned(), set("test", source), Some(source)),
            (split.to_owned(), set("lookup", source), None),
            (split.to_owned(), set("training", "other@1.0.0"), None),
            (split.to_owned(), set("training", source) + fractions, None),
            (
                split
                    .lines()
                    .filter(|line| !line.contains("  holdback") && !line.contains("  validation"))
                    .fold(String::new(), |text, line| text + line + "\n"),
                set("training", source),
                None,
            ),
        ] {
            let found = found(&format!("{split}{run}{rest}"));
            let own: Vec<_> =
                found.iter().filter(|(rule, ..)| *rule == super::SET_MISUSED.id).map(|(_, at, _)| &**at).collect();
            assert_eq!(own, Vec::from_iter(place), "{split}{rest}{found:?}");
        }
    }

    #[test]
    fn what_is_held_back_is_not_read_as_a_part_or_without_a_role() {
        let split = include_str!("../bases/credit-split.yml");
        let dataset = |name: &str, number: u32, place: &str| {
            format!(
                "---\nkind: dataset\nmlSpecVersion: 0.1.0\nid: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c1{number}\nname: {name}\nstate: Active\n\
                 version: 1.2.0\nlocation: {{DataStore: lake, RelativePath: splits/{place}}}\n"
            )
        };
        let datasets = dataset("credit-train", 1, "train.csv") + &dataset("credit-holdback", 2, "last/test.csv");
        let run = "---\nkind: run\nmlSpecVersion: 0.1.0\nid: 592f0c1c-72ae-4236-9202-7e6aff1954f4\nname: fit\n";
        let at = |path: &str| format!("{{key: a, role: training, path: {{DataStore: lake, RelativePath: {path}}}}}");
        for (listed, times) in [
            (at("splits"), 1),
            (at("splits/"), 1),
            (at("splits/*/*.csv"), 1),
            (at("splits/last/test.csv/part-1"), 1),
            (at("splits/*.csv"), 0),
            (at("splits/las"), 0),
            (at("splits/train.csv"), 0),
            (
                "{key: a, role: training, dataset: credit-train@1.2.0}, {key: b, dataset: credit-holdback@1.2.0}"
                    .to_owned(),
                1,
            ),
            (
                "{key: a, role: training, dataset: credit-train@1.2.0}, {key: b, dataset: credit-validation@1.2.0}"
                    .to_owned(),
                0,
            ),
            ("{key: b, dataset: credit-holdback@1.2.0}".to_owned(), 0),
        ] {
            let found = found(&format!("{split}{datasets}{run}datasets: [{listed}]\n"));
            let own = found.iter().filter(|(rule, ..)| *rule == super::SET_MISUSED.id).count();
            assert_eq!(own, times, "{listed}{found:#?}");
        }
    }

    #[test]
    fn each_metric_is_measured_on_the_set_that_it_tells_about() {
        let split = include_str!("../bases/credit-split.yml");
        let dataset = |name: &str, number: u32| {
            format!(
                "---\nkind: dataset\nmlSpecVersion: 0.1.0\nid: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c1{number}\nname: {name}\nstate: Active\n\
                 version: 1.2.0\nlocation: s3://credit/{name}\n"
            )
        };
        let datasets = dataset("credit-train", 1) + &dataset("credit-holdback", 2) + &dataset("credit-validation", 3);
        let test = include_str!("../bases/credit-test.yml").replace("credit-holdback@1.0.0", "credit-holdback@1.2.0");
        let with = |kind: &str, name: &str, rest: &str| {
            let test = test.replace("value: 0.7208", &format!("dataset: {name}, value: 0.7208"));
            let test =
                test.replace("kind: test", &format!("kind: {kind}")).replace("dataset: credit-holdback@1.2.0\n", "");
            let found = found(&format!("{split}{datasets}---\n{test}{rest}"));
            found.iter().filter(|(rule, ..)| *rule == super::SET_MISUSED.id).count()
        };
        for (kind, name, times) in [
            ("test", "credit-train@1.2.0", 1),
            ("test", "credit-validation@1.2.0", 1),
            ("test", "credit-holdback@1.2.0", 0),
            ("evaluation", "credit-train@1.2.0", 1),
            ("evaluation", "credit-holdback@1.2.0", 1),
            ("evaluation", "credit-validation@1.2.0", 0),
            ("test", "my-own-name", 0),
        ] {
            assert_eq!(with(kind, name, ""), times, "{kind} {name}");
        }
        let objectives = include_str!("../bases/credit-launch.yml")
            .replace("datasets:\n", "datasets:\n  fitted: {dataset: credit-train@1.2.0, stage: training}\n");
        assert_eq!(with("test", "credit-train@1.2.0", &format!("---\n{objectives}")), 0);
        assert_eq!(with("test", "credit-validation@1.2.0", &format!("---\n{objectives}")), 1);
    }

    #[test]
    fn no_set_is_the_source() {
        let split = include_str!("../bases/credit-split.yml");
        for (set, is_found) in [("credit-holdback@1.2.0", true), ("credit-train@1.2.0", true), ("{dataset", false)] {
            let text = split.replace(set, if is_found { "loan-applications@3.0.0" } else { set });
            let found = found(&text);
            let own = found.iter().filter(|(rule, ..)| *rule == "split/split-overlap").count();
            assert_eq!(own, usize::from(is_found), "{text}{found:?}");
        }
    }
}
