//! Logs of inference records, line by line and without a limit of size.
//!
//! Most lines of a log are clean. The [`Recogniser`] is sure of them at the cost of reading them; the others are checked as documents, which
//! alone makes findings.

mod fields;
mod moment;
mod recognise;
mod scan;
mod strings;

pub use fields::{Demand, Section, fields_of};
pub use recognise::{Recogniser, SureRecord};
