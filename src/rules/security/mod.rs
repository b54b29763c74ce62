//! Rules about secrets, images and code that documents bring in.

use crate::rules::family;

family! {}
