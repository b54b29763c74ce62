//! The data of a model: how it was split, what validating it found, how often what is held back was used.

use jiff::civil::Date;
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::Serialize;

use super::model::{StepFile, objectives_of};
use super::subject::SubjectDocuments;
use super::{age, said};
use crate::coverage::{CoveredSubject, StepDocument};
use crate::documents::Document;
use crate::documents::field::List;
use crate::documents::objectives::DataStage;
use crate::documents::validation::{AnomalySeverity, MeasuredDistance, ValidationResult};
use crate::lineage::{Lineage, Relation, ThingId, day_of};
use crate::workspace::Member;

/// How data was split.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct SplitReport {
    /// The name of the split.
    pub name: String,
    /// Its file.
    pub path: String,
    /// The sets, in the order of the lifecycle.
    pub sets: Vec<SplitSetReport>,
}

/// A set of a split.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct SplitSetReport {
    /// The name of the set.
    pub name: &'static str,
    /// Its share of the examples.
    pub fraction: Option<f64>,
    /// The number of its examples.
    pub examples: Option<u64>,
}

/// How often data that is held back for the test was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HoldbackUse {
    /// The data.
    pub dataset: String,
    /// The number of documents that used it.
    pub count: usize,
    /// The newest of these, the newest first.
    pub uses: Vec<StepFile>,
}

/// The most uses of held-back data that are listed.
const MOST_USES: usize = 10;

/// What validating data found.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ValidationReport {
    /// The name of the validation.
    pub name: String,
    /// Its file.
    pub path: String,
    /// Its day.
    #[schemars(extend("format" = "date"))]
    pub date: Option<String>,
    /// Whether the data may be used.
    pub is_passed: bool,
    /// The anomalies because of which it may not.
    pub errors: usize,
    /// The anomalies with which it may, with care.
    pub warnings: usize,
    /// How far fields are from those of other data.
    pub distances: Vec<DistanceReport>,
}

/// How far a field is from that of other data.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct DistanceReport {
    /// Whether it is skew, to another environment, and not drift, from earlier data.
    pub is_skew: bool,
    /// The field.
    pub field: String,
    /// The other data.
    pub against: String,
    /// How the distance was measured.
    pub measure: String,
    /// The distance.
    pub value: f64,
    /// The greatest distance that is allowed.
    pub threshold: Option<f64>,
}

/// Returns the document of a step.
fn member<'l>(lineage: &'l Lineage<'_>, own: &StepDocument) -> Option<&'l Member> {
    let of_kind = lineage.workspace().of_kind(own.kind);
    let mut named = of_kind.filter_map(|id| Some((id, lineage.workspace().member(id)?)));
    let is_named = |id| lineage.of_document(id).is_some_and(|thing| lineage.label(thing) == own.name);
    named.find(|(id, member)| member.file() == own.path && is_named(*id)).map(|(_, member)| member)
}

fn steps(subject: &CoveredSubject) -> impl Iterator<Item = &StepDocument> {
    subject.steps.iter().flat_map(|step| &step.documents)
}

pub(super) fn validations(lineage: &Lineage<'_>, subject: &CoveredSubject) -> Vec<ValidationReport> {
    let report = |own: &StepDocument| {
        let member = member(lineage, own)?;
        let Some(Document::Validation(document)) = member.typed() else { return None };
        let anomalies = || document.anomalies.get().into_iter().flat_map(List::iter);
        let count = |severity| anomalies().filter(|(_, own)| own.severity.get() == Some(&severity)).count();
        let distances = |list: Option<&List<MeasuredDistance>>, is_skew| -> Vec<DistanceReport> {
            let distance = |(_, own): (_, &MeasuredDistance)| {
                Some(DistanceReport {
                    is_skew,
                    field: said::said(own.field.get()?),
                    against: said::said(own.against.get()?),
                    measure: said::said_node(&member.tree, own.measure.node()?)?,
                    value: *own.value.get().filter(|value| value.is_finite())?,
                    threshold: own.threshold.get().copied().filter(|value| value.is_finite()),
                })
            };
            list.into_iter().flat_map(List::iter).filter_map(distance).collect()
        };
        let drift = distances(document.drift.get(), false);
        Some(ValidationReport {
            name: own.name.clone(),
            path: said::path(&own.path),
            date: own.day.map(|day| day.to_string()),
            is_passed: document.result.get() == Some(&ValidationResult::Passed),
            errors: count(AnomalySeverity::Error),
            warnings: count(AnomalySeverity::Warning),
            distances: drift.into_iter().chain(distances(document.skew.get(), true)).collect(),
        })
    };
    steps(subject).filter_map(report).collect()
}

pub(super) fn splits(lineage: &Lineage<'_>, subject: &CoveredSubject) -> Vec<SplitReport> {
    let report = |own: &StepDocument| {
        let Some(Document::Split(split)) = member(lineage, own)?.typed() else { return None };
        let sets = split.sets.get()?.iter().map(|(name, set)| SplitSetReport {
            name,
            fraction: set.fraction.get().map(|share| share.get()),
            examples: set.num_examples.get().copied(),
        });
        Some(SplitReport { name: own.name.clone(), path: said::path(&own.path), sets: sets.collect() })
    };
    steps(subject).filter_map(report).collect()
}

/// The uses of each of the data that is held back: many models may share it.
pub(super) type HoldbackUses = FxHashMap<ThingId, HoldbackUse>;

pub(super) fn holdback(
    lineage: &Lineage<'_>,
    documents: &SubjectDocuments,
    day: Option<Date>,
    known: &mut HoldbackUses,
) -> Vec<HoldbackUse> {
    let mut found: Vec<HoldbackUse> = Vec::new();
    for id in &documents.objectives {
        let Some(member) = lineage.workspace().member(*id) else { continue };
        let datasets = objectives_of(member).and_then(|document| document.datasets.get());
        let is_held_back = |name: &str| {
            let data = datasets.and_then(|datasets| datasets.get(name));
            data.is_some_and(|data| data.stage.get() == Some(&DataStage::Test))
        };
        let judged = lineage.of_document(*id).into_iter().flat_map(|thing| lineage.into(thing));
        for edge in judged.filter(|edge| edge.relation == Relation::JudgedOn && is_held_back(edge.detail)) {
            let own = known.entry(edge.from).or_insert_with(|| uses(lineage, edge.from, day));
            if !found.iter().any(|other| other.dataset == own.dataset) {
                found.push(own.clone());
            }
        }
    }
    found
}

/// Returns how often some data was used.
fn uses(lineage: &Lineage<'_>, data: ThingId, day: Option<Date>) -> HoldbackUse {
    let is_use = |relation| matches!(relation, Relation::MeasuredOn | Relation::Read);
    let users = lineage.out_of(data).filter(|edge| is_use(edge.relation)).map(|edge| edge.to);
    let mut uses: Vec<StepFile> = users
        .filter_map(|thing| {
            let own = lineage.documents(thing).first().and_then(|id| lineage.workspace().member(*id))?;
            let date = day_of(own);
            Some(StepFile {
                kind: own.kind.name(),
                name: lineage.label(thing),
                path: said::path(own.file()),
                date: date.map(|date| date.to_string()),
                age_days: age(date, day),
            })
        })
        .collect();
    uses.sort_by(|a, b| (&b.date, &a.path, &a.name).cmp(&(&a.date, &b.path, &b.name)));
    uses.dedup();
    let count = uses.len();
    uses.truncate(MOST_USES);
    HoldbackUse { dataset: lineage.label(data), count, uses }
}
