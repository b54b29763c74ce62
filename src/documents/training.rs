//! What a run records about training (lifecycle step 7): its environment, the search for hyperparameters, conversions and compression.

use schemars::JsonSchema;
use serde::Deserialize;

use super::common::{Digest, Reference, SoftwareVersion, Text};
use super::field::{Any, List, Map, Optional, Required};
use super::metric::Metric;
use super::objectives::Better;

/// What a run was executed in.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Environment {
    /// The container image, with its digest.
    pub image: Optional<Text>,
    /// The framework that trained the model.
    pub framework: Optional<FrameworkVersion>,
    /// The file that pins the packages.
    pub lockfile: Optional<Lockfile>,
}

/// The framework that trains a model.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct FrameworkVersion {
    /// Names it, such as `lightgbm`.
    pub name: Required<Text>,
    /// Its version.
    pub version: Required<SoftwareVersion>,
}

/// A file that pins packages.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Lockfile {
    /// The path, from the root of the project.
    pub path: Required<Text>,
    /// Digest of the file.
    pub digest: Required<Digest>,
}

/// How training is distributed.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Distribution {
    /// What is divided.
    pub strategy: Required<DistributionStrategy>,
    /// The number of workers.
    #[schemars(extend("minimum" = 1))]
    pub workers: Optional<u64>,
}

/// What is divided among workers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum DistributionStrategy {
    /// Nothing: there is one worker.
    None,
    /// The data.
    DataParallel,
    /// The model.
    ModelParallel,
    /// The data; servers hold the parameters.
    ParameterServer,
}

/// How hyperparameters were searched, and what was found.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct HyperparameterSearch {
    /// How the next values are chosen.
    pub method: Required<SearchMethod>,
    /// The metric that decides.
    pub metric: Required<Text>,
    /// Which values of the metric are better.
    pub better: Required<Better>,
    /// The data that the metric is measured on, by name, `name@version` or id; never hold-back data.
    pub dataset: Optional<Reference>,
    /// The values that are searched: a map from the key of a hyperparameter to its range, or its values.
    pub space: Optional<Map<SearchRange>>,
    /// What was tried, each in a run of its own.
    pub trials: Optional<List<SearchTrial>>,
    /// The run of the best trial, as `trials` names it.
    pub best: Optional<Text>,
}

/// How the next values of a search are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum SearchMethod {
    /// All combinations are tried.
    Grid,
    /// By chance.
    Random,
    /// By what earlier trials promise.
    Bayesian,
    /// Many for a short time, then the better ones for longer.
    Hyperband,
    /// By a person.
    Manual,
}

/// The values of a hyperparameter that are searched.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SearchRange {
    /// The lowest value.
    pub min: Optional<f64>,
    /// The highest value.
    pub max: Optional<f64>,
    /// How values are spread between the two.
    pub scale: Optional<SearchScale>,
    /// The values, if there are only these.
    pub values: Optional<List<Any>>,
}

/// How values are spread in a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum SearchScale {
    /// Evenly.
    Linear,
    /// Evenly by their logarithms.
    Log,
}

/// A trial of a search.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SearchTrial {
    /// The run, by id; it names this run as its parent.
    pub run: Required<Reference>,
    /// What was measured of it.
    pub metrics: Optional<List<Metric>>,
}

/// A conversion of a model to another format.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Conversion {
    /// The format before, such as `lightgbm`.
    pub from: Required<Text>,
    /// The format after, such as `onnx`.
    pub to: Required<Text>,
    /// The version of the set of operators.
    pub opset: Optional<u64>,
    /// The operators that the converted model needs.
    pub operators: Optional<List<Text>>,
    /// The converted model, by its key among the artifacts of the run.
    pub artifact: Optional<Text>,
    /// By how much answers may differ, as a share of their value.
    #[schemars(extend("minimum" = 0))]
    pub rtol: Optional<f64>,
    /// By how much answers may differ, in their unit.
    #[schemars(extend("minimum" = 0))]
    pub atol: Optional<f64>,
    /// By how much answers differed at most, in their unit.
    #[schemars(extend("minimum" = 0))]
    pub max_absolute_error: Optional<f64>,
    /// By how much answers differed at most, as a share of their value.
    #[schemars(extend("minimum" = 0))]
    pub max_relative_error: Optional<f64>,
}

/// What was done to make a model smaller or faster.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Compression {
    /// How.
    pub technique: Required<CompressionTechnique>,
    /// The numbers of the smaller model, such as `int8`.
    pub precision: Optional<Text>,
    /// The size before, such as `48 MB`.
    pub size_before: Optional<Text>,
    /// The size after.
    pub size_after: Optional<Text>,
    /// What was measured of the smaller model.
    pub metrics: Optional<List<Metric>>,
}

/// How a model is made smaller or faster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum CompressionTechnique {
    /// Its numbers have fewer digits.
    Quantization,
    /// What matters little is left out.
    Pruning,
    /// A smaller model learns from it.
    Distillation,
    /// Parts of it share their weights.
    Sharing,
    /// Anything else; describe it with `x-` fields.
    Custom,
}
