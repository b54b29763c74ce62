//! `status/archived-dataset-used`

use crate::rules::Linked;
use crate::rules::{Context, Findings, declare_rule};
use crate::workspace::Role;

declare_rule! {
    /// A pipeline must not read an archived version of a dataset.
    ///
    /// An archived dataset is taken out of use, often because it is wrong or may no longer be processed. A workspace refuses
    /// to execute a pipeline that reads one, so the pipeline fails when it is submitted rather than when it is reviewed.
    /// A pipeline that is archived itself is never executed and not reported.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// data:
    ///   loans: loans@1.0.0
    /// steps:
    ///   train:
    ///     moduleName: fit-credit-model@2.1.0
    ///     inputs:
    ///       loans: {from: data.loans}
    /// ---
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Archived
    /// version: 1.0.0
    /// location: s3://credit/loans/2024.parquet
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// data:
    ///   loans: loans@1.1.0
    /// steps:
    ///   train:
    ///     moduleName: fit-credit-model@2.1.0
    ///     inputs:
    ///       loans: {from: data.loans}
    /// ---
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Archived
    /// version: 1.0.0
    /// location: s3://credit/loans/2024.parquet
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ---
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 5b1d1f2e-9c7a-4e0d-8f63-2a7c9e4b6d35
    /// name: loans
    /// state: Active
    /// version: 1.1.0
    /// location: s3://credit/loans/2025.parquet
    /// digest: sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752
    /// ```
    pub ARCHIVED_DATASET_USED = {
        id: "status/archived-dataset-used",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "data/dataset.md, “When an Archived Dataset version used in a Pipeline, execution will be blocked with error.”",
        kinds: [Pipeline],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    if workspace.own.is_archived() {
        return;
    }
    for (reference, dataset, _) in workspace.found() {
        if reference.field.role == Role::PipelineData && dataset.is_archived() {
            let message =
                format!("the dataset {} is archived: this pipeline cannot be executed", cx.shown(reference.node));
            let finding = cx
                .at_value(&ARCHIVED_DATASET_USED, reference.node, message)
                .help("use a version that is active, or archive the pipeline, too");
            out.push(workspace.relate(finding, dataset, dataset.object.status_node, "archived here"));
        }
    }
}
