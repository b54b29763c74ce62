//! Properties of all objectives and measurements: a simple reference implementation agrees on every verdict, nothing that is unknown or not
//! finite passes, and a looser threshold never fails where a stricter one passed.

use std::collections::BTreeSet;
use std::fmt::Write;

use num_rational::Ratio;
use num_traits::{Signed, Zero};
use proptest::prelude::*;

use mlspec_lint::objectives::verdict::JudgedObjective;

use crate::support::gate::{self, As, first, verdict, word};

mod newer;

type Q = Ratio<i128>;

const METRICS: usize = 3;
const DATASETS: [&str; 2] = ["d", "e"];
const SLICES: [&str; 3] = ["A", "B", "C"];

/// Functions of lists.
const LISTS: &[&str] = &["min", "max", "sum", "mean", "count", "median", "first", "last", "p75"];

/// A value, reduced to what the test needs.
#[derive(Clone, Debug)]
enum Value {
    Number(i128),
    Metric(usize),
    Definition(usize),
    Negative(Box<Value>),
    Abs(Box<Value>),
    Arithmetic(char, Box<Value>, Box<Value>),
    On(Box<Value>, usize),
    Across(&'static str, Box<Value>, Sample),
    Aggregate(&'static str),
}

/// `None`, or a least number of examples and whether smaller slices are left out.
type Sample = Option<(u64, bool)>;

#[derive(Clone, Debug)]
enum Predicate {
    Compare(&'static str, Value),
    Between(Value, Value),
    /// The verb, `least` or `most`, and the amount in percent of the reference or as an absolute number.
    Change(&'static str, &'static str, i128, bool),
    Reported(bool),
}

#[derive(Clone, Debug)]
struct Claim {
    value: Value,
    predicate: Predicate,
    dataset: Option<usize>,
    examples: Option<u64>,
}

#[derive(Clone, Debug)]
enum Condition {
    Claim(Claim),
    Not(Box<Condition>),
    And(Vec<Condition>),
    Or(Vec<Condition>),
    Implies(Box<Condition>, Box<Condition>),
}

/// A record of metric, dataset and slice; the value `None` is NaN.
#[derive(Clone, Debug)]
struct Record {
    value: Option<i128>,
    count: Option<u64>,
}

type Place = (usize, usize, Option<usize>);

/// The measurements: scalars in quarters, and the lists of one more metric on each dataset.
#[derive(Clone, Debug, Default)]
struct Measured {
    records: std::collections::BTreeMap<Place, Record>,
    lists: Vec<Option<Vec<Option<i128>>>>,
}

#[derive(Clone, Debug)]
struct Case {
    definitions: Vec<Value>,
    for_each: Option<Sample>,
    condition: Condition,
    candidate: Measured,
    baseline: Option<Measured>,
}

/// The result of a value or a condition: `None` if it is unknown; and whether a value that is not finite was read.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Found<T> {
    value: Option<T>,
    is_tainted: bool,
}

impl<T> Found<T> {
    fn of(value: Option<T>) -> Self {
        Self { value, is_tainted: false }
    }
}

/// The scope in which a value is evaluated.
#[derive(Clone, Copy)]
struct Scope<'m> {
    measured: &'m Measured,
    dataset: Option<usize>,
    slice: Option<usize>,
}

impl Case {
    /// Collects the records that a value reads, by metric and dataset.
    fn reads(&self, value: &Value, dataset: Option<usize>, found: &mut BTreeSet<(usize, Option<usize>)>) {
        match value {
            Value::Number(_) => {}
            Value::Metric(metric) => drop(found.insert((*metric, dataset))),
            Value::Aggregate(_) => drop(found.insert((METRICS, dataset))),
            Value::Definition(index) => self.reads(&self.definitions[*index], dataset, found),
            Value::Negative(inner) | Value::Abs(inner) | Value::Across(_, inner, _) => {
                self.reads(inner, dataset, found)
            }
            Value::Arithmetic(_, left, right) => {
                self.reads(left, dataset, found);
                self.reads(right, dataset, found);
            }
            Value::On(inner, own) => self.reads(inner, Some(*own), found),
        }
    }

    /// Returns all records that the condition reads of the candidate.
    fn all_reads(&self) -> BTreeSet<(usize, Option<usize>)> {
        let mut claims = Vec::new();
        Self::claims(&self.condition, &mut claims);
        let mut reads = BTreeSet::new();
        for claim in claims {
            let bounds = match &claim.predicate {
                Predicate::Compare(_, bound) => vec![bound],
                Predicate::Between(low, high) => vec![low, high],
                Predicate::Change(..) | Predicate::Reported(_) => Vec::new(),
            };
            for value in std::iter::once(&claim.value).chain(bounds) {
                self.reads(value, claim.dataset, &mut reads);
            }
        }
        reads
    }

