//! Inference records. `inference-log`, `inference-request` and `inference-prediction` share their sections: the files
//! of the specification nest the identity of a request in `requestInfo`, its prose lists the same attributes at the top level.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::{Value, json};

use super::common::{Digest, Reference, SpecVersion, Text, Timestamp};
use super::field::{Any, List, Map, Optional, Required};
use super::kind::KindName;

/// What is known about one inference: the request, the model, the inputs, the prediction and the feedback.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(transform = identified)]
pub struct InferenceRecord {
    /// Version of the MLSpec specification that the document follows.
    pub ml_spec_version: Optional<SpecVersion>,
    /// The kind of the document.
    pub kind: Optional<KindName>,
    /// The application that made the request.
    pub application_info: Optional<ApplicationInfo>,
    /// The application that made the request, by id, if `applicationInfo` does not name it.
    pub application_id: Optional<Text>,
    /// The request. Required unless `requestId` and `requestTimestamp` are at the top level of the record.
    pub request_info: Optional<RequestInfo>,
    /// Correlates all records of one request, if `requestInfo` does not.
    pub request_id: Optional<Text>,
    /// When the request was made, if `requestInfo` does not say.
    pub request_timestamp: Optional<Timestamp>,
    /// How long the response took, in milliseconds, if `requestInfo` does not say.
    #[schemars(range(min = 0), extend("x-mlspec-rule" = {"minimum": "inference/latency-negative-or-unitless"}))]
    pub request_latency_ms: Optional<f64>,
    /// How long the model took, in milliseconds: the inference's share of `requestLatencyMs`.
    #[schemars(range(min = 0), extend("x-mlspec-rule" = {"minimum": "inference/latency-negative-or-unitless"}))]
    pub inference_latency_ms: Optional<f64>,
    /// The models that responded.
    pub model_info: Optional<ModelInfo>,
    /// The model that responded, usually as `name/version`.
    pub model_id: Optional<Reference>,
    /// The response, as the application saw it.
    pub result_info: Optional<ResultInfo>,
    /// The features that the model was given, as a list of names and a list of values.
    pub inputs: Optional<FeatureInputs>,
    /// The features that the model was given: a map from name to value, both strings.
    #[schemars(extend("x-mlspec-rule" = {"type": "inference/features-mismatch"}))]
    pub input_features: Optional<Map<String>>,
    /// The type of the inputs, such as an image or text.
    pub input_type: Optional<Text>,
    /// The correct result, once it is known.
    pub ground_truth_label: Optional<Any>,
    /// The prediction: a scalar, or its data with their MIME type.
    pub prediction: Optional<PredictedValue>,
    /// Whether the prediction is the one that was returned, if several were made for one request.
    pub is_final: Optional<bool>,
    /// How much each feature contributed: a map from the name of a feature to a number.
    #[schemars(extend("x-mlspec-rule" = {"type": "inference/explanation-not-numeric"}))]
    pub prediction_explanation: Optional<Map<f64>>,
    /// How useful the prediction was, from 0 (not at all) to 1.
    #[schemars(
        range(min = 0, max = 1),
        extend("x-mlspec-rule" = {"minimum": "inference/feedback-range", "maximum": "inference/feedback-range"})
    )]
    pub prediction_feedback: Optional<f64>,
    /// What the user did after the prediction came back.
    pub feedback_actions: Optional<List<Text>>,
    /// The service that responded, by id.
    pub inference_service_id: Optional<Text>,
    /// The user that the prediction was made for, by id.
    pub user_id: Optional<Text>,
    /// What produced the model that responded (lifecycle step 13).
    pub provenance: Optional<Provenance>,
    /// The place of the record in a chain of records.
    #[schemars(extend("x-mlspec-since" = "0.2.0"))]
    pub chain: Optional<Chain>,
    /// What else is known about the request: a map with free keys.
    #[schemars(extend("x-mlspec-since" = "0.2.0"))]
    pub metadata: Optional<Map<Any>>,
}

