//! Documents in the first version of the objectives language are judged as they always were: byte by byte, the verdict on each kind of
//! claim is the one that was recorded before the second version. Claims decided by few examples are not included: the requirements on them
//! are higher now.

use std::fs;
use std::path::Path;
use std::process::Command;

use assert_fs::TempDir;

#[test]
fn verdicts_on_documents_of_the_first_version_stay() {
    let recorded = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/verdicts");
    let folder = TempDir::new().unwrap();
    for name in ["objectives", "holdback", "validation", "evaluation", "test", "production"] {
        let name = format!("{name}.yml");
        fs::copy(recorded.join(&name), folder.path().join(&name)).unwrap();
    }
    fs::write(folder.path().join("mlspec-lint.toml"), "").unwrap();
    let arguments = "gate objectives.yml --evaluation evaluation.yml --test test.yml --as-of 2026-09-03 --format json";
    let mut command = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"));
    let output = command.args(arguments.split(' ')).current_dir(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let found = String::from_utf8(output.stdout).unwrap();
    let found = found.replacen(&format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION")), "\"version\": \"-\"", 1);
    let expected = fs::read_to_string(recorded.join("verdict.json")).unwrap();
    let objectives = |text: &str| -> Vec<String> { text.split("\"id\": ").map(str::to_owned).collect() };
    for (found, expected) in objectives(&found).iter().zip(objectives(&expected)) {
        assert_eq!(*found, expected);
    }
    assert_eq!(found, expected);
}
