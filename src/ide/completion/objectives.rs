//! Words, names and units of the language of objectives, inside an expression.

use super::offer::{Offer, OfferKind, Piece};
use super::spot::ValueSpot;
use crate::documents::{Document, Kind};
use crate::objectives::hir::Aggregate;
use crate::objectives::policy::{Policy, PolicyMetric};
use crate::objectives::syntax::ast::AcrossFunction;
use crate::objectives::syntax::expected_after;
use crate::objectives::unit::Unit;
use crate::secrets::redact;
use crate::text::{Span, offset as to_offset, visible};
use crate::workspace::Member;
use crate::yaml::{NodeStyle, ScalarMap};

/// Changes of a value, as far as their amount.
const CHANGES: [&str; 6] = [
    "drops by at most",
    "rises by at most",
    "changes by at most",
    "improves by at least",
    "worsens by at most",
    "drops by at least",
];

/// Returns what can be written at a byte of an expression; `None` if the value is no expression.
pub(super) fn offers(spot: &ValueSpot, offset: u32) -> Option<Vec<Offer>> {
    if spot.kind != Some(Kind::Objectives) {
        return None;
    }
    let member = Member::new(spot.tree.clone(), spot.root, 0, Kind::Objectives);
    let Some(Document::Objectives(document)) = member.typed() else { return None };
    let (policy, _) = Policy::of(document, &spot.tree);
    let nodes = policy.demands().map(|(_, demand)| demand.node);
    let mut nodes = nodes.chain(policy.definitions.iter().map(|definition| definition.node));
    nodes.any(|node| node == spot.node).then(|| in_expression(spot, &policy, offset).unwrap_or_default())
}

fn in_expression(spot: &ValueSpot, policy: &Policy, offset: u32) -> Option<Vec<Offer>> {
    let (text, at, map) = match spot.is_trial || spot.is_behind {
        true => (spot.before.as_str(), spot.before.len(), None),
        false => {
            let text = spot.tree.text(spot.node)?;
            let map = ScalarMap::of(&spot.tree, spot.node)?;
            (text, place_in(text, &map, offset), Some(map))
        }
    };
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let word = text.get(..at)?.trim_end_matches(is_part);
    // Digits with a unit behind them are two tokens.
    let typed = text.get(word.len()..at)?;
    let digits = if typed.starts_with(|c: char| c.is_ascii_digit()) { number_in(typed) } else { 0 };
    let start = word.len() + digits;
    let rest = text.get(at..)?;
    let end = at + (rest.len() - rest.trim_start_matches(is_part).len());
    let replaced = match &map {
        None => Span::new(spot.replaced.start + to_offset(start), spot.replaced.end),
        Some(_) if start == end => Span::empty(offset),
        Some(map) => map.span(Span::from_usize(start, end)),
    };
    let before = text.get(..start)?;
    let expected = expected_after(before, policy.language)?;
    let candidates = candidates(&expected, policy, before);
    let is_next = |own: &Candidate| expected_after(&format!("{before}{}", own.text), policy.language).is_some();
    let space = if spot.wants_space && spot.is_trial { " " } else { "" };
    let offer = |own: Candidate| {
        let written = written(&own.text, spot)?;
        Some(Offer {
            label: visible(&redact(&own.text)).into_owned(),
            kind: own.kind,
            detail: own.detail,
            documentation: String::new(),
            replaced,
            pieces: vec![Piece::Text(format!("{space}{written}"))],
        })
    };
    Some(candidates.into_iter().filter(is_next).filter_map(offer).collect())
}

/// Returns the byte of a value at a byte of its source.
fn place_in(text: &str, map: &ScalarMap, offset: u32) -> usize {
    let mut starts = text.char_indices().map(|(at, _)| at);
    let is_before = |at: &usize| map.span(Span::from_usize(*at, at + 1)).start < offset;
    let before = starts.rfind(is_before);
    before.map_or(0, |at| at + text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8))
}

/// Returns the length of the number that a word begins with.
fn number_in(word: &str) -> usize {
    word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit()).len()
}

struct Candidate {
    text: String,
    kind: OfferKind,
    detail: String,
}

