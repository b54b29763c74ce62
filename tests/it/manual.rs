//! The manual: a page for every command, which `man` reads.

use std::collections::BTreeSet;
use std::process::{Command, Output};

use assert_fs::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_mlspec-lint");

fn run(arguments: &[&str]) -> Output {
    Command::new(PROGRAM).args(arguments).output().unwrap()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

#[test]
fn every_command_that_help_lists_has_a_page_that_groff_reads() {
    let folder = TempDir::new().unwrap();
    let output = run(&["man", "--out", folder.path().to_str().unwrap()]);
    assert!(output.status.success());
    let pages: BTreeSet<String> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(text(output.stderr).starts_with(&format!("Wrote {} pages", pages.len())));
    let help = text(run(&["--help"]).stdout);
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let commands: Vec<&str> = listed.filter(|line| line.starts_with("  ") && !line.starts_with("   ")).collect();
    assert!(commands.len() > 20, "{help}");
    for command in commands.iter().filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help") {
        assert!(pages.contains(&format!("mlspec-lint-{command}.1")), "{command}");
    }
    assert!(pages.contains("mlspec-lint.1") && pages.contains("mlspec-lint-gate-verify.1"));
    let has_groff = Command::new("groff").arg("--version").output().is_ok();
    for page in &pages {
        let page = folder.path().join(page);
        let own = std::fs::read_to_string(&page).unwrap();
        assert!(own.contains(".SH NAME") && own.contains(".SH SYNOPSIS"), "{own}");
        if has_groff {
            let read =
                Command::new("groff").args(["-Kutf8", "-man", "-Tutf8", "-ww", "-z"]).arg(&page).output().unwrap();
            assert_eq!(text(read.stderr), "", "{}", page.display());
        }
    }
    if !has_groff {
        eprintln!("skipped: groff is not installed, and does not say whether it can read the pages");
    }
}

#[test]
fn a_page_has_all_options_of_its_command() {
    let help = text(run(&["check", "--help"]).stdout);
    let page = text(run(&["man", "check"]).stdout).replace('\\', "");
    let options: Vec<&str> = help.split_whitespace().filter(|word| word.starts_with("--") && word.len() > 4).collect();
    assert!(options.len() > 30, "{help}");
    for option in options {
        let name = option.trim_matches(|own: char| !own.is_ascii_alphanumeric() && own != '-');
        assert!(page.contains(name), "{name}: {page}");
    }
}

#[test]
fn an_unknown_command_has_no_page() {
    for (arguments, said) in [
        (&["man", "gat"][..], "there is no command 'gat'; did you mean 'gate'?"),
        (&["man", "gate", "verfy"], "there is no command 'verfy'; did you mean 'verify'?"),
        (&["man", "zzzzzzzz"], "`mlspec-lint help` lists them"),
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2));
        let error = text(output.stderr);
        assert!(error.contains(said), "{error}");
    }
}
