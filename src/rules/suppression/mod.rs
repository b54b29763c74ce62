//! Rules about suppression comments.

pub mod malformed;
pub mod unknown_rule;
pub mod unused;

use crate::rules::Rule;

/// The rules of this family.
pub static RULES: &[&Rule] = &[&malformed::MALFORMED, &unknown_rule::UNKNOWN_RULE, &unused::UNUSED];
