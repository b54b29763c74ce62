//! Rules about the steps of a machine-learning lifecycle as a whole.

use crate::rules::family;

family! {}
