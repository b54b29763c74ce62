//! `dataset`: a versioned definition of data.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::common::{Date, Description, Digest, Name, ObjectId, Reference, SpecVersion, Status, Tags, Text, Version};
use super::datapath::{Datapath, Location};
use super::declaration::{Declaration, KindSignature};
use super::field::{List, Optional, Required};
use super::kind::KindName;
use super::roles::{DATASET, DATASTORE, ReferenceRole, reference, reference_as};

/// A versioned definition of data: where it is and what it holds. Any change of the definition needs a new version.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Dataset {
    /// Version of the MLSpec specification that the document follows.
    pub ml_spec_version: Required<SpecVersion>,
    /// The kind of the document: `dataset`.
    pub kind: Optional<KindName>,
    /// Identifies the dataset permanently; usually a UUID.
    pub id: Required<ObjectId>,
    /// Names the dataset among those that are not archived.
    pub name: Required<Name>,
    /// Whether the dataset may be used in new work.
    pub state: Optional<Status>,
    /// Where the data is: a URI, a datapath, or a dataflow.
    pub location: Required<Location>,
    /// A description of the data.
    pub description: Optional<Description>,
    /// When the data was generated.
    pub date_generated: Optional<Date>,
    /// Whether the dataset should no longer be used; agrees with `state`.
    pub is_deprecated: Optional<bool>,
    /// Whether the data may not be written to.
    pub is_read_only: Optional<bool>,
    /// Whether the dataset is listed.
    pub is_visible: Optional<bool>,
    /// Reference to a preview of the data.
    pub preview: Optional<Text>,
    /// Reference to a profile of the data.
    pub profile: Optional<Text>,
    /// Keys and values for finding the dataset.
    pub tags: Optional<Tags>,
    /// Semantic version of the definition.
    pub version: Required<Version>,
    /// Who created this version.
    pub versioned_by: Optional<Text>,
    /// When this version was created.
    pub versioned_on: Optional<Date>,
    /// What changed in this version.
    pub version_notes: Optional<Text>,
    /// Digest of the content.
    pub digest: Optional<Digest>,
    /// The number of examples.
    pub count: Optional<u64>,
    /// A materialized state of the data.
    pub checkpoint: Optional<Checkpoint>,
    /// Named filters over the data.
    pub views: Optional<List<DatasetView>>,
    /// The dataset that replaces this one.
    pub replaced_by: Optional<Reference>,
}

/// A materialized state of a dataset.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Checkpoint {
    /// Reference to a profile of the data at that moment.
    pub profile: Required<Text>,
    /// Where the data was written to.
    pub materialized: Optional<Datapath>,
}

/// A named filter over a dataset.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct DatasetView {
    /// Names the view in its dataset.
    pub name: Required<Name>,
    /// The condition that rows of the view meet.
    pub filter: Required<Text>,
}

/// How the kind is recognized, the roles of its fields, and the seed of a new document.
pub(super) const DECLARATION: Declaration = Declaration {
    since: "0.0.1",
    summary: "A versioned definition of data: where it is and what it holds.",
    signature: KindSignature {
        own: &[
            &["location", "versionedBy", "versionedOn"],
            &["location", "dateGenerated", "versionedBy|versionedOn|versionNotes|isReadOnly|isDeprecated"],
        ],
        telling: &[&["location", "versionedBy|versionedOn|versionNotes"]],
        everyday: &[
            &["location"],
            &["location", "dateGenerated"],
            &["location", "isReadOnly|isVisible|isDeprecated"],
            &["location", "id", "name", "version"],
        ],
    },
    fields: &[
        reference(&["location", "DataStore"], DATASTORE),
        reference(&["checkpoint", "materialized", "DataStore"], DATASTORE),
        reference_as(&["replacedBy"], DATASET, ReferenceRole::Replacement),
    ],
    seed: || json!({"state": "Active"}),
};
