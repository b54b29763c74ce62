//! `lifecycle/measuring-run-unfinished`

use crate::documents::Document;
use crate::documents::roles::ReferenceRole;
use crate::documents::run::RunStatus;
use crate::rules::{Context, Findings, Linked, declare_rule};

declare_rule! {
    /// What a run measured counts only if the run was completed.
    ///
    /// A run that failed or was stopped has read part of the data, and so its metrics are those of that part. The gate refuses them; here it is
    /// said where they are recorded. The rule applies to evaluations and tests of version 0.2.0.
    ///
    /// ## Fails
    /// ```yaml base:credit-test,production
    /// mlSpecVersion: 0.2.0
    /// run: e6ac09bf-5225-49c0-9c6d-95f8c293ee73
    /// ---
    /// kind: run
    /// status: failed
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-test,production
    /// mlSpecVersion: 0.2.0
    /// run: e6ac09bf-5225-49c0-9c6d-95f8c293ee73
    /// ---
    /// kind: run
    /// ```
    pub MEASURING_RUN_UNFINISHED = {
        id: "lifecycle/measuring-run-unfinished",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 8, “meet the original codified objectives”; step 9, “hold back data set”",
        kinds: [Evaluation, Test],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let measuring = workspace.found().find(|(own, ..)| own.role == ReferenceRole::MeasuringRun);
    let Some((reference, run, _)) = measuring.filter(|_| cx.is_newest()) else { return };
    let status = match run.typed() {
        Some(Document::Run(own)) => own.status.located(),
        Some(Document::PipelineRun(own)) => own.status.located(),
        _ => None,
    };
    if let Some((_, node)) = status.filter(|(status, _)| **status != RunStatus::Completed) {
        let shown = run.tree.text(node).unwrap_or_default();
        let message = format!("the run {} is {shown}, not completed", cx.shown(reference.node));
        let finding = cx.at_value(&MEASURING_RUN_UNFINISHED, reference.node, message);
        out.push(workspace.relate(finding, run, Some(node), "its status"));
    }
}
