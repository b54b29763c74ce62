//! `convert`: how a model is converted to ONNX.

use schemars::JsonSchema;
use serde::Deserialize;

use super::stores::{LocalFiles, PartSource};
use crate::documents::common::Text;
use crate::documents::field::{Any, List, Map, Optional};

/// How a model is converted to ONNX.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Convert {
    /// Whether the model can be converted; it must then be trainable or servable as well. Default: false.
    pub onnx_convertable: Optional<bool>,
    /// The model to convert. Required when `convert.onnx_convertable` is true.
    pub model_source: Optional<ConvertSource>,
    /// Where the converted model goes. Required when `convert.onnx_convertable` is true.
    pub onnx_converted_model: Optional<ConvertedModel>,
    /// The inputs of a TensorFlow model: a map from placeholder to shape. Required when a TensorFlow model is convertable.
    pub tf_inputs: Optional<Map<Any>>,
    /// The output placeholders of a TensorFlow model. Required when a TensorFlow model is convertable.
    pub tf_outputs: Optional<List<Text>>,
    /// The relative tolerance of a TensorFlow conversion, at least 0.
    #[schemars(range(min = 0), extend("x-mlspec-rule" = {"minimum": "document/not-allowed-value"}))]
    pub tf_rtol: Optional<f64>,
    /// The absolute tolerance of a TensorFlow conversion, at least 0.
    #[schemars(range(min = 0), extend("x-mlspec-rule" = {"minimum": "document/not-allowed-value"}))]
    pub tf_atol: Optional<f64>,
}

/// The model to convert.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ConvertSource {
    /// Where the model is. Required when `convert.onnx_convertable` is true and there is no local model.
    pub initial_model: Optional<PartSource>,
    /// Where the model is on the user's machine.
    pub initial_model_local: Optional<LocalFiles>,
}

/// Where a converted model goes.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ConvertedModel {
    /// Where the converted model is stored. Required when `convert.onnx_convertable` is true and there is no `onnx_model_local`.
    pub onnx_model: Optional<PartSource>,
    /// Where the converted model is on the user's machine.
    pub onnx_model_local: Optional<LocalFiles>,
}
