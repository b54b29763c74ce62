//! Validation of documents against the schema of their kind.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{Registry, ValidationError, Validator};
use serde_json::{Value, json};

pub use jsonschema::JsonType as ValueType;

use super::keywords::{Constraint, RULE, constraint};
use super::{generate, pattern};
use crate::documents::Kind;
use crate::yaml::json::{TreeJson, View};
use crate::yaml::{NodeId, Tree, pointer};

/// A constraint of a schema that a value violates.
#[derive(Debug)]
pub struct Violation {
    /// The value.
    pub node: NodeId,
    /// The aliases that lead to it.
    pub aliases: Vec<NodeId>,
    /// The violated demand.
    pub demand: SchemaDemand,
    /// The schema's annotations of the constraint.
    pub constraint: Constraint<'static>,
}

/// What a schema demands of a value.
#[derive(Debug)]
pub enum SchemaDemand {
    /// Only the keys that the schema names; these are present.
    KnownKeys(Vec<String>),
    /// This key.
    Key(String),
    /// One of these types; null is left out.
    Type(Vec<ValueType>),
    /// Exactly this value.
    Constant(Arc<Value>),
    /// One of these values.
    OneOf(Arc<Value>),
    /// At least one character.
    NotEmpty,
    /// The form described by a regular expression.
    Pattern,
    /// At most this many characters.
    Length(u64),
    /// At least this number.
    Minimum(Value),
    /// At most this number.
    Maximum(Value),
    /// More than this number.
    Above(Value),
    /// Less than this number.
    Below(Value),
    /// At least this many items.
    MinItems(u64),
    /// At most this many items.
    MaxItems(u64),
    /// At least this many entries.
    MinEntries(u64),
    /// No duplicate items.
    DistinctItems,
    /// None of these keys together: the first is the canonical spelling of the others.
    OneSpelling(Vec<String>),
    /// Something else.
    Other,
}

/// The types of a value that may be anything, but must be there.
const NOT_NULL: [ValueType; 5] =
    [ValueType::String, ValueType::Number, ValueType::Boolean, ValueType::Array, ValueType::Object];

impl SchemaDemand {
    fn of(kind: &ValidationErrorKind) -> Self {
        match kind {
            ValidationErrorKind::AdditionalProperties { unexpected } => Self::KnownKeys(unexpected.clone()),
            ValidationErrorKind::Required { property } => {
                Self::Key(property.as_str().map_or_else(String::new, str::to_owned))
            }
            ValidationErrorKind::Type { kind: TypeKind::Single(single) } => Self::Type(vec![*single]),
            ValidationErrorKind::Type { kind: TypeKind::Multiple(several) } => {
                Self::Type(several.iter().filter(|kind| *kind != ValueType::Null).collect())
            }
            ValidationErrorKind::Constant { expected_value } => Self::Constant(Arc::clone(expected_value)),
            ValidationErrorKind::Enum { options } => Self::OneOf(Arc::clone(options)),
            ValidationErrorKind::MinLength { .. } => Self::NotEmpty,
            ValidationErrorKind::Custom { keyword, .. } if keyword == pattern::KEYWORD => Self::Pattern,
            ValidationErrorKind::MaxLength { limit } => Self::Length(*limit),
            ValidationErrorKind::Minimum { limit } => Self::Minimum(limit.clone()),
            ValidationErrorKind::Maximum { limit } => Self::Maximum(limit.clone()),
            ValidationErrorKind::ExclusiveMinimum { limit } => Self::Above(limit.clone()),
            ValidationErrorKind::ExclusiveMaximum { limit } => Self::Below(limit.clone()),
            ValidationErrorKind::MinItems { limit } => Self::MinItems(*limit),
            ValidationErrorKind::MaxItems { limit } => Self::MaxItems(*limit),
            ValidationErrorKind::MinProperties { limit } => Self::MinEntries(*limit),
            ValidationErrorKind::UniqueItems => Self::DistinctItems,
            ValidationErrorKind::Not { schema } => match schema.get("required").and_then(Value::as_array) {
                Some(keys) => Self::OneSpelling(keys.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
                None if schema.get("type").is_some_and(|name| name == "null") => Self::Type(NOT_NULL.to_vec()),
                None => Self::Other,
            },
            _ => Self::Other,
        }
    }
}

/// A schema, compiled for trees.
struct Compiled {
    schema: &'static Value,
    validator: Option<Validator<TreeJson>>,
    /// Names of properties that some object of the schema requires, always or conditionally; collected on first use.
    required: OnceLock<BTreeSet<String>>,
    /// Names of properties that are dates; collected on first use.
    dates: OnceLock<BTreeSet<String>>,
}

/// Returns the schema of a kind, compiled once on first use.
fn compiled(kind: Kind) -> &'static Compiled {
    static COMPILED: [OnceLock<Compiled>; Kind::ALL.len()] = [const { OnceLock::new() }; Kind::ALL.len()];
    COMPILED[kind as usize].get_or_init(|| {
        let schema = generate::current(kind);
        // A schema that does not compile is a defect that `every_schema_is_valid_and_compiles` finds.
        Compiled { validator: validator(schema), schema, required: OnceLock::new(), dates: OnceLock::new() }
    })
}

/// Returns the schema of a kind, as documents are validated against it.
#[must_use]
pub fn schema_of(kind: Kind) -> &'static Value {
    compiled(kind).schema
}

/// The dialect with the smallest meta-schema.
pub(super) const SMALLEST_DIALECT: &str = "http://json-schema.org/draft-04/schema#";

