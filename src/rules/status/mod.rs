//! Rules about the status of objects.

pub mod archived_dataset_used;
pub mod archived_reference;
pub mod deprecated_dataset_used;
pub mod deprecated_no_replacement;
pub mod deprecated_reference;
pub mod status_contradiction;
pub mod unknown_status;

use crate::rules::Rule;

/// The rules of this family.
pub static RULES: &[&Rule] = &[
    &archived_dataset_used::ARCHIVED_DATASET_USED,
    &archived_reference::ARCHIVED_REFERENCE,
    &deprecated_dataset_used::DEPRECATED_DATASET_USED,
    &deprecated_no_replacement::DEPRECATED_NO_REPLACEMENT,
    &deprecated_reference::DEPRECATED_REFERENCE,
    &status_contradiction::STATUS_CONTRADICTION,
    &unknown_status::UNKNOWN_STATUS,
];
