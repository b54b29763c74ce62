//! Selects the documents of a workspace that a gate judges by, if none are named.

mod choose;
mod data_dates;
mod data_index;
mod derived;
mod hidden;
mod measuring_runs;
mod monitored;
mod passed_over;
mod setbacks;

use std::collections::BTreeSet;

use jiff::Timestamp;
use rustc_hash::FxHashSet;

pub use derived::documents_of_data;

pub use choose::{ChoiceError, ChosenDocument, Doubt, GateChoice, UnseenEvidence, choose};

use setbacks::setbacks;

use super::admission::{artifacts, has_unfinished_steps, is_named, same_name};
use super::evaluate::says_nothing;
use super::hir::{Claim, Predicate, Value, ValueKind, Within};
use super::measurements::{Evidence, Measurements, instant};
use super::model_key::{ModelKey, named_model};
use super::policy::Policy;
use super::provenance::{MeasuredModels, RUNS, measured_files, models_made, models_read, parents, relatives};
use super::syntax::ast::ChangeReference;
use super::verdict::InputRole;
use crate::documents::artifact::ArtifactType;
use crate::documents::field::List;
use crate::documents::objectives::Objectives;
use crate::documents::roles::ReferenceRole;
use crate::documents::{Document, Kind};
use crate::workspace::{DocId, Member, Resolution, Workspace};

/// Looks up documents that belong to a document of objectives.
pub struct GateInputs<'a> {
    workspace: Workspace<'a>,
    own: DocId,
    objectives: &'a Objectives,
}

/// Returns the digests of the model files that the evaluations and tests of a workspace are of.
#[must_use]
pub fn model_files(workspace: Workspace<'_>) -> Vec<String> {
    let measured = [Kind::Evaluation, Kind::Test].into_iter().flat_map(|kind| workspace.of_kind(kind));
    let files = measured.filter_map(|id| workspace.member(id)).flat_map(|member| measured_files(workspace, member));
    let mut files: Vec<String> = files.collect();
    files.sort_unstable();
    files.dedup();
    files
}

/// Returns the names of what objectives of a workspace compare candidates with, in lower case: those of runs, and the ids of experiments for
/// `previous run` and `median of last … runs`.
#[must_use]
pub fn compared_names(workspace: Workspace<'_>) -> BTreeSet<String> {
    let policies = workspace.of_kind(Kind::Objectives).filter_map(|id| {
        let member = workspace.member(id)?;
        match member.typed()? {
            Document::Objectives(own) => Some(Policy::of(own, &member.tree).0),
            _ => None,
        }
    });
    let policies: Vec<Policy> = policies.collect();
    let mut names: BTreeSet<String> = policies.iter().flat_map(named_runs).map(lower).collect();
    if policies.iter().any(wants_earlier_runs) {
        let runs = RUNS.into_iter().flat_map(|kind| workspace.of_kind(kind)).filter_map(|id| workspace.member(id));
        names.extend(runs.filter_map(experiment_of).map(lower));
    }
    names
}

fn lower(name: &str) -> String {
    name.trim().to_lowercase()
}

impl<'a> GateInputs<'a> {
    /// Returns the inputs of the objectives with this id; `None` if it is not a document of objectives.
    #[must_use]
    pub fn of(workspace: Workspace<'a>, own: DocId) -> Option<Self> {
        match workspace.member(own)?.typed()? {
            Document::Objectives(objectives) => Some(Self { workspace, own, objectives }),
            _ => None,
        }
    }

    /// Returns the evaluations or tests that are about the objectives, with their dates: those that name them, and those of their model
    /// that name no other objectives. Newer evidence is not ignored for lack of a reference to the objectives.
    #[must_use]
    pub fn measured(&self, kind: Kind) -> Vec<(Option<Timestamp>, &'a Member)> {
        self.dated(kind, |id| self.is_about(id) == Some(true))
    }

    /// Returns the evaluations or tests that may or may not be about the objectives, with their dates: neither they nor their runs name any
    /// objectives or a model.
    #[must_use]
    pub fn unattributed(&self, kind: Kind) -> Vec<(Option<Timestamp>, &'a Member)> {
        self.dated(kind, |id| self.is_about(id).is_none())
    }

