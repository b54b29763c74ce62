//! `run/duplicate-key-entry`

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::documents::Document;
use crate::documents::common::Tags;
use crate::documents::field::{List, Optional};
use crate::documents::run::Hyperparameter;
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::NodeId;

declare_rule! {
    /// A tag, property or hyperparameter must not be given twice.
    ///
    /// Trackers store the entries of these lists by their key. If two entries have the same key, one is lost, or the whole run is refused,
    /// and nobody knows which learning rate the model was trained with. Metrics may repeat: they have a dataset, a slice and a step (see
    /// `run/duplicate-metric-record`).
    ///
    /// ## Fails
    /// ```yaml
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// name: credit-default-baseline
    /// hyperparameters:
    ///   - key: learning_rate
    ///     value: 0.04
    ///   - {key: num_leaves, value: 63}
    ///   - {key: learning_rate, value: 0.05}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// name: credit-default-baseline
    /// hyperparameters:
    ///   - key: learning_rate
    ///     value: 0.04
    ///   - {key: num_leaves, value: 63}
    /// ```
    pub DUPLICATE_KEY_ENTRY = {
        id: "run/duplicate-key-entry",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "experiment_tracking/run.md: tags, properties and hyperparameters are keys with a value; MLflow refuses parameters that are submitted twice",
        kinds: [Dataset, PipelineRun, Run],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let (tags, properties, hyperparameters) = match document {
        Document::Dataset(dataset) => (&dataset.tags, None, None),
        Document::Run(run) => (&run.tags, Some(&run.properties), Some(&run.hyperparameters)),
        Document::PipelineRun(run) => (&run.tags, Some(&run.properties), Some(&run.hyperparameters)),
        _ => return,
    };
    check_keys("tag", tag_keys(tags), cx, out);
    check_keys("property", properties.into_iter().flat_map(tag_keys), cx, out);
    check_keys("hyperparameter", hyperparameters.into_iter().flat_map(hyperparameter_keys), cx, out);
}

fn tag_keys(tags: &Optional<Tags>) -> impl Iterator<Item = (&str, NodeId)> {
    tags.get()
        .into_iter()
        .flat_map(List::iter)
        .filter_map(|(_, tag)| tag.key.located())
        .map(|(key, node)| (&**key, node))
}

fn hyperparameter_keys(settings: &Optional<List<Hyperparameter>>) -> impl Iterator<Item = (&str, NodeId)> {
    let keys = settings.get().into_iter().flat_map(List::iter).filter_map(|(_, setting)| setting.key.located());
    keys.map(|(key, node)| (&**key, node))
}

fn check_keys<'k>(what: &str, keys: impl Iterator<Item = (&'k str, NodeId)>, cx: &Context<'_>, out: &mut Findings<'_>) {
    let mut first: FxHashMap<&str, NodeId> =
        FxHashMap::with_capacity_and_hasher(keys.size_hint().1.unwrap_or(0), FxBuildHasher);
    for (key, node) in keys {
        let earlier = *first.entry(key).or_insert(node);
        // The items of a list that is used twice through an alias are the same nodes.
        if earlier != node {
            let message = format!("the {what} {} is given twice", cx.shown(node));
            let span = cx.tree.span(cx.tree.resolve(earlier));
            out.push(cx.at_value(&DUPLICATE_KEY_ENTRY, node, message).related(span, "the first one"));
        }
    }
}
