//! The possible values of expressions, according to the declared ranges of metrics.

use super::NumberRange;
use crate::documents::common::Text;
use crate::documents::field::Map;
use crate::documents::objectives::Objectives;
use crate::objectives::hir::{
    Across, AcrossFunction, Aggregate, Amount, DatasetId, DefinitionId, MetricId, Operator, Slices, Value, ValueKind,
};
use crate::objectives::number::Exact;
use crate::objectives::policy::Policy;
use crate::objectives::unit::Dimension;

/// Sums with more terms are not analyzed.
const MOST_TERMS: usize = 64;
/// Units of metrics that lie between 0 and 1 unless another range is declared. Other units without a dimension, such as `ratio`, do not
/// imply this.
const SHARES: [&str; 3] = ["fraction", "probability", "percent"];

/// The possible values of the metrics and definitions of a document.
///
/// Metrics are limited by their `range`; counts are not negative. Each definition is analyzed once.
#[derive(Clone, Debug, Default)]
pub struct Ranges {
    metrics: Vec<NumberRange>,
    /// Whether a metric has no declared range, and the unit of a proportion.
    shares: Vec<bool>,
    definitions: Vec<Option<Known>>,
}

/// The possible values of a definition.
#[derive(Clone, Debug)]
struct Known {
    interval: NumberRange,
    /// The terms of the sum that it is.
    terms: Vec<Term>,
}

/// A term of a sum.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Term {
    /// The value, in the notation of [`written`].
    value: String,
    is_not_negative: bool,
}

impl Ranges {
    /// Returns the ranges that a document declares.
    #[must_use]
    pub fn of(document: &Objectives, policy: &Policy) -> Self {
        let metrics = policy.metrics.iter().map(|metric| match &metric.range {
            Some((low, high)) => NumberRange::closed(low.clone(), high.clone()).unwrap_or(NumberRange::ALL),
            None => match &metric.possible {
                (Some(low), Some(high)) => NumberRange::closed(low.clone(), high.clone()).unwrap_or(NumberRange::ALL),
                (Some(low), None) if low.is_zero() => NumberRange::not_negative(),
                _ => NumberRange::ALL,
            },
        });
        let declared = document.metrics.get().map(Map::iter).into_iter().flatten();
        let shares = declared.map(|(_, _, metric)| {
            let is_share = |unit: &Text| SHARES.iter().any(|name| unit.eq_ignore_ascii_case(name));
            metric.range.node().is_none() && metric.unit.get().is_some_and(is_share)
        });
        let definitions = vec![None; policy.definitions.len()];
        let mut ranges = Self { metrics: metrics.collect(), shares: shares.collect(), definitions };
        for id in 0..policy.definitions.len() {
            ranges.define(policy, id);
        }
        ranges
    }

    /// Returns the possible values of a value; for an array, those of each of its numbers.
    #[must_use]
    pub fn value(&self, value: &Value) -> NumberRange {
        self.known(value, None, false).interval
    }

    /// Like [`Ranges::value`], for a value that is measured on this dataset unless it names another.
    #[must_use]
    pub fn value_on(&self, value: &Value, dataset: Option<DatasetId>) -> NumberRange {
        self.known(value, dataset, false).interval
    }

    /// Returns the possible changes of a value: candidate minus reference, or that divided by the absolute value of the reference.
    #[must_use]
    pub fn change(&self, value: &Value, amount: &Amount) -> NumberRange {
        let range = self.value(value);
        match amount {
            Amount::Absolute(_) => range.minus(&range),
            // (c − r) / |r| is c / r − 1 for positive r, and 1 − c / r for negative r. It is undefined for 0.
            Amount::Relative(_) if range.is_not_negative() => {
                range.divided_by(&range).minus(&NumberRange::point(Exact::ONE))
            }
            Amount::Relative(_) if range.negative().is_not_negative() => {
                NumberRange::point(Exact::ONE).minus(&range.divided_by(&range))
            }
            Amount::Relative(_) => NumberRange::ALL,
        }
        .rounded()
    }

    fn definition(&self, id: DefinitionId) -> Option<&Known> {
        self.definitions.get(id)?.as_ref()
    }

    /// Determines the possible values of a definition. The recursion ends, because the depth of those that have a value is limited.
    fn define(&mut self, policy: &Policy, id: DefinitionId) {
        let Some(value) = policy.definitions.get(id).and_then(|definition| definition.value.as_ref()) else { return };
        if self.definition(id).is_some() {
            return;
        }
        for part in value.parts() {
            if let ValueKind::Definition(named) = part.kind {
                self.define(policy, named);
            }
        }
        let known = self.known(value, None, true);
        if let Some(own) = self.definitions.get_mut(id) {
            *own = Some(known);
        }
    }

