//! `lifecycle/rollback-target`

use crate::documents::roles::ReferenceRole;
use crate::documents::run::RunStatus;
use crate::documents::{Document, Kind};
use crate::rules::{Context, Findings, Linked, declare_rule};
use crate::workspace::{DocId, Member};
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
    /// ```yaml base:credit-launch,credit-model,credit-fit
    /// rollback: {to: fit-2026-08-20}
    /// ---
    /// kind: model
    /// mlSpecVersion: 0.2.0
    /// run: fit-2026-08-20 # it made the model that is judged
    /// ---
    /// kind: run
    /// mlSpecVersion: 0.2.0
    /// status: completed
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
    let Some((_, run, id)) = workspace.found().find(|(reference, ..)| reference.node == target.node) else { return };
    if let Some((status, name)) = unfinished(run) {
        let message = format!("the run {} is to be rolled back to, but {name}", cx.shown(target.node));
        let finding = cx.at_value(&ROLLBACK_TARGET, target.node, message);
        let finding = finding.help("name a run that was completed");
        out.push(workspace.relate(finding, run, status, "its status"));
    } else if let Some((model, place)) = judged.and_then(|judged| made_by(workspace, judged.node, id)) {
        let message = format!("the run {} made the model that is to be rolled back", cx.shown(target.node));
        let finding = cx.at_value(&ROLLBACK_TARGET, target.node, message);
        let finding = finding.help("name the version, model or run that is in production now");
        out.push(workspace.relate(finding, model, Some(place), "the run, or the file that it made"));
    }
}

/// Returns the document of a model if a run, or a run within it, made the model, and where it says so.
fn made_by<'a>(workspace: &Linked<'a>, model: NodeId, run: DocId) -> Option<(&'a Member, NodeId)> {
    let (_, member, id) = workspace.found().find(|(reference, ..)| reference.node == model)?;
    let is_within = |made: DocId| {
        let parents = workspace.references_of(made).filter(|(own, _)| own.role == ReferenceRole::Parent);
        made == run || parents.filter_map(|(_, parent)| parent.found()).any(|parent| parent == run)
    };
    if let Some((reference, made)) = workspace.references_of(id).find(|(reference, _)| reference.path == ["run"]) {
        return is_within(made.found()?).then_some((member, reference.node));
    }
    // Where the document of the model names no run, it is the run that made the file that was measured last.
    let (_, node, measured) = [Kind::Evaluation, Kind::Test]
        .into_iter()
        .flat_map(|kind| workspace.referring_to(id, ReferenceRole::Plain, kind).take(MOST_LOOKED_AT))
        .filter_map(|(id, _)| file_of(workspace.member(id)?))
        .max_by_key(|(time, ..)| *time)?;
    let digest = measured.tree.text(node)?;
    let makers = [Kind::Run, Kind::PipelineRun, Kind::Artifact];
    let is_made = workspace.with_content_digest(&makers, digest).any(|maker| {
        let producers = workspace.references_of(maker).filter(|(own, _)| own.role == ReferenceRole::Producer);
        let mut producers = producers.filter_map(|(_, run)| run.found());
        is_within(maker) || producers.any(is_within)
    });
    is_made.then_some((measured, node))
}

/// The maximum number of measurements that are looked at.
const MOST_LOOKED_AT: usize = 500;

/// Returns when a model was measured, and where the document names the digest of its file.
fn file_of(measured: &Member) -> Option<(jiff::Timestamp, NodeId, &Member)> {
    let (Document::Evaluation(own) | Document::Test(own)) = measured.typed()? else { return None };
    let time = measured.tree.text(own.performed_on.node()?)?.trim().parse().ok()?;
    Some((time, own.model_digest.node()?, measured))
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

/// Returns how a run ended that does not say that it was completed, and the node of its status.
fn unfinished(run: &Member) -> Option<(Option<NodeId>, &'static str)> {
    let status = match run.typed()? {
        Document::Run(run) => &run.status,
        Document::PipelineRun(run) => &run.status,
        _ => return None,
    };
    let name = match status.located() {
        Some((RunStatus::Completed, _)) => return None,
        Some((RunStatus::Queued, _)) => "it is queued",
        Some((RunStatus::Running, _)) => "it is running",
        Some((RunStatus::Failed, _)) => "it is failed",
        Some((RunStatus::Cancelled, _)) => "it is cancelled",
        None if status.node().is_none_or(|node| run.tree.is_null(node)) => "it does not say that it was completed",
        // Another rule reports a status that is none.
        None => return None,
    };
    Some((status.node(), name))
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
