//! Output formats of `lineage`: pure functions from the graph to bytes.

mod human;
mod json;

pub use human::{write_answers, write_tree};
pub use json::{json, lineage_schema};
