//! `run/parent-child`

use rustc_hash::FxHashMap;

use crate::diagnostics::{Finding, Fix};
use crate::documents::Kind;
use crate::documents::roles::ReferenceRole;
use crate::rules::Linked;
use crate::rules::{Context, Findings, declare_rule};
use crate::workspace::{DocId, Member, Reference};
use crate::yaml::{NodeId, edit};

declare_rule! {
    /// A run and the runs that it started must name each other.
    ///
    /// Lineage is followed in both directions: from a result to the search that it is part of, and from a search to all of its trials. When
    /// the two disagree, a trial is counted twice or not at all. A run without `child_run_ids` says nothing about its children, so the rule
    /// does not check it. The run of a step of a pipeline run is its child, too, and that of one step only.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// name: search
    /// child_run_ids: [0e4b7a91-35c2-4d1f-9f86-8c7d6e5f4a32]
    /// hyperparameters:
    ///   - {key: seed, value: 17}
    /// code: {repository: "https://git.example.com/credit", commit: 5f2d7c1b9e0a4c8d6b3f1a2e7d9c0b8a4e6f5d31}
    /// datasets:
    ///   - {key: loans, role: training, dataset: loans@1.0.0}
    /// ---
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 0e4b7a91-35c2-4d1f-9f86-8c7d6e5f4a32
    /// name: trial-1
    /// hyperparameters:
    ///   - {key: seed, value: 18}
    /// code: {repository: "https://git.example.com/credit", commit: 5f2d7c1b9e0a4c8d6b3f1a2e7d9c0b8a4e6f5d31}
    /// datasets:
    ///   - {key: loans, role: training, dataset: loans@1.0.0}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// name: search
    /// child_run_ids: [0e4b7a91-35c2-4d1f-9f86-8c7d6e5f4a32]
    /// hyperparameters:
    ///   - {key: seed, value: 17}
    /// code: {repository: "https://git.example.com/credit", commit: 5f2d7c1b9e0a4c8d6b3f1a2e7d9c0b8a4e6f5d31}
    /// datasets:
    ///   - {key: loans, role: training, dataset: loans@1.0.0}
    /// ---
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 0e4b7a91-35c2-4d1f-9f86-8c7d6e5f4a32
    /// name: trial-1
    /// parent_run_id: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// hyperparameters:
    ///   - {key: seed, value: 18}
    /// code: {repository: "https://git.example.com/credit", commit: 5f2d7c1b9e0a4c8d6b3f1a2e7d9c0b8a4e6f5d31}
    /// datasets:
    ///   - {key: loans, role: training, dataset: loans@1.0.0}
    /// ```
    ///
    /// ## Fix
    ///
    /// `--unsafe-fixes` corrects `parent_run_id` if a run names another parent than the one that lists it. Only a person knows which of the
    /// two is right.
    pub PARENT_CHILD = {
        id: "run/parent-child",
        severity: Error,
        since: "0.1.0",
        fix: Unsafe,
        source: "runs/run.md, “parent_run_id” and “child_run_ids”",
        kinds: [PipelineRun, Run],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let mut of_steps = FxHashMap::default();
    for (reference, other, found) in workspace.found() {
        match reference.role {
            ReferenceRole::StepRun => {
                out.extend(of_step(cx, workspace, (reference, other, found), of_steps.get(&found).copied()));
                of_steps.entry(found).or_insert(reference.node);
            }
            ReferenceRole::Child if workspace.parent_of(found) != Some(workspace.id) => {
                let parent = reference_of(other, ReferenceRole::Parent);
                // A child that names another parent has a finding of its own.
                let said = match parent.and_then(|parent| other.tree.text(parent.node)) {
                    Some(parent) => format!("whose parent is '{parent}'"),
                    None => "which names no parent".to_owned(),
                };
                let message = format!("this run lists {} as its child, {said}", cx.shown(reference.node));
                let finding = cx.at_value(&PARENT_CHILD, reference.node, message);
                let node = parent.map(|parent| parent.node).or(other.object.id);
                out.push(
                    workspace.relate(finding, other, node, "the child").help(
                        "set the child's `parent_run_id` to the id of this run, or remove the child from the list",
                    ),
                );
            }
            ReferenceRole::Parent
                if reference_of(other, ReferenceRole::Child).is_some() && !lists(workspace, found) =>
            {
                let message = format!("the run {} does not list this one among its children", cx.shown(reference.node));
                let finding = cx.at_value(&PARENT_CHILD, reference.node, message);
                let node = reference_of(other, ReferenceRole::Child).map(|child| child.node);
                let fix = claiming(workspace).and_then(|parent| {
                    let edits = edit::replace_scalar(cx.tree, reference.node, parent)?;
                    Some(Fix::needs_review(format!("name '{parent}', which lists this run"), edits))
                });
                out.push(
                    workspace
                        .relate(finding, other, node, "its children")
                        .help("add this run's id to the parent's `child_run_ids`, or correct the parent")
                        .fix(fix),
                );
            }
            _ => {}
        }
    }
}

/// Reports what is wrong with the run of a step. `earlier` is the entry of another step with the same run.
fn of_step(
    cx: &Context<'_>,
    workspace: &Linked<'_>,
    (reference, other, run): (&Reference, &Member, DocId),
    earlier: Option<NodeId>,
) -> Option<Finding> {
    let shown = cx.shown(reference.node);
    let at = |message: String| cx.at_value(&PARENT_CHILD, reference.node, message);
    if run == workspace.id {
        return Some(at(format!("{shown} is this run itself, not that of one of its steps")));
    }
    if let Some(earlier) = earlier {
        let finding = at(format!("{shown} is the run of another step, too"));
        return Some(finding.related(cx.tree.span(earlier), "the other step").help("each step has a run of its own"));
    }
    let is_child = |(child, _, found): (&Reference, &Member, DocId)| child.role == ReferenceRole::Child && found == run;
    // A run that is listed among the children has its finding there.
    if workspace.parent_of(run) == Some(workspace.id) || workspace.found().any(is_child) {
        return None;
    }
    let parent = reference_of(other, ReferenceRole::Parent);
    let said = match parent.and_then(|parent| other.tree.text(parent.node)) {
        Some(parent) => format!("whose parent is '{parent}'"),
        None => "which names no parent".to_owned(),
    };
    let finding = at(format!("this step has the run {shown}, {said}"));
    let node = parent.map(|parent| parent.node).or(other.object.id);
    let finding = workspace.relate(finding, other, node, "the run of the step");
    Some(finding.help("set the `parent_run_id` of the step's run to the id of this run"))
}

fn reference_of(member: &Member, role: ReferenceRole) -> Option<&Reference> {
    member.references.iter().find(|reference| reference.role == role)
}

/// Whether a run lists this one among its children.
fn lists(workspace: &Linked<'_>, parent: DocId) -> bool {
    claims(workspace).any(|claiming| claiming == parent)
}

/// Returns the id of the only run that lists this one as its child.
fn claiming<'a>(workspace: &Linked<'a>) -> Option<&'a str> {
    let mut claims = claims(workspace);
    match (claims.next(), claims.next()) {
        (Some(run), None) => workspace.member(run)?.id(),
        _ => None,
    }
}

