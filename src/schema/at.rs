//! What the schema of a kind says about one value of a document, by its place.

use serde_json::Value;

use super::schema_of;
use super::table::{is_synonym, singular};
use crate::documents::Kind;
use crate::yaml::{NodeId, Tree};

/// A step of the way from the root of a document to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathStep {
    /// The value of a field, by its canonical name.
    Field(String),
    /// The item of a list at this position.
    Item(usize),
}

/// A field that a mapping may have.
#[derive(Clone, Copy, Debug)]
pub struct KnownField {
    /// Its canonical name.
    pub name: &'static str,
    /// Its description, in Markdown; empty if there is none.
    pub description: &'static str,
    /// Whether the mapping must have it, whatever else it holds.
    pub is_required: bool,
    schema: &'static Value,
}

impl KnownField {
    /// Returns the type of its value in words, as the tables of fields have it: "list of strings".
    #[must_use]
    pub fn type_in_words(&self) -> String {
        singular(self.schema)
    }
}

/// A value that a field may have.
#[derive(Clone, Copy, Debug)]
pub struct KnownValue {
    /// The value, a scalar.
    pub value: &'static Value,
    /// What it means, in Markdown; empty if the schema does not say.
    pub description: &'static str,
    /// Whether it is one of the values that are allowed, and not merely an example.
    pub is_listed: bool,
}

/// Returns the way from the root of its document to a node, as it is written: aliases are not followed.
#[must_use]
pub fn path_to(tree: &Tree, node: NodeId) -> Vec<PathStep> {
    let mut path = Vec::new();
    let mut node = node;
    while let Some(parent) = tree.parent(node) {
        path.push(match tree.key_of(node) {
            Some(key) => PathStep::Field(tree.field_name(key).to_owned()),
            None => PathStep::Item(tree.index_of(node).unwrap_or(0) as usize),
        });
        node = parent;
    }
    path.reverse();
    path
}

/// Returns the fields of a mapping at a place, over all alternatives that the schema has for it, in the order of the schema. Synonyms, and
/// what nobody should begin with, are left out.
#[must_use]
pub fn fields_at(kind: Kind, path: &[PathStep]) -> Vec<KnownField> {
    let mut fields: Vec<KnownField> = Vec::new();
    for schema in schemas_at(kind, path) {
        let required = schema.get("required").and_then(Value::as_array);
        let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
        for (name, property) in properties.filter(|(_, property)| property.is_object()) {
            let is_suggested = property.get("doNotSuggest") != Some(&Value::Bool(true));
            let is_required = required.is_some_and(|names| names.iter().any(|own| own == name));
            if let Some(known) = fields.iter_mut().find(|field| field.name == name) {
                known.is_required |= is_required;
            } else if is_suggested && described(property) {
                let description = text_of(property, "description");
                fields.push(KnownField { name, description, is_required, schema: property });
            }
        }
    }
    fields
}

/// Returns the scalar values that the schema names for a place: those that are allowed, and examples.
#[must_use]
pub fn values_at(kind: Kind, path: &[PathStep]) -> Vec<KnownValue> {
    static BOOLEANS: [Value; 2] = [Value::Bool(true), Value::Bool(false)];
    let mut values: Vec<KnownValue> = Vec::new();
    let mut add = |value: &'static Value, description: &'static str, is_listed: bool| {
        let is_scalar = !value.is_object() && !value.is_array() && !value.is_null();
        if is_scalar && !is_synonym(description) && values.iter().all(|own| own.value != value) {
            values.push(KnownValue { value, description, is_listed });
        }
    };
    let schemas = schemas_at(kind, path);
    for schema in &schemas {
        let descriptions = schema.get("enumDescriptions").and_then(Value::as_array);
        for (at, value) in list_of(schema, "enum").enumerate() {
            let description = descriptions.and_then(|all| all.get(at)).and_then(Value::as_str).unwrap_or("");
            add(value, description, true);
        }
        schema.get("const").into_iter().for_each(|value| add(value, "", true));
        if types_of(schema).any(|name| name == "boolean") {
            BOOLEANS.iter().for_each(|value| add(value, "", true));
        }
    }
    for schema in schemas {
        list_of(schema, "examples").for_each(|value| add(value, "", false));
    }
    values
}

