//! What can be written at a place: fields and their values, references, rules in comments, and words of objectives.
//!
//! A text in which somebody types is rarely valid YAML. What stands at the cursor is found by a trial: a word that cannot be there is put in
//! its place, as a key or as a value, and the first text that can be read tells which it is ([`spot`]). What is offered is tried, too: a field
//! or a value that the schema would reject there is not offered.

mod fields;
mod line;
mod objectives;
mod offer;
mod references;
mod rules;
mod spot;
mod values;
mod write;

pub use offer::{Offer, OfferKind, Piece};

use std::sync::Arc;

use crate::analysis::Options;
use crate::diagnostics::Finding;
use crate::text::Source;
use crate::workspace::Workspace;
use crate::yaml::Tree;
use spot::Spot;

/// The most that is offered at a time. Who types on is offered what fits then.
pub const MOST_OFFERS: usize = 500;

/// A text in which something is to be completed.
#[derive(Clone, Copy, Debug)]
pub struct Typed<'a> {
    /// The text.
    pub source: &'a Source,
    /// The text as it was read, if it is at hand: comments stand in it.
    pub tree: Option<&'a Arc<Tree>>,
    /// The findings in it. Their rules are the first that a comment is offered.
    pub findings: &'a [Finding],
    /// The settings.
    pub options: &'a Options<'a>,
    /// Whether what others can offer who know the schemas is left out: fields and listed values.
    pub is_beyond_schema: bool,
}

/// Returns what can be written at a byte of a text, the likeliest first, and whether that is all there is.
#[must_use]
pub fn completions(workspace: Workspace<'_>, typed: &Typed<'_>, offset: u32) -> (Vec<Offer>, bool) {
    let mut offers = match typed.tree.and_then(|tree| rules::directive_at(tree, offset)) {
        Some(directive) => rules::offers(&directive, typed.findings),
        None => of_spots(workspace, typed, offset),
    };
    let is_all = offers.len() <= MOST_OFFERS;
    offers.truncate(MOST_OFFERS);
    (offers, is_all)
}

fn of_spots(workspace: Workspace<'_>, typed: &Typed<'_>, offset: u32) -> Vec<Offer> {
    let mut offers = Vec::new();
    for spot in spot::spots(typed.source, offset, typed.options) {
        match &spot {
            Spot::Nothing { replaced } => offers.extend(fields::whole_documents(*replaced)),
            Spot::Field(field) if !typed.is_beyond_schema => offers.extend(fields::offers(field)),
            Spot::Field(_) => {}
            Spot::Value(value) => {
                if let Some(words) = objectives::offers(value, offset) {
                    offers.extend(words);
                    continue;
                }
                offers.extend(references::offers(workspace, value));
                if !typed.is_beyond_schema {
                    offers.extend(values::offers(value));
                }
            }
        }
    }
    offers
}