    /// A measurement of the model file that `own` measures under the name of another model, and no older.
    fn same_file_by_another_name(&self, own: &Member, kind: Kind) -> Option<&'a Member> {
        let files = measured_files(self.workspace, own);
        let date = own.recorded_on().and_then(|(text, _)| instant(text));
        let name = |member: &Member| ModelKey::of(self.workspace, member).map(|key| key.name);
        let is_other = |id| self.workspace.member(id).is_some_and(|other| name(other) != name(own));
        let others = self.dated(kind, is_other).into_iter().filter(|(other, _)| other.is_none() || *other >= date);
        others.map(|(_, member)| member).find(|member| !files.is_disjoint(&measured_files(self.workspace, member)))
    }

    fn dated(&self, kind: Kind, is_meant: impl Fn(DocId) -> bool) -> Vec<(Option<Timestamp>, &'a Member)> {
        let ids = self.workspace.of_kind(kind).filter(|id| is_meant(*id));
        let members = ids.filter_map(|id| self.workspace.member(id));
        members.map(|member| (member.recorded_on().and_then(|(text, _)| instant(text)), member)).collect()
    }

    /// Returns the objectives that a measurement names.
    fn objectives_of(&self, id: DocId) -> Option<DocId> {
        let mut references = self.workspace.references_of(id);
        match references.find(|(reference, _)| reference.targets == [Kind::Objectives]) {
            Some((_, Resolution::Found(found))) => Some(*found),
            _ => None,
        }
    }

    fn names_other_objectives(&self, id: DocId) -> bool {
        self.objectives_of(id).is_some_and(|found| found != self.own)
    }

    /// Returns whether a measurement is about the objectives; `None` if that cannot be determined.
    fn is_about(&self, id: DocId) -> Option<bool> {
        if let Some(found) = self.objectives_of(id) {
            return Some(found == self.own);
        }
        let own = ModelKey::of(self.workspace, self.workspace.member(self.own)?);
        let member = self.workspace.member(id)?;
        // A placeholder may stand for any model.
        let is_named = |model: &ModelKey| model.document.is_some() || !named_model(member).is_some_and(is_placeholder);
        match ModelKey::of(self.workspace, member).filter(is_named) {
            Some(model) => Some(own.is_some_and(|own| own.name == model.name)),
            None => {
                let models = self.models_of_run(member);
                let is_own = models.iter().any(|model| own.as_ref().is_some_and(|own| own.name == model.name));
                // A name that is not the name of a known model may stand for any.
                (is_own || models.iter().any(|model| model.document.is_some())).then_some(is_own)
            }
        }
    }

    /// Returns the models that the run of a measurement produced.
    fn models_of_run(&self, member: &Member) -> Vec<ModelKey> {
        let run = match member.typed() {
            Some(Document::Evaluation(own) | Document::Test(own)) => own.run.get(),
            _ => None,
        };
        let Some(Resolution::Found(run)) = run.map(|run| self.workspace.lookup(run, &RUNS)) else { return Vec::new() };
        let made = self.workspace.member(run).into_iter().flat_map(artifacts);
        let models = made.filter(|artifact| artifact.artifact_type.get() == Some(&ArtifactType::Model));
        models.filter_map(|artifact| Some(ModelKey::of_text(self.workspace, artifact.key.get()?))).collect()
    }

    /// Returns the run of the baseline, with the evaluations and tests that it made.
    #[must_use]
    pub fn baseline(&self) -> Vec<&'a Member> {
        self.baseline_ids().into_iter().filter_map(|id| self.workspace.member(id)).collect()
    }

    /// Checks that the text that names the baseline is not the id of one run and the name of another.
    fn baseline_is_one(&self) -> Result<(), ChoiceError> {
        let Some(name) = self.objectives.baseline.get().and_then(|baseline| baseline.run.get()) else { return Ok(()) };
        let runs = || {
            RUNS.into_iter().flat_map(|kind| self.workspace.of_kind(kind)).filter_map(|id| self.workspace.member(id))
        };
        let is = |text: Option<&str>| text.is_some_and(|text| same_name(text, name));
        let Some(by_id) = runs().find(|run| is(run.id())) else { return Ok(()) };
        match runs().find(|run| is(run.name()) && !run.is(by_id)) {
            Some(other) => Err(ChoiceError::TwoBaselines {
                name: name.to_string(),
                file: by_id.file().to_owned(),
                other_file: other.file().to_owned(),
            }),
            None => Ok(()),
        }
    }

    /// Returns the texts by which documents may name the baseline: that of the objectives, and the id and the name of the run.
    #[must_use]
    pub fn baseline_names(&self) -> Vec<&'a str> {
        let named = self.objectives.baseline.get().and_then(|baseline| baseline.run.get()).map(|run| &**run);
        let run = self.baseline().into_iter().next();
        named.into_iter().chain(run.into_iter().flat_map(|run| [run.id(), run.name()]).flatten()).collect()
    }

    fn baseline_ids(&self) -> Vec<DocId> {
        let Some(name) = self.objectives.baseline.get().and_then(|baseline| baseline.run.get()) else {
            return Vec::new();
        };
        let Resolution::Found(run) = self.workspace.lookup(name, &RUNS) else { return Vec::new() };
        let measured = |kind| self.workspace.referring_to(run, ReferenceRole::MeasuringRun, kind);
        let made = [Kind::Evaluation, Kind::Test].into_iter().flat_map(measured).map(|(id, _)| id);
        std::iter::once(run).chain(made).collect()
    }

    /// Returns the evidence that a gate judges by if nothing is named, without other runs than the baseline; the source of each document is
    /// its number in the workspace. `None` if nothing was measured, or if there are more records than this document's share of
    /// `MOST_RECORDS`.
    #[must_use]
    pub fn evidence(&self) -> Option<Evidence<'a>> {
        let newest = |kind| match self.workspace.newest_measured(self.own, kind).as_slice() {
            [only] => Some(*only),
            _ => None,
        };
        let candidate: Vec<DocId> = [Kind::Evaluation, Kind::Test].into_iter().filter_map(newest).collect();
        let baseline = self.baseline_ids();
        let share = MOST_RECORDS / self.workspace.of_kind(Kind::Objectives).len().max(1);
        let members = candidate.iter().chain(&baseline).filter_map(|id| self.workspace.member(*id));
        if candidate.is_empty() || members.map(|member| member.metric_count()).sum::<usize>() > share {
            return None;
        }
        let baseline = Some(self.measurements(&baseline)).filter(|measurements| !measurements.documents.is_empty());
        let points = self
            .workspace
            .member(self.own)
            .map(|own| Measurements::points(self.own.index(), self.objectives, &own.tree));
        let points = points.unwrap_or_default();
        Some(Evidence { candidate: self.measurements(&candidate), baseline, history: Vec::new(), points })
    }

    fn measurements(&self, ids: &[DocId]) -> Measurements<'a> {
        let mut measurements = Measurements::default();
        for (id, member) in ids.iter().filter_map(|id| Some((*id, self.workspace.member(*id)?))) {
            if let Some(document) = member.typed() {
                measurements.add(id.index(), document, &member.tree, &|text| self.workspace.dataset_key(text));
            }
        }
        measurements
    }

    /// Returns the other runs that the objectives measure changes against: those that they name, and for `previous run` and `median of last
    /// … runs`, those of the experiment of the candidate, but for those that made or measured its own file: compared with itself, no model
    /// gets worse.
    #[must_use]
    pub fn history(&self, policy: &Policy, candidate: &[Member]) -> Vec<&'a Member> {
        let named = named_runs(policy).filter_map(|name| self.workspace.lookup(name, &RUNS).found());
        let mut found: Vec<DocId> = named.collect();
        if wants_earlier_runs(policy) {
            let experiments: Vec<&str> = candidate.iter().filter_map(|member| self.experiment(member)).collect();
            let runs = RUNS.into_iter().flat_map(|kind| self.workspace.of_kind(kind));
            let files: FxHashSet<String> =
                candidate.iter().flat_map(|member| measured_files(self.workspace, member)).collect();
            found.extend(runs.filter(|id| {
                let Some(run) = self.workspace.member(*id) else { return false };
                let is_own = models_made(run).chain(models_read(run)).any(|file| files.contains(&file));
                let is_of_one = |own: &str| experiments.iter().any(|other| other.eq_ignore_ascii_case(own));
                !is_own && experiment_of(run).is_some_and(is_of_one)
            }));
        }
        found.sort_unstable();
        found.dedup();
        found.into_iter().filter_map(|id| self.workspace.member(id)).collect()
    }

    /// Returns the names of what the objectives compare a candidate with, as [`compared_names`] spells them.
    fn compared_names(&self, policy: &Policy, candidate: &[Member]) -> Vec<String> {
        let experiments = wants_earlier_runs(policy).then(|| candidate.iter().filter_map(|own| self.experiment(own)));
        named_runs(policy).chain(experiments.into_iter().flatten()).map(lower).collect()
    }

    /// Returns the experiment of a run, or of the run that a measurement names.
    fn experiment<'m>(&self, member: &'m Member) -> Option<&'m str>
    where
        'a: 'm,
    {
        let run = match member.typed()? {
            Document::Evaluation(own) | Document::Test(own) => own.run.get()?,
            _ => return experiment_of(member),
        };
        match self.workspace.lookup(run, &RUNS) {
            Resolution::Found(run) => self.workspace.member(run).and_then(experiment_of),
            _ => None,
        }
    }

    /// Returns the documents that tie evidence to a model: the models that it and the objectives name, the runs that measured, the runs that
    /// made the `candidate`, and the models that these runs produced.
    #[must_use]
    pub fn context(&self, measured: &[Member], candidate: &[Member]) -> Vec<&'a Member> {
        let (mut found, mut runs): (Vec<DocId>, Vec<DocId>) = (Vec::new(), Vec::new());
        let named = |text: &str, kinds: &[Kind]| self.workspace.lookup(text, kinds).found();
        let own = self.workspace.member(self.own);
        for member in measured.iter().chain(own) {
            found.extend(ModelKey::of(self.workspace, member).and_then(|key| key.document));
            let run = match member.typed() {
                Some(Document::Evaluation(own) | Document::Test(own)) => {
                    own.run.get().and_then(|run| named(run, &RUNS))
                }
                Some(Document::Run(_) | Document::PipelineRun(_)) => member.id().and_then(|id| named(id, &RUNS)),
                _ => None,
            };
            runs.extend(run);
        }
        // A pipeline run may say of one of its steps what the run itself does not say.
        let started = runs.iter().flat_map(|run| parents(self.workspace, *run));
        found.extend(started.filter(|id| self.workspace.member(*id).is_some_and(has_unfinished_steps)));
        let makers = MeasuredModels::of(self.workspace, candidate.iter()).runs(self.workspace);
        found.extend(makers.iter().flat_map(|run| relatives(self.workspace, *run)));
        runs.extend(makers);
        for run in runs {
            found.push(run);
            let artifacts = self.workspace.referring_to(run, ReferenceRole::Producer, Kind::Artifact);
            found.extend(artifacts.map(|(artifact, _)| artifact));
        }
        found.extend(setbacks(self.workspace, candidate));
        found.sort_unstable();
        found.dedup();
        let members = found.into_iter().filter_map(|id| self.workspace.member(id));
        members.filter(|member| !measured.iter().any(|own| own.is(member))).collect()
    }

    /// Returns the datasets that the objectives and the measurements name.
    #[must_use]
    pub fn datasets(&self, policy: &Policy, measured: &[Member]) -> Vec<&'a Member> {
        let judged = policy.datasets.iter().filter_map(|data| data.reference.as_ref()).map(|(text, _)| text.as_str());
        let mut names: Vec<&str> = judged.collect();
        names.extend(measured.iter().flat_map(data_names));
        names.sort_unstable();
        names.dedup();
        let mut found: Vec<DocId> =
            names.into_iter().filter_map(|name| self.workspace.lookup(name, &[Kind::Dataset]).found()).collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter().filter_map(|id| self.workspace.member(id)).collect()
    }
}