    fn records<'m>(scope: Scope<'m>, metric: usize, dataset: Option<usize>, slice: Option<usize>) -> Vec<&'m Record> {
        let datasets = dataset.map_or_else(|| (0..DATASETS.len()).collect::<Vec<_>>(), |own| vec![own]);
        datasets.into_iter().filter_map(|own| scope.measured.records.get(&(metric, own, slice))).collect()
    }

    fn slices(&self, value: &Value, scope: Scope<'_>, found: &mut BTreeSet<usize>) {
        let mut reads = BTreeSet::new();
        self.reads(value, scope.dataset, &mut reads);
        for (metric, dataset) in reads {
            found.extend(
                (0..SLICES.len()).filter(|slice| !Self::records(scope, metric, dataset, Some(*slice)).is_empty()),
            );
        }
    }

    /// Returns the least count of the records read; the inner `None` if a count is not reported, the outer one if there is no record.
    #[expect(clippy::option_option, reason = "the two nothings differ")]
    fn count(&self, value: &Value, scope: Scope<'_>) -> Option<Option<u64>> {
        let mut all: Option<Option<u64>> = None;
        let mut add = |count: Option<u64>| {
            all = Some(match (all, count) {
                (None, own) => own,
                (Some(Some(a)), Some(b)) => Some(a.min(b)),
                _ => None,
            });
        };
        match value {
            Value::Number(_) => {}
            Value::Metric(metric) => {
                if let [only] = Self::records(scope, *metric, scope.dataset, scope.slice)[..] {
                    add(only.count);
                }
            }
            // Lists are logged without a count.
            Value::Aggregate(_) => {
                if scope.slice.is_none() && !lists(scope).is_empty() {
                    add(None);
                }
            }
            Value::Definition(index) => return self.count(&self.definitions[*index], scope),
            Value::Negative(inner) | Value::Abs(inner) => return self.count(inner, scope),
            Value::Arithmetic(_, left, right) => {
                let both = [self.count(left, scope), self.count(right, scope)];
                both.into_iter().flatten().for_each(add);
            }
            Value::On(inner, own) => return self.count(inner, Scope { dataset: Some(*own), ..scope }),
            Value::Across(_, inner, sample) => {
                for slice in self.slices_within(inner, scope) {
                    let own = self.count(inner, Scope { slice: Some(slice), ..scope });
                    if !matches!((own, sample), (Some(Some(count)), Some((least, true))) if count < *least) {
                        own.into_iter().for_each(&mut add);
                    }
                }
            }
        }
        all
    }

    fn slices_within(&self, value: &Value, scope: Scope<'_>) -> Vec<usize> {
        let mut slices = BTreeSet::new();
        self.slices(value, scope, &mut slices);
        slices.into_iter().filter(|slice| scope.slice.is_none_or(|own| own == *slice)).collect()
    }

    fn value(&self, value: &Value, scope: Scope<'_>) -> Found<Q> {
        match value {
            Value::Number(number) => Found::of(Some(Q::from(*number))),
            Value::Metric(metric) => {
                let records = Self::records(scope, *metric, scope.dataset, scope.slice);
                let is_tainted = records.iter().any(|record| record.value.is_none());
                let value = match records[..] {
                    [only] if !is_overfull(scope, *metric) => only.value.map(|quarters| Q::new(quarters, 4)),
                    _ => None,
                };
                Found { value, is_tainted }
            }
            Value::Definition(index) => self.value(&self.definitions[*index], scope),
            Value::Negative(inner) => self.value(inner, scope).map(|number| Some(-number)),
            Value::Abs(inner) => self.value(inner, scope).map(|number| Some(number.abs())),
            Value::Arithmetic(operator, left, right) => {
                let (left, right) = (self.value(left, scope), self.value(right, scope));
                left.join(right, |a, b| match operator {
                    '+' => Some(a + b),
                    '-' => Some(a - b),
                    '*' => Some(a * b),
                    _ => (!b.is_zero()).then(|| a / b),
                })
            }
            Value::On(inner, own) => self.value(inner, Scope { dataset: Some(*own), ..scope }),
            Value::Across(function, inner, sample) => self.across(function, inner, *sample, scope),
            Value::Aggregate(function) => aggregate(function, scope),
        }
    }

    fn across(&self, function: &str, inner: &Value, sample: Sample, scope: Scope<'_>) -> Found<Q> {
        let (mut values, mut is_tainted, mut is_known) = (Vec::new(), false, true);
        for slice in self.slices_within(inner, scope) {
            let scope = Scope { slice: Some(slice), ..scope };
            let own = self.value(inner, scope);
            is_tainted |= own.is_tainted;
            match size(self.count(inner, scope), sample) {
                Size::LeftOut => {}
                Size::Unknown => is_known = false,
                Size::Enough => {
                    is_known &= own.value.is_some();
                    values.extend(own.value);
                }
            }
        }
        let (least, greatest) = (values.iter().min().copied(), values.iter().max().copied());
        let value =
            least.zip(greatest).filter(|_| is_known && values.len() >= 2).and_then(
                |(least, greatest)| match function {
                    "ratio" => (!least.is_negative() && !greatest.is_zero()).then(|| least / greatest),
                    _ => Some(greatest - least),
                },
            );
        Found { value, is_tainted }
    }

    fn claim(&self, claim: &Claim, slice: Option<usize>) -> Found<bool> {
        let scope = Scope { measured: &self.candidate, dataset: claim.dataset, slice };
        if let Predicate::Reported(is_negated) = claim.predicate {
            let found = self.reported(&claim.value, is_negated, scope);
            let mut counts = Vec::new();
            self.counts(&claim.value, scope, &mut counts);
            let is_enough = |count: &Option<u64>| count.is_some_and(|count| Some(count) >= claim.examples);
            let is_unknown = found.value == Some(!is_negated)
                && claim.examples.is_some()
                && (counts.is_empty() || !counts.iter().all(is_enough));
            return Found { value: found.value.filter(|_| !is_unknown), ..found };
        }
        let value = self.value(&claim.value, scope);
        let mut count = vec![self.count(&claim.value, scope)];
        let found = match &claim.predicate {
            Predicate::Compare(operator, bound) => {
                count.push(self.count(bound, scope));
                value.join(self.value(bound, scope), |a, b| {
                    Some(match *operator {
                        ">=" => a >= b,
                        "<=" => a <= b,
                        ">" => a > b,
                        "<" => a < b,
                        "==" => a == b,
                        _ => a != b,
                    })
                })
            }
            Predicate::Between(low, high) => {
                count.extend([self.count(low, scope), self.count(high, scope)]);
                let above = value.join(self.value(low, scope), |a, b| Some((a, a >= b)));
                above.join(self.value(high, scope), |(a, is_above), b| Some(is_above && a <= b))
            }
            Predicate::Change(verb, limit, amount, is_relative) => {
                let reference = self.baseline.as_ref().map(|measured| Scope { measured, ..scope });
                let is_of_other_data = |other: Scope<'_>| {
                    let data = (self.data(&claim.value, scope), self.data(&claim.value, other));
                    scope.dataset.is_none() && data.0.zip(data.1).is_some_and(|(own, other)| own != other)
                };
                let is_known = !reference.is_some_and(is_of_other_data);
                let reference = reference.map_or(Found::of(None), |scope| self.value(&claim.value, scope));
                let reference = Found { value: reference.value.filter(|_| is_known), ..reference };
                value.join(reference, |candidate, reference| {
                    let change = match *verb {
                        "rises" => candidate - reference,
                        "drops" => reference - candidate,
                        _ => (candidate - reference).abs(),
                    };
                    let amount = match is_relative {
                        true if reference.is_zero() => return None,
                        true => Q::new(*amount, 100) * reference.abs(),
                        false => Q::from(*amount),
                    };
                    Some(if *limit == "least" { change >= amount } else { change <= amount })
                })
            }
            Predicate::Reported(_) => unreachable!("judged above"),
        };
        let least = count.into_iter().flatten().min_by_key(|count| (count.is_some(), *count)).flatten();
        match claim.examples {
            Some(needed) if least.is_none_or(|count| count < needed) => Found { value: None, ..found },
            _ => found,
        }
    }

    /// Returns the data of the only record that a value is from.
    fn data(&self, value: &Value, scope: Scope<'_>) -> Option<usize> {
        let only = |found: Vec<usize>| if let [only] = found[..] { Some(only) } else { None };
        let meant = (0..DATASETS.len()).filter(|own| scope.dataset.is_none_or(|dataset| dataset == *own));
        match value {
            Value::Metric(metric) => {
                let is_logged = |own: &usize| scope.measured.records.contains_key(&(*metric, *own, scope.slice));
                only(meant.filter(is_logged).collect())
            }
            Value::Aggregate(_) if scope.slice.is_some() => None,
            Value::Aggregate(_) => {
                only(meant.filter(|own| scope.measured.lists.get(*own).is_some_and(Option::is_some)).collect())
            }
            Value::Definition(index) => self.data(&self.definitions[*index], scope),
            Value::Negative(inner) | Value::Abs(inner) => self.data(inner, scope),
            Value::On(inner, own) => self.data(inner, Scope { dataset: Some(*own), ..scope }),
            Value::Number(_) | Value::Arithmetic(..) | Value::Across(..) => None,
        }
    }

    /// Collects the counts of all records that a value reads.
    fn counts(&self, value: &Value, scope: Scope<'_>, found: &mut Vec<Option<u64>>) {
        match value {
            Value::Number(_) => {}
            Value::Metric(metric) => {
                let records = Self::records(scope, *metric, scope.dataset, scope.slice);
                found.extend(records.iter().map(|record| record.count));
            }
            Value::Aggregate(_) => {
                let lists = if scope.slice.is_none() { lists(scope) } else { Vec::new() };
                found.extend(lists.iter().map(|_| None));
            }
            Value::Definition(index) => self.counts(&self.definitions[*index], scope, found),
            Value::Negative(inner) | Value::Abs(inner) => self.counts(inner, scope, found),
            Value::Arithmetic(_, left, right) => {
                self.counts(left, scope, found);
                self.counts(right, scope, found);
            }
            Value::On(inner, own) => self.counts(inner, Scope { dataset: Some(*own), ..scope }, found),
            Value::Across(_, inner, _) => {
                let mut reads = BTreeSet::new();
                self.reads(inner, scope.dataset, &mut reads);
                for (metric, dataset) in reads {
                    let slices = (0..SLICES.len()).filter(|slice| scope.slice.is_none_or(|own| own == *slice));
                    let records = slices.flat_map(|slice| Self::records(scope, metric, dataset, Some(slice)));
                    found.extend(records.map(|record| record.count));
                }
            }
        }
    }

    fn reported(&self, value: &Value, is_negated: bool, scope: Scope<'_>) -> Found<bool> {
        let parts: Vec<Found<bool>> = match value {
            Value::Number(_) => vec![Found::of(Some(true))],
            Value::Metric(metric) => {
                let records = Self::records(scope, *metric, scope.dataset, scope.slice);
                let is_tainted = records.iter().any(|record| record.value.is_none());
                vec![Found { value: Some(!records.is_empty()), is_tainted }]
            }
            Value::Aggregate(_) => {
                let lists = if scope.slice.is_none() { lists(scope) } else { Vec::new() };
                let is_tainted = lists.iter().any(|list| list.contains(&None));
                vec![Found { value: Some(!lists.is_empty()), is_tainted }]
            }
            Value::Definition(index) => vec![self.reported(&self.definitions[*index], false, scope)],
            Value::Negative(inner) | Value::Abs(inner) => vec![self.reported(inner, false, scope)],
            Value::Arithmetic(_, left, right) => {
                vec![self.reported(left, false, scope), self.reported(right, false, scope)]
            }
            Value::On(inner, own) => vec![self.reported(inner, false, Scope { dataset: Some(*own), ..scope })],
            Value::Across(_, inner, _) => {
                let mut reads = BTreeSet::new();
                self.reads(inner, scope.dataset, &mut reads);
                let of_read = |(metric, dataset): (usize, Option<usize>)| {
                    let slices = (0..SLICES.len()).filter(|slice| scope.slice.is_none_or(|own| own == *slice));
                    let records: Vec<_> =
                        slices.flat_map(|slice| Self::records(scope, metric, dataset, Some(slice))).collect();
                    let is_tainted = records.iter().any(|record| record.value.is_none());
                    Found { value: Some(!records.is_empty()), is_tainted }
                };
                reads.into_iter().map(of_read).collect()
            }
        };
        let all = parts.into_iter().fold(Found::of(Some(true)), |a, b| a.join(b, |a, b| Some(a && b)));
        all.map(|is_reported| Some(is_reported != is_negated))
    }

    fn condition(&self, condition: &Condition, slice: Option<usize>) -> Found<bool> {
        let all = |parts: &[Condition], absorbing: bool| {
            let parts: Vec<_> = parts.iter().map(|part| self.condition(part, slice)).collect();
            let is_some = |truth: Option<bool>| parts.iter().any(|part| part.value == truth);
            let value = if is_some(Some(absorbing)) {
                Some(absorbing)
            } else if is_some(None) {
                None
            } else {
                Some(!absorbing)
            };
            Found { value, is_tainted: parts.iter().any(|part| part.is_tainted) }
        };
        match condition {
            Condition::Claim(claim) => self.claim(claim, slice),
            Condition::Not(inner) => self.condition(inner, slice).map(|truth| Some(!truth)),
            Condition::And(parts) => all(parts, false),
            Condition::Or(parts) => all(parts, true),
            Condition::Implies(premise, conclusion) => {
                all(&[Condition::Not(premise.clone()), (**conclusion).clone()], true)
            }
        }
    }

    /// Collects the claims of a condition.
    fn claims<'c>(condition: &'c Condition, found: &mut Vec<&'c Claim>) {
        match condition {
            Condition::Claim(claim) => found.push(claim),
            Condition::Not(inner) => Self::claims(inner, found),
            Condition::And(parts) | Condition::Or(parts) => parts.iter().for_each(|part| Self::claims(part, found)),
            Condition::Implies(a, b) => [a, b].into_iter().for_each(|part| Self::claims(part, found)),
        }
    }

    fn whole(&self) -> Found<bool> {
        let Some(sample) = self.for_each else { return self.condition(&self.condition, None) };
        let mut claims = Vec::new();
        Self::claims(&self.condition, &mut claims);
        let mut slices = BTreeSet::new();
        let mut reads = BTreeSet::new();
        for claim in claims {
            let mut values = vec![&claim.value];
            match &claim.predicate {
                Predicate::Compare(_, bound) => values.push(bound),
                Predicate::Between(low, high) => values.extend([low, high]),
                Predicate::Change(..) => {
                    let baseline = self.baseline.as_ref();
                    if let Some(measured) = baseline {
                        let scope = Scope { measured, dataset: claim.dataset, slice: None };
                        self.slices(&claim.value, scope, &mut slices);
                    }
                }
                Predicate::Reported(_) => {}
            }
            for value in values {
                let scope = Scope { measured: &self.candidate, dataset: claim.dataset, slice: None };
                self.slices(value, scope, &mut slices);
                self.reads(value, claim.dataset, &mut reads);
            }
        }
        let (mut value, mut is_tainted, mut judged) = (Some(true), false, 0);
        for slice in slices {
            let scope = Scope { measured: &self.candidate, dataset: None, slice: Some(slice) };
            let counts = reads.iter().filter_map(|(metric, dataset)| {
                match Self::records(scope, *metric, *dataset, Some(slice))[..] {
                    [only] => Some(only.count),
                    _ => None,
                }
            });
            let counts: Vec<Option<u64>> = counts.collect();
            let most = counts.iter().flatten().max().copied();
            // If small slices are ignored, one that is large enough for any metric is judged.
            let is_large = matches!(sample, Some((least, true)) if most >= Some(least));
            let least = counts.into_iter().min_by_key(|count| (count.is_some(), *count));
            let count = if is_large { Some(most) } else { least };
            let own = self.condition(&self.condition, Some(slice));
            is_tainted |= own.is_tainted;
            let own = match size(count, sample) {
                Size::LeftOut => continue,
                Size::Unknown => None,
                Size::Enough => own.value,
            };
            judged += 1;
            value = match (value, own) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            };
        }
        Found { value: value.filter(|_| judged > 0), is_tainted }
    }

    /// Returns the verdict, given that the gate found impossible evidence: the reference does not detect it.
    fn verdict_beside(&self, own: &JudgedObjective) -> &'static str {
        match self.verdict() {
            "pass" | "warn" if is_beside_impossible(own) => "unknown",
            other => other,
        }
    }

    fn verdict(&self) -> &'static str {
        match self.whole() {
            Found { value: Some(true), is_tainted: true } => "warn",
            Found { value: Some(true), .. } => "pass",
            Found { value: Some(false), .. } => "fail",
            Found { value: None, .. } => "unknown",
        }
    }
}

