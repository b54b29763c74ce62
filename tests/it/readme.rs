//! The README is correct: its commands run, its configuration is valid, its documents have no findings, its links lead somewhere.
//!
//! In a ```` ```console ```` block, lines after `$ ` are commands, each followed by its output from both streams; `$ echo $?` shows the
//! exit code of the previous command. `TRYCMD=overwrite` has no effect here: correct the README by hand.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use assert_fs::TempDir;
use assert_fs::prelude::*;
use mlspec_lint::analysis::{Options, lint_text};
use mlspec_lint::config::{Config, TomlKind};

/// The pages with examples of commands, and the folder in which they are run.
const PAGES: &[(&str, &str)] = &[
    ("README.md", ""),
    ("examples/README.md", ""),
    ("examples/credit-default/README.md", "examples/credit-default"),
    ("examples/gate/README.md", "examples/gate"),
    ("examples/parcels/README.md", "examples/parcels"),
    ("examples/starter/README.md", "examples/starter"),
    ("spec/editors.md", ""),
    ("spec/lineage.md", "examples/credit-default"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn page(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap().replace("\r\n", "\n")
}

/// Returns the fenced blocks of a page in a language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let block: Vec<&str> = lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
        if info == language {
            blocks.push(format!("{}\n", block.join("\n")));
        }
    }
    blocks
}

/// Returns the commands of a block with their output.
fn commands(block: &str) -> Vec<(&str, String)> {
    let mut commands: Vec<(&str, String)> = Vec::new();
    for line in block.lines() {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(command), _) => commands.push((command, String::new())),
            (None, Some((_, output))) => *output += &format!("{line}\n"),
            (None, None) => panic!("'{line}' stands before any command"),
        }
    }
    commands
}

/// Runs a command line in a folder; returns its output and exit code.
fn run(command: &str, folder: &Path) -> (String, i32) {
    let arguments = ["mlspec-lint ", "cargo run -- "].iter().find_map(|start| command.strip_prefix(start));
    let arguments = arguments.unwrap_or_else(|| panic!("'{command}' is not a command of this tool"));
    let output = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"))
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .envs([("GITHUB_ACTIONS", "false"), ("NO_COLOR", "1"), ("LC_ALL", "C.UTF-8"), ("COLUMNS", "80")])
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (text, output.status.code().unwrap())
}

/// Returns a folder with the contents of a clone: every file that git tracks or would add, at the root of a git repository. Without git,
/// the files that the pages mention.
fn clone() -> TempDir {
    let copy = TempDir::new().unwrap();
    let mut git = Command::new("git");
    let listed =
        git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(root()).output();
    match listed {
        Ok(listed) if listed.status.success() && !listed.stdout.is_empty() => {
            let listed = String::from_utf8(listed.stdout).unwrap();
            for path in listed.split_terminator('\0').filter(|path| root().join(path).is_file()) {
                fs::create_dir_all(copy.join(path).parent().unwrap()).unwrap();
                fs::copy(root().join(path), copy.join(path)).unwrap();
            }
        }
        _ => {
            for folder in ["examples", "tests/cli"] {
                copy.child(folder).copy_from(root().join(folder), &["**/*"]).unwrap();
            }
        }
    }
    copy.child(".git").create_dir_all().unwrap();
    copy
}

#[test]
fn commands_print_what_is_shown() {
    let copy = clone();
    let mut count = 0;
    for (path, folder) in PAGES {
        for block in blocks(&page(path), "console") {
            let mut last = None;
            for (command, shown) in commands(&block) {
                count += 1;
                if command == "echo $?" {
                    assert_eq!(last.map(|code: i32| format!("{code}\n")), Some(shown), "{path}: exit code");
                    continue;
                }
                let (printed, code) = run(command, &copy.join(folder));
                assert!(matches!(code, 0 | 1), "{path}: {command}: {printed}");
                // A command without output shows how to type it, and must succeed.
                match shown.is_empty() {
                    true => assert_eq!(code, 0, "{path}: {command}: {printed}"),
                    false => assert_eq!(printed.trim_end(), shown.trim_end(), "{path}: {command}"),
                }
                last = Some(code);
            }
        }
    }
    assert!(count >= 9, "{count}");
}

