//! Rules about validations of data.

pub mod failed_data_used;
pub mod result_disagrees;
pub mod unknown_environment;

use crate::rules::Rule;

/// The rules of this family.
pub static RULES: &[&Rule] = &[
    &failed_data_used::FAILED_DATA_USED,
    &result_disagrees::RESULT_DISAGREES,
    &unknown_environment::UNKNOWN_ENVIRONMENT,
];
