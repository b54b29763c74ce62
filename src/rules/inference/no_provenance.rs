//! `inference/no-provenance`

use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A record of an inference should say what the model that answered came from.
    ///
    /// When an answer is contested, years later, the first question is what gave it: which file, from which pipeline, on which data. The
    /// `provenance` of the record answers it with digests, which nobody can change afterwards. The rule applies to logs of version 0.2.0.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: inference-log
    /// mlSpecVersion: 0.2.0
    /// applicationInfo: {applicationId: credit-portal}
    /// requestInfo: {requestId: 0b7f9a53-93cf-4c0a-9c0e-6a4b7d1f2e90, requestTimestamp: 2026-09-01T08:00:03Z}
    /// modelInfo: {models: [credit-default/2.1.0]}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: inference-log
    /// mlSpecVersion: 0.2.0
    /// applicationInfo: {applicationId: credit-portal}
    /// requestInfo: {requestId: 0b7f9a53-93cf-4c0a-9c0e-6a4b7d1f2e90, requestTimestamp: 2026-09-01T08:00:03Z}
    /// modelInfo: {models: [credit-default/2.1.0]}
    /// provenance: {modelDigest: "sha256:1fa0fc933edf9ca8b26ccfa7e3e247ecf57c29a77ab45c96353f7c14781be83d"}
    /// ```
    pub NO_PROVENANCE = {
        id: "inference/no-provenance",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 13, “including a cryptographically secure record of the version of the pipeline (including features) and data used to train”",
        kinds: [InferenceLog],
        check: Any(check),
    }
}

/// The digests of which a provenance has at least one.
const DIGESTS: &[&str] = &["pipelineDigest", "featuresDigest", "datasetDigest", "modelDigest"];

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if !cx.is_newest() || !cx.is_complete() {
        return;
    }
    let provenance = cx.find(cx.root, &["provenance"]).filter(|node| !cx.tree.is_null(*node));
    let says =
        |name: &&str| provenance.is_some_and(|node| cx.find(node, &[name]).is_some_and(|own| !cx.tree.is_null(own)));
    if !DIGESTS.iter().any(says) {
        let message = "nothing says what the model that answered came from";
        let place = provenance.unwrap_or(cx.root);
        out.push(
            cx.at_key(&NO_PROVENANCE, place, message)
                .help("add 'provenance', with the digests of pipeline, data and model"),
        );
    }
}
