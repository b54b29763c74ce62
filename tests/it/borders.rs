//! Nothing outside of the workspace is read or changed because of a document or a link, and no input is overwritten.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output};

use assert_fs::TempDir;

const RUN: &str = "mlSpecVersion: 0.1.0\nkind: run\nname: fit\nexperiment_id: card\nunused: &a 1\n";

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_mlspec-lint")).args(arguments).current_dir(folder).output().unwrap()
}

fn shown(output: &Output) -> String {
    String::from_utf8([output.stdout.as_slice(), &output.stderr].concat()).unwrap()
}

/// Returns a workspace, and a folder beside it with a file that does not belong to it.
fn folders() -> (TempDir, TempDir) {
    let (inside, outside) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    fs::create_dir(inside.path().join(".git")).unwrap();
    fs::write(inside.path().join("own.yml"), RUN).unwrap();
    fs::write(outside.path().join("theirs.yml"), RUN.replace("fit", "tulip")).unwrap();
    (inside, outside)
}

#[test]
fn a_link_that_leaves_the_workspace_is_neither_read_nor_fixed() {
    let (inside, outside) = folders();
    let theirs = outside.path().join("theirs.yml");
    symlink(&theirs, inside.path().join("link.yml")).unwrap();
    symlink(outside.path(), inside.path().join("folder")).unwrap();
    let before = fs::read(&theirs).unwrap();
    for arguments in
        [&["check", ".", "--fix", "--unsafe-fixes"] as &[&str], &["check", "link.yml", "--fix"], &["check", "--diff"]]
    {
        let output = run(inside.path(), arguments);
        assert_eq!(output.status.code(), Some(1), "{}", shown(&output));
        assert!(!shown(&output).contains("tulip"), "{}", shown(&output));
        assert_eq!(fs::read(&theirs).unwrap(), before);
    }
    let output = run(inside.path(), &["check", "."]);
    assert!(shown(&output).contains("link leads out of the workspace"), "{}", shown(&output));
    assert!(shown(&output).contains("note: folder: link to a folder outside"), "{}", shown(&output));
    // A file outside of the workspace may be named explicitly.
    assert!(shown(&run(inside.path(), &["check", theirs.to_str().unwrap()])).contains("Checked 1 document"));
}

#[test]
fn a_link_within_the_workspace_is_followed() {
    let (inside, _) = folders();
    fs::create_dir_all(inside.path().join("shared")).unwrap();
    fs::create_dir_all(inside.path().join("team")).unwrap();
    fs::write(inside.path().join("shared/a.yml"), RUN).unwrap();
    symlink("../shared/a.yml", inside.path().join("team/a.yml")).unwrap();
    let output = run(inside.path(), &["check", "team"]);
    assert!(shown(&output).contains("Checked 1 document"), "{}", shown(&output));
}

