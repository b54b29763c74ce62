//! Documents of other formats: no finding is reported about them, and no fix changes them.

use std::path::Path;
use std::process::Command;

use assert_fs::TempDir;
use assert_fs::prelude::*;
use mlspec_lint::analysis::{Options, lint_text, members};
use mlspec_lint::diagnostics::Severity;
use mlspec_lint::documents::Kind;

/// Runs the program; returns exit code, standard output and standard error.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_mlspec-lint")).args(arguments).current_dir(folder).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// A file of another format: the name of the format, the file's name, its text.
type Neighbour = (&'static str, &'static str, &'static str);

const NEIGHBOURS: &[Neighbour] = &[
    (
        "mlflow-run",
        "mlruns/7/0a1b2c3d/meta.yaml",
        "artifact_uri: file:///home/ada/mlruns/7/0a1b2c3d/artifacts\nend_time: 1735689661000\nentry_point_name: ''\n\
         experiment_id: '7'\nlifecycle_stage: active\nrun_id: 0a1b2c3d\nrun_name: brave-owl-12\nrun_uuid: 0a1b2c3d\n\
         source_name: ''\nsource_type: 4\nsource_version: ''\nstart_time: 1735689600000\nstatus: 3\ntags: []\nuser_id: ada\n",
    ),
    // From versions in which runs could not be deleted.
    (
        "mlflow-run",
        "old/meta.yaml",
        "artifact_uri: ./mlruns/0/9f/artifacts\nexperiment_id: 0\nname: ''\nrun_uuid: 9f\nstatus: 3\nuser_id: ada\n",
    ),
    (
        "mlflow-run",
        "run.json",
        "{\"info\": {\"run_id\": \"0a1b\", \"experiment_id\": \"7\", \"status\": \"FINISHED\"}, \"data\": {\"metrics\": {\"auc\": 0.9}}}\n",
    ),
    (
        "mlflow-run",
        "reply.json",
        "{\"run\": {\"info\": {\"run_id\": \"0a1b\", \"experiment_id\": \"7\"}, \"data\": {}}}\n",
    ),
    (
        "mlflow-experiment",
        "mlruns/7/meta.yaml",
        "artifact_location: file:///home/ada/mlruns/7\ncreation_time: 1735689600000\nexperiment_id: '7'\n\
         last_update_time: 1735689600000\nlifecycle_stage: active\nname: churn\n",
    ),
    (
        "mlflow-logged-model",
        "mlruns/7/models/m-4d5e/meta.yaml",
        "artifact_location: file:///home/ada/mlruns/7/models/m-4d5e/artifacts\ncreation_timestamp: 1735689600000\n\
         experiment_id: '7'\nlast_updated_timestamp: 1735689600000\nmodel_id: m-4d5e\nmodel_type: ''\nname: churn\n\
         source_run_id: 0a1b2c3d\nstatus: 2\nstatus_message: null\n",
    ),
    (
        "mlflow-registered-model",
        "mlruns/models/churn/meta.yaml",
        "aliases: {}\ncreation_timestamp: 1735689600000\ndescription: null\nlast_updated_timestamp: 1735689600000\nname: churn\n",
    ),
    (
        "mlflow-registered-model",
        "mlruns/models/churn/version-1/meta.yaml",
        "creation_timestamp: 1735689600000\ncurrent_stage: None\nlast_updated_timestamp: 1735689600000\nname: churn\n\
         run_id: 0a1b\nsource: file:///m\nstatus: READY\nversion: 1\n",
    ),
    (
        "mlflow-run-input",
        "mlruns/7/datasets/1c/meta.yaml",
        "digest: 8a3c\nname: loans\nprofile: '{}'\nschema: '{}'\nsource: '{}'\nsource_type: local\n",
    ),
    (
        "mlflow-run-input",
        "mlruns/7/0a1b/inputs/2d/meta.yaml",
        "destination_id: 0a1b\ndestination_type: 3\nsource_id: 1c\nsource_type: 1\ntags: {}\n",
    ),
    (
        "mlflow-trace",
        "mlruns/7/traces/tr-1/trace_info.yaml",
        "execution_time_ms: 20\nexperiment_id: '7'\nrequest_id: tr-1\nstatus: OK\ntimestamp_ms: 1735689600000\n",
    ),
    (
        "mlflow-model",
        "mlruns/7/0a1b/artifacts/model/MLmodel",
        "artifact_path: model\nflavors:\n  python_function:\n    loader_module: mlflow.sklearn\nrun_id: 0a1b\n\
         utc_time_created: '2026-01-01 00:00:00'\n",
    ),
    (
        "mlflow-project",
        "MLproject",
        "name: churn\nconda_env: conda.yaml\nentry_points:\n  main:\n    parameters:\n      rows: {type: float, default: 10}\n\
         \x20   command: python fit.py {rows}\n",
    ),
    // Only its name identifies a file that a project generator has yet to fill in.
    ("mlflow-project", "template/mlproject", "name: {{ cookiecutter.name }}\nentry_points:\n  main: {\n"),
    (
        "mlflow-python-env",
        "python_env.yaml",
        "python: \"3.11\"\nbuild_dependencies: [pip]\ndependencies: [-r requirements.txt]\n",
    ),
    (
        "dvc-pipeline",
        "dvc.yaml",
        "vars:\n  - model: forest\nstages:\n  fit:\n    cmd: python fit.py ${model}\n    deps: [fit.py, data]\n    outs: [model.pkl]\n",
    ),
    ("dvc-pipeline", "pipelines/train.yaml", "stages:\n  fit:\n    foreach: [a, b]\n    do:\n      cmd: fit ${item}\n"),
    (
        "dvc-lock",
        "dvc.lock",
        "schema: '2.0'\nstages:\n  fit:\n    cmd: python fit.py\n    deps:\n    - path: data\n      md5: 22e.dir\n      size: 12\n",
    ),
    (
        "dvc-file",
        "data/loans.csv.dvc",
        "outs:\n- md5: a304afb96060aad90176268345e10355\n  size: 37891850\n  path: loans.csv\n",
    ),
    (
        "dvc-params",
        "params.yaml",
        "model: forest\nmodel_architecture: {depth: 3}\ntraining_params: {rows: 10}\ndata_process: {seed: 1}\n",
    ),
    (
        "hugging-face-card",
        "model/README.md",
        "---\nlicense: apache-2.0\nlibrary_name: transformers\nmodel-index:\n- name: x\n  results: []\n---\n# X\n\n* `a: [b`: c\n",
    ),
    (
        "hugging-face-card",
        "data/README.md",
        "---\npretty_name: Loans\ntask_categories: [tabular-classification]\n---\n\n> text\n",
    ),
    ("markdown", "docs/intro.md", "---\nlayout: page\nlicense: MIT\n---\n- a: b: c\n"),
    ("markdown", "docs/plain.md", "# Title\n\ntext: with: colons\n"),
    (
        "hugging-face-results",
        ".eval_results/hle.yaml",
        "- dataset:\n    id: cais/hle\n    task_id: hle\n  value: 20.9\n  date: '2026-01-15'\n",
    ),
    (
        "azure-ml",
        "azure/train.yml",
        "$schema: https://azuremlschemas.azureedge.net/latest/pipelineJob.schema.json\ntype: pipeline\njobs:\n  fit:\n\
         \x20   type: command\n    component: ./fit.yml\n",
    ),
    ("azure-ml", "azure/data.yml", "$schema: http://azureml/sdk-2-0/Data.json\nname: loans\n"),
    (
        "azure-ml",
        "azure/job.yml",
        "type: command\ncommand: python fit.py\nenvironment: azureml:sklearn:3\ncompute: azureml:cpu\n",
    ),
    (
        "wandb-sweep",
        "sweep.yaml",
        "program: fit.py\nmethod: bayes\nmetric: {name: loss, goal: minimize}\nparameters:\n  lr: {min: 0.1, max: 0.2}\n",
    ),
    (
        "wandb-config",
        "wandb/run-1/files/config.yaml",
        "wandb_version: 1\nframework: {value: torch}\nmodel: {value: a}\ndataset: {value: b}\n",
    ),
    (
        "croissant",
        "croissant.json",
        "{\"@context\": {\"cr\": \"http://mlcommons.org/croissant/\"}, \"@type\": \"sc:Dataset\", \"name\": \"x\", \"version\": \"1.0.0\"}\n",
    ),
    (
        "croissant",
        "metadata.json",
        "{\"@type\": \"Dataset\", \"conformsTo\": \"http://mlcommons.org/croissant/1.1\", \"name\": \"x\"}\n",
    ),
    (
        "kserve",
        "serve.yaml",
        "apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata: {name: x}\nspec:\n  predictor:\n    model: {storageUri: gs://x}\n",
    ),
    (
        "seldon",
        "seldon.yaml",
        "apiVersion: machinelearning.seldon.io/v1\nkind: SeldonDeployment\nmetadata: {name: x}\n",
    ),
    // Other tools may use our kinds in lower case.
    (
        "kubernetes",
        "crd.yaml",
        "apiVersion: ml.contoso.com/v1\nkind: dataset\nlocation: s3://x\nversionedBy: a\nversionedOn: b\n",
    ),
    (
        "kfp-component",
        "component.yaml",
        "name: Fit\ninputs:\n- {name: rows, type: Integer}\nimplementation:\n  container:\n    image: python:3.11\n    command: [fit]\n",
    ),
    (
        "kfp-ir",
        "pipeline.yaml",
        "components: {}\ndeploymentSpec: {executors: {}}\npipelineInfo: {name: x}\nroot: {dag: {tasks: {}}}\nschemaVersion: 2.1.0\n\
         ---\nplatforms: {kubernetes: {}}\n",
    ),
    ("conda", "conda.yaml", "name: x\nchannels: [conda-forge]\ndependencies:\n- python=3.11\n- pip:\n  - mlflow\n"),
    ("conda", "environment-dev.yml", "name: x\ndependencies: [python=3.11]\n"),
    (
        "ffdl",
        "manifest.yml",
        "name: digits\nversion: \"1.0\"\ngpus: 0\nlearners: 1\nmemory: 1Gb\ndata_stores:\n- id: sl\n  type: mount_cos\n\
         \x20 training_data: {container: digits}\n  connection: {auth_url: https://s3.contoso.com}\n\
         framework: {name: tensorflow, version: 1.5, command: python fit.py}\n",
    ),
    ("bentofile", "bentofile.yaml", "service: \"service:svc\"\ninclude: [\"*.py\"]\nmodels: [x]\n"),
    ("mlcube", "mlcube.yaml", "name: x\ntasks:\n  fit:\n    parameters: {inputs: {data: data}}\n"),
    (
        "openlineage",
        "event.json",
        "{\"eventType\": \"COMPLETE\", \"eventTime\": \"2026-01-01T00:00:00Z\", \"run\": {\"runId\": \"3f\"}, \"producer\": \"https://x\"}\n",
    ),
    (
        "langsmith-run",
        "trace.json",
        "{\"id\": \"3f0f\", \"name\": \"Chat\", \"run_type\": \"llm\", \"parent_run_id\": null, \"child_run_ids\": []}\n",
    ),
    (
        "sarif",
        "report.sarif.json",
        "{\"version\": \"2.1.0\", \"runs\": [{\"tool\": {\"driver\": {\"name\": \"x\"}}, \"results\": []}]}\n",
    ),
    (
        "json-schema",
        "dataset.schema.json",
        "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"properties\": {}}\n",
    ),
];

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    for (_, name, text) in NEIGHBOURS {
        folder.child(name).write_str(text).unwrap();
    }
    folder
}

