//! `artifact`: something that a run produced.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::common::{Description, Digest, Name, ObjectId, Reference, SpecVersion, Status};
use super::datapath::Datapath;
use super::declaration::{Declaration, KindSignature};
use super::field::{Optional, Required};
use super::kind::KindName;
use super::roles::{DATASTORE, RUN, ReferenceRole, reference, reference_as};

/// Something that a run produced: a model, data, a log. It may be promoted to a dataset.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Artifact {
    /// Version of the MLSpec specification that the document follows.
    #[serde(rename = "mlSpecVersion")]
    pub ml_spec_version: Optional<SpecVersion>,
    /// The kind of the document: `artifact`.
    pub kind: Optional<KindName>,
    /// Identifies the artifact permanently; usually a UUID.
    pub id: Required<ObjectId>,
    /// Names the artifact among those of its run.
    pub name: Required<Name>,
    /// Whether the artifact may be used in new work.
    pub status: Optional<Status>,
    /// A description of the artifact.
    pub description: Optional<Description>,
    /// The id of the run that produced the artifact.
    pub created_by_run_id: Required<Reference>,
    /// Where the artifact is stored.
    pub data_path: Required<Datapath>,
    /// The type of the artifact.
    pub artifact_type: Optional<ArtifactType>,
    /// Digest of the content.
    pub digest: Optional<Digest>,
}

/// The type of an artifact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
#[schemars(inline)]
pub enum ArtifactType {
    /// A trained model.
    Model,
    /// Data, read or written.
    Data,
    /// A log of the run.
    Log,
    /// Metrics in a file.
    Metrics,
    /// Anything else.
    Other,
}

/// How the kind is recognized, the roles of its fields, and the seed of a new document.
pub(super) const DECLARATION: Declaration = Declaration {
    since: "0.0.1",
    summary: "Something that a run produced.",
    signature: KindSignature {
        own: &[&["created_by_run_id", "data_path", "artifact_type"]],
        telling: &[&["created_by_run_id", "data_path|artifact_type"]],
        everyday: &[&["created_by_run_id"], &["data_path", "artifact_type"]],
    },
    fields: &[
        reference_as(&["created_by_run_id"], RUN, ReferenceRole::Producer),
        reference(&["data_path", "DataStore"], DATASTORE),
    ],
    seed: || json!({}),
};
