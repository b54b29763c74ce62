//! `module-version`: one immutable version of a module.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::common::{Description, Name, ObjectId, Reference, SpecVersion, Status, Text, Timestamp, Version};
use super::declaration::{Declaration, KindSignature};
use super::field::{Any, List, Optional, Required};
use super::kind::Kind;
use super::kind::KindName;
use super::one_of::Named;
use super::roles::{ReferenceRole, docker_url, image, reference_as};

/// One version of a module: its snapshot, ports and parameters. Only its description may change.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ModuleVersion {
    /// Version of the MLSpec specification that the document follows.
    #[serde(rename = "mlSpecVersion")]
    pub ml_spec_version: Optional<SpecVersion>,
    /// The kind of the document: `module-version`.
    pub kind: Optional<KindName>,
    /// Identifies this version of the module permanently; usually a UUID.
    pub id: Required<ObjectId>,
    /// Names this version of the module.
    pub name: Optional<Name>,
    /// The id of the module.
    pub module: Required<Reference>,
    /// Semantic version, the same as in the module's list of versions.
    pub version: Required<Version>,
    /// Whether this version may be used in new work.
    pub status: Required<Status>,
    /// The snapshot of script, binaries and other files that is executed.
    pub snapshot_id: Required<Text>,
    /// What the snapshot was taken from: a git commit, a folder, an artifact, another snapshot or a docker image.
    #[schemars(extend("type" = ["string", "object"]))]
    pub snapshot_source: Optional<Any>,
    /// When this version was published; never changes.
    #[serde(rename = "createdUtc")]
    pub created_utc: Required<Timestamp>,
    /// The data that the module reads: a map from the name of a port to the port, or a list of ports.
    pub inputs: Optional<Named<Port>>,
    /// The data that the module writes: a map from the name of a port to the port, or a list of ports.
    pub outputs: Optional<Named<Port>>,
    /// The parameters that a step of the module takes.
    pub params: Optional<List<ModuleParameter>>,
    /// A description of this version.
    pub description: Optional<Description>,
}

/// Where data enters or leaves a module.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Port {
    /// Names the port among the inputs or outputs of its module. Required in a list; in a map the key is the name.
    pub name: Optional<Text>,
    /// The type of the data.
    #[serde(rename = "type")]
    pub data_type: Optional<Text>,
    /// Whether a step may leave the port unconnected. Default: false.
    pub optional: Optional<bool>,
}

/// A parameter of a module.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ModuleParameter {
    /// Names the parameter among those of its module.
    pub name: Required<Text>,
    /// The type of the value: string, float, …
    #[serde(rename = "type")]
    pub value_type: Optional<Text>,
    /// The value if a step gives none.
    pub default: Optional<Any>,
    /// Constraints on a value besides its type.
    pub constraints: Optional<Any>,
}

/// How the kind is recognized, the roles of its fields, and the seed of a new document.
pub(super) const DECLARATION: Declaration = Declaration {
    since: "0.0.1",
    summary: "One immutable version of a module: its snapshot, ports and parameters.",
    signature: KindSignature {
        own: &[&["snapshot_id", "module", "createdUtc"]],
        telling: &[&["snapshot_id", "module"]],
        everyday: &[&["snapshot_id", "version"], &["module", "version", "createdUtc"]],
    },
    fields: &[
        reference_as(&["module"], &[Kind::Module], ReferenceRole::OwnModule),
        image(&["snapshot_source", "image"]),
        image(&["snapshot_source", "docker_image"]),
        image(&["snapshot_source", "container_image"]),
        image(&["snapshot_source", "container_image_url"]),
        docker_url(&["snapshot_source"]),
    ],
    seed: || json!({}),
};
