//! Claims: whether a value, or its whole interval, is among the permitted values.

use super::allowed::{Allowed, Bound};
use super::condition::Judge;
use super::index::{RecordId, Scale};
use super::interval::{IntervalKind, ValueWithInterval, difference, paired_difference, proportion};
use super::kleene::Kleene;
use super::unknown::{Unknown, What};
use super::value::{Examples, KnownNumber, Scope};
use crate::documents::objectives::Language;
use crate::objectives::hir::{
    Across, AcrossFunction, Aggregate, Amount, ChangeDirection, ChangeReference, Claim, DatasetId, Limit, Predicate,
    ReferenceBound, Value, ValueKind, Within,
};
use crate::objectives::measurements::{MetricRecord, Quantity};
use crate::objectives::number::Exact;
use crate::objectives::unit::{Dimension, MetricUnit};
use crate::objectives::verdict::Method;

/// A claim, judged in one slice.
#[derive(Debug)]
pub(super) struct ClaimJudgement<'a> {
    pub truth: Kleene,
    pub is_tainted: bool,
    /// Why it is unknown.
    pub unknown: Option<Unknown<'a>>,
    pub value: Option<Exact>,
    /// The values that the claim permits.
    pub allowed: Option<Allowed>,
    /// The reference that a change is measured against.
    pub reference: Option<Exact>,
    pub interval: Option<EstimatedInterval>,
    pub examples: Examples,
    pub record: Option<RecordId>,
    /// Whether the value is about what the true one is.
    pub is_estimate: bool,
}

/// A confidence interval.
#[derive(Clone, Debug)]
pub(super) struct EstimatedInterval {
    pub lower: Exact,
    pub upper: Exact,
    pub method: Method,
}

