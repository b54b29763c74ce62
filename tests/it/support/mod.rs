//! Helpers that several files of tests use.

pub mod candidate;
pub mod editor_client;
pub mod found;
pub mod gate;
#[path = "../../../benches/support/generate.rs"]
pub mod generate;
pub mod language_server;
pub mod layouts;
#[path = "../../../benches/support/models.rs"]
pub mod models;
pub mod places;
pub mod program;
pub mod reshape;
