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
        && is_same_model(cx, workspace, target.node, judged.node)
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

/// Whether two references mean the same model. Of a model whose documents are about all versions, the versions that are asked for tell them
/// apart; a document of one version is that version, however it is referred to.
fn is_same_model(cx: &Context<'_>, workspace: &Linked<'_>, a: NodeId, b: NodeId) -> bool {
    let (Some(first), Some(second)) = (cx.tree.text(a).map(str::trim), cx.tree.text(b).map(str::trim)) else {
        return false;
    };
    let found = |node| workspace.found().find(|(reference, ..)| reference.node == node);
    let version = |text: &str| text.split_once('@').map(|(_, version)| version.to_owned());
    let is_one = || {
        let ((_, model, own), (.., other)) = found(a).zip(found(b))?;
        Some(own == other && (model.is_model_version() || version(first) == version(second)))
    };
    first.eq_ignore_ascii_case(second) || is_one().unwrap_or(false)
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

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    /// A name without a version means the newest one, which may be the one that is watched.
    #[test]
    fn no_spelling_makes_a_model_another_one() {
        let model = |version: &str| {
            include_str!("../bases/credit-model.yml").replace("version: 2.1.0", &format!("version: {version}"))
        };
        let monitoring = |model: &str, to: &str| {
            let base = include_str!("../bases/credit-monitoring.yml");
            let lines = base.lines().filter(|line| !line.starts_with("model:") && !line.starts_with("rollback:"));
            let kept: Vec<&str> = lines.collect();
            format!("{}\nmodel: {model}\nrollback: {{to: {to}, upon: []}}\n", kept.join("\n"))
        };
        for (watched, to, expected) in [
            ("credit-default@2.1.0", "credit-default", 1),
            ("credit-default", "credit-default@2.1.0", 1),
            ("credit-default@2.1.0", "credit-default@2.1.0", 1),
            ("credit-default@2.1.0", "credit-default@2.0.0", 0),
            ("credit-default", "credit-default@2.0.0", 0),
        ] {
            let text = format!("{}---\n{}---\n{}", model("2.1.0"), model("2.0.0"), monitoring(watched, to));
            let found = found(&text);
            let own = found.iter().filter(|(rule, ..)| *rule == "lifecycle/rollback-target");
            assert_eq!(own.count(), expected, "{watched} to {to}: {found:?}");
        }
    }
}
