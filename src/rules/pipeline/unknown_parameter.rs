//! `pipeline/unknown-parameter`

use rustc_hash::FxHashSet;

use crate::documents::Document;
use crate::graph::written_steps;
use crate::rules::Linked;
use crate::rules::parameters;
use crate::rules::pipeline::{SUGGESTION_EFFORT, has_interface, nearest, quoted, step_name};
use crate::rules::step_runs::executed;
use crate::rules::{Context, Findings, declare_rule};
use crate::workspace::Member;
use crate::yaml::NodeId;

declare_rule! {
    /// A parameter that is given a value must be one that the module or the pipeline has.
    ///
    /// A value for `learning_rat` sets nothing: the module is executed with its default for `learning_rate`, and the run says otherwise.
    /// The rule checks steps whose module version is in the workspace and declares its inputs, outputs or parameters, and pipeline runs
    /// whose pipeline is in the workspace.
    ///
    /// ## Fails
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
    ///   - { name: learning_rate, type: float, default: 0.05 }
    /// ---
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   fit:
    ///     moduleName: f1eea1ca-a2af-47c0-9133-2dd89bab5a74
    ///     parameters:
    ///       learning_rat: 0.1
    /// ```
    ///
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// parameters:
    ///   - { name: seed, type: integer, default: 17 }
    /// steps:
    ///   fit:
    ///     cmd: python src/fit.py --seed {seed}
    ///     parameters: { seed: "${seed}" }
    /// ---
    /// kind: pipeline-run
    /// mlSpecVersion: 0.1.0
    /// id: 32e22e6c-45c7-4d3c-b7d4-c3ed8df00605
    /// name: train-credit-default-7
    /// pipeline: train-credit-default
    /// parameters: { seeed: 18 }
    /// ```
    ///
    /// ## Passes
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
    ///   - { name: learning_rate, type: float, default: 0.05 }
    /// ---
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   fit:
    ///     moduleName: f1eea1ca-a2af-47c0-9133-2dd89bab5a74
    ///     parameters:
    ///       learning_rate: 0.1
    /// ```
    pub UNKNOWN_PARAMETER = {
        id: "pipeline/unknown-parameter",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "pipelines/pipeline.md, “Steps have all parameters set to specific values”; modules/moduleversion.md, params",
        kinds: [Pipeline, PipelineRun],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let mut effort = SUGGESTION_EFFORT;
    match cx.typed() {
        Some(Document::Pipeline(pipeline)) => {
            let Some(graph) = cx.graph() else { return };
            for ((id, _), step) in graph.steps().zip(written_steps(pipeline)) {
                let Some(given) = step.parameters.node() else { continue };
                let module = step.module_name.get().and_then(|module| workspace.module_version(module));
                let Some((version, member)) = module.filter(|(version, _)| has_interface(version)) else { continue };
                let names = parameters::of_version(version, &member.tree).map(|parameter| parameter.name).collect();
                let owner =
                    Owner { called: || format!("the module of the step {}", step_name(graph, id)), names, member };
                owner.check(given, (cx, workspace), &mut effort, out);
            }
        }
        Some(Document::PipelineRun(run)) => {
            let (Some(given), Some((_, pipeline, member))) = (run.parameters.node(), executed(workspace)) else {
                return;
            };
            let names = parameters::of_pipeline(pipeline, &member.tree).map(|parameter| parameter.name).collect();
            let owner = Owner { called: || format!("the pipeline {}", quoted(member.label())), names, member };
            owner.check(given, (cx, workspace), &mut effort, out);
        }
        _ => {}
    }
}

/// A module or pipeline that defines parameters.
struct Owner<'a, F> {
    /// Says what it is in a message, which few of them get.
    called: F,
    names: FxHashSet<&'a str>,
    member: &'a Member,
}

impl<F: Fn() -> String> Owner<'_, F> {
    fn check(
        &self,
        given: NodeId,
        (cx, workspace): (&Context<'_>, &Linked<'_>),
        effort: &mut usize,
        out: &mut Findings<'_>,
    ) {
        for entry in cx.tree.entries(given) {
            let name = cx.tree.key_name(entry.key);
            if self.names.contains(name) || name.starts_with("x-") || cx.is_faulty(entry.value) {
                continue;
            }
            let message = format!("{} has no parameter {}", (self.called)(), quoted(name));
            let finding = cx.at_key(&UNKNOWN_PARAMETER, entry.value, message);
            let help = match nearest(name, self.names.iter().copied(), effort) {
                Some(near) => format!("did you mean {}?", quoted(near)),
                None => "remove it, or define it there".to_owned(),
            };
            out.push(workspace.relate(finding.help(help), self.member, None, "its parameters"));
        }
    }
}