/// A record identifies its request and when that was made, in `requestInfo` or at the top level.
fn identified(schema: &mut Schema) {
    let demand = |key: &str| -> Value {
        json!({
            "if": {"not": {"required": [key], "properties": {key: {"not": {"type": "null"}, "minLength": 1}}}},
            "then": {
                "required": ["requestInfo"],
                "properties": {
                    "requestInfo": {
                        "if": {"type": "null"},
                        "then": {"type": "object"},
                        "required": [key],
                        "properties": {key: {"if": {"anyOf": [{"type": "null"}, {"not": {"minLength": 1}}]}, "then": {"type": "string", "minLength": 1}}}
                    }
                },
                "x-mlspec-rule": "inference/missing-attribute"
            }
        })
    };
    schema.insert("allOf".to_owned(), json!([demand("requestId"), demand("requestTimestamp")]));
}

/// The application that requested an inference.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct ApplicationInfo {
    /// Identifies the application.
    pub application_id: Optional<Text>,
    /// The address at which the application serves.
    pub application_endpoint: Optional<Text>,
}

/// A request for an inference.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct RequestInfo {
    /// Correlates all records of one request. Required, here or at the top level of the record.
    pub request_id: Optional<Text>,
    /// When the request was made. Required, here or at the top level of the record.
    pub request_timestamp: Optional<Timestamp>,
    /// How long the response took, in milliseconds.
    #[schemars(range(min = 0), extend("x-mlspec-rule" = {"minimum": "inference/latency-negative-or-unitless"}))]
    pub request_latency_ms: Optional<f64>,
    /// How long the model took, in milliseconds.
    #[schemars(range(min = 0), extend("x-mlspec-rule" = {"minimum": "inference/latency-negative-or-unitless"}))]
    pub inference_latency_ms: Optional<f64>,
}

/// The models that responded to a request.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ModelInfo {
    /// The models, each usually as `name/version`.
    pub models: Optional<List<Reference>>,
}

/// The response to a request, as the application saw it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct ResultInfo {
    /// The status of the response, such as 200 or `OK`.
    #[schemars(extend("type" = ["string", "integer"]))]
    pub result_code: Optional<Any>,
    /// The size of the response in bytes.
    #[schemars(extend("x-mlspec-rule" = {"minimum": "document/not-allowed-value"}))]
    pub result_size_in_bytes: Optional<u64>,
}

/// The features that a model was given, as two lists of equal length.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct FeatureInputs {
    /// The names of the features.
    pub feature_names: Optional<List<Text>>,
    /// The values of the features, in the order of their names.
    pub feature_values: Optional<List<Any>>,
}

/// A prediction as data.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Prediction {
    /// The MIME type of the data.
    pub prediction_mime_type: Optional<Text>,
    /// The data.
    pub prediction_data: Optional<Any>,
}

/// What produced a model.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Provenance {
    /// The pipeline, by name or id.
    pub pipeline: Optional<Reference>,
    /// The version of the pipeline.
    pub pipeline_version: Optional<Text>,
    /// Digest of the pipeline document.
    pub pipeline_digest: Optional<Digest>,
    /// Digest of the data that the model was trained on.
    pub dataset_digest: Optional<Digest>,
    /// Digest of the fitted transformation that made the features.
    #[schemars(extend("x-mlspec-since" = "0.2.0"))]
    pub features_digest: Optional<Digest>,
    /// Digest of the file of the model that responded.
    #[schemars(extend("x-mlspec-since" = "0.2.0"))]
    pub model_digest: Optional<Digest>,
}

/// The place of a record in a chain of records, in which each names the one before, so that none can be changed or left out unnoticed.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Chain {
    /// The number of the record in the chain.
    #[schemars(extend("x-mlspec-rule" = {"minimum": "document/not-allowed-value"}))]
    pub sequence: Required<u64>,
    /// Digest of what the record before says, as `mlspec-lint digest` computes it. The first record has none.
    pub previous: Optional<Digest>,
}

/// A scalar, or a [`Prediction`] as a mapping; read through its node.
#[derive(Clone, Copy, Debug, Default)]
pub struct PredictedValue;

impl<'de> Deserialize<'de> for PredictedValue {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_ignored_any(serde::de::IgnoredAny).map(|_| Self)
    }
}

impl JsonSchema for PredictedValue {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Outcome".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let prediction = generator.subschema_for::<Prediction>();
        json_schema!({
            "type": ["string", "number", "boolean", "object"],
            "if": {"type": "object"},
            "then": prediction
        })
    }
}
