//! Completion in shells: what `mlspec-lint completions SHELL` prints makes real shells complete commands, options and names of rules.
//!
//! A shell that is not installed is skipped, with a message; with `MLSPEC_LINT_REQUIRE_SHELLS` set, that is a failure.

use std::path::Path;
use std::process::{Command, Output};

use assert_fs::TempDir;
use mlspec_lint::rules;

const PROGRAM: &str = env!("CARGO_BIN_EXE_mlspec-lint");

fn text(output: Output) -> String {
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert!(output.status.success(), "{out}{err}");
    out
}

/// Returns what a shell prints for a script, in which `$SCRIPT` is the file of its completions; nothing if it is not installed.
fn said(shell: &str, arguments: &[&str], script: &str) -> Option<String> {
    if Command::new(shell).arg("--version").output().is_err() {
        assert!(std::env::var_os("MLSPEC_LINT_REQUIRE_SHELLS").is_none(), "{shell} is not installed");
        eprintln!("skipped: {shell} is not installed");
        return None;
    }
    let folder = TempDir::new().unwrap();
    let completions = folder.path().join("completions");
    std::fs::write(&completions, text(Command::new(PROGRAM).args(["completions", shell]).output().unwrap())).unwrap();
    std::fs::write(folder.path().join("driver"), script).unwrap();
    let path = std::env::join_paths(
        [Path::new(PROGRAM).parent().unwrap().to_owned()]
            .into_iter()
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let mut command = Command::new(shell);
    command.args(arguments).arg("driver").current_dir(folder.path());
    command.env("PATH", path.unwrap()).env("SCRIPT", &completions).env("HOME", folder.path()).env("TERM", "dumb");
    Some(text(command.output().unwrap()))
}

/// Returns what the program offers for words, the last of which is not complete, as fish asks: each line is a candidate and what it is.
fn offered(words: &[&str]) -> Vec<(String, String)> {
    let mut command = Command::new(PROGRAM);
    command.env("MLSPEC_LINT_COMPLETE", "fish").args(["--", "mlspec-lint"]).args(words);
    let lines = text(command.output().unwrap());
    lines.lines().map(|line| line.split_once('\t').unwrap_or((line, ""))).map(|(a, b)| (a.into(), b.into())).collect()
}

fn names(words: &[&str]) -> Vec<String> {
    offered(words).into_iter().map(|(name, _)| name).collect()
}

#[test]
fn every_rule_and_family_is_offered_with_what_it_demands() {
    for words in [&["explain", ""][..], &["check", "--select", ""], &["check", "--ignore", ""], &["rules", ""]] {
        let offered = offered(words);
        for rule in rules::all() {
            let own =
                offered.iter().find(|(name, _)| name == rule.id).unwrap_or_else(|| panic!("{words:?}: {}", rule.id));
            assert!(own.1.ends_with('.'), "{own:?}");
        }
        for family in rules::families() {
            assert!(
                offered.iter().any(|(name, what)| name == family && what.contains("family")),
                "{words:?}: {family}"
            );
        }
        assert_eq!(offered.iter().any(|(name, _)| name == "ALL"), words[0] == "check", "{words:?}");
    }
}

#[test]
fn lists_kinds_formats_commands_and_options_are_completed() {
    assert_eq!(names(&["check", "--select", "naming,run/metric-value-mis"]), ["naming,run/metric-value-mismatch"]);
    assert_eq!(names(&["check", "--select=naming/id-too"]), ["--select=naming/id-too-long"]);
    assert_eq!(names(&["init", "inference-req"]), ["inference-request"]);
    assert_eq!(names(&["check", "--format", "sar"]), ["sarif"]);
    assert_eq!(names(&["gate", "ver"]), ["verify"]);
    assert_eq!(names(&["check", "--unsafe-f"]), ["--unsafe-fixes"]);
    assert_eq!(names(&["ma"]), ["man"]);
}

#[test]
fn bash_completes() {
    let script = r#"
source "$SCRIPT"
completed() {
  COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_TYPE=9
  "$(complete -p mlspec-lint | sed 's/.*-F \([^ ]*\) .*/\1/')" mlspec-lint "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
  printf '%s\n' "${COMPREPLY[@]}"
}
completed mlspec-lint explain naming/id-t
completed mlspec-lint check --select run/metric-value-mis
completed mlspec-lint cover
"#;
    let Some(said) = said("bash", &["--norc", "--noprofile"], script) else { return };
    assert_eq!(said, "naming/id-too-long\nrun/metric-value-mismatch\ncoverage\n");
}

#[test]
fn fish_completes() {
    let script = r#"
source "$SCRIPT"
complete -C "mlspec-lint explain naming/id-t"
complete -C "mlspec-lint cover"
"#;
    let Some(said) = said("fish", &["--no-config"], script) else { return };
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], "naming/id-too-long\tAn id may have at most 40 characters.");
    assert!(lines[1].starts_with("coverage\t"), "{said}");
}

#[test]
fn zsh_completes() {
    // A terminal of its own, in which tab is pressed. What is completed is run: an echo of the words behind the name.
    let script = r#"
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'unsetopt zle_bracketed_paste; autoload -U compinit; compinit -u -D; source "$SCRIPT"; bindkey "^I" complete-word; print RE''ADY'
zpty -r shell ready '*READY*'
zpty -n -w shell $'mlspec-lint explain naming/id-t\t --format markdown; exit\n'
while zpty -r shell line; do print -rn -- "$line"; done
"#;
    let Some(said) = said("zsh", &["-f"], script) else { return };
    assert!(said.contains("# naming/id-too-long"), "{said}");
}

#[test]
fn a_shell_that_asks_wrongly_is_told() {
    for (shell, arguments) in [("tcsh", &["--", "mlspec-lint", ""][..]), ("bash", &["check"])] {
        let output = Command::new(PROGRAM).env("MLSPEC_LINT_COMPLETE", shell).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8(output.stderr).unwrap().contains("MLSPEC_LINT_COMPLETE"), "{shell}");
    }
}

#[test]
fn scripts_of_all_shells_ask_this_program() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = text(Command::new(PROGRAM).args(["completions", shell]).output().unwrap());
        assert!(script.contains("MLSPEC_LINT_COMPLETE") && script.contains("mlspec-lint"), "{script}");
        // Wherever the program is installed: the script is, too, where it was not made.
        assert!(!script.contains(PROGRAM), "{script}");
        let candidates = text(
            Command::new(PROGRAM)
                .env("MLSPEC_LINT_COMPLETE", shell)
                .env("_CLAP_COMPLETE_INDEX", "2")
                .args(["--", "mlspec-lint", "explain", "naming/id-t"])
                .output()
                .unwrap(),
        );
        assert!(candidates.contains("naming/id-too-long"), "{shell}: {candidates}");
    }
}
