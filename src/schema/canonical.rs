//! The canonical names of the keys of a document.
//!
//! A key that spells a field of the schema in another case style, by a synonym, or misspelled as in the text of the specification, stands
//! for that field. This is determined once, when a document is read; from then on its tree answers to the canonical names, so that the
//! schema, the types, the rules and the workspace all see the same document.

use std::collections::HashMap;
use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;

use super::generate;
use crate::documents::Kind;
use crate::documents::field::is_extension;
use crate::documents::newer::{SINCE, is_newest};
use crate::documents::spelling::{self, MISSPELT, letters};
use crate::yaml::{NodeId, Tree, as_no_field};

/// A key and the field that it stands for.
pub type CanonicalKey = (NodeId, &'static str);

/// Returns the keys of a document that are spelled differently from the schema of its kind, and the fields that they stand for. If a
/// mapping also has the field in its canonical spelling, the other key is not renamed, and is reported. A key that is called like a field
/// of a later version than that of the document stands for no field.
#[must_use]
pub fn canonical_keys(kind: Kind, tree: &Tree, root: NodeId) -> Vec<CanonicalKey> {
    let is_newest = is_newest(tree, root);
    let mut walk =
        Walk { shapes: shapes(kind), tree, is_newest, found: Vec::new(), through_aliases: FxHashSet::default() };
    walk.node(root, ROOT);
    walk.found
}

/// The index of a shape among those of its kind.
type ShapeId = u32;

const ROOT: ShapeId = 0;

/// What the schema says about the keys of a value, over all its alternatives.
#[derive(Default)]
struct Shape {
    /// The fields that the schema names. Those accepted without being suggested are synonyms.
    fields: FxHashMap<String, Field>,
    /// The canonical names by their letters, without case and separators.
    by_letters: FxHashMap<String, String>,
    /// Where a mapping may also be something else, the fields of which it must have one to be this.
    telling: Vec<String>,
    /// The values of a map with free names.
    values: Option<ShapeId>,
    /// The items of a list.
    items: Option<ShapeId>,
}

struct Field {
    shape: Option<ShapeId>,
    /// The field that this one is a synonym of.
    canonical: Option<&'static str>,
    /// What a key of this name is called in documents of earlier versions, which do not have the field.
    before: Option<String>,
}

impl Shape {
    /// Returns whether a mapping is what the shape describes.
    fn fits(&self, tree: &Tree, mapping: NodeId) -> bool {
        let stands_for =
            |key: &str| self.fields.get_key_value(key).map_or_else(|| self.meant(key), |(own, _)| Some(own));
        let is_telling = |key: &str| stands_for(key).is_some_and(|name| self.telling.iter().any(|own| own == name));
        self.telling.is_empty() || tree.entries(mapping).any(|entry| is_telling(tree.key_name(entry.key)))
    }

    /// Returns the field that a key not spelled like any field stands for.
    fn meant(&self, key: &str) -> Option<&str> {
        let own = |name: &str| self.fields.get_key_value(name).map(|(name, _)| name.as_str());
        let misspelt = || MISSPELT.iter().filter(|(wrong, _)| *wrong == key).find_map(|(_, name)| own(name));
        let same_words = || self.by_letters.get(&*letters(key)).map(String::as_str);
        misspelt().or_else(same_words).or_else(|| spelling::synonyms_of(key).find_map(own))
    }
}

/// Returns the shapes of a kind, compiled from its schema on first use.
fn shapes(kind: Kind) -> &'static [Shape] {
    static SHAPES: [OnceLock<Vec<Shape>>; Kind::ALL.len()] = [const { OnceLock::new() }; Kind::ALL.len()];
    SHAPES[kind as usize].get_or_init(|| {
        let schema = generate::current(kind);
        let mut compiler = Compiler { schema, shapes: Vec::new(), known: HashMap::new() };
        compiler.shape([schema]);
        compiler.shapes
    })
}

/// Compiles a schema to shapes. A shape combines all schemas that may apply to a value.
struct Compiler<'s> {
    schema: &'s Value,
    shapes: Vec<Shape>,
    known: HashMap<Vec<*const Value>, Option<ShapeId>>,
}

