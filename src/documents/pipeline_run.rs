//! `pipeline-run`: one execution of a pipeline.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::common::{Description, Name, ObjectId, Reference, SpecVersion, Tags, Text, Timestamp};
use super::declaration::{Declaration, KindSignature};
use super::field::{Any, List, Map, Optional, Required};
use super::kind::Kind;
use super::kind::KindName;
use super::metric::Metric;
use super::roles::{DATASET, DATASTORE, RUN, ReferenceRole, RoledField, image, range, reference, reference_as};
use super::run::{Code, Hyperparameter, RunArtifact, RunDataset, RunStatus, run_document};
use super::training::{Compression, Conversion, Distribution, Environment, HyperparameterSearch};

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
    /// The status of the run.
    pub status: Optional<RunStatus>,
}

/// How the kind is recognized, the roles of its fields, and the seed of a new document.
pub(super) const DECLARATION: Declaration = Declaration {
    since: "0.0.1",
    summary: "One execution of a pipeline.",
    signature: KindSignature {
        own: &[&["pipeline", "steps.*.run", "submittedDate|submitterId"]],
        telling: &[&["pipeline", "steps{}", "submittedDate|submitterId"]],
        everyday: &[
            &["pipeline", "steps.*.run"],
            &["pipeline", "steps{}", "experiment_id"],
            // In a pipeline, `pipeline` is a list, and so are the parameters; other runs have no steps. What else it shares with a run
            // counts for both.
            &["pipeline=*", "steps.*.run|steps.*.status|parameters{}"],
            &[
                "pipeline=*",
                "steps.*.run|steps.*.status|parameters{}",
                "id|experiment_id|submittedDate|submitterId|hyperparameters|metrics|parent_run_id|child_run_ids",
            ],
        ],
    },
    fields: FIELDS,
    seed: || json!({"experiment_id": "credit-default", "steps": {"train": {"run": "train-1"}}}),
};

/// The fields of a run, followed by that of its steps.
pub(super) const FIELDS: &[RoledField] = &[
    reference_as(&["parent_run_id"], RUN, ReferenceRole::Parent),
    reference_as(&["child_run_ids", "*"], RUN, ReferenceRole::Child),
    reference_as(&["datasets", "*", "dataset"], DATASET, ReferenceRole::RunData),
    reference(&["datasets", "*", "path", "DataStore"], DATASTORE),
    reference(&["artifacts", "*", "path", "DataStore"], DATASTORE),
    reference_as(&["metrics", "*", "dataset"], DATASET, ReferenceRole::MetricData),
    reference(&["pipeline"], &[Kind::Pipeline]),
    reference(&["project_id"], &[Kind::Project]),
    reference(&["experiment_id"], &[Kind::Experiment]),
    range(&[]).newer(),
    image(&["environment", "image"]),
    reference_as(&["search", "dataset"], DATASET, ReferenceRole::SearchData),
    range(&["search", "space", "*"]),
    reference_as(&["search", "trials", "*", "run"], RUN, ReferenceRole::Child),
    reference_as(&["search", "trials", "*", "metrics", "*", "dataset"], DATASET, ReferenceRole::MetricData),
    reference_as(&["compression", "*", "metrics", "*", "dataset"], DATASET, ReferenceRole::MetricData),
    reference_as(&["steps", "*", "run"], RUN, ReferenceRole::StepRun),
];
