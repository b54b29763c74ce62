//! `pipeline/module-recursion`

use rustc_hash::FxHashMap;

use crate::documents::Document;
use crate::graph::{StepId, written_steps};
use crate::rules::Linked;
use crate::rules::pipeline::{quoted, step_name};
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::NodeId;

declare_rule! {
    /// A complex module must not contain itself.
    ///
    /// A step with `steps` is an instance of a complex module, whose graph those steps are. If one of them, at any depth, is an instance of
    /// the same module, then it contains the same graph, and so on without end. A pipeline contains itself when it names its own id as the
    /// module of a step. A module that is called once by its name and once by its id is recognized if its document is in the workspace.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   cross-validate:
    ///     moduleName: cross-validate@1.0.0
    ///     steps:
    ///       split:
    ///         cmd: python src/split.py
    ///         outs: { path: work/folds }
    ///       fit:
    ///         moduleName: cross-validate@1.0.0
    ///         deps: { path: work/folds }
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   cross-validate:
    ///     moduleName: cross-validate@1.0.0
    ///     steps:
    ///       split:
    ///         cmd: python src/split.py
    ///         outs: { path: work/folds }
    ///       fit:
    ///         moduleName: fit-credit-model@2.1.0
    ///         deps: { path: work/folds }
    /// ```
    pub MODULE_RECURSION = {
        id: "pipeline/module-recursion",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "pipelines/pipeline.md, “subgraphs - DAGs themselves defined as above … a nested recursive structure”",
        kinds: [Pipeline],
        check: Workspace(check),
    }
}

/// A module: a document of the workspace, or a name.
#[derive(PartialEq, Eq, Hash)]
enum Module<'a> {
    Known(&'a str, u32),
    Named(&'a str),
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let (Some(Document::Pipeline(pipeline)), Some(graph)) = (cx.typed(), cx.graph()) else { return };
    // The complex steps around the current one, by module: the innermost of each.
    let mut around: FxHashMap<Module<'_>, (StepId, NodeId)> = FxHashMap::default();
    for ((id, own_step), step) in graph.steps().zip(written_steps(pipeline)) {
        let Some((module, node)) = step.module_name.located() else { continue };
        if module.is_empty() || cx.is_faulty(node) {
            continue;
        }
        if let Some((own, own_node)) = pipeline.id.located()
            && **own == **module
        {
            let message = format!("the step {} is this pipeline itself", step_name(graph, id));
            let finding = cx.at_value(&MODULE_RECURSION, node, message);
            out.push(finding.related(cx.tree.span(cx.tree.resolve(own_node)), "the id of the pipeline"));
        }
        // The steps of a graph that is not nested cannot contain themselves.
        if own_step.parent.is_none() && !graph.is_complex(id) {
            continue;
        }
        let key = match workspace.module_version(module) {
            Some((_, member)) => Module::Known(member.file(), member.position),
            None => Module::Named(module),
        };
        if let Some((outer, outer_node)) = around.get(&key)
            && graph.contains(*outer, id)
        {
            let message =
                format!("the module {} of the step {} contains itself", quoted(module), step_name(graph, *outer));
            let finding = cx.at_value(&MODULE_RECURSION, node, message);
            let finding = finding.related(cx.tree.span(cx.tree.resolve(*outer_node)), "the complex step");
            out.push(finding.help("use another module here, or move this step out of the complex one"));
        } else if graph.is_complex(id) {
            around.insert(key, (id, node));
        }
    }
}
