//! Formats of other tools, and of this tool's own output. Such documents are recognized in order to ignore them.

use super::declaration::Clue;

/// One way to recognize a format: by the name of the file, by its keys, or by both.
pub(super) struct FormatSign {
    /// Wildcards for the name of the file, without its folders and in any case; empty if the name does not matter.
    pub files: &'static [&'static str],
    /// The keys that the document has, written as in [the clues](super::clues).
    pub keys: Clue,
}

/// Creates a sign that matches a document with these keys, regardless of its file name.
const fn keys(keys: Clue) -> FormatSign {
    FormatSign { files: &[], keys }
}

/// Creates a sign that matches a file whose name matches one of these wildcards, with these keys.
const fn file(files: &'static [&'static str], keys: Clue) -> FormatSign {
    FormatSign { files, keys }
}

/// Declares the formats: their names, what messages call one such file, and how they are recognized.
macro_rules! formats {
    ($($format:ident = $name:literal, $noun:literal, [$($sign:expr),+ $(,)?];)*) => {
        /// A format other than MLSpec's.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ForeignFormat {
            $(#[doc = concat!("A file of this format: ", $noun, ".")] $format,)*
        }

        impl ForeignFormat {
            /// All formats, in the order in which they are tried.
            pub const ALL: &[Self] = &[$(Self::$format),*];

            /// Its name: `mlflow-run`, `dvc-pipeline`, …
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$format => $name,)* }
            }

            /// Returns what messages call one such file; append an `s` for the plural.
            #[must_use]
            pub fn noun(self) -> &'static str {
                match self { $(Self::$format => $noun,)* }
            }

            /// Returns how it is recognized: any of these is enough.
            pub(super) fn signs(self) -> &'static [FormatSign] {
                match self { $(Self::$format => const { &[$($sign),+] },)* }
            }
        }
    };
}

