//! `datapath`: a place in a datastore; embedded in other documents, and a document of its own.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::{Value, json};

use super::common::{Reference, SpecVersion, Text};
use super::declaration::{Declaration, KindSignature};
use super::field::{Optional, Required};
use super::kind::KindName;
use super::roles::{DATASTORE, reference};

/// A place in a datastore: a path, a table or a query. It has no identity of its own.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "PascalCase")]
#[schemars(transform = one_location)]
pub struct Datapath {
    /// Version of the MLSpec specification that the document follows.
    #[serde(rename = "mlSpecVersion")]
    pub ml_spec_version: Optional<SpecVersion>,
    /// The kind of the document: `datapath`. Only for a datapath that is a document of its own.
    #[serde(rename = "kind")]
    pub kind: Optional<KindName>,
    /// The datastore, by name or id.
    pub data_store: Required<Reference>,
    /// Path below the datastore's root, without a leading `/` and without `..`. Exactly one of `RelativePath`, `Table` and
    /// `Query` is given.
    pub relative_path: Optional<Text>,
    /// A table of a database.
    pub table: Optional<Text>,
    /// A query over a database.
    pub query: Optional<Text>,
}

/// "Exactly one of RelativePath, Table, Query": if none is given, the first is missing; if several are, the later ones are rejected.
fn one_location(schema: &mut Schema) {
    let rule = "reference/datapath-incomplete";
    // Null and an empty string count as missing; a value of a wrong type is reported by the schema of its field.
    let is_given =
        |key: &str| json!({"required": [key], "properties": {key: {"not": {"type": "null"}, "minLength": 1}}});
    let given = ["RelativePath", "Table", "Query"].map(is_given);
    let refused = |key: &str, others: &[Value]| {
        let because = format!(
            "{key} is given in addition to another place; a datapath has exactly one of RelativePath, Table and Query"
        );
        json!({
            "if": {"anyOf": others},
            "then": {"properties": {key: {"not": {"type": "string", "minLength": 1}}}, "x-mlspec-rule": rule, "x-mlspec-message": because}
        })
    };
    schema.insert(
        "allOf".to_owned(),
        json!([
            {
                "if": {"not": {"anyOf": given}},
                "then": {
                    "required": ["RelativePath"],
                    "properties": {"RelativePath": {"type": "string", "minLength": 1}},
                    "x-mlspec-rule": rule
                }
            },
            refused("Table", &given[..1]),
            refused("Query", &given[..2]),
        ]),
    );
}

/// The location of data: a URI, or a datapath or dataflow as a mapping; read through its node.
#[derive(Clone, Copy, Debug, Default)]
pub struct Location;

impl<'de> Deserialize<'de> for Location {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_ignored_any(serde::de::IgnoredAny).map(|_| Self)
    }
}

impl JsonSchema for Location {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Location".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let datapath = generator.subschema_for::<Datapath>();
        let uri = generator.subschema_for::<super::common::Uri>();
        json_schema!({
            "type": ["string", "object"],
            "pattern": uri.get("pattern"),
            "patternErrorMessage": uri.get("patternErrorMessage"),
            "x-mlspec-rule": uri.get("x-mlspec-rule"),
            "examples": uri.get("examples"),
            "if": {"type": "object", "anyOf": [{"required": ["DataStore"]}, {"required": ["RelativePath"]}]},
            "then": datapath
        })
    }
}

/// How the kind is recognized, the roles of its fields, and the seed of a new document.
pub(super) const DECLARATION: Declaration = Declaration {
    since: "0.0.1",
    summary: "A place in a datastore: a path, a table or a query.",
    signature: KindSignature {
        own: &[],
        telling: &[&["DataStore", "RelativePath"]],
        everyday: &[&["DataStore", "Table|Query"]],
    },
    fields: &[reference(&["DataStore"], DATASTORE)],
    seed: || json!({}),
};