impl<'a> Judge<'a> {
    pub(super) fn claim(&self, claim: &'a Claim, scope: Scope<'a>) -> ClaimJudgement<'a> {
        let scope = Self::scope(claim, scope);
        if let Predicate::Reported(is_negated) = claim.predicate {
            return self.reported(claim, is_negated, scope);
        }
        let value = self.number(&claim.value, scope);
        let (bounds, reference) = self.allowed(claim, scope);
        let examples = value.examples.and(bounds.examples);
        let mut judged = ClaimJudgement {
            truth: Kleene::Unknown,
            is_tainted: value.is_tainted || bounds.is_tainted,
            unknown: None,
            value: value.value.as_ref().ok().cloned(),
            allowed: bounds.allowed.as_ref().ok().cloned(),
            reference,
            interval: None,
            examples,
            record: value.record,
            is_estimate: false,
        };
        if let Some((estimate, found)) = self.enclosed(claim, &value, &bounds, examples, scope) {
            judged.value = Some(estimate);
            judged.is_estimate = true;
            match found {
                Ok(truth) => judged.truth = truth,
                Err(unknown) => judged.unknown = Some(unknown),
            }
            return judged;
        }
        match self.compared(claim, &value, &bounds, examples, scope, &mut judged.interval) {
            Ok(truth) => judged.truth = truth,
            Err(unknown) => judged.unknown = Some(unknown),
        }
        judged
    }

    /// Judges a value of a log of which only the bounds are certain: all that it can be must agree. Returns with the truth about what it is.
    /// A value that is computed from such a one stays unknown.
    fn enclosed(
        &self,
        claim: &'a Claim,
        value: &KnownNumber<'a>,
        bounds: &Bounds<'a>,
        examples: Examples,
        scope: Scope<'a>,
    ) -> Option<(Exact, Result<Kleene, Unknown<'a>>)> {
        let unknown = value.value.as_ref().err()?;
        let What::Between(own) = unknown.what else { return None };
        let id = value.record.filter(|_| is_direct(&claim.value))?;
        let scale = self.indexes.get(scope.source as usize)?.scale(id)?;
        let (lower, upper) = (scale.scaled(&own.lower), scale.scaled(&own.upper));
        let judge = || {
            let allowed = bounds.allowed.as_ref().map_err(|unknown| *unknown)?;
            examples.are_enough(claim.examples).map_err(|what| self.unknown(what, scope))?;
            // An interval around a number that is not known would be too narrow.
            if claim.confidence.is_some() {
                return Err(*unknown);
            }
            if let Some((other, at)) = &bounds.measured
                && matches!(claim.predicate, Predicate::Change { .. })
                && self.is_on_other_data(value, scope, other, *at)
            {
                return Err(self.unknown(What::OtherData, scope));
            }
            match allowed.holds_for(&lower, &upper) {
                Kleene::Unknown => Err(*unknown),
                truth => Ok(truth),
            }
        };
        Some((scale.scaled(&own.estimate), judge()))
    }

    /// Returns the scope of the value of a claim.
    pub(super) fn scope(claim: &'a Claim, scope: Scope<'a>) -> Scope<'a> {
        let dataset = claim.dataset.or(scope.dataset);
        Scope { dataset, window: claim.window, expected: expected(claim), ..scope }
    }

    fn compared(
        &self,
        claim: &'a Claim,
        value: &KnownNumber<'a>,
        bounds: &Bounds<'a>,
        examples: Examples,
        scope: Scope<'a>,
        interval: &mut Option<EstimatedInterval>,
    ) -> Result<Kleene, Unknown<'a>> {
        let point = value.value.as_ref().map_err(|unknown| *unknown)?;
        let allowed = bounds.allowed.as_ref().map_err(|unknown| *unknown)?;
        let unknown = |what| self.unknown(what, scope);
        examples.are_enough(claim.examples).map_err(unknown)?;
        if let Some((other, at)) = &bounds.measured
            && matches!(claim.predicate, Predicate::Change { .. })
            && self.is_on_other_data(value, scope, other, *at)
        {
            return Err(unknown(What::OtherData));
        }
        if claim.confidence.is_none() {
            return Ok(Kleene::of(allowed.holds(point)));
        }
        let (many, found) = self.confident(claim, value, bounds, scope, IntervalKind::Many)?;
        let (few, wider) = self.confident(claim, value, bounds, scope, IntervalKind::Few)?;
        let (truth, found) = if many == few { (many, found) } else { (Kleene::Unknown, wider) };
        *interval = Some(found);
        if truth == Kleene::Unknown { Err(unknown(What::Straddles)) } else { Ok(truth) }
    }

    /// Returns the truth of a claim according to an interval, and that interval.
    fn confident(
        &self,
        claim: &'a Claim,
        value: &KnownNumber<'a>,
        bounds: &Bounds<'a>,
        scope: Scope<'a>,
        counts: IntervalKind,
    ) -> Result<(Kleene, EstimatedInterval), Unknown<'a>> {
        let unknown = |what| self.unknown(what, scope);
        let confidence = claim.confidence.as_ref().ok_or_else(|| unknown(What::NoInterval))?;
        let point = value.value.as_ref().map_err(|unknown| *unknown)?;
        let allowed = bounds.allowed.as_ref().map_err(|unknown| *unknown)?;
        let level = &confidence.level;
        if confidence.is_paired {
            let (other, at) = bounds.measured.as_ref().ok_or_else(|| unknown(What::NoPairs))?;
            let paired =
                self.paired(value, scope, (other, *at), level, counts).map_err(|what| self.unknown(what, *at))?;
            let (truth, found) =
                judged_sides(claim, &paired.as_sides(point), allowed).ok_or_else(|| unknown(What::Derived))?;
            let reference = other.value.as_ref().map_err(|unknown| *unknown)?;
            return Ok(match paired.score {
                Some(score) if allowed.less(reference).holds_for(&score.lower, &score.upper) != truth => {
                    (Kleene::Unknown, score)
                }
                _ => (truth, found),
            });
        }
        let own = match self.compares_slices(&claim.value) {
            Some(_) if bounds.measured.is_some() => return Err(unknown(What::Derived)),
            Some((across, dataset)) => {
                let scope = Scope { dataset: dataset.or(scope.dataset), ..scope };
                self.interval_of_slices(across, level, scope, counts).map_err(unknown)?
            }
            None => self.interval(value, level, scope, counts).map_err(unknown)?,
        };
        let Some((other, at)) = &bounds.measured else { return Ok((allowed.holds_for(&own.lower, &own.upper), own)) };
        let found = self.interval(other, level, *at, counts).map_err(|what| self.unknown(what, *at))?;
        let reference = other.value.as_ref().map_err(|unknown| *unknown)?;
        let sides = Sides { own: (point, &own), other: (reference, &found), correlation: None };
        judged_sides(claim, &sides, allowed).ok_or_else(|| unknown(What::Derived))
    }

    /// Returns the ratio or difference of slices that a value is, and its dataset if it names one. In the first version of the language it
    /// has no interval.
    fn compares_slices(&self, value: &'a Value) -> Option<(&'a Across, Option<DatasetId>)> {
        match &value.kind {
            ValueKind::Across(across)
                if self.policy.language >= Language::Second
                    && matches!(
                        across.function,
                        AcrossFunction::Ratio
                            | AcrossFunction::Difference
                            | AcrossFunction::LeastRise
                            | AcrossFunction::LeastFall
                    ) =>
            {
                Some((across, None))
            }
            ValueKind::On(inner, dataset) => {
                self.compares_slices(inner).map(|(across, own)| (across, own.or(Some(*dataset))))
            }
            _ => None,
        }
    }

    /// Returns the proportions of examples that were right before and after, according to the pairs in the candidate's record. They must
    /// agree with the records.
    fn paired(
        &self,
        value: &KnownNumber<'a>,
        scope: Scope<'a>,
        (other, at): (&KnownNumber<'a>, Scope<'a>),
        level: &Exact,
        counts: IntervalKind,
    ) -> Result<Paired, What<'a>> {
        // Pairs are of examples that both models saw.
        let data = |number: &KnownNumber<'a>, scope| self.record(number, scope)?.dataset.as_ref();
        if data(value, scope).is_none() || data(other, at).is_none() {
            return Err(What::NoPairs);
        }
        let index = self.indexes.get(scope.source as usize).ok_or(What::NoPairs)?;
        let id = value.record.filter(|_| value.is_plain).ok_or(What::NoPairs)?;
        let (record, scale) = index.record(id).zip(index.scale(id)).ok_or(What::NoPairs)?;
        if !self.is_proportion(scale) {
            return Err(What::NotAProportion);
        }
        let pairs = record.pairs.as_ref().ok_or(What::NoPairs)?;
        let found = pairs.shares().ok_or(What::NoPairs)?;
        let agrees = |number: &KnownNumber<'a>, share: &Exact| {
            let value = number.value.as_ref().map_err(|unknown| unknown.what)?;
            Ok(is_rounded(share, value))
        };
        let of_reference = self.record(other, at).and_then(|record| record.count);
        // Without the number of examples of either, the pairs could be some that were chosen.
        let counts_agree = [record.count, of_reference].into_iter().all(|count| count == Some(found.count));
        if !counts_agree || !agrees(value, &found.candidate)? || !agrees(other, &found.reference)? {
            return Err(What::OtherPairs);
        }
        let interval = |share: &Exact| {
            let (lower, upper, _) = proportion(share, found.count, level, counts).ok_or(What::NoPairs)?;
            Ok(EstimatedInterval { lower, upper, method: Method::Wilson })
        };
        let (own, reference) = (interval(&found.candidate)?, interval(&found.reference)?);
        let score = match counts {
            IntervalKind::Many => None,
            IntervalKind::Few => {
                let (lower, upper) = paired_difference(pairs, level).ok_or(What::NoPairs)?;
                Some(EstimatedInterval { lower, upper, method: Method::Tango })
            }
        };
        Ok(Paired { own, other: (found.reference, reference), correlation: pairs.correlation(), score })
    }

    /// Returns whether two records are known to be of different data: "Never across datasets".
    fn is_on_other_data(
        &self,
        value: &KnownNumber<'a>,
        scope: Scope<'a>,
        other: &KnownNumber<'a>,
        at: Scope<'a>,
    ) -> bool {
        let data = |number, scope| Some(&*self.record(number, scope)?.dataset.as_ref()?.key);
        let declared = scope.dataset.and_then(|id| self.policy.datasets.get(id));
        // What is declared as one dataset was looked up as that on both sides; all data of one stage is not one dataset.
        let is_one = declared.is_some_and(|data| data.reference.is_some());
        !is_one && data(value, scope).zip(data(other, at)).is_some_and(|(own, other)| own != other)
    }

    /// The record that a number is from.
    fn record(&self, number: &KnownNumber<'a>, scope: Scope<'a>) -> Option<&'a MetricRecord<'a>> {
        self.indexes.get(scope.source as usize)?.record(number.record?)
    }

    /// Returns the interval of a number: "The logged interval at that level, else Wilson score from `count` for a fraction."
    pub(super) fn interval(
        &self,
        number: &KnownNumber<'a>,
        level: &Exact,
        scope: Scope<'a>,
        counts: IntervalKind,
    ) -> Result<EstimatedInterval, What<'a>> {
        let index = self.indexes.get(scope.source as usize).ok_or(What::NoInterval)?;
        let id = number.record.filter(|_| number.is_plain).ok_or(What::Derived)?;
        let (record, scale) = index.record(id).zip(index.scale(id)).ok_or(What::NoInterval)?;
        if let Some(logged) = &record.interval
            && logged.level == Quantity::Number(level.clone())
        {
            let bound = |bound: &Quantity<'a>| match bound {
                Quantity::Number(number) => Ok(scale.scaled(number)),
                other => Err(What::NotFinite(other.not_finite().unwrap_or("a list"))),
            };
            let (lower, upper) = (bound(&logged.lower)?, bound(&logged.upper)?);
            return Ok(EstimatedInterval { lower, upper, method: Method::Logged });
        }
        if !self.is_proportion(scale) {
            return Err(What::NotAProportion);
        }
        let value = number.value.as_ref().map_err(|unknown| unknown.what)?;
        let count = record.count.ok_or(What::NoInterval)?;
        let (lower, upper, is_wilson) = proportion(value, count, level, counts).ok_or(What::NotAProportion)?;
        Ok(EstimatedInterval { lower, upper, method: if is_wilson { Method::Wilson } else { Method::Exact } })
    }

    /// Returns whether a record is of a metric that is declared to be a proportion, in a unit of one.
    fn is_proportion(&self, scale: &Scale) -> bool {
        scale.unit.is_fraction() && self.policy.metrics.get(scale.metric()).is_some_and(|metric| metric.is_proportion)
    }

    /// Returns the values that a claim permits, and the reference that a change is measured against.
    fn allowed(&self, claim: &'a Claim, scope: Scope<'a>) -> (Bounds<'a>, Option<Exact>) {
        let joined = |a: KnownNumber<'a>, b: KnownNumber<'a>, allowed: Result<Allowed, Unknown<'a>>| Bounds {
            allowed,
            is_tainted: a.is_tainted || b.is_tainted,
            examples: a.examples.and(b.examples),
            // A number without a record is a constant.
            measured: [a, b].into_iter().find(|own| own.examples != Examples::NoRecord).map(|own| (own, scope)),
        };
        let none = || KnownNumber::literal(Exact::ZERO);
        match &claim.predicate {
            Predicate::Compare(comparison, bound) => {
                let number = self.number(bound, scope);
                let allowed = number.value.clone().map(|bound| Allowed::by_comparison(*comparison, bound));
                let bounds = joined(number, none(), allowed);
                match bound.reference_bound().filter(|_| claim.confidence.is_some() && bounds.allowed.is_ok()) {
                    // With a confidence it is a change: the difference to the reference has an interval.
                    Some(ReferenceBound { value, reference, .. }) => {
                        let found = self.reference(value, reference, scope);
                        let reference_value = found.value.as_ref().ok().cloned();
                        let at = self.place_of_reference(reference, scope);
                        (Bounds { measured: Some((found, at)), ..bounds }, reference_value)
                    }
                    None => (bounds, None),
                }
            }
            Predicate::Between(low, high) => {
                let (low, high) = (self.number(low, scope), self.number(high, scope));
                let allowed = low.value.clone().and_then(|low| {
                    high.value.clone().map(|high| Allowed::between(Some((low, true)), Some((high, true))))
                });
                (joined(low, high, allowed), None)
            }
            Predicate::Within(amount, of) => {
                let of = self.number(of, scope);
                let allowed = of.value.clone().and_then(|of| {
                    let amount = self.amount(amount, &of, scope)?;
                    Ok(Allowed::by_change(ChangeDirection::Either, Limit::AtMost, &of, &amount))
                });
                (joined(of, none(), allowed), None)
            }
            Predicate::Change { direction, limit, amount, reference: reference_of_change, .. } => {
                let found = self.reference(&claim.value, reference_of_change, scope);
                let allowed = found.value.clone().and_then(|reference| {
                    let amount = self.amount(amount, &reference, scope)?;
                    Ok(Allowed::by_change(*direction, *limit, &reference, &amount))
                });
                let reference = found.value.as_ref().ok().cloned();
                // The number of examples of the reference does not matter here.
                let at = self.place_of_reference(reference_of_change, scope);
                let bounds = joined(KnownNumber { examples: Examples::NoRecord, ..found.clone() }, none(), allowed);
                (Bounds { measured: Some((found, at)), ..bounds }, reference)
            }
            Predicate::Reported(_) => (joined(none(), none(), Ok(Allowed::between(None, None))), None),
        }
    }

    /// Where the records of a reference are looked up.
    fn place_of_reference(&self, reference: &ChangeReference, scope: Scope<'a>) -> Scope<'a> {
        let source = self.references.find(reference).ok().and_then(|sources| sources.first().copied());
        Scope { source: source.unwrap_or(scope.source), window: None, ..scope }
    }

    /// Returns the amount in the unit of the dimension: "Relative change is (c − R) / abs(R)".
    fn amount(&self, amount: &Amount, reference: &Exact, scope: Scope<'a>) -> Result<Exact, Unknown<'a>> {
        match amount {
            Amount::Absolute(amount) => Ok(amount.clone()),
            Amount::Relative(_) if reference.is_zero() => Err(self.unknown(What::ZeroReference, scope)),
            Amount::Relative(share) => self.bounded(share * &reference.abs(), scope),
        }
    }

    /// Returns the value that a change is measured against. A window applies to the candidate only.
    pub(super) fn reference(
        &self,
        value: &'a Value,
        reference: &'a ChangeReference,
        scope: Scope<'a>,
    ) -> KnownNumber<'a> {
        let sources = match self.references.find(reference) {
            Ok(sources) => sources,
            Err(what) => return KnownNumber::unknown(self.unknown(what, scope)),
        };
        let number = |source: &u32| self.number(value, Scope { source: *source, window: None, ..scope });
        let mut numbers: Vec<_> = sources.iter().map(number).collect();
        if numbers.len() < 2 {
            return numbers.pop().unwrap_or_else(|| KnownNumber::unknown(self.unknown(What::NoReference, scope)));
        }
        let is_tainted = numbers.iter().any(|number| number.is_tainted);
        let values: Result<Vec<_>, _> = numbers.into_iter().map(|number| number.value).collect();
        let median = values
            .and_then(|values| super::aggregate::median(values).ok_or_else(|| self.unknown(What::TooFewRuns, scope)));
        KnownNumber { value: median, is_tainted, examples: Examples::NoRecord, record: None, is_plain: false }
    }
}

