//! `train`: how a model is trained.

use schemars::{JsonSchema, Schema};
use serde::Deserialize;

use super::stores::{LocalFiles, PartSource};
use crate::documents::common::Text;
use crate::documents::field::{Any, KeyValues, List, Optional, Required};

/// How a model is trained.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Train {
    /// Whether the model can be trained. Default: false.
    pub trainable: Optional<bool>,
    /// Whether credentials are needed to train the model. Default: false.
    pub credentials_required: Optional<bool>,
    /// The platforms on which training was tested.
    #[schemars(transform = training_platforms)]
    pub tested_platforms: Optional<List<String>>,
    /// The training code. Required when `train.trainable` is true.
    pub model_source: Optional<TrainingSource>,
    /// Where the trained model goes. Required when `train.trainable` is true.
    pub model_training_results: Optional<TrainingResults>,
    /// The data that the model is trained on. Required when `train.trainable` is true.
    pub data_source: Optional<TrainingData>,
    /// How the object storage is mounted, such as `mount_cos`. Required, here or under `data_source`, when `train.trainable` is
    /// true.
    pub mount_type: Optional<String>,
    /// How the training job reports its metrics.
    pub evaluation_metrics: Optional<EvaluationMetrics>,
    /// The image that the training job runs in.
    pub training_container_image: Optional<TrainingImage>,
    /// How the training job is started. Required when `train.trainable` is true.
    pub execution: Optional<Execution>,
    /// The hyperparameters of the training: a map, or a list of single-key maps.
    pub training_params: Optional<KeyValues>,
    /// Parameters that a catalog requests before it trains the model.
    pub input_params: Optional<Any>,
}

fn training_platforms(schema: &mut Schema) {
    super::platforms(schema, super::TRAINING_PLATFORMS);
}

/// The code that trains a model.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TrainingSource {
    /// Where the code is. Required when `train.trainable` is true.
    pub initial_model: Optional<PartSource>,
    /// Where the code is on the user's machine.
    pub initial_model_local: Optional<LocalFiles>,
}

/// Where a trained model goes.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TrainingResults {
    /// Where the trained model is stored. Required when `train.trainable` is true.
    pub trained_model: Optional<PartSource>,
    /// Where the trained model is downloaded to on the user's machine.
    pub trained_model_local: Optional<LocalFiles>,
}

/// The data that a model is trained on.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TrainingData {
    /// Where the data is. Required when `train.trainable` is true.
    pub training_data: Optional<PartSource>,
    /// Where the data is on the user's machine.
    pub training_data_local: Optional<LocalFiles>,
    /// How the object storage is mounted, such as `mount_cos`.
    pub mount_type: Optional<String>,
}

/// How a training job reports its metrics.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct EvaluationMetrics {
    /// The format of the metrics, such as `tensorboard`.
    #[serde(rename = "type")]
    pub metrics_type: Required<Text>,
    /// The path that the metrics are written to.
    #[serde(rename = "in")]
    pub path: Required<Text>,
}

/// The image that a training job runs in.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TrainingImage {
    /// The image with its tag or digest.
    pub container_image_url: Optional<String>,
    /// The registry, by its name in `container_stores`.
    pub container_store: Optional<String>,
}

/// How a training job is started.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Execution {
    /// The command that starts the job. Required when `train.trainable` is true.
    pub command: Optional<String>,
    /// What the job runs on. Required when `train.trainable` is true.
    pub compute_configuration: Optional<Compute>,
}

/// What a training job runs on.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Compute {
    /// The size of each node, such as `k80`. Required when `train.trainable` is true.
    pub name: Optional<String>,
    /// The number of nodes, at least 1. Default: 1.
    #[schemars(range(min = 1), extend("x-mlspec-rule" = {"minimum": "model/trainable-execution"}))]
    pub nodes: Optional<u64>,
}