fn candidates(expected: &[&'static str], policy: &Policy, before: &str) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    let mut add = |text: String, kind: OfferKind, detail: &str| {
        if !found.iter().any(|own| own.text == text) {
            found.push(Candidate { text, kind, detail: detail.to_owned() });
        }
    };
    if before.ends_with(|c: char| c.is_ascii_digit()) {
        units(policy, before).for_each(|unit| add(unit.to_owned(), OfferKind::Unit, "unit"));
        return found;
    }
    for what in expected {
        match *what {
            "a metric" => {
                for metric in &policy.metrics {
                    add(metric_name(&metric.name), OfferKind::Name, &detail_of(metric));
                }
                for definition in &policy.definitions {
                    add(definition.name.clone(), OfferKind::Name, "definition");
                }
                let functions = Aggregate::NAMES.iter().map(|(name, _)| *name).chain(["p95"]);
                functions.for_each(|name| add(format!("{name}("), OfferKind::Function, "function"));
                let across = AcrossFunction::ALL.iter().map(|(_, name)| name);
                across.for_each(|name| add(format!("{name}("), OfferKind::Function, "across slices"));
            }
            "a dataset" => {
                policy.datasets.iter().for_each(|own| add(quoted(&own.name), OfferKind::Name, "dataset"));
            }
            "a dimension" => {
                policy.dimensions.iter().for_each(|own| add(quoted(&own.name), OfferKind::Name, "dimension"));
            }
            "a field" => {
                let fields = policy.metrics.iter().flat_map(|metric| &metric.fields);
                fields.for_each(|field| add(field.clone(), OfferKind::Name, "field"));
            }
            "one of the `references`" => {
                policy.references.iter().for_each(|own| add(quoted(&own.name), OfferKind::Name, "reference"));
            }
            "the value of a slice in quotes" => {
                let values = policy.dimensions.iter().flat_map(|dimension| &dimension.values);
                values.for_each(|value| add(format!("'{value}'"), OfferKind::Name, "slice"));
            }
            "a comparison such as '>='" => {
                [">=", "<=", ">", "<", "==", "!="].iter().for_each(|own| {
                    add((*own).to_owned(), OfferKind::Word, "comparison");
                });
            }
            "a change such as 'drops by at most'" => {
                CHANGES.iter().for_each(|own| add((*own).to_owned(), OfferKind::Word, "change"));
            }
            "minutes, hours, days or weeks" => {
                ["minutes", "hours", "days", "weeks"].iter().for_each(|own| {
                    add((*own).to_owned(), OfferKind::Unit, "duration");
                });
            }
            "'%'" => add("%".to_owned(), OfferKind::Unit, "unit"),
            word if word.chars().all(|c| c.is_ascii_lowercase()) => add(word.to_owned(), OfferKind::Word, "word"),
            _ => {}
        }
    }
    found
}

/// Returns the units that fit the last metric before a number, or all if it has none that is known.
fn units<'p>(policy: &'p Policy, before: &str) -> impl Iterator<Item = &'static str> + use<'p> {
    let words = before.split(|c: char| !c.is_alphanumeric() && c != '_');
    let metric = words.filter_map(|word| policy.metrics.iter().find(|metric| metric.name == word)).next_back();
    let fits = move |symbol: &&'static str| match metric {
        Some(metric) => Unit::by_symbol(symbol).is_some_and(|unit| metric.unit.dimension.fits(&unit.dimension())),
        None => true,
    };
    Unit::symbols().filter(fits)
}

fn detail_of(metric: &PolicyMetric) -> String {
    let unit = &metric.unit.symbol;
    if unit.is_empty() { "metric".to_owned() } else { format!("metric in {unit}") }
}

fn is_word(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphabetic() || c == '_') && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}

fn metric_name(name: &str) -> String {
    let is_path = !name.is_empty() && name.split('.').all(is_word);
    if is_path { name.to_owned() } else { format!("metric('{name}')") }
}

fn quoted(name: &str) -> String {
    if is_word(name) { name.to_owned() } else { format!("'{name}'") }
}

/// Returns a part of an expression as it is written in its scalar; `None` if it cannot be without changing the quotes of the scalar.
fn written(text: &str, spot: &ValueSpot) -> Option<String> {
    match spot.style {
        _ if text.chars().any(char::is_control) => None,
        NodeStyle::SingleQuoted => Some(text.replace('\'', "''")),
        NodeStyle::DoubleQuoted => (!text.contains(['"', '\\'])).then(|| text.to_owned()),
        NodeStyle::Literal | NodeStyle::Folded => Some(text.to_owned()),
        _ if spot.is_json => None,
        _ => (!text.contains([':', '#'])).then(|| text.to_owned()),
    }
}