#[test]
fn neighbours_are_known_by_name() {
    let folder = folder();
    for (format, name, _) in NEIGHBOURS {
        let (_, out, _) = run(folder.path(), &["kinds", name, "--isolated", "--format", "json"]);
        let rows: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(rows[0]["format"], *format, "{name}: {out}");
        assert_eq!(rows[0]["kind"], serde_json::Value::Null, "{name}");
    }
}

#[test]
fn nothing_is_found_in_neighbours_and_no_byte_of_them_changed() {
    let folder = folder();
    // A folder without any MLSpec is a usage error; files that are known by their name only are not read.
    for options in [&[][..], &["--fix"], &["--fix", "--unsafe-fixes"], &["--diff", "--unsafe-fixes"]] {
        let (code, out, err) =
            run(folder.path(), &[&["check", ".", "--isolated", "--format", "concise"], options].concat());
        assert!(out.contains("no findings") || out.is_empty(), "{options:?}: {out}");
        assert!(err.contains("nothing to check (left alone: "), "{options:?}: {err}");
        assert_eq!(code, 2);
        for (_, name, text) in NEIGHBOURS {
            assert_eq!(std::fs::read_to_string(folder.path().join(name)).unwrap(), *text, "{name} after {options:?}");
        }
    }
}

#[test]
fn a_neighbour_that_is_named_itself_is_left_alone_as_well() {
    let folder = folder();
    for (_, name, text) in NEIGHBOURS {
        let (code, out, err) =
            run(folder.path(), &["check", name, "--isolated", "--fix", "--unsafe-fixes", "--format", "concise"]);
        assert!(out.starts_with("Checked 0 documents in 1 file (1 skipped: 1 "), "{name}: {out}");
        assert_eq!(code, 2, "{name}: {err}");
        assert_eq!(std::fs::read_to_string(folder.path().join(name)).unwrap(), *text, "{name}");
    }
}

