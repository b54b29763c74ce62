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
    /// There is no file or folder of this name.
    #[error("no such file or folder")]
    NotFound,
    /// The operating system refuses to read it; with its message.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// A named pipe, a socket or a device, which could block forever.
    #[error("not a regular file")]
    NotAFile,
    /// A folder, where a file is expected.
    #[error("is a folder; name a file in it")]
    IsAFolder,
    /// The file exceeds the size limit.
    #[error("has {size} bytes; the limit is {limit}")]
    TooLarge {
        /// Its length in bytes; for a file that grows while it is read, the length seen so far.
        size: u64,
        /// The maximum length in bytes.
        limit: u64,
    },
    /// A log of a server, by its name, whose lines follow no format that is known.
    #[error(
        "its lines follow no format of logs that is known: JSON objects, NCSA Common or Combined, W3C Extended with #Fields:, or what `format` under [records] in the configuration says"
    )]
    UnknownLog,
    /// It is in a format that holds logs or data elsewhere, and is not read: what it is.
    #[error(
        "is {0}, which is not read; logs and data are read from .jsonl, .ndjson, .csv, .tsv and .log, each as it is or with .gz or .zst, and from .parquet"
    )]
    OtherFormat(&'static str),
    /// A link to a folder that contains it, or to itself.
    #[error("link leads back to itself or to a folder that contains it")]
    LinkLoop,
    /// A link to a file outside of the workspace.
    #[error("link leads out of the workspace, and is not followed")]
    LeavesWorkspace,
    /// A link to a folder outside of the workspace. Repositories often have one, without any document in it.
    #[error("link to a folder outside of the workspace, which is not searched")]
    FolderElsewhere,
    /// A link without a target.
    #[error("the link is broken")]
    BrokenLink,
}

impl FileProblemKind {
    /// Returns the problem of a path that is not a file.
    pub(super) fn of_other(metadata: &fs::Metadata) -> Self {
        if metadata.is_dir() { Self::IsAFolder } else { Self::NotAFile }
    }

    /// Returns the problem that an error reports about its path.
    pub(super) fn of(error: &Error, path: &Path) -> Self {
        let is_link = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
        match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory if is_link => Self::BrokenLink,
            ErrorKind::NotFound | ErrorKind::NotADirectory => Self::NotFound,
            ErrorKind::PermissionDenied => Self::Unreadable(error.to_string()),
            // The standard library has no stable name for "too many levels of symbolic links".
            _ if is_link && fs::canonicalize(path).is_err() => Self::LinkLoop,
            _ => Self::Unreadable(error.to_string()),
        }
    }
}
