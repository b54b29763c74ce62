//! `run/duplicate-key-entry`

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::documents::Document;
use crate::documents::common::Tags;
use crate::documents::field::{KeyValues, List, Optional};
use crate::documents::pipeline::{DataVertices, Pipeline};
use crate::documents::run::{Hyperparameter, RunDataset};
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::NodeId;

declare_rule! {
    /// A tag, property, hyperparameter, label, dataset or view must not be given twice.
    ///
    /// Trackers store the entries of these lists by their key. If two entries have the same key, one is lost, or the whole run is refused,
    /// and nobody knows which learning rate the model was trained with. Metrics may repeat: they have a dataset, a slice and a step (see
    /// `run/duplicate-metric-record`). Data in the list of a pipeline has the name of its dataset: if two have the same name, even in
    /// different versions, only one of them can be used. Views are found by their
    /// names.
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
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// data: [loans@1.0.0, loans@1.1.0] # as a map, each has a name of its own
    /// steps:
    ///   compare: { cmd: python src/compare.py, inputs: { loans: { from: data.loans } } }
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
        kinds: [Dataset, Metadata, Model, Pipeline, PipelineRun, Run],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let (tags, properties, hyperparameters, datasets) = match document {
        Document::Dataset(dataset) => {
            let views = dataset.views.get().into_iter().flat_map(List::iter);
            let names = views.filter_map(|(_, view)| view.name.located()).map(|(name, node)| (&**name, node));
            check_keys("view", names, cx, out);
            (&dataset.tags, None, None, None)
        }
        Document::Model(model) => {
            check_pairs("label", &model.labels, cx, out);
            if let Some(train) = model.train.get() {
                check_pairs("parameter", &train.training_params, cx, out);
            }
            return;
        }
        Document::Metadata(metadata) => {
            return check_pairs("parameter", &metadata.training_params, cx, out);
        }
        Document::Run(run) => (&run.tags, Some(&run.properties), Some(&run.hyperparameters), Some(&run.datasets)),
        Document::PipelineRun(run) => {
            (&run.tags, Some(&run.properties), Some(&run.hyperparameters), Some(&run.datasets))
        }
        Document::Pipeline(pipeline) => return check_keys("data", vertex_names(pipeline, cx), cx, out),
        _ => return,
    };
    check_keys("tag", tag_keys(tags), cx, out);
    check_keys("property", properties.into_iter().flat_map(tag_keys), cx, out);
    check_keys("hyperparameter", hyperparameters.into_iter().flat_map(hyperparameter_keys), cx, out);
    check_keys("dataset", datasets.into_iter().flat_map(dataset_keys), cx, out);
}

/// The names of the data in the list of a pipeline; in a map, the keys are the names.
fn vertex_names<'d>(pipeline: &'d Pipeline, cx: &Context<'_>) -> impl Iterator<Item = (&'d str, NodeId)> {
    let is_list = pipeline.data.node().is_some_and(|data| cx.tree.is_sequence(data));
    let vertices = pipeline.data.get().filter(|_| is_list).into_iter().flat_map(DataVertices::iter);
    vertices.filter_map(|vertex| Some((vertex.name.as_deref()?, vertex.node)))
}

fn dataset_keys(datasets: &Optional<List<RunDataset>>) -> impl Iterator<Item = (&str, NodeId)> {
    let keys = datasets.get().into_iter().flat_map(List::iter).filter_map(|(_, dataset)| dataset.key.located());
    keys.map(|(key, node)| (&**key, node))
}

/// Checks a list of single-key maps; the keys of a map cannot repeat.
fn check_pairs(what: &str, pairs: &Optional<KeyValues>, cx: &Context<'_>, out: &mut Findings<'_>) {
    let mut first: FxHashMap<&str, NodeId> = FxHashMap::default();
    let items = pairs.node().map(|pairs| cx.tree.items(pairs)).unwrap_or_default();
    for entry in items.iter().flat_map(|item| cx.tree.entries(*item)) {
        let earlier = *first.entry(cx.tree.key_name(entry.key)).or_insert(entry.key);
        if earlier != entry.key {
            let message = format!("the {what} {} is given twice", cx.shown(entry.key));
            let finding = cx.at_key(&DUPLICATE_KEY_ENTRY, entry.value, message);
            out.push(finding.related(cx.tree.span(earlier), "the first one"));
        }
    }
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

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    fn about(text: &str) -> Vec<String> {
        let own = found(text).into_iter().filter(|(rule, ..)| *rule == super::DUPLICATE_KEY_ENTRY.id);
        own.map(|(.., message)| message).collect()
    }

    #[test]
    fn views_labels_and_parameters_have_names_of_their_own() {
        let dataset = |views: &str| {
            about(&format!(
                "kind: dataset\nmlSpecVersion: 0.1.0\nid: 592f0c1c-72ae-4236-9202-7e6aff1954f4\nname: loans\nversion: 1.0.0\n\
                 location: s3://a/b.csv\nviews: {views}\n"
            ))
        };
        let both = "[{name: old, filter: age > 60}, {name: young, filter: age < 30}, {name: old, filter: age > 70}]";
        assert_eq!(dataset(both), ["the view 'old' is given twice"]);
        assert_eq!(dataset("[{name: old, filter: age > 60}, {name: young, filter: age > 60}]"), [""; 0]);
        let metadata = |params: &str| {
            about(&format!("kind: metadata\nmlSpecVersion: 0.1.0\nmodel: {{name: m}}\ntraining_params: {params}\n"))
        };
        assert_eq!(metadata("[{a: 1}, {b: 1}, {a: 2}]"), ["the parameter 'a' is given twice"]);
        assert_eq!(metadata("[{a: 1}, {b: 1}]"), [""; 0]);
        assert_eq!(metadata("{a: 1, b: 1}"), [""; 0]);
        let model = |own: &str| about(&format!("kind: model\nmlSpecVersion: 0.1.0\nname: m\n{own}\n"));
        assert_eq!(model("labels: [{url: a}, {url: b}]"), ["the label 'url' is given twice"]);
        assert_eq!(model("train: {training_params: [{a: ~}, {a: 1}]}"), ["the parameter 'a' is given twice"]);
    }

    #[test]
    fn data_is_called_by_a_name_of_its_own() {
        let pipeline = |data: &str| {
            about(&format!(
                "kind: pipeline\nmlSpecVersion: 0.1.0\nname: train\ndata: {data}\nsteps: {{fit: {{cmd: fit}}}}\n"
            ))
        };
        assert_eq!(pipeline("[loans@1.0.0, cards, loans@1.1.0]"), ["the data 'loans@1.1.0' is given twice"]);
        assert_eq!(pipeline("[cards, cards]"), ["the data 'cards' is given twice"]);
        let places = "[{DataStore: a, RelativePath: b}, {DataStore: a, RelativePath: c}]";
        for fine in ["[loans, cards]", "{old: loans@1.0.0, new: loans@1.1.0}", places] {
            assert_eq!(pipeline(fine), [""; 0], "{fine}");
        }
        let run = |datasets: &str| {
            about(&format!(
                "kind: run\nmlSpecVersion: 0.1.0\nid: 592f0c1c-72ae-4236-9202-7e6aff1954f4\nname: fit\ndatasets: {datasets}\n"
            ))
        };
        let both = "[{key: train, dataset: loans@1.0.0}, {key: train, dataset: loans@1.1.0}]";
        assert_eq!(run(both), ["the dataset 'train' is given twice"]);
        assert_eq!(run("[{key: train, dataset: loans@1.0.0}, {key: valid, dataset: loans@1.1.0}]"), [""; 0]);
    }
}
