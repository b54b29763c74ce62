//! The published JSON Schemas, generated from the document types, and validation of documents. The wording of violations is not part
//! of this module.

mod at;
mod canonical;
mod generate;
mod keywords;
mod least;
mod likely;
mod pattern;
mod table;
mod template;
mod validate;

pub use at::{KnownField, KnownValue, PathStep, fields_at, path_to, values_at};
pub use canonical::{CanonicalKey, canonical_keys};
pub use generate::{all_kinds, file_name, generate, identified};
pub use keywords::{Constraint, RULE};
pub use least::Around;
pub use pattern::is_regular_expression;
pub use table::field_table;
pub use template::{starter, starter_named};
pub use validate::{
    SchemaDemand, ValueType, Violation, allows, date_names, is_valid, required_names, schema_of, violations,
};
