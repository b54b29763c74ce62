//! What documents are to each other: objects by id and by name, and what refers to what. Pure.

mod data;
mod document;
mod index;
mod metric_index;
mod names;
mod references;
mod versions;

pub use data::DataUse;
pub(crate) use document::field;
pub use document::{Member, Object};
pub use index::{Dated, MemberId, RequestRecords, Resolution, Unread, Workspace, day};
pub use metric_index::{Logged, letters};
pub use names::Precedence;
pub use references::{Reference, ReferenceField, Role};
pub use versions::ListedVersion;
