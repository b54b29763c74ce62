//! `governance/no-lineage`

use super::{given, is_whole_model};
use crate::documents::Kind;
use crate::rules::document::placeholder_value::is_placeholder;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A model should name the code, the data or the pipeline that it came from.
    ///
    /// When a model is wrong, the first question is what it was made from: was the data bad, was it Tuesday's commit, which other models
    /// have the same fault? A model that names none of them can only be thrown away, and an auditor cannot be answered at all. This is
    /// advice, since a model from elsewhere may come without. It is given for models that are put to use: for packages with `serve` or
    /// `score`, and for model cards.
    ///
    /// A model package names its origin in `train.model_source`, `train.data_source`, `data` or `labels.pipeline_uuids`, a
    /// model card in `custom.origin`.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// name: credit-default
    /// framework: {name: lightgbm, version: 4.5.0}
    /// license: Apache-2.0
    /// serve:
    ///   servable: true
    ///   model_source:
    ///     servable_model: {url: "https://models.example.com/credit-default/2.1.0/model.txt"}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// name: credit-default
    /// framework: {name: lightgbm, version: 4.5.0}
    /// license: Apache-2.0
    /// labels: {pipeline_uuids: [58d8a7cb-5b08-493d-b5f1-595c5bf4d265]}
    /// serve:
    ///   servable: true
    ///   model_source:
    ///     servable_model: {url: "https://models.example.com/credit-default/2.1.0/model.txt"}
    /// ```
    pub NO_LINEAGE = {
        id: "governance/no-lineage",
        severity: Info,
        since: "0.1.0",
        fix: None,
        source: "model_packaging/README.md, “Which code / data / experiment produced a model”",
        kinds: [Model, ModelCard],
        check: Any(check),
    }
}

const OF_A_MODEL: &[&[&str]] = &[
    &["train", "model_source"],
    &["train", "data_source"],
    &["train", "execution"],
    &["data"],
    &["run"],
    &["labels", "pipeline_uuids"],
    &["labels", "pipeline"],
];

const OF_A_CARD: &[&[&str]] = &[
    &["custom", "origin", "codeAssets"],
    &["custom", "origin", "dataAssets"],
    &["custom", "origin", "pipeline"],
    &["custom", "metadata", "schema", "link_to_dataset"],
];

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let (places, help) = match cx.kind {
        Kind::ModelCard if cx.is_complete() => {
            (OF_A_CARD, "name them in custom.origin: codeAssets, dataAssets, pipeline")
        }
        _ if is_whole_model(cx) && is_used(cx) => {
            (OF_A_MODEL, "name its data in `data`, or the pipeline in labels.pipeline_uuids")
        }
        _ => return,
    };
    // A placeholder counts here, since another rule reports it.
    let is_named = places.iter().any(|keys| given(cx, cx.root, keys).is_some()) || has_listed_pipeline(cx);
    if !is_named {
        let message = "this model names no code, data or pipeline that produced it";
        out.push(cx.at_key(&NO_LINEAGE, cx.root, message).help(help));
    }
}

fn is_used(cx: &Context<'_>) -> bool {
    given(cx, cx.root, &["serve"]).is_some() || given(cx, cx.root, &["score"]).is_some()
}

/// Whether a list of labels names a pipeline. Labels may be a list of single-key maps, too.
fn has_listed_pipeline(cx: &Context<'_>) -> bool {
    let labels = cx.find(cx.root, &["labels"]);
    let items = labels.map_or(&[][..], |labels| cx.tree.items(labels));
    items.iter().any(|item| {
        given(cx, *item, &["pipeline_uuids"])
            .is_some_and(|node| cx.tree.text(node).is_none_or(|text| !is_placeholder(text)))
    })
}
