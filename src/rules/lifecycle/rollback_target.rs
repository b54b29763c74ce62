//! `lifecycle/rollback-target`

use crate::documents::roles::ReferenceRole;
use crate::documents::run::RunStatus;
use crate::documents::{Document, Kind};
use crate::rules::{Context, Findings, Linked, declare_rule};
use crate::workspace::Member;
use crate::yaml::NodeId;

declare_rule! {
    /// A rollback must name a model other than the one that is judged, from a completed run.
    ///
    /// The rollback is needed when the new model disappoints. If it leads to the new model itself, or to a run that failed and left no
    /// model, there is no way back, and that is discovered in the middle of an incident.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// model: credit-default@2.1.0
    /// rollback: {to: credit-default@2.1.0}
    /// ```
    ///
    /// ```yaml base:credit-launch
    /// rollback: {to: production-2026-05}
    /// ---
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// name: production-2026-05
    /// status: failed
    /// ```
    ///
    /// ```yaml base:credit-monitoring
    /// rollback: {to: credit-default@2.1.0, upon: [up], rehearsedOn: 2026-08-24}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// model: credit-default@2.1.0
    /// rollback: {to: credit-default@2.0.0}
    /// ```
    pub ROLLBACK_TARGET = {
        id: "lifecycle/rollback-target",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 12, “Include a rollback strategy”",
        kinds: [Monitoring, Objectives, Rollout],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some(target) = workspace.own.references.iter().find(|reference| reference.role == ReferenceRole::Rollback)
    else {
        return;
    };
    if cx.is_faulty(target.node) {
        return;
    }
    let judged = workspace.own.references.iter().find(|reference| reference.targets == [Kind::Model]);
    if let Some(judged) = judged
        && is_same_model(cx, target.node, judged.node, || lead_to_one(workspace, target.node, judged.node))
    {
        let (what, place) = match cx.kind {
            Kind::Monitoring => ("that is watched", "the model that is watched"),
            Kind::Rollout => ("that is rolled out", "the model that is rolled out"),
            _ => ("that these objectives judge", "the model that is judged"),
        };
        let message = format!("{} is the model {what}", cx.shown(target.node));
        let finding = cx.at_value(&ROLLBACK_TARGET, target.node, message);
        let finding = finding.related(cx.tree.span(cx.tree.resolve(judged.node)), place);
        out.push(finding.help("name the version, model or run that is in production now"));
        return;
    }
    let run = workspace.found().find(|(reference, ..)| reference.node == target.node).map(|(_, member, _)| member);
    if let Some((run, status, name)) = run.and_then(unfinished) {
        let message = format!("the run {} is to be rolled back to, but it is {name}", cx.shown(target.node));
        let finding = cx.at_value(&ROLLBACK_TARGET, target.node, message);
        let finding = finding.help("name a run that was completed");
        out.push(workspace.relate(finding, run, Some(status), "its status"));
    }
}

/// Whether two references of the document resolve to the same object of the workspace.
fn lead_to_one(workspace: &Linked<'_>, a: NodeId, b: NodeId) -> bool {
    let found = |node| workspace.found().find(|(reference, ..)| reference.node == node).map(|(_, _, id)| id);
    found(a).is_some_and(|id| found(b) == Some(id))
}

/// Whether two references mean the same model. Models with the same name are distinguished by the versions that are asked for.
fn is_same_model(cx: &Context<'_>, a: NodeId, b: NodeId, lead_to_one: impl Fn() -> bool) -> bool {
    let (Some(a), Some(b)) = (cx.tree.text(a).map(str::trim), cx.tree.text(b).map(str::trim)) else { return false };
    let version = |text: &str| text.split_once('@').map(|(_, version)| version.to_owned());
    a.eq_ignore_ascii_case(b) || (version(a) == version(b) && lead_to_one())
}

/// Returns a run that says it was not completed, the node of its status, and how it ended.
fn unfinished(run: &Member) -> Option<(&Member, NodeId, &'static str)> {
    let status = match run.typed()? {
        Document::Run(run) => &run.status,
        Document::PipelineRun(run) => &run.status,
        _ => return None,
    };
    let (status, node) = status.located()?;
    let name = match status {
        RunStatus::Completed => return None,
        RunStatus::Queued => "queued",
        RunStatus::Running => "running",
        RunStatus::Failed => "failed",
        RunStatus::Cancelled => "cancelled",
    };
    Some((run, node, name))
}