/// Returns the runs that list this one as their child.
fn claims(workspace: &Linked<'_>) -> impl Iterator<Item = DocId> {
    let by = |kind| workspace.referring_to(workspace.id, ReferenceRole::Child, kind);
    by(Kind::Run).chain(by(Kind::PipelineRun)).map(|(run, _)| run)
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    /// The messages of this rule about a pipeline run whose steps have these runs.
    fn messages(steps: &str, child: &str) -> Vec<String> {
        let text = format!(
            "kind: pipeline\nmlSpecVersion: 0.1.0\nname: p\nsteps: {{a: {{cmd: x}}, b: {{cmd: y, after: [a]}}}}\n---\n\
             kind: pipeline-run\nmlSpecVersion: 0.1.0\nid: r-1\nname: r\npipeline: p\nsteps: {steps}\n---\n\
             kind: run\nmlSpecVersion: 0.1.0\nid: r-2\nname: s\n{child}"
        );
        let own = found(&text).into_iter().filter(|(rule, ..)| *rule == super::PARENT_CHILD.id);
        own.map(|(.., message)| message).collect()
    }

    #[test]
    fn the_run_of_a_step_is_a_child_of_the_pipeline_run() {
        let parent = "parent_run_id: r-1\n";
        assert_eq!(messages("{a: {run: r-2}}", parent), [""; 0]);
        for (steps, child, message) in [
            ("{a: {run: r-2}}", "", "this step has the run 'r-2', which names no parent"),
            ("{a: {run: r-2}}", "parent_run_id: r-9\n", "this step has the run 'r-2', whose parent is 'r-9'"),
            ("{a: {run: r-1}}", parent, "'r-1' is this run itself, not that of one of its steps"),
            ("{a: {run: r-2}, b: {run: r-2}}", parent, "'r-2' is the run of another step, too"),
        ] {
            assert_eq!(messages(steps, child), [message], "{steps} {child}");
        }
        assert_eq!(messages("{a: {run: r-2}}\nchild_run_ids: [r-2]", "").len(), 1, "one fault is told once");
    }
}
