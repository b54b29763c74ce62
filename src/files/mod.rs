//! Files: discovery, and reading and writing their bytes.

mod compression;
mod discover;
mod git;
mod log_name;
mod other_format;
mod passed_over;
mod problem;
mod read;
mod root;
mod source;
mod write;

pub use compression::FileCompression;
pub use discover::{DiscoverOptions, Discovery, FileToCheck, discover, has_document_extension};
pub use git::{GitError, GitTree};
pub use log_name::is_log_name;
pub use other_format::{other_format, other_format_of_bytes};
pub use passed_over::{PassedOver, passed_over};
pub use problem::{FileProblem, FileProblemKind};
pub use read::read;
pub use root::{are_same, is_inside, leaves, repository, root, same_file, shortened};
pub use source::{Content, DiskFolder, FileSource, MemoryFiles, SourceFile};
pub use write::{replace, write};
