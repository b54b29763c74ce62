//! Files: which to check, and their bytes. All reading of documents from the disk happens here.

mod discover;
mod problem;
mod read;

pub use discover::{Candidate, DiscoverOptions, Discovery, discover};
pub use problem::{FileProblem, FileProblemKind};
pub use read::read;
