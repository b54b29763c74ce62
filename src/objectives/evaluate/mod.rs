//! Judges whether a model meets its objectives: a pure function of the policy, the evidence and a date.
//!
//! Nothing is formatted while judging: explanations are computed by the same functions when the verdict is reported.

mod across;
mod aggregate;
mod allowed;
mod claim;
mod condition;
mod credibility;
mod dependencies;
mod index;
mod inspect;
mod interval;
mod kleene;
mod presence;
mod reference;
mod report;
mod slices;
mod small;
mod trace;
mod unknown;
mod value;
mod waiver;
mod wording;

use super::as_of::{AsOf, MaxAge};
use super::measurements::Evidence;
use super::policy::{Policy, PolicyObjective};
use super::verdict::{GateVerdict, ObjectiveCounts, ObjectiveVerdict};
use crate::documents::objectives::ObjectiveSeverity;
use condition::Judge;
pub use inspect::{ClaimInSlice, ClaimInterval, Compared, QuantileReview, Review, SlicesReview};
pub use interval::is_too_narrow;
use kleene::Kleene;
pub use report::VerdictContext;
pub use waiver::{CompleteWaiver, is_long_waiver, says_nothing, waivers};

/// Why the objectives cannot be judged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// "No required objective → invalid, never pass".
    #[error("no objective is required: nothing could ever block")]
    NoRequiredObjective,
    /// An objective that cannot be read, which must not count as met.
    #[error("the objective '{0}' cannot be read")]
    Unreadable(String),
    /// An unreadable entry in the list of objectives.
    #[error("{0} of the objectives cannot be read; `mlspec-lint check` tells which")]
    UnreadableObjectives(usize),
    /// Too many values: objectives, slices and records multiply.
    #[error(
        "the objectives look at more than {MOST_STEPS} values, slice by slice; judge fewer objectives or slices at once"
    )]
    TooMuch,
    /// Too many claims, each of which is part of the verdict.
    #[error(
        "the verdict would tell more than {MOST_CLAIMS} claims, slice by slice; judge fewer objectives or slices at once"
    )]
    TooManyClaims,
    /// A metric that cannot be read, which may be the slice that fails.
    #[error("{0} of the metrics cannot be read; `mlspec-lint check` tells which")]
    UnreadableMetrics(usize),
}

/// The greatest number of parts of expressions that are evaluated, counted in each slice: a few seconds of work.
const MOST_STEPS: u64 = 1 << 22;

/// The greatest number of claims that are reported: tens of megabytes of JSON.
const MOST_CLAIMS: u64 = 1 << 16;

/// The judgement of all objectives of a policy.
pub struct Judgement<'a> {
    judge: Judge<'a>,
    as_of: Option<AsOf>,
    objectives: Vec<ObjectiveJudgement<'a>>,
}

/// The judgement of one objective.
struct ObjectiveJudgement<'a> {
    objective: &'a PolicyObjective,
    verdict: ObjectiveVerdict,
    expect: Outcome,
    /// The outcome of the aim, which is judged only if `expect` holds.
    aim: Option<Outcome>,
    waiver: Option<&'a CompleteWaiver<'a>>,
}

/// The outcome of a condition.
#[derive(Clone, Copy, Debug)]
struct Outcome {
    truth: Kleene,
    /// Whether any value that was read is not a finite number.
    is_tainted: bool,
    /// Whether something is unknown because the evidence is impossible.
    is_impossible: bool,
}

impl Outcome {
    fn of(truth: Kleene) -> Self {
        Self { truth, is_tainted: false, is_impossible: false }
    }

    /// Combines the outcomes of two conditions, with their common truth.
    fn with(self, other: Self, truth: Kleene) -> Self {
        let is_impossible = self.is_impossible || other.is_impossible;
        Self { truth, is_tainted: self.is_tainted || other.is_tainted, is_impossible }
    }
}

