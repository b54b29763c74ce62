//! `model-card`: a packaged model in the specification's `specVersion` form.

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
    /// The same as `specVersion`, as other kinds of documents spell it.
    #[serde(rename = "mlSpecVersion")]
    pub ml_spec_version: Optional<SpecVersion>,
    /// What the document is: `model-card`.
    pub kind: Optional<KindName>,
    /// The files that an instance of the model needs: a map from name to URI, or to location and relative path.
    #[serde(rename = "runtimeArtifacts")]
    pub runtime_artifacts: Optional<Map<RuntimeArtifact>>,
    /// The framework that the model is made with.
    pub framework: Optional<CardFramework>,
    /// When the model was made.
    pub time_created: Optional<Timestamp>,
    /// Who made the model.
    pub created_by: Optional<Text>,
    /// What the model is for.
    pub purpose: Optional<Purpose>,
    /// The clustering that the model does.
    pub clustering: Optional<Any>,
    /// The reduction of dimensions that the model does.
    pub dimensionality_reduction: Optional<Any>,
    /// Whatever else is to be said about the model.
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
    /// The URI of the file in whichever store holds it.
    pub location: Required<Uri>,
    /// Where the file is laid out when the model is made a service.
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
    /// What else the model needs of its framework.
    pub custom: Optional<FrameworkCustom>,
}

/// What a packaged model needs of its framework, with free keys.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(extend("additionalProperties" = true))]
pub struct FrameworkCustom {
    /// The hardware accelerator.
    pub accelerator: Optional<Text>,
}

/// Whatever else is to be said about a packaged model, with free keys.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(extend("additionalProperties" = true))]
pub struct Custom {
    /// What the model was made from.
    pub origin: Optional<ModelOrigin>,
    /// Until when the model may be used.
    pub expiry: Optional<Text>,
    /// What a user of the model needs to know.
    pub metadata: Optional<CardMetadata>,
}

/// What a packaged model was made from, with free keys.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(extend("additionalProperties" = true))]
pub struct ModelOrigin {
    /// The code.
    pub code_assets: Optional<Any>,
    /// The data.
    pub data_assets: Optional<Any>,
    /// Who made the model.
    #[serde(rename = "created_by")]
    pub created_by: Optional<Text>,
    /// The pipeline.
    pub pipeline: Optional<Any>,
    /// The logs of the training.
    pub logs: Optional<Any>,
}

/// What a user of a packaged model needs to know, with free keys.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(extend("additionalProperties" = true))]
pub struct CardMetadata {
    /// The features that the model needs for scoring.
    pub schema: Optional<FeatureSchema>,
    /// The form of the output.
    pub output_schema: Optional<Any>,
    /// Metrics of the training and of the service: a map from name to value.
    pub metrics: Optional<KeyValues>,
    /// Inputs to try the model with, or where they are.
    #[serde(rename = "sampleInputs")]
    pub sample_inputs: Optional<Any>,
    /// Keys and values by which the model can be found.
    pub tags: Optional<KeyValues>,
}

/// The features that a packaged model needs for scoring, with free keys.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(extend("additionalProperties" = true))]
pub struct FeatureSchema {
    /// The dataset of the model, or its profile.
    pub link_to_dataset: Optional<Text>,
    /// The features: names, types and shapes.
    pub features: Optional<Any>,
    /// The schema of the service that the model becomes.
    pub service_schema: Optional<Any>,
}

/// What tells the kind, what its fields are, and what a first document has.
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