/// Returns the schemas of the value at a place, the alternatives of each behind it. Empty where the schema says nothing of the value.
pub(super) fn schemas_at(kind: Kind, path: &[PathStep]) -> Vec<&'static Value> {
    let root = schema_of(kind);
    let mut schemas = Vec::new();
    expand(root, root, &mut schemas);
    for step in path {
        let mut below = Vec::new();
        for schema in schemas {
            if let Some(schema) = below_of(schema, step) {
                expand(root, schema, &mut below);
            }
        }
        schemas = below;
    }
    schemas
}

fn below_of(schema: &'static Value, step: &PathStep) -> Option<&'static Value> {
    match step {
        PathStep::Field(name) => {
            let named = schema.get("properties").and_then(|properties| properties.get(name));
            named.or_else(|| schema.get("additionalProperties")).filter(|below| below.is_object())
        }
        PathStep::Item(_) => schema.get("items"),
    }
}

/// Adds a schema, and those that it refers to or applies under a condition. What a condition asks (`if`, `not`) is nothing that a value
/// may be.
fn expand(root: &'static Value, schema: &'static Value, found: &mut Vec<&'static Value>) {
    if !schema.is_object() || found.iter().any(|own| std::ptr::eq(*own, schema)) {
        return;
    }
    found.push(schema);
    let target = schema.get("$ref").and_then(Value::as_str).and_then(|own| root.pointer(own.strip_prefix('#')?));
    let branches = ["then", "else"].into_iter().filter_map(|keyword| schema.get(keyword));
    let alternatives = ["allOf", "anyOf", "oneOf"].into_iter().flat_map(|keyword| list_of(schema, keyword));
    target.into_iter().chain(branches).chain(alternatives).for_each(|below| expand(root, below, found));
}

/// Returns whether a schema says anything of a property beyond a condition on its value: those of conditions do not.
fn described(property: &Value) -> bool {
    ["description", "type", "$ref", "enum", "items"].into_iter().any(|keyword| property.get(keyword).is_some())
}

fn list_of(schema: &'static Value, keyword: &str) -> impl Iterator<Item = &'static Value> {
    schema.get(keyword).and_then(Value::as_array).into_iter().flatten()
}

fn types_of(schema: &'static Value) -> impl Iterator<Item = &'static str> {
    let one = schema.get("type").and_then(Value::as_str);
    one.into_iter().chain(list_of(schema, "type").filter_map(Value::as_str))
}

fn text_of(schema: &'static Value, keyword: &str) -> &'static str {
    schema.get(keyword).and_then(Value::as_str).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str) -> PathStep {
        PathStep::Field(name.to_owned())
    }

    #[test]
    fn fields_and_values_are_found_through_lists_maps_and_references() {
        let names = |kind, path: &[PathStep]| fields_at(kind, path).iter().map(|field| field.name).collect::<Vec<_>>();
        let root = names(Kind::Pipeline, &[]);
        assert!(root.contains(&"steps") && root.contains(&"name") && !root.contains(&"Name"), "{root:?}");
        let step = [field("steps"), field("train"), field("steps"), field("inner")];
        assert!(names(Kind::Pipeline, &step).contains(&"moduleName"));
        assert!(names(Kind::Run, &[field("metrics"), PathStep::Item(0)]).contains(&"value_type"));
        assert!(names(Kind::Run, &[field("nothing")]).is_empty());
        let values = values_at(Kind::Pipeline, &[field("stage")]);
        let texts: Vec<&str> = values.iter().filter_map(|own| own.value.as_str()).collect();
        assert_eq!(texts, ["draft", "published"]);
        assert!(values.iter().all(|own| own.is_listed && !own.description.is_empty()));
    }
}
