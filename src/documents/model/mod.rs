//! `model`: a model package, or some of its sections. `requirements.rs` holds the requirements between sections.

mod convert;
mod package;
mod requirements;
mod score;
mod serve;
mod stores;
mod train;

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny};
use serde_json::json;

pub use convert::{Convert, ConvertSource, ConvertedModel};
pub use package::{NetworkAccess, Scan, ScanResult, SecurityConstraints};
pub(crate) use requirements::IDENTITY;
pub use score::{FeatureSource, ScorableLocal, Score};
pub use serve::{Serve, ServeSource, ServingImage};
pub use stores::{ContainerConnection, ContainerStore, DataStore, FilePaths, LocalFiles, PartSource, StoreConnection};
pub use train::{
    Compute, EvaluationMetrics, Execution, Train, TrainingData, TrainingImage, TrainingResults, TrainingSource,
};

use super::common::{
    Approval, Description, Digest, Email, License, Name, Reference, SoftwareVersion, SpecVersion, Status, Text, Uri,
    Version,
};
use super::field::{Any, KeyValues, List, Map, Optional, Required};
use super::kind::KindName;
use crate::documents::declaration::{Declaration, KindSignature};
use crate::documents::roles::{
    MODEL, RUN, ReferenceRole, approval, endpoints, image, license, reference, reference_as,
};

/// A model package: how a model is trained, served, scored and converted. A file may hold only some of its sections.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(transform = requirements::apply)]
pub struct Model {
    /// Version of the MLSpec specification that the document follows.
    #[serde(rename = "mlSpecVersion")]
    pub ml_spec_version: Optional<SpecVersion>,
    /// The kind of the document: `model`.
    pub kind: Optional<KindName>,
    /// Names the model for people. Required, except in a file that only holds sections.
    pub name: Optional<Name>,
    /// Identifies the model: lower-case letters, digits and `-`.
    #[schemars(
        regex(pattern = r"^[a-z0-9-]+$"),
        extend(
            "patternErrorMessage" = "not a valid model identifier: use lower-case letters, digits and '-'",
            "x-mlspec-rule" = {"pattern": "naming/model-identifier"},
            "examples" = ["facial-age-estimator"]
        )
    )]
    pub model_identifier: Optional<String>,
    /// Digest of the model file.
    #[serde(rename = "modelDigest")]
    pub model_digest: Optional<Digest>,
    /// A description of what the model does.
    pub description: Optional<Description>,
    /// Who created the model. Required when `train.trainable` is true.
    pub author: Optional<Author>,
    /// The framework in whose format the model is stored. Required, except in a file that only holds sections.
    pub framework: Optional<Framework>,
    /// The license of the model: an SPDX expression such as `Apache-2.0`.
    pub license: Optional<License>,
    /// The domain of the model, such as image recognition.
    pub domain: Optional<String>,
    /// What the model is for.
    pub purpose: Optional<Purpose>,
    /// A page that explains the model.
    pub website: Optional<Uri>,
    /// Labels of the model: a map, or a list of single-key maps such as `url` and `pipeline_uuids`.
    pub labels: Optional<KeyValues>,
    /// A Markdown page that introduces the model.
    pub readme_url: Optional<Uri>,
    /// Categories for filtering in a catalog: a map from category to value or list of values.
    pub filter_categories: Optional<Map<Any>>,
    /// Whether credentials are needed to use the model. Default: false.
    pub credentials_required: Optional<bool>,
    /// Parameters that a catalog requests before it runs the model.
    pub input_params: Optional<Any>,
    /// The port on which a container of the model listens.
    pub container_port: Optional<ContainerPort>,
    /// How the model is trained.
    pub train: Optional<Train>,
    /// How the model is served.
    pub serve: Optional<Serve>,
    /// How the model is scored.
    pub score: Optional<Score>,
    /// How the model is converted to ONNX.
    pub convert: Optional<Convert>,
    /// The data that the model was trained on.
    pub data: Optional<ModelData>,
    /// Scripts that run before or after a step.
    pub process: Optional<List<Process>>,
    /// The datastores that sources refer to. Required when `train.trainable` is true.
    pub data_stores: Optional<List<DataStore>>,
    /// Named groups of files that sources refer to.
    pub data_store_file_paths: Optional<List<FilePaths>>,
    /// The container registries that images refer to.
    pub container_stores: Optional<List<ContainerStore>>,
    /// What the deployed model runs on (lifecycle step 10).
    pub infrastructure: Optional<Infrastructure>,
    /// How the package is signed (lifecycle step 10).
    pub signing: Optional<Map<Any>>,
    /// The agents that are deployed with the model (lifecycle step 10).
    pub agents: Optional<Any>,
    /// The version of the model, which `name@version` refers to. Without it, the document is about all versions.
    #[schemars(extend("x-mlspec-since" = "0.2.0"))]
    pub version: Optional<Version>,
    /// Whether this version may be used in new work.
    #[schemars(extend("x-mlspec-since" = "0.2.0"))]
    pub status: Optional<Status>,
    /// The run that made the model, by id: code, data and parameters follow from it.
    #[schemars(extend("x-mlspec-since" = "0.2.0"))]
    pub run: Optional<Reference>,
    /// Other models that are asked for an inference of this one, each by `name@version` or id (lifecycle step 10).
    #[schemars(extend("x-mlspec-since" = "0.2.0"))]
    pub composition: Optional<List<Reference>>,
    /// What the deployed model may do, and what was looked for in the package (lifecycle step 10).
    #[schemars(extend("x-mlspec-since" = "0.2.0"))]
    pub security: Optional<SecurityConstraints>,
    /// Who approved this version.
    #[schemars(extend("x-mlspec-since" = "0.2.0"))]
    pub approvals: Optional<List<Approval>>,
}

