//! `reproducibility/model-digest-disagrees`

use super::digest_disagrees::disagrees;
use crate::documents::artifact::ArtifactType;
use crate::documents::common::Digest;
use crate::documents::field::{List, Optional};
use crate::documents::roles::ReferenceRole;
use crate::documents::run::RunArtifact;
use crate::documents::{Document, Kind};
use crate::rules::{Context, Findings, Linked, declare_rule};
use crate::workspace::{DocId, Member};
use crate::yaml::NodeId;

declare_rule! {
    /// A digest that is recorded for a version of a model must be the digest of its file.
    ///
    /// A test of `credit-default@2.1.0` that records another digest than that version has measured another file, and so does a rollout roll
    /// out another one. A version whose `run` made another file did not come of that run, and an artifact has the digest that its run lists
    /// under its name. Which of them is wrong, nobody knows afterwards.
    ///
    /// ## Fails
    /// ```yaml base:credit-model,credit-test
    /// modelDigest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ---
    /// kind: test
    /// model: credit-default@2.1.0
    /// modelDigest: sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752
    /// ```
    ///
    /// ```yaml base:credit-model,credit-fit
    /// run: 3da68b14-a14c-4ad1-84b9-e3f2ae438f86
    /// modelDigest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ---
    /// kind: run
    /// artifacts:
    ///   - {key: model, path: {DataStore: credit-lake, RelativePath: model.txt}, artifact_type: MODEL, modelDigest: "sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-model,credit-test
    /// modelDigest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ---
    /// kind: test
    /// model: credit-default@2.1.0
    /// modelDigest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ```
    pub MODEL_DIGEST_DISAGREES = {
        id: "reproducibility/model-digest-disagrees",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, “Prove that the model you used was (a) not tampered with”; step 10, “signing”",
        kinds: [Artifact, Evaluation, Model, Rollout, Test],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some((digest, node)) = cx.typed().and_then(model_digest).and_then(Optional::located) else { return };
    if cx.is_faulty(node) {
        return;
    }
    match cx.kind {
        Kind::Model => made_by(cx, workspace, (digest, node), out),
        Kind::Artifact => listed_by(cx, workspace, (digest, node), out),
        _ => of_version(cx, workspace, (digest, node), out),
    }
}

/// Compares with the file of the version that the document names.
fn of_version(cx: &Context<'_>, workspace: &Linked<'_>, (digest, node): (&str, NodeId), out: &mut Findings<'_>) {
    let is_model = |role| matches!(role, ReferenceRole::Plain);
    let mut models = workspace.found().filter(|(own, ..)| own.targets == [Kind::Model] && is_model(own.role));
    let Some((reference, model, _)) = models.next() else { return };
    // A name alone means whichever version was the newest then.
    let text = cx.tree.text(reference.node).unwrap_or_default();
    if !model.is_model_version() || !(text.contains('@') || Some(text.trim()) == model.id()) {
        return;
    }
    let file = model.typed().and_then(model_digest).and_then(Optional::located);
    if let Some((_, place)) = file.filter(|(own, _)| disagrees(digest, own)) {
        let message = format!("this is not the digest of the model {}", cx.shown(reference.node));
        let finding = cx.at_value(&MODEL_DIGEST_DISAGREES, node, message);
        let finding = finding.help("find out which file it was, and name the version of the model that it is");
        out.push(workspace.relate(finding, model, Some(place), "the digest of the model"));
    }
}

/// Compares with what the run of an artifact lists under its name.
fn listed_by(cx: &Context<'_>, workspace: &Linked<'_>, (digest, node): (&str, NodeId), out: &mut Findings<'_>) {
    let producer = workspace.found().find(|(own, ..)| own.role == ReferenceRole::Producer);
    let Some((reference, run, _)) = producer else { return };
    let is_own = |own: &RunArtifact| own.key.get().map(|key| key.trim()) == workspace.own.name();
    let listed = artifacts(run).filter(|own| is_own(own)).find_map(|own| own.model_digest.located());
    if let Some((_, place)) = listed.filter(|(own, _)| disagrees(digest, own)) {
        let message = format!("the run {} lists this artifact with another digest", cx.shown(reference.node));
        let finding = cx.at_value(&MODEL_DIGEST_DISAGREES, node, message);
        out.push(workspace.relate(finding, run, Some(place), "the digest that the run lists"));
    }
}

fn artifacts(run: &Member) -> impl Iterator<Item = &RunArtifact> {
    let listed = match run.typed() {
        Some(Document::Run(own)) => own.artifacts.get(),
        Some(Document::PipelineRun(own)) => own.artifacts.get(),
        _ => None,
    };
    listed.into_iter().flat_map(List::iter).map(|(_, own)| own)
}

/// Compares with the files of the run that made the model.
fn made_by(cx: &Context<'_>, workspace: &Linked<'_>, (digest, node): (&str, NodeId), out: &mut Findings<'_>) {
    let Some((reference, run, id)) = workspace.found().find(|(own, ..)| own.path == ["run"]) else { return };
    let files = files_of(workspace, run, id);
    let Some((member, place, _)) = files.first() else { return };
    if files.iter().all(|(.., file)| disagrees(digest, file)) {
        let message = format!("the run {} made another file", cx.shown(reference.node));
        let finding = cx.at_value(&MODEL_DIGEST_DISAGREES, node, message);
        let finding = finding.help("name the run that made the file, or correct the digest");
        out.push(workspace.relate(finding, member, Some(*place), "the file that it made"));
    }
}

/// Returns the digests of the models that a run made, as the run and their own documents say.
fn files_of<'a>(workspace: &Linked<'a>, run: &'a Member, id: DocId) -> Vec<(&'a Member, NodeId, &'a str)> {
    let listed = artifacts(run).filter_map(|own| own.model_digest.located());
    let made = workspace.referring_to(id, ReferenceRole::Producer, Kind::Artifact).filter_map(|(artifact, _)| {
        let member = workspace.member(artifact)?;
        match member.typed()? {
            Document::Artifact(own) if own.artifact_type.get() == Some(&ArtifactType::Model) => {
                own.digest.located().map(|(digest, node)| (member, node, &**digest))
            }
            _ => None,
        }
    });
    listed.map(|(digest, node)| (run, node, &**digest)).chain(made).collect()
}

