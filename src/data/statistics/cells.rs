//! Counts of numbers on fixed cells, for quantiles and histograms.
//!
//! A cell holds all doubles that agree in sign, exponent and the first seven bits of the fraction: 128 cells for a power of two. Since cells
//! are the same for all data, adding two counts is exact, whatever the order. A value differs from the middle of its cell by at most 2^-8 of
//! itself, for all normal numbers. Whole numbers below 256 have cells of their own.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

/// The bits of the fraction that tell cells apart.
const FRACTION_BITS: u32 = 7;
/// The bits of a double that do not.
const DROPPED_BITS: u32 = 52 - FRACTION_BITS;

/// The greatest relative error of a quantile: half of a cell.
pub const RELATIVE_ERROR: f64 = 1.0 / 256.0;

/// The number of a cell: in the order of its values, 0 for zero alone.
pub type CellNumber = i32;

/// Returns the cell of a finite number.
#[must_use]
pub fn cell_of(value: f64) -> CellNumber {
    if value == 0.0 {
        return 0;
    }
    let magnitude = i32::try_from(value.abs().to_bits() >> DROPPED_BITS).unwrap_or(i32::MAX - 1) + 1;
    if value < 0.0 { -magnitude } else { magnitude }
}

/// Returns the least and the greatest magnitude of the numbers of a cell, the latter not included, with their sign.
#[must_use]
pub fn bounds_of(cell: CellNumber) -> (f64, f64) {
    if cell == 0 {
        return (0.0, 0.0);
    }
    let from = |magnitude: u64| f64::from_bits(magnitude << DROPPED_BITS);
    let magnitude = u64::from(cell.unsigned_abs()) - 1;
    let (near, far) = (from(magnitude), from(magnitude + 1));
    let far = if far.is_finite() { far } else { f64::MAX };
    if cell < 0 { (-near, -far) } else { (near, far) }
}

/// Returns the middle of a cell; of whole numbers, one of them.
#[must_use]
pub fn middle_of(cell: CellNumber, is_whole: bool) -> f64 {
    let (near, far) = bounds_of(cell);
    let middle = near + (far - near) / 2.0;
    if !is_whole {
        return middle;
    }
    // Towards zero, since the nearer end belongs to the cell and the other does not.
    let whole = middle.trunc();
    if whole.abs() >= near.abs() { whole } else { middle }
}

/// Counts of numbers by cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cells {
    counts: FxHashMap<CellNumber, u64>,
    total: u64,
}

impl Cells {
    /// Counts a finite number.
    pub fn add(&mut self, value: f64) {
        self.add_cell(cell_of(value), 1);
    }

    /// Counts numbers of a cell.
    pub fn add_cell(&mut self, cell: CellNumber, count: u64) {
        let own = self.counts.entry(cell).or_default();
        *own = own.saturating_add(count);
        self.total = self.total.saturating_add(count);
    }

    /// Adds the counts of others.
    pub fn merge(&mut self, other: &Self) {
        other.counts.iter().for_each(|(cell, count)| self.add_cell(*cell, *count));
    }

    /// Returns how many numbers were counted.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Returns the counts in the order of the numbers.
    #[must_use]
    pub fn sorted(&self) -> BTreeMap<CellNumber, u64> {
        self.counts.iter().map(|(cell, count)| (*cell, *count)).collect()
    }

    /// Returns the cell in which the quantile lies: the first up to which there are at least the share `at` of all numbers. `None` if there
    /// are no numbers.
    #[must_use]
    pub fn quantile_cell(&self, at: f64) -> Option<CellNumber> {
        quantile_in(&self.sorted(), self.total, at)
    }
}

/// Returns the cell in which a quantile lies, of sorted counts and their sum.
#[must_use]
pub fn quantile_in(sorted: &BTreeMap<CellNumber, u64>, total: u64, at: f64) -> Option<CellNumber> {
    let rank = ((at.clamp(0.0, 1.0) * total as f64).ceil() as u64).clamp(1, total.max(1));
    let mut below = 0_u64;
    let found = sorted.iter().find(|(_, count)| {
        below = below.saturating_add(**count);
        below >= rank
    });
    found.or_else(|| sorted.iter().next_back()).map(|(cell, _)| *cell)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn whole_numbers_below_256_are_told_apart_and_found_again() {
        for number in -255..256 {
            let value = f64::from(number);
            assert_eq!(middle_of(cell_of(value), true), value);
            assert_ne!(cell_of(value), cell_of(value + 1.0), "{number}");
        }
    }

    proptest! {
        #[test]
        fn a_quantile_is_off_by_less_than_one_part_in_256(
            values in prop::collection::vec(prop_oneof![prop::num::f64::NORMAL, 1.0..300.0f64], 1..200),
            at in 0.0..=1.0f64,
        ) {
            let mut cells = Cells::default();
            values.iter().for_each(|value| cells.add(*value));
            let mut sorted = values;
            sorted.sort_by(f64::total_cmp);
            let rank = ((at * sorted.len() as f64).ceil() as usize).clamp(1, sorted.len());
            let (exact, near) = (sorted[rank - 1], middle_of(cells.quantile_cell(at).unwrap(), false));
            prop_assert!(((near - exact) / exact).abs() <= RELATIVE_ERROR * 1.0000001, "{exact} {near}");
        }

        #[test]
        fn cells_are_in_the_order_of_their_numbers(a in prop::num::f64::NORMAL, b in prop::num::f64::NORMAL) {
            prop_assert!(a > b || cell_of(a) <= cell_of(b));
            let (near, far) = bounds_of(cell_of(a));
            prop_assert!(near.abs() <= a.abs() && (a.abs() < far.abs() || far.abs() == f64::MAX));
        }
    }
}
