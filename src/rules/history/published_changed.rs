//! `history/published-changed`

use crate::documents::Document;
use crate::documents::pipeline::Stage;
use crate::rules::{ComparedDocument, Context, Findings, declare_rule};

declare_rule! {
    /// A published pipeline must never change, nor become a draft again.
    ///
    /// Runs name the published pipeline that they executed. If its graph changes afterwards, the runs seem to have done what they did not.
    /// A new pipeline, with an id of its own, keeps both true.
    ///
    /// ## Fails
    /// ```yaml before
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// id: cc473736-a57e-43db-a9fa-80721175bc97
    /// name: train-card-default
    /// stage: published
    /// steps:
    ///   train:
    ///     cmd: python src/train.py
    ///     deps: {path: data/cards.csv}
    ///     outs: {path: models/cards.keras}
    /// ```
    /// ```yaml after
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// id: cc473736-a57e-43db-a9fa-80721175bc97
    /// name: train-card-default
    /// stage: published
    /// steps:
    ///   train:
    ///     cmd: python src/fit.py
    ///     deps: {path: data/cards.csv}
    ///     outs: {path: models/cards.keras}
    /// ```
    ///
    /// ## Passes
    /// A draft may change:
    /// ```yaml before
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// id: cc473736-a57e-43db-a9fa-80721175bc97
    /// name: train-card-default
    /// stage: draft
    /// steps:
    ///   train:
    ///     cmd: python src/train.py
    ///     deps: {path: data/cards.csv}
    ///     outs: {path: models/cards.keras}
    /// ```
    /// ```yaml after
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// id: cc473736-a57e-43db-a9fa-80721175bc97
    /// name: train-card-default
    /// stage: draft
    /// steps:
    ///   train:
    ///     cmd: python src/fit.py
    ///     deps: {path: data/cards.csv}
    ///     outs: {path: models/cards.keras}
    /// ```
    pub PUBLISHED_CHANGED = {
        id: "history/published-changed",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "pipelines/pipeline.md, “Pipeline is preserved immutable blueprint”",
        kinds: [Pipeline],
        check: History(check),
    }
}

fn check(cx: &Context<'_>, compared: &ComparedDocument<'_, '_>, out: &mut Findings<'_>) {
    let is_published = |document: Option<&Document>| match document {
        Some(Document::Pipeline(pipeline)) => matches!(pipeline.stage.get(), Some(Stage::Published)),
        _ => false,
    };
    if !compared.changed().is_some_and(|old| is_published(old.typed())) {
        return;
    }
    if !is_published(cx.typed())
        && let Some(difference) = compared.difference(cx, "stage")
    {
        let message = "the pipeline was published, and is no longer";
        let help = "restore the stage; a new draft is a pipeline with an id of its own";
        out.push(compared.at(&PUBLISHED_CHANGED, cx, difference, message).help(help));
    }
    let is_of_graph = |name: &str| matches!(name, "parameters" | "data" | "steps" | "edges" | "pipeline");
    for (name, difference) in compared.differences(cx, is_of_graph) {
        let message = format!("{name} changed, but the pipeline was published before");
        let help = "restore it, and publish the new graph as a pipeline with an id of its own";
        out.push(compared.at(&PUBLISHED_CHANGED, cx, difference, message).help(help));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::history::testing::assert_changes;

    const PIPELINE: &str = "kind: pipeline\nmlSpecVersion: 0.1.0\nid: p-1\nname: train\nstage: published\nsteps: {a: {cmd: x}}\npipeline: [a]\n";

    #[test]
    fn the_graph_and_the_stage_stay() {
        let rule = super::PUBLISHED_CHANGED.id;
        for (from, to, found) in [
            ("published", "draft", &["stage"][..]),
            ("stage: published\n", "", &["kind"]),
            ("cmd: x", "cmd: y", &["cmd"]),
            ("pipeline: [a]", "pipeline: []", &["pipeline"]),
            ("name: train", "name: other", &[]),
        ] {
            let expected: Vec<_> = found.iter().map(|place| (rule, *place)).collect();
            assert_changes(PIPELINE, &PIPELINE.replace(from, to), &expected);
        }
    }
}
