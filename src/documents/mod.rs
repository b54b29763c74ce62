//! The MLSpec documents: one file per kind, whose typed struct's doc comments become the schema descriptions and the field
//! tables of the specification.

pub mod artifact;
pub mod common;
pub mod data_schema;
pub mod datapath;
pub mod dataset;
pub mod datastore;
pub mod declaration;
pub mod detect;
pub mod evaluation;
pub mod field;
pub mod formats;
pub mod image;
pub mod inference;
pub mod inference_log;
pub mod inference_prediction;
pub mod inference_request;
pub mod ingestion;
pub mod kind;
pub mod lifecycle;
pub mod measurement;
pub mod metadata;
pub mod metric;
pub mod model;
pub mod model_card;
pub mod module;
pub mod module_version;
pub mod monitoring;
pub mod objectives;
pub mod one_of;
pub mod pipeline;
pub mod pipeline_run;
pub mod profile;
mod requirement;
pub mod roles;
pub mod rollout;
pub mod run;
mod shape;
pub mod spelling;
pub mod split;
pub mod test;
pub mod transformation;
pub mod validation;

pub use field::Field;
pub use formats::ForeignFormat;
pub use kind::{Document, Kind};
