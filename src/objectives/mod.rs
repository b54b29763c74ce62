//! Objectives: the language of conditions, what is wrong with a document of them, and whether a model meets them.
//!
//! ```text
//!  scalar ──▶ syntax (expression) ──▶ typed (condition) ──▶ evaluate, with evidence ──▶ verdict ──▶ attest
//! ```

pub mod consistency;
pub mod fault;
pub mod interval;
pub mod number;
pub mod policy;
mod read;
mod resolve;
pub mod syntax;
pub mod typed;
pub mod unit;
pub mod uses;