/// Returns whether a value is that of a metric, or a function of it, unchanged.
fn is_direct(value: &Value) -> bool {
    match &value.kind {
        ValueKind::Metric(_, None) => true,
        ValueKind::Aggregate(aggregate, inner) => *aggregate != Aggregate::Abs && is_direct(inner),
        ValueKind::On(inner, _) | ValueKind::Within(inner, Within::Slice(_) | Within::Window(_)) => is_direct(inner),
        _ => false,
    }
}

/// The permitted values, and the properties of the values that they are derived from.
struct Bounds<'a> {
    allowed: Result<Allowed, Unknown<'a>>,
    is_tainted: bool,
    examples: Examples,
    /// The measured value, if the bound is not a constant, and its scope.
    measured: Option<(KnownNumber<'a>, Scope<'a>)>,
}

/// A value and the measured value that it is compared with.
struct Sides<'s> {
    own: (&'s Exact, &'s EstimatedInterval),
    other: (&'s Exact, &'s EstimatedInterval),
    /// The correlation of the two, if they were measured on the same examples.
    correlation: Option<f64>,
}

/// The change according to pairs of measurements.
struct Paired {
    own: EstimatedInterval,
    other: (Exact, EstimatedInterval),
    correlation: f64,
    /// The interval of the difference that also holds if few pairs differ, if it is required.
    score: Option<EstimatedInterval>,
}

