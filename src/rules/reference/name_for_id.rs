//! `reference/name-for-id`

use crate::diagnostics::Fix;
use crate::rules::{Context, Findings, Linked, declare_rule};
use crate::workspace::Role;
use crate::yaml::edit;

declare_rule! {
    /// A field that holds the id of an object should not hold its name.
    ///
    /// Names are given to other objects once theirs is archived, and several runs may have one name; an id means the same object for
    /// ever. Records of what has happened (which run produced an artifact, which one started another, which module a version is of)
    /// hold ids for that reason. The object is found by its name here, but other tools look for the id and find nothing.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: artifact
    /// mlSpecVersion: 0.1.0
    /// id: 0e4b7a91-35c2-4d1f-9f86-8c7d6e5f4a32
    /// name: credit-model
    /// created_by_run_id: fit-credit-model
    /// data_path: {DataStore: credit-lake, RelativePath: models/credit.onnx}
    /// artifact_type: MODEL
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ---
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// name: fit-credit-model
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: artifact
    /// mlSpecVersion: 0.1.0
    /// id: 0e4b7a91-35c2-4d1f-9f86-8c7d6e5f4a32
    /// name: credit-model
    /// created_by_run_id: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// data_path: {DataStore: credit-lake, RelativePath: models/credit.onnx}
    /// artifact_type: MODEL
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ---
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// name: fit-credit-model
    /// ```
    ///
    /// ## Fix
    /// `--unsafe-fixes` puts the id of the object that is found in the place of its name.
    pub NAME_FOR_ID = {
        id: "reference/name-for-id",
        severity: Warning,
        since: "0.1.0",
        fix: Unsafe,
        source: "common/object.md, “Id”: unique and immutable; runs/artifact.md, “Created By Run Id”",
        kinds: [Artifact, Module, ModuleVersion, PipelineRun, Run],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    for (reference, object, _) in workspace.found() {
        let by_id = matches!(
            reference.field.role,
            Role::Producer | Role::Parent | Role::Child | Role::OwnModule | Role::ListedVersion | Role::StepRun
        );
        let text = cx.tree.text(reference.node).map(str::trim);
        let Some(id) = object.id().filter(|id| by_id && text != Some(*id) && !cx.is_faulty(reference.node)) else {
            continue;
        };
        let message = format!("{} is the name of a {}, not its id", cx.shown(reference.node), object.kind.name());
        let fix = edit::replace_scalar(cx.tree, reference.node, id)
            .map(|edits| Fix::needs_review(format!("use the id '{id}'"), edits));
        let finding = cx.at_value(&NAME_FOR_ID, reference.node, message).help(format!("use its id, '{id}'")).fix(fix);
        out.push(workspace.relate(finding, object, object.object.id, "its id"));
    }
}
