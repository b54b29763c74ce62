//! What an editor asks about a text at a place. Pure: answers are spans of texts and Markdown; no protocol, no file.

mod hover;
mod navigate;
mod suppress;
mod symbols;

pub use hover::{Hovered, hover};
pub use navigate::{FilePlace, definition, references};
pub use suppress::suppressing_edit;
pub use symbols::{Symbol, document_symbols, workspace_symbols};

use crate::text::Span;
use crate::workspace::{DocId, Member, Workspace};

/// Returns whether a place is in a span; its end counts, where the cursor stands behind the last character.
fn touches(span: Span, offset: u32) -> bool {
    span.start <= offset && offset <= span.end
}

/// Returns the documents of a file with their ids.
fn documents<'a>(workspace: Workspace<'a>, ids: &'a [DocId]) -> impl Iterator<Item = (DocId, &'a Member)> {
    ids.iter().filter_map(move |id| Some((*id, workspace.member(*id)?)))
}
