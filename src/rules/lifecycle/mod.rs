//! Rules about the steps of a machine-learning lifecycle as a whole.

pub mod before_its_cause;
pub mod lifecycle_step_missing;
pub mod measuring_run_unfinished;
pub mod no_rollback;
pub mod rollback_target;
pub mod test_before_evaluation;
pub mod test_not_separate;
pub mod unknown_objective;

use crate::rules::Rule;

/// The rules of this family.
pub static RULES: &[&Rule] = &[
    &before_its_cause::BEFORE_ITS_CAUSE,
    &lifecycle_step_missing::LIFECYCLE_STEP_MISSING,
    &measuring_run_unfinished::MEASURING_RUN_UNFINISHED,
    &no_rollback::NO_ROLLBACK,
    &rollback_target::ROLLBACK_TARGET,
    &test_before_evaluation::TEST_BEFORE_EVALUATION,
    &test_not_separate::TEST_NOT_SEPARATE,
    &unknown_objective::UNKNOWN_OBJECTIVE,
];
