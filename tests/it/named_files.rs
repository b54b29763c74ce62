//! Files that documents name by their paths must exist, and be usable; files outside of the workspace are not read.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

use assert_fs::TempDir;
use mlspec_lint::analysis::{Options, lint_text};

const RUN: &str = "mlSpecVersion: 0.1.0\nkind: run\nname: fit\nexperiment_id: card\n";

fn objectives(given: &str) -> String {
    format!(
        "mlSpecVersion: 0.1.0\nkind: objectives\nid: b8c75094-30cf-424c-9146-6a8375736625\nname: launch\nstatus: Active\n\
         datasets: {{holdback: {{stage: test}}}}\nmetrics: {{recall: {{unit: fraction, better: higher}}}}\n\
         objectives: [{{id: a, expect: recall >= 92% on holdback}}]\n\
         tests: [{{name: t, given: {given}, gate: pass}}]\n"
    )
}

/// Returns the finding about `given` in a document at `launch/objectives.yml`; empty if there is none.
fn said(folder: &Path, given: &str, arguments: &[&str]) -> String {
    fs::write(folder.join("launch/objectives.yml"), objectives(given)).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"))
        .args(["check", "--isolated", "--format", "concise", "--select", "reference/missing-file"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    let mut lines = shown.lines().filter_map(|line| line.split_once("[reference/missing-file] "));
    lines.next().map(|(_, message)| message.to_owned()).unwrap_or_default()
}

/// Returns a folder with files of each sort, and another folder outside of the workspace.
fn folders() -> (TempDir, TempDir) {
    let (inside, outside) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    for folder in ["launch/fixtures", "runs", ".git"] {
        fs::create_dir_all(inside.path().join(folder)).unwrap();
    }
    let write = |path: &str, text: &[u8]| fs::write(inside.path().join(path), text).unwrap();
    write("launch/fixtures/weak.yml", RUN.as_bytes());
    write("launch/fixtures/two.json", b"{\"mlSpecVersion\": \"0.1.0\", \"kind\": \"test\"}");
    write("launch/fixtures/broken.yml", b"mlSpecVersion: 0.1.0\nkind: run\nname: [a\n");
    write("launch/fixtures/latin.yml", b"mlSpecVersion: 0.1.0\nkind: run\nname: \xe9\n");
    write("launch/fixtures/notes.md", b"# Notes\n");
    write("launch/fixtures/empty.yml", b"");
    write("launch/fixtures/data.yml", b"mlSpecVersion: 0.1.0\nkind: dataset\nname: a\n");
    write("runs/fit.yml", RUN.as_bytes());
    fs::write(outside.path().join("theirs.yml"), RUN).unwrap();
    symlink("weak.yml", inside.path().join("launch/fixtures/link.yml")).unwrap();
    symlink("nowhere.yml", inside.path().join("launch/fixtures/dangling.yml")).unwrap();
    symlink("loop.yml", inside.path().join("launch/fixtures/loop.yml")).unwrap();
    symlink(outside.path().join("theirs.yml"), inside.path().join("launch/fixtures/theirs.yml")).unwrap();
    symlink(outside.path(), inside.path().join("launch/elsewhere")).unwrap();
    (inside, outside)
}

#[test]
fn what_a_test_is_given_must_be_there_and_hold_evidence() {
    let (inside, _outside) = folders();
    let none = "holds no run, evaluation or test";
    for (given, expected) in [
        ("fixtures/weak.yml", ""),
        ("./fixtures/../fixtures/weak.yml", ""),
        ("fixtures/two.json", ""),
        ("fixtures/link.yml", ""),
        ("../runs/fit.yml", ""),
        ("'${FIXTURES}/weak.yml'", ""),
        ("fixtures/nowhere.yml", "file 'fixtures/nowhere.yml' is not found"),
        ("fixtures/Weak.yml", "file 'fixtures/Weak.yml' is not found"),
        ("fixtures/weak.yml/more.yml", "file 'fixtures/weak.yml/more.yml' is not found"),
        ("fixtures/dangling.yml", "file 'fixtures/dangling.yml' is not found"),
        ("'https://example.com/weak.yml'", "file 'https://example.com/weak.yml' is not found"),
        ("fixtures", "'fixtures' is a folder"),
        (".", "'.' is a folder"),
        ("fixtures/latin.yml", "file 'fixtures/latin.yml' cannot be read: it is not UTF-8"),
        ("fixtures/loop.yml", "file 'fixtures/loop.yml' cannot be read: link leads back to itself"),
        ("fixtures/notes.md", none),
        ("fixtures/empty.yml", none),
        ("fixtures/data.yml", none),
        ("objectives.yml", none),
    ] {
        let said = said(inside.path(), given, &["."]);
        let is_as_expected = if expected.is_empty() { said.is_empty() } else { said.contains(expected) };
        assert!(is_as_expected, "{given}: {said}");
    }
}

#[test]
fn nothing_is_looked_at_outside_of_the_workspace() {
    let (inside, outside) = folders();
    let up = format!("../../{}/theirs.yml", outside.path().file_name().unwrap().to_str().unwrap());
    for given in [
        "fixtures/theirs.yml",
        "elsewhere/theirs.yml",
        "elsewhere/absent.yml",
        "elsewhere/../absent.yml",
        "../../absent.yml",
        up.as_str(),
    ] {
        for arguments in [&["."][..], &["launch/objectives.yml"]] {
            let said = said(inside.path(), given, arguments);
            assert!(said.contains("is outside of the workspace, and is not read"), "{given}: {said}");
        }
    }
    // An absolute path is reported by another rule.
    assert_eq!(said(inside.path(), "/etc/passwd", &["."]), "");
}

/// Without settings or a repository, the checked folders are the workspace; around a single file, it is not known which files exist.
#[test]
fn where_no_folder_is_the_workspace_nothing_is_outside_of_it() {
    let (inside, _outside) = folders();
    fs::remove_dir(inside.path().join(".git")).unwrap();
    assert_eq!(said(inside.path(), "../runs/absent.yml", &["launch/objectives.yml"]), "");
    assert!(said(inside.path(), "../runs/absent.yml", &["."]).contains("is not found"));
    assert!(said(inside.path(), "../runs/fit.yml", &["launch"]).contains("is outside"));
    assert!(said(inside.path(), "absent.yml", &["launch/objectives.yml"]).contains("is not found"));
    assert!(
        said(inside.path(), "../runs/absent.yml", &["launch/objectives.yml", "--workspace", "."]).contains("found")
    );
}

/// As if started by a user in that folder.
#[test]
fn a_document_in_the_current_folder_names_files_beside_it() {
    let (inside, _outside) = folders();
    fs::remove_dir(inside.path().join(".git")).unwrap();
    fs::write(inside.path().join("launch/objectives.yml"), objectives("nowhere.yml")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"));
    let command = command.args(["check", "objectives.yml", "--format", "concise"]);
    let shown = String::from_utf8(command.current_dir(inside.path().join("launch")).output().unwrap().stdout).unwrap();
    assert!(shown.contains("file 'nowhere.yml' is not found"), "{shown}");
}

#[test]
fn a_broken_file_is_reported_where_it_is_broken() {
    let (inside, _outside) = folders();
    assert_eq!(said(inside.path(), "fixtures/broken.yml", &["."]), "");
    let alone = said(inside.path(), "fixtures/broken.yml", &["launch/objectives.yml"]);
    assert!(alone.contains("file 'fixtures/broken.yml' is not valid YAML"), "{alone}");
}

#[test]
fn of_the_files_of_a_text_in_no_folder_nothing_is_said() {
    let (inside, _outside) = folders();
    let text = objectives("nowhere.yml");
    let is_said = |shown: &str| shown.contains("missing-file");
    let report = lint_text("objectives.yml", &text, &Options::default());
    assert!(!report.findings.iter().any(|finding| is_said(finding.rule.id)));
    fs::write(inside.path().join("input.yml"), text).unwrap();
    let input = fs::File::open(inside.path().join("input.yml")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"));
    let command = command.args(["check", "-", "--isolated"]).current_dir(inside.path());
    let output = command.stdin(Stdio::from(input)).output().unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.contains("Checked 1 document") && !is_said(&shown), "{shown}");
}

#[test]
fn a_finding_about_a_file_stays_when_something_else_is_mended() {
    let (inside, _outside) = folders();
    let text = objectives("nowhere.yml").replace("status: Active", "status: Active\nx-unused: &unused 1");
    fs::write(inside.path().join("launch/objectives.yml"), text).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"));
    let command = command.args(["check", "launch/objectives.yml", "--fix", "--isolated", "--format", "concise"]);
    let shown = String::from_utf8(command.current_dir(inside.path()).output().unwrap().stdout).unwrap();
    let text = fs::read_to_string(inside.path().join("launch/objectives.yml")).unwrap();
    assert!(!text.contains("&unused") && shown.contains("[reference/missing-file]"), "{shown}");
}
