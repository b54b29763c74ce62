//! Validation of a document against the schema of its kind, in place.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::Value;

use super::generate::generate;
use super::translate::Translator;
use crate::documents::Kind;
use crate::findings::Finding;
use crate::yaml::json::{TreeJson, View};
use crate::yaml::{NodeId, Tree};

/// A schema, compiled for trees.
struct Compiled {
    schema: Value,
    validator: Option<Validator<TreeJson>>,
    /// Names of properties that some object of the schema requires, always or under a condition.
    required: BTreeSet<String>,
}

/// The schema of a kind, generated and compiled once, when a document of that kind is first seen.
fn compiled(kind: Kind) -> &'static Compiled {
    static COMPILED: [OnceLock<Compiled>; Kind::ALL.len()] = [const { OnceLock::new() }; Kind::ALL.len()];
    COMPILED[kind as usize].get_or_init(|| {
        let schema = generate(kind);
        // A schema that does not compile is a defect that `every_schema_is_valid_and_compiles` finds.
        let validator = jsonschema::options_for::<TreeJson>().offline().build(&schema).ok();
        let mut required = BTreeSet::new();
        collect_required(&schema, &mut required);
        Compiled { schema, validator, required }
    })
}

fn collect_required(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            if let Some(Value::Array(required)) = object.get("required") {
                names.extend(required.iter().filter_map(Value::as_str).map(str::to_owned));
            }
            object.iter().filter(|(keyword, _)| *keyword != "if").for_each(|(_, value)| collect_required(value, names));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_required(item, names)),
        _ => {}
    }
}

/// The names of the properties that documents of a kind must have somewhere.
#[must_use]
pub fn required_names(kind: Kind) -> &'static BTreeSet<String> {
    &compiled(kind).required
}

/// Findings for everything in a document that the published schema of its kind does not allow; none exactly when it is valid.
#[must_use]
pub fn validate(kind: Kind, tree: &Tree, root: NodeId, document: u32) -> Vec<Finding> {
    let compiled = compiled(kind);
    let Some(validator) = &compiled.validator else { return Vec::new() };
    let view = View::new(tree, root);
    if validator.is_valid(view) {
        return Vec::new();
    }
    let mut translator = Translator::new(kind, &compiled.schema, tree, root, document);
    for error in validator.iter_errors(view) {
        translator.add(&error);
    }
    translator.finish()
}
