//! `split/split-overlap`

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::SplitPart;
use super::split_fractions::splits;
use crate::documents::Kind;
use crate::documents::roles::ReferenceRole;
use crate::graph::folders;
use crate::rules::{Context, Findings, Linked, declare_rule};
use crate::workspace::{DataUse, DocId};
use crate::yaml::NodeId;

declare_rule! {
    /// Training, validation and test data must be different data.
    ///
    /// A model that has seen the test data in training knows the answers: its metrics are too good, and nobody notices before it fails in
    /// production. Two datasets of a run with different roles must not have the same digest or, if one of the digests is not known, the
    /// same path or the same name; and none may be in the folder of another. So must the sets of a split, of which none is the `source`. A run that records how it splits one file (`test_fraction` and
    /// the like, see `split/split-fractions`) may name that file for both.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// name: credit-default-baseline
    /// datasets:
    ///   - key: train
    ///     role: training
    ///     path: {DataStore: credit-lake, RelativePath: splits/1.2.0/train.parquet}
    ///   - key: holdback
    ///     role: test
    ///     path: {DataStore: credit-lake, RelativePath: splits/1.2.0/train.parquet}
    /// ```
    ///
    /// ```yaml base:credit-split
    /// sets:
    ///   training: {dataset: credit-train@1.2.0}
    ///   holdback: {dataset: credit-train@1.2.0}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// name: credit-default-baseline
    /// datasets:
    ///   - key: train
    ///     role: training
    ///     path: {DataStore: credit-lake, RelativePath: splits/1.2.0/train.parquet}
    ///   - key: holdback
    ///     role: test
    ///     path: {DataStore: credit-lake, RelativePath: splits/1.2.0/holdback.parquet}
    /// ```
    pub SPLIT_OVERLAP = {
        id: "split/split-overlap",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README #6, “Use metadata to detect leakage of training data into testing data”",
        kinds: [PipelineRun, Run, Split],
        check: Workspace(check),
    }
}

/// The maximum number of datasets of one part with something in common that later ones are compared with.
const MOST_COMPARED: usize = 8;

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let mut known = Known::default();
    let mut overlaps = Vec::new();
    let source = source(cx, workspace);
    for data in workspace.data_read_by(workspace.id) {
        let item = cx.tree.parent(data.node);
        let role = match cx.kind {
            Kind::Split => item.and_then(|set| Some(cx.tree.key_name(cx.tree.key_of(set)?))),
            _ => item.and_then(|item| cx.tree.text(cx.find(item, &["role"])?)),
        };
        let Some(part) = role.and_then(SplitPart::named) else { continue };
        if cx.is_faulty(data.node) {
            continue;
        }
        if let Some(source) = source.as_ref().filter(|source| source.is_same(&data)) {
            let message = format!("the {} data is also the source, which contains the other sets", part.name());
            let finding = cx.at_value(&SPLIT_OVERLAP, data.node, message);
            out.push(finding.related(cx.tree.span(cx.tree.resolve(source.node)), "the source"));
            continue;
        }
        if let Some((other, earlier, how)) = known.overlap(part, &data) {
            overlaps.push(((part, data.node), (other, earlier), how));
        }
        known.add(part, data);
    }
    // Most runs read nothing twice, so the document is deserialized only for the others.
    if overlaps.is_empty() || cx.typed().is_none_or(|document| !splits(document, cx).is_empty()) {
        return;
    }
    for ((part, node), (other, earlier), how) in overlaps {
        let message = format!("the {} data {how} the {} data", part.name(), other.name());
        let finding = cx.at_value(&SPLIT_OVERLAP, node, message);
        out.push(finding.related(cx.tree.span(cx.tree.resolve(earlier)), format!("the {} data", other.name())));
    }
}

/// Returns the data that a split divides, if it has more than one set.
fn source<'a>(cx: &Context<'_>, workspace: &Linked<'a>) -> Option<DataUse<'a>> {
    let own = workspace.references().find(|(reference, _)| reference.role == ReferenceRole::RecordedData);
    let (reference, resolution) = own.filter(|_| cx.kind == Kind::Split)?;
    let dataset = resolution.found();
    let sets = workspace.references().filter(|(reference, _)| reference.role == ReferenceRole::SplitSet);
    (sets.count() > 1).then(|| workspace.data_named(workspace.id, reference.node, dataset))?
}

/// The data that a run has read for its parts so far.
#[derive(Default)]
struct Known<'a> {
    /// Data by what the same data has in common.
    same: FxHashMap<Common<'a>, Vec<(SplitPart, DataUse<'a>)>>,
    /// Data by each folder that it is in.
    inside: FxHashMap<String, Vec<(SplitPart, DataUse<'a>)>>,
}

/// A property that identifies the same data.
#[derive(PartialEq, Eq, Hash)]
enum Common<'a> {
    Digest(Cow<'a, str>),
    Place(String),
    Dataset(DocId),
    Reference(Cow<'a, str>),
}

impl<'a> Known<'a> {
    /// Returns the data of another part that some data is, is in, or contains: the part, its node, and the relation.
    fn overlap(&self, part: SplitPart, data: &DataUse<'a>) -> Option<(SplitPart, NodeId, &'static str)> {
        let of_others = |list: Option<&Vec<(SplitPart, DataUse<'a>)>>, is: &dyn Fn(&DataUse<'a>) -> bool| {
            list?.iter().find(|(other, earlier)| *other != part && is(earlier)).map(|(other, data)| (*other, data.node))
        };
        let same =
            common(data).into_iter().find_map(|key| of_others(self.same.get(&key), &|other| other.is_same(data)));
        if let Some((other, node)) = same {
            return Some((other, node, "is also"));
        }
        let place = data.place.as_ref()?;
        let is_apart = |other: &DataUse<'a>| data.is_whole && other.is_whole;
        let around =
            |folder: &str| of_others(self.same.get(&Common::Place(folder.to_owned())), &|other| !is_apart(other));
        let within = || of_others(self.inside.get(place), &|other| !is_apart(other));
        let around = folders(place).find_map(around).map(|(other, node)| (other, node, "lies in"));
        around.or_else(|| within().map(|(other, node)| (other, node, "holds")))
    }

    fn add(&mut self, part: SplitPart, data: DataUse<'a>) {
        let add = |list: &mut Vec<(SplitPart, DataUse<'a>)>| {
            if list.iter().filter(|(other, _)| *other == part).count() < MOST_COMPARED {
                list.push((part, data.clone()));
            }
        };
        for folder in data.place.iter().flat_map(|place| folders(place)) {
            add(self.inside.entry(folder.to_owned()).or_default());
        }
        for key in common(&data) {
            add(self.same.entry(key).or_default());
        }
    }
}

fn common<'a>(data: &DataUse<'a>) -> Vec<Common<'a>> {
    let digest = data.digest.clone().map(Common::Digest);
    let place = data.place.clone().map(Common::Place);
    let dataset = data.dataset.map(Common::Dataset);
    let reference = data.reference.clone().filter(|_| dataset.is_none()).map(Common::Reference);
    [digest, place, dataset, reference].into_iter().flatten().collect()
}