/// Neither the existence of such a file nor its contents may be revealed.
#[test]
fn a_test_of_objectives_is_given_nothing_from_outside() {
    let (inside, outside) = folders();
    symlink(outside.path().join("theirs.yml"), inside.path().join("link.yml")).unwrap();
    symlink(outside.path().join("absent.yml"), inside.path().join("broken.yml")).unwrap();
    fs::create_dir(outside.path().join("folder")).unwrap();
    symlink(outside.path().join("folder"), inside.path().join("folder")).unwrap();
    let up = format!("../{}/theirs.yml", outside.path().file_name().unwrap().to_str().unwrap());
    let given = [
        up.as_str(),
        "../absent.yml",
        "../../../../dev/zero",
        "../../../../etc/passwd",
        "link.yml",
        "a/../../x.yml",
        "..",
        "broken.yml",
        "folder/absent.yml",
        "folder/../theirs.yml",
    ];
    let tests: String = given
        .iter()
        .enumerate()
        .map(|(at, given)| format!("  - {{name: t{at}, given: {given}, gate: pass}}\n"))
        .collect();
    let objectives = "mlSpecVersion: 0.1.0\nkind: objectives\nid: b8c75094-30cf-424c-9146-6a8375736625\nname: o\nstatus: Active\nmodel: m\n\
        language: mlspec-objectives/1\ndatasets: {holdback: {dataset: c@1.0.0, stage: test}}\n\
        metrics: {recall: {unit: fraction, range: [0, 1], better: higher}}\nobjectives: [{id: a, expect: recall >= 92% on holdback}]\n";
    fs::write(inside.path().join("objectives.yml"), format!("{objectives}tests:\n{tests}")).unwrap();
    let output = run(inside.path(), &["gate", "objectives.yml", "--self-test"]);
    assert_eq!(
        shown(&output).matches("is outside of the workspace, and is not read").count(),
        given.len(),
        "{}",
        shown(&output)
    );
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn nothing_that_is_read_is_written_over() {
    let folder = TempDir::new().unwrap();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/gate");
    for name in [
        "objectives.yml",
        "candidates/meets-all/evaluation.yml",
        "candidates/meets-all/test.yml",
        "data/calls-holdback.dataset.yml",
    ] {
        fs::copy(examples.join(name), folder.path().join(name.rsplit('/').next().unwrap())).unwrap();
    }
    fs::write(
        folder.path().join("pipeline.yml"),
        "mlSpecVersion: 0.1.0\nkind: pipeline\nname: a\nsteps: {a: {cmd: a}}\n",
    )
    .unwrap();
    fs::write(folder.path().join("known.json"), "{\"version\": 1, \"findings\": []}\n").unwrap();
    fs::write(folder.path().join("mlspec-lint.toml"), "").unwrap();
    fs::hard_link(folder.path().join("pipeline.yml"), folder.path().join("other.txt")).unwrap();
    symlink("test.yml", folder.path().join("link.txt")).unwrap();
    let before = |name: &str| fs::read(folder.path().join(name)).unwrap();
    let names = [
        "objectives.yml",
        "evaluation.yml",
        "test.yml",
        "calls-holdback.dataset.yml",
        "pipeline.yml",
        "known.json",
        "mlspec-lint.toml",
    ];
    let texts: Vec<_> = names.iter().map(|name| before(name)).collect();
    let gate = ["gate", "objectives.yml", "--evaluation", "evaluation.yml", "--test", "test.yml"];
    let with = |more: &[&'static str]| [gate.as_slice(), more].concat();
    for arguments in [
        vec!["check", ".", "--format", "json", "-o", "pipeline.yml"],
        vec!["check", ".", "--format", "json", "-o", "./other.txt"],
        vec!["check", "pipeline.yml", "--format", "json", "-o", "test.yml"],
        vec!["check", ".", "--baseline", "known.json", "-o", "known.json"],
        vec!["check", ".", "--write-baseline", "link.txt"],
        vec!["check", ".", "-o", "mlspec-lint.toml"],
        vec!["check", ".", "--format", "json", "-o", "new", "--format", "junit", "-o", "./new"],
        vec!["graph", "pipeline.yml", "-o", "pipeline.yml"],
        vec!["graph", "pipeline.yml", "-o", "other.txt"],
        with(&["-o", "objectives.yml"]),
        with(&["-o", "link.txt"]),
        with(&["-o", "calls-holdback.dataset.yml"]),
        with(&["-o", "mlspec-lint.toml"]),
        with(&["--subject", "pipeline.yml", "--key", "known.json", "--attest", "known.json"]),
        with(&["--subject", "pipeline.yml", "--key", "known.json", "--attest", "calls-holdback.dataset.yml"]),
    ] {
        let output = run(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", shown(&output));
        assert!(shown(&output).contains("cannot be written"), "{arguments:?}: {}", shown(&output));
        let now: Vec<_> = names.iter().map(|name| before(name)).collect();
        assert!(now == texts && !folder.path().join("new").exists(), "{arguments:?}");
    }
}

#[test]
fn a_new_file_has_the_permissions_that_the_mask_leaves() {
    let (inside, _) = folders();
    let mut shell = Command::new("sh");
    shell.args([
        "-c",
        "umask 077; exec \"$0\" check . --format json -o report.json",
        env!("CARGO_BIN_EXE_mlspec-lint"),
    ]);
    shell.current_dir(inside.path()).output().unwrap();
    let mode = fs::metadata(inside.path().join("report.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_pipe_is_waited_for_nowhere_and_threads_are_as_many_as_make_sense() {
    let (inside, _) = folders();
    if !Command::new("mkfifo").arg(inside.path().join("pipe")).status().is_ok_and(|status| status.success()) {
        return eprintln!("skipped: there is no mkfifo");
    }
    for (arguments, expected) in [
        (["check", ".", "--config", "pipe"], "not a regular file"),
        (["check", ".", "--baseline", "pipe"], "not a regular file"),
        (["check", ".", "-j", "20000"], "use a number from 0 to 256"),
    ] {
        let output = run(inside.path(), &arguments);
        assert!(shown(&output).contains(expected), "{arguments:?}: {}", shown(&output));
        assert!(output.status.code().is_some_and(|code| code > 1), "{arguments:?}");
    }
}
