//! What objectives ask of the logs of a deployed model, and the answers.
//!
//! ```text
//!  policy ──▶ questions ──▶ tallies, record by record ──▶ answers, as the measurements of an evaluation
//! ```
//!
//! The gate asks the bound, and not the quantile: bounds are known before the first record is read, so that each claim is compiled into exact
//! counters. How many values are below a bound, how many equal to it, and the values next to it on both sides decide any interpolated quantile
//! exactly, in constant memory, and are added up over parts in any order. Cells of fixed borders only serve the number that is shown.

mod answers;
mod decimal;
mod observer;
mod quantile;
mod question;
mod sample;
mod share;

pub use answers::{LogAnswers, LogError, LogFile, stand_in};
pub use observer::{LogObserver, LogTally};
pub use question::{LogQuestions, MOST_SLICES};
