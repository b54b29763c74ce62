//! Values that the schema names for a field.

use serde_json::Value;

use super::offer::{Offer, OfferKind, Piece};
use super::spot::ValueSpot;
use super::write;
use crate::documents::Kind;
use crate::schema::{Around, PathStep, path_to, values_at};

/// Returns the values that the schema names for a place and allows there, those that it lists before examples.
pub(super) fn offers(spot: &ValueSpot) -> Vec<Offer> {
    if !spot.is_one_line() {
        return Vec::new();
    }
    let path = path_to(&spot.tree, spot.node);
    if path == [PathStep::Field("kind".to_owned())] {
        return Kind::ALL.iter().filter_map(|kind| offer(&kind.name().into(), kind.summary(), "kind", spot)).collect();
    }
    let Some(kind) = spot.kind else { return Vec::new() };
    let around = Around::of(kind, &spot.tree, spot.node, None);
    let values = values_at(kind, &path).into_iter().filter(|known| around.allows(known.value));
    values
        .filter_map(|known| {
            offer(known.value, known.description, if known.is_listed { "value" } else { "example" }, spot)
        })
        .collect()
}

fn offer(value: &Value, description: &str, detail: &str, spot: &ValueSpot) -> Option<Offer> {
    let label = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Some(Offer {
        label,
        kind: OfferKind::Value,
        detail: detail.to_owned(),
        documentation: description.to_owned(),
        replaced: spot.replaced,
        pieces: vec![Piece::Text(write::scalar(value, spot)?)],
    })
}
