//! Rules about profiles of data.

pub mod constant_field;
pub mod counts_disagree;
pub mod outliers_undecided;
pub mod values_disagree;

use crate::documents::field::{List, Map};
use crate::documents::profile::{FieldProfile, Profile};
use crate::rules::Rule;

/// The rules of this family.
pub static RULES: &[&Rule] = &[
    &constant_field::CONSTANT_FIELD,
    &counts_disagree::COUNTS_DISAGREE,
    &outliers_undecided::OUTLIERS_UNDECIDED,
    &values_disagree::VALUES_DISAGREE,
];

/// Returns the statistics of all fields, as a whole and by slice: name, statistics, and the number of examples. Without that number, what
/// depends on it cannot be told.
fn all_fields(profile: &Profile) -> impl Iterator<Item = (&str, &FieldProfile, u64)> {
    let of = |rows: Option<&u64>| rows.copied().unwrap_or(u64::MAX);
    let whole = profile.fields.get().into_iter().flat_map(Map::iter);
    let whole = whole.map(move |(name, _, field)| (name, field, of(profile.rows.get())));
    let parts = profile.slices.get().into_iter().flat_map(List::iter);
    let parts = parts.flat_map(move |(_, part)| {
        let fields = part.fields.get().into_iter().flat_map(Map::iter);
        fields.map(move |(name, _, field)| (name, field, of(part.rows.get())))
    });
    whole.chain(parts)
}
