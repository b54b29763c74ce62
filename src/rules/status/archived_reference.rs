//! `status/archived-reference`

use crate::diagnostics::Severity;
use crate::documents::Kind;
use crate::documents::roles::ReferenceRole;
use crate::rules::Linked;
use crate::rules::{Context, Findings, declare_rule};
use crate::workspace::Member;

declare_rule! {
    /// An archived object must not be used in new work, and cannot be found by its name.
    ///
    /// A pipeline whose module is archived, a dataset whose datastore is archived, or objectives for an archived model or on archived data
    /// stop working when they are next used. A step uses the version of its module that it names, or else the newest one that is not
    /// archived; a version need not be archived because its module is. References in runs, tests and other records are history: there, an
    /// archived object may be named by its id, and naming it in any other way is a warning, because the name is free for another object.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Active
    /// version: 1.0.0
    /// location:
    ///   DataStore: credit-lake
    ///   RelativePath: loans/2025.parquet
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ---
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 8d7f2d0a-5a51-4f0b-9c0e-1f8a7f3f2b10
    /// name: credit-lake
    /// type: s3
    /// status: Archived
    /// bucket: credit
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Archived
    /// version: 1.0.0
    /// location:
    ///   DataStore: credit-lake
    ///   RelativePath: loans/2025.parquet
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ---
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 8d7f2d0a-5a51-4f0b-9c0e-1f8a7f3f2b10
    /// name: credit-lake
    /// type: s3
    /// status: Archived
    /// bucket: credit
    /// ```
    pub ARCHIVED_REFERENCE = {
        id: "status/archived-reference",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "common/object.md, “can't be retrieved by name and can't be used to execute new jobs”",
        kinds: [],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    if workspace.own.is_archived() {
        return;
    }
    for (reference, object, id) in workspace.found() {
        // A version of an archived module counts as archived, whatever its own status.
        let of_module = || match reference.role {
            ReferenceRole::StepModule => workspace.module_of(id),
            _ => None,
        };
        let is_archived = |object: &&Member| object.is_archived();
        let Some(object) = Some(object).filter(is_archived).or_else(|| of_module().filter(is_archived)) else {
            continue;
        };
        let by_id = cx.tree.text(reference.node).map(str::trim) == object.id();
        let severity = match (is_record(cx.kind), by_id, reference.role) {
            // These are covered by another rule, or do not use the object that they name.
            (_, _, ReferenceRole::PipelineData | ReferenceRole::ListedVersion | ReferenceRole::OwnModule)
            | (true, true, _) => continue,
            (true, false, _) => Severity::Warning,
            (false, ..) => Severity::Error,
        };
        let what = object.kind.name();
        let (message, help) = match severity {
            Severity::Warning => (
                format!("the {what} {} is archived: it can no longer be found by its name", cx.shown(reference.node)),
                "refer to it by its id",
            ),
            _ => (
                format!("the {what} {} is archived: it cannot be used in new work", cx.shown(reference.node)),
                "refer to one that is active, or archive this, too",
            ),
        };
        let finding = cx.at_value(&ARCHIVED_REFERENCE, reference.node, message).severity(severity).help(help);
        out.push(workspace.relate(finding, object, object.object.status_node, "archived here"));
    }
}

/// Whether documents of a kind record what has happened, rather than what is to happen.
fn is_record(kind: Kind) -> bool {
    use Kind::{
        Artifact, Evaluation, InferenceLog, InferencePrediction, InferenceRequest, Ingestion, PipelineRun, Profile,
        Rollout, Run, Split, Test, Validation,
    };
    matches!(
        kind,
        Artifact
            | Evaluation
            | InferenceLog
            | InferencePrediction
            | InferenceRequest
            | Ingestion
            | PipelineRun
            | Profile
            | Rollout
            | Run
            | Split
            | Test
            | Validation
    )
}
