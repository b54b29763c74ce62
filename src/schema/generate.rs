//! From document types to published schemas (JSON Schema 2020-12).
//!
//! schemars generates the raw schema of a type; the passes here turn it into the schema for editors and the checker: closed objects,
//! required and nullable properties from the marks that [`Field`](crate::documents::Field) leaves, plain enumerations with
//! descriptions, accepted synonyms, and the schema's own name for `kind`.

use std::sync::OnceLock;

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::RULE;
use super::keywords::MESSAGE;
use crate::documents::Kind;
use crate::documents::common::patterns;
use crate::documents::field::{OPTIONAL_MARK, REQUIRED_MARK};
use crate::documents::kind::KIND_MARK;
use crate::documents::newer::{NEWEST, SINCE};
use crate::documents::spelling::{same_words, synonyms_of};

/// The dialect of the published schemas.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Returns the name of a schema's file.
#[must_use]
pub fn file_name(name: &str) -> String {
    format!("{name}.schema.json")
}

fn id(name: &str) -> String {
    format!("{}/raw/main/schemas/{}", crate::HOMEPAGE, file_name(name))
}

/// Adds the `$id` under which a schema is published, as its first key.
#[must_use]
pub fn identified(name: &str, schema: Value) -> Value {
    let Value::Object(mut schema) = schema else { return schema };
    let mut published = Map::new();
    schema.insert("$id".to_owned(), id(name).into());
    for keyword in ["$schema", "$id", "title", "description"] {
        published.extend(schema.shift_remove(keyword).map(|value| (keyword.to_owned(), value)));
    }
    published.extend(schema);
    Value::Object(published)
}

/// Returns the schema of one kind of document as built into a release, which takes a third of the time of generating it; a
/// test proves that both are equal. A debug build generates it, so that changes of a type take effect at once.
pub(super) fn current(kind: Kind) -> &'static Value {
    static SCHEMAS: [OnceLock<Value>; Kind::ALL.len()] = [const { OnceLock::new() }; Kind::ALL.len()];
    SCHEMAS[kind as usize].get_or_init(|| {
        #[cfg(not(debug_assertions))]
        if let Ok(schema) = serde_json::from_str(kind.published_schema()) {
            return schema;
        }
        generate(kind)
    })
}

/// Returns the schema of one kind of document.
#[must_use]
pub fn generate(kind: Kind) -> Value {
    let settings = SchemaSettings::draft2020_12();
    let mut schema = kind.raw_schema(settings.into_generator()).to_value();
    drop_embedded_metadata(&mut schema);
    walk(&mut schema, &mut |schema| {
        plain_enum(schema);
        own_kind(schema, kind);
        drop_number_formats(schema);
        blank_is_empty(schema);
        description_as_paragraphs(schema);
        describe_branches(schema);
    });
    for_each_type(&mut schema, &mut |definition| {
        required_from_marks(definition);
        closed(definition);
    });
    if kind.must_be_named() {
        newer_version(&mut schema, kind);
    }
    synonyms(&mut schema);
    nullable(&mut schema);
    without_newer_fields(&mut schema);
    titled(kind, schema)
}

/// Returns one schema for all kinds, which dispatches on `kind`.
#[must_use]
pub fn all_kinds() -> Value {
    let mut definitions = Map::new();
    let mut branches = Vec::new();
    for kind in Kind::ALL {
        let mut schema = generate(*kind);
        if let Some(object) = schema.as_object_mut() {
            object.shift_remove("$schema");
            object.shift_remove("$id");
        }
        let prefix = format!("#/$defs/{kind}/$defs/");
        walk(&mut schema, &mut |schema| {
            if let Some(Value::String(reference)) = schema.get_mut("$ref") {
                *reference = reference.replace("#/$defs/", &prefix);
            }
        });
        definitions.insert(kind.name().to_owned(), schema);
        branches.push(json!({
            "if": {"required": ["kind"], "properties": {"kind": {"const": kind.name()}}},
            "then": {"$ref": format!("#/$defs/{kind}")}
        }));
    }
    let names: Vec<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    let summaries: Vec<_> = Kind::ALL.iter().map(|kind| kind.summary()).collect();
    json!({
        "$schema": DIALECT,
        "$id": id("mlspec"),
        "title": "MLSpec document",
        "description": "Any MLSpec document; `kind` says which one.",
        "type": "object",
        "properties": {
            "kind": {
                "description": "The kind of the document.",
                "type": "string",
                "enum": names,
                "enumDescriptions": summaries
            }
        },
        "allOf": branches,
        "$defs": definitions
    })
}

