//! Rules about ingestions of data.

pub mod connector_does_not_fit;
pub mod more_written_than_read;
pub mod no_agreement;
pub mod query_not_reproducible;
pub mod sampling_without_seed;
pub mod select_all;
pub mod sharding_without_key;
pub mod synthetic_in_holdback;

use crate::rules::Rule;

/// The rules of this family.
pub static RULES: &[&Rule] = &[
    &connector_does_not_fit::CONNECTOR_DOES_NOT_FIT,
    &more_written_than_read::MORE_WRITTEN_THAN_READ,
    &no_agreement::NO_AGREEMENT,
    &query_not_reproducible::QUERY_NOT_REPRODUCIBLE,
    &sampling_without_seed::SAMPLING_WITHOUT_SEED,
    &select_all::SELECT_ALL,
    &sharding_without_key::SHARDING_WITHOUT_KEY,
    &synthetic_in_holdback::SYNTHETIC_IN_HOLDBACK,
];
