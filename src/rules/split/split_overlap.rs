//! `split/split-overlap`

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::Part;
use super::split_fractions::splits;
use crate::documents::Document;
use crate::documents::datapath::Datapath;
use crate::documents::field::{List, Optional};
use crate::documents::one_of::DataPlace;
use crate::documents::run::RunDataset;
use crate::rules::naming::is_given_later;
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::NodeId;

declare_rule! {
    /// Training, validation and test data must be different data.
    ///
    /// A model that has seen the test data in training knows the answers: its metrics are too good, and nobody notices
    /// before it fails in production. Two datasets of a run with different roles must share neither a digest nor a
    /// path. A run that records how it splits one file (`test_fraction` and the like, see `split/split-fractions`) may
    /// name that file for both.
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
        kinds: [PipelineRun, Run],
        check: Typed(check),
    }
}

/// What tells that two datasets are the same data.
#[derive(PartialEq, Eq, Hash)]
enum Content<'a> {
    Digest(String),
    Text(&'a str),
    Place(&'a str, &'a str),
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let datasets = match document {
        Document::Run(run) => run.datasets.get(),
        Document::PipelineRun(run) => run.datasets.get(),
        _ => None,
    };
    let datasets = datasets.into_iter().flat_map(List::iter).map(|(_, dataset)| dataset);
    let mut first: FxHashMap<Content<'_>, (Part, NodeId)> = FxHashMap::default();
    let mut overlaps = Vec::new();
    for dataset in datasets {
        let Some(part) = dataset.role.get().and_then(|role| Part::named(role)) else { continue };
        // One finding per dataset, though digest and path can both be the same.
        let mut is_reported = false;
        for (content, node) in contents(dataset, cx) {
            match first.entry(content) {
                Entry::Vacant(entry) => drop(entry.insert((part, node))),
                Entry::Occupied(entry) => {
                    let (other, earlier) = *entry.get();
                    if other != part && !is_reported {
                        is_reported = true;
                        overlaps.push(((part, node), (other, earlier)));
                    }
                }
            }
        }
    }
    if overlaps.is_empty() || !splits(document, cx).is_empty() {
        return;
    }
    for ((part, node), (other, earlier)) in overlaps {
        let message = format!("the {} data is also the {} data", part.name(), other.name());
        let finding = cx.at_value(&SPLIT_OVERLAP, node, message);
        out.push(finding.related(cx.tree.span(cx.tree.resolve(earlier)), format!("the {} data", other.name())));
    }
}

fn contents<'a>(dataset: &'a RunDataset, cx: &Context<'_>) -> impl Iterator<Item = (Content<'a>, NodeId)> {
    let is_fine = |node: &NodeId| !cx.is_faulty(*node);
    let digest = dataset.digest.located().filter(|(_, node)| is_fine(node));
    let digest = digest.map(|(digest, node)| (Content::Digest(digest.to_ascii_lowercase()), node));
    let path = dataset.path.located().and_then(|(place, node)| match place {
        DataPlace::Text(path) if !is_given_later(path) => Some((Content::Text(path), node)),
        DataPlace::Datapath(path) => Some((place_of(path)?, node)),
        DataPlace::Text(_) => None,
    });
    digest.into_iter().chain(path)
}

fn place_of(path: &Datapath) -> Option<Content<'_>> {
    let within = [&path.relative_path, &path.table, &path.query].into_iter().find_map(Optional::get)?;
    let store: &str = path.data_store.get()?;
    (!is_given_later(store) && !is_given_later(within)).then_some(Content::Place(store, within))
}
