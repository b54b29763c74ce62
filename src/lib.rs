//! The spec validator and linter for MLSpec, the YAML specification of machine-learning workflows.
//!
//! Data flows one way:
//!
//! ```text
//!  bytes ──▶ text ──▶ yaml tree ──▶ document ──▶ workspace ──▶ findings ──▶ report
//! ```
//!
//! | stage | module |
//! |---|---|
//! | a text and places in it | [`text`] |
//! | YAML with exact places | [`yaml`] |
//! | which document it is, and its typed struct | [`documents`] |
//! | the graph of a pipeline | [`graph`] |
//! | the published schemas, and validation against them | [`schema`] |
//! | the rules | [`rules`] |
//! | what may not be shown | [`secrets`] |
//! | the objectives language and the gate | [`objectives`] |
//! | findings, suppression, fingerprints | [`findings`] |
//! | all of the above, for one text and for many together | [`lint`] |
//! | edits to the text | [`fix`] |
//! | files, and what their documents are to each other | [`workspace`] |
//! | output formats | [`report`] |
//! | settings | [`config`] |
//! | the command line | [`cli`] |

#![forbid(unsafe_code)]
#![deny(missing_docs)]

#[cfg(feature = "cli")]
pub mod cli;
pub mod config;
pub mod documents;
pub mod findings;
pub mod fix;
pub mod graph;
pub mod lint;
pub mod objectives;
pub mod report;
pub mod rules;
pub mod schema;
pub mod secrets;
pub mod text;
pub mod workspace;
pub mod yaml;

/// Where the project is published.
pub const HOMEPAGE: &str = "https://github.com/mlspec/mlspec-lint";