impl Paired {
    fn as_sides<'s>(&'s self, value: &'s Exact) -> Sides<'s> {
        let other = (&self.other.0, &self.other.1);
        Sides { own: (value, &self.own), other, correlation: Some(self.correlation) }
    }
}

/// Returns whether a difference satisfies a claim, and the interval of the difference.
fn judged_sides(claim: &Claim, sides: &Sides<'_>, allowed: &Allowed) -> Option<(Kleene, EstimatedInterval)> {
    let is_relative = match &claim.predicate {
        Predicate::Change { amount, .. } | Predicate::Within(amount, _) => matches!(amount, Amount::Relative(_)),
        Predicate::Compare(_, bound) => bound.reference_bound().is_some_and(|own| own.is_multiple),
        _ => false,
    };
    let truth = sides.truth(allowed, is_relative)?;
    let (lower, upper) = sides.difference(&Exact::ONE)?;
    let method = if sides.correlation.is_some() { Method::Paired } else { Method::Newcombe };
    Some((truth, EstimatedInterval { lower, upper, method }))
}

/// Returns whether a number equals another one, rounded to the digits that it is written with, or to those of a float.
fn is_rounded(number: &Exact, written: &Exact) -> bool {
    let decimals =
        written.to_exact_decimal().map_or(0, |text| text.split_once('.').map_or(0, |(_, digits)| digits.len()));
    let scale = (0..decimals.min(15)).fold(Exact::whole(2), |scale, _| &scale * &Exact::whole(10));
    (&(number - written) * &scale).abs() <= Exact::ONE
}

