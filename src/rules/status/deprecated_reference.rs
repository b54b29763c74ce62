//! `status/deprecated-reference`

use crate::documents::Kind;
use crate::documents::common::Status;
use crate::documents::roles::ReferenceRole;
use crate::rules::Linked;
use crate::rules::{Context, Findings, declare_rule};
use crate::workspace::Member;

declare_rule! {
    /// A module or datastore that is deprecated should not be used in new work.
    ///
    /// It still works, but a replacement exists: once it is archived, the pipeline can no longer be executed. A step uses the version of
    /// its module that it names, or else the newest one that is not archived. Datasets have a rule of their own,
    /// `status/deprecated-dataset-used`.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: module
    /// mlSpecVersion: 0.1.0
    /// id: 5b8e1f0c-2a4d-4c1e-8a77-9d3f6b0c4e21
    /// name: fit-credit-model
    /// status: Active
    /// createdUtc: 2026-07-01T09:30:00Z
    /// versions:
    ///   - {version: 2.0.0, id: 0d9a7c35-6e1b-4f58-9b02-1c4e8f7a3d66}
    /// ---
    /// kind: module-version
    /// mlSpecVersion: 0.1.0
    /// id: 0d9a7c35-6e1b-4f58-9b02-1c4e8f7a3d66
    /// module: 5b8e1f0c-2a4d-4c1e-8a77-9d3f6b0c4e21
    /// version: 2.0.0
    /// status: Deprecated
    /// snapshot_id: snapshot-114
    /// createdUtc: 2026-07-01T09:30:00Z
    /// ---
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   fit:
    ///     moduleName: fit-credit-model@2.0.0
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: module
    /// mlSpecVersion: 0.1.0
    /// id: 5b8e1f0c-2a4d-4c1e-8a77-9d3f6b0c4e21
    /// name: fit-credit-model
    /// status: Active
    /// createdUtc: 2026-07-01T09:30:00Z
    /// versions:
    ///   - {version: 2.1.0, id: 0d9a7c35-6e1b-4f58-9b02-1c4e8f7a3d66}
    /// ---
    /// kind: module-version
    /// mlSpecVersion: 0.1.0
    /// id: 0d9a7c35-6e1b-4f58-9b02-1c4e8f7a3d66
    /// module: 5b8e1f0c-2a4d-4c1e-8a77-9d3f6b0c4e21
    /// version: 2.1.0
    /// status: Active
    /// snapshot_id: snapshot-114
    /// createdUtc: 2026-07-01T09:30:00Z
    /// ---
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   fit:
    ///     moduleName: fit-credit-model@2.1.0
    /// ```
    pub DEPRECATED_REFERENCE = {
        id: "status/deprecated-reference",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "common/object.md, “Deprecated”: still usable, with a warning that a replacement is available",
        kinds: [Datapath, Dataset, Pipeline],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    // A document that is not active itself need not be moved.
    if workspace.own.object.status.is_some_and(|status| status != Status::Active) {
        return;
    }
    for (reference, object, id) in workspace.found() {
        let is_step = reference.role == ReferenceRole::StepModule;
        if !is_step && object.kind != Kind::Datastore {
            continue;
        }
        let of_module = || if is_step { workspace.module_of(id) } else { None };
        let is_deprecated = |object: &&Member| object.object.status == Some(Status::Deprecated);
        let deprecated = Some(object).filter(is_deprecated).or_else(|| of_module().filter(is_deprecated));
        if let Some(deprecated) = deprecated.filter(|_| !object.is_archived()) {
            let what = if is_step { "module" } else { object.kind.name() };
            let message = format!("the {what} {} is deprecated", cx.shown(reference.node));
            let finding = cx.at_value(&DEPRECATED_REFERENCE, reference.node, message);
            let finding = finding.help("use what replaces it, before it is archived");
            out.push(workspace.relate(finding, deprecated, deprecated.object.status_node, "deprecated here"));
        }
    }
}
