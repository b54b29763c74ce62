//! Validation of a document against the schema of its kind, in place.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use jsonschema::{Registry, Validator};
use serde_json::{Value, json};

use super::generate;
use super::translate::Translator;
use crate::diagnostics::Finding;
use crate::documents::Kind;
use crate::yaml::json::{TreeJson, View};
use crate::yaml::{NodeId, Tree};

/// A schema, compiled for trees.
struct Compiled {
    schema: Value,
    validator: Option<Validator<TreeJson>>,
    /// Names of properties that some object of the schema requires, always or under a condition; collected when first asked for.
    required: OnceLock<BTreeSet<String>>,
}

/// The schema of a kind, compiled once, when a document of that kind is first seen.
fn compiled(kind: Kind) -> &'static Compiled {
    static COMPILED: [OnceLock<Compiled>; Kind::ALL.len()] = [const { OnceLock::new() }; Kind::ALL.len()];
    COMPILED[kind as usize].get_or_init(|| {
        let schema = generate::current(kind);
        // A schema that does not compile is a defect that `every_schema_is_valid_and_compiles` finds.
        Compiled { validator: validator(&schema), schema, required: OnceLock::new() }
    })
}

/// The dialect with the smallest meta-schema.
const SMALLEST_DIALECT: &str = "http://json-schema.org/draft-04/schema#";

/// Compiles a schema without proving first that it is one, which a test does and which would take a third of the time of a small
/// file: only the schema that is given for compilation is held to the meta-schema of its dialect, not those that it refers to.
fn validator(schema: &Value) -> Option<Validator<TreeJson>> {
    let id = schema.get("$id")?.as_str()?;
    let registry = Registry::new().add(id, schema).ok()?.prepare().ok()?;
    let reference = json!({"$schema": SMALLEST_DIALECT, "$ref": id});
    jsonschema::options_for::<TreeJson>().offline().with_registry(&registry).build(&reference).ok()
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
    let compiled = compiled(kind);
    compiled.required.get_or_init(|| {
        let mut names = BTreeSet::new();
        collect_required(&compiled.schema, &mut names);
        names
    })
}

/// Mappings with misspelt keys lie within each other at most as deep as the schemas go.
const MOST_ROUNDS: usize = 8;

/// Findings for everything in a document that the published schema of its kind does not allow; none exactly when it is valid.
#[must_use]
pub fn validate(kind: Kind, tree: &Tree, root: NodeId, document: u32) -> Vec<Finding> {
    let compiled = compiled(kind);
    let Some(validator) = &compiled.validator else { return Vec::new() };
    if validator.is_valid(View::new(tree, root)) {
        return Vec::new();
    }
    let mut translator = Translator::new(kind, &compiled.schema, tree, root, document);
    for error in validator.iter_errors(View::new(tree, root)) {
        translator.add(&error);
    }
    // What is in a misspelt field is only seen once the field is spelt as in the schema, and there can be others in it.
    for _ in 0..MOST_ROUNDS {
        let Some(view) = translator.respell() else { break };
        for error in validator.iter_errors(View::new(&view.tree, view.root)) {
            translator.add(&error);
        }
    }
    translator.finish()
}
