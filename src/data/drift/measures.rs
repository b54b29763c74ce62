//! Distances between two distributions over the same cells.
//!
//! P and Q are the shares of the reference and of the current data; counts are what they are computed from.

use std::f64::consts::LN_2;

/// A distance between two distributions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// The greatest difference of the shares of one value: max |pᵢ − qᵢ|.
    Linf,
    /// The Jensen-Shannon divergence in bits, from 0 to 1.
    JsDivergence,
    /// The square root of the Jensen-Shannon divergence.
    JsDistance,
    /// The population stability index, with half a row added to each cell so that it is finite.
    Psi,
    /// The Kolmogorov-Smirnov statistic: the greatest difference of the shares up to a number.
    Ks,
    /// The Wasserstein distance, in the unit of the numbers.
    Wasserstein,
}

impl Measure {
    /// All measures, in the order of schemas.
    pub const ALL: [Self; 6] =
        [Self::Linf, Self::JsDivergence, Self::JsDistance, Self::Psi, Self::Ks, Self::Wasserstein];

    /// Returns the name of the measure in schemas.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Linf => "linf",
            Self::JsDivergence => "js_divergence",
            Self::JsDistance => "js_distance",
            Self::Psi => "psi",
            Self::Ks => "ks",
            Self::Wasserstein => "wasserstein",
        }
    }

    /// Returns the measure of a name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|own| own.name() == name)
    }

    /// Returns whether it compares numbers in their order, and not the shares of cells.
    #[must_use]
    pub fn is_of_numbers(self) -> bool {
        matches!(self, Self::Ks | Self::Wasserstein)
    }
}

/// Counts of the reference and of the current data, of one cell each.
pub type CellPair = (u64, u64);

/// Returns the distance between two distributions by shares; `None` for the measures of numbers, and where one of them is empty.
#[must_use]
pub fn by_shares(measure: Measure, cells: &[CellPair]) -> Option<f64> {
    let (n, m) = totals(cells)?;
    // A cell that neither has is none.
    let cells = cells.iter().filter(|(a, b)| *a > 0 || *b > 0);
    let shares = cells.clone().map(|(a, b)| (*a as f64 / n, *b as f64 / m));
    Some(match measure {
        Measure::Linf => shares.map(|(p, q)| (p - q).abs()).fold(0.0, f64::max),
        Measure::JsDivergence => js_divergence(shares),
        Measure::JsDistance => js_divergence(shares).sqrt(),
        Measure::Psi => {
            let k = cells.clone().count() as f64;
            let smoothed = |count: u64, total: f64| (count as f64 + 0.5) / (total + k / 2.0);
            cells.map(|(a, b)| (smoothed(*a, n), smoothed(*b, m))).map(|(p, q)| (q - p) * (q / p).ln()).sum()
        }
        Measure::Ks | Measure::Wasserstein => return None,
    })
}

fn js_divergence(shares: impl Iterator<Item = (f64, f64)>) -> f64 {
    let part = |own: f64, middle: f64| if own > 0.0 { 0.5 * own * (own / middle).log2() } else { 0.0 };
    let sum: f64 = shares.map(|(p, q)| part(p, (p + q) / 2.0) + part(q, (p + q) / 2.0)).sum();
    // Rounding may lead out of the range.
    sum.clamp(0.0, 1.0)
}

/// Returns the Kolmogorov-Smirnov statistic of numbers in cells, given in their order. The true one is greater by at most the greatest share
/// of a cell.
#[must_use]
pub fn ks(cells: &[CellPair]) -> Option<f64> {
    let (n, m) = totals(cells)?;
    Some(cumulated(cells, n, m).map(|(p, q)| (p - q).abs()).fold(0.0, f64::max))
}

/// Returns the Wasserstein distance of numbers in cells, given in their order with the middles of the cells, in the unit of the numbers.
#[must_use]
pub fn wasserstein(cells: &[CellPair], middles: &[f64]) -> Option<f64> {
    let (n, m) = totals(cells)?;
    let widths = middles.windows(2).map(|pair| match pair {
        [low, high] => high - low,
        _ => 0.0,
    });
    Some(cumulated(cells, n, m).zip(widths).map(|((p, q), width)| (p - q).abs() * width).sum())
}

/// Returns the shares up to each cell.
fn cumulated(cells: &[CellPair], n: f64, m: f64) -> impl Iterator<Item = (f64, f64)> + '_ {
    let (mut below, mut other) = (0_u64, 0_u64);
    cells.iter().map(move |(a, b)| {
        below = below.saturating_add(*a);
        other = other.saturating_add(*b);
        (below as f64 / n, other as f64 / m)
    })
}

