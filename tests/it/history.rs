//! `check --against`: what changed between two revisions, or two folders, is found at the right line, and by no other rule.

use std::fs;
use std::path::Path;
use std::process::Command;

use assert_fs::TempDir;
use mlspec_lint::analysis::{Analysis, Examined, FileReport, Options, conclude, examine, members};
use mlspec_lint::rules::{self, page};
use mlspec_lint::workspace::{Revision, RevisionFile};
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

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"));
    command.arg("check").args(arguments).current_dir(folder);
    command.envs([("GITHUB_ACTIONS", "false"), ("NO_COLOR", "1"), ("LC_ALL", "C.UTF-8")]);
    command
}

fn check_with(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> (i32, String) {
    let output = command(folder, arguments).envs(environment.iter().copied()).output().unwrap();
    let printed = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (output.status.code().unwrap(), printed)
}

/// Returns the report, without what is said beside it.
fn report(folder: &Path, arguments: &[&str]) -> Value {
    let output = command(folder, &[arguments, &["--format", "json"]].concat()).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
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

/// The line at which the first example on the page of each rule fails.
const LINES: [(&str, u32); 18] = [
    ("history/archived-changed", 8),
    ("history/archived-in-use", 5),
    ("history/breaking-needs-major", 30),
    ("history/definition-changed", 7),
    ("history/deleted", 1),
    ("history/deprecated-without-replacement", 5),
    ("history/holdback-changed", 8),
    ("history/id-changed", 3),
    ("history/immutable-field", 8),
    ("history/name-taken-early", 12),
    ("history/objectives-weakened", 15),
    ("history/profile-stale", 9),
    ("history/published-changed", 8),
    ("history/reactivated", 5),
    ("history/registered-version-removed", 7),
    ("history/run-restarted", 6),
    ("history/version-order", 6),
    ("history/waiver-extended", 21),
];

#[test]
fn a_commit_for_each_rule_is_found_at_its_line_and_by_no_other_rule() {
    let own = rules::all().iter().filter(|rule| rule.family() == "history").map(|rule| rule.id);
    assert_eq!(own.collect::<Vec<_>>(), LINES.map(|(rule, _)| rule));
    let repository = Repository::new();
    for (rule, line) in LINES {
        let example = page::examples(rules::by_id(rule).unwrap(), "Fails").remove(0);
        repository.write("a.yml", &example.before.unwrap());
        repository.commit();
        repository.write("a.yml", &example.text);
        repository.commit();
        let alone = repository.findings(&[]);
        let mut found = repository.findings(&["--against", "HEAD~1"]);
        found.retain(|finding| !alone.contains(finding));
        assert_eq!(found, [format!("{rule} a.yml:{line}")]);
        assert_eq!(repository.findings(&["--against", "HEAD~1", "--select", "history"]), found);
        assert_eq!(repository.findings(&["--against", "HEAD", "--select", "history"]), [""; 0], "{rule}");
    }
}

/// A repository with a change, and a file that is gone.
fn changed() -> Repository {
    let repository = Repository::new();
    repository.write("data/loans.yml", &dataset(1, "loans", ""));
    repository.write("stores/pond.yml", &store(2, "pond", ""));
    repository.commit();
    repository.write("data/loans.yml", &dataset(1, "loans", "").replace("loans.csv", "other.csv"));
    fs::remove_file(repository.path().join("stores/pond.yml")).unwrap();
    repository.commit();
    repository
}

#[test]
fn reports_show_the_earlier_place() {
    let repository = changed();
    let formatted = |format: &str| repository.check(&["--against", "HEAD~1", "--quiet", "--format", format]).1;
    let json: Value = serde_json::from_str(&formatted("json")).unwrap();
    let [moved, gone] = [0, 1].map(|index| &json["findings"][index]["related"][0]);
    assert_eq!((&moved["path"], &moved["span"]["start"]["line"]), (&"HEAD~1:data/loans.yml".into(), &7.into()));
    assert_eq!((&gone["path"], &gone["span"]["start"]["line"]), (&"HEAD~1:stores/pond.yml".into(), &1.into()));
    assert_eq!(json["findings"][1]["path"], "stores/pond.yml");
    assert_eq!(json["summary"]["files"], 1);

    let sarif: Value = serde_json::from_str(&formatted("sarif")).unwrap();
    let run = &sarif["runs"][0];
    assert!(run["originalUriBaseIds"]["%REVISION%"]["description"]["text"].as_str().unwrap().contains("HEAD~1"));
    let related = &run["results"][0]["relatedLocations"][0]["physicalLocation"];
    assert_eq!(related["artifactLocation"]["uri"], "data/loans.yml");
    assert_eq!(related["artifactLocation"]["uriBaseId"], "%REVISION%");
    assert_eq!(related["region"]["startLine"], 7);
    let gone = &run["results"][1]["locations"][0]["physicalLocation"];
    assert_eq!((&gone["artifactLocation"]["uri"], &gone["region"]), (&"stores/pond.yml".into(), &Value::Null));

    let github = formatted("github");
    assert!(github.contains("::error file=data/loans.yml,line=7,"), "{github}");
    assert!(github.contains("%0Anote: HEAD~1:data/loans.yml:7:"), "{github}");
    assert!(github.contains("::error file=stores/pond.yml,line=1"), "{github}");
    assert!(github.contains("%0Anote: HEAD~1:stores/pond.yml:1:1: "), "{github}");
    let human = formatted("human");
    assert!(human.contains("HEAD~1:data/loans.yml:7:"), "{human}");
    // The root of the repository, wherever the check is run.
    let sub = repository.path().join("data");
    let (_, sarif) = check(&sub, &["--against", "HEAD~1", "--quiet", "--format", "sarif"]);
    let sarif: Value = serde_json::from_str(&sarif).unwrap();
    let related = &sarif["runs"][0]["results"][0]["relatedLocations"][0]["physicalLocation"];
    assert_eq!(related["artifactLocation"]["uri"], "data/loans.yml");
}

#[test]
fn findings_are_suppressed_ignored_and_recorded_as_others_are() {
    let repository = changed();
    let against = |more: &[&str]| repository.findings(&[&["--against", "HEAD~1"], more].concat());
    assert_eq!(against(&["--select", "history/deleted"]), ["history/deleted stores/pond.yml:1"]);
    assert_eq!(against(&["--ignore", "history"]), [""; 0]);
    let (code, _) = repository.check(&["--against", "HEAD~1", "--write-baseline", "baseline.json"]);
    assert_eq!(code, 0);
    assert_eq!(against(&["--baseline", "baseline.json"]), [""; 0]);

    let text = fs::read_to_string(repository.path().join("data/loans.yml")).unwrap();
    let comment = "# mlspec: ignore[history/definition-changed] the former file was never published\nlocation";
    repository.write("data/loans.yml", &text.replace("location", comment));
    assert_eq!(against(&[]), ["history/deleted stores/pond.yml:1"]);
    // Without a revision nothing can be said about the comment; with one that has the change, it is of no use.
    assert_eq!(repository.findings(&[]), [""; 0]);
    assert_eq!(repository.findings(&["--against", "HEAD"]), ["suppression/unused data/loans.yml:7"]);
    repository.write(
        "mlspec-lint.toml",
        "[[ignore]]\nfiles = [\"stores/**\"]\nrules = [\"history/deleted\"]\nreason = \"it was never used\"\n",
    );
    assert_eq!(against(&[]), [""; 0]);
}

#[test]
fn a_comment_hides_that_a_document_of_the_file_was_deleted() {
    let repository = Repository::new();
    repository.write("stores.yml", &format!("{}---\n{}", store(1, "lake", ""), store(2, "pond", "")));
    repository.commit();
    repository.write("stores.yml", &store(1, "lake", ""));
    assert_eq!(repository.findings(&["--against", "HEAD"]), ["history/deleted stores.yml:1"]);
    let comment = "# mlspec: ignore[history/deleted] the pond was never filled\n";
    repository.write("stores.yml", &format!("{comment}{}", store(1, "lake", "")));
    assert_eq!(repository.findings(&["--against", "HEAD"]), [""; 0]);
}

#[test]
fn a_folder_is_compared_with_as_a_revision_is() {
    let folder = TempDir::new().unwrap();
    for (name, text) in [
        ("old/data/loans.yml", dataset(1, "loans", "")),
        ("old/stores/pond.yml", store(2, "pond", "")),
        ("new/data/loans.yml", dataset(1, "loans", "").replace("loans.csv", "other.csv")),
    ] {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    for old in ["old", "./old", "old/"] {
        let report = report(folder.path(), &["new", "--against", old]);
        let found: Vec<_> =
            report["findings"].as_array().unwrap().iter().map(|own| (&own["rule"], &own["path"])).collect();
        let expected =
            [("history/definition-changed", "new/data/loans.yml"), ("history/deleted", "new/stores/pond.yml")];
        let expected = expected.map(|(rule, path)| (Value::from(rule), Value::from(path)));
        assert_eq!(found, expected.iter().map(|(rule, path)| (rule, path)).collect::<Vec<_>>());
        let related = report["findings"][0]["related"][0]["path"].as_str().unwrap();
        assert!(related.trim_start_matches("./") == "old/data/loans.yml", "{related}");
    }
    assert_eq!(check(folder.path(), &["old", "--against", "old"]).0, 0);
}

#[test]
fn what_cannot_be_compared_with_is_an_error_that_says_what_to_do() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("lake.yml"), store(1, "lake", "")).unwrap();
    let refused = |folder: &Path, against: &str, environment: &[(&str, &str)], said: &str| {
        let (code, printed) = check_with(folder, &[&format!("--against={against}")], environment);
        assert!(code == 2 && printed.contains(said), "{against}: {code} {printed}");
    };
    refused(folder.path(), "main", &[], "is not in a git repository");
    refused(folder.path(), "./nowhere", &[], "no such folder");
    refused(folder.path(), "nowhere/", &[], "no such folder");
    let repository = Repository::new();
    repository.write("lake.yml", &store(1, "lake", ""));
    repository.commit();
    for (against, said) in [
        ("origin/main", "`git fetch`"),
        ("-x", "does not begin with '-'"),
        ("--upload-pack=x", "does not begin with '-'"),
        ("HEAD~1", "no revision 'HEAD~1'"),
        ("", "no revision"),
    ] {
        refused(repository.path(), against, &[], said);
    }
    refused(repository.path(), "HEAD", &[("PATH", "/nowhere")], "git is needed");
    fs::create_dir(repository.path().join("main")).unwrap();
    refused(repository.path(), "main", &[], "refs/heads/main");
    assert_eq!(repository.check(&["--against", "refs/heads/main"]).0, 0);
    assert_eq!(repository.check(&["--against", "./main", "--allow-empty"]).0, 0);

    let clone = folder.path().join("clone");
    repository.commit();
    let url = format!("file://{}", repository.path().display());
    git(folder.path(), &["clone", "--quiet", "--depth=1", &url, clone.to_str().unwrap()]);
    refused(&clone, "HEAD~1", &[], "fetch-depth: 0");
}

#[test]
fn what_could_not_be_read_then_is_told_and_not_compared() {
    let repository = Repository::new();
    repository.write("lake.yml", &store(1, "lake", "x-note: [\n"));
    repository.write("pond.yml", &store(2, "pond", ""));
    repository.write("notes.yml", "a: [\n");
    repository.commit();
    repository.write("lake.yml", &store(3, "lake", ""));
    let (code, printed) = repository.check(&["--against", "HEAD"]);
    assert_eq!(code, 0, "{printed}");
    assert!(printed.contains("note: 1 file of HEAD could not be read"), "{printed}");
    assert!(printed.contains("HEAD:lake.yml"), "{printed}");
    // What cannot be read now may hold the document still.
    repository.write("pond.yml", &store(2, "pond", "x-note: [\n"));
    let found = repository.findings(&["--against", "HEAD"]);
    assert!(found.iter().all(|finding| !finding.starts_with("history/")), "{found:?}");
}

#[test]
fn a_file_that_is_a_folder_or_behind_a_link_that_leads_out_is_gone() {
    let repository = Repository::new();
    repository.write("lake.yml", &store(1, "lake", ""));
    repository.write("stores/pond.yml", &store(2, "pond", ""));
    repository.write("kept/sea.yml", &store(3, "sea", ""));
    repository.commit();
    fs::remove_file(repository.path().join("lake.yml")).unwrap();
    repository.write("lake.yml/note.txt", "x");
    let gone = repository.findings(&["--against", "HEAD"]);
    assert_eq!(gone, ["history/deleted lake.yml:1"]);
    #[cfg(unix)]
    {
        let outside = TempDir::new().unwrap();
        fs::rename(repository.path().join("stores"), outside.path().join("stores")).unwrap();
        std::os::unix::fs::symlink(outside.path().join("stores"), repository.path().join("stores")).unwrap();
        let gone = repository.findings(&["--against", "HEAD", "--select", "history"]);
        assert_eq!(gone, ["history/deleted lake.yml:1", "history/deleted stores/pond.yml:1"]);
    }
}

#[test]
fn what_is_in_another_encoding_now_is_not_taken_for_deleted() {
    let repository = Repository::new();
    repository.write("lake.yml", &store(1, "lake", ""));
    repository.write("pond.yml", &store(2, "pond", ""));
    repository.commit();
    let wide: Vec<u8> = store(1, "lake", "").encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(repository.path().join("lake.yml"), [&[0xff, 0xfe], &*wide].concat()).unwrap();
    assert_eq!(repository.findings(&["--against", "HEAD"]), ["document/not-utf8 lake.yml:1"]);
}

#[test]
fn nothing_to_compare_with_is_told() {
    let repository = Repository::new();
    repository.write("notes.txt", "x");
    repository.commit();
    repository.write("lake.yml", &store(1, "lake", ""));
    let (code, printed) = repository.check(&["--against", "HEAD"]);
    assert_eq!(code, 0, "{printed}");
    assert!(printed.contains("note: HEAD holds no MLSpec document, so nothing is compared"), "{printed}");
    let empty = TempDir::new().unwrap();
    let folder = empty.path().to_str().unwrap();
    let (code, printed) = repository.check(&["--against", folder]);
    assert_eq!(code, 2, "{printed}");
    assert!(printed.contains("holds no MLSpec document") && printed.contains("--allow-empty"), "{printed}");
    assert_eq!(repository.check(&["--against", folder, "--allow-empty"]).0, 0);
}

#[test]
fn files_that_are_not_checked_are_neither_compared_nor_missed() {
    let repository = Repository::new();
    repository.write("lake.yml", &store(1, "lake", ""));
    repository.write("vendor/pond.yml", &store(2, "pond", ""));
    repository.write("build/sea.yml", &store(3, "sea", ""));
    repository.write("node_modules/river.yml", &store(4, "river", ""));
    repository.commit();
    repository.write("mlspec-lint.toml", "exclude = [\"vendor/**\"]\n");
    repository.write(".gitignore", "build/\n");
    repository.commit();
    assert_eq!(repository.findings(&["--against", "HEAD~1"]), [""; 0]);
    for name in ["vendor/pond.yml", "build/sea.yml", "node_modules/river.yml"] {
        fs::remove_file(repository.path().join(name)).unwrap();
    }
    assert_eq!(repository.findings(&["--against", "HEAD"]), [""; 0]);
    // The settings that hold now decide, and the ignore files of each tree.
    assert_eq!(repository.findings(&["--against", "HEAD~1"]), ["history/deleted build/sea.yml:1"]);
}

#[cfg(unix)]
#[test]
fn only_what_changed_is_read_and_by_three_processes() {
    use std::os::unix::fs::PermissionsExt;
    let repository = Repository::new();
    for number in 0..60 {
        repository.write(&format!("stores/{number}.yml"), &store(number, &format!("s{number}"), ""));
        repository.write(&format!("other/{number}.yml"), "image: nginx\nports: [80]\n");
    }
    repository.commit();
    repository.write("stores/7.yml", &store(7, "s7", "x-note: 1\n"));
    // It counts what it is asked for, and asks git.
    let (tools, log) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let path = std::env::var("PATH").unwrap();
    let log_of = |name: &str| fs::read_to_string(log.path().join(name)).unwrap_or_default().lines().count();
    let script = format!(
        "#!/bin/sh\nPATH='{path}'\necho run >> '{0}/runs'\ncase \"$*\" in *cat-file*) tee -a '{0}/blobs' | git \"$@\";; *) exec git \"$@\";; esac\n",
        log.path().display()
    );
    fs::write(tools.path().join("git"), script).unwrap();
    fs::set_permissions(tools.path().join("git"), fs::Permissions::from_mode(0o755)).unwrap();
    let (code, printed) =
        check_with(repository.path(), &["--against", "HEAD"], &[("PATH", tools.path().to_str().unwrap())]);
    assert_eq!(code, 0, "{printed}");
    assert_eq!((log_of("runs"), log_of("blobs")), (3, 1));
    // Of all files, only a part is checked; the others are around them, and have not changed either.
    let arguments = ["--against", "HEAD", "other", "--allow-empty"];
    check_with(repository.path(), &arguments, &[("PATH", tools.path().to_str().unwrap())]);
    assert_eq!((log_of("runs"), log_of("blobs")), (6, 2));
}

/// Returns rule, place and message of each finding of some reports.
fn listed<'a>(reports: impl Iterator<Item = &'a FileReport>) -> Vec<String> {
    let of = |report: &FileReport| {
        let finding = |finding: &mlspec_lint::diagnostics::Finding| {
            format!("{} {} {:?} {:?}", report.source.name(), finding.rule.id, finding.place, finding.related)
        };
        report.findings.iter().map(finding).collect::<Vec<_>>()
    };
    let mut all: Vec<String> = reports.flat_map(of).collect();
    all.sort();
    all
}

