//! The gate: from the documents of a candidate to the verdict on it. All inputs are passed in, so that the same documents give the same
//! verdict everywhere.

use jiff::Timestamp;
use jiff::civil::Date;
use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest, Sha256};

use super::admission::{Admission, CANDIDATE, Inadmissible, Terms, is_named, run_of, same_name, unfinished};
use super::as_of::{AsOf, MaxAge};
use super::evaluate::{self, CompleteWaiver, Judgement, Refusal, VerdictContext, is_long_waiver, waivers};
use super::gate_inputs::{experiment_of, wants_earlier_runs};
use super::log::MeasuredLog;
use super::measurements::{Evidence, MeasuredIn, Measurements, day_of};
use super::policy::Policy;
use super::provenance::RUNS;
use super::redact::redact_verdict;
use super::verdict::{Concern, ConcernReason, GateMode, Input, InputRole, Verdict};
use crate::documents::Document;
use crate::documents::measurement::Measured;
use crate::documents::objectives::Objectives;
use crate::workspace::{Index, Member, digest_key};

/// A file that the gate reads, and its role.
#[derive(Clone, Debug)]
pub struct GateFile<'a> {
    /// The role of the file.
    pub role: InputRole,
    /// Its path, with `/` between folders.
    pub path: String,
    /// SHA-256 of its bytes, in lower-case hexadecimal digits.
    pub sha256: String,
    /// The documents of the file that are read; of a log, that which stands for all logs.
    pub members: Vec<&'a Member>,
    /// What was measured in the logs, with the document that stands for them.
    pub log: Option<&'a MeasuredLog>,
}

/// Returns the SHA-256 of some bytes, in lower-case hexadecimal digits.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// Returns bytes as lower-case hexadecimal digits.
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The options of a verdict.
#[derive(Clone, Debug)]
pub struct Request {
    /// The date from which waivers, windows and ages are counted; if `None`, that of the newest record.
    pub as_of: Option<AsOf>,
    /// How old evidence about the candidate may be.
    pub max_age: Option<MaxAge>,
    /// Whether the verdict blocks a deployment.
    pub mode: GateMode,
    /// The artifact to be deployed, and the requirements on the evidence.
    pub terms: Terms,
}

/// Why the gate cannot judge.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GateError {
    /// There is not exactly one document of objectives.
    #[error("{0} holds {1} documents of objectives; the gate judges by one")]
    Objectives(String, usize),
    /// Nothing was measured.
    #[error(
        "there is nothing to judge: no evaluation or test was found that names the objectives or their model; name one with --evaluation or --test, or a log with --log"
    )]
    NoEvidence,
    /// "Evaluation and test must be separate".
    #[error("{0}")]
    NotSeparate(NotSeparate),
    /// The candidate is its own baseline.
    #[error("the baseline is the candidate itself ('{0}'): held against itself, no model is worse than before")]
    OwnBaseline(String),
    /// The evidence is not about one model, or its documents contradict each other.
    #[error(transparent)]
    Inadmissible(Box<Inadmissible>),
    /// The objectives cannot be judged.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl From<Inadmissible> for GateError {
    fn from(why: Inadmissible) -> Self {
        Self::Inadmissible(Box::new(why))
    }
}

/// A test that is not separate from the evaluation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the test '{test}' is not separate from the {evaluation}: {why}. A test confirms on data that nothing was decided with, in a run of its own"
)]
pub struct NotSeparate {
    /// The name or id of the test.
    pub test: String,
    /// The kind, and the name or id, of the evaluation, or of the run that is judged as one.
    pub evaluation: String,
    /// What the two documents have in common.
    pub why: String,
}

/// The documents of a gate, by role.
pub struct Gate<'a> {
    files: &'a [GateFile<'a>],
    index: Index,
    document: &'a Objectives,
    member: &'a Member,
    policy: Policy,
    waivers: Vec<CompleteWaiver<'a>>,
    concerns: Vec<Concern>,
}