/// Runs the first block of a page for a shell in a folder; returns its output and exit code.
#[cfg(unix)]
fn run_in_shell(path: &str, folder: &Path) -> (String, i32) {
    let tools = TempDir::new().unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_mlspec-lint"), tools.join("mlspec-lint")).unwrap();
    let known = std::env::var("PATH").unwrap_or_default();
    let output = Command::new("sh")
        .args(["-e", "-c", &blocks(&page(path), "sh")[0]])
        .current_dir(folder)
        .envs([("GITHUB_ACTIONS", "false"), ("NO_COLOR", "1")])
        .env("PATH", format!("{}:{known}", tools.path().display()))
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (text, output.status.code().unwrap())
}

/// What the pages say of signed verdicts: a candidate that passes is deployed, and after any change it is not.
#[cfg(unix)]
#[test]
fn a_verdict_is_signed_and_verified_as_shown() {
    if Command::new("openssl").arg("version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "CI has openssl");
        println!("skipped: openssl is not here");
        return;
    }
    let copy = clone();
    let folder = copy.join("examples/gate");
    let (printed, code) = run_in_shell("examples/gate/README.md", &folder);
    assert!(code == 0 && printed.ends_with("deploy\n"), "{code}: {printed}");
    let verify = "mlspec-lint gate verify gate.json --key gate.pub --subject candidates/meets-all/model.onnx";
    assert_eq!(run(verify, &folder).1, 0);
    let test = folder.join("candidates/meets-all/test.yml");
    fs::write(&test, fs::read_to_string(&test).unwrap() + "\n").unwrap();
    let (printed, code) = run(verify, &folder);
    assert!(code == 1 && printed.contains("candidates/meets-all/test.yml"), "{code}: {printed}");

    // The other page names no folders: everything stands beside the objectives.
    let own = TempDir::new().unwrap();
    let gate = root().join("examples/gate");
    for name in
        ["objectives.yml", "production.run.yml", "candidates/meets-all/test.yml", "candidates/meets-all/model.onnx"]
    {
        fs::copy(gate.join(name), own.join(Path::new(name).file_name().unwrap())).unwrap();
    }
    own.child("data").copy_from(gate.join("data"), &["**/*"]).unwrap();
    own.child("evaluation.yml").write_file(&gate.join("candidates/meets-all/evaluation.yml")).unwrap();
    for name in ["gate.pem", "gate.pub"] {
        fs::copy(folder.join(name), own.join(name)).unwrap();
    }
    let deploy = own.child("deploy.sh");
    deploy.write_str("#!/bin/sh\necho deployed\n").unwrap();
    fs::set_permissions(deploy.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let (printed, code) = run_in_shell("spec/gate.md", &own);
    assert!(code == 0 && printed.ends_with("deployed\n"), "{code}: {printed}");
}

/// Commands that are shown without what they print must be commands, and find something or nothing.
#[test]
fn commands_of_a_shell_are_accepted() {
    if Command::new("openssl").arg("version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "CI has openssl");
        println!("skipped: openssl is not here");
        return;
    }
    let copy = clone();
    // Whoever attests has keys.
    for arguments in ["genpkey -algorithm ed25519 -out ci.pem", "pkey -in ci.pem -pubout -out ci.pub"] {
        let made = Command::new("openssl").args(arguments.split(' ')).current_dir(&copy).output().unwrap();
        assert!(made.status.success(), "{made:?}");
    }
    let shown = blocks(&page("README.md"), "sh").concat();
    let commands = shown.lines().filter(|line| line.starts_with("mlspec-lint "));
    let mut count = 0;
    for line in commands {
        let command = line.split(" #").next().and_then(|line| line.split(" > ").next()).unwrap().trim_end();
        let (printed, code) = run(command, &copy);
        assert!(matches!(code, 0 | 1), "{command}: {code}: {printed}");
        count += 1;
    }
    assert!(count >= 4, "{count}");
}

#[test]
fn the_first_command_has_no_findings() {
    let (_, code) = run("cargo run -- check examples/credit-default", root());
    assert!(page("README.md").contains("$ cargo run -- check examples/credit-default\n"));
    assert_eq!(code, 0);
}

#[test]
fn the_change_that_is_shown_mends_the_finding_that_is_shown() {
    let copy = TempDir::new().unwrap();
    copy.child("examples").copy_from(root().join("examples"), &["**/*"]).unwrap();
    let [change] = blocks(&page("README.md"), "diff").try_into().unwrap();
    let path = change.lines().find_map(|line| line.strip_prefix("--- a/")).unwrap();
    let side = |sign: char| -> String {
        let hunk = change.lines().skip_while(|line| !line.starts_with("@@")).skip(1);
        hunk.filter(|line| line.starts_with([' ', sign])).map(|line| format!("{}\n", &line[1..])).collect()
    };
    let before = fs::read_to_string(copy.join(path)).unwrap();
    assert!(before.contains(&side('-')), "{path} is not what the change is about");
    assert_eq!(run(&format!("mlspec-lint check {path}"), &copy).1, 1);
    fs::write(copy.join(path), before.replace(&side('-'), &side('+'))).unwrap();
    assert_eq!(run(&format!("mlspec-lint check --fail-on info {path}"), &copy).1, 0);
}

#[test]
fn every_family_of_rules_finds_something_in_the_broken_example() {
    let (json, code) = run("mlspec-lint check --format json --fail-on info examples/broken", root());
    assert_eq!(code, 1);
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    let rules = report["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap());
    let found: BTreeSet<&str> = rules.filter_map(|rule| rule.split('/').next()).collect();
    // To find something, one family needs what was before, and one needs data, which is checked if it is named.
    let others = [mlspec_lint::rules::data::FAMILY, mlspec_lint::rules::history::FAMILY];
    let alone = mlspec_lint::rules::families().into_iter().filter(|family| !others.contains(family));
    assert_eq!(found.into_iter().collect::<Vec<_>>(), alone.collect::<Vec<_>>());
}

#[test]
fn configurations_are_read() {
    let blocks = blocks(&page("README.md"), "toml");
    assert!(!blocks.is_empty());
    for block in blocks {
        if let Err(error) = Config::parse(&block, &root().join("mlspec-lint.toml"), TomlKind::Standalone) {
            panic!("{error}\n{block}");
        }
    }
}

#[test]
fn documents_have_no_findings() {
    let blocks = blocks(&page("README.md"), "yaml");
    let (mut documents, options) = (0, Options { explicit: false, ..Options::default() });
    for block in &blocks {
        let report = lint_text("README.yml", block, &options);
        let messages: Vec<_> = report.findings.iter().map(|finding| &finding.message).collect();
        assert!(messages.is_empty(), "{messages:?}\n{block}");
        documents += report.documents.iter().flatten().count();
        // YAML of other formats is ignored, but must be valid.
        let named = lint_text("README.yml", block, &Options::default());
        assert!(named.findings.iter().all(|finding| finding.rule.id == "document/unknown-kind"), "{block}");
    }
    assert!(documents > 0 && blocks.len() > documents);
}

#[test]
fn json_is_json() {
    for block in blocks(&page("README.md"), "json") {
        if let Err(error) = serde_json::from_str::<serde_json::Value>(&block) {
            panic!("{error}\n{block}");
        }
    }
}

#[test]
fn links_lead_to_files() {
    for path in [
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "examples/README.md",
        "spec/gate.md",
        "spec/README.md",
        "spec/editors.md",
        "spec/lineage.md",
    ] {
        let folder = root().join(path).parent().unwrap().to_owned();
        let page = page(path);
        for link in page.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap_or_default();
            if !file.contains("://") {
                assert!(folder.join(file).exists(), "{path} links to {link}");
            }
        }
    }
}

#[test]
fn the_options_that_are_named_exist() {
    let help: String = [
        "check",
        "schema",
        "init",
        "gate",
        "gate verify",
        "lineage",
        "coverage",
        "digest",
        "compare",
        "report",
        "attest run",
        "attest verify",
        "attest files",
        "generate probes",
        "infer",
        "overlap",
        "profile",
        "profile merge",
    ]
    .map(|command| run(&format!("mlspec-lint {command} --help"), root()).0)
    .concat();
    let page = page("README.md");
    let words = page.split([' ', '`', '|', '(', ')', ',', '\n', ';']);
    let options =
        words.filter(|word| word.strip_prefix("--").is_some_and(|name| name.starts_with(char::is_alphabetic)));
    let others = ["--path", "--git", "--tag", "--locked", "--profile", "--features"];
    for option in options.filter(|option| !others.contains(option)) {
        let known = help.split_whitespace().any(|word| word.trim_end_matches([',', '.', ';']) == option);
        assert!(known, "{option}");
    }
}
