//! Functions that reduce the values of slices to one number.

use rustc_hash::FxHashMap;

use super::claim::EstimatedInterval;
use super::condition::{EachSlice, Judge, Size};
use super::dependencies::MetricReads;
use super::interval::{IntervalKind, ValueWithInterval, difference, nine_digits, proportion, ratio};
use super::slices::SliceId;
use super::unknown::{Unknown, What};
use super::value::{Examples, KnownNumber, Scope};
use crate::objectives::hir::{Across, AcrossFunction, Weight};
use crate::objectives::number::Exact;
use crate::objectives::verdict::Method;

/// The values of slices, before they are reduced to one number.
pub(super) struct AcrossSlices<'a> {
    pub each: EachSlice<'a>,
    /// The numbers, in the order of the slices.
    pub numbers: Vec<KnownNumber<'a>>,
}

impl<'a> AcrossSlices<'a> {
    /// Returns the slices that are not left out, with their numbers.
    pub(super) fn counted(&self) -> impl Iterator<Item = (SliceId, &KnownNumber<'a>)> {
        let all = self.each.slices.iter().zip(&self.numbers);
        all.filter(|((_, size), _)| !matches!(size, Size::LeftOut(_))).map(|((slice, _), number)| (*slice, number))
    }
}

impl<'a> Judge<'a> {
    pub(super) fn across(&self, across: &'a Across, scope: Scope<'a>) -> KnownNumber<'a> {
        let slices = self.across_slices(across, scope);
        let is_tainted = slices.numbers.iter().any(|number| number.is_tainted);
        let examples = slices.counted().map(|(_, number)| number.examples).fold(Examples::NoRecord, Examples::and);
        let value = self.of_slices(across, &slices, scope).and_then(|value| self.bounded(value, scope));
        KnownNumber { value, is_tainted, examples, record: None, is_plain: false }
    }

    /// Returns the values of the slices that are reported, including those that are left out, so that values which are not finite are
    /// noticed.
    pub(super) fn across_slices(&self, across: &'a Across, scope: Scope<'a>) -> AcrossSlices<'a> {
        let reads = MetricReads::of_value(self.policy, &across.value, scope.dataset);
        let candidates = self.candidates(&across.slices, scope.slice);
        let mut ids = Vec::new();
        self.observed(scope.source, &reads.metrics, &candidates, &mut ids);
        self.retain_meant(&across.slices, &mut ids);
        let numbers: Vec<_> =
            ids.iter().map(|slice| self.number(&across.value, Scope { slice: *slice, ..scope })).collect();
        let size = |(slice, number): (&SliceId, &KnownNumber<'a>)| {
            (*slice, self.size(*slice, across.slices.sample.as_ref(), number.examples))
        };
        let needed = match across.function {
            AcrossFunction::Ratio
            | AcrossFunction::Difference
            | AcrossFunction::LeastRise
            | AcrossFunction::LeastFall => 2,
            AcrossFunction::Worst | AcrossFunction::Best | AcrossFunction::Mean | AcrossFunction::WeightedMean => 1,
        };
        AcrossSlices { each: self.sized(&across.slices, ids.iter().zip(&numbers).map(size).collect(), needed), numbers }
    }

    fn of_slices(&self, across: &'a Across, slices: &AcrossSlices<'a>, scope: Scope<'a>) -> Result<Exact, Unknown<'a>> {
        let unknown = |what| self.unknown(what, scope);
        let mut values = Vec::with_capacity(slices.numbers.len());
        for ((slice, size), number) in slices.each.slices.iter().zip(&slices.numbers) {
            match size {
                // Where one value is impossible, the others may be wrong, too.
                Size::LeftOut(_) => match &number.value {
                    Err(unknown) if unknown.is_of_impossible_evidence() => return Err(*unknown),
                    _ => {}
                },
                // A fault of the value itself takes precedence.
                Size::TooSmall(unknown) => return Err(number.value.as_ref().err().copied().unwrap_or(*unknown)),
                Size::Enough => values.push((*slice, number.value.clone()?)),
            }
        }
        if let Some(gap) = slices.each.gap {
            return Err(unknown(gap));
        }
        if matches!(across.function, AcrossFunction::LeastRise | AcrossFunction::LeastFall) {
            let steps = least_step(&self.in_order(across, slices), across.function == AcrossFunction::LeastFall);
            return steps.map(|step| step.height).ok_or_else(|| unknown(What::TooFewSlices(values.len() as u64, 2)));
        }
        let relative = across.relative_to.as_deref();
        let reference = relative.map(|name| {
            let found = values.iter().position(|(slice, _)| self.label(*slice, &across.slices) == name);
            let found = found.ok_or_else(|| unknown(What::NoSlice(name)))?;
            // The worst of all may be the reference itself; a ratio or difference is relative to it.
            let is_one_of_all = matches!(across.function, AcrossFunction::Worst | AcrossFunction::Best);
            let reference = if is_one_of_all { values.get(found).cloned() } else { Some(values.swap_remove(found)) };
            reference.map(|(_, value)| value).ok_or_else(|| unknown(What::NoSlice(name)))
        });
        let reference = reference.transpose()?;
        if matches!(across.function, AcrossFunction::Mean | AcrossFunction::WeightedMean) {
            let mut weighed = Vec::with_capacity(values.len());
            // Only slices that are large enough remain here, in the same order.
            for ((slice, number), (_, value)) in slices.counted().zip(&values) {
                let weight = match &across.weight {
                    Some(weight) => self.weight(weight, number.examples, Scope { slice, ..scope })?,
                    None => Exact::ONE,
                };
                weighed.push((weight, value));
            }
            return self.weighted_mean(&weighed, scope);
        }
        let values: Vec<Exact> = values.into_iter().map(|(_, value)| value).collect();
        combined(across, values, reference).map_err(unknown)
    }
}

