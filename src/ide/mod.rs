//! What an editor asks about a text at a place. Pure: answers are spans of texts and Markdown; no protocol, no file.

mod completion;
mod describe;
mod folding;
mod hierarchy;
mod hints;
mod hover;
mod lenses;
mod links;
mod navigate;
mod rename;
mod spelling;
mod suppress;
mod symbols;
mod tags;
mod tokens;
mod verdict;

pub use completion::{MOST_OFFERS, Offer, OfferKind, Piece, Typed, completions};
pub use folding::{foldings, selections};
pub use hierarchy::{CallDirection, StepCall, StepItem, calls, step_at};
pub use hints::{Hint, hints};
pub use hover::{Hovered, hover};
pub use lenses::{Lens, lenses};
pub use links::{TextLink, links};
pub use navigate::{FilePlace, definition, highlights, references};
pub use rename::{FileEdits, Renamable, RenameError, renamable, rename};
pub use spelling::canonical_spelling;
pub use suppress::suppressing_edit;
pub use symbols::{Symbol, document_symbols, workspace_symbols};
pub use tags::{FindingTag, finding_tag};
pub use tokens::{TokenRole, semantic_tokens};
pub use verdict::verdict;

use crate::text::Span;
use crate::workspace::{DocId, Member, Workspace};

/// Returns whether a place is in a span; its end counts, where the cursor stands behind the last character.
fn touches(span: Span, offset: u32) -> bool {
    span.start <= offset && offset <= span.end
}

/// Returns whether a name has the letters of a query in their order, whatever their case, as editors search.
fn has_letters(name: &str, query: &str) -> bool {
    let mut letters = name.chars().flat_map(char::to_lowercase);
    let wanted = query.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase);
    wanted.into_iter().all(|own| letters.any(|c| c == own))
}

/// Returns the documents of a file with their ids.
fn documents<'a>(workspace: Workspace<'a>, ids: &'a [DocId]) -> impl Iterator<Item = (DocId, &'a Member)> {
    ids.iter().filter_map(move |id| Some((*id, workspace.member(*id)?)))
}
