//! Rules about how data is split for training, evaluation and test.

use crate::rules::family;

family! {
    holdout_reused::HOLDOUT_REUSED,
}
