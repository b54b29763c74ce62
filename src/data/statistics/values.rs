//! The different values of a field: each with its count while they are few, else only how many there are.
//!
//! Whether values are kept depends on the set of all values and not on their order, so that any partition of the data gives the same.

use rustc_hash::FxHashMap;

use super::distinct::{DistinctSketch, STANDARD_ERROR};
use crate::data::personal::is_personal_value;
use crate::secrets;

/// The greatest number of different values that are kept.
pub const MOST_VALUES: usize = 1000;
/// The longest value that is kept, in bytes. A field with a longer one holds prose.
pub const LONGEST_VALUE: usize = 128;

/// The different values of a field.
#[derive(Clone, Debug)]
pub enum Values {
    /// All values, with their counts.
    Kept(FxHashMap<Box<str>, u64>),
    /// Too many values, too long ones, or such as are not to be shown.
    Sketched(Box<DistinctSketch>),
}

impl Values {
    /// Creates the values of a field. Those of a personal one are never kept.
    #[must_use]
    pub fn new(is_personal: bool) -> Self {
        match is_personal {
            true => Self::Sketched(Box::default()),
            false => Self::Kept(FxHashMap::default()),
        }
    }

    /// Adds a value.
    pub fn add(&mut self, value: &str) {
        self.add_many(value, 1);
    }

    /// Adds a value that occurs several times.
    pub fn add_many(&mut self, value: &str, count: u64) {
        match self {
            Self::Kept(counts) => {
                if let Some(own) = counts.get_mut(value) {
                    *own = own.saturating_add(count);
                    return;
                }
                let may_be_kept = counts.len() < MOST_VALUES && value.len() <= LONGEST_VALUE && !is_unspeakable(value);
                if may_be_kept {
                    counts.insert(value.into(), count);
                    return;
                }
                self.with_sketch(|sketch| sketch.add(value));
            }
            Self::Sketched(sketch) => sketch.add(value),
        }
    }

    /// Adds the values of another part of the data.
    pub fn merge(&mut self, other: &Self) {
        match other {
            Self::Kept(counts) => counts.iter().for_each(|(value, count)| self.add_many(value, *count)),
            Self::Sketched(sketch) => self.with_sketch(|own| own.merge(sketch)),
        }
    }

    /// Gives up the values themselves.
    pub fn forget(&mut self) {
        self.with_sketch(|_| {});
    }

    fn with_sketch(&mut self, change: impl FnOnce(&mut DistinctSketch)) {
        match self {
            Self::Sketched(sketch) => change(sketch),
            Self::Kept(counts) => {
                let mut sketch = Box::<DistinctSketch>::default();
                counts.keys().for_each(|value| sketch.add(value));
                change(&mut sketch);
                *self = Self::Sketched(sketch);
            }
        }
    }

    /// Returns the number of different values, and its standard error as a fraction, 0 if it is exact.
    #[must_use]
    pub fn distinct(&self) -> (u64, f64) {
        match self {
            Self::Kept(counts) => (counts.len() as u64, 0.0),
            Self::Sketched(sketch) => (sketch.estimate().round() as u64, STANDARD_ERROR),
        }
    }

    /// Returns the values that were kept, the most frequent first, then in the order of their letters.
    #[must_use]
    pub fn by_count(&self) -> Option<Vec<(&str, u64)>> {
        let Self::Kept(counts) = self else { return None };
        let mut sorted: Vec<(&str, u64)> = counts.iter().map(|(value, count)| (&**value, *count)).collect();
        sorted.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        Some(sorted)
    }
}

/// Whether a value may not be shown, whatever the name of its field.
fn is_unspeakable(value: &str) -> bool {
    is_personal_value(value) || secrets::has_one(value, || secrets::names::may_name_one(value))
}
