//! Quantiles from counts: exact where a bound is watched, and else between the borders of cells.

use crate::data::statistics::cells::{CellNumber, bounds_of, middle_of};
use crate::objectives::log::Enclosure;
use crate::objectives::number::Exact;

/// A bound whose neighbours are counted.
#[derive(Clone, Debug)]
pub(super) struct WatchedBound {
    /// The bound, in the unit of the values.
    pub bound: Exact,
    /// The nearest double: a value with a smaller one is smaller.
    near: f64,
    /// The number of smaller values.
    pub below: u64,
    /// The number of equal values.
    pub equal: u64,
    /// The greatest of the smaller values, and the least of the greater ones.
    pub largest_below: Option<(f64, Exact)>,
    pub smallest_above: Option<(f64, Exact)>,
}

impl WatchedBound {
    pub fn new(bound: Exact) -> Self {
        let near = bound.to_f64();
        Self { bound, near, below: 0, equal: 0, largest_below: None, smallest_above: None }
    }

    /// Counts a value: `exact` reads it, which is needed next to the bound only.
    pub fn add(&mut self, value: f64, exact: &dyn Fn() -> Option<Exact>) {
        // Rounding keeps the order: only values with the same double are not told apart by it.
        let order = match value.partial_cmp(&self.near) {
            Some(std::cmp::Ordering::Equal) | None => match exact() {
                Some(own) => own.cmp(&self.bound),
                None => return,
            },
            Some(order) => order,
        };
        match order {
            std::cmp::Ordering::Less => {
                self.below += 1;
                keep(&mut self.largest_below, value, exact, true);
            }
            std::cmp::Ordering::Equal => self.equal += 1,
            std::cmp::Ordering::Greater => keep(&mut self.smallest_above, value, exact, false),
        }
    }

    pub fn merge(&mut self, other: &Self) {
        self.below += other.below;
        self.equal += other.equal;
        if let Some((value, own)) = &other.largest_below {
            keep(&mut self.largest_below, *value, &|| Some(own.clone()), true);
        }
        if let Some((value, own)) = &other.smallest_above {
            keep(&mut self.smallest_above, *value, &|| Some(own.clone()), false);
        }
    }
}

/// Keeps the greater of two values, or the lesser. They are only read exactly where their doubles do not tell.
pub(super) fn keep(kept: &mut Option<(f64, Exact)>, value: f64, exact: &dyn Fn() -> Option<Exact>, is_greatest: bool) {
    let is_nearer = |old: f64| if is_greatest { value >= old } else { value <= old };
    if kept.as_ref().is_none_or(|(old, _)| is_nearer(*old))
        && let Some(new) = exact()
        && kept.as_ref().is_none_or(|(_, old)| if is_greatest { new > *old } else { new < *old })
    {
        *kept = Some((value, new));
    }
}

/// Numbers in order, as far as it is known.
pub(super) struct RankedNumbers<'a> {
    /// How many there are, at least one.
    pub count: u64,
    /// The least and the greatest.
    pub range: (&'a Exact, &'a Exact),
    /// How many are in each cell, in the order of the cells.
    pub cells: Vec<(CellNumber, u64)>,
    /// Whether all are whole numbers that a double holds.
    pub are_whole: bool,
    /// The bounds that were watched.
    pub watched: &'a [WatchedBound],
}

impl RankedNumbers<'_> {
    /// Returns the quantile of an order, between the values at the ranks around (n − 1) q (Hyndman and Fan 1996, type 7).
    pub fn quantile(&self, order: &Exact) -> Option<Enclosure> {
        let last = self.count.checked_sub(1)?;
        let rank = &Exact::whole(i64::try_from(last).ok()?) * order;
        let below = u64::try_from(rank.floor()?).ok()?.min(last);
        let share = &rank - &Exact::whole(i64::try_from(below).ok()?);
        let low = self.at(below)?;
        if share.is_zero() || below == last {
            return Some(low);
        }
        let high = self.at(below + 1)?;
        let between = |low: &Exact, high: &Exact| low + &(&share * &(high - low));
        let (lower, upper) = (between(&low.lower, &high.lower), between(&low.upper, &high.upper));
        let estimate = between(&low.estimate, &high.estimate);
        Some(Enclosure { estimate: estimate.clamp(lower.clone(), upper.clone()), lower, upper })
    }

    /// Returns the number at a rank, from 0.
    fn at(&self, rank: u64) -> Option<Enclosure> {
        let (least, greatest) = self.range;
        let (mut lower, mut upper) = (least.clone(), greatest.clone());
        if rank == 0 {
            return Some(Enclosure::of(lower));
        }
        if rank + 1 == self.count {
            return Some(Enclosure::of(upper));
        }
        for own in self.watched {
            if rank < own.below {
                let largest = own.largest_below.as_ref().map(|(_, own)| own)?;
                upper = upper.min(largest.clone());
                if rank + 1 == own.below {
                    lower = lower.max(largest.clone());
                }
            } else if rank < own.below + own.equal {
                return Some(Enclosure::of(own.bound.clone()));
            } else {
                let smallest = own.smallest_above.as_ref().map(|(_, own)| own)?;
                lower = lower.max(smallest.clone());
                if rank == own.below + own.equal {
                    upper = upper.min(smallest.clone());
                }
            }
        }
        let cell = self.cell_of(rank)?;
        let (cell_lower, cell_upper) = self.borders(cell)?;
        let (lower, upper) = (lower.max(cell_lower), upper.min(cell_upper));
        let estimate = Exact::from_f64(middle_of(cell, self.are_whole))?;
        // Counts agree with each other, so that nothing is left out.
        let estimate = if lower <= upper { estimate.clamp(lower.clone(), upper.clone()) } else { estimate };
        Some(Enclosure { estimate, lower, upper })
    }

    fn cell_of(&self, rank: u64) -> Option<CellNumber> {
        let mut below = 0_u64;
        let found = self.cells.iter().find(|(_, count)| {
            below += count;
            rank < below
        });
        found.map(|(cell, _)| *cell)
    }

    /// Returns the least and the greatest number that can be in a cell.
    fn borders(&self, cell: CellNumber) -> Option<(Exact, Exact)> {
        let (near, far) = bounds_of(cell);
        let (low, high) = if near <= far { (near, far) } else { (far, near) };
        if self.are_whole {
            // The border that is farther from zero belongs to the next cell.
            let (low, high) =
                if cell < 0 { (low.floor() + 1.0, high.floor()) } else { (low.ceil(), high.ceil() - 1.0) };
            let (low, high) = if cell == 0 { (0.0, 0.0) } else { (low, high) };
            return Exact::from_f64(low).zip(Exact::from_f64(high));
        }
        // A number is in the cell of the nearest double, which may be beyond a border by half of its last bit.
        Exact::from_f64(low.next_down()).zip(Exact::from_f64(high.next_up()))
    }
}