/// Judges the objectives of a policy by the evidence. `key_of` must be the function that the evidence was read with. `as_of` is the day or
/// instant that windows and ages are counted from, usually [`Evidence::newest`]; without it no waiver is in force and all windows are
/// empty. Waivers are counted from the newest evidence if that is later.
///
/// # Errors
/// If no objective is required, an objective or metric cannot be read, or there are too many values or claims.
pub fn judge<'a>(
    policy: &'a Policy,
    waivers: &'a [CompleteWaiver<'a>],
    evidence: &'a Evidence<'a>,
    key_of: &dyn Fn(&str) -> String,
    as_of: Option<AsOf>,
    max_age: Option<MaxAge>,
) -> Result<Judgement<'a>, Refusal> {
    if !policy.objectives.iter().any(|objective| objective.severity == ObjectiveSeverity::Required) {
        return Err(Refusal::NoRequiredObjective);
    }
    if policy.unreadable > 0 {
        return Err(Refusal::UnreadableObjectives(policy.unreadable));
    }
    let is_readable = |objective: &&PolicyObjective| {
        let mut demands = objective.aim.iter().chain(&objective.expect);
        objective.expect.is_some() && demands.all(|demand| demand.condition.is_some())
    };
    if let Some(objective) = policy.objectives.iter().find(|objective| !is_readable(objective)) {
        return Err(Refusal::Unreadable(objective.id.clone()));
    }
    let all = std::iter::once(&evidence.candidate).chain(&evidence.baseline).chain(&evidence.history);
    match all.map(|measurements| measurements.unreadable).sum() {
        0 => {}
        unreadable => return Err(Refusal::UnreadableMetrics(unreadable)),
    }
    let judge = Judge::new(policy, evidence, key_of, as_of, max_age);
    let today = as_of.map(|as_of| evidence.newest().map_or(as_of.day(), |newest| newest.day().max(as_of.day())));
    let in_force = waiver::in_force(waivers, today);
    let mut objectives = Vec::with_capacity(policy.objectives.len());
    for objective in &policy.objectives {
        objectives.push(judge.objective(objective, in_force.get(objective.id.as_str()).copied()));
        if judge.steps() > MOST_STEPS {
            return Err(Refusal::TooMuch);
        }
        if judge.claims.get() > MOST_CLAIMS {
            return Err(Refusal::TooManyClaims);
        }
    }
    Ok(Judgement { judge, as_of, objectives })
}

impl Judgement<'_> {
    /// Returns the verdict of the gate: "worst of fail > unknown > warn > pass". A waived objective warns, so that a pass never hides one
    /// that is not met.
    #[must_use]
    pub fn gate(&self) -> GateVerdict {
        let gate = |judged: &ObjectiveJudgement<'_>| match judged.verdict {
            ObjectiveVerdict::Pass => GateVerdict::Pass,
            ObjectiveVerdict::Warn | ObjectiveVerdict::Waived => GateVerdict::Warn,
            ObjectiveVerdict::Unknown => GateVerdict::Unknown,
            ObjectiveVerdict::Fail => GateVerdict::Fail,
        };
        self.objectives.iter().map(gate).max().unwrap_or(GateVerdict::Unknown)
    }

    /// Returns the verdicts of the objectives, in the order of their document.
    pub fn verdicts(&self) -> impl Iterator<Item = ObjectiveVerdict> {
        self.objectives.iter().map(|judged| judged.verdict)
    }

    /// Returns the number of objectives with each verdict.
    #[must_use]
    pub fn counts(&self) -> ObjectiveCounts {
        let mut counts = ObjectiveCounts::default();
        for judged in &self.objectives {
            *match judged.verdict {
                ObjectiveVerdict::Pass => &mut counts.pass,
                ObjectiveVerdict::Warn => &mut counts.warn,
                ObjectiveVerdict::Unknown => &mut counts.unknown,
                ObjectiveVerdict::Fail => &mut counts.fail,
                ObjectiveVerdict::Waived => &mut counts.waived,
            } += 1;
        }
        counts
    }

    /// Returns the number of parts of expressions that were evaluated so far: the cost of judging, independent of the machine.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.judge.steps()
    }
}

impl<'a> Judge<'a> {
    fn objective(
        &self,
        objective: &'a PolicyObjective,
        waiver: Option<&'a CompleteWaiver<'a>>,
    ) -> ObjectiveJudgement<'a> {
        let outcome = |demand: Option<&'a super::policy::Demand>| {
            demand.and_then(|demand| demand.condition.as_ref()).map(|condition| self.condition(condition))
        };
        // An objective without a condition was rejected before.
        let expect = outcome(objective.expect.as_ref()).unwrap_or(Outcome::of(Kleene::Unknown));
        let aim = if expect.truth == Kleene::True { outcome(objective.aim.as_ref()) } else { None };
        let falls_short = expect.is_tainted
            || expect.is_impossible
            || aim.is_some_and(|aim| aim.truth != Kleene::True || aim.is_tainted || aim.is_impossible);
        let is_required = objective.severity == ObjectiveSeverity::Required;
        let verdict = match expect.truth {
            // The other values suffice, but if one of them is impossible, they may be wrong, too.
            Kleene::True if is_required && expect.is_impossible => ObjectiveVerdict::Unknown,
            Kleene::True if falls_short => ObjectiveVerdict::Warn,
            Kleene::True => ObjectiveVerdict::Pass,
            // A waiver covers objectives that the model does not meet, or that were not measured yet, but not evidence that is wrong.
            Kleene::Unknown if is_required && waiver.is_some() && expect.is_impossible => ObjectiveVerdict::Unknown,
            _ if waiver.is_some() => ObjectiveVerdict::Waived,
            _ if !is_required => ObjectiveVerdict::Warn,
            Kleene::False => ObjectiveVerdict::Fail,
            Kleene::Unknown => ObjectiveVerdict::Unknown,
        };
        let waiver = waiver.filter(|_| verdict == ObjectiveVerdict::Waived);
        ObjectiveJudgement { objective, verdict, expect, aim, waiver }
    }
}
