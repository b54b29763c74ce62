//! Objectives: the language of conditions, what is wrong with a document of them, and whether a model meets them.
//!
//! ```text
//!  scalar ──▶ syntax (expression) ──▶ typed (condition) ──▶ evaluate, with evidence ──▶ verdict ──▶ attest
//! ```

#[cfg(feature = "attest")]
pub mod attest;
pub mod candidate;
pub mod consistency;
pub mod evaluate;
pub mod evidence;
pub mod explain;
pub mod fault;
pub mod gate;
pub mod interval;
pub mod mutate;
pub mod number;
pub mod policy;
mod read;
mod redact;
mod resolve;
pub mod syntax;
pub mod typed;
pub mod unit;
pub mod uses;
pub mod verdict;
