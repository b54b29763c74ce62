//! The output of `init`: documents with ids of their own, and a consistent project. Files are overwritten only on request.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use assert_fs::TempDir;

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"));
    command.args(arguments).current_dir(folder).env_remove("GITHUB_ACTIONS").env("NO_COLOR", "1").output().unwrap()
}

/// Returns the exit code, and the standard error of a command.
fn said(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = run(folder, arguments);
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap().trim_end().to_owned())
}

fn printed(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn ids(text: &str) -> BTreeSet<&str> {
    text.lines().filter_map(|line| line.trim_start().strip_prefix("id: ")?.split_whitespace().next()).collect()
}

#[test]
fn every_document_has_ids_of_its_own() {
    let here = TempDir::new().unwrap();
    let [one, two] = [(), ()].map(|()| printed(&here, &["init", "module"]));
    assert_eq!((ids(&one).len(), ids(&two).len()), (2, 2), "{one}");
    assert!(ids(&one).is_disjoint(&ids(&two)));
    // Version 4, variant 1 of RFC 9562.
    assert!(ids(&one).iter().all(|id| id.as_bytes()[14] == b'4' && b"89ab".contains(&id.as_bytes()[19])), "{one}");
}

#[test]
fn a_file_is_not_overwritten_unless_one_asks_for_it() {
    let here = TempDir::new().unwrap();
    let wrote = (0, "Wrote loans.yml. `mlspec-lint check loans.yml` checks it.".to_owned());
    assert_eq!(said(&here, &["init", "dataset", "--name", "loans", "-o", "loans.yml"]), wrote);
    let first = fs::read_to_string(here.join("loans.yml")).unwrap();
    assert!(first.contains("\nname: loans "), "{first}");
    let refused = (2, "error: loans.yml already exists; --force overwrites it".to_owned());
    assert_eq!(said(&here, &["init", "run", "-o", "loans.yml"]), refused);
    assert_eq!(fs::read_to_string(here.join("loans.yml")).unwrap(), first);
    let (code, told) = said(&here, &["init", "run", "-o", "loans.yml", "--force"]);
    assert_eq!((code, told.lines().next()), (0, Some(wrote.1.as_str())));
    assert!(fs::read_to_string(here.join("loans.yml")).unwrap().contains("\nkind: run "));
    let missing = (2, "error: a/b.yml: there is no folder 'a'".to_owned());
    assert_eq!(said(&here, &["init", "run", "-o", "a/b.yml"]), missing);
}

#[test]
fn a_name_follows_the_rules_of_names() {
    let here = TempDir::new().unwrap();
    for (arguments, answer) in [
        (
            &["init", "dataset", "--name", "two words"][..],
            "error: --name: 'two words' is not a valid name: use letters, digits, '-' and '_', starting with a letter or digit",
        ),
        (&["init", "inference-log", "--name", "a"], "error: a document of the kind 'inference-log' has no name"),
        (
            &["init", "--project", "../up"],
            "error: --project: '../up' is not a valid name: use letters, digits, '-' and '_', starting with a letter or digit",
        ),
        (
            &["init", "--project", "null"],
            "error: --project: YAML does not read 'null' as a string; choose another name",
        ),
    ] {
        assert_eq!(said(&here, arguments), (2, answer.to_owned()));
    }
    assert_eq!(fs::read_dir(&here).unwrap().count(), 0);
    // A text that YAML would read as another type is quoted.
    let quoted = printed(&here, &["init", "dataset", "--name", "2026"]);
    assert!(quoted.contains("\nname: \"2026\""), "{quoted}");
}

/// Returns the files below a folder by their paths in it, with their texts.
fn files(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap().map(Result::unwrap) {
            match entry.path() {
                path if path.is_dir() => folders.push(path),
                path => found.push((
                    path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned(),
                    fs::read_to_string(&path).unwrap(),
                )),
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_project_checks_clean_and_passes_its_gate() {
    let here = TempDir::new().unwrap();
    assert_eq!(said(&here, &["init", "--project", "churn_2026"]).0, 0);
    let project = here.join("churn_2026");
    let report = printed(&project, &["check", ".", "--fail-on", "info"]);
    assert!(report.ends_with(" files: no findings\n"), "{report}");
    let verdict = printed(&project, &["gate", "objectives.yml"]);
    assert!(verdict.contains("\ngate: pass ("), "{verdict}");
    let tests = printed(&project, &["gate", "objectives.yml", "--self-test", "--mutate"]);
    assert!(tests.ends_with("each required objective fails if one of its metrics is changed enough\n"), "{tests}");
    // The examples on the project's own page work.
    let page = fs::read_to_string(project.join("README.md")).unwrap();
    let commands: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("$ mlspec-lint ")).collect();
    assert!(commands.len() >= 4, "{page}");
    for command in commands {
        printed(&project, &command.split(' ').collect::<Vec<_>>());
    }
}

#[test]
fn a_project_is_the_example_with_another_name_and_other_ids() {
    let here = TempDir::new().unwrap();
    assert_eq!(said(&here, &["init", "--project", "churn", "-o", "a/b"]).0, 0);
    let example = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/starter"));
    let project = files(&here.join("a/b"));
    let paths = |files: &[(String, String)]| files.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>();
    let renamed: Vec<String> = paths(&example).iter().map(|path| path.replace("tiny-model", "churn")).collect();
    let mut renamed_sorted = renamed.clone();
    renamed_sorted.sort();
    assert_eq!(paths(&project), renamed_sorted);
    let all = |files: &[(String, String)]| files.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("\n");
    let (example, project) = (all(&example), all(&project));
    assert!(!project.contains("tiny-model"));
    assert_eq!(ids(&example).len(), ids(&project).len());
    assert!(ids(&example).is_disjoint(&ids(&project)));
}

#[test]
fn a_project_overwrites_nothing() {
    let here = TempDir::new().unwrap();
    fs::create_dir_all(here.join("churn")).unwrap();
    fs::write(here.join("churn/README.md"), "mine").unwrap();
    let refused = (2, "error: churn/README.md already exists; --force overwrites it".to_owned());
    assert_eq!(said(&here, &["init", "--project", "churn"]), refused);
    assert_eq!(files(&here.join("churn")), [("README.md".to_owned(), "mine".to_owned())]);
    assert_eq!(said(&here, &["init", "--project", "churn", "--force"]).0, 0);
    assert!(files(&here.join("churn")).len() > 10);
}

#[test]
fn what_is_not_yet_there_is_named() {
    let here = TempDir::new().unwrap();
    let note = |kind: &str| {
        let (code, said) = said(&here, &["init", kind, "-o", &format!("{kind}.yml")]);
        assert_eq!(code, 0, "{said}");
        said.lines().nth(1).unwrap_or_default().to_owned()
    };
    assert_eq!(
        note("ingestion"),
        "note: name objects of yours in place of datastore 'core-banking', dataset 'credit-default@1.0.0'"
    );
    // A command needs no module.
    assert_eq!(note("pipeline"), "");
    assert_eq!(note("dataset"), "");
    fs::write(here.join("module.yml"), printed(&here, &["init", "module"])).unwrap();
    assert_eq!(
        printed(&here, &["check", "pipeline.yml", "--fail-on", "info"]),
        "Checked 1 document in 1 file: no findings\n"
    );
}

#[test]
fn objectives_are_begun_with_the_run_that_their_test_is_about() {
    let here = TempDir::new().unwrap();
    fs::create_dir(here.join("gates")).unwrap();
    let wrote = "Wrote gates/launch.yml, and gates/fixtures/weak.yml, which its test is about. `mlspec-lint check gates/launch.yml` checks it.";
    let (code, told) = said(&here, &["init", "objectives", "-o", "gates/launch.yml"]);
    assert_eq!((code, told.lines().next()), (0, Some(wrote)));
    let report = printed(&here, &["check", ".", "--fail-on", "info"]);
    assert_eq!(report, "Checked 2 documents in 2 files: no findings\n");
    let tested = printed(&here, &["gate", "gates/launch.yml", "--self-test"]);
    assert!(tested.contains("1 policy test, 0 failed"), "{tested}");
    // What is there stays.
    fs::write(here.join("gates/fixtures/weak.yml"), "mine").unwrap();
    assert_eq!(said(&here, &["init", "objectives", "-o", "gates/launch.yml", "--force"]).0, 0);
    assert_eq!(fs::read_to_string(here.join("gates/fixtures/weak.yml")).unwrap(), "mine");
    let note = "note: it names fixtures/weak.yml; `mlspec-lint init objectives -o FILE` writes that, too";
    assert_eq!(said(&here, &["init", "objectives"]), (0, note.to_owned()));
}
