//! `monitoring/rollback-untested`

use crate::documents::field::List;
use crate::documents::roles::ReferenceRole;
use crate::documents::{Document, Kind};
use crate::objectives::model_key::ModelKey;
use crate::rules::{Context, Findings, Linked, declare_rule};
use crate::workspace::{DocId, Member, Resolution, digest_key};

declare_rule! {
    /// The version to roll back to should be tested, and trained on other data than the one in use.
    ///
    /// A rollback is done in a hurry, by whoever is awake. Then it is too late to ask whether the older version was ever tested; and one that
    /// was trained on the same data has the same faults of the data. The rule looks at versions of models that say their `version`, in
    /// workspaces with tests.
    ///
    /// ## Fails
    /// ```yaml base:credit-monitoring,credit-model,credit-test
    /// kind: model
    /// version: 2.0.0
    /// ---
    /// kind: model
    /// ---
    /// kind: test
    /// model: credit-default@2.1.0
    /// ```
    ///
    /// ```yaml base:credit-monitoring,credit-model,credit-test
    /// rollback: {to: credit-default@1.9.0, upon: [up], rehearsedOn: 2026-08-24} # no document and no test tells of it
    /// ---
    /// kind: model
    /// ---
    /// kind: test
    /// model: credit-default@2.1.0
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-monitoring,credit-model,credit-test
    /// kind: model
    /// version: 2.0.0
    /// ---
    /// kind: model
    /// ---
    /// kind: test
    /// model: credit-default@2.0.0
    /// ```
    pub ROLLBACK_UNTESTED = {
        id: "monitoring/rollback-untested",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 12, “Include a rollback strategy”; step 9, “hold back data set”",
        kinds: [Monitoring],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let target = workspace.found().find(|(own, ..)| own.role == ReferenceRole::Rollback);
    let Some((reference, model, id)) = target.filter(|(_, model, _)| model.is_model_version()) else {
        undocumented(cx, workspace, out);
        return;
    };
    let is_tested = workspace.referring_to(id, ReferenceRole::Plain, Kind::Test).next().is_some()
        || is_file_tested(workspace, model);
    if workspace.has_kind(Kind::Test) && !is_tested {
        let message = format!("no test of {} is recorded", cx.shown(reference.node));
        let finding = cx.at_value(&ROLLBACK_UNTESTED, reference.node, message);
        let finding = finding.help("test the version, or roll back to one that was tested");
        out.push(workspace.relate(finding, model, model.object.version, "the version to roll back to"));
        return;
    }
    let watched = workspace.found().find(|(own, ..)| own.path == ["model"]);
    let Some((_, other, other_id)) = watched.filter(|(_, other, _)| other.is_model_version()) else { return };
    let (own, others) = (training_data(workspace, id), training_data(workspace, other_id));
    if !own.is_empty() && own == others && id != other_id {
        let message = format!("{} was trained on the same data as the model that is watched", cx.shown(reference.node));
        let finding = cx.at_value(&ROLLBACK_UNTESTED, reference.node, message);
        let finding = finding.help("name a version that does not share the faults of the data, too");
        out.push(workspace.relate(finding, other, other.object.version, "the version that is watched"));
    }
}

/// Reports a version without document or test, where other versions of the model have documents.
fn undocumented(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let mut references = workspace.references().map(|(reference, _)| reference);
    let Some(reference) = references.find(|reference| reference.role == ReferenceRole::Rollback) else { return };
    let Some(text) = cx.tree.text(reference.node).filter(|_| !cx.is_faulty(reference.node)) else { return };
    let target = ModelKey::of_text(**workspace, text);
    if target.version.is_none() || target.document.is_some() {
        return;
    }
    let of_kind = |kind| workspace.of_kind(kind).take(MOST_LOOKED_AT).filter_map(|id| workspace.member(id));
    let is_version = |model: &&Member| {
        model.is_model_version() && model.name().is_some_and(|name| name.to_lowercase() == target.name)
    };
    let Some(other) = of_kind(Kind::Model).find(is_version) else { return };
    let is_target = |test: &Member| {
        ModelKey::of(**workspace, test)
            .is_some_and(|own| (own.name, own.version) == (target.name.clone(), target.version.clone()))
    };
    if workspace.has_kind(Kind::Test) && !of_kind(Kind::Test).any(is_target) {
        let message = format!("there is no document of {}, and no test of it is recorded", cx.shown(reference.node));
        let finding = cx.at_value(&ROLLBACK_UNTESTED, reference.node, message);
        let finding = finding.help("name a version that was tested, and write the documents that show it");
        out.push(workspace.relate(finding, other, other.object.version, "another version"));
    }
}

/// The maximum number of models and of tests that are looked at.
const MOST_LOOKED_AT: usize = 500;

/// Whether a test is of the file of a model, by its digest, whatever it calls the model.
fn is_file_tested(workspace: &Linked<'_>, model: &Member) -> bool {
    let digest = |member: &Member| {
        let node = member.tree.find(member.root, &["modelDigest"])?;
        Some(digest_key(member.tree.text(node)?).into_owned())
    };
    let Some(own) = digest(model) else { return false };
    let mut tests = workspace.of_kind(Kind::Test).take(MOST_LOOKED_AT).filter_map(|id| workspace.member(id));
    tests.any(|test| digest(test).is_some_and(|digest| digest == own))
}

/// Returns the digests of the data that the run of a model was trained on, in order.
fn training_data(workspace: &Linked<'_>, model: DocId) -> Vec<String> {
    let run = workspace.references_of(model).find(|(own, _)| own.path == ["run"]);
    let Some((_, Resolution::Found(run))) = run else { return Vec::new() };
    let datasets = match workspace.member(*run).and_then(|member| member.typed()) {
        Some(Document::Run(own)) => own.datasets.get(),
        Some(Document::PipelineRun(own)) => own.datasets.get(),
        _ => None,
    };
    let is_training = |role: &str| role.to_lowercase().starts_with("train");
    let mut digests: Vec<String> = datasets
        .into_iter()
        .flat_map(List::iter)
        .filter(|(_, data)| data.role.get().is_some_and(|role| is_training(role)))
        .filter_map(|(_, data)| Some(data.digest.get()?.to_lowercase()))
        .collect();
    digests.sort_unstable();
    digests
}
