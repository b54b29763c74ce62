//! Rules about data: its rows, and its fields as a whole. What finds them is `crate::data`.

pub mod all_missing;
pub mod constant;
pub mod domain_exceeded;
pub mod drift;
pub mod duplicate_field;
pub mod group_overlap;
pub mod label_leak;
pub mod looks_personal;
pub mod malformed_row;
pub mod missing_field;
pub mod missing_value;
pub mod mixed_formats;
pub mod no_schema;
pub mod not_compared;
pub mod not_finite;
pub mod not_in_domain;
pub mod not_unique;
pub mod out_of_range;
pub mod pattern_mismatch;
pub mod row_count;
pub mod row_overlap;
pub mod schema_skew;
pub mod sentinel;
pub mod skew;
pub mod time_overlap;
pub mod too_often_missing;
pub mod unexpected_field;
pub mod wrong_length;
pub mod wrong_type;

use crate::rules::Rule;

/// The name of the family.
pub const FAMILY: &str = "data";

/// The rules of this family.
pub static RULES: &[&Rule] = &[
    &all_missing::ALL_MISSING,
    &constant::CONSTANT,
    &domain_exceeded::DOMAIN_EXCEEDED,
    &drift::DRIFT,
    &duplicate_field::DUPLICATE_FIELD,
    &group_overlap::GROUP_OVERLAP,
    &label_leak::LABEL_LEAK,
    &looks_personal::LOOKS_PERSONAL,
    &malformed_row::MALFORMED_ROW,
    &missing_field::MISSING_FIELD,
    &missing_value::MISSING_VALUE,
    &mixed_formats::MIXED_FORMATS,
    &no_schema::NO_SCHEMA,
    &not_compared::NOT_COMPARED,
    &not_finite::NOT_FINITE,
    &not_in_domain::NOT_IN_DOMAIN,
    &not_unique::NOT_UNIQUE,
    &out_of_range::OUT_OF_RANGE,
    &pattern_mismatch::PATTERN_MISMATCH,
    &row_count::ROW_COUNT,
    &row_overlap::ROW_OVERLAP,
    &schema_skew::SCHEMA_SKEW,
    &sentinel::SENTINEL,
    &skew::SKEW,
    &time_overlap::TIME_OVERLAP,
    &too_often_missing::TOO_OFTEN_MISSING,
    &unexpected_field::UNEXPECTED_FIELD,
    &wrong_length::WRONG_LENGTH,
    &wrong_type::WRONG_TYPE,
];
