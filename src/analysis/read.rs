//! From a text to its documents: the tree, the kind of each document, and the canonical names of its keys.

use std::sync::Arc;

use super::Options;
use super::WrittenAsJson;
use super::recognise::Recognition;
use super::strict_json;
use crate::documents::ForeignFormat;
use crate::documents::detect::Detection;
use crate::schema;
use crate::text::Source;
use crate::yaml::{self, Framing, Limits, Tree};

/// A text as a tree, with the kinds of its documents.
pub(super) struct ReadText {
    /// The tree, which answers to the canonical names of keys.
    pub tree: Arc<Tree>,
    /// The kind of each document, as far as it can be determined; `None` for an empty one.
    pub detections: Vec<Option<Detection>>,
    /// The foreign format of the file, if any.
    pub format: Option<ForeignFormat>,
}

/// Parses a text as the name of its file demands.
pub(super) fn parse(source: Arc<Source>, limits: Limits) -> Tree {
    let framing = framing(&source);
    match strict_json::without_comments(&source) {
        // The comment is a finding, and must not hide what stands beside it.
        Some((text, comments)) => {
            let blank = Arc::new(Source::new(source.name(), text));
            yaml::parse(blank, limits, framing).with_comments(source, comments)
        }
        None => yaml::parse(source, limits, framing),
    }
}

/// Reads a text. `source` is named as in reports.
pub(super) fn read(source: Arc<Source>, options: &Options<'_>) -> ReadText {
    recognised(parse(source, options.limits), options)
}

/// Reads records that are written as JSON here, and in another way in `source`, where they stand.
pub(super) fn read_as_json(source: Arc<Source>, own: &WrittenAsJson, options: &Options<'_>) -> ReadText {
    let json = Arc::new(Source::new(source.name(), own.text()));
    let tree = yaml::parse(json, options.limits, Framing::Lines);
    recognised(tree.placed_in(source, |span| own.place(span)), options)
}

fn recognised(mut tree: Tree, options: &Options<'_>) -> ReadText {
    let mut recognition = Recognition::new(options.kind_for(tree.source().name()));
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

/// Reads a text that somebody is typing: the tree, which answers to the canonical names of keys, and what each of its documents is. Nothing is
/// checked.
#[must_use]
pub fn read_text(source: Arc<Source>, options: &Options<'_>) -> (Arc<Tree>, Vec<Option<Detection>>) {
    let ReadText { tree, detections, .. } = read(source, options);
    (tree, detections)
}

/// Returns whether a file holds one document per line. A record that is spread over lines is read as a whole, and is one finding.
fn framing(source: &Source) -> Framing {
    match strict_json::is_by_line(source) && strict_json::record_over_lines(source).is_none() {
        true => Framing::Lines,
        false => Framing::Stream,
    }
}
