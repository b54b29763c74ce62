//! One thing that can be written at a place.

use crate::text::Span;

/// Something that can be written at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What is shown in the list.
    pub label: String,
    /// What it is.
    pub kind: OfferKind,
    /// What is shown beside the label, in plain text.
    pub detail: String,
    /// What is known about it, in Markdown; empty if nothing is.
    pub documentation: String,
    /// What of the text it replaces: on one line, and around the cursor.
    pub replaced: Span,
    /// What it writes. Lines behind the first are indented as far beyond the line of the cursor as they are here.
    pub pieces: Vec<Piece>,
}

/// What is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OfferKind {
    /// A whole document.
    Document,
    /// A field of a mapping.
    Field,
    /// A value that the schema names.
    Value,
    /// An object that can be referred to, or a part of the same document.
    Reference,
    /// A rule.
    Rule,
    /// A word or sign of the language of objectives.
    Word,
    /// A name that an expression can use: a metric, a definition, a dataset, a dimension.
    Name,
    /// A function of the language of objectives.
    Function,
    /// A unit behind a number.
    Unit,
}

/// A part of what is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text.
    Text(String),
    /// A value that whoever writes is going to replace.
    Placeholder(String),
}

impl Offer {
    /// Returns what is written if every placeholder stays as it is.
    #[must_use]
    pub fn text(&self) -> String {
        let text = |piece: &Piece| match piece {
            Piece::Text(text) | Piece::Placeholder(text) => text.clone(),
        };
        self.pieces.iter().map(text).collect()
    }

    /// Returns what is written by an editor that knows no placeholders: up to the first of them, on one line.
    #[must_use]
    pub fn beginning(&self) -> &str {
        match self.pieces.first() {
            Some(Piece::Text(text)) => text.lines().next().unwrap_or(""),
            _ => "",
        }
    }
}
