//! Many documents: which files to look at, their bytes, and what their documents are to each other.
//!
//! All reading of documents from the disk happens in `discover` and `read`; the rest is pure.

#[cfg(feature = "cli")]
mod discover;
mod index;
mod measured;
mod member;
mod names;
#[cfg(feature = "cli")]
mod problem;
#[cfg(feature = "cli")]
mod read;
mod references;
#[cfg(feature = "cli")]
mod root;

#[cfg(feature = "cli")]
pub use discover::{Candidate, DiscoverOptions, Discovery, discover};
pub use index::{Dated, Linked, MemberId, RequestRecords, Resolution, Workspace, day};
pub use measured::{Logged, letters};
pub(crate) use member::field;
pub use member::{Member, Object};
pub use names::Precedence;
#[cfg(feature = "cli")]
pub use problem::{FileProblem, FileProblemKind};
#[cfg(feature = "cli")]
pub use read::read;
pub use references::{Reference, ReferenceField, Role};
#[cfg(feature = "cli")]
pub use root::{root, same_file, shortened};