#[test]
fn what_carries_a_version_of_mlspec_is_mlspec_whatever_else_it_has() {
    let folder = TempDir::new().unwrap();
    let is_plain = |text: &str| !text.starts_with('-') && !text.contains("kind:");
    for (_, name, text) in NEIGHBOURS.iter().filter(|(_, name, text)| name.ends_with(".yaml") && is_plain(text)) {
        folder.child(name).write_str(&format!("mlSpecVersion: 0.1.0\nkind: run\n{text}")).unwrap();
        let (code, out, _) = run(folder.path(), &["check", name, "--isolated", "--format", "concise"]);
        assert!(out.contains("Checked 1 document in 1 file"), "{name}: {out}");
        assert_eq!(code, 1, "{name}: {out}");
    }
}

/// Documents of other tools that are not known by name: the text, and whether it gets the hint.
const STRANGERS: &[(&str, bool)] = &[
    ("{\"name\": \"x\", \"framework\": {\"name\": \"next\"}, \"version\": \"1.0.0\"}", false),
    ("id: /subscriptions/x\nname: aks1\nlocation: westeurope\nversion: \"1.29\"\ntags: {env: dev}", false),
    ("id: svc\nstatus: active\nversions: [{id: v1}, {id: v2}]", false),
    ("versions: [1, 2]\ncreatedUtc: 2026-01-01T00:00:00Z", false),
    ("id: 12\ntitle: Talk\nsubmittedDate: 2026-06-01\nspeaker: Jane", false),
    ("id: 12\nsubmitterId: jane\nabstract: x", false),
    ("parent_run_id: 5\njob: nightly", false),
    ("created_by_run_id: 5\nkey: x", false),
    ("id: 17\nname: billing\ntype: http\nstatus: up\npath: /v1/billing", false),
    ("id: 17\nname: db\ntype: sql\nstatus: active\nserver: db1\nconnectionString: x", false),
    ("id: 1\nname: Berlin\nlocation: [52.5, 13.4]\nversion: 3", false),
    ("location: Berlin\ndateGenerated: 2026-01-01\ntemperature: 3", false),
    ("hyperparameters: {lr: 0.1}\nmetrics: {accuracy: 0.91}\ngit: abc", false),
    ("experiment_id: 7\nhyperparameters: {lr: 0.1}\nmetrics: {accuracy: 0.91}", false),
    ("framework: {backend: torch}\ntrain: {lr: 0.1}\nserve: {port: 80}", false),
    ("framework: torch\nmodel: resnet\ndataset: cifar\ntraining_params: {lr: 0.1}", false),
    ("model: resnet\nmodel_architecture: {depth: 3}", false),
    ("process: [{name: resize, params: {w: 10}}]", false),
    ("data: {source_id: 4}", false),
    ("data_stores: [{name: a, connection: {url: x}}]", false),
    ("provider: openai\nmodel_identifier: gpt\nname: chat", false),
    ("requestInfo: {ip: 10.0.0.1}\ninputs: [a]", false),
    ("input_features: [1]\nprediction: 0.4\nmodel_id: m1", false),
    ("specVersion: \"1.6\"\nbomFormat: CycloneDX\nframework: x", false),
    ("specVersion: \"1.6\"\nframework: {name: x}", false),
    ("snapshot_id: snap-1\nversion: 4", false),
    ("model: m\nmetrics: [{name: auc, value: 0.9}]", false),
    ("objectives: [reduce churn]\nlanguage: en", false),
    ("objectives: [{title: x, expect: y}]", false),
    ("steps: {a: {cmd: make, outs: [x]}}", false),
    ("steps: {a: {run: make}}\npipeline: nightly", false),
    ("steps: {a: {}}\nedges: [{from: a, to: b}]", false),
    // Kinds of other tools with the same names as ours.
    ("kind: pipeline\ntype: docker\nname: default\nsteps: [{name: test, commands: [make]}]", false),
    ("kind: model\nname: m\nprovider: x", false),
    ("kind: test\nname: smoke\ncmd: pytest", false),
    ("kind: run\nversion: 1.1\nrun: {kind: job}", false),
    ("kind: operation\nversion: 1.1\nhubRef: x\nparams: {lr: {value: 0.1}}", false),
    ("kind: component\nversion: 1.1\nrun: {kind: job}", false),
    ("kind: dataset\nurl: https://x", false),
    ("kind: module\nname: x", false),
    ("kind: dataset\nlocation: s3://x", true),
    ("kind: pipeline\nsteps: {a: {image: x}}", true),
    ("kind: run\nexperiment_id: 4\nseed: 3", true),
    // MLSpec documents whose authors forgot to declare it.
    ("location: s3://x\nversionNotes: none", true),
    ("id: 1\nname: lake\ntype: s3\nstatus: Active\nbucket: b", true),
    ("DataStore: lake\nRelativePath: raw/loans", true),
    ("experiment_id: 4\nsubmittedDate: 2026-06-09T06:11:30Z\nname: x", true),
    ("created_by_run_id: 4\nartifact_type: file", true),
    ("steps: {a: {moduleName: x}}", true),
    ("steps: {a: {cmd: make, deps: [x], outs: [y]}}", true),
    ("model: m\ndataset: d\nperformedOn: 2026-06-09T06:11:30Z\nmetrics: []", true),
    ("train: {trainable: true}", true),
];

