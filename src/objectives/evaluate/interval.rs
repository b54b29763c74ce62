//! Confidence intervals of proportions, and of differences and ratios of values.

use statrs::function::erf::erfc_inv;

use super::small::{clopper_pearson, tango};
use crate::objectives::measurements::PairedCounts;
use crate::objectives::number::Exact;

/// The intervals of proportions that are used: a decision by the first must be confirmed by the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IntervalKind {
    /// Score intervals, which are accurate for many examples.
    Many,
    /// Intervals that also hold for few examples.
    Few,
}

/// Returns the bounds of a proportion of `count` examples: Wilson's, or if they are wider, those that also hold for few examples; and
/// whether they are Wilson's.
pub(super) fn proportion(
    fraction: &Exact,
    count: u64,
    level: &Exact,
    counts: IntervalKind,
) -> Option<(Exact, Exact, bool)> {
    let (lower, upper) = wilson(fraction, count, level)?;
    if counts == IntervalKind::Many {
        return Some((lower, upper, true));
    }
    #[expect(clippy::cast_precision_loss, reason = "no number of examples needs more digits")]
    let all = count as f64;
    let Some(exact) = clopper_pearson(fraction.to_f64() * all, all, level.to_f64()) else {
        return Some((lower, upper, true));
    };
    let wider = (lower.clone().min(rounded(exact.0)?), upper.clone().max(rounded(exact.1)?));
    let is_wilson = wider == (lower, upper);
    Some((wider.0, wider.1, is_wilson))
}

/// Returns the bounds of a paired difference that also hold if few pairs differ.
pub(super) fn paired_difference(pairs: &PairedCounts, level: &Exact) -> Option<(Exact, Exact)> {
    #[expect(clippy::cast_precision_loss, reason = "no number of examples needs more digits")]
    let table = pairs.table.map(|own| own as f64);
    let (lower, upper) = tango(table, normal_quantile(f64::midpoint(1.0, level.to_f64()))?);
    Some((nine_digits(lower)?, nine_digits(upper)?))
}

/// The precision to which bounds are rounded: beyond nine decimal places, logarithms may differ between machines.
const PLACES: f64 = 1e9;

/// Returns the bounds of the Wilson score interval without continuity correction (Wilson 1927) of a fraction of `count` examples, at a
/// level between 0 and 1, in floats, rounded to nine decimal places. `None` if the value is not a fraction, or there are no examples.
pub(super) fn wilson(fraction: &Exact, count: u64, level: &Exact) -> Option<(Exact, Exact)> {
    if fraction.is_negative() || *fraction > Exact::ONE || count == 0 {
        return None;
    }
    let (centre, half) = wilson_score(fraction.to_f64(), count, level.to_f64())?;
    // For 0 and 1 the bound is the value itself; rounding must not move it inside.
    let lower = if fraction.is_zero() { 0.0 } else { centre - half };
    let upper = if *fraction == Exact::ONE { 1.0 } else { centre + half };
    Some((rounded(lower)?, rounded(upper)?))
}

/// The centre of Wilson's interval, and half of its width.
fn wilson_score(p: f64, count: u64, level: f64) -> Option<(f64, f64)> {
    #[expect(clippy::cast_precision_loss, reason = "no number of examples needs more digits")]
    let n = count as f64;
    let z = normal_quantile(f64::midpoint(1.0, level))?;
    let (z2, scale) = (z * z, 1.0 + z * z / n);
    let half = z * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt() / scale;
    Some(((p + z2 / (2.0 * n)) / scale, half))
}

/// Returns whether an interval of a share of so many examples is too narrow to be one: less than half as wide as Wilson's, or on one side of
/// the share less than a quarter. Other methods differ from it by less, where examples are drawn at random; those that are symmetric, by more
/// than half on one side.
#[must_use]
pub fn is_too_narrow(share: f64, count: u64, level: f64, (lower, upper): (f64, f64)) -> bool {
    let is_share = (0.0..=1.0).contains(&share) && count > 0 && level > 0.0 && level < 1.0;
    is_share
        && wilson_score(share, count, level).is_some_and(|(centre, half)| {
            let is_short = |side: f64, of_wilson: f64| side < of_wilson / 4.0 - 1e-9;
            upper - lower < half
                || is_short(share - lower, share - (centre - half))
                || is_short(upper - share, centre + half - share)
        })
}

fn rounded(value: f64) -> Option<Exact> {
    let scaled = (value.clamp(0.0, 1.0) * PLACES).round();
    #[expect(clippy::cast_possible_truncation, reason = "between 0 and 1e9")]
    scaled.is_finite().then(|| Exact::fraction(scaled as i64, PLACES as i64)).flatten()
}

