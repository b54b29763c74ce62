//! The published JSON Schemas, generated from the document types, and validation of trees against them.

mod generate;
mod keywords;
mod respelt;
mod table;
mod template;
mod translate;
mod unknown_key;
mod validate;
mod value_fault;

pub use generate::{all_kinds, file_name, generate, published};
pub use table::field_table;
pub use template::starter;
pub use validate::{required_names, validate};
