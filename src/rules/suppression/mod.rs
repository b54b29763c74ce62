//! Rules about suppression comments.

use crate::rules::family;

family! {
    unknown_rule::UNKNOWN_RULE,
    unused::UNUSED,
}
