//! Which documents of a workspace a gate judges by, where nobody names them.

use super::hir::{Claim, Predicate};
use super::measurements::{Evidence, Measurements};
use super::policy::Policy;
use super::syntax::ast::Reference;
use super::verdict::Role;
use crate::documents::field::List;
use crate::documents::objectives::Objectives;
use crate::documents::{Document, Kind};
use crate::workspace::{Member, MemberId, Resolution, Role as References, Workspace};

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
        match self.workspace.newest_measured(self.own, kind) {
            [] => Ok(None),
            [only] => Ok(self.workspace.member(*only)),
            several => Err(SeveralCandidates {
                what: if kind == Kind::Test { "the test" } else { "the evaluation" },
                candidates: several
                    .iter()
                    .filter_map(|id| self.workspace.member(*id))
                    .map(|member| member.file().to_owned())
                    .collect(),
            }),
        }
    }

    /// The run of the baseline, with the evaluations and tests that it made.
    #[must_use]
    pub fn baseline(&self) -> Vec<&'a Member> {
        self.baseline_ids().into_iter().filter_map(|id| self.workspace.member(id)).collect()
    }

    fn baseline_ids(&self) -> Vec<MemberId> {
        let Some(name) = self.objectives.baseline.get().and_then(|baseline| baseline.run.get()) else {
            return Vec::new();
        };
        let Resolution::Found(run) = self.workspace.lookup(name, &RUNS) else { return Vec::new() };
        let measured = |kind| self.workspace.referring_to(run, References::MeasuringRun, kind);
        let made = [Kind::Evaluation, Kind::Test].into_iter().flat_map(measured).map(|(id, _)| *id);
        std::iter::once(run).chain(made).collect()
    }

    /// What a gate judges by when nobody names anything, without other runs than the baseline; each document's number in its
    /// workspace is its source. Nothing when nothing was measured, or when it is more than this document's share of `MOST_RECORDS`.
    #[must_use]
    pub fn evidence(&self) -> Option<Evidence<'a>> {
        let newest = |kind| match self.workspace.newest_measured(self.own, kind) {
            [only] => Some(*only),
            _ => None,
        };
        let candidate: Vec<MemberId> = [Kind::Evaluation, Kind::Test].into_iter().filter_map(newest).collect();
        let baseline = self.baseline_ids();
        let share = MOST_RECORDS / self.workspace.of_kind(Kind::Objectives).len().max(1);
        let members = candidate.iter().chain(&baseline).filter_map(|id| self.workspace.member(*id));
        if candidate.is_empty() || members.map(Member::metric_count).sum::<usize>() > share {
            return None;
        }
        let baseline = Some(self.measurements(&baseline)).filter(|measurements| !measurements.documents.is_empty());
        Some(Evidence { candidate: self.measurements(&candidate), baseline, history: Vec::new() })
    }

    fn measurements(&self, ids: &[MemberId]) -> Measurements<'a> {
        let mut measurements = Measurements::default();
        for (id, member) in ids.iter().filter_map(|id| Some((*id, self.workspace.member(*id)?))) {
            if let Some(document) = member.typed() {
                measurements.add(id, document, &member.tree, &|text| self.workspace.dataset_key(text));
            }
        }
        measurements
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

/// All documents of objectives of a workspace together are compared with so many records while it is checked: the time that it
/// takes is not to grow with the product of the two.
const MOST_RECORDS: usize = 1 << 18;

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
