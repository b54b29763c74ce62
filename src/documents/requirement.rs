//! Fields that some values of another field require.

use schemars::Schema;
use serde_json::{Value, json};

/// Adds to the schema of a document that `needed` is required if `field` has one of these values. `rule` reports it.
pub(super) fn require(schema: &mut Schema, field: &str, values: &[&str], needed: &str, rule: &str) {
    let condition = json!({
        "if": {"required": [field], "properties": {field: {"enum": values}}},
        "then": {
            "required": [needed],
            "properties": {needed: {"not": {"type": "null"}}},
            "x-mlspec-rule": rule,
            "x-mlspec-because": format!("/{field}")
        }
    });
    match schema.get_mut("allOf") {
        Some(Value::Array(conditions)) => conditions.push(condition),
        _ => drop(schema.insert("allOf".to_owned(), json!([condition]))),
    }
}
