//! Rules about data schemas.

pub mod category_type;
pub mod duplicate_field;
pub mod label_in_serving;
pub mod not_reviewed;
pub mod required_and_presence;
pub mod undeclared_name;
pub mod unusable_constraint;

use crate::rules::Rule;

/// The rules of this family.
pub static RULES: &[&Rule] = &[
    &category_type::CATEGORY_TYPE,
    &duplicate_field::DUPLICATE_FIELD,
    &label_in_serving::LABEL_IN_SERVING,
    &not_reviewed::NOT_REVIEWED,
    &required_and_presence::REQUIRED_AND_PRESENCE,
    &undeclared_name::UNDECLARED_NAME,
    &unusable_constraint::UNUSABLE_CONSTRAINT,
];
