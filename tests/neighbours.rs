//! Documents of others: no finding is reported about them, and no fix changes them.

use std::path::Path;
use std::process::Command;

use assert_fs::TempDir;
use assert_fs::prelude::*;

/// What a run of the program ended with: exit code, standard output, standard error.
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
    // Before runs could be deleted.
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
    for options in [&[][..], &["--fix"], &["--fix", "--unsafe-fixes"], &["--diff", "--unsafe-fixes"]] {
        let (code, out, err) =
            run(folder.path(), &[&["check", ".", "--isolated", "--format", "concise"], options].concat());
        assert!(out.contains("no findings") || out.is_empty(), "{options:?}: {out}");
        assert!(err.contains("nothing to check found (left alone: "), "{options:?}: {err}");
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
    for (_, name, text) in NEIGHBOURS.iter().filter(|(_, name, _)| name.ends_with(".yaml")) {
        folder.child(name).write_str(&format!("mlSpecVersion: 0.1.0\nkind: run\n{text}")).unwrap();
        let (code, out, _) = run(folder.path(), &["check", name, "--isolated", "--format", "concise"]);
        assert!(out.contains("Checked 1 document in 1 file"), "{name}: {out}");
        assert_eq!(code, 1, "{name}: {out}");
    }
}
