//! Files that documents name by path, and what the caller, who may read files, knows about them.

use std::collections::BTreeMap;

use super::document::DocumentFacts;
use crate::documents::field::List;
use crate::documents::{Document, Kind};
use crate::yaml::NodeId;

/// What is known about the files that a document names, by path as written. Nothing is known about a file that is not included: it
/// was not, or could not be, looked up.
#[derive(Clone, Debug, Default)]
pub struct NamedFiles(BTreeMap<String, FileFault>);

/// Why a document cannot use a file that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileFault {
    /// There is no file or folder of this name.
    Missing,
    /// A folder, where a file is expected.
    Folder,
    /// It is outside of the workspace, or a link leads there. It is unknown whether it exists.
    Outside,
    /// It cannot be read, for this reason.
    Unreadable(String),
    /// It is not valid YAML, and is not checked itself.
    NotYaml,
    /// It contains no run, evaluation or test.
    NoEvidence,
}

impl NamedFiles {
    /// Records the fault of a file.
    pub fn insert(&mut self, path: &str, fault: FileFault) {
        self.0.insert(path.to_owned(), fault);
    }

    /// Returns the fault of a file, if one is known.
    #[must_use]
    pub fn fault(&self, path: &str) -> Option<&FileFault> {
        self.0.get(path)
    }
}

impl DocumentFacts {
    /// Returns the files that the document names, relative to its own folder, with their places: the input of the tests of objectives.
    /// URLs are not files.
    #[must_use]
    pub fn named_files(&self) -> Vec<(&str, NodeId)> {
        // Other kinds need not be read as their type for this.
        let typed = (self.kind == Kind::Objectives).then(|| self.typed()).flatten();
        let Some(Document::Objectives(objectives)) = typed else { return Vec::new() };
        let tests = objectives.tests.get().into_iter().flat_map(List::iter);
        tests.filter_map(|(_, test)| test.given.located()).map(|(path, node)| (&**path, node)).collect()
    }
}
