//! Properties of records of a log, and distances of a field from the data of a profile.

use super::{Comparison, Name};
use crate::objectives::number::Exact;

/// A property that a record of a log has or has not: `missing income`, `resultCode >= 500`, `not invalid`.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordTest {
    /// Whether the records are meant that do not have the property.
    pub is_negated: bool,
    /// The property.
    pub kind: RecordTestKind,
}

/// The properties of a record.
#[derive(Clone, Debug, PartialEq)]
pub enum RecordTestKind {
    /// `invalid`: `check` finds an error in it.
    Invalid,
    /// `missing income`: it has no value of the field, or null.
    Missing(Name),
    /// `resultCode >= 500`
    Compare(Name, Comparison, RecordLiteral),
    /// `region in ['north', 'south']`
    In(Name, Vec<RecordLiteral>),
}

/// A value that a field of a record is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum RecordLiteral {
    /// A number, in the unit of the field.
    Number(Exact),
    /// A text.
    Text(String),
}

impl RecordTest {
    /// Returns the field that is looked at; `None` if it is the record as a whole.
    #[must_use]
    pub fn field(&self) -> Option<&Name> {
        match &self.kind {
            RecordTestKind::Invalid => None,
            RecordTestKind::Missing(name) | RecordTestKind::Compare(name, ..) | RecordTestKind::In(name, _) => {
                Some(name)
            }
        }
    }
}

/// The names of the distances between the values of a field and those of a profile.
pub const DISTANCES: [&str; 6] = ["linf", "js_divergence", "js_distance", "psi", "ks", "wasserstein"];
