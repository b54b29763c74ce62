//! Confidence intervals that also hold for small counts: exact ones of a proportion, and the score interval of a paired difference.
//!
//! By Wilson's interval, and those derived from it, claims pass by chance too often if few examples have a property, or lack it (Cai 2005);
//! so they do by Newcombe's interval of a paired difference if few pairs differ. Therefore a claim must be decided in the same way by the
//! intervals of this module.

use statrs::function::beta::checked_beta_reg;

/// The greatest excess over the nominal probability that a claim is satisfied by chance: half a point, but at most a fifth of that
/// probability.
const TOLERANCE: f64 = 0.005;

/// The number of examples with and without a property above which the score interval is as good.
const MANY: f64 = 10_000.0;

/// Returns the bounds of the exact interval (Clopper and Pearson 1934) of `part` of `all` examples. Each bound excludes the true value at
/// most as often as the level and the tolerance permit. `None` for large counts.
pub(super) fn clopper_pearson(part: f64, all: f64, level: f64) -> Option<(f64, f64)> {
    let rest = all - part;
    if part.min(rest) > MANY {
        return None;
    }
    let error = (1.0 - level) / 2.0;
    let error = error + TOLERANCE.min(error / 5.0);
    let lower = if part <= 0.0 { 0.0 } else { root(|p| incomplete_beta(part, rest + 1.0, p) < error, 0.0, 1.0) };
    let upper = if rest <= 0.0 { 1.0 } else { root(|p| incomplete_beta(part + 1.0, rest, p) < 1.0 - error, 0.0, 1.0) };
    Some((lower, upper))
}

/// Returns the bounds of the score interval of a paired difference (Tango 1998): the range in which the test does not reject the difference
/// between the proportions of candidate and baseline. `table` is the numbers of examples that are right with both, the candidate only, the
/// baseline only, and neither; `z` is the quantile of the normal distribution.
pub(super) fn tango(table: [f64; 4], z: f64) -> (f64, f64) {
    let [_, candidate, baseline, _] = table;
    let all: f64 = table.iter().sum();
    // The distance between the observed and the tested difference, in standard errors.
    let score = |difference: f64| {
        let distance = candidate - baseline - all * difference;
        // The maximum-likelihood estimate of the share of pairs in which only the baseline is right, given this difference.
        let (a, c) = (2.0 * all, -baseline * difference * (1.0 - difference));
        let b = -candidate - baseline + (2.0 * all - candidate + baseline) * difference;
        let share = ((b * b - 4.0 * a * c).max(0.0).sqrt() - b) / (2.0 * a);
        let variance = all * (2.0 * share + difference * (1.0 - difference));
        if variance > 0.0 { distance / variance.sqrt() } else { distance.signum() * f64::INFINITY }
    };
    let point = (candidate - baseline) / all;
    (root(|difference| score(difference) > z, -1.0, point), root(|difference| score(difference) >= -z, point, 1.0))
}

/// Returns the point at which a condition that is true from the lower end on becomes false, to the precision of a float.
fn root(is_below: impl Fn(f64) -> bool, mut low: f64, mut high: f64) -> f64 {
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        *(if is_below(middle) { &mut low } else { &mut high }) = middle;
    }
    f64::midpoint(low, high)
}

/// The regularized incomplete beta function.
fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    // Outside of its domain there is no bound to be found.
    checked_beta_reg(a, b, x.clamp(0.0, 1.0)).unwrap_or(f64::NAN)
}