/// The greatest number of pairs of slices that are compared: those of a hundred slices.
const MOST_PAIRS: usize = 4950;

impl<'a> Judge<'a> {
    /// Returns the interval of the ratio or difference of slices: each pair has one (Newcombe's for the difference, Donner and Zou's for
    /// the ratio), at a level at which all of them hold together (Bonferroni). Only for proportions.
    pub(super) fn interval_of_slices(
        &self,
        across: &'a Across,
        level: &Exact,
        scope: Scope<'a>,
        counts: IntervalKind,
    ) -> Result<EstimatedInterval, What<'a>> {
        let slices = self.across_slices(across, scope);
        let shares: Vec<Share<'_>> =
            slices.counted().map(|(slice, number)| self.share(slice, number, scope)).collect::<Result<_, _>>()?;
        if matches!(across.function, AcrossFunction::LeastRise | AcrossFunction::LeastFall) {
            return self.interval_of_steps(across, &slices, &shares, level, counts);
        }
        let is_named = |share: &Share<'_>, name: &String| self.label(share.slice, &across.slices) == *name;
        let reference =
            across.relative_to.as_ref().map(|name| shares.iter().position(|share| is_named(share, name)).unwrap_or(0));
        let count = match across.relative_to {
            Some(_) => shares.len().saturating_sub(1),
            None => shares.len() * shares.len().saturating_sub(1) / 2,
        };
        if !(1..=MOST_PAIRS).contains(&count) {
            return Err(What::Derived);
        }
        let pairs = Exact::whole(i64::try_from(count).unwrap_or(i64::MAX));
        let share = (&Exact::ONE - level).divided_by(&pairs).ok_or(What::Derived)?;
        let each = &Exact::ONE - &share;
        // The least and the greatest distance within a pair; that of the pair with the greatest distance is used.
        let (mut least, mut most) = (0.0_f64, 0.0_f64);
        for (index, one) in shares.iter().enumerate() {
            let others = reference.map_or(index + 1..shares.len(), |reference| reference..reference + 1);
            for other in shares.get(others).unwrap_or_default().iter().filter(|other| other.slice != one.slice) {
                self.step();
                let (lower, upper) = match across.function {
                    AcrossFunction::Ratio => one.by(other, &each, counts).ok_or(What::NoRatioBound)?,
                    _ => one.less(other, &each, counts).ok_or(What::NotAProportion)?,
                };
                least = least.max(lower).max(-upper);
                most = most.max(lower.abs()).max(upper.abs());
            }
        }
        let (lower, upper) = match across.function {
            AcrossFunction::Ratio => ((-most).exp(), (-least).exp()),
            _ => (least, most),
        };
        let bound = |value: f64| nine_digits(value).ok_or(What::TooLong);
        Ok(EstimatedInterval { lower: bound(lower)?, upper: bound(upper)?, method: Method::Slices })
    }

    /// Returns the interval of the least step from a slice to the next. Each step must satisfy the claim, so that no adjusted level is
    /// needed (an intersection-union test: Berger 1982).
    fn interval_of_steps(
        &self,
        across: &'a Across,
        slices: &AcrossSlices<'a>,
        shares: &[Share<'_>],
        level: &Exact,
        counts: IntervalKind,
    ) -> Result<EstimatedInterval, What<'a>> {
        let ordered = self.in_order(across, slices);
        let share = |slice: SliceId| shares.iter().find(|share| share.slice == slice).ok_or(What::NoInterval);
        let mut bounds: Option<(f64, f64)> = None;
        for pair in ordered.windows(2) {
            let [(before, _), (after, _)] = pair else { continue };
            self.step();
            let (before, after) = (share(*before)?, share(*after)?);
            let (from, to) =
                if across.function == AcrossFunction::LeastFall { (after, before) } else { (before, after) };
            let (lower, upper) = to.less(from, level, counts).ok_or(What::NotAProportion)?;
            bounds = Some(bounds.map_or((lower, upper), |(low, high)| (low.min(lower), high.min(upper))));
        }
        let (lower, upper) = bounds.ok_or(What::Derived)?;
        let bound = |value: f64| nine_digits(value).ok_or(What::TooLong);
        Ok(EstimatedInterval { lower: bound(lower)?, upper: bound(upper)?, method: Method::Slices })
    }

    /// Returns the slices that are not left out, with their values, in the order in which the values of the dimension are declared.
    pub(super) fn in_order(&self, across: &'a Across, slices: &AcrossSlices<'a>) -> Vec<(SliceId, Exact)> {
        let Some(dimension) = across.slices.dimensions.first() else { return Vec::new() };
        let declared = self.policy.dimensions.iter().rev().find(|own| own.name == *dimension);
        let places: FxHashMap<&str, usize> =
            declared.into_iter().flat_map(|own| &own.values).map(String::as_str).zip(0..).collect();
        let mut found: Vec<(usize, SliceId, Exact)> = slices
            .counted()
            .filter_map(|(slice, number)| {
                let place = places.get(self.value_of(slice, dimension)?)?;
                Some((*place, slice, number.value.as_ref().ok()?.clone()))
            })
            .collect();
        found.sort_unstable_by_key(|(place, slice, _)| (*place, *slice));
        found.into_iter().map(|(_, slice, value)| (slice, value)).collect()
    }

    /// Returns a slice as a proportion of its examples.
    fn share<'n>(&self, slice: SliceId, number: &'n KnownNumber<'a>, scope: Scope<'a>) -> Result<Share<'n>, What<'a>> {
        let index = self.indexes.get(scope.source as usize).ok_or(What::NoInterval)?;
        let id = number.record.filter(|_| number.is_plain).ok_or(What::Derived)?;
        let (record, scale) = index.record(id).zip(index.scale(id)).ok_or(What::NoInterval)?;
        let metric = self.policy.metrics.get(scale.metric());
        if !scale.unit.is_fraction() || !metric.is_some_and(|metric| metric.is_proportion) {
            return Err(What::NotAProportion);
        }
        let value = number.value.as_ref().map_err(|unknown| unknown.what)?;
        Ok(Share { slice, value, count: record.count.ok_or(What::NoInterval)? })
    }
}

