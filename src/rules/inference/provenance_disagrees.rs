//! `inference/provenance-disagrees`

use crate::documents::Document;
use crate::documents::Kind;
use crate::documents::field::List;
use crate::documents::inference::InferenceRecord;
use crate::rules::reproducibility::digest_disagrees::disagrees;
use crate::rules::{Context, Findings, Linked, declare_rule};
use crate::workspace::{Resolution, field};

declare_rule! {
    /// The provenance of an answer must be that of the model that answered, and of its pipeline.
    ///
    /// `pipelineDigest` is the digest of what the document of the `pipeline` says, which `mlspec-lint digest` computes, and `modelDigest` that
    /// of the file of the version that answered. If either is another one, the record leads to a model that did not give the answer. A
    /// published pipeline never changes, so its digest never does. The rule applies to records of version 0.2.0.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: inference-log
    /// mlSpecVersion: 0.2.0
    /// applicationInfo: {applicationId: credit-portal}
    /// requestInfo: {requestId: 0b7f9a53-93cf-4c0a-9c0e-6a4b7d1f2e90, requestTimestamp: 2026-09-01T08:00:03Z}
    /// modelInfo: {models: [credit-default/2.1.0]}
    /// provenance:
    ///   pipeline: train-credit-default
    ///   pipelineDigest: sha256:002af3a3feea315c1c0bc36e45632a05bd9f2a25188fa40d2075c813dbdfc492
    /// ---
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps: {fit: {cmd: python fit.py}}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: inference-log
    /// mlSpecVersion: 0.2.0
    /// applicationInfo: {applicationId: credit-portal}
    /// requestInfo: {requestId: 0b7f9a53-93cf-4c0a-9c0e-6a4b7d1f2e90, requestTimestamp: 2026-09-01T08:00:03Z}
    /// modelInfo: {models: [credit-default/2.1.0]}
    /// provenance:
    ///   pipeline: train-credit-default
    ///   pipelineDigest: sha256:6f69b4467df00a0b8d89090320885660dcae36ccb598ea0949d43f33c1d8d382
    /// ---
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps: {fit: {cmd: python fit.py}}
    /// ```
    pub PROVENANCE_DISAGREES = {
        id: "inference/provenance-disagrees",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 13, “including a cryptographically secure record of the version of the pipeline (including features) and data used to train”",
        kinds: [InferenceLog, InferencePrediction, InferenceRequest],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some(own) = cx.typed().and_then(record).filter(|_| cx.is_newest()) else { return };
    let Some(provenance) = own.provenance.get() else { return };
    let pipeline = workspace.found().find(|(reference, ..)| reference.path == ["provenance", "pipeline"]);
    if let (Some((reference, pipeline, _)), Some((digest, node))) = (pipeline, provenance.pipeline_digest.located())
        && disagrees(digest, pipeline.content_digest())
        && !cx.is_faulty(node)
    {
        let message = format!("this is not the digest of the pipeline {}", cx.shown(reference.node));
        let finding = cx.at_value(&PROVENANCE_DISAGREES, node, message);
        let finding = finding.help(format!("what it says now has the digest {}", pipeline.content_digest()));
        out.push(workspace.relate(finding, pipeline, pipeline.object.name, "the pipeline"));
    }
    let Some((digest, node)) = provenance.model_digest.located().filter(|(_, node)| !cx.is_faulty(*node)) else {
        return;
    };
    let Some(model) = answered(own) else { return };
    let Resolution::Found(id) = workspace.lookup(&model.replacen('/', "@", 1), &[Kind::Model]) else { return };
    let Some(document) = workspace.member(id).filter(|own| own.is_model_version()) else { return };
    let file = field(&document.tree, document.root, "modelDigest");
    if let Some(place) = file.filter(|place| disagrees(digest, document.tree.text(*place).unwrap_or_default())) {
        let message = format!("this is not the digest of the model '{model}', which answered");
        let finding = cx.at_value(&PROVENANCE_DISAGREES, node, message);
        out.push(workspace.relate(finding, document, Some(place), "the digest of the model"));
    }
}

fn record(document: &Document) -> Option<&InferenceRecord> {
    match document {
        Document::InferenceLog(own) | Document::InferencePrediction(own) | Document::InferenceRequest(own) => Some(own),
        _ => None,
    }
}

/// Returns the version of the model that answered, as `name/version`, if it was one.
fn answered(record: &InferenceRecord) -> Option<&str> {
    let listed = record.model_info.get().and_then(|info| info.models.get()).into_iter().flat_map(List::iter);
    let mut models = record.model_id.get().into_iter().chain(listed.map(|(_, model)| model)).map(|model| model.trim());
    let model = models.next()?;
    (models.all(|other| other == model) && model.contains('/')).then_some(model)
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    const A: &str = "sha256:673817a0510e930892b7ffb9acb67d84082623486acf4e9f17b620112b9803f5";
    const B: &str = "sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752";

    #[test]
    fn the_file_is_that_of_the_version_that_answered() {
        let model = |version: &str, digest: &str| {
            format!(
                "---\n{}modelDigest: {digest}\n",
                include_str!("../bases/credit-model.yml").replace("2.1.0", version)
            )
        };
        let is_found = |version: &str, models: &str| {
            let log = format!(
                "kind: inference-log\nmlSpecVersion: {version}\nrequestInfo: {{requestId: r, requestTimestamp: 2026-09-01T08:00:00Z}}\n\
                 modelInfo: {{models: [{models}]}}\nprovenance: {{modelDigest: '{A}'}}\n"
            );
            let text = log + &model("2.0.0", A) + &model("2.1.0", B);
            found(&text).iter().any(|(rule, ..)| *rule == "inference/provenance-disagrees")
        };
        assert!(is_found("0.2.0", "credit-default/2.1.0"));
        assert!(!is_found("0.1.0", "credit-default/2.1.0"));
        for models in
            ["credit-default/2.0.0", "credit-default/3.0.0", "credit-default", "credit-default/2.1.0, other/1"]
        {
            assert!(!is_found("0.2.0", models), "{models}");
        }
    }
}
