//! Rules about the steps of a machine-learning lifecycle as a whole.

use crate::rules::family;

family! {
    lifecycle_step_missing::LIFECYCLE_STEP_MISSING,
    no_rollback::NO_ROLLBACK,
    test_not_separate::TEST_NOT_SEPARATE,
}
