//! `module`: a reusable unit of computation.

use schemars::JsonSchema;
use serde::Deserialize;

use super::common::{Description, Name, ObjectId, Reference, SpecVersion, Status, Timestamp, Version};
use super::field::{List, Optional, Required};
use super::kind::KindName;

/// A reusable unit of computation and the list of its versions.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Module {
    /// Version of the MLSpec specification that the document follows.
    pub ml_spec_version: Optional<SpecVersion>,
    /// What the document is: `module`.
    pub kind: Optional<KindName>,
    /// Identifies the module for ever; never changes.
    pub id: Required<ObjectId>,
    /// Names the module among those that are not archived.
    pub name: Required<Name>,
    /// What the module does, in words.
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
