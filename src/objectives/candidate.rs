//! Which documents of a workspace a gate judges by, where nobody names them.

use jiff::Timestamp;

use super::policy::Policy;
use super::syntax::ast::Reference;
use super::typed::{Claim, Predicate};
use super::verdict::Role;
use crate::documents::field::List;
use crate::documents::measured::Measured;
use crate::documents::objectives::Objectives;
use crate::documents::{Document, Kind};
use crate::workspace::{Member, MemberId, Resolution, Workspace};

/// Several documents that could be meant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("several documents could be meant as {what}: {}; name one of them", .candidates.join(", "))]
pub struct SeveralCandidates {
    /// What they could be.
    pub what: &'static str,
    /// Their files.
    pub candidates: Vec<String>,
}

/// Looks documents up that belong to a document of objectives.
pub struct Candidates<'w, 'a> {
    workspace: &'w Workspace<'a>,
    own: MemberId,
    objectives: &'a Objectives,
}

impl<'w, 'a> Candidates<'w, 'a> {
    /// Of the objectives that are this member of the workspace.
    #[must_use]
    pub fn of(workspace: &'w Workspace<'a>, own: MemberId) -> Option<Self> {
        match workspace.member(own)?.typed()? {
            Document::Objectives(objectives) => Some(Self { workspace, own, objectives }),
            _ => None,
        }
    }

    /// The newest evaluation or test that names the objectives; where none does, the newest one of their model.
    ///
    /// # Errors
    /// When two are equally new.
    pub fn newest(&self, kind: Kind) -> Result<Option<&'a Member>, SeveralCandidates> {
        let all: Vec<_> = self.workspace.of_kind(kind).iter().filter_map(|id| self.measured(*id)).collect();
        let names_these = |own: &&Measured| self.is(own.objectives.get().map(|text| &**text), self.own);
        let is_of_model = |own: &&Measured| own.objectives.get().is_none() && self.is_of_model(own);
        let mut found: Vec<_> = all.iter().filter(|(_, own)| names_these(own)).collect();
        if found.is_empty() {
            found = all.iter().filter(|(_, own)| is_of_model(own)).collect();
        }
        let newest = found.iter().filter_map(|(_, own)| date(own)).max();
        let found: Vec<_> = found.into_iter().filter(|(_, own)| newest.is_none() || date(own) == newest).collect();
        match found.as_slice() {
            [] => Ok(None),
            [(member, _)] => Ok(Some(member)),
            several => Err(SeveralCandidates {
                what: if kind == Kind::Test { "the test" } else { "the evaluation" },
                candidates: several.iter().map(|(member, _)| member.file().to_owned()).collect(),
            }),
        }
    }

    fn measured(&self, id: MemberId) -> Option<(&'a Member, &'a Measured)> {
        let member = self.workspace.member(id)?;
        match member.typed()? {
            Document::Evaluation(own) | Document::Test(own) => Some((member, &**own)),
            _ => None,
        }
    }

    fn is(&self, reference: Option<&str>, target: MemberId) -> bool {
        let Some(member) = self.workspace.member(target) else { return false };
        let found = reference.map(|text| self.workspace.lookup(text, &[member.kind]));
        found == Some(Resolution::Found(target))
    }

    fn is_of_model(&self, own: &Measured) -> bool {
        let (Some(wanted), Some(model)) = (self.objectives.model.get(), own.model.get()) else { return false };
        let find = |text: &str| self.workspace.lookup(text, &[Kind::Model, Kind::ModelCard]);
        match (find(wanted), find(model)) {
            (Resolution::Found(a), Resolution::Found(b)) => a == b,
            // The model itself may be kept elsewhere.
            _ => wanted.eq_ignore_ascii_case(model),
        }
    }

    /// The run of the baseline, with the evaluations and tests that it made.
    #[must_use]
    pub fn baseline(&self) -> Vec<&'a Member> {
        let Some(name) = self.objectives.baseline.get().and_then(|baseline| baseline.run.get()) else {
            return Vec::new();
        };
        let Resolution::Found(run) = self.workspace.lookup(name, &RUNS) else { return Vec::new() };
        let measured = [Kind::Evaluation, Kind::Test].into_iter().flat_map(|kind| self.workspace.of_kind(kind));
        let made = measured
            .filter_map(|id| self.measured(*id))
            .filter(|(_, own)| self.is(own.run.get().map(|text| &**text), run));
        self.workspace.member(run).into_iter().chain(made.map(|(member, _)| member)).collect()
    }

    /// The other runs that the objectives measure changes against: those that they name, and, for `previous run` and `median of last
    /// … runs`, those of the experiment of the candidate.
    #[must_use]
    pub fn history(&self, policy: &Policy, candidate: &[&Member]) -> Vec<&'a Member> {
        let references: Vec<&Reference> = references(policy);
        let named = references.iter().filter_map(|reference| match reference {
            Reference::Run(name) => match self.workspace.lookup(name, &RUNS) {
                Resolution::Found(found) => Some(found),
                _ => None,
            },
            _ => None,
        });
        let mut found: Vec<MemberId> = named.collect();
        let wants_earlier =
            |reference: &&Reference| matches!(reference, Reference::PreviousRun | Reference::MedianOfLast(_));
        if references.iter().any(wants_earlier) {
            let experiments: Vec<&str> = candidate.iter().filter_map(|member| self.experiment(member)).collect();
            let runs = RUNS.into_iter().flat_map(|kind| self.workspace.of_kind(kind)).copied();
            found.extend(runs.filter(|id| {
                let own = self.workspace.member(*id).and_then(experiment_of);
                own.is_some_and(|own| experiments.iter().any(|other| other.eq_ignore_ascii_case(own)))
            }));
        }
        found.sort_unstable();
        found.dedup();
        found.into_iter().filter_map(|id| self.workspace.member(id)).collect()
    }

    /// The experiment of a run, or of the run that a measurement names.
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

    /// The datasets that the objectives and what was measured name.
    #[must_use]
    pub fn datasets(&self, policy: &Policy, measured: &[&Member]) -> Vec<&'a Member> {
        let judged = policy.datasets.iter().filter_map(|data| data.reference.as_ref()).map(|(text, _)| text.as_str());
        let mut names: Vec<&str> = judged.collect();
        for member in measured {
            let (own, metrics) = match member.typed() {
                Some(Document::Evaluation(own) | Document::Test(own)) => (own.dataset.get(), own.metrics.get()),
                Some(Document::Run(own)) => (None, own.metrics.get()),
                Some(Document::PipelineRun(own)) => (None, own.metrics.get()),
                _ => continue,
            };
            let named = metrics.into_iter().flat_map(List::iter).filter_map(|(_, metric)| metric.dataset.get());
            names.extend(own.into_iter().chain(named).map(|text| &**text));
        }
        names.sort_unstable();
        names.dedup();
        let mut found: Vec<MemberId> = names
            .into_iter()
            .filter_map(|name| match self.workspace.lookup(name, &[Kind::Dataset]) {
                Resolution::Found(found) => Some(found),
                _ => None,
            })
            .collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter().filter_map(|id| self.workspace.member(id)).collect()
    }
}