/// A proportion, and its number of examples.
struct Share<'n> {
    slice: SliceId,
    value: &'n Exact,
    count: u64,
}

impl Share<'_> {
    /// Returns the interval of the difference of two proportions.
    fn less(&self, other: &Self, level: &Exact, counts: IntervalKind) -> Option<(f64, f64)> {
        let (own, others) = (self.bounds(level, counts)?, other.bounds(level, counts)?);
        let (lower, upper) = difference(&self.measured(&own), &other.measured(&others), &Exact::ONE, 0.0)?;
        Some((lower.to_f64(), upper.to_f64()))
    }

    /// Returns the interval of the logarithm of the ratio of two proportions: the lesser divided by the greater.
    fn by(&self, other: &Self, level: &Exact, counts: IntervalKind) -> Option<(f64, f64)> {
        let (lesser, greater) = if self.value < other.value { (self, other) } else { (other, self) };
        let (own, others) = (lesser.bounds(level, counts)?, greater.bounds(level, counts)?);
        let (lower, upper) = ratio(&lesser.measured(&own), &greater.measured(&others))?;
        Some((lower.ln(), upper.ln()))
    }

    fn bounds(&self, level: &Exact, counts: IntervalKind) -> Option<(Exact, Exact)> {
        proportion(self.value, self.count, level, counts).map(|(lower, upper, _)| (lower, upper))
    }

    fn measured<'s>(&'s self, bounds: &'s (Exact, Exact)) -> ValueWithInterval<'s> {
        ValueWithInterval { value: self.value, lower: &bounds.0, upper: &bounds.1 }
    }
}