fn titled(kind: Kind, schema: Value) -> Value {
    let Value::Object(mut schema) = schema else { return schema };
    schema.insert("$schema".to_owned(), DIALECT.into());
    schema.insert("title".to_owned(), format!("MLSpec {kind}").into());
    schema.insert("description".to_owned(), kind.summary().into());
    identified(kind.name(), Value::Object(schema))
}

/// Calls `visit` on a schema and on every schema inside it, the inner ones first.
fn walk(schema: &mut Value, visit: &mut impl FnMut(&mut Map<String, Value>)) {
    let Value::Object(object) = schema else { return };
    for (keyword, value) in object.iter_mut() {
        match keyword.as_str() {
            "properties" | "patternProperties" | "$defs" | "dependentSchemas" => {
                if let Value::Object(schemas) = value {
                    schemas.values_mut().for_each(|schema| walk(schema, visit));
                }
            }
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => {
                if let Value::Array(schemas) = value {
                    schemas.iter_mut().for_each(|schema| walk(schema, visit));
                }
            }
            "items" | "additionalProperties" | "if" | "then" | "else" | "not" | "contains" | "propertyNames" => {
                walk(value, visit)
            }
            _ => {}
        }
    }
    visit(object);
}

/// Calls `visit` on the schema of each type: the root and the definitions.
fn for_each_type(schema: &mut Value, visit: &mut impl FnMut(&mut Map<String, Value>)) {
    let Value::Object(root) = schema else { return };
    if let Some(Value::Object(definitions)) = root.get_mut("$defs") {
        definitions.values_mut().filter_map(Value::as_object_mut).for_each(&mut *visit);
    }
    visit(root);
}

/// schemars writes an enumeration with documented variants as `oneOf` constants: an `enum` with `enumDescriptions`
/// completes better and is reported in one line.
fn plain_enum(schema: &mut Map<String, Value>) {
    let Some(Value::Array(variants)) = schema.get("oneOf") else { return };
    let mut names = Vec::new();
    let mut descriptions = Vec::new();
    for variant in variants {
        let description = variant.get("description").cloned().unwrap_or_else(|| "".into());
        match (variant.get("const"), variant.get("enum")) {
            (Some(name), _) => {
                names.push(name.clone());
                descriptions.push(description);
            }
            (None, Some(Value::Array(several))) => {
                descriptions.extend(several.iter().map(|_| description.clone()));
                names.extend(several.iter().cloned());
            }
            _ => return,
        }
    }
    schema.shift_remove("oneOf");
    schema.insert("type".to_owned(), "string".into());
    schema.insert("enum".to_owned(), names.into());
    schema.insert("enumDescriptions".to_owned(), descriptions.into());
}

fn own_kind(schema: &mut Map<String, Value>, kind: Kind) {
    if schema.shift_remove(KIND_MARK).is_some() {
        schema.insert("enum".to_owned(), json!([kind.name()]));
    }
}

/// A document that is embedded in another one has neither kind nor version.
fn drop_embedded_metadata(schema: &mut Value) {
    let Some(Value::Object(definitions)) = schema.get_mut("$defs") else { return };
    for properties in
        definitions.values_mut().filter_map(|definition| definition.get_mut("properties")?.as_object_mut())
    {
        if properties.get("kind").is_some_and(|kind| kind.get(KIND_MARK).is_some()) {
            properties.shift_remove("kind");
            properties.shift_remove("mlSpecVersion");
        }
    }
}

/// Joins the lines of each paragraph: doc comments are wrapped, and editors show a line break as a new paragraph.
fn description_as_paragraphs(schema: &mut Map<String, Value>) {
    if let Some(Value::String(description)) = schema.get_mut("description") {
        let paragraphs: Vec<_> = description.split("\n\n").map(|paragraph| paragraph.replace('\n', " ")).collect();
        *description = paragraphs.join("\n\n");
    }
}

/// If a value has a type under a condition, editors show the description of that type unless the branch has its own: it gets that
/// of the field.
fn describe_branches(schema: &mut Map<String, Value>) {
    let Some(description) = schema.get("description").cloned() else { return };
    for branch in ["then", "else"] {
        if let Some(Value::Object(branch)) = schema.get_mut(branch)
            && branch.contains_key("$ref")
        {
            branch.entry("description").or_insert_with(|| description.clone());
        }
    }
}

/// schemars writes Rust's number types as formats, which validators do not know.
fn drop_number_formats(schema: &mut Map<String, Value>) {
    let is_number_format =
        |format: &str| matches!(format, "double" | "float") || format.starts_with("int") || format.starts_with("uint");
    if schema.get("format").and_then(Value::as_str).is_some_and(is_number_format) {
        schema.shift_remove("format");
    }
}

