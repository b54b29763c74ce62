//! Which of the thirteen steps of the lifecycle are documented, model by model.
//!
//! A step of a model is documented by what its lineage leads to: what it came from, what came of it, and what describes the data that it came
//! from. A document that nothing links to a model counts for none, and is listed.

mod reach;

use jiff::civil::Date;
use rustc_hash::FxHashSet;

use reach::{MOST_DOCUMENTS, Ranks, merge, reached};

use crate::documents::lifecycle::{LifecycleStep, STEPS};
use crate::documents::run::RunStatus;
use crate::documents::{Document, Kind};
use crate::lineage::{Lineage, LineageEdge, Relation, Thing, ThingId, day_of};
use crate::workspace::{DocId, DocumentFacts, Workspace, digest_key};

/// The steps of all models.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// The day of the newest record.
    pub newest: Option<Date>,
    /// The models, and objectives without a model.
    pub subjects: Vec<CoveredSubject>,
    /// The documents of steps that nothing links to a model, by file. What was made up for the tests of objectives is not among them.
    pub unlinked: Vec<StepDocument>,
}

/// A model, or objectives without one, and the steps that are documented.
#[derive(Clone, Debug)]
pub struct CoveredSubject {
    /// The thing that it is in the lineage.
    pub thing: ThingId,
    /// What it is: `model` or `objectives`.
    pub noun: &'static str,
    /// Its name.
    pub name: String,
    /// All steps, in their order.
    pub steps: Vec<CoveredStep>,
}

/// A step, and what documents it.
#[derive(Clone, Debug)]
pub struct CoveredStep {
    /// The step.
    pub step: &'static LifecycleStep,
    /// The newest documents, the newest first. Inference records count once for each file.
    pub documents: Vec<StepDocument>,
    /// Whether there are more than these.
    pub has_more: bool,
}

/// A document of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepDocument {
    /// Its kind.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Its file.
    pub path: String,
    /// Its day, if it has one.
    pub day: Option<Date>,
    /// How many days it is older than the newest record.
    pub age: Option<i32>,
}

impl CoveredSubject {
    /// Returns the number of documented steps.
    #[must_use]
    pub fn documented(&self) -> usize {
        self.steps.iter().filter(|step| !step.documents.is_empty()).count()
    }

    /// Returns those of some steps that are not documented.
    pub fn lacking<'s>(
        &'s self,
        required: &'s [&'static LifecycleStep],
    ) -> impl Iterator<Item = &'static LifecycleStep> + 's {
        let lacks = |step: &&CoveredStep| step.documents.is_empty() && required.contains(&step.step);
        self.steps.iter().filter(lacks).map(|step| step.step)
    }
}

impl Coverage {
    /// Returns the coverage of a workspace.
    #[must_use]
    pub fn of(lineage: &Lineage<'_>) -> Self {
        // A rollout may be newer than any record: its stages have days of their own.
        let of_steps = lineage.things().map(|(id, _)| id).filter(|id| step_of(lineage, *id).is_some());
        let of_steps = of_steps.flat_map(|id| lineage.documents(id)).filter_map(|id| lineage.workspace().member(*id));
        let newest = of_steps.filter_map(|member| day_of(member)).max();
        let recorded = Recorded::of(lineage, newest);
        let mut starts: Vec<ThingId> = lineage.models().collect();
        starts.sort_by_key(|id| (lineage.label(*id), *id));
        let judged = lineage.workspace().of_kind(Kind::Objectives).filter_map(|id| lineage.of_document(id));
        let is_of_model = |id: &ThingId| lineage.into(*id).any(|edge| lineage.kind(edge.from) == Some(Kind::Model));
        starts.extend(judged.filter(|id| !is_of_model(id)));
        let earlier = neighbors(lineage, |id| lineage.into(id).map(|edge| edge.from.index()).collect());
        let later = neighbors(lineage, |id| {
            lineage.out_of(id).filter(|edge| is_own(edge)).map(|edge| edge.to.index()).collect()
        });
        let linked = linked(lineage, &starts, &earlier, &later);
        let describing: Vec<Ranks> = lineage.things().map(|(id, _)| recorded.with_describing(lineage, id)).collect();
        let with_data = |id| recorded.with_data(lineage, id, &describing);
        let own: Vec<Ranks> = lineage.things().map(|(id, _)| with_data(id)).collect();
        let (before, after) = (reached(describing, &earlier), reached(own, &later));
        let subject = |start: &ThingId| {
            let mut ranks = before.get(start.index()).cloned().unwrap_or_default();
            after.get(start.index()).into_iter().for_each(|after| merge(&mut ranks, after));
            let noun = if lineage.kind(*start) == Some(Kind::Model) { "model" } else { "objectives" };
            CoveredSubject { thing: *start, noun, name: lineage.label(*start), steps: recorded.steps(&ranks) }
        };
        let subjects = starts.iter().map(subject).collect();
        let fixtures = fixtures(lineage);
        let is_unlinked = |own: &&(ThingId, StepDocument)| !linked.contains(&own.0) && !fixtures.contains(&own.1.path);
        let unlinked = recorded.0.iter().filter(is_unlinked).map(|(_, document)| document.clone());
        let mut unlinked: Vec<StepDocument> = unlinked.collect();
        unlinked.sort_by(|a, b| (&a.path, &a.name).cmp(&(&b.path, &b.name)));
        Self { newest, subjects, unlinked }
    }
}

