//! Rules about monitoring deployed models.

pub mod expect_not_readable;
pub mod missing_endpoint;
pub mod no_liveness;
pub mod rollback_not_rehearsed;
pub mod signal_incomplete;
pub mod signal_without_action;
pub mod unknown_signal;
pub mod window_shorter_than_label_delay;

use crate::rules::Rule;

/// The rules of this family.
pub static RULES: &[&Rule] = &[
    &expect_not_readable::EXPECT_NOT_READABLE,
    &missing_endpoint::MISSING_ENDPOINT,
    &no_liveness::NO_LIVENESS,
    &rollback_not_rehearsed::ROLLBACK_NOT_REHEARSED,
    &signal_incomplete::SIGNAL_INCOMPLETE,
    &signal_without_action::SIGNAL_WITHOUT_ACTION,
    &unknown_signal::UNKNOWN_SIGNAL,
    &window_shorter_than_label_delay::WINDOW_SHORTER_THAN_LABEL_DELAY,
];
