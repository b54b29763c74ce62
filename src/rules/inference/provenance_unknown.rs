//! `inference/provenance-unknown`

use crate::rules::{Context, Findings, Linked, declare_rule};
use crate::workspace::digest_key;

declare_rule! {
    /// The digest of the data that a record names as its provenance should be that of a dataset.
    ///
    /// The provenance says what the model that answered was trained on. If no dataset of the workspace has the digest, it leads nowhere:
    /// nobody can find out which data a wrong answer comes from. The rule applies to workspaces that record digests of datasets.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: inference-log
    /// mlSpecVersion: 0.1.0
    /// applicationInfo: {applicationId: credit-portal}
    /// requestInfo: {requestId: 0b7f9a53-93cf-4c0a-9c0e-6a4b7d1f2e90, requestTimestamp: 2026-08-22T09:30:00Z}
    /// modelInfo: {models: [credit-default/1.2.0]}
    /// provenance:
    ///   datasetDigest: sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752
    /// ---
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans-2026
    /// state: Active
    /// version: 1.0.0
    /// location: s3://credit/loans/2026.parquet
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: inference-log
    /// mlSpecVersion: 0.1.0
    /// applicationInfo: {applicationId: credit-portal}
    /// requestInfo: {requestId: 0b7f9a53-93cf-4c0a-9c0e-6a4b7d1f2e90, requestTimestamp: 2026-08-22T09:30:00Z}
    /// modelInfo: {models: [credit-default/1.2.0]}
    /// provenance:
    ///   datasetDigest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ---
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans-2026
    /// state: Active
    /// version: 1.0.0
    /// location: s3://credit/loans/2026.parquet
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ```
    pub PROVENANCE_UNKNOWN = {
        id: "inference/provenance-unknown",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 13: a record of the version of the pipeline and of the data used to train",
        kinds: [InferenceLog, InferencePrediction, InferenceRequest],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some(node) = cx.find(cx.root, &["provenance", "datasetDigest"]).filter(|node| !cx.is_faulty(*node)) else {
        return;
    };
    let Some(digest) = cx.tree.string(node) else { return };
    let is_unread = || workspace.unread_with_words(digest_key(digest).trim_start_matches("sha256:")).is_some();
    if !workspace.is_partial() && workspace.is_digest_of_dataset(digest) == Some(false) && !is_unread() {
        let message = "no dataset of the workspace has this digest".to_owned();
        let finding = cx.at_value(&PROVENANCE_UNKNOWN, node, message);
        out.push(finding.help("record the digest of the dataset that the model was trained on, or add that dataset"));
    }
}
