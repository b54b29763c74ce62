//! What git, the configuration or its name keeps from the gate, although it belongs to what is judged.

use rustc_hash::FxHashSet;

use super::derived::documents_of_data;
use super::{ChoiceError, Doubt, GateInputs, UnseenEvidence, is_compared_by_name, lower};
use crate::documents::Kind;
use crate::objectives::admission::{is_named, run_of, same_name};
use crate::objectives::policy::Policy;
use crate::objectives::provenance::{MeasuredModels, RUNS, measured_files, relatives};
use crate::workspace::{DocId, Index, Member, Resolution, Workspace};

/// Runs that show what is wrong with a candidate, such as what it was trained on, must not be kept from the gate. A copy of a run that it
/// sees shows nothing more.
pub(super) fn no_run_is_hidden(index: &Index, candidate: &[Member], hidden: &[Member]) -> Result<(), ChoiceError> {
    if hidden.is_empty() {
        return Ok(());
    }
    let workspace = index.workspace();
    let all = with_hidden(index, hidden);
    let makers = MeasuredModels::of(all.workspace(), candidate.iter()).runs(all.workspace());
    let near = makers.into_iter().flat_map(|run| relatives(all.workspace(), run));
    let near: Vec<&Member> = near.filter_map(|id| all.workspace().member(id)).collect();
    let models = MeasuredModels::of(workspace, candidate.iter());
    let names_it = |run: &Member, measured: &Member| run_of(measured).is_some_and(|name| is_named(run, name));
    for own in hidden.iter().filter(|own| RUNS.contains(&own.kind) || own.kind == Kind::Artifact) {
        let part = match candidate.iter().any(|measured| names_it(own, measured)) {
            true => "the evidence names",
            false if models.are_made_by(workspace, own) => "made the model that is judged",
            false if near.iter().any(|run| run.is(own)) => "belongs to the one that made the model that is judged",
            false => continue,
        };
        if !is_copy(workspace, own) {
            return Err(ChoiceError::HiddenRun { file: own.file().to_owned(), part });
        }
    }
    Ok(())
}

pub(super) fn with_hidden(seen: &Index, hidden: &[Member]) -> Index {
    let members = seen.members().map(|(_, member)| member);
    Index::of(members.chain(hidden).cloned().collect(), true)
}

/// Returns the first doubt about a file that names the digest of the model that is judged. One that cannot be read may say of the run that
/// made the model that it failed, or that it read the data of the test; or it may hold another test.
pub(super) fn first_broken(
    workspace: Workspace<'_>,
    candidate: &[Member],
    doubts: &[(String, Doubt)],
) -> Option<Doubt> {
    let is_candidate = |doubt: &Doubt| candidate.iter().any(|own| own.file() == doubt.file);
    let is_judged = |model: &String| candidate.iter().any(|own| measured_files(workspace, own).contains(model));
    let broken = doubts.iter().find(|(model, doubt)| !is_candidate(doubt) && is_judged(model));
    broken.map(|(_, doubt)| doubt.clone())
}

/// The baseline that is found must not be one that is left when another run of its name, or what was measured of it, is kept from the gate.
pub(super) fn no_baseline_is_hidden(inputs: &GateInputs<'_>, unseen: &UnseenEvidence) -> Result<(), ChoiceError> {
    let names = inputs.baseline_names();
    let (Some(named), false) = (names.first(), inputs.baseline().is_empty()) else { return Ok(()) };
    let is_meant = |own: &&Member| match run_of(own) {
        Some(run) => names.iter().any(|name| same_name(name, run)),
        None => RUNS.contains(&own.kind) && is_named(own, named),
    };
    let mut hidden = unseen.hidden.iter().filter(is_meant);
    if let Some(own) = hidden.find(|own| !is_copy(inputs.workspace, own)) {
        let (file, kind, name) = (own.file().to_owned(), own.kind, (*named).to_owned());
        return Err(ChoiceError::HiddenBaseline { file, kind, name });
    }
    // Of the baseline that is found, errors are reported with their place.
    let is_found = |doubt: &&Doubt| inputs.baseline().iter().any(|own| own.file() == doubt.file);
    match unseen.baseline_doubt.as_ref().filter(|doubt| !is_found(doubt)) {
        Some(doubt) => Err(ChoiceError::BaselineDoubt { doubt: doubt.clone(), name: (*named).to_owned() }),
        None => Ok(()),
    }
}

/// Returns whether a document of the workspace says the same, word for word.
pub(super) fn is_copy(workspace: Workspace<'_>, own: &Member) -> bool {
    let text = |member: &Member| member.tree.source().slice(member.tree.span(member.root)).to_owned();
    let seen = own.id().map(|id| workspace.lookup(id, &[own.kind]));
    matches!(seen, Some(Resolution::Found(id)) if workspace.member(id).is_some_and(|seen| text(seen) == text(own)))
}

/// Checks that nothing is hidden that would be chosen if it were not: what the candidate is compared with, the datasets that are named, the
/// documents that tell which model was measured, and those that say how its data was made. Another document with the id of a seen one is an old
/// copy, unless it is a run that is compared with. `judged` is the candidate, and `chosen` all that was measured.
pub(super) fn no_part_is_hidden(
    seen: &Index,
    own: DocId,
    policy: &Policy,
    (judged, chosen): (&[Member], &[Member]),
    hidden: &[Member],
) -> Result<(), ChoiceError> {
    let is_seen = |own: &Member| own.id().is_some_and(|id| seen.workspace().with_id(id).next().is_some());
    let (twins, new): (Vec<Member>, Vec<Member>) =
        hidden.iter().filter(|own| !is_copy(seen.workspace(), own)).cloned().partition(is_seen);
    if twins.is_empty() && new.is_empty() {
        return Ok(());
    }
    let all = with_hidden(seen, &new);
    let own = seen.workspace().member(own).and_then(|own| all.id_of(own));
    let Some(inputs) = own.and_then(|own| GateInputs::of(all.workspace(), own)) else { return Ok(()) };
    let mut history = inputs.history(policy, judged);
    // Of two runs of one name or id, neither is meant.
    let ids: FxHashSet<String> = history.iter().filter_map(|run| run.id()).map(lower).collect();
    let is_twin = |own: &&Member| {
        is_compared_by_name(policy, own)
            || RUNS.contains(&own.kind) && own.id().is_some_and(|id| ids.contains(&lower(id)))
    };
    let meant: Vec<&Member> = twins.iter().chain(&new).filter(is_twin).collect();
    history.extend(meant);
    let parts = [
        ("the candidate is compared with", history),
        ("the evidence or the objectives name", inputs.datasets(policy, chosen)),
        ("belongs to the model that is judged, or to its measurement", inputs.context(chosen, judged)),
        ("says how the data was made that is measured on or trained on", documents_of_data(&all, judged)),
    ];
    let files: FxHashSet<(&str, u32)> = twins.iter().chain(&new).map(|own| (own.file(), own.position)).collect();
    let is_hidden = |member: &&Member| files.contains(&(member.file(), member.position));
    let found = parts.iter().find_map(|(part, members)| Some((*part, members.iter().copied().find(is_hidden)?)));
    match found {
        Some((part, member)) => {
            Err(ChoiceError::HiddenPart { file: member.file().to_owned(), kind: member.kind, part })
        }
        None => Ok(()),
    }
}
