//! From a text to its documents: the tree, what each document is, and the canonical names of its keys.

use std::sync::Arc;

use super::Options;
use super::recognise::Recognition;
use crate::documents::ForeignFormat;
use crate::documents::detect::Detection;
use crate::schema;
use crate::text::Source;
use crate::yaml::{self, Framing, Tree};

/// A text as a tree, and what its documents are.
pub(super) struct ReadText {
    /// The tree, which answers to the canonical names of keys.
    pub tree: Arc<Tree>,
    /// What each document is, as far as one can tell; `None` for one with nothing in it.
    pub detections: Vec<Option<Detection>>,
    /// The other format that the file is of.
    pub format: Option<ForeignFormat>,
}

/// Reads a text. `source` has the name that reports call it.
pub(super) fn read(source: Arc<Source>, options: &Options<'_>) -> ReadText {
    let framing = framing(source.name());
    let mut tree = yaml::parse(Arc::clone(&source), options.limits, framing);
    let mut recognition = Recognition::new(options.kind_for(source.name()));
    let mut names = Vec::new();
    let mut detections = Vec::with_capacity(tree.documents().len());
    for document in tree.documents() {
        let detection = recognition.next(&tree, document);
        if let (Some(root), Some(kind)) = (document.root, detection.as_ref().and_then(Detection::kind)) {
            names.append(&mut schema::canonical_keys(kind, &tree, root));
        }
        detections.push(detection);
    }
    tree.name_canonically(names);
    ReadText { tree: Arc::new(tree), detections, format: recognition.format() }
}

/// Whether a file holds one document per line.
pub(super) fn framing(name: &str) -> Framing {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension.eq_ignore_ascii_case("jsonl") || extension.eq_ignore_ascii_case("ndjson") {
        true => Framing::Lines,
        false => Framing::Stream,
    }
}
