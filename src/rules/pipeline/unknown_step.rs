//! `pipeline/unknown-step`

use crate::rules::Linked;
use crate::rules::pipeline::{SUGGESTION_EFFORT, nearest, quoted};
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// The steps of a pipeline run must be steps of its pipeline.
    ///
    /// The runs of the steps are found by the names that the pipeline gives to its steps. Under another name nothing is found: the lineage
    /// of the step's results ends there. A step inside a complex one may be called by its own name or with the names of the steps around
    /// it, `report/measure`.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   prepare: { cmd: python src/prepare.py }
    ///   fit: { cmd: python src/fit.py, after: [prepare] }
    /// ---
    /// kind: pipeline-run
    /// mlSpecVersion: 0.1.0
    /// id: 32e22e6c-45c7-4d3c-b7d4-c3ed8df00605
    /// name: train-credit-default-7
    /// pipeline: train-credit-default
    /// steps:
    ///   prepare: { status: completed }
    ///   fitt: { status: completed }
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   prepare: { cmd: python src/prepare.py }
    ///   fit: { cmd: python src/fit.py, after: [prepare] }
    /// ---
    /// kind: pipeline-run
    /// mlSpecVersion: 0.1.0
    /// id: 32e22e6c-45c7-4d3c-b7d4-c3ed8df00605
    /// name: train-credit-default-7
    /// pipeline: train-credit-default
    /// steps:
    ///   prepare: { status: completed }
    ///   fit: { status: completed }
    /// ```
    pub UNKNOWN_STEP = {
        id: "pipeline/unknown-step",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "pipelines/pipeline.md, “Pipeline run”: its step runs are those of the steps of the pipeline",
        kinds: [PipelineRun],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some(runs) = workspace.step_runs() else { return };
    let mut effort = SUGGESTION_EFFORT;
    for entry in runs.entries.iter().filter(|entry| entry.step.is_none() && !cx.is_faulty(entry.node)) {
        let pipeline = quoted(runs.pipeline.label());
        let message = format!("the pipeline {pipeline} has no step {}", quoted(entry.name));
        let finding = cx.at_key(&UNKNOWN_STEP, entry.node, message);
        let names = runs.steps.graph.steps().map(|(_, step)| step.name);
        let help = match nearest(entry.name, names, &mut effort) {
            Some(near) => format!("did you mean {}?", quoted(near)),
            None => "use the names of the steps as the pipeline has them".to_owned(),
        };
        let steps = runs.pipeline.tree.find(runs.pipeline.root, &["steps"]);
        out.push(workspace.relate(finding.help(help), runs.pipeline, steps, "the steps of the pipeline"));
    }
}