#[test]
fn a_guess_is_at_most_one_hint_and_changes_nothing() {
    let folder = TempDir::new().unwrap();
    for (text, is_told) in STRANGERS {
        let file = folder.child("config.yaml");
        file.write_str(&format!("{text}\n")).unwrap();
        let (code, out, err) = run(
            folder.path(),
            &["check", ".", "--isolated", "--format", "concise", "--fix", "--unsafe-fixes", "--fail-on", "warning"],
        );
        let found: Vec<_> = out.lines().filter(|line| line.starts_with("config.yaml:")).collect();
        match is_told {
            true => assert!(
                found.len() == 1 && found[0].starts_with("config.yaml:1:1: info[document/looks-like] ") && code == 0,
                "{text}\n{code} {out}{err}"
            ),
            false => assert!(found.is_empty() && code == 2, "{text}\n{code} {out}{err}"),
        }
        assert_eq!(std::fs::read_to_string(file.path()).unwrap(), format!("{text}\n"));
    }
}

#[test]
fn a_stranger_that_says_mlspec_is_checked_as_such() {
    let options = Options { explicit: false, ..Options::default() };
    for (text, _) in STRANGERS.iter().filter(|(text, _)| !text.starts_with('{')) {
        for key in ["mlSpecVersion", "\"mlSpecVersion\"", "'ml_spec_version'", "MlSpecVersion"] {
            let report = lint_text("config.yaml", &format!("{key}: 0.1.0\n{text}\n"), &options);
            let is_checked = report.documents[0].is_some() || !report.findings.is_empty();
            assert!(is_checked && report.guesses.is_empty(), "{key}\n{text}");
            let rules: Vec<_> = report.findings.iter().map(|finding| finding.rule.id).collect();
            assert!(!rules.contains(&"document/looks-like"), "{key}\n{text}\n{rules:?}");
        }
    }
}

