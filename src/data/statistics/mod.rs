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

use indexmap::IndexMap;

/// The statistics of a table: the number of its rows, and each field by name.
#[derive(Clone, Debug, Default)]
pub struct TableStatistics {
    /// The rows that could be read.
    pub rows: u64,
    /// The fields, in the order of the table.
    pub fields: IndexMap<String, FieldStatistics>,
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
    }
}
