//! From a policy to what is asked of each record: which fields, in which slices and windows, compared with which bounds.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::sample::SampleQuestion;
use crate::data::drift::Measure;
use crate::data::statistics::{FieldStatistics, TableStatistics};
use crate::documents::objectives::DataStage;
use crate::objectives::hir::{
    Aggregate, Amount, Claim, DatasetId, DefinitionId, MetricId, Operator, Predicate, Value, ValueKind, Within,
};
use crate::objectives::number::Exact;
use crate::objectives::policy::{Policy, PolicyMetric, RecordMetric};
use crate::objectives::syntax::ast::RecordTest;
use crate::objectives::unit::MetricUnit;
use crate::records::RecordField;

/// The most slices by one dimension, or one combination of dimensions, that are told apart.
pub const MOST_SLICES: usize = 1000;

/// What the objectives of a model ask of its logs.
#[derive(Clone, Debug)]
pub struct LogQuestions {
    /// The monitored dataset that logs are, by its name in the objectives.
    pub dataset: String,
    /// The lengths of windows in seconds, in order.
    pub windows: Vec<u64>,
    pub(super) metrics: Vec<MetricQuestion>,
    pub(super) dimensions: Vec<(String, RecordField)>,
    /// The dimensions of each set of slices, by their positions, in the order of their names; the first is that of all data.
    pub(super) slices: Vec<Vec<usize>>,
}

/// What is asked of one metric.
#[derive(Clone, Debug)]
pub(super) struct MetricQuestion {
    /// The name of the metric in the policy.
    pub name: String,
    /// The field; `None` if the record as a whole is meant.
    pub field: Option<RecordField>,
    pub kind: QuestionKind,
}

#[derive(Clone, Debug)]
pub(super) enum QuestionKind {
    Sample(SampleQuestion),
    Share(RecordTest),
    Distance(Measure, Box<ComparedField>),
}

/// What the values of a field are compared with.
#[derive(Clone, Debug)]
pub(super) struct ComparedField {
    /// The statistics of the field; or why they are not known.
    pub field: Result<FieldStatistics, String>,
}

impl LogQuestions {
    /// Returns what a policy asks of logs. `profiles` are those of the datasets that distances are measured from.
    ///
    /// # Errors
    /// If it has no monitored data, or several, so that it is not clear which of them a log is.
    pub fn of(policy: &Policy, profiles: &FxHashMap<DatasetId, TableStatistics>) -> Result<Self, String> {
        let mut monitored = policy.datasets.iter().filter(|data| data.stage == Some(DataStage::Monitoring));
        let dataset = match (monitored.next(), monitored.next()) {
            (Some(only), None) => only.name.clone(),
            (None, _) => {
                return Err("the objectives declare no data of `stage: monitoring`, which is what a log is".to_owned());
            }
            (Some(first), Some(second)) => {
                return Err(format!(
                    "the objectives declare several data of `stage: monitoring`, '{}' and '{}': it is not clear which of them the log is",
                    first.name, second.name
                ));
            }
        };
        let mut asked = Asked::of(policy);
        let dimensions: Vec<(String, RecordField)> = policy
            .dimensions
            .iter()
            .filter_map(|own| Some((own.name.clone(), RecordField::named(own.from.as_deref()?))))
            .collect();
        let position = |name: &String| dimensions.iter().position(|(own, _)| own == name);
        asked.slices.insert(BTreeSet::new());
        // Sets of dimensions that records do not tell are no slices of a log.
        let slices = asked.slices.iter().filter_map(|names| names.iter().map(position).collect()).collect();
        let metrics = policy.metrics.iter().enumerate();
        let metrics = metrics.filter_map(|(id, metric)| question(id, metric, &asked, profiles)).collect();
        Ok(Self { dataset, windows: asked.windows.into_iter().collect(), metrics, dimensions, slices })
    }

