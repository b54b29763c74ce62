//! Rules about what a document refers to.

use crate::rules::family;

family! {
    datapath_incomplete::DATAPATH_INCOMPLETE,
}