/// The number of records that all documents of objectives of a workspace together are compared with in a check: its time must not grow with
/// the product of the two.
const MOST_RECORDS: usize = 1 << 18;

/// Returns the data that a document measured on, as it names it, each name once.
fn data_names(member: &Member) -> Vec<&str> {
    let (own, metrics) = match member.typed() {
        Some(Document::Evaluation(own) | Document::Test(own)) => (own.dataset.get(), own.metrics.get()),
        Some(Document::Run(own)) => (None, own.metrics.get()),
        Some(Document::PipelineRun(own)) => (None, own.metrics.get()),
        _ => (None, None),
    };
    let named = metrics.into_iter().flat_map(List::iter).filter_map(|(_, metric)| metric.dataset.get());
    let mut names: Vec<&str> = own.into_iter().chain(named).map(|text| &**text).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Returns the datasets that a document measured on.
fn measured_on(workspace: Workspace<'_>, member: &Member) -> Vec<DocId> {
    data_names(member).into_iter().filter_map(|name| workspace.lookup(name, &[Kind::Dataset]).found()).collect()
}

/// Returns whether a reference to a model is to be filled in later.
fn is_placeholder(model: &str) -> bool {
    says_nothing(model) || model.contains(['$', '{', '<'])
}

/// Returns the kinds of documents that a file in this role is read for.
#[must_use]
pub fn kinds_of(role: InputRole) -> &'static [Kind] {
    match role {
        InputRole::Objectives => &[Kind::Objectives],
        InputRole::Run | InputRole::History => &RUNS,
        InputRole::Evaluation => &[Kind::Evaluation],
        InputRole::Test => &[Kind::Test],
        InputRole::Baseline => &[Kind::Run, Kind::PipelineRun, Kind::Evaluation, Kind::Test],
        InputRole::Dataset => &[Kind::Dataset],
        InputRole::Profile => &[Kind::Profile],
        // What stands for logs is made of them.
        InputRole::Log => &[],
        InputRole::Context => {
            &[Kind::Model, Kind::Run, Kind::PipelineRun, Kind::Artifact, Kind::Rollout, Kind::Validation]
        }
    }
}

