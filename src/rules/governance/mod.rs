//! Rules about licences and lineage.

use crate::rules::family;

family! {}
