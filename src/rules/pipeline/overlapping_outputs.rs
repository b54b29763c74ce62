//! `pipeline/overlapping-outputs`

use std::borrow::Cow;

use crate::documents::Document;
use crate::graph::{Graph, PathRole, PathUse, by_folder, is_within, normal};
use crate::rules::pipeline::{quoted, step_name};
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// An output must not lie in a folder that is another output.
    ///
    /// The content of the folder then depends on which of the two steps came last, and a step that rewrites its folder removes the file of
    /// the other one. A step that reads the folder cannot know whether the file is in it already. The `path` of an output port may lie in a
    /// folder that the same step lists under `outs`.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   prepare:
    ///     cmd: python src/prepare.py
    ///     outs:
    ///       - path: work/
    ///   fit:
    ///     cmd: python src/fit.py
    ///     outputs:
    ///       model: { type: lightgbm, path: work/models/model.txt }
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   prepare:
    ///     cmd: python src/prepare.py
    ///     outs:
    ///       - path: work/features/
    ///   fit:
    ///     cmd: python src/fit.py
    ///     outputs:
    ///       model: { type: lightgbm, path: work/models/model.txt }
    /// ```
    pub OVERLAPPING_OUTPUTS = {
        id: "pipeline/overlapping-outputs",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "pipelines/pipeline.yml has the form of DVC, which forbids outputs of different steps to overlap",
        kinds: [Pipeline],
        check: Typed(check),
    }
}

fn check(_: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(graph) = cx.graph().filter(|graph| graph.writes().len() > 1) else { return };
    let paths = graph.writes().iter().map(|write| (normal(write.text), write));
    let mut paths: Vec<(Cow<'_, str>, &PathUse<'_>)> = paths.collect();
    paths.sort_by(|(a, _), (b, _)| by_folder(a, b));
    let mut folders: Vec<(&str, &PathUse<'_>)> = Vec::new();
    for (path, write) in &paths {
        while folders.last().is_some_and(|(folder, _)| !is_within(path, folder)) {
            folders.pop();
        }
        match folders.last() {
            Some((folder, _)) if folder.len() == path.len() => {}
            Some((_, outer)) if is_overlap(graph, outer, write) => {
                let (shown, folder) = (quoted(write.text), quoted(outer.text));
                let (writer, other) = (step_name(graph, write.step), step_name(graph, outer.step));
                let other = if outer.step == write.step { "it".to_owned() } else { other };
                let message = format!("the step {writer} writes {shown} into {folder}, which {other} writes");
                let finding = cx.at_value(&OVERLAPPING_OUTPUTS, write.node, message);
                let finding = finding.related(cx.tree.span(cx.tree.resolve(outer.node)), "the folder");
                out.push(finding.help("give each output a folder of its own"));
            }
            _ => folders.push((path, write)),
        }
    }
}

/// Whether two outputs, one in the folder of the other, really overlap, and are not one output written in both forms.
fn is_overlap(graph: &Graph<'_>, outer: &PathUse<'_>, inner: &PathUse<'_>) -> bool {
    let is_listed_twice = outer.step == inner.step && outer.role == inner.role && inner.role == PathRole::Out;
    is_listed_twice || !graph.are_nested(outer.step, inner.step)
}
