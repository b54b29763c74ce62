//! Rules about the status of objects.

use crate::rules::family;

family! {
    deprecated_no_replacement::DEPRECATED_NO_REPLACEMENT,
    status_contradiction::STATUS_CONTRADICTION,
    unknown_status::UNKNOWN_STATUS,
}