impl<'s> Compiler<'s> {
    /// Returns the shape of a value; `None` if nothing below it is named.
    fn shape(&mut self, schemas: impl IntoIterator<Item = &'s Value>) -> Option<ShapeId> {
        let mut parts = Vec::new();
        schemas.into_iter().for_each(|schema| self.parts(schema, &mut parts));
        let mut key: Vec<*const Value> = parts.iter().map(|part| std::ptr::from_ref(*part)).collect();
        key.sort_unstable();
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let says_something = |part: &&Value| {
            ["properties", "additionalProperties", "items"].iter().any(|keyword| part[keyword].is_object())
        };
        if !parts.iter().any(says_something) {
            self.known.insert(key, None);
            return None;
        }
        let id = ShapeId::try_from(self.shapes.len()).ok()?;
        self.shapes.push(Shape::default());
        self.known.insert(key, Some(id));
        let mut names: Vec<(&'s str, Vec<&'s Value>)> = Vec::new();
        for (name, property) in parts.iter().filter_map(|part| part["properties"].as_object()).flatten() {
            match names.iter_mut().find(|(known, _)| known == name) {
                Some((_, properties)) => properties.push(property),
                None => names.push((name, vec![property])),
            }
        }
        let is_offered =
            |properties: &[&Value]| !properties.iter().any(|property| property.get("doNotSuggest").is_some());
        let mut shape = Shape::default();
        for (name, properties) in &names {
            let offered = |other: &&str| names.iter().any(|(name, own)| name == other && is_offered(own));
            let canonical = if is_offered(properties) { None } else { spelling::synonyms_of(name).find(offered) };
            if canonical.is_none() {
                shape.by_letters.insert(letters(name).into_owned(), (*name).to_owned());
            }
            let below = self.shape(properties.iter().copied());
            let is_newer = properties.iter().any(|property| property.get(SINCE).is_some());
            let before = is_newer.then(|| as_no_field(name));
            shape.fields.insert((*name).to_owned(), Field { shape: below, canonical, before });
        }
        shape.telling = parts.iter().flat_map(|part| telling(part)).map(str::to_owned).collect();
        let below = |keyword: &str| {
            parts.iter().map(|part| &part[keyword]).filter(|below| below.is_object()).collect::<Vec<_>>()
        };
        shape.values = self.shape(below("additionalProperties"));
        shape.items = self.shape(below("items"));
        self.shapes[id as usize] = shape;
        Some(id)
    }

    /// Collects a schema, and everything that its references, alternatives and conditions lead to.
    fn parts(&self, schema: &'s Value, parts: &mut Vec<&'s Value>) {
        if parts.iter().any(|part| std::ptr::eq(*part, schema)) {
            return;
        }
        parts.push(schema);
        let reference = schema.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix('#'));
        let referred = reference.and_then(|pointer| self.schema.pointer(pointer));
        let listed = ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|keyword| schema.get(keyword)?.as_array());
        let conditional = ["then", "else"].into_iter().filter_map(|keyword| schema.get(keyword));
        for part in referred.into_iter().chain(listed.flatten()).chain(conditional) {
            self.parts(part, parts);
        }
    }
}

/// Returns the fields one of which a mapping must have for the rest of a schema to be about it.
fn telling(schema: &Value) -> Vec<&str> {
    let condition = &schema["if"];
    let alternatives = condition["anyOf"].as_array().filter(|_| condition["type"] == "object");
    alternatives.into_iter().flatten().filter_map(|one| one["required"][0].as_str()).collect()
}

struct Walk<'t> {
    shapes: &'static [Shape],
    tree: &'t Tree,
    /// Whether the document has all fields.
    is_newest: bool,
    found: Vec<CanonicalKey>,
    /// The nodes visited through an alias, and their shapes: once is enough.
    through_aliases: FxHashSet<(NodeId, ShapeId)>,
}

impl Walk<'_> {
    // The tree's depth limit bounds this recursion.
    fn node(&mut self, node: NodeId, id: ShapeId) {
        let Some(shape) = self.shapes.get(id as usize) else { return };
        let target = self.tree.resolve(node);
        if target != node && !self.through_aliases.insert((target, id)) {
            return;
        }
        if self.tree.is_mapping(target) && !shape.fits(self.tree, target) {
            return;
        }
        if self.tree.is_mapping(target) {
            self.mapping(target, shape);
        }
        for item in self.tree.items(target) {
            shape.items.into_iter().for_each(|items| self.node(*item, items));
        }
        // A single mapping instead of a list is read as its only item.
        if let (Some(items), true) =
            (shape.items, self.tree.is_mapping(target) && shape.fields.is_empty() && shape.values.is_none())
        {
            self.node(target, items);
        }
    }

    fn mapping(&mut self, mapping: NodeId, shape: &'static Shape) {
        let mut taken: Vec<&str> = Vec::new();
        for entry in self.tree.entries(mapping) {
            let key = self.tree.key_name(entry.key);
            let is_there = |name: &str| self.is_newest || shape.fields.get(name).is_none_or(|own| own.before.is_none());
            let below = match shape.fields.get(key) {
                Some(Field { before: Some(before), .. }) if !self.is_newest => {
                    self.found.push((entry.key, before));
                    None
                }
                Some(Field { shape, canonical: None, .. }) => *shape,
                Some(Field { shape: below, canonical: Some(name), .. }) => {
                    self.rename(mapping, entry.key, name, &mut taken);
                    *below
                }
                None => match shape.meant(key).filter(|name| is_there(name)) {
                    Some(name) => {
                        let is_renamed = self.rename(mapping, entry.key, name, &mut taken);
                        shape.fields.get(name).filter(|_| is_renamed).and_then(|field| field.shape)
                    }
                    None => shape.values.filter(|_| !is_extension(key)),
                },
            };
            below.into_iter().for_each(|below| self.node(entry.value, below));
        }
    }

    /// Records what a key stands for, unless another key of the mapping stands for that field.
    fn rename(&mut self, mapping: NodeId, key: NodeId, name: &'static str, taken: &mut Vec<&'static str>) -> bool {
        if taken.contains(&name) {
            return false;
        }
        // Each name is searched once, however many keys could stand for it.
        taken.push(name);
        let is_free = self.tree.get(mapping, name).is_none();
        if is_free {
            self.found.push((key, name));
        }
        is_free
    }
}
