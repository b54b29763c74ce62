//! Intervals that hold for small counts, too: exact ones of a proportion, and the score interval of a paired difference.
//!
//! Wilson's interval, and what is made of it, is passed by luck too often where few examples have a property, or lack it (Cai 2005), and
//! Newcombe's of a paired difference where few pairs differ. So a claim that is decided by them must be decided in the same way by these.

/// How much oftener than its level says a claim may be passed by luck: half a point, and never more than a fifth oftener.
const TOLERANCE: f64 = 0.005;

/// So many examples with a property and without it leave nothing to gain: the score interval is as good.
const MANY: f64 = 10_000.0;

/// The bounds of the exact interval (Clopper and Pearson 1934) of `part` of `all` examples. Each is beyond the truth at most as often as a
/// bound of the level, and the tolerance, say. Nothing where there are many.
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

/// The bounds of the score interval of a paired difference (Tango 1998): where the test does not reject that the candidate is right by so
/// much oftener than the baseline. `table` is of the examples that are right with both, the candidate only, the baseline only, and neither;
/// `z` is the quantile of the normal distribution.
pub(super) fn tango(table: [f64; 4], z: f64) -> (f64, f64) {
    let [_, candidate, baseline, _] = table;
    let all: f64 = table.iter().sum();
    // The distance of what was found from what is tested, in standard errors.
    let score = |difference: f64| {
        let distance = candidate - baseline - all * difference;
        // The most likely share of pairs in which only the baseline is right, if the difference is this one.
        let (a, c) = (2.0 * all, -baseline * difference * (1.0 - difference));
        let b = -candidate - baseline + (2.0 * all - candidate + baseline) * difference;
        let share = ((b * b - 4.0 * a * c).max(0.0).sqrt() - b) / (2.0 * a);
        let variance = all * (2.0 * share + difference * (1.0 - difference));
        if variance > 0.0 { distance / variance.sqrt() } else { distance.signum() * f64::INFINITY }
    };
    let point = (candidate - baseline) / all;
    (root(|difference| score(difference) > z, -1.0, point), root(|difference| score(difference) >= -z, point, 1.0))
}

/// Where what is true from the lower end on becomes false, to all digits of a float.
fn root(is_below: impl Fn(f64) -> bool, mut low: f64, mut high: f64) -> f64 {
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        *(if is_below(middle) { &mut low } else { &mut high }) = middle;
    }
    f64::midpoint(low, high)
}

/// The regularized incomplete beta function, by the continued fraction of its tail that converges fast (Press et al. 2007, 6.4, with the method
/// of Lentz).
fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta_below(b, a, 1.0 - x);
    }
    incomplete_beta_below(a, b, x)
}

fn incomplete_beta_below(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let kept = |value: f64| if value.abs() < TINY { TINY } else { value };
    let front = ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (-x).ln_1p();
    let mut c = 1.0;
    let mut d = 1.0 / kept(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    // The number of terms grows as the square root of the counts does.
    for term in 1..10_000 {
        let m = f64::from(term);
        for numerator in [
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0)),
        ] {
            d = 1.0 / kept(1.0 + numerator * d);
            c = kept(1.0 + numerator / c);
            fraction *= d * c;
        }
        if (d * c - 1.0).abs() < 1e-15 {
            break;
        }
    }
    front.exp() * fraction / a
}

/// The logarithm of the gamma function above 0 (Stirling's series, from 10 on).
fn ln_gamma(x: f64) -> f64 {
    let mut shifted = x;
    let mut product = 1.0;
    while shifted < 10.0 {
        product *= shifted;
        shifted += 1.0;
    }
    let inverse = 1.0 / shifted;
    let square = inverse * inverse;
    let series = inverse
        * (1.0 / 12.0
            - square
                * (1.0 / 360.0
                    - square
                        * (1.0 / 1260.0
                            - square * (1.0 / 1680.0 - square * (1.0 / 1188.0 - square * (691.0 / 360_360.0))))));
    (shifted - 0.5) * shifted.ln() - shifted + 0.5 * std::f64::consts::TAU.ln() + series - product.ln()
}
