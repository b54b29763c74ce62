//! The relations between documents: objects by id and by name, and references between them. Pure.

mod across;
mod data;
mod dates;
mod document;
mod index;
mod keys;
mod metric_index;
mod named_files;
mod names;
mod references;
mod revision;
mod versions;
mod view;

pub use across::{AcrossRecords, JudgedRecord, RecordPosition};
pub use data::{DataUse, count_of, digest_key};
pub use dates::{day, timestamp, to_nanoseconds};
pub(crate) use document::field;
pub use document::{DocumentFacts, Member, Object};
pub use index::{DocId, FileFacts, Index, Unread, UnreadId};
pub use metric_index::letters;
pub use named_files::{FileFault, NamedContent, NamedFile, NamedFiles, RequiredVerdict};
pub use names::Precedence;
pub use references::{Reference, is_reference};
pub use revision::{Revision, RevisionFile};
pub use versions::ListedVersion;
pub use view::{Dated, Reads, Resolution, Workspace};