formats! {
    // Output of this tool, and lists of findings for other tools.
    Report = "mlspec-lint-report", "mlspec-lint report", [
        keys(&["tool.name=mlspec-lint", "findings[]"]),
        // Lines of `--format jsonl`.
        keys(&["rule", "severity", "fingerprint", "pointer"]),
        keys(&["summary.documents", "summary.skipped", "summary.fixable"]),
    ];
    Verdict = "mlspec-lint-verdict", "mlspec-lint verdict", [keys(&["tool.name=mlspec-lint", "verdict"])];
    Baseline = "mlspec-lint-baseline", "mlspec-lint baseline", [
        keys(&["version", "findings[].fingerprint"]),
    ];
    Kinds = "mlspec-lint-kinds", "mlspec-lint listing", [keys(&["[].document", "[].evidence"])];
    InToto = "in-toto", "in-toto attestation", [
        keys(&["payloadType", "payload", "signatures[]"]),
        keys(&["_type=https://in-toto.io/*"]),
    ];
    Sarif = "sarif", "SARIF log", [keys(&["version", "runs[].tool"])];
    CodeQuality = "gitlab-code-quality", "code quality report", [keys(&["[].check_name", "[].fingerprint"])];
    JsonSchema = "json-schema", "JSON Schema", [keys(&["$schema=*json-schema.org*"])];

    MlflowProject = "mlflow-project", "MLflow project", [file(&["MLproject"], &[])];
    MlflowModel = "mlflow-model", "MLflow model", [
        file(&["MLmodel"], &[]),
        keys(&["flavors{}", "utc_time_created"]),
    ];
    MlflowLoggedModel = "mlflow-logged-model", "MLflow logged model", [
        keys(&["experiment_id", "model_id", "artifact_location"]),
    ];
    MlflowExperiment = "mlflow-experiment", "MLflow experiment", [keys(&["experiment_id", "artifact_location"])];
    MlflowRun = "mlflow-run", "MLflow run", [
        keys(&["experiment_id", "lifecycle_stage|artifact_uri"]),
        keys(&["info.experiment_id", "info.run_id|info.run_uuid"]),
        keys(&["run.info.experiment_id"]),
    ];
    MlflowRegistry = "mlflow-registered-model", "MLflow registered model", [
        keys(&["creation_timestamp", "last_updated_timestamp", "name"]),
    ];
    MlflowRunInput = "mlflow-run-input", "MLflow run input", [
        keys(&["source_type", "source", "digest", "schema", "profile"]),
        keys(&["source_type", "source_id", "destination_type", "destination_id"]),
    ];
    MlflowTrace = "mlflow-trace", "MLflow trace", [
        keys(&["request_id", "experiment_id", "timestamp_ms|execution_time_ms"]),
        keys(&["trace_id", "trace_location|request_preview"]),
    ];
    MlflowPythonEnv = "mlflow-python-env", "MLflow Python environment", [keys(&["python", "build_dependencies[]"])];

    DvcLock = "dvc-lock", "DVC lock file", [file(&["dvc.lock"], &[]), keys(&["schema=2.0", "stages{}"])];
    DvcPipeline = "dvc-pipeline", "DVC pipeline", [
        file(&["dvc.yaml"], &[]),
        keys(&["stages.*.cmd|stages.*.foreach|stages.*.matrix"]),
    ];
    DvcFile = "dvc-file", "DVC-tracked file", [file(&["*.dvc"], &[])];
    DvcParams = "dvc-params", "DVC parameter file", [file(&["params.yaml"], &[])];

    HuggingFaceCard = "hugging-face-card", "Hugging Face card", [
        file(
            &["*.md"],
            &[
                "license|language|library_name|pipeline_tag|base_model|datasets|metrics|model-index|widget|inference\
                 |task_categories|task_ids|dataset_info|configs|pretty_name|size_categories|annotations_creators",
                "!sdk",
                "!app_file",
                "!layout",
                "!page_type",
                "!products",
            ],
        ),
    ];
    Markdown = "markdown", "Markdown file", [file(&["*.md", "*.markdown"], &[])];
    HuggingFaceResults = "hugging-face-results", "Hugging Face evaluation", [
        keys(&["[].dataset.id", "[].dataset.task_id", "[].value"]),
    ];

    AzureMl = "azure-ml", "Azure ML definition", [
        keys(&["$schema=*azuremlschemas*,http://azureml/*"]),
        keys(&[
            "type=command,pipeline,sweep,spark,parallel",
            "compute=azureml:*|environment=azureml:*|jobs.*.compute=azureml:*|jobs.*.component=azureml:*\
             |jobs.*.environment=azureml:*|settings.default_compute=azureml:*",
        ]),
    ];
    WandbSweep = "wandb-sweep", "W&B sweep", [keys(&["method=grid,random,bayes", "parameters{}"])];
    WandbConfig = "wandb-config", "W&B configuration", [keys(&["wandb_version"])];
    Croissant = "croissant", "Croissant description", [
        keys(&["@context.cr"]),
        keys(&["@type=*Dataset", "conformsTo=http*://mlcommons.org/croissant/*"]),
    ];
    KfpComponent = "kfp-component", "Kubeflow component", [
        keys(&["implementation.container.image"]),
        keys(&["implementation.graph.tasks"]),
    ];
    KfpPipeline = "kfp-ir", "compiled Kubeflow pipeline", [
        keys(&["pipelineInfo", "deploymentSpec", "root"]),
        keys(&["pipelineSpec.pipelineInfo", "pipelineSpec.root"]),
    ];
    KServe = "kserve", "KServe resource", [keys(&["apiVersion=serving.kserve.io/*,serving.kubeflow.org/*"])];
    Seldon = "seldon", "Seldon resource", [keys(&["apiVersion=machinelearning.seldon.io/*,mlops.seldon.io/*"])];
    Kubernetes = "kubernetes", "Kubernetes resource", [keys(&["apiVersion"])];
    FfDl = "ffdl", "FfDL manifest", [
        keys(&["data_stores[]", "framework.command"]),
        keys(&["data_stores[]", "framework", "learners"]),
    ];
    Bento = "bentofile", "BentoML build file", [file(&["bentofile.y*ml"], &[])];
    MlCube = "mlcube", "MLCube file", [file(&["mlcube.y*ml"], &["tasks{}"])];
    OpenLineage = "openlineage", "OpenLineage event", [keys(&["eventTime", "producer", "run.runId|job.namespace"])];
    LangSmithRun = "langsmith-run", "LangSmith run", [keys(&["run_type", "parent_run_id|child_run_ids|trace_id"])];
    Conda = "conda", "conda environment", [
        keys(&["dependencies[]", "channels"]),
        file(&["*conda*.y*ml", "env*.y*ml"], &["dependencies[]", "name"]),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_formats_are_unique() {
        let mut names: Vec<_> = ForeignFormat::ALL.iter().map(|format| format.name()).collect();
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