/// Returns whether an objective reads impossible evidence: even if the rest suffices, it does not count.
fn is_beside_impossible(own: &JudgedObjective) -> bool {
    let reasons = own.claims.iter().map(|claim| claim.reason).chain([own.reason]);
    reasons.map(word).any(|reason| ["out-of-range", "impossible-count", "unit-error"].contains(&&*reason))
}

impl<T> Found<T> {
    fn map<U>(self, function: impl FnOnce(T) -> Option<U>) -> Found<U> {
        Found { value: self.value.and_then(function), is_tainted: self.is_tainted }
    }

    fn join<U, V>(self, other: Found<U>, function: impl FnOnce(T, U) -> Option<V>) -> Found<V> {
        let value = self.value.zip(other.value).and_then(|(a, b)| function(a, b));
        Found { value, is_tainted: self.is_tainted || other.is_tainted }
    }
}

enum Size {
    Enough,
    LeftOut,
    Unknown,
}

#[expect(clippy::option_option, reason = "no record, and a record without a count")]
fn size(count: Option<Option<u64>>, sample: Sample) -> Size {
    match (count, sample) {
        (_, None) | (None, _) => Size::Enough,
        (Some(None), _) => Size::Unknown,
        (Some(Some(count)), Some((least, _))) if count >= least => Size::Enough,
        (_, Some((_, true))) => Size::LeftOut,
        _ => Size::Unknown,
    }
}