const MODEL: &str = "name: OCR\nmodel_identifier: OCR\nframework: {name: tensorflow, version: \"2.1\"}\nlicense: Apache 2.0\ntrain: 4\n";

#[test]
fn a_document_with_keys_of_our_own_is_checked_and_never_an_error_and_never_changed() {
    let folder = TempDir::new().unwrap();
    let file = folder.child("ocr.yaml");
    file.write_str(MODEL).unwrap();
    folder.child("mlspec-lint.toml").write_str("[rules]\n\"document/wrong-type\" = \"error\"\n").unwrap();
    for path in [".", "ocr.yaml"] {
        let (code, out, _) =
            run(folder.path(), &["check", path, "--format", "concise", "--fix", "--unsafe-fixes", "--fail-on", "info"]);
        assert!(out.contains("warning[document/wrong-type]"), "{out}");
        assert!(out.contains("warning[governance/license-not-spdx]"), "{out}");
        assert!(!out.contains("error["), "{out}");
        assert_eq!(code, 0, "a guess does not decide: {out}");
        assert_eq!(std::fs::read_to_string(file.path()).unwrap(), MODEL);
    }
    let (_, out, _) = run(folder.path(), &["check", ".", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    let license =
        report["findings"].as_array().unwrap().iter().find(|found| found["rule"] == "governance/license-not-spdx");
    let fix = &license.unwrap()["fixes"][0];
    assert_eq!(
        (&fix["applicability"], &fix["edits"][0]["text"]),
        (&"display".into(), &"Apache-2.0".into()),
        "it is shown"
    );
    assert_eq!(report["summary"]["fixable"], 0);
}

#[test]
fn a_document_is_ours_when_it_or_the_user_says_so() {
    let folder = TempDir::new().unwrap();
    let said = format!("kind: model\n{MODEL}");
    let version = format!("mlSpecVersion: 0.1.0\nkind: model\n{MODEL}");
    let config = "[[kind]]\nfiles = [\"*.yaml\"]\nkind = \"model\"\n";
    for (text, config, options) in
        [(said.as_str(), "", &[][..]), (&version, "", &[]), (MODEL, config, &[]), (MODEL, "", &["--kind", "model"])]
    {
        folder.child("ocr.yaml").write_str(text).unwrap();
        folder.child("mlspec-lint.toml").write_str(config).unwrap();
        let (code, out, _) = run(folder.path(), &[&["check", ".", "--format", "concise", "--fix"], options].concat());
        assert!(out.contains("error[document/wrong-type]"), "{text}{config}{options:?}: {out}");
        assert_eq!(code, 1, "{out}");
        let after = std::fs::read_to_string(folder.path().join("ocr.yaml")).unwrap();
        assert_eq!(after, text.replace("Apache 2.0", "Apache-2.0"), "{options:?}");
    }
}

#[test]
fn nothing_is_said_about_the_yaml_of_others() {
    let folder = TempDir::new().unwrap();
    for text in ["- a: &a 1\n- b: 2\n", "a: &a 1\nb: 2\nb: 3\n", "&a text\n", "- !!python/object:x {}\n- *b\n"] {
        let file = folder.child("a.yml");
        file.write_str(text).unwrap();
        let (code, out, _) = run(folder.path(), &["check", ".", "--isolated", "--fix", "--format", "concise"]);
        assert!(code == 2 && out.contains("no findings"), "{text}{out}");
        // If the file itself is named, it is a finding that it is not MLSpec.
        let (code, out, _) = run(folder.path(), &["check", "a.yml", "--isolated", "--fix", "--format", "concise"]);
        assert!(code == 1 && out.contains("Checked 0 documents in 1 file: 1 error"), "{text}{out}");
        assert_eq!(std::fs::read_to_string(file.path()).unwrap(), text);
    }
}

#[test]
fn a_model_card_says_so_with_its_own_version() {
    let text = "specVersion: 0.0.1\nruntimeArtifacts: [a]\nframework: {name: x}\n";
    let report = lint_text("card.yml", text, &Options { explicit: false, ..Options::default() });
    assert!(report.findings.iter().any(|finding| finding.severity == Severity::Error), "{:#?}", report.findings);
    assert!(report.guesses.is_empty());
}

#[test]
fn other_documents_cannot_refer_to_a_hint() {
    let kinds = |text: &str| -> Vec<Kind> {
        members("lake.yml", text, &Options::default()).iter().map(|member| member.kind).collect()
    };
    let datastore = "id: 1\nname: lake\ntype: s3\nstatus: Active\nbucket: b\n";
    assert_eq!(kinds(datastore), []);
    assert_eq!(kinds(&format!("kind: datastore\n{datastore}")), [Kind::Datastore]);
    assert_eq!(kinds(&format!("apiVersion: v1\n---\n{MODEL}")), [], "what the check leaves alone");
    assert_eq!(kinds(MODEL), [Kind::Model]);
}

#[test]
fn a_missing_version_is_found_where_the_kind_is_said() {
    let folder = TempDir::new().unwrap();
    let text = "kind: dataset\nid: 592f0c1c-72ae-4236-9202-7e6aff1954f4\nname: loans\nstate: active\nversion: 1.0.1\nlocation: s3://x/y\n";
    folder.child("a.yml").write_str(text).unwrap();
    let (_, out, _) = run(folder.path(), &["check", ".", "--isolated", "--format", "concise"]);
    assert!(out.contains("document/missing-required] mlSpecVersion") || out.contains("'mlSpecVersion'"), "{out}");
    assert!(out.contains("Checked 1 document "), "{out}");
}

#[test]
fn a_typo_in_a_telling_key_does_not_hide_the_kind() {
    let folder = TempDir::new().unwrap();
    let dataset =
        "mlSpecVersion: 0.1.0\nid: 592f0c1c-72ae-4236-9202-7e6aff1954f4\nname: loans\nstate: active\nversion: 1.0.1\n";
    let run_of = "mlSpecVersion: 0.1.0\nid: 592f0c1c-72ae-4236-9202-7e6aff1954f4\nname: fit\n";
    for (text, key, meant) in [
        (format!("{dataset}locaton: s3://x/y\n"), "locaton", "location"),
        (format!("{dataset}lcoation: s3://x/y\n"), "lcoation", "location"),
        (format!("{dataset}\"locationn\": s3://x/y\n"), "locationn", "location"),
        (format!("{run_of}experimnt_id: a\n"), "experimnt_id", "experiment_id"),
        ("mlSpecVersion: 0.1.0\nname: p\nstep:\n  a:\n    cmd: make\n".to_owned(), "step", "steps"),
    ] {
        folder.child("a.yml").write_str(&text).unwrap();
        let (code, out, _) = run(folder.path(), &["check", ".", "--isolated", "--format", "json"]);
        let report: serde_json::Value = serde_json::from_str(&out).unwrap();
        let findings = report["findings"].as_array().unwrap();
        let unknown = findings
            .iter()
            .find(|found| found["rule"] == "document/unknown-field")
            .unwrap_or_else(|| panic!("{text}{out}"));
        let told = format!("{}{}", unknown["message"], unknown["help"]);
        assert!(told.contains(key) && told.contains(meant), "{told}");
        assert!(findings.iter().all(|found| found["rule"] != "document/unknown-kind"), "{out}");
        assert_eq!(code, 1);
    }
}

#[test]
fn a_broken_document_counts_when_it_says_what_it_is_and_warns_when_it_is_a_guess() {
    let folder = TempDir::new().unwrap();
    let broken = "model_identifier: ocr\nframework:\n  name: tensorflow\n\tversion: 2\n";
    for (text, severity, expected) in [
        (format!("mlSpecVersion: 0.1.0\n{broken}"), "error", 1),
        (format!("\"mlSpecVersion\": 0.1.0\n{broken}"), "error", 1),
        ("  mlSpecVersion: 0.1.0\n  model_identifier: ocr\n  framework: [\n".to_owned(), "error", 1),
        ("  - [\n  mlSpecVersion: 0.1.0\nmodel_identifier: ocr\n".to_owned(), "error", 1),
        (format!("mlSpecVersion: 0.1.0\n{}: 1\n{broken}", "k".repeat(2000)), "error", 1),
        (broken.to_owned(), "warning", 2),
    ] {
        folder.child("a.yml").write_str(&text).unwrap();
        let (code, out, _) = run(folder.path(), &["check", ".", "--isolated", "--format", "concise"]);
        assert!(out.contains(&format!("{severity}[document/yaml-syntax]")), "{text}{out}");
        assert_eq!(code, expected, "{text}{out}");
    }
    run(folder.path(), &["check", ".", "--isolated", "--fix"]);
    assert_eq!(std::fs::read_to_string(folder.path().join("a.yml")).unwrap(), broken);
    for stranger in ["location: x\nversionNotes: [\n", "apiVersion: v1\nspec: {{ .Values }}\n", "a: [\n"] {
        folder.child("a.yml").write_str(stranger).unwrap();
        let (code, out, _) = run(folder.path(), &["check", ".", "--isolated", "--format", "concise"]);
        assert!(out.contains("no findings"), "{stranger}{out}");
        assert_eq!(code, 2);
    }
}

#[test]
fn what_the_tool_writes_is_left_alone() {
    let folder = TempDir::new().unwrap();
    folder.child("ocr.yaml").write_str(&format!("kind: model\n{MODEL}")).unwrap();
    for format in ["json", "jsonl", "sarif", "gitlab"] {
        let (_, out, _) = run(folder.path(), &["check", "ocr.yaml", "--format", format]);
        folder
            .child(format!("out/report-{format}.{}", if format == "jsonl" { "jsonl" } else { "json" }))
            .write_str(&out)
            .unwrap();
    }
    let (_, out, _) = run(folder.path(), &["kinds", ".", "--format", "json"]);
    folder.child("out/kinds.json").write_str(&out).unwrap();
    let (_, out, _) = run(folder.path(), &["schema", "dataset"]);
    folder.child("out/schema.json").write_str(&out).unwrap();
    run(folder.path(), &["check", "ocr.yaml", "--write-baseline", "out/baseline.json"]);
    let gate = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/gate");
    let (code, out, err) = run(&gate, &GATE);
    assert!(code <= 1 && out.contains("\"verdict\""), "{err}");
    folder.child("out/verdict.json").write_str(&out).unwrap();
    let envelope = "{\"payload\": \"e30=\", \"payloadType\": \"application/vnd.in-toto+json\", \"signatures\": [{\"keyid\": \"a\", \"sig\": \"b\"}]}";
    folder.child("out/verdict.intoto.jsonl").write_str(envelope).unwrap();
    let statement = "{\"_type\": \"https://in-toto.io/Statement/v1\", \"subject\": [], \"predicateType\": \"x\", \"predicate\": {}}";
    folder.child("out/statement.json").write_str(statement).unwrap();
    let files = std::fs::read_dir(folder.path().join("out")).unwrap().count();
    let (code, out, err) = run(folder.path(), &["check", "out", "--isolated", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    let formats = report["summary"]["formats"].as_object().unwrap();
    assert_eq!(formats.values().filter_map(serde_json::Value::as_u64).sum::<u64>(), files as u64, "{formats:?}");
    assert_eq!((code, &report["findings"]), (2, &serde_json::json!([])), "{err}");
}

/// The arguments of a gate on the examples.
const GATE: [&str; 8] = [
    "gate",
    "objectives.yml",
    "--evaluation",
    "candidates/meets-all/evaluation.yml",
    "--test",
    "candidates/meets-all/test.yml",
    "--format",
    "json",
];

#[test]
fn documents_after_a_neighbour_in_its_file_are_its_own_unless_they_say_otherwise() {
    let folder = TempDir::new().unwrap();
    let neighbour =
        "apiVersion: v1\nkind: ConfigMap\n---\nlocation: x\nversionedBy: a\nversionedOn: b\n---\nplain text\n";
    folder.child("a.yml").write_str(neighbour).unwrap();
    let (code, out, _) = run(folder.path(), &["check", "a.yml", "--isolated", "--format", "concise"]);
    assert_eq!((code, out.contains("no findings")), (2, true), "{out}");
    folder.child("a.yml").write_str(&format!("{neighbour}---\nmlSpecVersion: 0.1.0\nkind: dataset\n")).unwrap();
    let (code, out, _) = run(folder.path(), &["check", "a.yml", "--isolated", "--format", "concise"]);
    assert!(code == 1 && out.contains("Checked 1 document in 1 file"), "{out}");
}
