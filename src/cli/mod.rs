//! The command line: one file per command. Everything here may touch files, the environment and the terminal; nothing below does.

mod args;
mod baseline;
mod check;
mod explain;
mod gate;
mod graph;
mod init;
mod kinds;
mod named_files;
mod output;
mod progress;
mod rules;
mod said;
mod schema;
mod settings;
mod workspace_context;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

pub use args::Cli;
use args::Command;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Nothing to object to.
    Clean,
    /// Findings at or above the threshold.
    Findings,
    /// Wrong usage or configuration, or nothing to check.
    Usage,
    /// A file or stream failed.
    Failure,
    /// The gate does not know.
    Unknown,
}

impl Exit {
    /// The exit code once a report has been written to standard output, or could not be. What was found decides it; a report that is lost
    /// turns success into a failure and nothing into success.
    fn after(self, written: Result<(), Error>) -> Result<Self, Error> {
        match written {
            Err(error) if self != Self::Clean => {
                output::notice(format_args!("error: {error}"));
                Ok(self)
            }
            written => written.map(|()| self),
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::Usage => 2,
            Exit::Failure | Exit::Unknown => 3,
        })
    }
}

/// Why a command could not do its work; its text goes to stderr.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line or the configuration is wrong.
    #[error("{0}")]
    Usage(String),
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] crate::config::ConfigError),
    /// A file could not be written or read.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// The report could not be written.
    #[error("cannot write: {0}")]
    Output(#[from] std::io::Error),
}

/// Runs the program with these arguments, the first of which is its name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let matches = match Cli::command().try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => {
            // Help and version are errors to clap, and go to stdout.
            if error.use_stderr() {
                return misused(&error).into();
            }
            let _ = error.print();
            return Exit::Clean.into();
        }
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => {
            return misused(&error).into();
        }
    };
    match dispatch(&cli, &matches) {
        Ok(exit) => exit.into(),
        Err(error) => {
            // A settings file may have several problems, each on a line of its own.
            match &error {
                Error::Config(problems) => output::notices(format!("error: {problems}").lines()),
                error => output::notice(format_args!("error: {error}")),
            }
            let exit = match error {
                Error::Usage(_) | Error::Config(_) => Exit::Usage,
                Error::File { .. } | Error::Output(_) => Exit::Failure,
            };
            exit.into()
        }
    }
}

/// Says what is wrong with the arguments, which are names of files as often as not.
fn misused(error: &clap::Error) -> Exit {
    output::notices(error.render().to_string().lines());
    Exit::Usage
}

fn dispatch(cli: &Cli, matches: &clap::ArgMatches) -> Result<Exit, Error> {
    match &cli.command {
        Command::Check(args) => {
            let matches = matches.subcommand_matches("check").unwrap_or(matches);
            check::run(args, matches, &cli.global)
        }
        Command::Gate(args) => {
            let matches = matches.subcommand_matches("gate").unwrap_or(matches);
            gate::run(args, matches, &cli.global)
        }
        Command::Explain(args) => explain::run(args, &cli.global),
        Command::Rules(args) => rules::run(args, &cli.global),
        Command::Schema(args) => schema::run(args),
        Command::Kinds(args) => kinds::run(args, &cli.global),
        Command::Graph(args) => graph::run(args, &cli.global),
        Command::Init(args) => init::run(args),
        Command::Completions { shell } => {
            // Not straight to standard output: the generator panics where a pipe is closed early.
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "mlspec-lint", &mut script);
            Exit::Clean.after(output::to_stdout_raw(|out| out.write_all(&script)))
        }
    }
}
