//! The predicate of an execution: by which definition the artifacts were made, of what, and by whom.
//!
//! It is SLSA Provenance v1, field by field, without extensions: verifiers of provenance refuse fields that they do not know.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::StatementPredicate;

/// How artifacts were made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SlsaProvenance {
    /// What was to be executed, and of what.
    pub build_definition: BuildDefinition,
    /// What is special about this execution.
    pub run_details: RunDetails,
}

impl StatementPredicate for SlsaProvenance {
    const TYPE: &'static str = "https://slsa.dev/provenance/v1";
    const NOUN: &'static str = "statements of provenance";
    const STATEMENT: &'static str = "the provenance of a run";
}

/// "All of the information necessary to initialize the build."
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BuildDefinition {
    /// What the parameters mean, as the URI of a page that says so.
    pub build_type: String,
    /// What whoever started the execution decided.
    pub external_parameters: Map<String, Value>,
    /// What was decided for them, such as defaults.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub internal_parameters: Map<String, Value>,
    /// What was needed: the definition itself, code, data.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resolved_dependencies: Vec<Resource>,
}

/// "Details specific to this particular execution of the build."
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunDetails {
    /// Who executed it.
    pub builder: Builder,
    /// Which execution it was, and when.
    #[serde(default)]
    pub metadata: RunMetadata,
    /// What else came of it: the records from which this is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub byproducts: Vec<Resource>,
}

/// The platform that is trusted to have executed what is said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Builder {
    /// Its URI.
    pub id: String,
}

/// Which execution it was, and when.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunMetadata {
    /// The id of the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invocation_id: Option<String>,
    /// When it started (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_on: Option<String>,
    /// When it ended (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_on: Option<String>,
}

/// Something by name, address and content: a `ResourceDescriptor` of in-toto. What is not known is left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Resource {
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// The digests of its content by algorithm.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub digest: BTreeMap<String, String>,
    /// What else is known of it.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub annotations: Map<String, Value>,
}

impl Resource {
    /// Returns its SHA-256, if it is known.
    #[must_use]
    pub fn sha256(&self) -> Option<&str> {
        self.digest.get("sha256").map(String::as_str)
    }
}
