//! Recognition of the documents of a file, one after the other.

use super::sniff_broken;
use crate::documents::detect::{DetectedAs, Detection, detect};
use crate::documents::{ForeignFormat, Kind};
use crate::yaml::{Tree, TreeDocument};

/// Recognizes the documents of a file in order.
pub(super) struct Recognition {
    /// The kind that the user set for the file.
    configured: Option<Kind>,
    /// The foreign format of the file, if any.
    format: Option<ForeignFormat>,
}

impl Recognition {
    pub(super) fn new(configured: Option<Kind>) -> Self {
        Self { configured, format: None }
    }

    /// Returns what the next document is; `None` if it is empty. If it is not YAML, its recognizable keys decide.
    ///
    /// The documents after one of another format have that format too, possibly with other keys: the second part of a compiled pipeline,
    /// the body of a Markdown file. Only documents that claim to be MLSpec are an exception.
    pub(super) fn next(&mut self, tree: &Tree, document: &TreeDocument) -> Option<Detection> {
        let name = tree.source().name();
        let detection = match document.root {
            Some(root) => detect(tree, root, name, self.configured),
            None if document.problems.is_empty() => return None,
            None => sniff_broken::detect(tree.source(), document.span, name, self.configured),
        };
        if let DetectedAs::Neighbour(format) = detection.verdict {
            self.format.get_or_insert(format);
        }
        match self.format {
            Some(format) if detection.format().is_none() && !detection.is_claimed() => Some(Detection::part_of(format)),
            _ => Some(detection),
        }
    }

    /// Returns the foreign format of the file, from the documents read so far.
    pub(super) fn format(&self) -> Option<ForeignFormat> {
        self.format
    }
}