/// Compiles a schema without validating it first, which a test does and which would take a third of the time of a small
/// file: only the schema passed for compilation is validated against the meta-schema of its dialect, not those that it refers to.
fn validator(schema: &Value) -> Option<Validator<TreeJson>> {
    let id = schema.get("$id")?.as_str()?;
    let registry = Registry::new().add(id, schema).ok()?.prepare().ok()?;
    let reference = json!({"$schema": SMALLEST_DIALECT, "$ref": id});
    let options = jsonschema::options_for::<TreeJson>().offline().with_registry(&registry);
    options.with_keyword(pattern::KEYWORD, pattern::keyword).build(&reference).ok()
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

/// Returns the names of the properties that documents of a kind must have somewhere.
#[must_use]
pub fn required_names(kind: Kind) -> &'static BTreeSet<String> {
    let compiled = compiled(kind);
    compiled.required.get_or_init(|| {
        let mut names = BTreeSet::new();
        collect_required(compiled.schema, &mut names);
        names
    })
}

fn collect_dates(value: &Value, names: &mut BTreeSet<String>) {
    let is_date = |property: &Value| property[RULE]["pattern"] == "document/invalid-timestamp";
    match value {
        Value::Object(object) => {
            let properties = object.get("properties").and_then(Value::as_object);
            let dates = properties.into_iter().flatten().filter(|(_, property)| is_date(property));
            names.extend(dates.map(|(name, _)| name.clone()));
            object.values().for_each(|value| collect_dates(value, names));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_dates(item, names)),
        _ => {}
    }
}

/// Returns the names of the properties of documents of a kind that are dates.
#[must_use]
pub fn date_names(kind: Kind) -> &'static BTreeSet<String> {
    let compiled = compiled(kind);
    compiled.dates.get_or_init(|| {
        let mut names = BTreeSet::new();
        collect_dates(compiled.schema, &mut names);
        names
    })
}

/// Returns whether the schema of its kind allows a document.
#[must_use]
pub fn is_valid(kind: Kind, tree: &Tree, root: NodeId) -> bool {
    compiled(kind).validator.as_ref().is_none_or(|validator| validator.is_valid(View::new(tree, root)))
}

/// The most values of a document that are looked at to say what is wrong with them: a violation takes a hundred times the memory of a small
/// value.
const MOST_EXPLAINED: usize = 100_000;

/// Calls `found` with the violations of the schema of its kind in a document, in the order of the schema. Returns whether they are all: of a
/// document with very many values, only the first of long lists are looked at, or if nothing is wrong with these, the first violation.
pub fn violations(kind: Kind, tree: &Tree, root: NodeId, mut found: impl FnMut(Violation)) -> bool {
    let compiled = compiled(kind);
    let Some(validator) = &compiled.validator else { return true };
    let excerpt = tree.excerpt(root, MOST_EXPLAINED, |name| required_names(kind).contains(name));
    let mut is_any = false;
    for error in validator.iter_errors(View::new(excerpt.as_ref().unwrap_or(tree), root)) {
        if let Some(violation) = violation(compiled.schema, tree, root, &error) {
            is_any = true;
            found(violation);
        }
    }
    if excerpt.is_none() {
        return true;
    }
    if !is_any && let Err(error) = validator.validate(View::new(tree, root)) {
        violation(compiled.schema, tree, root, &error).into_iter().for_each(found);
    }
    false
}

fn violation(schema: &'static Value, tree: &Tree, root: NodeId, error: &ValidationError<'_>) -> Option<Violation> {
    let (node, aliases) = pointer::follow(tree, root, error.instance_path().as_str())?;
    let demand = SchemaDemand::of(error.kind());
    let detail = match &demand {
        SchemaDemand::Key(name) => Some(name.as_str()),
        _ => None,
    };
    let constraint = constraint(schema, error.schema_path().as_str(), detail);
    Some(Violation { node, aliases, demand, constraint })
}

/// Returns whether a value satisfies the constraints of one schema; references to others are not followed.
#[must_use]
pub fn allows(schema: &Value, value: &Value) -> bool {
    schema.get("$ref").is_none()
        && jsonschema::options().offline().build(schema).is_ok_and(|schema| schema.is_valid(value))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::text::Source;
    use crate::yaml::{Framing, Limits, parse};

    /// Returns how many violations are looked at, and whether these are all.
    fn counted(tags: &str) -> (usize, bool) {
        let text = format!("kind: run\nmlSpecVersion: 0.1.0\nname: a\nstatus: completed\ntags: [{tags}]\n");
        let tree = parse(Arc::new(Source::new("a.yml", text)), Limits::default(), Framing::Stream);
        let mut count = 0;
        let is_whole = violations(Kind::Run, &tree, tree.documents()[0].root.unwrap(), |_| count += 1);
        (count, is_whole)
    }

    #[test]
    fn violations_of_a_long_document_do_not_fill_the_memory() {
        let wrong = |count: usize| vec!["5"; count].join(", ");
        assert_eq!(counted(&wrong(5_000)), (5_001, true));
        let (count, is_whole) = counted(&wrong(150_000));
        assert!((1_000..=MOST_EXPLAINED).contains(&count) && !is_whole, "{count}");
        // What is wrong far behind is not hidden by what is right before it.
        let right = vec!["{key: a, value: b}"; 60_000].join(", ");
        let text = format!("{right}, 5");
        let (count, is_whole) = counted(&text);
        assert!(count >= 1 && !is_whole, "{count}");
    }
}
