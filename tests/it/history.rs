//! `check --against`: what changed between two revisions, or two folders, is found at the right line, and by no other rule.

use std::fs;
use std::path::Path;
use std::process::Command;

use assert_fs::TempDir;
use serde_json::Value;

/// A repository in a folder of its own.
struct Repository(TempDir);

impl Repository {
    fn new() -> Self {
        let repository = Self(TempDir::new().unwrap());
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", "one more"]);
    }

    fn git(&self, arguments: &[&str]) -> String {
        git(self.path(), arguments)
    }

    fn check(&self, arguments: &[&str]) -> (i32, String) {
        check(self.path(), arguments)
    }

    /// Returns the findings: rule, file and line of each.
    fn findings(&self, arguments: &[&str]) -> Vec<String> {
        let report = report(self.path(), arguments);
        let line = |finding: &Value| {
            format!(
                "{} {}:{}",
                finding["rule"].as_str().unwrap(),
                finding["path"].as_str().unwrap(),
                finding["span"]["start"]["line"]
            )
        };
        report["findings"].as_array().unwrap().iter().map(line).collect()
    }
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(arguments)
        .current_dir(folder)
        .envs([("GIT_AUTHOR_NAME", "A"), ("GIT_AUTHOR_EMAIL", "a@example.com")])
        .envs([("GIT_COMMITTER_NAME", "A"), ("GIT_COMMITTER_EMAIL", "a@example.com")])
        .envs([("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z"), ("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z")])
        .envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")])
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn check(folder: &Path, arguments: &[&str]) -> (i32, String) {
    check_with(folder, arguments, &[])
}

fn check_with(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"))
        .arg("check")
        .args(arguments)
        .current_dir(folder)
        .envs([("GITHUB_ACTIONS", "false"), ("NO_COLOR", "1"), ("LC_ALL", "C.UTF-8")])
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    let printed = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (output.status.code().unwrap(), printed)
}

fn report(folder: &Path, arguments: &[&str]) -> Value {
    let (_, printed) = check(folder, &[arguments, &["--format", "json", "--quiet"]].concat());
    serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{error}: {printed}"))
}

fn store(id: u32, name: &str, rest: &str) -> String {
    format!(
        "kind: datastore\nmlSpecVersion: 0.1.0\nid: 8d7f2d0a-5a51-4f0b-9c0e-1f8a7f3f2b{id:02}\nname: {name}\ntype: s3\n\
         status: Active\nbucket: credit-{name}\n{rest}"
    )
}

fn dataset(id: u32, name: &str, rest: &str) -> String {
    format!(
        "kind: dataset\nmlSpecVersion: 0.1.0\nid: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c{id:02}\nname: {name}\nstate: Active\n\
         version: 1.0.0\nlocation: s3://credit-default/{name}.csv\ndigest: sha256:{}\n{rest}",
        format!("{id:02}").repeat(32)
    )
}

#[test]
fn a_change_is_found_at_its_line_and_an_unchanged_tree_has_none() {
    let repository = Repository::new();
    repository.write("data/loans.yml", &dataset(1, "loans", ""));
    repository.write("data/cards.yml", &dataset(2, "cards", ""));
    repository.write("stores/lake.yml", &store(1, "lake", ""));
    repository.write("stores/pond.yml", &store(2, "pond", ""));
    repository.commit();
    assert_eq!(repository.findings(&["--against", "HEAD"]), [""; 0]);
    repository.commit();
    assert_eq!(repository.findings(&["--against", "HEAD~1"]), [""; 0]);

    repository.write("data/loans.yml", &dataset(1, "loans", "").replace("loans.csv", "other.csv"));
    repository.write("data/cards.yml", &dataset(3, "cards", ""));
    repository.write("stores/lake.yml", &store(3, "sea", ""));
    fs::remove_file(repository.path().join("stores/pond.yml")).unwrap();
    let expected = [
        "history/id-changed data/cards.yml:3",
        "history/definition-changed data/loans.yml:7",
        "history/deleted stores/lake.yml:1",
        "history/deleted stores/pond.yml:1",
    ];
    // The same whether or not the change is committed, and wherever the check is run.
    assert_eq!(repository.findings(&["--against", "HEAD"]), expected);
    repository.commit();
    assert_eq!(repository.findings(&["--against", "HEAD~1"]), expected);
    let (sub, stores) = (repository.path().join("data"), ["--against", "main~1", "../stores"]);
    assert_eq!(check(&sub, &stores).0, 1);
    assert_eq!(report(&sub, &stores)["findings"][1]["path"], "../stores/pond.yml");
    assert_eq!(report(&sub, &stores)["findings"].as_array().unwrap().len(), 2);
    // Nothing else is reported, though the other documents have changed, too.
    assert_eq!(repository.findings(&["--against", "HEAD~1", "data/loans.yml"]), expected[1..2]);
    assert_eq!(repository.findings(&[]), [""; 0]);
}

#[test]
fn a_renamed_file_is_the_same_document() {
    let repository = Repository::new();
    repository.write("loans.yml", &dataset(1, "loans", ""));
    repository.commit();
    fs::create_dir(repository.path().join("data")).unwrap();
    fs::rename(repository.path().join("loans.yml"), repository.path().join("data/loans.yml")).unwrap();
    assert_eq!(repository.findings(&["--against", "HEAD"]), [""; 0]);
    // Nor is it deleted where only its former folder is checked.
    assert_eq!(repository.findings(&["--against", "HEAD", "--allow-empty"]), [""; 0]);
    repository.write("data/loans.yml", &dataset(1, "loans", "").replace(".csv", ".parquet"));
    assert_eq!(repository.findings(&["--against", "HEAD"]), ["history/definition-changed data/loans.yml:7"]);
}
