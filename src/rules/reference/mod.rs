//! Rules about what a document refers to.

use crate::rules::family;

family! {
    ambiguous_object::AMBIGUOUS_OBJECT,
    artifact_run_unknown::ARTIFACT_RUN_UNKNOWN,
    datapath_incomplete::DATAPATH_INCOMPLETE,
    module_version_mismatch::MODULE_VERSION_MISMATCH,
    unresolved_object::UNRESOLVED_OBJECT,
}