/// Returns whether the slices of a metric have more examples than all of the data, one of them or all together.
fn is_overfull(scope: Scope<'_>, metric: usize) -> bool {
    let count = |slice| match Case::records(scope, metric, scope.dataset, slice)[..] {
        [only] => only.count,
        _ => None,
    };
    let slices: u64 = (0..SLICES.len()).filter_map(|slice| count(Some(slice))).sum();
    count(None).is_some_and(|all| slices > all)
}

/// Returns the lists in a scope.
fn lists(scope: Scope<'_>) -> Vec<&Vec<Option<i128>>> {
    let all = scope.measured.lists.iter().enumerate();
    all.filter(|(own, _)| scope.dataset.is_none_or(|dataset| dataset == *own))
        .filter_map(|(_, list)| list.as_ref())
        .collect()
}

fn aggregate(function: &str, scope: Scope<'_>) -> Found<Q> {
    let lists = if scope.slice.is_none() { lists(scope) } else { Vec::new() };
    let is_tainted = lists.iter().any(|list| list.contains(&None));
    let list: Option<Vec<Q>> = match lists[..] {
        [list] => list.iter().map(|item| item.map(|quarters| Q::new(quarters, 4))).collect(),
        _ => None,
    };
    let value = list.filter(|list| !list.is_empty()).map(|list| {
        let length = Q::from(list.len() as i128);
        let sum: Q = list.iter().sum();
        let mut sorted = list.clone();
        sorted.sort();
        match function {
            "min" => sorted[0],
            "max" => sorted[sorted.len() - 1],
            "sum" => sum,
            "mean" => sum / length,
            "count" => length,
            "median" => (sorted[(sorted.len() - 1) / 2] + sorted[sorted.len() / 2]) / Q::from(2),
            "first" => list[0],
            "last" => list[list.len() - 1],
            // Interpolates between the ranks around three quarters.
            _ => {
                let rank = Q::new(3, 4) * (length - Q::from(1));
                let below = rank.floor();
                let at = |rank: Q| sorted[(*rank.numer() as usize).min(sorted.len() - 1)];
                at(below) + (rank - below) * (at(below + Q::from(1)) - at(below))
            }
        }
    });
    Found { value, is_tainted }
}