    /// Returns the possible values of a value, with its terms only if requested, so that each part is analyzed once.
    fn known(&self, value: &Value, dataset: Option<DatasetId>, with_terms: bool) -> Known {
        let of = |inner: &Value| self.known(inner, dataset, false).interval;
        let interval = match &value.kind {
            ValueKind::On(inner, dataset) => return self.known(inner, Some(*dataset), with_terms),
            ValueKind::Arithmetic(operator, left, right) => {
                return self.arithmetic(value, *operator, [left, right], dataset, with_terms);
            }
            ValueKind::Definition(id) => match self.definition(*id) {
                // Its terms are measured on the default dataset of the definition.
                Some(known) if dataset.is_none() && with_terms => return known.clone(),
                Some(known) => known.interval.clone(),
                None => NumberRange::ALL,
            },
            ValueKind::Number(number) => NumberRange::point(number.clone()),
            ValueKind::Metric(id, _) => self.metrics.get(*id).cloned().unwrap_or(NumberRange::ALL),
            ValueKind::Aggregate(aggregate, inner) => aggregated(aggregate, of(inner)),
            ValueKind::Across(across) => compared(across, of(&across.value)),
            ValueKind::Negative(inner) => of(inner).negative(),
            ValueKind::Within(inner, _) => of(inner),
            // The range from the least to the greatest of the bounds.
            ValueKind::ByValue(own) => own.numbers().map(of).reduce(|a, b| a.around(&b)).unwrap_or(NumberRange::ALL),
            ValueKind::Age => NumberRange::not_negative(),
        };
        Known::single(value, dataset, interval, with_terms)
    }

    fn arithmetic(
        &self,
        value: &Value,
        operator: Operator,
        sides: [&Value; 2],
        dataset: Option<DatasetId>,
        with_terms: bool,
    ) -> Known {
        let [left, right] = sides;
        let asks = match operator {
            Operator::Add => with_terms,
            Operator::Divide => true,
            Operator::Subtract | Operator::Multiply => false,
        };
        let (left, right) = (self.known(left, dataset, asks), self.known(right, dataset, asks));
        let (a, b) = (&left.interval, &right.interval);
        let is_same = |[left, right]: [&Value; 2]| written(left, dataset) == written(right, dataset);
        let interval = match operator {
            Operator::Subtract if is_same(sides) => NumberRange::point(Exact::ZERO),
            Operator::Divide if is_same(sides) => NumberRange::point(Exact::ONE),
            Operator::Add => a.plus(b),
            Operator::Subtract => a.minus(b),
            Operator::Multiply => a.times(b),
            Operator::Divide if is_part_of(&left.terms, &right.terms) => NumberRange::unit(),
            Operator::Divide => a.divided_by(b),
        };
        let terms = [left.terms, right.terms].concat();
        if operator == Operator::Add && with_terms && terms.len() <= MOST_TERMS {
            return Known { interval: interval.rounded(), terms };
        }
        Known::single(value, dataset, interval, with_terms)
    }

    /// Returns whether a value is a proportion, which is often written as a percentage: it lies between 0 and 1, or has such a unit.
    #[must_use]
    pub fn is_share(&self, value: &Value) -> bool {
        if !matches!(value.unit.dimension, Dimension::One | Dimension::Unknown) {
            return false;
        }
        let range = self.value(value);
        let is_sum = |part: &Value| matches!(part.kind, ValueKind::Aggregate(Aggregate::Sum, _));
        let is_named = |id: MetricId| self.shares.get(id) == Some(&true) && !value.parts().into_iter().any(is_sum);
        range.single().is_none() && (NumberRange::unit().covers(&range) || value.metric().is_some_and(is_named))
    }
}

impl Known {
    /// Returns what is known of a value that is not a sum.
    fn single(value: &Value, dataset: Option<DatasetId>, interval: NumberRange, with_terms: bool) -> Self {
        let interval = interval.rounded();
        let term = || Term { value: written(value, dataset), is_not_negative: interval.is_not_negative() };
        let terms = if with_terms { vec![term()] } else { Vec::new() };
        Self { interval, terms }
    }
}

