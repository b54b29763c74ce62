//! `status/deprecated-dataset-used`

use rustc_hash::FxHashSet;

use crate::documents::common::Status;
use crate::documents::roles::ReferenceRole;
use crate::documents::{Document, Kind};
use crate::rules::Linked;
use crate::rules::{Context, Findings, declare_rule};
use crate::workspace::{DocId, Member, Resolution};

declare_rule! {
    /// A pipeline, transformation or objective should not use a deprecated version of a dataset.
    ///
    /// The pipeline still runs, but whoever deprecated the dataset has a better one and may archive this one at any time, which then blocks
    /// the pipeline. Objectives that are judged on it compare a new model with data that is about to be retired. The finding names the
    /// replacement if the dataset does.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// data: [loans@1.0.0]
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
    /// state: Deprecated
    /// replacedBy: 5b1d1f2e-9c7a-4e0d-8f63-2a7c9e4b6d35
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
    /// ```yaml
    /// mlSpecVersion: 0.1.0
    /// kind: objectives
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: credit-default-launch
    /// model: credit-default
    /// owner: risk-ml@contoso.com
    /// datasets:
    ///   holdback: {dataset: credit-holdback@1.0.0, stage: test}
    ///   live: {stage: monitoring}
    /// metrics:
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     severity: advisory
    ///     expect: recall >= 60% on live
    /// tests:
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor]}
    /// rollback: {to: production-2026-05}
    /// ---
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 5b1d1f2e-9c7a-4e0d-8f63-2a7c9e4b6d35
    /// name: credit-holdback
    /// state: Deprecated
    /// replacedBy: 8d7f2d0a-5a51-4f0b-9c0e-1f8a7f3f2b10
    /// version: 1.0.0
    /// location: s3://credit/holdback/2024.parquet
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ---
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 8d7f2d0a-5a51-4f0b-9c0e-1f8a7f3f2b10
    /// name: credit-holdback
    /// state: Active
    /// version: 1.1.0
    /// location: s3://credit/holdback/2025.parquet
    /// digest: sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// data: [loans@1.1.0]
    /// steps:
    ///   train:
    ///     moduleName: fit-credit-model@2.1.0
    ///     inputs:
    ///       loans: {from: data.loans}
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
    pub DEPRECATED_DATASET_USED = {
        id: "status/deprecated-dataset-used",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "data/dataset.md, “a warning message gets returned but execution will not be blocked”",
        kinds: [Pipeline, Objectives, Transformation],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    // A document that is not active itself need not be moved to new data.
    if workspace.own.object.status.is_some_and(|status| status != Status::Active) {
        return;
    }
    let mut inputs = FxHashSet::default();
    for (reference, dataset, id) in workspace.found().filter(|(_, object, _)| object.kind == Kind::Dataset) {
        let is_used = match reference.role {
            ReferenceRole::PipelineData | ReferenceRole::JudgedData => true,
            // What a transformation was fitted on is usually one of its inputs.
            ReferenceRole::Plain | ReferenceRole::FittedOn => cx.kind == Kind::Transformation && inputs.insert(id),
            _ => false,
        };
        if is_used && is_deprecated(dataset) {
            let message = format!("the dataset {} is deprecated", cx.shown(reference.node));
            let finding = cx.at_value(&DEPRECATED_DATASET_USED, reference.node, message);
            let finding = match replacement(workspace, id) {
                Some(replacement) => finding.help(format!("use {replacement}, which replaces it")),
                None => finding.help("use a version that is active"),
            };
            out.push(workspace.relate(finding, dataset, dataset.object.status_node, "deprecated here"));
        }
    }
}

/// Whether a dataset says that it is deprecated, in either of the two ways.
fn is_deprecated(dataset: &Member) -> bool {
    match dataset.object.status {
        Some(status) => status == Status::Deprecated,
        None => matches!(dataset.typed(), Some(Document::Dataset(typed)) if typed.is_deprecated.get() == Some(&true)),
    }
}

/// Returns the replacement of an object in the form in which others would refer to it.
pub(super) fn replacement(workspace: &Linked<'_>, object: DocId) -> Option<String> {
    let mut references = workspace.references_of(object);
    let (_, resolution) = references.find(|(reference, _)| reference.role == ReferenceRole::Replacement)?;
    let Resolution::Found(found) = resolution else { return None };
    let found = workspace.member(*found)?;
    Some(match (found.name()?, found.version()) {
        (name, Some(version)) => format!("{name}@{version}"),
        (name, None) => name.to_owned(),
    })
}