/// Returns a value as it is written; compound values are in parentheses.
fn text_of(value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Metric(metric) => format!("m{metric}"),
        Value::Definition(index) => format!("definition_{index}"),
        Value::Negative(inner) => format!("(-({}))", text_of(inner)),
        Value::Abs(inner) => format!("abs({})", text_of(inner)),
        Value::Arithmetic(operator, left, right) => format!("({} {operator} {})", text_of(left), text_of(right)),
        Value::On(inner, dataset) => format!("({} on {})", text_of(inner), DATASETS[*dataset]),
        Value::Across(function, inner, sample) => {
            format!("{function}({} across g{})", text_of(inner), text_of_sample(*sample))
        }
        Value::Aggregate(function) => format!("{function}(list)"),
    }
}

fn text_of_sample(sample: Sample) -> String {
    match sample {
        None => String::new(),
        Some((count, true)) => format!(" ignoring slices under {count} examples"),
        Some((count, false)) => format!(" with at least {count} examples"),
    }
}

fn text_of_condition(condition: &Condition) -> String {
    let chain = |parts: &[Condition], word: &str| {
        let parts: Vec<_> = parts.iter().map(text_of_condition).collect();
        format!("({})", parts.join(word))
    };
    match condition {
        Condition::Claim(claim) => text_of_claim(claim),
        Condition::Not(inner) => format!("(not {})", text_of_condition(inner)),
        Condition::And(parts) => chain(parts, " and "),
        Condition::Or(parts) => chain(parts, " or "),
        Condition::Implies(premise, conclusion) => {
            format!("({} implies {})", text_of_condition(premise), text_of_condition(conclusion))
        }
    }
}

