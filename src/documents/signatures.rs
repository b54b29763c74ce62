//! What tells the kinds of documents that do not say which one they are.

use super::kind::Kind;

/// Keys that together tell a kind. `a.b` is a key below a key, `a.*.b` one below any entry of `a`, `a[]` a list (`a[].b` has an
/// item with that key), `a{}` a mapping; `a=x,y*` a text that one of the patterns describes; of `a|b` one is enough; `!a` must be
/// absent. In a document that is a list itself, `[].a` is a key of an item.
pub(super) type Clue = &'static [&'static str];

/// What tells a kind: it fits when one of its clues does; the more keys its fitting clues name, the better it fits.
pub(super) struct Clues {
    pub kind: Kind,
    /// Keys of MLSpec's own: a document that has all keys of such a clue is of the kind, whatever else it says or does not say.
    /// Several of them, since files of other tools have any single one.
    pub own: &'static [Clue],
    /// Keys that documents of others have as well, but seldom: worth a hint.
    pub telling: &'static [Clue],
    /// Everyday keys: they tell the kind of a document that is MLSpec for certain, and nothing about any other.
    pub everyday: &'static [Clue],
}

/// What tells each kind.
pub(super) const CLUES: &[Clues] = &[
    Clues {
        kind: Kind::Dataset,
        own: &[
            &["location", "versionedBy", "versionedOn"],
            &["location", "dateGenerated", "versionedBy|versionedOn|versionNotes|isReadOnly|isDeprecated"],
        ],
        telling: &[&["location", "versionedBy|versionedOn|versionNotes"]],
        everyday: &[
            &["location"],
            &["location", "dateGenerated"],
            &["location", "isReadOnly|isVisible|isDeprecated"],
            &["location", "id", "name", "version"],
        ],
    },
    Clues {
        kind: Kind::Datastore,
        own: &[],
        telling: &[&["id", "name", "status", "type=s3,gcs,adls,azure_blob,azure_file", "bucket|container"]],
        // Every service and every disk has these.
        everyday: &[&["id", "name", "type", "status", "container|bucket|endpoint|path|server|connectionString"]],
    },
    Clues {
        kind: Kind::Datapath,
        own: &[],
        telling: &[&["DataStore", "RelativePath"]],
        everyday: &[&["DataStore", "Table|Query"]],
    },
    Clues {
        kind: Kind::Artifact,
        own: &[&["created_by_run_id", "data_path", "artifact_type"]],
        telling: &[&["created_by_run_id", "data_path|artifact_type"]],
        everyday: &[&["created_by_run_id"], &["data_path", "artifact_type"]],
    },
    Clues {
        kind: Kind::Module,
        own: &[&["versions[].id", "versions[].version", "createdUtc", "status"]],
        telling: &[&["versions[].id", "createdUtc"]],
        everyday: &[&["versions[]", "createdUtc"], &["versions[].id", "id", "status"]],
    },
    Clues {
        kind: Kind::ModuleVersion,
        own: &[&["snapshot_id", "module", "createdUtc"]],
        telling: &[&["snapshot_id", "module"]],
        everyday: &[&["snapshot_id", "version"], &["module", "version", "createdUtc"]],
    },
    Clues {
        kind: Kind::Pipeline,
        own: &[
            &["steps.*.moduleName", "pipeline[]"],
            &["steps.*.moduleName", "steps.*.computeName|steps.*.cmd|steps.*.deps|steps.*.outs"],
        ],
        telling: &[&["steps.*.moduleName"], &["steps.*.cmd", "steps.*.deps", "steps.*.outs"]],
        everyday: &[
            &["steps{}", "pipeline[]|edges[]"],
            &["steps.*.cmd", "steps.*.deps|steps.*.outs"],
            &["steps{}", "!experiment_id", "!submittedDate"],
        ],
    },
    Clues {
        kind: Kind::PipelineRun,
        own: &[&["pipeline", "steps.*.run", "submittedDate|submitterId"]],
        telling: &[&["pipeline", "steps{}", "submittedDate|submitterId"]],
        everyday: &[&["pipeline", "steps.*.run"], &["pipeline", "steps{}", "experiment_id"]],
    },
    Clues {
        kind: Kind::Run,
        own: &[
            &["experiment_id", "submittedDate", "hyperparameters|metrics|submitterId"],
            &["submittedDate", "submitterId", "hyperparameters|metrics"],
        ],
        telling: &[&["experiment_id", "submittedDate|submitterId"]],
        // MLflow, LangSmith, Comet and many a script of one's own write these.
        everyday: &[
            &["experiment_id"],
            &["hyperparameters", "metrics"],
            &["submittedDate|submitterId", "id"],
            &["parent_run_id|child_run_ids"],
        ],
    },
    Clues {
        kind: Kind::Model,
        own: &[
            &["model_identifier", "framework.name"],
            &[
                "train.trainable",
                "train.model_source|train.data_source|train.execution|train.tested_platforms|train.model_training_results",
            ],
            &["serve.servable", "serve.serving_container_image|serve.model_source|serve.tested_platforms"],
            &["score.scorable", "score.model_features_schema_source|score.model_feature_schema_source"],
            &["convert.onnx_convertable", "convert.model_source|convert.onnx_converted_model"],
            &["data.source_id", "data.domain", "data.website|data.license"],
            &["container_stores[].connection", "data_stores[].connection|data_store_file_paths[].name"],
        ],
        telling: &[
            &["train.trainable|train.model_training_results"],
            &["serve.servable|serve.serving_container_image"],
            &["score.scorable|score.model_features_schema_source|score.model_feature_schema_source"],
            &["convert.onnx_convertable|convert.onnx_converted_model"],
        ],
        everyday: &[
            &["model_identifier", "framework|name"],
            &["name", "framework.name"],
            &["framework{}", "train{}|serve{}"],
            &["train.model_source|train.execution"],
            &["serve.model_source"],
            &["data.source_id"],
            &["data_stores[].connection|container_stores[].connection"],
            &["data_store_file_paths[].name"],
            &["process[].params"],
        ],
    },
    Clues {
        kind: Kind::ModelCard,
        own: &[&["specVersion", "runtimeArtifacts"]],
        telling: &[&["runtimeArtifacts", "framework"]],
        everyday: &[&["specVersion", "framework"], &["runtimeArtifacts"]],
    },
    Clues {
        kind: Kind::Metadata,
        own: &[&["framework", "model", "dataset", "data_process|model_architecture", "training_params"]],
        telling: &[&["data_process", "model_architecture", "training_params"]],
        // Groups of a Hydra configuration.
        everyday: &[
            &["framework", "model", "dataset|training_params"],
            &["model", "model_architecture"],
            &["training_params", "data_process|model_architecture"],
        ],
    },
    Clues {
        kind: Kind::InferenceLog,
        own: &[&["applicationInfo", "requestInfo", "modelInfo"]],
        telling: &[],
        everyday: &[&["modelInfo", "requestInfo|applicationInfo"]],
    },
    Clues {
        kind: Kind::InferenceRequest,
        own: &[&["requestInfo", "resultInfo", "inputs|prediction", "!modelInfo"]],
        telling: &[&["requestInfo", "resultInfo", "!modelInfo"]],
        everyday: &[&["requestInfo", "inputs|prediction", "!modelInfo"]],
    },
    Clues {
        kind: Kind::InferencePrediction,
        own: &[&[
            "inputFeatures",
            "prediction",
            "modelId",
            "predictionExplanation|predictionFeedback|groundTruthLabel",
        ]],
        telling: &[&["predictionExplanation", "predictionFeedback"]],
        everyday: &[&["inputFeatures", "prediction|modelId"], &["predictionExplanation|predictionFeedback"]],
    },
    Clues {
        kind: Kind::Objectives,
        own: &[&["objectives[].expect", "language=mlspec-objectives/*"]],
        telling: &[&["objectives[].id", "objectives[].expect"]],
        everyday: &[&["objectives[]"], &["objectives[].expect"]],
    },
    Clues { kind: Kind::Evaluation, own: &[], telling: MEASURED, everyday: MEASURED_EVERYDAY },
    Clues { kind: Kind::Test, own: &[], telling: MEASURED, everyday: MEASURED_EVERYDAY },
];

const MEASURED: &[Clue] = &[&["model", "dataset", "performedOn", "metrics"]];
const MEASURED_EVERYDAY: &[Clue] = &[&["model", "metrics[]"]];

/// Sections that an inference template fills with lists of attribute names.
pub(super) const TEMPLATE_SECTIONS: &[&str] =
    &["applicationInfo", "requestInfo", "resultInfo", "modelInfo", "prediction"];
