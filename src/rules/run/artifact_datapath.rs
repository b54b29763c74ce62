//! `run/artifact-datapath`

use crate::diagnostics::Severity;
use crate::documents::Document;
use crate::documents::field::List;
use crate::documents::one_of::DataPlace;
use crate::rules::naming::is_given_later;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// An artifact of a run must say where it is stored.
    ///
    /// The artifact is what is left of a run once its machine is gone. Without a location nobody finds the model again (an error); a bare
    /// path such as `output/model.onnx` does not name the datastore that it is in, so it is a file on a machine that no longer exists (a
    /// warning). A datapath names both.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// name: credit-default-baseline
    /// code: {repository: "https://github.com/contoso/credit-default", commit: 98e15de15085c07a6762d8022f3608d2b4ba7dcc}
    /// hyperparameters: [{key: learning_rate, value: 0.04}]
    /// datasets: [{key: train, dataset: credit-train@1.2.0}]
    /// artifacts:
    ///   - key: model
    ///     path: output/model.onnx
    ///     artifact_type: MODEL
    ///   - {key: log, artifact_type: LOG}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// name: credit-default-baseline
    /// code: {repository: "https://github.com/contoso/credit-default", commit: 98e15de15085c07a6762d8022f3608d2b4ba7dcc}
    /// hyperparameters: [{key: learning_rate, value: 0.04}]
    /// datasets: [{key: train, dataset: credit-train@1.2.0}]
    /// artifacts:
    ///   - key: model
    ///     path:
    ///       DataStore: credit-lake
    ///       RelativePath: runs/592f0c1c/model.onnx
    ///     artifact_type: MODEL
    /// ```
    pub ARTIFACT_DATAPATH = {
        id: "run/artifact-datapath",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "experiment_tracking/run.md, “Artifacts are always stored as blobs identified by DataPaths”; experiment_example.yml gives a bare path",
        kinds: [PipelineRun, Run],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let artifacts = match document {
        Document::Run(run) => run.artifacts.get(),
        Document::PipelineRun(run) => run.artifacts.get(),
        _ => None,
    };
    let help = "give a datapath: DataStore and RelativePath";
    for (item, artifact) in artifacts.into_iter().flat_map(List::iter) {
        let name = || {
            artifact.key.node().map_or_else(|| "an artifact".to_owned(), |key| format!("artifact {}", cx.shown(key)))
        };
        match (artifact.path.get(), artifact.path.node()) {
            (_, Some(node)) if cx.tree.is_blank(node) && !cx.is_faulty(item) => {
                let message = format!("{} has no path: nobody can find it", name());
                out.push(cx.at_key(&ARTIFACT_DATAPATH, node, message).help(help));
            }
            (Some(DataPlace::Text(path)), Some(node)) if !is_given_later(path) && !cx.is_faulty(node) => {
                let message = format!("{} has a bare path, which does not say what datastore it is in", name());
                let finding = cx.at_value(&ARTIFACT_DATAPATH, node, message);
                out.push(finding.severity(Severity::Warning).help(help));
            }
            (None, None) if !cx.is_faulty(item) => {
                let message = format!("{} has no path: nobody can find it", name());
                out.push(cx.at_key(&ARTIFACT_DATAPATH, item, message).help(help));
            }
            _ => {}
        }
    }
}