fn text_of_claim(claim: &Claim) -> String {
    let mut text = format!("({} ", text_of(&claim.value));
    text += &match &claim.predicate {
        Predicate::Compare(operator, bound) => format!("{operator} {}", text_of(bound)),
        Predicate::Between(low, high) => format!("between {} and {}", text_of(low), text_of(high)),
        Predicate::Change(verb, limit, amount, is_relative) => {
            format!("{verb} by at {limit} {amount}{} vs baseline", if *is_relative { "%" } else { "" })
        }
        Predicate::Reported(is_negated) => format!("is {}reported", if *is_negated { "not " } else { "" }),
    };
    if let Some(dataset) = claim.dataset {
        let _ = write!(text, " on {}", DATASETS[dataset]);
    }
    if let Some(count) = claim.examples {
        let _ = write!(text, " with at least {count} examples");
    }
    text + ")"
}

impl Case {
    fn expect(&self) -> String {
        let slices = self.for_each.map(|sample| format!("for each slice of g{}, ", text_of_sample(sample)));
        slices.unwrap_or_default() + &text_of_condition(&self.condition)
    }

    fn objectives(&self, rest: &str) -> String {
        let definitions = self.definitions.iter().enumerate();
        let definitions: String =
            definitions.map(|(index, value)| format!("  definition_{index}: \"{}\"\n", text_of(value))).collect();
        let metrics: String = (0..METRICS).map(|metric| format!("  m{metric}: {{unit: ratio}}\n")).collect();
        format!(
            "kind: objectives\ndatasets: {{d: {{dataset: data-d}}, e: {{dataset: data-e}}}}\ndimensions: {{g: {{}}}}\nmetrics:\n  list: {{unit: ratio, type: array}}\n{metrics}definitions:\n{definitions}objectives:\n- {{id: a, expect: \"{}\"{rest}}}\n",
            self.expect()
        )
    }

    fn given(&self) -> Vec<(As, String)> {
        let baseline = self.baseline.iter().map(|measured| (As::Baseline, measured.text("baseline")));
        std::iter::once((As::Candidate, self.candidate.text("candidate"))).chain(baseline).collect()
    }
}

impl Measured {
    /// Makes every record of a metric NaN: that of all the data and those of each slice.
    fn make_nan(&mut self, metric: usize, dataset: Option<usize>) {
        let datasets = dataset.map_or_else(|| (0..DATASETS.len()).collect::<Vec<_>>(), |own| vec![own]);
        for dataset in datasets {
            if metric == METRICS {
                self.lists[dataset] = Some(vec![None]);
                continue;
            }
            for slice in std::iter::once(None).chain((0..SLICES.len()).map(Some)) {
                self.records.insert((metric, dataset, slice), Record { value: None, count: Some(50) });
            }
        }
    }