    /// Returns the datasets whose profiles a policy compares logs with.
    #[must_use]
    pub fn profiles(policy: &Policy) -> Vec<DatasetId> {
        let all = policy.metrics.iter().filter_map(|metric| match metric.from {
            Some(RecordMetric::Distance { dataset, .. }) => Some(dataset),
            _ => None,
        });
        let mut all: Vec<DatasetId> = all.collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Returns whether anything is asked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.metrics.is_empty()
    }
}

fn question(
    id: MetricId,
    metric: &PolicyMetric,
    asked: &Asked,
    profiles: &FxHashMap<DatasetId, TableStatistics>,
) -> Option<MetricQuestion> {
    let (field, kind) = match metric.from.as_ref()? {
        RecordMetric::Field(name) => {
            let field = RecordField::named(name);
            let factor = field.unit().map_or_else(|| metric.unit.factor.clone(), |unit| MetricUnit::named(unit).factor);
            let mut own = asked.samples.get(&id).cloned().unwrap_or_default();
            own.bounds = own.bounds.iter().filter_map(|bound| bound.divided_by(&factor)).collect();
            own.bounds.sort();
            own.bounds.dedup();
            (Some(field), QuestionKind::Sample(own))
        }
        RecordMetric::Share(test) => {
            (test.field().map(|name| RecordField::named(&name.text)), QuestionKind::Share(test.clone()))
        }
        RecordMetric::Distance { distance, field, dataset } => {
            let statistics = profiles.get(dataset).and_then(|table| table.fields.get(field)).cloned();
            let reference =
                ComparedField { field: statistics.ok_or_else(|| format!("the profile has no field '{field}'")) };
            (Some(RecordField::named(field)), QuestionKind::Distance(Measure::by_name(distance)?, Box::new(reference)))
        }
    };
    Some(MetricQuestion { name: metric.name.clone(), field, kind })
}

/// What the conditions of a policy ask.
#[derive(Default)]
struct Asked {
    windows: BTreeSet<u64>,
    /// Names of dimensions that are asked together.
    slices: BTreeSet<BTreeSet<String>>,
    /// Of metrics that are lists; bounds are in the unit of the dimension.
    samples: FxHashMap<MetricId, SampleQuestion>,
    seen: FxHashSet<(DefinitionId, BTreeSet<String>, Option<u64>)>,
}

impl Asked {
    fn of(policy: &Policy) -> Self {
        let mut asked = Self::default();
        let conditions = policy.demands().filter_map(|(_, demand)| demand.condition.as_ref());
        for condition in conditions {
            let outer: BTreeSet<String> =
                condition.for_each.iter().flat_map(|slices| slices.dimensions.iter().cloned()).collect();
            for claim in condition.claims() {
                let bounds = bounds_of(claim, policy);
                for value in claim.values() {
                    asked.add(value, &outer, claim.window, &bounds, policy);
                }
            }
        }
        asked
    }

    fn add(
        &mut self,
        value: &Value,
        dimensions: &BTreeSet<String>,
        window: Option<u64>,
        bounds: &[Exact],
        policy: &Policy,
    ) {
        match &value.kind {
            ValueKind::Number(_) | ValueKind::Age | ValueKind::ByValue(_) => {}
            ValueKind::Metric(..) => {
                self.slices.insert(dimensions.clone());
                self.windows.extend(window);
            }
            ValueKind::Aggregate(function, inner) => {
                self.add_function(function, inner, bounds, policy);
                self.add(inner, dimensions, window, bounds, policy);
            }
            ValueKind::Negative(inner) | ValueKind::On(inner, _) => self.add(inner, dimensions, window, bounds, policy),
            ValueKind::Within(inner, Within::Window(seconds)) => {
                self.add(inner, dimensions, Some(*seconds), bounds, policy);
            }
            ValueKind::Within(inner, Within::Slice(pairs)) => {
                let all = dimensions.iter().chain(pairs.iter().map(|(name, _)| name)).cloned().collect();
                self.add(inner, &all, window, bounds, policy);
            }
            // What another model did is not in the log.
            ValueKind::Within(_, Within::Reference(_)) => {}
            ValueKind::Arithmetic(_, left, right) => {
                self.add(left, dimensions, window, bounds, policy);
                self.add(right, dimensions, window, bounds, policy);
            }
            ValueKind::Across(across) => {
                let all = dimensions.iter().chain(&across.slices.dimensions).cloned().collect();
                self.add(&across.value, &all, window, bounds, policy);
                across.weighed_by().into_iter().for_each(|own| self.add(own, &all, window, bounds, policy));
            }
            ValueKind::Definition(id) => {
                let own = policy.definitions.get(*id).and_then(|own| own.value.as_ref());
                if let Some(own) = own
                    && self.seen.insert((*id, dimensions.clone(), window))
                {
                    self.add(own, dimensions, window, bounds, policy);
                }
            }
        }
    }