fn model_digest(document: &Document) -> Option<&Optional<Digest>> {
    match document {
        Document::Artifact(own) => Some(&own.digest),
        Document::Evaluation(own) | Document::Test(own) => Some(&own.model_digest),
        Document::Model(own) => Some(&own.model_digest),
        Document::Rollout(own) => Some(&own.model_digest),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    const A: &str = "sha256:673817a0510e930892b7ffb9acb67d84082623486acf4e9f17b620112b9803f5";
    const B: &str = "sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752";

    fn is_found(text: &str) -> bool {
        found(text)
            .iter()
            .any(|(rule, place, _)| *rule == "reproducibility/model-digest-disagrees" && place.contains(B))
    }

    fn model(version: &str, digest: &str) -> String {
        let base = include_str!("../bases/credit-model.yml").replace("2.1.0", version);
        format!("{base}modelDigest: {digest}\n---\n")
    }

    #[test]
    fn only_the_version_that_is_named_is_compared() {
        let rollout = |model: &str, digest: &str| {
            let base = include_str!("../bases/credit-rollout.yml").replace("credit-default@2.1.0", model);
            format!("{base}modelDigest: {digest}\n")
        };
        let both = model("2.0.0", A) + &model("2.1.0", B);
        assert!(is_found(&(both.clone() + &rollout("credit-default@2.0.0", B))));
        assert!(!is_found(&(both.clone() + &rollout("credit-default@2.1.0", B))));
        assert!(!is_found(&(model("2.1.0", A) + &rollout("credit-default", B))));
        // Before models had versions, one document was about all of them.
        let old = model("2.1.0", A).replace("0.2.0", "0.1.0");
        assert!(!is_found(&(old + &rollout("credit-default@2.1.0", B))));
    }

    #[test]
    fn the_artifact_of_the_run_is_the_model() {
        let run = "mlSpecVersion: 0.1.0\nkind: run\nid: 592f0c1c-72ae-4236-9202-7e6aff1954f4\nname: fit\n---\n";
        let artifact = |kind: &str, digest: &str| {
            format!(
                "mlSpecVersion: 0.1.0\nkind: artifact\nid: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41\nname: m\nartifact_type: {kind}\n\
                 created_by_run_id: 592f0c1c-72ae-4236-9202-7e6aff1954f4\ndata_path: {{DataStore: a, RelativePath: b}}\ndigest: {digest}\n---\n"
            )
        };
        let own = model("2.1.0", B).replace("---\n", "run: 592f0c1c-72ae-4236-9202-7e6aff1954f4\n---\n");
        assert!(is_found(&format!("{run}{}{own}", artifact("MODEL", A))));
        assert!(!is_found(&format!("{run}{}{own}", artifact("MODEL", B))));
        assert!(!is_found(&format!("{run}{}{own}", artifact("DATA", A))));
        assert!(!is_found(&format!("{run}{own}")));
        let listed =
            |key: &str| run.replace("---\n", &format!("artifacts: [{{key: {key}, modelDigest: '{A}'}}]\n---\n"));
        assert!(is_found(&(listed("m") + &artifact("MODEL", B))));
        assert!(!is_found(&(listed("other") + &artifact("MODEL", B))));
    }
}
