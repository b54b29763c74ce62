//! `serve`: how a model is served.

use schemars::{JsonSchema, Schema};
use serde::Deserialize;

use super::ContainerPort;
use super::score::ScorableLocal;
use super::stores::{LocalFiles, PartSource};
use crate::documents::field::{Any, List, Optional};
use crate::documents::monitoring::Endpoints;

/// How a model is served.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Serve {
    /// Whether the model can be served. Default: false.
    pub servable: Optional<bool>,
    /// Whether credentials are needed to serve the model. Default: false.
    pub credentials_required: Optional<bool>,
    /// The platforms on which serving was tested.
    #[schemars(transform = serving_platforms)]
    pub tested_platforms: Optional<List<String>>,
    /// The model to serve. Required when `serve.servable` is true and there is no `serving_container_image`.
    pub model_source: Optional<ServeSource>,
    /// The image that serves the model. Required when `serve.servable` is true and there is no `model_source`.
    pub serving_container_image: Optional<ServingImage>,
    /// Parameters that a catalog requests before it serves the model.
    pub input_params: Optional<Any>,
    /// Where the service says how it is (lifecycle step 12).
    #[schemars(extend("x-mlspec-since" = "0.2.0"))]
    pub endpoints: Optional<Endpoints>,
}

fn serving_platforms(schema: &mut Schema) {
    super::platforms(schema, super::SERVING_PLATFORMS);
}

/// The model to serve.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ServeSource {
    /// Where the model is. Required when `serve.servable` is true and neither a local model nor an image is given.
    pub servable_model: Optional<PartSource>,
    /// Where the model is on the user's machine.
    pub servable_model_local: Optional<LocalFiles>,
    /// Where the model for scoring is on the user's machine.
    pub scorable_model_local: Optional<ScorableLocal>,
}

/// The image that serves a model.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ServingImage {
    /// The image with its tag or digest. Required when `serve.servable` is true and there is no `model_source`.
    pub container_image_url: Optional<String>,
    /// The registry, by its name in `container_stores`.
    pub container_store: Optional<String>,
    /// The port on which the container listens. Default: 5000.
    pub container_port: Optional<ContainerPort>,
}
