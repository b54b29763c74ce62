//! Files that cannot be checked, and why.

use std::fs;
use std::io::{Error, ErrorKind};
use std::path::Path;

/// A file or folder that cannot be checked. The others still are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{name}: {kind}")]
pub struct FileProblem {
    /// Its name, as [`FileToCheck::name`](super::FileToCheck::name).
    pub name: String,
    /// Why.
    pub kind: FileProblemKind,
}

/// Why a file or folder cannot be checked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum FileProblemKind {
    /// There is nothing of this name.
    #[error("no such file or folder")]
    NotFound,
    /// The system refuses to read it, with these words.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// A named pipe, a socket or a device, which could make the tool wait for ever.
    #[error("not a regular file")]
    NotAFile,
    /// A folder, where one file is asked for.
    #[error("is a folder; name a file in it")]
    IsAFolder,
    /// The file is longer than is allowed.
    #[error("has {size} bytes; the limit is {limit}")]
    TooLarge {
        /// Its length in bytes; of a file that grows while it is read, how much was seen.
        size: u64,
        /// The greatest length that is allowed, in bytes.
        limit: u64,
    },
    /// A link that leads to a folder that it is in, or back to itself.
    #[error("link leads back to itself or to a folder that it is in")]
    LinkLoop,
    /// A link to a file outside of the workspace.
    #[error("link leads out of the workspace, and is not followed")]
    LeavesWorkspace,
    /// A link to a folder outside of the workspace. Many a repository has one, and it need not hold any document.
    #[error("link to a folder outside of the workspace, which is not looked into")]
    FolderElsewhere,
    /// A link to nothing.
    #[error("the link is broken")]
    BrokenLink,
}

impl FileProblemKind {
    /// What is there is no file.
    pub(super) fn of_other(metadata: &fs::Metadata) -> Self {
        if metadata.is_dir() { Self::IsAFolder } else { Self::NotAFile }
    }

    /// What an error says about the path where it happened.
    pub(super) fn of(error: &Error, path: &Path) -> Self {
        let is_link = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
        match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory if is_link => Self::BrokenLink,
            ErrorKind::NotFound | ErrorKind::NotADirectory => Self::NotFound,
            ErrorKind::PermissionDenied => Self::Unreadable(error.to_string()),
            // The standard library has no stable name for "too many levels of links".
            _ if is_link && fs::canonicalize(path).is_err() => Self::LinkLoop,
            _ => Self::Unreadable(error.to_string()),
        }
    }
}
