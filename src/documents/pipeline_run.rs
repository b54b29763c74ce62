//! `pipeline-run`: one execution of a pipeline.

use schemars::JsonSchema;
use serde::Deserialize;

use super::common::{Description, Name, ObjectId, Reference, SpecVersion, Tags, Text, Timestamp};
use super::field::{Any, List, Map, Optional, Required};
use super::kind::KindName;
use super::metric::Metric;
use super::run::{Code, Hyperparameter, RunArtifact, RunDataset, RunStatus, run_document};

run_document! {
    /// One execution of a pipeline: a run, with the runs of its steps.
    PipelineRun {
        /// The pipeline that was executed, by name or id.
        pub pipeline: Required<Reference>,
        /// The values of the pipeline's graph parameters.
        pub parameters: Optional<Map<Any>>,
        /// The runs of the steps: a map from the name of a step of the pipeline to its run.
        pub steps: Optional<Map<StepRun>>,
    }
}

/// The execution of one step of a pipeline.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct StepRun {
    /// The run, by id.
    pub run: Optional<Reference>,
    /// How far the run has come.
    pub status: Optional<RunStatus>,
}