/// Returns the bounds of `x − factor · y`, each of which has an interval of its own: Newcombe's "square-and-add" (1998, method 10), where
/// the intervals are Wilson's and the factor is 1, generalized to any intervals and factors (MOVER: Zou, Donner 2008). If both were
/// measured on the same examples, `correlation` is that between them (Newcombe 1998b, method 10); otherwise it is 0. Rounded like Wilson's
/// bounds.
pub(super) fn difference(
    x: &ValueWithInterval<'_>,
    y: &ValueWithInterval<'_>,
    factor: &Exact,
    correlation: f64,
) -> Option<(Exact, Exact)> {
    let k = factor.to_f64();
    let (x, y) = (x.floats(), y.floats());
    // The bounds of y that are near to and far from x.
    let (near, far) = if k < 0.0 { (y.upper, y.lower) } else { (y.lower, y.upper) };
    let point = x.value - k * y.value;
    let added = |a: f64, b: f64| (a * a - 2.0 * correlation * a * b + b * b).max(0.0).sqrt();
    let below = added(x.value - x.lower, k * (far - y.value));
    let above = added(x.upper - x.value, k * (y.value - near));
    Some((Exact::from_f64(nine_places(point - below))?, Exact::from_f64(nine_places(point + above))?))
}

/// Returns the bounds of `x / y`, both of which are positive and have an interval of their own (MOVER-R: Donner, Zou 2012). `None` if the
/// interval of y is too wide for the ratio to be bounded.
pub(super) fn ratio(x: &ValueWithInterval<'_>, y: &ValueWithInterval<'_>) -> Option<(f64, f64)> {
    let (x, y) = (x.floats(), y.floats());
    let product = x.value * y.value;
    let bound = |own: f64, other: f64, sign: f64| {
        let divisor = other * (2.0 * y.value - other);
        let inner = product * product - own * (2.0 * x.value - own) * divisor;
        (divisor > 0.0).then(|| ((product + sign * inner.max(0.0).sqrt()) / divisor).max(0.0))
    };
    Some((bound(x.lower, y.upper, -1.0)?, bound(x.upper, y.lower, 1.0)?))
}

/// Returns a bound in floats, rounded to nine decimal places.
pub(super) fn nine_digits(value: f64) -> Option<Exact> {
    Exact::from_f64(nine_places(value))
}

/// A value and its interval.
pub(super) struct ValueWithInterval<'v> {
    pub value: &'v Exact,
    pub lower: &'v Exact,
    pub upper: &'v Exact,
}

/// A value and its interval, in floats.
struct Floats {
    value: f64,
    lower: f64,
    upper: f64,
}

impl ValueWithInterval<'_> {
    fn floats(&self) -> Floats {
        Floats { value: self.value.to_f64(), lower: self.lower.to_f64(), upper: self.upper.to_f64() }
    }
}

fn nine_places(value: f64) -> f64 {
    (value * PLACES).round() / PLACES
}