#[test]
fn texts_that_change_one_by_one_have_the_reports_of_a_fresh_look() {
    let file = |name: &str, text: &str| {
        let members = members(&format!("HEAD:{name}"), text, &Options::default());
        RevisionFile { name: name.into(), members, is_expected: true }
    };
    let pipeline = "kind: pipeline\nmlSpecVersion: 0.1.0\nid: p-1\nname: train\nsteps: {a: {cmd: x}}\ndata: {loans: loans@1.0.0}\n";
    let (loans, lake) = (dataset(1, "loans", ""), store(1, "lake", ""));
    let before = vec![file("loans.yml", &loans), file("lake.yml", &lake), file("pipeline.yml", pipeline)];
    let revision = Revision::new("HEAD", before);
    let options = Options { against: Some(&revision), explicit: false, ..Options::default() };
    let mut texts = std::collections::BTreeMap::from([
        ("loans.yml", loans.clone()),
        ("lake.yml", lake.clone()),
        ("pipeline.yml", pipeline.to_owned()),
    ]);
    let examined = |name: &str, text: &str| examine(name, text, &options);
    let all = |texts: &std::collections::BTreeMap<&str, String>| -> Vec<Examined> {
        texts.iter().map(|(name, text)| examined(name, text)).collect()
    };
    let mut analysis = Analysis::new(all(&texts), &[], options);
    let archived = loans.replace("Active", "Archived");
    let steps: [(&'static str, Option<String>); 9] = [
        ("loans.yml", Some(archived.clone())),
        // Archived and used no longer: a finding about the dataset goes, for the pipeline changed.
        ("pipeline.yml", Some(pipeline.replace("data: {loans: loans@1.0.0}\n", ""))),
        ("lake.yml", None),
        ("moved.yml", Some(lake.clone())),
        ("moved.yml", None),
        ("lake.yml", Some("a: 1\n".to_owned())),
        ("lake.yml", Some(lake.replace("id: 8", "id: 9"))),
        ("lake.yml", Some(lake)),
        ("loans.yml", Some(loans.replace("loans.csv", "other.csv"))),
    ];
    let mut seen = std::collections::BTreeSet::new();
    for (name, text) in steps {
        match text {
            Some(text) => {
                analysis.update(examined(name, &text));
                texts.insert(name, text);
            }
            None => {
                analysis.remove(name);
                texts.remove(name);
            }
        }
        let fresh = all(&texts);
        let expected = listed(conclude(&fresh, &[], &options).iter());
        assert_eq!(listed(analysis.reports()), expected, "{name}");
        seen.extend(expected.into_iter().filter_map(|line| line.split(' ').nth(1).map(str::to_owned)));
    }
    for rule in ["history/archived-in-use", "history/deleted", "history/id-changed", "history/definition-changed"] {
        assert!(seen.contains(rule), "{rule} {seen:?}");
    }
}
