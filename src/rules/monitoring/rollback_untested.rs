//! `monitoring/rollback-untested`

use crate::documents::field::List;
use crate::documents::roles::ReferenceRole;
use crate::documents::{Document, Kind};
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
    let Some((reference, model, id)) = target.filter(|(_, model, _)| model.is_model_version()) else { return };
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

/// The maximum number of tests that are looked at.
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
