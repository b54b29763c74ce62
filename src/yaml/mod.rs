//! YAML as the other modules see it: a [`Tree`] of nodes with exact places.
//!
//! This is the only module that knows the YAML parser. [`parse`] turns text into a [`Tree`]; the tree is read in place by the
//! schema validator ([`json`]) and by serde ([`from_node`]), and [`edit`] builds changes to its text.

mod build;
mod compare;
mod de;
mod describe;
pub mod edit;
mod excerpt;
pub mod json;
mod node;
mod placed;
pub mod pointer;
mod problem;
mod repair;
mod scalar;
mod scalar_map;
mod tree;

pub use build::{Framing, Limits, parse, parse_by_events, parse_directly};
pub use compare::{Difference, Meaning, ValueIn, are_equal, difference, difference_in, difference_of_meaning};
pub use de::{FIELD_STRUCT, ITEMS_STRUCT, from_node};
pub use describe::{key_name, type_name};
pub use node::{NodeId, NodeKind, NodeStyle};
pub use problem::{Problem, SyntaxError};
pub use repair::{Repair, repairs};
pub use scalar::{Number, ScalarType, plain_type};
pub use scalar_map::ScalarMap;
pub use tree::{Anchor, Comment, Entry, EntryKind, Tree, TreeDocument, as_no_field};
