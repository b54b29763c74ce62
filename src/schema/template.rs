//! New documents of a kind, generated from its schema: required values are filled in until the document is valid.

use jsonschema::error::ValidationErrorKind;
use serde_json::{Map, Value, json};

use super::generate::{file_name, generate};
use crate::documents::Kind;
use crate::yaml::edit::is_plain_string;

/// The most rounds of filling in requirements that appear once others are met; no schema nests deeper.
const MOST_ROUNDS: usize = 20;

/// Creates a minimal valid document of a kind, with a comment for each field.
#[must_use]
pub fn starter(kind: Kind) -> String {
    let schema = generate(kind);
    let document = completed(&schema, seed(kind));
    written(kind, &schema, &document)
}

/// Like [`starter`], with a name; `None` if documents of the kind have no name.
#[must_use]
pub fn starter_named(kind: Kind, name: &str) -> Option<String> {
    let schema = generate(kind);
    let mut document = completed(&schema, seed(kind));
    property(&schema, &schema, "name")?;
    document.as_object_mut()?.insert("name".to_owned(), name.into());
    Some(written(kind, &schema, &document))
}

/// Returns the document as text, with fields in the order of its schema.
fn written(kind: Kind, schema: &Value, document: &Value) -> String {
    let mut text =
        format!("# yaml-language-server: $schema={}/raw/main/schemas/{}\n", crate::HOMEPAGE, file_name(kind.name()));
    text.push_str(&format!("# {} All fields: {}/blob/main/spec/{kind}.md\n", kind.summary(), crate::HOMEPAGE));
    let mut ordered = Map::new();
    let in_schema_order = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    for (key, _) in in_schema_order {
        if let Some(value) = document.get(key) {
            ordered.insert(key.clone(), value.clone());
        }
    }
    write_mapping(&mut text, schema, schema, &ordered, 0);
    text
}

/// Returns the content of a new document of a kind before its schema is consulted.
fn seed(kind: Kind) -> Value {
    let mut seed = (kind.declaration().seed)();
    if let Some(seed) = seed.as_object_mut() {
        seed.insert("mlSpecVersion".to_owned(), kind.since().max("0.1.0").into());
        seed.insert("kind".to_owned(), kind.name().into());
    }
    seed
}

/// Adds required values until none is missing.
fn completed(schema: &Value, mut document: Value) -> Value {
    let Ok(validator) = jsonschema::options().offline().build(schema) else { return document };
    for _ in 0..MOST_ROUNDS {
        let missing: Vec<(String, String)> = validator
            .iter_errors(&document)
            .filter_map(|error| match error.kind() {
                ValidationErrorKind::Required { property } => {
                    Some((error.instance_path().as_str().to_owned(), property.as_str()?.to_owned()))
                }
                _ => None,
            })
            .collect();
        if missing.is_empty() {
            break;
        }
        for (path, key) in missing {
            let value = property(schema, schema_at(schema, schema, &path), &key)
                .map_or(json!("example"), |own| sample(schema, own));
            if let Some(object) = document.pointer_mut(&path).and_then(Value::as_object_mut) {
                object.insert(key, value);
            }
        }
    }
    document
}

/// Returns the schema that describes the value at a path of a document.
fn schema_at<'s>(root: &'s Value, schema: &'s Value, path: &str) -> &'s Value {
    path.split('/').skip(1).fold(schema, |schema, segment| {
        let schema = resolved(root, schema);
        property(root, schema, segment).or_else(|| schema.get("items")).unwrap_or(schema)
    })
}

fn property<'s>(root: &'s Value, schema: &'s Value, key: &str) -> Option<&'s Value> {
    let schema = resolved(root, schema);
    let named = schema.get("properties").and_then(|properties| properties.get(key));
    named.or_else(|| schema.get("additionalProperties").filter(|other| other.is_object()))
}

fn resolved<'s>(root: &'s Value, schema: &'s Value) -> &'s Value {
    let target =
        schema.get("$ref").and_then(Value::as_str).and_then(|reference| root.pointer(reference.strip_prefix('#')?));
    target.unwrap_or(schema)
}

/// Creates a value that a schema allows and that is easy to edit.
pub(super) fn sample(root: &Value, schema: &Value) -> Value {
    let first =
        |keyword: &str| schema.get(keyword).and_then(Value::as_array).and_then(|values| values.first()).cloned();
    if let Some(value) = first("examples").or_else(|| first("enum")).or_else(|| schema.get("const").cloned()) {
        return value;
    }
    let schema = resolved(root, schema);
    let types = match schema.get("type") {
        Some(Value::Array(types)) => types.first().and_then(Value::as_str),
        other => other.and_then(Value::as_str),
    };
    match types {
        Some("array") => json!([schema.get("items").map_or(json!("example"), |items| sample(root, items))]),
        Some("object") => json!({}),
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or(json!(1)),
        Some("boolean") => json!(false),
        _ => json!("credit-default"),
    }
}

fn write_mapping(text: &mut String, root: &Value, schema: &Value, object: &Map<String, Value>, indent: usize) {
    for (key, value) in object {
        let own = property(root, schema, key);
        let description = own.and_then(|own| own.get("description")).and_then(Value::as_str).unwrap_or("");
        write_entry(text, root, own.unwrap_or(&Value::Null), key, value, description, indent);
    }
}

fn write_entry(
    text: &mut String,
    root: &Value,
    schema: &Value,
    key: &str,
    value: &Value,
    description: &str,
    indent: usize,
) {
    let pad = " ".repeat(indent);
    let comment = match description.split_once(". ").map_or(description, |(first, _)| first).trim_end_matches('.') {
        "" => String::new(),
        sentence => format!("  # {}", sentence.replace('\n', " ")),
    };
    match value {
        Value::Object(object) if !object.is_empty() => {
            text.push_str(&format!("{pad}{key}:{comment}\n"));
            write_mapping(text, root, schema, object, indent + 2);
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            text.push_str(&format!("{pad}{key}:{comment}\n"));
            let item_schema = resolved(root, schema).get("items").unwrap_or(&Value::Null);
            for item in items.iter().filter_map(Value::as_object) {
                let mut entry = String::new();
                write_mapping(&mut entry, root, item_schema, item, indent + 4);
                let dash = format!("{pad}  - ");
                text.push_str(&dash);
                text.push_str(entry.get(dash.len()..).unwrap_or(""));
            }
        }
        value => text.push_str(&format!("{pad}{key}: {}{comment}\n", scalar(value))),
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) if is_plain_string(text) => text.clone(),
        Value::Array(items) => format!("[{}]", items.iter().map(scalar).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}
