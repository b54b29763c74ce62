//! Files that documents name by their paths, and what whoever may read files knows of them.

use std::collections::BTreeMap;

use super::document::DocumentFacts;
use crate::documents::field::List;
use crate::documents::{Document, Kind};
use crate::yaml::NodeId;

/// What is known of the files that a document names, by their paths as the document has them. Of a file that is not among them nothing
/// is known: nobody looked, or nobody could.
#[derive(Clone, Debug, Default)]
pub struct NamedFiles(BTreeMap<String, FileFault>);

/// Why a file that a document names is of no use to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileFault {
    /// There is nothing of this name.
    Missing,
    /// A folder, where one file is asked for.
    Folder,
    /// It lies outside of the workspace, or a link on the way leads there. Nobody looked whether it is there.
    Outside,
    /// It cannot be read, for this reason.
    Unreadable(String),
    /// It is not valid YAML, and is not checked itself.
    NotYaml,
    /// It holds no run, evaluation or test.
    NoEvidence,
}

impl NamedFiles {
    /// Notes down what is wrong with a file.
    pub fn insert(&mut self, path: &str, fault: FileFault) {
        self.0.insert(path.to_owned(), fault);
    }

    /// What is wrong with a file, as far as anybody knows.
    #[must_use]
    pub fn fault(&self, path: &str) -> Option<&FileFault> {
        self.0.get(path)
    }
}

impl DocumentFacts {
    /// The files that the document names, relative to its own folder, with their places: what the tests of objectives are given. URLs are
    /// files nowhere.
    #[must_use]
    pub fn named_files(&self) -> Vec<(&str, NodeId)> {
        // Other kinds need not be read as their type for this.
        let typed = (self.kind == Kind::Objectives).then(|| self.typed()).flatten();
        let Some(Document::Objectives(objectives)) = typed else { return Vec::new() };
        let tests = objectives.tests.get().into_iter().flat_map(List::iter);
        tests.filter_map(|(_, test)| test.given.located()).map(|(path, node)| (&**path, node)).collect()
    }
}