/// Returns whether what came of a thing is about it, and not about what it is compared with or what takes its place.
fn is_own(edge: &LineageEdge<'_>) -> bool {
    !matches!(edge.relation, Relation::Baseline | Relation::Component | Relation::Rollback | Relation::Replaced)
}

fn neighbors(lineage: &Lineage<'_>, of: impl Fn(ThingId) -> Vec<usize>) -> Vec<Vec<usize>> {
    lineage.things().map(|(id, _)| of(id)).collect()
}

/// Returns the things that anything links to a model: a run that measured one is no training, and not without a model either.
fn linked(
    lineage: &Lineage<'_>,
    starts: &[ThingId],
    earlier: &[Vec<usize>],
    later: &[Vec<usize>],
) -> FxHashSet<ThingId> {
    let ids: Vec<ThingId> = lineage.things().map(|(id, _)| id).collect();
    let mut linked: FxHashSet<ThingId> = FxHashSet::default();
    for next in [earlier, later] {
        let mut seen: FxHashSet<ThingId> = starts.iter().copied().collect();
        let mut open = starts.to_vec();
        while let Some(thing) = open.pop() {
            let all = next.get(thing.index()).into_iter().flatten().filter_map(|at| ids.get(*at).copied());
            open.extend(all.filter(|thing| seen.insert(*thing)));
        }
        linked.extend(seen);
    }
    let around = linked.iter().flat_map(|id| lineage.into(*id).chain(lineage.out_of(*id)));
    let around: Vec<ThingId> = around.flat_map(|edge| [edge.from, edge.to]).collect();
    linked.extend(around);
    let described: Vec<ThingId> = linked
        .iter()
        .flat_map(|id| lineage.out_of(*id))
        .map(|edge| edge.to)
        .filter(|to| describes(lineage, *to))
        .collect();
    linked.extend(described);
    linked
}