/// The kinds of runs.
const RUNS: [Kind; 2] = [Kind::Run, Kind::PipelineRun];

/// The kinds of documents that a file in this role is read for.
#[must_use]
pub fn kinds_of(role: Role) -> &'static [Kind] {
    match role {
        Role::Objectives => &[Kind::Objectives],
        Role::Run | Role::History => &RUNS,
        Role::Evaluation => &[Kind::Evaluation],
        Role::Test => &[Kind::Test],
        Role::Baseline => &[Kind::Run, Kind::PipelineRun, Kind::Evaluation, Kind::Test],
        Role::Dataset => &[Kind::Dataset],
    }
}

/// What the changes are measured against that objectives speak of.
fn references(policy: &Policy) -> Vec<&Reference> {
    let demands = policy.objectives.iter().flat_map(|objective| objective.expect.iter().chain(&objective.aim));
    let claims = demands.filter_map(|demand| demand.condition.as_ref()).flat_map(|condition| condition.claims());
    claims.filter_map(reference_of).collect()
}

fn reference_of(claim: &Claim) -> Option<&Reference> {
    match &claim.predicate {
        Predicate::Change { reference, .. } => Some(reference),
        _ => None,
    }
}

fn experiment_of(member: &Member) -> Option<&str> {
    match member.typed()? {
        Document::Run(run) => run.experiment_id.get().map(|id| &**id),
        Document::PipelineRun(run) => run.experiment_id.get().map(|id| &**id),
        _ => None,
    }
}

fn date(own: &Measured) -> Option<Timestamp> {
    own.performed_on.get()?.parse().ok()
}
