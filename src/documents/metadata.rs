//! `metadata`: the metadata file of a training.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::common::{Date, SoftwareVersion, SpecVersion, Text};
use super::declaration::{Declaration, KindSignature};
use super::field::{KeyValues, OneOrMany, Optional};
use super::kind::KindName;

/// The metadata file of a training. Each section is a map, or a list of single-key maps that means the same.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Metadata {
    /// Version of the MLSpec specification that the document follows.
    #[serde(rename = "mlSpecVersion")]
    pub ml_spec_version: Optional<SpecVersion>,
    /// What the document is: `metadata`.
    pub kind: Optional<KindName>,
    /// The framework that the model was trained with.
    pub framework: Optional<OneOrMany<TrainingFramework>>,
    /// The model that was trained.
    pub model: Optional<OneOrMany<TrainedModel>>,
    /// The data that the model was trained on.
    pub dataset: Optional<OneOrMany<NamedTrainingData>>,
    /// How the data was processed: loading, splitting, padding, …
    pub data_process: Optional<KeyValues>,
    /// The layers of the model.
    pub model_architecture: Optional<KeyValues>,
    /// The hyperparameters of the training.
    pub training_params: Optional<KeyValues>,
}

/// The framework of a training.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TrainingFramework {
    /// Names the framework.
    pub name: Optional<Text>,
    /// The version of the framework.
    pub version: Optional<SoftwareVersion>,
    /// The runtime that the framework ran on, such as `python3.8`.
    pub runtime: Optional<Text>,
    /// Other packages that are needed, with their versions.
    pub requirement: Optional<KeyValues>,
}

/// The model of a training.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TrainedModel {
    /// Names the model.
    pub name: Optional<Text>,
    /// The version of the model.
    pub version: Optional<SoftwareVersion>,
    /// The URL or file that holds the model.
    pub source: Optional<Text>,
    /// Who made the model.
    pub creator: Optional<Text>,
    /// When the model was made.
    pub time: Optional<Date>,
    /// How the model is stored, such as a Keras model or a graph.
    #[serde(rename = "type")]
    pub model_type: Optional<Text>,
}

/// The data of a training.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct NamedTrainingData {
    /// Names the data.
    pub name: Optional<Text>,
    /// The version of the data.
    pub version: Optional<SoftwareVersion>,
    /// The URL or file that holds the data.
    pub source: Optional<Text>,
}

/// What tells the kind, what its fields are, and what a first document has.
pub(super) const DECLARATION: Declaration = Declaration {
    since: "0.0.1",
    summary: "The metadata file of a training: framework, model, data and parameters.",
    signature: KindSignature {
        own: &[&["framework", "model", "dataset", "data_process|model_architecture", "training_params"]],
        telling: &[&["data_process", "model_architecture", "training_params"]],
        // Groups of a Hydra configuration.
        everyday: &[
            &["framework", "model", "dataset|training_params"],
            &["model", "model_architecture"],
            &["training_params", "data_process|model_architecture"],
        ],
    },
    fields: &[],
    seed: || {
        json!({
        "framework": {"name": "tensorflow"}, "model": {"name": "credit-default"}, "training_params": {"epochs": 10}
        })
    },
};
