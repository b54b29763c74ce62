//! `run`: one execution of an experiment.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::artifact::ArtifactType;
use super::common::{Description, Digest, Name, ObjectId, Reference, SpecVersion, Tags, Text, Timestamp};
use super::declaration::{Declaration, KindSignature};
use super::field::{Any, List, Optional, Required};
use super::kind::KindName;
use super::metric::Metric;
use super::one_of::DataPlace;
use super::pipeline_run;
use super::training::{Compression, Conversion, Distribution, Environment, HyperparameterSearch};

/// Declares a document with the fields of a run, followed by its own. Types are resolved at the place of use.
macro_rules! run_document {
    ($(#[doc = $doc:literal])* $name:ident { $($own:tt)* }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
        #[serde(default)]
        pub struct $name {
            /// Version of the MLSpec specification that the document follows.
            #[serde(rename = "mlSpecVersion")]
            pub ml_spec_version: Required<SpecVersion>,
            /// The kind of the document.
            pub kind: Optional<KindName>,
            /// Identifies the run permanently; usually a UUID.
            pub id: Required<ObjectId>,
            /// Names the run.
            pub name: Required<Name>,
            /// A description of the purpose of the run.
            pub description: Optional<Description>,
            /// The project that the run belongs to, by id.
            pub project_id: Optional<Reference>,
            /// The experiment that the run belongs to, by id.
            pub experiment_id: Optional<Reference>,
            /// When the run was submitted.
            #[serde(rename = "submittedDate")]
            pub submitted_date: Optional<Timestamp>,
            /// Who submitted the run.
            #[serde(rename = "submitterId")]
            pub submitter_id: Optional<Text>,
            /// The run that started this one, by id.
            pub parent_run_id: Optional<Reference>,
            /// The runs that this one started, by id; each names this run as its parent.
            pub child_run_ids: Optional<List<Reference>>,
            /// The status of the run. A run executes once.
            pub status: Optional<RunStatus>,
            /// The settings of the run that are not learned.
            pub hyperparameters: Optional<List<Hyperparameter>>,
            /// What the run produced.
            pub artifacts: Optional<List<RunArtifact>>,
            /// The data that the run read.
            pub datasets: Optional<List<RunDataset>>,
            /// What the run measured.
            pub metrics: Optional<List<Metric>>,
            /// Keys and values for finding the run.
            pub tags: Optional<Tags>,
            /// Facts about the run that do not change.
            pub properties: Optional<Tags>,
            /// The code that ran.
            pub code: Optional<Code>,
            $($own)*
            /// When the run began.
            #[serde(rename = "startedOn")]
            #[schemars(extend("x-mlspec-since" = "0.2.0"))]
            pub started_on: Optional<Timestamp>,
            /// When the run ended.
            #[serde(rename = "endedOn")]
            #[schemars(extend("x-mlspec-since" = "0.2.0"))]
            pub ended_on: Optional<Timestamp>,
            /// What the run was executed in.
            #[schemars(extend("x-mlspec-since" = "0.2.0"))]
            pub environment: Optional<Environment>,
            /// How training was distributed.
            #[schemars(extend("x-mlspec-since" = "0.2.0"))]
            pub distribution: Optional<Distribution>,
            /// How hyperparameters were searched, and what was found.
            #[schemars(extend("x-mlspec-since" = "0.2.0"))]
            pub search: Optional<HyperparameterSearch>,
            /// The formats that the model was converted to.
            #[schemars(extend("x-mlspec-since" = "0.2.0"))]
            pub conversions: Optional<List<Conversion>>,
            /// What was done to make the model smaller or faster.
            #[schemars(extend("x-mlspec-since" = "0.2.0"))]
            pub compression: Optional<List<Compression>>,
        }
    };
}
pub(super) use run_document;

run_document! {
    /// One execution of an experiment: its inputs, parameters, metrics and artifacts.
    Run {
        /// The pipeline that the run executes, by name or id.
        pub pipeline: Optional<Reference>,
    }
}

/// The status of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(
    inline,
    extend("x-mlspec-aliases" = {
        "CANCELED": "cancelled", "DONE": "completed", "FINISHED": "completed", "KILLED": "cancelled", "PENDING": "queued",
        "SCHEDULED": "queued", "SUCCEEDED": "completed", "SUCCESS": "completed"
    })
)]
pub enum RunStatus {
    /// Waits to be started.
    Queued,
    /// Is being executed.
    Running,
    /// Ended as intended.
    Completed,
    /// Ended with an error.
    Failed,
    /// Was stopped.
    Cancelled,
}

/// A setting of a run.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Hyperparameter {
    /// Names the setting.
    pub key: Required<Text>,
    /// Its value.
    #[schemars(extend("not" = {"type": "null"}))]
    pub value: Required<Any>,
}

/// Something that a run produced.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct RunArtifact {
    /// Names the artifact among those of its run.
    pub key: Required<Text>,
    /// Where the artifact is stored: a datapath; a bare path is accepted with a warning.
    pub path: Optional<DataPlace>,
    /// The type of the artifact.
    pub artifact_type: Optional<ArtifactType>,
    /// Digest of the file, if the artifact is a model.
    #[serde(rename = "modelDigest")]
    pub model_digest: Optional<Digest>,
}

/// Data that a run read.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct RunDataset {
    /// Names the data among those of its run.
    pub key: Required<Text>,
    /// Where the data is: a datapath, or a bare path.
    pub path: Optional<DataPlace>,
    /// The type of the data.
    pub artifact_type: Optional<ArtifactType>,
    /// What the run used the data for, such as training or validation.
    pub role: Optional<Text>,
    /// The dataset, by `name@version` or id.
    pub dataset: Optional<Reference>,
    /// Digest of the content that was read.
    pub digest: Optional<Digest>,
}

/// The code that a run executed.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Code {
    /// The repository that holds the code.
    pub repository: Optional<Text>,
    /// The commit that was executed.
    pub commit: Optional<Text>,
}

/// How the kind is recognized, the roles of its fields, and the seed of a new document.
pub(super) const DECLARATION: Declaration = Declaration {
    since: "0.0.1",
    summary: "One execution of an experiment: its inputs, parameters, metrics and artifacts.",
    signature: KindSignature {
        own: &[
            &["experiment_id", "submittedDate", "hyperparameters|metrics|submitterId"],
            &["submittedDate", "submitterId", "hyperparameters|metrics"],
        ],
        telling: &[&["experiment_id", "submittedDate|submitterId"]],
        // MLflow, LangSmith, Comet and many ad-hoc scripts write these.
        everyday: &[
            &["experiment_id"],
            &["hyperparameters", "metrics"],
            &["submittedDate|submitterId", "id"],
            &["parent_run_id|child_run_ids"],
        ],
    },
    // A run is a single step compared to a pipeline run.
    fields: match pipeline_run::FIELDS.split_last() {
        Some((_, fields)) => fields,
        None => &[],
    },
    seed: || json!({"experiment_id": "credit-default"}),
};