/// What a model is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Purpose {
    /// Decides between two classes.
    BinaryClassification,
    /// Decides between several classes.
    MulticlassClassification,
    /// Predicts a number.
    RegressionPrediction,
    /// Recognizes or detects something.
    RegressionRecognition,
    /// Groups examples into clusters.
    Clustering,
    /// Reduces the number of features.
    DimensionalityReduction,
    /// Anything else.
    Custom,
}

/// Who made a model.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Author {
    /// The name of the author. Required when `train.trainable` is true.
    pub name: Optional<String>,
    /// The e-mail address of the author. Required when `train.trainable` is true.
    pub email: Optional<Email>,
}

/// The framework whose format a model is stored in.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Framework {
    /// Names the framework, such as `tensorflow`. Required, except in a file that holds sections only.
    pub name: Optional<String>,
    /// The version of the framework.
    pub version: Optional<SoftwareVersion>,
    /// What executes the model. Required when `train.trainable` is true.
    pub runtimes: Optional<Runtime>,
}

/// What executes a model.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Runtime {
    /// The programming language, such as `python`. Required when `train.trainable` is true.
    pub name: Optional<String>,
    /// The version of the programming language. Required when `train.trainable` is true.
    pub version: Optional<SoftwareVersion>,
}

/// The data that a model was trained on.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ModelData {
    /// Identifies the data where it comes from.
    pub source_id: Optional<String>,
    /// The domain of the data, such as images.
    pub domain: Optional<String>,
    /// A page that describes the data.
    pub website: Optional<Uri>,
    /// The license of the data: an SPDX expression such as `CC-BY-4.0`.
    pub license: Optional<License>,
}

/// A port of a container, as a number or as its digits; read through its node.
#[derive(Clone, Copy, Debug, Default)]
pub struct ContainerPort;

impl<'de> Deserialize<'de> for ContainerPort {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_ignored_any(IgnoredAny).map(|_| Self)
    }
}

impl JsonSchema for ContainerPort {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "ContainerPort".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["string", "integer"],
            "minimum": 1,
            "maximum": 65535,
            "pattern": "^$|^([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$|[$<{]",
            "patternErrorMessage": "not a port: a number from 1 to 65535",
            "x-mlspec-rule": {"pattern": "document/invalid-format"}
        })
    }
}

