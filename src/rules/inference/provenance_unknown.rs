//! `inference/provenance-unknown`

use crate::documents::Kind;
use crate::rules::{Context, Findings, Linked, declare_rule};
use crate::workspace::digest_key;

declare_rule! {
    /// The digests of a record's provenance should be those of a dataset, of features and of a model.
    ///
    /// The provenance says what the model that answered was trained on. If no dataset of the workspace has the digest, it leads nowhere:
    /// nobody can find out which data a wrong answer comes from. The same holds for `featuresDigest`, which is that of a transformation,
    /// and `modelDigest`, which is that of a model, an artifact or what a run made (0.2.0). The rule applies to workspaces that record such digests.
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

/// The digests of a provenance, what they are of, and the kinds of documents that say so.
const DIGESTS: &[(&str, &str, &[Kind])] = &[
    ("datasetDigest", "dataset", &[Kind::Dataset]),
    ("featuresDigest", "transformation", &[Kind::Transformation]),
    ("modelDigest", "model", &[Kind::Model, Kind::Artifact, Kind::Run, Kind::PipelineRun]),
];

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    if workspace.is_partial() {
        return;
    }
    for (name, what, kinds) in DIGESTS {
        let Some(node) = cx.find(cx.root, &["provenance", name]).filter(|node| !cx.is_faulty(*node)) else { continue };
        let Some(digest) = cx.tree.string(node) else { continue };
        let is_unread = || workspace.unread_with_words(digest_key(digest).trim_start_matches("sha256:")).is_some();
        if workspace.is_digest_of(kinds, digest) == Some(false) && !is_unread() {
            let finding = cx.at_value(&PROVENANCE_UNKNOWN, node, format!("no {what} of the workspace has this digest"));
            out.push(match *what {
                "dataset" => {
                    finding.help("record the digest of the dataset that the model was trained on, or add that dataset")
                }
                _ => {
                    finding.help(format!("record the digest of the {what} that served the request, or add that {what}"))
                }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    const A: &str = "sha256:673817a0510e930892b7ffb9acb67d84082623486acf4e9f17b620112b9803f5";
    const B: &str = "sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752";

    #[test]
    fn features_and_models_have_digests_too() {
        let log = |field: &str, digest: &str| {
            format!(
                "kind: inference-log\nmlSpecVersion: 0.2.0\nrequestInfo: {{requestId: r, requestTimestamp: 2026-09-01T08:00:00Z}}\n\
                 provenance: {{{field}: '{digest}'}}\n---\n"
            )
        };
        let features = include_str!("../bases/credit-features.yml");
        let features = format!("{features}digest: {A}\n");
        let model = format!("{}modelDigest: {A}\n", include_str!("../bases/credit-model.yml"));
        let run = format!("{}artifacts: [{{key: m, modelDigest: '{A}'}}]\n", include_str!("../bases/credit-fit.yml"));
        let is_found = |field: &str, digest: &str, others: &str| {
            let text = log(field, digest) + others;
            found(&text).iter().any(|(rule, ..)| *rule == "inference/provenance-unknown")
        };
        for (field, others) in [("featuresDigest", &features), ("modelDigest", &model), ("modelDigest", &run)] {
            assert!(is_found(field, B, others), "{field}");
            assert!(!is_found(field, A, others), "{field}");
            assert!(!is_found(field, B, ""), "{field}");
        }
        assert!(!is_found("modelDigest", B, &features), "nobody says which models there are");
    }
}
