//! What a document of objectives declares for its expressions: metrics, definitions, datasets and dimensions.

use super::expression::{NameUse, Role, uses};
use super::{Form, Found, NamedPlace, Renamable, place_of};
use crate::documents::{Document, Kind};
use crate::ide::touches;
use crate::objectives::policy::Policy;
use crate::text::Span;
use crate::workspace::Member;
use crate::yaml::ScalarMap;

/// The mappings whose keys are names in expressions, and what they name.
const DECLARED: [(&str, Role); 5] = [
    ("metrics", Role::Value),
    ("definitions", Role::Value),
    ("datasets", Role::Dataset),
    ("dimensions", Role::Dimension),
    ("references", Role::Reference),
];

/// Returns the declared name at a place, where it is declared or used, with all its places.
pub(super) fn find(member: &Member, offset: u32) -> Option<Found> {
    if member.kind != Kind::Objectives {
        return None;
    }
    let Some(Document::Objectives(document)) = member.typed() else { return None };
    let tree = &member.tree;
    let (policy, _) = Policy::of(document, tree);
    let mut places: Vec<(Role, String, NamedPlace)> = Vec::new();
    for (section, role) in DECLARED {
        let Some(mapping) = tree.find(member.root, &[section]) else { continue };
        for entry in tree.entries(mapping) {
            let name = tree.key_name(entry.key);
            places.push((role, name.to_owned(), place_of(member, entry.key, name)?));
        }
    }
    let demands = policy.demands().filter_map(|(_, demand)| Some((demand.node, demand.expression.as_ref()?)));
    let definitions = policy.definitions.iter().filter_map(|own| Some((own.node, own.expression.as_ref()?)));
    for (node, expression) in demands.chain(definitions) {
        let text = tree.text(node)?;
        let map = ScalarMap::of(tree, node)?;
        for NameUse { role, name, span } in uses(expression) {
            let written = text.get(span.range())?;
            let is_quoted = written.starts_with(['\'', '"']);
            let inner = if is_quoted { Span::new(span.start + 1, span.end.saturating_sub(1)) } else { span };
            let inner = match is_quoted {
                // A path such as `latency.p95` begins with the name of the metric.
                false => Span::new(inner.start, inner.start + crate::text::offset(name.len()).min(inner.len())),
                true => inner,
            };
            let place = map.span(inner);
            // Where escapes or folding stand in a name, it is not written as it is said.
            if tree.source().slice(place) != name || text.get(inner.range()) != Some(&name) {
                return None;
            }
            let form = if is_quoted { Form::Text } else { Form::Word };
            places.push((role, name, NamedPlace { file: member.file().to_owned(), span: place, form }));
        }
    }
    let (role, name, here) = places.iter().find(|(.., place)| touches(place.span, offset)).cloned()?;
    let is_declared = DECLARED.iter().any(|(section, own)| {
        *own == role && tree.find(member.root, &[section]).is_some_and(|mapping| tree.get(mapping, &name).is_some())
    });
    let same = places.into_iter().filter(|(own, other, _)| *own == role && *other == name);
    is_declared.then(|| Found {
        here: Renamable { span: here.span, name: name.clone() },
        places: same.map(|(.., place)| place).collect(),
    })
}
