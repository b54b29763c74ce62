//! Fields of a mapping that it does not have yet.

use serde_json::Value;

use super::offer::{Offer, OfferKind, Piece};
use super::spot::FieldSpot;
use super::write;
use crate::documents::Kind;
use crate::schema::{Around, KnownField, fields_at, path_to};
use crate::text::Span;

/// Returns the fields that fit a mapping, required ones first: each with the least value that its schema accepts beside what is there.
pub(super) fn offers(spot: &FieldSpot) -> Vec<Offer> {
    let tree = &spot.tree;
    let Some(kind) = spot.kind else { return kind_alone(spot).into_iter().collect() };
    let path = path_to(tree, spot.mapping);
    let others = tree.entries(spot.mapping).filter(|entry| entry.key != spot.key);
    let present: Vec<&str> = others.map(|entry| tree.field_name(entry.key)).collect();
    let around = Around::of(kind, tree, spot.mapping, Some(spot.key));
    let mut fields = fields_at(kind, &path);
    fields.retain(|field| !present.contains(&field.name));
    // The order of the schema is kept otherwise.
    fields.sort_by_key(|field| !field.is_required);
    let offer = |field: KnownField| {
        let value = around.least_field(&path, field.name)?;
        Some(Offer {
            label: field.name.to_owned(),
            kind: OfferKind::Field,
            detail: format!("{}{}", if field.is_required { "required, " } else { "" }, field.type_in_words()),
            documentation: field.description.to_owned(),
            replaced: spot.replaced,
            pieces: pieces(field.name, &value, spot),
        })
    };
    fields.into_iter().filter_map(offer).collect()
}

fn pieces(name: &str, value: &Value, spot: &FieldSpot) -> Vec<Piece> {
    let mut pieces = write::field(name, value, spot.layout);
    if spot.has_value {
        // The value stands there already, with its colon.
        pieces.truncate(1);
        if let Some(Piece::Text(text)) = pieces.first_mut()
            && let Some(colon) = text.find(':')
        {
            text.truncate(colon);
        }
    }
    pieces
}

/// Returns the field that says what a document is, if that is all that can be said of it.
fn kind_alone(spot: &FieldSpot) -> Option<Offer> {
    let is_root = spot.tree.parent(spot.mapping).is_none();
    let is_there = spot.tree.get(spot.mapping, "kind").is_some();
    let kind = Value::from(Kind::Dataset.name());
    (is_root && !is_there).then(|| Offer {
        label: "kind".to_owned(),
        kind: OfferKind::Field,
        detail: "required".to_owned(),
        documentation: "The kind of the document.".to_owned(),
        replaced: spot.replaced,
        pieces: pieces("kind", &kind, spot),
    })
}

/// Returns what a new document of each kind begins with. What it must have beyond that is offered first, then.
pub(super) fn whole_documents(replaced: Span) -> Vec<Offer> {
    let offer = |kind: &Kind| {
        let version = kind.since().max("0.1.0");
        Offer {
            label: format!("mlspec {kind}"),
            kind: OfferKind::Document,
            detail: format!("a new {kind}"),
            documentation: kind.summary().to_owned(),
            replaced,
            pieces: vec![Piece::Text(format!("mlSpecVersion: {version}\nkind: {kind}\n"))],
        }
    };
    Kind::ALL.iter().map(offer).collect()
}
