//! `run/run-lineage`

use crate::documents::Document;
use crate::documents::artifact::ArtifactType;
use crate::documents::field::List;
use crate::documents::run::{Run, RunDataset, RunStatus};
use crate::rules::naming::id_form::is_id;
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::NodeId;

declare_rule! {
    /// A run with results should record its code, its data and, for a model, its parameters.
    ///
    /// Months later somebody asks how a number came about, or the model has to be trained again. That requires the commit that ran, the
    /// version or digest of each dataset that was read, and the hyperparameters of the model. The rule checks runs that say they are
    /// completed and have metrics or artifacts, and runs that made a model. It does not check a run whose child runs did the work.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// name: credit-default-baseline
    /// status: completed
    /// datasets:
    ///   - key: train
    ///     path: data/credit-default.csv
    /// artifacts:
    ///   - key: model
    ///     path: {DataStore: credit-lake, RelativePath: runs/592f0c1c/model.onnx}
    ///     artifact_type: MODEL
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// name: credit-default-baseline
    /// status: completed
    /// code:
    ///   repository: https://github.com/contoso/credit-default
    ///   commit: 98e15de15085c07a6762d8022f3608d2b4ba7dcc
    /// hyperparameters:
    ///   - key: learning_rate
    ///     value: 0.04
    /// datasets:
    ///   - key: train
    ///     dataset: credit-train@1.2.0
    /// artifacts:
    ///   - key: model
    ///     path: {DataStore: credit-lake, RelativePath: runs/592f0c1c/model.onnx}
    ///     artifact_type: MODEL
    /// ```
    pub RUN_LINEAGE = {
        id: "run/run-lineage",
        severity: Info,
        since: "0.1.0",
        fix: None,
        source: "experiment_tracking/run.md: a run records code, datasets, hyperparameters and results; README #7, run",
        kinds: [Run],
        check: Typed(check),
    }
}

/// The maximum number of datasets that a finding points at; the others have the same fault.
const MOST_RELATED: usize = 5;

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Run(run) = document else { return };
    let is_done = match run.status.get() {
        Some(status) => *status == RunStatus::Completed && has_results(run),
        None => made_model(run),
    };
    if !is_done || run.child_run_ids.get().is_some_and(|children| children.iter().next().is_some()) {
        return;
    }
    let has_code = run.code.get().is_some_and(|code| code.commit.node().is_some_and(|commit| !cx.tree.is_null(commit)));
    let datasets = || run.datasets.get().into_iter().flat_map(List::iter).map(|(_, dataset)| dataset);
    let mut missing = Vec::new();
    if !has_code {
        missing.push("code version (code.commit)");
    }
    if datasets().next().is_none() || !datasets().all(|dataset| is_versioned(dataset, cx)) {
        missing.push("dataset version (dataset: name@version, or digest)");
    }
    if made_model(run) && run.hyperparameters.node().is_none_or(|node| is_nothing(cx, node)) {
        missing.push("hyperparameters");
    }
    if missing.is_empty() {
        return;
    }
    let message = format!("the run does not record its {}", missing.join(", its "));
    let mut finding = cx.at_key(&RUN_LINEAGE, cx.root, message);
    for dataset in datasets().filter(|dataset| !is_versioned(dataset, cx)).take(MOST_RELATED) {
        if let Some(node) = dataset.key.node() {
            finding = finding.related(cx.tree.span(cx.tree.resolve(node)), "in what version?");
        }
    }
    out.push(finding);
}

/// Whether a value says nothing: it is null, or a list or mapping without entries.
fn is_nothing(cx: &Context<'_>, node: NodeId) -> bool {
    let is_collection = cx.tree.is_sequence(node) || cx.tree.is_mapping(node);
    let is_empty = cx.tree.items(node).is_empty() && cx.tree.entries(node).next().is_none();
    cx.tree.is_null(node) || is_collection && is_empty
}

fn has_results(run: &Run) -> bool {
    let has_metrics = run.metrics.get().is_some_and(|metrics| metrics.iter().next().is_some());
    has_metrics || run.artifacts.get().is_some_and(|artifacts| artifacts.iter().next().is_some())
}

fn made_model(run: &Run) -> bool {
    let mut artifacts = run.artifacts.get().into_iter().flat_map(List::iter);
    artifacts.any(|(_, artifact)| artifact.artifact_type.get() == Some(&ArtifactType::Model))
}

/// Whether it is certain which content was read. A malformed digest or reference is another fault.
fn is_versioned(dataset: &RunDataset, cx: &Context<'_>) -> bool {
    let has_digest = dataset.digest.node().is_some_and(|digest| !cx.tree.is_null(digest));
    has_digest || dataset.dataset.get().is_some_and(|reference| reference.contains('@') || is_id(reference))
}
