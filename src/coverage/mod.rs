//! Which of the thirteen steps of the lifecycle are documented, model by model.
//!
//! A step of a model is documented by what its lineage leads to: what it came from, what came of it, and what describes the data that it came
//! from. A document that nothing links to a model counts for none, and is listed.

use jiff::civil::Date;
use rustc_hash::FxHashSet;

use crate::documents::Kind;
use crate::documents::lifecycle::{LifecycleStep, STEPS};
use crate::lineage::{Direction, Lineage, Thing, ThingId, day_of};
use crate::workspace::DocId;

/// The steps of all models.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// The day of the newest record.
    pub newest: Option<Date>,
    /// The models, and objectives without a model.
    pub subjects: Vec<CoveredSubject>,
    /// The documents of steps that nothing links to a model, by file.
    pub unlinked: Vec<StepDocument>,
}

/// A model, or objectives without one, and the steps that are documented.
#[derive(Clone, Debug)]
pub struct CoveredSubject {
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
    /// The documents, the newest first. Inference records count once for each file.
    pub documents: Vec<StepDocument>,
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
        let newest = lineage.workspace().newest_record().map(|dated| dated.day);
        let mut linked: FxHashSet<ThingId> = FxHashSet::default();
        let mut subjects = Vec::new();
        let mut starts: Vec<ThingId> = lineage.models().collect();
        starts.sort_by_key(|id| (lineage.label(*id), *id));
        let judged = lineage.workspace().of_kind(Kind::Objectives).filter_map(|id| lineage.of_document(id));
        let is_of_model = |id: &ThingId| lineage.into(*id).any(|edge| lineage.kind(edge.from) == Some(Kind::Model));
        let (_, alone): (Vec<_>, Vec<_>) = judged.partition(is_of_model);
        for start in starts.into_iter().chain(alone) {
            let things = things_of(lineage, start);
            subjects.push(CoveredSubject {
                noun: if lineage.kind(start) == Some(Kind::Model) { "model" } else { "objectives" },
                name: lineage.label(start),
                steps: steps(lineage, &things, newest),
            });
            // A run that measured the model is no training, and not without a model either.
            let around = things.iter().flat_map(|id| lineage.into(*id).chain(lineage.out_of(*id)));
            linked.extend(around.flat_map(|edge| [edge.from, edge.to]));
            linked.extend(things);
        }
        let is_unlinked = |(id, _): &(ThingId, &Thing<'_>)| !linked.contains(id) && step_of(lineage, *id).is_some();
        let unlinked = lineage.things().filter(is_unlinked);
        let mut unlinked: Vec<StepDocument> = unlinked.flat_map(|(id, _)| documents(lineage, id, newest)).collect();
        unlinked.sort_by(|a, b| (&a.path, &a.name).cmp(&(&b.path, &b.name)));
        Self { newest, subjects, unlinked }
    }
}

fn step_of(lineage: &Lineage<'_>, thing: ThingId) -> Option<&'static LifecycleStep> {
    lineage.kind(thing).and_then(LifecycleStep::of_kind)
}

/// Returns what belongs to a model: what it came from, what came of it, and what describes what it came from.
fn things_of(lineage: &Lineage<'_>, start: ThingId) -> FxHashSet<ThingId> {
    let earlier = lineage.walk(start, Direction::Earlier);
    let later = lineage.walk(start, Direction::Later);
    let mut things: FxHashSet<ThingId> = earlier.iter().chain(&later).map(|visit| visit.thing).collect();
    let describing = earlier.iter().filter(|visit| !visit.is_repeated).flat_map(|visit| lineage.out_of(visit.thing));
    let describing: Vec<ThingId> = describing.map(|edge| edge.to).filter(|thing| describes(lineage, *thing)).collect();
    things.extend(describing);
    things
}

/// Returns whether a thing describes data wherever that is used, such as its profile. A run or a measurement belongs to one model.
fn describes(lineage: &Lineage<'_>, thing: ThingId) -> bool {
    step_of(lineage, thing).is_some_and(|step| (2..=6).contains(&step.number))
}

fn steps(lineage: &Lineage<'_>, things: &FxHashSet<ThingId>, newest: Option<Date>) -> Vec<CoveredStep> {
    let mut steps: Vec<CoveredStep> = STEPS.iter().map(|step| CoveredStep { step, documents: Vec::new() }).collect();
    for thing in things {
        let Some(step) = step_of(lineage, *thing) else { continue };
        if let Some(covered) = steps.iter_mut().find(|covered| covered.step == step) {
            covered.documents.extend(documents(lineage, *thing, newest));
        }
    }
    for covered in &mut steps {
        covered.documents.sort_by(|a, b| (b.day, &a.path, &a.name).cmp(&(a.day, &b.path, &b.name)));
    }
    steps
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
        false => all.iter().filter_map(|id| document(id, day(id))).collect(),
    }
}
