//! Rules about transformations of data.

pub mod boundaries_not_ascending;
pub mod counts_disagree;
pub mod deprecated_field_used;
pub mod disagrees_with_profile;
pub mod fitted_on_holdback;
pub mod no_out_of_vocabulary;
pub mod output_not_unique;
pub mod step_incomplete;
pub mod step_without_field;

use crate::rules::Rule;

/// The rules of this family.
pub static RULES: &[&Rule] = &[
    &boundaries_not_ascending::BOUNDARIES_NOT_ASCENDING,
    &counts_disagree::COUNTS_DISAGREE,
    &deprecated_field_used::DEPRECATED_FIELD_USED,
    &disagrees_with_profile::DISAGREES_WITH_PROFILE,
    &fitted_on_holdback::FITTED_ON_HOLDBACK,
    &no_out_of_vocabulary::NO_OUT_OF_VOCABULARY,
    &output_not_unique::OUTPUT_NOT_UNIQUE,
    &step_incomplete::STEP_INCOMPLETE,
    &step_without_field::STEP_WITHOUT_FIELD,
];
