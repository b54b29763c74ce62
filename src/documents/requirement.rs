//! Fields that some values of another field require.

use schemars::Schema;
use serde_json::{Map, Value, json};

/// Adds to the schema of a document that `needed` is required if `field` has one of these values. `rule` reports it.
pub(super) fn require(schema: &mut Schema, field: &str, values: &[&str], needed: &str, rule: &str) {
    add(schema, field, values, needed, rule, Some(field));
}

/// Like [`require`], for the schema of a part of a document.
pub(super) fn require_within(schema: &mut Schema, field: &str, values: &[&str], needed: &str, rule: &str) {
    add(schema, field, values, needed, rule, None);
}

/// `because` is the field of the document that a finding shows as the reason.
fn add(schema: &mut Schema, field: &str, values: &[&str], needed: &str, rule: &str, because: Option<&str>) {
    let mut demand = Map::new();
    demand.insert("required".to_owned(), json!([needed]));
    demand.insert("properties".to_owned(), json!({needed: {"not": {"type": "null"}}}));
    demand.insert("x-mlspec-rule".to_owned(), rule.into());
    demand.extend(because.map(|path| ("x-mlspec-because".to_owned(), format!("/{path}").into())));
    let condition = json!({"if": {"required": [field], "properties": {field: {"enum": values}}}, "then": demand});
    match schema.get_mut("allOf") {
        Some(Value::Array(conditions)) => conditions.push(condition),
        _ => drop(schema.insert("allOf".to_owned(), json!([condition]))),
    }
}