    fn text(&self, name: &str) -> String {
        let mut text = format!("kind: run\nid: {name}\nname: {name}\nmetrics:\n");
        for ((metric, dataset, slice), record) in &self.records {
            let slice = slice.map_or_else(String::new, |slice| format!(", slice: {{g: {}}}", SLICES[slice]));
            let count = record.count.map_or_else(String::new, |count| format!(", count: {count}"));
            let (value, dataset) = (number(record.value), DATASETS[*dataset]);
            let _ = writeln!(text, "- {{key: m{metric}, value: {value}, dataset: data-{dataset}{slice}{count}}}");
        }
        for (dataset, list) in self.lists.iter().enumerate() {
            if let Some(list) = list {
                let list: Vec<_> = list.iter().map(|item| number(*item)).collect();
                let (list, dataset) = (list.join(", "), DATASETS[dataset]);
                let _ = writeln!(text, "- {{key: list, value: [{list}], dataset: data-{dataset}}}");
            }
        }
        // A document is read even if it has no other metric.
        text.push_str("- {key: other, value: 1}\n");
        text
    }
}

/// Returns a number of quarters as it is written.
fn number(quarters: Option<i128>) -> String {
    quarters.map_or_else(
        || ".nan".to_owned(),
        |quarters| {
            let sign = if quarters < 0 { "-" } else { "" };
            format!("{sign}{}.{:02}", quarters.abs() / 4, quarters.abs() % 4 * 25)
        },
    )
}

fn sample() -> impl Strategy<Value = Sample> {
    prop_oneof![2 => Just(None), 1 => (1..60_u64, any::<bool>()).prop_map(Some)]
}

fn value(definitions: usize) -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        2 => (0..4_i128).prop_map(Value::Number),
        6 => (0..METRICS).prop_map(Value::Metric),
        1 => prop::sample::select(LISTS).prop_map(Value::Aggregate),
        2 => (0..definitions.max(1)).prop_map(move |index| match definitions {
            0 => Value::Metric(0),
            _ => Value::Definition(index),
        }),
    ];
    leaf.prop_recursive(3, 8, 2, |inner| {
        let operators = prop::sample::select(&['+', '-', '*', '/'][..]);
        let functions = prop::sample::select(&["ratio", "difference"][..]);
        prop_oneof![
            1 => inner.clone().prop_map(|value| Value::Negative(Box::new(value))),
            1 => inner.clone().prop_map(|value| Value::Abs(Box::new(value))),
            3 => (operators, inner.clone(), inner.clone())
                .prop_map(|(operator, left, right)| Value::Arithmetic(operator, Box::new(left), Box::new(right))),
            2 => (inner.clone(), 0..DATASETS.len()).prop_map(|(value, own)| Value::On(Box::new(value), own)),
            2 => (functions, inner, sample())
                .prop_map(|(function, value, sample)| Value::Across(function, Box::new(value), sample)),
        ]
    })
}

fn claim() -> impl Strategy<Value = Claim> {
    let operators = prop::sample::select(&[">=", "<=", ">", "<", "==", "!="][..]);
    let verbs = prop::sample::select(&["rises", "drops", "changes"][..]);
    let limits = prop::sample::select(&["least", "most"][..]);
    let predicate = prop_oneof![
        5 => (operators, value(2)).prop_map(|(operator, bound)| Predicate::Compare(operator, bound)),
        1 => (value(2), value(2)).prop_map(|(low, high)| Predicate::Between(low, high)),
        3 => (verbs, limits, 1..100_i128, any::<bool>())
            .prop_map(|(verb, limit, amount, relative)| Predicate::Change(verb, limit, amount, relative)),
        1 => any::<bool>().prop_map(Predicate::Reported),
    ];
    let dataset = prop_oneof![9 => (0..DATASETS.len()).prop_map(Some), 1 => Just(None)];
    let examples = prop_oneof![4 => Just(None), 1 => (1..60_u64).prop_map(Some)];
    (value(2), predicate, dataset, examples).prop_map(|(value, predicate, dataset, examples)| Claim {
        value,
        predicate,
        dataset,
        examples,
    })
}

fn condition() -> impl Strategy<Value = Condition> {
    claim().prop_map(Condition::Claim).prop_recursive(2, 6, 3, |inner| {
        let several = || prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            inner.clone().prop_map(|part| Condition::Not(Box::new(part))),
            several().prop_map(Condition::And),
            several().prop_map(Condition::Or),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| Condition::Implies(Box::new(a), Box::new(b))),
        ]
    })
}

/// Generates measurements: of ten records, `holes` are missing; one in `odd` is NaN.
fn measured(holes: u32, odd: u32) -> impl Strategy<Value = Measured> {
    let number = || prop_oneof![1 => Just(None), odd => (-8..13_i128).prop_map(Some)];
    let count = prop_oneof![1 => Just(None), 5 => (1..90_u64).prop_map(Some)];
    let record = (number(), count).prop_map(|(value, count)| Record { value, count });
    let record = prop_oneof![holes => Just(None), 10 - holes => record.prop_map(Some)];
    let places = METRICS * DATASETS.len() * (SLICES.len() + 1);
    let list = prop_oneof![1 => Just(None), 3 => prop::collection::vec(number(), 0..5).prop_map(Some)];
    (prop::collection::vec(record, places), prop::collection::vec(list, DATASETS.len())).prop_map(|(records, lists)| {
        let place = |index: usize| {
            let slice = (index / METRICS / DATASETS.len()).checked_sub(1);
            (index % METRICS, index / METRICS % DATASETS.len(), slice)
        };
        let records = records.into_iter().enumerate();
        let records = records.filter_map(|(index, record)| Some((place(index), record?))).collect();
        Measured { records, lists }
    })
}

