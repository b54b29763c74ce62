//! `pipeline/run-order`

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diagnostics::{Finding, Severity};
use crate::documents::run::RunStatus;
use crate::graph::StepId;
use crate::rules::Linked;
use crate::rules::pipeline::quoted;
use crate::rules::step_runs::{StepEntry, status_name, submitted};
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// The steps of a pipeline run must have been executed in the order of the pipeline.
    ///
    /// A step that ran although a step that it waits for had failed, or before that step was submitted, read what an earlier run had left.
    /// The same is true of a step whose run is older than the pipeline run: it was not started by it.
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
    /// status: failed
    /// steps:
    ///   prepare: { status: failed }
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
    /// status: failed
    /// steps:
    ///   prepare: { status: completed }
    ///   fit: { status: failed }
    /// ```
    pub RUN_ORDER = {
        id: "pipeline/run-order",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "pipelines/pipeline.md: edges of the graph are the order of execution",
        kinds: [PipelineRun],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some(runs) = workspace.step_runs() else { return };
    let whole = submitted(workspace.own);
    let mut older = FxHashSet::default();
    for entry in &runs.entries {
        if let (Some((started, whole_node)), Some((node, run))) = (whole, entry.run)
            && let Some((own, own_node)) = submitted(run)
            && own < started
        {
            let message = format!("the run of the step {} was submitted before this run", quoted(entry.name));
            let finding = cx.at_value(&RUN_ORDER, node, message);
            let finding = finding.related(cx.tree.span(cx.tree.resolve(whole_node)), "this run was submitted then");
            out.push(workspace.relate(finding, run, Some(own_node), "when the run of the step was submitted"));
            older.insert(node);
        }
    }
    let entries: FxHashMap<StepId, &StepEntry<'_>> =
        runs.entries.iter().filter_map(|entry| Some((entry.step?, entry))).collect();
    let mut seen = FxHashSet::default();
    for edge in runs.steps.graph.lifted().iter().filter(|edge| edge.from != edge.to) {
        if let (Some(before), Some(after)) = (entries.get(&edge.from), entries.get(&edge.to))
            && seen.insert((edge.from, edge.to))
        {
            let is_reported = after.run.is_some_and(|(node, _)| older.contains(&node));
            out.extend(out_of_order(cx, workspace, before, after).filter(|_| !is_reported));
        }
    }
}

/// Reports a step that contradicts the status or the time of a step that it waits for.
fn out_of_order(
    cx: &Context<'_>,
    workspace: &Linked<'_>,
    before: &StepEntry<'_>,
    after: &StepEntry<'_>,
) -> Option<Finding> {
    let (first, second) = (quoted(before.name), quoted(after.name));
    if let (Some((earlier, earlier_node)), Some((later, later_node))) = (before.status, after.status)
        && has_started(later)
        && matches!(earlier, RunStatus::Queued | RunStatus::Failed | RunStatus::Cancelled)
    {
        let (earlier, later) = (status_name(earlier), status_name(later));
        let message = format!("the step {second} is {later}, but {first}, which it waits for, is {earlier}");
        let finding = cx.at_value(&RUN_ORDER, later_node, message);
        return Some(finding.related(cx.tree.span(cx.tree.resolve(earlier_node)), format!("the status of {first}")));
    }
    let ((_, earlier_run), (node, later_run)) = (before.run?, after.run?);
    let ((earlier, earlier_node), (later, _)) = (submitted(earlier_run)?, submitted(later_run)?);
    // This is a warning, since a scheduler may submit steps ahead of time.
    let message = format!("the run of the step {second} was submitted before that of {first}, which it waits for");
    let finding = cx.at_value(&RUN_ORDER, node, message).severity(Severity::Warning);
    (later < earlier)
        .then(|| workspace.relate(finding, earlier_run, Some(earlier_node), format!("when {first} was submitted")))
}

fn has_started(status: RunStatus) -> bool {
    matches!(status, RunStatus::Running | RunStatus::Completed)
}
