//! What a folder is to do, in the order in which it came in.

use std::path::PathBuf;
use std::sync::Arc;

use lsp_server::Request;

use super::protocol::{FileChange, NamedResult, TextChange};
use super::pull::Gathered;

/// What a folder is to do.
pub(super) enum Task {
    Open {
        uri: String,
        version: i32,
        text: String,
    },
    Change {
        uri: String,
        version: i32,
        changes: Vec<TextChange>,
    },
    Close {
        uri: String,
    },
    FilesChanged(Vec<FileChange>),
    /// Answer a request about a text.
    Answer {
        request: Request,
        uri: String,
    },
    /// Search all texts of which this is the innermost of some folders.
    Search {
        query: String,
        folders: Arc<[PathBuf]>,
        found: Arc<Gathered>,
    },
    /// Report about all texts of which this is the innermost of some folders.
    Diagnose {
        previous: Arc<[NamedResult]>,
        folders: Arc<[PathBuf]>,
        found: Arc<Gathered>,
    },
}

impl Task {
    /// Returns whether it asks, and changes nothing.
    pub fn is_question(&self) -> bool {
        matches!(self, Self::Answer { .. } | Self::Search { .. } | Self::Diagnose { .. })
    }
}
