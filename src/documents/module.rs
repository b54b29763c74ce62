//! `module`: a reusable unit of computation.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::common::{Description, Name, ObjectId, Reference, SpecVersion, Status, Timestamp, Version};
use super::declaration::{Declaration, KindSignature};
use super::field::{List, Optional, Required};
use super::kind::Kind;
use super::kind::KindName;
use super::roles::{ReferenceRole, reference_as};

/// A reusable unit of computation and the list of its versions.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Module {
    /// Version of the MLSpec specification that the document follows.
    pub ml_spec_version: Optional<SpecVersion>,
    /// The kind of the document: `module`.
    pub kind: Optional<KindName>,
    /// Identifies the module permanently; never changes.
    pub id: Required<ObjectId>,
    /// Names the module among those that are not archived.
    pub name: Required<Name>,
    /// A description of what the module does.
    pub description: Optional<Description>,
    /// Whether the module may be used in new work.
    pub status: Required<Status>,
    /// When the module was created; never changes.
    pub created_utc: Required<Timestamp>,
    /// The published versions of the module.
    pub versions: Required<List<PublishedVersion>>,
}

/// A published version of a module.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PublishedVersion {
    /// Semantic version.
    pub version: Required<Version>,
    /// The id of the `module-version` document.
    pub id: Required<Reference>,
}

/// How the kind is recognized, the roles of its fields, and the seed of a new document.
pub(super) const DECLARATION: Declaration = Declaration {
    since: "0.0.1",
    summary: "A reusable unit of computation and the list of its versions.",
    signature: KindSignature {
        own: &[&["versions[].id", "versions[].version", "createdUtc", "status"]],
        telling: &[&["versions[].id", "createdUtc"]],
        everyday: &[&["versions[]", "createdUtc"], &["versions[].id", "id", "status"]],
    },
    fields: &[reference_as(&["versions", "*", "id"], &[Kind::ModuleVersion], ReferenceRole::ListedVersion)],
    seed: || json!({"versions": [{"version": "1.0.0", "id": "7c0f6f8e-3a50-4c3e-9d5b-0f4f4a7b1c22"}]}),
};
