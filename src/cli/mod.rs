//! The command line: one file per command. Only this layer may access the environment and the terminal.

mod against;
mod args;
mod attest;
mod attest_args;
mod baseline;
mod check;
mod check_data;
mod compare;
mod completions;
mod coverage;
mod data_args;
mod data_files;
mod digest;
mod explain;
mod gate;
mod generate;
mod graph;
mod infer;
mod init;
mod inputs;
mod kinds;
mod lineage;
mod lineage_args;
mod loaded;
mod log_seal;
mod log_seal_args;
mod logs;
mod man;
mod named_files;
mod output;
mod overlap;
mod parquet;
mod profile;
mod progress;
mod report;
mod rules;
mod said;
mod schema;
mod schema_of_data;
mod server;
mod settings;
mod signed;
mod summaries;
mod unread;
mod workspace_context;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

pub use args::Cli;
use args::Command;

/// The outcome of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// No findings at or above the threshold.
    Clean,
    /// Findings at or above the threshold.
    Findings,
    /// Invalid usage or configuration, or nothing to check.
    Usage,
    /// A file or stream could not be read or written.
    Failure,
    /// The gate's verdict is unknown.
    Unknown,
}

impl Exit {
    /// Returns the exit code after writing the report to standard output, successfully or not. The findings decide it; a lost report
    /// turns success into a failure, and nothing into success.
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

/// Why a command could not be carried out; its text goes to stderr.
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
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// The report could not be written.
    #[error("cannot write: {0}")]
    Output(#[from] std::io::Error),
}

/// Runs the program with these arguments, the first of which is its name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if let Some(answered) = completions::answer(&arguments) {
        return ended(answered);
    }
    let matches = match Cli::command().try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => {
            // To clap, help and version are errors that go to stdout.
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
    ended(dispatch(&cli, &matches))
}

/// Says why a command could not be carried out, and returns the exit code.
fn ended(outcome: Result<Exit, Error>) -> ExitCode {
    match outcome {
        Ok(exit) => exit.into(),
        Err(error) => {
            // A settings file may have several problems, each on its own line.
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

/// Reports invalid arguments, which may be file names with arbitrary content.
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
        Command::Lineage(args) => lineage::run(args, &cli.global),
        Command::Compare(args) => compare::run(args, &cli.global),
        Command::Coverage(args) => coverage::run(args, &cli.global),
        Command::Report(args) => report::run(args, &cli.global),
        Command::Infer(args) => infer::run(args),
        Command::Overlap(args) => overlap::run(args),
        Command::Profile(args) => profile::run(args, &cli.global),
        Command::Digest(args) => digest::run(args, &cli.global),
        Command::Generate(args) => generate::run(args, &cli.global),
        Command::Server { .. } => server::run(&cli.global),
        Command::Logs(args) => log_seal::run(args),
        Command::Attest(args) => attest::run(args, &cli.global),
        Command::Init(args) => init::run(args),
        Command::Man(args) => man::run(args),
        Command::Completions { shell } => completions::run(*shell),
    }
}
