//! Rules about records of inferences.

use crate::rules::family;

family! {
    explanation_not_numeric::EXPLANATION_NOT_NUMERIC,
    feedback_range::FEEDBACK_RANGE,
    features_mismatch::FEATURES_MISMATCH,
    latency_negative_or_unitless::LATENCY_NEGATIVE_OR_UNITLESS,
    missing_attribute::MISSING_ATTRIBUTE,
}
