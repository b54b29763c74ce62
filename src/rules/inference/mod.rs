//! Rules about records of inferences.

use crate::rules::family;

family! {
    explanation_not_numeric::EXPLANATION_NOT_NUMERIC,
    features_mismatch::FEATURES_MISMATCH,
    feedback_range::FEEDBACK_RANGE,
    latency_negative_or_unitless::LATENCY_NEGATIVE_OR_UNITLESS,
    missing_attribute::MISSING_ATTRIBUTE,
    request_correlation::REQUEST_CORRELATION,
    request_repeated::REQUEST_REPEATED,
}
