//! Values that a schema is likely to allow, for those who begin to write one.

use regex::Regex;
use serde_json::{Map, Value, json};

use super::at::{PathStep, schemas_at};
use super::schema_of;
use super::template::sample;
use crate::documents::Kind;

/// One text of each form that the patterns of the schemas ask for. A form that is not among them has no likely value.
const FORMS: [&str; 8] = [
    "example",
    "2026-08-22",
    "1.0.0",
    "8080",
    "25%",
    "1h",
    "https://example.com/a",
    "sha256:0000000000000000000000000000000000000000000000000000000000000000",
];

/// The most lists and mappings inside each other that are begun; schemas may hold themselves.
const MOST_DEPTH: usize = 6;

/// Returns values that may be allowed at a place, the likeliest first.
pub(super) fn likely_at(kind: Kind, path: &[PathStep]) -> Vec<Value> {
    let root = schema_of(kind);
    let mut values: Vec<Value> = Vec::new();
    for schema in schemas_at(kind, path) {
        let says_what = ["type", "enum", "const", "examples"].into_iter().any(|keyword| schema.get(keyword).is_some());
        if says_what {
            let own = likely(root, schema, 0);
            if !values.contains(&own) {
                values.push(own);
            }
        }
    }
    values
}

fn likely(root: &Value, schema: &Value, depth: usize) -> Value {
    if depth >= MOST_DEPTH {
        return json!({});
    }
    if ["examples", "enum", "const"].into_iter().any(|keyword| schema.get(keyword).is_some()) {
        return sample(root, schema);
    }
    let target = schema.get("$ref").and_then(Value::as_str).and_then(|own| root.pointer(own.strip_prefix('#')?));
    if let Some(target) = target {
        return likely(root, target, depth + 1);
    }
    let types: Vec<&str> = match schema.get("type") {
        Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).collect(),
        other => other.and_then(Value::as_str).into_iter().collect(),
    };
    let least = |keyword: &str| schema.get(keyword).and_then(Value::as_u64).unwrap_or(0);
    match types.first() {
        Some(&"array") => items(root, schema, least("minItems"), depth),
        Some(&"object") if least("minProperties") > 0 => {
            let other = schema.get("additionalProperties").filter(|other| other.is_object());
            let value = other.map_or(json!("example"), |other| likely(root, other, depth + 1));
            Value::Object(Map::from_iter([("name".to_owned(), value)]))
        }
        Some(&"string") => match schema.get("pattern").and_then(Value::as_str) {
            Some(pattern) => of_form(pattern, types.contains(&"integer")).unwrap_or_else(|| sample(root, schema)),
            None => sample(root, schema),
        },
        _ => sample(root, schema),
    }
}

/// Returns a list with as many items as it must have, and one at least; different ones where the schema lists them.
fn items(root: &Value, schema: &Value, least: u64, depth: usize) -> Value {
    let count = usize::try_from(least).unwrap_or(1).clamp(1, 8);
    let Some(items) = schema.get("items") else { return json!(["example"]) };
    let listed = items.get("enum").and_then(Value::as_array).map(|own| own.iter().filter(|own| !own.is_null()));
    let listed: Vec<Value> = listed.into_iter().flatten().take(count).cloned().collect();
    if listed.len() == count { listed.into() } else { vec![likely(root, items, depth + 1); count].into() }
}

/// Returns a text, or the number that it writes, that a pattern accepts.
fn of_form(pattern: &str, is_number_allowed: bool) -> Option<Value> {
    let pattern = Regex::new(pattern).ok()?;
    let text = FORMS.into_iter().find(|form| pattern.is_match(form))?;
    let number = text.parse::<u32>().ok().filter(|_| is_number_allowed);
    Some(number.map_or_else(|| text.into(), Value::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_lengths_and_lists_are_kept() {
        let at = |kind, field: &str| likely_at(kind, &[PathStep::Field(field.to_owned())]).remove(0);
        assert!(at(Kind::Dataset, "digest").as_str().unwrap().starts_with("sha256:"));
        assert_eq!(at(Kind::Model, "container_port"), 8080);
        assert_eq!(at(Kind::Profile, "fields"), json!({"name": {}}));
        let schema = json!({"type": "array", "minItems": 2, "items": {"enum": ["a", "b", "c"]}});
        assert_eq!(likely(&schema, &schema, 0), json!(["a", "b"]));
        // A schema that holds itself.
        let schema = json!({"type": "array", "items": {"$ref": "#"}});
        assert!(likely(&schema, &schema, 0).is_array());
    }
}
