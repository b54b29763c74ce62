//! `metadata`: the metadata file of a training run.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::common::{Date, SoftwareVersion, SpecVersion, Text};
use super::declaration::{Declaration, KindSignature};
use super::field::{KeyValues, OneOrMany, Optional};
use super::kind::KindName;

/// The metadata file of a training run. Each section is a map, or an equivalent list of single-key maps.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Metadata {
    /// Version of the MLSpec specification that the document follows.
    #[serde(rename = "mlSpecVersion")]
    pub ml_spec_version: Optional<SpecVersion>,
    /// The kind of the document: `metadata`.
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
    /// The training hyperparameters.
    pub training_params: Optional<KeyValues>,
}

/// The framework used for training.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TrainingFramework {
    /// Names the framework.
    pub name: Optional<Text>,
    /// The version of the framework.
    pub version: Optional<SoftwareVersion>,
    /// The runtime that the framework ran on, such as `python3.8`.
    pub runtime: Optional<Text>,
    /// Other required packages, with their versions.
    pub requirement: Optional<KeyValues>,
}

/// A trained model.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TrainedModel {
    /// Names the model.
    pub name: Optional<Text>,
    /// The version of the model.
    pub version: Optional<SoftwareVersion>,
    /// The URL or file that holds the model.
    pub source: Optional<Text>,
    /// Who created the model.
    pub creator: Optional<Text>,
    /// When the model was created.
    pub time: Optional<Date>,
    /// The storage format of the model, such as a Keras model or a graph.
    #[serde(rename = "type")]
    pub model_type: Optional<Text>,
}

/// Training data.
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

/// How the kind is recognized, the roles of its fields, and the seed of a new document.
pub(super) const DECLARATION: Declaration = Declaration {
    since: "0.0.1",
    summary: "The metadata file of a training run: framework, model, data and parameters.",
    signature: KindSignature {
        own: &[&["framework", "model", "dataset", "data_process|model_architecture", "training_params"]],
        telling: &[&["data_process", "model_architecture", "training_params"]],
        // Groups of a Hydra configuration have these as well.
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
