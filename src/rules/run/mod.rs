//! Rules about runs and what they measured.

use crate::rules::family;

family! {
    metric_value_mismatch::METRIC_VALUE_MISMATCH,
    metric_value_type::METRIC_VALUE_TYPE,
    parent_child::PARENT_CHILD,
    run_hierarchy_cycle::RUN_HIERARCHY_CYCLE,
    tag_not_string::TAG_NOT_STRING,
}
