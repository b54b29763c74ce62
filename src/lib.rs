//! The spec validator and linter for MLSpec, the YAML specification of machine-learning workflows.
//!
//! Data flows one way:
//!
//! ```text
//!  bytes ──▶ text ──▶ yaml tree ──▶ document ──▶ workspace ──▶ findings ──▶ report
//! ```
//!
//! | room | what it holds |
//! |---|---|
//! | [`text`] | sources, spans, edits, visible and invisible characters |
//! | [`yaml`] | the tree with the exact place of every key and value |
//! | [`diagnostics`] | findings, their places, fixes and fingerprints |
//! | [`digest`] | the digest of what a document says |
//! | [`documents`] | the kinds, their typed structs, how a kind is recognized |
//! | [`secrets`] | detection and redaction of credentials |
//! | [`graph`] | the graph of a pipeline |
//! | [`workspace`] | the index of documents by id and name, references between them |
//! | [`lineage`] | from what objects came, and what came of them |
//! | [`coverage`] | which steps of the lifecycle are documented |
//! | [`objectives`] | the objectives language, measurements, the gate |
//! | [`schema`] | the published schemas, and their violations |
//! | [`rules`] | all rules |
//! | [`data`] | tables: statistics, checks against a schema, drift |
//! | [`config`] | settings |
//! | [`analysis`] | from texts to reports: all of the above together |
//! | [`ide`] | what an editor asks about a text at a place |
//! | [`records`] | logs of inference records, line by line |
//! | [`monitored`] | what objectives ask of logs, and the answers |
//! | [`governance`] | the governance report as data |
//! | [`report`] | the output formats |
//! | [`files`] | which files to check, and their bytes |
//! | [`published`] | all published schemas |
//! | [`cli`] | the command line |
//!
//! A room uses those above it and none below; `tests/it/house.rs` enforces this.

#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod analysis;
#[cfg(feature = "cli")]
pub mod cli;
pub mod config;
pub mod coverage;
pub mod data;
pub mod diagnostics;
pub mod digest;
pub mod documents;
#[cfg(feature = "attest")]
pub mod execution;
#[cfg(feature = "cli")]
pub mod files;
pub mod governance;
pub mod graph;
pub mod ide;
pub mod lineage;
pub mod monitored;
pub mod objectives;
pub mod published;
pub mod records;
pub mod report;
pub mod rules;
pub mod schema;
#[cfg(feature = "attest")]
pub mod seal;
pub mod secrets;
pub mod text;
pub mod workspace;
pub mod yaml;

/// Where the project is published.
pub const HOMEPAGE: &str = "https://github.com/mlspec/mlspec-lint";