fn aggregated(aggregate: &Aggregate, each: NumberRange) -> NumberRange {
    match aggregate {
        Aggregate::Min
        | Aggregate::Max
        | Aggregate::Mean
        | Aggregate::Median
        | Aggregate::First
        | Aggregate::Last
        | Aggregate::Quantile(_) => each,
        Aggregate::Sum if each.is_not_negative() => NumberRange::not_negative(),
        Aggregate::Sum if each.negative().is_not_negative() => NumberRange::not_negative().negative(),
        Aggregate::Sum => NumberRange::ALL,
        // A standard deviation is a rounded number, and can exceed what the range permits.
        Aggregate::Std => NumberRange::not_negative(),
        // An empty list has no count, or it would be a list that is not reported.
        Aggregate::Count => NumberRange::not_negative().plus(&NumberRange::point(Exact::ONE)),
        Aggregate::Abs => each.abs(),
    }
}

fn compared(across: &Across, each: NumberRange) -> NumberRange {
    match across.function {
        AcrossFunction::Worst | AcrossFunction::Best | AcrossFunction::Mean | AcrossFunction::WeightedMean => each,
        AcrossFunction::Ratio if !each.is_not_negative() => NumberRange::ALL,
        AcrossFunction::Ratio => NumberRange::unit(),
        AcrossFunction::Difference => each.minus(&each).abs(),
        AcrossFunction::LeastRise | AcrossFunction::LeastFall => each.minus(&each),
    }
}

/// Returns whether one sum consists of some of the terms of another, none of which is negative: x / (x + y) lies in [0, 1].
fn is_part_of(part: &[Term], whole: &[Term]) -> bool {
    let sorted = |terms: &[Term]| {
        let mut terms = terms.to_vec();
        terms.sort();
        terms
    };
    let (part, whole) = (sorted(part), sorted(whole));
    let mut rest = whole.iter();
    whole.iter().all(|term| term.is_not_negative) && part.iter().all(|term| rest.any(|other| other == term))
}

/// Returns the text of a value. Two values have the same text only if they are always equal, when both are measured; parts that name no
/// dataset are measured on `dataset`.
#[must_use]
pub fn written(value: &Value, dataset: Option<DatasetId>) -> String {
    let mut text = String::new();
    write(value, dataset, &mut text);
    text
}

fn write(value: &Value, dataset: Option<DatasetId>, out: &mut String) {
    let data = dataset.map(|id| format!("@{id}")).unwrap_or_default();
    match &value.kind {
        ValueKind::Number(number) => out.push_str(&format!("{number:?}")),
        ValueKind::Metric(id, field) => out.push_str(&format!("metric{id}{field:?}{data}")),
        ValueKind::Definition(id) => out.push_str(&format!("definition{id}{data}")),
        ValueKind::Age => out.push_str(&format!("age{data}")),
        ValueKind::ByValue(own) => {
            out.push_str(&format!("by {:?}(", own.dimension));
            for (name, value) in &own.cases {
                out.push_str(&format!("{name:?} "));
                write(value, dataset, out);
            }
            out.push_str(" else ");
            own.otherwise.iter().for_each(|value| write(value, dataset, out));
            out.push(')');
        }
        ValueKind::On(inner, dataset) => write(inner, Some(*dataset), out),
        ValueKind::Within(inner, place) => {
            out.push_str(&format!("{place:?}("));
            write(inner, dataset, out);
            out.push(')');
        }
        ValueKind::Aggregate(aggregate, inner) => {
            out.push_str(&format!("{aggregate:?}("));
            write(inner, dataset, out);
            out.push(')');
        }
        ValueKind::Negative(inner) => {
            out.push_str("-(");
            write(inner, dataset, out);
            out.push(')');
        }
        ValueKind::Arithmetic(operator, left, right) => {
            out.push('(');
            write(left, dataset, out);
            out.push_str(operator.symbol());
            write(right, dataset, out);
            out.push(')');
        }
        ValueKind::Across(across) => {
            let sample = across.slices.sample.as_ref().map(|sample| (sample.examples, sample.small));
            out.push_str(&format!("{:?}{}(", across.function, across.takes_greatest));
            write(&across.value, dataset, out);
            let Slices { dimensions, except, .. } = &across.slices;
            let weight = across.weight.as_ref().map(|_| across.weighed_by().map(|weight| written(weight, dataset)));
            out.push_str(&format!(" {dimensions:?} {except:?} {sample:?} {:?} {weight:?})", across.relative_to));
        }
    }
}
