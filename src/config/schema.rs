//! The published schema of the settings, for completion and validation in editors.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::globs::Globs;
use super::settings::{RuleLevels, RuleNames, Settings, StatedReason};
use crate::diagnostics::Severity;
use crate::rules::page::summary;
use crate::rules::{self, Rule};

/// The possible levels of a rule; `None` is off.
pub(super) const LEVELS: &[(&str, Option<Severity>)] = &[
    ("off", None),
    ("info", Some(Severity::Info)),
    ("warning", Some(Severity::Warning)),
    ("error", Some(Severity::Error)),
];

/// Returns the JSON Schema of the settings. It follows draft 7, the newest that TOML editors (taplo, Even Better TOML) know well, and
/// has no references, so that they show every description.
#[must_use]
pub fn json_schema() -> Value {
    let settings = SchemaSettings::draft07().with(|settings| settings.inline_subschemas = true);
    let generated = settings.into_generator().into_root_schema_for::<Settings>().to_value();
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), "http://json-schema.org/draft-07/schema#".into());
    schema.insert("$id".to_owned(), format!("{}/raw/main/schemas/mlspec-lint.schema.json", crate::HOMEPAGE).into());
    schema.insert("title".to_owned(), "mlspec-lint settings".into());
    if let Value::Object(mut generated) = generated {
        generated.retain(|keyword, _| !schema.contains_key(keyword));
        schema.extend(generated);
    }
    Value::Object(schema)
}

/// Returns the schema of the lowest severity that makes a check fail.
pub(super) fn fail_on(_: &mut SchemaGenerator) -> Schema {
    choice([
        ("info", "Any finding makes a check fail."),
        ("warning", "Warnings and errors make a check fail."),
        ("error", "Errors make a check fail."),
    ])
}

/// Returns one of several strings, with descriptions where editors look for them: `enumDescriptions` in most, `x-taplo` in TOML editors.
fn choice(values: impl IntoIterator<Item = (impl Into<Value>, impl Into<Value>)>) -> Schema {
    let values = values.into_iter().map(|(value, description)| (value.into(), description.into()));
    let (values, descriptions): (Vec<Value>, Vec<Value>) = values.unzip();
    json_schema!({
        "type": "string",
        "enum": values,
        "enumDescriptions": descriptions,
        "x-taplo": {"docs": {"enumValues": descriptions}}
    })
}

impl JsonSchema for Globs {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Globs".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "array",
            "items": {
                "type": "string",
                "description": "A glob, relative to the folder of this file. Without a slash it matches at any depth; `*` stays in \
                                its folder, `**` does not; a folder matches everything in it.",
                "pattern": r"^\s*[^!\s]",
                "examples": ["data/**/*.yml", "*.generated.yml"]
            }
        })
    }
}

impl JsonSchema for RuleLevels {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "RuleLevels".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut properties = Map::new();
        for family in rules::families() {
            properties.insert(family.to_owned(), level_of_family(family));
            let members = rules::all().iter().filter(|rule| rule.family() == family);
            properties.extend(members.map(|rule| (rule.id.to_owned(), level_of_rule(rule))));
        }
        json_schema!({"type": "object", "properties": properties, "additionalProperties": false})
    }
}

fn level_of_family(family: &str) -> Value {
    let members: Vec<_> = rules::select(family).into_iter().map(|rule| rule.name()).collect();
    let description = format!("All rules of the family {family}: {}.", members.join(", "));
    json!({"description": description, "type": "string", "enum": level_names()})
}

fn level_of_rule(rule: &Rule) -> Value {
    json!({
        "description": summary(rule),
        "type": "string",
        "enum": level_names(),
        "default": rule.severity.name(),
        "x-taplo": {"links": {"key": rule.url()}}
    })
}

fn level_names() -> Vec<&'static str> {
    LEVELS.iter().map(|(name, _)| *name).collect()
}

impl JsonSchema for RuleNames {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "RuleNames".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let families =
            rules::families().into_iter().map(|family| (family, format!("All rules of the family {family}.")));
        let rules = rules::all().iter().map(|rule| (rule.id, summary(rule).to_owned()));
        json_schema!({"type": "array", "minItems": 1, "items": choice(families.chain(rules))})
    }
}

impl JsonSchema for StatedReason {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Reason".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": r"\S", "examples": ["migrating in Q3"]})
    }
}
