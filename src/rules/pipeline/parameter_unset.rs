//! `pipeline/parameter-unset`

use rustc_hash::FxHashSet;

use crate::documents::Document;
use crate::documents::field::{List, Map};
use crate::documents::pipeline::{Pipeline, Step};
use crate::documents::pipeline_run::PipelineRun;
use crate::graph::{Graph, written_steps};
use crate::rules::Linked;
use crate::rules::parameters;
use crate::rules::pipeline::{SUGGESTION_EFFORT, nearest, quoted, step_name};
use crate::rules::step_runs::executed;
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::NodeId;

declare_rule! {
    /// Every parameter of a step must end with a value.
    ///
    /// A step gets a parameter from its own `parameters`, or from the default of its module. A parameter set to `${name}` has the value of
    /// the graph parameter of that name; if there is none, the step is executed with the text `${name}`, or not at all. That is checked if
    /// the pipeline has parameters; names in capitals (`${REGION}`) count as environment variables. A run of the pipeline sets the
    /// parameters of the graph that have no default.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// parameters:
    ///   - { name: seed, type: integer, default: 17 }
    /// steps:
    ///   prepare:
    ///     cmd: python src/prepare.py --seed {seed}
    ///     parameters:
    ///       seed: ${seed}
    ///   fit:
    ///     cmd: python src/fit.py --learning-rate {learning_rate}
    ///     after: [prepare]
    ///     parameters:
    ///       learning_rate: ${learning_rate}
    /// ```
    ///
    /// ```yaml
    /// kind: module-version
    /// mlSpecVersion: 0.1.0
    /// id: f1eea1ca-a2af-47c0-9133-2dd89bab5a74
    /// module: e9ed696e-33d1-44e9-aae2-e905bdbe2d5e
    /// version: 2.1.0
    /// status: Active
    /// snapshot_id: 125c2f223594251c0be1ef0c65cf78400c38ee5c
    /// createdUtc: 2026-08-12T15:47:00Z
    /// params:
    ///   - { name: learning_rate, type: float } # no default
    ///   - { name: num_leaves, type: integer, default: 31 }
    /// ---
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   fit:
    ///     moduleName: f1eea1ca-a2af-47c0-9133-2dd89bab5a74
    ///     parameters:
    ///       num_leaves: 63
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// parameters:
    ///   - { name: seed, type: integer, default: 17 }
    ///   - { name: learning_rate, type: float } # every run gives it
    /// steps:
    ///   prepare:
    ///     cmd: python src/prepare.py --seed {seed}
    ///     parameters:
    ///       seed: ${seed}
    ///   fit:
    ///     cmd: python src/fit.py --learning-rate {learning_rate}
    ///     after: [prepare]
    ///     parameters:
    ///       learning_rate: ${learning_rate}
    /// ```
    pub PARAMETER_UNSET = {
        id: "pipeline/parameter-unset",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "pipelines/pipeline.md, “Steps have all parameters set to specific values, either explicitly or implicitly”",
        kinds: [Pipeline, PipelineRun],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    match (cx.typed(), cx.graph()) {
        (Some(Document::Pipeline(pipeline)), Some(graph)) => of_steps(cx, workspace, (pipeline, graph), out),
        (Some(Document::PipelineRun(run)), _) => of_run(cx, workspace, run, out),
        _ => {}
    }
}

/// Reports the parameters of the graph that have no default and that the run does not set.
fn of_run(cx: &Context<'_>, workspace: &Linked<'_>, run: &PipelineRun, out: &mut Findings<'_>) {
    let Some((_, pipeline, member)) = executed(workspace) else { return };
    if !cx.is_complete() || run.parameters.node().is_some_and(|node| cx.is_faulty(node)) {
        return;
    }
    let entries = run.parameters.node().into_iter().flat_map(|node| cx.tree.entries(node));
    let given: FxHashSet<&str> =
        entries.filter(|entry| !cx.tree.is_null(entry.value)).map(|entry| cx.tree.key_name(entry.key)).collect();
    for parameter in parameters::of_pipeline(pipeline, &member.tree) {
        if parameter.default.is_some() || parameter.name.is_empty() || given.contains(parameter.name) {
            continue;
        }
        let message = format!("the run gives no value for the parameter {}", quoted(parameter.name));
        let finding = cx.at_key(&PARAMETER_UNSET, run.parameters.node().unwrap_or(cx.root), message);
        let finding = finding.help("the pipeline has no default for it: add it to the `parameters` of the run");
        out.push(workspace.relate(finding, member, parameter.node, "the parameter of the pipeline"));
    }
}

fn of_steps(
    cx: &Context<'_>,
    workspace: &Linked<'_>,
    (pipeline, graph): (&Pipeline, &Graph<'_>),
    out: &mut Findings<'_>,
) {
    for ((id, own), step) in graph.steps().zip(written_steps(pipeline)) {
        without_default(cx, workspace, (step, own.node), || step_name(graph, id), out);
    }
    undefined(pipeline, graph, cx, out);
}

/// Reports the parameters of a step's module that have no default and that the step does not set.
fn without_default(
    cx: &Context<'_>,
    workspace: &Linked<'_>,
    (step, node): (&Step, NodeId),
    name: impl Fn() -> String,
    out: &mut Findings<'_>,
) {
    let Some((module, member)) = step.module_name.get().and_then(|module| workspace.module_version(module)) else {
        return;
    };
    if step.parameters.node().is_some_and(|node| cx.is_faulty(node)) {
        return;
    }
    let mut given: Option<FxHashSet<&str>> = None;
    for (_, parameter) in module.params.get().into_iter().flat_map(List::iter) {
        let Some((parameter_name, defined)) = parameter.name.located() else { continue };
        if parameter.default.node().is_some_and(|default| !member.tree.is_null(default)) {
            continue;
        }
        let given = given.get_or_insert_with(|| {
            let entries = step.parameters.node().into_iter().flat_map(|node| cx.tree.entries(node));
            entries.filter(|entry| !cx.tree.is_null(entry.value)).map(|entry| cx.tree.key_name(entry.key)).collect()
        });
        if !given.contains(&**parameter_name) {
            let message =
                format!("the step {} leaves the parameter {} without a value", name(), quoted(parameter_name));
            let place = step.parameters.node().unwrap_or(node);
            let finding = cx.at_key(&PARAMETER_UNSET, place, message);
            let finding = finding.help("its module has no default for it: add it to the `parameters` of the step");
            out.push(workspace.relate(finding, member, Some(defined), "the parameter of the module"));
        }
    }
}

/// Reports the parameters that refer to a graph parameter that does not exist.
fn undefined(pipeline: &Pipeline, graph: &Graph<'_>, cx: &Context<'_>, out: &mut Findings<'_>) {
    let parameters = pipeline.parameters.get().into_iter().flat_map(List::iter);
    let defined: FxHashSet<&str> =
        parameters.filter_map(|(_, parameter)| parameter.name.get()).map(|name| &**name).collect();
    if defined.is_empty() {
        return;
    }
    let mut effort = SUGGESTION_EFFORT;
    for ((id, _), step) in graph.steps().zip(written_steps(pipeline)) {
        for (parameter, node, _) in step.parameters.get().into_iter().flat_map(Map::iter) {
            let Some(name) = cx.tree.string(node).and_then(graph_parameter) else { continue };
            if defined.contains(name) || cx.is_faulty(node) {
                continue;
            }
            let message = format!(
                "the parameter {} of the step {} takes {}, which the pipeline does not define",
                quoted(parameter),
                step_name(graph, id),
                quoted(name)
            );
            let help = match nearest(name, defined.iter().copied(), &mut effort) {
                Some(near) => format!("did you mean {}?", quoted(near)),
                None => "define it under `parameters` of the pipeline".to_owned(),
            };
            out.push(cx.at_value(&PARAMETER_UNSET, node, message).help(help));
        }
    }
}

/// Returns the graph parameter that a value refers to, if the value is just `${name}`.
pub(crate) fn graph_parameter(value: &str) -> Option<&str> {
    let name = value.trim().strip_prefix("${")?.strip_suffix('}')?.trim();
    let is_name = name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    let is_environment = !name.contains(char::is_lowercase);
    (is_name && !is_environment).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::graph_parameter;

    #[test]
    fn a_value_that_is_a_placeholder_and_nothing_else_takes_a_graph_parameter() {
        assert_eq!(graph_parameter("${learning_rate}"), Some("learning_rate"));
        assert_eq!(graph_parameter("${ seed }"), Some("seed"));
        for value in
            ["${REGION}", "s3://${bucket}/x", "${seed:-17}", "${{ seed }}", "${env.seed}", "{seed}", "${}", "${"]
        {
            assert_eq!(graph_parameter(value), None, "{value}");
        }
    }
}
