//! The least value that a field must have for its document to fit its schema there.

use serde_json::{Map, Value, json};

use super::at::PathStep;
use super::likely::likely_at;
use super::{SchemaDemand, violations};
use crate::documents::Kind;
use crate::text::Source;
use crate::yaml::{Framing, Limits, NodeId, Tree, parse, pointer};

/// The most rounds of adding what a value lacks; no schema nests deeper.
const MOST_ROUNDS: usize = 12;

/// The most entries of a mapping that are kept in what stands around a value: as many as the schemas have fields, several times over.
const MOST_AROUND: usize = 300;
/// The longest text that is kept, in bytes. No condition of a schema is about a longer one.
const LONGEST_AROUND: usize = 256;

/// What stands around a place of a document, as far as a schema can ask for it there: on the way from the root, the scalars of each mapping,
/// and of its lists and mappings that they are there. It takes no more time or memory than the mappings on the way are long.
#[derive(Clone, Debug)]
pub struct Around {
    kind: Kind,
    document: Value,
    /// The JSON pointer (RFC 6901) of the place.
    pointer: String,
}

impl Around {
    /// Returns what stands around a node of a document of a kind. The entry of a key that is only being typed is left out.
    #[must_use]
    pub fn of(kind: Kind, tree: &Tree, node: NodeId, without: Option<NodeId>) -> Self {
        let mut way = vec![node];
        while let Some(parent) = way.last().and_then(|last| tree.parent(*last)) {
            way.push(parent);
        }
        let mut pointer = String::new();
        let mut value = alone(tree, node, without);
        for pair in way.windows(2) {
            let [below, above] = pair else { continue };
            let name = tree.key_of(*below).map(|key| tree.field_name(key));
            pointer = match name {
                Some(name) => format!("/{}{pointer}", pointer::escape(name)),
                None => format!("/0{pointer}"),
            };
            value = match name {
                Some(name) => beside(tree, *above, name, value, None),
                None => json!([value]),
            };
        }
        Self { kind, document: value, pointer }
    }

    /// Returns the least value that a field of the mapping here can have, and whether there is one: `None` if the schema allows no such field
    /// beside the others, or knows no value for it.
    #[must_use]
    pub fn least_field(&self, path: &[PathStep], field: &str) -> Option<Value> {
        let mut path = path.to_vec();
        path.push(PathStep::Field(field.to_owned()));
        let place = format!("{}/{}", self.pointer, pointer::escape(field));
        let first = likely_at(self.kind, &path).into_iter().find_map(|sample| self.completed(&place, field, sample));
        first.or_else(|| self.completed(&place, field, json!("example")))
    }

    /// Returns whether the schema allows a value here.
    #[must_use]
    pub fn allows(&self, value: &Value) -> bool {
        let mut document = self.document.clone();
        set(&mut document, &self.pointer, value.clone()) && faults(self.kind, &document, &self.pointer, "").is_empty()
    }

    /// Returns a value with all that it lacks.
    fn completed(&self, place: &str, field: &str, value: Value) -> Option<Value> {
        let mut document = self.document.clone();
        if document.pointer(&self.pointer).is_some_and(Value::is_null) {
            set(&mut document, &self.pointer, json!({}));
        }
        if !set(&mut document, place, value) {
            return None;
        }
        for _ in 0..MOST_ROUNDS {
            let found = faults(self.kind, &document, place, field);
            if found.is_empty() {
                return document.pointer(place).cloned();
            }
            let lacking: Vec<(String, String)> = found
                .into_iter()
                .filter_map(|(at, demand)| match demand {
                    SchemaDemand::Key(name) if at.starts_with(place) => Some((at, name)),
                    _ => None,
                })
                .collect();
            if lacking.is_empty() {
                return None;
            }
            for (at, name) in lacking {
                let mut path = steps_of(&document, &at);
                path.push(PathStep::Field(name.clone()));
                let value = likely_at(self.kind, &path).into_iter().next().unwrap_or_else(|| json!("example"));
                set(&mut document, &format!("{at}/{}", pointer::escape(&name)), value);
            }
        }
        None
    }
}

/// Returns a node without what is below it.
fn alone(tree: &Tree, node: NodeId, without: Option<NodeId>) -> Value {
    if tree.is_mapping(node) {
        return beside(tree, node, "", Value::Null, without);
    }
    match tree.is_sequence(node) {
        true => json!([]),
        false => scalar(tree, node),
    }
}

fn scalar(tree: &Tree, node: NodeId) -> Value {
    match tree.text(node) {
        Some(text) if text.len() > LONGEST_AROUND => "long".into(),
        _ => crate::yaml::json::to_value(tree, node),
    }
}

