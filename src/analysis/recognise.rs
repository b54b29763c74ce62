//! What the documents of a file are, one after the other.

use super::sniff_broken;
use crate::documents::detect::{DetectedAs, Detection, detect};
use crate::documents::{ForeignFormat, Kind};
use crate::yaml::{Tree, TreeDocument};

/// Recognises the documents of a file in their order.
pub(super) struct Recognition {
    /// The kind that the user gives for the file.
    configured: Option<Kind>,
    /// The other format that the file is of.
    format: Option<ForeignFormat>,
}

impl Recognition {
    pub(super) fn new(configured: Option<Kind>) -> Self {
        Self { configured, format: None }
    }

    /// What the next document is; `None` if there is nothing in it. Of one that is not YAML, what its keys tell.
    ///
    /// After a document of another format come others of it, which may have other keys: the second part of a compiled pipeline, the body
    /// of a Markdown file. Unless they say that they are MLSpec, they are of that format as well.
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

    /// The other format that the file is of, as far as it was looked at.
    pub(super) fn format(&self) -> Option<ForeignFormat> {
        self.format
    }
}