fn totals(cells: &[CellPair]) -> Option<(f64, f64)> {
    let sum = |own: fn(&CellPair) -> u64| cells.iter().map(own).fold(0_u64, u64::saturating_add);
    let (n, m) = (sum(|pair| pair.0), sum(|pair| pair.1));
    (n > 0 && m > 0).then_some((n as f64, m as f64))
}

/// What chance alone makes of a distance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NoiseFloor {
    /// The value that the distance of two samples of the same data exceeds once in 20 times.
    pub value: f64,
    /// How many rows on each side a limit needs so as to be told from chance.
    rows_for: RowsFor,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum RowsFor {
    /// The rows, times the limit.
    Linear(f64),
    /// The rows, times the square of the limit.
    Square(f64),
}

impl NoiseFloor {
    /// Returns how many rows on each side a limit needs so as to be told from chance.
    #[must_use]
    pub fn rows_for(&self, limit: f64) -> u64 {
        let rows = match self.rows_for {
            RowsFor::Linear(factor) => factor / limit,
            RowsFor::Square(factor) => factor / (limit * limit),
        };
        rows.ceil() as u64
    }
}

/// Returns what chance alone makes of a distance by shares: the 95 % point of its distribution for two samples of the same data.
///
/// psi follows χ² with k − 1 degrees of freedom, times 1/n + 1/m; js_divergence the same by 8 ln 2, with the correction of Williams; linf is a normal deviation in one of
/// the k cells (Bonferroni). `None` for Wasserstein, whose noise depends on the tails.
#[must_use]
pub fn noise_floor(measure: Measure, cells: &[CellPair]) -> Option<NoiseFloor> {
    use statrs::distribution::{ChiSquared, ContinuousCDF, Normal};
    let (n, m) = totals(cells)?;
    let inverse = 1.0 / n + 1.0 / m;
    let used: Vec<CellPair> = cells.iter().copied().filter(|(a, b)| *a > 0 || *b > 0).collect();
    let k = used.len() as f64;
    let chi = || if k < 2.0 { Some(0.0) } else { Some(ChiSquared::new(k - 1.0).ok()?.inverse_cdf(0.95)) };
    Some(match measure {
        Measure::Psi => {
            let chi = chi()?;
            NoiseFloor { value: chi * inverse, rows_for: RowsFor::Linear(2.0 * chi) }
        }
        Measure::JsDivergence => {
            let chi = chi()? / (8.0 * LN_2);
            NoiseFloor { value: chi * inverse * williams(&used, n, m), rows_for: RowsFor::Linear(2.0 * chi) }
        }
        Measure::JsDistance => {
            let chi = chi()? / (8.0 * LN_2);
            let value = (chi * inverse * williams(&used, n, m)).sqrt();
            NoiseFloor { value, rows_for: RowsFor::Square(2.0 * chi) }
        }
        Measure::Linf => {
            let z = Normal::new(0.0, 1.0).ok()?.inverse_cdf(1.0 - 0.05 / (2.0 * k.max(1.0)));
            // Without drift, both are samples of one distribution.
            let spread =
                used.iter().map(|(a, b)| (*a + *b) as f64 / (n + m)).map(|p| p * (1.0 - p)).fold(0.0, f64::max);
            NoiseFloor { value: z * (spread * inverse).sqrt(), rows_for: RowsFor::Square(2.0 * z * z * spread) }
        }
        Measure::Ks => {
            const FACTOR: f64 = 1.358;
            NoiseFloor { value: FACTOR * inverse.sqrt(), rows_for: RowsFor::Square(2.0 * FACTOR * FACTOR) }
        }
        Measure::Wasserstein => return None,
    })
}

/// Returns by how much a likelihood ratio of small counts exceeds χ² (D. A. Williams, "Improved likelihood ratio tests for complete contingency
/// tables", 1976); the Jensen-Shannon divergence is one.
fn williams(used: &[CellPair], n: f64, m: f64) -> f64 {
    let (total, k) = (n + m, used.len() as f64);
    if k < 2.0 {
        return 1.0;
    }
    let cells: f64 = used.iter().map(|(a, b)| total / (*a + *b) as f64).sum();
    1.0 + (total / n + total / m - 1.0) * (cells - 1.0) / (6.0 * total * (k - 1.0))
}

#[cfg(test)]
mod tests;
