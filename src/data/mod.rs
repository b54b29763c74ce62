//! Tables of data: read row by row, summed up, checked against a data schema, compared with each other.
//!
//! Nothing here opens a file: tables come from any `Read`, so that they may be larger than memory, and compressed.

pub mod check;
pub mod drift;
pub mod infer;
pub mod overlap;
pub mod personal;
pub mod profile;
pub mod read;
pub mod sorted;
pub mod statistics;
pub mod summary;
pub mod value;