/// Returns the files that are made up for the tests of objectives: they are about no model.
fn fixtures(lineage: &Lineage<'_>) -> FxHashSet<String> {
    let workspace = lineage.workspace();
    let members = workspace.of_kind(Kind::Objectives).filter_map(|id| workspace.member(id));
    let beside = |file: &str, path: &str| {
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut parts: Vec<&str> = Vec::new();
        for part in folder.split('/').chain(path.split('/')).filter(|part| !matches!(*part, "" | ".")) {
            match part {
                ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        let root = if file.starts_with('/') { "/" } else { "" };
        format!("{root}{}", parts.join("/"))
    };
    let named = |member: &DocumentFacts| {
        member.named_files().into_iter().map(|named| beside(member.file(), named.path)).collect::<Vec<_>>()
    };
    members.flat_map(|member| named(member)).collect()
}

/// The documents of all steps, the newest first. Their positions are their ranks.
struct Recorded(Vec<(ThingId, StepDocument)>, rustc_hash::FxHashMap<ThingId, Vec<usize>>);

impl Recorded {
    fn of(lineage: &Lineage<'_>, newest: Option<Date>) -> Self {
        let things = lineage.things().map(|(id, _)| id).filter(|id| step_of(lineage, *id).is_some());
        let mut all: Vec<(ThingId, StepDocument)> = things
            .flat_map(|id| documents(lineage, id, newest).into_iter().map(move |document| (id, document)))
            .collect();
        all.sort_by(|(a_thing, a), (b_thing, b)| {
            (b.day, &a.path, &a.name, a_thing).cmp(&(a.day, &b.path, &b.name, b_thing))
        });
        let mut of_thing: rustc_hash::FxHashMap<ThingId, Vec<usize>> = rustc_hash::FxHashMap::default();
        for (rank, (thing, _)) in all.iter().enumerate() {
            of_thing.entry(*thing).or_default().push(rank);
        }
        Self(all, of_thing)
    }

    /// Returns the documents about a thing.
    fn ranks(&self, lineage: &Lineage<'_>, thing: ThingId) -> Ranks {
        let mut ranks = Ranks::default();
        let place = step_of(lineage, thing).and_then(|step| ranks.get_mut(usize::from(step.number) - 1));
        if let (Some(place), Some(own)) = (place, self.1.get(&thing)) {
            place.extend(own.iter().take(MOST_DOCUMENTS + 1));
        }
        ranks
    }

    /// Returns the documents about a thing, and those that describe it wherever it is used, such as the profile of a dataset. A run or a
    /// measurement belongs to one model.
    fn with_describing(&self, lineage: &Lineage<'_>, thing: ThingId) -> Ranks {
        let mut ranks = self.ranks(lineage, thing);
        for other in lineage.out_of(thing).map(|edge| edge.to) {
            if describes(lineage, other) {
                merge(&mut ranks, &self.ranks(lineage, other));
            }
        }
        ranks
    }

    /// Returns the documents about a thing, and those that describe the data that it was measured on.
    fn with_data(&self, lineage: &Lineage<'_>, thing: ThingId, describing: &[Ranks]) -> Ranks {
        let mut ranks = self.ranks(lineage, thing);
        for edge in lineage.into(thing).filter(|edge| edge.relation == Relation::MeasuredOn) {
            describing.get(edge.from.index()).into_iter().for_each(|data| merge(&mut ranks, data));
        }
        ranks
    }

    fn steps(&self, ranks: &Ranks) -> Vec<CoveredStep> {
        let step = |(step, ranks): (&'static LifecycleStep, &Vec<usize>)| CoveredStep {
            step,
            documents: ranks
                .iter()
                .take(MOST_DOCUMENTS)
                .filter_map(|rank| self.0.get(*rank).map(|(_, document)| document.clone()))
                .collect(),
            has_more: ranks.len() > MOST_DOCUMENTS,
        };
        STEPS.iter().zip(ranks).map(step).collect()
    }
}

/// Returns whether a thing documents a step before the training, and is about data.
fn describes(lineage: &Lineage<'_>, thing: ThingId) -> bool {
    step_of(lineage, thing).is_some_and(|step| (2..=6).contains(&step.number))
}

fn step_of(lineage: &Lineage<'_>, thing: ThingId) -> Option<&'static LifecycleStep> {
    lineage.kind(thing).and_then(LifecycleStep::of_kind)
}

/// Returns the documents about a thing; inference records as one.
fn documents(lineage: &Lineage<'_>, thing: ThingId, newest: Option<Date>) -> Vec<StepDocument> {
    let all = lineage.documents(thing);
    let is_log = matches!(lineage.thing(thing), Some(Thing::Records { .. }));
    let day = |id: &DocId| lineage.workspace().member(*id).and_then(|member| day_of(member));
    let document = |id: &DocId, day: Option<Date>| {
        let member = lineage.workspace().member(*id)?;
        let age = day.zip(newest).and_then(|(day, newest)| newest.since(day).ok()).map(|span| span.get_days());
        let (name, path) = (lineage.label(thing), member.file().to_owned());
        Some(StepDocument { kind: member.kind, name, path, day, age })
    };
    match is_log {
        true => all.first().and_then(|id| document(id, all.iter().filter_map(day).max())).into_iter().collect(),
        false => {
            let workspace = lineage.workspace();
            let counts = |id: &&DocId| {
                workspace
                    .member(**id)
                    .is_some_and(|own| documents_a_step(own) && !is_of_another_file(workspace, **id, own))
            };
            all.iter().filter(counts).filter_map(|id| document(id, day(id))).collect()
        }
    }
}

/// Returns whether a measurement was made of another file than the model that it names: it says nothing about that model.
fn is_of_another_file(workspace: Workspace<'_>, id: DocId, measured: &DocumentFacts) -> bool {
    let Some(Document::Evaluation(own) | Document::Test(own)) = measured.typed() else { return false };
    let Some(digest) = own.model_digest.get() else { return false };
    let models = workspace.references_of(id).filter(|(reference, _)| reference.targets == [Kind::Model]);
    let mut models = models.filter_map(|(_, model)| workspace.member(model.found()?));
    models.any(|model| match model.typed() {
        Some(Document::Model(model)) => {
            model.model_digest.get().is_some_and(|other| digest_key(other) != digest_key(digest))
        }
        _ => false,
    })
}

/// Returns whether a document documents its step: what is archived demands and watches nothing any more, what failed made nothing, and what
/// measured nothing is no test.
fn documents_a_step(member: &DocumentFacts) -> bool {
    let status = match member.typed() {
        Some(Document::Run(run)) => run.status.get(),
        Some(Document::PipelineRun(run)) => run.status.get(),
        _ => None,
    };
    match member.kind {
        Kind::Objectives | Kind::Monitoring => !member.is_archived(),
        Kind::Evaluation | Kind::Test => member.metric_count() > 0,
        _ => !matches!(status, Some(RunStatus::Failed | RunStatus::Cancelled)),
    }
}
