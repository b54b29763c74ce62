//! What a sample supports: how much of what it does not show there can still be.

use statrs::distribution::{Beta, ContinuousCDF};

/// Of this many rows, what was never seen is so rare that it is forbidden.
pub const ENOUGH_TO_FORBID: u64 = 1_000_000;
/// The probability with which a bound does not hold, for what was never seen.
const RISK: f64 = 0.01;
/// The same for what was seen: its share is near the bound more often than not, and a table has many fields.
const RISK_OF_SEEN: f64 = 0.001;

/// Returns the greatest share that something has which `seen` of `rows` rows show, with 99.9 % confidence: the bound of Clopper and Pearson. For
/// something that was never seen in n rows, with 99 %, and one row more is counted, so that a sample of none supports nothing:
/// 1 − 0.01^(1/(n+1)).
#[must_use]
pub fn greatest_share(seen: u64, rows: u64) -> f64 {
    if seen >= rows {
        return 1.0;
    }
    let (seen, rows) = (seen as f64, rows as f64);
    if seen == 0.0 {
        return 1.0 - RISK.powf(1.0 / (rows + 1.0));
    }
    Beta::new(seen + 1.0, rows - seen).map_or(1.0, |beta| beta.inverse_cdf(1.0 - RISK_OF_SEEN))
}

/// Returns the probability that the next number is outside of the least and the greatest of so many.
#[must_use]
pub fn outside_next(numbers: u64) -> f64 {
    2.0 / (numbers as f64 + 1.0)
}

/// Returns how many different values there are at least, if so many rows are all different: with fewer, two would be alike with 95 %.
#[must_use]
pub fn least_distinct(rows: u64) -> u64 {
    let rows = rows as f64;
    (rows * (rows - 1.0) / (2.0 * 20_f64.ln())).floor() as u64
}

/// Returns the least share that is left, rounded down to digits that a sample of this size supports.
#[must_use]
pub fn least_left(greatest: f64, rows: u64) -> f64 {
    let scale = if rows < 1000 { 100.0 } else { 10_000.0 };
    (((1.0 - greatest) * scale).floor() / scale).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_rows_support_what_the_formulas_say() {
        assert!((greatest_share(0, 30) - 0.138).abs() < 0.0005, "{}", greatest_share(0, 30));
        assert_eq!(least_left(greatest_share(0, 30), 30), 0.86);
        assert!((outside_next(30) - 0.0645).abs() < 0.0001);
        assert_eq!(least_distinct(30), 145);
        assert_eq!((greatest_share(30, 30), greatest_share(0, 0)), (1.0, 1.0));
        // Of a share that great, 3 of 30 rows or fewer show it once in a thousand samples.
        let share = greatest_share(3, 30);
        let choose = [1.0, 30.0, 435.0, 4060.0];
        let few: f64 = (0..4).map(|k| choose[k as usize] * share.powi(k) * (1.0 - share).powi(30 - k)).sum();
        assert!((few - 0.001).abs() < 1e-6, "{share} {few}");
    }
}
