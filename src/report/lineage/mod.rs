//! Output formats of `lineage`: pure functions from the graph to bytes.

mod drawing;
mod human;
mod json;
mod openlineage;

pub use drawing::drawing;
pub use human::{write_answers, write_tree};
pub use json::{json, lineage_schema};
pub use openlineage::openlineage;
