//! Statistics of data, in one pass and in little memory. Those of any partition of the data add up to the same bytes.

pub mod cells;
pub mod distinct;
mod exact_sum;
mod field;
mod shapes;
mod values;

pub use exact_sum::ExactSum;
pub use field::{FieldStatistics, FormCounts};
pub use shapes::{MOST_SHAPES, Shapes};
pub use values::{LONGEST_VALUE, MOST_VALUES, Values};

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

/// The most slices of the records of a log by one dimension.
pub const MOST_SLICES: usize = 1000;

/// The most fields of all slices by one dimension together.
const MOST_SLICED_FIELDS: usize = 20_000;

/// A part of the data: a map from dimension to value.
pub type SliceKey = BTreeMap<String, String>;

/// The statistics of a table, or of the records of a log: the number of rows, and each field by name.
#[derive(Clone, Debug, Default)]
pub struct TableStatistics {
    /// The rows that could be read.
    pub rows: u64,
    /// The fields, in the order of the table; of records, in the order of their names.
    pub fields: IndexMap<String, FieldStatistics>,
    /// The times of the oldest and the newest record, in nanoseconds since the beginning of 1970; `None` for a table.
    pub span: Option<(i64, i64)>,
    /// The statistics of parts of the records, each of which is in one slice of a dimension.
    pub slices: BTreeMap<SliceKey, TableStatistics>,
}

impl TableStatistics {
    /// Adds the statistics of another part of the data. A field that a part does not have is missing in all of its rows.
    pub fn merge(&mut self, other: &Self) {
        for (name, field) in &other.fields {
            let rows = self.rows;
            let own = self.fields.entry(name.clone()).or_insert_with(|| {
                let mut field = FieldStatistics::new(field.is_personal);
                field.missing = rows;
                field
            });
            own.merge(field);
        }
        for (name, own) in &mut self.fields {
            if !other.fields.contains_key(name) {
                own.missing += other.rows;
            }
        }
        self.rows += other.rows;
        self.span = match (self.span, other.span) {
            (Some((from, to)), Some((other_from, other_to))) => Some((from.min(other_from), to.max(other_to))),
            (own, others) => own.or(others),
        };
        // Records may have any fields in any order, and then only that of names is the same for all partitions.
        if self.span.is_some() {
            self.fields.sort_unstable_keys();
        }
        for (slice, others) in &other.slices {
            self.slices.entry(slice.clone()).or_default().merge(others);
        }
        self.leave_out_slices();
    }

    /// Leaves out slices by dimensions with too many values, and by those that another part has left out, which is seen by the records that are in
    /// none: what is known of some slices is not known of all, and would depend on the partition.
    pub fn leave_out_slices(&mut self) {
        let dimensions: BTreeSet<Vec<String>> =
            self.slices.keys().map(|slice| slice.keys().cloned().collect()).collect();
        for dimension in dimensions {
            let is_own = |slice: &SliceKey| slice.keys().eq(dimension.iter());
            let own = self.slices.iter().filter(|(slice, _)| is_own(slice));
            let (slices, rows, fields) = own.fold((0, 0, 0), |(slices, rows, fields), (_, own)| {
                (slices + 1, rows + own.rows, fields + own.fields.len())
            });
            if rows != self.rows || slices > MOST_SLICES || fields > MOST_SLICED_FIELDS {
                self.slices.retain(|slice, _| !is_own(slice));
            }
        }
    }
}