fn case() -> impl Strategy<Value = Case> {
    let measured = || prop_oneof![3 => measured(0, 1000), 2 => measured(1, 30), 1 => measured(4, 8)];
    let definitions = (value(0), value(1)).prop_map(|(first, second)| vec![first, second]);
    (definitions, prop::option::of(sample()), condition(), measured(), prop::option::weighted(0.8, measured()))
        .prop_map(|(definitions, for_each, condition, candidate, baseline)| Case {
            definitions,
            for_each,
            condition,
            candidate,
            baseline,
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_plain_reference_agrees(case in case()) {
        let given = case.given();
        let given: Vec<_> = given.iter().map(|(role, text)| (*role, text.as_str())).collect();
        let found = verdict(&case.objectives(""), &given);
        let own = first(&found);
        prop_assert_eq!(word(own.verdict), case.verdict_beside(own), "{}\n{}\n{:?}", case.expect(), own.message, own);
        let reference = case.whole();
        if reference.value == Some(true) {
            prop_assert_eq!(own.tainted, reference.is_tainted);
        }
        // Every verdict has a message, and a reason unless it passes.
        prop_assert!(!own.message.is_empty(), "{}", case.expect());
        prop_assert_eq!(own.reason.is_none(), word(own.verdict) == "pass", "{}: {}", case.expect(), own.message);
    }

    #[test]
    fn the_gate_passes_only_when_every_required_objective_is_true(case in case(), is_advisory: bool, is_waived: bool) {
        let severity = if is_advisory { ", severity: advisory" } else { "" };
        let waiver = "waivers:\n- {objective: a, until: 2999-01-01, by: b, reason: c}\n";
        let rest = "- {id: other, expect: 1 < 2}\n";
        let text = format!("{}{rest}{}", case.objectives(severity), if is_waived { waiver } else { "" });
        let given = case.given();
        let given: Vec<_> = given.iter().map(|(role, text)| (*role, text.as_str())).collect();
        let found = gate::verdict_on(&text, &given, Some("2026-09-01")).unwrap();
        let gate = word(found.verdict);
        let expected = match case.verdict() {
            // Waivers do not cover impossible or contradictory evidence, and no objective that reads it is met.
            "pass" if is_advisory && is_beside_impossible(first(&found)) => "warn",
            "pass" | "warn" | "unknown" if !is_advisory && gate == "unknown" && is_beside_impossible(first(&found)) => "unknown",
            "pass" => "pass",
            "warn" => "warn",
            _ if is_waived || is_advisory => "warn",
            other => other,
        };
        prop_assert_eq!(gate, expected, "{:?}", first(&found));
    }

    #[test]
    fn nothing_that_reads_a_nan_passes_cleanly(case in case(), chosen: prop::sample::Index) {
        // Lists have no slices here: a condition on slices does not read them.
        let reads_lists = case.for_each.is_none() && !case.objectives("").contains("across");
        let reads: Vec<_> =
            case.all_reads().into_iter().filter(|(metric, _)| *metric < METRICS || reads_lists).collect();
        prop_assume!(!reads.is_empty());
        let (metric, dataset) = *chosen.get(&reads);
        let mut case = case;
        case.candidate.make_nan(metric, dataset);
        let given = case.given();
        let given: Vec<_> = given.iter().map(|(role, text)| (*role, text.as_str())).collect();
        let found = verdict(&case.objectives(""), &given);
        prop_assert_ne!(word(found.verdict), "pass", "{}: {}", case.expect(), first(&found).message);
    }

    #[test]
    fn a_looser_threshold_does_not_fail_where_a_stricter_one_passed(
        candidate in measured(1, 20),
        quarters in -8..13_i128,
        looser in 0..8_i128,
        form in 0..5_usize,
    ) {
        let claim = |quarters: i128| {
            let bound = format!("{}0", number(Some(quarters.abs())));
            let bound = if quarters < 0 { format!("(-{bound})") } else { bound };
            let value = ["m0", "m0 - m1", "m0", "difference(m0 across g)", "m0"][form];
            let start = if form == 2 { "for each slice of g ignoring slices under 30 examples, " } else { "" };
            let end = if form == 4 { " with 90% confidence" } else { "" };
            format!("{start}{value} <= {bound} on d{end}")
        };
        let judged = |quarters: i128| {
            let text = format!(
                "kind: objectives\ndatasets: {{d: {{dataset: data-d}}}}\ndimensions: {{g: {{}}}}\nmetrics: {{m0: {{unit: fraction}}, m1: {{unit: fraction}}}}\nobjectives:\n- {{id: a, expect: \"{}\"}}\n",
                claim(quarters)
            );
            word(verdict(&text, &[(As::Candidate, &candidate.text("c"))]).verdict)
        };
        let (strict, loose) = (judged(quarters), judged(quarters + looser));
        if strict == "pass" || strict == "warn" {
            prop_assert_eq!(&loose, &strict);
        }
        if loose == "fail" {
            prop_assert_eq!(strict, "fail");
        }
    }
}
