//! Rules about monitoring deployed models.

pub mod duplicate_endpoint;
pub mod expect_not_readable;
pub mod missing_endpoint;
pub mod no_liveness;
pub mod performance_without_baseline;
pub mod rollback_not_rehearsed;
pub mod rollback_untested;
pub mod signal_incomplete;
pub mod signal_without_action;
pub mod unknown_signal;
pub mod window_shorter_than_label_delay;

use crate::rules::Rule;

/// The rules of this family.
pub static RULES: &[&Rule] = &[
    &duplicate_endpoint::DUPLICATE_ENDPOINT,
    &expect_not_readable::EXPECT_NOT_READABLE,
    &missing_endpoint::MISSING_ENDPOINT,
    &no_liveness::NO_LIVENESS,
    &performance_without_baseline::PERFORMANCE_WITHOUT_BASELINE,
    &rollback_not_rehearsed::ROLLBACK_NOT_REHEARSED,
    &rollback_untested::ROLLBACK_UNTESTED,
    &signal_incomplete::SIGNAL_INCOMPLETE,
    &signal_without_action::SIGNAL_WITHOUT_ACTION,
    &unknown_signal::UNKNOWN_SIGNAL,
    &window_shorter_than_label_delay::WINDOW_SHORTER_THAN_LABEL_DELAY,
];
