//! Rules about records of inferences.

pub mod chain_broken;
pub mod contradictory_record;
pub mod explanation_not_numeric;
pub mod features_mismatch;
pub mod feedback_range;
pub mod format_lacks;
pub mod latency_negative_or_unitless;
pub mod malformed_line;
pub mod missing_attribute;
pub mod no_provenance;
pub mod personal_user_id;
pub mod provenance_disagrees;
pub mod provenance_unknown;
pub mod record_duplicated;
pub mod request_correlation;
pub mod request_repeated;

use crate::rules::Rule;

/// The rules of this family.
pub static RULES: &[&Rule] = &[
    &chain_broken::CHAIN_BROKEN,
    &contradictory_record::CONTRADICTORY_RECORD,
    &explanation_not_numeric::EXPLANATION_NOT_NUMERIC,
    &features_mismatch::FEATURES_MISMATCH,
    &feedback_range::FEEDBACK_RANGE,
    &format_lacks::FORMAT_LACKS,
    &latency_negative_or_unitless::LATENCY_NEGATIVE_OR_UNITLESS,
    &malformed_line::MALFORMED_LINE,
    &missing_attribute::MISSING_ATTRIBUTE,
    &no_provenance::NO_PROVENANCE,
    &personal_user_id::PERSONAL_USER_ID,
    &provenance_disagrees::PROVENANCE_DISAGREES,
    &provenance_unknown::PROVENANCE_UNKNOWN,
    &record_duplicated::RECORD_DUPLICATED,
    &request_correlation::REQUEST_CORRELATION,
    &request_repeated::REQUEST_REPEATED,
];