/// Returns a mapping with what its entries are, one of which is known.
fn beside(tree: &Tree, mapping: NodeId, name: &str, value: Value, without: Option<NodeId>) -> Value {
    let mut map = Map::new();
    for entry in tree.entries(mapping).filter(|entry| Some(entry.key) != without).take(MOST_AROUND) {
        let own = tree.field_name(entry.key);
        let beside = match entry.value {
            node if tree.is_mapping(node) => json!({}),
            node if tree.is_sequence(node) => json!([]),
            node => scalar(tree, node),
        };
        map.insert(own.to_owned(), beside);
    }
    if !name.is_empty() {
        map.insert(name.to_owned(), value);
    }
    Value::Object(map)
}

/// Sets the value at a place whose parent is there. Returns whether it is.
fn set(document: &mut Value, place: &str, value: Value) -> bool {
    let Some((parent, last)) = place.rsplit_once('/') else {
        *document = value;
        return true;
    };
    let last = pointer::unescape(last);
    match document.pointer_mut(parent) {
        Some(Value::Object(object)) => {
            object.insert(last.into_owned(), value);
            true
        }
        Some(Value::Array(items)) => match last.parse::<usize>().ok().and_then(|at| items.get_mut(at)) {
            Some(item) => {
                *item = value;
                true
            }
            None => false,
        },
        _ => false,
    }
}

/// Returns what the schema demands of the value at a place, of what is below it, and of its field in the mapping that holds it.
fn faults(kind: Kind, document: &Value, place: &str, field: &str) -> Vec<(String, SchemaDemand)> {
    let tree = parse(std::sync::Arc::new(Source::new("", document.to_string())), Limits::default(), Framing::Stream);
    let Some(root) = tree.documents().first().and_then(|document| document.root) else { return Vec::new() };
    let above = place.rsplit_once('/').map_or("", |(above, _)| above);
    let mut found = Vec::new();
    violations(kind, &tree, root, |violation| {
        let at = pointer::of(&tree, violation.node);
        let is_below = at.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let is_about_field = at == above
            && !field.is_empty()
            && match &violation.demand {
                SchemaDemand::KnownKeys(names) | SchemaDemand::OneSpelling(names) => {
                    names.iter().any(|name| name == field)
                }
                SchemaDemand::Other => true,
                _ => false,
            };
        if is_below || is_about_field {
            found.push((at, violation.demand));
        }
    });
    found
}

/// Returns the way that a JSON pointer goes in a document.
fn steps_of(document: &Value, place: &str) -> Vec<PathStep> {
    let mut at = Some(document);
    let step = |segment: &str| {
        let segment = pointer::unescape(segment);
        let step = match at {
            Some(Value::Array(_)) => PathStep::Item(segment.parse().unwrap_or(0)),
            _ => PathStep::Field(segment.to_string()),
        };
        at = at.and_then(|value| match &step {
            PathStep::Item(index) => value.get(*index),
            PathStep::Field(name) => value.get(name),
        });
        step
    };
    place.split('/').skip(1).map(step).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::schema::at::{fields_at, path_to};

    fn tree(text: &str) -> Tree {
        parse(Arc::new(Source::new("a.yml", text)), Limits::default(), Framing::Stream)
    }

    /// Every field that a document of a kind can begin with has a value with which its schema finds nothing wrong there.
    #[test]
    fn every_field_of_every_kind_has_a_least_value() {
        let mut without = Vec::new();
        let mut count = 0;
        for kind in Kind::ALL {
            for version in ["0.1.0", "0.2.0"] {
                let tree = tree(&format!("mlSpecVersion: {version}\nkind: {kind}\n"));
                let root = tree.documents()[0].root.unwrap();
                let around = Around::of(*kind, &tree, root, None);
                for field in fields_at(*kind, &path_to(&tree, root)) {
                    match around.least_field(&[], field.name) {
                        Some(_) => count += 1,
                        None => without.push(format!("{kind} {version}: {}", field.name)),
                    }
                }
            }
        }
        // In earlier versions, later fields are none.
        without.retain(|own| own.contains("0.2.0"));
        assert!(count > 500, "{count}");
        assert_eq!(without, [""; 0]);
    }

    #[test]
    fn what_is_required_below_is_filled_in() {
        let tree = tree("mlSpecVersion: 0.1.0\nkind: run\n");
        let around = Around::of(Kind::Run, &tree, tree.documents()[0].root.unwrap(), None);
        let metrics = around.least_field(&[], "metrics").unwrap();
        assert!(metrics[0].get("key").is_some() && metrics[0].get("value").is_some(), "{metrics}");
        assert_eq!(around.least_field(&[], "nothing"), None);
    }

    #[test]
    fn values_are_tried_where_they_stand() {
        let tree = tree("mlSpecVersion: 0.1.0\nkind: pipeline\nstage: x\n");
        let root = tree.documents()[0].root.unwrap();
        let around = Around::of(Kind::Pipeline, &tree, tree.find(root, &["stage"]).unwrap(), None);
        assert!(around.allows(&json!("draft")) && !around.allows(&json!("other")));
    }
}
