//! Where the parts of a model package are stored: datastores, registries, and places in them.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::documents::common::{Text, Uri};
use crate::documents::field::{Optional, Required};

/// The location of a part of the package: a path in a bucket of a datastore, or a URL.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PartSource {
    /// The datastore, by its name in `data_stores`. Required unless `url` is given.
    pub data_store: Optional<String>,
    /// The bucket in the datastore. Required unless `url` is given.
    pub bucket: Optional<String>,
    /// The path in the bucket. Required unless `url` or `data_store_file_paths` is given.
    pub path: Optional<String>,
    /// Several files in the bucket, by the name of their group in `data_store_file_paths`. An alternative to `path` in `score`.
    pub data_store_file_paths: Optional<String>,
    /// The URL, if the part is not in a datastore.
    pub url: Optional<Uri>,
}

/// Files on the user's machine.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct LocalFiles {
    /// The path on the user's machine.
    pub path: Optional<String>,
    /// The URL from which the files were downloaded.
    pub url: Optional<Uri>,
}

/// A datastore of the package.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct DataStore {
    /// Names the datastore in this document.
    pub name: Required<Text>,
    /// The technology of the datastore, such as `s3`.
    #[serde(rename = "type")]
    pub store_type: Optional<String>,
    /// How to reach the datastore. Required when `train.trainable` is true.
    pub connection: Optional<StoreConnection>,
}

/// How to reach a datastore.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct StoreConnection {
    /// The URL of the object storage. Required wherever there is a `connection`.
    pub endpoint: Optional<Uri>,
    /// The id of the access key; refer to a secret instead of writing it here.
    pub access_key_id: Optional<String>,
    /// The access key; refer to a secret instead of writing it here.
    pub secret_access_key: Optional<String>,
}

/// A named group of files in a datastore; arbitrary keys say what each file is.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(extend("additionalProperties" = true))]
pub struct FilePaths {
    /// Names the group in this document.
    pub name: Required<Text>,
}

/// A container registry of the package.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ContainerStore {
    /// Names the registry in this document.
    pub name: Required<Text>,
    /// How to reach the registry.
    pub connection: Optional<ContainerConnection>,
}

/// How to reach a container registry.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ContainerConnection {
    /// The host of the registry, such as `docker.io`.
    pub container_registry: Required<Text>,
    /// A reference to the token of a private registry.
    pub container_registry_token: Optional<String>,
}