/// Text of nothing but blanks says as little as none.
fn blank_is_empty(schema: &mut Map<String, Value>) {
    if schema.get("minLength") != Some(&json!(1)) || schema.contains_key("pattern") {
        return;
    }
    schema.insert("pattern".to_owned(), patterns::NOT_BLANK.into());
    schema.insert("patternErrorMessage".to_owned(), "empty".into());
    if let Some(Value::Object(rules)) = schema.get_mut(RULE)
        && let Some(rule) = rules.get("minLength").cloned()
    {
        rules.insert("pattern".to_owned(), rule);
    }
}

fn required_from_marks(schema: &mut Map<String, Value>) {
    let Some(Value::Object(properties)) = schema.get_mut("properties") else { return };
    let mut required = Vec::new();
    for (name, property) in properties.iter_mut() {
        if property.as_object_mut().is_some_and(|property| property.shift_remove(REQUIRED_MARK).is_some()) {
            required.push(Value::from(name.as_str()));
        }
    }
    let version =
        required.iter().filter_map(Value::as_str).find(|name| matches!(*name, "mlSpecVersion" | "specVersion"));
    if let Some(version) = version {
        let rule = json!({format!("required/{version}"): "document/unsupported-version"});
        schema.insert("x-mlspec-rule".to_owned(), rule);
    }
    if !required.is_empty() {
        schema.insert("required".to_owned(), required.into());
    }
}

/// Keys that a type does not name are findings, except extensions (`x-…`).
fn closed(schema: &mut Map<String, Value>) {
    if schema.contains_key("properties") && !schema.contains_key("additionalProperties") {
        schema.insert("patternProperties".to_owned(), json!({"^x-": true}));
        schema.insert("additionalProperties".to_owned(), false.into());
    }
}

/// A kind has no documents of a version that is older than the kind.
fn newer_version(schema: &mut Value, kind: Kind) {
    if let Some(Value::Object(version)) = schema.pointer_mut("/properties/mlSpecVersion") {
        let since = kind.since();
        let (pattern, examples) = match since {
            "0.1.0" => ("^0\\.(1\\.(0|[1-9][0-9]*)|2\\.0)$", json!(["0.1.0", "0.2.0"])),
            _ => ("^0\\.2\\.0$", json!(["0.2.0"])),
        };
        let message = format!("not a version that has this kind of document; it came with {since}");
        version.insert("pattern".to_owned(), pattern.into());
        version.insert("patternErrorMessage".to_owned(), message.into());
        version.insert("examples".to_owned(), examples);
    }
}

/// Documents of earlier versions have none of the fields that came later.
fn without_newer_fields(schema: &mut Value) {
    let Some(Value::Object(mut without)) = without_newer(schema, schema, &mut Vec::new()) else { return };
    without.insert(RULE.to_owned(), "document/unknown-field".into());
    without.insert(MESSAGE.to_owned(), format!("this field came with version {NEWEST} of the specification").into());
    let is_newest = json!({"required": ["mlSpecVersion"], "properties": {"mlSpecVersion": {"const": NEWEST}}});
    let condition = json!({"if": {"not": is_newest}, "then": without});
    if let Some(Value::Array(all_of)) = schema.as_object_mut().map(|root| root.entry("allOf").or_insert(json!([]))) {
        all_of.push(condition);
    }
}

/// Returns a schema that allows a value none of the fields that came later; `None` if there are none.
fn without_newer<'s>(root: &'s Value, schema: &'s Value, within: &mut Vec<&'s str>) -> Option<Value> {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        if within.contains(&reference) {
            return None;
        }
        within.push(reference);
        let definition = reference.strip_prefix('#').and_then(|pointer| root.pointer(pointer));
        let found = definition.and_then(|definition| without_newer(root, definition, within));
        within.pop();
        return found;
    }
    let mut without = Map::new();
    let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    let newer: Map<String, Value> = properties
        .filter_map(|(name, property)| match property.get(SINCE) {
            Some(_) => Some((name.clone(), false.into())),
            None => Some((name.clone(), without_newer(root, property, within)?)),
        })
        .collect();
    if !newer.is_empty() {
        without.insert("properties".to_owned(), newer.into());
    }
    for keyword in ["items", "additionalProperties"] {
        let below = schema.get(keyword).and_then(|below| without_newer(root, below, within));
        without.extend(below.map(|below| (keyword.to_owned(), below)));
    }
    (!without.is_empty()).then(|| without.into())
}

