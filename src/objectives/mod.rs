//! Objectives: the language of conditions, diagnostics for documents of objectives, and whether a model meets them.
//!
//! ```text
//!  scalar ──▶ syntax (expression) ──▶ typed (condition) ──▶ evaluate, with evidence ──▶ verdict ──▶ attest
//! ```

pub mod admission;
pub mod as_of;
#[cfg(feature = "attest")]
pub mod attest;
pub mod confusion;
pub mod consistency;
pub mod diagnostic;
pub mod evaluate;
pub mod explain;
pub mod gate;
pub mod gate_inputs;
pub mod hir;
pub mod interval;
pub mod known_metrics;
pub mod log;
mod lower;
pub mod measurements;
pub(crate) mod model_key;
pub mod mutate;
pub mod names_used;
pub mod number;
pub mod policy;
mod provenance;
mod redact;
mod resolve;
pub mod syntax;
pub mod unit;
pub mod verdict;
pub mod wholes;
