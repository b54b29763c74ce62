//! `score`: how a model is scored.

use schemars::JsonSchema;
use serde::Deserialize;

use super::stores::PartSource;
use crate::documents::field::{KeyValues, Optional};

/// How a model is scored.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Score {
    /// Whether the model can be scored. Default: false.
    pub scorable: Optional<bool>,
    /// The schema and the features needed for scoring. Required when `score.scorable` is true.
    pub model_features_schema_source: Optional<FeatureSource>,
    /// Metrics of the scoring: a map, or a list of single-key maps.
    pub metrics: Optional<KeyValues>,
    /// Parameters of the scoring: a map, or a list of single-key maps.
    pub params: Optional<KeyValues>,
}

/// The schema and the features needed for scoring.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct FeatureSource {
    /// Where the files are. Required when `score.scorable` is true and there are no local files.
    pub scorable_model: Optional<PartSource>,
    /// Where the files are on the user's machine.
    pub scorable_model_local: Optional<ScorableLocal>,
    /// Metrics of the scoring: a map, or a list of single-key maps.
    pub metrics: Optional<KeyValues>,
    /// Parameters of the scoring: a map, or a list of single-key maps.
    pub params: Optional<KeyValues>,
}

/// Files for scoring on the user's machine.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ScorableLocal {
    /// The path on the user's machine.
    pub path: Optional<String>,
    /// Several files, by the name of their group in `data_store_file_paths`.
    pub data_store_file_paths: Optional<String>,
}
