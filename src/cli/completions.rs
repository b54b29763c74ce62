//! `completions`: what makes a shell complete commands, options, and names of rules, and what the shell is told then.
//!
//! The script of a shell asks the program itself, so that what is offered is what this version has: rules with what they demand, kinds,
//! formats, files. The question comes in an environment variable, before there are arguments to be understood.

use std::ffi::OsString;

use clap::CommandFactory;
use clap_complete::Shell;
use clap_complete::engine::CompletionCandidate;
use clap_complete::env::Shells;

use super::{Cli, Error, Exit, output};
use crate::rules::{self, page};

/// The name of the program, which shells look up.
const PROGRAM: &str = "mlspec-lint";

/// The variable in which the script names the shell that asks.
const ASKING_SHELL: &str = "MLSPEC_LINT_COMPLETE";

/// Prints the script of a shell.
pub(super) fn run(shell: Shell) -> Result<Exit, Error> {
    let mut script = Vec::new();
    let name = shell.to_string();
    let shells = Shells::builtins();
    let completer = shells.completer(&name).ok_or_else(|| Error::Usage(format!("there is no shell '{name}'")))?;
    completer.write_registration(ASKING_SHELL, PROGRAM, PROGRAM, PROGRAM, &mut script)?;
    Exit::Clean.after(output::to_stdout_raw(|out| out.write_all(&script)))
}

/// Answers the shell that asks, if one does. The arguments are those of the program: its name, `--`, and the words to be completed.
pub(super) fn answer(arguments: &[OsString]) -> Option<Result<Exit, Error>> {
    let name = std::env::var_os(ASKING_SHELL).filter(|name| !name.is_empty())?;
    let words: Vec<OsString> = arguments.iter().skip_while(|argument| *argument != "--").skip(1).cloned().collect();
    Some(candidates(&name.to_string_lossy(), words))
}

fn candidates(shell: &str, words: Vec<OsString>) -> Result<Exit, Error> {
    let shells = Shells::builtins();
    let Some(completer) = shells.completer(shell) else {
        return Err(Error::Usage(format!("{ASKING_SHELL} names no shell whose words can be completed: '{shell}'")));
    };
    if words.is_empty() {
        return Err(Error::Usage(format!(
            "{ASKING_SHELL} is set, and there are no words to complete; unset it to run a command"
        )));
    }
    let mut candidates = Vec::new();
    let folder = std::env::current_dir().ok();
    completer.write_complete(&mut Cli::command(), words, folder.as_deref(), &mut candidates)?;
    Exit::Clean.after(output::to_stdout_raw(|out| out.write_all(&candidates)))
}

/// Returns what names rules: `ALL`, families, and rules with what they demand.
pub(super) fn selectors() -> Vec<CompletionCandidate> {
    let all = CompletionCandidate::new("ALL").help(Some("All rules".into()));
    std::iter::once(all).chain(rules_and_families()).collect()
}

/// Returns the names of families and of rules, with what they demand.
pub(super) fn rules_and_families() -> Vec<CompletionCandidate> {
    let family = |name: &'static str| {
        let count = rules::select(name).len();
        CompletionCandidate::new(name).help(Some(format!("A family of {count} rules").into()))
    };
    let rule = |rule: &&'static rules::Rule| CompletionCandidate::new(rule.id).help(Some(page::summary(rule).into()));
    rules::families().into_iter().map(family).chain(rules::all().iter().map(rule)).collect()
}