impl Sides<'_> {
    /// Returns whether the difference satisfies the claim, for all of its interval.
    fn truth(&self, allowed: &Allowed, is_relative: bool) -> Option<Kleene> {
        let (reference, _) = self.other;
        // A bound is `factor · reference + distance`.
        let of_bound = |bound: &Exact| match is_relative {
            true => Some((bound.divided_by(reference)?, Exact::ZERO)),
            false => Some((Exact::ONE, bound - reference)),
        };
        let side = |bound: &Bound, is_low: bool| {
            let Some((bound, is_allowed)) = bound else { return Some(Kleene::True) };
            let (factor, distance) = of_bound(bound)?;
            let (lower, upper) = self.difference(&factor)?;
            let own = Some((distance, *is_allowed));
            let own = if is_low { Allowed::between(own, None) } else { Allowed::between(None, own) };
            Some(own.holds_for(&lower, &upper))
        };
        let inside = side(&allowed.low, true)?.and(side(&allowed.high, false)?);
        Some(if allowed.is_outside { inside.not() } else { inside })
    }

    fn difference(&self, factor: &Exact) -> Option<(Exact, Exact)> {
        let ((x, own), (y, other)) = (self.own, self.other);
        let x = ValueWithInterval { value: x, lower: &own.lower, upper: &own.upper };
        let y = ValueWithInterval { value: y, lower: &other.lower, upper: &other.upper };
        difference(&x, &y, factor, self.correlation.unwrap_or(0.0))
    }
}

/// Returns the dimension that records of metrics without a declared unit must have, which follows from both sides of the predicate. A
/// number without a unit is compared with plain numbers only.
fn expected(claim: &Claim) -> Option<&Dimension> {
    let is_known = |unit: &MetricUnit| unit.dimension != Dimension::Unknown;
    let known = claim.values().map(|value| &value.unit).find(|unit| is_known(unit));
    let is_plain = || claim.values().skip(1).any(Value::is_literal);
    known.map(|unit| &unit.dimension).or_else(|| is_plain().then_some(&Dimension::One))
}