/// Returns whether the objectives measure changes against earlier runs of the candidate's experiment.
#[must_use]
pub fn wants_earlier_runs(policy: &Policy) -> bool {
    let is_earlier = |reference: &&ChangeReference| {
        matches!(reference, ChangeReference::PreviousRun | ChangeReference::MedianOfLast(_))
    };
    references(policy).iter().any(is_earlier)
}

/// Returns the runs that the objectives measure changes against by their names.
fn named_runs(policy: &Policy) -> impl Iterator<Item = &str> {
    references(policy).into_iter().filter_map(|reference| match reference {
        ChangeReference::Run(name) => Some(name.as_str()),
        _ => None,
    })
}

/// Returns whether the objectives measure changes against a run by its name.
fn is_compared_by_name(policy: &Policy, run: &Member) -> bool {
    RUNS.contains(&run.kind) && named_runs(policy).any(|name| is_named(run, name))
}

/// Returns the references that the objectives measure changes against.
fn references(policy: &Policy) -> Vec<&ChangeReference> {
    let demands = policy.objectives.iter().flat_map(|objective| objective.expect.iter().chain(&objective.aim));
    let claims = demands.filter_map(|demand| demand.condition.as_ref()).flat_map(|condition| condition.claims());
    let claims: Vec<&Claim> = claims.collect();
    let defined = policy.definitions.iter().filter_map(|definition| definition.value.as_ref());
    let values = claims.iter().flat_map(|claim| claim.values()).chain(defined).flat_map(Value::parts);
    let of_values = values.filter_map(|value| match &value.kind {
        ValueKind::Within(_, Within::Reference(reference)) => Some(reference),
        _ => None,
    });
    claims.iter().filter_map(|claim| reference_of(claim)).chain(of_values).collect()
}

fn reference_of(claim: &Claim) -> Option<&ChangeReference> {
    match &claim.predicate {
        Predicate::Change { reference, .. } => Some(reference),
        _ => None,
    }
}

/// Returns the experiment that a run belongs to.
#[must_use]
pub fn experiment_of(member: &Member) -> Option<&str> {
    match member.typed()? {
        Document::Run(run) => run.experiment_id.get().map(|id| &**id),
        Document::PipelineRun(run) => run.experiment_id.get().map(|id| &**id),
        _ => None,
    }
}