/// Accepts the synonyms of `id`, `name`, `description` and `status` at the top level of a document, without suggesting them.
fn synonyms(schema: &mut Value) {
    let Value::Object(root) = schema else { return };
    let mut conditions = Vec::new();
    let required: Vec<String> = root
        .get("required")
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str).map(str::to_owned).collect())
        .unwrap_or_default();
    let Some(Value::Object(properties)) = root.get_mut("properties") else { return };
    for canonical in ["id", "name", "description", "status", "state"] {
        let Some(property) = properties.get(canonical).cloned() else { continue };
        let names: Vec<&str> = synonyms_of(canonical).filter(|name| !properties.contains_key(*name)).collect();
        for name in &names {
            let mut synonym = property.clone();
            if let Some(synonym) = synonym.as_object_mut() {
                synonym.insert("description".to_owned(), format!("Same as `{canonical}`.").into());
                synonym.insert("doNotSuggest".to_owned(), true.into());
                synonym.insert(OPTIONAL_MARK.to_owned(), true.into());
            }
            properties.insert((*name).to_owned(), synonym);
            if same_words(canonical, name) {
                conditions.push(json!({"not": {"required": [canonical, name]}, RULE: "document/duplicate-key"}));
            }
        }
        if required.iter().any(|name| name == canonical) {
            let given: Vec<_> = names.iter().map(|name| json!({"required": [name]})).collect();
            conditions.push(json!({"if": {"not": {"anyOf": given}}, "then": {"required": [canonical]}}));
        }
    }
    if !conditions.is_empty() {
        let keep = required.iter().filter(|name| synonyms_of(name).next().is_none());
        let keep: Vec<_> = keep.cloned().collect();
        root.insert("required".to_owned(), keep.into());
        if let Value::Array(all_of) = root.entry("allOf").or_insert_with(|| json!([])) {
            all_of.extend(conditions);
        }
    }
}

/// "The null of an optional field means that it is absent." Types that are referenced as optional accept null; a reference to one
/// of them that is not optional repeats the type it requires. No other reference does: an editor shows the description next to a
/// reference only if there is no constraint next to it.
fn nullable(schema: &mut Value) {
    walk(schema, &mut mark_branches);
    let mut optional = Vec::new();
    walk(schema, &mut |schema| {
        if schema.contains_key(OPTIONAL_MARK) {
            optional.extend(schema.get("$ref").and_then(Value::as_str).map(str::to_owned));
        }
    });
    let mut nullable = Vec::new();
    if let Some(Value::Object(definitions)) = schema.get_mut("$defs") {
        for (name, definition) in definitions.iter_mut() {
            let reference = format!("#/$defs/{name}");
            if let Some(definition) = definition.as_object_mut()
                && definition.get("type") == Some(&json!("object"))
                && optional.contains(&reference)
            {
                definition.insert("type".to_owned(), json!(["object", "null"]));
                nullable.push(reference);
            }
        }
    }
    walk(schema, &mut |schema| {
        let is_optional = schema.shift_remove(OPTIONAL_MARK).is_some();
        let is_mapping = schema.shift_remove(MAPPING_MARK).is_some();
        schema.shift_remove(REQUIRED_MARK);
        if is_optional {
            accept_null(schema);
        }
        let is_nullable =
            schema.get("$ref").and_then(Value::as_str).is_some_and(|name| nullable.iter().any(|other| other == name));
        if is_nullable && !is_optional && !is_mapping {
            schema.insert("type".to_owned(), "object".into());
        }
    });
}

/// Marks a reference that only mappings reach.
const MAPPING_MARK: &str = "x-mlspec-mapping";

/// Marks what is known in the branches of a condition: `if` the value is a mapping, `then` it is not null; and if a list may be
/// null, so may the single value instead of it (`else`).
fn mark_branches(schema: &mut Map<String, Value>) {
    let is_optional = schema.contains_key(OPTIONAL_MARK);
    let is_mapping = schema.get("if").and_then(|condition| condition.get("type")) == Some(&json!("object"));
    let mut mark = |branch: &str, mark: &str| {
        if let Some(Value::Object(branch)) = schema.get_mut(branch)
            && branch.contains_key("$ref")
        {
            branch.insert(mark.to_owned(), true.into());
        }
    };
    if is_mapping {
        mark("then", MAPPING_MARK);
    }
    if is_optional {
        mark("else", OPTIONAL_MARK);
    }
}

fn accept_null(schema: &mut Map<String, Value>) {
    match schema.get_mut("type") {
        Some(Value::Array(types)) if !types.contains(&json!("null")) => types.push("null".into()),
        Some(Value::String(own)) => {
            let own = own.clone();
            schema.insert("type".to_owned(), json!([own, "null"]));
        }
        _ => {}
    }
    if let Some(Value::Array(values)) = schema.get_mut("enum")
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
        if let Some(Value::Array(descriptions)) = schema.get_mut("enumDescriptions") {
            descriptions.push("Same as leaving the field out.".into());
        }
    }
    // One value or a list: the single value may be null.
    if let Some(Value::Object(other)) = schema.get_mut("else") {
        accept_null(other);
    }
}
