//! Rules about the steps of a machine-learning lifecycle as a whole.

pub mod lifecycle_step_missing;
pub mod no_rollback;
pub mod test_not_separate;

use crate::rules::Rule;

/// The rules of this family.
pub static RULES: &[&Rule] = &[
    &lifecycle_step_missing::LIFECYCLE_STEP_MISSING,
    &no_rollback::NO_ROLLBACK,
    &test_not_separate::TEST_NOT_SEPARATE,
];
