//! `reference/artifact-run-unknown`

use crate::documents::roles::ReferenceRole;
use crate::rules::Linked;
use crate::rules::{Context, Findings, declare_rule};
use crate::workspace::Resolution;

declare_rule! {
    /// The run that produced an artifact must be known.
    ///
    /// An artifact without its run is a file of unknown origin: neither the code nor the data that it came from can be found, which is what
    /// the record is for. As with other references, nothing is reported in a workspace that keeps no runs.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: artifact
    /// mlSpecVersion: 0.1.0
    /// id: 77c9f5a2-1d3e-4b68-9a04-6e5d4c3b2a10
    /// name: credit-model
    /// created_by_run_id: 00000000-72ae-4236-9202-7e6aff1954f4
    /// data_path: {DataStore: credit-lake, RelativePath: models/credit.onnx}
    /// artifact_type: MODEL
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ---
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// name: fit-credit-model
    /// hyperparameters:
    ///   - {key: seed, value: 17}
    /// code: {repository: "https://git.example.com/credit", commit: 5f2d7c1b9e0a4c8d6b3f1a2e7d9c0b8a4e6f5d31}
    /// datasets:
    ///   - {key: loans, role: training, dataset: loans@1.0.0}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: artifact
    /// mlSpecVersion: 0.1.0
    /// id: 77c9f5a2-1d3e-4b68-9a04-6e5d4c3b2a10
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
    /// hyperparameters:
    ///   - {key: seed, value: 17}
    /// code: {repository: "https://git.example.com/credit", commit: 5f2d7c1b9e0a4c8d6b3f1a2e7d9c0b8a4e6f5d31}
    /// datasets:
    ///   - {key: loans, role: training, dataset: loans@1.0.0}
    /// ```
    pub ARTIFACT_RUN_UNKNOWN = {
        id: "reference/artifact-run-unknown",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "runs/artifact.md, “Created By Run Id”",
        kinds: [Artifact],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    for (reference, resolution) in workspace.references() {
        if reference.role == ReferenceRole::Producer
            && *resolution == Resolution::Unknown
            && !cx.is_faulty(reference.node)
        {
            let message = format!("no run with the id {} is known", cx.shown(reference.node));
            let finding = cx.at_value(&ARTIFACT_RUN_UNKNOWN, reference.node, message);
            out.push(finding.help("name the run that wrote the artifact, or add its document to the workspace"));
        }
    }
}
