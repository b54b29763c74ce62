//! The published JSON Schemas, generated from the document types, and validation of trees against them.

mod annotation;
mod generate;
mod respelt;
mod starter;
mod table;
mod translate;
mod unknown_key;
mod validate;
mod value_fault;

pub use generate::{all_kinds, file_name, generate, published};
pub use starter::starter;
pub use table::field_table;
pub use validate::{required_names, validate};