    fn add_function(&mut self, function: &Aggregate, list: &Value, bounds: &[Exact], policy: &Policy) {
        let Some(metric) = metric_of(list) else { return };
        if !policy.metrics.get(metric).is_some_and(|own| matches!(own.from, Some(RecordMetric::Field(_)))) {
            return;
        }
        let own = self.samples.entry(metric).or_default();
        let order = match function {
            Aggregate::Quantile(order) => Some(order.clone()),
            Aggregate::Median => Exact::fraction(1, 2),
            Aggregate::Std => {
                own.needs_std = true;
                None
            }
            _ => None,
        };
        if let Some(order) = order {
            if !own.orders.contains(&order) {
                own.orders.push(order);
            }
            own.bounds.extend(bounds.iter().cloned());
        }
    }
}

fn metric_of(list: &Value) -> Option<MetricId> {
    match &list.kind {
        ValueKind::Metric(id, None) => Some(*id),
        ValueKind::On(inner, _) | ValueKind::Within(inner, _) => metric_of(inner),
        _ => None,
    }
}

/// Returns the numbers that a claim compares with, in the unit of their dimension, as far as they are written.
fn bounds_of(claim: &Claim, policy: &Policy) -> Vec<Exact> {
    let mut bounds = Vec::new();
    for value in claim.values() {
        literals(value, policy, &mut bounds, 0);
    }
    if let Predicate::Within(Amount::Absolute(amount), _) = &claim.predicate {
        let around: Vec<Exact> = bounds.iter().flat_map(|bound| [bound - amount, bound + amount]).collect();
        bounds.extend(around);
    }
    if let Predicate::Within(Amount::Relative(share), _) = &claim.predicate {
        let part = |bound: &Exact| share * &bound.abs();
        let around: Vec<Exact> = bounds.iter().flat_map(|bound| [bound - &part(bound), bound + &part(bound)]).collect();
        bounds.extend(around);
    }
    bounds
}

/// The depth up to which definitions are followed.
const MOST_DEPTH: usize = 8;

fn literals(value: &Value, policy: &Policy, found: &mut Vec<Exact>, depth: usize) {
    match &value.kind {
        ValueKind::ByValue(own) => own.numbers().for_each(|own| literals(own, policy, found, depth)),
        ValueKind::Definition(id) if depth < MOST_DEPTH => {
            let own = policy.definitions.get(*id).and_then(|own| own.value.as_ref());
            own.into_iter().for_each(|own| literals(own, policy, found, depth + 1));
        }
        _ => found.extend(number(value)),
    }
}

/// Returns the value of numbers alone.
fn number(value: &Value) -> Option<Exact> {
    match &value.kind {
        ValueKind::Number(number) => Some(number.clone()),
        ValueKind::Negative(inner) => Some(-&number(inner)?),
        ValueKind::Arithmetic(operator, left, right) => {
            let (left, right) = (number(left)?, number(right)?);
            match operator {
                Operator::Add => Some(&left + &right),
                Operator::Subtract => Some(&left - &right),
                Operator::Multiply => Some(&left * &right),
                Operator::Divide => left.divided_by(&right),
            }
        }
        _ => None,
    }
}
