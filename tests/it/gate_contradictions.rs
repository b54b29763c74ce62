//! Evidence that contradicts itself, or is kept from the gate, ends in no pass.

use std::fs;
use std::path::Path;

use crate::support::candidate::*;

/// Writes a file, and the folders that it is in.
fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

const TRAINING: &str = "\
mlSpecVersion: 0.1.0
kind: run
id: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7d01
name: fit
status: completed
submittedDate: 2026-05-01T08:00:00Z
datasets:
  - {key: data, dataset: churn-validation@1.0.0}
artifacts:
  - {key: churn, path: {DataStore: lake, RelativePath: m.onnx}, artifact_type: MODEL, modelDigest: 'sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc'}
";

const LEAK: &str = "dataset: churn-holdback@1.0.0}";
const NO_LEAK: &str = "dataset: churn-validation@1.0.0}";

/// Whether the evidence names the run or not, it made the file that was measured.
#[test]
fn the_run_that_made_the_model_must_be_sound_and_seen() {
    let leak = TRAINING.replace(NO_LEAK, LEAK);
    let failed = TRAINING.replace("completed", "failed");
    let of_version = leak
        .replace("key: churn,", "key: churn@2.0.0,")
        .replace(", modelDigest: 'sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc'", "");
    let of_other_file = leak.replace("sha256:cccc", "sha256:dddd");
    let artifact = "---\nmlSpecVersion: 0.1.0\nkind: artifact\nid: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7d02\nname: weights\n\
                    created_by_run_id: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7d01\nartifact_type: MODEL\n\
                    dataPath: {DataStore: lake, RelativePath: m.onnx}\n\
                    digest: sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc\n";
    let line = "{\"mlSpecVersion\": \"0.1.0\", \"kind\": \"run\", \"id\": \"0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7d01\", \"name\": \"fit\", \
                \"datasets\": [{\"key\": \"data\", \"dataset\": \"churn-holdback@1.0.0\"}], \
                \"artifacts\": [{\"key\": \"m\", \"modelDigest\": \"sha256:CCCC\"}]}\n"
        .replace("CCCC", &"c".repeat(64));
    let by_artifact = format!("{}{artifact}", leak.split("artifacts:").next().unwrap());
    for (name, text, version, code, says) in [
        ("fit.yml", TRAINING, "", 0, "gate: pass"),
        ("fit.yml", &leak, "", 2, "was made on data that the run 'fit' read"),
        ("fit.yml", &by_artifact, "", 2, "was made on data that the run 'fit' read"),
        ("fit.yml", &failed, "", 2, "made the model that is judged and is failed"),
        ("fit.yml", &of_version, "@2.0.0", 2, "was made on data that the run 'fit' read"),
        ("fit.yml", &of_version, "", 0, "gate: pass"),
        ("fit.yml", &of_other_file, "", 0, "gate: pass"),
        ("ignored/fit.yml", &leak, "", 2, "is a run that made the model that is judged, and git or the configuration"),
        ("excluded/fit.yml", &leak, "", 2, "name it with --run, or do not ignore it"),
        ("excluded/fit.yml", &by_artifact, "", 2, "ignores it"),
        ("excluded/fit.jsonl", &line, "", 2, "ignores it"),
        ("excluded/fit.yml", &failed, "", 2, "ignores it"),
        ("excluded/fit.yml", &of_version, "@2.0.0", 2, "ignores it"),
        ("excluded/fit.yml", &of_other_file, "", 0, "gate: pass"),
    ] {
        for arguments in [NAMED, &[]] {
            let folder = folder();
            write(folder.path(), name, text);
            write(folder.path(), ".gitignore", "ignored/\n");
            write(folder.path(), "mlspec-lint.toml", "exclude = [\"excluded/**\"]\n");
            for file in ["evaluation.yml", "test.yml"] {
                replace(folder.path(), file, "model: churn\n", &format!("model: churn{version}\n"));
            }
            let (found, printed) = gate(folder.path(), arguments);
            assert!(
                found == code && printed.contains(says),
                "{name} {arguments:?}: exit {found}, not {code} with '{says}':\n{printed}\n{text}"
            );
        }
    }
}

#[test]
fn a_run_that_the_evidence_names_is_not_hidden() {
    let named = TRAINING.replace(NO_LEAK, LEAK).split("artifacts:").next().unwrap().to_owned();
    let run = "model: churn\nrun: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2a7d01\n";
    for (name, copy, code, says) in [
        ("excluded/fit.yml", false, 2, "is a run that the evidence names, and git or the configuration ignores it"),
        ("excluded/fit.yml", true, 2, "was made on data that the run 'fit' read"),
    ] {
        let folder = folder();
        write(folder.path(), name, &named);
        if copy {
            write(folder.path(), "fit.yml", &named);
        }
        write(folder.path(), "mlspec-lint.toml", "exclude = [\"excluded/**\"]\n");
        replace(folder.path(), "evaluation.yml", "model: churn\n", run);
        let (found, printed) = gate(folder.path(), NAMED);
        assert!(found == code && printed.contains(says), "exit {found}, not {code} with '{says}':\n{printed}");
        let run = if copy { "fit.yml" } else { name };
        let (found, printed) = gate(folder.path(), &[NAMED, &["--run", run]].concat());
        assert!(found == 2 && printed.contains("was made on data that the run 'fit' read"), "{printed}");
    }
}

/// A model file under another name is the same file.
#[test]
fn what_was_measured_of_the_file_by_another_name_is_not_passed_over() {
    let bad = TEST.replace("7b05", "7d05").replace("churn-test", "upsell-test").replace("value: 0.9,", "value: 0.2,");
    let renamed = bad.replace("model: churn\n", "model: upsell\n");
    for (text, code, says) in [
        (
            renamed.replace("2026-05-05", "2026-05-06"),
            2,
            "measures the file of this model under the name of another one",
        ),
        (renamed.clone(), 2, "under the name of another one"),
        (renamed.replace("2026-05-05", "2026-05-04"), 0, "gate: pass"),
        (renamed.replace("modelDigest: sha256:cccc", "modelDigest: sha256:dddd"), 0, "gate: pass"),
    ] {
        let folder = folder();
        write(folder.path(), "upsell.yml", &text);
        let (found, printed) = gate(folder.path(), &[]);
        assert!(found == code && printed.contains(says), "exit {found}, not {code} with '{says}':\n{printed}\n{text}");
    }
}
