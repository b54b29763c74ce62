//! Rules about the status of objects.

use crate::rules::family;

family! {
    unknown_status::UNKNOWN_STATUS,
}