impl<'a> Gate<'a> {
    /// Reads the objectives, and checks that there is evidence and that it is admissible.
    ///
    /// # Errors
    /// If there is not exactly one document of objectives, nothing was measured, the test is not separate from the evaluation, the
    /// candidate is its own baseline, or the evidence is not admitted.
    pub fn open(files: &'a [GateFile<'a>], terms: &Terms) -> Result<Self, GateError> {
        let mut gate = Self::rehearse(files)?;
        let admission = Admission {
            files,
            workspace: gate.index.workspace(),
            objectives: gate.document,
            objectives_member: gate.member,
            policy: &gate.policy,
            terms,
        };
        gate.concerns = admission.concerns()?;
        Ok(gate)
    }

    /// Like [`Gate::open`], for a test of the objectives themselves: its evidence is made up, and need not be about their model.
    ///
    /// # Errors
    /// If there is not exactly one document of objectives, nothing was measured, the test is not separate from the evaluation, or the
    /// candidate is its own baseline.
    pub fn rehearse(files: &'a [GateFile<'a>]) -> Result<Self, GateError> {
        let gate = Self::read(files)?;
        if CANDIDATE.iter().all(|role| with_role(files, *role).next().is_none()) {
            return Err(GateError::NoEvidence);
        }
        gate.separate()?;
        gate.is_not_its_own_baseline()?;
        Ok(gate)
    }

    /// Reads the objectives only.
    ///
    /// # Errors
    /// If there is not exactly one document of objectives.
    pub fn read(files: &'a [GateFile<'a>]) -> Result<Self, GateError> {
        let objectives: Vec<_> = with_role(files, InputRole::Objectives)
            .filter_map(|member| match member.typed()? {
                Document::Objectives(document) => Some((member, &**document)),
                _ => None,
            })
            .collect();
        let [(member, document)] = objectives.as_slice() else {
            let path = files.iter().find(|file| file.role == InputRole::Objectives).map(|file| file.path.clone());
            return Err(GateError::Objectives(path.unwrap_or_default(), objectives.len()));
        };
        // References are resolved among the inputs alone, never in the workspace that they were chosen from: whoever verifies the verdict
        // has only the inputs.
        let members = files.iter().flat_map(|file| file.members.iter().copied().cloned()).collect();
        Ok(Self {
            files,
            index: Index::of(members, true),
            document,
            member,
            policy: Policy::of(document, &member.tree).0,
            waivers: waivers(document),
            concerns: Vec::new(),
        })
    }

    /// Returns the document of objectives.
    #[must_use]
    pub fn objectives(&self) -> &'a Objectives {
        self.document
    }

    /// Returns the document of objectives as a member of the index.
    #[must_use]
    pub fn member(&self) -> &'a Member {
        self.member
    }

    /// Returns the policy that the objectives were lowered to.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Returns the evidence: what was measured of the candidate, its baseline and its history.
    #[must_use]
    pub fn evidence(&self) -> Evidence<'a> {
        let baseline = self.measurements(|role| role == InputRole::Baseline);
        let mut candidate = self.measurements(|role| CANDIDATE.contains(&role));
        self.add_own_runs(&mut candidate);
        let mut history = self.history();
        // The baseline may be the previous run, too.
        if wants_earlier_runs(&self.policy) && self.is_baseline_of_experiment() {
            history.push(baseline.clone());
        }
        let source = self.files.iter().position(|file| file.members.iter().any(|own| own.is(self.member)));
        let points = Measurements::points(source.unwrap_or_default(), self.document, &self.member.tree);
        Evidence { candidate, baseline: (!baseline.documents.is_empty()).then_some(baseline), history, points }
    }

    /// Returns whether the baseline is a run of the candidate's experiment.
    fn is_baseline_of_experiment(&self) -> bool {
        let is_own = |member: &Member| {
            CANDIDATE
                .into_iter()
                .flat_map(|role| with_role(self.files, role))
                .any(|own| own.is(member) || run_of(own).is_some_and(|run| is_named(member, run)))
        };
        let members = self.files.iter().flat_map(|file| file.members.iter().copied());
        let own: Vec<&str> = members.filter(|member| is_own(member)).filter_map(experiment_of).collect();
        let mut baseline = with_role(self.files, InputRole::Baseline).filter_map(experiment_of);
        baseline.any(|experiment| own.iter().any(|own| own.eq_ignore_ascii_case(experiment)))
    }

    fn measurements(&self, is_meant: impl Fn(InputRole) -> bool) -> Measurements<'a> {
        let mut measurements = Measurements::default();
        for (source, file) in self.files.iter().enumerate().filter(|(_, file)| is_meant(file.role)) {
            self.add(&mut measurements, source, file);
        }
        measurements
    }

    /// Adds the runs that the candidate's evaluations and tests name: the candidate is not measured against its own run, nor against later
    /// ones.
    fn add_own_runs(&self, candidate: &mut Measurements<'a>) {
        let named: Vec<&str> = CANDIDATE
            .into_iter()
            .flat_map(|role| with_role(self.files, role))
            .filter_map(|member| match member.typed()? {
                Document::Evaluation(own) | Document::Test(own) => own.run.get().map(|run| &**run),
                _ => None,
            })
            .collect();
        let is_own = |run: &Member| {
            let names = [run.id(), run.name()];
            RUNS.contains(&run.kind)
                && names.into_iter().flatten().any(|own| named.iter().any(|name| same_name(name, own)))
        };
        let others = |role| matches!(role, InputRole::Context | InputRole::History);
        for (source, file) in self.files.iter().enumerate().filter(|(_, file)| others(file.role)) {
            for member in file.members.iter().filter(|member| is_own(member)) {
                if let Some(document) = member.typed() {
                    candidate.add_run(source, document, &member.tree);
                }
            }
        }
    }

    fn history(&self) -> Vec<Measurements<'a>> {
        let runs = self.files.iter().enumerate().filter(|(_, file)| file.role == InputRole::History);
        let each = runs.flat_map(|(source, file)| file.members.iter().map(move |member| (source, *member)));
        each.map(|(source, member)| {
            let mut measurements = Measurements::default();
            if let Some(document) = member.typed() {
                measurements.add(source, document, &member.tree, &|text| self.index.workspace().dataset_key(text));
            }
            // A failed run still counts as the previous run, but what it measured before it failed would be too easy to beat.
            if unfinished(member).is_some() {
                measurements.records.clear();
            }
            measurements
        })
        .collect()
    }

    fn add(&self, measurements: &mut Measurements<'a>, source: usize, file: &GateFile<'a>) {
        let key_of = |text: &str| self.index.workspace().dataset_key(text);
        for member in &file.members {
            let Some(document) = member.typed() else { continue };
            match (file.log, MeasuredIn::of(source, document, &member.tree)) {
                (Some(log), Some(own)) => measurements.add_log(log, own, member.root, &key_of),
                _ => measurements.add(source, document, &member.tree, &key_of),
            }
        }
    }

    /// Judges the evidence with these waivers, and passes the judgement to `then`.
    ///
    /// # Errors
    /// If the objectives cannot be judged.
    pub fn judge<T>(
        &self,
        evidence: &Evidence<'_>,
        waivers: &[CompleteWaiver<'_>],
        as_of: Option<AsOf>,
        max_age: Option<MaxAge>,
        then: impl FnOnce(&Judgement<'_>) -> T,
    ) -> Result<T, Refusal> {
        let as_of = as_of.or_else(|| evidence.newest());
        let key_of = |text: &str| self.index.workspace().dataset_key(text);
        let judgement = evaluate::judge(&self.policy, waivers, evidence, &key_of, as_of, max_age)?;
        Ok(then(&judgement))
    }

    /// Returns the verdict on the candidate.
    ///
    /// # Errors
    /// If the objectives cannot be judged.
    pub fn verdict(&self, request: &Request) -> Result<Verdict, GateError> {
        self.report(&self.evidence(), &self.waivers, request)
    }

    /// Returns a verdict on some evidence that does not permit a deployment. No waiver is in force: the question is what the objectives
    /// demand, not what is tolerated today.
    ///
    /// # Errors
    /// If the objectives cannot be judged.
    pub fn verdict_on(&self, evidence: &Evidence<'_>) -> Result<Verdict, GateError> {
        self.report(
            evidence,
            &[],
            &Request { as_of: None, max_age: None, mode: GateMode::DryRun, terms: Terms::default() },
        )
    }

    fn report(
        &self,
        evidence: &Evidence<'_>,
        waivers: &[CompleteWaiver<'_>],
        request: &Request,
    ) -> Result<Verdict, GateError> {
        let inputs = self.files.iter().map(|file| Input {
            role: file.role,
            path: file.path.clone(),
            sha256: file.sha256.clone(),
            documents: file.members.iter().map(|member| member.position).collect(),
        });
        let about = VerdictContext {
            mode: request.mode,
            inputs: inputs.collect(),
            log: self.files.iter().find_map(|file| file.log).map(|log| log.judged.clone()),
            subject: request.terms.subject.clone(),
            concerns: self.concerns.clone(),
        };
        let mut verdict = self.judge(evidence, waivers, request.as_of, request.max_age, |judgement| {
            judgement.verdict(&self.member.tree, about)
        })?;
        let long = long_waivers(&verdict);
        verdict.concerns.extend(long);
        redact_verdict(&mut verdict);
        Ok(verdict)
    }

    /// Returns the files of evidence that is dated after an instant, each with its date: of the candidate, and of what it is compared with.
    #[must_use]
    pub fn dated_after(&self, latest: Timestamp) -> Vec<(&'a str, Date)> {
        let Evidence { candidate, baseline, history, points: _ } = self.evidence();
        let documents = [candidate].into_iter().chain(baseline).chain(history).flat_map(|own| own.documents);
        let late = documents.filter_map(|own| {
            let date = own.date.filter(|date| *date > latest)?;
            Some((self.files.get(own.source)?.path.as_str(), day_of(date)))
        });
        let mut late: Vec<_> = late.collect();
        late.dedup();
        late
    }

    /// Checks that evaluation and test are separate: "The two are separate documents, from separate runs, on different data."
    fn separate(&self) -> Result<(), GateError> {
        let evaluations: Vec<_> = measured(with_role(self.files, InputRole::Evaluation)).collect();
        let mut seen: FxHashMap<(What, String), &Member> = FxHashMap::default();
        for (member, own) in &evaluations {
            for marks in self.marks(member, own) {
                seen.entry(marks).or_insert(member);
            }
        }
        // A run that is judged measured what an evaluation would have.
        for run in with_role(self.files, InputRole::Run).filter(|run| run.metric_count() > 0) {
            for name in [run.id(), run.name()].into_iter().flatten() {
                seen.entry((What::Run, name.to_lowercase())).or_insert(run);
            }
        }
        for (member, own) in measured(with_role(self.files, InputRole::Test)) {
            for (what, value) in self.marks(member, own) {
                if let Some(evaluation) = seen.get(&(what, value)) {
                    let why = what.shared().to_owned();
                    let evaluation = format!("{} '{}'", evaluation.kind.name(), evaluation.label());
                    let test = member.label().to_owned();
                    return Err(GateError::NotSeparate(NotSeparate { test, evaluation, why }));
                }
            }
        }
        Ok(())
    }

    /// Checks that the candidate is not its own baseline: compared with itself, no model gets worse.
    fn is_not_its_own_baseline(&self) -> Result<(), GateError> {
        let lower = |text: Option<&str>| text.map(|text| text.trim().to_lowercase());
        let baseline: FxHashSet<String> = with_role(self.files, InputRole::Baseline)
            .flat_map(|member| [lower(member.id()), lower(member.name()).filter(|_| RUNS.contains(&member.kind))])
            .flatten()
            .collect();
        let candidate = CANDIDATE.into_iter().flat_map(|role| with_role(self.files, role));
        let names = |member: &'a Member| {
            let run = match member.typed() {
                Some(Document::Evaluation(own) | Document::Test(own)) => own.run.get().map(|run| &**run),
                _ => None,
            };
            [lower(member.id()), lower(run)].into_iter().flatten()
        };
        match candidate.flat_map(names).find(|name| baseline.contains(name)) {
            Some(name) => Err(GateError::OwnBaseline(name)),
            None => Ok(()),
        }
    }

    /// Returns the properties that a test must not share with an evaluation.
    fn marks(&self, member: &Member, own: &Measured) -> Vec<(What, String)> {
        let text = |what, text: Option<&str>| text.map(|text| (what, text.trim().to_lowercase()));
        let dataset = own.dataset.get().map(|dataset| (What::Dataset, self.index.workspace().dataset_key(dataset)));
        let found = [
            text(What::Id, member.id()),
            text(What::Run, own.run.get().map(|run| &**run)),
            dataset,
            own.dataset_digest.get().map(|digest| (What::Digest, digest_key(digest).into_owned())),
        ];
        found.into_iter().flatten().collect()
    }
}

/// A property that distinguishes measurements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum What {
    Id,
    Run,
    Dataset,
    Digest,
}