/// A script that runs before or after a step.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Process {
    /// Names the script, such as `training_post_process`.
    pub name: Required<Text>,
    /// Values for the script: a map with free keys.
    pub params: Optional<Map<Any>>,
}

/// What a deployed model runs on.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Infrastructure {
    /// The hardware accelerator.
    #[schemars(extend("type" = ["string", "object", "array"]))]
    pub accelerator: Optional<Any>,
    /// The main memory, such as `4Gi`.
    #[schemars(extend("type" = ["string", "number"], "exclusiveMinimum" = 0))]
    pub memory: Optional<Any>,
    /// The number of processors, or a share of one such as `500m`.
    #[schemars(extend("type" = ["string", "number"], "exclusiveMinimum" = 0))]
    pub cpu: Optional<Any>,
}

/// The platforms on which the specification expects training to be tested.
pub const TRAINING_PLATFORMS: &[&str] = &["wml", "ffdl", "kubeflow"];

/// The platforms on which the specification expects serving to be tested.
pub const SERVING_PLATFORMS: &[&str] = &["kubernetes", "knative", "seldon", "wml", "kfserving"];

/// The platforms of a section: a list of names. Tells a string in its place apart, and offers the known names.
fn platforms(schema: &mut Schema, known: &[&str]) {
    schema.insert("x-mlspec-rule".to_owned(), json!({"type": "model/platforms-as-string"}));
    schema.insert(
        "items".to_owned(),
        json!({"type": "string", "x-mlspec-rule": {"type": "document/wrong-type"}, "examples": known}),
    );
}

/// How the kind is recognized, the roles of its fields, and the seed of a new document.
pub(super) const DECLARATION: Declaration = Declaration {
    since: "0.0.1",
    summary: "A model package, or sections of one: how the model is trained, served, scored and converted.",
    signature: KindSignature {
        own: &[
            &["model_identifier", "framework.name"],
            &[
                "train.trainable",
                "train.model_source|train.data_source|train.execution|train.tested_platforms|train.model_training_results",
            ],
            &["serve.servable", "serve.serving_container_image|serve.model_source|serve.tested_platforms"],
            &["score.scorable", "score.model_features_schema_source|score.model_feature_schema_source"],
            &["convert.onnx_convertable", "convert.model_source|convert.onnx_converted_model"],
            &["data.source_id", "data.domain", "data.website|data.license"],
            &["container_stores[].connection", "data_stores[].connection|data_store_file_paths[].name"],
        ],
        telling: &[
            &["train.trainable|train.model_training_results"],
            &["serve.servable|serve.serving_container_image"],
            &["score.scorable|score.model_features_schema_source|score.model_feature_schema_source"],
            &["convert.onnx_convertable|convert.onnx_converted_model"],
        ],
        everyday: &[
            &["model_identifier", "framework|name"],
            &["name", "framework.name"],
            &["framework{}", "train{}|serve{}"],
            &["train.model_source|train.execution"],
            &["serve.model_source"],
            &["data.source_id"],
            &["data_stores[].connection|container_stores[].connection"],
            &["data_store_file_paths[].name"],
            &["process[].params"],
        ],
    },
    fields: &[
        image(&["train", "training_container_image", "container_image_url"]),
        image(&["serve", "serving_container_image", "container_image_url"]),
        license(&["license"]),
        license(&["data", "license"]),
        image(&["agents", "*", "image"]).newer(),
        reference(&["run"], RUN),
        reference_as(&["composition", "*"], MODEL, ReferenceRole::Component),
        approval(&["approvals", "*"]),
        endpoints(&["serve", "endpoints"]),
    ],
    seed: || {
        json!({
        "name": "credit-default", "framework": {"name": "tensorflow", "version": "2.16.1"}, "license": "Apache-2.0"
        })
    },
};