impl<'a> Judge<'a> {
    /// Returns the weight of a slice.
    fn weight(&self, weight: &'a Weight, examples: Examples, scope: Scope<'a>) -> Result<Exact, Unknown<'a>> {
        let number = match (weight, examples) {
            (Weight::Metric(metric), _) => self.number(metric, scope).value?,
            (Weight::Count, Examples::Known(count)) => Exact::whole(i64::try_from(count).unwrap_or(i64::MAX)),
            (Weight::Count, _) => return Err(self.unknown(What::NoCount(1), scope)),
        };
        if number.is_negative() { Err(self.unknown(What::NegativeWeight, scope)) } else { Ok(number) }
    }

    fn weighted_mean(&self, weighed: &[(Exact, &Exact)], scope: Scope<'a>) -> Result<Exact, Unknown<'a>> {
        let (mut sum, mut all) = (Exact::ZERO, Exact::ZERO);
        for (weight, value) in weighed {
            sum = self.bounded(&sum + &(weight * *value), scope)?;
            all = self.bounded(&all + weight, scope)?;
        }
        sum.divided_by(&all).ok_or_else(|| self.unknown(What::ZeroDivisor, scope))
    }
}

/// A step from one slice to the next.
pub(super) struct SliceStep {
    pub height: Exact,
    pub before: (SliceId, Exact),
    pub after: (SliceId, Exact),
}

/// Returns the least step from one value to the next, up or down.
pub(super) fn least_step(values: &[(SliceId, Exact)], falls: bool) -> Option<SliceStep> {
    let steps = values.windows(2).filter_map(|pair| {
        let [before, after] = pair else { return None };
        let height = if falls { &before.1 - &after.1 } else { &after.1 - &before.1 };
        Some(SliceStep { height, before: before.clone(), after: after.clone() })
    });
    steps.min_by(|a, b| a.height.cmp(&b.height))
}

/// Returns the result of the function for the values; if there is a reference, they do not include it.
fn combined(across: &Across, values: Vec<Exact>, reference: Option<Exact>) -> Result<Exact, What<'static>> {
    let few = |count: usize| What::TooFewSlices(count as u64, 1);
    if across.function == AcrossFunction::Ratio && values.iter().chain(&reference).any(Exact::is_negative) {
        return Err(What::NegativeRatio);
    }
    let ends = |values: &[Exact]| values.iter().min().cloned().zip(values.iter().max().cloned());
    let (least, greatest) = ends(&values).ok_or_else(|| few(values.len()))?;
    match (across.function, reference) {
        (AcrossFunction::Ratio, None) => least.divided_by(&greatest).ok_or(What::ZeroDivisor),
        // The smaller value is the numerator, so that disadvantages of the reference are noticed as well.
        (AcrossFunction::Ratio, Some(reference)) => {
            let own = least.divided_by(&reference).ok_or(What::ZeroDivisor)?;
            let inverse = reference.divided_by(&greatest).ok_or(What::ZeroDivisor)?;
            Ok(own.min(inverse))
        }
        (AcrossFunction::Difference, None) => Ok(&greatest - &least),
        (AcrossFunction::Difference, Some(reference)) => {
            Ok((&greatest - &reference).abs().max((&reference - &least).abs()))
        }
        (AcrossFunction::Worst | AcrossFunction::Best, _) => Ok(if across.takes_greatest { greatest } else { least }),
        // These are computed with their weights, or in their order.
        (
            AcrossFunction::Mean | AcrossFunction::WeightedMean | AcrossFunction::LeastRise | AcrossFunction::LeastFall,
            _,
        ) => Err(What::ZeroDivisor),
    }
}
