//! The Wilson score interval: where a fraction may lie that was measured on so many examples.

use crate::objectives::number::Exact;

/// Digits after the point to which bounds are rounded: the quantile below is no better, and another machine's logarithm may differ
/// behind them.
const PLACES: f64 = 1e9;

/// The bounds of the Wilson score interval without continuity correction (Wilson 1927) of a fraction of `count` examples, at a level
/// between 0 and 1, in floats, rounded to nine digits after the point. Nothing when the value is no fraction, or there is no example.
pub(super) fn wilson(fraction: &Exact, count: u64, level: &Exact) -> Option<(Exact, Exact)> {
    if fraction.is_negative() || *fraction > Exact::ONE || count == 0 {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "no number of examples needs more digits")]
    let n = count as f64;
    let p = fraction.to_f64();
    let z = normal_quantile(f64::midpoint(1.0, level.to_f64()))?;
    let (z2, scale) = (z * z, 1.0 + z * z / n);
    let centre = (p + z2 / (2.0 * n)) / scale;
    let half = z * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt() / scale;
    // At the ends the bounds are the ends, and rounding must not move them inside.
    let lower = if fraction.is_zero() { 0.0 } else { centre - half };
    let upper = if *fraction == Exact::ONE { 1.0 } else { centre + half };
    Some((rounded(lower)?, rounded(upper)?))
}

fn rounded(value: f64) -> Option<Exact> {
    let scaled = (value.clamp(0.0, 1.0) * PLACES).round();
    #[expect(clippy::cast_possible_truncation, reason = "between 0 and 1e9")]
    scaled.is_finite().then(|| Exact::fraction(scaled as i64, PLACES as i64)).flatten()
}

/// The quantile of the standard normal distribution, by Acklam's rational approximation: the relative error is below 1.15e-9.
/// Nothing outside of 0 to 1.
fn normal_quantile(p: f64) -> Option<f64> {
    const A: [f64; 6] = [
        -3.969683028665376e1,
        2.209460984245205e2,
        -2.759285104469687e2,
        1.383_577_518_672_69e2,
        -3.066479806614716e1,
        2.506628277459239,
    ];
    const B: [f64; 6] = [
        -5.447609879822406e1,
        1.615858368580409e2,
        -1.556989798598866e2,
        6.680131188771972e1,
        -1.328068155288572e1,
        1.0,
    ];
    const C: [f64; 6] = [
        -7.784894002430293e-3,
        -3.223964580411365e-1,
        -2.400758277161838,
        -2.549732539343734,
        4.374664141464968,
        2.938163982698783,
    ];
    const D: [f64; 5] = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1.0];
    const TAIL: f64 = 0.02425;
    let tail = |p: f64| {
        let q = (-2.0 * p.ln()).sqrt();
        polynomial(&C, q) / polynomial(&D, q)
    };
    if p <= 0.0 || p >= 1.0 || p.is_nan() {
        return None;
    }
    if p < TAIL {
        return Some(tail(p));
    }
    if p > 1.0 - TAIL {
        return Some(-tail(1.0 - p));
    }
    let q = p - 0.5;
    let r = q * q;
    Some(polynomial(&A, r) * q / polynomial(&B, r))
}

/// By Horner's rule, the coefficient of the highest power first.
fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().fold(0.0, |value, coefficient| value * x + coefficient)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(text: &str) -> Exact {
        Exact::parse(text).unwrap()
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