/// Returns the quantile of the standard normal distribution; `None` outside of 0 to 1.
fn normal_quantile(p: f64) -> Option<f64> {
    (p > 0.0 && p < 1.0).then(|| -std::f64::consts::SQRT_2 * erfc_inv(2.0 * p))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(text: &str) -> Exact {
        Exact::parse(text).unwrap()
    }

    /// The kind, and the numbers that `tests/references/intervals.py` computes with another method, and statsmodels as well; and those that
    /// papers print, to the precision that they print.
    #[test]
    fn bounds_are_those_of_other_programs_and_of_papers() {
        let near = |found: &Exact, expected: &str| {
            let digits = expected.split_once('.').map_or(0, |(_, digits)| digits.len());
            let tolerance = if digits > 6 { 1e-9 } else { 0.5 * 10_f64.powi(-i32::try_from(digits).unwrap()) };
            (found.to_f64() - expected.parse::<f64>().unwrap()).abs() <= tolerance * 1.000_001
        };
        let share = |of: &str| {
            let (part, all) = of.split_once('/').unwrap();
            let (part, all): (i64, i64) = (part.parse().unwrap(), all.parse().unwrap());
            (Exact::fraction(part, all).unwrap(), u64::try_from(all).unwrap())
        };
        let pairs = |of: &str| {
            let numbers: Vec<u64> = of.split('/').map(|own| own.parse().unwrap()).collect();
            PairedCounts { table: numbers.try_into().unwrap() }
        };
        let mut rows = 0;
        for line in
            include_str!("../../../tests/references/intervals.tsv").lines().filter(|line| !line.starts_with('#'))
        {
            let [kind, x, y, level, lower, upper] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
            let level = exact(level);
            let bounds = |of: &str| {
                let (value, count) = share(of);
                let (lower, upper) = wilson(&value, count, &level).unwrap();
                (value, lower, upper)
            };
            let between = |a: (Exact, Exact, Exact), b: (Exact, Exact, Exact), correlation: f64| {
                let x = ValueWithInterval { value: &a.0, lower: &a.1, upper: &a.2 };
                let y = ValueWithInterval { value: &b.0, lower: &b.1, upper: &b.2 };
                difference(&x, &y, &Exact::ONE, correlation).unwrap()
            };
            let found = match kind {
                "wilson" => (bounds(x).1, bounds(x).2),
                "exact" => {
                    let (value, count) = share(x);
                    let all = count as f64;
                    let (lower, upper) = clopper_pearson(value.to_f64() * all, all, level.to_f64()).unwrap();
                    (rounded(lower).unwrap(), rounded(upper).unwrap())
                }
                "tango" => paired_difference(&pairs(x), &level).unwrap(),
                "paired" => {
                    let pairs = pairs(x);
                    let shares = pairs.shares().unwrap();
                    let of = |share: Exact| {
                        let (lower, upper) = wilson(&share, shares.count, &level).unwrap();
                        (share, lower, upper)
                    };
                    between(of(shares.candidate.clone()), of(shares.reference.clone()), pairs.correlation())
                }
                _ => between(bounds(x), bounds(y), 0.0),
            };
            assert!(
                near(&found.0, lower) && near(&found.1, upper),
                "{line}: {} {}",
                found.0.to_f64(),
                found.1.to_f64()
            );
            rows += 1;
        }
        assert!(rows >= 150, "{rows}");
    }

    #[test]
    #[expect(clippy::cast_precision_loss)]
    fn an_exact_interval_holds_as_often_as_it_says() {
        // Sums the probabilities of the counts, given this share, from whose interval the share would be ruled out as too low.
        for (count, share) in [(30_u64, 0.03_f64), (40, 0.25), (100, 0.005)] {
            let chance = |part: u64| {
                (0..part).fold((1.0 - share).powi(i32::try_from(count).unwrap()), |chance, own| {
                    chance * (count - own) as f64 / (own + 1) as f64 * share / (1.0 - share)
                })
            };
            let wrong: f64 = (0..=count)
                .filter(|part| clopper_pearson(*part as f64, count as f64, 0.95).unwrap().0 >= share)
                .map(chance)
                .sum();
            assert!(wrong > 0.0 && wrong <= 0.03, "{count} {share}: {wrong}");
        }
        assert_eq!(clopper_pearson(0.0, 30.0, 0.95).unwrap().0, 0.0);
        assert_eq!(clopper_pearson(30.0, 30.0, 0.95).unwrap().1, 1.0);
    }

    #[test]
    fn quantiles_are_those_of_tables() {
        for (p, z) in [(0.975, 1.959_963_985), (0.95, 1.644_853_627), (0.995, 2.575_829_304), (0.5, 0.0)] {
            assert!((normal_quantile(p).unwrap() - z).abs() < 1e-8, "{p}");
        }
        assert!((normal_quantile(0.001).unwrap() + 3.090_232_306).abs() < 1e-8);
        assert_eq!(normal_quantile(1.0), None);
    }

    /// The interval is where the score test does not reject: (p − x)² n = z² x (1 − x) at both bounds.
    #[test]
    fn bounds_solve_the_equation_that_defines_them() {
        for (p, n) in [("0.87", 350), ("0.5", 10), ("0.01", 2000), ("1", 7), ("0", 7)] {
            let (lower, upper) = wilson(&exact(p), n, &exact("0.95")).unwrap();
            for bound in [lower.to_f64(), upper.to_f64()] {
                let p = exact(p).to_f64();
                let z2 = 1.959_963_985_f64.powi(2);
                #[expect(clippy::cast_precision_loss)]
                let gap = (p - bound).powi(2) * n as f64 - z2 * bound * (1.0 - bound);
                assert!(gap.abs() < 1e-6, "{p} of {n}: {bound} leaves {gap}");
            }
        }
        assert_eq!(wilson(&exact("0.87"), 350, &exact("0.95")).unwrap().0.to_decimal(3), "0.831");
        assert_eq!(wilson(&exact("0.87"), 350, &exact("0.95")).unwrap().1.to_decimal(3), "0.901");
        assert_eq!(wilson(&exact("1.1"), 350, &exact("0.95")), None);
        assert_eq!(wilson(&exact("0.5"), 0, &exact("0.95")), None);
    }
}
