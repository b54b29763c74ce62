//! What tells the kinds of documents that do not say which one they are.

use super::kind::Kind;

/// Keys that together tell a kind. `a.b` is a key below a key, `a.*.b` one below any entry of `a`, `a[]` a list (`a[].b` has an
/// item with that key), `a{}` a mapping; `a=x|y*` a text that one of the patterns describes; `!a` must be absent. A document that is a
/// list itself has items with a key `[].a`.
pub(super) type Clue = &'static [&'static str];

/// What tells each kind. A kind fits when one of its clues does; the more keys its fitting clues name, the better it fits.
pub(super) const CLUES: &[(Kind, &[Clue])] = &[
    (
        Kind::Dataset,
        &[
            &["location", "dateGenerated"],
            &["location", "versionedBy"],
            &["location", "versionedOn"],
            &["location", "versionNotes"],
            &["location", "isReadOnly"],
            &["location", "isVisible"],
            &["location", "isDeprecated"],
            &["location", "id", "name", "version"],
            &["location", "mlSpecVersion"],
        ],
    ),
    (
        Kind::Datastore,
        &[
            &["id", "name", "type", "status", "container"],
            &["id", "name", "type", "status", "bucket"],
            &["id", "name", "type", "status", "endpoint"],
            &["id", "name", "type", "status", "path"],
            &["id", "name", "type", "status", "server"],
            &["id", "name", "type", "status", "connectionString"],
        ],
    ),
    (Kind::Datapath, &[&["DataStore", "RelativePath"], &["DataStore", "Table"], &["DataStore", "Query"]]),
    (Kind::Artifact, &[&["created_by_run_id"], &["data_path", "artifact_type"]]),
    (Kind::Module, &[&["versions[]", "createdUtc"], &["versions[].id", "id", "status"]]),
    (
        Kind::ModuleVersion,
        &[&["snapshot_id", "module"], &["module", "version", "createdUtc"], &["snapshot_id", "version"]],
    ),
    (
        Kind::Pipeline,
        &[
            &["steps.*.moduleName"],
            &["steps{}", "pipeline[]"],
            &["steps{}", "edges[]"],
            &["steps.*.cmd", "steps.*.outs"],
            &["steps.*.cmd", "steps.*.deps"],
            &["steps{}", "mlSpecVersion", "!experiment_id", "!submittedDate"],
        ],
    ),
    (
        Kind::PipelineRun,
        &[
            &["pipeline", "steps.*.run"],
            &["pipeline", "steps{}", "submittedDate"],
            &["pipeline", "steps{}", "experiment_id"],
        ],
    ),
    (
        Kind::Run,
        &[
            &["experiment_id"],
            &["hyperparameters", "metrics"],
            &["submittedDate", "id"],
            &["submitterId", "id"],
            &["parent_run_id"],
            &["child_run_ids"],
        ],
    ),
    (
        Kind::Model,
        &[
            &["model_identifier", "framework"],
            &["model_identifier", "name"],
            &["name", "framework.name"],
            &["framework{}", "train{}"],
            &["framework{}", "serve{}"],
            &["train.trainable"],
            &["train.model_source"],
            &["train.model_training_results"],
            &["train.execution"],
            &["serve.servable"],
            &["serve.serving_container_image"],
            &["serve.model_source"],
            &["score.scorable"],
            &["score.model_features_schema_source"],
            &["score.model_feature_schema_source"],
            &["convert.onnx_convertable"],
            &["convert.onnx_converted_model"],
            &["data.source_id"],
            &["data_stores[].connection"],
            &["container_stores[].connection"],
            &["data_store_file_paths[].name"],
            &["process[].params"],
        ],
    ),
    (Kind::ModelCard, &[&["specVersion", "framework"], &["specVersion", "runtimeArtifacts"], &["runtimeArtifacts"]]),
    (
        Kind::Metadata,
        &[
            &["framework", "model", "dataset"],
            &["framework", "training_params", "model"],
            &["model", "model_architecture"],
            &["data_process", "training_params"],
            &["model_architecture", "training_params"],
        ],
    ),
    (Kind::InferenceLog, &[&["requestInfo", "modelInfo"], &["applicationInfo", "modelInfo"]]),
    (
        Kind::InferenceRequest,
        &[
            &["requestInfo", "inputs", "!modelInfo"],
            &["requestInfo", "resultInfo", "!modelInfo"],
            &["requestInfo", "prediction", "!modelInfo"],
        ],
    ),
    (
        Kind::InferencePrediction,
        &[
            &["inputFeatures", "prediction"],
            &["inputFeatures", "modelId"],
            &["predictionExplanation"],
            &["predictionFeedback"],
        ],
    ),
    (Kind::Objectives, &[&["objectives[].expect"], &["objectives[]", "language"]]),
    (Kind::Evaluation, &[&["model", "dataset", "performedOn", "metrics"]]),
    (Kind::Test, &[&["model", "dataset", "performedOn", "metrics"]]),
];

/// Sections that an inference template fills with lists of attribute names.
pub(super) const TEMPLATE_SECTIONS: &[&str] =
    &["applicationInfo", "requestInfo", "resultInfo", "modelInfo", "prediction"];
