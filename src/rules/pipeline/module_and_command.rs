//! `pipeline/module-and-command`

use crate::documents::Document;
use crate::graph::written_steps;
use crate::rules::Linked;
use crate::rules::pipeline::step_name;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A step must be one thing: a module, a command, or a graph of steps of its own.
    ///
    /// The version of the module is a snapshot of what is executed. A command on the same step is either not executed, or different from
    /// the reviewed module. A name that no module of the workspace has, such as the `PythonScriptStep` of older pipelines, says how a
    /// command is executed, and may be used together with it. A step with `steps` of its own executes these: it has no command and no such
    /// module, but may name the complex module that it is an instance of.
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
    /// ---
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   fit:
    ///     moduleName: f1eea1ca-a2af-47c0-9133-2dd89bab5a74
    ///     cmd: python src/fit.py
    /// ```
    ///
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   report:
    ///     cmd: python src/report.py # what of this is executed?
    ///     steps:
    ///       measure: { cmd: python src/measure.py }
    ///       render: { cmd: python src/render.py, after: [measure] }
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
    /// ---
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   fit:
    ///     moduleName: f1eea1ca-a2af-47c0-9133-2dd89bab5a74
    /// ```
    pub MODULE_AND_COMMAND = {
        id: "pipeline/module-and-command",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "modules/moduleversion.md: a version of a module is an immutable snapshot of what is executed",
        kinds: [Pipeline],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let (Some(Document::Pipeline(pipeline)), Some(graph)) = (cx.typed(), cx.graph()) else { return };
    for ((id, _), step) in graph.steps().zip(written_steps(pipeline)) {
        let command = step.cmd.located().map(|(_, command)| command).filter(|command| !cx.is_faulty(*command));
        let nested = step.steps.located().filter(|(steps, _)| steps.iter().next().is_some()).map(|(_, steps)| steps);
        if let (Some(command), Some(_)) = (command, nested) {
            let message = format!("the step {} has a command beside steps of its own", step_name(graph, id));
            let finding = cx.at_key(&MODULE_AND_COMMAND, command, message);
            out.push(finding.help("remove one of them, or make the command one of the steps"));
            continue;
        }
        let Some((other, what)) =
            command.map(|node| (node, "a command")).or(nested.map(|node| (node, "steps of its own")))
        else {
            continue;
        };
        let module = step.module_name.located();
        let Some((module, (_, version))) =
            module.and_then(|(module, node)| Some((node, workspace.module_version(module)?)))
        else {
            continue;
        };
        let message = format!("the step {} has {what} beside the module {}", step_name(graph, id), cx.shown(module));
        let finding = cx.at_key(&MODULE_AND_COMMAND, other, message);
        let key = cx.key_name(other);
        let finding = finding.help(format!("remove `{key}`: what is executed is the snapshot of the module"));
        out.push(workspace.relate(finding, version, None, "the version of the module"));
    }
}
