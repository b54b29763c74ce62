//! `pipeline/overlapping-outputs`

use std::borrow::Cow;

use crate::documents::Document;
use crate::graph::{PathUse, normal};
use crate::rules::pipeline::{quoted, step_name};
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A step must not write into a folder that is the output of another step.
    ///
    /// What is in the folder then depends on which of the two steps came last, and a step that writes its folder anew
    /// removes the file of the other one. Whoever reads the folder cannot say whether the file is in it already.
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
    let mut paths: Vec<(Cow<'_, str>, &PathUse<'_>)> =
        paths.filter(|(path, _)| !path.trim_matches('/').is_empty()).collect();
    // In the order of their parts, a folder is followed by all that lies in it.
    paths.sort_by(|(a, _), (b, _)| a.split('/').cmp(b.split('/')));
    let mut folders: Vec<(&str, &PathUse<'_>)> = Vec::new();
    for (path, write) in &paths {
        while folders.last().is_some_and(|(folder, _)| !is_within(path, folder)) {
            folders.pop();
        }
        match folders.last() {
            Some((folder, _)) if folder.len() == path.len() => {}
            Some((_, outer)) if !graph.are_nested(outer.step, write.step) => {
                let (shown, folder) = (quoted(write.text), quoted(outer.text));
                let (writer, other) = (step_name(graph, write.step), step_name(graph, outer.step));
                let message = format!("the step {writer} writes {shown} into {folder}, which {other} writes");
                let finding = cx.at_value(&OVERLAPPING_OUTPUTS, write.node, message);
                let finding = finding.related(cx.tree.span(cx.tree.resolve(outer.node)), "the folder");
                out.push(finding.help("give each step a folder of its own"));
            }
            _ => folders.push((path, write)),
        }
    }
}

/// Whether a path is a folder, or lies in it.
fn is_within(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::is_within;

    #[test]
    fn only_whole_names_make_a_folder() {
        assert!(is_within("work/models/model.txt", "work"));
        assert!(is_within("work", "work"));
        assert!(!is_within("workshop/model.txt", "work"));
        assert!(!is_within("/work/model.txt", "work"));
    }
}
