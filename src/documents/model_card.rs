//! `model-card`: a packaged model, in the form that the specification identifies by `specVersion`.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::json;

use super::common::{SoftwareVersion, SpecVersion, Text, Timestamp, Uri};
use super::declaration::{Declaration, KindSignature};
use super::field::{Any, KeyValues, Map, Optional, Required};
use super::kind::KindName;
use super::model::Purpose;
use super::roles::license;

/// A packaged model as its runtime artifacts, framework and origin.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ModelCard {
    /// Version of the MLSpec specification that the document follows.
    #[serde(rename = "specVersion")]
    pub spec_version: Required<SpecVersion>,
    /// The same as `specVersion`, spelled as in other kinds of documents.
    #[serde(rename = "mlSpecVersion")]
    pub ml_spec_version: Optional<SpecVersion>,
    /// The kind of the document: `model-card`.
    pub kind: Optional<KindName>,
    /// The files that an instance of the model needs: a map from name to URI, or to location and relative path.
    #[serde(rename = "runtimeArtifacts")]
    pub runtime_artifacts: Optional<Map<RuntimeArtifact>>,
    /// The framework that the model is made with.
    pub framework: Optional<CardFramework>,
    /// When the model was created.
    pub time_created: Optional<Timestamp>,
    /// Who created the model.
    pub created_by: Optional<Text>,
    /// What the model is for.
    pub purpose: Optional<Purpose>,
    /// The clustering that the model performs.
    pub clustering: Optional<Any>,
    /// The dimensionality reduction that the model performs.
    pub dimensionality_reduction: Optional<Any>,
    /// Any other information about the model.
    pub custom: Optional<Custom>,
}

/// A file that an instance of a model needs: a URI, or a mapping as in [`ArtifactFile`]; read through its node.
#[derive(Clone, Copy, Debug, Default)]
pub struct RuntimeArtifact;

impl<'de> Deserialize<'de> for RuntimeArtifact {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_ignored_any(serde::de::IgnoredAny).map(|_| Self)
    }
}

impl JsonSchema for RuntimeArtifact {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "RuntimeArtifact".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let file = generator.subschema_for::<ArtifactFile>();
        let uri = generator.subschema_for::<Uri>();
        json_schema!({
            "type": ["string", "object"],
            "pattern": uri.get("pattern"),
            "patternErrorMessage": uri.get("patternErrorMessage"),
            "x-mlspec-rule": uri.get("x-mlspec-rule"),
            "if": {"type": "object"},
            "then": file
        })
    }
}

/// A file that an instance of a model needs.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct ArtifactFile {
    /// The URI of the file in the store that holds it.
    pub location: Required<Uri>,
    /// Where the file is placed when the model is deployed as a service.
    pub relative_path: Optional<Text>,
}

/// The framework of a packaged model.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CardFramework {
    /// Names the framework.
    pub name: Optional<Text>,
    /// The version of the framework.
    pub version: Optional<SoftwareVersion>,
    /// Other framework requirements of the model.
    pub custom: Optional<FrameworkCustom>,
}

/// Framework requirements of a packaged model, with arbitrary keys.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(extend("additionalProperties" = true))]
pub struct FrameworkCustom {
    /// The hardware accelerator.
    pub accelerator: Optional<Text>,
}

/// Any other information about a packaged model, with arbitrary keys.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(extend("additionalProperties" = true))]
pub struct Custom {
    /// The origin of the model.
    pub origin: Optional<ModelOrigin>,
    /// The date until which the model may be used.
    pub expiry: Optional<Text>,
    /// Information for users of the model.
    pub metadata: Optional<CardMetadata>,
}

/// The origin of a packaged model, with arbitrary keys.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(extend("additionalProperties" = true))]
pub struct ModelOrigin {
    /// The code.
    pub code_assets: Optional<Any>,
    /// The data.
    pub data_assets: Optional<Any>,
    /// Who created the model.
    #[serde(rename = "created_by")]
    pub created_by: Optional<Text>,
    /// The pipeline.
    pub pipeline: Optional<Any>,
    /// The logs of the training.
    pub logs: Optional<Any>,
}

/// Information for users of a packaged model, with arbitrary keys.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(extend("additionalProperties" = true))]
pub struct CardMetadata {
    /// The features needed for scoring.
    pub schema: Optional<FeatureSchema>,
    /// The schema of the output.
    pub output_schema: Optional<Any>,
    /// Metrics of the training and of the service: a map from name to value.
    pub metrics: Optional<KeyValues>,
    /// Inputs to try the model with, or their location.
    #[serde(rename = "sampleInputs")]
    pub sample_inputs: Optional<Any>,
    /// Keys and values for finding the model.
    pub tags: Optional<KeyValues>,
}

/// The features that a packaged model needs for scoring, with arbitrary keys.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(extend("additionalProperties" = true))]
pub struct FeatureSchema {
    /// The dataset of the model, or its profile.
    pub link_to_dataset: Optional<Text>,
    /// The features: names, types and shapes.
    pub features: Optional<Any>,
    /// The schema of the service as which the model is deployed.
    pub service_schema: Optional<Any>,
}

/// How the kind is recognized, the roles of its fields, and the seed of a new document.
pub(super) const DECLARATION: Declaration = Declaration {
    since: "0.0.1",
    summary: "A packaged model as its runtime artifacts, framework and origin.",
    signature: KindSignature {
        own: &[&["specVersion", "runtimeArtifacts"]],
        telling: &[&["runtimeArtifacts", "framework"]],
        everyday: &[&["specVersion", "framework"], &["runtimeArtifacts"]],
    },
    fields: &[license(&["custom", "license"]), license(&["custom", "metadata", "license"])],
    seed: || {
        json!({
        "framework": {"name": "tensorflow", "version": "2.16.1"},
        "custom": {"origin": {"pipeline": "train-credit-default"}}
        })
    },
};
