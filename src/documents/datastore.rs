//! `datastore`: a container for data.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::common::{Description, Name, ObjectId, SpecVersion, Status, Text};
use super::declaration::{Declaration, KindSignature};
use super::field::{Optional, Required};
use super::kind::KindName;

/// A container for data: an object store, a file share, a database. It never names one file or folder; a datapath does.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Datastore {
    /// Version of the MLSpec specification that the document follows.
    pub ml_spec_version: Optional<SpecVersion>,
    /// The kind of the document: `datastore`.
    pub kind: Optional<KindName>,
    /// Identifies the datastore permanently; usually a UUID.
    pub id: Required<ObjectId>,
    /// Names the datastore among those that are not archived.
    pub name: Required<Name>,
    /// The technology of the datastore.
    #[serde(rename = "type")]
    pub store_type: Required<StoreType>,
    /// Whether the datastore may be used in new work.
    pub status: Required<Status>,
    /// A description of what the datastore holds.
    pub description: Optional<Description>,
    /// The container of a blob store.
    pub container: Optional<Text>,
    /// The bucket of an object store.
    pub bucket: Optional<Text>,
    /// The address of the service.
    pub endpoint: Optional<Text>,
    /// The root of the datastore within its service or file system.
    pub path: Optional<Text>,
    /// The server of a database.
    pub server: Optional<Text>,
    /// The database on its server.
    pub database: Optional<Text>,
    /// How to connect to a database; refer to a secret instead of writing credentials here.
    pub connection_string: Optional<Text>,
}

/// The technology of a datastore.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum StoreType {
    /// Azure Blob Storage.
    AzureBlob,
    /// Azure Files.
    AzureFile,
    /// Azure Data Lake Storage.
    Adls,
    /// Amazon S3, or an object store with its interface.
    S3,
    /// Google Cloud Storage.
    Gcs,
    /// Databricks File System.
    Dbfs,
    /// Hadoop Distributed File System.
    Hdfs,
    /// A network file system share.
    Nfs,
    /// A Windows file share.
    Smb,
    /// A relational database.
    Sql,
    /// A folder of the machine that runs the work.
    Local,
    /// Anything else; describe it with `x-` fields.
    Custom,
}

/// How the kind is recognized, the roles of its fields, and the seed of a new document.
pub(super) const DECLARATION: Declaration = Declaration {
    since: "0.0.1",
    summary: "A container for data: an object store, a file share, a database.",
    signature: KindSignature {
        own: &[],
        telling: &[&["id", "name", "status", "type=s3,gcs,adls,azure_blob,azure_file", "bucket|container"]],
        // Every service and every disk has these.
        everyday: &[&["id", "name", "type", "status", "container|bucket|endpoint|path|server|connectionString"]],
    },
    fields: &[],
    seed: || json!({}),
};