impl What {
    fn shared(self) -> &'static str {
        match self {
            Self::Id => "they are one document, or share its id",
            Self::Run => "both were measured by one run",
            Self::Dataset => "both were measured on one dataset",
            Self::Digest => "both were measured on data with one digest",
        }
    }
}

/// Returns a concern for each waiver that was used and ends more than a year after the day of the verdict.
fn long_waivers(verdict: &Verdict) -> Vec<Concern> {
    let Some(day) = verdict.as_of.as_deref().and_then(|day| day.parse().ok()) else { return Vec::new() };
    let used = verdict.objectives.iter().filter_map(|own| Some((&own.id, &own.waiver.as_ref()?.until)));
    let long = used.filter(|(_, until)| until.parse().is_ok_and(|until| is_long_waiver(until, day)));
    let concern = |(id, until): (&String, &String)| Concern {
        reason: ConcernReason::LongWaiver,
        message: format!("the waiver of '{id}' ends on {until}, more than a year after the day of this verdict"),
    };
    long.map(concern).collect()
}

pub(super) fn with_role<'a>(files: &'a [GateFile<'a>], role: InputRole) -> impl Iterator<Item = &'a Member> {
    files.iter().filter(move |file| file.role == role).flat_map(|file| file.members.iter().copied())
}

fn measured<'a>(members: impl Iterator<Item = &'a Member>) -> impl Iterator<Item = (&'a Member, &'a Measured)> {
    members.filter_map(|member| match member.typed()? {
        Document::Evaluation(own) | Document::Test(own) => Some((member, &**own)),
        _ => None,
    })
}
