//! Rules about the status of objects.

use crate::rules::family;

family! {
    archived_dataset_used::ARCHIVED_DATASET_USED,
    archived_reference::ARCHIVED_REFERENCE,
    deprecated_dataset_used::DEPRECATED_DATASET_USED,
    unknown_status::UNKNOWN_STATUS,
}
