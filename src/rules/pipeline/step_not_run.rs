//! `pipeline/step-not-run`

use rustc_hash::FxHashSet;

use crate::documents::run::RunStatus;
use crate::graph::StepId;
use crate::rules::Linked;
use crate::rules::pipeline::quoted;
use crate::rules::step_runs::own_status;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A completed pipeline run should say how every step of its pipeline ended.
    ///
    /// A run that is completed has executed its pipeline. If it does not mention a step, either the step was not executed, and the results
    /// of the run were made from something older, or the record is incomplete. A run that mentions no step at all is not checked.
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
    /// status: completed
    /// steps:
    ///   fit: { status: completed }
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
    /// status: completed
    /// steps:
    ///   prepare: { status: completed }
    ///   fit: { status: completed }
    /// ```
    pub STEP_NOT_RUN = {
        id: "pipeline/step-not-run",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "pipelines/pipeline.md, “Pipeline run”: its step runs are those of the steps of the pipeline",
        kinds: [PipelineRun],
        check: Workspace(check),
    }
}

/// The maximum number of missing steps that are named.
const MOST_NAMED: usize = 5;

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some((RunStatus::Completed, status)) = own_status(workspace.own) else { return };
    let Some(runs) = workspace.step_runs().filter(|_| cx.is_complete()) else { return };
    // An unknown name may be that of a step that seems to be missing.
    if runs.entries.is_empty() || runs.entries.iter().any(|entry| entry.step.is_none()) {
        return;
    }
    let told: FxHashSet<StepId> = runs.entries.iter().filter_map(|entry| entry.step).collect();
    // An entry for a step inside a complex step counts for the complex step, too.
    let up = |step| std::iter::successors(Some(step), |step| runs.steps.graph.step(*step).parent);
    let told: FxHashSet<StepId> = told.into_iter().flat_map(up).collect();
    let missing: Vec<StepId> = runs.steps.graph.within(None).filter(|step| !told.contains(step)).collect();
    let Some(first) = missing.first() else { return };
    let names: Vec<String> =
        missing.iter().take(MOST_NAMED).map(|step| quoted(runs.steps.graph.step(*step).name)).collect();
    let more = match missing.len() - names.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let (noun, names) = (if missing.len() == 1 { "step" } else { "steps" }, names.join(", "));
    let message = format!("the run is completed, but says nothing of the {noun} {names}{more}");
    let finding = cx.at_value(&STEP_NOT_RUN, status, message).help("add what is missing to `steps`");
    out.push(workspace.relate(
        finding,
        runs.pipeline,
        Some(runs.steps.graph.step(*first).node),
        "the step of the pipeline",
    ));
}
